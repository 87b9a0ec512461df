"""PRO403: an advance without a contract, or under a small one, not settled in time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pandas as pd

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.pro.contracts import NOT_IN_FORCE, contracts, in_force, not_applicable, not_known
from rules.rows import evidence_of, groups, in_order, transaction_name
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_NORMS: Final = ("advance-settle-2020", "advance-settle-2024")
_CLOSING: Final = ("nsnn83-closing", "nsnn89-closing")
# Cash paid out of an advance is not settled until the Treasury accepts it.
_OUTSTANDING: Final = (Family.ADVANCED.value, Family.UNACCEPTED.value)
_LINE: Final = ["book", "task", "fund"]


class AdvanceOverdue(Rule):
    """Tạm ứng không có hợp đồng quá hạn thanh toán.

    Kiểm tra gì:
        Mỗi lần tạm ứng ngân sách không theo hợp đồng, hoặc theo hợp đồng không quá 50 triệu đồng,
        được thanh toán với Kho bạc hoặc nộp trả chậm nhất ngày cuối cùng của tháng kế tiếp. Lần
        thanh toán, nộp trả ghi chứng từ tạm ứng ở ``advance``; tiền đã chi mà Kho bạc chưa chấp
        nhận (``Assets:ChoThanhToan``) là chưa thanh toán. Tạm ứng có hạn rơi vào hoặc sau ngày
        hết chỉnh lý của niên độ thì theo quy định cuối năm, không xét ở đây.

    Vì sao:
        Tạm ứng để lâu là tiền ngân sách nằm ngoài kiểm soát.

    Ví dụ sai:
        2021-05-03 * "Rút tạm ứng, đến hết tháng 6 chưa thanh toán"
          kind: "advance"
          voucher: "2021/RDT/01"
          holder: "thủ quỹ"
          Assets:DuToan:KhaDung:NV05:NSTP  -60 VND
          Assets:TamUng:NV05:NSTP:TM6699    60 VND

    Cách sửa:
        Ghi lần thanh toán đúng hạn, có chứng từ tạm ứng:
          2021-06-28 * "Thanh toán tạm ứng"
            kind: "advance-settlement"
            advance: "2021/RDT/01"
            Assets:TamUng:NV05:NSTP:TM6699  -60 VND
            Expenses:NV05:NSTP:TM6651        60 VND
    """

    code = "PRO403"
    name = "advance.overdue"
    title = Text("Tạm ứng quá hạn thanh toán", "Advance not settled in time")
    severity = Severity.ERROR
    message = Text(
        "{subject}: tạm ứng ngày {drawn} còn {left} đồng chưa thanh toán khi hết hạn ngày {day}",
        "{subject}: advanced on {drawn}, {left} VND not settled at the end of {day}",
    )
    english = """What it checks:
    Each advance of budget money without a contract, or under one of at most 50 million, is settled
    with the Treasury or paid back by the last day of the next month. A settlement or return names
    the advance's voucher in ``advance``; money paid out that the Treasury has not accepted
    (``Assets:ChoThanhToan``) is not settled. An advance whose deadline falls on or after the end of
    the closing period follows the rules of the year's end and is not judged here.

Why:
    An advance that stays out is budget money out of control.

How to put it right:
    Record the settlement with the voucher of the advance.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an advance."""
        postings = facts["postings"]
        rows = postings[postings["family"].isin(_OUTSTANDING) & postings["fund"].isin(STATE_FUNDS)]
        drawn = rows[(rows["kind"] == "advance") & (rows["amount"] > 0)]
        values = {key: int(row.value) for key, row in contracts(facts).items()}
        lines = dict(groups(rows, _LINE))
        settled = dict(groups(rows[rows["advance"] != ""], ["book", "advance"]))
        for (book, name), own in _advances(drawn):
            line = lines[book, str(own["task"].iloc[0]), str(own["fund"].iloc[0])]
            voucher = str(own["voucher"].iloc[0])
            after = settled.get((book, voucher), rows[:0]) if voucher else rows[:0]
            value = values.get((book, str(own["contract"].iloc[0])))
            yield _judged(_Advance(book, name, own, after, line, value), law, as_of)


class _Advance:
    """One advance with what was settled of it."""

    def __init__(  # noqa: PLR0913, PLR0917  # plain parts of one thing
        self,
        book: str,
        name: str,
        own: pd.DataFrame,
        settled: pd.DataFrame,
        line: pd.DataFrame,
        contract_value: int | None,
    ) -> None:
        self.book = book
        self.name = name
        self.own = own
        self.contract_value = contract_value
        self.without_contract = str(own["contract"].iloc[0]) == ""
        self.drawn = own["date"].max().date()
        self._settled = settled
        self._line = line

    def left(self, day: dt.date) -> int:
        """What is not settled at the end of a day.

        A settlement that does not name the voucher still lowers the balance of the line.
        """
        by = pd.Timestamp(day)
        named = self._settled["amount"][self._settled["date"] <= by].sum()
        balance = self._line["amount"][self._line["date"] <= by].sum()
        return max(0, min(int(self.own["amount"].sum() + named), int(balance)))


def _advances(drawn: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    if drawn.empty:
        return
    names = pd.Series([transaction_name(row) for row in drawn.itertuples()], index=drawn.index)
    for (book, name), own in drawn.groupby([drawn["book"].astype("str"), names]):
        yield (str(book), str(name)), own


def _judged(advance: _Advance, law: Law, as_of: dt.date) -> Assessment:
    subject, book = advance.name, advance.book
    norm = in_force(law, _NORMS, advance.drawn)
    if norm is None:
        return not_known(subject, book, NOT_IN_FORCE)
    value = advance.contract_value
    if not advance.without_contract and (value is None or value > norm.whole("threshold")):
        return not_applicable(
            subject,
            book,
            "tạm ứng theo hợp đồng phải gửi Kho bạc",
            "an advance under a contract that is sent to the Treasury",
        )
    deadline = _end_of_month(advance.drawn, norm.whole("count"))
    closing = _closing(law, int(advance.own["budget_year"].iloc[0]))
    if deadline >= as_of or (closing is not None and deadline >= closing):
        return not_applicable(
            subject,
            book,
            "chưa hết hạn, hoặc hạn rơi vào lúc hết chỉnh lý: theo quy định cuối năm",
            "not due yet, or due at the end of the closing: the rules of the year's end apply",
        )
    left = advance.left(deadline)
    if left == 0:
        return Assessment(subject, Verdict.PASS, book, observed=0, allowed=0)
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        norms=(norm.norm,),
        decided_on=norm.day,
        observed=left,
        allowed=0,
        at_issue=left,
        values={
            "drawn": f"{advance.drawn:%d/%m/%Y}",
            "left": dong(left),
            "day": f"{deadline:%d/%m/%Y}",
        },
        evidence=evidence_of(in_order(advance.own), left),
    )


def _end_of_month(day: dt.date, months: int) -> dt.date:
    """The last day of the month that many months later."""
    count = day.year * 12 + day.month - 1 + months + 1
    return dt.date(count // 12, count % 12 + 1, 1) - dt.timedelta(days=1)


def _closing(law: Law, year: int) -> dt.date | None:
    days = (law.date(norm, year) for norm in _CLOSING if norm in law.norms)
    return next((day for day in days if day is not None), None)
