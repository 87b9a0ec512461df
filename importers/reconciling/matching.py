"""Pair the lines of a statement with the postings of a book, each used once (ghép cặp đối chiếu).

Both sides come as items: an amount, a day, the numbers of the documents, a code. Pairs are sought
from the surest to the least sure: same document and amount; same amount and code on near days; the
parts of one document; a few items that add up. What is left is told apart by why it is left; the
same document and amount under another code is such a difference from the start.
Nothing depends on the order in which the items are given.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

NEAR_DAYS: Final = 7  # from the day on a voucher to the day on which it is booked
FAR_DAYS: Final = 45  # beyond the near days, and yet the same money: a timing difference
MOST_PARTS: Final = 5
# Parts are sought among so many of the nearest items: a sum found among hundreds proves nothing.
_AMONG: Final = 24


class Item(NamedTuple):
    """One side's row as matching sees it.

    Attributes:
        row: its place among the rows of its side.
        amount: VND, positive in, negative out.
        date: the day on which it was booked.
        documents: numbers of documents that it names, normalised; any of them may match.
        code: sub-item, or empty where it names none.
        order: what else tells equal items apart, so that ties never depend on their order.
    """

    row: int
    amount: int
    date: dt.date
    documents: frozenset[str]
    code: str
    order: str


class How(StrEnum):
    """Why items stand together."""

    DOCUMENT = "document"
    AMOUNT = "amount"
    SPLIT = "split"
    SUM = "sum"
    CODE_DIFFERS = "code-differs"
    AMOUNT_DIFFERS = "amount-differs"
    TIMING = "timing"

    @property
    def agrees(self) -> bool:
        """Whether the two sides say the same of the period."""
        return self in _AGREEING

    @property
    def label(self) -> Text:
        """The reason in words."""
        return _LABELS[self]


_AGREEING: Final = frozenset({How.DOCUMENT, How.AMOUNT, How.SPLIT, How.SUM})
_LABELS: Final = {
    How.DOCUMENT: Text("cùng số chứng từ, cùng số tiền", "same document, same amount"),
    How.AMOUNT: Text("cùng số tiền, cùng mã, ngày gần nhau", "same amount and code, on near days"),
    How.SPLIT: Text("các phần của một chứng từ", "parts of one document"),
    How.SUM: Text("cộng lại bằng nhau, ngày gần nhau", "the same sum, on near days"),
    How.CODE_DIFFERS: Text("cùng số tiền, khác mã", "same amount, another code"),
    How.AMOUNT_DIFFERS: Text("cùng chứng từ, khác số tiền", "same document, another amount"),
    How.TIMING: Text("cùng số tiền, ngày ghi cách xa", "same amount, on days far apart"),
}


class Pair(NamedTuple):
    """Items of both sides that stand for the same money.

    Attributes:
        book: rows of the book.
        statement: rows of the statement.
        difference: the statement's amount less the book's, VND.
    """

    how: How
    book: tuple[int, ...]
    statement: tuple[int, ...]
    difference: int


class Matched(NamedTuple):
    """What was paired, and what stands alone on each side, as rows in rising order."""

    pairs: tuple[Pair, ...]
    only_book: tuple[int, ...]
    only_statement: tuple[int, ...]


def match(book: Iterable[Item], statement: Iterable[Item]) -> Matched:
    """Pair two sides; every item is in one pair or alone."""
    sides = _Sides(book, statement)
    sides.one_to_one(How.DOCUMENT, _by_document, near=FAR_DAYS, fits=_codes_fit)
    # The same voucher for another code: no other row of that amount may stand for it.
    sides.one_to_one(How.CODE_DIFFERS, _by_document, near=FAR_DAYS)
    sides.one_to_one(How.AMOUNT, _by_code, near=NEAR_DAYS)
    sides.one_to_one(How.AMOUNT, _by_amount, near=NEAR_DAYS, fits=_codes_fit)
    sides.documents_that_add_up()
    sides.parts_that_add_up()
    sides.one_to_one(How.CODE_DIFFERS, _by_amount, near=NEAR_DAYS)
    sides.one_to_one(How.AMOUNT_DIFFERS, _by_document_and_sign, near=FAR_DAYS)
    sides.one_to_one(How.TIMING, _by_amount, near=FAR_DAYS)
    return sides.result()


def _by_document(item: Item) -> Iterator[Hashable]:
    for document in sorted(item.documents):
        yield item.amount, document


def _by_document_and_sign(item: Item) -> Iterator[Hashable]:
    for document in sorted(item.documents):
        yield item.amount > 0, document


def _by_code(item: Item) -> Iterator[Hashable]:
    if item.code:
        yield item.amount, item.code


def _by_amount(item: Item) -> Iterator[Hashable]:
    yield item.amount


def _codes_fit(one: Item, other: Item) -> bool:
    return one.code == other.code or not one.code or not other.code


def _any_fit(one: Item, other: Item) -> bool:  # noqa: ARG001  # every two fit
    return True


def _days(one: Item, other: Item) -> int:
    return abs((one.date - other.date).days)


def _rank(item: Item) -> tuple[dt.date, int, str, str, list[str], int]:
    """An order by what items say; only those alike in everything go by their rows."""
    documents = sorted(item.documents)
    return item.date, item.amount, item.order, item.code, documents, item.row


class _Sides:
    """What is not paired yet on each side."""

    def __init__(self, book: Iterable[Item], statement: Iterable[Item]) -> None:
        self._book = {item.row: item for item in sorted(book, key=_rank)}
        self._statement = {item.row: item for item in sorted(statement, key=_rank)}
        self._pairs: list[Pair] = []

    def result(self) -> Matched:
        pairs = sorted(self._pairs, key=lambda pair: (pair.statement, pair.book))
        return Matched(tuple(pairs), tuple(sorted(self._book)), tuple(sorted(self._statement)))

    def one_to_one(
        self,
        how: How,
        keys: Callable[[Item], Iterator[Hashable]],
        *,
        near: int,
        fits: Callable[[Item, Item], bool] = _any_fit,
    ) -> None:
        """Pair items that share a key, the nearest days first; of alike ones the earlier."""
        waiting: dict[tuple[Hashable, dt.date], list[int]] = defaultdict(list)
        for item in self._book.values():
            for key in keys(item):
                waiting[key, item.date].append(item.row)
        for days in range(near + 1):
            for theirs in list(self._statement.values()):
                ours = self._first(theirs, keys, waiting, days, fits)
                if ours is not None:
                    self._take(how, (ours,), (theirs.row,))

    def _first(
        self,
        theirs: Item,
        keys: Callable[[Item], Iterator[Hashable]],
        waiting: dict[tuple[Hashable, dt.date], list[int]],
        days: int,
        fits: Callable[[Item, Item], bool],
    ) -> int | None:
        """The first row of the book that waits exactly so many days before or after an item."""
        gap = dt.timedelta(days=days)
        for key in keys(theirs):
            for date in dict.fromkeys((theirs.date - gap, theirs.date + gap)):
                rows = waiting.get((key, date), [])
                rows[:] = [row for row in rows if row in self._book]
                for row in rows:
                    if fits(self._book[row], theirs):
                        return row
        return None

    def documents_that_add_up(self) -> None:
        """Pair all items of a document on one side with all of it on the other."""
        ours, theirs = _of_documents(self._book), _of_documents(self._statement)
        # A number with its kind (UNC57) says more than the number alone.
        for document in sorted(ours.keys() & theirs.keys(), key=lambda name: (-len(name), name)):
            book = [row for row in ours[document] if row in self._book]
            statement = [row for row in theirs[document] if row in self._statement]
            sums = self._sum(self._book, book), self._sum(self._statement, statement)
            if book and statement and sums[0] == sums[1]:
                self._take(How.SPLIT, tuple(book), tuple(statement))

    def parts_that_add_up(self) -> None:
        """Pair one item with a few of the other side, on near days, that add up to it."""
        for whole in list(self._statement.values()):
            parts = _parts(whole, self._near(whole, self._book))
            if parts:
                self._take(How.SUM, parts, (whole.row,))
        for whole in list(self._book.values()):
            parts = _parts(whole, self._near(whole, self._statement))
            if parts:
                self._take(How.SUM, (whole.row,), parts)

    def _near(self, whole: Item, others: dict[int, Item]) -> list[Item]:
        found = [
            other
            for other in others.values()
            if (other.amount > 0) == (whole.amount > 0)
            and abs(other.amount) < abs(whole.amount)
            and _days(whole, other) <= NEAR_DAYS
            and _codes_fit(whole, other)
        ]
        return sorted(found, key=lambda other: (_days(whole, other), _rank(other)))[:_AMONG]

    def _take(self, how: How, book: tuple[int, ...], statement: tuple[int, ...]) -> None:
        difference = self._sum(self._statement, statement) - self._sum(self._book, book)
        self._pairs.append(Pair(how, tuple(sorted(book)), tuple(sorted(statement)), difference))
        for row in book:
            del self._book[row]
        for row in statement:
            del self._statement[row]

    @staticmethod
    def _sum(side: dict[int, Item], rows: Sequence[int]) -> int:
        return sum(side[row].amount for row in rows)


def _of_documents(side: dict[int, Item]) -> dict[str, list[int]]:
    """Rows of a side by the documents that they name."""
    named = defaultdict(list)
    for item in side.values():
        for document in item.documents:
            named[document].append(item.row)
    return named


def _parts(whole: Item, candidates: Sequence[Item]) -> tuple[int, ...]:
    """The fewest candidates that add up to an item, the nearest first; empty for none."""
    for count in range(2, MOST_PARTS + 1):
        found = _subset(whole.amount, candidates, count)
        if found:
            return tuple(item.row for item in found)
    return ()


def _subset(target: int, candidates: Sequence[Item], count: int) -> tuple[Item, ...]:
    """So many candidates that add up to the target, by halves that meet; empty for none."""
    left = count // 2
    sums: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    numbers = range(len(candidates))
    for chosen in itertools.combinations(numbers, left):
        sums[sum(candidates[n].amount for n in chosen)].append(chosen)
    for chosen in itertools.combinations(numbers, count - left):
        rest = target - sum(candidates[n].amount for n in chosen)
        for other in sums.get(rest, ()):
            if other[-1] < chosen[0]:
                return tuple(candidates[n] for n in (*other, *chosen))
    return ()
