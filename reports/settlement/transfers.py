"""What one unit passed on to another, where several are consolidated (chuyển nội bộ)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from ledger.text import Text, dong
from reports.settlement.declarations import unit_names
from reports.settlement.places import Places
from reports.settlement.source import decisions_between_units, grants_by_decision, sides_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.facts import Facts
    from reports.forms.grid import Record
    from reports.settlement.desk import Copy, Desk

_GIVEN: Final = Text("dự toán giao đi", "estimate given away")
_RECEIVED: Final = Text("dự toán nhận về", "estimate received")


class Transfer(NamedTuple):
    """What one decision passed on of one fund between units.

    Attributes:
        given: VND that units gave away by it.
        received: VND that others received by it.
        lines: where it stands in the book of each unit.
        told: the units whose book says that a superior took the decision.
    """

    decision: str
    fund: str
    given: int
    received: int
    lines: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def gap(self) -> int:
        """What was given and not received, VND; less than 0 the other way round."""
        return self.given - self.received


def transfers(facts: Facts, budget_year: int) -> list[Transfer]:
    """Decisions by which one unit gave away estimate that another received."""
    units, places = unit_names(facts), facts.derived(Places)
    between = decisions_between_units(_of_year(facts, budget_year))
    return [
        Transfer(
            *named,
            *sides_of(own),
            _lines(places, own),
            _units(own[own["superior_decision"]], units),
        )
        for named, own in between.items()
    ]


def _of_year(facts: Facts, budget_year: int) -> pd.DataFrame:
    postings = facts["postings"]
    return postings[postings["budget_year"] == budget_year]


def _units(rows: pd.DataFrame, units: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(units[book] for book in sorted(set(rows["book"].astype(str))))


def by_superiors(facts: Facts, budget_year: int) -> list[Text]:
    """Decisions that raise one unit and cut another and are told to be a superior's."""
    places = facts.derived(Places)
    return [
        Text(
            f"quyết định {decision} giảm của đơn vị này, tăng của đơn vị khác được ghi là của cấp "
            f"trên (superior-decision), không tính là chuyển nội bộ: {_listed(places, own)}",
            f"decision {decision} cuts one unit and raises another and is told to be a superior's "
            f"(superior-decision), no transfer between units: {_listed(places, own)}",
        )
        for (decision, _), own in grants_by_decision(_of_year(facts, budget_year)).items()
        if own["superior_decision"].all() and all(sides_of(own))
    ]


def under_two_numbers(facts: Facts, budget_year: int) -> Iterator[Text]:
    """Cuts of one unit that another received to the dong by a decision of another number.

    They may be one transfer written twice: then what outside gave would count it once more.
    """
    units, found = unit_names(facts), grants_by_decision(_of_year(facts, budget_year))
    places = facts.derived(Places)
    one_book = {key: own for key, own in found.items() if len(set(own["book"])) == 1}
    sums = {key: -int(own["amount"].sum()) for key, own in one_book.items()}
    for (decision, fund), cut in one_book.items():
        if sums[decision, fund] >= 0 or cut["superior_decision"].all():
            continue
        for (other, own_fund), raised in one_book.items():
            equal = sums[other, own_fund] == -sums[decision, fund] and own_fund == fund
            if equal and str(raised["book"].iloc[0]) != str(cut["book"].iloc[0]):
                (giver,), (receiver,) = _units(cut, units), _units(raised, units)
                amount, lines = sums[other, own_fund], _listed(places, pd.concat([cut, raised]))
                yield Text(
                    f"{giver} giảm {dong(amount)} đồng theo {decision}, {receiver} tăng đúng số ấy "
                    f"theo {other} ({lines}): nếu là chuyển nội bộ thì hai sổ ghi cùng một số "
                    "quyết định",
                    f"{giver} is cut by {dong(amount, 'en')} VND by {decision} and {receiver} "
                    f"raised by the same by {other} ({lines}): if it is a transfer, both books "
                    "name one decision",
                )


def _lines(places: Places, rows: pd.DataFrame) -> tuple[str, ...]:
    ordered = rows.sort_values(["book", "date", "posting"])
    return tuple(
        f"{places.of_row(row)}: {dong(-int(row['amount']))}" for _, row in ordered.iterrows()
    )


def _listed(places: Places, rows: pd.DataFrame) -> str:
    return "; ".join(_lines(places, rows))


def not_matched(found: list[Transfer]) -> Iterator[Text]:
    """Transfers that one side recorded otherwise than the other, with unit and line."""
    for one in found:
        lines = "; ".join(one.lines)
        if one.told:
            told = ", ".join(one.told)
            yield Text(
                f"chuyển nội bộ theo {one.decision} ({one.fund}): chỉ {told} ghi superior-decision "
                f"({lines}); quyết định của cấp trên thì mọi sổ đều ghi, chuyển nội bộ thì bỏ",
                f"transfer by {one.decision} ({one.fund}): {told} alone has superior-decision "
                f"({lines}); write it in every book, or in none if it is a transfer",
            )
        elif one.gap:
            yield Text(
                f"chuyển nội bộ theo {one.decision} ({one.fund}): giao {dong(one.given)}, nhận "
                f"{dong(one.received)}, lệch {dong(one.gap)} đồng ({lines}); quyết định của cấp "
                "trên điều chỉnh giữa các đơn vị thì mọi sổ ghi superior-decision: TRUE",
                f"transfer by {one.decision} ({one.fund}): given {dong(one.given, 'en')}, received "
                f"{dong(one.received, 'en')}, off by {dong(one.gap, 'en')} VND ({lines}); for a "
                "superior's decision that moves estimate between the units write "
                "superior-decision: TRUE in every book",
            )


def table(desk: Desk, _: Copy) -> list[Record]:
    """The rows of the list of transfers."""
    units, between = unit_names(desk.facts), decisions_between_units(desk.postings)
    return [_passed(desk, units, *named, own) for named, own in between.items()]


def _passed(
    desk: Desk, units: Mapping[str, str], decision: str, fund: str, grants: pd.DataFrame
) -> Record:
    gained = -grants.groupby(grants["book"].astype(str))["amount"].transform("sum") > 0
    rows = grants.assign(given=grants["amount"], received=-grants["amount"])
    return {
        "label": decision,
        "fund": fund,
        "giver": "; ".join(_units(grants[~gained], units)),
        "receiver": "; ".join(_units(grants[gained], units)),
        "given": desk.sum_of(_GIVEN, rows[~gained], "given"),
        "received": desk.sum_of(_RECEIVED, rows[gained], "received"),
        "place": _listed(desk.places, grants),
    }
