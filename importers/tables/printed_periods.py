"""The period that the head of a statement prints, in whatever words (kỳ in ở phần đầu)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.cells import day_of, text_of, unmarked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from importers.source.cells import Cell

Head = list[tuple[int, tuple["Cell", ...]]]
Where = tuple[int, int]  # a row's index and a column's, both from 0

# An account's number (3713.0.1100001.00000) has parts that would look like days.
_DAY: Final = (
    r"(?<![\d./])(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|"
    r"\d{1,2}/\d{1,2}/\d{2})(?!\d|[./]\d)"
)
_TIME: Final = r"(?:[t ]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
_GAP: Final = r"[^\S\n]*"
_TO: Final = rf"{_GAP}(?:[-–—~→>]+|\b(?:den|toi|to)\b){_GAP}(?:(?:het|ngay|date|thang)\b[ :]*)*"
_LABEL: Final = (
    r"(?:(?<!ngay )(?<!dang )(?<!thu )\bky\b|\bthoi (?:gian|ky)\b|\bgiai doan\b|\bperiod\b|"
    r"\bdate range\b)"
)
_MONTH: Final = r"(?<![\d./-])(\d{1,2})[/.-](\d{4})(?!\d|[/.-]\d)"
_YEAR_MONTH: Final = r"(?<![\d./-])(\d{4})-(\d{2})(?!\d|-\d)"

_LONG_DAY: Final = re.compile(r"(\d{1,2}) ?thang (\d{1,2}),? ?nam (\d{4})")
_LONG_MONTH: Final = re.compile(r"thang (\d{1,2}),? ?nam (\d{4})")
_BLANK_DAY: Final = re.compile(r"ngay\s+[\d.…]+\s+thang\s+[\d.…]+\s+nam\s+[\d.…]+")
# The day of printing or issue, and of what stands beside it in a head, is no period.
_ISSUED: Final = re.compile(
    r"\b(?:ngay (?:gio )?(?:in|lap|xuat|ket xuat|ky|tao|truy van|tra cuu|cap|mo|sinh|phat hanh|"
    r"ban hanh|yeu cau|sao ke|print)|in (?:ngay|luc)|(?:lap|xuat|ky) ngay|"
    r"thoi (?:gian|diem) (?:in|lap|xuat|tao|ket xuat|truy van|tra cuu)|"
    r"(?:print(?:ed|ing)?|issued?|created?|export(?:ed)?|run|statement|opening) "
    r"(?:date|on|at|time))"
    r"\b(?:(?!\b(?:tu|from|ky|giai doan)\b)[^\n\d]){0,25}"
    rf"(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?[^\n\d]{{0,5}})?{_DAY}{_TIME}"
)
_ANY_DAY: Final = re.compile(_DAY)


class _Read(NamedTuple):
    """A way in which a period is printed, and what makes one of it."""

    pattern: re.Pattern[str]
    make: Callable[..., tuple[dt.date, dt.date]]


def _days(first: str, last: str) -> tuple[dt.date, dt.date]:
    start, end = day_of(first), day_of(last)
    if start is None or end is None or start > end:
        raise ValueError(first)
    return start, end


def _day_of_month(first: str, last: str) -> tuple[dt.date, dt.date]:
    """``01/10`` to a day that has a year."""
    end = day_of(last)
    if end is None:
        raise ValueError(last)
    return _days(f"{first.replace('-', '/').replace('.', '/')}/{end.year}", last)


def _months(month: str, year: str, last: str = "", last_year: str = "") -> tuple[dt.date, dt.date]:
    start = dt.date(int(year), int(month), 1)
    until = dt.date(int(last_year or year), int(last or month), 1)
    if start > until:
        raise ValueError(last)
    return start, until.replace(day=calendar.monthrange(until.year, until.month)[1])


def _month_cell(day: str) -> tuple[dt.date, dt.date]:
    """A month that a spreadsheet keeps as its first day."""
    first = day_of(day)
    if first is None or first.day != 1:
        raise ValueError(day)
    return _months(str(first.month), str(first.year))


_QUARTERS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def _quarter(number: str, year: str) -> tuple[dt.date, dt.date]:
    last = 3 * (_QUARTERS.get(number) or int(number))
    return _months(str(last - 2), year, str(last), year)


def _year(year: str) -> tuple[dt.date, dt.date]:
    return _months("1", year, "12", year)


_BY_DAYS: Final = tuple(
    _Read(re.compile(pattern, re.MULTILINE), make)
    for pattern, make in (
        (
            (
                rf"\b(?:tu|from)\b[^0-9]{{0,40}}({_DAY}){_TIME}[^0-9]{{1,60}}?"
                rf"\b(?:den|toi|to|till|until)\b[^0-9]{{0,40}}({_DAY})"
            ),
            _days,
        ),
        (rf"({_DAY}){_TIME}{_TO}({_DAY})", _days),
        (rf"(?<![\d./-])(\d{{1,2}}[/.-]\d{{1,2}}){_TO}({_DAY})", _day_of_month),
        (rf"{_LABEL}[^\n0-9]{{0,40}}({_DAY}){_TIME}[^\n0-9]{{1,40}}({_DAY})", _days),
        (rf"^{_GAP}({_DAY}){_TIME}{_GAP}({_DAY}){_TIME}{_GAP}$", _days),
    )
)
_BY_NAME: Final = tuple(
    _Read(re.compile(pattern), make)
    for pattern, make in (
        (rf"{_MONTH}{_TO}{_MONTH}", _months),
        (r"\b(?:quy|q)\s*:?\s*(iv|iii|ii|i|[1-4])\s*(?:nam\b|[/.,-])*\s*(\d{4})(?!\d)", _quarter),
        (r"\b(?:thang|month|t)\s*:?\s*(\d{1,2})\s*(?:nam\b|[/.,-])+\s*(\d{4})(?!\d)", _months),
        (rf"{_LABEL}[^\n0-9]{{0,40}}{_MONTH}", _months),
        (rf"{_LABEL}[^\n0-9]{{0,40}}{_YEAR_MONTH}", lambda year, month: _months(month, year)),
    )
)
_MONTH_CELL: Final = _Read(
    re.compile(rf"(?:\bthang\b|{_LABEL})[^\n0-9]{{0,40}}({_DAY}){_TIME}[^\n0-9]*$", re.MULTILINE),
    _month_cell,
)
_LABELLED_YEAR: Final = _Read(
    re.compile(rf"{_LABEL}[^\n0-9]{{0,40}}\b(?:nam|year)\s*:?\s*(\d{{4}})(?!\d)"), _year
)
_YEAR: Final = _Read(re.compile(r"(?<!\w)nam(?: ngan sach)?\s*:?\s*(\d{4})(?!\d)"), _year)


class Printed(NamedTuple):
    """A period as printed, and the cell in which it begins."""

    start: dt.date
    end: dt.date
    at: Where


def printed_period(head: Head, *, of_year: bool) -> Printed | None:
    """The period that a head prints; a year alone is one for forms, which print no days."""
    words, places = _joined(head)
    words = _padded(_LONG_DAY, r"\1/\2/\3", words)
    words = _padded(_LONG_MONTH, r"thang \1/\2", words)
    words = _padded(_BLANK_DAY, "", words)
    words = _padded(_ISSUED, "", words)
    named = (*_BY_NAME, _LABELLED_YEAR, *((_YEAR,) if of_year else ()))
    without_days = _padded(_ANY_DAY, "", words)
    tried = (
        *((read, words) for read in (*_BY_DAYS, _MONTH_CELL)),
        *((read, without_days) for read in named),
    )
    for read, text in tried:
        for match in read.pattern.finditer(text):
            try:
                start, end = read.make(*match.groups())
            except ValueError:  # no days of the calendar: then something else is printed there
                continue
            return Printed(start, end, _at(match.start(), places))
    return None


def _joined(head: Head) -> tuple[str, list[tuple[int, Where]]]:
    """The cells as one text, a line a row, and where in it each of them begins."""
    words, places = "", []
    for index, row in head:
        for column, cell in enumerate(row):
            if cell not in {None, ""}:
                places.append((len(words), (index, column)))
                words += f"{unmarked(text_of(cell))} "
        words += "\n"
    return words, places


def _at(start: int, places: list[tuple[int, Where]]) -> Where:
    return [where for begins, where in places if begins <= start][-1]


def _padded(pattern: re.Pattern[str], becomes: str, words: str) -> str:
    """Words with something written otherwise, every place where it was."""
    return "".join(_pieces(pattern, becomes, words))


def _pieces(pattern: re.Pattern[str], becomes: str, words: str) -> Iterator[str]:
    done = 0
    for match in pattern.finditer(words):
        yield words[done : match.start()]
        yield match.expand(becomes).ljust(len(match[0]))
        done = match.end()
    yield words[done:]
