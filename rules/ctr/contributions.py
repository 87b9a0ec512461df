"""Contributions received in the unit's own accounts and what was spent of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import FUNDS, Family

if TYPE_CHECKING:
    import pandas as pd

    from ledger.facts import Facts

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
