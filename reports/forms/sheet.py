"""A filled form on its sheet: heading block, table, words, notes, signatures."""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Language, Text, composed
from reports.forms.grid import COUNTED, Below, CellFigure, Live, OfColumns, OfRows, number
from reports.forms.words import in_words
from reports.sheets.layout import EMPTY_ROW, PAPERS, Column, Formula, Linked, Page, scale_on
from reports.sheets.measuring import money_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.forms.grid import Content, Grid, Row
    from reports.forms.model import ColumnLayout, FormLayout
    from reports.forms.rounding import Unit
    from reports.settlement.figures import Head
    from reports.sheets.layout import Cell, Paper, Place, Styles

UNREAD: Final = Text(
    "theo mẫu, chưa đối chiếu bản gốc", "after the form, not yet compared with the original"
)
OWN_LAYOUT: Final = Text(
    "theo bố cục riêng của đơn vị: {file}", "after the unit's own layout: {file}"
)
_ROUNDED: Final = Text(
    "Làm tròn đến {unit} theo số dư lớn nhất ở từng cấp; tổng bằng cộng các số đã làm tròn, số còn "
    "lại bằng hiệu các số đã làm tròn nên có thể lệch 1 so với số đồng làm tròn riêng",
    "Rounded to {unit} by largest remainder at each level; totals add up the rounded figures, and "
    "what is left is their difference, which may be 1 off the figure in VND rounded by itself",
)
_NOTHING: Final = Text("Không phát sinh", "Nothing to list")
_SO_FAR: Final = Text(" (số lũy kế từ đầu năm)", " (since the beginning of the year)")
_IN_UNIT: Final = Text("Đơn vị tính: {unit}", "Unit: {unit}")
_IN_WORDS: Final = Text("Bằng chữ ({what}): {words}", "In words ({what}): {words}")
_ROUNDED_TO: Final = Text(", làm tròn đến {unit}", ", rounded to {unit}")
_CODE: Final = Text("mã số {code}", "code {code}")
_TOTAL_WORD: Final = Text("tổng cộng", "total")
_SIGN: Final = Text("(Ký, họ tên)", "(Signature, full name)")
_SEAL: Final = Text("(Ký, họ tên, đóng dấu)", "(Signature, full name, seal)")
_DATE: Final = Text("……, ngày …… tháng …… năm ……", "……, date ……")
_STATE: Final = (
    Text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM"),
    Text("Độc lập – Tự do – Hạnh phúc", "Independence – Freedom – Happiness"),
)
_CHAPTER: Final = Text("Mã chương: {chapter}", "Chapter: {chapter}")
_UNIT: Final = Text("Đơn vị báo cáo: {unit}", "Reporting unit: {unit}")
_UNIT_CODE: Final = Text("Mã ĐVQHNS: {code}", "Budget unit code: {code}")
_ASKED: Final = Text(
    "Không có trong sổ: đơn vị điền khi có phát sinh.",
    "Stands in no book: the unit enters it where there is any.",
)
_TYPED_OVER: Final = Text(
    "Có sẵn số báo cáo: ghi đè khi số được duyệt khác. Dòng cộng, chênh lệch và thông báo tự tính.",
    "Holds the figure reported: type over it where another is approved. Totals, differences and "
    "the notice follow.",
)
_ALONE: Final = Text("", "")  # a form of which there is one copy
_SMALLEST_PRINT: Final = 0.6  # of 11 points; smaller is not read on paper
_ROWS_TO_SIGN_IN: Final = 3
_ROOM_OF_A_SECTION: Final = 4 * EMPTY_ROW  # its heading stands on one page with its first rows
# A page on which they sign shows some of what they sign.
_ROOM_BEFORE_SIGNING: Final = 4 * EMPTY_ROW
_MOST_ROWS_BEFORE_SIGNING: Final = 4
_FROZEN: Final = {"ordinal", "label", "code"}


