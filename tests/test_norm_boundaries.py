"""Every figure of the shipped norms, at its limit, one đồng over, and on its first and last day.

The figures are read from the norm files themselves, so that a norm added there is tested here.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from ledger.beans import load_book
from ledger.extract import BookEntries, extract
from rules.law import Law, load_law, shipped_packs
from rules.nrm.cap_exceeded import CapExceeded
from rules.nrm.costs import KEY_WORDS
from rules.nrm.count_exceeded import CountExceeded
from rules.nrm.share_exceeded import ShareExceeded
from rules.run import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rules.finding import Finding
    from rules.norm import Limit, Norm

LAW = load_law(shipped_packs())
RULES = {"share": ShareExceeded(), "amount": CapExceeded(), "count": CountExceeded()}
COUNTED = 3  # how many of each unit the books declare
COST = 1_000_000_000
WHOLE = 1  # the share that no spending can exceed
ONE_DAY = dt.timedelta(days=1)


class InForce(NamedTuple):
    """A figure of a norm with its first day and, where it ends, its last."""

    norm: Norm
    limit: Limit
    first: dt.date
    last: dt.date | None


def named(period: InForce) -> str:
    """The norm, the measure and the tier."""
    tiers = (words[0] for words in period.limit.when.values())
    return "-".join((period.norm.id, period.limit.measure, *tiers))


def read_here(limit: Limit) -> bool:
    """Whether one of these rules reads a limit; funds of the year and the task have their own."""
    if limit.measure == "count":
        return limit.unit is not None
    return limit.measure in RULES and limit.of in {None, "eligible-cost", "contract"}


def periods(law: Law) -> list[InForce]:
    """Every share, amount and number whose first day is known, tier by tier."""
    found = []
    for norm in law.norms.values():
        dated = [(value.from_, value) for value in norm.values if value.from_]
        for number, (first, value) in enumerate(dated):
            following = dated[number + 1][0] if number + 1 < len(dated) else None
            last = following - ONE_DAY if following else None
            found += [
                InForce(norm, limit, first, last)
                for limit in value.limits or ()
                if read_here(limit)
            ]
    return found


ALL = periods(LAW)
READ = [period for period in ALL if period.norm.activity is not None]


def is_whole_cost(limit: Limit) -> bool:
    """Whether a limit is the whole of the cost, which spending raises as well."""
    return limit.measure == "share" and limit.of != "contract" and limit.at_most == WHOLE


BELOW_WHOLE = [period for period in READ if not is_whole_cost(period.limit)]
ENDING = [period for period in BELOW_WHOLE if period.last is not None]
WHOLE_SHARES = [period for period in READ if is_whole_cost(period.limit)]


def counted(limit: Limit) -> int:
    """How many units a book of these tests declares for a cap."""
    return int(COUNTED ** len([word for word in limit.per if word not in KEY_WORDS]))


def at_limit(limit: Limit) -> int:
    """The most that the budget may pay in a book of these tests; for a number, that number."""
    assert limit.at_most is not None
    if limit.measure == "count":
        return int(limit.at_most)
    return int(limit.at_most * (COST if limit.measure == "share" else counted(limit)))


def quantities(limit: Limit, observed: int) -> str:
    """What the book declares of units."""
    if limit.measure == "count":
        return f"{observed} {limit.unit}"
    return "; ".join(f"{COUNTED} {word}" for word in limit.per if word not in KEY_WORDS)


class Trial(NamedTuple):
    """One event or support of a book of these tests.

    Attributes:
        number: its place in the book; its code, contract and enterprise are named by it.
        day: of the decision, the contract, the event and the payment.
        observed: what the budget pays, VND; for a number, how many are supported.
    """

    number: int
    period: InForce
    day: dt.date
    observed: int

    @property
    def of(self) -> str:
        """What the costs are of."""
        return "event" if self.period.norm.decided_by == "event" else "support"

    @property
    def enterprise(self) -> str:
        """The tax code of the enterprise."""
        return f"{self.number:010}"


def declarations(trial: Trial) -> str:
    """The enterprise, the contract and the event or support, in the tier of the limit."""
    limit, norm, day = trial.period.limit, trial.period.norm, trial.day
    told = {word: words[0] for word, words in limit.when.items()}
    places = {word: told.pop(word, "") for word in ("destination", "size", "priority")}
    tier = "; ".join(f"{word} {value}" for word, value in told.items())
    state = 0 if limit.measure == "count" else trial.observed
    value = COST if limit.measure == "share" else 10 * state + 1
    event = f"""
{day} custom "event" "X{trial.number}" "Sự kiện"
  task: "NV01"
  activity: "{norm.activity}"
  start: {day}
  end: {day}
  destination: "{places["destination"]}"
  tier: "{tier}"
  actual: "{quantities(limit, trial.observed)}"
"""
    support = f"""
{day} custom "support" "X{trial.number}"
  task: "NV01"
  activity: "{norm.activity}"
  enterprise: "{trial.enterprise}"
  decision: "1/QĐ-SCT"
  decision-date: {day}
  eligible-cost: {COST}
  state-support: {state}
  own-share: {COST - state if state < COST else 0}
  tier: "{tier}"
  quantity: "{quantities(limit, trial.observed)}"
