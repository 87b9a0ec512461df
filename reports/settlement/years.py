"""Budget years as the law bounds them (niên độ)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from ledger.problems import refusal
from ledger.text import Text
from reports.settlement.source import SetPeriod, YearMoney
from rules.budget_years import closing_of

if TYPE_CHECKING:
    from ledger.facts import Facts
    from rules.law import Law

# The closing of a budget year ends in the next one, which a calendar must still have.
_YEARS: Final = range(1900, dt.MAXYEAR)


def year_period(law: Law, budget_year: int) -> SetPeriod:
    """The whole of a budget year with its closing.

    Raises:
        BadInputError: it is no year, or no norm in force says when its closing ends.
    """
    if budget_year not in _YEARS:
        raise refusal(
            Text(f"«{budget_year}» không phải một niên độ", f"“{budget_year}” is no budget year"),
            Text("viết năm bằng bốn chữ số, như 2021", "write it with four digits, as 2021"),
        )
    closing = closing_of(law, budget_year)
    if closing is None:
        raise refusal(
            Text(
                f"chưa biết ngày hết thời gian chỉnh lý quyết toán của năm {budget_year}",
                f"it is not known when the closing of {budget_year} ends",
            ),
            Text(
                "ghi ngày ấy thành định mức riêng của đơn vị: xem docs/dinh-muc.md",
                "record the day as a norm of the unit: see docs/dinh-muc.md",
            ),
        )
    name = Text(f"năm {budget_year}", f"year {budget_year}")
    return SetPeriod(budget_year, dt.date(budget_year, 1, 1), None, closing, name)


def years_before(facts: Facts, budget_year: int) -> list[int]:
    """The earlier budget years of which the book holds the allotment, oldest first."""
    postings = facts["postings"]
    allotted = postings.loc[postings["kind"] == "allotment", "budget_year"]
    return sorted({int(year) for year in allotted.unique() if year < budget_year})


def source_of_year(facts: Facts, law: Law, budget_year: int) -> YearMoney:
    """The money of the whole of a budget year, closed on the day that the law sets for it.

    Raises:
        BadInputError: no norm in force says when its closing ends.
    """
    return YearMoney(facts, year_period(law, budget_year))
