"""Payments under contracts with the declared invoices that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ledger.text import split_list
from rules.pro.contracts import money

if TYPE_CHECKING:
    from ledger.facts import Facts


def invoiced(facts: Facts) -> pd.DataFrame:
    """One row a posting under a contract and invoice that it names; none where none is declared.

    Columns: those of ``money``, with ``number``: the invoice as the posting names it; and of each
    declared invoice of that name ``seller``, ``buyer``, ``issued`` and ``told``: whether the
    posting names its seller. They are empty where the invoice is not declared; two sellers may
    have invoices of one number, and then both are listed.
    """
    return facts.derived(_invoiced)


def _invoiced(facts: Facts) -> pd.DataFrame:
    rows = money(facts)
    rows = rows[(rows["invoice"] != "") & rows["paid"]]
    names = _names(facts)
    if names.empty:
        none = rows[:0]
        return none.assign(number="", seller="", buyer="", issued=none["date"], told=False)
    cells = pd.DataFrame({"invoice": rows["invoice"].unique()})
    lists = pd.Series([split_list(str(cell)) for cell in cells["invoice"]], dtype="object")
    cells = cells.assign(number=lists).explode("number").astype({"number": "str"})
    books = pd.DataFrame({"book": rows["book"].unique()})
    named = books.merge(cells, "cross").merge(
        names.astype({"book": rows["book"].dtype}), "left", on=["book", "number"]
    )
    return rows.merge(named, on=["book", "invoice"])


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
