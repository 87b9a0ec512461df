"""What of a book a statement is set beside: its accounts, its units, days of movements."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from importers.statement_owner import Account
from ledger.kinds import OPENING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts


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


def standing_since(rows: pd.DataFrame) -> pd.Series:
    """The day of each movement; what was there when the book began was there the day before."""
    return rows["date"].mask(rows["kind"] == OPENING, rows["date"] - dt.timedelta(days=1))


def unit_codes(facts: Facts) -> set[str]:
    """Mã ĐVQHNS of the units of a book."""
    codes = (facts[frame]["unit_code"].astype("str") for frame in ("programme", "units"))
    return {code for own in codes for code in own}
