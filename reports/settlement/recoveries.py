"""Money taken back after audit and inspection, for form B02 (thu hồi theo kiến nghị)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.accounts import Family
from ledger.text import composed

if TYPE_CHECKING:
    from reports.settlement.tables import Desk

NAMES: Final = ("recovery.now", "recovery.earlier")
# Whose finding it is, by words of its name or the symbol of who issued it in its number
# (03/KTNN-2021); the superior body's where none fits.
_BODIES: Final = (
    (re.compile(r"thanh tra|\b(ttcp|tttp)\b"), "inspection"),
    (re.compile(r"kiểm toán|\bktnn\b"), "audit"),
    (re.compile(r"tài chính|\b(btc|stc)\b"), "finance"),
)
_SUPERIOR: Final = "superior"


def by_body(desk: Desk) -> dict[tuple[str, str], int]:
    """VND by figure and column of the form: what is owed (``a_``) and what was paid (``b_``).

    A recovery is owed when it is recorded as payable to the budget and done when it is paid.
    Which year a finding is of stands in no book; a payable of an earlier budget year is earlier.
    """
    postings = desk.facts["postings"]
    year = desk.teller.source.period.budget_year
    rows = postings[
        (postings["kind"] == "recovery")
        & (postings["family"] == Family.PAYABLE.value)
        & (postings["budget_year"] <= year)
    ]
    found: dict[tuple[str, str], int] = {}
    made: dict[str, int] = {}
    for row in rows.sort_values(["date", "posting"]).itertuples():
        finding, amount, of = str(row.finding), int(str(row.amount)), int(str(row.budget_year))
        name = NAMES[0] if made.setdefault(finding, of) == year else NAMES[1]
        # What was paid before this year is no longer to be handled in it.
        column = "b" if amount > 0 and of == year else "a"
        key = (name, f"{column}_{_body(finding)}")
        found[key] = found.get(key, 0) + (amount if column == "b" else -amount)
    return found


def _body(finding: str) -> str:
    lowered = composed(finding).lower()
    return next((column for words, column in _BODIES if words.search(lowered)), _SUPERIOR)
