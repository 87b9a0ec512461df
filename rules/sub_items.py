"""Sub-items of the budget classification as norms name them (tiểu mục)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray


def in_ranges(sub_item: str, ranges: Sequence[str]) -> bool:
    """Whether a sub-item such as ``TM6652`` is one of ``6652`` or ``6700-6749``."""
    number = sub_item.removeprefix("TM")
    if not number.isdigit():
        return False
    for text in ranges:
        first, _, last = text.partition("-")
        if int(first) <= int(number) <= int(last or first):
            return True
    return False


def of_ranges(column: pd.Series, ranges: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each sub-item of a category column is in the ranges; looked up once per text."""
    verdicts = np.array([in_ranges(text, ranges) for text in column.cat.categories], dtype=np.bool_)
    found: NDArray[np.bool_] = verdicts[column.cat.codes.to_numpy()]
    return found
