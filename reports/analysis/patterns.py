"""Patterns in payments that an auditor looks at first; none of them proves anything."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

# Million, ten, a hundred million: how round an amount is, in VND.
ROUND: Final = (10**6, 10**7, 10**8)
_LAST_DAYS: Final = 15
# What is commonly asked for before first digits mean anything; convention, no law.
LEAST_COUNT: Final = 300
LEAST_SPAN: Final = 1000
DIGITS: Final = tuple(range(1, 10))


class Month(NamedTuple):
    """The payments of one month."""

    month: str
    payments: int
    amount: int


class YearEnd(NamedTuple):
    """How spending gathers at the year's end.

    Attributes:
        months: every month with payments, in order.
        from_day: the first of the last fifteen days of the year.
        last_days: VND paid from that day on, the closing in the next year included.
        share: that part of all payments.
    """

    months: tuple[Month, ...]
    from_day: dt.date
    last_days: int
    share: Fraction


class Roundness(NamedTuple):
    """Payments that are a multiple of a round amount."""

    unit: int
    payments: int
    amount: int
    share: Fraction


class FirstDigits(NamedTuple):
    """First digits against what numbers that grew freely show (Benford).

    Attributes:
        observed: payments by first digit, 1 to 9.
        expected: how many the distribution would show.
        span: the largest payment over the smallest.
        chi_square: the statistic; None where the conditions do not hold.
        p_value: how often chance alone departs as far; None likewise.
    """

    observed: tuple[int, ...]
    expected: tuple[float, ...]
    span: int
    chi_square: float | None
    p_value: float | None

    @property
    def payments(self) -> int:
        """How many were looked at."""
        return sum(self.observed)

    @property
    def meaningful(self) -> bool:
        """Whether there are enough payments, of sizes different enough."""
        return self.payments >= LEAST_COUNT and self.span >= LEAST_SPAN


def year_end(payments: pd.DataFrame) -> YearEnd:
    """Payments by month, and what was paid in the last days of the first year and after it."""
    paid = payments[payments["amount"] > 0]
    months = paid["date"].dt.strftime("%Y-%m")
    grouped = paid.groupby(months)["amount"].agg(["size", "sum"])
    table = tuple(
        Month(str(month), int(size), int(amount))
        for month, size, amount in grouped.sort_index().itertuples()
    )
    # The closing of a year lies in the next: whatever is paid after its December is late too.
    from_day = dt.date(paid["date"].min().year, 12, 31) - dt.timedelta(days=_LAST_DAYS - 1)
    late = int(paid.loc[paid["date"] >= pd.Timestamp(from_day), "amount"].sum())
    return YearEnd(table, from_day, late, Fraction(late, int(paid["amount"].sum())))


def roundness(payments: pd.DataFrame, units: Sequence[int] = ROUND) -> tuple[Roundness, ...]:
    """How many payments are a multiple of each round amount."""
    paid = payments.loc[payments["amount"] > 0, "amount"]
    found = []
    for unit in units:
        rows = paid[paid % unit == 0]
        found.append(Roundness(unit, len(rows), int(rows.sum()), Fraction(len(rows), len(paid))))
    return tuple(found)


def first_digits(payments: pd.DataFrame) -> FirstDigits:
    """First digits of the payments; judged only where the usual conditions hold."""
    paid = payments.loc[payments["amount"] > 0, "amount"].to_numpy(dtype=np.int64)
    digits = [int(str(amount)[0]) for amount in paid.tolist()]
    observed = tuple(digits.count(digit) for digit in DIGITS)
    expected = tuple(len(digits) * math.log10(1 + 1 / digit) for digit in DIGITS)
    span = int(paid.max()) // int(paid.min()) if len(paid) else 0
    result = FirstDigits(observed, expected, span, None, None)
    if not result.meaningful:
        return result
    chi = sum((seen - due) ** 2 / due for seen, due in zip(observed, expected, strict=True))
    return result._replace(chi_square=chi, p_value=_survival(chi))


def _survival(chi_square: float) -> float:
    """P(X > x) of the chi-square distribution with 8 degrees of freedom, in closed form."""
    half = chi_square / 2
    terms = range((len(DIGITS) - 1) // 2)
    return math.exp(-half) * sum(half**k / math.factorial(k) for k in terms)
