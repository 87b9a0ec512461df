"""BUD107: a reallocation decided after the deadline for adjustments."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pandas as pd

from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict
from rules.bud.decisions import by_decision, estimate_rows
from rules.rows import one_side
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_DEADLINE: Final = "nsnn83-adjustment-deadline"


class ReallocationLate(Rule):
    """Phân bổ lại dự toán quyết định từ ngày hết hạn điều chỉnh trở đi.

    Kiểm tra gì:
        Ngày quyết định (``decision-date``) của giao dịch loại ``reallocation`` đứng trước mốc mà
        luật đặt cho việc điều chỉnh dự toán của niên độ; đúng ngày mốc đã là muộn.

    Vì sao:
        Luật buộc hoàn thành điều chỉnh dự toán trước mốc đó. Sổ không cho biết quyết định có
        thuộc trường hợp khác hay không, nên chỉ đề nghị giải trình.

    Ví dụ sai:
        2021-11-16 * "Phân bổ lại"
          kind: "reallocation"
          decision: "950/QĐ-SCT"
          decision-date: 2021-11-15
          Assets:DuToan:KhaDung:NV08:NSTP  -20 VND
          Assets:DuToan:KhaDung:NV05:NSTP   20 VND

    Cách sửa:
        Nếu ngày quyết định ghi nhầm thì sửa ``decision-date``. Nếu đúng thì giải trình:
          2021-12-31 custom "explanation" "BUD107" "dấu vân của phát hiện"
            person: "Thủ trưởng đơn vị"
            reason: "…"
    """

    code = "BUD107"
    name = "budget.reallocation-late"
    title = Text("Phân bổ lại quá hạn điều chỉnh", "A reallocation after the deadline")
    severity = Severity.ERROR
    basis = (_DEADLINE,)
    message = Text(
        "{subject}: quyết định ngày {day}, điều chỉnh dự toán niên độ {year} phải hoàn thành trước "
        "ngày {deadline}",
        "{subject}: decided on {day}; adjustments of budget year {year} must be finished before "
        "{deadline}",
    )
    english = """What it checks:
    The ``decision-date`` of a transaction of kind ``reallocation`` lies before the day that the
    law sets for adjustments of the budget year; that day itself is late.

Why:
    The law wants adjustments finished before it. The book does not show whether another case
    applies, so the finding asks for an explanation.

How to put it right:
    Mend ``decision-date`` if it is wrong; otherwise explain.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a decision and budget year."""
        rows = estimate_rows(facts, ("reallocation",))
        for book, name, decided in by_decision(rows[rows["decision_date"].notna()]):
            for number, part in decided.groupby("budget_year"):
                year = int(str(number))
                subject, first = f"{name} {year}", dt.date(year, 1, 1)
                deadline = law.date(_DEADLINE, year)
                if deadline is None:
                    reason = Text(
                        f"chưa biết hạn điều chỉnh dự toán của niên độ {year}",
                        f"the deadline for adjustments of budget year {year} is not known",
                    )
                    yield Assessment(
                        subject, Verdict.UNKNOWN, book, decided_on=first, reason=reason
                    )
                    continue
                late = part[part["decision_date"] >= pd.Timestamp(deadline)]
                if late.empty:
                    yield Assessment(subject, Verdict.PASS, book, decided_on=first)
                    continue
                question = one_side(late)
                yield Assessment(
                    subject,
                    Verdict.FAIL,
                    book,
                    decided_on=first,
                    at_issue=question.at_issue,
                    values={
                        "day": day_name(late["decision_date"].min()),
                        "year": str(year),
                        "deadline": day_name(deadline),
                    },
                    evidence=question.evidence,
                    review=True,
                )
