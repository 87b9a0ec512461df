"""What an auditor draws from and looks over: the payments of a book (tổng thể)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import FUNDS, Family

if TYPE_CHECKING:
    import pandas as pd

    from ledger.facts import Facts

_SPENDING: Final = (Family.SPENT.value, Family.UNACCEPTED.value)
_TEXTS: Final = ("file", "narration", "voucher", "vendor", "task", "fund")


def payments(facts: Facts, budget_year: int | None = None) -> pd.DataFrame:
    """The spending of the unit's own funds, one row a transaction, task and fund.

    Settling an advance moves what was paid before from one account of spending to another, so that
    each dong is there once, on the day on which it was paid.

    Args:
        facts: of one or more books.
        budget_year: niên độ; None for all.

    Returns:
        ``date``, ``entry_line`` and the texts ``file``, ``narration``, ``voucher``, ``vendor``,
        ``task``, ``fund``, then ``amount`` (int64 VND), never zero, below zero for what came back.
        Sorted by what the rows say, whatever the order of the book's files.
    """
    postings = facts["postings"]
    own = [fund.code for fund in FUNDS.values() if fund.settled]
    rows = postings[postings["family"].isin(_SPENDING) & postings["fund"].isin(own)]
    if budget_year is not None:
        rows = rows[rows["budget_year"] == budget_year]
    named = rows.astype(dict.fromkeys(_TEXTS, "str"))
    keys = ["date", "voucher", "file", "entry_line", "task", "fund", "entry"]
    grouped = named.groupby(keys, as_index=False).agg(
        amount=("amount", "sum"), narration=("narration", "first"), vendor=("vendor", "first")
    )
    moved = grouped[grouped["amount"] != 0]
    return moved.drop(columns="entry").sort_values(keys[:-1], kind="stable", ignore_index=True)
