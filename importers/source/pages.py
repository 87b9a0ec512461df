"""Pages of cells as a file has them, and how large they may be (trang của bảng tính)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.files import file_refusal
from ledger.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from importers.source.cells import Cell
    from ledger.problems import BadInputError

MOST_UNPACKED: Final = 512 * 1024 * 1024
MOST_RATIO: Final = 300  # how much a large part may shrink when it is packed
SMALL_PART: Final = 16 * 1024 * 1024
MOST_ROWS: Final = 300_000
MOST_COLUMNS: Final = 512
MOST_CELLS: Final = 8_000_000
MOST_SHEETS: Final = 50


class Sheet(NamedTuple):
    """One sheet: rows from the top, blank ones kept, so that row numbers are the file's own."""

    name: str
    rows: list[tuple[Cell, ...]]


class Pages(NamedTuple):
    """Sheets that a person sees, and those that are hidden."""

    visible: list[Sheet]
    hidden: list[Sheet]


def require_few(path: Path, count: int) -> None:
    """Refuse a workbook of so many sheets that the last ones would not be read."""
    if count > MOST_SHEETS:
        raise file_refusal(
            path,
            Text(
                f"bảng tính có {count} trang, tối đa {MOST_SHEETS}",
                f"the workbook has {count} sheets, at most {MOST_SHEETS}",
            ),
            Text("chia thành nhiều tệp", "split it into several files"),
        )


def has_cells(sheet: Sheet) -> bool:
    """Whether a sheet holds anything."""
    return any(cell not in {None, ""} for row in sheet.rows for cell in row)


def require_bounds(path: Path, sheet: Sheet) -> None:
    """Refuse a sheet beyond the limits.

    Raises:
        BadInputError: it is.
    """
    widest = max(map(len, sheet.rows))
    if len(sheet.rows) > MOST_ROWS or widest > MOST_COLUMNS:
        raise too_wide(path, sheet.name, len(sheet.rows), widest)


def too_wide(path: Path, name: str, height: int, width: int) -> BadInputError:
    """How a sheet beyond the limits is refused."""
    return file_refusal(
        path,
        Text(
            f"trang «{name}» có {height} dòng, {width} cột; tối đa {MOST_ROWS} dòng, "
            f"{MOST_COLUMNS} cột",
            f"sheet “{name}” has {height} rows, {width} columns; at most {MOST_ROWS} and "
            f"{MOST_COLUMNS}",
        ),
        Text("chia tệp theo tháng", "split the file by month"),
    )
