"""What stands above a table: the account, the unit, the period, the balances."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from importers.cells import account_number, day_of, is_mangled, text_of, unmarked
from importers.rows import quiet_amount
from importers.statement import Place, problem_at
from ledger.text import Text

if TYPE_CHECKING:
    from importers.cells import Cell
    from importers.profile import Found
    from importers.sheets import Sheets
    from ledger.problems import Problem

_ACCOUNT_LABEL: Final = re.compile(
    r"(?:so tai khoan|so hieu tai khoan|account n(?:o|umber)|a/c no|tai khoan so|"
    r"tai khoan(?=\s*[:/(]|\s+\d[\d.-]{5})|^tai khoan$|\bs?tk(?=[\s:.]*\d[\d.-]{5}))"
)
_NOT_OWN: Final = re.compile(
    r"so tai khoan cu|\bold\b|doi ung|thu huong|corresponsive|remitter|beneficiary"
)
OPENING_LABEL: Final = re.compile(r"so du dau|du dau|opening balance|so du mang sang")
CLOSING_LABEL: Final = re.compile(r"so du cuoi|du cuoi|cuoi ngay|closing balance|ending balance")
_UNIT_LABEL: Final = re.compile(
    r"ma (?:so )?(?:dvqhns|dv qhns|qhns|don vi (?:qhns|co quan he|su dung))"
)
_CURRENCY_LABEL: Final = re.compile(r"loai tien(?: te)?\b|\bcurrency\b|so tai khoan \(")
_CURRENCY: Final = re.compile(r"[\s:/(]*(?i:currency)?[\s:(]*([A-Z]{3})\b")
_PERIOD: Final = re.compile(
    r"(?:tu|from)\b[^0-9]{0,40}(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})[^0-9]{1,60}?"
    r"(?:den|to)\b[^0-9]{0,40}(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})"
)
_DAY: Final = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")
_MONTH: Final = re.compile(r"thang\s+(\d{1,2})\s*(?:nam|/|-)\s*(\d{4})")
_QUARTER: Final = re.compile(r"quy\s+(iv|iii|ii|i|[1-4])\s*(?:nam|/|-)?\s*(\d{4})")
_YEAR: Final = re.compile(r"(?<!\w)nam(?: ngan sach)?\s*:?\s*(\d{4})(?!\d)")
_DATED: Final = re.compile(r"ngay\s+[\d.…]+\s+thang\s+[\d.…]+\s+nam\s+[\d.…]+")
_QUARTERS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PERIOD_WORD: Final = re.compile(r"\b(?:tu|from|quy|thang|nam)\b")
_NUMBER: Final = re.compile(r"-?\d[\d.,]*\d|\d")
_BESIDE: Final = 8  # columns right of a label in which its value may stand

Head = list[tuple[int, tuple["Cell", ...]]]
Where = tuple[int, int]  # a row's index and a column's, both from 0


def account_in(
    head: Head,
    problems: list[Problem] | None,
    sheets: Sheets | None = None,
    found: Found | None = None,
) -> tuple[str, Where | None]:
    """The account's number in the head and its cell; a mangled one is a problem."""
    for index, row in head:
        for column, cell in enumerate(row):
            label = unmarked(cell) if isinstance(cell, str) else ""
            match = _ACCOUNT_LABEL.search(label)
            if not match or _NOT_OWN.search(label):
                continue
            rest = text_of(cell)[match.end() :].strip(" :")
            if problems is not None and sheets and found and _lost(rest):
                place = Place(sheets.file, found.sheet.name, index + 1)
                problems.append(_mangled_account(place, column, rest))
            inside = account_number(rest)
            if inside:
                return inside, (index, column)
            for beside, value in enumerate(row[column + 1 : column + 1 + _BESIDE], column + 1):
                if value is None or value == "":
                    continue
                if problems is not None and sheets and found and _lost(value):
                    place = Place(sheets.file, found.sheet.name, index + 1)
                    problems.append(_mangled_account(place, beside, text_of(value)))
                number = account_number(text_of(value))
                if number:
                    return number, (index, beside)
                break
    return "", None


def _lost(value: Cell) -> bool:
    """Whether a number of an account lost digits: powers of ten, or more than a cell keeps."""
    return is_mangled(value) or (isinstance(value, int) and value >= 10**15)


