"""The pages of the programme in Fava, and the server behind ``cnht browse``.

A book may name ``fava-extension "reports.pages"``; ``cnht browse`` brings it itself.
"""

from reports.pages.extension import (
    Ask,
    Compliance,
    Enterprises,
    Norms,
    Overview,
    Reconciliation,
    Settlement,
    Vouchers,
)

__all__ = [
    "Ask",
    "Compliance",
    "Enterprises",
    "Norms",
    "Overview",
    "Reconciliation",
    "Settlement",
    "Vouchers",
]
