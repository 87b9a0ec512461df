"""Amounts written out in Vietnamese words, as documents have it (số tiền bằng chữ)."""

from __future__ import annotations

from typing import Final

from num2words import num2words

from ledger.text import LARGEST_AMOUNT

_GROUP: Final = 1000
_NAMES: Final = ("", " nghìn", " triệu", " tỷ")
_BILLION: Final = 10**9


def in_words(amount: int) -> str:
    """An amount of VND: ``1005000`` is ``Một triệu không trăm lẻ năm nghìn đồng``.

    num2words reads each group of three digits; it leaves out the hundreds of a later group
    (``một triệu năm nghìn``), which a document must not, so the groups are put together here.

    Raises:
        ValueError: it has more than fifteen digits.
    """
    if abs(amount) > LARGEST_AMOUNT:
        raise ValueError(amount)
    sign = "âm " if amount < 0 else ""
    words = f"{sign}{_whole(abs(amount))} đồng"
    return words[0].upper() + words[1:]


def _whole(number: int) -> str:
    if number == 0:
        return "không"
    billions, rest = divmod(number, _BILLION)
    parts = [f"{_groups(billions, first=True)} tỷ"] if billions else []
    if rest:
        parts.append(_groups(rest, first=not billions))
    return " ".join(parts)


def _groups(number: int, *, first: bool) -> str:
    """Groups of three digits, from the left; what follows another group names its hundreds."""
    groups = []
    while number:
        number, group = divmod(number, _GROUP)
        groups.append(group)
    parts = []
    for position in range(len(groups) - 1, -1, -1):
        if groups[position]:
            parts.append(_three(groups[position], first=first) + _NAMES[position])
        first = False
    return " ".join(parts)


def _three(number: int, *, first: bool) -> str:
    read = str(num2words(number, lang="vi"))
    if first or number >= 100:  # noqa: PLR2004  # three digits name their hundreds
        return read
    return f"không trăm lẻ {read}" if number < 10 else f"không trăm {read}"  # noqa: PLR2004
