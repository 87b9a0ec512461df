"""The facts of one or more books: typed frames, and nothing of Beancount (số liệu của sổ)."""

from __future__ import annotations

import dataclasses
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd

from ledger.columns import DATE, FRAMES, TEXT, Column, ColumnType

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from pandas.api.extensions import ExtensionArray

# The column by which a frame is seen as of a day; frames without one are seen whole.
_SEEN_BY = {
    name: next((c.name for c in columns if c.name in {"date", "declared"}), None)
    for name, columns in FRAMES.items()
}
# What exists is seen from the start, whenever its declaration is dated; its own dates are judged.
# What happened (an acceptance, an output, a change of the plan) is seen from its day on.
_ALWAYS_SEEN = frozenset(
    {
        "accounts",
        "programme",
        "units",
        "tasks",
        "parties",
        "contracts",
        "events",
        "supports",
    }
)

_Derived = TypeVar("_Derived")
# Up to so many categories a text column's type is kept for the next column with the same ones.
_FEW: Final = 8


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What one or more books say.

    Attributes:
        frames: by the names of ``ledger.columns.FRAMES``, each with the columns declared there.
            Amounts are int64 VND, text is category with "" for absent, quantities are Int64.
    """

    frames: Mapping[str, pd.DataFrame]
    _derived: dict[Callable[[Facts], Any], Any] = dataclasses.field(default_factory=dict)
    _seen: dict[dt.date, Facts] = dataclasses.field(default_factory=dict)

    def derived(self, make: Callable[[Facts], _Derived]) -> _Derived:
        """What is made of these facts, a frame or a look-up, made once and kept with them."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: _Derived = self._derived[make]
        return found

    def __getitem__(self, name: str) -> pd.DataFrame:
        """One frame by its name."""
        return self.frames[name]

    @property
    def books(self) -> list[str]:
        """The top file of each book, sorted."""
        return sorted(set(self.frames["files"]["book"].astype(str)))

    def seen(self, as_of: dt.date) -> Facts:
        """The facts as they stood at the end of a day: what is dated later is not seen."""
        last = pd.Timestamp(as_of)
        frames = {name: _seen(name, frame, last) for name, frame in self.frames.items()}
        if all(frames[name] is frame for name, frame in self.frames.items()):
            return self  # with what was derived of them before
        if as_of not in self._seen:
            self._seen.clear()  # one day is asked of again and again, and a book may be large
            self._seen[as_of] = Facts(frames)
        return self._seen[as_of]

    def after(self, as_of: dt.date) -> pd.DataFrame:
        """The postings dated after a day, which ``seen`` leaves out."""
        postings = self.frames["postings"]
        return postings[postings["date"] > pd.Timestamp(as_of)]


def _seen(name: str, frame: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    column = None if name in _ALWAYS_SEEN else _SEEN_BY[name]
    if column is None or frame.empty or frame[column].max() <= last:
        return frame
    return frame[frame[column] <= last].reset_index(drop=True)


def empty_column(kind: ColumnType) -> pd.Series:
    """A column of no rows with its declared type."""
    if kind is TEXT:
        return pd.Series(pd.Categorical([], categories=text_index([""])))
    empty: pd.Series = pd.Series([], dtype=_dtype(kind))
    return empty


def frame_of(columns: Sequence[Column], rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """A frame with the declared columns and types from rows as mappings.

    A key that a row lacks is absent: empty text, 0, <NA>, NaT or False by the column's type.
    """
    if not rows:
        return _empty_frame(tuple(columns)).copy(deep=False)
    return pd.DataFrame({c.name: _column(c, [row.get(c.name) for row in rows]) for c in columns})


@cache
def _empty_frame(columns: tuple[Column, ...]) -> pd.DataFrame:
    """A small book leaves most of its tables empty: each is laid out once."""
    return pd.DataFrame({column.name: empty_column(column.type) for column in columns})


def _column(column: Column, values: list[Any]) -> ExtensionArray:
    """The values as an array: a frame of many small series would align their rows one by one."""
    if column.type is TEXT:
        return text_column(["" if v is None else str(v) for v in values])
    dtype = _dtype(column.type)
    absent = None if column.type in {DATE, ColumnType.QUANTITY} else 0
    array: ExtensionArray = pd.array([absent if v is None else v for v in values], dtype=dtype)
    return array


def text_column(values: Sequence[str]) -> pd.Categorical[str]:
    """Text as a category whose first category is the empty text."""
    index = {"": 0}
    codes = [index.setdefault(value, len(index)) for value in values]
    return pd.Categorical.from_codes(codes, dtype=text_type(list(index)), validate=False)


@cache
def _dtype(kind: ColumnType) -> Any:  # noqa: ANN401  # pandas names no type for all of them
    """What pandas makes of the name of a type, asked once."""
    return pd.api.types.pandas_dtype(kind.value)


def text_type(values: Sequence[str]) -> pd.CategoricalDtype[str]:
    """The type of a text column with these categories; small ones, which recur, are made once."""
    if len(values) > _FEW:
        return pd.CategoricalDtype(text_index(values))
    return _small_text_type(tuple(values))


@lru_cache(maxsize=1024)
def _small_text_type(values: tuple[str, ...]) -> pd.CategoricalDtype[str]:
    return pd.CategoricalDtype(text_index(values))


def text_index(values: Sequence[str]) -> pd.Index[str]:
    """Categories of a text column."""
    return pd.Index(pd.array(list(values), dtype="str"))


def join(facts: Sequence[Facts]) -> Facts:
    """Several books as one set of facts; row numbers are counted on."""
    if len(facts) == 1:
        return facts[0]
    frames = {name: _stack(name, [one[name] for one in facts]) for name in FRAMES}
    return Facts(frames)


def _stack(name: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    return stacked(FRAMES[name], _renumbered(parts) if name == "postings" else parts)


def stacked(declared: Sequence[Column], parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames of the same declared columns, one below the other, their types kept."""
    columns = {}
    for column in declared:
        series = [part[column.name] for part in parts]
        if column.type is TEXT:
            columns[column.name] = pd.Series(pd.api.types.union_categoricals(series))
        else:
            columns[column.name] = pd.concat(series, ignore_index=True)
    return pd.DataFrame(columns)


def _renumbered(parts: list[pd.DataFrame]) -> list[pd.DataFrame]:
    entries = rows = 0
    result = []
    for part in parts:
        result.append(part.assign(posting=part["posting"] + rows, entry=part["entry"] + entries))
        rows += len(part)
        entries += 0 if part.empty else int(part["entry"].max()) + 1
    return result
