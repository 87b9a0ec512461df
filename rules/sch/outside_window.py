"""SCH101: an event or an acceptance outside the task's window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.text import Text, day_name
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

_NOT_YET = Text("chưa đến ngày diễn ra", "its day has not come")
_ENDS = {
    "start": Text("bắt đầu", "starts"),
    "end": Text("kết thúc", "ends"),
    "accepted": Text("nghiệm thu", "is accepted"),
}


class OutsideWindow(Rule):
    """Sự kiện hoặc nghiệm thu ngoài thời gian thực hiện của nhiệm vụ.

    Kiểm tra gì:
        Ngày bắt đầu, ngày kết thúc của mỗi sự kiện và ngày của mỗi biên bản nghiệm thu nằm trong
        thời gian của nhiệm vụ, tính cả các quyết định điều chỉnh (``plan-change``) ban hành đến
        ngày đó. Ngày thanh toán không xét. Biên bản nghiệm thu ngoài thời gian chỉ là đề nghị
        giải trình: việc có thể đã làm xong đúng hạn.

    Vì sao:
        Mỗi nhiệm vụ được thực hiện trong khoảng thời gian mà kế hoạch ghi cho nhiệm vụ đó.

    Ví dụ sai:
        2021-11-01 custom "event" "HC2021" "Hội chợ"
          task: "NV02"
          activity: "domestic-fair"
          start: 2021-11-01
          end: 2021-11-04

    Cách sửa:
        Ghi quyết định điều chỉnh đã có trước ngày đó:
          2021-10-20 custom "plan-change" "NV02"
            decision: "5102/QĐ-UBND"
            decision-date: 2021-10-20
            end: 2021-11-30
    """

    code = "SCH101"
    name = "plan.outside-window"
    title = Text("Ngoài thời gian thực hiện của nhiệm vụ", "Outside the task's window")
    severity = Severity.WARNING
    basis = ("plan49-window",)
    rests_on_plan = True
    message = Text(
        "{subject} {what} ngày {day}; thời gian của {task} là từ {start} đến {end}",
        "{subject} {what} on {day}; the window of {task} is {start} to {end}",
    )
    english = """What it checks:
    The first and last day of each event and the day of each acceptance lie within the task's
    window, with the changes (``plan-change``) decided up to that day. Days of payment are not
    judged. An acceptance outside the window only asks: the work may have been done in time.

Why:
    Each task is carried out within the time that the plan gives it.

How to put it right:
    Record the decision that changed the window before that day.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an event and one an acceptance."""
        plan = Plan(facts)
        for event in records(facts["events"]):
            yield from _event(event, plan, as_of)
        tasks = _tasks_of(facts)
        for acceptance in records(facts["acceptances"]):
            task = tasks.get((acceptance.book, acceptance.for_), "")
            days = {"accepted": acceptance.declared.date()}
            yield from _judged(f"acceptance {acceptance.acceptance}", acceptance, task, plan, days)


def _tasks_of(facts: Facts) -> dict[tuple[str, str], str]:
    """The task of each contract, event, support and task, by the words of ``for``."""
    return {
        (row.book, f"{word} {getattr(row, word)}"): row.task
        for frame, word in (
            ("contracts", "contract"),
            ("events", "event"),
            ("supports", "support"),
            ("tasks", "task"),
        )
        for row in records(facts[frame])
    }


def _event(event: Any, plan: Plan, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ANN401  # a record
    subject = f"event {event.event}"
    days = {"start": event.start.date(), "end": event.end.date()}
    past = {what: day for what, day in days.items() if day <= as_of}
    if past:
        yield from _judged(subject, event, event.task, plan, past)
    else:
        yield Assessment(subject, Verdict.NOT_APPLICABLE, event.book, reason=_NOT_YET)


def _judged(
    subject: str,
    row: Any,  # noqa: ANN401  # a record
    task: str,
    plan: Plan,
    days: dict[str, dt.date],
) -> Iterator[Assessment]:
    """What the window says of the days; a task that is not declared is another rule's matter."""
    for what, day in days.items():
        window = plan.window(row.book, task, day)
        if window is None:
            return
        if not window.holds(day):
            yield Assessment(
                subject,
                Verdict.FAIL,
                row.book,
                decided_on=day,
                values={
                    "what": _ENDS[what],
                    "day": day_name(day),
                    "task": task,
                    "start": day_name(window.start),
                    "end": day_name(window.end),
                },
                evidence=(declared(row, subject),),
                review=what == "accepted",
            )
            return
    yield Assessment(subject, Verdict.PASS, row.book)
