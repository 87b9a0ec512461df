"""What readers call the cells of forms that show figures of the book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Language, Text
from reports.forms.grid import CellFigure
from reports.settlement.teller import row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reports.forms.grid import Content, Row
    from reports.forms.sheet import Placed
    from reports.settlement.filling import Filled

_CODE: Final = Text("mã số {code}", "code {code}")
_LONGEST: Final = 40
_MOST: Final = 4


class NamedCell(NamedTuple):
    """A cell of a form: its sheet, row and column in words, and where it stands."""

    name: str
    row: int
    column: str
    content: Content


def cell_names(filled: Iterable[Filled], language: Language) -> dict[int, str]:
    """The sheet, row and column of each figure with a link, by the row to which it leads."""
    names: dict[int, str] = {}
    for one in filled:
        for cell in named_cells(one, language):
            if isinstance(cell.content, CellFigure) and cell.content.link:
                at = row_of(cell.content.link)
                names[at] = f"{names[at]}; {cell.name}" if at in names else cell.name
    return names


def named_cells(form: Filled, language: Language) -> Iterator[NamedCell]:
    """The cells of a form, each by what readers call it."""
    own: Language = language if form.layout.bilingual else "vi"
    columns = [(c.key, c.heading.to(own).replace(" / ", " – ")) for c in form.grid.columns]
    texts = _naming_columns(form)
    group = ""
    for number, row in enumerate(form.grid.rows):
        if row.dress == "subtotal" and not form.layout.coded:
            group = str(row.cells.get(form.layout.into) or group)
        said = _row_name(form, row, group * (row.dress != "total"), texts, own)
        for key, heading in columns:
            name = f"{form.sheet} · {said} · {heading}"
            yield NamedCell(name, number, key, row.cells.get(key))


def _naming_columns(form: Filled) -> list[str]:
    """The columns of text that stand before the amounts."""
    columns = form.grid.columns
    ends = next((n for n, one in enumerate(columns) if one.kind == "money"), len(columns))
    return [one.key for one in columns[:ends] if one.kind != "date" and one.key != "ordinal"]


def shortened(text: str) -> str:
    """As much of a text as tells it from others."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"


def _row_name(form: Filled, row: Row, group: str, texts: Iterable[str], language: Language) -> str:
    """A row by its code, or by what its group and its own text cells say."""
    if form.layout.coded:
        return _CODE.format(code=row.code).to(language)
    own = (row.cells.get(key) for key in texts)
    words = [cell for cell in own if cell and isinstance(cell, str)]
    return " · ".join(shortened(one) for one in dict.fromkeys((group, *words[:_MOST])) if one)


def name_among(forms: Sequence[Placed], form: Placed) -> Text:
    """The title of a form; of one with several copies, also whose copy it is."""
    name, code = form.grid.layout.name, form.grid.layout.form
    copies = sum(one.grid.layout.form == code for one in forms)
    if copies == 1 or not form.of.vi:
        return name
    return Text(f"{name.vi} · {form.of.vi}", f"{name.en} · {form.of.en}")
