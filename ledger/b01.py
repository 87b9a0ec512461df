"""The figures of form B01/BCQT for one source and budget year (báo cáo quyết toán kinh phí).

Rows are those of money that is not under autonomy, by the codes of Circular 24/2024; the figures
do not depend on it. Each is summed from other postings than the rest, so that the identities of
the form hold only where the book is consistent: the money side over advances and spending, the
estimate side over the accounts of the estimate and of who gave, cancelled or took it on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from ledger.accounts import ESTIMATE_FAMILIES, Family

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

_ESTIMATE: Final = tuple(family.value for family in ESTIMATE_FAMILIES)
_ADVANCED: Final = (Family.ADVANCED.value, Family.UNACCEPTED.value)
_SPENT: Final = (Family.SPENT.value,)
_USED: Final = (*_ADVANCED, *_SPENT)

# Kinds that change the estimate without drawing on it, and those that end it.
_GIVEN: Final = ("allotment", "supplement")
_WITHIN: Final = (
    "reallocation",
    "withholding",
    "commitment",
    "commitment-adjustment",
    "commitment-release",
)
_ENDED: Final = ("cancellation", "carry-over")


class B01(NamedTuple):
    """Rows of the form, VND; the field says the row's code."""

    opening_received: int  # 106
    opening_estimate: int  # 107
    allotted: int  # 110
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
        return self.opening_estimate + self.allotted - gone


def b01(postings: pd.DataFrame, budget_year: int, fund: str, closing: dt.date) -> B01:
    """The form of one book.

    Args:
        postings: of one book, as of the day wanted.
        budget_year: niên độ.
        fund: a source of state money.
        closing: the last day of the closing; later returns and recoveries are of what was still
            to be returned on it. Cancellations and carry-overs count whenever they are booked.
    """
    year = postings[postings["budget_year"] == budget_year]
    rows = year[year["fund"] == fund]
    ended = rows["kind"].isin(_ENDED)
    rows = rows[ended | (rows["date"] <= pd.Timestamp(closing))]
    carried = rows[rows["kind"] == "carry-over"]
    arrived, gone = carried[carried["amount"] > 0], carried[carried["amount"] < 0]
    estimate = rows[rows["family"].isin(_ESTIMATE)]
    drawn = estimate[~estimate["kind"].isin((*_GIVEN, *_WITHIN, *_ENDED))]
    # A correction inside the estimate draws nothing.
    used = rows["family"].isin(_USED)
    drawn = drawn[(drawn["kind"] != "correction") | drawn["entry"].isin(rows.loc[used, "entry"])]
    entries = rows.loc[used & ~rows["kind"].isin(_ENDED), "entry"]
    payable = year[(year["family"] == Family.PAYABLE.value) & year["entry"].isin(entries)]
    tax = payable[payable["date"] <= pd.Timestamp(closing)]
    given_back = rows[rows["kind"] == "return-to-budget"]
    return B01(
        opening_received=_sum(arrived, _ADVANCED),
        opening_estimate=_sum(arrived, _ESTIMATE),
        allotted=-_sum(rows, (Family.GRANTED.value,)),
        received=-_sum(drawn, _ESTIMATE),
        proposed=_sum(rows, _SPENT),
        returned=-_sum(given_back, _USED),
        to_return=_sum(rows, _ADVANCED),
        cancelled=_sum(rows, (Family.CANCELLED.value,)),
        carried_received=-_sum(gone, _ADVANCED),
        carried_estimate=-_sum(gone, _ESTIMATE),
        left=_sum(estimate, _ESTIMATE),
        tax_unpaid=-int(tax["amount"].sum()),
    )


def _sum(postings: pd.DataFrame, families: Sequence[str]) -> int:
    return int(postings.loc[postings["family"].isin(families), "amount"].sum())
