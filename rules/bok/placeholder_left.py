"""BOK507: a place that a new book left to be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.kinds import Effect, kinds_that
from ledger.programmes import in_year
from ledger.text import Text
from rules.assessment import Assessment, Evidence, Verdict, passed
from rules.rows import declared, evidence_of, in_order, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

PLACEHOLDER: Final = "…"  # as the starter book and the documentation write it
# What names a paper, a unit, a code or a person: there the mark is no part of a sentence.
_FIELDS: Final = (
    "plan",
    "decisions",
    "unit",
    "unit_code",
    "budget_level",
    "chapter",
    "kind_item",
    "source_code",
    "treasury_office",
    "signatories",
)


_ESTIMATE: Final = kinds_that(Effect.GIVES)
_NEW: Final = Text(
    "sổ mới có dự toán, chưa có khoản thu, chi nào",
    "the book holds an estimate only, nothing moved yet",
)


class Left(NamedTuple):
    """One place left.

    Attributes:
        text: what stands there.
        evidence: where.
    """

    book: str
    subject: str
    text: str
    evidence: tuple[Evidence, ...]


def placeholders(facts: Facts, budget_year: int | None = None) -> list[Left]:
    """Every place that a new book left to be filled in and nobody did.

    Args:
        facts: of one or more books.
        budget_year: only what concerns it: the programme that speaks for it, its postings and
            the tasks that have any; everything where None.
    """
    programmes, tasks, postings = facts["programme"], facts["tasks"], facts["postings"]
    if budget_year is not None:
        programmes = in_year(facts, budget_year).reset_index()
        postings = postings[postings["budget_year"] == budget_year]
        tasks = tasks[tasks["task"].isin(postings["task"].astype("str").unique())]
    return [*_of_programmes(programmes), *_of_tasks(tasks), *_of_decisions(postings)]


class PlaceholderLeft(Rule):
    """Chỗ còn dấu «…» của sổ mới lập, chưa điền.

    Kiểm tra gì:
        Số kế hoạch, quyết định, tên và mã đơn vị, chương, loại-khoản, nơi giao dịch, người ký của
        chương trình; văn bản duyệt của nhiệm vụ; số quyết định của giao dịch không còn dấu «…».
        Sổ mới chỉ có dự toán thì chưa nhắc: số liệu ấy là ví dụ cho đến khi có khoản đầu tiên.

    Vì sao:
        Sổ mới lập có số liệu ví dụ và chỗ phải điền; còn «…» thì số liệu chưa phải của đơn vị và
        chưa dùng để lập bộ quyết toán chính thức.

    Ví dụ sai:
        2021-01-01 * "Giao dự toán"
          kind: "allotment"
          decision: "…/QĐ-UBND"
          Assets:DuToan:KhaDung:NV02:NSTP   1000 VND
          Equity:GiaoDuToan:NSTP           -1000 VND

    Cách sửa:
        Điền số thật, và xem lại số tiền ví dụ đi cùng:
          decision: "5568/QĐ-UBND"
    """

    code = "BOK507"
    name = "book.placeholder-left"
    title = Text("Còn chỗ chưa điền", "A place not filled in")
    severity = Severity.NOTE
    rests_on_law = False
    message = Text(
        "{subject}: còn «{text}» của sổ mới lập, chưa điền",
        "{subject}: “{text}” of the new book is not filled in",
    )
    english = """What it checks:
    The plan, decisions, unit and its codes, treasury office and signatories of the programme, the
    approvals of tasks and the decisions of transactions hold no “…” any more. A book with nothing
    but its estimate is not told yet: that is an example until the first sum moves.

Why:
    A new book comes with examples and places to fill in; while “…” is left, its figures are not
    those of the unit and no official set is made from them.

How to put it right:
    Write the real number, and look at the example amounts beside it.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a place left; the rest in bulk."""
        found, kept = placeholders(facts), _in_use(facts)
        for left in found:
            if left.book not in kept:
                yield Assessment(left.subject, Verdict.NOT_APPLICABLE, left.book, reason=_NEW)
                continue
            yield Assessment(
                left.subject,
                Verdict.FAIL,
                left.book,
                values={"text": left.text},
                evidence=left.evidence,
            )
        places = len(_FIELDS) * len(facts["programme"]) + len(facts["tasks"])
        yield from passed(places - len(found))


def _in_use(facts: Facts) -> set[str]:
    """The books that record more than what was given."""
    postings = facts["postings"]
    return set(postings.loc[~postings["kind"].isin(_ESTIMATE), "book"].astype(str))


def _of_programmes(programmes: pd.DataFrame) -> Iterator[Left]:
    for row in records(programmes):
        for field in _FIELDS:
            text = str(getattr(row, field))
            if PLACEHOLDER in text:
                subject = f"field programme {field.replace('_', '-')}"
                yield Left(str(row.book), subject, text, (declared(row, subject),))


def _of_tasks(tasks: pd.DataFrame) -> Iterator[Left]:
    for row in records(tasks):
        if PLACEHOLDER in str(row.plan_approval):
            subject = f"task {row.task}"
            yield Left(str(row.book), subject, str(row.plan_approval), (declared(row, subject),))


def _of_decisions(postings: pd.DataFrame) -> Iterator[Left]:
    """Each decision once, whatever the number of its postings."""
    marked = [name for name in postings["decision"].cat.categories if PLACEHOLDER in str(name)]
    if not marked:
        return
    rows = postings[postings["decision"].isin(marked)]
    for (book, decision), own in rows.groupby(["book", "decision"], observed=True):
        shown = evidence_of(in_order(own).head(1))
        yield Left(str(book), f"decision {decision}", str(decision), shown)
