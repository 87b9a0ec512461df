"""Norms in force on a day, and how much of each cap is used (định mức)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text
from reports.citations import graded
from rules.assessment import Verdict
from rules.limit_words import limits_text
from rules.nrm.costs import CostRule
from rules.rows import records
from rules.rule import all_rules
from rules.vocabulary import activities, subject_name

if TYPE_CHECKING:
    import datetime as dt

    from ledger.facts import Facts
    from ledger.text import Language
    from rules.law import Law


class Use(NamedTuple):
    """How much of a cap one subject has used, VND.

    Attributes:
        subject: by its code.
        name: what the book calls it: the enterprise and content of a support, the event, the task.
    """

    code: str
    subject: Text
    name: Text
    norm: str
    instrument: str
    article: str
    text: Text
    grade: Text
    decided_on: dt.date
    observed: int
    allowed: int

    @property
    def share(self) -> float:
        """Used of what is allowed, percent; for order and the width of bars only."""
        return 100 * self.observed / self.allowed if self.allowed else 0.0


class NormRow(NamedTuple):
    """A norm on a day.

    Attributes:
        known: whether a figure or a condition is in force on the day.
    """

    id: str
    text: Text
    instrument: str
    article: str
    limits: str
    grade: Text
    source: str
    known: bool


class ActivityNorms(NamedTuple):
    """The norms of one content of spending; general ones have none."""

    activity: str
    label: Text | None
    rows: tuple[NormRow, ...]


def uses(facts: Facts, law: Law, as_of: dt.date) -> list[Use]:
    """Every cap that a subject of the book comes under, the nearest to its cap first."""
    found = []
    names = _names(facts)
    for rule in all_rules():
        if not isinstance(rule, CostRule):
            continue
        for item in rule.check(facts, law, as_of):
            if item.verdict not in {Verdict.PASS, Verdict.FAIL} or not item.allowed:
                continue
            day = item.decided_on or as_of
            cited = law.cite(item.norms[0], day)
            found.append(
                Use(
                    code=rule.code,
                    subject=subject_name(item.subject),
                    name=names.get(_declared(item.subject), Text("", "")),
                    norm=cited.norm,
                    instrument=cited.instrument,
                    article=cited.article,
                    text=cited.text,
                    grade=graded(cited.grade, cited.source),
                    decided_on=day,
                    observed=item.observed or 0,
                    allowed=item.allowed,
                )
            )
    return sorted(found, key=lambda use: (-use.share, use.subject.vi, use.code))


def _names(facts: Facts) -> dict[tuple[str, str], Text]:
    """What the book calls the subjects of norms, by word and code."""
    parties = _titles(facts, "parties", "tax_code")
    contents = activities()
    found = {
        (word, code): Text(title, title)
        for word, frame, key in _FRAMES
        for code, title in _titles(facts, frame, key).items()
    }
    for row in records(facts["supports"]):
        enterprise, activity = str(row.enterprise), str(row.activity)
        title = parties.get(enterprise, enterprise)
        content = contents.get(activity, Text(activity, activity))
        named = Text(f"{title} · {content.vi}", f"{title} · {content.en}")
        found["support", str(row.support)] = named
    return found


_FRAMES: Final = (
    ("event", "events", "event"),
    ("task", "tasks", "task"),
    ("contract", "contracts", "contract"),
    ("enterprise", "parties", "tax_code"),
)


def _titles(facts: Facts, frame: str, key: str) -> dict[str, str]:
    return {str(getattr(row, key)): str(row.title) for row in records(facts[frame])}


def _declared(subject: str) -> tuple[str, str]:
    """The word and code that a subject begins with."""
    word, _, rest = subject.partition(" ")
    return word, rest.split(" ")[0]


def in_force(law: Law, day: dt.date, language: Language) -> list[ActivityNorms]:
    """The norms in force on a day, and those known to exist without a figure, by content."""
    names = activities()
    grouped: dict[str, list[NormRow]] = {}
    for norm in law.norms.values():
        value = norm.value_on(day)
        if value is None and not (norm.unknown and law.instruments[norm.id].earliest <= day):
            continue
        cited = law.cite(norm.id, day)
        seen = norm.seen
        grade, source = cited.grade, cited.source
        if value is None and seen is not None:
            grade, source = seen.grade, seen.source
        grouped.setdefault(norm.activity or "", []).append(
            NormRow(
                id=norm.id,
                text=cited.text,
                instrument=cited.instrument,
                article=cited.article,
                limits=limits_text(norm, value, language),
                grade=graded(grade, source),
                source=source,
                known=value is not None,
            )
        )
    return [
        ActivityNorms(activity, names.get(activity), tuple(rows))
        for activity, rows in sorted(grouped.items(), key=lambda item: (not item[0], item[0]))
    ]
