"""The elementary figures of every form, and the rows of the book behind each.

The postings of a budget year are sorted into blocks: rows that agree in everything by which a form
may part them and that feed the same figures. A figure is a sum of blocks; in the workbook of rows
each block stands in one run, so that a figure leads to its rows without any row standing twice.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from ledger.accounts import ADVANCE_FAMILIES, RECEIVED_FUNDS, STATE_FUNDS, Family
from ledger.b01 import SIGNS, b01_marks
from ledger.codes import with_codes
from ledger.execution import MEASURES, feeding, moves_estimate
from ledger.kinds import OPENING, Effect, kinds_that
from ledger.programmes import in_year
from ledger.treasury import Mark, treasury_marks
from ledger.withheld_tax import with_tax_held
from rules.budget_codes import item_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ledger.facts import Facts
    from ledger.text import Text

# By what forms part the year's money; ``kind`` and ``family`` keep rows of a block alike.
KEYS: Final = (
    "book",
    "unit",
    "fund",
    "autonomy",
    "source_code",
    "kind_item",
    "programme_code",
    "task",
    "sub_item",
    "support",
    "contributor",
)
_ENDED: Final = kinds_that(Effect.ENDS)
# Returns after which the year's estimate may not be drawn again; others take a draw back.
_NOT_RESTORED: Final = ("return-to-budget", "recovery-from-next-year")


class Figure(NamedTuple):
    """An elementary figure, VND, and the blocks that it sums."""

    amount: int = 0
    blocks: tuple[int, ...] = ()


class SetPeriod(NamedTuple):
    """What is settled or reported.

    Attributes:
        budget_year: niên độ.
        first: the first day of the period reported; earlier ones count as accumulated only.
        last: the last day seen; None sees the whole year with its closing.
        closing: the last day of the closing.
        name: as titles have it: ``năm 2021``, ``quý II năm 2021``.
    """

    budget_year: int
    first: dt.date
    last: dt.date | None
    closing: dt.date
    name: Text

    @property
    def whole(self) -> bool:
        """Whether it is the whole year."""
        return self.last is None


class YearMoney:
    """The money of one budget year, ready to be asked.

    Attributes:
        postings: of the year, sorted so that each block is one run; ``block`` is its number
            and ``place`` where it stands, counted from 0.
        blocks: a row a block: ``KEYS``, ``item``, ``family``, ``kind``, ``amount``, ``count`` and
            ``first``, the place of its first posting in ``postings``.
    """

    def __init__(self, facts: Facts, period: SetPeriod) -> None:
        """Sort the postings of the year; ``facts`` are already as of the day wanted."""
        self.facts = facts
        self.period = period
        year = facts["postings"]
        year = with_tax_held(year[year["budget_year"] == period.budget_year])
        marks = _marks(year, period)
        self._signs = {name: mark.sign for name, mark in marks.items()}
        self._bits = {name: 1 << number for number, name in enumerate(marks)}
        feeds = pd.Series(0, index=year.index, dtype="int64")
        for name, mark in marks.items():
            feeds |= mark.rows.astype("int64") * self._bits[name]
        self.postings, self.blocks = _blocks(facts, year.assign(feeds=feeds), period.budget_year)
        self._starts = self.blocks["first"].tolist()
        self._ends = (self.blocks["first"] + self.blocks["count"]).tolist()
        self._feeding: dict[str, pd.DataFrame] = {}

    def take(self, name: str, **where: object) -> Figure:
        """One figure.

        Args:
            name: as in ``names``.
            where: a value, or several, that a key must have.
        """
        rows = self._of(name, where)
        return Figure(int(rows["amount"].sum()) * self._signs[name], tuple(rows.index.tolist()))

    def by(self, name: str, keys: Sequence[str], **where: object) -> dict[tuple[Any, ...], Figure]:
        """A figure parted by keys; only what has a posting."""
        rows = self._of(name, where)
        sign = self._signs[name]
        return {
            key: Figure(int(group["amount"].sum()) * sign, tuple(group.index.tolist()))
            for key, group in rows.groupby(list(keys), observed=True, sort=True)
        }

    def rows(self, name: str, **where: object) -> pd.DataFrame:
        """The postings that a figure sums, as ``postings`` has them; ``where`` as in ``take``."""
        runs = self.runs(self._of(name, where).index.tolist())
        return self.postings.iloc[[place for run in runs for place in range(run[0], run[1] + 1)]]

    def sign(self, name: str) -> int:
        """1, or -1 where the figure is the credit side of the book."""
        return self._signs[name]

    def runs(self, blocks: Sequence[int]) -> list[tuple[int, int]]:
        """The rows of blocks as runs of neighbours: the places of the first and last of each."""
        return [
            (self._starts[first], self._ends[last] - 1)
            for first, last in neighbours(sorted(blocks))
        ]

    @functools.cached_property
    def amounts(self) -> NDArray[np.int64]:
        """The amount of each posting, by its place."""
        return self.postings["amount"].to_numpy()

    def places_of(self, rows: pd.DataFrame) -> NDArray[np.int64]:
        """Where postings stand among those of the year; -1 for one of another year.

        Args:
            rows: of ``postings``, or of the facts.
        """
        if "place" in rows:
            return rows["place"].to_numpy()
        keys = zip(rows["book"].astype(str), rows["posting"].tolist(), strict=True)
        return np.array([self._places.get(key, -1) for key in keys], dtype=np.int64)

    @functools.cached_property
    def _places(self) -> dict[tuple[str, int], int]:
        books, numbers = self.postings["book"].astype(str), self.postings["posting"].tolist()
        return {key: place for place, key in enumerate(zip(books, numbers, strict=True))}

    @property
    def names(self) -> tuple[str, ...]:
        """Every elementary figure."""
        return tuple(self._bits)

    def _of(self, name: str, where: Mapping[str, object]) -> pd.DataFrame:
        if name not in self._feeding:
            self._feeding[name] = self.blocks[(self.blocks["feeds"] & self._bits[name]) != 0]
        rows = self._feeding[name]
        for key, value in where.items():
            wanted = list(value) if isinstance(value, (tuple, list, frozenset)) else [value]
            rows = rows[rows[key].isin(wanted)]
        return rows


def _marks(year: pd.DataFrame, period: SetPeriod) -> dict[str, Mark]:
    """Every elementary figure: of B01, of execution, of the treasury's tables, of contributions."""
    marks = _of_execution(year)
    marks |= {f"b01.{name}": mark for name, mark in _b01(year, period.closing).items()}
    marks |= treasury_marks(year, period.first, period.closing)
    marks |= _of_advances(year, period.closing)
    marks |= _of_grants(year, period.closing)
    return marks | _contributions(year)


