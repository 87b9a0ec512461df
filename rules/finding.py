"""Findings and the outcome of a run: plain data that needs neither pandas nor Beancount.

An unchanged book is answered from a stored outcome, so this module stays light to import.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.text import Text
from rules.assessment import Evidence, Verdict
from rules.citation import Citation
from rules.severity import FindingKind, Grade, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable


class Acceptance(NamedTuple):
    """A waiver in force over a finding (đã chấp nhận).

    Attributes:
        until: the last day on which it holds, ISO; empty for no end.
        up_to: VND; None for any amount.
        file: where the waiver stands.
        own: whether it is the auditor's own and not the audited book's.
    """

    by: str
    reason: str
    until: str
    up_to: int | None
    file: str
    line: int
    own: bool


class Answer(NamedTuple):
    """What the head of the unit says of a finding (giải trình); it silences nothing."""

    person: str
    reason: str
    document: str
    date: str
    file: str
    line: int


class WaiverState(StrEnum):
    """What came of a waiver: the first of these that holds."""

    LEFT_OUT = "left-out"
    REASONLESS = "reasonless"
    EXPIRED = "expired"
    UNUSED = "unused"
    EXCEEDED = "exceeded"
    IN_USE = "in-use"


class WaiverUse(NamedTuple):
    """A waiver that a run met, whatever came of it.

    Attributes:
        code: of the rule that it names.
        fingerprint: of the finding that it names.
        at_issue: VND that the findings it names call in question; 0 where there are none.
    """

    code: str
    fingerprint: str
    acceptance: Acceptance
    state: WaiverState
    at_issue: int


class Change(StrEnum):
    """A finding against an earlier run; the words are SARIF's."""

    NEW = "new"
    GROWN = "updated"  # more at issue, or graver, than it was
    UNCHANGED = "unchanged"
    ABSENT = "absent"


class Past(NamedTuple):
    """A finding of an earlier run, as it was written down then.

    Attributes:
        severity: ``note``, ``warning`` or ``error``.
        at_issue: VND.
        kind: ``fail`` or ``review``; empty where it was not written down.
    """

    code: str
    title: str
    severity: str
    message: str
    file: str
    line: int
    at_issue: int
    fingerprint: str
    kind: str = ""


class NormUse(NamedTuple):
    """A norm that one rule measured subjects against.

    Attributes:
        subjects: how many.
        failed: how many of them did not hold.
    """

    citation: Citation
    subjects: int
    failed: int


class FigureChange(NamedTuple):
    """A figure that ships and what stands in its place.

    Attributes:
        since: the first day on which they differ, ISO.
        before: the figure that ships, in words; ``now`` likewise.
        loosened: whether what stands in its place allows more.
    """

    since: str
    before: Text
    now: Text
    loosened: bool


class OwnFigure(NamedTuple):
    """A norm that ships and that a file of norms beside it replaces by other figures.

    Attributes:
        text: what the norm that ships limits.
        file: the norm file that replaces it.
        reader: who answers for that file.
        own: whether the file is the auditor's own and not the audited book's.
        findings: how many findings there would be more by the figures that ship; 0 where none
            of them was loosened.
        at_issue: what those call in question, VND.
    """

    norm: str
    instrument: str
    text: Text
    changes: tuple[FigureChange, ...]
    file: str
    reader: str
    own: bool
    findings: int = 0
    at_issue: int = 0

    @property
    def loosened(self) -> bool:
        """Whether any of its figures allows more than the one that ships."""
        return any(change.loosened for change in self.changes)


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """A failed assessment, ready to be printed.

    Attributes:
        fingerprint: of the book's first programme, rule and subject, not of amounts: it survives
            edits elsewhere and the programmes of later years.
        programme: the code of the programme of the budget year that the finding is about; the
            book's first where it is about none or several.
        rests_on_law: False for a rule of the book itself.
        in_book: the book contradicts itself, so that the gravity does not hang on the law.
        citations: the norm that decides first; empty for a rule of the book itself.
        at_issue: VND.
        evidence: rows of the book; the first is where the finding is shown.
        acceptance: the waiver in force over it; None where it counts.
        answers: explanations that the book gives.
        change: against an earlier run; None where there is none to compare with, or where that
            run did not look at such findings.
    """

    code: str
    name: str
    title: Text
    severity: Severity
    kind: FindingKind
    message: Text
    subject: str
    programme: str
    book: str
    rests_on_law: bool
    citations: tuple[Citation, ...]
    observed: int | None
    allowed: int | None
    at_issue: int
    evidence: tuple[Evidence, ...]
    fingerprint: str
    in_book: bool = False
    acceptance: Acceptance | None = None
    answers: tuple[Answer, ...] = ()
    change: Change | None = None

    @property
    def place(self) -> tuple[str, int]:
        """File and line where the finding is shown."""
        return (self.evidence[0].file, self.evidence[0].line) if self.evidence else (self.book, 1)


