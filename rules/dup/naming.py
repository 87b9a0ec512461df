"""Names written in several ways: contracts, invoices."""

from __future__ import annotations

import re
from typing import Final

_PARTED: Final = re.compile(r"[-‐‑–—/\\]+")


def reference(name: str) -> str:
    """A number of a contract or an invoice whatever its parts are parted by: ``1C21TAA-123``."""
    return _PARTED.sub("/", bare_number(name))


def bare_number(name: str) -> str:
    """A name without what people write differently."""
    return "".join(name.split()).casefold()
