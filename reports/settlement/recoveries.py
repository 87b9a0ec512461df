"""Money taken back after audit and inspection, for form B02 (thu hồi theo kiến nghị)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import Family

if TYPE_CHECKING:
    from reports.settlement.tables import Desk

NAMES: Final = ("recovery.now", "recovery.earlier")
# Whose finding it is, by a word of its name; the superior body's where none fits.
_BODIES: Final = (("thanh tra", "inspection"), ("kiểm toán", "audit"), ("tài chính", "finance"))
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
    lowered = finding.lower()
    return next((column for word, column in _BODIES if word in lowered), _SUPERIOR)
