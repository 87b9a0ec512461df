"""Names written in several ways: contracts, invoices."""

from __future__ import annotations

import re
from typing import Final

_PARTED: Final = re.compile(r"[-‐‑–—/\\]+")
# The tax code of a dependent unit: its enterprise's, a dash and three digits.
_DEPENDENT: Final = re.compile(r"(\d{10})-?\d{3}")


def reference(name: str) -> str:
    """A number of a contract or an invoice whatever its parts are parted by: ``12-2021-HĐ``."""
    return _PARTED.sub("/", bare_number(name))


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
