"""The part of a budget year that a report is of (kỳ báo cáo)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from ledger.problems import refusal
from ledger.text import Text
from reports.settlement.source import SetPeriod
from reports.settlement.years import year_period

if TYPE_CHECKING:
    from rules.law import Law

_QUARTER: Final = re.compile(r"(20\d\d)-?Q([1-4])", re.IGNORECASE)
QUARTERS: Final = ("I", "II", "III", "IV")
_MONTHS: Final = 3


def quarter_of(on: dt.date) -> int:
    """The quarter of a day, from 1."""
    return (on.month - 1) // _MONTHS + 1


def reported_period(
    law: Law, quarter: str, to: dt.date | None, year: int | None = None
) -> SetPeriod:
    """The period of a report: a quarter, or from the beginning of the year to a day.

    Args:
        law: which says when the closing of a year ends.
        quarter: as ``2021Q2``; empty for none.
        to: the last day; None for none.
        year: the budget year, where the day is one of its closing; None for that of the day.

    Raises:
        BadInputError: neither or both are named, the quarter is none, or the day is not of the
            year.
    """
    if bool(quarter) == (to is not None):
        raise refusal(
            Text("cần đúng một kỳ báo cáo", "exactly one period is needed"),
            Text(
                "nêu một trong hai: --quarter 2021Q2 hoặc --to 2021-06-30",
                "name one of --quarter 2021Q2 and --to 2021-06-30",
            ),
        )
    if to is not None:
        return _to_day(law, to, to.year if year is None else year)
    if year is not None:
        raise refusal(
            Text("--year chỉ đi cùng --to", "--year goes with --to alone"),
            Text("quý đã nêu năm: bỏ --year", "a quarter names its year: drop --year"),
        )
    found = _QUARTER.fullmatch(quarter.strip())
    if found is None:
        raise refusal(
            Text(f"«{quarter}» không phải một quý", f"“{quarter}” is no quarter"),
            Text("viết như --quarter 2021Q2", "write it as --quarter 2021Q2"),
        )
    year, number = int(found[1]), int(found[2])
    month = number * _MONTHS
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    first = dt.date(year, month - _MONTHS + 1, 1)
    name = Text(f"quý {QUARTERS[number - 1]} năm {year}", f"quarter {number} of {year}")
    return SetPeriod(year, first, last, year_period(law, year).closing, name)


def _to_day(law: Law, to: dt.date, year: int) -> SetPeriod:
    first, closing = dt.date(year, 1, 1), year_period(law, year).closing
    if not first <= to <= closing:
        raise refusal(
            Text(
                f"ngày {to:%d/%m/%Y} không thuộc niên độ {year} (đến hết chỉnh lý "
                f"{closing:%d/%m/%Y})",
                f"{to} is not of budget year {year}, which closes on {closing}",
            ),
            Text("nêu lại --to hoặc --year", "name --to or --year again"),
        )
    told = Text(f"từ đầu năm đến ngày {to:%d/%m/%Y}", f"from the beginning of the year to {to}")
    if to.year != year:
        told = Text(f"niên độ {year} đến ngày {to:%d/%m/%Y}", f"budget year {year} until {to}")
    return SetPeriod(year, first, to, closing, told)
