"""Months agreed with the treasury, and what moved in each (đối chiếu kho bạc)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ledger.accounts import STATE_FUNDS, USED_FAMILIES, Family
from rules.rows import records

if TYPE_CHECKING:
    from ledger.facts import Facts


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


class Month(NamedTuple):
    """A month: what moved, VND, and the statements agreed with.

    Attributes:
        used: drawn from the estimate of state money: advances and spending, less returns.
        received: into deposit accounts.
        paid: out of deposit accounts.
        balance: of deposit accounts at its end.
        over: whether the month has ended.
    """

    first: dt.date
    used: int
    received: int
    paid: int
    balance: int
    vouchers: int
    over: bool
    statements: tuple[Statement, ...]

    @property
    def state(self) -> str:
        """``agreed``, ``differs``, ``open`` (nothing agreed), ``quiet`` or ``coming``."""
        if self.statements:
            return "differs" if any(s.differences for s in self.statements) else "agreed"
        if not self.over:
            return "coming"
        return "open" if self.vouchers else "quiet"


class Reconciliation(NamedTuple):
    """The page; ``longer`` are statements of quarters, then of the year, by the period's name."""

    months: tuple[Month, ...]
    longer: tuple[tuple[str, tuple[Statement, ...]], ...]


def reconciliation(facts: Facts, year: int, as_of: dt.date) -> Reconciliation:
    """The months of a calendar year and the closing month after it."""
    said = [
        Statement(
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
        for row in records(facts["reconciled"])
    ]
    postings = facts["postings"]
    firsts = [moment.date() for moment in pd.date_range(dt.date(year, 1, 1), periods=13, freq="MS")]
    months = tuple(_month(postings, first, said, as_of) for first in firsts)
    names = {f"{first:%Y-%m}" for first in firsts}
    own = {s.period for s in said if s.period.startswith(str(year))} - names
    longer = tuple(
        (name, tuple(s for s in said if s.period == name))
        for name in sorted(own, key=lambda name: (name == str(year), name))
    )
    return Reconciliation(months, longer)


def _month(postings: pd.DataFrame, first: dt.date, said: list[Statement], as_of: dt.date) -> Month:
    begin = pd.Timestamp(first)
    end = begin + pd.offsets.MonthBegin(1)
    rows = postings[(postings["date"] >= begin) & (postings["date"] < end)]
    used = rows[rows["family"].isin(USED_FAMILIES) & rows["fund"].isin(STATE_FUNDS)]
    deposits = postings["family"] == Family.DEPOSIT.value
    moved = rows.loc[rows["family"] == Family.DEPOSIT.value, "amount"]
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
        statements=tuple(s for s in said if s.period == f"{first:%Y-%m}"),
    )
