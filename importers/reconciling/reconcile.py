"""Reconcile a book with a statement of the treasury or a bank (đối chiếu).

An account's statement is paired line by line; a form that lists figures by code is compared figure
by figure. Either way the differences add up to the difference of the totals.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pandas as pd

from importers.documents import documents, voucher_documents
from importers.reconciling.book_side import accounts_of, records, standing_since, unit_codes
from importers.reconciling.compared import Entry, FormComparison, Reconciliation
from importers.reconciling.form_comparison import compare_balances, compare_form
from importers.reconciling.matching import FAR_DAYS, How, Item, match
from importers.reconciling.statement_fit import (
    draws_alone,
    is_over,
    not_read,
    noted,
    of_period,
    refuse_other_period,
    still_running,
    with_reached,
)
from importers.source.sheets import read_sheets
from importers.statement_owner import ESTIMATE, owner_of, require_unit
from importers.tables.messages import is_message, read_message
from importers.tables.profile import beside, shipped
from importers.tables.reading import read_statements
from importers.tables.statement import StatementKind
from importers.ways import OPTIONS, Ways
from ledger.kinds import OPENING
from ledger.problems import BadInputError, Problem
from ledger.text import Text
from ledger.treasury import drawn_rows, one_a_transaction, state_postings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from importers.statement_owner import Account
    from importers.tables.statement import Line, Statement
    from ledger.facts import Facts
    from ledger.period import Period


_SETTLEMENT: Final = "advance-settlement"


def reconcile(  # noqa: PLR0913  # the two sides, the period, and how they are named
    facts: Facts,
    statement: Statement,
    period: Period,
    account: str = "",
    ways: Ways = OPTIONS,
    *,
    closing: dt.date | None = None,
    on: dt.date | None = None,
) -> Reconciliation | FormComparison:
    """Set a statement beside the book.

    Args:
        facts: of one book.
        statement: read whole, its own sums checked.
        period: the month, quarter or year that it is of.
        account: the book's account, where the statement does not print a number that it knows.
        ways: what remedies call what can be said.
        closing: the last day of the budget year's closing, which the tables of a year have with
            them.
        on: the day of asking, on which a period that still runs is told.

    Raises:
        BadInputError: the statement is of another period, unit or account.
    """
    refuse_other_period(statement, period)
    require_unit(statement, unit_codes(facts))
    if on is not None and not is_over(period, on):
        statement = noted(statement, still_running(period, on))
    if statement.kind in {StatementKind.ESTIMATE, StatementKind.SPENDING}:
        return compare_form(facts, statement, period, closing)
    if statement.kind is StatementKind.BALANCES:
        return compare_balances(facts, statement, period)
    own = owner_of(statement, accounts_of(facts), account, ways)
    statement = draws_alone(statement) if own == ESTIMATE else with_reached(statement)
    if own == ESTIMATE:
        statement = noted(statement, *_settlements(facts, statement, period))
    statement = noted(statement, *not_read(statement, period, own))
    return _match(facts, of_period(statement, period), period, own)


def _settlements(facts: Facts, statement: Statement, period: Period) -> Iterator[Text]:
    """Rows that settle advances: the estimate was drawn when the advance was."""
    postings = facts["postings"]
    own = postings[(postings["kind"] == _SETTLEMENT) & (postings["budget_year"] == period.year)]
    settled = {
        number: voucher
        for voucher in own["voucher"].astype(str).unique()
        for number in voucher_documents(voucher)
        if not number[0].isdigit()  # a bare number is another voucher's as well
    }
    for line in statement.lines:
        named = sorted(documents(line.document, line.text) & settled.keys())
        if named:
            row, voucher = line.place.row, settled[named[0]]
            yield Text(
                f"dòng {row}: sổ ghi {voucher} là thanh toán tạm ứng, không rút dự toán; so ở mẫu "
                "02a-SDKP/ĐVDT",
                f"row {row}: the book has {voucher} as the settlement of an advance, which draws "
                "nothing; it is compared on form 02a-SDKP/ĐVDT",
            )


def read_for(path: Path, main: Path, ways: Ways = OPTIONS) -> tuple[Statement, ...]:
    """Every statement of a file: a bank's message, or tables by the layouts known to a book.

    Raises:
        BadInputError: the file cannot be read, is no statement, or does not add up.
    """
    if is_message(path):
        return read_message(path)
    found = read_statements(read_sheets(path), (*beside(main), *shipped()))
    if not found:
        raise BadInputError(
            [
                Problem(
                    str(path),
                    0,
                    Text(
                        "không nhận ra đây là sao kê hay bảng đối chiếu nào",
                        "this is not recognised as a statement or a table",
                    ),
                    ways.teach,
                )
            ]
        )
    return found


def _match(facts: Facts, statement: Statement, period: Period, account: Account) -> Reconciliation:
    rows = _movements(facts, period, account)
    reach = dt.timedelta(days=FAR_DAYS)
    first, last = pd.Timestamp(period.start - reach), pd.Timestamp(period.end + reach)
    near = rows[(rows["date"] >= first) & (rows["date"] <= last) & (rows["kind"] != OPENING)]
    entries = tuple(
        Entry(
            file=row.file,
            line=int(row.line),
            date=row.date.date(),
            voucher=row.voucher,
            narration=row.narration,
            amount=int(row.amount),
            code=row.sub_item,
        )
        for row in records(near)
    )
    items = [_of_entry(number, entry) for number, entry in enumerate(entries)]
    inside = [item for item in items if period.start <= item.date <= period.end]
    outside = [item for item in items if not period.start <= item.date <= period.end]
    lines = [
        _of_line(number, line)
        for number, line in enumerate(statement.lines)
        if period.start <= line.date <= period.end
    ]
    now = match(inside, lines)
    left = set(now.only_statement)
    late = match(outside, [line for line in lines if line.row in left])
    moved = tuple(pair._replace(how=How.TIMING) for pair in late.pairs if pair.how.agrees)
    found = {row for pair in moved for row in pair.statement}
    return Reconciliation(
        statement=statement,
        period=period,
        account=account,
        entries=entries,
        pairs=(*now.pairs, *moved),
        only_book=now.only_book,
        only_statement=tuple(row for row in now.only_statement if row not in found),
        opening=int(rows.loc[rows["date"] < pd.Timestamp(period.start), "amount"].sum()),
        closing=int(rows.loc[rows["date"] <= pd.Timestamp(period.end), "amount"].sum()),
        book_total=sum(item.amount for item in inside),
        statement_total=sum(item.amount for item in lines),
    )


def _movements(facts: Facts, period: Period, account: Account) -> pd.DataFrame:
    """Movements of an account, one row a transaction: place, date, texts, amount, sub-item."""
    if account == ESTIMATE:
        return drawn_rows(state_postings(facts, period.year))
    postings = facts["postings"]
    # A deposit account has no sub-item; its transaction's spending has one, where there is one.
    rows = one_a_transaction(postings[postings["account"] == account.name], postings)
    rows["date"] = standing_since(rows)
    return rows


def _of_entry(number: int, entry: Entry) -> Item:
    return Item(
        number,
        entry.amount,
        entry.date,
        voucher_documents(entry.voucher),
        entry.code,
        f"{entry.voucher}\0{entry.narration}",
    )


def _of_line(number: int, line: Line) -> Item:
    return Item(
        number,
        line.amount,
        line.date,
        documents(line.document, line.text),
        line.sub_item,
        f"{line.document}\0{line.text}\0{line.key}",
    )
