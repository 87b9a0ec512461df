"""STL106: an advance drawn from the old year after its last day of spending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ledger.accounts import Family
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.budget_years import by_budget_year, first_day
from rules.rows import in_question
from rules.rule import Rule
from rules.severity import Severity
from rules.stl.year_end import SPENDING_ENDS, calendar_unknown, state_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class AdvanceAfterYearEnd(Rule):
    """Rút tạm ứng của niên độ cũ sau ngày cuối được tạm ứng.

    Kiểm tra gì:
        Khoản tạm ứng ngân sách (``advance``) ghi vào một niên độ có ngày không muộn hơn ngày cuối
        được chi, tạm ứng của niên độ đó.

    Vì sao:
        Thời gian chỉnh lý chỉ để thanh toán việc đã làm và tạm ứng đã rút, không rút tạm ứng mới.

    Ví dụ sai:
        2022-01-10 * "Rút tạm ứng từ dự toán năm 2021"
          kind: "advance"
          budget-year: 2021
          Assets:DuToan:KhaDung:NV05:NSTP    -80 VND
          Assets:TamUng:NV05:NSTP:TM6699      80 VND

    Cách sửa:
        Nộp trả, rồi rút từ dự toán năm mới nếu đã giao:
          2022-01-12 * "Nộp trả tạm ứng rút sai niên độ"
            kind: "return-restoring"
            budget-year: 2021
            Assets:TamUng:NV05:NSTP:TM6699   -80 VND
            Assets:DuToan:KhaDung:NV05:NSTP   80 VND
    """

    code = "STL106"
    name = "settlement.advance-after-year-end"
    title = Text("Rút tạm ứng của năm cũ quá hạn", "Advance of the old year after its last day")
    severity = Severity.ERROR
    basis = SPENDING_ENDS
    message = Text(
        "{subject}: tạm ứng của niên độ {year} rút ngày {day}; chỉ được đến hết ngày {last}",
        "{subject}: an advance of budget year {year} drawn on {day}; the last day was {last}",
    )
    english = """What it checks:
    An advance of state money is dated no later than the last day of spending and advances of its
    budget year.

Why:
    The closing period pays for work done and settles advances already drawn; no new advance is
    drawn in it.

How to put it right:
    Return it, and draw from the new year's estimate where it was allotted.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        rows = state_rows(facts, (Family.ADVANCED,))
        rows = rows[rows["kind"] == "advance"]
        left = len(rows)
        for year, part, last in by_budget_year(rows, law, SPENDING_ENDS):
            if last is None:
                left -= len(part)
                yield calendar_unknown(str(year), "", year, len(part))
                continue
            late = part[part["date"] > pd.Timestamp(last)]
            left -= len(late)
            for found in in_question(late):
                yield Assessment(
                    f"{found.name} ({year})",
                    Verdict.FAIL,
                    found.book,
                    decided_on=first_day(year),
                    at_issue=found.at_issue,
                    values={
                        "year": str(year),
                        "day": day_name(found.rows[0].date),
                        "last": day_name(last),
                    },
                    evidence=found.evidence,
                )
        yield from passed(left)
