"""What stands in the source of a book, where Beancount's reading has already changed it."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text, composed, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def lines_of_fields(file: str, places: Iterable[tuple[int, str]]) -> list[int]:
    """The lines of fields of one file, each by the line of its entry or posting and its key.

    The file is read once; a field that is not found stands where its entry does.
    """
    lines: list[str] = []
    with contextlib.suppress(OSError, UnicodeDecodeError):
        lines = lines_of(Path(file).read_text("utf-8"))
    return [_line_of_field(lines, line, key) for line, key in places]


def _line_of_field(lines: list[str], line: int, key: str) -> int:
    for number, words in enumerate(lines[line : line + _LONGEST], line + 1):
        if not words.startswith((" ", "\t")):
            break
        if words.split(":", 1)[0].strip() == key:
            return number
    return line


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


_SPOKEN: Final = re.compile(
    r"(?P<number>\d[\d.,\s]*?)\s*(?P<scale>nghìn|ngàn|triệu|tr|tỷ|tỉ)?\s*(?:đồng|đ|vnđ|vnd|₫)?",
    re.IGNORECASE,
)
_SCALES: Final = {
    **dict.fromkeys(("nghìn", "ngàn"), 10**3),
    **dict.fromkeys(("triệu", "tr"), 10**6),
    **dict.fromkeys(("tỷ", "tỉ"), 10**9),
}


def number_of(text: str) -> int | None:
    """The whole number that somebody wrote as people speak: ``150 triệu``, ``1,5 tỷ``, ``2.000``.

    None where there is none, or where it can be read in several ways.
    """
    match = _SPOKEN.fullmatch(composed(text.strip('" ')))
    if match is None:
        return None
    number, scale = match["number"].strip(), _SCALES.get((match["scale"] or "").casefold(), 1)
    if scale > 1 and re.fullmatch(r"\d+[.,]\d{3}", number):
        return None  # 1,250 tỷ: thousands to one reader, three decimals to another
    if re.fullmatch(r"[1-9]\d{0,2}(?:([.,\s])\d{3})(?:\1\d{3})*|\d+", number):
        return int(re.sub(r"\D", "", number)) * scale
    if scale > 1 and re.fullmatch(r"\d+[.,]\d{1,2}", number):
        whole, decimals = re.split(r"[.,]", number)
        return int(whole + decimals) * scale // int(10 ** len(decimals))
    return None


def number_remedy(key: str, text: str) -> Text | None:
    """How to write a whole number; None where it is one, and wrong for another reason."""
    number = number_of(text)
    if text == str(number):
        return None
    if number is None:
        example = "2026" if key.endswith("year") else "150000000"
        return Text(
            f"viết số nguyên, không có ngoặc kép, dấu chấm, chữ, ví dụ {key}: {example}",
            f"write a whole number without quotes, dots and words, as {key}: {example}",
        )
    return Text(f"viết {key}: {number}", f"write {key}: {number}")


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
