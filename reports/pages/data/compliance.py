"""What the rules found, by rule, and what they tested (tuân thủ)."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text, dong
from rules.finding import total_at_issue
from rules.severity import FindingKind, Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ledger.facts import Facts
    from rules.finding import Finding, Outcome, Tally

_OF_TASK: Final = re.compile(r"\btask (NV\w+)")
# Declarations that name a task, whose lines findings point at.
_DECLARED: Final = ("tasks", "contracts", "events", "supports", "outputs")


class RuleGroup(NamedTuple):
    """The findings of one rule at one severity.

    Attributes:
        review: the findings ask for an explanation and claim no violation.
        findings: those of no task come last.
        tasks: the task of each finding; empty for those of none.
        at_issue: each dong once, VND.
    """

    code: str
    title: Text
    severity: Severity
    review: bool
    findings: tuple[Finding, ...]
    tasks: tuple[str, ...]
    at_issue: int


class Compliance(NamedTuple):
    """The page."""

    groups: tuple[RuleGroup, ...]
    counts: tuple[tuple[Severity, int], ...]  # before the page's own choice of severity
    by_task: tuple[tuple[str, int], ...]  # before its choice of task; "" for findings of none
    wrong: int  # VND, each dong once; ``asked`` likewise, without what is wrong as well
    asked: int
    tallies: tuple[Tally, ...]
    tested: int
    unknown: int
    reasons: tuple[tuple[Text, int], ...]
    left_out: tuple[Text, ...]
    accepted: tuple[Finding, ...] = ()  # what the book itself accepts, and no count holds
    accepted_amount: int = 0  # VND, each dong once


class Chosen(NamedTuple):
    """What the page was asked to show.

    Attributes:
        severity: only these; None for all.
        code: only rules whose code begins so.
        task: only findings of this task, ``NO_TASK`` for those of none; empty for all.
    """

    severity: Severity | None = None
    code: str = ""
    task: str = ""


NO_TASK: Final = "-"


def compliance(
    outcome: Outcome,
    findings: Sequence[Finding],
    chosen: Chosen,
    task_of: Callable[[Finding], str],
) -> Compliance:
    """The page's content.

    Args:
        outcome: of the whole book.
        findings: those that pass Fava's filters.
        chosen: what the page was asked to show.
        task_of: as ``tasks_of`` gives it.
    """
    kept = [
        finding
        for finding in findings
        if chosen.severity in {None, finding.severity} and finding.code.startswith(chosen.code)
    ]
    by_task = Counter(map(task_of, kept))
    wanted = "" if chosen.task == NO_TASK else chosen.task
    shown = [one for one in kept if not chosen.task or task_of(one) == wanted]
    wrong = total_at_issue(f for f in shown if f.kind is FindingKind.FAIL)
    counts = Counter(finding.severity for finding in findings)
    reasons: Counter[Text] = Counter()
    for tally in outcome.tallies:
        reasons.update(dict(tally.reasons))
    accepted = [
        finding
        for finding in outcome.accepted
        if finding.code.startswith(chosen.code) and (not chosen.task or task_of(finding) == wanted)
    ]
    return Compliance(
        groups=tuple(_groups(shown, task_of)),
        counts=tuple((level, counts[level]) for level in reversed(Severity)),
        by_task=tuple(sorted(by_task.items(), key=lambda one: (one[0] == "", one[0]))),
        wrong=wrong,
        asked=total_at_issue(shown) - wrong,
        tallies=outcome.tallies,
        tested=sum(tally.tested for tally in outcome.tallies),
        unknown=reasons.total(),
        reasons=tuple(reasons.most_common()),
        left_out=outcome.left_out,
        accepted=tuple(sorted(accepted, key=lambda one: (-one.severity, one.code, one.subject))),
        accepted_amount=total_at_issue(accepted),
    )


def tasks_of(facts: Facts) -> Callable[[Finding], str]:
    """The task of a finding: of most money among its rows, else of what it declares or names."""
    postings = facts["postings"]
    of_posting = dict(
        zip(postings["posting"].tolist(), postings["task"].astype("str").tolist(), strict=True)
    )
    of_line = {
        (str(file), int(line)): str(task)
        for name in _DECLARED
        for file, line, task in facts[name][["file", "line", "task"]].itertuples(index=False)
    }

    def task_of(finding: Finding) -> str:
        money: Counter[str] = Counter()
        for row in finding.evidence:
            task = of_posting.get(row.posting) or of_line.get((row.file, row.line), "")
            if task:
                money[task] += 1 + max(row.at_issue, 0)
        if money:
            return max(sorted(money), key=lambda task: money[task])
        named = _OF_TASK.search(finding.subject)
        return named[1] if named else ""

    return task_of


def _groups(findings: Iterable[Finding], task_of: Callable[[Finding], str]) -> Iterator[RuleGroup]:
    ordered = sorted(findings, key=lambda f: (-f.severity, f.code))
    for _, part in groupby(ordered, key=lambda f: (f.severity, f.code)):
        told = [(task_of(finding), finding) for finding in part]
        told.sort(key=lambda one: (not one[0], one[0], -one[1].at_issue, one[1].subject))
        alike = tuple(finding for _, finding in told)
        first = alike[0]
        yield RuleGroup(
            first.code,
            first.title,
            first.severity,
            first.kind is FindingKind.REVIEW,
            alike,
            tuple(task for task, _ in told),
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


def explanation_of(finding: Finding, day: dt.date) -> str:
    """The directive by which the head of the unit explains a finding, to be filled in."""
    return "\n".join(
        (
            f'{day} custom "explanation" "{finding.code}" "{finding.fingerprint}"',
            '  person: "…"',
            '  reason: "…"',
        )
    )


def amount(value: int) -> str:
    """An amount as printed; nothing where there is none."""
    return dong(value) if value else "–"
