"""A run against an earlier one: what is new since then (so với lần kiểm tra trước)."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ledger.problems import BadInputError, Problem
from ledger.text import Text
from rules.finding import Change, Comparison
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.finding import Finding, Outcome, Past, Selection


class Book(NamedTuple):
    """What tells one book from another, wherever it lies."""

    code: str
    unit_code: str
    budget_year: str


class Baseline(NamedTuple):
    """The findings that counted in an earlier run.

    Attributes:
        file: where they were written down.
        as_of: the day at which they were judged, ISO.
        books: what was checked.
        codes: of the rules that were asked.
        selection: as which they were asked for.
    """

    file: str
    as_of: str
    books: frozenset[Book]
    codes: frozenset[str]
    selection: Selection
    findings: tuple[Past, ...]


class _Weight(NamedTuple):
    """How grave the findings of one fingerprint are together.

    Attributes:
        at_issue: VND.
    """

    severity: Severity
    at_issue: int


def compare(outcome: Outcome, baseline: Baseline) -> Outcome:
    """The outcome with only what is new since the baseline; the rest is kept beside it.

    What the earlier run was not asked, or what it could not see, is neither new nor gone.

    A finding whose severity or amount at issue rose since then is reported again: more money in
    question is news, though its fingerprint is the old one.

    Raises:
        BadInputError: the baseline is of other books.
    """
    _refuse_other_book(outcome, baseline)
    before = _weights((f.fingerprint, Severity[f.severity.upper()], f) for f in baseline.findings)
    now = _weights((f.fingerprint, f.severity, f) for f in outcome.findings)
    changes = {mark: _change(weight, before.get(mark)) for mark, weight in now.items()}
    later = outcome.as_of.isoformat() < baseline.as_of
    told = [
        dataclasses.replace(f, change=changes[f.fingerprint])
        if f.fingerprint in before or (_looked_at(f, baseline) and not later)
        else f
        for f in outcome.findings
    ]
    there = {finding.fingerprint for finding in (*outcome.findings, *outcome.accepted)}
    gone = tuple(past for past in baseline.findings if past.fingerprint not in there)
    return dataclasses.replace(
        outcome,
        findings=tuple(f for f in told if f.change is not Change.UNCHANGED),
        compared=Comparison(
            file=baseline.file,
            as_of=baseline.as_of,
            selection=baseline.selection,
            unchanged=tuple(f for f in told if f.change is Change.UNCHANGED),
            absent=() if later else gone,
            beyond=gone if later else (),
        ),
    )


def _looked_at(finding: Finding, baseline: Baseline) -> bool:
    """Whether the earlier run would have told such a finding."""
    return finding.code in baseline.codes and baseline.selection.has_kind(finding.kind)


def _weights(findings: Iterable[tuple[str, Severity, Finding | Past]]) -> dict[str, _Weight]:
    """Findings by fingerprint; those of two books of one programme may share one."""
    weights: dict[str, _Weight] = defaultdict(lambda: _Weight(Severity.NOTE, 0))
    for mark, severity, finding in findings:
        known = weights[mark]
        weights[mark] = _Weight(max(severity, known.severity), known.at_issue + finding.at_issue)
    return dict(weights)


def _change(now: _Weight, before: _Weight | None) -> Change:
    if before is None:
        return Change.NEW
    risen = now.at_issue > before.at_issue or now.severity > before.severity
    return Change.GROWN if risen else Change.UNCHANGED


def _refuse_other_book(outcome: Outcome, baseline: Baseline) -> None:
    here = frozenset(
        Book(programme["code"], programme["unit_code"], programme["budget_year"])
        for programme in outcome.programmes
    )
    # A programme of a later year declared since then makes no other book of it.
    units = {book.unit_code for book in here}
    if baseline.books and baseline.books <= here and units == {b.unit_code for b in baseline.books}:
        return
    ours, theirs = _named(here), _named(baseline.books)
    text = Text(
        f"kết quả lần trước là của chương trình {theirs.vi}, sổ đang kiểm tra là của {ours.vi}",
        f"the baseline is of the programme {theirs.en}, the book checked is of {ours.en}",
    )
    remedy = Text(
        "nêu tệp JSON của lần kiểm tra trước với chính các sổ này",
        "name the JSON file of an earlier check of these very books",
    )
    raise BadInputError([Problem(baseline.file, 0, text, remedy)])


def _named(books: Iterable[Book]) -> Text:
    ordered = sorted(books)
    return Text(
        ", ".join(
            f"{b.code} (đơn vị {b.unit_code or '?'}, niên độ {b.budget_year})" for b in ordered
        ),
        ", ".join(f"{b.code} (unit {b.unit_code or '?'}, year {b.budget_year})" for b in ordered),
    )
