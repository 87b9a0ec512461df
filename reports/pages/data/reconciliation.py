"""Months agreed with the treasury, and what moved in each (đối chiếu kho bạc)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ledger.accounts import STATE_FUNDS, USED_FAMILIES, Family
from rules.rows import records
from rules.rule import all_rules
from rules.tre.obligations import ReconciledInTime, unnumbered_deposits

if TYPE_CHECKING:
    from ledger.facts import Facts
    from rules.law import Law


class Statement(NamedTuple):
    """A statement that the book says it agrees with."""

    period: str
    account: str
    digest: str
    paper: str
    differences: str
    reason: str
    declared: dt.date
    file: str
    line: int


class Duty(NamedTuple):
    """An account or form that a rule asks to be reconciled for a period.

    Attributes:
        day: the last day for it.
        late: whether that day is past.
    """

    name: str
    day: dt.date
    late: bool


class Agreed(NamedTuple):
    """How far a period is agreed.

    Attributes:
        statements: agreed with.
        missing: asked for and not agreed, whether or not its day has come.
    """

    statements: tuple[Statement, ...]
    missing: tuple[Duty, ...]

    @property
    def state(self) -> str:
        """``open`` (a day is past), ``due`` (it is to come), ``differs``, ``agreed`` or empty."""
        if self.missing:
            return "open" if any(duty.late for duty in self.missing) else "due"
        if self.statements:
            return "differs" if any(s.differences for s in self.statements) else "agreed"
        return ""


class Month(NamedTuple):
    """A month: what moved, VND, and how far it is agreed.

    Attributes:
        used: drawn from the estimate of state money: advances and spending, less returns.
        received: into deposit accounts.
        paid: out of deposit accounts.
        balance: of deposit accounts at its end.
        over: whether the month has ended.
        left: deposit accounts that moved, are asked for by no rule and not agreed either.
    """

    first: dt.date
    used: int
    received: int
    paid: int
    balance: int
    vouchers: int
    over: bool
    agreed: Agreed
    left: tuple[str, ...]

    @property
    def state(self) -> str:
        """As ``Agreed.state``; ``part`` of it; ``coming``, ``quiet``, ``free`` (nothing asked)."""
        if self.agreed.state == "agreed" and self.left:
            return "part"
        if self.agreed.state:
            return self.agreed.state
        if not self.over:
            return "coming"
        return "free" if self.vouchers else "quiet"


class Reconciliation(NamedTuple):
    """The page.

    Attributes:
        longer: the quarters, then the year, by the period's name.
        unnumbered: deposit accounts of which it is not known whether the treasury keeps them.
    """

    months: tuple[Month, ...]
    longer: tuple[tuple[str, Agreed], ...]
    unnumbered: tuple[str, ...]


def reconciliation(
    facts: Facts, whole: Facts, law: Law, year: int, as_of: dt.date
) -> Reconciliation:
    """The months of a calendar year and the closing month after it, its quarters and itself.

    Args:
        facts: filtered, for what moved.
        whole: the same unfiltered, for what is asked.
        law: which sets the days.
        year: of the budget.
        as_of: the day.
    """
    said = _statements(facts)
    duties = _duties(whole, law, as_of)
    postings = facts["postings"]
    firsts = [moment.date() for moment in pd.date_range(dt.date(year, 1, 1), periods=13, freq="MS")]
    months = tuple(
        _month(postings, first, _agreed(f"{first:%Y-%m}", said, duties), as_of) for first in firsts
    )
    names = {f"{first:%Y-%m}" for first in firsts}
    own = {name for name in (*said, *duties) if name.startswith(str(year))} - names
    longer = tuple(
        (name, _agreed(name, said, duties))
        for name in sorted(own, key=lambda name: (name == str(year), name))
    )
    return Reconciliation(months, longer, tuple(unnumbered_deposits(whole)))


def _statements(facts: Facts) -> dict[str, list[Statement]]:
    """By the name of the period."""
    said: dict[str, list[Statement]] = {}
    for row in records(facts["reconciled"]):
        statement = Statement(
            str(row.period),
            str(row.account),
            str(row.digest),
            str(row.paper),
            str(row.differences),
            str(row.reason),
            row.declared.date(),
            str(row.file),
            int(row.line),
        )
        said.setdefault(statement.period, []).append(statement)
    return said


def _duties(facts: Facts, law: Law, as_of: dt.date) -> dict[str, list[Duty]]:
    """What the rules ask for, by the name of the period."""
    found: dict[str, list[Duty]] = {}
    for rule in all_rules():
        if not isinstance(rule, ReconciledInTime):
            continue
        for asked in rule.obligations(facts, as_of):
            for period in asked.periods:
                day = rule.deadline(law, period)
                if day is not None:
                    found.setdefault(period.name, []).append(Duty(asked.name, day, day < as_of))
    return found


def _agreed(name: str, said: dict[str, list[Statement]], duties: dict[str, list[Duty]]) -> Agreed:
    statements = tuple(said.get(name, ()))
    have = {statement.account for statement in statements}
    return Agreed(statements, tuple(d for d in duties.get(name, ()) if d.name not in have))


def _month(postings: pd.DataFrame, first: dt.date, agreed: Agreed, as_of: dt.date) -> Month:
    begin = pd.Timestamp(first)
    end = begin + pd.offsets.MonthBegin(1)
    rows = postings[(postings["date"] >= begin) & (postings["date"] < end)]
    used = rows[rows["family"].isin(USED_FAMILIES) & rows["fund"].isin(STATE_FUNDS)]
    deposits = postings["family"] == Family.DEPOSIT.value
    of_deposits = rows[rows["family"] == Family.DEPOSIT.value]
    moved = of_deposits["amount"]
    told = {s.account for s in agreed.statements} | {duty.name for duty in agreed.missing}
    before = postings.loc[deposits & (postings["date"] < end), "amount"]
    at_treasury = rows[rows["family"].isin([*USED_FAMILIES, Family.DEPOSIT.value])]
    return Month(
        first=first,
        used=int(used["amount"].sum()),
        received=int(moved[moved > 0].sum()),
        paid=-int(moved[moved < 0].sum()),
        balance=int(before.sum()),
        vouchers=int(at_treasury["entry"].nunique()),
        over=end.date() <= as_of,
        agreed=agreed,
        left=tuple(sorted(set(of_deposits["account"].astype("str")) - told)),
    )
