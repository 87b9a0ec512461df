"""Money taken back after audit and inspection, for form B02 (thu hồi theo kiến nghị)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from ledger.accounts import Family
from ledger.text import Text, composed

if TYPE_CHECKING:
    from reports.forms.grid import Amount
    from reports.settlement.desk import Desk

NAMES: Final = ("recovery.now", "recovery.earlier")
# Whose finding it is, by words of its name or the symbol of who issued it in its number
# (03/KTNN-2021); the superior body's where none fits.
_BODIES: Final = (
    (re.compile(r"thanh tra|\b(ttcp|tttp)\b|\bkl-tt"), "inspection"),
    (re.compile(r"kiểm toán|\bktnn\b"), "audit"),
    (re.compile(r"tài chính|\b(btc|stc)\b"), "finance"),
)
_SUPERIOR: Final = "superior"
_YEAR: Final = re.compile(r"\b((?:19|20)\d\d)\s*$")
_WORDS: Final = {
    "a": Text("phải nộp theo kiến nghị", "to be paid after a finding"),
    "b": Text("đã nộp theo kiến nghị", "paid after a finding"),
}


def by_body(desk: Desk) -> dict[tuple[str, str], Amount]:
    """Figures by name and column of the form: what is owed (``a_``) and what was paid (``b_``).

    A recovery is owed when it is recorded as payable to the budget and done when it is paid.
    A finding is of an earlier year where its number ends with one (09/KTNN-2019), or where its
    first recovery is of one.
    """
    rows = _rows(desk)
    return {
        (str(name), str(column)): desk.sum_of(_WORDS[str(column)[0]], own, "added")
        for (name, column), own in rows.groupby(["name", "column"], sort=True)
    }


def _rows(desk: Desk) -> pd.DataFrame:
    """Recoveries so far, with the figure and column that each adds to, and what it adds, VND."""
    postings = desk.facts["postings"]
    year = desk.teller.source.period.budget_year
    rows = postings[
        (postings["kind"] == "recovery")
        & (postings["family"] == Family.PAYABLE.value)
        & (postings["budget_year"] <= year)
    ].sort_values(["date", "posting"])
    finding = rows["finding"].astype(str)
    named = finding.str.extract(_YEAR, expand=False).astype("float")
    first = rows["budget_year"].groupby([rows["book"].astype(str), finding]).transform("first")
    of = named.where(named < first, first)
    # What was paid before this year is no longer to be handled in it.
    paid = (rows["amount"] > 0) & (rows["budget_year"] == year)
    side = pd.Series("a", index=rows.index).mask(paid, "b")
    return rows.assign(
        name=pd.Series(NAMES[1], index=rows.index).mask(of == year, NAMES[0]),
        column=side + "_" + finding.map(_body),
        added=rows["amount"].where(paid, -rows["amount"]),
    )


def _body(finding: str) -> str:
    lowered = composed(finding).lower()
    return next((column for words, column in _BODIES if words.search(lowered)), _SUPERIOR)
