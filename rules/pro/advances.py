"""Advances under contracts, and which of them the Treasury's circulars concern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text
from rules.assessment import not_concerned, passed
from rules.pro.amendments import value_on
from rules.pro.contracts import by_day, contracts, evidence_until, marked, money, not_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.assessment import Assessment, Evidence
    from rules.pro.timeline import Timeline

    Numbers = np.ndarray[Any, Any]

_SMALL: Final = Text(
    "hợp đồng không quá mức phải gửi Kho bạc",
    "the contract is not above the amount from which it is sent to the Treasury",
)


def advance_days(facts: Facts) -> pd.DataFrame:
    """``by_day`` of the contracts that had advances, with ``opening``: advanced the day before."""
    return facts.derived(_advance_days)


def _advance_days(facts: Facts) -> pd.DataFrame:
    days, rows = by_day(facts), money(facts)
    had = (rows["family"] == Family.ADVANCED.value) & rows["fund"].isin(STATE_FUNDS)
    days = days[days["place"].isin(rows["place"][had])].reset_index(drop=True)
    opening = days.groupby("place")["advanced"].shift(fill_value=0)
    return days.assign(opening=opening)


def drawn_evidence(
    facts: Facts, found: pd.DataFrame, at_issue: str
) -> dict[int, tuple[Evidence, ...]]:
    """The advances of contracts up to a day of each, as ``evidence_until`` gives it."""
    rows = money(facts)
    raised = rows[
        (rows["family"] == Family.ADVANCED.value)
        & (rows["amount"] > 0)
        & rows["fund"].isin(STATE_FUNDS)
    ]
    return evidence_until(raised, found, at_issue)


class Concerned(NamedTuple):
    """Which days of contracts with advances a norm with a threshold of value concerns.

    Attributes:
        positions: the period of the law of each day.
        value: of the contract of each day, VND.
        days: whether the contract was above the threshold of that day.
        sent: of each contract, whether any of its days is concerned.
        small: of each contract, whether the law is known and no day is concerned.
        unknown: of each contract, whether the law is known on no day.
    """

    positions: Numbers
    value: Numbers
    days: Numbers
    sent: Numbers
    small: Numbers
    unknown: Numbers


def concerned(facts: Facts, days: pd.DataFrame, timeline: Timeline) -> Concerned:
    """Days of contracts against the value, as it was then, above which the Treasury sees them."""
    known = contracts(facts)
    positions = timeline.positions(days["date"])
    value = known["value"].to_numpy(dtype=np.int64)[days["place"]]
    in_force = timeline.known(positions)
    worth = _worth(known, days, value)
    large = in_force & (worth > timeline.figures(positions, lambda now: now.whole("threshold")))
    judged = marked(days["place"][in_force], len(known))
    sent = marked(days["place"][large], len(known))
    unknown = marked(days["place"], len(known)) & ~judged
    return Concerned(positions, value, large, sent, judged & ~sent, unknown)


def _worth(known: pd.DataFrame, days: pd.DataFrame, value: Numbers) -> Numbers:
    """What the contract of each day was worth on it: a later amendment had not made it large."""
    worth, places = value.copy(), days["place"].to_numpy()
    for at in (known["amendments"] != "").to_numpy()[places].nonzero()[0]:
        text, day = str(known["amendments"].iloc[places[at]]), days["date"].iloc[at].date()
        worth[at] = value_on(int(value[at]), text, day)
    return worth


def not_failed(facts: Facts, about: Concerned, failed: int) -> Iterator[Assessment]:
    """What is said of the contracts with advances that do not fail, so many of which do."""
    yield from passed(int(about.sent.sum()) - failed)
    yield from not_concerned(int(about.small.sum()), _SMALL)
    yield from not_known(contracts(facts), np.flatnonzero(about.unknown))
