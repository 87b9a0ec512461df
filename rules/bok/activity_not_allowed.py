"""BOK204: a content of spending that the task does not have."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ledger.text import Text, split_list
from rules.assessment import Assessment, Evidence, Verdict, passed
from rules.rows import Questioned, declared, one_family, records
from rules.rule import Rule
from rules.severity import Severity
from rules.vocabulary import activities

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_COMBINATION: Final = ["book", "task", "activity", "event", "support"]
_Key = tuple[str, str, str]  # book, task, activity


class _Activities(NamedTuple):
    """What the declarations say of contents of spending, by book and name."""

    of_task: dict[tuple[str, str], list[str]]
    of_event: dict[tuple[str, str], str]
    of_support: dict[tuple[str, str], str]

    def not_allowed(self, book: str, task: str, activity: str) -> bool:
        """Whether a declared task does not have a known content of spending."""
        allowed = self.of_task.get((book, task))
        return allowed is not None and activity in activities() and activity not in allowed


class ActivityNotAllowed(Rule):
    """Nội dung chi không thuộc nhiệm vụ.

    Kiểm tra gì:
        Nội dung chi của giao dịch (ghi ở giao dịch, nếu không thì của sự kiện hoặc khoản hỗ trợ
        mà nó nêu) và của sự kiện, khoản hỗ trợ có trong ``activities`` của nhiệm vụ.

    Vì sao:
        Kế hoạch giao mỗi nhiệm vụ những nội dung nhất định; chi nội dung khác là dùng kinh phí
        sai nhiệm vụ, hoặc sổ ghi nhầm nhiệm vụ.

    Ví dụ sai:
        2021-05-10 * "Chi tập huấn ghi vào nhiệm vụ hội chợ"
          kind: "payment"
          activity: "training"
          Assets:DuToan:KhaDung:NV02:NSTP  -1000 VND
          Expenses:NV02:NSTP:TM6655         1000 VND

    Cách sửa:
        Ghi vào nhiệm vụ có nội dung đó, hoặc bổ sung nội dung cho nhiệm vụ theo kế hoạch:
          activities: "domestic-fair; training"
    """

    code = "BOK204"
    name = "book.activity-not-allowed"
    title = Text("Nội dung chi không thuộc nhiệm vụ", "A content of spending not of the task")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "nhiệm vụ {task} không có nội dung «{activity}»; các nội dung của nhiệm vụ: {allowed}",
        "task {task} does not have “{activity}”; its contents are: {allowed}",
    )
    english = """What it checks:
    The content of spending of a transaction (its own, or else that of the event or support that
    it names) and of an event or support is among the ``activities`` of the task.

Why:
    The plan gives each task certain contents; other spending uses the money for another task, or
    the book names the wrong one.

How to put it right:
    Book it under the task that has the content, or add the content by the plan.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task and content that do not go together; the rest in bulk."""
        known = _declarations(facts)
        places = _declared_wrongly(facts, known)
        postings = facts["postings"]
        rows = postings[
            (postings["task"] != "")
            & (
                (postings["activity"] != "")
                | (postings["event"] != "")
                | (postings["support"] != "")
            )
        ]
        questions: dict[_Key, Questioned] = {}
        left = len(rows)
        if not rows.empty:
            groups = rows.groupby(_COMBINATION, observed=True)
            numbers = groups.ngroup().to_numpy()
            wrong: dict[_Key, list[int]] = defaultdict(list)
            for number, combination in enumerate(groups.size().index):
                key = _read(combination, known)
                if known.not_allowed(*key):
                    wrong[key].append(number)
            for key, found in wrong.items():
                part = rows[np.isin(numbers, found)]
                left -= len(part)
                questions[key] = one_family(part)
        for key in sorted(questions.keys() | places.keys()):
            yield _failed(key, questions.get(key, Questioned(0, ())), sorted(places[key]), known)
        yield from passed(left)


def _read(combination: tuple[str, ...], known: _Activities) -> _Key:
    """The content that a transaction has: its own, or that of what it names."""
    book, task, activity, event, support = combination
    of_event = known.of_event.get((book, event), "")
    return book, task, activity or of_event or known.of_support.get((book, support), "")


def _failed(
    key: _Key, question: Questioned, places: list[Evidence], known: _Activities
) -> Assessment:
    book, task, activity = key
    return Assessment(
        f"{task} {activity}",
        Verdict.FAIL,
        book,
        at_issue=question.at_issue,
        values={
            "task": task,
            "activity": activity,
            "allowed": ", ".join(known.of_task[book, task]),
        },
        evidence=(*question.evidence, *places),
    )


def _declarations(facts: Facts) -> _Activities:
    return _Activities(
        {(r.book, r.task): split_list(r.activities) for r in records(facts["tasks"])},
        {(r.book, r.event): r.activity for r in records(facts["events"])},
        {(r.book, r.support): r.activity for r in records(facts["supports"])},
    )


def _declared_wrongly(facts: Facts, known: _Activities) -> dict[_Key, list[Evidence]]:
    """Events and supports whose own task does not have their content."""
    places: dict[_Key, list[Evidence]] = defaultdict(list)
    for frame, name in (("events", "event"), ("supports", "support")):
        for row in records(facts[frame]):
            key = (row.book, row.task, row.activity)
            if known.not_allowed(*key):
                places[key].append(declared(row, f"{name} {getattr(row, name)}"))
    return places
