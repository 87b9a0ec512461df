"""Our booking answers as Beancount's own does, whatever a book holds."""

from __future__ import annotations

import copy
from decimal import Decimal

from beancount.core.data import Transaction
from beancount.core.interpolate import AUTOMATIC_TOLERANCES
from beancount.ops import validation
from beancount.parser import booking, parser
from hypothesis import given
from hypothesis import strategies as st

from ledger.beans import booking as ours

ACCOUNTS = (
    "Assets:TienGui:KB01",
    "Expenses:NV02:NSTP:TM6655",
    "Equity:GiaoDuToan:NSTP",
    "Income:Khac:Lai",
)
AMOUNTS = (
    "",
    "10 VND",
    "-10 VND",
    "3.5 VND",
    "2 USD",
    "-2 USD",
    "1 CP {5 VND}",
    "2 USD @ 5 VND",
    "7",
)


@st.composite
def books(draw: st.DrawFn) -> str:
    lines = [f"2021-01-01 open {account}" for account in ACCOUNTS]
    for number in range(draw(st.integers(1, 5))):
        lines.append(f'2021-02-{number + 1:02d} * "Giao dịch {number}"')
        for _ in range(draw(st.integers(1, 4))):
            account = draw(st.sampled_from(ACCOUNTS))
            lines.append(f"  {account}  {draw(st.sampled_from(AMOUNTS))}")
    return "\n".join(lines) + "\n"


def comparable(entries: list[object]) -> list[object]:
    """Entries without the tolerances, which Beancount notes on what it booked."""
    result: list[object] = []
    for entry in entries:
        if isinstance(entry, Transaction):
            meta = {key: value for key, value in entry.meta.items() if key != AUTOMATIC_TOLERANCES}
            result.append(entry._replace(meta=meta))
        else:
            result.append(entry)
    return result


def messages(errors: list[object]) -> list[str]:
    return sorted(str(getattr(error, "message", error)) for error in errors)


@given(books())
def test_entries_and_errors_are_those_of_beancount(text: str) -> None:
    entries, _, options = parser.parse_string(text)
    expected, errors = booking.book(copy.deepcopy(entries), options)
    expected_messages = messages([*errors, *validation.validate(expected, options)])
    booked = ours.book(copy.deepcopy(entries), options)
    found = messages([*booked.errors, *ours.validate(booked, booked.entries, options)])
    assert comparable(booked.entries) == comparable(expected)
    assert found == expected_messages


def test_a_plain_transaction_is_not_booked_again() -> None:
    text = '2021-02-01 * "A"\n  Assets:A  10 VND\n  Assets:B  -10 VND\n'
    entries, _, options = parser.parse_string(text)
    booked = ours.book(entries, options)
    assert booked.entries[0] is entries[0]
    assert booked.entries[0].postings[0].units.number == Decimal(10)
