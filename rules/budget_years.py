"""Which postings belong to a budget year, and when a budget year ends (niên độ)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ledger.accounts import BUDGET_FAMILIES, STATE_FUNDS, Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.rows import known

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

# The day on which the closing of a budget year ends stands in these, one at a time.
CLOSING: Final = ("nsnn83-closing", "nsnn89-closing")


def closing_of(law: Law, budget_year: int) -> dt.date | None:
    """The last day of the closing of a budget year; None where no norm in force sets it."""
    closing = law.year_day(CLOSING, budget_year)
    return closing.day if closing else None


class YearRows(NamedTuple):
    """Postings of one budget year, and a day that the law sets for it; None where it sets none."""

    year: int
    rows: pd.DataFrame
    last: dt.date | None


def by_budget_year(rows: pd.DataFrame, law: Law, norms: Sequence[str]) -> Iterator[YearRows]:
    """Postings a budget year at a time, with the day that the first norm in force sets for it."""
    years = rows["budget_year"].to_numpy()
    for year in np.unique(years).tolist():
        last = law.year_day(norms, year)
        yield YearRows(year, rows[years == year], last.day if last else None)


def budget_rows(facts: Facts) -> pd.DataFrame:
    """Postings that belong to one budget year: the estimate, its use, and state spending."""
    postings = facts["postings"]
    budget = known(postings["family"], BUDGET_FAMILIES)
    spent = postings["family"] == Family.SPENT.value
    return postings[budget | (spent & known(postings["fund"], STATE_FUNDS))]


def first_day(budget_year: int) -> dt.date:
    """The day whose law decides about a budget year."""
    return dt.date(budget_year, 1, 1)


def closing_unknown(budget_year: int, rows: int) -> Assessment:
    """Postings of a budget year whose closing is not set by any norm in force."""
    return Assessment(
        str(budget_year),
        Verdict.UNKNOWN,
        decided_on=first_day(budget_year),
        population=rows,
        reason=Text(
            f"chưa biết ngày kết thúc chỉnh lý của niên độ {budget_year}",
            f"the end of the closing of budget year {budget_year} is not known",
        ),
    )
