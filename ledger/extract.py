"""From a book as read to its facts: one pass over the entries, one column at a time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ledger import beans
from ledger.accounts import read_account
from ledger.beans import FLAG_WARNING
from ledger.columns import (
    DATE,
    FLAG,
    FRAMES,
    METADATA,
    POSTINGS,
    TEXT,
    Column,
)
from ledger.declare import Declared, read_declarations
from ledger.directives import DECLARATIONS, FIRST_YEAR, LAST_YEAR, is_whole
from ledger.facts import Facts, frame_of
from ledger.metadata import CURRENCY, EPOCH, MetadataReader, StrangeField, TextBuilder, categorical
from ledger.problems import BadInputError, Problem
from ledger.text import LARGEST_AMOUNT, Text
from ledger.wording import read_parts
from ledger.written import lines_of_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

_PLACES = frozenset({"filename", "lineno"})


class BookEntries(NamedTuple):
    """What the facts are made of: entries and what is known of the book beside them."""

    main: str
    entries: Sequence[Any]
    errors: Sequence[beans.BeanError] = ()
    files: Sequence[str] = ()


def extract(source: BookEntries) -> Facts:
    """The facts of one book.

    Raises:
        BadInputError: a declaration or a metadata value is not what it must be.
    """
    declared, problems = read_declarations(beans.customs(source.entries))
    postings = _Postings(source.entries)
    problems += postings.problems
    frames = _declaration_frames(source.main, declared, problems)
    if problems:
        raise BadInputError(sorted(problems, key=lambda p: (p.file, p.line)))
    frames["postings"] = postings.frame(source.main)
    strange = postings.strange_fields(source.main)
    frames["strange_fields"] = frame_of(FRAMES["strange_fields"], strange)
    frames |= _other_frames(source)
    return Facts(frames)


class _Postings:
    """All postings of a book, column by column."""

    def __init__(self, entries: Sequence[Any]) -> None:
        self.problems: list[Problem] = []
        transactions = [e for e in entries if type(e) is beans.Transaction]
        total = sum(len(entry.postings) for entry in transactions)
        self._entries = MetadataReader(len(transactions), self.problems)
        self._own = MetadataReader(total, self.problems)
        self._files = TextBuilder(len(transactions))
        self._narrations = TextBuilder(len(transactions))
        self._tags = TextBuilder(len(transactions))
        self._written = TextBuilder(total)
        self._dates = np.zeros(len(transactions), dtype=np.int64)
        self._entry_lines = np.zeros(len(transactions), dtype=np.int32)
        self._undecided = np.zeros(len(transactions), dtype=np.bool_)
        self._owners = np.zeros(total, dtype=np.int32)
        self._lines = np.zeros(total, dtype=np.int32)
        self._amounts = np.zeros(total, dtype=np.int64)
        self._account_codes = np.zeros(total, dtype=np.int32)
        self._accounts: dict[str, int] = {}
        self._read(transactions)
        self._require_years(transactions)

    def _read(self, transactions: Sequence[Any]) -> None:
        row = 0
        for number, entry in enumerate(transactions):
            meta = entry.meta
            self._dates[number] = entry.date.toordinal() - EPOCH
            self._entry_lines[number] = meta["lineno"]
            self._undecided[number] = entry.flag == FLAG_WARNING
            self._files.put(number, meta["filename"])
            self._narrations.put(number, entry.narration or "")
            if entry.tags:
                self._tags.put(number, ";".join(sorted(entry.tags)))
            self._entries.read(number, meta)
            for posting in entry.postings:
                self._owners[row] = number
                self._read_posting(row, posting, meta)
                row += 1

    def _read_posting(self, row: int, posting: Any, entry_meta: Mapping[str, Any]) -> None:  # noqa: ANN401  # Beancount's posting
        meta = posting.meta or entry_meta
        self._lines[row] = meta.get("lineno", entry_meta["lineno"])
        account = posting.account
        self._account_codes[row] = self._accounts.setdefault(account, len(self._accounts))
        self._amounts[row] = self._amount(row, posting.units, meta)
        if meta is not entry_meta and len(meta) > len(_PLACES):
            self._own.read(row, meta)

    def _amount(self, row: int, units: Any, meta: Mapping[str, Any]) -> int:  # noqa: ANN401  # Beancount's amount
        number, currency = units
        if currency != CURRENCY:
            self._written.put(row, f"{number} {currency}")
            return 0
        whole = int(number)
        if not is_whole(number):
            self._written.put(row, f"{number} {currency}")
        if abs(whole) > LARGEST_AMOUNT:
            self.problems.append(
                Problem(
                    meta["filename"],
                    meta["lineno"],
                    Text(
                        f"số tiền {number} dài quá 15 chữ số",
                        f"the amount {number} has more than 15 digits",
                    ),
                )
            )
            return 0
        return whole

    def _require_years(self, transactions: Sequence[Any]) -> None:
        """A budget year taken from the day is held to what one that is written is held to."""
        days = self._dates[self._owners].astype("datetime64[D]")
        years, given = self._budget_years(days.astype("datetime64[Y]").astype(np.int64) + 1970)
        strange = ~given & ((years < FIRST_YEAR) | (years > LAST_YEAR))
        for number in np.unique(self._owners[strange]).tolist():
            entry = transactions[number]
            text = Text(
                f"ngày {entry.date} không cho biết niên độ: năm phải từ {FIRST_YEAR} đến "
                f"{LAST_YEAR}",
                f"the day {entry.date} tells no budget year: years go from {FIRST_YEAR} to "
                f"{LAST_YEAR}",
            )
            remedy = Text(
                "sửa ngày của giao dịch, hoặc ghi niên độ ở budget-year",
                "mend the day of the transaction, or write its budget-year",
            )
            self.problems.append(
                Problem(entry.meta["filename"], entry.meta["lineno"], text, remedy)
            )

    def frame(self, main: str) -> pd.DataFrame:
        """The frame ``postings``."""
        owners = self._owners
        rows = len(owners)
        days = self._dates[owners].astype("datetime64[D]")
        columns: dict[str, Any] = {
            "book": categorical(np.zeros(rows, dtype=np.int32) + 1, ["", main]),
            "file": self._files.spread(owners),
            "line": self._lines,
            "posting": np.arange(rows, dtype=np.int32),
            "entry": owners,
            "entry_line": self._entry_lines[owners],
            "date": days.astype("datetime64[s]"),
            "undecided": self._undecided[owners],
            "narration": self._narrations.spread(owners),
            "tags": self._tags.spread(owners),
            "amount": self._amounts,
            "written": self._written.spread(np.arange(rows, dtype=np.int32)),
            **self._account_columns(),
        }
        columns["sub_item"] = self._text("sub_item", columns["sub_item"])
        years = days.astype("datetime64[Y]").astype(np.int64) + 1970
        columns["budget_year"], columns["budget_year_given"] = self._budget_years(years)
        for column in METADATA:
            columns[column.name] = self._metadata(column)
        return pd.DataFrame({column.name: columns[column.name] for column in POSTINGS})

    def strange_fields(self, main: str) -> list[dict[str, object]]:
        """Keys that nobody reads, those of the transactions first."""
        own = [(self._owners[row], field) for row, field in self._own.strange]
        found = [*self._entries.strange, *own]
        lines = _own_lines([field for _, field in found])
        return [
            {
                "book": main,
                **field._asdict(),
                "line": line,
                "date": dt.date.fromordinal(int(self._dates[entry]) + EPOCH),
            }
            for (entry, field), line in zip(found, lines, strict=True)
        ]

    def _account_columns(self) -> dict[str, pd.Categorical[str]]:
        """Parts of the account names, computed once per distinct account."""
        parsed = [read_account(name) for name in self._accounts]
        columns = {"account": categorical(self._account_codes + 1, ["", *self._accounts])}
        for part in ("family", "unit", "task", "fund", "sub_item"):
            index = {"": 0}
            codes = [index.setdefault(str(getattr(a, part)), len(index)) for a in parsed]
            columns[part] = categorical(
                np.array(codes, dtype=np.int32)[self._account_codes], list(index)
            )
        return columns

    def _budget_years(
        self, years: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        result, given = years.copy(), np.zeros(len(years), dtype=np.bool_)
        for numbers, marked in self._levels("budget_year"):
            result[marked] = numbers[marked]
            given |= marked
        return result.astype(np.int32), given

    def _levels(self, name: str) -> Iterable[tuple[NDArray[np.int64], NDArray[np.bool_]]]:
        """Numbers of the transactions, then those of the postings, which come first in rank."""
        if name in self._entries.numbers:
            yield (
                self._entries.numbers[name][self._owners],
                self._entries.given[name][self._owners],
            )
        if name in self._own.numbers:
            yield self._own.numbers[name], self._own.given[name]

    def _metadata(self, column: Column) -> Any:  # noqa: ANN401  # an array or a Categorical
        rows = len(self._owners)
        if column.type is TEXT:
            return self._text(column.name, None)
        numbers = np.zeros(rows, dtype=np.int64)
        given = np.zeros(rows, dtype=np.bool_)
        for values, marked in self._levels(column.name):
            numbers[marked] = values[marked]
            given |= marked
        if column.type is DATE:
            days = numbers.astype("datetime64[D]").astype("datetime64[s]")
            days[~given] = np.datetime64("NaT")
            return days
        return numbers.astype(np.bool_) if column.type is FLAG else numbers

    def _text(self, name: str, base: pd.Categorical[str] | None) -> pd.Categorical[str]:
        """Text of three levels: from the account, the transaction, the posting; the last wins."""
        result = base
        builder = self._entries.texts.get(name)
        if builder is not None:
            result = _overlaid(result, builder.spread(self._owners))
        own = self._own.texts.get(name)
        if own is not None:
            rows = np.arange(len(self._owners), dtype=np.int32)
            result = _overlaid(result, own.spread(rows))
        if result is None:
            return categorical(np.zeros(len(self._owners), dtype=np.int32), [""])
        return result


def _own_lines(fields: Sequence[StrangeField]) -> list[int]:
    """The line on which each field stands, below that of its entry or posting."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, field in enumerate(fields):
        places[field.file].append(place)
    lines = [field.line for field in fields]
    for file, here in places.items():
        keys = [(fields[place].line, fields[place].key) for place in here]
        for place, line in zip(here, lines_of_fields(file, keys), strict=True):
            lines[place] = line
    return lines


