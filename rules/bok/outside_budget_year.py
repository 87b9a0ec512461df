"""BOK105: a posting dated outside its budget year and the closing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ledger.kinds import Effect, kinds_that
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.budget_years import (
    CLOSING,
    budget_rows,
    by_budget_year,
    closing_unknown,
    first_day,
)
from rules.rows import in_question
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

# Money of a closed year that comes back after its closing.
COMES_BACK_LATER: Final = kinds_that(Effect.GOES_BACK)


class OutsideBudgetYear(Rule):
    """Bút toán ghi ngoài niên độ và thời gian chỉnh lý của niên độ đó.

    Kiểm tra gì:
        Bút toán dự toán, tạm ứng và chi ngân sách (NSTP, NSTW) có ngày từ 01/01 của niên độ đến
        hết thời gian chỉnh lý quyết toán của niên độ. Nộp trả, thu hồi sau đó không xét ở đây.

    Vì sao:
        Hết thời gian chỉnh lý thì niên độ đóng: không còn rút, chi, thanh toán vào năm cũ.

    Ví dụ sai:
        2022-02-01 * "Chi muộn một ngày"
          kind: "payment"
          budget-year: 2021
          Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
          Expenses:NV02:NSTP:TM6655         500 VND

    Cách sửa:
        Ghi vào niên độ mới nếu dự toán đã chuyển nguồn hoặc đã giao:
          2022-02-01 * "Chi từ dự toán chuyển nguồn"
            kind: "payment"
            budget-year: 2022
            Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
            Expenses:NV02:NSTP:TM6655         500 VND
        Quyết định giao trước 01/01 thì ghi ngày 01/01, ngày quyết định ghi ở decision-date.
    """

    code = "BOK105"
    name = "book.outside-budget-year"
    title = Text("Ghi ngoài niên độ", "Booked outside the budget year")
    severity = Severity.ERROR
    basis = (*CLOSING, "nd163-closing-entries")
    message = Text(
        "{subject}: niên độ {year} chỉ ghi từ {first} đến hết chỉnh lý {last}, ở đây là {day}",
        "{subject}: budget year {year} is booked from {first} until its closing ends on {last}, "
        "here it is {day}",
    )
    english = """What it checks:
    Postings of the estimate, of advances and of state spending (NSTP, NSTW) are dated from
    1 January of their budget year until its closing ends. Returns and recoveries after that are
    not judged here.

Why:
    When the closing ends the year is shut: nothing more is drawn, spent or settled in it.

How to put it right:
    Book in the new year if the estimate was carried over or allotted there; what was decided
    before 1 January is booked on 1 January, with its day in ``decision-date``.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        rows = budget_rows(facts)
        exempt = rows["kind"].isin(COMES_BACK_LATER).to_numpy()
        if exempt.any():
            yield Assessment("", Verdict.NOT_APPLICABLE, population=int(exempt.sum()))
        rows = rows[~exempt]
        left = len(rows)
        for year, part, closing in by_budget_year(rows, law, CLOSING):
            if closing is None:
                left -= len(part)
                yield closing_unknown(year, len(part))
                continue
            first = first_day(year)
            outside = ~part["date"].between(pd.Timestamp(first), pd.Timestamp(closing))
            left -= int(outside.sum())
            yield from _failed(part[outside], year, closing)
        yield from passed(left)


def _failed(rows: pd.DataFrame, year: int, closing: dt.date) -> Iterator[Assessment]:
    for found in in_question(rows):
        yield Assessment(
            f"{found.name} ({year})",
            Verdict.FAIL,
            found.book,
            decided_on=first_day(year),
            at_issue=found.at_issue,
            values={
                "year": str(year),
                "first": day_name(first_day(year)),
                "last": day_name(closing),
                "day": day_name(found.rows[0].date),
            },
            evidence=found.evidence,
        )
