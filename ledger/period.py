"""Periods of reports and reconciliations: a month, a quarter, a year (kỳ)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final, NamedTuple

_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER: Final = re.compile(r"(\d{4})[qQ]([1-4])")
_YEAR: Final = re.compile(r"\d{4}")


class Period(NamedTuple):
    """A run of days with a name.

    Attributes:
        name: ``2021-06``, ``2021Q2`` or ``2021``.
        start: its first day.
        end: its last day.
    """

    name: str
    start: dt.date
    end: dt.date

    @property
    def year(self) -> int:
        """The calendar year that it lies in."""
        return self.start.year

    @property
    def whole_year(self) -> bool:
        """Whether it is a year: figures of a budget year then have its closing with them."""
        return (self.start.month, self.end.month) == (1, 12)


def month(year: int, number: int) -> Period:
    """A month by its number from 1."""
    last = calendar.monthrange(year, number)[1]
    return Period(f"{year:04}-{number:02}", dt.date(year, number, 1), dt.date(year, number, last))


def quarter(year: int, number: int) -> Period:
    """A quarter by its number from 1."""
    last = month(year, 3 * number)
    return Period(f"{year:04}Q{number}", dt.date(year, 3 * number - 2, 1), last.end)


def whole_year(year: int) -> Period:
    """A calendar year."""
    return Period(f"{year:04}", dt.date(year, 1, 1), dt.date(year, 12, 31))


def read_period(name: str) -> Period | None:
    """The period of a name; None where it is none."""
    if found := _MONTH.fullmatch(name):
        return month(int(found[1]), int(found[2]))
    if found := _QUARTER.fullmatch(name):
        return quarter(int(found[1]), int(found[2]))
    if _YEAR.fullmatch(name) and int(name):
        return whole_year(int(name))
    return None
