"""BUD106: a reallocation without its decision."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.bud.decisions import estimate_rows
from rules.rows import in_question
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class ReallocationUndecided(Rule):
    """Phân bổ lại dự toán không ghi quyết định hoặc ngày quyết định.

    Kiểm tra gì:
        Giao dịch loại ``reallocation`` có ``decision`` và ``decision-date``.

    Vì sao:
        Dự toán đã giao chỉ được điều chỉnh trong các trường hợp luật nêu, bằng quyết định của
        người có thẩm quyền. Sổ không ghi thì chưa biết có quyết định hay không, nên chỉ đề nghị
        giải trình.

    Ví dụ sai:
        2021-06-28 * "Phân bổ lại"
          kind: "reallocation"
          Assets:DuToan:KhaDung:NV08:NSTP  -20 VND
          Assets:DuToan:KhaDung:NV05:NSTP   20 VND

    Cách sửa:
        2021-06-28 * "Phân bổ lại"
          kind: "reallocation"
          decision: "15/QĐ-SCT"
          decision-date: 2021-06-25
          Assets:DuToan:KhaDung:NV08:NSTP  -20 VND
          Assets:DuToan:KhaDung:NV05:NSTP   20 VND
    """

    code = "BUD106"
    name = "budget.reallocation-undecided"
    title = Text("Phân bổ lại không ghi quyết định", "A reallocation without its decision")
    severity = Severity.ERROR
    basis = ("nsnn83-adjustment",)
    message = Text(
        "{subject}: phân bổ lại dự toán mà sổ không ghi {missing}",
        "{subject}: the book does not show {missing} of this reallocation",
    )
    english = """What it checks:
    Transactions of kind ``reallocation`` have ``decision`` and ``decision-date``.

Why:
    Estimates allotted are adjusted only in the cases of the law, by a decision. The book merely
    does not show it, so the finding asks for an explanation.

How to put it right:
    Write ``decision`` and ``decision-date`` on the transaction.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        rows = estimate_rows(facts, ("reallocation",))
        lacking = (rows["decision"] == "") | rows["decision_date"].isna()
        for found in in_question(rows[lacking]):
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                decided_on=dt.date(min(row.budget_year for row in found.rows), 1, 1),
                at_issue=found.at_issue,
                values={"missing": _missing(found.rows)},
                evidence=found.evidence,
                review=True,
            )
        yield from passed(int(rows["entry"][~lacking].nunique()))


def _missing(rows: list[Any]) -> Text:
    if all(row.decision for row in rows):
        return Text("ngày quyết định (decision-date)", "the day of the decision (decision-date)")
    if all(row.decision_date == row.decision_date for row in rows):  # not NaT
        return Text("số quyết định (decision)", "the number of the decision (decision)")
    return Text(
        "số và ngày quyết định (decision, decision-date)",
        "the number and day of the decision (decision, decision-date)",
    )
