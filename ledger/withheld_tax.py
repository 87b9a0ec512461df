"""Where tax withheld from payees lies until it is paid (thuế đã khấu trừ, chưa nộp)."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ledger.accounts import STATE_FUNDS, USED_FAMILIES, Family
from ledger.codes import CODES

# What a posting of tax takes over from the money that it was withheld from.
_HELD: Final = ("unit", "task", "fund", "sub_item", "autonomy", *CODES)


def with_tax_held(year: pd.DataFrame) -> pd.DataFrame:
    """Postings of tax withheld, placed where their money is as the treasury sees it.

    Tax that is withheld and not yet paid was not drawn: it lies in the advance that the payee was
    paid from, or was never drawn at all. A posting of it takes over the task, source and codes of
    that account.

    Args:
        year: postings of one budget year, whole transactions; of the columns that tax takes over
            it may lack some.

    Returns:
        The same rows and columns, and ``held``: the family that the treasury has the money in,
        which is the posting's own but for such tax.
    """
    payable = year["family"] == Family.PAYABLE.value
    withheld = year["entry"].isin(year.loc[payable, "entry"])
    used = year[withheld & year["family"].isin(USED_FAMILIES) & year["fund"].isin(STATE_FUNDS)]
    # The advance that the money came from is what the treasury knows; then what was paid with it.
    order = used["family"].astype("str").map({name: n for n, name in enumerate(USED_FAMILIES)})
    owners = used.assign(order=order).sort_values(["order", "posting"]).drop_duplicates("entry")
    owner = pd.Series(owners.index, index=owners["entry"].to_numpy())
    tax = year.index[payable & year["entry"].isin(owner.index)]
    from_ = year.loc[owner[year.loc[tax, "entry"].to_numpy()].to_numpy()]
    placed = year.assign(held=year["family"])
    for column in ("held", *(name for name in _HELD if name in year)):
        taken = from_["family" if column == "held" else column]
        placed.loc[tax, column] = taken.to_numpy()
    return placed