def _of_execution(year: pd.DataFrame) -> dict[str, Mark]:
    """The columns of the execution table.

    What one unit passed on to another moves between tasks: it is given once, from outside, so
    that neither side of it stands among what was allotted.
    """
    passed = _passed_on(year)
    moved = moves_estimate(year) & passed
    marks = {measure.name: Mark(measure.sign, feeding(year, measure)) for measure in MEASURES}
    return marks | {
        "allotted": Mark(1, marks["allotted"].rows & ~passed),
        "adjusted": Mark(1, marks["adjusted"].rows | moved),
    }


def _b01(year: pd.DataFrame, closing: dt.date) -> dict[str, Mark]:
    """The figures of the form, of every source of state money.

    Beside those of the rules stands ``allotted``, the row of the form: the account of who gave the
    estimate (``granted``) names no task, and so neither autonomy nor khoản, by which forms part it.
    The rules keep to that account, which the accounts of the estimate do not feed.
    """
    found: dict[str, pd.Series[bool]] = {
        name: pd.Series(data=False, index=year.index) for name in SIGNS
    }
    for fund in STATE_FUNDS:
        for name, rows in b01_marks(year, fund, closing).items():
            found[name].loc[rows.index] = rows
    marks = {name: Mark(SIGNS[name], rows) for name, rows in found.items()}
    return marks | {"allotted": Mark(1, _given(year, closing))}


