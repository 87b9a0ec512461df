"""What the text fields of a declaration say, read out once so that no rule parses text."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from ledger.directives import Declaration, Event, PlanChange, Programme, Support, Task
from ledger.problems import Problem
from ledger.text import Text, split_list
from ledger.written import as_written, number_of, remedy_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.declare import Declared

# Rows of the facts frames made of a declaration's text, each with the frame's name.
Parts = list[tuple[str, dict[str, object]]]


def read_parts(item: Declared) -> tuple[Parts, list[Problem]]:
    """The rows that a declaration's text fields make, or why they cannot be read."""
    reader = _READERS.get(type(item.model))
    if reader is None:
        return [], []
    try:
        return reader(item.model), []
    except _WordingError as error:
        line = as_written(item.file, item.line, error.key).line
        return [], [Problem(item.file, line, error.text, error.remedy)]


class _WordingError(Exception):
    def __init__(self, key: str, text: Text, remedy: Text) -> None:
        super().__init__(text.vi)
        self.key = key
        self.text = text
        self.remedy = remedy


_OUTPUT = re.compile(r"(?P<unit>\S+) (?P<about>~?)(?P<least>\d+)(?:-(?P<most>\d+))?")
_QUANTITY = re.compile(r"(?P<quantity>\d+) (?P<unit>\S+)")


def _decisions(words: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for part in words.split("|"):
        fields = [field.strip() for field in part.split(";")]
        try:
            number, day, total = fields
            rows.append(
                {
                    "decision": number,
                    "decision_date": dt.date.fromisoformat(day),
                    "total": int(total),
                }
            )
        except ValueError:
            raise _WordingError("decisions", *_wrong_decision(part.strip(), fields)) from None
    return rows


def _wrong_decision(part: str, fields: list[str]) -> tuple[Text, Text]:
    """What is wrong with one decision: how many parts it has, its day, or its total."""
    told = Text(f"decisions: không đọc được «{part}»", f"decisions: “{part}” cannot be read")
    form = Text(
        'viết "số quyết định; YYYY-MM-DD; tổng số", các quyết định cách nhau bằng |',
        'write "number; YYYY-MM-DD; total", decisions parted by |',
    )
    if len(fields) != len(_DECISION):
        return told, form
    _, day, total = fields
    right_total = total if total.isdecimal() else number_of(total)
    right_day = (remedy_of("", day) or Text("", "")).vi.rpartition(" ")[2]
    whys = []
    if not _is_day(day):
        whys.append(Text(f"ngày «{day}» không phải YYYY-MM-DD", f"“{day}” is no day YYYY-MM-DD"))
    if not total.isdecimal():
        whys.append(
            Text(
                f"tổng số «{total}» không phải số nguyên chỉ có chữ số (không dấu chấm, phẩy, chữ)",
                f"the total “{total}” is no whole number of digits alone (no dots, commas, words)",
            )
        )
    why = Text("; ".join(one.vi for one in whys), "; ".join(one.en for one in whys))
    told = Text(f"{told.vi}: {why.vi}", f"{told.en}: {why.en}")
    if right_total is None or not (_is_day(day) or right_day):
        return told, form
    right = "; ".join([fields[0], day if _is_day(day) else right_day, str(right_total)])
    return told, Text(f'viết "{right}"', f'write "{right}"')


_DECISION: Final = ("number", "day", "total")


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _output_rows(task: str, changed_by: str, words: str) -> Parts:
    return [
        ("expected_outputs", {"task": task, "changed_by": changed_by, **row})
        for row in _outputs(words)
    ]


def _outputs(words: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for part in split_list(words):
        match = _OUTPUT.fullmatch(part)
        if match is None:
            raise _WordingError(
                "outputs",
                Text(f"outputs: không đọc được «{part}»", f"outputs: “{part}” cannot be read"),
                Text(
                    'viết "booth ~200; class 5; enterprise 10-15"',
                    'write "booth ~200; class 5; enterprise 10-15"',
                ),
            )
        least = int(match["least"])
        rows.append(
            {
                "unit": match["unit"],
                "least": None if match["about"] else least,
                "most": int(match["most"]) if match["most"] else least,
            }
        )
    return rows


def _quantities(key: str, words: str) -> dict[str, int]:
    counted = {}
    for part in split_list(words):
        match = _QUANTITY.fullmatch(part)
        if match is None:
            raise _WordingError(
                key,
                Text(f"{key}: không đọc được «{part}»", f"{key}: “{part}” cannot be read"),
                Text(
                    'viết "200 participating-unit; 3 day"', 'write "200 participating-unit; 3 day"'
                ),
            )
        counted[match["unit"]] = int(match["quantity"])
    return counted


def _quantity_rows(of: str, code: str, counted: Mapping[str, int]) -> Parts:
    return [
        ("quantities", {"of": of, "code": code, "unit": unit, "quantity": quantity})
        for unit, quantity in counted.items()
    ]


def _event_rows(model: Event) -> Parts:
    counted = {**_quantities("planned", model.planned), **_quantities("actual", model.actual)}
    return _quantity_rows("event", model.event, counted)


_READERS: Final[dict[type[Declaration], Callable[[Any], Parts]]] = {
    Programme: lambda model: [
        ("allotment_decisions", {**row, "budget_year": model.budget_year})
        for row in _decisions(model.decisions)
    ],
    Task: lambda model: _output_rows(model.task, "", model.outputs),
    PlanChange: lambda model: _output_rows(model.task, model.decision, model.outputs),
    Event: _event_rows,
    Support: lambda model: _quantity_rows(
        "support", model.support, _quantities("quantity", model.quantity)
    ),
}
