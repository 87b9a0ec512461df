"""Files with tables as sheets of cells: XLSX, XLS, HTML named ``.xls``, CSV (trang tính).

What a file is shows in its first bytes, never in its name. Nothing of a file is run or evaluated:
a formula counts by the value that was stored with it, and that there is one is said.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.files import file_refusal, form_of, read_bytes
from importers.source.pages import Sheet, has_cells, require_bounds
from importers.source.plain_tables import read_csv, read_html
from importers.source.workbooks import read_xls, read_xlsx
from ledger.text import Text, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from importers.source.pages import Pages


TABLES: Final[Mapping[str, Callable[[Path, bytes, list[Text]], Pages]]] = {
    "xlsx": read_xlsx,
    "xls": read_xls,
    "html": read_html,
    "csv": read_csv,
}


class Sheets(NamedTuple):
    """A file's visible sheets.

    Attributes:
        file: absolute path.
        digest: SHA-256 of its bytes.
        form: ``xlsx``, ``xls``, ``html`` or ``csv``.
        sheets: those that a person sees, in order, without empty ones.
        notes: what a reader should be told.
        hidden: what is said of each sheet that a person does not see and that holds rows.
    """

    file: str
    digest: str
    form: str
    sheets: tuple[Sheet, ...]
    notes: tuple[Text, ...]
    hidden: tuple[Text, ...] = ()


def read_sheets(path: Path) -> Sheets:
    """Read a file with tables.

    Raises:
        BadInputError: it is none, is protected by a password, damaged, cut off, empty or beyond
            the limits.
    """
    path = path.resolve()
    content = read_bytes(path)
    form = form_of(content)
    if form not in TABLES:
        raise file_refusal(
            path,
            Text(
                f"không phải bảng tính (nội dung là {form.upper()})",
                f"no spreadsheet (its content is {form.upper()})",
            ),
            Text(
                "lấy tệp Excel hoặc CSV từ trang của Kho bạc, ngân hàng; ZIP thì giải nén trước",
                "take the Excel or CSV file of the treasury or bank; unpack a ZIP first",
            ),
        )
    notes: list[Text] = []
    visible, unseen = TABLES[form](path, content, notes)
    sheets = [sheet for sheet in visible if has_cells(sheet)]
    hidden = tuple(_hidden(sheet) for sheet in unseen if has_cells(sheet))
    if not sheets:
        names = ", ".join(f"«{sheet.name}»" for sheet in visible if sheet.name)
        told = Text(
            f"trang {names} không có ô nào có nội dung" if names else "tệp không có nội dung",
            f"no cell of {names} holds anything" if names else "the file holds nothing",
        )
        raise file_refusal(
            path,
            joined((told, *hidden), "; "),
            Text("xem có xuất đúng kỳ không", "see whether the right period was exported"),
        )
    for sheet in sheets:
        require_bounds(path, sheet)
    digest = hashlib.sha256(content).hexdigest()
    return Sheets(str(path), digest, form, tuple(sheets), tuple(notes), hidden)


def rows_held(sheet: Sheet) -> int:
    """How many rows of a sheet hold anything."""
    return sum(any(cell not in {None, ""} for cell in row) for row in sheet.rows)


def _hidden(sheet: Sheet) -> Text:
    rows = rows_held(sheet)
    return Text(
        f"trang ẩn «{sheet.name}» ({rows} dòng) không đọc: cần thì bỏ ẩn trong Excel, lưu lại",
        f"hidden sheet “{sheet.name}” ({rows} rows) is not read: unhide it in Excel if needed",
    )