def _mangled_account(place: Place, column: int, shown: str) -> Problem:
    return problem_at(
        place,
        column,
        Text(
            f"số tài khoản đã bị bảng tính làm hỏng thành «{shown}»",
            f"a spreadsheet has mangled the account number into “{shown}”",
        ),
        Text(
            "tải lại tệp gốc, không mở và lưu bằng Excel; hoặc định dạng ô là Text rồi gõ lại số",
            "download the file again and do not save it in Excel; or type the number as text",
        ),
    )


def currency_in(head: Head) -> tuple[str, Where | None]:
    """The currency that the head names, such as ``USD``, and its cell; empty where none is."""
    for index, row in head:
        for column, cell in enumerate(row):
            match = _CURRENCY_LABEL.search(unmarked(cell)) if isinstance(cell, str) else None
            if not match:
                continue
            rest = text_of(cell)[match.end() :]
            beside = (text_of(value) for value in row[column + 1 : column + 1 + _BESIDE] if value)
            for words in (rest, next(beside, "")):
                if named := _CURRENCY.match(words):
                    return named[1], (index, column)
    return "", None


def unit_code_in(head: Head) -> tuple[str, Where | None]:
    """Mã ĐVQHNS of seven digits and its cell; as printed where it is none."""
    for index, row in head:
        for column, cell in enumerate(row):
            if isinstance(cell, str) and _UNIT_LABEL.search(unmarked(cell)):
                found = re.search(r"\d{7}", cell)
                if found:
                    return found[0], (index, column)
                beside = enumerate(row[column + 1 : column + 1 + _BESIDE], column + 1)
                at, value = next(
                    ((place, text) for place, one in beside if (text := text_of(one))),
                    (column, ""),
                )
                return value.zfill(7) if value.isdecimal() else value, (index, at)
    return "", None


def period_in(head: Head, *, of_year: bool) -> tuple[dt.date | None, dt.date | None]:
    """The period that a head prints; a year alone is one for forms, which print no days."""
    words = " \n ".join(
        " ".join(unmarked(text_of(cell)) for cell in row if cell not in {None, ""})
        for _, row in head
    )
    if found := _PERIOD.search(words):
        try:
            return day_of(found[1]), day_of(found[2])
        except ValueError:
            return None, None
    words = _DATED.sub(" ", words)  # the day of a decision or a signature
    if found := _QUARTER.search(words):
        last = _QUARTERS[found[1]] * 3
        return _months(int(found[2]), last - 2, last)
    if found := _MONTH.search(words):
        month = int(found[1])
        return _months(int(found[2]), month, month)
    if of_year and (found := _YEAR.search(words)):
        return _months(int(found[1]), 1, 12)
    return None, None


def period_cell(head: Head) -> Where | None:
    """The cell in which the printed period begins."""
    for index, row in head:
        words = [unmarked(text_of(cell)) for cell in row]
        line = _DATED.sub(" ", " ".join(words))
        if any(pattern.search(line) for pattern in (_PERIOD, _QUARTER, _MONTH, _YEAR)):
            return index, next(n for n, word in enumerate(words) if _PERIOD_WORD.search(word))
    return None


def _months(year: int, first: int, last: int) -> tuple[dt.date | None, dt.date | None]:
    try:
        end = dt.date(year, last, calendar.monthrange(year, last)[1])
        return dt.date(year, first, 1), end
    except (ValueError, calendar.IllegalMonthError):
        return None, None


def amount_beside(head: Head, label: re.Pattern[str]) -> tuple[int | None, Where | None]:
    """The amount beside, inside or under a label, and its cell."""
    rows = dict(head)
    for index, row in head:
        for column, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            words = unmarked(cell)
            match = label.search(words)
            if not match:
                continue
            inside = _amount_in(_DAY.sub(" ", words[match.end() :]))
            if inside is not None:
                return inside, (index, column)
            for at, value in enumerate(row[column + 1 : column + 1 + _BESIDE], column + 1):
                if isinstance(value, str) and re.search(r"[a-z]{4}", unmarked(value)):
                    break  # the next label
                if value not in {None, ""}:
                    return quiet_amount(value), (index, at)
            under = rows.get(index + 1, ())
            if column < len(under) and under[column] not in {None, ""}:
                return quiet_amount(under[column]), (index + 1, column)
    return None, None


def _amount_in(words: str) -> int | None:
    numbers = _NUMBER.findall(words)
    return quiet_amount(numbers[-1]) if numbers else None
