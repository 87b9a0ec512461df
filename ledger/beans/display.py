"""How amounts are printed."""

from __future__ import annotations

from beancount.core.display_context import DisplayContext


def whole_dong(found: DisplayContext) -> DisplayContext:
    """Amounts in VND are printed whole, whichever file Beancount took its manners from."""
    context = DisplayContext()
    context.update_from(found)
    context.set_fixed_precision("VND", 0)
    return context
