"""Read a file of waivers as data: parsed and nothing more, whatever it may name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from beancount.core.data import Custom
from beancount.parser import parser

from ledger.beans.entries import customs
from ledger.beans.load import parse_problem
from ledger.declare import Declared, read_declarations
from ledger.directives import Waiver
from ledger.problems import BadInputError, Problem
from ledger.text import Text

if TYPE_CHECKING:
    from pathlib import Path

_INSTRUCTION: Final = re.compile(r"(?:option|plugin|include|push\w+|pop\w+)\b")
_REMEDY: Final = Text(
    'tệp này chỉ chứa các khai báo custom "waiver" MÃ DẤU-VÂN',
    'this file holds nothing but custom "waiver" CODE FINGERPRINT',
)


def read_waivers(path: Path) -> list[Declared]:
    """The waivers of an auditor's own file.

    Nothing that the file names is run or read: plugins, options and includes are refused.

    Raises:
        BadInputError: the file cannot be read, or holds anything but waivers.
    """
    file = str(path.resolve())
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = Text(f"không đọc được tệp: {error}", f"the file cannot be read: {error}")
        raise BadInputError([Problem(file, 0, told)]) from None
    entries, errors, found = parser.parse_string(text, report_filename=file)
    problems = [parse_problem(error, file) for error in errors]
    problems += _foreign(text, file, entries, found)
    declared, wrong = read_declarations(customs(entries))
    problems += wrong
    if problems:
        raise BadInputError(sorted(problems, key=lambda problem: problem.line))
    return declared


def _foreign(text: str, file: str, entries: list[Any], found: dict[str, Any]) -> list[Problem]:
    """What is no waiver: other directives, and lines that Beancount takes as instructions."""
    lines = {
        entry.meta["lineno"]
        for entry in entries
        if type(entry) is not Custom or entry.type != Waiver.directive
    }
    lines |= {n for n, line in enumerate(text.splitlines(), 1) if _INSTRUCTION.match(line)}
    if not lines and (found["include"] or found["plugin"]):
        lines = {0}
    return [
        Problem(file, line, Text("không phải chấp nhận phát hiện", "not a waiver"), _REMEDY)
        for line in sorted(lines)
    ]
