"""From the book to filled forms: which copies a set has, and where their figures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from ledger.accounts import FUNDS, STATE_FUNDS
from ledger.problems import BadInputError
from ledger.text import Text
from ledger.yaml_models import did_you_mean
from reports.forms.expression import Expression
from reports.forms.grid import (
    Amount,
    CellFigure,
    Grid,
    Live,
    OfColumns,
    Spread,
    fill_coded,
    fill_listed,
    spread_over,
)
from reports.forms.layouts import repeated_form
from reports.forms.rounding import half_up
from reports.settlement import (
    advance_tables,
    contributions,
    detail_books,
    finding_tables,
    norm_tables,
    recoveries,
    support_tables,
    tables,
    task_tables,
    transfers,
)
from reports.settlement.desk import Copy, Desk, where_of
from reports.settlement.figures import programme_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd

    from ledger.problems import Problem
    from reports.forms.grid import Content, Record
    from reports.forms.model import ColumnLayout, FormLayout, RowLayout
    from reports.settlement.source import YearMoney
    from reports.settlement.teller import Teller

TABLES: Final[dict[str, Callable[[Desk, Copy], list[Record]]]] = {
    "items": tables.items,
    "programme-items": tables.programme_items,
    "programme-results": task_tables.programme_results,
    "treasury-estimate": tables.treasury_estimate,
    "treasury-use": tables.treasury_use,
    "carried-tasks": tables.carried_tasks,
    "estimate-entries": detail_books.estimate_entries,
    "estimate-balance": detail_books.estimate_balance,
    "commitments": detail_books.commitments,
    "drawings": detail_books.drawings,
    "tasks": task_tables.tasks,
    "contributors": task_tables.contributors,
    "contribution-use": contributions.contribution_use,
    "supports": support_tables.supports,
    "norms": norm_tables.norms,
    "advances": advance_tables.advances,
    "closing": advance_tables.closing,
    "findings": finding_tables.findings,
    "transfers": transfers.table,
}
# The code of a budget level, and the source of the unit's own level where a book does not say.
LEVEL_FUNDS: Final = {"1": "NSTW", "2": "NSTP"}
_LEVEL_NAMES: Final = {
    "NSTW": Text("trung ương", "central"),
    "NSTP": Text("tỉnh (thành phố)", "province (city)"),
}
_OPENINGS: Final = ("b01.opening_received", "b01.opening_estimate")
_CLOSINGS: Final = ("b01.carried_received", "b01.carried_estimate")
# What shows that there is money of a level; what was only carried in from last year does too.
_OF_A_LEVEL: Final = ("b01.allotted", "spent", *_OPENINGS)
_OUTSIDE_STATE: Final = ("cash", "direct")
_TO_FILL: Final = "……………"


class Filled(NamedTuple):
    """One copy of a form with its figures.

    Attributes:
        sheet: the name of its sheet.
        fund: the source of state money, where the copy is of one.
    """

    layout: FormLayout
    copy: Copy
    grid: Grid
    sheet: str
    fund: str = ""


def fill_set(desk: Desk, layouts: Sequence[FormLayout], level: str) -> list[Filled]:
    """Every copy of every form that rests on the book alone.

    Args:
        desk: the figures.
        layouts: the forms of the year, in their order.
        level: the unit's budget level, as the programme writes it.

    Raises:
        BadInputError: a layout names a table or a figure that does not exist, or a figure since
            the beginning needs a year whose closing no norm in force sets.
    """
    filled = []
    for layout in layouts:
        if repeated_form(layout):
            continue  # filled from the sheets that are written before it
        _require_known(desk, layout)
        for copy in copies_of(desk, layout, level):
            of = copy.where.get("fund", "")
            fund = of if isinstance(of, str) else ""  # a copy of all of them is of none
            grid = fill_copy(desk, layout, copy)
            filled.append(Filled(layout, copy, grid, layout.sheet + copy.suffix, fund))
    return filled


def copies_of(desk: Desk, layout: FormLayout, level: str) -> list[Copy]:
    """The copies of a form: one, one a budget level, or one a programme code."""
    if layout.copies in {"level", "treasury-level"}:
        copies = _of_levels(desk, level)
        if layout.copies == "level":
            return copies
        return [
            one._replace(legend=(*one.legend, f"Mã cấp NS: {one.level or '…'}")) for one in copies
        ]
    if layout.copies == "consolidated" and len(desk.facts.books) == 1:
        return []
    if layout.copies == "programme":
        return list(_of_programmes(desk, layout, _of_levels(desk, level)))
    return [Copy(legend=_legend(desk, layout))]


def _of_levels(desk: Desk, level: str) -> list[Copy]:
    """A copy of the unit's own budget level, and one of each other that there is money of."""
    own = LEVEL_FUNDS.get(level, STATE_FUNDS[0])
    others = [fund for fund in STATE_FUNDS if fund != own and _has(desk, fund=fund)]
    numbers = {fund: code for code, fund in LEVEL_FUNDS.items()}
    if level:
        numbers[own] = level  # a district has the fund of the local budget, and its own number
    return [
        _level_copy(fund, own=fund == own)._replace(level=numbers.get(fund, ""))
        for fund in (own, *others)
    ]


