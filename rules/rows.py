"""Rows of the facts as the evidence of an assessment."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from ledger.text import split_list
from rules.assessment import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


# What evidence reads of postings. A rule that groups them is faster on few columns than on all.
EVIDENCE: Final = ("book", "file", "line", "posting", "date", "narration", "amount")


def evidence_of(postings: pd.DataFrame, at_issue: int = 0) -> tuple[Evidence, ...]:
    """Postings as evidence, in the order given.

    The amount at issue is laid on the last postings first, on each at most its own amount: what
    came last went over the limit. What a posting bears is what totals count once.
    """
    return _laid(list(records(postings[list(EVIDENCE)])), at_issue)


def evidence_by(
    postings: pd.DataFrame, key: str, at_issue: Mapping[Any, int]
) -> dict[Any, tuple[Evidence, ...]]:
    """Postings as evidence of many subjects at once, by a column that tells whose they are.

    Those of one subject stand by date, file and line; its amount at issue is laid on them as
    ``evidence_of`` does.
    """
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in records(in_order(postings)[[*EVIDENCE, key]]):
        found[getattr(row, key)].append(row)
    return {name: _laid(rows, at_issue.get(name, 0)) for name, rows in found.items()}


def laid(rows: Iterable[Any], at_issue: int) -> tuple[Evidence, ...]:
    """Postings as plain rows as evidence, by date, file and line; as ``evidence_by`` of one."""
    return _laid(sorted(rows, key=lambda row: (row.date, row.file, row.line)), at_issue)


def _laid(rows: list[Any], at_issue: int) -> tuple[Evidence, ...]:
    borne = [0] * len(rows)
    left = at_issue
    for place in reversed(range(len(rows))):
        borne[place] = min(abs(int(rows[place].amount)), left)
        left -= borne[place]
    return tuple(posting_evidence(row, part) for row, part in zip(rows, borne, strict=True))


def posting_evidence(row: Any, at_issue: int) -> Evidence:  # noqa: ANN401  # a row of itertuples
    """A posting as evidence, with what of it is at issue, VND."""
    return Evidence(
        str(row.file),
        int(row.line),
        _day(row.date),
        str(row.narration),
        int(row.amount),
        str(row.book),
        int(row.posting),
        at_issue,
    )


def declared(row: Any, text: str = "") -> Evidence:  # noqa: ANN401  # a row of itertuples
    """A row of a declaration's frame as evidence."""
    date = getattr(row, "declared", getattr(row, "date", None))
    return Evidence(str(row.file), int(row.line), _day(date), text, 0, str(row.book), -1, 0)


def _day(date: Any) -> str:  # noqa: ANN401  # a Timestamp, NaT or None
    return "" if date is None or date != date else f"{date:%Y-%m-%d}"  # noqa: PLR0124  # NaT


def text_values(column: pd.Series) -> set[str]:
    """The distinct texts of a category column that occur, without the empty one."""
    return set(column.unique()) - {""}


def known(column: pd.Series, names: Iterable[str]) -> pd.Series:
    """Whether each text of a category column is empty or one of the names.

    Looked up once per distinct text, not once per row.
    """
    allowed = {"", *names}
    verdicts = np.array([name in allowed for name in column.cat.categories], dtype=np.bool_)
    return pd.Series(verdicts[column.cat.codes.to_numpy()], index=column.index)


class Questioned(NamedTuple):
    """What postings call in question, each dong once, and the postings as evidence.

    Attributes:
        at_issue: VND.
        evidence: by date; the postings of one side bear the amount.
    """

    at_issue: int
    evidence: tuple[Evidence, ...]


class InQuestion(NamedTuple):
    """Failing postings of one transaction.

    Attributes:
        name: what the transaction is called.
        rows: the postings with their columns as attributes, by date and account.
        at_issue: VND.
        evidence: the postings; those of the larger side bear the amount.
    """

    book: str
    name: str
    rows: list[Any]
    at_issue: int
    evidence: tuple[Evidence, ...]


_SHOWN: Final = (
    "book",
    "file",
    "line",
    "posting",
    "date",
    "narration",
    "voucher",
    "account",
    "family",
    "amount",
    "written",
    "kind",
    "budget_year",
    "decision",
    "decision_date",
)


def one_side(rows: pd.DataFrame) -> Questioned:
    """Postings of one transaction: the money is on both sides and counts on the larger one."""
    return side_of(plain_rows(rows))


def one_family(rows: pd.DataFrame) -> Questioned:
    """Postings of many transactions: money that passes through several accounts counts once.

    The family of accounts that moved most, in one direction, bears the amount.
    """
    return _one_family(plain_rows(rows))


