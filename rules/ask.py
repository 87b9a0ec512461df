"""May this be paid? What the rules say of a payment before it is made (hỏi trước khi chi).

The payment is laid beside the book and the same rules run: the answer is what ``cnht check`` would
say after the transaction was recorded, less what it says already.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import defaultdict
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.payment import lowest_balance, with_payment
from ledger.text import LARGEST_AMOUNT, Text
from rules.assessment import Assessment, Verdict
from rules.limit_words import limit_text
from rules.nrm.costs import CostRule
from rules.rule import Rule, all_rules
from rules.run import run
from rules.severity import Severity
from rules.waivers import key_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from ledger.facts import Facts
    from ledger.payment import Payment
    from rules.citation import Citation
    from rules.finding import Finding
    from rules.law import Law
    from rules.waivers import Key

# How far above the payment, or what there is to pay it from, limits are looked for.
_LOOKED_ABOVE: Final = 4
# Every third step halves what is left, so that a search ends however an excess grows.
_HALVING: Final = 3


class Use(NamedTuple):
    """A norm that reads the payment, and how much of it is used once the payment is made.

    Attributes:
        limits: those of the norm that the rule reads, in words; another rule reads others of it.
        observed: VND after the payment; None where it could not be tested.
        allowed: VND that the norm leaves with the payment made.
        reason: why it could not be tested.
    """

    rule: str
    subject: str
    citation: Citation
    limits: Text
    observed: int | None
    allowed: int | None
    reason: Text | None


class Bound(NamedTuple):
    """How much one rule lets be paid.

    Attributes:
        most: the largest amount that it lets pass, VND; 0 where it refuses any amount.
        finding: what one dong more would bring.
    """

    most: int
    finding: Finding


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What the rules say of a payment.

    Attributes:
        available: what the paying account holds at its lowest from that day on, VND; None where
            money of many tasks lies together.
        findings: what a check would say more, gravest first.
        bounds: the rules that bound the amount, the narrowest first.
        looked_to: bounds above this amount (VND) were not looked for.
        uses: the norms that read the payment.
    """

    payment: Payment
    available: int | None
    findings: tuple[Finding, ...]
    bounds: tuple[Bound, ...]
    looked_to: int
    uses: tuple[Use, ...]

    def most(self, least: Severity = Severity.NOTE) -> int | None:
        """The largest amount that meets no bound of this gravity or above, VND; None for none."""
        bound = self.narrowest(least)
        return None if bound is None else bound.most

    def narrowest(self, least: Severity) -> Bound | None:
        """The narrowest bound of this gravity or above; None for none."""
        return next((bound for bound in self.bounds if bound.finding.severity >= least), None)

    @property
    def untested(self) -> tuple[str, ...]:
        """The norms that read the payment and could not be tested, by their texts."""
        texts = (use.citation.text.vi for use in self.uses if use.observed is None)
        return tuple(dict.fromkeys(texts))

    @property
    def severity(self) -> Severity | None:
        """The gravest of what a check would say more; None where it would say nothing."""
        return max((finding.severity for finding in self.findings), default=None)


class _Checker:
    """Checks the book with the payment at any amount, against the book as it is."""

    def __init__(
        self,
        facts: Facts,
        law: Law,
        as_of: dt.date,
        payment: Payment,
        before: Sequence[Finding] | None,
    ) -> None:
        self._facts, self._law, self._as_of, self._payment = facts, law, as_of, payment
        self._before = run(facts, law, as_of).findings if before is None else before
        # Kept, so that what rules derive from the same facts is derived once.
        self.facts_with = cache(self._facts_with)

    def more(self, amount: int, rules: Iterable[Rule] | None = None) -> list[Finding]:
        """Findings that the payment brings, or makes dearer."""
        outcome = run(self.facts_with(amount), self._law, self._as_of, rules=rules)
        return more_than(self._before, outcome.findings)

    def _facts_with(self, amount: int) -> Facts:
        """The facts with the payment in them."""
        return with_payment(self._facts, self._payment, amount, self._as_of)


def more_than(before: Iterable[Finding], after: Sequence[Finding]) -> list[Finding]:
    """The findings of a later run that an earlier one has not, or less dear."""
    known, now = _at_issue(before), _at_issue(after)
    return [f for f in after if key_of(f) not in known or now[key_of(f)] > known[key_of(f)]]


def _at_issue(findings: Iterable[Finding]) -> dict[Key, int]:
    """What is at issue by the name of the finding, VND: several may share one."""
    found: dict[Key, int] = defaultdict(int)
    for finding in findings:
        found[key_of(finding)] += finding.at_issue
    return dict(found)


