"""What several norms say over time, looked up for many days at once."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    import pandas as pd

    from rules.law import Law
    from rules.norm import Limit

    Numbers = np.ndarray[Any, Any]


class InForce(NamedTuple):
    """A norm with known figures, in force on some days."""

    norm: str
    limits: tuple[Limit, ...]

    def limit(self, measure: str) -> Limit:
        """Its limit of a measure."""
        return next(limit for limit in self.limits if limit.measure == measure)

    @property
    def share(self) -> Fraction:
        """The share that it sets."""
        return Fraction(self.limit("share").top)

    def whole(self, measure: str) -> int:
        """The whole number that its limit of a measure sets."""
        limit = self.limit(measure)
        return int(limit.at_least or limit.top)


class Timeline:
    """Of several norms the first in force, from one change of the law to the next.

    A day's period is a position; figures are arrays by position, 0 where nothing is known.
    """

    def __init__(self, law: Law, norms: Iterable[str]) -> None:
        named = [norm for norm in norms if norm in law.norms]
        starts = {
            value.from_
            for norm in named
            for value in law.norms[norm].values  # noqa: PD011  # no frame
            if value.from_
        }
        self._starts = sorted(starts)
        self._periods = [None, *(_in_force(law, named, day) for day in self._starts)]

    def positions(self, days: pd.Series) -> Numbers:
        """The period of each day."""
        starts = np.array(self._starts, dtype="datetime64[s]")
        return np.searchsorted(starts, days.to_numpy().astype("datetime64[s]"), side="right")

    def at(self, position: int) -> InForce:
        """What is in force in a period that is known."""
        found = self._periods[position]
        if found is None:
            raise LookupError(position)
        return found

    def on(self, day: dt.date) -> InForce | None:
        """What is in force on one day."""
        return self._periods[sum(start <= day for start in self._starts)]

    def known(self, positions: Numbers) -> Numbers:
        """Whether anything is in force."""
        return np.array([period is not None for period in self._periods])[positions]

    def figures(self, positions: Numbers, figure: Callable[[InForce], int]) -> Numbers:
        """A whole number of each period."""
        numbers = [0 if period is None else figure(period) for period in self._periods]
        return np.array(numbers, dtype=np.int64)[positions]

    def shares(self, whole: Numbers, positions: Numbers, *, up: bool = False) -> Numbers:
        """The share of each whole in VND, rounded down, or up: exact whatever the share.

        Quotient and rest apart, so that no product leaves int64.
        """
        top = self.figures(positions, lambda period: period.share.numerator)
        bottom = np.maximum(self.figures(positions, lambda period: period.share.denominator), 1)
        quotient, rest = np.divmod(whole, bottom)
        part = top * rest
        rounded = -(-part // bottom) if up else part // bottom
        return np.asarray(quotient * top + rounded)


def _in_force(law: Law, norms: list[str], day: dt.date) -> InForce | None:
    for norm in norms:
        value = law.norms[norm].value_on(day)
        if value is not None and value.limits:
            return InForce(norm, value.limits)
    return None
