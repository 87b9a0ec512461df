"""Cells of a sheet as values: titles, amounts in VND, days, codes; exact, never a float."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ledger.text import LARGEST_AMOUNT, composed

if TYPE_CHECKING:
    from collections.abc import Iterable

Cell = str | int | Decimal | dt.date | bool | None

_BLANKS: Final = re.compile(r"\s+")
_EDGES: Final = " :*.\t"
_HALVES: Final = re.compile(r"[/\n|]")
# Every mark of Vietnamese that NFD splits off; đ is a letter of its own.
_MARKS: Final = re.compile(r"[\u0300-\u036f]")
# Short words that mean something else without their marks (No. is a number, Co a company).
_UNSAFE_PLAIN: Final = frozenset({"no", "co", "ma", "so", "ra", "vao"})

# A unit in brackets is no part of a title: «Số tiền (đồng)», «Số tiền (ĐVT: triệu đồng)».
_UNIT: Final = re.compile(
    r"[(\[]\s*(?:(?:đơn vị(?: tính)?|đvt)\s*:?\s*)?(?:(?:nghìn|ngàn|triệu|tr\.?|tỷ|tỉ|"
    r"1[.,\d]*000)\s*)?(?:đồng|vnđ|vnd|đ)?\s*[)\]]",
    re.IGNORECASE,
)

_MANGLED: Final = re.compile(r"^\s*-?\d+(?:[.,]\d+)?E\+?\d+\s*$", re.IGNORECASE)
_CURRENCY: Final = re.compile(r"(?:VND|VNĐ|đồng|đ|₫)\s*$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d[\d.,\s\u00a0\u202f]*")
_GROUPED: Final = {
    mark: re.compile(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+") for mark in (".", ",", " ")
}
_THREE_AFTER_MARK: Final = re.compile(r"\d{1,3}([.,])\d{3}")
SCALED: Final = " × "  # before what a doubtful number would be multiplied by
_TIME: Final = r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
_DAY_FIRST: Final = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}|\d{{2}}){_TIME}")
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})[/.-](\d{{1,2}})[/.-](\d{{1,2}}){_TIME}")
_EPOCH: Final = dt.date(1899, 12, 30)
_SERIALS: Final = range(36526, 73415)  # days of 2000 to 2100 as spreadsheets count them
_CENTURY: Final = 100
_THOUSAND: Final = 1000


def text_of(cell: Cell) -> str:
    """A cell as text on one line in one spelling; empty for nothing."""
    if cell is None or cell is False:
        return ""
    if isinstance(cell, str):
        return _BLANKS.sub(" ", composed(cell)).strip()
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Words as titles are compared: one spelling, lower case, single blanks, no colon."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip(_EDGES)


@lru_cache(maxsize=4096)
def unmarked(text: str) -> str:
    """Normal words without their marks."""
    split = unicodedata.normalize("NFD", normal(text))
    return _MARKS.sub("", split).replace("đ", "d")


@lru_cache(maxsize=4096)
def readings(title: str) -> frozenset[str]:
    """What a title may be compared as: the whole, and each half of a bilingual one.

    Words written without any mark are compared without marks, save where that would mistake.
    """
    title = _UNIT.sub(" ", title)
    words = {normal(title), *(normal(half) for half in _HALVES.split(title))}
    words |= {f"={word}" for word in words if word.isascii() and word not in _UNSAFE_PLAIN}
    return frozenset(words - {"", "="})


@lru_cache(maxsize=4096)
def wanted(title: str) -> frozenset[str]:
    """The readings that a title of a profile answers to."""
    return frozenset({normal(title), f"={unmarked(title)}"})


def matches(title: str, synonyms: Iterable[str]) -> bool:
    """Whether a header cell is one of the titles of a profile.

    ``a & b`` asks for every part somewhere in the words; anything else for a whole half.
    """
    found = readings(title)
    whole = normal(title)
    for synonym in synonyms:
        if "&" in synonym:
            if all(normal(part) in whole for part in synonym.split("&")):
                return True
        elif found & wanted(synonym):
            return True
    return False


def is_mangled(cell: Cell) -> bool:
    """Whether a spreadsheet turned a long number into ``1,17E+11``."""
    return isinstance(cell, str) and bool(_MANGLED.match(cell))


def amount_of(cell: Cell) -> int | None:
    """Whole VND of a cell; None where it holds nothing.

    Raises:
        ValueError: it holds something that is no whole amount.
    """
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, (int, Decimal)):
        return _whole(Decimal(cell))
    return _written(str(cell))


def scaled(cell: Cell, factor: int) -> Cell:
    """A cell of a table that prints its money in thousands or more, in đồng.

    What is no number stays as it is. «1,234» may be whole or a fraction, and from millions on so
    may «1.234», which of thousands would be single đồng: they are kept as text that no amount is
    read from.
    """
    if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return cell * factor
    if factor == 1 or not isinstance(cell, str):
        return cell
    doubtful = _THREE_AFTER_MARK.fullmatch(cell.strip(" ()-−–"))
    if doubtful and (doubtful[1] == "," or factor > _THOUSAND):
        return f"{cell}{SCALED}{factor}"
    try:
        number = _number(cell)
    except ValueError:
        return cell
    if number is None:
        return cell
    number *= factor
    return int(number) if number == number.to_integral_value() else number


def _written(text: str) -> int | None:
    number = _number(text)
    return None if number is None else _whole(number)


def _number(text: str) -> Decimal | None:
    words = _CURRENCY.sub("", _BLANKS.sub(" ", text).strip()).strip()
    if words.casefold() in {"", "-", "–", "x"}:
        return None
    negative = words[0] in "-−–" or (words[0] == "(" and words[-1] == ")")
    words = words.strip("()+-−– ")
    if not _NUMBER.fullmatch(words):
        raise ValueError(text)
    value = _decimal(words.strip())
    return -value if negative else value


def _decimal(words: str) -> Decimal:
    """A number without its grouping; a lone mark not before three digits is decimal."""
    words = words.replace("\u00a0", " ").replace("\u202f", " ")
    head, mark, tail = _decimals_off(words)
    for grouping, pattern in _GROUPED.items():
        if grouping != mark and pattern.fullmatch(head):
            head = head.replace(grouping, "")
            break
    try:
        return Decimal(f"{head}.{tail or 0}")
    except InvalidOperation as error:
        raise ValueError(words) from error


def _decimals_off(words: str) -> tuple[str, str, str]:
    """Head, mark and tail where the last mark begins decimals."""
    last = max(words.rfind("."), words.rfind(","))
    if last < 0:
        return words, "", ""
    mark, head, tail = words[last], words[:last], words[last + 1 :]
    other = "," if mark == "." else "."
    if len(tail) == 3 and (mark in head or other not in head):  # noqa: PLR2004  # a group of thousands
        return words, "", ""
    return head, mark, tail


def _whole(value: Decimal) -> int:
    if not value.is_finite() or value != value.to_integral_value() or abs(value) > LARGEST_AMOUNT:
        raise ValueError(str(value))
    return int(value)


def day_of(cell: Cell) -> dt.date | None:
    """The day of a cell, day first; None where it holds nothing.

    Raises:
        ValueError: it holds something that is no day.
    """
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, dt.date):
        return cell.date() if isinstance(cell, dt.datetime) else cell
    if isinstance(cell, str):
        words = text_of(cell)
        if not words:
            return None
        if not words.isdecimal():
            return _written_day(words)
        cell = int(words) if len(words) < 9 else 0  # noqa: PLR2004  # no serial is that long
    if cell in _SERIALS:
        return _EPOCH + dt.timedelta(days=int(cell))
    raise ValueError(str(cell))


def _written_day(words: str) -> dt.date:
    if found := _DAY_FIRST.fullmatch(words):
        day, month, year = (int(part) for part in found.groups())
    elif found := _YEAR_FIRST.fullmatch(words):
        year, month, day = (int(part) for part in found.groups())
    else:
        raise ValueError(words)
    return dt.date(year + 2000 if year < _CENTURY else year, month, day)


def code_of(cell: Cell, length: int = 0) -> str:
    """A code of the budget classification; leading zeros that a number lost are put back."""
    words = text_of(cell)
    return words.zfill(length) if words.isdecimal() and length else words


def account_number(text: str) -> str:
    """The digits of an account's number with what joins them; empty where there are none."""
    found = re.search(r"\d[\d.\-\s]{3,}\d", text)
    return re.sub(r"[\s]", "", found.group()) if found else ""


def digits(text: str) -> str:
    """The digits alone, as account numbers are compared."""
    return "".join(letter for letter in text if letter.isdecimal())
