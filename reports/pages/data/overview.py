"""How the year's money stands, task by task (tổng quan)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ledger.accounts import ADVANCE_FAMILIES, FUNDS, STATE_FUNDS, Family
from ledger.advances import by_voucher
from ledger.execution import execution
from rules.rows import records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.facts import Facts
    from ledger.text import Text
    from rules.law import Law

_KEYS = ("unit", "task", "fund")


class Money(NamedTuple):
    """State money of a task or of all, VND.

    Attributes:
        estimate: what may be spent in the year: allotted, supplemented or cut, carried over.
        carried: of it, what came from the year before, less what went to the next.
        gone: cancelled or returned.
        available: neither used, committed, withheld nor ended.
    """

    estimate: int
    carried: int
    withheld: int
    committed: int
    advanced: int
    spent: int
    gone: int
    available: int

    @property
    def rate(self) -> float | None:
        """Spent of the estimate, percent; for the width of bars only."""
        return 100 * self.spent / self.estimate if self.estimate > 0 else None

    def share(self, amount: int) -> float:
        """An amount of the estimate, percent, for the width of bars only."""
        return max(0.0, min(100.0, 100 * amount / self.estimate)) if self.estimate > 0 else 0.0


class FundShare(NamedTuple):
    """What one fund paid."""

    fund: str
    label: Text
    spent: int
    share: float  # percent of all sources, for the width of bars only


class TaskRow(NamedTuple):
    """A task."""

    unit: str
    task: str
    title: str
    group: str
    group_title: str
    start: dt.date | None
    end: dt.date | None
    money: Money
    contributed: int
    sources: tuple[FundShare, ...]

    @property
    def account(self) -> str:
        """What Fava's account filter must say to show the task."""
        return self.task


class Point(NamedTuple):
    """The end of a month: spent so far, used so far, and what the plan's windows would have.

    Attributes:
        spent: None for a month that is not over on the day.
        used: spent and advanced; as above.
    """

    day: dt.date
    spent: int | None
    used: int | None
    planned: int


class Due(NamedTuple):
    """A day of the year's calendar that the law sets."""

    day: dt.date
    text: Text
    article: str
    instrument: str


class Advance(NamedTuple):
    """Advances of one task that are not settled."""

    task: str
    voucher: str
    date: dt.date
    amount: int
    file: str
    line: int


class Overview(NamedTuple):
    """The page."""

    total: Money
    contributed: int
    sources: tuple[FundShare, ...]
    tasks: tuple[TaskRow, ...]
    points: tuple[Point, ...]
    due: tuple[Due, ...]
    past: int
    advances: tuple[Advance, ...]


def overview(facts: Facts, law: Law, year: int, as_of: dt.date) -> Overview:
    """The page's figures.

    Args:
        facts: as of the day, filtered.
        law: the norms that apply.
        year: niên độ.
        as_of: the day.
    """
    table = execution(facts, year, _KEYS).astype(dict.fromkeys(_KEYS, "str"))
    tasks = _tasks(table, facts["tasks"])
    due = _calendar(law, year)
    return Overview(
        total=_money(table),
        contributed=int(table["contributed"].sum()),
        sources=_sources(table),
        tasks=tasks,
        points=_points(facts["postings"], tasks, year, as_of),
        due=tuple(item for item in due if item.day >= as_of),
        past=sum(item.day < as_of for item in due),
        advances=_advances(facts["postings"], year),
    )


def _money(table: pd.DataFrame) -> Money:
    state = table[table["fund"].isin(STATE_FUNDS)]
    total = {name: int(state[name].sum()) for name in state.columns if name not in _KEYS}
    return Money(
        estimate=total["allotted"] + total["adjusted"] + total["carried_over"],
        carried=total["carried_over"],
        withheld=total["withheld"],
        committed=total["committed"],
        advanced=total["advanced"],
        spent=total["spent"],
        gone=total["cancelled"] + total["returned"],
        available=total["remaining"],
    )


