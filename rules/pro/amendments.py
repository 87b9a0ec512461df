"""Amendments of a contract's value, read from what the book says of them.

``amendments`` is written for people: «Phụ lục 01 ngày 2021-07-20: tăng 40000000, từ 80000000 lên
120000000». What a part does not say plainly is not guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

from ledger.text import split_list

# An amount stands alone or before its currency: «tăng 4 gian hàng» is none.
_MONEY: Final = (
    r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?=\s*(?:đồng|VND|[,;:.()]|$)| (?:lên|xuống|còn|thành))"
)
_CHANGED: Final = re.compile(rf"\b(tăng|giảm)(?: thêm)?(?: giá trị)?:? {_MONEY}", re.IGNORECASE)
_FROM_TO: Final = re.compile(
    rf"\btừ {_MONEY}(?: đồng)? (?:lên|xuống|còn|thành) {_MONEY}", re.IGNORECASE
)
_ISO: Final = re.compile(r"\bngày (\d{4})-(\d\d?)-(\d\d?)\b", re.IGNORECASE)
_LOCAL: Final = re.compile(r"\bngày (\d\d?)/(\d\d?)/(\d{4})\b", re.IGNORECASE)


class Amended(NamedTuple):
    """One amendment that changed a contract's value.

    Attributes:
        day: on which it was signed; None where the text does not tell.
        change: VND, below zero where the value was lowered.
    """

    day: dt.date | None
    change: int


def amended(text: str) -> tuple[Amended, ...] | None:
    """What amendments changed of a contract's value; None where a part cannot be read.

    A part that names no amount of money (an extension of the term, say) changed none.
    """
    changes: list[Amended] = []
    for part in split_list(text):
        told = _changes(part)
        words = part.casefold()
        if told is None or (not told and ("tăng" in words or "giảm" in words)):
            return None
        if told:
            changes.append(Amended(_day(part), told[0]))
    return tuple(changes)


def _changes(part: str) -> list[int] | None:
    """The one change that a part tells; none, or None where it tells several that differ."""
    told = {
        _whole(amount) * (1 if word.casefold() == "tăng" else -1)
        for word, amount in _CHANGED.findall(part)
    } | {_whole(after) - _whole(before) for before, after in _FROM_TO.findall(part)}
    return None if len(told) > 1 else list(told)


def _whole(text: str) -> int:
    return int(re.sub(r"[.,]", "", text))


def _day(part: str) -> dt.date | None:
    if found := _ISO.search(part):
        year, month, day = map(int, found.groups())
    elif found := _LOCAL.search(part):
        day, month, year = map(int, found.groups())
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def value_at_signing(value: int, text: str) -> int | None:
    """A contract's value when it was signed; None where the amendments cannot be read."""
    changes = amended(text)
    if changes is None:
        return None
    signed = value - sum(one.change for one in changes)
    return signed if signed > 0 else None


def value_on(value: int, text: str, day: dt.date) -> int:
    """What a contract was worth on a day, as far as its amendments can be read."""
    later = [one.change for one in amended(text) or () if one.day is not None and one.day > day]
    return value - sum(later)


def value_by(value: int, text: str, day: dt.date) -> int:
    """The most that a contract was worth by a day, as far as its amendments can be read.

    What an amendment added later was not yet owed; what one took away later is held to all along.
    """
    return min(value, value_on(value, text, day))
