"""SCH102: money spent before the detailed plan was approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ledger.accounts import STATE_FUNDS, USED_FAMILIES
from ledger.kinds import Effect, kinds_that
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict
from rules.rows import evidence_of, groups, in_order, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_NORM: Final = "plan49-detailed-plan"
# An advance that a carry-over brings in left the estimate in a year before, by another plan.
_BROUGHT_IN: Final = kinds_that(Effect.GIVES)


class SpentBeforeApproval(Rule):
    """Chi hoặc tạm ứng ngân sách trước khi kế hoạch chi tiết được duyệt.

    Kiểm tra gì:
        Nhiệm vụ phải có kế hoạch chi tiết (``detailed-plan: TRUE``, hoặc nhiệm vụ mà Kế hoạch của
        chương trình nêu, dù sổ không ghi) thì trước ngày duyệt (``plan-approved``) không có tiền
        ngân sách đã tạm ứng hoặc đã chi. Chưa ghi ngày duyệt thì mọi khoản chi đều cần giải trình.
        Tạm ứng của năm trước chuyển nguồn sang không xét: đã rút theo kế hoạch của năm trước.

    Vì sao:
        Kế hoạch chi tiết phải được Ủy ban nhân dân Thành phố phê duyệt trước khi triển khai.

    Ví dụ sai:
        2021-01-01 custom "task" "NV02" "Hội chợ CNHT"
          detailed-plan: TRUE
          plan-approved: 2021-08-24
        2021-08-23 * "Tạm ứng"
          kind: "advance"
          Assets:DuToan:KhaDung:NV02:NSTP   -100 VND
          Assets:TamUng:NV02:NSTP:TM6655     100 VND

    Cách sửa:
        Ghi văn bản và ngày duyệt ở khai báo nhiệm vụ:
          2021-01-01 custom "task" "NV02" "Hội chợ CNHT"
            detailed-plan: TRUE
            plan-approval: "3718/QĐ-UBND"
            plan-approved: 2021-08-20
    """

    code = "SCH102"
    name = "plan.spent-before-approval"
    title = Text(
        "Chi trước khi kế hoạch chi tiết được duyệt", "Spent before the detailed plan was approved"
    )
    severity = Severity.ERROR
    basis = (_NORM,)
    rests_on_plan = True
    message = Text(
        "{subject}: đã tạm ứng hoặc chi {spent} đồng ngân sách từ ngày {first}; {approval}",
        "{subject}: {spent} VND of the budget advanced or spent from {first} on; {approval}",
    )
    english = """What it checks:
    A task that needs a detailed plan (``detailed-plan: TRUE``, or one that the programme's Plan
    names, whatever the book says) has no budget money advanced or spent before the day of approval
    (``plan-approved``). Where no day of approval is recorded all its spending is asked about. An
    advance that a carry-over brings in is not judged: it was drawn by the plan of the year before.

Why:
    The detailed plan is approved by the City People's Committee before it is carried out.

How to put it right:
    Record the document and the day of approval with the task.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task."""
        postings = facts["postings"]
        paid_out = postings[
            postings["family"].isin(USED_FAMILIES)
            & postings["fund"].isin(STATE_FUNDS)
            & ~postings["kind"].isin(_BROUGHT_IN)
        ]
        of_task = dict(groups(paid_out, ["book", "task"]))
        named = _named_by_plan(facts, law)
        for task in records(facts["tasks"]):
            if task.detailed_plan or (task.book, task.task) in named:
                yield _judged(task, of_task.get((task.book, task.task), paid_out[:0]))
            else:
                yield Assessment(
                    f"task {task.task}",
                    Verdict.NOT_APPLICABLE,
                    task.book,
                    reason=Text("không phải có kế hoạch chi tiết", "needs no detailed plan"),
                )


def _named_by_plan(facts: Facts, law: Law) -> set[tuple[str, str]]:
    """Tasks, by book, that the Plan which a programme carries out names as needing one."""
    tasks = {task for limit in law.limits_ever(_NORM) for task in limit.tasks}
    if not tasks:
        return set()
    plan = law.instruments[_NORM].instrument
    books = {row.book for row in records(facts["programme"]) if row.plan == plan}
    return {(book, task) for book in books for task in tasks}


def _judged(task: Any, rows: pd.DataFrame) -> Assessment:  # noqa: ANN401  # a record
    subject = f"task {task.task}"
    approved = None if pd.isna(task.plan_approved) else task.plan_approved
    early = rows if approved is None else rows[rows["date"] < approved]
    # Highest at the end of any day: what was advanced and given back had been out.
    balances = early.groupby("date")["amount"].sum().cumsum()
    spent = max(0, int(balances.max())) if len(balances) else 0
    if spent == 0:
        return Assessment(subject, Verdict.PASS, task.book, observed=0, allowed=0)
    first = early["date"].min().date()
    return Assessment(
        subject,
        Verdict.FAIL,
        task.book,
        decided_on=first,
        observed=spent,
        allowed=0,
        at_issue=spent,
        values={
            "spent": spent,
            "first": day_name(first),
            "approval": _approval(approved),
        },
        evidence=evidence_of(in_order(early[early["amount"] > 0]), spent),
        review=approved is None,
    )


def _approval(approved: pd.Timestamp | None) -> Text:
    if approved is None:
        return Text(
            "sổ chưa ghi ngày duyệt kế hoạch chi tiết",
            "the book records no approval of the detailed plan",
        )
    day = day_name(approved)
    return Text(
        f"kế hoạch chi tiết được duyệt ngày {day.vi}", f"the detailed plan was approved on {day.en}"
    )
