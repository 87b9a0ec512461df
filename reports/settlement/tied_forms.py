"""Cross-form checks: what must be equal between forms, and between forms and the book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.settlement.own_layouts import ties_of_own_layouts
from reports.settlement.set_forms import SetForms
from reports.settlement.ties_b01 import ties_of_b01
from reports.settlement.ties_books import ties_of_books
from reports.settlement.ties_programme import ties_of_programme, ties_of_treasury

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.settlement.desk import Desk
    from reports.settlement.filling import Filled
    from reports.settlement.ties import Tie


def ties_of(desk: Desk, filled: Sequence[Filled]) -> list[Tie]:
    """Every check that the forms of a set allow."""
    forms = SetForms(desk, filled)
    return [
        *ties_of_b01(forms),
        *ties_of_treasury(forms),
        *ties_of_programme(forms),
        *ties_of_books(forms),
        *ties_of_own_layouts(desk, filled),
    ]