def _given(year: pd.DataFrame, closing: dt.date) -> pd.Series[bool]:
    """The estimate that a decision gave or took, at the tasks: who gave it names no khoản."""
    by_decision = year["entry"].isin(year.loc[year["family"] == Family.GRANTED.value, "entry"])
    in_time = (year["date"] <= pd.Timestamp(closing)) | year["kind"].isin(_ENDED)
    return moves_estimate(year) & by_decision & in_time & year["fund"].isin(STATE_FUNDS)


def _of_advances(year: pd.DataFrame, closing: dt.date) -> dict[str, Mark]:
    """How advances and spending came about, for the books of draws."""
    held, kind = year["held"], year["kind"]
    state = year["fund"].isin(STATE_FUNDS)
    arrived = (kind == "carry-over") & (year["amount"] > 0)
    counted = (year["date"] <= pd.Timestamp(closing)) & state & (~kind.isin(_ENDED) | arrived)
    # As the treasury sees it: tax withheld and not yet drawn for is no draw.
    advances, spent = held.isin(ADVANCE_FAMILIES) & counted, (held == Family.SPENT.value) & counted
    settled = kind == "advance-settlement"
    returned = kind.isin(_NOT_RESTORED) & ~drawn_for_the_year_before(year)
    return {
        "advance.drawn": Mark(1, advances & ~settled & ~returned & ~arrived),
        "advance.settled": Mark(-1, advances & settled),
        "advance.returned": Mark(-1, advances & returned),
        "spent.direct": Mark(1, spent & ~settled & ~returned),
        "spent.settled": Mark(1, spent & settled),
        "spent.returned": Mark(-1, spent & returned),
        "given.back": Mark(-1, (advances | spent) & (kind == "return-to-budget")),
    }


def drawn_for_the_year_before(rows: pd.DataFrame) -> pd.Series[bool]:
    """The side of the year out of whose estimate the treasury took an advance of the year before.

    There the advance is drawn; in the year before it is returned.
    """
    return (rows["kind"] == "recovery-from-next-year") & (rows["amount"] > 0)


def _of_grants(year: pd.DataFrame, closing: dt.date) -> dict[str, Mark]:
    """How what was granted came about: at first, and by what raised or cut it later."""
    # What one unit passed on to another came from outside once, with what the first was given.
    granted = _given(year, closing) & ~_passed_on(year)
    first, raised = year["kind"] == "allotment", year["amount"] > 0
    return {
        "granted.first": Mark(1, granted & first),
        "granted.raised": Mark(1, granted & ~first & raised),
        "granted.cut": Mark(1, granted & ~first & ~raised),
    }


def _passed_on(year: pd.DataFrame) -> pd.Series[bool]:
    """Postings by which decisions moved estimate of a fund between units that are consolidated."""
    found = [own[["entry", "fund"]] for own in decisions_between_units(year).values()]
    if not found:
        return pd.Series(data=False, index=year.index)
    moved = pd.MultiIndex.from_frame(pd.concat(found).astype({"fund": "str"}))
    own = pd.MultiIndex.from_frame(year[["entry", "fund"]].astype({"fund": "str"}))
    return pd.Series(own.isin(moved), index=year.index)


