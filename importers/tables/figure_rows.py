"""Forms that list figures by code (01a, 02a, 06): rows, identities of the columns, totals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from importers.source.cells import account_number
from importers.source.places import Reject
from importers.tables.roles import Role, role_of
from importers.tables.rows import (
    NO_AMOUNT,
    REPEATED,
    TOTALS,
    BadCellError,
    Row,
    cell_amount,
    is_header,
    is_numbering,
    is_total,
    label_of,
    quiet_amount,
    rows_below,
)
from importers.tables.statement import FIGURES, Figures, Statement, StatementKind
from ledger.text import Text, dong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from importers.source.sheets import Sheets
    from importers.tables.profile import Found
    from ledger.problems import Problem

_GRAND_OF_FORM: Final = re.compile(r"^(?:(?:tong (?:cong|so)|total)\b|(?:cong|tong)\W*$)")
_CODE: Final = re.compile(r"(?:TM ?)?\d")
# Identities of the forms, each as: this column, the columns that make it, what is written there.
_IDENTITIES: Final[dict[StatementKind, tuple[tuple[str, tuple[str, ...], str], ...]]] = {
    StatementKind.ESTIMATE: (
        ("usable", ("brought_forward", "allotted", "adjusted_total"), "(5) = (1) + (2) + (4)"),
    ),
    StatementKind.SPENDING: (
        ("total", ("advance", "spent"), "(5) = (1) + (3)"),
        ("total_balance", ("advance_balance", "spent_total"), "(6) = (2) + (4)"),
    ),
    StatementKind.BALANCES: (),
}


def with_figures(
    statement: Statement, sheets: Sheets, found: Found, until: int, problems: list[Problem]
) -> Statement:
    """A form with its rows by code; what does not add up goes into ``problems``."""
    figures: list[Figures] = []
    rejects: list[Reject] = []
    grand: list[tuple[Row, dict[str, int]]] = []
    read = 0
    rows = list(rows_below(sheets, found, until))
    key = _FIGURE_KEYS[statement.kind]
    # A unit that books no kind-item has rows of the source alone; else those are its subtotals.
    keyed = key if any(_holds_code(row, key) for row in rows) else Role.SOURCE_CODE
    for row in rows:
        read += 1
        try:
            outcome = _figure(row, found, statement.kind, keyed)
            totals = isinstance(outcome, Reject) and outcome.reason is TOTALS
            if totals and _GRAND_OF_FORM.match(label_of(row)):
                grand.append((row, _figure_amounts(row, statement.kind)))
        except BadCellError as bad:
            problems.append(bad.problem)
            continue
        if isinstance(outcome, Reject):
            rejects.append(outcome)
        else:
            figures.append(outcome)
            problems += _broken_identities(row, outcome, statement.kind)
    problems += _wrong_grand_total(grand, figures)
    return statement._replace(
        figures=tuple(figures), rejects=tuple(rejects), read=read, totalled=bool(grand)
    )


_FIGURE_KEYS: Final = {
    StatementKind.ESTIMATE: Role.KIND_ITEM,
    StatementKind.SPENDING: Role.SUB_ITEM,
    StatementKind.BALANCES: Role.LABEL,
}


def _figure(row: Row, found: Found, kind: StatementKind, key: Role) -> Figures | Reject:
    if is_header(row, found) or is_numbering(row):
        return row.reject(REPEATED)
    if is_total(row):
        return row.reject(TOTALS)
    if not _holds_code(row, key):
        worth = _has_figures(row, kind)
        return row.reject(TOTALS if worth else NO_AMOUNT)
    return Figures(
        row.place,
        row.text(Role.LABEL),
        row.code(Role.SOURCE_CODE),
        row.code(Role.KIND_ITEM),
        row.code(Role.SUB_ITEM),
        row.code(Role.PROGRAMME_CODE) or "00000",
        _figure_amounts(row, kind),
    )


def _holds_code(row: Row, key: Role) -> bool:
    """Whether a row is of one code; «Nguồn 12», «Ngành 338» head a group of such rows."""
    if is_numbering(row):
        return False
    return bool(account_number(row.text(key)) if key is Role.LABEL else _CODE.match(row.text(key)))


def _has_figures(row: Row, kind: StatementKind) -> bool:
    return any(quiet_amount(row.cells.get(role_of(name))) for name in FIGURES[kind])


def _figure_amounts(row: Row, kind: StatementKind) -> dict[str, int]:
    return {name: cell_amount(row, role_of(name)) for name in FIGURES[kind]}


def _broken_identities(row: Row, figures: Figures, kind: StatementKind) -> Iterator[Problem]:
    for name, parts, words in _IDENTITIES[kind]:
        expected = sum(figures.amounts[part] for part in parts)
        if figures.amounts[name] != expected:
            yield row.problem(
                role_of(name),
                Text(
                    f"{dong(figures.amounts[name])} không đúng {words}, phải là {dong(expected)}",
                    f"{dong(figures.amounts[name], 'en')} is not {words}, which is "
                    f"{dong(expected, 'en')}",
                ),
                Text("xem lại tệp gốc của Kho bạc", "look at the treasury's original file"),
            )


def _wrong_grand_total(
    grand: list[tuple[Row, dict[str, int]]], figures: list[Figures]
) -> Iterator[Problem]:
    if len(grand) != 1:
        return
    row, printed = grand[0]
    for name, amount in printed.items():
        counted = sum(one.amounts[name] for one in figures)
        if amount != counted:
            yield row.problem(
                role_of(name),
                Text(
                    f"tổng in là {dong(amount)}, cộng các dòng được {dong(counted)}",
                    f"the printed total is {dong(amount, 'en')}, the rows add up to "
                    f"{dong(counted, 'en')}",
                ),
                Text("xem lại tệp gốc của Kho bạc", "look at the treasury's original file"),
            )
