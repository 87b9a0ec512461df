"""What stops a command: input that cannot be used, said with place and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.text import Language, Text


class Problem(NamedTuple):
    """One thing wrong with the input.

    Attributes:
        file: absolute path, or empty where no file is at fault.
        line: 1-based; 0 where the whole file is meant.
        text: what is wrong and what was expected.
        remedy: what to do.
    """

    file: str
    line: int
    text: Text
    remedy: Text | None = None

    def to(self, language: Language) -> str:
        """The problem as one message, with its place first."""
        line = f":{self.line}" if self.line else ""
        place = f"{show_path(self.file)}{line}: " if self.file else ""
        remedy = f"\n    → {printable(self.remedy.to(language))}" if self.remedy else ""
        return f"{printable(place + self.text.to(language))}{remedy}"


class BadInputError(Exception):
    """Input that a command cannot go on with; carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(problem.to("vi") for problem in problems))
        self.problems = tuple(problems)


def refusal(
    text: Text, remedy: Text | None = None, *, file: str = "", line: int = 0
) -> BadInputError:
    """The error of one problem; where no file is at fault none is named."""
    return BadInputError([Problem(file, line, text, remedy)])


def show_path(file: str) -> str:
    """A path as a person wants to read it: relative where it lies below the current folder."""
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except ValueError:
        return file
