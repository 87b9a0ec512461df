"""PRO202: the payee or the invoice's seller is not the contract's vendor."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.pro.contracts import PAID_OUT, contracts, not_known
from rules.rows import declared, evidence_of, groups, in_order, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class OtherParty(Rule):
    """Người nhận tiền hoặc người bán trên hóa đơn không phải nhà thầu của hợp đồng.

    Kiểm tra gì:
        Lần chi theo hợp đồng ghi ``vendor`` thì phải là nhà thầu của hợp đồng. Hóa đơn ghi ở lần
        chi theo hợp đồng, nếu đã khai báo (``invoice``), có người bán là nhà thầu đó; lần chi chỉ
        ghi ký hiệu, số mà không ghi người bán thì chỉ đề nghị giải trình. Nhà thầu được trả tiền
        cho một khoản hỗ trợ không phải là doanh nghiệp được hỗ trợ (đề nghị giải trình).

    Vì sao:
        Tiền của hợp đồng trả cho đúng bên cung cấp, theo hóa đơn của bên đó; doanh nghiệp được hỗ
        trợ mà tự cung cấp cho mình thì khoản hỗ trợ không có người thứ ba xác nhận.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "In tài liệu"
          task: "NV05"
          vendor: "0100000002"
          value: 60000000
          signed: 2021-05-10
        2021-05-20 * "Trả tiền in cho công ty khác"
          kind: "payment"
          contract: "20/2021/HĐ-SCT"
          vendor: "0100000001"
          Assets:DuToan:KhaDung:NV05:NSTP  -60000000 VND
          Expenses:NV05:NSTP:TM6649         60000000 VND

    Cách sửa:
        Sửa mã số thuế ghi nhầm, hoặc lập phụ lục hợp đồng về bên thụ hưởng rồi giải trình:
          vendor: "0100000002"
    """

    code = "PRO202"
    name = "contract.other-party"
    title = Text("Không đúng bên của hợp đồng", "Not the contract's party")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: {amount} đồng, {what} là {party}, nhà thầu của hợp đồng là {vendor}",
        "{subject}: {amount} VND, {what} is {party}, the contract's vendor is {vendor}",
    )
    english = """What it checks:
    A payment under a contract that names its ``vendor`` names the contract's. An invoice of such a
    payment, where it is declared (``invoice``), is of that vendor; a payment that gives the
    invoice's symbol and number without the seller is only asked about. The vendor paid for a
    support is not the enterprise that is supported (asked about).

Why:
    A contract's money goes to the party that supplies, on that party's invoice; where the supported
    enterprise supplies itself nobody else confirms the support.

How to put it right:
    Correct the tax code that was written wrongly, or record the amendment on the payee.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a contract and payee, a contract and invoice, a support and vendor."""
        known = contracts(facts)
        postings = facts["postings"]
        paid = postings[(postings["contract"] != "") & postings["family"].isin(PAID_OUT)]
        for (book, code, payee), rows in groups(
            paid[paid["vendor"] != ""], ["book", "contract", "vendor"]
        ):
            if (book, code) in known:
                yield _payee(known[book, code], payee, rows)
        yield from _invoices(paid[paid["invoice"] != ""], known, facts)
        yield from _beneficiaries(postings, facts)


def _payee(contract: Any, payee: str, rows: pd.DataFrame) -> Assessment:  # noqa: ANN401
    subject = f"contract {contract.contract} payee {payee}"
    if payee == contract.vendor:
        return Assessment(subject, Verdict.PASS, contract.book)
    what = Text("người nhận tiền", "the payee")
    return _failed(contract, (subject, what, payee), rows)


def _invoices(
    paid: pd.DataFrame, known: dict[tuple[str, str], Any], facts: Facts
) -> Iterator[Assessment]:
    by_number: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in records(facts["invoices"]):
        seller, _, number = row.invoice.partition("/")
        by_number[row.book, row.invoice].append(row)
        if seller == row.seller:
            by_number[row.book, number].append(row)
    if not by_number:
        return
    for (book, code, number), rows in groups(paid, ["book", "contract", "invoice"]):
        contract, invoices = known.get((book, code)), by_number[book, number]
        subject = f"contract {code} invoice {number}"
        if contract is None:
            continue
        if not invoices:
            reason = Text("hóa đơn chưa khai báo", "the invoice is not declared")
            yield not_known(subject, book, reason)
        elif any(invoice.seller == contract.vendor for invoice in invoices):
            yield Assessment(subject, Verdict.PASS, book)
        else:
            what = Text("người bán trên hóa đơn", "the invoice's seller")
            told = invoices[0].invoice == number
            yield _failed(contract, (subject, what, invoices[0].seller), rows, review=not told)


def _beneficiaries(postings: pd.DataFrame, facts: Facts) -> Iterator[Assessment]:
    enterprises = {(row.book, row.support): row for row in records(facts["supports"])}
    rows = postings[
        (postings["support"] != "") & (postings["vendor"] != "") & postings["family"].isin(PAID_OUT)
    ]
    for (book, code, vendor), part in groups(rows, ["book", "support", "vendor"]):
        support = enterprises.get((book, code))
        if support is None:
            continue
        subject = f"support {code} vendor {vendor}"
        if support.enterprise != vendor:
            yield Assessment(subject, Verdict.PASS, book)
            continue
        paid = _paid(part)
        yield Assessment(
            subject,
            Verdict.FAIL,
            book,
            observed=paid,
            at_issue=paid,
            values={
                "amount": dong(paid),
                "what": Text("doanh nghiệp được hỗ trợ", "the supported enterprise"),
                "party": support.enterprise,
                "vendor": vendor,
            },
            evidence=(*evidence_of(in_order(part), paid), declared(support, subject)),
            review=True,
        )


def _failed(
    contract: Any,  # noqa: ANN401  # a record
    named: tuple[str, Text, str],
    rows: pd.DataFrame,
    *,
    review: bool = False,
) -> Assessment:
    subject, what, party = named
    paid = _paid(rows)
    return Assessment(
        subject,
        Verdict.FAIL,
        contract.book,
        observed=paid,
        at_issue=paid,
        values={
            "subject": Text(f"hợp đồng {contract.contract}", f"contract {contract.contract}"),
            "amount": dong(paid),
            "what": what,
            "party": party,
            "vendor": contract.vendor,
        },
        evidence=evidence_of(in_order(rows), paid),
        review=review,
    )


def _paid(rows: pd.DataFrame) -> int:
    """What went out in sum: settling an advance moves money on and pays nothing."""
    return max(0, int(rows["amount"].sum()))
