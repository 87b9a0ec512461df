"""What stands in the source of a book, where Beancount's reading has already changed it."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from ledger.text import Text

_LONGEST: Final = 60  # lines of metadata and postings looked through
_FIELD: Final = r"\s+{key}:\s*(?P<value>[^;]*?)\s*(?:;.*)?"
_LOCAL_DAY: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YES_NO: Final = {"có": "TRUE", "yes": "TRUE", "không": "FALSE", "no": "FALSE"}


class Written(NamedTuple):
    """A value as its writer wrote it; the text is empty where it was not found."""

    line: int
    text: str


def as_written(file: str, line: int, key: str) -> Written:
    """The field of the entry or posting that begins on a line, as the file has it."""
    pattern = re.compile(_FIELD.format(key=re.escape(key)))
    with (
        contextlib.suppress(OSError, UnicodeDecodeError),
        Path(file).open(encoding="utf-8") as all_,
    ):
        for number, words in enumerate(islice(all_, line, line + _LONGEST), line + 1):
            if not words.startswith((" ", "\t")):
                break
            match = pattern.fullmatch(words.rstrip("\n"))
            if match:
                return Written(number, match["value"])
    return Written(line, "")


def digits_as_written(file: str, line: int, number: str) -> str:
    """A number of a line with the leading zeros that stand there."""
    with (
        contextlib.suppress(OSError, UnicodeDecodeError),
        Path(file).open(encoding="utf-8") as all_,
    ):
        for words in islice(all_, line - 1, line):
            match = re.search(rf"(?<![\d\"/])0*{re.escape(number)}(?!\d)", words)
            if match:
                return match.group()
    return number


def remedy_of(key: str, text: str) -> Text | None:
    """How to write a day, or yes and no, that were written as people speak."""
    right = right_spelling(text)
    return Text(f"viết {key}: {right}", f"write {key}: {right}") if right else None


def right_spelling(text: str) -> str:
    """A day, or yes and no, as it is to be written; empty where it cannot be told."""
    bare = text.strip('"')
    match = _LOCAL_DAY.fullmatch(bare)
    right = _YES_NO.get(bare.casefold(), "")
    if match:
        day, month, year = (int(part) for part in match.groups())
        with contextlib.suppress(ValueError):
            right = dt.date(year, month, day).isoformat()
    return right
