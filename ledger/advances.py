"""Advances by their vouchers: what each still holds (tạm ứng theo chứng từ).

A settlement or return names the voucher of the advance that it clears, or several. One that names
several clears them in the order named, each as far as it is open on that day; what is more than
all of them hold stays with the last.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from ledger.text import split_list

if TYPE_CHECKING:
    from collections.abc import Iterator


def by_voucher(rows: pd.DataFrame) -> pd.DataFrame:
    """Postings of advances, each with the voucher of the advance that it moves.

    Args:
        rows: postings of one book's advances, of whole transactions in the families wanted.

    Returns:
        The same columns and ``of``, the voucher of the advance, as text; what a transaction moves
        of several advances is one row a voucher, with its share as ``amount``.
    """
    named = rows["advance"].astype("str")
    of = named.where(named != "", rows["voucher"].astype("str"))
    rows = rows.assign(of=of)
    several = named.str.contains(";", regex=False)
    if not several.any():
        return rows
    vouchers = {voucher for cell in of[several].unique() for voucher in split_list(cell)}
    touched = rows.assign(several=several)[several | of.isin(vouchers)]
    shares = pd.DataFrame(_shares(touched.sort_values(["date", "posting"])), columns=rows.columns)
    return pd.concat([rows[~several], shares.astype(rows.dtypes.to_dict())], ignore_index=True)


def _shares(rows: pd.DataFrame) -> Iterator[dict[Any, Any]]:
    """One row a voucher of each transaction that names several, its rows in the order of days."""
    left: dict[tuple[str, str, str], int] = defaultdict(int)
    for (_, task, fund), group in rows.groupby(
        ["entry", "task", "fund"], observed=True, sort=False
    ):
        first, rest = group.iloc[0], int(group["amount"].sum())
        *others, last = split_list(str(first["of"]))
        for voucher in others:
            held = left[str(task), str(fund), voucher]
            share = -min(max(held, 0), max(-rest, 0))
            left[str(task), str(fund), voucher] += share
            rest -= share
            yield first.to_dict() | {"of": voucher, "amount": share}
        left[str(task), str(fund), last] += rest
        if first["several"]:
            yield first.to_dict() | {"of": last, "amount": rest}
