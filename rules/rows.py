"""Rows of the facts as the evidence of an assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rules.assessment import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable


def evidence_of(postings: pd.DataFrame, at_issue: int = 0) -> tuple[Evidence, ...]:
    """Postings as evidence, in the order given.

    The amount at issue is laid on the last postings first, on each at most its own amount: what
    came last went over the limit. What a posting bears is what totals count once.
    """
    amounts = [int(amount) for amount in postings["amount"]]
    borne = [0] * len(amounts)
    left = at_issue
    for row in reversed(range(len(amounts))):
        borne[row] = min(abs(amounts[row]), left)
        left -= borne[row]
    columns = zip(
        postings["file"],
        postings["line"],
        postings["date"],
        postings["narration"],
        amounts,
        postings["book"],
        postings["posting"],
        borne,
        strict=True,
    )
    return tuple(
        Evidence(str(file), int(line), _day(date), str(text), amount, str(book), int(number), part)
        for file, line, date, text, amount, book, number, part in columns
    )


def declared(row: Any, text: str = "") -> Evidence:  # noqa: ANN401  # a row of itertuples
    """A row of a declaration's frame as evidence."""
    date = getattr(row, "declared", getattr(row, "date", None))
    return Evidence(str(row.file), int(row.line), _day(date), text, 0, str(row.book), -1, 0)


def _day(date: Any) -> str:  # noqa: ANN401  # a Timestamp, NaT or None
    return "" if date is None or date != date else f"{date:%Y-%m-%d}"  # noqa: PLR0124  # NaT


def text_values(column: pd.Series) -> set[str]:
    """The distinct texts of a category column that occur, without the empty one."""
    return set(column.unique()) - {""}


def known(column: pd.Series, names: Iterable[str]) -> pd.Series:
    """Whether each text of a category column is empty or one of the names.

    Looked up once per distinct text, not once per row.
    """
    allowed = {"", *names}
    verdicts = np.array([name in allowed for name in column.cat.categories], dtype=np.bool_)
    return pd.Series(verdicts[column.cat.codes.to_numpy()], index=column.index)