def _of_programmes(desk: Desk, layout: FormLayout, levels: Sequence[Copy]) -> Iterator[Copy]:
    """A copy of each programme code and budget level that there is money of."""
    blocks = desk.teller.source.blocks
    state = blocks.loc[blocks["fund"].isin(STATE_FUNDS), ["programme_code", "fund"]]
    there = set(state.itertuples(index=False, name=None))
    codes = sorted({code for code, _ in there if code})
    for code in codes:
        legend = _legend(desk, layout, code, alone=len(codes) == 1)
        for level in levels:
            if (code, level.where["fund"]) in there:
                yield level._replace(
                    where={"programme_code": code, **level.where},
                    legend=(*legend, *level.legend),
                    suffix=f" {code}" * (len(codes) > 1) + level.suffix,
                    named=Text(f"mã {code}, {level.named.vi}", f"code {code}, {level.named.en}"),
                    own=True,
                )


def _legend(
    desk: Desk, layout: FormLayout, code: str = "", *, alone: bool = True
) -> tuple[str, ...]:
    """The lines below a title, as far as the book tells; the unit writes the rest.

    Args:
        desk: of the book.
        layout: of the form.
        code: of the programme whose copy it is.
        alone: whether the title of the book can mean no other programme.
    """
    if not layout.legend:
        return ()
    words = dict.fromkeys(("title", "unit", "treasury"), _TO_FILL)
    own = _programmes(desk)
    told = {"title": _title_of(desk, own, code, alone=alone)}
    if len(own) == 1:
        told |= {"unit": str(own[0]["unit"]), "treasury": str(own[0]["treasury_office"])}
    words |= {name: value for name, value in told.items() if value}
    return tuple(line.vi.format(code=code, **words) for line in layout.legend)


def _programmes(desk: Desk) -> list[pd.Series]:
    """What each book declares as its programme of the year."""
    year = desk.teller.source.period.budget_year
    return [programme_of(desk.facts, book, year) for book in desk.facts.books]


def _title_of(desk: Desk, own: Sequence[pd.Series], code: str, *, alone: bool) -> str:
    """The title of a programme, where every book says the same; else that of its code in a list."""
    meant = [one for one in own if alone or str(one["programme_code"]) == code]
    titles = {str(one["title"]) for one in meant} - {""}
    if len(titles) == 1:
        return titles.pop()
    year = desk.teller.source.period.budget_year
    listed = desk.law.codes.known("programme", year).codes.get(code)
    return listed.name if listed else ""


def _level_copy(fund: str, *, own: bool) -> Copy:
    level = _LEVEL_NAMES.get(fund, FUNDS[fund].label)
    return Copy(
        {"fund": fund},
        (f"Kinh phí thuộc ngân sách cấp {level.vi}",),
        suffix="" if own else f" ({fund})",
        level_name=level.vi,
        own=own,
        named=Text(f"ngân sách cấp {level.vi}", f"budget level: {level.en}"),
    )


