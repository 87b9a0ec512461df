"""A cell of a sheet that somebody filled in, with its place for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.problems import Problem, show_path
from ledger.text import Text

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal


class SheetCell(NamedTuple):
    """One cell as it was read.

    Attributes:
        file: absolute path.
        sheet: name of the sheet; empty for a CSV file.
        ref: ``H12``.
        value: None where it is empty; text stays text, numbers are exact.
    """

    file: str
    sheet: str
    ref: str
    value: str | int | Decimal | dt.date | bool | None

    @property
    def text(self) -> str:
        """Its value as text; empty where there is none."""
        return "" if self.value is None else str(self.value).strip()

    @property
    def place(self) -> Text:
        """File, sheet and cell in words."""
        name = show_path(self.file)
        if not self.sheet:
            return Text(f"{name}, ô {self.ref}", f"{name}, cell {self.ref}")
        return Text(
            f"{name}, trang «{self.sheet}», ô {self.ref}",
            f"{name}, sheet “{self.sheet}”, cell {self.ref}",
        )

    def problem(self, text: Text, remedy: Text | None = None) -> Problem:
        """What is wrong with it."""
        place = self.place
        return Problem("", 0, Text(f"{place.vi}: {text.vi}", f"{place.en}: {text.en}"), remedy)


SheetRow = dict[str, SheetCell]