class Setting(NamedTuple):
    """What all sheets of a set share.

    Attributes:
        head: what the book says of unit and programme.
        period: as titles have it.
        unit: the unit of amounts.
        language: of what is no official wording.
        draft: whether every sheet is marked as one.
        whole: whether the period is a whole budget year.
        later: whether the period begins after the year does.
    """

    head: Head
    period: Text
    unit: Unit
    language: Language = "vi"
    draft: bool = False
    whole: bool = True
    later: bool = False

    @property
    def subject(self) -> str:
        """The programme and the period, which many titles end with already."""
        title = self.head.title or self.head.programme
        if title.endswith(self.period.vi):
            return title
        return f"{title} · {self.period.to(self.language)}"

    def of(self, layout: FormLayout) -> Setting:
        """The setting of one form: without English of its own it is in Vietnamese throughout."""
        return self if layout.bilingual else self._replace(language="vi")


class Placed(NamedTuple):
    """A form on its sheet, for other sheets to refer to.

    Attributes:
        of: what tells it from other copies of the same form.
    """

    page: Page
    grid: Grid
    first: int
    places: dict[str, int]
    of: Text = _ALONE

    @property
    def sheet_name(self) -> str:
        """Its sheet as addresses have it."""
        return self.page.sheet_name

    def at(self, code: str, column: str) -> str:
        """The address of a figure as another sheet writes it."""
        return self.page.elsewhere(self.places[code], column)


def write_form(  # noqa: PLR0913  # a sheet of a workbook, and what goes on it
    workbook: object,
    styles: Styles,
    grid: Grid,
    setting: Setting,
    *,
    name: str = "",
    legend: Sequence[str] = (),
    of: Text = _ALONE,
) -> Placed:
    """Write one filled form on a new sheet.

    Args:
        workbook: of xlsxwriter, not in constant memory.
        styles: of that workbook.
        grid: from ``fill_coded`` or ``fill_listed``.
        setting: what the sheets of the set share.
        name: of the sheet; the layout's own unless said.
        legend: lines below the title that are of this copy alone.
        of: what tells this copy from others of the same form.

    Returns:
        Where each figure stands.

    Raises:
        BadInputError: an amount has more than fifteen digits.
    """
    layout, setting = grid.layout, setting.of(grid.layout)
    columns = columns_of(grid)
    page = Page(
        workbook.add_worksheet(name or layout.sheet),  # type: ignore[attr-defined]
        styles,
        columns,
        setting.language,
        paper=_paper(layout, columns),
        footer=footer_of(layout, setting),
        draft=setting.draft,
    )
    writer = _Writer(page, grid, setting)
    writer.write_heading(legend)
    placed = writer.write_table()
    writer.write_below()
    page.allow_codes()
    page.print_area()
    return placed._replace(of=of)


def _paper(layout: FormLayout, columns: Sequence[Column]) -> Paper:
    """The form's own paper; the larger one where a book has too many loại and khoản for it."""
    own = PAPERS[layout.size, layout.orientation]
    if layout.spread and scale_on(own, columns) < _SMALLEST_PRINT:
        return PAPERS["A3", layout.orientation]
    return own


class HeadingBlock(NamedTuple):
    """What stands above a table.

    Attributes:
        sides: left and right of each line: who reports, and which form it is.
        title: the form's.
        below: lines under the title, centred.
        unit: of amounts; empty where the form has none.
    """

    sides: tuple[tuple[str, str], ...]
    title: str
    below: tuple[str, ...]
    unit: str


def heading_block(layout: FormLayout, setting: Setting, legend: Sequence[str]) -> HeadingBlock:
    """Who reports, which form it is, its title, the unit of amounts."""
    setting = setting.of(layout)
    head, language = setting.head, setting.language
    official = bool(layout.basis)
    amounts = layout.spread or any(column.kind == "money" for column in layout.columns)
    number = [f"{layout.marked} {layout.printed}", f"({layout.basis})" if layout.basis else ""]
    motto = [line.to(language) for line in _STATE] if layout.motto or not official else []
    rights = [*(number if official else ()), *motto]
    lefts = [
        _CHAPTER.format(chapter=head.chapter or "…").to(language),
        _UNIT.format(unit=head.unit).to(language),
        _UNIT_CODE.format(code=head.unit_code or "…").to(language),
    ]
    subtitle = layout.subtitle.to(language) if layout.subtitle.vi else ""
    period = setting.period.to(language)
    period = period[:1].upper() + period[1:]
    if setting.later and not layout.by_period:
        period += _SO_FAR.to(language)
    below = (subtitle, period, *legend)
    return HeadingBlock(
        tuple(itertools.zip_longest(lefts, rights, fillvalue="")),
        layout.title.to(language),
        tuple(filter(None, below)),
        _in_unit(layout, setting) if amounts else "",
    )


