"""Invoices that payments under contracts name, with what is declared of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ledger.accounts import STATE_FUNDS
from ledger.text import split_list
from rules.pro.contracts import money

if TYPE_CHECKING:
    from ledger.facts import Facts

_CELL: Final = ["place", "cell"]


def invoiced(facts: Facts) -> pd.DataFrame:
    """One row a contract and invoice that its payments name; none where no invoice is declared.

    Columns: ``place``; ``cell``, the code of the text that names it (``payments_of``); ``number``,
    the invoice as it is named; ``paid_on``, the first day on which work was paid by it; ``state``,
    whether budget money was; and of each declared invoice of that name ``seller``, ``buyer``,
    ``issued`` and ``told``, whether its seller is named too. These are empty where it is not
    declared; two sellers may have invoices of one number, and then both are listed.
    """
    return facts.derived(_invoiced)


def payments_of(facts: Facts, pairs: pd.DataFrame) -> pd.DataFrame:
    """The postings of some rows of ``invoiced``, each with the columns of both."""
    rows = _paid(facts)
    return rows[rows["place"].isin(pairs["place"])].merge(pairs, on=_CELL)


def _paid(facts: Facts) -> pd.DataFrame:
    rows = money(facts)
    rows = rows[(rows["invoice"] != "") & rows["paid"]]
    return rows.assign(cell=rows["invoice"].cat.codes.astype("int64"))


def _invoiced(facts: Facts) -> pd.DataFrame:
    names, rows = _names(facts), _paid(facts)
    if names.empty:
        rows = rows[:0]
    books, texts = rows["book"].cat.categories, rows["invoice"].cat.categories
    work = (rows["kind"] == "payment") & (rows["amount"] > 0)
    pairs = pd.DataFrame(
        {
            "place": rows["place"],
            "cell": rows["cell"],
            "book": rows["book"].cat.codes.astype("int64"),
            "paid_on": rows["date"].where(work),
            "state": rows["fund"].isin(STATE_FUNDS),
        }
    )
    pairs = pairs.groupby(_CELL, as_index=False).agg(
        {"book": "first", "paid_on": "min", "state": "any"}
    )
    cells = _cells(pd.Series(pairs["cell"].unique()), texts)
    # Numbers for texts: what follows is joined fast.
    numbers = pd.Index(cells["number"].unique())
    cells = cells.assign(numbered=numbers.get_indexer(pd.Index(cells["number"])))
    names = names.assign(
        book=books.get_indexer(pd.Index(names["book"])),
        numbered=numbers.get_indexer(pd.Index(names["number"])),
    )
    known = names[(names["book"] >= 0) & (names["numbered"] >= 0)].drop(columns="number")
    named = pairs.merge(cells, on="cell").merge(known, "left", on=["book", "numbered"])
    return named.drop(columns="book")


def _cells(codes: pd.Series, texts: pd.Index[str]) -> pd.DataFrame:
    """The invoices that each text names, one or several."""
    cells = pd.DataFrame({"cell": codes, "number": texts[codes]})
    several = np.array([";" in text for text in cells["number"]], dtype=np.bool_)
    lists = pd.Series([split_list(text) for text in cells["number"][several]], dtype="object")
    parts = pd.DataFrame({"cell": cells["cell"][several].to_numpy(), "number": lists})
    return pd.concat([cells[~several], parts.explode("number")], ignore_index=True)


def _names(facts: Facts) -> pd.DataFrame:
    """What each declared invoice may be called: with its seller before its number, and without."""
    declared = facts["invoices"]
    full = pd.DataFrame(
        {
            "book": declared["book"].astype("str"),
            "number": declared["invoice"].astype("str"),
            "seller": declared["seller"].astype("str"),
            "buyer": declared["buyer"].astype("str"),
            "issued": declared["declared"],
            "told": True,
        }
    )
    pairs = zip(full["number"], full["seller"], strict=True)
    number = [number.removeprefix(f"{seller}/") for number, seller in pairs]
    short = full.assign(number=pd.Series(number, dtype="str"), told=False)
    return pd.concat([full, short[short["number"] != full["number"]]], ignore_index=True)
