"""Deadlines in working days: weekends, days off, and years whose days off are not known."""

from __future__ import annotations

import datetime as dt

import pytest

from rules.working_days import Deadline, calendar

TET_2021 = dt.date(2021, 2, 5)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (dt.date(2021, 5, 14), 1, dt.date(2021, 5, 17)),  # over a weekend
        (TET_2021, 3, dt.date(2021, 2, 17)),  # over Tết, 10 to 16 February
        (dt.date(2021, 4, 29), 1, dt.date(2021, 5, 4)),  # 3 May in lieu of 1 May
        (dt.date(2021, 12, 31), 1, dt.date(2022, 1, 4)),  # into a year that is known too
        (dt.date(2024, 4, 26), 1, dt.date(2024, 5, 2)),  # 29 April exchanged for a Saturday
        (dt.date(2025, 4, 29), 1, dt.date(2025, 5, 5)),  # 2 May exchanged for a Saturday
    ],
)
def test_years_that_are_known_have_one_deadline(start: dt.date, days: int, last: dt.date) -> None:
    assert calendar().deadline(start, days) == Deadline(last, last)


def test_a_year_that_is_not_known_has_two() -> None:
    due = calendar().deadline(dt.date(2019, 5, 8), 10)
    assert due == Deadline(dt.date(2019, 5, 22), dt.date(2019, 6, 11))
