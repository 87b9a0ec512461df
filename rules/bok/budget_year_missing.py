"""BOK104: no budget year written while two budget years are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.budget_years import CLOSING, budget_rows, closing_of, closing_unknown, first_day
from rules.rows import in_question
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class BudgetYearMissing(Rule):
    """Giao dịch trong thời gian chỉnh lý không ghi niên độ.

    Kiểm tra gì:
        Từ ngày 01/01 đến hết thời gian chỉnh lý quyết toán của năm trước, mọi bút toán dự toán,
        tạm ứng và chi ngân sách (NSTP, NSTW) ghi rõ ``budget-year``.

    Vì sao:
        Lúc đó hai niên độ cùng mở. Không ghi thì sổ hiểu là năm của ngày: khoản chi của năm cũ
        rơi vào năm mới và số vượt dự toán của năm cũ bị che mất.

    Ví dụ sai:
        2022-01-12 * "Thanh toán khối lượng nghiệm thu trước 31/12"
          kind: "payment"
          Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
          Expenses:NV02:NSTP:TM6655         500 VND

    Cách sửa:
        2022-01-12 * "Thanh toán khối lượng nghiệm thu trước 31/12"
          kind: "payment"
          budget-year: 2021
          Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
          Expenses:NV02:NSTP:TM6655         500 VND
    """

    code = "BOK104"
    name = "book.budget-year-missing"
    title = Text("Thiếu niên độ trong thời gian chỉnh lý", "No budget year during the closing")
    severity = Severity.ERROR
    basis = CLOSING
    message = Text(
        "{subject}: ngày {day} hai niên độ {before} và {year} cùng mở (chỉnh lý đến {closing}), "
        "bút toán phải ghi budget-year: {before} hoặc {year}",
        "{subject}: on {day} the budget years {before} and {year} are both open (closing until "
        "{closing}); the postings must say budget-year: {before} or {year}",
    )
    english = """What it checks:
    From 1 January until the closing of the year before ends, every posting of the estimate, of
    advances and of state spending (NSTP, NSTW) names its ``budget-year``.

Why:
    Two budget years are open then. Without it the year of the date is taken: spending of the old
    year falls into the new one and hides an overdraft of the old.

How to put it right:
    Write ``budget-year`` on the transaction.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        rows = budget_rows(facts)
        missing = rows[~rows["budget_year_given"]]
        left = len(rows)
        for year, part in missing.groupby(missing["date"].dt.year):
            before = int(year) - 1
            closing = closing_of(law, before)
            if closing is None:
                left -= len(part)
                yield closing_unknown(before, len(part))
                continue
            late = part[part["date"] <= pd.Timestamp(closing)]
            left -= len(late)
            yield from _failed(late, before, closing)
        yield from passed(left)


def _failed(rows: pd.DataFrame, before: int, closing: dt.date) -> Iterator[Assessment]:
    for found in in_question(rows):
        yield Assessment(
            found.name,
            Verdict.FAIL,
            found.book,
            decided_on=first_day(before),
            at_issue=found.at_issue,
            values={
                "day": day_name(found.rows[0].date),
                "before": str(before),
                "year": str(before + 1),
                "closing": day_name(closing),
            },
            evidence=found.evidence,
        )
