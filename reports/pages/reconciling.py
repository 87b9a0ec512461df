"""The page of the reconciliation with the treasury (đối chiếu kho bạc)."""

from __future__ import annotations

from ledger.text import Text
from reports.pages.data import reconciliation
from reports.pages.page import Page


class Reconciliation(Page):
    """Đối chiếu kho bạc."""

    title = Text("Đối chiếu kho bạc", "Treasury")

    def data(self) -> reconciliation.Reconciliation | None:
        """The months of the year."""
        return self.once(  # type: ignore[no-any-return]
            "reconciliation",
            lambda view: reconciliation.reconciliation(view.facts, view.year, view.as_of),
        )
