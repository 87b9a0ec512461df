"""BOK201: a task in an account that the book does not declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import one_family_by, undeclared
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class UnknownTask(Rule):
    """Tài khoản mang nhiệm vụ chưa khai báo.

    Kiểm tra gì:
        Nhiệm vụ trong tên tài khoản của mọi bút toán có khai báo ``task`` trong cùng sổ.

    Vì sao:
        Gõ nhầm mã nhiệm vụ thì tiền rơi vào một nhiệm vụ không có trong kế hoạch và không quy
        tắc nào về nhiệm vụ nhìn thấy nó.

    Ví dụ sai:
        Expenses:NV20:NSTP:TM6655   1000 VND
        (kế hoạch chỉ có NV01 đến NV12)

    Cách sửa:
        Sửa mã nhiệm vụ, hoặc khai báo nhiệm vụ:
          2021-01-01 custom "task" "NV20" "Tên nhiệm vụ"
            group: "I"
            group-title: "Kết nối"
            start: 2021-01-01
            end: 2021-12-31
            lead-unit: "Sở Công Thương"
            activities: "training"
    """

    code = "BOK201"
    name = "book.unknown-task"
    title = Text("Nhiệm vụ chưa khai báo", "A task that is not declared")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "{subject}: {count} bút toán ghi vào nhiệm vụ này, sổ không khai báo; các nhiệm vụ có: "
        "{tasks}",
        "{subject}: {count} postings name it, the book does not declare it; its tasks are: {tasks}",
    )
    english = """What it checks:
    The task in the account of every posting is declared in the same book.

Why:
    By a slip in the code money falls to a task that is not in the plan, where no rule about tasks
    sees it.

How to put it right:
    Mend the code, or declare the task.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task that is missing; the rest in bulk."""
        tasks = facts["tasks"]
        left = int((facts["postings"]["task"] != "").sum())
        rows = undeclared(facts["postings"], "task", tasks, "task")
        names = zip(rows["book"].astype("str"), rows["missing"], strict=True)
        rows = rows.assign(of=pd.Series([*names], rows.index, dtype="object"))
        for (book, task), question in sorted(one_family_by(rows, "of").items()):
            count = len(question.evidence)
            left -= count
            declared = sorted(set(tasks["task"][tasks["book"] == book].astype("str")))
            yield Assessment(
                f"task {task}",
                Verdict.FAIL,
                book,
                at_issue=question.at_issue,
                values={"count": str(count), "tasks": ", ".join(declared) or "–"},
                evidence=question.evidence,
            )
        yield from passed(left)
