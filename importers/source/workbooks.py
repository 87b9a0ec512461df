"""Workbooks, XLSX and XLS, as pages of cells; formulas count by their stored values (bảng tính)."""

from __future__ import annotations

import contextlib
import html
import io
import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from importers.source.files import damaged, file_refusal, protected
from importers.source.legacy import Legacy, conversion_note, font_encoding, from_legacy
from importers.source.pages import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_RATIO,
    MOST_ROWS,
    MOST_UNPACKED,
    SMALL_PART,
    Pages,
    Sheet,
    require_few,
    too_wide,
)
from ledger.problems import BadInputError
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from importers.source.cells import Cell

_BOOK, _BOOK_PARTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MOST_NAMED: Final = 5  # cells in one message
_FORMULA: Final = re.compile(rb"<f[\s>/]")
# A formula that gave no text leaves an empty value of type «str»; without a value it never ran.
_UNVALUED: Final = re.compile(
    rb"<c\b(?![^>]*\bt=[\"']str)[^>]*\br=[\"']([A-Z]{1,3}\d+)[\"'][^>]*>\s*"
    rb"<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)"
)
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_PART: Final = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE: Final = re.compile(rb"\b(?:\w+:)?(name|state|id|Id|Target)=[\"']([^\"']*)[\"']")
_CELL_COLUMN: Final = re.compile(rb"\br=[\"']([A-Za-z]{1,6})\d")
_FAR_ROW: Final = re.compile(rb"\br=[\"'][A-Za-z]{0,6}(\d{4,9})[\"']")
_FONT_NAME: Final = re.compile(rb'<(?:name|rFont) val="([^"]{1,80})"')


def read_xlsx(path: Path, content: bytes, notes: list[Text]) -> Pages:
    """The sheets of a workbook; notes are added to."""
    import python_calamine as calamine  # noqa: PLC0415  # only for workbooks

    fonts = _look_into(path, content, notes)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            tables = [
                meta
                for meta in book.sheets_metadata
                if meta.typ is calamine.SheetTypeEnum.WorkSheet
            ]
            require_few(path, len(tables))
            pages = Pages([], [])
            for meta in tables:
                rows = [tuple(map(_exact, row)) for row in _calamine_rows(book, meta.name)]
                shown = meta.visible is calamine.SheetVisibleEnum.Visible
                (pages.visible if shown else pages.hidden).append(Sheet(meta.name, rows))
    except calamine.PasswordError as error:
        raise protected(path) from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged(path, error) from error
    if not fonts:
        return pages
    return pages._replace(visible=_unfont(pages.visible, _xlsx_fonts(content), notes))


def _calamine_rows(book: Any, name: str) -> list[list[Any]]:  # noqa: ANN401  # calamine
    sheet = book.get_sheet_by_name(name)
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    return rows


def _look_into(path: Path, content: bytes, notes: list[Text]) -> bool:
    """Refuse what unpacks without bound, note formulas; whether an old font is used."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _require_modest(path, archive.infolist())
            formulas, sheets = False, _sheet_names(archive)
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    sheet = archive.read(name)
                    _require_area(path, name, sheet)
                    shown = sheets.get(name, "")
                    if shown is not None and _FORMULA.search(sheet):
                        formulas = True
                        _require_values(path, shown, sheet)
            styles = archive.read("xl/styles.xml") if "xl/styles.xml" in archive.namelist() else b""
    except BadInputError:
        raise
    except Exception as error:  # zlib raises a class of its own
        raise damaged(path, error) from error
    if formulas:
        notes.append(
            Text(
                "có ô là công thức: dùng giá trị đã lưu trong tệp, không tính lại",
                "some cells are formulas: the stored values are used, nothing is evaluated",
            )
        )
    names = [name.decode("utf-8", "replace") for name in _FONT_NAME.findall(styles)]
    return any(font_encoding(name) for name in names)


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str | None]:
    """Names of the sheets by their part of the file; None for hidden ones, which are not read."""
    held = set(archive.namelist())
    if not held >= {_BOOK, _BOOK_PARTS}:
        return {}
    parts = {}
    for found in _PART.findall(archive.read(_BOOK_PARTS)):
        told = _attributes(found)
        parts[told.get("Id", "")] = f"xl/{told.get('Target', '').removeprefix('/xl/')}"
    names: dict[str, str | None] = {}
    for sheet in map(_attributes, _SHEET.findall(archive.read(_BOOK))):
        visible = sheet.get("state", "visible") == "visible"
        part = parts.get(sheet.get("id", ""), "")
        names[part] = html.unescape(sheet.get("name", "")) if visible else None
    return names


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode(): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(tag)
    }


def _require_values(path: Path, name: str, sheet: bytes) -> None:
    """Refuse formulas that no program has evaluated: their cells would be read as blank."""
    cells = [cell.decode() for cell in _UNVALUED.findall(sheet)]
    if not cells:
        return
    cells = [f"{name}!{cell}" if name else cell for cell in cells]
    shown = ", ".join(cells[:_MOST_NAMED]) + (", …" if len(cells) > _MOST_NAMED else "")
    raise file_refusal(
        path,
        Text(
            f"{len(cells)} ô là công thức chưa có giá trị (ô {shown})",
            f"{len(cells)} formulas without a value (cells {shown})",
        ),
        Text(
            "mở bằng Excel hay LibreOffice, lưu lại để công thức được tính, rồi nhập",
            "open it in Excel or LibreOffice and save it, so that they are evaluated",
        ),
    )


def _require_area(path: Path, name: str, sheet: bytes) -> None:
    """Refuse a single cell far off: it would make a sheet of millions of blanks in memory."""
    letters = max(_CELL_COLUMN.findall(sheet), key=lambda found: (len(found), found), default=b"A")
    width = 0
    for letter in letters.decode().upper():
        width = width * 26 + ord(letter) - ord("A") + 1
    height = max(map(int, _FAR_ROW.findall(sheet)), default=1)
    if height > MOST_ROWS or width > MOST_COLUMNS or height * width > MOST_CELLS:
        raise too_wide(path, name, height, width)


def _require_modest(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    bloated = any(
        member.file_size > max(SMALL_PART, MOST_RATIO * member.compress_size) for member in members
    )
    if bloated or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise file_refusal(
            path,
            Text("tệp nén bung ra quá lớn", "the file unpacks beyond the limit"),
            Text("không mở tệp này", "do not open this file"),
        )
    if any(member.flag_bits & 1 for member in members):
        raise protected(path)


def _exact(value: Any) -> Cell:  # noqa: ANN401  # whatever a spreadsheet holds
    """A cell's value without floats: whole numbers as int, others as the decimal that is shown."""
    if isinstance(value, float):
        if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124  # NaN
            return str(value)
        return int(value) if value.is_integer() else Decimal(repr(value))
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return value if hasattr(value, "year") else str(value)


