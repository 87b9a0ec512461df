"""The plan's frame of each task: its window and expected outputs, with the changes decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from rules.rows import records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from ledger.facts import Facts


class Window(NamedTuple):
    """The first and the last day of a task."""

    start: dt.date
    end: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether a day lies in the window."""
        return self.start <= day <= self.end


class Plan:
    """Windows and outputs as the plan and the decisions that changed it give them."""

    def __init__(self, facts: Facts) -> None:
        self.tasks: dict[tuple[str, str], Any] = {
            (row.book, row.task): row for row in records(facts["tasks"])
        }
        self._outputs: dict[tuple[str, str, str], dict[str, int | None]] = {}
        self._most: dict[tuple[str, str, str], dict[str, int | None]] = {}
        for row in records(facts["expected_outputs"]):
            # A missing figure is the plan's «khoảng»: neither the least nor the most.
            about = pd.isna(row.least)
            key = (row.book, row.task, row.changed_by)
            self._outputs.setdefault(key, {})[row.unit] = None if about else int(row.least)
            most = None if about or pd.isna(row.most) else int(row.most)
            self._most.setdefault(key, {})[row.unit] = most
        self._changes: dict[tuple[str, str], list[Any]] = {}
        changes = facts["plan_changes"].sort_values(["decision_date", "decision"])
        for row in records(changes):
            self._changes.setdefault((row.book, row.task), []).append(row)

    def window(self, book: str, task: str, day: dt.date) -> Window | None:
        """A task's window by the decisions made up to a day; None where it is not declared."""
        declared = self.tasks.get((book, task))
        if declared is None:
            return None
        start, end = declared.start.date(), declared.end.date()
        for change in self._decided(book, task, day):
            start = start if pd.isna(change.start) else change.start.date()
            end = end if pd.isna(change.end) else change.end.date()
        return Window(start, end)

    def outputs(self, book: str, task: str, day: dt.date) -> Mapping[str, int | None]:
        """The least that each unit of output must reach; None stands for the plan's «khoảng»."""
        return self._as_decided(self._outputs, book, task, day)

    def most(self, book: str, task: str, day: dt.date) -> Mapping[str, int | None]:
        """The most that each unit of output is expected to reach; None for «khoảng»."""
        return self._as_decided(self._most, book, task, day)

    def _as_decided(
        self,
        figures: Mapping[tuple[str, str, str], dict[str, int | None]],
        book: str,
        task: str,
        day: dt.date,
    ) -> Mapping[str, int | None]:
        """Figures of the plan, or of the last decision up to a day that gives some."""
        found = figures.get((book, task, ""), {})
        for change in self._decided(book, task, day):
            found = figures.get((book, task, change.decision), found)
        return found

    def _decided(self, book: str, task: str, day: dt.date) -> list[Any]:
        changes = self._changes.get((book, task), [])
        return [change for change in changes if change.decision_date.date() <= day]
