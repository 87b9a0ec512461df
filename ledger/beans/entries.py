"""Entries of Beancount, and what is taken from them in plain values."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from beancount.core.amount import Amount
from beancount.core.data import Custom, Pad, Transaction
from beancount.core.flags import FLAG_PADDING
from beancount.parser import parser

from ledger.declare import Custom as Declared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.directives import Cell


def without_padding(entries: Sequence[Any]) -> list[Any]:
    """Entries without the transactions that Beancount made up for a ``pad``.

    A transaction that somebody wrote stays, whatever its flag: it moves money of the book.
    """
    pads = {
        (entry.meta["filename"], entry.meta["lineno"]) for entry in entries if type(entry) is Pad
    }
    return [entry for entry in entries if not (pads and _made_up(entry, pads))]


def _made_up(entry: Any, pads: set[tuple[str, int]]) -> bool:  # noqa: ANN401  # Beancount's directive
    """Whether a transaction stands where a ``pad`` does and its postings on one line together.

    The parser gives every posting a line of its own. Metadata of a book may claim another place,
    but its numbers are decimals.
    """
    if type(entry) is not Transaction or entry.flag != FLAG_PADDING:
        return False
    metas = [entry.meta, *(posting.meta or {} for posting in entry.postings)]
    lines = [meta.get("lineno") for meta in metas]
    return (
        (entry.meta["filename"], lines[0]) in pads
        and len(set(lines[1:])) == 1
        and all(type(line) is int for line in lines)
    )


def parsed(text: str, file: str) -> list[Any]:
    """The entries of a text that we wrote, as if they stood in a file."""
    entries: list[Any] = parser.parse_string(text, report_filename=file)[0]
    return entries


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
