"""How a sheet is laid out: columns declared as data, styles, the printed page, rows in order.

Rows are written once and downwards, so that a sheet of any length needs no more memory than a
row. Text of a book is always written as text and can never become a formula.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from ledger.text import Language, Text
from reports.sheets.amounts import checked
from reports.sheets.measuring import INNER_MARGIN, height_of, lines_in
from reports.sheets.workbooks import FONT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Vietnamese separators: LibreOffice follows the mark, Excel the machine's own setting.
MONEY: Final = '[$-42A]#,##0;[Red][$-42A]-#,##0;"–"'
BRACKETED: Final = '[$-42A]#,##0;[Red][$-42A](#,##0);"–"'
DIFFERENCE: Final = "[$-42A]#,##0;[Red][$-42A]-#,##0;0"
UNKNOWN: Final = '[$-42A]#,##0;[Red][$-42A]-#,##0;""'  # nothing is not said to be 0
LONGEST_TEXT: Final = 32_767
EMPTY_ROW: Final = 15.0  # what a row has that no height was set for
CHART_ROW: Final = 15.5
_CHART_GAP: Final = 10  # pixels between charts that stand side by side
_MOST_BREAKS: Final = 1000  # a workbook takes little more
_LONGEST_FOOTER: Final = 180
_WATERMARK_ROW: Final = 9
_SIDE, _TOP, _BOTTOM = 0.4, 0.45, 0.55  # margins in inches
_DRAFT_TOP: Final = 0.55  # with room for the mark of a draft
_POINTS_OF_AN_INCH: Final = 72
_BOLD: Final = 1.06  # how much wider bold letters are

_BASE: Final[dict[str, Any]] = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
_BOXED: Final[dict[str, Any]] = {"border": 1, "border_color": "#7F7F7F"}
_TOTAL: Final[dict[str, Any]] = {"bold": True, "bg_color": "#DDE6F0"}
_ASKED: Final = "#FFF8DC"
_SUBTOTAL: Final[dict[str, Any]] = {"bold": True, "bg_color": "#F2F2F2"}

# What a cell holds decides its format; what a row is decides its dress.
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "text": {"text_wrap": True},
    "indented": {"text_wrap": True, "indent": 1},
    "code": {"align": "center", "text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    "money": {"num_format": MONEY},
    "bracketed": {"num_format": BRACKETED},
    "difference": {"num_format": DIFFERENCE},
    "unknown": {"num_format": UNKNOWN},
    "percent": {"num_format": "[$-42A]0.00%", "align": "right"},
    "number": {"num_format": "0", "align": "center"},
    "date": {"align": "center"},
}
_DRESSES: Final[dict[str, dict[str, Any]]] = {
    "": {},
    "section": {"bold": True},
    "subtotal": _SUBTOTAL,
    "closing": _SUBTOTAL,
    "total": _TOTAL,
    "asked": {"bg_color": _ASKED},
    "subtotalasked": {"bold": True, "bg_color": _ASKED},
}
_LINES: Final[dict[str, dict[str, Any]]] = {
    "unit": {"bold": True, "text_wrap": True},
    "plain": {"text_wrap": True},
    "title": {"bold": True, "font_size": 14, "align": "center", "text_wrap": True},
    "centred": {"align": "center", "text_wrap": True},
    "note": {"italic": True, "align": "right"},
    "legend": {"italic": True, "text_wrap": True},
    "alarm": {"bold": True, "align": "center", "font_color": "#C00000", "text_wrap": True},
    "signatory": {"bold": True, "align": "center", "text_wrap": True},
    "signing": {"italic": True, "align": "center"},
    "warning": {"italic": True, "align": "center", "font_color": "#C00000", "text_wrap": True},
    "point": {"font_color": "#C00000", "text_wrap": True},
    "heading": {
        "bold": True,
        "align": "center",
        "text_wrap": True,
        "bg_color": "#C9D7E8",
        **_BOXED,
    },
    "numbering": {"italic": True, "font_size": 9, "align": "center", **_BOXED},
    "listed": {"align": "center", "font_color": "#0563C1", "underline": 1},
    "wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
}


class Column(NamedTuple):
    """One column of a sheet.

    Attributes:
        name: how formulas refer to it.
        heading: what is printed above it.
        width: in characters.
        kind: a key of the cell formats: ``text``, ``money``, …
        above: headings over it and its neighbours, from the top; equal ones are one cell.
        mark: its letter or number in the row below the headings.
    """

    name: str
    heading: Text
    width: float
    kind: str = "text"
    above: tuple[Text, ...] = ()
    mark: str = ""


class Paper(NamedTuple):
    """The printed page.

    Attributes:
        code: Excel's number of the size.
        width: in points, as it lies; ``height`` likewise.
        landscape: whether it lies on its side.
    """

    code: int
    width: float
    height: float
    landscape: bool


PAPERS: Final = {
    ("A4", "portrait"): Paper(9, 595.0, 842.0, landscape=False),
    ("A4", "landscape"): Paper(9, 842.0, 595.0, landscape=True),
    ("A3", "portrait"): Paper(8, 842.0, 1191.0, landscape=False),
    ("A3", "landscape"): Paper(8, 1191.0, 842.0, landscape=True),
}
_USUAL: Final = PAPERS["A4", "landscape"]
DRAFT: Final = Text("BẢN NHÁP – CHƯA DÙNG ĐỂ KÝ", "DRAFT – NOT TO BE SIGNED")


class Formula(NamedTuple):
    """A live formula and the value that it has as written."""

    text: str
    value: int | float | str


class Linked(NamedTuple):
    """A figure or text that leads to another place; on sheets kept in memory only."""

    value: int | str
    url: str


Plain = str | int | dt.date | Formula
Cell = Plain | Linked | None


class Place(NamedTuple):
    """Where a row begins: in the sheet, and in points from the top of the sheet and of its page."""

    row: int
    from_top: float
    on_page: float


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

    def __init__(  # noqa: PLR0913  # what a page is
        self,
        sheet: Any,  # noqa: ANN401  # untyped library
        styles: Styles,
        columns: Sequence[Column],
        language: Language,
        *,
        paper: Paper = _USUAL,
        footer: str = "",
        draft: bool = False,
        fixed: bool = False,
    ) -> None:
        """Set the widths and the printed page of an empty sheet.

        Args:
            sheet: of xlsxwriter.
            styles: of its workbook.
            columns: in their order.
            language: of headings and footers.
            paper: the printed page.
            footer: what stands at the foot beside the page number; the sheet's name unless said.
            draft: whether every page says that it is one.
            fixed: whether its rows must stand where they do, so that a draft has no line above.
        """
        self._sheet = sheet
        self._styles = styles
        self.columns = tuple(columns)
        self._language = language
        self._index = {column.name: number for number, column in enumerate(columns)}
        self.row = self._first_printed = 0
        self._from_top = self._on_page = self._repeated = 0.0
        self._breaks: list[int] = []
        self._top = _DRAFT_TOP if draft else _TOP
        self._room = _room_of_page(columns, paper, self._top)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        self._set_up_paper(paper, footer)
        if draft:
            self._mark_draft(over=fixed)

    def _set_up_paper(self, paper: Paper, footer: str) -> None:
        sheet = self._sheet
        if paper.landscape:
            sheet.set_landscape()
        else:
            sheet.set_portrait()
        sheet.set_paper(paper.code)
        sheet.set_margins(left=_SIDE, right=_SIDE, top=self._top, bottom=_BOTTOM)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        of = Text("Trang &P/&N", "Page &P of &N").to(self._language)
        left = footer.replace("&", "&&")[:_LONGEST_FOOTER] or "&A"
        left = f" {left}" if left[:1].isdigit() else left  # or it would count as the size
        sheet.set_footer(f'&L&"{FONT},Regular"&9{left}&R&"{FONT},Regular"&9{of}')

    def _mark_draft(self, *, over: bool) -> None:
        """On every printed page by the header, on the screen by a line above all others.

        That line is not printed. Where no row may move, a text stands over the table instead.
        """
        words = DRAFT.to(self._language)
        self._sheet.set_header(f'&C&"{FONT},Bold"&14&KC00000{words}', {"margin": 0.2})
        if not over:
            self.line(words, "alarm")
            self._first_printed, self._on_page = self.row, 0.0
            return
        self._sheet.insert_textbox(
            _WATERMARK_ROW,
            0,
            words,
            {
                "width": 760,
                "height": 70,
                "x_offset": 60,
                "object_position": 3,
                "font": {"name": FONT, "size": 32, "bold": True, "color": "#F2CFCF"},
                "align": {"vertical": "middle", "horizontal": "center"},
                "fill": {"none": True},
                "line": {"none": True},
                "description": words,
            },
        )

    def line(self, text: str, style: str = "plain") -> None:
        """A line over the whole width, above or below the table."""
        self.side_by_side([(text, style)])

    def side_by_side(self, texts: Sequence[tuple[str, str]]) -> None:
        """Texts with their styles in one row, each over an equal share of the whole width."""
        height = EMPTY_ROW
        for (first, last), (text, style) in zip(self._shares(len(texts)), texts, strict=True):
            style_format = self._styles.line(style)
            width = sum(column.width for column in self.columns[first : last + 1])
            size = _LINES[style].get("font_size", 11)
            room = width * 11 / size / (_BOLD if _LINES[style].get("bold") else 1.0)
            height = max(height, height_of(lines_in(text, room), size))
            if last > first:
                self._sheet.merge_range(self.row, first, self.row, last, "", style_format)
            self._sheet.write_string(self.row, first, text, style_format)
        self._end_row(height)

    def _shares(self, count: int) -> list[tuple[int, int]]:
        """The columns cut into runs of about the same width, none of them empty."""
        total = sum(column.width for column in self.columns)
        ends: list[int] = []
        passed = 0.0
        for number, column in enumerate(self.columns):
            middle = passed + column.width / 2
            passed += column.width
            wanted = len(ends) + 1
            if number and wanted < count and middle > total * wanted / count:
                ends.append(number - 1)
        starts = [0, *(end + 1 for end in ends)]
        return list(zip(starts, [*ends, len(self.columns) - 1], strict=True))

    def gap(self) -> None:
        """An empty row."""
        self._end_row(EMPTY_ROW)

    def _end_row(self, height: float) -> None:
        """Go on to the next row, on a new printed page where this one is full."""
        self._sheet.set_row(self.row, height)
        self._from_top += height
        self._on_page += height
        if self._on_page > self._room:
            # Said and not left to the printer, whose pages would take other rows than counted here.
            self._break_before(self.row)
            self._on_page = self._repeated + height
        self.row += 1

    def place(self) -> Place:
        """Where the next row begins."""
        return Place(self.row, self._from_top, self._on_page)

    def need(self, height: float) -> None:
        """Begin a printed page where so many points no longer fit on this one."""
        if self._on_page + height > self._room:
            self._break_before(self.row)
            self._on_page = self._repeated

    def keep_together_from(self, start: Place) -> None:
        """Begin a printed page at a row where all that follows it would else be parted."""
        height = self._from_top - start.from_top
        if start.on_page + height > self._room >= self._repeated + height:
            self._breaks = [row for row in self._breaks if row < start.row]
            self._break_before(start.row)

    def _break_before(self, row: int) -> None:
        if len(self._breaks) < _MOST_BREAKS:
            self._breaks.append(row)
            self._sheet.set_h_pagebreaks(self._breaks)

    def header(
        self, *, frozen_columns: int = 0, numbered: bool = False, repeated: bool = True
    ) -> int:
        """The headings, kept in sight and, if so asked, repeated on every printed page.

        Returns:
            Their first row.
        """
        first, above = self.row, self._from_top
        depth = max(len(column.above) for column in self.columns) + 1
        for level in range(depth):
            self._write_headings(first, level, depth)
        if numbered:
            self._write_numbering()
        if repeated:
            self._repeated = self._from_top - above
            self._sheet.repeat_rows(first, self.row - 1)
        self._sheet.freeze_panes(self.row, frozen_columns)
        return first

    def _write_headings(self, first: int, level: int, depth: int) -> None:
        """One level of the headings; one with fewer levels reaches down over all of them."""
        style, lines = self._styles.line("heading"), 1
        for start, end in self._heading_runs(level):
            column = self.columns[start]
            lowest = level >= len(column.above)
            if lowest and level > len(column.above):
                continue  # written with the level above
            text = (column.heading if lowest else column.above[level]).to(self._language)
            last = first + depth - 1 if lowest else first + level
            width = sum(one.width for one in self.columns[start : end + 1])
            if end > start or last > self.row:
                self._sheet.merge_range(self.row, start, last, end, "", style)
            self._sheet.write_string(self.row, start, text, style)
            rows = last - self.row + 1
            lines = max(lines, -(-lines_in(text, (width - INNER_MARGIN) / _BOLD) // rows))
        self._end_row(height_of(lines) + 4)

    def _heading_runs(self, level: int) -> list[tuple[int, int]]:
        """Runs of neighbouring columns that share their heading down to a level."""
        runs: list[tuple[int, int]] = []
        for number, column in enumerate(self.columns):
            shared = column.above[: level + 1]
            before = self.columns[number - 1].above[: level + 1] if number else ()
            if runs and len(shared) == level + 1 and shared == before:
                runs[-1] = (runs[-1][0], number)
            else:
                runs.append((number, number))
        return runs

    def _write_numbering(self) -> None:
        """Letters for the columns that name, figures for those that count, as forms have it.

        Columns that bring a mark of their own keep it.
        """
        counting = {"money", "bracketed", "percent", "difference"}
        naming = [column.kind not in counting for column in self.columns]
        marked = any(column.mark for column in self.columns)
        for number, names in enumerate(naming):
            shown = xl_col_to_name(number) if names else str(number - sum(naming[:number]) + 1)
            shown = self.columns[number].mark if marked else shown
            self._sheet.write_string(self.row, number, shown, self._styles.line("numbering"))
        self._end_row(EMPTY_ROW)

    def write(
        self,
        cells: Mapping[str, Cell],
        *,
        dress: str = "",
        kinds: Mapping[str, str] | None = None,
        dresses: Mapping[str, str] | None = None,
    ) -> int:
        """One row of the table; columns not named stay empty. Gives back its row.

        Args:
            cells: by column name.
            dress: ``subtotal`` or ``total`` for rows that stand out.
            kinds: cell formats that differ from the column's own in this row.
            dresses: of cells that stand out from their row.
        """
        row = self.row
        wrapped = 1
        for column in self.columns:
            cell = cells.get(column.name)
            if isinstance(cell, Linked):
                cell = cell.value  # only its text takes room
            if isinstance(cell, str) and column.kind in {"text", "indented", "code"}:
                room = (column.width - INNER_MARGIN) / (_BOLD if dress else 1.0)
                wrapped = max(wrapped, lines_in(cell, room))
        for number, column in enumerate(self.columns):
            kind = (kinds or {}).get(column.name, column.kind)
            own = (dresses or {}).get(column.name, dress)
            self._put(row, number, cells.get(column.name), self._styles.cell(kind, own))
        self._end_row(height_of(wrapped))
        return row

    def write_across(self, first: Linked, text: str) -> None:
        """A row outside the table: its first column, and a text over all columns after it."""
        style, last = self._styles.line("plain"), len(self.columns) - 1
        self._put(self.row, 0, first, self._styles.line("listed"))
        if last > 1:
            self._sheet.merge_range(self.row, 1, self.row, last, "", style)
        self._put(self.row, 1, text, style)
        room = sum(column.width for column in self.columns[1:])
        self._end_row(height_of(lines_in(text, room)))

    def _put(self, row: int, column: int, cell: Cell, style: Any) -> None:  # noqa: ANN401  # untyped library
        sheet = self._sheet
        if cell is None or cell == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(cell, str):
            sheet.write_string(row, column, plain_text(cell), style)
        elif isinstance(cell, Formula):
            if isinstance(cell.value, int):
                checked(cell.value)
            sheet.write_formula(row, column, cell.text, style, cell.value)
        elif isinstance(cell, Linked):
            # The link is kept when a number takes the place of its text.
            sheet.write_url(row, column, cell.url, style, _short(cell.value))
            if isinstance(cell.value, int):
                sheet.write_number(row, column, checked(cell.value), style)
        elif isinstance(cell, int):
            sheet.write_number(row, column, checked(cell), style)
        else:
            sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), style)

    def write_run(self, cells: Mapping[str, Sequence[Plain]]) -> None:
        """Many rows at once, column by column, on a sheet that keeps none of them in memory.

        Args:
            cells: of every column, each as long as the others.
        """
        values = [cells[column.name] for column in self.columns]
        heights = [height_of(lines) for lines in self._lines_of_run(values)]
        styles = [self._styles.cell(column.kind, "") for column in self.columns]
        self._sheet.write_run(self.row, heights, list(zip(values, styles, strict=True)))
        self.row += len(heights)

    def _lines_of_run(self, values: Sequence[Sequence[Plain]]) -> list[int]:
        """The lines that each row takes: those of its longest text."""
        lines = [1] * len(values[0])
        for column, own in zip(self.columns, values, strict=True):
            if column.kind in {"text", "code"}:
                room = column.width - INNER_MARGIN
                taken = {text: lines_in(str(text), room) for text in set(own)}
                if max(taken.values(), default=1) == 1:
                    continue
                lines = [max(most, taken[text]) for most, text in zip(lines, own, strict=True)]
        return lines

    def mark_unless_zero(self, row: int, name: str) -> None:
        """Show a difference in red where it is not zero."""
        number = self._index[name]
        wrong = {"type": "cell", "criteria": "!=", "value": 0, "format": self._styles.line("wrong")}
        self._sheet.conditional_format(row, number, row, number, wrong)

    def prompt(self, row: int, name: str, text: Text) -> None:
        """Say something of a cell when it is chosen; nothing of it is printed."""
        number, said = self._index[name], text.to(self._language)
        self._sheet.data_validation(
            row, number, row, number, {"validate": "any", "input_message": said}
        )

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
        last = max(self.row - 1, self._first_printed)
        self._sheet.print_area(self._first_printed, 0, last, len(self.columns) - 1)

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
        return f"{self.sheet_name}!{self.at(row, name, fixed=True)}"

    def area(self, first: int, last: int, name: str) -> str:
        """The address of a run of cells in one column as another sheet or a chart writes it."""
        return f"{self.sheet_name}!{self.span(first, last, name)}"

    @property
    def sheet_name(self) -> str:
        """The name of the sheet as addresses have it."""
        name = str(self._sheet.get_name()).replace("'", "''")
        return f"'{name}'"

    def charts(self, rows: int, charts: Sequence[tuple[Any, int, str]]) -> None:
        """Charts side by side below what was written; they take so many empty rows.

        Args:
            rows: that they stand over.
            charts: each with its width in pixels and what it shows, for those who cannot see it.
        """
        self.need(rows * CHART_ROW)
        left = _CHART_GAP
        for chart, width, description in charts:
            options = {
                "object_position": 1,
                "description": description,
                "x_offset": left,
                "y_offset": 4,
            }
            self._sheet.insert_chart(self.row, 0, chart, options)
            left += width + _CHART_GAP
        for _ in range(rows):
            self._end_row(CHART_ROW)


def _short(value: int | str) -> str:
    return plain_text(str(value))


def plain_text(text: str) -> str:
    """Text as long as a cell holds, which the library takes for text and not for runs of markup."""
    if len(text) > LONGEST_TEXT // 2:
        units = text.encode("utf-16-le", "surrogatepass")
        if len(units) > 2 * LONGEST_TEXT:
            text = units[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _room_of_page(columns: Sequence[Column], paper: Paper, top: float) -> float:
    """The height of rows that a printed page takes, in points of the sheet before it is fitted."""
    return (paper.height - (top + _BOTTOM) * _POINTS_OF_AN_INCH) / scale_on(paper, columns)


def scale_on(paper: Paper, columns: Sequence[Column]) -> float:
    """How small a sheet is printed for all its columns to stand side by side; 1 as it is."""
    width = sum(column.width * 7 + 5 for column in columns) * 0.75  # 7 pixels a unit, 5 of padding
    return min(1.0, (paper.width - 2 * _SIDE * _POINTS_OF_AN_INCH) / width)
