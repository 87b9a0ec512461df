"""STL101: paid in the closing from the old year for work of the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from ledger.accounts import Family
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.budget_years import by_budget_year, closing_of, first_day
from rules.rows import by_transaction, one_side, records
from rules.rule import Rule
from rules.severity import Severity
from rules.stl.year_end import SPENDING_ENDS, calendar_unknown, state_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

# How the minutes begin when the work was not accepted: «không đạt».
_REFUSED: Final = "không"
_SUBJECTS: Final = ("contract", "support", "event")


class PaidForLaterWork(Rule):
    """Chi vào niên độ cũ trong thời gian chỉnh lý cho công việc của năm mới.

    Kiểm tra gì:
        Khoản thực chi ngân sách (``payment``) của niên độ cũ ghi sau ngày cuối được chi của niên
        độ: hợp đồng, khoản hỗ trợ hoặc sự kiện ghi ở khoản chi phải được nghiệm thu, hoặc sự kiện
        đã xong, đến hết ngày đó. Sự kiện xong trước mà nghiệm thu sau, hoặc sổ không cho thấy ngày
        nghiệm thu, thì chỉ đề nghị giải trình. Thanh toán tạm ứng, khoản ghi sau chỉnh lý không
        xét ở đây.

    Vì sao:
        Trong thời gian chỉnh lý chỉ chi vào năm cũ khối lượng, công việc đã làm đến hết năm.

    Ví dụ sai:
        2022-01-14 custom "acceptance" "BB-99/2021"
          for: "contract 12/2021/HĐ-SCT"
        2022-01-20 * "Trả phần nghiệm thu trong năm mới"
          kind: "payment"
          budget-year: 2021
          contract: "12/2021/HĐ-SCT"
          Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
          Expenses:NV02:NSTP:TM6655         500 VND

    Cách sửa:
        Ghi vào niên độ mới nếu dự toán đã chuyển nguồn hoặc đã giao; đã chi thì nộp trả:
          2022-01-28 * "Nộp trả khoản chi sai niên độ"
            kind: "return-to-budget"
            budget-year: 2021
            Expenses:NV02:NSTP:TM6655        -500 VND
            Equity:NopTraNSNN:NSTP            500 VND
    """

    code = "STL101"
    name = "settlement.paid-for-later-work"
    title = Text("Chi vào năm cũ cho việc của năm mới", "Paid from the old year for later work")
    severity = Severity.ERROR
    basis = (
        "nd163-closing-entries",
        "tt342-closing-payment",
        "tt26-spend-deadline",
    )
    message = Text(
        "{subject}: chi vào niên độ {year} ngày {day}; niên độ chỉ trả việc đã làm đến {last}, "
        "{shown}",
        "{subject}: paid from budget year {year} on {day}; it pays work done up to {last}, {shown}",
    )
    english = """What it checks:
    A payment of state money of the old budget year dated after that year's last day of spending:
    the contract, support or event that it names was accepted, or the event was over, by that day.
    Where the event was over and the acceptance came later, or the book does not show when the work
    was accepted, it is asked about. The settlement of advances, and what is
    booked after the closing, are not judged here.

Why:
    In the closing period the old year pays only for work done by its end.

How to put it right:
    Book in the new year if the estimate was carried over or allotted there; what was paid is
    returned.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a late transaction; the rest in bulk."""
        rows = state_rows(facts, (Family.SPENT,))
        rows = rows[(rows["kind"] == "payment") & (rows["amount"] > 0)]
        work = _Work(facts)
        left = len(rows)
        for year, part, last in by_budget_year(rows, law, SPENDING_ENDS):
            if last is None:
                left -= len(part)
                yield calendar_unknown(str(year), "", year, len(part))
                continue
            late = part[part["date"] > pd.Timestamp(last)]
            left -= len(late)
            closing = closing_of(law, year)
            shut = late["date"] > pd.Timestamp(closing or as_of)
            if shut.any():
                yield _after_closing(int(shut.sum()))
            late = late[~shut]
            for book, name, own in by_transaction(late):
                yield _judged((book, name, year), own, last, work)
        yield from passed(left)


def _after_closing(rows: int) -> Assessment:
    reason = Text("ghi sau chỉnh lý: xem BOK105", "booked after the closing: see BOK105")
    return Assessment("", Verdict.NOT_APPLICABLE, population=rows, reason=reason)


class _Shown(NamedTuple):
    """What the book shows of the work that was paid."""

    done: bool
    review: bool
    text: Text


class _Work:
    """When the work that payments name was accepted, and when events ended."""

    def __init__(self, facts: Facts) -> None:
        self.accepted: dict[tuple[str, str], list[dt.date]] = {}
        for row in records(facts["acceptances"]):
            if not row.result.strip().casefold().startswith(_REFUSED):
                self.accepted.setdefault((row.book, row.for_), []).append(row.declared.date())
        self.ends = {(row.book, row.event): row.end.date() for row in records(facts["events"])}

    def shown(self, row: Any, last: dt.date) -> _Shown:  # noqa: ANN401  # a record
        """Whether the work behind one payment was done by a day."""
        days = [
            day
            for word in _SUBJECTS
            if getattr(row, word)
            for day in self.accepted.get((row.book, f"{word} {getattr(row, word)}"), [])
        ]
        end = self.ends.get((row.book, row.event))
        ended = end is not None and end <= last
        if any(day <= last for day in days) or (ended and not days):
            return _Shown(done=True, review=False, text=Text("", ""))
        if days:
            first = min(days)
            return _Shown(
                done=False,
                review=ended,
                text=Text(f"nghiệm thu ngày {first:%d/%m/%Y}", f"accepted on {first:%Y-%m-%d}"),
            )
        if end is not None:
            text = Text(
                f"sự kiện kết thúc ngày {end:%d/%m/%Y}", f"the event ended on {end:%Y-%m-%d}"
            )
            return _Shown(done=False, review=False, text=text)
        return _Shown(
            done=False,
            review=True,
            text=Text("sổ không ghi ngày nghiệm thu", "the book shows no acceptance"),
        )


def _judged(
    named: tuple[str, str, int], rows: pd.DataFrame, last: dt.date, work: _Work
) -> Assessment:
    book, name, year = named
    subject = f"{name} ({year})"
    shown = [work.shown(row, last) for row in records(rows)]
    if all(one.done for one in shown):
        return Assessment(subject, Verdict.PASS, book)
    failing = rows[[not one.done for one in shown]]
    question = one_side(failing)
    worst = min((one for one in shown if not one.done), key=lambda one: one.review)
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        decided_on=first_day(year),
        at_issue=question.at_issue,
        values={
            "year": str(year),
            "day": day_name(failing["date"].min()),
            "last": day_name(last),
            "shown": worst.text,
        },
        evidence=question.evidence,
        review=worst.review,
    )
