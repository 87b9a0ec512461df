"""SCH203: a task that achieved more than the plan's output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.rows import declared, records
from rules.rule import Rule
from rules.sch.plan import Plan
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class OutputAbove(Rule):
    """Kết quả đạt được cao hơn kế hoạch.

    Kiểm tra gì:
        Tổng kết quả đã ghi (``output``) theo từng đơn vị tính không cao hơn số nhiều nhất của kế
        hoạch hoặc của quyết định điều chỉnh. Số ghi «khoảng» (``~``) không phải mức tối đa nên
        không xét.

    Vì sao:
        Làm nhiều hơn kế hoạch không sai, nhưng kinh phí được giao theo kết quả dự kiến: cần xem kết
        quả có ghi trùng không, và kế hoạch có lập sát không. Vì vậy chỉ là lưu ý.

    Ví dụ sai:
        2021-01-01 custom "task" "NV05" "Tập huấn"
          outputs: "class 5"
        2021-10-26 custom "output" "NV05" 6
          unit: "class"

    Cách sửa:
        Ghi trùng thì bỏ bớt; có quyết định điều chỉnh kết quả thì ghi:
          2021-09-30 custom "plan-change" "NV05"
            decision: "5102/QĐ-UBND"
            decision-date: 2021-09-30
            outputs: "class 6"
    """

    code = "SCH203"
    name = "plan.output-above"
    title = Text("Kết quả cao hơn kế hoạch", "Output above the plan")
    severity = Severity.NOTE
    basis = ("plan49-outputs",)
    rests_on_plan = True
    message = Text(
        "{subject}: đạt {achieved}, kế hoạch nhiều nhất {planned}",
        "{subject}: {achieved} achieved, the plan expects at most {planned}",
    )
    english = """What it checks:
    The outputs recorded (``output``) per unit are not above the most that the plan, or a decision
    that changed it, expects. A figure given as “khoảng” (``~``) is no limit and is not judged.

Why:
    More than planned is not wrong, but the money was given for the output expected: an output may
    be recorded twice, or the plan was loose. So it is a note only.

How to put it right:
    Take a doubled record out, or record the decision that changed the output.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task and unit of which something was achieved."""
        plan = Plan(facts)
        outputs = facts["outputs"]
        keys = ["book", "task", "unit"]
        totals = outputs.groupby(keys, observed=True)["quantity"].sum()
        last: dict[tuple[str, ...], object] = {}
        for row in records(outputs.sort_values(["declared", "line"])):
            last[row.book, row.task, row.unit] = row
        figures = zip(totals.index.tolist(), totals.tolist(), strict=True)
        for (book, task, unit), total in figures:
            most = plan.most(book, task, as_of).get(unit)
            subject = f"task {task} {unit}"
            if most is None:
                reason = Text("kế hoạch không ghi số tối đa", "the plan gives no most")
                yield Assessment(subject, Verdict.NOT_APPLICABLE, book, reason=reason)
            elif total <= most:
                yield Assessment(subject, Verdict.PASS, book, observed=int(total), allowed=most)
            else:
                yield Assessment(
                    subject,
                    Verdict.FAIL,
                    book,
                    observed=int(total),
                    allowed=most,
                    values={"achieved": str(int(total)), "planned": str(most)},
                    evidence=(declared(last[book, task, unit], subject),),
                    review=True,
                )
