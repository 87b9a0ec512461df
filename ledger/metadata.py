"""Metadata of transactions and postings as columns: what each key may hold, read in one table."""

from __future__ import annotations

import datetime as dt
from array import array
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from ledger.columns import DATE, FLAG, METADATA, MONEY, NUMBER, TEXT
from ledger.declare import show, unquoted
from ledger.directives import FIRST_YEAR, LAST_YEAR, is_whole
from ledger.facts import text_type
from ledger.problems import Problem
from ledger.text import LARGEST_AMOUNT, Text, composed
from ledger.written import as_written, number_remedy, remedy_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from ledger.columns import ColumnType

EPOCH: Final = dt.date(1970, 1, 1).toordinal()
CURRENCY: Final = "VND"


class TextBuilder:
    """A category column under construction; rows not put are empty text."""

    def __init__(self, rows: int) -> None:
        self.codes = array("i", bytes(4 * rows))
        self._code_of = {"": 0}
        self._values = [""]

    def put(self, row: int, value: str) -> None:
        """The text of one row; two spellings of the same letters are one text."""
        code = self._code_of.get(value)
        self.codes[row] = self._new(value) if code is None else code

    def _new(self, value: str) -> int:
        text = composed(value)
        if text not in self._code_of:
            self._code_of[text] = len(self._values)
            self._values.append(text)
        code = self._code_of[value] = self._code_of[text]
        return code

    def spread(self, owner: NDArray[np.int32]) -> pd.Categorical[str]:
        """The column with one row for each owner."""
        return categorical(np.frombuffer(self.codes, dtype=np.int32)[owner], self._values)


def categorical(codes: NDArray[np.int32], categories: list[str]) -> pd.Categorical[str]:
    """A text column from codes into its distinct texts."""
    return pd.Categorical.from_codes(codes, dtype=text_type(categories), validate=False)


class _Kept(NamedTuple):
    """How a kind of value is kept: as a number, and in what words a wrong one is told."""

    number_of: Callable[[Any], int | None]
    expected: Text
    remedy: Callable[[str, str], Text | None] = remedy_of


def _amount(value: Any) -> int | None:  # noqa: ANN401  # metadata
    """Whole VND, bare or with its currency; None for anything else."""
    number, currency = getattr(value, "number", value), getattr(value, "currency", CURRENCY)
    if not isinstance(number, Decimal) or currency != CURRENCY or not is_whole(number):
        return None
    return int(number) if abs(number) <= LARGEST_AMOUNT else None


def _year(value: Any) -> int | None:  # noqa: ANN401  # metadata
    whole = isinstance(value, Decimal) and is_whole(value)
    return int(value) if whole and FIRST_YEAR <= value <= LAST_YEAR else None


def _day(value: Any) -> int | None:  # noqa: ANN401  # metadata
    return value.toordinal() - EPOCH if isinstance(value, dt.date) else None


def _flag(value: Any) -> int | None:  # noqa: ANN401  # metadata
    return int(value) if isinstance(value, bool) else None


_KEPT: Final[dict[ColumnType, _Kept]] = {
    MONEY: _Kept(
        _amount,
        Text(
            "số nguyên đồng, tối đa 15 chữ số, không có ngoặc kép và dấu chấm",
            "whole VND of at most 15 digits, without quotes and dots",
        ),
        number_remedy,
    ),
    NUMBER: _Kept(
        _year,
        Text(
            f"năm từ {FIRST_YEAR} đến {LAST_YEAR}, không có ngoặc kép",
            f"a year from {FIRST_YEAR} to {LAST_YEAR}, without quotes",
        ),
        number_remedy,
    ),
    DATE: _Kept(
        _day,
        Text("ngày, viết YYYY-MM-DD không có ngoặc kép", "a date, YYYY-MM-DD without quotes"),
    ),
    FLAG: _Kept(_flag, Text("TRUE hoặc FALSE", "TRUE or FALSE")),
}

_TYPES: Final[dict[str, tuple[str, ColumnType]]] = {
    **{column.name.replace("_", "-"): (column.name, column.type) for column in METADATA},
    "budget-year": ("budget_year", NUMBER),
    "sub-item": ("sub_item", TEXT),
}


KNOWN_FIELDS: Final = tuple(_TYPES)

# What Beancount, Fava and importers write of their own on transactions and postings.
FOREIGN_FIELDS: Final = frozenset(
    {
        *("filename", "lineno", "__automatic__", "__tolerances__", "__residual__"),
        *("document", "statement", "__duplicate__", "__source__", "import-key"),
    }
)


class StrangeField(NamedTuple):
    """A metadata key that is neither ours nor another program's."""

    file: str
    line: int
    key: str


class MetadataReader:
    """Collects metadata of one level (transactions, or postings) into columns.

    Columns that no row carries cost nothing: they are made at the first value.

    Attributes:
        texts: text columns by name.
        numbers: every other column by name, flags and days as numbers.
        given: which rows carry the number.
        strange: keys that nobody reads, each with its row.
    """

    def __init__(self, rows: int, problems: list[Problem]) -> None:
        self.texts: dict[str, TextBuilder] = {}
        self.numbers: dict[str, NDArray[np.int64]] = {}
        self.given: dict[str, NDArray[np.bool_]] = {}
        self.strange: list[tuple[int, StrangeField]] = []
        self._rows = rows
        self._problems = problems

    def read(self, row: int, meta: Mapping[str, Any]) -> None:
        """Take the keys that the facts know; what is no other program's either is noted."""
        for key, value in meta.items():
            known = _TYPES.get(key)
            if known is None:
                if key not in FOREIGN_FIELDS:
                    found = StrangeField(meta["filename"], meta["lineno"], key)
                    self.strange.append((row, found))
                continue
            name, kind = known
            if kind is not TEXT:
                self._read_number(row, name, _KEPT[kind], key, meta)
            elif type(value) is str:
                self._builder(name).put(row, value)
            else:
                written = as_written(meta["filename"], meta["lineno"], key)
                shown = written.text or show(value)
                self._complain(meta, written.line, *unquoted(key, shown))

    def _builder(self, name: str) -> TextBuilder:
        if name not in self.texts:
            self.texts[name] = TextBuilder(self._rows)
        return self.texts[name]

    def _read_number(
        self, row: int, name: str, kept: _Kept, key: str, meta: Mapping[str, Any]
    ) -> None:
        number = kept.number_of(meta[key])
        if number is None:
            expected = kept.expected
            written = as_written(meta["filename"], meta["lineno"], key)
            shown = written.text or show(meta[key])
            told = Text(
                f"«{key}» phải là {expected.vi}; ở đây là {shown}",
                f"“{key}” must be {expected.en}; here it is {shown}",
            )
            self._complain(meta, written.line, told, kept.remedy(key, shown))
            return
        if name not in self.numbers:
            self.numbers[name] = np.zeros(self._rows, dtype=np.int64)
            self.given[name] = np.zeros(self._rows, dtype=np.bool_)
        self.numbers[name][row] = number
        self.given[name][row] = True

    def _complain(
        self, meta: Mapping[str, Any], line: int, text: Text, remedy: Text | None
    ) -> None:
        self._problems.append(Problem(meta["filename"], line, text, remedy))
