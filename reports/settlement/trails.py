"""The way from a figure of a list to the lines of the book that it sums (lần tới dòng sổ)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from reports.settlement.source import neighbours
from reports.settlement.teller import Cited, Piece, Run

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from ledger.text import Text
    from reports.settlement.source import YearMoney


def of_rows(
    source: YearMoney, words: Text, rows: pd.DataFrame, amounts: str, place: Callable[[Any], str]
) -> Piece:
    """A sum of postings as a piece of a figure.

    Args:
        source: the year whose postings the sheets of rows hold.
        words: what the sum is.
        rows: postings, of that year or of others.
        amounts: the column of what each adds, VND; what adds nothing is left out.
        place: the file and line of a row.
    """
    added = rows[amounts].to_numpy()
    places = source.places_of(rows)
    signs = _signs(source, places, added)
    runs = [
        Run(sign, first, last)
        for sign in (1, -1)
        for first, last in neighbours(np.unique(places[signs == sign]).tolist())
    ]
    apart = np.flatnonzero((signs == 0) & (added != 0))
    cited = [_cited(rows.iloc[number], int(added[number]), place) for number in apart]
    return Piece(words, int(added.sum()), tuple(runs), tuple(cited))


def _signs(
    source: YearMoney, places: NDArray[np.int64], added: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How each posting adds up to what it adds; 0 for one of another year, or a part of one."""
    own = source.amounts[places]  # what stands at -1 is told apart below
    signs = np.where(added == own, 1, np.where(added == -own, -1, 0))
    return np.where((places < 0) | (added == 0), 0, signs)


def _cited(row: pd.Series, amount: int, place: Callable[[Any], str]) -> Cited:
    return Cited(f"{row['date']:%d/%m/%Y} · {row['narration']}", place(row), amount)
