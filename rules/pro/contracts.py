"""Contracts with the money that moved under them, and the norms that they are judged by."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from ledger.accounts import Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.rows import groups, records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from ledger.facts import Facts
    from rules.law import Law
    from rules.norm import Limit

    Key = tuple[str, str]

# Money that went out under a contract: advanced, paid out of an advance, spent.
PAID_OUT: Final = (Family.ADVANCED.value, Family.UNACCEPTED.value, Family.SPENT.value)
# What the unit withholds as tax is owed until it is paid on; penalties and the like are not paid.
_OWED: Final = Family.PAYABLE.value
_NOT_PAID: Final = ("penalty", "recovery")

NOT_IN_FORCE: Final = Text(
    "không có quy định nào biết con số vào ngày xét", "no norm with a known figure on that day"
)


class InForce(NamedTuple):
    """A norm in force on the day that decides."""

    norm: str
    day: dt.date
    limits: tuple[Limit, ...]

    def limit(self, measure: str) -> Limit:
        """Its limit of a measure."""
        return next(limit for limit in self.limits if limit.measure == measure)

    def share(self) -> Fraction:
        """The share that it allows."""
        return Fraction(self.limit("share").at_most or 0)

    def whole(self, measure: str) -> int:
        """The whole number that its limit of a measure allows."""
        return int(self.limit(measure).at_most or 0)


def in_force(law: Law, norms: Iterable[str], day: dt.date) -> InForce | None:
    """The first of several norms that is in force on a day."""
    for norm in norms:
        value = law.norms[norm].value_on(day) if norm in law.norms else None
        if value is not None and value.limits:
            return InForce(norm, day, value.limits)
    return None


def contracts(facts: Facts) -> dict[Key, Any]:
    """The contracts declared, by book and number."""
    return {(row.book, row.contract): row for row in records(facts["contracts"])}


def money_of_contracts(facts: Facts) -> dict[Key, pd.DataFrame]:
    """The postings that pay under each contract, by book and number."""
    postings = facts["postings"]
    paid = postings["family"].isin(PAID_OUT)
    owed = (postings["family"] == _OWED) & ~postings["kind"].isin(_NOT_PAID)
    rows = postings[(postings["contract"] != "") & (paid | owed)]
    return {(book, code): part for (book, code), part in groups(rows, ["book", "contract"])}


def balances(rows: pd.DataFrame) -> pd.Series:
    """Sum of the amounts at the end of each day."""
    return rows.groupby("date")["amount"].sum().sort_index().cumsum()


def peak(rows: pd.DataFrame) -> tuple[int, dt.date | None]:
    """The highest balance at the end of a day and the first day that it stood so high."""
    by_day = balances(rows)
    if by_day.empty:
        return 0, None
    highest = by_day.max()
    return int(highest), by_day.index[by_day == highest][0].date()


def advanced(rows: pd.DataFrame) -> pd.DataFrame:
    """Of a contract's postings those of its advances."""
    return rows[rows["family"] == Family.ADVANCED.value]


def day_of(value: Any) -> dt.date | None:  # noqa: ANN401  # a Timestamp or NaT
    """A declared day; None where it is not given."""
    return None if pd.isna(value) else value.date()


def begins(contract: Any) -> dt.date:  # noqa: ANN401  # a record
    """The day of effect, or of signing where none is given."""
    return day_of(contract.effective) or contract.signed.date()


def not_applicable(subject: str, book: str, vi: str, en: str) -> Assessment:
    """A subject that the rule does not concern."""
    return Assessment(subject, Verdict.NOT_APPLICABLE, book, reason=Text(vi, en))


def not_known(subject: str, book: str, reason: Text) -> Assessment:
    """A subject that cannot be judged."""
    return Assessment(subject, Verdict.UNKNOWN, book, reason=reason)
