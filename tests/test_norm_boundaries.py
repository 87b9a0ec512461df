"""Every figure of the shipped norms, at its limit, one đồng over, and on its first and last day.

The figures are read from the norm files themselves, so that a norm added there is tested here.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import pytest

from ledger.beans import load_book
from ledger.extract import Source, extract
from rules.law import Law, load_law, shipped_packs
from rules.nrm.cap_exceeded import CapExceeded
from rules.nrm.share_exceeded import ShareExceeded
from rules.run import run

if TYPE_CHECKING:
    from pathlib import Path

    from rules.finding import Finding
    from rules.norm import Limit, Norm

LAW = load_law(shipped_packs())
RULES = {"share": ShareExceeded(), "amount": CapExceeded()}
COUNTED = 3  # how many of each unit the books declare
COST = 1_000_000_000
WHOLE = 1  # the share that no spending can exceed
ONE_DAY = dt.timedelta(days=1)


class Period(NamedTuple):
    """A figure of a norm with its first day and, where it ends, its last."""

    norm: Norm
    limit: Limit
    first: dt.date
    last: dt.date | None


def named(period: Period) -> str:
    """The norm, the measure and the tier."""
    return "-".join((period.norm.id, period.limit.measure, *period.limit.when.values()))


def periods(law: Law) -> list[Period]:
    """Every share and amount whose first day is known, tier by tier."""
    found = []
    for norm in law.norms.values():
        dated = [(value.from_, value) for value in norm.values if value.from_]
        for number, (first, value) in enumerate(dated):
            following = dated[number + 1][0] if number + 1 < len(dated) else None
            last = following - ONE_DAY if following else None
            found += [
                Period(norm, limit, first, last)
                for limit in value.limits or ()
                if limit.measure in RULES and limit.of in {None, "eligible-cost"}
            ]
    return found


ALL = periods(LAW)
READ = [period for period in ALL if period.norm.activity is not None]
ENDING = [period for period in READ if period.last is not None]
BELOW_WHOLE = [period for period in READ if period.limit.at_most != WHOLE]
WHOLE_SHARES = [period for period in READ if period.limit.at_most == WHOLE]


def counted(limit: Limit) -> int:
    """How many units a book of these tests declares for a cap."""
    units = [word for word in limit.per if word not in {"event", "support", "project"}]
    return int(COUNTED ** len(units))


def at_limit(limit: Limit) -> int:
    """The most that the budget may pay in a book of these tests."""
    assert limit.at_most is not None
    return int(limit.at_most * (COST if limit.measure == "share" else counted(limit)))


def book_text(period: Period, day: dt.date, state: int) -> str:
    """One event or support decided on a day, of which the budget pays a part."""
    limit, norm = period.limit, period.norm
    units = "; ".join(f"{COUNTED} {word}" for word in limit.per if word != "event")
    destination = limit.when.get("destination", "")
    if norm.decided_by == "event":
        of = "event"
        declared = f"""
{day} custom "event" "X" "Sự kiện"
  task: "NV01"
  activity: "{norm.activity}"
  start: {day}
  end: {day}
  destination: "{destination}"
  actual: "{units}"
"""
    else:
        of = "support"
        declared = f"""
{day} custom "support" "X"
  task: "NV01"
  activity: "{norm.activity}"
  enterprise: "0100000001"
  decision: "1/QĐ-SCT"
  decision-date: {day}
  eligible-cost: {COST}
  state-support: {state}
  own-share: {COST - state if state < COST else 0}
  quantity: "{units}"
"""
    # The enterprise bears the rest; for a cap it bears enough to keep every share far away.
    own = COST - state if limit.measure == "share" else 9 * state
    paid_by_enterprise = f"""
{day} * "Doanh nghiệp tự chi"
  kind: "contribution-direct"
  {of}: "X"
  contributor: "0100000001"
  Income:DongGop:NV01:DNTC   {-own} VND
  Expenses:NV01:DNTC:TM0000  {own} VND
"""
    return f"""
