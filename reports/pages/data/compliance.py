"""What the rules found, by rule, and what they tested (tuân thủ)."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from ledger.text import Text, dong
from rules.finding import total_at_issue
from rules.severity import FindingKind, Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from rules.finding import Finding, Outcome, Tally


class RuleGroup(NamedTuple):
    """The findings of one rule at one severity.

    Attributes:
        review: the findings ask for an explanation and claim no violation.
        at_issue: each dong once, VND.
    """

    code: str
    title: Text
    severity: Severity
    review: bool
    findings: tuple[Finding, ...]
    at_issue: int


class Compliance(NamedTuple):
    """The page."""

    groups: tuple[RuleGroup, ...]
    counts: tuple[tuple[Severity, int], ...]  # before the page's own choice of severity
    wrong: int  # VND, each dong once; ``asked`` likewise, without what is wrong as well
    asked: int
    tallies: tuple[Tally, ...]
    tested: int
    unknown: int
    reasons: tuple[tuple[Text, int], ...]
    left_out: tuple[Text, ...]


def compliance(
    outcome: Outcome, findings: Sequence[Finding], severity: Severity | None, code: str
) -> Compliance:
    """The page's content.

    Args:
        outcome: of the whole book.
        findings: those that pass Fava's filters.
        severity: only these; None for all.
        code: only rules whose code begins so.
    """
    chosen = [
        finding
        for finding in findings
        if severity in {None, finding.severity} and finding.code.startswith(code)
    ]
    wrong = total_at_issue(f for f in chosen if f.kind is FindingKind.FAIL)
    counts = Counter(finding.severity for finding in findings)
    reasons: Counter[Text] = Counter()
    for tally in outcome.tallies:
        reasons.update(dict(tally.reasons))
    return Compliance(
        groups=tuple(_groups(chosen)),
        counts=tuple((level, counts[level]) for level in reversed(Severity)),
        wrong=wrong,
        asked=total_at_issue(chosen) - wrong,
        tallies=outcome.tallies,
        tested=sum(tally.tested for tally in outcome.tallies),
        unknown=reasons.total(),
        reasons=tuple(reasons.most_common()),
        left_out=outcome.left_out,
    )


def _groups(findings: Iterable[Finding]) -> Iterable[RuleGroup]:
    ordered = sorted(findings, key=lambda f: (-f.severity, f.code, -f.at_issue, f.subject))
    for _, part in groupby(ordered, key=lambda f: (f.severity, f.code)):
        alike = tuple(part)
        first = alike[0]
        yield RuleGroup(
            first.code,
            first.title,
            first.severity,
            first.kind is FindingKind.REVIEW,
            alike,
            total_at_issue(alike),
        )


def waiver_of(finding: Finding, day: dt.date) -> str:
    """The directive by which an auditor accepts a finding, with what is to be filled in."""
    lines = [
        f'{day} custom "waiver" "{finding.code}" "{finding.fingerprint}"',
        '  by: "…"',
        '  reason: "…"',
        f"  until: {day.replace(month=12, day=31)}",
    ]
    if finding.at_issue:
        lines.append(f"  up-to: {finding.at_issue}")
    return "\n".join(lines)


def amount(value: int) -> str:
    """An amount as printed; nothing where there is none."""
    return dong(value) if value else "–"
