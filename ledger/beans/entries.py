"""Entries of Beancount, and what is taken from them in plain values."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from beancount.core.amount import Amount
from beancount.core.data import Custom, Transaction

from ledger.declare import Custom as Declared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.directives import Cell

_PADDING_FLAG: Final = "P"


def without_padding(entries: Sequence[Any]) -> list[Any]:
    """Entries without the transactions that ``pad`` made up."""
    return [
        entry
        for entry in entries
        if not (type(entry) is Transaction and entry.flag == _PADDING_FLAG)
    ]


def customs(entries: Sequence[Any]) -> list[Declared]:
    """Every ``custom`` directive in the form that ``declare`` reads."""
    return [
        Declared(
            file=entry.meta["filename"],
            line=entry.meta["lineno"],
            date=entry.date,
            type=entry.type,
            values=tuple(_cell(value.value) for value in entry.values),
            meta={
                key: _cell(value)
                for key, value in entry.meta.items()
                if key not in {"filename", "lineno"}
            },
        )
        for entry in entries
        if type(entry) is Custom
    ]


def _cell(value: Any) -> Cell:  # noqa: ANN401  # whatever a book may hold
    """A metadata value; an amount in VND is its number, any other amount its text."""
    if isinstance(value, Amount):
        return value.number if value.currency == "VND" else str(value)
    return value if isinstance(value, (str, bool, Decimal)) or value is None else _other(value)


def _other(value: Any) -> Cell:  # noqa: ANN401  # whatever a book may hold
    return value if hasattr(value, "isoformat") else str(value)
