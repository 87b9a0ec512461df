"""Waivers: an auditor's reasoned acceptance of one finding (chấp nhận phát hiện)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ledger import directives
from ledger.problems import BadInputError, Problem
from ledger.text import Text
from rules.assessment import Assessment, Evidence, Verdict, passed
from rules.finding import Acceptance, Answer, WaiverState, WaiverUse
from rules.rows import declared, records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ledger.declare import Declared
    from ledger.facts import Facts
    from rules.finding import Finding

# Book, code and fingerprint: what a waiver or an explanation holds on to.
Key = tuple[str, str, str]


def key_of(finding: Finding) -> Key:
    """The name of a finding in one run."""
    return (finding.book, finding.code, finding.fingerprint)


class Waiver(NamedTuple):
    """One waiver with the place where it stands.

    Attributes:
        book: the book that brought it; for an auditor's own, the file that it stands in.
        own: whether it is the auditor's own and not the audited book's.
        until: the last day on which it holds; None for no end.
        up_to: VND; None for any amount.
    """

    code: str
    fingerprint: str
    by: str
    reason: str
    until: dt.date | None
    up_to: int | None
    place: Evidence
    book: str
    own: bool

    @property
    def subject(self) -> str:
        """What a finding about the waiver is about."""
        return f"waiver {self.code} {self.fingerprint}"

    @property
    def acceptance(self) -> Acceptance:
        """What is printed of it."""
        return Acceptance(
            by=self.by,
            reason=self.reason,
            until=self.until.isoformat() if self.until else "",
            up_to=self.up_to,
            file=self.place.file,
            line=self.place.line,
            own=self.own,
        )


class Match(NamedTuple):
    """A waiver, what came of it, and the findings that it names.

    Attributes:
        named: every finding of its code and fingerprint that it reaches.
        accepted: the names of those that it takes out of the count.
        at_issue: the most that the findings of one name call in question together, VND.
    """

    waiver: Waiver
    state: WaiverState
    named: tuple[Finding, ...] = ()
    accepted: frozenset[Key] = frozenset()
    at_issue: int = 0

    @property
    def use(self) -> WaiverUse:
        """What is printed of it."""
        waiver = self.waiver
        return WaiverUse(
            waiver.code, waiver.fingerprint, waiver.acceptance, self.state, self.at_issue
        )


def book_waivers(facts: Facts) -> list[Waiver]:
    """The waivers that the books bring with them."""
    return [
        Waiver(
            code=str(row.code),
            fingerprint=str(row.fingerprint),
            by=str(row.by),
            reason=str(row.reason),
            until=None if pd.isna(row.until) else row.until.date(),
            up_to=None if pd.isna(row.up_to) else int(row.up_to),
            place=declared(row, f"waiver {row.code} {row.fingerprint}"),
            book=str(row.book),
            own=False,
        )
        for row in records(facts["waivers"])
    ]


def own_waivers(given: Iterable[Declared]) -> list[Waiver]:
    """An auditor's own waivers, which no book brings; they count whatever day they carry."""
    return [_own(item, item.model) for item in given if isinstance(item.model, directives.Waiver)]


def _own(item: Declared, model: directives.Waiver) -> Waiver:
    text = f"waiver {model.code} {model.fingerprint}"
    return Waiver(
        code=model.code,
        fingerprint=model.fingerprint,
        by=model.by,
        reason=model.reason,
        until=model.until,
        up_to=model.up_to,
        place=Evidence(item.file, item.line, item.date.isoformat(), text, 0, item.file, -1, 0),
        book=item.file,
        own=True,
    )


def match(waivers: Iterable[Waiver], findings: Sequence[Finding], as_of: dt.date) -> list[Match]:
    """Each waiver with the findings that it names.

    A book's waiver reaches the findings of that book only; an auditor's own reaches all.

    Raises:
        BadInputError: an auditor's own waiver names a finding that this run does not have. The
            auditor copied it from a run, so that it is a slip; in a book it is a finding.
    """
    named: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        named[finding.code, finding.fingerprint].append(finding)
    matches = [
        _match(waiver, named.get((waiver.code, waiver.fingerprint), []), as_of)
        for waiver in waivers
    ]
    slips = [one.waiver for one in matches if one.waiver.own and not one.named]
    if slips:
        raise BadInputError([_slip(waiver, findings) for waiver in slips])
    return matches


