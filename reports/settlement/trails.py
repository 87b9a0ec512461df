"""The way from a figure of a list to the lines of the book that it sums (lần tới dòng sổ)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from reports.settlement.source import neighbours
from reports.settlement.teller import Cited, Piece, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    return _Rows(source, words, rows, amounts, place).piece(np.arange(len(rows)))


def of_groups(  # noqa: PLR0913  # what of_rows takes, and the groups
    source: YearMoney,
    words: Text,
    rows: pd.DataFrame,
    amounts: str,
    place: Callable[[Any], str],
    *,
    groups: Sequence[NDArray[np.int64]],
) -> list[Piece]:
    """The sums of many groups of postings: all are looked up at once, however many there are.

    Args:
        source: as ``of_rows`` has it, and so the next four.
        words: of every group.
        rows: of all groups.
        amounts: the column of what each adds.
        place: the file and line of a row.
        groups: where the rows of each group stand in ``rows``.
    """
    of_all = _Rows(source, words, rows, amounts, place)
    return [of_all.piece(numbers) for numbers in groups]


def grouped(rows: pd.DataFrame, keys: Sequence[str]) -> list[NDArray[np.int64]]:
    """Where the rows of each group stand, in the order of the keys; in it they keep theirs."""
    if rows.empty:
        return []
    numbers = rows.groupby(list(keys), sort=True, observed=True).ngroup().to_numpy()
    order = np.argsort(numbers, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1)


class _Rows:
    """Postings with where each stands and how it adds up, to be summed in groups."""

    def __init__(
        self,
        source: YearMoney,
        words: Text,
        rows: pd.DataFrame,
        amounts: str,
        place: Callable[[Any], str],
    ) -> None:
        self._words = words
        self._rows = rows
        self._place = place
        self._added = rows[amounts].to_numpy()
        self._places = source.places_of(rows)
        self._signs = _signs(source, self._places, self._added)

    def piece(self, numbers: NDArray[np.int64]) -> Piece:
        """The sum of the rows that stand at these numbers."""
        added, places, signs = (one[numbers] for one in (self._added, self._places, self._signs))
        runs = [
            Run(sign, first, last)
            for sign in (1, -1)
            for first, last in neighbours(np.unique(places[signs == sign]).tolist())
        ]
        apart = numbers[(signs == 0) & (added != 0)]
        cited = tuple(self._cited(number) for number in apart.tolist())
        return Piece(self._words, int(added.sum()), tuple(runs), cited)

    def _cited(self, number: int) -> Cited:
        row = self._rows.iloc[number]
        words = f"{row['date']:%d/%m/%Y} · {row['narration']}"
        return Cited(words, self._place(row), int(self._added[number]))


def _signs(
    source: YearMoney, places: NDArray[np.int64], added: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How each posting adds up to what it adds; 0 for one of another year, or a part of one."""
    own = source.amounts[places]  # what stands at -1 is told apart below
    signs = np.where(added == own, 1, np.where(added == -own, -1, 0))
    return np.where((places < 0) | (added == 0), 0, signs)
