"""The pages of the programme in Fava, and the server behind ``cnht browse``.

A book may name ``fava-extension "reports.pages"``; ``cnht browse`` brings it itself.
"""

from reports.pages.asking import Ask
from reports.pages.entering import Vouchers
from reports.pages.extension import Compliance, Enterprises, Norms, Overview
from reports.pages.reconciling import Reconciliation
from reports.pages.settling import Settlement

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
