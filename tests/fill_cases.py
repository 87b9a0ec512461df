"""Write into the cases of rules what the rules say of them now.

    python -m tests.fill_cases [CODE ...]

For a new case, whose finding is written by hand up to the subject, or after a message was worded
anew. What is written is what must hold from now on: read the difference before it is kept.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from rules.rule import Described, catalogue
from tests.cases import SAID_OF_CASE, cases_of, outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LISTS = ("cites", "evidence")


def filled(rule: Described, scratch: Path) -> str:
    """The text of the rule's file of cases with what the rule says of each."""
    text = rule.cases_file().read_text("utf-8")
    lines = text.splitlines()
    cases = {key.value: value for key, value in yaml.compose(text).value}["cases"].value
    for case, node in reversed(list(zip(cases_of(rule), cases, strict=True))):
        folder = Path(tempfile.mkdtemp(dir=scratch))
        said = outcome_of(case, folder).says
        keys = [(key.value, key.start_mark.line) for key, _ in node.value]
        ends = [*(line for _, line in keys[1:]), node.end_mark.line]
        for (key, start), end in reversed(list(zip(keys, ends, strict=True))):
            if key == "book":
                lines[start:start] = _said(said)
            elif key in SAID_OF_CASE:
                lines[start:end] = [line for line in lines[start:end] if "#" in line]
    return "\n".join(lines) + "\n"


def _said(said: dict[str, Any]) -> Iterator[str]:
    """What a rule says of a case, as lines of its YAML."""
    if said["fail"]:
        yield "    fail:"
    for row in said["fail"]:
        for place, (key, value) in enumerate(row.items()):
            yield f"      {' ' if place else '-'} {key}: {_value(value)}"
    for key in SAID_OF_CASE[1:]:
        if key in said:
            yield f"    {key}: {_value(said[key])}"


def _value(value: str | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    plain = value.replace("-", "").replace("/", "").replace(" ", "").isalnum()
    return value if plain else json.dumps(value, ensure_ascii=False)


def main() -> None:
    """Fill the cases of the rules named, or of all."""
    codes = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        for rule in catalogue():
            if not codes or rule.code in codes:
                text = filled(rule, Path(scratch))
                rule.cases_file().write_text(text, "utf-8")


if __name__ == "__main__":
    main()
