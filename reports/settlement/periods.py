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
_ROMAN: Final = ("I", "II", "III", "IV")
_MONTHS: Final = 3


def reported_period(law: Law, quarter: str, to: dt.date | None) -> SetPeriod:
    """The period of a report: a quarter, or from the beginning of the year to a day.

    Raises:
        BadInputError: neither or both are named, or the quarter is none.
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
        closing = year_period(law, to.year).closing
        told = Text(f"từ đầu năm đến ngày {to:%d/%m/%Y}", f"from the beginning of the year to {to}")
        return SetPeriod(to.year, dt.date(to.year, 1, 1), to, closing, told)
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
    name = Text(f"quý {_ROMAN[number - 1]} năm {year}", f"quarter {number} of {year}")
    return SetPeriod(year, first, last, year_period(law, year).closing, name)
