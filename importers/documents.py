"""Numbers of documents as two sides write them: vouchers of a book, columns and texts of a bank."""

from __future__ import annotations

import re
from typing import Final

_TYPED: Final = re.compile(r"([A-Z]{2,6})[\s.:/-]*0*(\d{1,6})(?!\d)")
_NUMBER: Final = re.compile(r"(?<!\d)0*(\d{1,6})(?!\d)")
# Letters before a number that say no kind: «SO 57» is the number alone.
_NO_KIND: Final = frozenset({"SO", "NO"})
_OWN_KIND: Final = re.compile(r"([A-Z]{2,6})[\s.:/-]*(\d{1,6})")
_YEAR_DIGITS: Final = 4


def voucher_documents(voucher: str) -> frozenset[str]:
    """``2021/UNC/057`` names ``UNC57`` and ``57``."""
    parts = voucher.split("/")
    number = parts[-1].lstrip("0")
    if not voucher or not number:
        return frozenset()
    kind = parts[-2].upper() if len(parts) > 1 else ""
    return frozenset({number, f"{kind}{number}"})


def documents(document: str, text: str) -> frozenset[str]:
    """The numbers of documents that a line names: of its own column, and typed ones in its text.

    A number printed with its kind is not named alone: ``ABC14`` is another voucher than ``RDT14``.
    """
    own = document.upper()
    found = [
        (kind, number)
        for kind, number in _TYPED.findall(f"{own} {text.upper()}")
        if kind not in _NO_KIND
    ]
    typed = {f"{kind}{number}" for kind, number in found}
    numbers = _NUMBER.findall(_TYPED.sub(_bare, own))
    plain = [n for n in numbers if len(n) != _YEAR_DIGITS]
    if not plain and not _TYPED.search(own):  # else the four digits are the year of the typed one
        plain = numbers
    # As import writes it into a voucher: «5285 - 91701» is one number there.
    joined = _joined(own).lstrip("0")
    return frozenset({*typed, *plain, *([joined] if "-" in joined else ())})


def _bare(typed: re.Match[str]) -> str:
    return typed[2] if typed[1] in _NO_KIND else " "


def voucher_of(year: int, document: str, kind: str) -> str:
    """A line's document as a voucher of the book, ``year/type/number``.

    Args:
        year: of the day on which it was booked.
        document: as the line prints it, not empty.
        kind: the type, where the document does not name its own, as ``UNC 057`` does.
    """
    named = _OWN_KIND.fullmatch(document.strip().upper())
    if named:
        return f"{year}/{named[1]}/{named[2]}"
    return f"{year}/{kind}/{_joined(document)}"


def _joined(document: str) -> str:
    return "".join(document.split()).replace("/", "-")
