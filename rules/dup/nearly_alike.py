"""DUP203: payments that differ in little: some days apart, or an invoice written otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ledger.accounts import COST_FAMILIES
from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.dup.naming import invoice_number
from rules.dup.payments import payments
from rules.rows import EVIDENCE, evidence_by, records
from rules.rule import Rule
from rules.severity import Severity
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.assessment import Evidence
    from rules.law import Law

# How far apart two payments without an invoice may be to be looked at; a choice, no law.
_DAYS: Final = 7
_SAME: Final = ["book", "task", "fund", "vendor", "beneficiary", "amount"]
_WORK: Final = ["contract", "event", "support"]
_SIGNS: Final = re.compile(r"[^0-9a-zđ]|(?<![0-9])0+(?=[0-9])")


class NearlyAlike(Rule):
    """Hai khoản chi gần giống nhau: cách vài ngày, hoặc số hóa đơn viết khác.

    Kiểm tra gì:
        Hai khoản chi khác chứng từ, cùng người nhận, cùng số tiền, cùng nhiệm vụ, cùng nguồn: không
        ghi hóa đơn, cùng hợp đồng, sự kiện, khoản hỗ trợ và cách nhau từ 1 đến 7 ngày; hoặc hai số
        hóa đơn chỉ khác nhau ở chỗ đặt dấu gạch. Giống hệt (dấu cách, số 0, kiểu dấu gạch
        không kể) thì DUP105, DUP106 xét.

    Vì sao:
        Một khoản chi ghi hai lần thường lệch ngày hoặc viết số hóa đơn khác đi. Trả định kỳ bằng
        nhau là bình thường, nên chỉ là lưu ý.

    Ví dụ sai:
        2021-10-20 * "Trả tiền in"
          kind: "payment"
          voucher: "2021/UNC/61"
          vendor: "0100000002"
          invoice: "1C21TAA/0000123"
          Assets:DuToan:KhaDung:NV02:NSTP   -500 VND
          Expenses:NV02:NSTP:TM6655          500 VND
        2021-10-28 * "Trả tiền in"
          kind: "payment"
          voucher: "2021/UNC/70"
          vendor: "0100000002"
          invoice: "1C21-TAA-123"
          Assets:DuToan:KhaDung:NV02:NSTP   -500 VND
          Expenses:NV02:NSTP:TM6655          500 VND

    Cách sửa:
        Trả trùng thì thu hồi hoặc ghi đỏ; viết hóa đơn theo một cách, ghi rõ việc khác nhau:
          invoice: "1C21TAA/0000123"
          event: "LOP-02"
    """

    code = "DUP203"
    name = "duplicate.nearly-alike"
    title = Text("Hai khoản chi gần giống nhau", "Two payments nearly alike")
    severity = Severity.NOTE
    rests_on_law = False
    message = Text(
        "{payee}: cùng nhận {amount} đồng theo {vouchers}; {differs}",
        "{payee}: received {amount} VND by {vouchers}; {differs}",
    )
    english = """What it checks:
    Two payments by different vouchers to one payee, of one amount, task and fund: without an
    invoice, of the same contract, event and support, 1 to 7 days apart; or with invoices that
    differ only in leading zeros and where dashes stand. Those wholly alike (spaces and the kind of
    dash aside) belong to DUP105 and DUP106.

Why:
    A payment recorded twice often differs in its day or in how the invoice is written. Equal
    payments at intervals are usual, so it is a note.

How to put it right:
    Take a doubled payment back; write invoices in one way and name the work where it differs.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a pair nearly alike; the rest in bulk."""
        table = payments(facts)
        rough = table[table.duplicated(_SAME, keep=False)]
        texts = [name for name in rough if rough[name].dtype == "category"]
        rough = rough.astype(dict.fromkeys(texts, "str"))
        pairs = [*_by_day(rough[rough["invoice"] == ""]), *_by_number(rough)]
        evidence = _evidence(facts, pairs)
        for number, pair in enumerate(pairs):
            yield _failed(pair, evidence[number])
        yield from passed(len(table) - len(pairs))


_Pair = tuple[Text, Any, Any]


def _neighbours(rows: pd.DataFrame, keys: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Payments that follow each other in one group, by other vouchers: the first, the other."""
    again = rows[rows.duplicated(keys, keep=False)].sort_values([*keys, "date", "voucher", "entry"])
    first, other = again.iloc[:-1], again.iloc[1:]
    vouchers = other["voucher"].to_numpy()
    follows = (vouchers == "") | (vouchers != first["voucher"].to_numpy())
    for key in keys:
        follows &= other[key].to_numpy() == first[key].to_numpy()
    return first[follows], other[follows]


def _by_day(rows: pd.DataFrame) -> Iterator[_Pair]:
    first, other = _neighbours(rows, [*_SAME, *_WORK, "holder"])
    days = (other["date"].to_numpy() - first["date"].to_numpy()).astype("timedelta64[D]")
    apart = days.astype(int)
    near = (apart > 0) & (apart <= _DAYS)
    pairs = zip(records(first[near]), records(other[near]), apart[near].tolist(), strict=True)
    for one, two, number in pairs:
        yield Text(f"cách nhau {number} ngày", f"{number} days apart"), one, two


def _by_number(rows: pd.DataFrame) -> Iterator[_Pair]:
    named = rows[rows["invoice"] != ""]
    written = {cell: invoice_number(cell) for cell in named["invoice"].unique()}
    spelled = {cell: _SIGNS.sub("", text) for cell, text in written.items()}
    named = named.assign(spelled=named["invoice"].map(spelled))
    first, other = _neighbours(named, [*_SAME, "spelled"])
    for one, two in zip(records(first), records(other), strict=True):
        if written[one.invoice] != written[two.invoice]:
            cells = f"«{one.invoice}», «{two.invoice}»"
            yield Text(f"hóa đơn {cells}", f"invoices {cells}"), one, two


def _evidence(facts: Facts, pairs: list[_Pair]) -> dict[int, tuple[Evidence, ...]]:
    """The postings behind each pair, by its number; all pairs in one pass over the book."""
    keys = ["entry", "task", "fund"]
    sides = [
        (number, payment.entry, other.task, other.fund)
        for number, (_, first, other) in enumerate(pairs)
        for payment in (first, other)
    ]
    wanted = pd.DataFrame(sides, columns=["pair", *keys])
    postings = facts["postings"]
    used = postings["entry"].isin(wanted["entry"]) & postings["family"].isin(COST_FAMILIES)
    rows = postings.loc[used, [*EVIDENCE, *keys]].astype({"task": "str", "fund": "str"})
    amounts = {number: int(other.amount) for number, (_, _, other) in enumerate(pairs)}
    return evidence_by(rows.merge(wanted, on=keys), "pair", amounts)


def _failed(pair: _Pair, evidence: tuple[Evidence, ...]) -> Assessment:
    differs, first, other = pair
    payee = other.vendor or other.beneficiary
    amount = int(other.amount)
    return Assessment(
        f"party {payee} {other.task} {first.voucher or first.date.date()} "
        f"{other.voucher or other.date.date()}",
        Verdict.FAIL,
        str(other.book),
        at_issue=amount,
        values={
            "payee": subject_name(f"party {payee} {other.task}"),
            "amount": amount,
            "vouchers": f"{first.voucher or '–'}, {other.voucher or '–'}",
            "differs": differs,
        },
        evidence=evidence,
        review=True,
    )
