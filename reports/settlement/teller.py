"""Figures for the cells of forms: in the unit of the set, with links to the rows behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.text import Language, Text
from reports.forms.grid import Amount, CellFigure
from reports.forms.rounding import Balance, Unit
from reports.settlement.figure_names import FIGURES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from reports.settlement.source import Figure, YearMoney

# How amounts are shared out when they are rounded: what is of one fund, of which a form is, comes
# to its nearest figure, and tables that agree in the first levels of an order agree in their sums.
_BY_CLASS: Final = (
    "fund",
    "book",
    "unit",
    "autonomy",
    "source_code",
    "kind_item",
    "programme_code",
    "item",
    "sub_item",
)
_BY_TASK: Final = ("fund", "book", "unit", "task", "support", "contributor")
# Figures that leave one another, in the order in which they are rounded, with their signs: what a
# form prints as left of them (CT01, 04; B01, 01a) is then nothing where it is nothing in VND.
_BALANCES: Final[dict[tuple[str, ...], tuple[dict[str, int], ...]]] = {
    _BY_TASK: (
        {
            "allotted": 1,
            "adjusted": 1,
            "carried_over": 1,
            "withheld": -1,
            "committed": -1,
            "advanced": -1,
            "spent": -1,
            "returned": -1,
            "cancelled": -1,
        },
        {
            "b01.opening_estimate": 1,
            "b01.opening_received": 1,
            "allotted": 1,
            "adjusted": 1,
            "drawn": -1,
            "opening.advances": -1,
            "cancelled": -1,
        },
    ),
    _BY_CLASS: (
        {
            "b01.opening_estimate": 1,
            "b01.allotted": 1,
            "b01.received": -1,
            "b01.carried_estimate": -1,
        },
        {
            "b01.opening_received": 1,
            "b01.received": 1,
            "b01.proposed": -1,
            "b01.returned": -1,
            "b01.carried_received": -1,
        },
        {
            "opening.estimate": 1,
            "given": 1,
            "changed": 1,
            "drawn": -1,
            "committed.left": -1,
            "withheld.left": -1,
        },
    ),
}
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


class Run(NamedTuple):
    """Postings that stand one after the other in the sheets of rows.

    Attributes:
        sign: 1 or -1: how their amounts add up to what they stand for.
        first: the place of the first, counted from 0.
        last: the place of the last.
    """

    sign: int
    first: int
    last: int


class Cited(NamedTuple):
    """A line of the book that is in no run: a declaration, a posting of another year, or a part.

    Attributes:
        what: what it says.
        place: file and line.
        amount: what it adds, VND.
    """

    what: str
    place: str
    amount: int


class Piece(NamedTuple):
    """One of the sums that the figure of a cell is made of.

    Attributes:
        words: its name.
        amount: what it adds to the cell, VND.
        less: whether the cell takes it away.
    """

    words: Text
    amount: int
    runs: tuple[Run, ...] = ()
    cited: tuple[Cited, ...] = ()
    less: bool = False


class Trace(NamedTuple):
    """What the figure of a cell rests on.

    Attributes:
        adds: whether the rows add up to the figure; otherwise they only are its ground.
    """

    pieces: tuple[Piece, ...]
    adds: bool = True

    @property
    def amount(self) -> int:
        """The figure, VND."""
        return sum(piece.amount for piece in self.pieces)

    @property
    def lines(self) -> int:
        """The rows below its own in the index."""
        return sum(len(piece.runs) + len(piece.cited) for piece in self.pieces)


class Teller:
    """Answers the engine: one cell, one figure.

    Attributes:
        source: the money of the year.
        unit: in which figures come.
        traces: every figure given out with a link, in order.
        shelves: whose postings the sheets of rows hold, one after the other.
    """

    def __init__(
        self, source: YearMoney, unit: Unit, rows_file: str = "", language: Language = "vi"
    ) -> None:
        """Give out figures; ``rows_file`` is the workbook that links lead to, if there is one."""
        self.source = source
        self.unit = unit
        self.traces: list[Trace] = []
        self.shelves: list[YearMoney] = [source]
        self._earlier: list[YearMoney] | None = None
        self._rows_file = rows_file
        self._index = INDEX_SHEET.to(language)
        self._next = FIRST_TRACE
        self._leaves: dict[tuple[str, tuple[str, ...]], dict[int, tuple[int, int]]] = {}
        self._balanced: set[tuple[str, ...]] = set()
        self._shares: dict[tuple[str, tuple[str, ...]], dict[tuple[Any, ...], int]] = {}

    def one(self, name: str, **where: object) -> CellFigure:
        """A figure as a cell."""
        return self._cell([_taken(self.source, name, where)], where)

    def amount(self, name: str, **where: object) -> int:
        """The same in the unit of the set alone, for no cell to show."""
        return self._value([_taken(self.source, name, where)], where)

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

    def sums(
        self,
        names: str | Sequence[str],
        keys: Sequence[str],
        only: Collection[tuple[Any, ...]] | None = None,
        /,
        **where: object,
    ) -> dict[tuple[Any, ...], Amount]:
        """A figure parted by keys, or the sum of several, in VND: a list rounds its own columns.

        Args:
            names: of the figures.
            keys: by which they are parted.
            only: the values of keys that the list shows; None shows all.
            where: a value, or several, that a key must have.
        """
        return {
            key: Amount(sum(part.amount for part in own), self._link(own))
            for key, own in self._parts(names, keys, (), where).items()
            if only is None or key in only
        }

    def pieces(
        self, name: str, keys: Sequence[str], /, **where: object
    ) -> dict[tuple[Any, ...], list[Piece]]:
        """A figure parted by keys, for a cell that adds more to it before it is linked."""
        return {
            key: [self._piece(part, self.source) for part in own]
            for key, own in self._parts(name, keys, (), where).items()
        }

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
        if beyond := set(used).difference(order):
            # A leaf that two cells share would count twice.
            message = f"no rounding by {', '.join(sorted(beyond))} beside {', '.join(order)}"
            raise ValueError(message)
        scaled = (self._scaled(part.name, part.figure, order) for part in parts)
        return sum(-own if part.less else own for part, own in zip(parts, scaled, strict=True))

    def _scaled(self, name: str, figure: Figure, order: tuple[str, ...]) -> int:
        if self.unit is Unit.DONG:
            return figure.amount
        leaves = self._leaves_of(name, order)
        return sum(value for _, value in {leaves[block] for block in figure.blocks})

    def _leaves_of(self, name: str, order: tuple[str, ...]) -> dict[int, tuple[int, int]]:
        """The leaf of each block in an order: its number and its rounded value."""
        if order not in self._balanced:
            self._balanced.add(order)
            for balance in _BALANCES[order]:
                self._round_together(balance, order)
        if (name, order) not in self._leaves:
            self._round_together({name: 1}, order)
        return self._leaves[name, order]

    def _round_together(self, names: Mapping[str, int], order: tuple[str, ...]) -> None:
        """Round figures that leave one another; one that another balance rounded stays so."""
        balance = Balance(self.unit.size)
        for name, sign in names.items():
            parts = self.source.by(name, order)
            amounts = {path: part.amount for path, part in parts.items()}
            if (name, order) in self._shares:
                balance.count(amounts, self._shares[name, order], sign)
                continue
            shares: dict[tuple[Any, ...], int] = {}
            for fund in {path[0] for path in amounts}:
                own = {path: amount for path, amount in amounts.items() if path[0] == fund}
                shares |= balance.round(own, sign)
            self._shares[name, order] = shares
            self._leaves[name, order] = {
                block: (number, shares[path])
                for number, (path, part) in enumerate(parts.items())
                for block in part.blocks
            }

    def _link(self, parts: Sequence[Part]) -> str:
        return self.link([self._piece(part, self.source) for part in parts if part.figure.blocks])

    def link(self, pieces: Sequence[Piece], *, adds: bool = True) -> str:
        """The way to what a figure rests on; empty where that is nothing or is not written."""
        own = Trace(tuple(pieces), adds)
        if not self._rows_file or not own.lines:
            return ""
        self.traces.append(own)
        place = self._next
        self._next += 1 + own.lines
        return f"external:{self._rows_file}#'{self._index}'!A{place}"

    def earlier(self, read: Callable[[], list[YearMoney]]) -> list[YearMoney]:
        """The money of earlier years, oldest first; read once."""
        if self._earlier is None:
            self._earlier = read()
        return self._earlier

    def over_years(
        self, value: int, name: str, years: Sequence[YearMoney], /, **where: object
    ) -> CellFigure:
        """A figure over several years, already in the unit of the set, with its link."""
        parts = [(_taken(source, name, where), source) for source in years]
        pieces = [self._piece(part, source) for part, source in parts if part.figure.blocks]
        return CellFigure(value, self.link(pieces))

    def by_years(
        self, name: str, keys: Sequence[str], years: Sequence[YearMoney], /, **where: object
    ) -> dict[tuple[Any, ...], list[Piece]]:
        """What a figure over several years is made of, parted by keys, for a cell to be linked."""
        found: dict[tuple[Any, ...], list[Piece]] = {}
        for source in years:
            for key, figure in source.by(name, keys, **where).items():
                part = Part(name, source.sign(name), figure)
                found.setdefault(key, []).append(self._piece(part, source))
        return found

    def _piece(self, part: Part, source: YearMoney) -> Piece:
        before = self._before(source)
        runs = tuple(
            Run(part.shown_sign, before + first, before + last)
            for first, last in source.runs(part.figure.blocks)
        )
        return Piece(FIGURES[part.name], part.amount, runs, less=part.less)

    def _before(self, source: YearMoney) -> int:
        """How many rows stand before those of a year; a new one goes to the end."""
        if source not in self.shelves:
            self.shelves.append(source)
        shelf = self.shelves.index(source)
        return sum(len(one.postings) for one in self.shelves[:shelf])


def _taken(source: YearMoney, name: str, where: Mapping[str, object]) -> Part:
    """One figure of a year as a part of a cell."""
    return Part(name, source.sign(name), source.take(name, **where))


def row_of(link: str) -> int:
    """The row of the index to which a figure's link leads, counted from 1."""
    return int(link.rpartition("!A")[2])


# Rows of the index sheet count from 1 and its headings stand in the first.
FIRST_TRACE: Final = 2
