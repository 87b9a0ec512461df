"""Figures for the cells of forms: in the unit of the set, with links to the rows behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.text import Language, Text
from reports.forms.grid import CellFigure
from reports.forms.rounding import Unit, rounded

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

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
    "item",
    "sub_item",
)
_BY_TASK: Final = ("book", "unit", "fund", "task", "support", "contributor")
_TASK_KEYS: Final = frozenset({"task", "support", "contributor"})
INDEX_SHEET: Final = Text("Căn cứ", "Basis")


class Part(NamedTuple):
    """An elementary figure in a cell: its name, its sign in the book, amount and blocks.

    Attributes:
        less: whether the cell takes it away.
    """

    name: str
    sign: int
    figure: Figure
    less: bool = False

    @property
    def amount(self) -> int:
        """What it adds to the cell, VND."""
        return -self.figure.amount if self.less else self.figure.amount

    @property
    def shown_sign(self) -> int:
        """The sign by which rows of the book add up to what it adds."""
        return -self.sign if self.less else self.sign


class Trace(NamedTuple):
    """What the figure of a cell rests on."""

    parts: tuple[Part, ...]

    @property
    def amount(self) -> int:
        """The figure, VND."""
        return sum(part.amount for part in self.parts)


class Teller:
    """Answers the engine: one cell, one figure.

    Attributes:
        source: the money of the year.
        unit: in which figures come.
        traces: every figure given out with a link, in order.
    """

    def __init__(
        self, source: YearMoney, unit: Unit, rows_file: str = "", language: Language = "vi"
    ) -> None:
        """Give out figures; ``rows_file`` is the workbook that links lead to, if there is one."""
        self.source = source
        self.unit = unit
        self.traces: list[Trace] = []
        self._rows_file = rows_file
        self._index = INDEX_SHEET.to(language)
        self._next = FIRST_TRACE
        self._leaves: dict[tuple[str, tuple[str, ...]], dict[int, tuple[int, int]]] = {}

    def one(self, name: str, **where: object) -> CellFigure:
        """A figure as a cell."""
        part = Part(name, self.source.sign(name), self.source.take(name, **where))
        return self._cell([part], where)

    def by(
        self,
        names: str | Sequence[str],
        keys: Sequence[str],
        less: Sequence[str] = (),
        /,
        **where: object,
    ) -> dict[tuple[Any, ...], CellFigure]:
        """A figure parted by keys, or the sum of several, less others."""
        parts = self._parts(names, keys, less, where)
        return {key: self._cell(own, (*keys, *where)) for key, own in parts.items()}

    def together(
        self, names: Sequence[str], keys: Sequence[str], /, **where: object
    ) -> dict[tuple[Any, ...], CellFigure]:
        """The sum of several, rounded once: what is 0 in VND is 0, and the whole adds up."""
        parts = self._parts(names, keys, (), where)
        sums = {key: sum(part.figure.amount for part in own) for key, own in parts.items()}
        shares = rounded(sums, self.unit.size)
        return {key: CellFigure(shares[key], self._link(own)) for key, own in parts.items()}

    def amounts(
        self, names: str | Sequence[str], keys: Sequence[str], /, **where: object
    ) -> dict[tuple[Any, ...], int]:
        """The same in the unit of the set alone, for no cell to show."""
        parts = self._parts(names, keys, (), where)
        return {key: self._value(own, (*keys, *where)) for key, own in parts.items()}

    def _parts(
        self,
        names: str | Sequence[str],
        keys: Sequence[str],
        less: Sequence[str],
        where: Mapping[str, object],
    ) -> dict[tuple[Any, ...], list[Part]]:
        added = (names,) if isinstance(names, str) else names
        parts: dict[tuple[Any, ...], list[Part]] = {}
        for name in (*added, *less):
            sign, taken = self.source.sign(name), name in less
            for key, figure in self.source.by(name, keys, **where).items():
                parts.setdefault(key, []).append(Part(name, sign, figure, taken))
        return parts

    def _cell(self, parts: Sequence[Part], used: Collection[str]) -> CellFigure:
        """A figure in the unit of the set, with its link."""
        return CellFigure(self._value(parts, used), self._link(parts))

    def _value(self, parts: Sequence[Part], used: Collection[str]) -> int:
        order = _BY_TASK if _TASK_KEYS.intersection(used) else _BY_CLASS
        return sum(
            (-1 if part.less else 1) * self._scaled(part.name, part.figure, order) for part in parts
        )

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

    def _link(self, parts: Sequence[Part]) -> str:
        own = tuple(part for part in parts if part.figure.blocks)
        if not self._rows_file or not own:
            return ""
        self.traces.append(Trace(own))
        place = self._next
        self._next += 1 + sum(len(self.source.runs(part.figure.blocks)) for part in own)
        return f"external:{self._rows_file}#'{self._index}'!A{place}"


def row_of(link: str) -> int:
    """The row of the index to which a figure's link leads, counted from 1."""
    return int(link.rpartition("!A")[2])


# Rows of the index sheet count from 1 and its headings stand in the first.
FIRST_TRACE: Final = 2
