"""A form filled: every cell with its value, and where the value comes from."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ledger.problems import BadInputError
from ledger.text import Text
from ledger.yaml_models import did_you_mean
from reports.forms.expression import Expression
from reports.forms.layouts import order_of
from reports.forms.model import ColumnLayout
from reports.forms.rounding import Balance

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from ledger.text import Language
    from reports.forms.model import FormLayout, GroupLayout, RowLayout

TOTAL: Final = "total"  # the column of the whole, where columns are spread
COUNTED: Final = "#"  # the mark of columns that are numbered one after the other


class CellFigure(NamedTuple):
    """An elementary figure.

    Attributes:
        value: in the unit of the set.
        link: where the rows behind it stand; empty where the book shows none.
        ask: the unit enters it.
    """

    value: int
    link: str = ""
    ask: bool = False


class Amount(NamedTuple):
    """A figure in VND, brought to the unit of the set with the others of its column.

    Attributes:
        vnd: the figure.
        link: where the rows behind it stand.
    """

    vnd: int
    link: str = ""


class OfRows(NamedTuple):
    """A sum of other rows in the same column."""

    expression: Expression
    value: int | float | str


class OfColumns(NamedTuple):
    """A sum or share of other columns in the same row."""

    expression: Expression
    value: int | float | str


class Below(NamedTuple):
    """The sum of a run of rows in the same column; subtotals inside it do not count twice.

    Attributes:
        first: the first row, counted from that of the sum itself.
        last: the last one.
    """

    first: int
    last: int
    value: int


class Live(NamedTuple):
    """What another sheet shows: a formula as it is written there."""

    text: str
    value: int | float | str


Content = str | dt.date | CellFigure | OfRows | OfColumns | Below | Live | None


@dataclasses.dataclass(slots=True)
class Row:
    """One row of a grid.

    Attributes:
        code: by which sums and ties name it.
        cells: by the key of the column.
        dress: ``section``, ``subtotal``, ``closing`` (a subtotal after its rows) or ``total`` for
            rows that stand out.
        indent: how deep its label stands.
    """

    code: str
    cells: dict[str, Content]
    dress: str = ""
    indent: int = 0


@dataclasses.dataclass(slots=True)
class Grid:
    """A form with its figures, not yet on a sheet."""

    layout: FormLayout
    columns: tuple[ColumnLayout, ...]
    rows: list[Row]
    _by_code: dict[str, Row] = dataclasses.field(default_factory=dict, repr=False, compare=False)

    def value(self, code: str, column: str) -> int:
        """The figure of a row and column; 0 where there is none."""
        if not self._by_code:
            self._by_code = {row.code: row for row in reversed(self.rows)}
        row = self._by_code.get(code)
        return number(row.cells.get(column)) if row else 0


_Path: TypeAlias = "tuple[Hashable, ...]"
Record = dict[str, "str | int | dt.date | CellFigure | Amount | None"]


def number(content: Content) -> int:
    """The whole number that a cell shows; 0 where it shows none."""
    if content is None or isinstance(content, (str, dt.date)):
        return 0
    return content.value if isinstance(content.value, int) else 0


class Spread(NamedTuple):
    """Columns by loại and khoản: those of amounts and how they add up.

    Attributes:
        columns: the total first, then each loại with its khoản.
        parts: the columns that a total adds up, by its key.
        leaves: the kind-item of each column that holds elementary figures.
    """

    columns: tuple[ColumnLayout, ...]
    parts: Mapping[str, tuple[str, ...]]
    leaves: Mapping[str, str]


def spread_over(kind_items: Sequence[str], prefix: str = "", above: Text | None = None) -> Spread:
    """Columns for the loại and khoản of a year; an unknown one is left to be filled in.

    Args:
        kind_items: ``280-309`` each, or empty where the book does not say.
        prefix: before the keys, where a form has more than one such run.
        above: a heading over all of them.
    """
    over = Text(f"{above.vi} / ", f"{above.en} / ") if above else Text("", "")
    by_kind: dict[str, list[str]] = {}
    for item in sorted(kind_items) or [""]:
        by_kind.setdefault(item.partition("-")[0] if "-" in item else "", []).append(item)
    columns = [_spread_column(f"{prefix}{TOTAL}", over, Text("Tổng số", "Total"))]
    parts: dict[str, tuple[str, ...]] = {f"{prefix}{TOTAL}": ()}
    leaves: dict[str, str] = {}
    for kind, items in by_kind.items():
        key = f"{prefix}L{kind}"
        group = Text(f"{over.vi}Loại {kind or '…'} / ", f"{over.en}Kind {kind or '…'} / ")
        columns.append(_spread_column(key, group, Text("Tổng số", "Total")))
        parts[f"{prefix}{TOTAL}"] += (key,)
        parts[key] = tuple(f"{prefix}K{item}" for item in items)
        for item in items:
            leaf = item.rpartition("-")[2] or "…"
            columns.append(
                _spread_column(f"{prefix}K{item}", group, Text(f"Khoản {leaf}", f"Item {leaf}"))
            )
            leaves[f"{prefix}K{item}"] = item
    return Spread(tuple(columns), parts, leaves)


def _spread_column(key: str, above: Text, heading: Text) -> ColumnLayout:
    return ColumnLayout.model_construct(
        key=key,
        heading=Text(above.vi + heading.vi, above.en + heading.en),
        mark=COUNTED,
        width=17.0,
        kind="money",
        is_=None,
        total=True,
    )


def fill_coded(
    layout: FormLayout,
    figure: Callable[[RowLayout, ColumnLayout], Content],
    spread: Spread | None = None,
    rows: Sequence[RowLayout] | None = None,
) -> Grid:
    """A form whose rows have codes.

    Args:
        layout: the form.
        figure: the elementary figure of a row and column; None leaves the cell empty.
        spread: its columns by loại and khoản, where it has such.
        rows: in the place of the layout's own, for a form that repeats another's.
    """
    rows = layout.rows if rows is None else rows
    columns = (*layout.columns, *(spread.columns if spread else ()))
    money = [column for column in columns if column.kind in {"money", "percent"}]
    sums = {row.code: row.is_ for row in rows if row.code and row.is_ is not None}
    by_code = {row.code: row for row in rows if row.code}
    cells: dict[str, dict[str, Content]] = {code: {} for code in by_code}
    totals = spread.parts if spread else {}
    ordered = _by_dependence(money, totals)
    for code in order_of(sums, by_code):
        row = by_code[code]
        for column in ordered:
            if row.only and column.key not in row.only:
                continue
            cells[code][column.key] = _coded_cell(row, column, cells, figure, totals)
    return Grid(layout, columns, [_coded_row(row, cells.get(row.code, {})) for row in rows])


def _by_dependence(
    columns: Sequence[ColumnLayout], totals: Mapping[str, tuple[str, ...]]
) -> list[ColumnLayout]:
    """Columns in an order in which each comes after those that it adds up."""
    by_key = {column.key: column for column in columns}
    sums = {key: Expression(tuple((1, part) for part in parts)) for key, parts in totals.items()}
    sums |= {column.key: column.is_ for column in columns if column.is_ is not None}
    return [by_key[key] for key in order_of(sums, by_key) if key in by_key]


def _coded_cell(
    row: RowLayout,
    column: ColumnLayout,
    cells: Mapping[str, Mapping[str, Content]],
    figure: Callable[[RowLayout, ColumnLayout], Content],
    totals: Mapping[str, tuple[str, ...]],
) -> Content:
    if column.is_ is not None:
        own = cells[row.code]
        return OfColumns(column.is_, column.is_.value(lambda key: number(own.get(key))))
    if row.is_ is not None:
        return OfRows(row.is_, row.is_.value(lambda code: number(cells[code].get(column.key))))
    if column.key in totals:
        return _added(totals[column.key], cells[row.code])
    return figure(row, column)


def _added(keys: Sequence[str], cells: Mapping[str, Content]) -> OfColumns:
    terms = tuple((1, key) for key in keys)
    return OfColumns(Expression(terms), sum(number(cells.get(key)) for key in keys))


def _coded_row(row: RowLayout, cells: Mapping[str, Content]) -> Row:
    text = row.label.vi
    named: dict[str, Content] = {"ordinal": row.ordinal, "label": text, "code": row.code, **cells}
    dress = "section" if row.section else ("subtotal" if row.ordinal and row.code else "")
    return Row(row.code, named, dress, indent=int(text.startswith("-")))


def fill_listed(
    layout: FormLayout, records: Sequence[Record], language: Language = "vi", size: int = 1
) -> Grid:
    """A form that lists rows of the book, with its subtotals and total.

    Args:
        layout: the form.
        records: the rows by the keys of its columns, with the words of its groups; bare numbers
            and an ``Amount`` are VND and are brought to the unit here.
        language: of the names of groups.
        size: VND in a unit of the set.
    """
    lister = _Lister(layout, language)
    lister.list_group(_scaled(layout, records, size), layout.groups, "")
    if layout.total.vi:
        lister.add_total()
    return Grid(layout, layout.columns, lister.rows)


def _scaled(layout: FormLayout, records: Sequence[Record], size: int) -> list[Record]:
    """Records whose bare amounts are figures in the unit of the set.

    They add up in each group, and what the form's own sums leave of them is as near as it can.
    """
    scaled = [dict(record) for record in records]
    columns = {
        column.key: _amounts_of(layout, scaled, column.key)
        for column in layout.columns
        if column.kind == "money"
    }
    shares: dict[str, dict[_Path, int]] = {}
    for signs in (*_balances(layout), *({key: 1} for key in columns)):
        balance = Balance(size)
        for key in filter(columns.__contains__, signs):
            amounts = {path: amount.vnd for path, amount in columns[key].items()}
            if key in shares:
                balance.count(amounts, shares[key], signs[key])
            else:
                shares[key] = balance.round(amounts, signs[key])
    for key, own in shares.items():
        for path, share in own.items():
            scaled[int(str(path[-1]))][key] = CellFigure(share, columns[key][path].link)
    return scaled


def _amounts_of(layout: FormLayout, records: Sequence[Record], key: str) -> dict[_Path, Amount]:
    """The bare amounts of a column by the groups that they stand in and the row."""
    return {
        (*(str(record.get(group.by, "")) for group in layout.groups), number_): amount
        for number_, record in enumerate(records)
        if (amount := _amount(record.get(key))) is not None
    }


def _balances(layout: FormLayout) -> Iterator[dict[str, int]]:
    """Each sum of columns as what it comes to of columns that are no sums, with their signs."""
    sums = {column.key: column.is_ for column in layout.columns if column.is_ is not None}
    sums = {key: one for key, one in sums.items() if not one.below}
    plain: dict[str, dict[str, int]] = {}
    for key in order_of(sums, sums):
        if key in sums:
            signs: Counter[str] = Counter()
            for sign, code in sums[key].above:
                for own, inner in plain.get(code, {code: 1}).items():
                    signs[own] += sign * inner
            plain[key] = dict(signs)
            yield plain[key]


def _amount(value: object) -> Amount | None:
    if isinstance(value, Amount):
        return value
    return Amount(value) if isinstance(value, int) else None


class _Lister:
    """Lists the rows of a form downwards."""

    def __init__(self, layout: FormLayout, language: Language) -> None:
        self.rows: list[Row] = []
        self._layout = layout
        self._language: Language = language
        self._number = 0

    def list_group(
        self, records: Sequence[Record], groups: Sequence[GroupLayout], path: str
    ) -> None:
        """Rows below the groups that still part them."""
        if not groups:
            for record in records:
                self._number += 1
                self.rows.append(self._leaf(record, path))
            return
        first, *rest = groups
        if records and all(first.by not in record for record in records):
            raise self._unknown(first, first.by, "by", records[0])
        parted: dict[str, list[Record]] = {name: [] for name in first.names}
        for record in records:
            parted.setdefault(str(record.get(first.by, "")), []).append(record)
        for value, own in parted.items():
            if first.closes and not value:
                self.list_group(own, rest, path)
            else:
                self._list_one(first, value, own, rest, path)

    def _list_one(
        self,
        group: GroupLayout,
        value: str,
        records: Sequence[Record],
        rest: Sequence[GroupLayout],
        path: str,
    ) -> None:
        code, above = f"{path}{value}", len(self.rows)
        head = Row(code, self._group_words(group, value, records), "subtotal")
        if group.closes:
            head.dress = "closing"
            self.list_group(records, rest, f"{code}|")
            self._close(head, above)
            return
        self.rows.append(head)
        self.list_group(records, rest, f"{code}|")
        if group.sums:
            self._add_up(head, 1, len(self.rows) - 1 - above, above)

    def _group_words(
        self, group: GroupLayout, value: str, records: Sequence[Record]
    ) -> dict[str, Content]:
        """What stands in the row of a group besides its sums."""
        words = {key: str(word) for key, word in (records[0] if records else {}).items()}
        named = group.names.get(value)
        label = (named or group.label).to(self._language)
        named_here: dict[str, Content] = {
            group.into: label if named else self._filled(group, label, words)
        }
        if group.beside.vi:
            beside = group.beside.to(self._language)
            named_here[self._layout.into] = self._filled(group, beside, words)
        return named_here

    def _filled(self, group: GroupLayout, label: str, words: Mapping[str, str]) -> str:
        """A group's name with the words of its rows."""
        try:
            return label.format(**words)
        except KeyError as unknown:
            raise self._unknown(group, str(unknown.args[0]), label, words) from None

    def _unknown(
        self, group: GroupLayout, word: str, where: str, known: Mapping[str, object]
    ) -> BadInputError:
        """The error of a word that no row has."""
        layout = self._layout
        problem = layout.problem(
            Text(
                f"biểu {layout.form}: bảng «{layout.rows_of}» không có «{word}» cho «{where}»",
                f"{layout.form}: the rows “{layout.rows_of}” have no “{word}” for “{where}”",
            ),
            did_you_mean(word, sorted(known), Text("dùng một trong", "use one of")),
            "groups",
            layout.groups.index(group),
        )
        return BadInputError([problem])

    def add_total(self) -> None:
        """The row of the whole, below the others."""
        layout = self._layout
        label = layout.total.to(self._language)
        self._close(Row("TOTAL", {layout.into: label}, "total"), 0)

    def _close(self, row: Row, first: int) -> None:
        """A row below those that it adds up."""
        place = len(self.rows)
        self.rows.append(row)
        self._add_up(row, first - place, -1, place)

    def _add_up(self, row: Row, first: int, last: int, place: int) -> None:
        """Sums of a run of rows, in every column that has them."""
        below = [one for one in self.rows[place + first : place + last + 1] if not one.dress]
        for column in self._layout.columns:
            if below and all(one.cells.get(column.key) is None for one in below):
                continue  # a column that these rows do not have
            if column.adds:
                value = sum(number(one.cells.get(column.key)) for one in below)
                row.cells[column.key] = Below(first, last, value) if below else CellFigure(0)
        self._compute(row, shares_only=True)

    def _leaf(self, record: Record, path: str) -> Row:
        cells: dict[str, Content] = {
            column.key: _content(record.get(column.key)) for column in self._layout.columns
        }
        cells["ordinal"] = str(record.get("ordinal") or self._number)
        row = Row(str(record.get("code", f"{path}{self._number}")), cells)
        self._compute(row, shares_only=False)
        return row

    def _compute(self, row: Row, *, shares_only: bool) -> None:
        """Columns that rest on others; in rows of totals only shares, for sums add up anyway."""
        columns = {column.key: column for column in self._layout.columns if column.is_}
        sums = {key: column.is_ for key, column in columns.items() if column.is_ is not None}
        for key in order_of(sums, columns):
            if key not in columns or (shares_only and columns[key].kind != "percent"):
                continue
            expression = sums[key]
            row.cells[key] = OfColumns(
                expression, expression.value(lambda other: number(row.cells.get(other)))
            )


def _content(value: object) -> Content:
    if isinstance(value, (str, dt.date, CellFigure)) or value is None:
        return value
    return str(value)