def _slip(waiver: Waiver, findings: Sequence[Finding]) -> Problem:
    there = sorted({f.fingerprint for f in findings if f.code == waiver.code})
    known = Text("", "")
    if there:
        listed = ", ".join(there)
        known = Text(f"; {waiver.code} đang có: {listed}", f"; {waiver.code} now has: {listed}")
    return Problem(
        waiver.place.file,
        waiver.place.line,
        Text(
            f"lần kiểm tra này không có phát hiện {waiver.code} nào chấp nhận được mang dấu vân "
            f"«{waiver.fingerprint}»{known.vi}",
            f"this check has no finding {waiver.code} that can be waived with the fingerprint "
            f"“{waiver.fingerprint}”{known.en}",
        ),
        Text(
            "chép mã và dấu vân từ «cnht check SO --format json»; phát hiện không còn thì xóa khai "
            "báo này",
            "copy code and fingerprint from “cnht check BOOK --format json”; where the finding is "
            "gone, delete this waiver",
        ),
    )


def _match(waiver: Waiver, named: Sequence[Finding], as_of: dt.date) -> Match:
    reached = tuple(finding for finding in named if waiver.own or finding.book == waiver.book)
    # Findings of one name are accepted together: halves of a sum must not pass one by one.
    sums: dict[Key, int] = defaultdict(int)
    for finding in reached:
        sums[key_of(finding)] += finding.at_issue
    within = {key for key, at_issue in sums.items() if _reaches(waiver, at_issue)}
    state = _state(waiver, as_of, found=bool(sums), above=len(within) < len(sums))
    holds = state in {WaiverState.IN_USE, WaiverState.EXCEEDED}
    accepted = frozenset(within) if holds else frozenset[Key]()
    return Match(waiver, state, reached, accepted, max(sums.values(), default=0))


def _reaches(waiver: Waiver, at_issue: int) -> bool:
    return waiver.up_to is None or at_issue <= waiver.up_to


def _state(waiver: Waiver, as_of: dt.date, *, found: bool, above: bool) -> WaiverState:
    if not waiver.reason.strip():
        return WaiverState.REASONLESS
    if waiver.until is not None and waiver.until < as_of:
        return WaiverState.EXPIRED
    if not found:
        return WaiverState.UNUSED
    return WaiverState.EXCEEDED if above else WaiverState.IN_USE


def acceptances(matches: Iterable[Match]) -> dict[Key, Acceptance]:
    """Who accepted each finding that is taken out of the count; an auditor's own word is first."""
    accepted: dict[Key, Acceptance] = {}
    for one in sorted(matches, key=lambda one: (not one.waiver.own, one.waiver.place)):
        for key in one.accepted:
            accepted.setdefault(key, one.waiver.acceptance)
    return accepted


def left_out_uses(waivers: Iterable[Waiver]) -> list[WaiverUse]:
    """Waivers of the books that the auditor did not want to be heard, told all the same."""
    return [Match(waiver, WaiverState.LEFT_OUT).use for waiver in waivers]


def answers(facts: Facts) -> dict[Key, tuple[Answer, ...]]:
    """The explanations that the books give, by the finding's name."""
    found: dict[Key, list[Answer]] = defaultdict(list)
    for row in records(facts["explanations"]):
        found[str(row.book), str(row.code), str(row.fingerprint)].append(
            Answer(
                person=str(row.person),
                reason=str(row.reason),
                document=str(row.document),
                date=f"{row.declared:%Y-%m-%d}",
                file=str(row.file),
                line=int(row.line),
            )
        )
    return {
        key: tuple(sorted(items, key=lambda a: (a.date, a.line))) for key, items in found.items()
    }


class Explained(NamedTuple):
    """An explanation of a book, and whether the run has the finding that it names."""

    book: str
    code: str
    fingerprint: str
    person: str
    place: Evidence
    met: bool


def explained(facts: Facts, findings: Iterable[Finding]) -> list[Explained]:
    """Every explanation that the books bring with them."""
    there = {key_of(finding) for finding in findings}
    return [
        Explained(
            *key,
            str(row.person),
            declared(row, f"explanation {row.code} {row.fingerprint}"),
            key in there,
        )
        for row in records(facts["explanations"])
        if (key := (str(row.book), str(row.code), str(row.fingerprint)))
    ]


def judged(
    matches: Sequence[Match],
    state: WaiverState,
    values: Callable[[Match], Mapping[str, str | int | Text]],
) -> Iterator[Assessment]:
    """One assessment a waiver in a state, the rest in bulk; alike ones stand together."""
    alike: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for one in matches:
        if one.state is state:
            alike[one.waiver.book, one.waiver.subject].append(one)
    for (book, subject), ones in sorted(alike.items(), key=lambda item: item[0]):
        first = ones[0]
        exceeded = state is WaiverState.EXCEEDED
        yield Assessment(
            subject,
            Verdict.FAIL,
            book,
            observed=first.at_issue if exceeded else None,
            allowed=first.waiver.up_to if exceeded else None,
            values={"by": first.waiver.by, **values(first)},
            evidence=tuple(sorted(one.waiver.place for one in ones)),
            population=len(ones),
        )
    yield from passed(sum(one.state is not state for one in matches))
