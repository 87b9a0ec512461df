"""Where things stand in a source file: its rows and cells, what is told of them, their identity."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name

from ledger.problems import Problem
from ledger.text import Text


class Place(NamedTuple):
    """Where a row stands in its file.

    Attributes:
        file: absolute path.
        sheet: name of the sheet, or of the file in a ZIP; empty in files that have none.
        row: 1-based row of the sheet, or line of the file; 0 where the whole file is meant.
        tag: what ``row`` counts in a bank's message, which has no cells: ``Ntry``, ``:61:``.
    """

    file: str
    sheet: str
    row: int
    tag: str = ""

    def cell(self, column: int) -> str:
        """The name of a cell of this row as spreadsheets show it: ``Sheet1!C12``; column from 0."""
        if self.tag:
            return f"{self.sheet}, {self.tag} {self.row}".removeprefix(", ")
        name = f"{xl_col_to_name(column)}{self.row}"
        return f"{self.sheet}!{name}" if self.sheet else name


def problem_at(place: Place, column: int, text: Text, remedy: Text | None = None) -> Problem:
    """A problem of one cell, which the message names."""
    cell = place.cell(column)
    if place.tag:  # a message has no cells, and its lines are not its entries
        return Problem(place.file, 0, Text(f"{cell}: {text.vi}", f"{cell}: {text.en}"), remedy)
    said = Text(f"ô {cell}: {text.vi}", f"cell {cell}: {text.en}")
    return Problem(place.file, place.row, said, remedy)


class Reject(NamedTuple):
    """A source row that becomes neither a draft nor a duplicate, and why."""

    place: Place
    shown: str
    reason: Text


class Spot(NamedTuple):
    """A cell: its row with the file and sheet, its column from 0."""

    place: Place
    column: int


def exact_key(*parts: object) -> str:
    """A short digest of everything that makes a source row itself."""
    words = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(words.encode()).hexdigest()[:20]
