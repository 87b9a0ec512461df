"""Codes of the budget classification that a posting takes over where it names none (mã kế thừa).

The treasury books a draw under the source, kind-item and programme of its voucher. A posting that
does not name them takes those of the allotment of its task and fund, while there is only one, and
else the defaults of the programme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.programmes import in_year

if TYPE_CHECKING:
    import pandas as pd

    from ledger.facts import Facts

CODES: Final = ("source_code", "kind_item", "programme_code")
GIVING: Final = ("allotment", "supplement", "reallocation", "carry-over")
_LINE: Final = ["book", "unit", "task", "fund"]


def with_codes(facts: Facts, rows: pd.DataFrame, budget_year: int) -> pd.DataFrame:
    """Rows with ``CODES`` filled in as far as the book tells, as text.

    Args:
        facts: for the defaults of each book's programme.
        rows: postings of one budget year, or groups of postings that are alike in these columns:
            ``book``, ``unit``, ``task``, ``fund``, ``kind`` and ``CODES``.
        budget_year: whose programme gives the defaults.
    """
    rows = rows.astype(dict.fromkeys((*CODES, *_LINE), "str"))
    giving = rows[rows["kind"].isin(GIVING) & (rows["task"] != "")]
    programmes = in_year(facts, budget_year)
    filled = {}
    for code in CODES:
        own = rows[code]
        given = own.where(own != "", _of_allotment(rows, giving, code))
        default = rows["book"].map(programmes[code]).fillna("").astype("str")
        filled[code] = given.where(given != "", default)
    return rows.assign(**filled)


def _of_allotment(rows: pd.DataFrame, giving: pd.DataFrame, code: str) -> pd.Series:
    """The code of the allotment of each row's task and fund, where there is only one."""
    named = giving.loc[giving[code] != "", [*_LINE, code]].drop_duplicates()
    single = named.groupby(_LINE)[code].agg(["first", "size"])
    only = single.loc[single["size"] == 1, "first"].rename("only")
    return rows[_LINE].join(only, on=_LINE)["only"].fillna("").astype("str")
