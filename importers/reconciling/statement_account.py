"""Which account of the book a statement is of (tài khoản của sao kê)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from importers.reconciling.compared import Account
from importers.reconciling.statement_fit import refused
from importers.reconciling.ways import ESTIMATE_ACCOUNT
from importers.source.cells import digits
from ledger.kinds import OPENING
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from importers.reconciling.ways import Ways
    from importers.tables.statement import Statement
    from ledger.facts import Facts

ESTIMATE: Final = Account(ESTIMATE_ACCOUNT, "", "Dự toán")


def accounts_of(facts: Facts) -> list[Account]:
    """The deposit accounts that a book opens."""
    opened = facts["accounts"].astype({"account": "str", "account_number": "str", "label": "str"})
    prefix = "Assets:TienGui:"
    return [
        Account(row.account, row.account_number, row.label)
        for row in records(opened)
        if row.account.startswith(prefix)
    ]


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows of a frame with its columns as attributes."""
    yield from frame.itertuples(index=False)


def account_of(facts: Facts, statement: Statement, asked: str, ways: Ways) -> Account:
    """The account asked for; else the one whose number is printed; else the only one."""
    known = accounts_of(facts)
    printed = digits(statement.account)
    numbered = [one for one in known if printed and digits(one.number) == printed]
    if asked:
        found = [one for one in known if asked in {one.name, one.name.split(":")[-1], one.number}]
        found += [ESTIMATE] if asked == ESTIMATE_ACCOUNT else []
        _refuse_other_account(statement, found, numbered, ways)
    elif printed:
        found = numbered
    else:
        found = known if len(known) == 1 else []
    if found:
        return found[0]
    names = ", ".join(f"{one.name} ({one.number or '–'})" for one in known) or "–"
    shown = asked or statement.account or "–"
    # Of a name that was typed no cell is to blame.
    told = statement._replace(spots={}) if asked else statement
    raise refused(
        told,
        "account",
        Text(
            f"sổ không có tài khoản tiền gửi «{shown}»; đang có: {names}",
            f"the book has no deposit account “{shown}”; it has: {names}",
        ),
        ways.account,
    )


def _refuse_other_account(
    statement: Statement, asked: list[Account], numbered: list[Account], ways: Ways
) -> None:
    """Refuse an account that was named where the statement prints the number of another one."""
    if not statement.account or not asked or asked[0] in numbered:
        return
    one = asked[0]
    if not numbered and not digits(one.number):
        return  # neither side tells that it is another one
    raise refused(
        statement,
        "account",
        Text(
            f"sao kê in số tài khoản {statement.account}, không phải của {one.name}"
            + (f" ({one.number})" if one.number else ""),
            f"the statement prints account {statement.account}, not that of {one.name}"
            + (f" ({one.number})" if one.number else ""),
        ),
        ways.other_account,
    )


def standing_since(rows: pd.DataFrame) -> pd.Series:
    """The day of each movement; what was there when the book began was there the day before."""
    return rows["date"].mask(rows["kind"] == OPENING, rows["date"] - dt.timedelta(days=1))
