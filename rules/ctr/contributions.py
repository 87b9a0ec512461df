"""Contributions received in the unit's own accounts and what was spent of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.accounts import RECEIVED_FUNDS, Family
from rules.rows import groups

if TYPE_CHECKING:
    import pandas as pd

    from ledger.facts import Facts

LINE: Final = ["book", "task", "fund"]

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


class Covered(NamedTuple):
    """What one line spent beyond its contributions, and how much interest makes up for, VND."""

    excess: int
    by_interest: int


def covered_by_interest(
    rows: pd.DataFrame, pool: int, keys: list[str]
) -> dict[tuple[str, ...], Covered]:
    """What the deposit interest of one book makes up for: shared by what each line exceeds.

    Args:
        rows: of one book, as ``contribution_rows`` gives them.
        pool: the interest, VND.
        keys: what a line is.
    """
    excess = {key: max(-int(own["left"].sum()), 0) for key, own in groups(rows, keys)}
    total = sum(excess.values())
    return {
        key: Covered(own, own * min(pool, total) // total if total else 0)
        for key, own in excess.items()
    }
