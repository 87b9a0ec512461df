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
        for row in records(facts["expected_outputs"]):
            # A missing figure is the plan's «khoảng».
            least = None if pd.isna(row.least) else int(row.least)
            self._outputs.setdefault((row.book, row.task, row.changed_by), {})[row.unit] = least
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
        outputs = self._outputs.get((book, task, ""), {})
        for change in self._decided(book, task, day):
            outputs = self._outputs.get((book, task, change.decision), outputs)
        return outputs

    def _decided(self, book: str, task: str, day: dt.date) -> list[Any]:
        changes = self._changes.get((book, task), [])
        return [change for change in changes if change.decision_date.date() <= day]
