"""Read a file of waivers as data: parsed and nothing more, whatever it may name."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from beancount.core.data import Custom

from ledger.beans.entries import customs
from ledger.beans.load import parse_alone
from ledger.declare import Declared, read_declarations
from ledger.directives import Waiver
from ledger.problems import BadInputError, Problem
from ledger.text import Text, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    problems: list[Problem] = []
    entries, found = parse_alone(file, problems)
    problems += _foreign(file, entries, found)
    declared, wrong = read_declarations(customs(entries))
    problems += wrong
    if problems:
        raise BadInputError(sorted(problems, key=lambda problem: problem.line))
    return declared


def _foreign(file: str, entries: list[Any], found: dict[str, Any]) -> list[Problem]:
    """What is no waiver: other directives, and lines that Beancount takes as instructions."""
    lines = {
        entry.meta["lineno"]
        for entry in entries
        if type(entry) is not Custom or entry.type != Waiver.directive
    }
    lines |= {number for number, line in _numbered(file) if _INSTRUCTION.match(line)}
    if not lines and (found["include"] or found["plugin"]):
        lines = {0}
    return [
        Problem(file, line, Text("không phải chấp nhận phát hiện", "not a waiver"), _REMEDY)
        for line in sorted(lines)
    ]


def _numbered(file: str) -> Iterator[tuple[int, str]]:
    with contextlib.suppress(OSError, UnicodeDecodeError):  # told already
        yield from enumerate(lines_of(Path(file).read_text("utf-8")), 1)