def _has(desk: Desk, **where: object) -> bool:
    return any(desk.teller.source.take(name, **where).blocks for name in _OF_A_LEVEL)


def _require_known(desk: Desk, layout: FormLayout) -> None:
    """Refuse a layout that names a table or a figure that does not exist."""
    if not layout.coded:
        problems = [] if layout.rows_of in TABLES else [_no_table(layout)]
    else:
        known = sorted({*desk.teller.source.names, *recoveries.NAMES})
        problems = [
            _no_figure(layout, number_, row.take, known)
            for number_, row in enumerate(layout.rows)
            if row.take and row.take not in known
        ]
    if problems:
        raise BadInputError(problems)


def _no_table(layout: FormLayout) -> Problem:
    return layout.problem(
        Text(
            f"biểu {layout.form}: không có bảng «{layout.rows_of}»; «rows-of» phải là tên một bảng "
            "của sổ",
            f"form {layout.form}: there is no table “{layout.rows_of}”; “rows-of” must name a "
            "table of the book",
        ),
        did_you_mean(layout.rows_of, list(TABLES), Text("các bảng", "the tables")),
        "rows-of",
    )


def _no_figure(layout: FormLayout, row: int, name: str, known: Sequence[str]) -> Problem:
    code = layout.rows[row].code
    return layout.problem(
        Text(
            f"biểu {layout.form}, mã số {code}: không có số liệu «{name}»; «take» phải là tên một "
            "số liệu của sổ",
            f"form {layout.form}, code {code}: there is no figure “{name}”; “take” must name a "
            "figure of the book",
        ),
        did_you_mean(name, known, Text("các số liệu", "the figures")),
        "rows",
        row,
        "take",
    )


def fill_copy(desk: Desk, layout: FormLayout, copy: Copy) -> Grid:
    """One copy of a form with its figures."""
    desk = desk if layout.bilingual else desk._replace(language="vi")
    if not layout.coded:
        records = TABLES[layout.rows_of](desk, copy)
        return fill_listed(layout, records, desk.language, desk.teller.unit.size)
    if not layout.spread:
        return fill_coded(layout, _plain_figure(desk, layout))
    items = _kind_items(desk, layout, copy)
    if layout.copies == "programme":
        return _programme_grid(desk, layout, copy, items)
    # Forms that repeat the rows of this copy take them from its grid.
    layout = layout.model_copy(update={"rows": _own_rows(layout, copy)})
    spread = spread_over(items)
    return fill_coded(layout, _spread_figure(desk, copy, spread), spread)


def _kind_items(desk: Desk, layout: FormLayout, copy: Copy) -> list[str]:
    """The loại and khoản of what stands in some row; the other side of an entry names none."""
    return _items_of(desk.teller.source, layout, copy)


def _items_of(source: YearMoney, layout: FormLayout, copy: Copy) -> list[str]:
    names = {row.take for row in layout.rows if row.take}
    found = [source.by(name, ("kind_item",), **copy.where) for name in names]
    return sorted({str(item) for parts in found for (item,) in parts})


def _own_rows(layout: FormLayout, copy: Copy) -> tuple[RowLayout, ...]:
    """The rows of a copy, with its level in their words, down to what its level does not have."""
    level = copy.level_name.upper()
    ends = (n for n, row in enumerate(layout.rows) if row.own_level_from_here and not copy.own)
    return tuple(
        row.model_copy(
            update={"label": Text(*(t.replace("CẤP...", f"CẤP {level}") for t in row.label))}
        )
        for row in layout.rows[: next(ends, None)]
    )


def _spread_figure(
    desk: Desk, copy: Copy, spread: Spread
) -> Callable[[RowLayout, ColumnLayout], Content]:
    def figure(row: RowLayout, column: ColumnLayout) -> Content:
        if not row.take:
            return CellFigure(0, ask=True)
        item = spread.leaves[column.key]
        return desk.teller.one(row.take, kind_item=item, **where_of(row, copy))

    return figure


