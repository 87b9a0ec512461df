"""How a sheet is laid out: columns declared as data, styles, the printed page, rows in order.

Rows are written once and downwards, so that a sheet of any length needs no more memory than a
row. Text of a book is always written as text and can never become a formula.
"""

from __future__ import annotations

import datetime as dt
import functools
import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from ledger.text import Language, Text
from reports.settlement.figures import checked
from reports.workbooks import FONT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Vietnamese separators: LibreOffice follows the mark, Excel the machine's own setting.
MONEY: Final = '[$-42A]#,##0;[Red][$-42A]-#,##0;"–"'
DIFFERENCE: Final = "[$-42A]#,##0;[Red][$-42A]-#,##0;0"
LONGEST_TEXT: Final = 32_767
_LINE_HEIGHT: Final = 15.0
_TALLEST_ROW: Final = 400.0
_PAPER_A4: Final = 9
_UNITS_OF_AN_EM: Final = 2.1  # 14.7 pixels of the font at 11 points, 7 pixels of a unit
_INNER_MARGIN: Final = 1.0  # what a cell keeps free at its sides
_BOLD: Final = 1.06  # how much wider bold letters are

_BASE: Final[dict[str, Any]] = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
_BOXED: Final[dict[str, Any]] = {"border": 1, "border_color": "#7F7F7F"}
_TOTAL: Final[dict[str, Any]] = {"bold": True, "bg_color": "#DDE6F0"}
_SUBTOTAL: Final[dict[str, Any]] = {"bold": True, "bg_color": "#F2F2F2"}

# What a cell holds decides its format; what a row is decides its dress.
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "text": {"text_wrap": True},
    "indented": {"text_wrap": True, "indent": 1},
    "code": {"align": "center", "text_wrap": True},
    "money": {"num_format": MONEY},
    "difference": {"num_format": DIFFERENCE},
    "percent": {"num_format": "[$-42A]0.00%", "align": "right"},
    "number": {"num_format": "0", "align": "center"},
    "date": {"align": "center"},
}
_DRESSES: Final[dict[str, dict[str, Any]]] = {"": {}, "subtotal": _SUBTOTAL, "total": _TOTAL}
_LINES: Final[dict[str, dict[str, Any]]] = {
    "unit": {"bold": True},
    "plain": {"text_wrap": True},
    "title": {"bold": True, "font_size": 14, "align": "center", "text_wrap": True},
    "centred": {"align": "center", "text_wrap": True},
    "note": {"italic": True, "align": "right"},
    "warning": {"italic": True, "align": "center", "font_color": "#C00000", "text_wrap": True},
    "heading": {
        "bold": True,
        "align": "center",
        "text_wrap": True,
        "bg_color": "#C9D7E8",
        **_BOXED,
    },
    "numbering": {"italic": True, "font_size": 9, "align": "center", **_BOXED},
    "wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
}


class Column(NamedTuple):
    """One column of a sheet.

    Attributes:
        name: how formulas refer to it.
        heading: what is printed above it.
        width: in characters.
        kind: a key of the cell formats: ``text``, ``money``, …
    """

    name: str
    heading: Text
    width: float
    kind: str = "text"


class Formula(NamedTuple):
    """A live formula and the value that it has as written."""

    text: str
    value: int | float | str


Cell = str | int | dt.date | Formula | None


class Styles:
    """The formats of one workbook, made as they are first used."""

    def __init__(self, workbook: Any, language: Language) -> None:  # noqa: ANN401  # untyped library
        """Make none yet."""
        self._workbook = workbook
        self._made: dict[tuple[str, str], Any] = {}
        self._day = "yyyy-mm-dd" if language == "en" else "dd/mm/yyyy"

    def line(self, name: str) -> Any:  # noqa: ANN401  # untyped library
        """The format of a line of the title block or of a heading."""
        return self._format(("line", name), {**_BASE, **_LINES[name]})

    def cell(self, kind: str, dress: str) -> Any:  # noqa: ANN401  # untyped library
        """The format of a cell of the table."""
        properties = {**_BASE, **_BOXED, **_KINDS[kind], **_DRESSES[dress]}
        if kind == "date":
            properties["num_format"] = self._day
        return self._format((kind, dress), properties)

    def _format(self, key: tuple[str, str], properties: Mapping[str, Any]) -> Any:  # noqa: ANN401  # untyped library
        if key not in self._made:
            self._made[key] = self._workbook.add_format(dict(properties))
        return self._made[key]