plugin "beancount.plugins.auto_accounts"
{declared}
{day} * "Ngân sách chi"
  kind: "payment"
  {of}: "X"
  Assets:DuToan:KhaDung:NV01:{norm.funds[0]}  {-state} VND
  Expenses:NV01:{norm.funds[0]}:TM6655         {state} VND
{paid_by_enterprise if own > 0 else ""}"""


def findings(period: Period, day: dt.date, state: int, folder: Path) -> list[Finding]:
    """What the rule of the norm's measure says of such a book."""
    main = folder / "main.beancount"
    main.write_text(book_text(period, day, state), "utf-8")
    loaded = load_book(main)
    assert not loaded.errors
    facts = extract(Source(loaded.main, loaded.entries, loaded.errors, loaded.files))
    return list(run(facts, LAW, day, rules=[RULES[period.limit.measure]]).findings)


def citing(period: Period, found: list[Finding]) -> list[Finding]:
    """The findings that rest on the norm."""
    return [f for f in found if period.norm.id in {c.norm for c in f.citations}]


def lowest(period: Period, day: dt.date) -> bool:
    """Whether no other norm sets a lower figure for the same content and measure on a day."""
    values = [norm.value_on(day) for norm in LAW.of_activity(period.norm.activity or "")]
    rivals = [
        limit
        for value in values
        for limit in (value.limits if value and value.limits else ())
        if (limit.measure, limit.when) == (period.limit.measure, period.limit.when)
    ]
    return min(at_limit(limit) for limit in rivals) == at_limit(period.limit)


def test_the_files_hold_figures_of_both_measures_tiers_and_ends() -> None:
    assert {period.limit.measure for period in READ} == {"share", "amount"}
    assert any(period.limit.when for period in READ)
    assert ENDING
    assert BELOW_WHOLE
    assert WHOLE_SHARES


def test_a_figure_without_a_content_of_spending_limits_nothing_here() -> None:
    unread = {period.norm.id for period in ALL} - {period.norm.id for period in READ}
    assert "nd111-transfer-trial" in unread
    contents = {period.norm.activity for period in READ}
    assert all(norm.id not in unread for word in contents if word for norm in LAW.of_activity(word))


@pytest.mark.parametrize("period", READ, ids=named)
def test_at_the_limit_there_is_no_finding(period: Period, tmp_path: Path) -> None:
    found = findings(period, period.first, at_limit(period.limit), tmp_path)
    assert citing(period, found) == []
    assert (found == []) == lowest(period, period.first)


@pytest.mark.parametrize("period", BELOW_WHOLE, ids=named)
def test_one_dong_over_is_one_finding(period: Period, tmp_path: Path) -> None:
    found = findings(period, period.first, at_limit(period.limit) + 1, tmp_path)
    assert len(found) == 1
    assert citing(period, found) == found
    assert found[0].code == RULES[period.limit.measure].code
    assert found[0].at_issue == 1 or not lowest(period, period.first)


@pytest.mark.parametrize("period", WHOLE_SHARES, ids=named)
def test_a_whole_share_cannot_be_exceeded(period: Period, tmp_path: Path) -> None:
    # What the budget pays is part of the cost, so that one đồng more raises the cost as well.
    assert period.limit.measure == "share"
    assert findings(period, period.first, COST + 1, tmp_path) == []


@pytest.mark.parametrize("period", READ, ids=named)
def test_the_day_before_the_first_the_norm_is_silent(period: Period, tmp_path: Path) -> None:
    over = at_limit(period.limit) + 1
    found = findings(period, period.first - ONE_DAY, over, tmp_path)
    assert citing(period, found) == []


@pytest.mark.parametrize("period", ENDING, ids=named)
def test_a_norm_that_ends_binds_on_its_last_day_only(period: Period, tmp_path: Path) -> None:
    assert period.last is not None
    over = at_limit(period.limit) + 1
    assert len(citing(period, findings(period, period.last, over, tmp_path))) == 1
    assert citing(period, findings(period, period.last + ONE_DAY, over, tmp_path)) == []
