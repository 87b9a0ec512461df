"""Postings by the decision that they carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import ESTIMATE_FAMILIES
from rules.rows import by_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from ledger.facts import Facts


def estimate_rows(facts: Facts, kinds: Sequence[str]) -> pd.DataFrame:
    """Postings of some kinds that move the estimate."""
    postings = facts["postings"]
    return postings[
        postings["kind"].isin(kinds)
        & postings["family"].isin([family.value for family in ESTIMATE_FAMILIES])
    ]


def by_decision(rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Postings by decision: book, name, rows; those without one by their transaction."""
    decided = rows["decision"] != ""
    named = rows[decided]
    keys = [named["book"].astype("str"), named["decision"].astype("str")]
    for (book, decision), part in named.groupby(keys):
        yield str(book), f"decision {decision}", part
    yield from by_transaction(rows[~decided])