class Page:
    """One sheet, filled from the top down.

    Attributes:
        row: the next row to be written, counted from 0.
    """

    def __init__(
        self,
        sheet: Any,  # noqa: ANN401  # untyped library
        styles: Styles,
        columns: Sequence[Column],
        language: Language,
    ) -> None:
        """Set the widths and the printed page of an empty sheet."""
        self._sheet = sheet
        self._styles = styles
        self.columns = tuple(columns)
        self._language = language
        self._index = {column.name: number for number, column in enumerate(columns)}
        self.row = 0
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        self._set_up_paper()

    def _set_up_paper(self) -> None:
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        of = Text("Trang &P/&N", "Page &P of &N").to(self._language)
        sheet.set_footer(f'&L&"{FONT},Regular"&9&A&R&"{FONT},Regular"&9{of}')

    def line(self, text: str, style: str = "plain") -> None:
        """A line over the whole width, above or below the table."""
        last = len(self.columns) - 1
        style_format = self._styles.line(style)
        width = sum(column.width for column in self.columns)
        size = _LINES[style].get("font_size", 11)
        self._sheet.set_row(self.row, _height(_lines(text, width * 11 / size), size))
        if last:
            self._sheet.merge_range(self.row, 0, self.row, last, "", style_format)
        self._sheet.write_string(self.row, 0, text, style_format)
        self.row += 1

    def gap(self) -> None:
        """An empty row."""
        self.row += 1

    def header(self, *, frozen_columns: int = 0, numbered: bool = False) -> int:
        """The headings, repeated on every printed page and kept in sight; its first row."""
        first = self.row
        headings = [column.heading.to(self._language) for column in self.columns]
        lines = max(
            _lines(heading, (column.width - _INNER_MARGIN) / _BOLD)
            for heading, column in zip(headings, self.columns, strict=True)
        )
        self._sheet.set_row(first, _height(lines) + 4)
        for number, heading in enumerate(headings):
            self._sheet.write_string(first, number, heading, self._styles.line("heading"))
        self.row += 1
        if numbered:
            self._write_numbering()
        self._sheet.repeat_rows(first, self.row - 1)
        self._sheet.freeze_panes(self.row, frozen_columns)
        return first

    def _write_numbering(self) -> None:
        """Letters for the columns that name, figures for those that count, as forms have it."""
        naming = [column.kind not in {"money", "percent"} for column in self.columns]
        for number, names in enumerate(naming):
            shown = xl_col_to_name(number) if names else str(number - sum(naming[:number]) + 1)
            self._sheet.write_string(self.row, number, shown, self._styles.line("numbering"))
        self.row += 1

    def write(
        self,
        cells: Mapping[str, Cell],
        *,
        dress: str = "",
        kinds: Mapping[str, str] | None = None,
    ) -> int:
        """One row of the table; columns not named stay empty. Gives back its row.

        Args:
            cells: by column name.
            dress: ``subtotal`` or ``total`` for rows that stand out.
            kinds: cell formats that differ from the column's own in this row.
        """
        row = self.row
        wrapped = 1
        for column in self.columns:
            cell = cells.get(column.name)
            if isinstance(cell, str) and column.kind in {"text", "indented", "code"}:
                room = (column.width - _INNER_MARGIN) / (_BOLD if dress else 1.0)
                wrapped = max(wrapped, _lines(cell, room))
        self._sheet.set_row(row, _height(wrapped))
        for number, column in enumerate(self.columns):
            kind = (kinds or {}).get(column.name, column.kind)
            self._put(row, number, cells.get(column.name), self._styles.cell(kind, dress))
        self.row += 1
        return row

    def _put(self, row: int, column: int, cell: Cell, style: Any) -> None:  # noqa: ANN401  # untyped library
        sheet = self._sheet
        if cell is None or cell == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell[:LONGEST_TEXT], style)
        elif isinstance(cell, Formula):
            if isinstance(cell.value, int):
                checked(cell.value)
            sheet.write_formula(row, column, cell.text, style, cell.value)
        elif isinstance(cell, int):
            sheet.write_number(row, column, checked(cell), style)
        else:
            sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), style)

    def mark_unless_zero(self, row: int, name: str) -> None:
        """Show a difference in red where it is not zero."""
        number = self._index[name]
        wrong = {"type": "cell", "criteria": "!=", "value": 0, "format": self._styles.line("wrong")}
        self._sheet.conditional_format(row, number, row, number, wrong)

    def filter_and_close(self, first: int) -> None:
        """A filter over the rows from the header on; codes of digits are no mistake."""
        last = max(first, self.row - 1)
        self._sheet.autofilter(first, 0, last, len(self.columns) - 1)
        self.allow_codes()

    def allow_codes(self) -> None:
        """No warning marks at codes that are made of digits."""
        whole = f"A1:{xl_rowcol_to_cell(max(self.row - 1, 0), len(self.columns) - 1)}"
        self._sheet.ignore_errors({"number_stored_as_text": whole})

    def print_area(self) -> None:
        """Print what was written, and nothing else."""
        self._sheet.print_area(0, 0, max(self.row - 1, 0), len(self.columns) - 1)

    def at(self, row: int, name: str, *, fixed: bool = False) -> str:
        """The address of a cell."""
        address: str = xl_rowcol_to_cell(row, self._index[name], row_abs=fixed, col_abs=fixed)
        return address

    def span(self, first: int, last: int, name: str) -> str:
        """The address of a run of cells in one column; rows and column are fixed."""
        start, end = (self.at(row, name, fixed=True) for row in (first, last))
        return f"{start}:{end}"

    def elsewhere(self, row: int, name: str) -> str:
        """The address of a cell as another sheet writes it."""
        sheet = str(self._sheet.get_name()).replace("'", "''")
        return f"'{sheet}'!{self.at(row, name, fixed=True)}"


