"""What every finding of every rule promises, whatever it is about.

Evidence stands in the book as it is told and bears no more than is at issue; a message is whole,
says the same numbers in both languages, and prints every value that the rule gives it.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

from rules.assessment import Verdict
from rules.citation import BOOK_PLAN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.assessment import Assessment, Evidence
    from rules.finding import Finding
    from rules.law import Law
    from rules.rule import Described

_UNFIT = re.compile(r"[{}]|Text\(|\b(?:None|nan|NaN|NaT|True|False)\b|<NA>")
_NUMBER = re.compile(r"\d+")


def broken_by(finding: Finding, facts: Facts) -> Iterator[str]:
    """The promises that a finding does not keep, in words."""
    if not finding.evidence:
        yield "no evidence"
    if finding.at_issue < 0:
        yield "a negative amount at issue"
    if finding.rests_on_law != bool(finding.citations):
        yield f"rests on law: {finding.rests_on_law}, cites {len(finding.citations)}"
    borne = sum(row.at_issue for row in finding.evidence)
    if borne > finding.at_issue:
        yield f"its evidence bears {borne} of {finding.at_issue}"
    postings = [(row.book, row.posting) for row in finding.evidence if row.posting >= 0]
    if len(postings) != len(set(postings)):
        yield "a posting stands twice in its evidence"
    if borne < finding.at_issue and any(row.at_issue for row in finding.evidence):
        room = sum(abs(row.amount) for row in finding.evidence)
        yield f"its evidence bears {borne} of {finding.at_issue}, with room for {room}"
    for row in finding.evidence:
        yield from _evidence(row, facts)
    yield from _message(finding)


def _evidence(row: Evidence, facts: Facts) -> Iterator[str]:
    if not 0 <= row.at_issue <= abs(row.amount):
        yield f"line {row.line} bears {row.at_issue} of {row.amount}"
    if row.line < 1 or row.file not in set(facts["files"]["file"].astype(str)):
        yield f"evidence at {row.file}:{row.line}"
    if row.posting >= 0:
        frame = facts["postings"]
        there = frame[frame["posting"] == row.posting].iloc[0]
        told = (row.book, row.file, row.line, row.date, row.text, row.amount)
        stands = (
            *(there["book"], there["file"], there["line"], f"{there['date']:%Y-%m-%d}"),
            *(there["narration"], there["amount"]),
        )
        if told != stands:
            yield f"evidence {told} for {stands}"


def _message(finding: Finding) -> Iterator[str]:
    for text in (finding.message.vi, finding.message.en):
        if not text or _UNFIT.search(text) or "  " in text or text != text.strip():
            yield f"message {text!r}"
    vi, en = (sorted(_NUMBER.findall(text)) for text in finding.message)
    if vi != en:
        yield f"numbers {vi} in Vietnamese, {en} in English"


def misplaced(item: Assessment, facts: Facts) -> Iterator[str]:
    """Whether an assessment, passes too, names a book that is none."""
    if item.book and item.book not in set(facts["files"]["book"].astype(str)):
        yield f"{item.subject}: no book {item.book!r}"
    if item.verdict is Verdict.FAIL and not item.book and item.evidence:
        yield f"{item.subject}: fails in no book"


def plan_unsaid(rule: Described, law: Law, day: dt.date) -> Iterator[str]:
    """Whether a rule says wrongly that its ground is the plan of one programme, or is not."""
    cited = [law.cite(norm, day) for norm in rule.basis if norm in law.norms]
    if cited and rule.rests_on_plan != any(one.of_plan for one in cited):
        yield f"{rule.code}: rests on a plan: {rule.rests_on_plan}"


def unread(rule: Described, finding: Finding, law: Law) -> Iterator[str]:
    """Norms that a finding cites and the rule denies to read."""
    cited = (law.norms[one.norm] for one in finding.citations if one.norm != BOOK_PLAN)
    yield from (f"{rule.code}: cites {norm.id}" for norm in cited if not rule.reads(norm))


def never_found(rule: Described, law: Law) -> Iterator[str]:
    """Norms that a rule says it reads and cannot find: of no content of spending, named nowhere."""
    for norm in law.norms.values():
        named = norm.id in {*rule.basis, *rule.chosen} or norm.activity is not None
        limits = [limit for value in norm.values for limit in value.limits or ()]
        asks = any(limit.requires for limit in limits)
        if rule.reads(norm) and not named and not asks:
            yield f"{rule.code}: reads {norm.id}"


def unprinted(rule: Described, item: Assessment) -> Iterator[str]:
    """Values of an assessment that the message of the rule leaves out."""
    for text in rule.message:
        fields = {field for _, field, _, _ in Formatter().parse(text) if field}
        for name in sorted(set(item.values) - fields):
            yield f"{rule.code}: the message does not print {name}"
