"""How the year's money stands per task and fund: the execution table (tình hình thực hiện dự toán).

Each figure is a sum of postings of certain families and kinds; the table of measures below says
which. Reports print it, rules and pages read it: one computation. Sets of several units alone hold
what one of them passed on to another as an adjustment, and not as allotted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ledger.accounts import ESTIMATE_FAMILIES, Family
from ledger.kinds import KINDS, Effect, kinds_that
from ledger.text import Text
from ledger.withheld_tax import with_tax_held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.facts import Facts


class Measure(NamedTuple):
    """One column of the execution table.

    Attributes:
        name: the column's name in the frame.
        label: its heading.
        families: the account families summed.
        feeds: only kinds that feed this column of the table (``Kind.column``); empty for all.
        sign: 1 or -1; the book's credit sides are read as positive figures.
        with_tax: with the tax that was withheld out of those families and not yet paid.
    """

    name: str
    label: Text
    families: tuple[Family, ...]
    feeds: str = ""
    sign: int = 1
    with_tax: bool = False


MEASURES: tuple[Measure, ...] = (
    Measure("allotted", Text("Dự toán giao", "Allotted"), ESTIMATE_FAMILIES, "allotted"),
    Measure(
        "adjusted",
        Text("Bổ sung, điều chỉnh", "Supplemented, adjusted"),
        ESTIMATE_FAMILIES,
        "adjusted",
    ),
    Measure(
        "carried_over",
        Text("Chuyển nguồn (đến +, đi −)", "Carried over (in +, out −)"),
        (*ESTIMATE_FAMILIES, Family.ADVANCED),
        "carried_over",
    ),
    Measure("withheld", Text("Đang giữ lại", "Withheld"), (Family.WITHHELD,)),
    Measure("committed", Text("Cam kết chi chưa trả", "Committed, unpaid"), (Family.COMMITTED,)),
    Measure(
        "advanced",
        Text("Tạm ứng chưa thanh toán", "Advanced, unsettled"),
        # Tax withheld from whom an advance pays is still in the cash that was advanced.
        (Family.ADVANCED, Family.UNACCEPTED),
        with_tax=True,
    ),
    Measure("spent", Text("Đã chi", "Spent"), (Family.SPENT,)),
    Measure("cancelled", Text("Hủy dự toán", "Cancelled"), ESTIMATE_FAMILIES, "cancelled", sign=-1),
    Measure(
        "returned",
        Text("Nộp trả ngân sách", "Returned to the budget"),
        # With the estimate, so that a recovery from next year's cancels out in that year.
        (*ESTIMATE_FAMILIES, Family.ADVANCED, Family.UNACCEPTED, Family.SPENT),
        "returned",
        sign=-1,
    ),
    Measure(
        "contributed",
        Text("Đóng góp đã nhận, tự chi", "Contributed"),
        (Family.CONTRIBUTED, Family.PLEDGED),
        sign=-1,
    ),
    Measure("remaining", Text("Dự toán còn lại", "Remaining"), (Family.AVAILABLE,)),
)

_ESTIMATE = tuple(family.value for family in ESTIMATE_FAMILIES)
# Kinds that change the estimate without drawing on it.
_STANDING = kinds_that(Effect.GIVES, Effect.WITHHOLDS, Effect.COMMITS)

# The column that a red entry between estimates goes to.
CORRECTED = "adjusted"

TASK_FUND = ("book", "unit", "task", "fund")
TASK_FUND_ITEM = (*TASK_FUND, "sub_item")


def execution(facts: Facts, budget_year: int, keys: Sequence[str] = TASK_FUND) -> pd.DataFrame:
    """The execution table of one budget year.

    Args:
        facts: of one or more books, as of the day wanted.
        budget_year: niên độ.
        keys: what a row stands for, e.g. ``TASK_FUND`` or ``TASK_FUND_ITEM``.

    Returns:
        One row a combination of keys that has a posting of a task, sorted by keys: the keys as
        category, then one int64 column (VND) a measure.
    """
    postings = facts["postings"]
    year = with_tax_held(postings[postings["budget_year"] == budget_year])
    year = year[year["task"] != ""]
    grouped = year.groupby(list(keys), observed=True).size()
    table = pd.DataFrame(index=grouped.index)
    for measure in MEASURES:
        table[measure.name] = _sums(year, measure, keys)
    return table.fillna(0).astype("int64").sort_index().reset_index()


def _sums(postings: pd.DataFrame, measure: Measure, keys: Sequence[str]) -> pd.Series:
    chosen = postings[feeding(postings, measure)]
    return measure.sign * chosen.groupby(list(keys), observed=True)["amount"].sum()


def feeding(postings: pd.DataFrame, measure: Measure) -> pd.Series[bool]:
    """Which postings a measure sums.

    Args:
        postings: with the column ``held`` where the measure is one with tax.
        measure: the column of the table.
    """
    where = "held" if measure.with_tax else "family"
    rows = postings[where].isin([family.value for family in measure.families])
    if not measure.feeds:
        return rows
    kinds = [kind.code for kind in KINDS.values() if kind.column == measure.feeds]
    feeds = postings["kind"].isin(kinds)
    if measure.feeds == CORRECTED:
        feeds |= corrects_estimate(postings)
    return rows & feeds


def moves_estimate(postings: pd.DataFrame) -> pd.Series[bool]:
    """Postings of the accounts of the estimate."""
    return postings["family"].isin(_ESTIMATE)


def draws_on_estimate(postings: pd.DataFrame) -> pd.Series[bool]:
    """Postings of the estimate that draw on it, or take a draw back (rút dự toán).

    Whatever moves the estimate and neither gives, keeps, commits nor ends it, so that what was
    given is always what was drawn, kept and left, whatever kind a transaction names.

    Args:
        postings: whole transactions.
    """
    drawing = moves_estimate(postings) & ~postings["kind"].isin(_STANDING)
    return drawing & ~corrects_estimate(postings)


def corrects_estimate(postings: pd.DataFrame) -> pd.Series[bool]:
    """Postings of red entries that move nothing but estimates: they correct an adjustment.

    Args:
        postings: whole transactions.
    """
    red = postings["kind"] == "correction"
    elsewhere = red & ~postings["family"].isin((*_ESTIMATE, Family.GRANTED.value))
    return red & ~postings["entry"].isin(postings["entry"][elsewhere])