def fingerprint(programme: str, code: str, subject: str) -> str:
    """The stable mark of one finding."""
    return hashlib.sha256(f"{programme}\0{code}\0{subject}".encode()).hexdigest()[:16]


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """How many subjects one rule looked at, by verdict.

    Attributes:
        reasons: why subjects could not be tested, each with their number.
        norms: what the subjects were measured against.
    """

    code: str
    name: str
    title: Text
    counts: dict[Verdict, int]
    reasons: tuple[tuple[Text, int], ...] = ()
    norms: tuple[NormUse, ...] = ()

    @property
    def tested(self) -> int:
        """Subjects with an answer."""
        return self.counts.get(Verdict.PASS, 0) + self.counts.get(Verdict.FAIL, 0)

    @property
    def unknown(self) -> int:
        """Subjects that could not be tested for want of a figure."""
        return self.counts.get(Verdict.UNKNOWN, 0)


class Selection(NamedTuple):
    """What of a run was asked for; all of it where nothing is named.

    Attributes:
        select: codes of rules, or their beginnings; ``ignore`` likewise, to be left out.
        kind: only findings of this kind: ``fail`` or ``review``.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    kind: str = ""

    def has(self, code: str) -> bool:
        """Whether a rule was asked."""
        asked = not self.select or code.startswith(self.select)
        return asked and not (self.ignore and code.startswith(self.ignore))

    def has_kind(self, kind: str) -> bool:
        """Whether findings of a kind were; what nobody wrote down passes for one of them."""
        return not (self.kind and kind) or kind == self.kind


EVERYTHING: Final = Selection()


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """What a run shares with an earlier one.

    Attributes:
        file: where the earlier one was written down.
        as_of: the day at which it was judged, ISO.
        selection: what of it was asked for.
        unchanged: findings of both, which are not reported again.
        absent: findings of the earlier run alone.
        beyond: those of them that say nothing, as the earlier run was judged at a later day.
    """

    file: str
    as_of: str
    selection: Selection
    unchanged: tuple[Finding, ...]
    absent: tuple[Past, ...]
    beyond: tuple[Past, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """One run of the rules over one or more books.

    Attributes:
        books: their top files.
        programmes: what each book declares: code, title, unit and budget year.
        findings: those that count.
        left_out: what of the books was not obeyed.
        unseen: transactions dated after the day, which nothing looked at.
        unseen_from: file and line of the first of them.
        accepted: findings that a waiver takes out of the count, told apart.
        waivers: every waiver met, the auditor's own first.
        own_norms: norm files that the books bring with them and that were used.
        auditor_norms: norm files of the auditor's own.
        own_figures: figures that ship and that those files replace by others.
        norm_warnings: what of those files is to be looked at.
        selection: what of the run was asked for.
        compared: what is shared with an earlier run; None where there is none to compare with.
    """

    as_of: dt.date
    books: tuple[str, ...]
    programmes: tuple[dict[str, str], ...]
    findings: tuple[Finding, ...]
    tallies: tuple[Tally, ...]
    left_out: tuple[Text, ...]
    unseen: int = 0
    unseen_from: tuple[str, int] | None = None
    accepted: tuple[Finding, ...] = ()
    waivers: tuple[WaiverUse, ...] = ()
    own_norms: tuple[str, ...] = ()
    auditor_norms: tuple[str, ...] = ()
    own_figures: tuple[OwnFigure, ...] = ()
    norm_warnings: tuple[Text, ...] = ()
    selection: Selection = EVERYTHING
    compared: Comparison | None = None

    def only(
        self, select: tuple[str, ...], ignore: tuple[str, ...], kind: FindingKind | None = None
    ) -> Outcome:
        """The outcome of some rules: by code, or by the beginning of a code; and of one kind."""
        asked = Selection(select, ignore, kind.value if kind else "")

        def told(finding: Finding | Past) -> bool:
            return asked.has(finding.code) and asked.has_kind(finding.kind)

        compared = self.compared and dataclasses.replace(
            self.compared,
            unchanged=tuple(filter(told, self.compared.unchanged)),
            absent=tuple(filter(told, self.compared.absent)),
            beyond=tuple(filter(told, self.compared.beyond)),
        )
        return dataclasses.replace(
            self,
            selection=asked,
            compared=compared,
            findings=tuple(filter(told, self.findings)),
            accepted=tuple(filter(told, self.accepted)),
            waivers=tuple(one for one in self.waivers if asked.has(one.code)),
            tallies=tuple(t for t in self.tallies if asked.has(t.code)),
        )


def for_auditee(outcome: Outcome) -> Outcome:
    """The outcome without the auditor's own waivers, and what is said of them."""
    return dataclasses.replace(
        outcome,
        findings=tuple(f for f in outcome.findings if f.book in outcome.books),
        accepted=tuple(f for f in outcome.accepted if f.acceptance and not f.acceptance.own),
        waivers=tuple(one for one in outcome.waivers if not one.acceptance.own),
    )