def _plain_figure(desk: Desk, layout: FormLayout) -> Callable[[RowLayout, ColumnLayout], Content]:
    found = (
        recoveries.by_body(desk) if any(row.take in recoveries.NAMES for row in layout.rows) else {}
    )

    def figure(row: RowLayout, column: ColumnLayout) -> Content:
        if row.take in recoveries.NAMES:
            amount = found.get((row.take, column.key), Amount(0))
            return CellFigure(half_up(amount.vnd, desk.teller.unit.size), amount.link)
        if not row.take:
            return CellFigure(0, ask=True)
        where: dict[str, object] = {} if row.take in _OUTSIDE_STATE else {"fund": STATE_FUNDS}
        if row.autonomy is not None:
            where["autonomy"] = row.autonomy
        return desk.teller.one(row.take, **where)

    return figure


def _programme_grid(desk: Desk, layout: FormLayout, copy: Copy, items: Sequence[str]) -> Grid:
    """Form F01-02 part I: this year, and since the programme began as far as the book shows."""
    earlier = desk.earlier()
    ever = sorted({*items, *(item for one in earlier for item in _items_of(one, layout, copy))})
    now = spread_over(items, "", Text("Năm nay", "This year"))
    since = spread_over(ever, "s.", Text("Lũy kế từ khi khởi đầu", "Since the beginning"))
    both = Spread(
        (*now.columns, *since.columns), {**now.parts, **since.parts}, {**now.leaves, **since.leaves}
    )
    of_year = _spread_figure(desk, copy, both)

    def figure(row: RowLayout, column: ColumnLayout) -> Content:
        if not row.take or not column.key.startswith("s."):
            return of_year(row, column)
        where = where_of(row, copy) | {"kind_item": both.leaves[column.key]}
        return _since_beginning(desk.teller, row.take, earlier, where)

    return fill_coded(layout, figure, both)


def _since_beginning(
    teller: Teller, name: str, earlier: Sequence[YearMoney], where: Mapping[str, object]
) -> CellFigure:
    """A figure over all years that the book holds.

    What the first one opened with and the last one closes with is of that year alone.
    """
    if not earlier or name in _CLOSINGS:
        return teller.one(name, **where)
    own = [] if name in _OPENINGS else [teller.source]
    before = earlier[:1] if name in _OPENINGS else earlier
    value = teller.amount(name, **where) if own else 0
    value += half_up(sum(year.take(name, **where).amount for year in before), teller.unit.size)
    return teller.over_years(value, name, [*own, *before], **where)


class Standing(Protocol):
    """A form where it stands, on a sheet or a page, for another that repeats its rows."""

    @property
    def grid(self) -> Grid:
        """The form."""

    @property
    def places(self) -> Mapping[str, int]:
        """The row of each code."""

    def at(self, code: str, column: str) -> str:
        """The address of a figure."""


class OnPage(NamedTuple):
    """A form that is shown and has no addresses."""

    grid: Grid

    @property
    def places(self) -> Mapping[str, int]:
        """The row of each code."""
        return {row.code: number for number, row in enumerate(self.grid.rows) if row.code}

    def at(self, code: str, column: str) -> str:
        """The address of a figure: nobody asks for it."""
        return f"{code}.{column}"


def fill_repeated(layout: FormLayout, form: Standing, approved: Standing | None) -> Grid:
    """A form of approval: rows of the unit's form, what it reported, what is approved.

    Args:
        layout: of the approval.
        form: the copy of the unit's form whose rows it repeats.
        approved: the form in which the approved figures are typed; None where it is this one.
    """
    rows = [row for row in form.grid.layout.rows if row.code in form.places or row.section]
    known = [row for row in rows if not row.code or row.code in form.places]

    def figure(row: RowLayout, column: ColumnLayout) -> Content:
        value = form.grid.value(row.code, "total")
        if column.key == "reported":
            return Live(f"={form.at(row.code, 'total')}", value)
        if approved is None:
            return OfColumns(Expression(((1, "reported"),)), value)
        return Live(f"={approved.at(row.code, 'approved')}", value)

    return fill_coded(layout, figure, None, known)
