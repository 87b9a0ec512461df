"""Figures for the cells of forms: in the unit of the set, with links to the rows behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reports.forms.grid import CellFigure
from reports.forms.rounding import Unit, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.settlement.source import Figure, YearMoney

# How amounts are shared out when they are rounded: tables that agree in the first levels of an
# order agree in their sums there.
_BY_CLASS: Final = (
    "book",
    "unit",
    "fund",
    "autonomy",
    "source_code",
    "kind_item",
    "programme_code",
    "sub_item",
)
_BY_TASK: Final = ("book", "unit", "fund", "task", "support", "contributor")
_TASK_KEYS: Final = frozenset({"task", "support", "contributor"})
INDEX_SHEET: Final = "Căn cứ"


class Trace(NamedTuple):
    """What a figure rests on: a name for it, the amount, VND, and the blocks summed."""

    label: str
    name: str
    figure: Figure


class Teller:
    """Answers the engine: one cell, one figure.

    Attributes:
        source: the money of the year.
        unit: in which figures come.
        traces: every figure given out with a link, in order.
    """

    def __init__(self, source: YearMoney, unit: Unit, rows_file: str = "") -> None:
        """Give out figures; ``rows_file`` is the workbook that links lead to, if there is one."""
        self.source = source
        self.unit = unit
        self.traces: list[Trace] = []
        self._rows_file = rows_file
        self._next = _FIRST_TRACE
        self._leaves: dict[tuple[str, tuple[str, ...]], dict[int, tuple[int, int]]] = {}

    def one(self, name: str, label: str, **where: object) -> CellFigure:
        """A figure as a cell; ``label`` names the cell in the list of what figures rest on."""
        return self.cell(name, label, self.source.take(name, **where), where)

    def by(
        self, name: str, label: str, keys: Sequence[str], **where: object
    ) -> dict[tuple[Any, ...], CellFigure]:
        """A figure parted by keys."""
        found = self.source.by(name, keys, **where)
        used = (*keys, *where)
        return {key: self.cell(name, label, figure, used) for key, figure in found.items()}

    def cell(
        self, name: str, label: str, figure: Figure, used: Sequence[str] | object
    ) -> CellFigure:
        """A figure in the unit of the set, with its link."""
        keys = set(used) if isinstance(used, (tuple, list, dict)) else set()
        order = _BY_TASK if keys & _TASK_KEYS else _BY_CLASS
        return CellFigure(self._scaled(name, figure, order), self._link(label, name, figure))

    def _scaled(self, name: str, figure: Figure, order: tuple[str, ...]) -> int:
        if self.unit is Unit.DONG:
            return figure.amount
        leaves = self._leaves_of(name, order)
        return sum(value for _, value in {leaves[block] for block in figure.blocks})

    def _leaves_of(self, name: str, order: tuple[str, ...]) -> dict[int, tuple[int, int]]:
        """The leaf of each block in an order: its number and its rounded value."""
        if (name, order) not in self._leaves:
            parts = self.source.by(name, order)
            shares = rounded({path: part.amount for path, part in parts.items()}, self.unit.size)
            self._leaves[name, order] = {
                block: (number, shares[path])
                for number, (path, part) in enumerate(parts.items())
                for block in part.blocks
            }
        return self._leaves[name, order]

    def _link(self, label: str, name: str, figure: Figure) -> str:
        if not self._rows_file or not figure.blocks:
            return ""
        self.traces.append(Trace(label, name, figure))
        place = self._next
        self._next += 1 + len(self.source.runs(figure.blocks))
        return f"external:{self._rows_file}#'{INDEX_SHEET}'!A{place}"


# Rows of the index sheet count from 1 and its headings stand in the first.
_FIRST_TRACE: Final = 2
