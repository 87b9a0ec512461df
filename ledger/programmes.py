"""Which programme of a book speaks for a budget year (chương trình của niên độ).

A unit declares a programme every January and keeps the older ones in the same book, so that "the
programme of a book" is a question of the year: the one declared for it, else the last one before
it, else the first. Whoever needs one programme asks here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from ledger.facts import Facts


def ordered(facts: Facts) -> pd.DataFrame:
    """The programmes by book and budget year, whatever the order in which they were read.

    Returns:
        The frame ``programme`` with its texts as ``str``.
    """
    return facts.derived(_ordered)


def _ordered(facts: Facts) -> pd.DataFrame:
    frame = facts["programme"]
    keys = ["book", "budget_year", "declared", "file", "line"]
    # A row or two of many texts: made from lists, since to convert each column takes longer.
    plain = {
        name: pd.array(column.tolist(), dtype="str") if column.dtype == "category" else column
        for name, column in frame.items()
    }
    return pd.DataFrame(plain, index=frame.index).sort_values(keys, ignore_index=True)


def firsts(facts: Facts) -> dict[str, Any]:
    """The first programme of each book, which those of later years leave as it is."""
    found: dict[str, Any] = {}
    for row in ordered(facts).itertuples(index=False):
        found.setdefault(str(row.book), row)
    return found


def in_year(facts: Facts, budget_year: int) -> pd.DataFrame:
    """The programme that speaks for a budget year, one row a book, by ``book``."""
    frame = ordered(facts)
    early = frame[frame["budget_year"] <= budget_year]
    # Of several of one year the first; books whose programmes are all later come last.
    latest = early[early["budget_year"] == early.groupby("book")["budget_year"].transform("max")]
    later = frame[~frame["book"].isin(early["book"])]
    chosen = [part.drop_duplicates("book") for part in (latest, later)]
    return frame.loc[[*chosen[0].index, *chosen[1].index]].set_index("book")


def of_years(facts: Facts, rows: pd.DataFrame, column: str) -> pd.Series:
    """What the programme of each row's book and budget year says, by the rows' index.

    Args:
        facts: of one or more books.
        rows: with ``book`` and ``budget_year``.
        column: of the frame ``programme``; None for a book without a programme.
    """
    pairs = rows[["book", "budget_year"]].astype({"book": "str"})
    years = pairs["budget_year"].unique().tolist()
    said = {year: in_year(facts, year)[column].to_dict() for year in years}
    keys = zip(pairs["book"].tolist(), pairs["budget_year"].tolist(), strict=True)
    return pd.Series([said[year].get(book) for book, year in keys], index=rows.index)
