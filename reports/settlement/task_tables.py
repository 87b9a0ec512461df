"""Tasks of the programme: what they were given, spent, achieved, and who contributed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ledger.accounts import STATE_FUNDS
from ledger.text import Text
from reports.forms.grid import Amount, CellFigure
from reports.settlement.desk import code_of, merged, party_names, task_label, task_titles
from rules.rows import records
from rules.vocabulary import unit_name

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    titles, groups, results = task_titles(desk.facts), _groups(desk), outputs(desk)
    found = {key for figures in columns.values() for key in figures if key[1]}
    ordered = sorted(found, key=lambda key: rank(str(key[0]), str(key[1]), titles))
    return [
        {
            "group": groups.get(task, ("", ""))[0],
            "group_label": groups.get(task, ("", desk.say(_OUTSIDE_GROUPS)))[1],
            "code": code_of(unit, task),
            "label": titles.get(task, ""),
            "planned": results.get(task, ("", ""))[0],
            "achieved": results.get(task, ("", ""))[1],
            **cells,
        }
        for (unit, task), cells in merged(ordered, columns, CellFigure(0))
    ]


def rank(unit: str, task: str, titles: Mapping[str, str]) -> tuple[str, int, str]:
    """Where a task stands: as the book declares them, undeclared ones last."""
    declared = list(titles)
    return unit, declared.index(task) if task in titles else len(declared), task


def _groups(desk: Desk) -> dict[str, tuple[str, str]]:
    frame = desk.facts["tasks"]
    return {
        str(task): (str(group), f"{group}. {title}")
        for task, group, title in zip(
            frame["task"], frame["group"], frame["group_title"], strict=True
        )
    }


def outputs(desk: Desk) -> dict[str, tuple[str, str]]:
    """What each task was to achieve and what it did."""
    expected = desk.facts["expected_outputs"]
    planned: dict[str, dict[str, str]] = {}
    for row in records(expected):  # a later change of the plan takes the earlier one's place
        planned.setdefault(str(row.task), {})[str(row.unit)] = _span(row.least, row.most)
    achieved: dict[str, Counter[str]] = {}
    for row in records(desk.facts["outputs"]):
        if not pd.isna(row.quantity):
            achieved.setdefault(str(row.task), Counter())[str(row.unit)] += int(row.quantity)
    return {
        task: (
            "; ".join(
                f"{n} {desk.say(unit_name(unit))}" for unit, n in planned.get(task, {}).items()
            ),
            "; ".join(
                f"{n} {desk.say(unit_name(unit))}" for unit, n in achieved.get(task, {}).items()
            ),
        )
        for task in {*planned, *achieved}
    }


def _span(least: Any, most: Any) -> str:  # noqa: ANN401  # a nullable number of a frame
    if pd.isna(least):
        return f"khoảng {most}"
    return str(least) if pd.isna(most) or least == most else f"{least}–{most}"


def programme_results(desk: Desk, copy: Copy) -> list[Record]:
    """Form F01-02 part III: what the tasks of a programme were to achieve, and did."""
    results = outputs(desk)
    used = desk.teller.source.by("b01.proposed", ("task",), **copy.where)
    wanted = desk.facts["tasks"]
    said = dict(zip(wanted["task"].astype(str), wanted["expected"].astype(str), strict=True))
    titles = task_titles(desk.facts)
    return [
        {
            "label": f"{task}: {titles.get(task, '')}",
            "planned": said.get(task) or results.get(task, ("", ""))[0],
            "achieved": results.get(task, ("", ""))[1],
        }
        for (task,) in sorted(used, key=lambda key: rank("", str(key[0]), titles))
    ]


def contributors(desk: Desk, _: Copy) -> list[Record]:
    """Contributions by task and contributor."""
    keys = ("unit", "task", "contributor")
    names = {
        "pledged": "pledged",
        "cash": "cash",
        "direct": "direct",
        "given_back": "given.to.contributor",
        "due": "pledge.left",
    }
    columns = {column: desk.teller.sums(name, keys) for column, name in names.items()}
    titles, parties = task_titles(desk.facts), party_names(desk.facts)
    found = {key for figures in columns.values() for key in figures if key[1]}
    ordered = sorted(found, key=lambda key: (rank(str(key[0]), str(key[1]), titles), key[2]))
    return [
        {
            "task": code_of(unit, task),
            "task_label": task_label(desk.facts, unit, task),
            "tax_code": contributor,
            "label": parties.get(contributor, ""),
            **cells,
        }
        for (unit, task, contributor), cells in merged(ordered, columns, Amount(0))
    ]
