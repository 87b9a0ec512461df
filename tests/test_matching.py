"""Pairing a statement with a book: each row once, the same answer in any order."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.documents import documents, voucher_documents, voucher_of
from importers.reconciling.matching import FAR_DAYS, NEAR_DAYS, How, Item, Matched, match

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = dt.date(2021, 6, 15)


def item(  # a row of a table
    row: int, amount: int, days: int = 0, document: str = "", code: str = "", order: str = ""
) -> Item:
    documents = frozenset({document} - {""})
    return Item(row, amount, DAY + dt.timedelta(days=days), documents, code, order)


def hows(found: Matched) -> list[tuple[How, tuple[int, ...], tuple[int, ...]]]:
    return [(pair.how, pair.book, pair.statement) for pair in found.pairs]


def test_the_same_document_and_amount_go_before_nearer_days() -> None:
    book = [item(0, -500, 0), item(1, -500, 20, "57")]
    found = match(book, [item(0, -500, 0, "57")])
    assert hows(found) == [(How.DOCUMENT, (1,), (0,))]
    assert found.only_book == (0,)


def test_the_nearest_day_is_taken() -> None:
    found = match([item(0, 100, -4), item(1, 100, 1)], [item(0, 100)])
    assert hows(found) == [(How.AMOUNT, (1,), (0,))]


def test_days_too_far_apart_are_a_difference_of_time() -> None:
    assert hows(match([item(0, 7, NEAR_DAYS)], [item(0, 7)])) == [(How.AMOUNT, (0,), (0,))]
    assert hows(match([item(0, 7, NEAR_DAYS + 1)], [item(0, 7)])) == [(How.TIMING, (0,), (0,))]
    assert hows(match([item(0, 7, FAR_DAYS + 1)], [item(0, 7)])) == []


def test_another_code_is_told() -> None:
    found = match([item(0, -100, code="6655")], [item(0, -100, code="6799")])
    assert hows(found) == [(How.CODE_DIFFERS, (0,), (0,))]
    assert not found.pairs[0].how.agrees
    plain = match([item(0, -100, code="6655")], [item(0, -100)])
    assert hows(plain) == [(How.AMOUNT, (0,), (0,))]


def test_another_amount_under_the_same_document_is_told() -> None:
    found = match([item(0, -100, document="UNC9")], [item(0, -90, document="UNC9")])
    assert hows(found) == [(How.AMOUNT_DIFFERS, (0,), (0,))]
    assert found.pairs[0].difference == 10


def test_the_lines_of_one_document_are_one_payment() -> None:
    book = [item(0, -300, document="5"), item(1, -200, document="5")]
    found = match(book, [item(0, -500, 9, "5")])
    assert hows(found) == [(How.SPLIT, (0, 1), (0,))]


def test_money_in_is_never_money_out() -> None:
    assert hows(match([item(0, 100, document="1")], [item(0, -100, document="1")])) == []


rows = st.lists(
    st.tuples(
        st.integers(-12, 12).filter(bool),
        st.integers(0, 60),
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["", "6655", "6799"]),
    ),
    max_size=14,
)


def side(found: list[tuple[int, int, str, str]]) -> list[Item]:
    return [
        item(n, amount, days, document, code, order=f"{n}")
        for n, (amount, days, document, code) in enumerate(found)
    ]


@settings(max_examples=60, deadline=None)
@given(book=rows, statement=rows)
def test_each_row_is_used_once_and_the_differences_add_up(
    book: list[tuple[int, int, str, str]], statement: list[tuple[int, int, str, str]]
) -> None:
    ours, theirs = side(book), side(statement)
    found = match(ours, theirs)
    used = Counter(row for pair in found.pairs for row in pair.book) + Counter(found.only_book)
    assert used == Counter(range(len(ours)))
    used = Counter(row for pair in found.pairs for row in pair.statement)
    assert used + Counter(found.only_statement) == Counter(range(len(theirs)))
    explained = (
        sum(pair.difference for pair in found.pairs)
        + sum(theirs[row].amount for row in found.only_statement)
        - sum(ours[row].amount for row in found.only_book)
    )
    total = sum(one.amount for one in theirs) - sum(one.amount for one in ours)
    assert explained == total
    for pair in found.pairs:
        assert pair.how is How.AMOUNT_DIFFERS or pair.difference == 0


def said(found: Matched, book: list[Item], statement: list[Item]) -> Counter[object]:
    """A result by what its items say, wherever they stand."""

    def told(side: list[Item], taken: Iterable[int]) -> tuple[object, ...]:
        content = (side[row]._replace(row=0, documents=frozenset()) for row in taken)
        documents = (sorted(side[row].documents) for row in taken)
        return tuple(sorted(map(str, zip(content, documents, strict=True))))

    pairs = (
        (pair.how, told(book, pair.book), told(statement, pair.statement)) for pair in found.pairs
    )
    alone = told(book, found.only_book), told(statement, found.only_statement)
    return Counter([*pairs, alone])


def turned(items: list[Item], seed: int) -> list[Item]:
    """The same items in another order, each with the row where it then stands."""
    mixed = random.Random(seed).sample(items, len(items))  # noqa: S311  # an order, no secret
    return [one._replace(row=row) for row, one in enumerate(mixed)]


# Few days and amounts, so that many items are alike but for a code or a document.
alike = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3]),
        st.integers(0, 3),
        st.sampled_from(["", "1", "2"]),
        st.sampled_from(["", "6655", "6799"]),
    ),
    max_size=9,
)


@settings(max_examples=80, deadline=None)
@given(book=rows | alike, statement=rows | alike, seed=st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(
    book: list[tuple[int, int, str, str]], statement: list[tuple[int, int, str, str]], seed: int
) -> None:
    ours, theirs = ([one._replace(order="") for one in side(found)] for found in (book, statement))
    first = said(match(ours, theirs), ours, theirs)
    mine, other = turned(ours, seed), turned(theirs, seed + 1)
    assert said(match(mine, other), mine, other) == first


@settings(max_examples=30, deadline=None)
@given(
    parts=st.lists(st.integers(1, 10**9), min_size=2, max_size=5),
    others=st.lists(st.integers(1, 10**9), max_size=10),
    whole_in_book=st.booleans(),
)
def test_a_payment_in_up_to_five_parts_is_found(
    parts: list[int],
    others: list[int],
    whole_in_book: bool,  # noqa: FBT001  # drawn by Hypothesis
) -> None:
    # What else there is must not add up to the payment by chance, nor equal it.
    others = [2 * sum(parts) + other for other in others]
    whole = [item(0, -sum(parts))]
    split = [item(n, -part, n % 3) for n, part in enumerate(parts)]
    split += [item(len(parts) + n, -other, n % 3) for n, other in enumerate(others)]
    found = match(whole, split) if whole_in_book else match(split, whole)
    assert [pair.how for pair in found.pairs] == [How.SUM]
    pair = found.pairs[0]
    taken = pair.statement if whole_in_book else pair.book
    assert sum(split[row].amount for row in taken) == -sum(parts)


def test_the_same_document_under_another_code_is_told() -> None:
    book = [item(0, -600, document="RDT14", code="6758"), item(1, -600, code="6757")]
    found = match(book, [item(0, -600, document="RDT14", code="6757")])
    assert hows(found) == [(How.CODE_DIFFERS, (0,), (0,))]


def test_a_number_of_two_parts_is_one_as_import_writes_it() -> None:
    wrote = voucher_of(2026, "5285 - 91701", "BN")
    assert wrote == "2026/BN/5285-91701"
    assert documents("5285 - 91701", "") & voucher_documents(wrote)
    assert not documents("5285 - 91703", "") & voucher_documents(wrote)


@pytest.mark.parametrize(
    ("document", "text", "same"),
    [
        ("RDT14", "", True),
        ("14", "", True),
        ("Số 014", "", True),
        ("2021/RDT/014", "", True),
        ("", "theo RDT 14", True),
        ("ABC14", "", False),
        ("ABC/14", "", False),
        ("FTRDT14", "", False),
    ],
)
def test_a_voucher_is_known_by_its_kind_or_by_its_number_alone(
    document: str, text: str, *, same: bool
) -> None:
    assert bool(documents(document, text) & voucher_documents("2021/RDT/14")) is same
