"""Sheets that a unit filled in: rows by their headings, each cell with its place.

What the cells mean is not known here.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from xlsxwriter.utility import xl_col_to_name

from importers.source.cells import normal
from importers.source.files import file_refusal
from importers.source.sheets import read_sheets
from ledger.sheet_cell import SheetCell, SheetRow
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from importers.source.cells import Cell
    from importers.source.pages import Sheet

_HEADER_ROWS: Final = 60


def read_table(path: Path, headings: Mapping[str, str], hint: Text) -> list[SheetRow]:
    """The rows of the first sheet that has all the headings.

    Args:
        path: an XLSX, XLS or CSV file.
        headings: the heading of each column, by the key that it shall have.
        hint: what to do where no sheet has them.

    Returns:
        The rows below the headings that are not blank; a CSV file's sheet has no name.

    Raises:
        BadInputError: the file cannot be read, or no sheet has the headings.
    """
    found = read_sheets(path)
    for sheet in found.sheets:
        at, columns = _headings(sheet, headings)
        if at is not None:
            name = "" if found.form == "csv" else sheet.name
            return [
                _row(found.file, name, number, row, columns)
                for number, row in enumerate(sheet.rows[at + 1 :], at + 2)
                if any(cell not in {None, ""} for cell in row)
            ]
    titles = ", ".join(f"«{title}»" for title in headings.values())
    raise file_refusal(
        path,
        Text(f"không trang nào có đủ các cột {titles}", f"no sheet has the columns {titles}"),
        hint,
    )


def read_labels(path: Path, labels: Mapping[str, str]) -> SheetRow:
    """What stands to the right of each label, on whatever sheet; a label that is missing is left.

    Raises:
        BadInputError: the file cannot be read.
    """
    found = read_sheets(path)
    wanted = {normal(label): key for key, label in labels.items()}
    result: SheetRow = {}
    for sheet in found.sheets:
        for number, row in enumerate(sheet.rows[:_HEADER_ROWS], 1):
            for column, cell in enumerate(row):
                key = wanted.get(normal(cell)) if isinstance(cell, str) else None
                if key and key not in result:
                    value = row[column + 1] if column + 1 < len(row) else None
                    ref = f"{xl_col_to_name(column + 1)}{number}"
                    result[key] = SheetCell(found.file, sheet.name, ref, _value(value))
    return result


def _headings(sheet: Sheet, headings: Mapping[str, str]) -> tuple[int | None, dict[str, int]]:
    for at, row in enumerate(sheet.rows[:_HEADER_ROWS]):
        titles = {normal(cell): n for n, cell in enumerate(row) if isinstance(cell, str)}
        columns = {key: titles[normal(t)] for key, t in headings.items() if normal(t) in titles}
        if len(columns) == len(headings):
            return at, columns
    return None, {}


def _row(
    file: str, sheet: str, number: int, row: Sequence[Cell], columns: Mapping[str, int]
) -> SheetRow:
    return {
        key: SheetCell(
            file,
            sheet,
            f"{xl_col_to_name(column)}{number}",
            _value(row[column] if column < len(row) else None),
        )
        for key, column in columns.items()
    }


def _value(cell: Cell) -> Cell:
    """Blank text is nothing; a day at midnight is a day."""
    if isinstance(cell, str) and not cell.strip():
        return None
    return cell.date() if isinstance(cell, dt.datetime) else cell
