"""Amounts that the books cannot hold as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from ledger.facts import Facts


def written_rows(facts: Facts, *, in_vnd: bool) -> pd.DataFrame:
    """Postings whose amount has decimals (in VND) or is in another currency."""
    postings = facts["postings"]
    written = postings["written"].cat
    wanted = np.array(
        [bool(text) and text.endswith(" VND") == in_vnd for text in written.categories],
        dtype=np.bool_,
    )
    return postings[wanted[written.codes.to_numpy()]]
