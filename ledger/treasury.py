"""The treasury's two tables computed from a book: 01a and 02a-SDKP/ĐVDT (đối chiếu với Kho bạc).

The treasury books a draw under the codes of its voucher; ``ledger.codes`` says which they are
where a posting does not name them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ledger.accounts import ESTIMATE_FAMILIES, STATE_FUNDS, Family
from ledger.codes import CODES, with_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.facts import Facts
    from ledger.period import Period

_ADVANCED: Final = (Family.ADVANCED.value, Family.UNACCEPTED.value)
_USED: Final = (*_ADVANCED, Family.SPENT.value)
_ESTIMATE: Final = tuple(family.value for family in ESTIMATE_FAMILIES)

SPENDING_CODES: Final = ("source_code", "kind_item", "sub_item", "programme_code")

# The columns of 01a by their printed numbers, (1) to (11).
ESTIMATE_FIGURES: Final = (
    "brought_forward",
    "allotted",
    "adjusted",
    "adjusted_total",
    "usable",
    "used",
    "used_total",
    "committed",
    "committed_balance",
    "withheld",
    "remaining",
)

# Kinds that change the estimate without drawing on it.
_ALLOTTING: Final = ("allotment",)
_ADJUSTING: Final = ("supplement", "reallocation")
_COMMITTING: Final = ("commitment", "commitment-adjustment", "commitment-release")
_STANDING: Final = (*_ALLOTTING, *_ADJUSTING, *_COMMITTING, "withholding", "cancellation")
_CARRYING: Final = "carry-over"


def state_postings(facts: Facts, budget_year: int) -> pd.DataFrame:
    """Postings of state money of one budget year, each with its codes as text.

    Tax withheld and not yet paid is no payment to the treasury: its postings stand with the
    account that the money is still in, so that what was drawn is what was drawn.

    Returns:
        The columns of ``postings``; those of ``CODES`` filled in as far as the book tells, a
        programme code of zeros only as none, ``sub_item`` without its ``TM``.
    """
    postings = facts["postings"]
    rows = postings[postings["fund"].isin(STATE_FUNDS) & (postings["budget_year"] == budget_year)]
    rows = with_codes(facts, rows, budget_year).astype({"sub_item": "str"})
    bare = rows["programme_code"].str.strip("0")
    rows["programme_code"] = rows["programme_code"].where(bare != "", "")
    rows["sub_item"] = rows["sub_item"].str.removeprefix("TM")
    return pd.concat([rows, _withheld_tax(postings, rows)], ignore_index=True)


def _withheld_tax(postings: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Postings of tax withheld, each under the account of state money of its own transaction."""
    used = rows[rows["family"].isin(_USED)]
    # The advance that the money came from is what the treasury knows; then what was paid with it.
    order = used["family"].astype("str").map({name: n for n, name in enumerate(_USED)})
    owners = used.assign(order=order).sort_values(["order", "posting"]).drop_duplicates("entry")
    payable = postings[postings["family"] == Family.PAYABLE.value]
    amounts = payable.groupby("entry")["amount"].sum().rename("withheld")
    found = owners.join(amounts, on="entry", how="inner")
    return found.assign(amount=found["withheld"].astype("int64"))[rows.columns]


