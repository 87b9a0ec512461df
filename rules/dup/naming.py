"""Names written in several ways: contracts, invoices."""

from __future__ import annotations


def bare_number(name: str) -> str:
    """A number of a contract or an invoice without what people write differently."""
    return "".join(name.split()).casefold()