"""
    return f"""
{day} custom "party" "{trial.enterprise}" "Công ty thử"
  role: "enterprise"
  size: "{places["size"]}"
  priority: "{places["priority"]}"
{day} custom "contract" "HD{trial.number}" "Hợp đồng thử"
  task: "NV01"
  vendor: "{trial.enterprise}"
  value: {value}
  signed: {day}
{event if trial.of == "event" else support}"""


def book_text(trial: Trial) -> str:
    """One event or support decided on a day, of which the budget pays a part."""
    limit, norm, day, observed = trial.period.limit, trial.period.norm, trial.day, trial.observed
    if limit.measure == "count":
        return declarations(trial)
    # The enterprise bears the rest; for a cap it bears enough to keep every share far away.
    own = COST - observed if limit.measure == "share" else 9 * observed
    paid_by_enterprise = f"""
{day} * "Doanh nghiệp tự chi"
  kind: "contribution-direct"
  {trial.of}: "X{trial.number}"
  contract: "HD{trial.number}"
  contributor: "{trial.enterprise}"
  Income:DongGop:NV01:DNTC   {-own} VND
  Expenses:NV01:DNTC:TM0000  {own} VND
"""
    return f"""{declarations(trial)}
{day} * "Ngân sách chi"
  kind: "payment"
  {trial.of}: "X{trial.number}"
  contract: "HD{trial.number}"
  Assets:DuToan:KhaDung:NV01:{norm.funds[0]}  {-observed} VND
  Expenses:NV01:{norm.funds[0]}:TM6655         {observed} VND
{paid_by_enterprise if own > 0 else ""}"""


def findings(trials: list[Trial], folder: Path) -> list[list[Finding]]:
    """What the rule of each trial's measure says of it: one book of all trials, read once."""
    main = folder / "main.beancount"
    texts = [book_text(trial) for trial in trials]
    main.write_text('plugin "beancount.plugins.auto_accounts"\n' + "".join(texts), "utf-8")
    loaded = load_book(main)
    assert not loaded.errors
    facts = extract(BookEntries(loaded.main, loaded.entries, loaded.errors, loaded.files))
    last = max(trial.day for trial in trials)
    found = {
        measure: run(facts, LAW, last, rules=[rule]).findings for measure, rule in RULES.items()
    }
    return [
        [f for f in found[trial.period.limit.measure] if names_of(trial) & set(f.subject.split())]
        for trial in trials
    ]


def names_of(trial: Trial) -> set[str]:
    """Words by which a subject is known to be the trial's."""
    return {f"X{trial.number}", trial.enterprise}


def tried(
    periods: list[InForce], day: Callable[[InForce], dt.date], above: int, folder: Path
) -> list[tuple[InForce, list[Finding]]]:
    """Each period tried at so many đồng (or units) above its limit on a day."""
    trials = [
        Trial(number, period, day(period), at_limit(period.limit) + above)
        for number, period in enumerate(periods, 1)
    ]
    return list(zip(periods, findings(trials, folder), strict=True))


def first(period: InForce) -> dt.date:
    """The first day of a figure."""
    return period.first


def last(period: InForce) -> dt.date:
    """The last day of a figure that ends."""
    assert period.last is not None
    return period.last


def citing(period: InForce, found: list[Finding]) -> list[Finding]:
    """The findings that rest on the norm."""
    return [f for f in found if period.norm.id in {c.norm for c in f.citations}]


def lowest(period: InForce, day: dt.date) -> bool:
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
    assert {period.limit.measure for period in READ} == {"share", "amount", "count"}
    assert {period.limit.of for period in READ} >= {"eligible-cost", "contract"}
    assert {word for period in READ for word in period.limit.per} >= {"year", "contract", "day"}
    assert any(period.limit.when for period in READ)
    assert ENDING
    assert BELOW_WHOLE
    assert WHOLE_SHARES


def test_a_figure_without_a_content_of_spending_limits_nothing_here() -> None:
    unread = {period.norm.id for period in ALL} - {period.norm.id for period in READ}
    assert "nd111-transfer-trial" in unread
    contents = {period.norm.activity for period in READ}
    assert all(norm.id not in unread for word in contents if word for norm in LAW.of_activity(word))


def test_at_the_limit_there_is_no_finding(tmp_path: Path) -> None:
    for period, found in tried(READ, first, 0, tmp_path):
        assert citing(period, found) == [], named(period)
        assert (found == []) == lowest(period, period.first), named(period)


def test_one_over_is_one_finding(tmp_path: Path) -> None:
    for period, found in tried(BELOW_WHOLE, first, 1, tmp_path):
        assert len(found) == 1, named(period)
        assert citing(period, found) == found, named(period)
        assert found[0].code == RULES[period.limit.measure].code
        money = period.limit.measure != "count"
        assert found[0].at_issue == money or not lowest(period, period.first), named(period)


def test_a_whole_share_cannot_be_exceeded(tmp_path: Path) -> None:
    # What the budget pays is part of the cost, so that one đồng more raises the cost as well.
    assert all(period.limit.measure == "share" for period in WHOLE_SHARES)
    assert [found for _, found in tried(WHOLE_SHARES, first, 1, tmp_path) if found] == []


def test_the_day_before_the_first_the_norm_is_silent(tmp_path: Path) -> None:
    for period, found in tried(READ, lambda period: period.first - ONE_DAY, 1, tmp_path):
        assert citing(period, found) == [], named(period)


def test_a_norm_that_ends_binds_on_its_last_day_only(tmp_path: Path) -> None:
    for period, found in tried(ENDING, last, 1, tmp_path):
        assert len(citing(period, found)) == 1, named(period)
    for period, found in tried(ENDING, lambda period: last(period) + ONE_DAY, 1, tmp_path):
        assert citing(period, found) == [], named(period)
