"""A run against an earlier one: what is new since then (so với lần kiểm tra trước)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

from ledger.problems import BadInputError, Problem
from ledger.text import Text
from rules.finding import Change, Comparison, Past
from rules.severity import Severity

if TYPE_CHECKING:
    from rules.finding import Finding, Outcome


class Baseline(NamedTuple):
    """The findings that counted in an earlier run.

    Attributes:
        file: where they were written down.
        as_of: the day at which they were judged, ISO.
        programmes: codes of the programmes that were checked.
    """

    file: str
    as_of: str
    programmes: frozenset[str]
    findings: tuple[Past, ...]


def compare(outcome: Outcome, baseline: Baseline) -> Outcome:
    """The outcome with only what is new since the baseline; the rest is kept beside it.

    A finding whose severity or amount at issue rose since then is reported again: more money in
    question is news, though its fingerprint is the old one.

    Raises:
        BadInputError: the baseline is of other programmes.
    """
    _refuse_other_book(outcome, baseline)
    before = {past.fingerprint: past for past in baseline.findings}
    changes = {f.fingerprint: _change(f, before.get(f.fingerprint)) for f in outcome.findings}
    unchanged = tuple(f for f in outcome.findings if changes[f.fingerprint] is Change.UNCHANGED)
    now = {finding.fingerprint for finding in (*outcome.findings, *outcome.accepted)}
    return dataclasses.replace(
        outcome,
        findings=tuple(
            dataclasses.replace(f, change=changes[f.fingerprint])
            for f in outcome.findings
            if changes[f.fingerprint] is not Change.UNCHANGED
        ),
        compared=Comparison(
            file=baseline.file,
            as_of=baseline.as_of,
            unchanged=unchanged,
            absent=tuple(past for past in baseline.findings if past.fingerprint not in now),
        ),
    )


def _change(finding: Finding, past: Past | None) -> Change:
    if past is None:
        return Change.NEW
    risen = finding.at_issue > past.at_issue or finding.severity > Severity[past.severity.upper()]
    return Change.GROWN if risen else Change.UNCHANGED


def _refuse_other_book(outcome: Outcome, baseline: Baseline) -> None:
    here = {programme["code"] for programme in outcome.programmes}
    if here == baseline.programmes:
        return
    ours, theirs = ", ".join(sorted(here)), ", ".join(sorted(baseline.programmes))
    text = Text(
        f"kết quả lần trước là của chương trình {theirs}, sổ đang kiểm tra là của {ours}",
        f"the baseline is of the programme {theirs}, the book checked is of {ours}",
    )
    remedy = Text(
        "nêu tệp JSON của lần kiểm tra trước với chính các sổ này",
        "name the JSON file of an earlier check of these very books",
    )
    raise BadInputError([Problem(baseline.file, 0, text, remedy)])
