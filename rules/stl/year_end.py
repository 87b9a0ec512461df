"""What the rules of the year's end share: the years that a book keeps, the days of the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import STATE_FUNDS
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.budget_years import first_day
from rules.rows import records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pandas as pd

    from ledger.accounts import Family
    from ledger.facts import Facts

# The last day of spending and advances of a budget year.
SPENDING_ENDS: Final = ("tt342-spend-deadline", "tt26-spend-deadline")


def kept_years(facts: Facts) -> set[tuple[str, int]]:
    """Budget years that a book keeps: its programme declares them, or it allots their estimate.

    Money carried over to a later year stands in the book too, but that year is closed elsewhere.
    """
    declared = {(row.book, int(row.budget_year)) for row in records(facts["programme"])}
    postings = facts["postings"]
    granted = postings[postings["kind"] == "allotment"]
    pairs = granted[["book", "budget_year"]].drop_duplicates()
    return declared | {(str(row.book), int(row.budget_year)) for row in records(pairs)}


def state_rows(facts: Facts, families: Sequence[Family], kinds: Sequence[str] = ()) -> pd.DataFrame:
    """Postings of state money on some families of accounts, of some kinds or of all."""
    postings = facts["postings"]
    if kinds:
        postings = postings[postings["kind"].isin(kinds)]
    wanted = postings["family"].isin([family.value for family in families])
    return postings[wanted & postings["fund"].isin(STATE_FUNDS)]


def kept_elsewhere(subject: str, book: str, population: int = 1) -> Assessment:
    """A line of a year that another book keeps."""
    return Assessment(
        subject,
        Verdict.NOT_APPLICABLE,
        book,
        population=population,
        reason=Text(
            "niên độ này đóng ở sổ khác: sổ không giao dự toán của năm đó",
            "this budget year is closed in another book: this one does not allot its estimate",
        ),
    )


def calendar_unknown(subject: str, book: str, budget_year: int, population: int = 1) -> Assessment:
    """A line of a year whose calendar no norm in force sets."""
    return Assessment(
        subject,
        Verdict.UNKNOWN,
        book,
        decided_on=first_day(budget_year),
        population=population,
        reason=Text(
            f"chưa biết lịch cuối năm của niên độ {budget_year}",
            f"the year-end calendar of budget year {budget_year} is not known",
        ),
    )


def not_yet(subject: str, book: str, day: dt.date) -> Assessment:
    """A line whose day has not come."""
    return Assessment(
        subject,
        Verdict.NOT_APPLICABLE,
        book,
        reason=Text(f"chưa đến hạn {day:%d/%m/%Y}", f"not due before {day:%Y-%m-%d}"),
    )
