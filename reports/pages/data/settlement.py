"""The forms of the year's settlement as a page shows them, and what stands in their way."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import composed, dong
from reports.forms.grid import Below, CellFigure, Live, OfColumns, OfRows
from reports.forms.sheet import amount_in_words, columns_of, footer_of, heading_block
from reports.settlement.settling import preview
from reports.settlement.years import year_period
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.facts import Facts
    from ledger.text import Language, Text
    from reports.forms.grid import Content, Grid, Row
    from reports.forms.sheet import HeadingBlock, Setting
    from reports.settlement.settling import Preview
    from reports.sheets.layout import Column
    from rules.finding import Finding
    from rules.law import Law

MOST_ROWS: Final = 120


class HeadCell(NamedTuple):
    """A heading over columns: how many it is over, and how many rows of headings high."""

    text: str
    across: int
    down: int


class Cell(NamedTuple):
    """A cell of the table: its text, and the kind of its column."""

    text: str
    kind: str


class FormRow(NamedTuple):
    """A row of the table.

    Attributes:
        dress: as the rows of grids have it, or ``asked`` where the unit enters a figure.
    """

    code: str
    cells: tuple[Cell, ...]
    dress: str
    indent: int


class Form(NamedTuple):
    """A form as the workbook has it.

    Attributes:
        sheet: the name of its sheet.
        number: of the form.
        marks: letters or numbers of the columns; empty where it has none.
        rows: the first of them, and the total of all.
        hidden: how many more the workbook has.
        words: an amount written out.
        signatures: titles with the names that the book gives.
        foot: what stands at the foot of the printed page.
    """

    sheet: str
    number: str
    heading: HeadingBlock
    headings: tuple[tuple[HeadCell, ...], ...]
    marks: tuple[str, ...]
    rows: tuple[FormRow, ...]
    hidden: int
    words: str
    notes: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...]
    foot: str


class Settlement(NamedTuple):
    """The year's set.

    Attributes:
        preview: every form with its figures.
        blocked: why it cannot be signed yet.
        errors: findings among that, with their places.
    """

    preview: Preview
    blocked: tuple[Text, ...]
    errors: tuple[Finding, ...]

    @property
    def sheets(self) -> tuple[tuple[str, str], ...]:
        """Each sheet with the title of its form."""
        language = self.preview.setting.language
        return tuple((one.sheet, one.grid.layout.name.to(language)) for one in self.preview.forms)

    def form(self, sheet: str) -> Form:
        """A form by the name of its sheet; the first where there is none of it."""
        forms = self.preview.forms
        one = next((one for one in forms if one.sheet == sheet), forms[0])
        return shown(one.sheet, one.grid, one.legend, self.preview.setting)


def settlement(  # noqa: PLR0913, PLR0917  # the book, the law, and what is asked
    facts: Facts,
    law: Law,
    findings: Iterable[Finding],
    year: int,
    as_of: dt.date,
    language: Language,
) -> Settlement:
    """The forms of a budget year by the engine of ``cnht settle``.

    Raises:
        BadInputError: the year cannot be settled from the book.
    """
    found = preview(facts, law, year_period(law, year), as_of, language)
    errors = tuple(one for one in findings if one.severity is Severity.ERROR)
    return Settlement(found, tuple(found.blocked), errors)


def shown(sheet: str, grid: Grid, legend: Sequence[str], setting: Setting) -> Form:
    """A filled form for a page.

    Args:
        sheet: the name of its sheet in the workbook.
        grid: the form with its figures.
        legend: lines below the title that are of this copy alone.
        setting: what the forms of the set share.
    """
    layout, setting = grid.layout, setting.of(grid.layout)
    language = setting.language
    columns = columns_of(grid)
    rows = [_row(row, columns, language) for row in grid.rows]
    long = len(rows) > MOST_ROWS and not layout.coded  # a form of fixed rows is shown whole
    ends = rows[-1:] if long and rows[-1].dress == "total" else []
    first = rows[: MOST_ROWS - len(ends)] if long else rows
    return Form(
        sheet=sheet,
        number=layout.printed,
        heading=heading_block(layout, setting, legend),
        headings=headings(columns, language),
        marks=tuple(c.mark for c in columns) if any(c.mark for c in columns) else (),
        rows=(*first, *ends),
        hidden=len(rows) - len(first) - len(ends),
        words=amount_in_words(grid, setting),
        notes=tuple(note.to(language) for note in layout.notes_of(whole=setting.whole)),
        signatures=tuple(
            (one.title.to(language), setting.head.by_role.get(one.role, ""))
            for one in layout.signatures
        ),
        foot=footer_of(layout, setting),
    )


def headings(columns: Sequence[Column], language: Language) -> tuple[tuple[HeadCell, ...], ...]:
    """The rows of headings: equal ones side by side are one, and short ones reach to the foot."""
    paths = [(*column.above, column.heading) for column in columns]
    depth = max(len(path) for path in paths)
    rows = []
    for level in range(depth):
        cells: list[HeadCell] = []
        before: tuple[Text, ...] = ()
        for path in paths:
            last = level == len(path) - 1
            if level < len(path):
                here = path[: level + 1]
                if here == before and not last:
                    cells[-1] = cells[-1]._replace(across=cells[-1].across + 1)
                else:
                    down = depth - level if last else 1
                    cells.append(HeadCell(here[-1].to(language), 1, down))
                before = () if last else here
            else:
                before = ()
        rows.append(tuple(cells))
    return tuple(rows)


_CLASSES: Final = {"bracketed": "money"}  # what the page styles alike


def _row(row: Row, columns: Sequence[Column], language: Language) -> FormRow:
    contents = [row.cells.get(column.name) for column in columns]
    asked = any(isinstance(one, CellFigure) and one.ask for one in contents)
    cells = tuple(
        Cell(_text(content, column.kind, language), _CLASSES.get(column.kind, column.kind))
        for content, column in zip(contents, columns, strict=True)
    )
    return FormRow(row.code, cells, row.dress or ("asked" if asked else ""), row.indent)


def _text(content: Content, kind: str, language: Language) -> str:
    """A cell as the workbook prints it."""
    if content is None:
        return ""
    value = (
        content.value
        if isinstance(content, (CellFigure, OfRows, OfColumns, Below, Live))
        else content
    )
    if isinstance(value, str):
        return composed(value)
    if isinstance(value, dt.date):
        return value.isoformat() if language == "en" else f"{value:%d/%m/%Y}"
    if kind == "percent":
        text = f"{value * 100:.2f}%"
        return text if language == "en" else text.replace(".", ",")
    if kind in {"money", "bracketed"}:
        return _money(int(value), language, brackets=kind == "bracketed")
    return str(value)


def _money(amount: int, language: Language, *, brackets: bool) -> str:
    if brackets and amount < 0:
        return f"({dong(-amount, language)})"
    return dong(amount, language) if amount else "–"