def decisions_between_units(year: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """The decisions by which one unit gave away what another received: the grants of each.

    A unit that passes estimate on cuts its own by the same decision that gives it, of the same
    fund, to the other. A decision that only gives or only cuts comes from outside, and so does one
    that the books of both sides say a superior took.

    Returns:
        By the decision's number and the fund.
    """
    return {
        named: own
        for named, own in grants_by_decision(year).items()
        if not own["superior_decision"].all() and all(sides_of(own))
    }


def grants_by_decision(year: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """Grants of state money that name their decision, by its number and the fund."""
    granted = year[
        (year["family"] == Family.GRANTED.value)
        & year["fund"].isin(STATE_FUNDS)
        & (year["decision"] != "")
    ]
    keys = [granted["decision"].astype(str), granted["fund"].astype(str)]
    return {(str(one), str(fund)): own for (one, fund), own in granted.groupby(keys, sort=True)}


def sides_of(granted: pd.DataFrame) -> tuple[int, int]:
    """VND that units gave away, and that others received, by one decision."""
    sums = -granted.groupby(granted["book"].astype(str))["amount"].sum()
    return -int(sums[sums < 0].sum()), int(sums[sums > 0].sum())


def _contributions(year: pd.DataFrame) -> dict[str, Mark]:
    """Contributions: what was pledged, and what came in by whatever kind records or corrects it.

    What is left of a year is so what the next one brings forward.
    """
    family, kind = year["family"], year["kind"]
    pledged, income = family == Family.PLEDGED.value, family == Family.CONTRIBUTED.value
    either, received = pledged | income, year["fund"].isin(RECEIVED_FUNDS)
    came = either & ~kind.isin((*_OWN_MARKS, OPENING))
    return {
        "pledged": Mark(1, pledged & (kind == "contribution-pledge")),
        "pledge.left": Mark(1, pledged),
        "opened": Mark(-1, either & (kind == OPENING)),
        "cash": Mark(-1, came & received),
        "direct": Mark(-1, income & (kind == "contribution-direct") | came & ~received),
        "given.to.contributor": Mark(1, either & (kind == "contribution-return")),
    }


# Kinds of contributions with a figure of their own.
_OWN_MARKS: Final = ("contribution-pledge", "contribution-direct", "contribution-return")


def _blocks(
    facts: Facts, year: pd.DataFrame, budget_year: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = [*KEYS, "family", "kind", "feeds"]
    # What no sum names stands last in the sorting, so that it parts no run of one form.
    numbered = year.assign(block=year.groupby(keys, observed=True, sort=True).ngroup())
    # Inside a block what is of one commitment's contract, or of one event, stands together: lists
    # by them lead to runs, and not to each posting.
    committed = numbered["family"] == Family.COMMITTED.value
    numbered["of"] = numbered["event"].astype(str).mask(committed, numbered["contract"].astype(str))
    postings = numbered.sort_values(["block", "of", "date", "posting"], kind="stable")
    postings = postings.drop(columns="of")
    postings = postings.assign(place=np.arange(len(postings)))
    grouped = postings.groupby("block", sort=True)
    blocks = grouped[keys].first()
    blocks["amount"] = grouped["amount"].sum()
    blocks["count"] = count = grouped.size()
    blocks["first"] = count.cumsum() - count
    texts = [key for key in keys if key not in {"autonomy", "feeds"}]
    blocks = with_codes(facts, blocks.astype(dict.fromkeys(texts, "str")), budget_year)
    items = blocks["sub_item"].map({name: item_of(name) for name in set(blocks["sub_item"])})
    return postings, blocks.assign(autonomy=under_autonomy(facts, blocks, budget_year), item=items)


def neighbours(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as runs of neighbours: the first and the last of each."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def under_autonomy(facts: Facts, rows: pd.DataFrame, budget_year: int) -> pd.Series[bool]:
    """Whether the money of blocks or postings is under autonomy by itself or by its programme."""
    autonomy = in_year(facts, budget_year)["autonomy"].astype(bool)
    under = rows["book"].astype("str").map(autonomy).fillna(value=False).astype(bool)
    return rows["autonomy"].astype(bool) | under