Fonts = dict[str, dict[tuple[int, int], str]]


def _xlsx_fonts(content: bytes) -> Fonts:
    import openpyxl  # noqa: PLC0415  # only for workbooks with old fonts

    fonts: Fonts = {}
    # What calamine read and openpyxl does not is left as it is.
    with contextlib.suppress(Exception):
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            names = fonts.setdefault(sheet.title, {})
            for row in sheet.iter_rows():
                for cell in row:
                    font = getattr(cell, "font", None)
                    if font is not None and font.name and font_encoding(font.name):
                        names[int(cell.row or 1) - 1, int(cell.column or 1) - 1] = font.name
    return fonts


def _unfont(sheets: list[Sheet], fonts: Fonts, notes: list[Text]) -> list[Sheet]:
    told: set[Legacy] = set()
    turned = []
    for sheet in sheets:
        names = fonts.get(sheet.name, {})
        rows = list(sheet.rows)
        for (row, column), font in names.items():
            encoding = font_encoding(font)
            if encoding is None or row >= len(rows) or column >= len(rows[row]):
                continue
            before = rows[row][column]
            if not isinstance(before, str):
                continue
            after = from_legacy(before, encoding, font)
            rows[row] = (*rows[row][:column], after, *rows[row][column + 1 :])
            if encoding not in told and after != before:
                told.add(encoding)
                notes.append(conversion_note(encoding, before, after))
        turned.append(Sheet(sheet.name, rows))
    return turned


def read_xls(path: Path, content: bytes, notes: list[Text]) -> Pages:
    """The sheets of an old workbook (BIFF); notes are added to."""
    import xlrd  # noqa: PLC0415  # only for old workbooks

    if _ENCRYPTED in content:
        raise protected(path)
    try:
        book = xlrd.open_workbook(
            file_contents=content, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
        )
        require_few(path, book.nsheets)
        pages = Pages([], [])
        fonts: Fonts = {}
        for sheet in book.sheets():
            rows = [
                tuple(
                    _xls_cell(sheet.cell(row, column), book) for column in range(sheet.row_len(row))
                )
                for row in range(sheet.nrows)
            ]
            (pages.hidden if sheet.visibility else pages.visible).append(Sheet(sheet.name, rows))
            fonts[sheet.name] = _xls_fonts(book, sheet)
    except BadInputError:
        raise
    except Exception as error:  # xlrd fails on damaged files in a dozen ways
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise protected(path) from error
        raise damaged(path, error) from error
    return pages._replace(visible=_unfont(pages.visible, fonts, notes))


def _xls_cell(cell: Any, book: Any) -> Cell:  # noqa: ANN401  # xlrd
    import xlrd  # noqa: PLC0415  # as above

    if cell.ctype in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
        return None
    if cell.ctype == xlrd.XL_CELL_DATE:
        with contextlib.suppress(xlrd.xldate.XLDateError, ValueError, OverflowError):
            return xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        return _exact(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERR"))
    return _exact(cell.value)


def _xls_fonts(book: Any, sheet: Any) -> dict[tuple[int, int], str]:  # noqa: ANN401  # xlrd
    old = {number for number, font in enumerate(book.font_list) if font_encoding(font.name)}
    if not old:
        return {}
    return {
        (row, column): book.font_list[
            book.xf_list[sheet.cell_xf_index(row, column)].font_index
        ].name
        for row in range(sheet.nrows)
        for column in range(sheet.row_len(row))
        if book.xf_list[sheet.cell_xf_index(row, column)].font_index in old
    }