def _in_unit(layout: FormLayout, setting: Setting) -> str:
    """The line that names the unit of amounts, in the form's own words where it has some."""
    unit = setting.unit.label.to(setting.language)
    words = layout.unit_line.to(setting.language) or _IN_UNIT.to(setting.language)
    return words.format(unit=unit, Unit=unit[:1].upper() + unit[1:])


def amount_in_words(grid: Grid, setting: Setting) -> str:
    """The line that writes an amount of a form out as it is printed; empty where it has none."""
    setting = setting.of(grid.layout)
    code, _, column = grid.layout.words.partition(".")
    if not column or all(row.code != code for row in grid.rows):
        return ""
    what = _TOTAL_WORD if code == "TOTAL" else _CODE.format(code=code)
    said = what.to(setting.language)
    if setting.unit.size > 1:
        unit = setting.unit.label.to(setting.language)
        said += _ROUNDED_TO.format(unit=unit).to(setting.language)
    words = in_words(grid.value(code, column) * setting.unit.size)
    return _IN_WORDS.to(setting.language).format(what=said, words=words)


def footer_of(layout: FormLayout, setting: Setting) -> str:
    """What stands at the foot of a form: its number, whose layout it is, how far it is verified."""
    setting = setting.of(layout)
    parts = [layout.printed]
    if layout.own_file:
        parts.append(OWN_LAYOUT.format(file=layout.own_file).to(setting.language))
    if not layout.read:
        parts.append(UNREAD.to(setting.language))
    if setting.unit.size > 1:
        parts.append(
            _ROUNDED.format(unit=setting.unit.label.to(setting.language)).to(setting.language)
        )
    return " · ".join(parts)


def columns_of(grid: Grid) -> list[Column]:
    """The columns; those that are spread over loại and khoản are numbered from 1."""
    found, counted = [], 0
    for column in grid.columns:
        counted += column.mark == COUNTED
        mark = str(counted) if column.mark == COUNTED else column.mark
        found.append(_column(column, grid)._replace(mark=mark))
    return found


def _column(column: ColumnLayout, grid: Grid) -> Column:
    vi, en = column.heading.vi.split(" / "), column.heading.en.split(" / ")
    above = tuple(Text(one, other) for one, other in zip(vi[:-1], en[:-1], strict=False))
    width = column.width
    if column.kind == "money":
        width = money_width([number(row.cells.get(column.key)) for row in grid.rows], least=width)
    kind = "bracketed" if column.brackets and column.kind == "money" else column.kind
    return Column(column.key, Text(vi[-1], en[-1]), width, kind, above, column.mark)


