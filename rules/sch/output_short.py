"""SCH201: a task that ended with less than the plan's output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict
from rules.rows import declared
from rules.rule import Rule
from rules.sch.plan import Plan
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class OutputShort(Rule):
    """Kết quả đạt được thấp hơn kế hoạch, hoặc chưa ghi kết quả.

    Kiểm tra gì:
        Khi nhiệm vụ đã hết thời gian, tổng kết quả đã ghi (``output``) theo từng đơn vị tính
        không thấp hơn số ít nhất của kế hoạch hoặc của quyết định điều chỉnh. Số ghi «khoảng»
        (``~``) không phải mức tối thiểu: chỉ đề nghị giải trình khi chưa ghi kết quả nào.

    Vì sao:
        Mỗi nhiệm vụ có kết quả dự kiến ghi trong Phụ lục của kế hoạch.

    Ví dụ sai:
        2021-01-01 custom "task" "NV05" "Tập huấn"
          outputs: "class 5"
          end: 2021-10-31
        2021-10-26 custom "output" "NV05" 4
          unit: "class"

    Cách sửa:
        Ghi kết quả còn thiếu, hoặc quyết định điều chỉnh kết quả:
          2021-10-30 custom "output" "NV05" 1
            unit: "class"
            acceptance: "BB-87/2021"
    """

    code = "SCH201"
    name = "plan.output-short"
    title = Text("Kết quả thấp hơn kế hoạch", "Output below the plan")
    severity = Severity.WARNING
    basis = ("plan49-outputs",)
    rests_on_plan = True
    message = Text(
        "{subject}: {achieved}; kế hoạch {planned}, nhiệm vụ hết hạn ngày {end}",
        "{subject}: {achieved}; the plan {planned}, and the task ended on {end}",
    )
    english = """What it checks:
    Once a task's window is over, the outputs recorded (``output``) per unit are not below the
    least that the plan, or a decision that changed it, asks for. A figure given as “khoảng”
    (``~``) is no minimum: it is asked about only where nothing at all is recorded.

Why:
    Each task has the expected result that the plan's annex gives it.

How to put it right:
    Record the missing output, or the decision that changed it.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task and unit of output."""
        plan = Plan(facts)
        achieved = facts["outputs"].groupby(["book", "task", "unit"], observed=True)["quantity"]
        totals = achieved.sum().to_dict()
        for (book, name), task in plan.tasks.items():
            outputs = plan.outputs(book, name, as_of)
            window = plan.window(book, name, as_of)
            for unit, least in outputs.items():
                total = totals.get((book, name, unit))
                if window is None or as_of <= window.end:
                    yield Assessment(
                        f"task {name} {unit}",
                        Verdict.NOT_APPLICABLE,
                        book,
                        reason=Text("nhiệm vụ chưa hết thời gian", "the task's window is not over"),
                    )
                else:
                    found = None if total is None else int(total)
                    yield _judged(task, unit, least, found, window.end)


def _judged(
    task: Any,  # noqa: ANN401  # a record
    unit: str,
    least: int | None,
    found: int | None,
    end: dt.date,
) -> Assessment:
    subject = f"task {task.task} {unit}"
    if found is not None and (least is None or found >= least):
        return Assessment(subject, Verdict.PASS, task.book, observed=found, allowed=least)
    return Assessment(
        subject,
        Verdict.FAIL,
        task.book,
        observed=found or 0,
        allowed=least,
        values={
            "achieved": Text("chưa ghi kết quả nào", "no output recorded")
            if found is None
            else Text(f"đạt {found}", f"{found} achieved"),
            "planned": Text("chỉ ghi số khoảng", "gives an approximate figure")
            if least is None
            else Text(f"cần ít nhất {least}", f"asks for at least {least}"),
            "end": day_name(end),
        },
        evidence=(declared(task, subject),),
        review=found is None,
    )
