"""What a unit's own layouts show against those that ship: figures that agree, formulas told."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from ledger.text import Text, dong
from reports.forms.layouts import mended_layout
from reports.forms.rounding import Unit
from reports.settlement.filling import fill_copy
from reports.settlement.teller import Teller
from reports.settlement.ties import Ref, Side, Tie

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.forms.expression import Expression
    from reports.forms.grid import Grid
    from reports.forms.model import FormLayout
    from reports.settlement.desk import Desk
    from reports.settlement.filling import Filled

_TOTAL: Final = "TOTAL"
_OWN_LAYOUT: Final = Text(
    "sửa công thức, số liệu của dòng này ở {file}", "mend the sum or figure of the row in {file}"
)
_NO_FORMULA: Final = Text("không có công thức", "no formula")


def ties_of_own_layouts(desk: Desk, filled: Sequence[Filled]) -> Iterator[Tie]:
    """A form by a unit's own layout shows what the layout that ships shows for the same codes.

    Columns whose formula the unit changed are not among them: ``changed_formulas`` tells those.
    """
    for one, shipped, grid in _mended(desk, filled):
        told = _resting_on_changed(one.layout, shipped)
        there = {column.key for column in one.grid.columns if column.kind == "money"} - told
        columns = [column for column in grid.columns if column.key in there]
        # A form by loại and khoản has its total first, and the others are its parts.
        columns = columns[:1] if shipped.spread else columns
        codes = [row.code for row in shipped.rows if row.code] or [_TOTAL]
        known = {row.code for row in one.grid.rows}
        for code, column in itertools.product(filter(known.__contains__, codes), columns):
            heading = _shown(column.heading.vi)
            yield Tie(
                Text(
                    f"{one.sheet} mã {code}, cột «{heading}» theo bố cục riêng = theo mẫu",
                    f"{one.sheet} {code}, “{heading}” by the unit's own layout = by the one that "
                    "ships",
                ),
                Side((Ref(one.sheet, code, column.key),)),
                Side(book=grid.value(code, column.key)),
                _OWN_LAYOUT.format(file=one.layout.own_file),
            )


def changed_formulas(desk: Desk, filled: Sequence[Filled]) -> Iterator[Text]:
    """Columns that a unit's own layout computes otherwise than the one that ships, by name."""
    for one, shipped, grid in _mended(desk, filled):
        for key in _changed(one.layout, shipped):
            heading = _shown(next(c.heading.vi for c in one.layout.columns if c.key == key))
            here, there = _formula(one.layout, key), _formula(shipped, key)
            totals = _totals(one, grid, key)
            yield Text(
                f"{one.sheet}, cột «{heading}» tính theo công thức của bố cục riêng "
                f"{one.layout.own_file}: {here.vi}; bố cục có sẵn: {there.vi}{totals.vi}",
                f"{one.sheet}, column “{heading}” goes by the formula of the unit's own layout "
                f"{one.layout.own_file}: {here.en}; the one that ships has: {there.en}{totals.en}",
            )


def _mended(desk: Desk, filled: Sequence[Filled]) -> Iterator[tuple[Filled, FormLayout, Grid]]:
    """Forms by a unit's own layouts, each with the one that ships, also filled."""
    quiet = desk._replace(teller=Teller(desk.teller.source, Unit.DONG))
    for one in filled:
        shipped = mended_layout(one.layout)
        if shipped is not None:
            yield one, shipped, fill_copy(quiet, shipped, one.copy)


def _formulas(layout: FormLayout) -> dict[str, Expression]:
    return {column.key: column.is_ for column in layout.columns if column.is_ is not None}


def _changed(own: FormLayout, shipped: FormLayout) -> list[str]:
    """Columns with a formula in both where terms differ, or that have lost theirs."""
    here, keys = _formulas(own), {column.key for column in own.columns}
    return [
        key
        for key, formula in _formulas(shipped).items()
        if key in keys and _terms(here.get(key)) != _terms(formula)
    ]


def _terms(formula: Expression | None) -> list[list[tuple[int, str]]]:
    """A sum by its terms, in whatever order they are written."""
    return [sorted(formula.above), sorted(formula.below)] if formula else []


def _resting_on_changed(own: FormLayout, shipped: FormLayout) -> set[str]:
    """The changed columns, and those whose formula rests on one of them."""
    found, formulas = set(_changed(own, shipped)), _formulas(own)
    while more := {key for key in formulas if found & set(formulas[key].codes)} - found:
        found |= more
    return found


def _formula(layout: FormLayout, key: str) -> Text:
    """The formula of a column, in the headings of those that it names."""
    formula = _formulas(layout).get(key)
    if formula is None:
        return _NO_FORMULA
    names = {column.key: f"«{_shown(column.heading.vi)}»" for column in layout.columns}
    parts = [_written(terms, names) for terms in (formula.above, formula.below) if terms]
    text = " / ".join(f"({part})" for part in parts) if formula.below else parts[0]
    return Text(text, text)


def _written(terms: Sequence[tuple[int, str]], names: dict[str, str]) -> str:
    text = "".join(f" {'−' if sign < 0 else '+'} {names[key]}" for sign, key in terms)
    return text.removeprefix(" + ").strip()


def _totals(own: Filled, shipped: Grid, key: str) -> Text:
    """What both come to where the form has a row of totals that differ."""
    here, there = own.grid.value(_TOTAL, key), shipped.value(_TOTAL, key)
    if here == there:
        return Text("", "")
    return Text(
        f"; tổng cộng {dong(here)} đồng, theo bố cục có sẵn {dong(there)} đồng",
        f"; total {dong(here, 'en')} VND, {dong(there, 'en')} VND by the one that ships",
    )


def _shown(heading: str) -> str:
    return heading.replace(" / ", " – ")
