"""What one unit passed on to another, where several are consolidated (chuyển nội bộ)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text, dong
from reports.settlement.places import Places
from reports.settlement.source import decisions_between_units, sides_of

if TYPE_CHECKING:
    import pandas as pd

    from ledger.facts import Facts
    from reports.forms.grid import Record
    from reports.settlement.desk import Copy, Desk

_GIVEN: Final = Text("dự toán giao đi", "estimate given away")
_RECEIVED: Final = Text("dự toán nhận về", "estimate received")


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
    """Decisions by which one unit gave away estimate that another received."""
    postings = facts["postings"]
    year = postings[postings["budget_year"] == budget_year]
    return [
        Transfer(decision, *sides_of(own), _lines(facts.derived(Places), own))
        for decision, own in decisions_between_units(year).items()
    ]


def by_superiors(facts: Facts, budget_year: int) -> list[Text]:
    """Decisions that raise one unit and cut another and are told to be a superior's."""
    postings = facts["postings"]
    rows = postings[
        (postings["budget_year"] == budget_year)
        & (postings["family"] == Family.GRANTED.value)
        & postings["fund"].isin(STATE_FUNDS)
    ]
    places = facts.derived(Places)
    told = set(rows.loc[rows["superior_decision"], "decision"].astype(str))
    return [
        Text(
            f"quyết định {decision} giảm của đơn vị này, tăng của đơn vị khác được ghi là của cấp "
            f"trên (superior-decision), không tính là chuyển nội bộ: {_listed(places, own)}",
            f"decision {decision} cuts one unit and raises another and is told to be a superior's "
            f"(superior-decision), no transfer between units: {_listed(places, own)}",
        )
        for decision in sorted(told)
        if all(sides_of(own := rows[rows["decision"].astype(str) == decision]))
    ]


def _lines(places: Places, rows: pd.DataFrame) -> tuple[str, ...]:
    ordered = rows.sort_values(["book", "date", "posting"])
    return tuple(
        f"{places.of_row(row)}: {dong(-int(row['amount']))}" for _, row in ordered.iterrows()
    )


def _listed(places: Places, rows: pd.DataFrame) -> str:
    return "; ".join(_lines(places, rows))


def not_matched(found: list[Transfer]) -> list[Text]:
    """Transfers that one side recorded otherwise than the other, with unit and line."""
    return [
        Text(
            f"chuyển nội bộ theo {one.decision}: giao {dong(one.given)}, nhận "
            f"{dong(one.received)}, lệch {dong(one.gap)} đồng ({'; '.join(one.lines)}); quyết định "
            "của cấp trên điều chỉnh giữa các đơn vị thì ghi superior-decision: TRUE",
            f"transfer by {one.decision}: given {dong(one.given, 'en')}, received "
            f"{dong(one.received, 'en')}, off by {dong(one.gap, 'en')} VND "
            f"({'; '.join(one.lines)}); for a superior's decision that moves estimate between the "
            "units write superior-decision: TRUE",
        )
        for one in found
        if one.gap
    ]


def table(desk: Desk, _: Copy) -> list[Record]:
    """The rows of the list of transfers."""
    between = decisions_between_units(desk.postings)
    return [_passed(desk, decision, own) for decision, own in between.items()]


def _passed(desk: Desk, decision: str, grants: pd.DataFrame) -> Record:
    gained = -grants.groupby(grants["book"].astype(str))["amount"].transform("sum") > 0
    rows = grants.assign(given=grants["amount"], received=-grants["amount"])
    return {
        "label": decision,
        "given": desk.sum_of(_GIVEN, rows[~gained], "given"),
        "received": desk.sum_of(_RECEIVED, rows[gained], "received"),
        "place": _listed(desk.places, grants),
    }
