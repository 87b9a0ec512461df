"""Forms 01a and 02a-SDKP/ĐVDT of a reconciliation: the book's, and both sides with differences.

The layouts are those of the form engine; the unit's own, beside its book, take their place.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from importers.reconciling.record import account_of
from ledger.text import Language, Text
from reports.forms.expression import Expression
from reports.forms.grid import CellFigure, Grid, OfRows, fill_listed
from reports.forms.layouts import load_layouts
from reports.forms.model import GroupLayout
from reports.forms.rounding import Unit
from reports.forms.sheet import Setting, write_form
from reports.settlement.figures import item_labels, read_head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.reconciling.compared import FormComparison
    from ledger.facts import Facts
    from ledger.period import Period
    from reports.forms.grid import Record
    from reports.forms.model import FormLayout
    from reports.sheets.layout import Styles

_BOOK, _TREASURY, _DIFFERENCE = "book", "treasury", "difference"
_SIDES: Final = {
    _BOOK: Text("I. PHẦN ĐƠN VỊ GHI (THEO SỔ)", "I. THE UNIT (BY ITS BOOK)"),
    _TREASURY: Text("II. SỐ LIỆU KHO BẠC NHÀ NƯỚC", "II. THE STATE TREASURY"),
    _DIFFERENCE: Text("III. CHÊNH LỆCH (II – I)", "III. DIFFERENCE (II – I)"),
}
_SUFFIX: Final = {_BOOK: "_book", _TREASURY: "", _DIFFERENCE: "_difference"}
_BESIDE: Final = Text("Đơn vị, Kho bạc và chênh lệch", "The unit, the treasury, and differences")
_SHEET: Final = Text(" đối chiếu", " compared")
_WIDTH: Final = 30.0  # of the column that names the sides
_NO_CODE: Final = "00000"  # the treasury's code of no programme
_MARK: Final = re.compile(r"\d+")
_QUARTERS: Final = ("I", "II", "III", "IV")


class FormPages(NamedTuple):
    """The two sheets of a form.

    Attributes:
        own: the form as the unit fills it from its book.
        compared: the unit's part, the treasury's, and the differences as live sums of both.
    """

    own: Grid
    compared: Grid


def form_pages(facts: Facts, result: FormComparison, language: Language) -> FormPages | None:
    """The sheets of a form; None where no layout of it was in force in that year."""
    layout = _layout(facts, result)
    if layout is None:
        return None
    labels = item_labels(facts["accounts"])[1]
    records = {side: _records(result, layout, side, labels) for side in _SIDES}
    beside = layout.model_copy(
        update={
            "groups": (GroupLayout(by="side", into=layout.into, names=_SIDES), *layout.groups),
            "columns": tuple(
                column.model_copy(update={"width": max(column.width, _WIDTH)})
                if column.key == layout.into
                else column
                for column in layout.columns
            ),
            "subtitle": _BESIDE,
            "total": Text("", ""),
        }
    )
    every = [record for side in _SIDES for record in records[side]]
    compared = fill_listed(beside, every, language)
    _fill_beside(compared, records)
    return FormPages(fill_listed(layout, records[_BOOK], language), compared)


def write_forms(  # noqa: PLR0913, PLR0917  # a workbook, what goes on it, and for whom
    workbook: Any,  # noqa: ANN401  # untyped library
    styles: Styles,
    facts: Facts,
    result: FormComparison,
    language: Language,
    suffix: str = "",
) -> None:
    """Write the sheets of a form, where there is a layout of it.

    Raises:
        BadInputError: the book has no allotment of the year, or a layout beside it is wrong.
    """
    pages = form_pages(facts, result, language)
    if pages is None:
        return
    head = read_head(facts, result.period.year)
    whole = result.period.name.isdecimal()
    setting = Setting(head, period_name(result.period), Unit.DONG, language, whole=whole)
    name = pages.own.layout.sheet
    write_form(workbook, styles, pages.own, setting, name=f"{name}{suffix}")
    compared = f"{name}{_SHEET.to(language)}{suffix}"
    write_form(workbook, styles, pages.compared, setting, name=compared)


def _layout(facts: Facts, result: FormComparison) -> FormLayout | None:
    folder = Path(str(facts["files"]["book"].iloc[0])).parent
    fitting = [
        layout
        for layout in load_layouts(folder)
        if layout.form == account_of(result) and layout.in_force(result.period.year)
    ]
    return fitting[0] if fitting else None


def _figures(layout: FormLayout, names: Sequence[str]) -> dict[str, str]:
    """The figure of each column of amounts, by the number that the form prints above it."""
    found = {}
    for column in layout.columns:
        number = _MARK.match(column.mark)
        if column.kind == "money" and number and 0 < int(number[0]) <= len(names):
            found[column.key] = names[int(number[0]) - 1]
    return found


def _records(
    result: FormComparison, layout: FormLayout, side: str, labels: dict[str, str]
) -> list[Record]:
    figures = _figures(layout, result.figures)
    return [
        {
            "side": side,
            "code": f"{side}:{number}",
            "ordinal": str(number),
            "source_code": row["source_code"],
            "khoan": row["kind_item"],
            "khoan_shown": row["kind_item"] or "…",
            "source_khoan": f"{row['source_code']}|{row['kind_item']}",
            "programme_code": row["programme_code"] or _NO_CODE,
            "tieu_muc": (item := row.get("sub_item", "")),
            "label": labels.get(f"TM{item}", ""),
            **{
                key: CellFigure(int(row[f"{name}{_SUFFIX[side]}"])) for key, name in figures.items()
            },
        }
        for number, row in enumerate(result.rows.to_dict("records"), 1)
    ]


def _fill_beside(grid: Grid, records: dict[str, list[Record]]) -> None:
    """What the treasury printed as it printed it, and differences as sums of both parts."""
    rows = {row.code: row for row in grid.rows}
    columns = [column.key for column in grid.columns if column.kind == "money"]
    for number, printed in enumerate(records[_TREASURY], 1):
        theirs, ours = rows[f"{_TREASURY}:{number}"], rows[f"{_BOOK}:{number}"]
        gap = rows[f"{_DIFFERENCE}:{number}"]
        difference = Expression(((1, theirs.code), (-1, ours.code)))
        apart = records[_DIFFERENCE][number - 1]
        for key in columns:
            shown, left = printed.get(key), apart.get(key)
            if isinstance(shown, CellFigure) and isinstance(left, CellFigure):
                theirs.cells[key] = shown
                gap.cells[key] = OfRows(difference, left.value)


def period_name(period: Period) -> Text:
    """A period as titles have it."""
    year, _, part = period.name.replace("Q", "-Q").partition("-")
    if part.startswith("Q"):
        number = int(part[1:])
        return Text(f"quý {_QUARTERS[number - 1]} năm {year}", f"quarter {number} of {year}")
    if part:
        return Text(f"tháng {int(part)} năm {year}", f"month {int(part)} of {year}")
    return Text(f"năm {year}", f"year {year}")
