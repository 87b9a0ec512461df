"""What a rule is, and how rules are found (quy tắc kiểm tra)."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from abc import ABC, abstractmethod
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from ledger.facts import Facts
    from ledger.text import Text
    from rules.assessment import Assessment
    from rules.law import Law
    from rules.norm import Norm
    from rules.severity import Severity
    from rules.waivers import Explained, Match


class Described(ABC):
    """What a rule is called and what it rests on.

    The docstring of a rule explains it to an auditor, in Vietnamese, in fixed parts: what it
    checks · why · an example that fails · how to put it right. ``english`` says the same.

    Attributes:
        code: stable, e.g. ``NRM201``.
        name: dotted, e.g. ``norm.cap-per-unit``.
        title: one line.
        severity: of its findings where the text of the law was read; ``rules.severity`` lowers it.
        basis: ids of the norms that it rests on; a rule whose assessments name their own norms,
            or a rule of the book itself, has none.
        chosen: ids of norms of which an assessment names those that decide.
        rests_on_plan: whether ``basis`` tells the plan of one programme; a book that carries out
            another plan is told by its own.
        asks_for_voucher: whether it asks for the voucher of a payment, which comes with it.
        rests_on_law: False for a rule of the book itself.
        sees_all: whether it looks at what is dated after the day of the check, too.
        message: what a finding says; ``Assessment.values`` fill its placeholders.
        english: the docstring's parts in English.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    title: ClassVar[Text]
    severity: ClassVar[Severity]
    basis: ClassVar[tuple[str, ...]] = ()
    chosen: ClassVar[tuple[str, ...]] = ()
    rests_on_plan: ClassVar[bool] = False
    asks_for_voucher: ClassVar[bool] = False
    rests_on_law: ClassVar[bool] = True
    sees_all: ClassVar[bool] = False
    message: ClassVar[Text]
    english: ClassVar[str]

    def reads(self, norm: Norm) -> bool:
        """Whether the rule looks at a norm; told of rules that find their norms themselves."""
        return norm.id in {*self.basis, *self.chosen}

    @classmethod
    def cases_file(cls) -> Path:
        """The YAML file of the rule's cases, beside its module."""
        return Path(inspect.getfile(cls)).with_suffix(".yaml")


class Rule(Described):
    """One rule over the facts."""

    @abstractmethod
    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterable[Assessment]:
        """Look at every subject of the rule.

        Args:
            facts: of one or more books, as of the day, or whole where the rule sees all.
            law: the norms that apply.
            as_of: the day at which deadlines are judged.
        """


class WaiverRule(Described):
    """One rule over the waivers; it runs when every other rule has answered."""

    @abstractmethod
    def look(self, matches: Sequence[Match]) -> Iterable[Assessment]:
        """Look at every waiver.

        Args:
            matches: each waiver with the findings that it names.
        """


class ExplanationRule(Described):
    """One rule over the explanations; it runs when every other rule has answered."""

    @abstractmethod
    def look(self, explained: Sequence[Explained]) -> Iterable[Assessment]:
        """Look at every explanation.

        Args:
            explained: each explanation, and whether the run has the finding that it names.
        """


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule over the facts, by code."""
    return tuple(rule for rule in catalogue() if isinstance(rule, Rule))


@cache
def catalogue() -> tuple[Described, ...]:
    """Every rule, by code: one for each module of the families that defines one."""
    found = [rule for family in _families() for rule in _rules_of(family)]
    codes = [rule.code for rule in found]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise RuntimeError(f"two rules share a code: {sorted(twice)}")
    return tuple(sorted(found, key=lambda rule: rule.code))


def _families() -> list[str]:
    """The packages beside this module: each is a family of rules."""
    here = [str(Path(__file__).parent)]
    return [module.name for module in pkgutil.iter_modules(here) if module.ispkg]


def _rules_of(family: str) -> list[Described]:
    package = importlib.import_module(f"rules.{family}")
    rules: list[Described] = []
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"rules.{family}.{module.name}")
        rules += [
            thing()
            for thing in vars(loaded).values()
            if inspect.isclass(thing)
            and issubclass(thing, Described)
            and thing.__module__ == loaded.__name__
            and "code" in vars(thing)
        ]
    return rules