def _sources(table: pd.DataFrame) -> tuple[FundShare, ...]:
    spent = table.groupby("fund")["spent"].sum()
    total = int(spent[spent > 0].sum())
    return tuple(
        FundShare(code, fund.label, amount, 100 * amount / total)
        for code, fund in FUNDS.items()
        if (amount := int(spent.get(code, 0))) > 0
    )


def _tasks(table: pd.DataFrame, declared: pd.DataFrame) -> tuple[TaskRow, ...]:
    known = {str(row.task): row for row in records(declared)}
    rows = []
    for key, part in table.groupby(["unit", "task"], sort=True):
        unit, task = (str(word) for word in key)
        row = known.get(task)
        rows.append(
            TaskRow(
                unit=unit,
                task=task,
                title=str(row.title) if row else "",
                group=str(row.group) if row else "",
                group_title=str(row.group_title) if row else "",
                start=_day(row.start) if row else None,
                end=_day(row.end) if row else None,
                money=_money(part),
                contributed=int(part["contributed"].sum()),
                sources=_sources(part),
            )
        )
    return tuple(rows)


def _day(moment: pd.Timestamp) -> dt.date | None:
    return None if pd.isna(moment) else moment.date()


def _points(
    postings: pd.DataFrame, tasks: Iterable[TaskRow], year: int, as_of: dt.date
) -> tuple[Point, ...]:
    """The ends of the year's months up to the day, and the plan for all twelve."""
    state = postings[(postings["budget_year"] == year) & postings["fund"].isin(STATE_FUNDS)]
    state = state[state["kind"] != "carry-over"]
    spent = _by_day(state[state["family"] == Family.SPENT.value])
    used = (
        _by_day(state[state["family"].isin(ADVANCE_FAMILIES)]).add(spent, fill_value=0).sort_index()
    )
    windows = [(task.start, task.end, task.money.estimate) for task in tasks]
    points = []
    for end in pd.date_range(dt.date(year, 1, 1), periods=12, freq="ME"):
        planned = sum(_planned(end.date(), *window) for window in windows)
        seen = end.date() <= as_of
        points.append(
            Point(
                end.date(),
                int(spent[:end].sum()) if seen else None,
                int(used[:end].sum()) if seen else None,
                planned,
            )
        )
    return tuple(points)


def _by_day(postings: pd.DataFrame) -> pd.Series:
    return postings.groupby("date")["amount"].sum().sort_index()


def _planned(day: dt.date, start: dt.date | None, end: dt.date | None, estimate: int) -> int:
    """What a task would have spent by a day if it spent evenly over its window, VND."""
    if start is None or end is None or day < start:
        return 0
    whole = (end - start).days + 1
    return estimate * min((day - start).days + 1, whole) // whole


def _calendar(law: Law, year: int) -> list[Due]:
    found: dict[tuple[dt.date, str], Due] = {}
    for norm in law.norms.values():
        day = law.date(norm.id, year)
        if day is None:
            continue
        cited = law.cite(norm.id, day)
        found.setdefault(
            (day, cited.instrument + cited.article),
            Due(day, cited.text, cited.article, cited.instrument),
        )
    return sorted(found.values(), key=lambda item: (item.day, item.instrument))


def _advances(postings: pd.DataFrame, year: int) -> tuple[Advance, ...]:
    """Vouchers of advances with money left on them, the oldest first."""
    rows = postings[
        (postings["family"] == Family.ADVANCED.value) & (postings["budget_year"] == year)
    ]
    rows = by_voucher(rows).astype({"task": "str", "file": "str"})
    left: list[Advance] = []
    for key, part in rows.groupby(["task", "of"], sort=False):
        task, voucher = key
        amount = int(part["amount"].sum())
        if amount > 0:
            first = part.sort_values("date").iloc[0]
            left.append(
                Advance(
                    str(task),
                    str(voucher),
                    first["date"].date(),
                    amount,
                    first["file"],
                    first["line"],
                )
            )
    return tuple(sorted(left, key=lambda item: (item.date, item.task, item.voucher)))
