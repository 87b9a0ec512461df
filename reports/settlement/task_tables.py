"""Tasks of the programme: what they were given, spent, achieved, and who contributed."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from ledger.accounts import STATE_FUNDS
from ledger.text import Text
from reports.forms.grid import Amount, CellFigure
from reports.settlement.declarations import code_of
from reports.settlement.desk import merged
from rules.rows import records
from rules.vocabulary import unit_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.facts import Facts
    from reports.forms.grid import Record
    from reports.settlement.desk import Copy, Desk

_STATE_COLUMNS: Final = {
    "allotted": "allotted",
    "adjusted": "adjusted",
    "carried": "carried_over",
    "withheld": "withheld",
    "committed": "committed",
    "advanced": "advanced",
    "cancelled": "cancelled",
    "returned": "returned",
}
_OUTSIDE_GROUPS: Final = Text("Ngoài các nhóm nhiệm vụ", "Outside the groups of tasks")


def tasks(desk: Desk, _: Copy) -> list[Record]:
    """Execution by task: the estimate and its use, spending of every fund, outputs."""
    keys = ("unit", "task")
    columns = {
        column: desk.teller.by(name, keys, fund=STATE_FUNDS)
        for column, name in _STATE_COLUMNS.items()
    }
    for fund in ("NSTP", "NSTW", "DN", "HD", "DNTC"):
        column = f"spent_{fund.lower()}"
        columns[column] = desk.teller.by("spent", keys, fund=fund)
    declared, groups, results = desk.declarations, _groups(desk), outputs(desk)
    found = {key for figures in columns.values() for key in figures if key[1]}
    ordered = sorted(found, key=lambda key: declared.rank(str(key[0]), str(key[1])))
    return [
        {
            "group": groups.get(task, ("", ""))[0],
            "group_label": groups.get(task, ("", desk.say(_OUTSIDE_GROUPS)))[1],
            "code": code_of(unit, task),
            "label": declared.titles.get(task, ""),
            "planned": results.get(task, ("", ""))[0],
            "achieved": results.get(task, ("", ""))[1],
            **cells,
        }
        for (unit, task), cells in merged(ordered, columns, CellFigure(0))
    ]


def _groups(desk: Desk) -> dict[str, tuple[str, str]]:
    frame = desk.facts["tasks"]
    return {
        str(task): (str(group), f"{group}. {title}")
        for task, group, title in zip(
            frame["task"], frame["group"], frame["group_title"], strict=True
        )
    }


class _Planned(NamedTuple):
    """How many of one unit of output a task is to achieve; ``about`` where the plan says so."""

    least: int = 0
    most: int = 0
    about: bool = False

    def and_(self, other: _Planned) -> _Planned:
        """What two units plan together."""
        least, most = self.least + other.least, self.most + other.most
        return _Planned(least, most, self.about or other.about)

    def __str__(self) -> str:
        span = f"{self.least}–{self.most}" if self.most > self.least else str(self.least)
        return f"khoảng {span}" if self.about else span


def outputs(desk: Desk) -> dict[str, tuple[str, str]]:
    """What each task was to achieve and what it did, in all units that carry it out."""
    year = desk.teller.source.period.budget_year
    planned, achieved = _planned(desk.facts), _achieved(desk.facts, year)
    return {
        task: (_counted(desk, planned.get(task, {})), _counted(desk, achieved.get(task, {})))
        for task in {*planned, *achieved}
    }


def _counted(desk: Desk, numbers: Mapping[str, object]) -> str:
    return "; ".join(f"{n} {desk.say(unit_name(unit))}" for unit, n in numbers.items())


def _planned(facts: Facts) -> dict[str, dict[str, _Planned]]:
    own = {  # a later change of a unit's plan takes the earlier one's place
        (str(row.book), str(row.task), str(row.unit)): _planned_by(row.least, row.most)
        for row in records(facts["expected_outputs"])
    }
    found: defaultdict[str, dict[str, _Planned]] = defaultdict(dict)
    for (_, task, unit), numbers in own.items():
        found[task][unit] = found[task].get(unit, _Planned()).and_(numbers)
    return found


def _planned_by(least: Any, most: Any) -> _Planned:  # noqa: ANN401  # nullable numbers of a frame
    if pd.isna(least):
        return _Planned(int(most), int(most), about=True)
    return _Planned(int(least), int(least if pd.isna(most) else most))


def _achieved(facts: Facts, year: int) -> dict[str, Counter[str]]:
    """What was achieved in the year, by task and unit of output."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in records(facts["outputs"]):
        if not pd.isna(row.quantity) and row.declared.year == year:
            found[str(row.task)][str(row.unit)] += int(row.quantity)
    return found


def programme_results(desk: Desk, copy: Copy) -> list[Record]:
    """Form F01-02 part III: what the tasks of a programme were to achieve, and did."""
    results = outputs(desk)
    used = desk.teller.source.by("b01.proposed", ("task",), **copy.where)
    said, declared = _expected(desk.facts), desk.declarations
    return [
        {
            "label": declared.label("", task),
            "planned": said.get(task) or results.get(task, ("", ""))[0],
            "achieved": results.get(task, ("", ""))[1],
        }
        for (task,) in sorted(used, key=lambda key: declared.rank("", str(key[0])))
    ]


def _expected(facts: Facts) -> dict[str, str]:
    """What the plan says of a task in words, where that of every unit does; each wording once."""
    words: defaultdict[str, list[str]] = defaultdict(list)
    for row in records(facts["tasks"]):
        words[str(row.task)].append(str(row.expected))
    return {
        task: "; ".join(dict.fromkeys(found)) if all(found) else "" for task, found in words.items()
    }


def contributors(desk: Desk, _: Copy) -> list[Record]:
    """Contributions by task and contributor, unit by unit."""
    keys = ("unit", "task", "contributor", "book")
    names = {
        "pledged": "pledged",
        "cash": "cash",
        "direct": "direct",
        "given_back": "given.to.contributor",
        "due": "pledge.left",
    }
    columns = {column: desk.teller.sums(name, keys) for column, name in names.items()}
    declared = desk.declarations
    found = {key for figures in columns.values() for key in figures if key[1]}
    ordered = sorted(
        found, key=lambda key: (declared.rank(str(key[0]), str(key[1])), *map(str, key[2:]))
    )
    units = declared.units_of((key[3], "|".join(key[:3])) for key in ordered)
    return [
        {
            "task": code_of(unit, task),
            "task_label": declared.label(unit, task),
            "tax_code": contributor,
            "label": declared.party(book, contributor)
            + units[book, f"{unit}|{task}|{contributor}"],
            **cells,
        }
        for (unit, task, contributor, book), cells in merged(ordered, columns, Amount(0))
    ]