def _overlaid(base: pd.Categorical[str] | None, top: pd.Categorical[str]) -> pd.Categorical[str]:
    """``top`` where it says something, ``base`` elsewhere."""
    if base is None:
        return top
    joined = pd.api.types.union_categoricals([base, top])
    codes = np.asarray(joined.codes, dtype=np.int32)
    below, above = codes[: len(base)], codes[len(base) :]
    return categorical(np.where(above == 0, below, above), list(joined.categories))


def _declaration_frames(
    main: str, declared: Sequence[Declared], problems: list[Problem]
) -> dict[str, pd.DataFrame]:
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in FRAMES}
    for item in declared:
        place = {"book": main, "file": item.file, "line": item.line}
        rows[item.model.frame].append({**place, "declared": item.date, **item.model.model_dump()})
        parts, found = read_parts(item)
        problems += found
        for name, part in parts:
            rows[name].append({**place, **part})
    models = {model.frame: FRAMES[model.frame] for model in DECLARATIONS.values()}
    frames = {name: frame_of(columns, rows[name]) for name, columns in models.items()}
    for name in ("allotment_decisions", "expected_outputs", "quantities"):
        frames[name] = frame_of(FRAMES[name], rows[name])
    return frames


def _other_frames(source: BookEntries) -> dict[str, pd.DataFrame]:
    main = source.main
    opens, pads, documents, balances = [], [], [], []
    closed = {e.account: e.date for e in source.entries if type(e) is beans.Close}
    for entry in source.entries:
        kind = type(entry)
        if kind is beans.Transaction:
            continue
        row = {
            "book": main,
            "file": entry.meta["filename"],
            "line": entry.meta["lineno"],
            "date": entry.date,
        }
        if kind is beans.Open:
            number = entry.meta.get("account-number")
            label = entry.meta.get("label")
            opens.append(
                {
                    **row,
                    "closed": closed.get(entry.account),
                    "account": entry.account,
                    "label": label,
                    "account_number": number,
                }
            )
        elif kind is beans.Pad:
            pads.append({**row, "account": entry.account})
        elif kind is beans.Balance and entry.amount.currency == "VND":
            off = entry.diff_amount.number if entry.diff_amount else 0
            balances.append(
                {
                    **row,
                    "account": entry.account,
                    "amount": int(entry.amount.number),
                    "difference": int(off),
                }
            )
        elif kind is beans.Document:
            documents.append(
                {
                    **row,
                    "account": entry.account,
                    "path": entry.filename,
                    "for_": entry.meta.get("for"),
                    "slot": entry.meta.get("slot"),
                }
            )
    errors = [{"book": main, **error._asdict()} for error in source.errors]
    files = [{"book": main, "file": file} for file in source.files]
    rows = {
        "accounts": opens,
        "pads": pads,
        "balances": balances,
        "documents": documents,
        "book_errors": errors,
        "files": files,
    }
    return {name: frame_of(FRAMES[name], found) for name, found in rows.items()}
