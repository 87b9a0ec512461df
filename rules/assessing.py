"""What rules say of every subject, passes included, for statements of compliance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.rule import all_rules

if TYPE_CHECKING:
    import datetime as dt

    from ledger.facts import Facts
    from rules.assessment import Assessment
    from rules.law import Law
    from rules.rule import Rule


def assess(facts: Facts, law: Law, as_of: dt.date, family: str) -> list[tuple[Rule, Assessment]]:
    """Every assessment of a family of rules, in the order of their codes.

    Args:
        facts: as of the day wanted.
        law: the norms of the book.
        as_of: the day at which deadlines are judged.
        family: the beginning of the codes, e.g. ``NRM``.
    """
    rules = [rule for rule in all_rules() if rule.code.startswith(family)]
    return [(rule, item) for rule in rules for item in rule.check(facts, law, as_of)]