def total_at_issue(findings: Iterable[Finding]) -> int:
    """What all findings together call in question, each dong once, VND.

    For each posting counts the largest part that any finding calls in question. What a finding
    lays on no posting (a sum that is missing, say) counts by itself.
    """
    by_posting: dict[tuple[str, int], int] = defaultdict(int)
    loose = 0
    for finding in findings:
        laid = 0
        for row in finding.evidence:
            if row.posting >= 0 and row.at_issue:
                key = (row.book, row.posting)
                by_posting[key] = max(by_posting[key], row.at_issue)
                laid += row.at_issue
        loose += max(finding.at_issue - laid, 0)
    return sum(by_posting.values()) + loose


def with_effects(outcome: Outcome, strict: Outcome) -> tuple[OwnFigure, ...]:
    """The figures in the place of those that ship, each with what it keeps from being found.

    Args:
        outcome: by the figures as they were replaced.
        strict: the same by those that ship, wherever they were loosened.
    """
    here: dict[tuple[str, str], int] = defaultdict(int)
    for finding in (*outcome.findings, *outcome.accepted):
        here[finding.book, finding.fingerprint] += finding.at_issue
    return tuple(_with_effect(one, strict.findings, here) for one in outcome.own_figures)


def _with_effect(
    figure: OwnFigure, strict: Iterable[Finding], here: dict[tuple[str, str], int]
) -> OwnFigure:
    if not figure.loosened:
        return figure
    resting = [f for f in strict if figure.norm in {cited.norm for cited in f.citations}]
    gone = [f for f in resting if (f.book, f.fingerprint) not in here]
    less = sum(
        max(f.at_issue - here[f.book, f.fingerprint], 0)
        for f in resting
        if (f.book, f.fingerprint) in here
    )
    return figure._replace(findings=len(gone), at_issue=total_at_issue(gone) + less)


def to_json(outcome: Outcome) -> str:
    """An outcome as JSON text, whole."""
    return json.dumps(dataclasses.asdict(outcome), ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def from_json(text: str) -> Outcome:
    """The outcome that ``to_json`` wrote.

    Raises:
        ValueError, KeyError, TypeError: the text is damaged.
    """
    raw = json.loads(text)
    return Outcome(
        as_of=dt.date.fromisoformat(raw["as_of"]),
        books=tuple(raw["books"]),
        programmes=tuple(raw["programmes"]),
        findings=tuple(_finding(item) for item in raw["findings"]),
        tallies=tuple(_tally(item) for item in raw["tallies"]),
        left_out=tuple(Text(*item) for item in raw["left_out"]),
        unseen=raw["unseen"],
        unseen_from=_place(raw["unseen_from"]),
        accepted=tuple(_finding(item) for item in raw["accepted"]),
        waivers=tuple(_waiver(*item) for item in raw["waivers"]),
        own_norms=tuple(raw["own_norms"]),
        auditor_norms=tuple(raw["auditor_norms"]),
        own_figures=tuple(_own_figure(item) for item in raw["own_figures"]),
        norm_warnings=tuple(Text(*item) for item in raw["norm_warnings"]),
    )


def _finding(raw: dict[str, Any]) -> Finding:
    changed = {
        "severity": Severity(raw["severity"]),
        "kind": FindingKind(raw["kind"]),
        "title": Text(*raw["title"]),
        "message": Text(*raw["message"]),
        "citations": tuple(_citation(item) for item in raw["citations"]),
        "evidence": tuple(Evidence(*item) for item in raw["evidence"]),
        "acceptance": Acceptance(*raw["acceptance"]) if raw["acceptance"] else None,
        "answers": tuple(Answer(*item) for item in raw["answers"]),
    }
    return Finding(**{**raw, **changed})


def _place(raw: list[Any] | None) -> tuple[str, int] | None:
    return (raw[0], raw[1]) if raw else None


def _waiver(
    code: str, fingerprint: str, acceptance: list[Any], state: str, at_issue: int
) -> WaiverUse:
    return WaiverUse(code, fingerprint, Acceptance(*acceptance), WaiverState(state), at_issue)


def _own_figure(raw: list[Any]) -> OwnFigure:
    norm, instrument, text, changes, *rest = raw
    told = tuple(
        FigureChange(since, Text(*before), Text(*now), loosened)
        for since, before, now, loosened in changes
    )
    return OwnFigure(norm, instrument, Text(*text), told, *rest)


def _citation(raw: list[Any]) -> Citation:
    norm, instrument, article, text, grade, *rest = raw
    known = Grade(grade) if grade else None
    return Citation(norm, instrument, article, Text(*text), known, *rest)


def _tally(raw: dict[str, Any]) -> Tally:
    return Tally(
        code=raw["code"],
        name=raw["name"],
        title=Text(*raw["title"]),
        counts={Verdict(key): count for key, count in raw["counts"].items()},
        reasons=tuple((Text(*text), count) for text, count in raw["reasons"]),
        norms=tuple(NormUse(_citation(cited), *counts) for cited, *counts in raw["norms"]),
    )
