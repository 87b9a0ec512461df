"""Several units as one set: their sums side by side (tổng hợp nhiều đơn vị)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.facts import Facts
from ledger.text import Text
from reports.forms.expression import Expression
from reports.forms.grid import CellFigure, fill_coded
from reports.forms.model import ColumnLayout
from reports.settlement.tables import Copy
from reports.settlement.ties import Ref, Side, Tie

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.forms.grid import Content
    from reports.forms.model import RowLayout
    from reports.settlement.filling import Filled

_FORM: Final = "B01/BCQT"
_SHEET: Final = "Theo đơn vị"
_WIDTH: Final = 18.0


class Member(NamedTuple):
    """One unit: its name, and its forms."""

    name: str
    filled: Sequence[Filled]


def split(facts: Facts) -> list[Facts]:
    """The facts of each book by itself, in the order of their names."""
    books = sorted(set(facts["files"]["book"].astype(str)))
    if len(books) == 1:
        return [facts]
    return [
        Facts(
            {
                name: frame[frame["book"] == book].reset_index(drop=True)
                for name, frame in facts.frames.items()
            }
        )
        for book in books
    ]


def with_units(
    filled: Sequence[Filled], members: Sequence[Member]
) -> tuple[list[Filled], list[Tie]]:
    """A set with the form of each budget level by unit, and the checks of their sums."""
    result, ties = [], []
    for one in filled:
        result.append(one)
        if one.layout.form == _FORM:
            beside = _by_unit(one, members)
            result.append(beside)
            ties += _ties(one, beside)
    return result, ties


def _by_unit(form: Filled, members: Sequence[Member]) -> Filled:
    """A form with a column a unit, and their sum."""
    units = [_column(f"u{number}", one.name) for number, one in enumerate(members)]
    added = Expression(tuple((1, unit.key) for unit in units))
    whole = _column("total", "Tổng hợp").model_copy(update={"is_": added})
    layout = form.layout.model_copy(
        update={
            "form": f"{form.layout.form}-ĐV",
            "columns": (*form.layout.columns, *units, whole),
            "spread": False,
            "words": "",
        }
    )
    own = {f"u{number}": _own(form, one) for number, one in enumerate(members)}

    def figure(row: RowLayout, column: ColumnLayout) -> Content:
        found = own[column.key]
        return CellFigure(found.grid.value(row.code, "total") if found else 0)

    there = {row.code for row in form.grid.rows}
    rows = [row for row in form.layout.rows if row.code in there]
    grid = fill_coded(layout, figure, None, rows)
    copy = Copy(legend=form.copy.legend)
    return form._replace(layout=layout, copy=copy, grid=grid, sheet=_SHEET + form.copy.suffix)


def _column(key: str, heading: str) -> ColumnLayout:
    return ColumnLayout.model_validate(
        {"key": key, "heading": heading.replace(" / ", " "), "width": _WIDTH}
    )


def _own(form: Filled, member: Member) -> Filled | None:
    """A unit's copy of the same form and level."""
    wanted = (form.layout.form, form.fund)
    return next((one for one in member.filled if (one.layout.form, one.fund) == wanted), None)


def _ties(form: Filled, beside: Filled) -> list[Tie]:
    """The consolidated form row by row against the sum of the units."""
    return [
        Tie(
            Text(
                f"{form.sheet} mã {row.code} tổng hợp = cộng các đơn vị",
                f"{form.sheet} {row.code} consolidated = sum of the units",
            ),
            Side((Ref(form.sheet, row.code, "total"),)),
            Side((Ref(beside.sheet, row.code, "total"),)),
        )
        for row in form.layout.rows
        if row.take and any(one.code == row.code for one in beside.grid.rows)
    ]
