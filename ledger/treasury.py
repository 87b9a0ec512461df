"""The treasury's two tables computed from a book: 01a and 02a-SDKP/ĐVDT (đối chiếu với Kho bạc).

The treasury books a draw under the codes of its voucher; ``ledger.codes`` says which they are
where a posting does not name them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from ledger.accounts import ADVANCE_FAMILIES, STATE_FUNDS, USED_FAMILIES, Family
from ledger.codes import CODES, with_codes
from ledger.execution import MEASURES, draws_on_estimate, feeding, moves_estimate
from ledger.kinds import Effect, kinds_that
from ledger.withheld_tax import with_tax_held

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.facts import Facts
    from ledger.period import Period

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

# The forms on which the estimate and its use are reconciled, and balances of deposit accounts; a
# record of reconciliation names the first two as its account.
ESTIMATE_FORM: Final = "01a-SDKP/ĐVDT"
SPENDING_FORM: Final = "02a-SDKP/ĐVDT"
BALANCES_FORM: Final = "06-ĐCSDTK/KBNN"


# What each printed figure sums, by the names of ``treasury_marks``. An advance that was carried
# over counts in the new year as estimate brought forward and as drawn; (5) is a sum of columns.
ESTIMATE_SUMS: Final[dict[str, tuple[str, ...]]] = {
    "brought_forward": ("opening.estimate", "opening.advances"),
    "allotted": ("given",),
    "adjusted": ("changed.now",),
    "adjusted_total": ("changed",),
    "used": ("drawn.now", "opening.now"),
    "used_total": ("drawn", "opening.advances"),
    "committed": ("registered.now",),
    "committed_balance": ("committed.left",),
    "withheld": ("withheld.left",),
    "remaining": ("available.left",),
}
# The columns of 02a, (1) to (4).
SPENDING_SUMS: Final[dict[str, str]] = {
    "advance": "advances.now",
    "advance_balance": "advances",
    "spent": "spending.now",
    "spent_total": "spending",
}

_ENDED: Final = kinds_that(Effect.ENDS)
_COMMITTING: Final = kinds_that(Effect.COMMITS)
_ALLOTTED, _ADJUSTED = (
    next(measure for measure in MEASURES if measure.name == name)
    for name in ("allotted", "adjusted")
)


class Mark(NamedTuple):
    """Which postings feed a figure, and their sign in it."""

    sign: int
    rows: pd.Series[bool]


def treasury_marks(year: pd.DataFrame, first: dt.date, last: dt.date | None) -> dict[str, Mark]:
    """What the treasury keeps of the estimate and its use.

    Args:
        year: postings of one budget year as ``with_tax_held`` gives them.
        first: the first day of the period; ``….now`` is what fell from it on.
        last: the last day counted; None counts the whole budget year with its closing.

    Returns:
        A mark a figure. What the year before carried over is there from the start; what goes to
        the next, or is cancelled, is still there: the tables are what that is decided on.
    """
    family, kind, held = year["family"], year["kind"], year["held"]
    arrived = (kind == "carry-over") & (year["amount"] > 0)
    counted = year["fund"].isin(STATE_FUNDS) & (~kind.isin(_ENDED) | arrived)
    if last is not None:
        counted &= year["date"] <= pd.Timestamp(last)
    now = year["date"] >= pd.Timestamp(first)
    changed = feeding(year, _ADJUSTED) & counted
    drawn = draws_on_estimate(year) & counted
    committed = (family == Family.COMMITTED.value) & counted
    advances, spent = held.isin(ADVANCE_FAMILIES) & counted, (held == Family.SPENT.value) & counted
    opening = arrived & counted & (family == Family.ADVANCED.value)
    return {
        "opening.estimate": Mark(1, arrived & counted & moves_estimate(year)),
        "opening.advances": Mark(1, opening),
        "opening.now": Mark(1, opening & now),
        "given": Mark(1, feeding(year, _ALLOTTED) & counted),
        "changed": Mark(1, changed),
        "changed.now": Mark(1, changed & now),
        "drawn": Mark(-1, drawn),
        "drawn.now": Mark(-1, drawn & now),
        "registered.now": Mark(1, committed & kind.isin(_COMMITTING) & now),
        "committed.left": Mark(1, committed),
        "withheld.left": Mark(1, (family == Family.WITHHELD.value) & counted),
        "available.left": Mark(1, (family == Family.AVAILABLE.value) & counted),
        "advances": Mark(1, advances),
        "advances.now": Mark(1, advances & now),
        "spending": Mark(1, spent),
        "spending.now": Mark(1, spent & now),
        "spending.tax": Mark(1, spent & (family != Family.SPENT.value)),
    }


def state_postings(facts: Facts, budget_year: int) -> pd.DataFrame:
    """Postings of state money of one budget year, each with its codes as text.

    Returns:
        The columns of ``postings`` and ``held`` (see ``with_tax_held``); ``CODES`` filled in as far
        as the book tells, a programme code of zeros only as none, ``sub_item`` without its ``TM``.
    """
    postings = facts["postings"]
    rows = with_tax_held(postings[postings["budget_year"] == budget_year])
    # What no state money moves is left out; the rest stays whole transactions.
    entries = rows.loc[rows["fund"].isin(STATE_FUNDS), "entry"]
    rows = rows[rows["entry"].isin(entries)]
    rows = with_codes(facts, rows, budget_year).astype({"sub_item": "str"})
    bare = rows["programme_code"].str.strip("0")
    rows["programme_code"] = rows["programme_code"].where(bare != "", "")
    rows["sub_item"] = rows["sub_item"].str.removeprefix("TM")
    return rows


def estimate_table(
    postings: pd.DataFrame, period: Period, closing: dt.date | None = None
) -> pd.DataFrame:
    """The figures of 01a-SDKP/ĐVDT.

    Args:
        postings: as ``state_postings`` gives them.
        period: what «trong kỳ» means; «lũy kế» is from 1 January to its end.
        closing: the last day of the closing, which a whole year's tables have with them; None
            where the law in force names none, and then nothing is left out.

    Returns:
        One row a combination of ``CODES`` that has a figure, sorted: the codes as text, then int64
        VND: ``brought_forward`` (1), ``allotted`` (2), ``adjusted`` (3), ``adjusted_total`` (4),
        ``usable`` (5), ``used`` (6), ``used_total`` (7), ``committed`` (8), ``committed_balance``
        (9), ``withheld`` (10), ``remaining`` (11), which is what the book holds as available
        before anything is cancelled or carried over.
    """
    table = _sums(postings, period, closing, CODES, ESTIMATE_SUMS)
    table["usable"] = table["brought_forward"] + table["allotted"] + table["adjusted_total"]
    return table[[*CODES, *ESTIMATE_FIGURES]]


def spending_table(
    postings: pd.DataFrame, period: Period, closing: dt.date | None = None
) -> pd.DataFrame:
    """The figures of 02a-SDKP/ĐVDT.

    Args:
        postings: as ``state_postings`` gives them.
        period: as for ``estimate_table``.
        closing: as for ``estimate_table``.

    Returns:
        One row a combination of ``SPENDING_CODES`` that has a figure, sorted: the codes as text,
        then int64 VND: ``advance`` (1), ``advance_balance`` (2), ``spent`` (3), ``spent_total``
        (4), ``total`` (5), ``total_balance`` (6). What was paid out of an advance and not yet
        accepted is an advance still, as is one that the year before carried over.
    """
    sums = {figure: (mark,) for figure, mark in SPENDING_SUMS.items()}
    table = _sums(postings, period, closing, SPENDING_CODES, sums)
    table["total"] = table["advance"] + table["spent"]
    table["total_balance"] = table["advance_balance"] + table["spent_total"]
    return table


def rows_behind(
    postings: pd.DataFrame, period: Period, closing: dt.date | None, marks: Iterable[str]
) -> pd.DataFrame:
    """The postings of the period that figures of a table count.

    Args:
        postings: as ``state_postings`` gives them.
        period: as for ``estimate_table``.
        closing: as for ``estimate_table``.
        marks: what the figures sum, by the names of ``treasury_marks``.

    Returns:
        The same columns.
    """
    found = treasury_marks(postings, period.start, closing if period.whole_year else period.end)
    counted = pd.concat([found[name].rows for name in marks], axis="columns").any(axis="columns")
    return postings[counted & (postings["date"] >= pd.Timestamp(period.start))]


def drawn_rows(postings: pd.DataFrame) -> pd.DataFrame:
    """Draws on the estimate, as a statement of draws lists them.

    Args:
        postings: as ``state_postings`` gives them.

    Returns:
        As ``one_a_transaction`` does; below zero for a draw, above for a return.
    """
    drawing = draws_on_estimate(postings) & postings["fund"].isin(STATE_FUNDS)
    return one_a_transaction(postings[drawing], postings[postings["family"].isin(USED_FAMILIES)])


def one_a_transaction(moved: pd.DataFrame, using: pd.DataFrame) -> pd.DataFrame:
    """What moves an account, one row a transaction; those that move it by nothing are left out.

    Args:
        moved: postings of the account.
        using: postings whose sub-item says what a transaction was for.

    Returns:
        ``entry``, ``file``, ``line``, ``date``, ``voucher``, ``narration``, ``amount`` (int64 VND),
        ``kind``, and ``sub_item``: four digits, empty where there are none or several.
    """
    firsts = ["file", "line", "date", "voucher", "narration", "kind"]
    texts = ["file", "voucher", "narration", "kind"]
    grouped = (
        moved.astype(dict.fromkeys(texts, "str"))
        .groupby("entry", as_index=False)
        .agg(**{name: (name, "first") for name in firsts}, amount=("amount", "sum"))
    )
    used = using[using["entry"].isin(grouped["entry"])].astype({"sub_item": "str"})
    named = used[used["sub_item"] != ""].groupby("entry")["sub_item"].agg(["first", "nunique"])
    single = named.loc[named["nunique"] == 1, "first"].str.removeprefix("TM").rename("sub_item")
    found = grouped[grouped["amount"] != 0].join(single, on="entry")
    return found.assign(sub_item=found["sub_item"].fillna("").astype("str"))


def _sums(
    postings: pd.DataFrame,
    period: Period,
    closing: dt.date | None,
    codes: Sequence[str],
    sums: Mapping[str, tuple[str, ...]],
) -> pd.DataFrame:
    """One column a figure, summed by codes; rows without any figure are left out."""
    marks = treasury_marks(postings, period.start, closing if period.whole_year else period.end)
    amounts = postings["amount"].to_numpy()
    parts = {
        figure: sum(np.where(marks[name].rows, marks[name].sign * amounts, 0) for name in names)
        for figure, names in sums.items()
    }
    keys = {code: postings[code].to_numpy() for code in codes}
    table = pd.DataFrame({**keys, **parts}).groupby(list(codes), as_index=False).sum()
    return table[(table[list(sums)] != 0).any(axis=1)].reset_index(drop=True)
