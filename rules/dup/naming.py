"""Names written in several ways: contracts, invoices."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ledger.programmes import firsts
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.facts import Facts

# Several rules ask for the same numbers, a large book for some ten thousand.
_KEPT: Final = 1 << 17
_PARTED: Final = re.compile(r"[-‐‑–—/\\]+")
# The tax code of a dependent unit: its enterprise's, a dash and three digits.
_DEPENDENT: Final = re.compile(r"(\d{10})-?\d{3}")


def reference(name: str) -> str:
    """A number of a contract or an invoice whatever its parts are parted by: ``12-2021-HĐ``."""
    return _PARTED.sub("/", bare_number(name))


@lru_cache(maxsize=_KEPT)
def invoice_number(name: str) -> str:
    """The symbol and number of an invoice, without the zeros that people leave out before it."""
    symbol, _, last = reference(name).rpartition("/")
    return f"{symbol}/{last.lstrip('0') or last}"


def legal_person(tax_code: str) -> str:
    """The tax code of an enterprise, its branches and other dependent units included."""
    dependent = _DEPENDENT.fullmatch(tax_code)
    return dependent[1] if dependent else tax_code


def bare_number(name: str) -> str:
    """A name without what people write differently."""
    return "".join(name.split()).casefold()


def homes(facts: Facts) -> dict[str, str]:
    """What each book is called where several are given together: its unit, programme and file."""
    return {book: f"{row.unit}, {row.code}, {book}" for book, row in sorted(firsts(facts).items())}


def placed(names: Iterable[tuple[str, str]], homes: Mapping[str, str]) -> Text:
    """Names listed, each with the book that it stands in where they stand in several.

    Args:
        names: each with its book.
        homes: what the books are called.
    """
    named = list(dict.fromkeys(names))
    if len({book for _, book in named}) < 2:  # noqa: PLR2004  # of one book alone
        listed = ", ".join(dict.fromkeys(name for name, _ in named))
        return Text(listed, listed)
    return Text(
        "; ".join(f"{name} ở {homes.get(book, book)}" for name, book in named),
        "; ".join(f"{name} in {homes.get(book, book)}" for name, book in named),
    )
