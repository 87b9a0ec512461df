"""From sheets to statements: every row below a header becomes a line, a figure or a reject.

What a statement says about itself is checked before anything is made of it: balances row by row,
totals, the period, the codes' identities. What does not hold is an error with its cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.cells import unmarked
from importers.source.places import Place, Spot, problem_at
from importers.tables.figure_rows import with_figures
from importers.tables.heads import (
    CLOSING_LABEL,
    OPENING_LABEL,
    account_in,
    amount_beside,
    currency_in,
    unit_code_in,
)
from importers.tables.lines import with_lines
from importers.tables.printed_periods import printed_period
from importers.tables.profile import Reads, header_titles, match_columns, recognise, unread
from importers.tables.roles import Role
from importers.tables.statement import FIGURES, NO_END, Statement, StatementKind
from importers.tables.units import unit_above, unit_notes
from ledger.problems import BadInputError, Problem
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from importers.source.cells import Cell
    from importers.source.sheets import Sheets
    from importers.tables.printed_periods import Head
    from importers.tables.profile import Found, Profile

_MOST_PROBLEMS: Final = 20
_HEAD_ROWS: Final = 60
_TITLE_ABOVE: Final = 5  # rows between a title and the line of its account

_KINDS: Final = {
    Reads.BANK: StatementKind.BANK,
    Reads.TREASURY: StatementKind.TREASURY,
    Reads.ESTIMATE: StatementKind.ESTIMATE,
    Reads.SPENDING: StatementKind.SPENDING,
    Reads.BALANCES: StatementKind.BALANCES,
}


_ONLY_DONG: Final = Text(
    "sổ chỉ nhập tài khoản VND; khoản ngoại tệ ghi tay theo số tiền VND của chứng từ",
    "only accounts in VND are imported; book foreign money by hand, in the VND of its papers",
)


_IN_ADVANCE: Final = Text(
    "bảng của dự toán ứng trước; sổ ghi dự toán chính thức", "of the estimate drawn in advance"
)
_OFFICIAL: Final = Text(
    "lấy bảng của dự toán chính thức", "take the form of the estimate that was given"
)


def _foreign(currency: str) -> Text:
    return Text(f"sao kê của tài khoản bằng {currency}", f"the statement is in {currency}")


def read_statements(sheets: Sheets, profiles: Iterable[Profile]) -> tuple[Statement, ...]:
    """Every statement of a file; none where no layout fits.

    Raises:
        BadInputError: a cell cannot be read, or what the statement says does not add up.
    """
    statements: list[Statement] = []
    tables = [found for found in recognise(sheets, profiles) if found.profile.reads in _KINDS]
    for found in tables:
        statements += [_statement(sheets, block) for block in _blocks(found)]
    if statements:
        first = statements[0]
        statements[0] = first._replace(notes=(*first.notes, *unread(sheets, tables)))
    return tuple(statements)


class _Block(NamedTuple):
    """A statement in a sheet: where its head starts, its header, where it ends."""

    start: int
    found: Found
    until: int


def _blocks(found: Found) -> list[_Block]:
    """A sheet with one statement after another, each under a head with its own account."""
    rows = found.sheet.rows
    blocks = [_Block(max(0, found.top - _HEAD_ROWS), found, len(rows))]
    account, _ = account_in(_head(rows, blocks[0].start, found.top), None)
    below = found.below
    for index in range(found.below, len(rows)):
        if index < below or not any(map(_names_account, rows[index])):
            continue
        top = _next_header(found, index)
        other = "" if top is None else account_in(_head(rows, index, top), None)[0]
        if top is None or not other or other == account:
            continue
        start = _head_start(rows, below, index)
        blocks[-1] = blocks[-1]._replace(until=start)
        blocks.append(_Block(start, found._replace(top=top), len(rows)))
        account, below = other, top + found.depth
    return blocks


def _names_account(cell: Cell) -> bool:
    return isinstance(cell, str) and unmarked(cell).startswith(("so tai khoan", "account n"))


def _next_header(found: Found, index: int) -> int | None:
    for top in range(index, min(index + _HEAD_ROWS, len(found.sheet.rows))):
        titles = header_titles(found.sheet, top, found.depth)
        if titles and match_columns(found.profile, titles) == found.columns:
            return top
    return None


def _head_start(rows: Sequence[tuple[Cell, ...]], below: int, account: int) -> int:
    """Where the head above a later header begins: at its title, else at its account's line."""
    for index in range(account, max(below, account - _TITLE_ABOVE) - 1, -1):
        if any(isinstance(cell, str) and "sao ke" in unmarked(cell) for cell in rows[index]):
            return index
    return account


def _of_other_estimate(sheets: Sheets, found: Found, head: Head) -> Iterator[Problem]:
    """A form of the estimate drawn in advance (ứng trước) has figures of its own."""
    cells = [
        (index, column, unmarked(cell))
        for index, row in head
        for column, cell in enumerate(row)
        if isinstance(cell, str)
    ]
    if any("du toan chinh thuc" in words for *_, words in cells):
        return
    for index, column, words in cells:
        if "du toan ung truoc" in words:
            place = Place(sheets.file, found.sheet.name, index + 1)
            yield problem_at(place, column, _IN_ADVANCE, _OFFICIAL)
            return


def _head(rows: Sequence[tuple[Cell, ...]], start: int, top: int) -> Head:
    return [(index, rows[index]) for index in range(max(start, top - _HEAD_ROWS), top)]


def _statement(sheets: Sheets, block: _Block) -> Statement:
    found, until = block.found, block.until
    kind = _KINDS[found.profile.reads]
    problems: list[Problem] = []
    head = _head(found.sheet.rows, block.start, found.top)
    period = printed_period(head, of_year=kind in FIGURES)
    account, account_at = account_in(head, problems, sheets, found)
    unit_code, unit_at = unit_code_in(head)
    opening, opening_at = amount_beside(head, OPENING_LABEL)
    closing, closing_at = amount_beside(head, CLOSING_LABEL)
    currency, currency_at = currency_in(head)
    factor = unit_above(sheets, found).factor
    cells = {
        "account": account_at,
        "unit": unit_at,
        "period": period.at if period else None,
        "opening": opening_at,
        "closing": closing_at,
        "date": (found.top, found.columns.get(Role.DATE, found.columns.get(Role.DATE_DOCUMENT, 0))),
    }
    statement = Statement(
        kind=kind,
        profile=found.profile.profile,
        file=sheets.file,
        digest=sheets.digest,
        account=account,
        unit_code=unit_code,
        start=period.start if period else None,
        end=period.end if period else None,
        opening=None if opening is None else opening * factor,
        closing=None if closing is None else closing * factor,
        ends=found.profile.ends,
        notes=(*sheets.notes, *unit_notes(sheets, found)),
        spots={
            what: Spot(Place(sheets.file, found.sheet.name, cell[0] + 1), cell[1])
            for what, cell in cells.items()
            if cell
        },
    )
    if currency not in {"", "VND"} and currency_at:
        place = Place(sheets.file, found.sheet.name, currency_at[0] + 1)
        raise BadInputError([problem_at(place, currency_at[1], _foreign(currency), _ONLY_DONG)])
    if kind in FIGURES:
        problems += _of_other_estimate(sheets, found, head)
        statement = with_figures(statement, sheets, found, until, problems)
    else:
        statement = with_lines(statement, sheets, found, until, problems)
    if problems:
        raise BadInputError(problems[:_MOST_PROBLEMS])
    return statement if statement.whole else statement._replace(notes=(*statement.notes, NO_END))
