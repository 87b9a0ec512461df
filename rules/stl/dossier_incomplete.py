"""STL201: a paper missing in the dossier of a task."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.rows import declared, evidence_of, in_order, known, records
from rules.rule import Rule
from rules.severity import Severity
from rules.vocabulary import slot_name, subject_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law
    from rules.norm import Limit

_NORMS: Final = (
    "treasury-file-estimate",
    "treasury-file-contract",
    "treasury-file-work-done",
    "tt29-cond-approved",
)
_ASKED_OF: Final = ("task", "contract", "support")
# What a paper is about: the frame that declares it and the column of its name.
_OWNERS: Final = {
    "contract": ("contracts", "contract"),
    "support": ("supports", "support"),
    "event": ("events", "event"),
    "task": ("tasks", "task"),
}
_NO_DOCUMENT: Final = Text(
    "nhiệm vụ chưa lưu tài liệu trong sổ", "the task keeps no document in the book"
)
_SMALL: Final = Text(
    "hợp đồng dưới mức phải gửi Kho bạc", "a contract that the treasury does not ask for"
)
_Subject = tuple[str, str, str]  # book, word, name


class DossierIncomplete(Rule):
    """Hồ sơ của nhiệm vụ thiếu giấy tờ.

    Kiểm tra gì:
        Nhiệm vụ đã mở hồ sơ trong sổ (có ít nhất một ``document`` ghi ``for`` nhiệm vụ, hợp đồng,
        sự kiện hoặc khoản hỗ trợ của nhiệm vụ) và đã chi ngân sách: từng nhiệm vụ, hợp đồng, khoản
        hỗ trợ đã chi có đủ giấy tờ luật yêu cầu, mỗi giấy một ``document`` ghi ``slot``. Danh sách
        giấy tờ, kèm điều luật, ở các tệp định mức (``slot``). Nhiệm vụ chưa lưu tài liệu nào trong
        sổ thì không xét.

    Vì sao:
        Mỗi khoản chi phải có hồ sơ gửi Kho bạc và lưu tại đơn vị; quyết toán được xét trên hồ sơ
        đó. Giấy tờ có thể lưu nơi khác, nên chỉ đề nghị bổ sung.

    Ví dụ sai:
        2021-09-08 document Assets:DuToan:KhaDung:NV11:NSTP "ho-so/hop-dong-21.txt"
          for: "contract 21/2021/HĐ-SCT"
          slot: "contract"
        (đã thanh toán theo hợp đồng trên 50 triệu đồng mà không có bảng xác định khối lượng)

    Cách sửa:
        Lưu giấy còn thiếu cạnh sổ và ghi:
          2021-10-05 document Assets:DuToan:KhaDung:NV11:NSTP "ho-so/khoi-luong-21.txt"
            for: "contract 21/2021/HĐ-SCT"
            slot: "work-done"
    """

    code = "STL201"
    name = "settlement.dossier-incomplete"
    title = Text("Hồ sơ nhiệm vụ thiếu giấy tờ", "A paper missing in a task's dossier")
    severity = Severity.WARNING
    chosen = _NORMS
    message = Text(
        "{subject} (nhiệm vụ {task}): đã chi {spent} đồng ngân sách, hồ sơ không có {paper}",
        "{subject} (task {task}): {spent} VND of the budget spent, the dossier has no {paper}",
    )
    english = """What it checks:
    A task whose dossier was opened in the book (at least one ``document`` is ``for`` the task or a
    contract, event or support of it) and on which the budget spent: each task, contract and support
    that was paid has the papers that the law asks for, each a ``document`` with its ``slot``. The
    list of papers, with the article, stands in the norm files (``slot``). A task that keeps no
    document in the book is not judged.

Why:
    Each payment has papers sent to the treasury and kept by the unit; the settlement is approved on
    them. They may be kept elsewhere, so they are only asked for.