def ask(  # noqa: PLR0913  # facts, law, what is asked, and what is known already
    facts: Facts,
    law: Law,
    as_of: dt.date,
    payment: Payment,
    *,
    before: Sequence[Finding] | None = None,
    brings: Sequence[Finding] | None = None,
) -> Answer:
    """Judge a payment before it is made.

    Args:
        facts: of one book, whole.
        law: the norms that apply.
        as_of: the day of the check; not before the day of the payment.
        payment: as ``ledger.payment.complete`` gives it.
        before: what a check of that day says without the payment, where it was made already.
        brings: what a check says more with it, where that was found out already.
    """
    checker = _Checker(facts, law, as_of, payment, before)
    amount = payment.wanted.amount
    available = lowest_balance(facts, payment, as_of)
    # A voucher is made out when the money goes: none is asked for before.
    to_come = {rule.code for rule in all_rules() if rule.asks_for_voucher}
    looked_to = min(_LOOKED_ABOVE * max(amount, available or 0), LARGEST_AMOUNT)
    return Answer(
        payment=payment,
        available=available,
        findings=tuple(
            finding
            for finding in (checker.more(amount) if brings is None else brings)
            if finding.code not in to_come
        ),
        bounds=tuple(_bounds(checker, looked_to)),
        looked_to=looked_to,
        uses=tuple(_uses(checker.facts_with(amount).seen(as_of), facts.seen(as_of), law, as_of)),
    )


def _limiting(findings: Iterable[Finding]) -> list[Finding]:
    """What bounds the amount: a violation, or a limit that is passed by an amount.

    What asks for a paper that is still to come bounds nothing.
    """
    return [f for f in findings if f.severity is Severity.ERROR or f.allowed is not None]


def _bounds(checker: _Checker, looked_to: int) -> list[Bound]:
    """Each rule that refuses the largest amount looked at, with the most that it lets pass."""
    met: dict[str, list[Finding]] = defaultdict(list)
    for finding in _limiting(checker.more(looked_to)):
        met[finding.code].append(finding)
    bounds = [
        _bound(checker, rule, looked_to, _worst(met[rule.code]))
        for rule in all_rules()
        if rule.code in met
    ]
    return sorted(bounds, key=lambda bound: (bound.most, bound.finding.code))


def _worst(findings: Iterable[Finding]) -> Finding:
    return max(findings, key=lambda finding: finding.at_issue)


def _bound(checker: _Checker, rule: Rule, high: int, met: Finding) -> Bound:
    """The most that one rule lets pass, between nothing and an amount that it refuses with ``met``.

    An excess grows evenly with the payment (by each dong, or by the part of it that a share leaves
    out), so that two amounts that are refused point at the one where it begins.
    """
    low = 0
    slope = Fraction(1)
    for step in itertools.count(1):
        if high - low <= 1:
            break
        pointed = max(high - math.ceil(met.at_issue / slope), low + 1)
        tried = pointed if step % _HALVING and pointed < high else (low + high) // 2
        refused = _limiting(checker.more(tried, [rule]))
        if not refused:
            low = tried
            continue
        found = _worst(refused)
        slope = Fraction(met.at_issue - found.at_issue, high - tried) or slope
        high, met = tried, found
    return Bound(low, met)


def _uses(after: Facts, before: Facts, law: Law, as_of: dt.date) -> list[Use]:
    """The norms that read the subjects which the payment changes."""
    uses = []
    for rule in all_rules():
        if not isinstance(rule, CostRule):
            continue
        known = {_reading(item) for item in rule.check(before, law, as_of)}
        items = [item for item in rule.check(after, law, as_of) if item.norms]
        changed = {item.subject for item in items if _reading(item) not in known}
        # What cannot be tested reads the same with the payment and without it.
        uses += [
            _use(rule, item, law, as_of)
            for item in items
            if item.subject in changed
            and (item.verdict is Verdict.UNKNOWN or _reading(item) not in known)
        ]
    return uses


def _reading(item: Assessment) -> tuple[object, ...]:
    return item.subject, item.verdict, item.norms, item.observed, item.allowed, item.reason


def _use(rule: CostRule, item: Assessment, law: Law, as_of: dt.date) -> Use:
    tested = item.verdict is not Verdict.UNKNOWN
    norm, day = item.norms[0], item.decided_on or as_of
    limits = rule.limits_of(law.norms[norm].value_on(day))
    return Use(
        rule=rule.code,
        subject=item.subject,
        citation=law.cite(norm, day),
        limits=Text(
            "; ".join(limit_text(limit, "vi") for limit in limits),
            "; ".join(limit_text(limit, "en") for limit in limits),
        ),
        observed=item.observed if tested else None,
        allowed=item.allowed if tested else None,
        reason=item.reason,
    )