class _Writer:
    """Fills one sheet downwards."""

    def __init__(self, page: Page, grid: Grid, setting: Setting) -> None:
        self._page = page
        self._grid = grid
        self._setting = setting
        self._language = setting.language
        self._keys = {column.name for column in page.columns}
        self._last_places = deque([page.place()], maxlen=_MOST_ROWS_BEFORE_SIGNING)

    def write_heading(self, legend: Sequence[str]) -> None:
        """Who reports, which form it is, its title, the unit of amounts."""
        page, block = self._page, heading_block(self._grid.layout, self._setting, legend)
        for left, right in block.sides:
            page.side_by_side([(left, "unit"), (right, "centred")])
        page.gap()
        page.line(block.title, "title")
        for text in block.below:
            page.line(text, "centred")
        if block.unit:
            page.line(block.unit, "note")

    def write_table(self) -> Placed:
        """The headings and every row."""
        page, grid = self._page, self._grid
        keys = [column.key for column in grid.columns]
        frozen = sum(1 for key in keys[:3] if key in _FROZEN)
        marked = any(column.mark for column in grid.columns)
        page.header(frozen_columns=frozen, numbered=marked)
        if all(row.dress == "total" for row in grid.rows):
            text = grid.layout.empty.to(self._language) or _NOTHING.to(self._language)
            page.write({grid.layout.into or keys[0]: text})
        first = page.row
        places = {row.code: first + n for n, row in enumerate(grid.rows) if row.code}
        for row in grid.rows:
            if row.dress == "section" or (row.dress == "subtotal" and not grid.layout.coded):
                page.need(_ROOM_OF_A_SECTION)
            self._last_places.append(page.place())
            self._write_row(row, places)
        return Placed(page, grid, first, places)

    def _write_row(self, row: Row, places: dict[str, int]) -> None:
        here = self._page.row
        cells = {
            key: self._cell(content, key, here, places)
            for key, content in row.cells.items()
            if key in self._keys
        }
        asked = {
            key
            for key, content in row.cells.items()
            if isinstance(content, CellFigure) and content.ask
        }
        kinds = {"label": "indented"} if row.indent else {}
        kinds |= dict.fromkeys(asked, "unknown")
        # Colour is for who fills a draft; what is signed is printed without.
        coloured = asked if self._setting.draft else ()
        dresses = dict.fromkeys(coloured, f"{row.dress}asked")
        self._page.write(cells, dress=row.dress, kinds=kinds, dresses=dresses)
        for key in sorted(asked):
            self._page.prompt(here, key, _ASKED)
        for column in self._grid.columns:
            if column.open_ and isinstance(row.cells.get(column.key), OfColumns):
                self._page.prompt(here, column.key, _TYPED_OVER)

    def _cell(self, content: Content, key: str, here: int, places: dict[str, int]) -> Cell:
        page = self._page
        if isinstance(content, CellFigure):
            return Linked(content.value, content.link) if content.link else content.value
        if isinstance(content, OfRows):
            text = content.expression.formula(lambda code: page.at(places[code], key))
            return Formula(text, content.value)
        if isinstance(content, OfColumns):
            return Formula(
                content.expression.formula(lambda one: page.at(here, one)), content.value
            )
        if isinstance(content, Below):
            first, last = page.at(here + content.first, key), page.at(here + content.last, key)
            return Formula(f"=SUBTOTAL(9,{first}:{last})", content.value)
        if isinstance(content, Live):
            return Formula(content.text, content.value)
        return composed(content) if isinstance(content, str) else content

    def write_below(self) -> None:
        """The amount in words, notes, and who signs."""
        page, layout = self._page, self._grid.layout
        below = page.place()
        words = amount_in_words(self._grid, self._setting)
        if words:
            page.line(words, "legend")
        for note in layout.notes_of(whole=self._setting.whole):
            page.line(note.to(self._language), "legend")
        if layout.signatures:
            self._write_signatures()
        page.keep_together_from(self._shown_with_signatures(below))

    def _shown_with_signatures(self, below: Place) -> Place:
        """Where the rows begin that stand on one page with who signs: a few short ones, or two."""
        for place in reversed(self._last_places):
            if below.from_top - place.from_top >= _ROOM_BEFORE_SIGNING:
                return place
        return self._last_places[0]

    def _write_signatures(self) -> None:
        page, signatures = self._page, self._grid.layout.signatures
        names = self._setting.head.by_role
        page.gap()
        blank = [("", "signing")] * (len(signatures) - 1)
        page.side_by_side([*blank, (_DATE.to(self._language), "signing")])
        page.side_by_side([(one.title.to(self._language), "signatory") for one in signatures])
        said = {"head": _SEAL}
        page.side_by_side(
            [(said.get(one.role, _SIGN).to(self._language), "signing") for one in signatures]
        )
        for _ in range(_ROWS_TO_SIGN_IN):
            page.gap()
        page.side_by_side([(names.get(one.role, ""), "signatory") for one in signatures])
