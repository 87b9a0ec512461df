"""Booking and validation as Beancount does them, without its work on what needs none.

Most transactions of such a book are plain: every amount written, one currency, no lots, no prices,
and the amounts add up to zero. Booking gives such a transaction back as it is, and it balances by
definition; so Beancount books and re-balances only the others. Where lots or missing currencies
occur, which read the balances of all transactions before, Beancount books the whole book.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from beancount.core.data import Transaction, entry_sortkey
from beancount.core.number import MISSING
from beancount.ops import validation
from beancount.parser import booking

_Check = Callable[[Sequence[Any], dict[str, Any]], list[Any]]
_BALANCING: Final[_Check] = validation.validate_check_transaction_balances
_CHECKS: Final[list[_Check]] = [c for c in validation.VALIDATIONS if c is not _BALANCING]


class Booked(NamedTuple):
    """Booked entries.

    Attributes:
        plain: identities of the transactions that are plain, and so need no further balancing.
    """

    entries: list[Any]
    errors: list[Any]
    plain: frozenset[int]


def book(entries: list[Any], options: dict[str, Any]) -> Booked:
    """Complete and book entries, as ``beancount.parser.booking.book`` does."""
    plain: list[Any] = []
    others: list[Any] = []
    for entry in entries:
        is_plain = type(entry) is Transaction and _is_plain(entry)
        (plain if is_plain else others).append(entry)
    if _needs_history(others):
        booked, errors = booking.book(entries, options)
        return Booked(booked, errors, frozenset())
    booked, errors = booking.book(others, options)
    merged = sorted([*plain, *booked], key=entry_sortkey)
    return Booked(merged, errors, frozenset(map(id, plain)))


def validate(booked: Booked, entries: Sequence[Any], options: dict[str, Any]) -> list[Any]:
    """Every validation of Beancount, over the entries as plugins left them."""
    others = [e for e in entries if type(e) is Transaction and id(e) not in booked.plain]
    errors = _BALANCING(others, options)
    for check in _CHECKS:
        errors += check(entries, options)
    return errors


def _is_plain(entry: Any) -> bool:  # noqa: ANN401  # Beancount's transaction
    total, currency = 0, None
    for posting in entry.postings:
        units = posting.units
        if units is MISSING or posting.cost is not None or posting.price is not None:
            return False
        number = units.number
        if number is MISSING:
            return False
        if currency is None:
            currency = units.currency
        if units.currency != currency or currency is MISSING:
            return False
        total += number
    return not total


def _needs_history(entries: Sequence[Any]) -> bool:
    """Whether booking these reads the balances of transactions before."""
    return any(
        posting.cost is not None or _lacks_currency_only(posting.units)
        for entry in entries
        if type(entry) is Transaction
        for posting in entry.postings
    )


def _lacks_currency_only(units: Any) -> bool:  # noqa: ANN401  # Beancount's amount
    return units is not MISSING and units.currency is MISSING and units.number is not MISSING
