"""What a rule says of one subject it looked at (kết quả kiểm tra một đối tượng)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from ledger.text import Text


class Verdict(StrEnum):
    """The outcome of one look."""

    PASS = "pass"  # noqa: S105  # SARIF's word, no password
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"  # chưa kiểm được


# What fills the placeholders of a message: words, of one language or of both, and numbers.
Values: TypeAlias = "Mapping[str, str | int | Text]"


class Evidence(NamedTuple):
    """One row of the book behind an assessment.

    Attributes:
        file: absolute path.
        line: 1-based.
        date: of the transaction or declaration, ISO; empty where none.
        text: narration, or what is declared.
        amount: VND, 0 for a declaration.
        book: the book's top file.
        posting: the row of ``postings`` in this run, or -1 for a declaration.
        at_issue: the part of the amount that the finding calls in question, VND.
    """

    file: str
    line: int
    date: str
    text: str
    amount: int
    book: str
    posting: int
    at_issue: int


class Assessment(NamedTuple):
    """One subject looked at by one rule.

    Attributes:
        subject: stable name, e.g. ``NV02/NSTP/2021``; a waiver holds on to it.
        verdict: what came out.
        book: the top file of the book that the subject stands in.
        norms: ids of the norms that decide, the binding one first.
        decided_on: the day whose law applies; None takes the run's as-of.
        observed: what the book shows, VND unless the rule says otherwise.
        allowed: what the norm allows, in the same unit.
        at_issue: the amount called in question, VND.
        values: what fills the rule's message; a number is printed with its thousands parted, as
            the language does.
        evidence: rows of the book.
        population: how many alike subjects this stands for; passes of one rule over thousands
            of postings are one assessment.
        review: the book merely does not show the thing, so that the finding asks, not accuses.
        in_book: the book contradicts itself, whatever the law says: how far the text cited is
            verified does not lower the finding.
        reason: why the verdict is unknown or not applicable.
    """

    subject: str
    verdict: Verdict
    book: str = ""
    norms: tuple[str, ...] = ()
    decided_on: dt.date | None = None
    observed: int | None = None
    allowed: int | None = None
    at_issue: int = 0
    values: Mapping[str, str | int | Text] = {}
    evidence: tuple[Evidence, ...] = ()
    population: int = 1
    review: bool = False
    in_book: bool = False
    reason: Text | None = None


def passed(count: int) -> list[Assessment]:
    """The passes of a rule that looks at rows in bulk; none where there are none."""
    if count <= 0:
        return []
    return [Assessment(subject="", verdict=Verdict.PASS, population=count)]


def not_concerned(count: int, reason: Text) -> list[Assessment]:
    """The subjects that a rule does not concern, in bulk, with why; none where there are none."""
    if count <= 0:
        return []
    return [Assessment(subject="", verdict=Verdict.NOT_APPLICABLE, population=count, reason=reason)]
