"""Contracts and advances: the rules over whole columns against contracts looked at one by one."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.columns import FRAMES
from ledger.facts import Facts, frame_of
from rules.assessment import Verdict
from rules.law import load_law
from rules.pro.timeline import Timeline
from rules.rule import all_rules

LAW = load_law(())
SMALL = 50_000_000
FIRST = dt.date(2021, 3, 1)
LAST_DAY = dt.date(2022, 12, 31)
# What one transaction moves: family of accounts, kind and sign.
MOVES = {
    "advance": (("TamUng", 1),),
    "payment": (("Expenses", 1),),
    "advance-settlement": (("TamUng", -1), ("Expenses", 1)),
    "return-restoring": (("TamUng", -1),),
}
RULES = {rule.code: rule for rule in all_rules()}


class Moved(NamedTuple):
    """One transaction under a contract."""

    contract: int
    kind: str
    day: int
    amount: int


MOVED = st.builds(
    Moved,
    contract=st.integers(0, 2),
    kind=st.sampled_from(sorted(MOVES)),
    day=st.integers(0, 5),
    amount=st.integers(1, 60_000_000),
)
VALUES = st.lists(
    st.sampled_from([SMALL, SMALL + 1, 60_000_000, 100_000_001]), min_size=3, max_size=3
)


def name(contract: int) -> str:
    return f"{contract + 1}/2021/HĐ"


def facts_of(values: list[int], moves: list[Moved]) -> Facts:
    """A book of three contracts and what moved under them; another book has the same numbers."""
    common = {"file": "main.beancount", "line": 1}
    contracts = [
        {
            **common,
            "book": book,
            "contract": name(number),
            "task": "NV05",
            "vendor": "0100000002",
            "value": value,
            "signed": FIRST,
            "declared": FIRST,
        }
        for book in ("a", "b")
        for number, value in enumerate(values)
    ]
    postings = [
        {
            **common,
            "book": "a",
            "posting": 2 * entry + place,
            "entry": entry,
            "date": FIRST + dt.timedelta(days=moved.day),
            "narration": moved.kind,
            "family": family,
            "task": "NV05",
            "fund": "NSTP",
            "amount": sign * moved.amount,
            "budget_year": 2021,
            "kind": moved.kind,
            "contract": name(moved.contract),
        }
        for entry, moved in enumerate(moves)
        for place, (family, sign) in enumerate(MOVES[moved.kind])
    ]
    rows = {"contracts": contracts, "postings": postings}
    return Facts({key: frame_of(columns, rows.get(key, [])) for key, columns in FRAMES.items()})


def at_issue(code: str, facts: Facts) -> dict[str, int]:
    """What one rule finds, by subject."""
    found = RULES[code].check(facts, LAW, LAST_DAY)
    return {item.subject: item.at_issue for item in found if item.verdict is Verdict.FAIL}


def balances(moves: list[Moved], contract: int, families: tuple[str, ...]) -> list[int]:
    """What stands on families of accounts at the end of each day, from plain sums."""
    by_day = [0] * 6
    for moved in moves:
        for family, sign in MOVES[moved.kind]:
            if moved.contract == contract and family in families:
                by_day[moved.day] += sign * moved.amount
    return list(accumulate(by_day))


@settings(max_examples=25, deadline=None)
@given(values=VALUES, moves=st.lists(MOVED, max_size=12))
def test_each_contract_is_judged_as_if_it_stood_alone(
    values: list[int], moves: list[Moved]
) -> None:
    facts = facts_of(values, moves)
    above, over, late = {}, {}, {}
    for contract, value in enumerate(values):
        subject = f"contract {name(contract)}"
        paid = balances(moves, contract, ("TamUng", "Expenses"))
        advanced = balances(moves, contract, ("TamUng",))
        above[subject] = max(paid) - value
        if value > SMALL:
            rose = [
                now for before, now in zip([0, *advanced], advanced, strict=False) if now > before
            ]
            over[subject] = max(rose, default=0) - value // 2
            unrecovered = [
                left
                for day, left in enumerate(advanced)
                if left > 0
                and 5 * paid[day] >= 4 * value
                and any(m.contract == contract and m.day == day for m in moves)
            ]
            late[subject] = unrecovered[0] if unrecovered else 0
    for code, expected in (("PRO301", above), ("PRO401", over), ("PRO402", late)):
        assert at_issue(code, facts) == {k: v for k, v in expected.items() if v > 0}, code


@settings(max_examples=15, deadline=None)
@given(values=VALUES, moves=st.lists(MOVED, max_size=10), order=st.randoms(use_true_random=False))
def test_the_order_of_transactions_and_splitting_them_change_nothing(
    values: list[int], moves: list[Moved], order: object
) -> None:
    split = [
        part
        for moved in moves
        for part in (
            moved._replace(amount=moved.amount - moved.amount // 3),
            moved._replace(amount=moved.amount // 3),
        )
        if part.amount
    ]
    order.shuffle(split)  # type: ignore[attr-defined]
    whole, parts = facts_of(values, moves), facts_of(values, split)
    for code in ("PRO301", "PRO302", "PRO401", "PRO402", "PRO405"):
        assert at_issue(code, whole) == at_issue(code, parts), code


@given(
    whole=st.integers(0, 10**15 - 1),
    day=st.dates(dt.date(2020, 8, 6), dt.date(2026, 12, 31)),
)
def test_shares_of_a_contract_are_exact(whole: int, day: dt.date) -> None:
    timeline = Timeline(LAW, ("advance-recover-2020", "advance-recover-2024"))
    positions = timeline.positions(pd.Series([pd.Timestamp(day)]))
    share = timeline.at(int(positions[0])).share
    exact = share * whole
    amounts = np.array([whole], dtype=np.int64)
    assert timeline.shares(amounts, positions).tolist() == [exact.numerator // exact.denominator]
    assert timeline.shares(amounts, positions, up=True).tolist() == [-(-exact // Fraction(1))]


def test_before_the_first_norm_nothing_is_known() -> None:
    timeline = Timeline(LAW, ("advance-max-2020",))
    days = pd.Series(pd.to_datetime(["2020-08-05", "2020-08-06", "2024-04-30", "2024-05-01"]))
    known = timeline.known(timeline.positions(days))
    assert known.tolist() == [False, True, True, False]
    assert timeline.on(dt.date(2020, 8, 5)) is None
    assert timeline.on(dt.date(2020, 8, 6)) is not None
