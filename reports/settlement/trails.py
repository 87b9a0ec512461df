"""The way from a figure of a list to the lines of the book that it sums (lần tới dòng sổ)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.settlement.source import neighbours
from reports.settlement.teller import Cited, Piece, Run

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

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
    adding = rows[rows[amounts] != 0]
    whole: dict[int, list[int]] = {1: [], -1: []}
    cited: list[Cited] = []
    keys = zip(adding["book"].astype(str), adding["posting"], strict=True)
    found = zip(keys, adding[amounts].tolist(), strict=True)
    for number, (key, added) in enumerate(found):
        at = source.places.get(key)
        sign = _sign(source, at, added)
        if at is not None and sign:
            whole[sign].append(at)
        else:
            row = adding.iloc[number]
            said = f"{row['date']:%d/%m/%Y} · {row['narration']}"
            cited.append(Cited(said, place(row), added))
    runs = [
        Run(sign, first, last)
        for sign, at_ in whole.items()
        for first, last in neighbours(sorted(set(at_)))
    ]
    return Piece(words, int(adding[amounts].sum()), tuple(runs), tuple(cited))


def _sign(source: YearMoney, at: int | None, added: int) -> int:
    """How a posting adds up to what it adds; 0 for one of another year, or a part of one."""
    if at is None or abs(added) != abs(source.amounts[at]):
        return 0
    return 1 if added == source.amounts[at] else -1
