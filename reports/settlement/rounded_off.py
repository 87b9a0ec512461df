"""Figures that a set in thousands or millions prints one off (ô lệch do làm tròn)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text, dong
from reports.forms.grid import number
from reports.settlement.naming import named_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.text import Language
    from reports.forms.rounding import Unit
    from reports.settlement.filling import Filled


def off_by_rounding(printed: Sequence[Filled], exact: Sequence[Filled], unit: Unit) -> list[Text]:
    """Sums and differences that are a whole unit or more from what they are in VND.

    Figures are rounded so that what is printed adds up; then a difference of several may not be
    its own figure rounded. It is told cell by cell.

    Args:
        printed: the forms in the unit of the set.
        exact: the same in VND, and perhaps more.
        unit: of the set.
    """
    in_vnd = {one.sheet: one for one in exact}
    found = {
        language: "; ".join(
            f"{name}: {dong(shown, language)} / {dong(vnd, language)}"
            for one in printed
            for name, shown, vnd in _off(one, in_vnd[one.sheet], unit.size, language)
        )
        for language in ("vi", "en")
    }
    if not found["vi"]:
        return []
    label = unit.label
    return [
        Text(
            f"làm tròn đến {label.vi}: các số đã làm tròn cộng khớp nhau, nên hiệu hoặc tổng sau "
            f"lệch một đơn vị so với số đồng (số in / số đồng): {found['vi']}",
            f"rounded to {label.en}: rounded figures add up, so that these sums and differences "
            f"are one off the figure in VND (printed / VND): {found['en']}",
        )
    ]


def _off(
    printed: Filled, exact: Filled, size: int, language: Language
) -> Iterator[tuple[str, int, int]]:
    for cell in named_cells(printed, language):
        whole = exact.grid.rows[cell.row].cells.get(cell.column)
        shown, vnd = number(cell.content), number(whole)
        if abs(shown * size - vnd) >= size:
            yield cell.name, shown, vnd
