"""What one unit passed on to another, where several are consolidated (chuyển nội bộ)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text, dong
from reports.settlement.source import sides_of
from reports.settlement.tables import place_of

if TYPE_CHECKING:
    import pandas as pd

    from ledger.facts import Facts
    from reports.forms.grid import Record
    from reports.settlement.tables import Copy, Desk


class Transfer(NamedTuple):
    """What one decision passed on between units.

    Attributes:
        given: VND that units gave away by it.
        received: VND that others received by it.
        lines: where it stands in the book of each unit.
    """

    decision: str
    given: int
    received: int
    lines: tuple[str, ...]

    @property
    def gap(self) -> int:
        """What was given and not received, VND; less than 0 the other way round."""
        return self.given - self.received


def transfers(facts: Facts, budget_year: int) -> list[Transfer]:
    """Decisions by which one unit gave away estimate that another received.

    A unit that passes estimate on cuts its own by the same decision that gives it to the other,
    so that their sum counts it once; a decision that only gives or only cuts, to however many
    units, comes from outside and is no transfer.
    """
    postings = facts["postings"]
    rows = postings[
        (postings["budget_year"] == budget_year)
        & (postings["family"] == Family.GRANTED.value)
        & postings["fund"].isin(STATE_FUNDS)
        & (postings["decision"] != "")
    ]
    found = []
    for decision, own in rows.groupby(rows["decision"].astype(str), sort=True):
        given, received = sides_of(own)
        if given and received:
            found.append(Transfer(str(decision), given, received, _lines(own)))
    return found


def _lines(rows: pd.DataFrame) -> tuple[str, ...]:
    ordered = rows.sort_values(["book", "date", "posting"])
    return tuple(
        f"{Path(str(row['book'])).parent.name}/{place_of(row)}: {dong(-int(row['amount']))}"
        for _, row in ordered.iterrows()
    )


def not_matched(found: list[Transfer]) -> list[Text]:
    """Transfers that one side recorded otherwise than the other, with unit and line."""
    return [
        Text(
            f"chuyển nội bộ theo {one.decision}: giao {dong(one.given)}, nhận "
            f"{dong(one.received)}, lệch {dong(one.gap)} đồng ({'; '.join(one.lines)})",
            f"transfer by {one.decision}: given {dong(one.given, 'en')}, received "
            f"{dong(one.received, 'en')}, off by {dong(one.gap, 'en')} VND "
            f"({'; '.join(one.lines)})",
        )
        for one in found
        if one.gap
    ]


def table(desk: Desk, _: Copy) -> list[Record]:
    """The rows of the list of transfers."""
    year = desk.teller.source.period.budget_year
    return [
        {
            "label": one.decision,
            "given": one.given,
            "received": one.received,
            "place": "; ".join(one.lines),
        }
        for one in transfers(desk.facts, year)
    ]
