"""The name of a book that a mistyped one may stand for (tên gần nhất)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Sequence


def nearest_name(name: str, known: Sequence[str], alike: float) -> str | None:
    """The known name most like another; None where none is like it enough.

    A book has thousands of names and may mistype many: difflib, which serves where one word of a
    short list is sought, takes a tenth of a second for each.

    Args:
        name: as the book has it.
        known: what was declared; of names equally alike the first is taken.
        alike: the least share of letters in common, from 0 to 1.
    """
    found = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=alike * 100)
    return found[0] if found else None
