"""Working days: deadlines that skip weekends and days off (ngày làm việc)."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from ledger.strict_yaml import read_yaml

_FILE: Final = Path(__file__).parent / "calendar.yaml"
_SATURDAY: Final = 5
_ONE_DAY: Final = dt.timedelta(days=1)


class Deadline(NamedTuple):
    """The last day of a period of working days.

    Attributes:
        earliest: the last day if no day off that is not known falls into the period.
        latest: the last day if every one of them does; the same where all are known.
    """

    earliest: dt.date
    latest: dt.date


class Calendar(NamedTuple):
    """Days off besides Saturdays and Sundays.

    Attributes:
        days_off: of the years that are known in full.
        known_years: those years.
        most_days_off: how many days off another year has at most.
    """

    days_off: frozenset[dt.date]
    known_years: frozenset[int]
    most_days_off: int

    def deadline(self, start: dt.date, days: int) -> Deadline:
        """The day that ends a period of working days; the day it starts on does not count."""
        return Deadline(self._after(start, days, 0), self._after(start, days, self.most_days_off))

    def _after(self, start: dt.date, days: int, unknown: int) -> dt.date:
        """The last day, taking the first weekdays of years not known as days off."""
        day = start
        while days > 0:
            day += _ONE_DAY
            if day.weekday() >= _SATURDAY or day in self.days_off:
                continue
            if unknown > 0 and day.year not in self.known_years:
                unknown -= 1
                continue
            days -= 1
        return day


@cache
def calendar() -> Calendar:
    """The calendar that ships."""
    content = read_yaml(_FILE).content
    years = {int(year): entry["days"] for year, entry in content["years"].items()}
    return Calendar(
        frozenset(
            dt.date.fromisoformat(f"{year}-{day}") for year, days in years.items() for day in days
        ),
        frozenset(years),
        int(content["other-years"]["most-days-off"]),
    )
