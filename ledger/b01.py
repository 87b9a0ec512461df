"""The figures of form B01/BCQT for one source and budget year (báo cáo quyết toán kinh phí).

Rows are those of money that is not under autonomy, by the codes of Circular 24/2024; the figures
do not depend on it. Each is summed from other postings than the rest, so that the identities of
the form hold only where the book is consistent: the money side over advances and spending, the
estimate side over the accounts of the estimate and of who gave, cancelled or took it on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from ledger.accounts import ADVANCE_FAMILIES, USED_FAMILIES, Family
from ledger.execution import draws_on_estimate, moves_estimate
from ledger.kinds import Effect, kinds_that
from ledger.withheld_tax import with_tax_held

if TYPE_CHECKING:
    import datetime as dt

_ENDED: Final = kinds_that(Effect.ENDS)


class B01(NamedTuple):
    """Rows of the form, VND; the field says the row's code."""

    opening_received: int  # 106
    opening_estimate: int  # 107
    granted: int  # 110, as booked for who gave it
    received: int  # 116
    proposed: int  # 119
    returned: int  # 126
    to_return: int  # 127
    cancelled: int  # 128
    carried_received: int  # 134
    carried_estimate: int  # 135
    left: int  # estimate neither used, cancelled nor carried over; the form has no row for it
    tax_unpaid: int  # withheld from what was paid and not yet paid to the budget; no row either

    @property
    def money_gap(self) -> int:
        """What the money side does not explain: 106 + 116 = 119 + 126 + 127 + 134."""
        used = self.proposed + self.returned + self.to_return + self.carried_received
        return self.opening_received + self.received - (used - self.tax_unpaid)

    @property
    def estimate_gap(self) -> int:
        """What the estimate side leaves open: 107 + 110 = 116 + 128 + 135, and what is left."""
        gone = self.received + self.cancelled + self.carried_estimate + self.left
        return self.opening_estimate + self.granted - gone


# What each figure is made of, by the name of its field: +1 or -1 times the postings marked for it.
SIGNS: Final[dict[str, int]] = {
    "opening_received": 1,
    "opening_estimate": 1,
    "granted": -1,
    "received": -1,
    "proposed": 1,
    "returned": -1,
    "to_return": 1,
    "cancelled": 1,
    "carried_received": -1,
    "carried_estimate": -1,
    "left": 1,
    "tax_unpaid": -1,
}


def b01(postings: pd.DataFrame, budget_year: int, fund: str, closing: dt.date) -> B01:
    """The form of one book.

    Args:
        postings: of one book, as of the day wanted.
        budget_year: niên độ.
        fund: a source of state money.
        closing: the last day of the closing; later returns and recoveries are of what was still
            to be returned on it. Cancellations and carry-overs count whenever they are booked.
    """
    year = with_tax_held(postings[postings["budget_year"] == budget_year])
    rows = year[year["fund"] == fund]
    amounts = {
        name: SIGNS[name] * int(rows.loc[mark, "amount"].sum())
        for name, mark in b01_marks(year, fund, closing).items()
    }
    return B01(**amounts)


def b01_marks(year: pd.DataFrame, fund: str, closing: dt.date) -> dict[str, pd.Series[bool]]:
    """Which postings make up each figure.

    Args:
        year: postings of one budget year as ``with_tax_held`` gives them, whole transactions.
        fund: a source of state money.
        closing: the last day of the closing.

    Returns:
        One mark of the postings of the source a figure.
    """
    own = year["fund"] == fund
    drawn, rows = draws_on_estimate(year)[own], year[own]
    family, kind = rows["family"], rows["kind"]
    counted = kind.isin(_ENDED) | (rows["date"] <= pd.Timestamp(closing))
    advanced = family.isin(ADVANCE_FAMILIES)
    estimate, used = moves_estimate(rows) & counted, family.isin(USED_FAMILIES) & counted
    carried = kind == "carry-over"
    arrived, gone = carried & (rows["amount"] > 0), carried & (rows["amount"] < 0)
    withheld = (family == Family.PAYABLE.value) & rows["held"].isin(USED_FAMILIES)
    return {
        "opening_received": arrived & advanced,
        "opening_estimate": arrived & estimate,
        "granted": (family == Family.GRANTED.value) & counted,
        "received": drawn & counted,
        "proposed": (family == Family.SPENT.value) & counted,
        "returned": (kind == "return-to-budget") & used,
        "to_return": advanced & counted,
        "cancelled": (family == Family.CANCELLED.value) & counted,
        "carried_received": gone & advanced,
        "carried_estimate": gone & estimate,
        "left": estimate,
        "tax_unpaid": withheld & counted & ~kind.isin(_ENDED),
    }