def estimate_table(postings: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The figures of 01a-SDKP/ĐVDT.

    Args:
        postings: as ``state_postings`` gives them.
        period: what «trong kỳ» means; «lũy kế» is from 1 January to its end.

    Returns:
        One row a combination of ``CODES`` that has a figure, sorted: the codes as text, then int64
        VND: ``brought_forward`` (1), ``allotted`` (2), ``adjusted`` (3), ``adjusted_total`` (4),
        ``usable`` (5), ``used`` (6), ``used_total`` (7), ``committed`` (8), ``committed_balance``
        (9), ``withheld`` (10), ``remaining`` (11), which is what the book holds as available.
    """
    until = postings[postings["date"] <= pd.Timestamp(period.end)]
    now = until["date"] >= pd.Timestamp(period.start)
    estimate = until["family"].isin(_ESTIMATE)
    red = _corrects_estimate(until)
    adjusting = estimate & (until["kind"].isin(_ADJUSTING) | red)
    drawing = estimate & ~until["kind"].isin((*_STANDING, _CARRYING)) & ~red
    committing = (until["family"] == Family.COMMITTED.value) & until["kind"].isin(_COMMITTING)
    carried = estimate & (until["kind"] == _CARRYING) & (until["amount"] > 0)
    figures = {
        "brought_forward": carried,
        "allotted": estimate & until["kind"].isin(_ALLOTTING),
        "adjusted": adjusting & now,
        "adjusted_total": adjusting,
        "used": drawing & now,
        "used_total": drawing,
        "committed": committing & now,
        "committed_balance": until["family"] == Family.COMMITTED.value,
        "withheld": until["family"] == Family.WITHHELD.value,
        "remaining": until["family"] == Family.AVAILABLE.value,
    }
    table = _sums(until, CODES, figures)
    # A draw lowers the estimate.
    table[["used", "used_total"]] *= -1
    table["usable"] = table["brought_forward"] + table["allotted"] + table["adjusted_total"]
    return table[[*CODES, *ESTIMATE_FIGURES]]


def spending_table(postings: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The figures of 02a-SDKP/ĐVDT.

    Args:
        postings: as ``state_postings`` gives them.
        period: as for ``estimate_table``.

    Returns:
        One row a combination of ``SPENDING_CODES`` that has a figure, sorted: the codes as text,
        then int64 VND: ``advance`` (1), ``advance_balance`` (2), ``spent`` (3), ``spent_total``
        (4), ``total`` (5), ``total_balance`` (6). What was paid out of an advance and not yet
        accepted is an advance still. Advances carried over from the year before are no draw.
    """
    until = postings[postings["date"] <= pd.Timestamp(period.end)]
    until = until[until["kind"] != _CARRYING]
    now = until["date"] >= pd.Timestamp(period.start)
    advanced = until["family"].isin(_ADVANCED)
    spent = until["family"] == Family.SPENT.value
    figures = {
        "advance": advanced & now,
        "advance_balance": advanced,
        "spent": spent & now,
        "spent_total": spent,
    }
    table = _sums(until, SPENDING_CODES, figures)
    table["total"] = table["advance"] + table["spent"]
    table["total_balance"] = table["advance_balance"] + table["spent_total"]
    return table


def drawn_rows(postings: pd.DataFrame) -> pd.DataFrame:
    """Draws on the estimate, one row a transaction, as a statement of draws lists them.

    Args:
        postings: as ``state_postings`` gives them.

    Returns:
        ``file``, ``line``, ``date``, ``voucher``, ``narration``, ``amount`` (int64 VND, below zero
        for a draw, above for a return) and ``sub_item``, empty where there are several.
    """
    estimate = postings["family"].isin(_ESTIMATE) & ~_corrects_estimate(postings)
    drawing = estimate & ~postings["kind"].isin((*_STANDING, _CARRYING))
    texts = ["file", "voucher", "narration"]
    rows = postings[drawing].astype(dict.fromkeys(texts, "str"))
    grouped = rows.groupby("entry", as_index=False).agg(
        file=("file", "first"),
        line=("line", "first"),
        date=("date", "first"),
        voucher=("voucher", "first"),
        narration=("narration", "first"),
        amount=("amount", "sum"),
    )
    used = postings[postings["family"].isin(_USED) & postings["entry"].isin(grouped["entry"])]
    named = used.groupby("entry")["sub_item"].agg(["first", "nunique"])
    single = named.loc[named["nunique"] == 1, "first"].rename("sub_item")
    found = grouped[grouped["amount"] != 0].join(single, on="entry")
    return found.assign(sub_item=found["sub_item"].fillna("").astype("str"))


def _corrects_estimate(postings: pd.DataFrame) -> pd.Series[bool]:
    """Red entries inside the estimate: they correct an adjustment and draw nothing."""
    red = postings["kind"] == "correction"
    using = red & postings["family"].isin(_USED)
    return red & ~postings["entry"].isin(postings.loc[using, "entry"])


def _sums(
    postings: pd.DataFrame, codes: Sequence[str], figures: dict[str, pd.Series[bool]]
) -> pd.DataFrame:
    """One column a figure, summed by codes; rows without any figure are left out."""
    amounts = postings["amount"].to_numpy()
    parts = {name: np.where(chosen, amounts, 0) for name, chosen in figures.items()}
    keys = {code: postings[code].to_numpy() for code in codes}
    table = pd.DataFrame({**keys, **parts}).groupby(list(codes), as_index=False).sum()
    return table[(table[list(figures)] != 0).any(axis=1)].reset_index(drop=True)
