"""BUD111: money of one task spent on an event, support or contract of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ledger.accounts import STATE_FUNDS
from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import groups, known, one_family
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from ledger.facts import Facts
    from rules.law import Law


class _Named(NamedTuple):
    """What a posting may name that belongs to one task."""

    column: str
    frame: str
    label: Text
    review: bool  # one contract may lawfully serve several tasks


_NAMED: Final = (
    _Named("event", "events", Text("sự kiện", "event"), review=False),
    _Named("support", "supports", Text("khoản hỗ trợ", "support"), review=False),
    _Named("contract", "contracts", Text("hợp đồng", "contract"), review=True),
)


class NamesOtherTask(Rule):
    """Tiền của nhiệm vụ này chi cho sự kiện, khoản hỗ trợ, hợp đồng của nhiệm vụ khác.

    Kiểm tra gì:
        Sự kiện, khoản hỗ trợ, hợp đồng mà bút toán ngân sách nêu thuộc đúng nhiệm vụ trong tài
        khoản của bút toán. Một hợp đồng có thể phục vụ nhiều nhiệm vụ, nên hợp đồng khác nhiệm vụ
        chỉ đề nghị giải trình.

    Vì sao:
        Dự toán giao cho từng nhiệm vụ; tiền của nhiệm vụ này trả cho việc của nhiệm vụ khác là chi
        không đúng dự toán được giao.

    Ví dụ sai:
        2021-10-05 custom "event" "HC2021" "Hội chợ"
          task: "NV02"
        2021-10-20 * "Thuê gian hàng, ghi vào nhiệm vụ tập huấn"
          kind: "payment"
          event: "HC2021"
          Assets:DuToan:KhaDung:NV05:NSTP  -500 VND
          Expenses:NV05:NSTP:TM6655         500 VND

    Cách sửa:
        Ghi vào nhiệm vụ của sự kiện (thiếu dự toán thì phân bổ lại có quyết định):
          2021-10-20 * "Thuê gian hàng"
            kind: "payment"
            event: "HC2021"
            Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
            Expenses:NV02:NSTP:TM6655         500 VND
        Nêu nhầm tên thì sửa ``event``, ``support`` hoặc ``contract``.
    """

    code = "BUD111"
    name = "budget.names-other-task"
    title = Text("Chi cho việc của nhiệm vụ khác", "Money of one task spent on another's work")
    severity = Severity.ERROR
    basis = ("nsnn83-as-allotted", "nsnn83-spend-within-estimate", "nsnn89-spend-within-estimate")
    message = Text(
        "{label} «{name}» thuộc nhiệm vụ {owner}, tiền ghi ở nhiệm vụ {task}",
        "{label} “{name}” belongs to task {owner}, the money is booked under task {task}",
    )
    english = """What it checks:
    The event, support and contract that a posting of state money names belong to the task in the
    posting's account. One contract may serve several tasks, so a contract of another task is only
    asked about.

Why:
    The estimate is allotted to each task; money of one task that pays the work of another is not
    spent as allotted.

How to put it right:
    Book it under the task of the event (reallocate by a decision where the estimate is short), or
    mend the name.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a name and task that do not go together; the rest in bulk."""
        postings = facts["postings"]
        named = np.zeros(len(postings), dtype=np.bool_)
        for what in _NAMED:
            named |= (postings[what.column].cat.codes != 0).to_numpy()
        state = (known(postings["fund"], STATE_FUNDS) & (postings["fund"] != "")).to_numpy()
        judged = named & state
        failing = np.zeros(len(postings), dtype=np.bool_)
        for what in _NAMED:
            owners = _owners(facts[what.frame], what.column)
            wrong = judged & _of_other_task(postings, what.column, owners)
            failing |= wrong
            keys = ["book", what.column, "task"]
            for (book, name, task), part in groups(postings[wrong], keys):
                yield _failed(what, (book, name, task), owners[book, name], part)
        yield from passed(int(judged.sum()) - int(failing.sum()))


def _owners(frame: pd.DataFrame, column: str) -> dict[tuple[str, str], str]:
    """The task of everything declared, by book and name."""
    books, names, tasks = (frame[part].astype("str") for part in ("book", column, "task"))
    return dict(zip(zip(books, names, strict=True), tasks, strict=True))


def _of_other_task(
    rows: pd.DataFrame, column: str, owners: dict[tuple[str, str], str]
) -> NDArray[np.bool_]:
    """Whether each posting names something that is declared for another task.

    Looked up in one table of books and names, not once per posting.
    """
    books, names, tasks = (rows[column].cat for column in ("book", column, "task"))
    table = np.full((len(books.categories), len(names.categories)), -1, dtype=np.int64)
    places = [{text: i for i, text in enumerate(part.categories)} for part in (books, names, tasks)]
    for (book, name), task in owners.items():
        if book in places[0] and name in places[1]:
            # A task that no posting is booked under is another one than that of any posting.
            table[places[0][book], places[1][name]] = places[2].get(task, len(tasks.categories))
    owner = table[books.codes.to_numpy(), names.codes.to_numpy()]
    booked = tasks.codes.to_numpy()
    given = (rows["task"] != "").to_numpy()
    found: NDArray[np.bool_] = given & (owner >= 0) & (owner != booked)
    return found


def _failed(what: _Named, key: tuple[str, str, str], owner: str, rows: pd.DataFrame) -> Assessment:
    book, name, task = key
    question = one_family(rows)
    return Assessment(
        f"{what.column} {name} {task}",
        Verdict.FAIL,
        book,
        decided_on=rows["date"].min().date(),
        at_issue=question.at_issue,
        values={"label": what.label, "name": name, "owner": owner, "task": task},
        evidence=question.evidence,
        review=what.review,
        in_book=True,
    )