def one_family_by(rows: pd.DataFrame, key: str) -> dict[Any, Questioned]:
    """What ``one_family`` says of many subjects at once, by a column that tells whose they are."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in plain_rows(rows, key):
        found[getattr(row, key)].append(row)
    return {name: _one_family(plain) for name, plain in found.items()}


def _one_family(plain: list[Any]) -> Questioned:
    moved: dict[tuple[str, bool], int] = defaultdict(int)
    for row in plain:
        moved[row.family, row.amount > 0] += abs(row.amount)
    most = max(moved, key=lambda key: (moved[key], key), default=None)
    return _questioned(plain, [(row.family, row.amount > 0) == most for row in plain])


def in_question(rows: pd.DataFrame) -> Iterator[InQuestion]:
    """Failing postings by what their transaction is called, fast where there are many.

    A transaction is called by its voucher, or by its day and narration; alike ones stand together.
    """
    named: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in plain_rows(rows):
        named[row.book, transaction_name(row)].append(row)
    for (book, name), part in sorted(named.items(), key=lambda item: item[0]):
        yield InQuestion(book, name, part, *side_of(part))


def transaction_name(row: Any) -> str:  # noqa: ANN401  # a row of itertuples
    """What the transaction of a posting is called: its voucher, or its day and narration."""
    if row.voucher:
        return f"voucher {row.voucher}"
    return f"{row.date:%Y-%m-%d} {row.narration}".rstrip()


def plain_rows(rows: pd.DataFrame, *more: str) -> list[Any]:
    """Postings as plain rows, in an order that only their content decides.

    Args:
        rows: with what is shown of postings.
        more: other columns that are wanted.
    """
    columns = [column for column in (*_SHOWN, *more) if column in rows]
    shown = rows[columns].astype({"account": "str"})
    return list(records(shown.sort_values(["date", "account", "amount"], kind="stable")))


def side_of(rows: list[Any]) -> Questioned:
    """As ``one_side``, of rows that ``plain_rows`` gave."""
    raised = sum(row.amount for row in rows if row.amount > 0)
    lowered = -sum(row.amount for row in rows if row.amount < 0)
    return _questioned(rows, [(row.amount > 0) == (raised >= lowered) for row in rows])


def _questioned(rows: list[Any], bearing: list[bool]) -> Questioned:
    evidence = tuple(
        posting_evidence(row, abs(int(row.amount)) if bears else 0)
        for row, bears in zip(rows, bearing, strict=True)
    )
    return Questioned(sum(row.at_issue for row in evidence), evidence)


def by_transaction(rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """A few postings by what their transaction is called: book, name, postings."""
    if rows.empty:
        return
    books = rows["book"].astype("str")
    names = pd.Series([transaction_name(row) for row in records(rows)], index=rows.index)
    for (book, name), part in rows.groupby([books, names]):
        yield str(book), str(name), part


def undeclared(frame: pd.DataFrame, column: str, declared: pd.DataFrame, key: str) -> pd.DataFrame:
    """Rows with a name in a category column that no declaration of the same book declares.

    A cell may hold several names, parted by semicolons.

    Returns:
        What is shown of a row, once for each such name, and the name as ``missing``.
    """
    shown = frame[[c for c in (*_SHOWN, "declared") if c in frame]]
    codes = frame[column].cat.codes.to_numpy()
    cells = [dict.fromkeys(split_list(cell)) for cell in frame[column].cat.categories]
    parts: list[pd.DataFrame] = []
    for book in sorted(text_values(frame["book"])):
        names = text_values(declared[key][declared["book"] == book])
        missing: list[Any] = [[name for name in cell if name not in names] for cell in cells]
        wanted = np.array([bool(cell) for cell in missing], dtype=np.bool_)
        rows = np.flatnonzero((frame["book"] == book).to_numpy() & wanted[codes])
        part = shown.iloc[rows]
        lacking: pd.Series[Any] = pd.Series([missing[code] for code in codes[rows]], part.index)
        parts.append(part.assign(missing=lacking))
    found = pd.concat(parts) if parts else shown[:0].assign(missing="")
    return found.explode("missing").reset_index(drop=True)


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a small frame, each with its columns as attributes."""
    # Most books leave most tables empty, and pandas takes as long over no rows as over a few.
    if not frame.empty:
        yield from frame.itertuples(index=False)


def groups(frame: pd.DataFrame, keys: list[str]) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    """Rows that share text keys, by the keys as text."""
    if frame.empty:
        return
    for key, rows in frame.groupby(keys, observed=True):
        yield tuple(str(part) for part in key), rows


def in_order(postings: pd.DataFrame) -> pd.DataFrame:
    """Postings by date, file and line, whatever the order in which the files were read."""
    if len(postings) <= 1:
        return postings
    keys = postings[["date", "line"]].assign(file=postings["file"].astype("str"))
    return postings.loc[keys.sort_values(["date", "file", "line"]).index]
