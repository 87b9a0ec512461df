"""DUP102: an invoice paid for more than its total."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.accounts import COST_FAMILIES
from ledger.text import Text, split_list
from rules.assessment import Assessment, Verdict
from rules.dup.naming import bare_number, invoice_number
from rules.rows import evidence_of, in_order, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class InvoiceExceeded(Rule):
    """Trả cho một hóa đơn vượt tổng tiền của hóa đơn.

    Kiểm tra gì:
        Với mỗi hóa đơn khai báo (``invoice``): tổng đã chi từ mọi nguồn, mọi nhiệm vụ, mọi sổ đưa
        vào cùng lúc (``Expenses``, ``ChoThanhToan``) ghi hóa đơn đó không vượt ``total``. Trả nhiều
        đợt, chia cho nhiều nguồn là hợp lệ. Hóa đơn không khai báo thì không xét.

    Vì sao:
        Phần vượt không có hóa đơn nào: hoặc trả hai lần, hoặc hai nguồn cùng trả một khoản.

    Ví dụ sai:
        2021-10-20 custom "invoice" "0100000002/1C21TAA/123"
          seller: "0100000002"
          buyer: "Sở Công Thương"
          total: 100
        2021-10-25 * "Trả từ ngân sách, dù doanh nghiệp đã trả 40"
          kind: "payment"
          vendor: "0100000002"
          invoice: "1C21TAA/123"
          Assets:DuToan:KhaDung:NV02:NSTP   -61 VND
          Expenses:NV02:NSTP:TM6655          61 VND

    Cách sửa:
        Thu hồi phần vượt:
          2021-11-05 * "Nhà cung cấp hoàn lại"
            kind: "return-restoring"
            vendor: "0100000002"
            invoice: "1C21TAA/123"
            Expenses:NV02:NSTP:TM6655         -1 VND
            Assets:DuToan:KhaDung:NV02:NSTP    1 VND
    """

    code = "DUP102"
    name = "duplicate.invoice-exceeded"
    title = Text("Trả vượt tổng tiền hóa đơn", "More paid than the invoice says")
    severity = Severity.ERROR
    basis = ("nsnn83-spend-within-estimate", "nsnn89-spend-within-estimate")
    message = Text(
        "{subject}: đã chi {paid} đồng từ mọi nguồn, hóa đơn {total} đồng",
        "{subject}: {paid} VND paid from all sources, the invoice says {total}",
    )
    english = """What it checks:
    For each invoice declared (``invoice``): what was paid on it from all sources, tasks and books
    given together (``Expenses``, ``ChoThanhToan``) is no more than its ``total``. Instalments and
    cost sharing are lawful. Invoices that are not declared are not judged.

Why:
    No invoice stands behind the excess: it was paid twice, or two sources paid the same thing.

How to put it right:
    Take the excess back.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an invoice declared; one declared in several books is one."""
        invoices: dict[tuple[str, str], Any] = {}
        for invoice in records(facts["invoices"]):
            invoices.setdefault(_key(invoice), invoice)
        if not invoices:
            return
        paid = _Paid(facts, {number for _, number in invoices})
        for (seller, number), invoice in sorted(invoices.items()):
            yield _judged(invoice, paid, (seller, number))


def _key(invoice: Any) -> tuple[str, str]:  # noqa: ANN401  # a record
    """Seller, and the number without the seller's code that may stand before it."""
    return bare_number(invoice.seller), invoice_number(
        invoice.invoice.removeprefix(f"{invoice.seller}/")
    )


class _Cell(NamedTuple):
    """What the ``invoice`` of a posting names that is declared."""

    numbers: tuple[str, ...]
    several: bool


class _Paid:
    """Costs by seller and invoice."""

    def __init__(self, facts: Facts, declared: set[str]) -> None:
        postings = facts["postings"]
        cells = [_cell(str(text), declared) for text in postings["invoice"].cat.categories]
        codes = postings["invoice"].cat.codes
        wanted = {code for code, cell in enumerate(cells) if cell.numbers}
        rows = postings[codes.isin(wanted) & postings["family"].isin(COST_FAMILIES)]
        vendors = self._vendors(facts, rows)
        self._rows = rows
        self._amounts = rows["amount"].tolist()
        self._one: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._several: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, (code, vendor) in enumerate(zip(codes[rows.index], vendors, strict=True)):
            cell = cells[code]
            kept = self._several if cell.several else self._one
            for number in cell.numbers:
                kept[vendor, number].append(place)

    @staticmethod
    def _vendors(facts: Facts, rows: pd.DataFrame) -> list[str]:
        """Who sold: the vendor of the posting, else of its contract."""
        of_contract = {(row.book, row.contract): row.vendor for row in records(facts["contracts"])}
        columns = [rows[name].astype("str").tolist() for name in ("book", "contract", "vendor")]
        return [
            bare_number(vendor or of_contract.get((book, contract), ""))
            for book, contract, vendor in zip(*columns, strict=True)
        ]

    def alone(self, key: tuple[str, str]) -> int:
        """What was paid on this invoice alone, by seller and number, VND."""
        return sum(self._amounts[place] for place in self._one.get(key, ()))

    def shared(self, key: tuple[str, str]) -> int:
        """What was paid on this invoice together with others, VND."""
        return sum(self._amounts[place] for place in self._several.get(key, ()))

    def rows(self, key: tuple[str, str]) -> pd.DataFrame:
        """The postings that name this invoice alone."""
        return self._rows.iloc[self._one.get(key, [])]


def _cell(text: str, declared: set[str]) -> _Cell:
    named = [invoice_number(item) for item in split_list(text)]
    return _Cell(tuple(one for one in named if one in declared), len(named) > 1)


def _judged(invoice: Any, payments: _Paid, key: tuple[str, str]) -> Assessment:  # noqa: ANN401
    subject, total = f"invoice {invoice.invoice}", int(invoice.total)
    paid = payments.alone(key)
    if paid <= total < paid + payments.shared(key):
        reason = Text(
            "có lần chi ghi nhiều hóa đơn, không rõ phần của từng hóa đơn",
            "a payment names several invoices and not how much is of which",
        )
        return Assessment(subject, Verdict.UNKNOWN, invoice.book, reason=reason)
    if paid <= total:
        return Assessment(subject, Verdict.PASS, invoice.book, observed=paid, allowed=total)
    alone = payments.rows(key)
    return Assessment(
        subject,
        Verdict.FAIL,
        invoice.book,
        decided_on=alone["date"].max().date(),
        observed=paid,
        allowed=total,
        at_issue=paid - total,
        values={"paid": paid, "total": total},
        evidence=evidence_of(in_order(alone), paid - total),
        in_book=True,
    )