def money_width(amounts: Sequence[int]) -> float:
    """A width at which the longest of these amounts is shown whole."""
    return max([13.5, *(text_width(f"{amount:,}") + 1.5 for amount in amounts)])


def text_width(text: str) -> float:
    """How wide text is in the font of the sheets, in the units of column widths.

    Row heights are not fitted by the programs that open the workbook, so the lines that a text
    takes are counted here; letters are told apart only as narrow, common, capital and broad.
    """
    return sum(_em(letter) for letter in text) * _UNITS_OF_AN_EM


@functools.cache
def _em(letter: str) -> float:
    base = unicodedata.normalize("NFD", letter)[0]
    if base in " .,;:'|!()[]/ijltfrI-":
        return 0.3
    if base in "mwMW%—…":
        return 0.8
    return 0.7 if base.isupper() else 0.5


@functools.lru_cache(maxsize=4096)  # the texts of a book come again and again
def _lines(text: str, width: float) -> int:
    """The lines that text takes in a column when it is broken between words."""
    return sum(_lines_of(part, width) for part in text.split("\n"))


def _lines_of(text: str, width: float) -> int:
    lines, used = 1, 0.0
    for word in text.split(" "):
        needed = text_width(word)
        if used and used + text_width(" ") + needed > width:
            lines, used = lines + 1, 0.0
        used += needed + (text_width(" ") if used else 0.0)
        if used > width:  # a word longer than the line is broken inside
            lines, used = lines + int(used // width), used % width
    return lines


def _height(lines: int, size: float = 11) -> float:
    return min(_TALLEST_ROW, lines * _LINE_HEIGHT * size / 11 + 2)
