"""Contributions received in the unit's own accounts and what was spent of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from ledger.accounts import FUNDS, Family
from rules.rows import groups

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ledger.facts import Facts

_Key = TypeVar("_Key")

LINE: Final = ["book", "task", "fund"]

# Funds whose money passes through the unit's deposit accounts.
RECEIVED_FUNDS: Final = tuple(f.code for f in FUNDS.values() if f.settled and not f.state)

# A pledge stands in both; what is left of the two is money that came in, less what went back.
_COME_IN: Final = (Family.CONTRIBUTED.value, Family.PLEDGED.value)


def contribution_rows(facts: Facts) -> pd.DataFrame:
    """Postings of contributions with a column ``left``: what each adds to the money at hand.

    Received less given back less spent, per ``LINE``, is the sum of ``left``.
    """
    postings = facts["postings"]
    families = postings["family"].isin([*_COME_IN, Family.SPENT.value])
    rows = postings[families & postings["fund"].isin(RECEIVED_FUNDS)]
    # Income stands below zero in the book and spending above.
    return rows.assign(left=-rows["amount"])


def interest_of(facts: Facts) -> dict[str, int]:
    """Deposit interest by book, VND: it belongs to the account and to no task."""
    postings = facts["postings"]
    rows = postings[postings["family"] == Family.OTHER_INCOME.value]
    return {book: max(-int(part["amount"].sum()), 0) for (book,), part in groups(rows, ["book"])}


def covered_by_interest(excess: Mapping[_Key, int], pool: int) -> dict[_Key, int]:
    """How much of each excess interest makes up for: shared by the excess, VND."""
    total = sum(excess.values())
    return {key: own * min(pool, total) // total if total else 0 for key, own in excess.items()}