How to put it right:
    Keep the missing paper beside the book and record it.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a paper that something paid must have."""
        dossiers = _Dossiers(facts)
        if not dossiers.any:
            papers = len(facts["tasks"]) + len(facts["contracts"]) + len(facts["supports"])
            yield Assessment("", Verdict.NOT_APPLICABLE, population=papers, reason=_NO_DOCUMENT)
            return
        postings = facts["postings"]
        spent = postings[
            (postings["family"] == Family.SPENT.value) & known(postings["fund"], STATE_FUNDS)
        ]
        for word in _ASKED_OF:
            named = spent[spent[word] != ""]
            lines = named.groupby(["book", word], observed=True)
            paid, last = lines["amount"].sum(), lines["date"].max()
            asked: dict[dt.date, list[tuple[str, Limit]]] = {}
            figures = zip(paid.index.tolist(), paid.tolist(), last.tolist(), strict=True)
            for (book, name), amount, stamp in figures:
                subject: _Subject = (str(book), word, str(name))
                task, day = dossiers.task_of(subject), stamp.date()
                if task is None or amount <= 0:
                    continue
                if day not in asked:
                    asked[day] = list(_asked(law, word, day))
                for norm, limit in asked[day]:
                    paper = _Paper(subject, task, norm, limit, day, amount)
                    yield _judged(paper, named, dossiers)


class _Paper(NamedTuple):
    """A paper that the law asks for of one subject.

    Attributes:
        day: of the last payment, whose law asks.
        spent: VND of the budget.
    """

    subject: _Subject
    task: str
    norm: str
    limit: Limit
    day: dt.date
    spent: int


def _asked(law: Law, word: str, day: dt.date) -> Iterator[tuple[str, Limit]]:
    """The papers of a kind of subject by the law on a day."""
    for norm in _NORMS:
        value = law.norms[norm].value_on(day) if norm in law.norms else None
        for limit in (value.limits or ()) if value else ():
            if limit.slot and limit.papers_of == word:
                yield norm, limit


class _Dossiers:
    """Which papers the book keeps, of what, and which tasks have any."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._kept: dict[_Subject, set[str]] = defaultdict(set)
        for row in records(facts["documents"]):
            word, _, name = str(row.for_).partition(" ")
            if word in _OWNERS:
                self._kept[str(row.book), word, name.strip()].add(str(row.slot))
        self._tasks: dict[_Subject, str] = {}
        if self._kept:
            for word, (frame, column) in _OWNERS.items():
                rows = facts[frame]
                columns = (rows[part].astype("str") for part in ("book", column, "task"))
                for book, name, task in zip(*columns, strict=True):
                    self._tasks[book, word, name] = task
        self._opened = {
            (subject[0], task) for subject in self._kept if (task := self.task_of(subject))
        }

    @property
    def any(self) -> bool:
        """Whether any book keeps a paper of a task."""
        return bool(self._opened)

    def task_of(self, subject: _Subject) -> str | None:
        """The task of something declared."""
        return self._tasks.get(subject)

    def declared(self, subject: _Subject) -> Any:  # noqa: ANN401  # a record
        """The row in which something is declared."""
        book, word, name = subject
        frame, column = _OWNERS[word]
        rows = self._facts[frame]
        return next(records(rows[(rows["book"] == book) & (rows[column] == name)]))

    def opened(self, book: str, task: str) -> bool:
        """Whether the book keeps any paper of a task."""
        return (book, task) in self._opened

    def has(self, subject: _Subject, slot: str) -> bool:
        """Whether the book keeps one paper of a subject."""
        return slot in self._kept.get(subject, set())


def _judged(paper: _Paper, spent: pd.DataFrame, dossiers: _Dossiers) -> Assessment:
    book, word, name = paper.subject
    subject, slot = f"{word} {name} {paper.limit.slot}", str(paper.limit.slot)
    if not dossiers.opened(book, paper.task):
        reason = Text(
            "nhiệm vụ chưa lưu tài liệu trong sổ", "the task keeps no document in the book"
        )
        return Assessment(subject, Verdict.NOT_APPLICABLE, book, reason=reason)
    row = dossiers.declared(paper.subject)
    ceiling = paper.limit.at_most
    if word == "contract" and ceiling is not None and row.value <= ceiling:
        reason = Text(
            "hợp đồng dưới mức phải gửi Kho bạc", "a contract the treasury does not ask for"
        )
        return Assessment(subject, Verdict.NOT_APPLICABLE, book, reason=reason)
    if dossiers.has(paper.subject, slot):
        return Assessment(subject, Verdict.PASS, book, norms=(paper.norm,))
    rows = spent[(spent["book"] == book) & (spent[word] == name)]
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        norms=(paper.norm,),
        decided_on=paper.day,
        at_issue=0,
        values={
            "subject": subject_name(f"{word} {name}"),
            "task": paper.task,
            "spent": int(paper.spent),
            "paper": slot_name(slot),
        },
        evidence=(declared(row, f"{word} {name}"), *evidence_of(in_order(rows), 0)[-1:]),
        review=True,
    )
