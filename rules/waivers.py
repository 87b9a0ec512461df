"""Waivers: an auditor's reasoned acceptance of one finding (chấp nhận phát hiện)."""

from __future__ import annotations

import re
from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from ledger import directives
from ledger.problems import BadInputError, Problem
from ledger.text import Text
from rules.assessment import Assessment, Evidence, Verdict, passed
from rules.finding import Acceptance, Answer
from rules.rows import declared, records
from rules.rule import catalogue

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ledger.declare import Declared
    from ledger.facts import Facts
    from rules.finding import Finding


_FINGERPRINT: Final = re.compile(r"[0-9a-f]{16}")

Key = tuple[str, str, str, int]


def key_of(finding: Finding) -> Key:
    """What tells the findings of one run apart."""
    return (finding.book, finding.code, finding.fingerprint, finding.at_issue)


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


class State(StrEnum):
    """What came of a waiver: the first of these that holds."""

    REASONLESS = "reasonless"
    EXPIRED = "expired"
    UNUSED = "unused"
    EXCEEDED = "exceeded"
    IN_USE = "in-use"


class Match(NamedTuple):
    """A waiver and the findings that it names.

    Attributes:
        accepted: those that it takes out of the count.
        exceeded: those whose amount at issue is above what was accepted.
    """

    waiver: Waiver
    state: State
    accepted: tuple[Finding, ...] = ()
    exceeded: tuple[Finding, ...] = ()


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
            place=declared(row, _place_text(row.code, row.fingerprint)),
            book=str(row.book),
            own=False,
        )
        for row in records(facts["waivers"])
    ]


def own_waivers(given: Sequence[Declared]) -> list[Waiver]:
    """An auditor's own waivers, which no book brings; they count whatever day they carry.

    Raises:
        BadInputError: one names a rule that does not exist, or what can be no fingerprint.
    """
    known = {rule.code for rule in catalogue()}
    problems = [
        Problem(item.file, item.line, *told)
        for item in given
        if isinstance(model := item.model, directives.Waiver)
        for told in _impossible(model, known)
    ]
    if problems:
        raise BadInputError(problems)
    return [
        Waiver(
            code=model.code,
            fingerprint=model.fingerprint,
            by=model.by,
            reason=model.reason,
            until=model.until,
            up_to=model.up_to,
            place=Evidence(
                item.file,
                item.line,
                item.date.isoformat(),
                _place_text(model.code, model.fingerprint),
                0,
                item.file,
                -1,
                0,
            ),
            book=item.file,
            own=True,
        )
        for item in given
        if isinstance(model := item.model, directives.Waiver)
    ]


def _impossible(model: directives.Waiver, known: set[str]) -> Iterator[tuple[Text, Text]]:
    """What no finding can ever bear, whatever the book says: said at once, with a remedy."""
    remedy = Text(
        "chép mã và dấu vân từ kết quả «cnht check SO --format json»",
        "copy code and fingerprint from “cnht check BOOK --format json”",
    )
    if model.code not in known:
        yield Text(f"không có quy tắc «{model.code}»", f"there is no rule “{model.code}”"), remedy
    if not _FINGERPRINT.fullmatch(model.fingerprint):
        yield (
            Text(
                f"«{model.fingerprint}» không phải dấu vân: dấu vân là 16 chữ số 0-9, a-f",
                f"“{model.fingerprint}” is no fingerprint: it has 16 digits of 0-9, a-f",
            ),
            remedy,
        )


def _place_text(code: object, fingerprint: object) -> str:
    return f"waiver {code} {fingerprint}"


def match(waivers: Iterable[Waiver], findings: Sequence[Finding], as_of: dt.date) -> list[Match]:
    """Each waiver with the findings that it names.

    A book's waiver reaches the findings of that book only; an auditor's own reaches all.
    """
    named: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        named[finding.code, finding.fingerprint].append(finding)
    return [
        _match(waiver, named.get((waiver.code, waiver.fingerprint), []), as_of)
        for waiver in waivers
    ]


def _match(waiver: Waiver, named: Sequence[Finding], as_of: dt.date) -> Match:
    if not waiver.reason.strip():
        return Match(waiver, State.REASONLESS)
    if waiver.until is not None and waiver.until < as_of:
        return Match(waiver, State.EXPIRED)
    reached = [finding for finding in named if waiver.own or finding.book == waiver.book]
    if not reached:
        return Match(waiver, State.UNUSED)
    above = tuple(f for f in reached if waiver.up_to is not None and f.at_issue > waiver.up_to)
    accepted = tuple(finding for finding in reached if finding not in above)
    return Match(waiver, State.EXCEEDED if above else State.IN_USE, accepted, above)


def acceptances(matches: Iterable[Match]) -> dict[Key, Acceptance]:
    """Who accepted each finding that is taken out of the count; an auditor's own word is first."""
    accepted: dict[Key, Acceptance] = {}
    for one in sorted(matches, key=lambda one: (not one.waiver.own, one.waiver.place)):
        waiver = one.waiver
        for finding in one.accepted:
            accepted.setdefault(
                key_of(finding),
                Acceptance(
                    by=waiver.by,
                    reason=waiver.reason,
                    until=waiver.until.isoformat() if waiver.until else "",
                    up_to=waiver.up_to,
                    file=waiver.place.file,
                    line=waiver.place.line,
                    own=waiver.own,
                ),
            )
    return accepted


def answers(facts: Facts) -> dict[tuple[str, str, str], tuple[Answer, ...]]:
    """The explanations that the books give, by book, code and fingerprint of the finding."""
    found: dict[tuple[str, str, str], list[Answer]] = defaultdict(list)
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


def judged(
    matches: Sequence[Match], state: State, values: Callable[[Match], Mapping[str, str | Text]]
) -> Iterator[Assessment]:
    """One assessment a waiver in a state, the rest in bulk; alike ones stand together."""
    alike: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for one in matches:
        if one.state is state:
            alike[one.waiver.book, one.waiver.subject].append(one)
    for (book, subject), ones in sorted(alike.items(), key=lambda item: item[0]):
        first = ones[0]
        yield Assessment(
            subject,
            Verdict.FAIL,
            book,
            observed=max((finding.at_issue for finding in first.exceeded), default=None),
            allowed=first.waiver.up_to if first.exceeded else None,
            values={"by": first.waiver.by, **values(first)},
            evidence=tuple(sorted(one.waiver.place for one in ones)),
            population=len(ones),
        )
    yield from passed(sum(one.state is not state for one in matches))
