"""How much room text takes on a sheet: the programs that open it do not fit rows to their text."""

from __future__ import annotations

import functools
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LINE_HEIGHT: Final = 13.5
_TALLEST_ROW: Final = 400.0
_UNITS_OF_AN_EM: Final = 2.1  # 14.7 pixels of the font at 11 points, 7 pixels of a unit
_BROADEST: Final = 0.8  # of a letter, in ems
INNER_MARGIN: Final = 1.0  # what a cell keeps free at its sides


def money_width(amounts: Sequence[int], least: float = 13.5) -> float:
    """A width at which the longest of these amounts is shown whole."""
    return max([least, *(text_width(f"{amount:,}") + 1.5 for amount in amounts)])


def text_width(text: str) -> float:
    """How wide text is in the font of the sheets, in the units of column widths.

    Row heights are not fitted by the programs that open the workbook, so the lines that a text
    takes are counted here; letters are told apart only as narrow, common, capital and broad.
    """
    return sum(map(_em, text)) * _UNITS_OF_AN_EM


@functools.cache
def _em(letter: str) -> float:
    base = unicodedata.normalize("NFD", letter)[0]
    if base in " .,;:'|!()[]/ijltfrI-":
        return 0.3
    if base in "mwMW%—…":
        return _BROADEST
    return 0.7 if base.isupper() else 0.5


def lines_in(text: str, width: float) -> int:
    """The lines that text takes in a column when it is broken between words."""
    # Most texts of a book fit however broad their letters are.
    if len(text) * _BROADEST * _UNITS_OF_AN_EM <= width and "\n" not in text:
        return 1
    return _lines_in(text, width)


@functools.lru_cache(maxsize=4096)  # the texts of a book come again and again
def _lines_in(text: str, width: float) -> int:
    return sum(_lines_of(part, width) for part in text.split("\n"))


def _lines_of(text: str, width: float) -> int:
    if text_width(text) <= width:
        return 1
    lines, used = 1, 0.0
    for word in text.split(" "):
        needed = text_width(word)
        if used and used + text_width(" ") + needed > width:
            lines, used = lines + 1, 0.0
        used += needed + (text_width(" ") if used else 0.0)
        if used > width:  # a word longer than the line is broken inside
            lines, used = lines + int(used // width), used % width
    return lines


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """The height of a row that shows each of its texts whole, in columns of such widths."""
    return height_of(max(lines_in(text, width - INNER_MARGIN) for text, width in cells))


def height_of(lines: int, size: float = 11) -> float:
    """The height of a row of so many lines, in points."""
    return min(_TALLEST_ROW, lines * _LINE_HEIGHT * size / 11 + 2)
