"""The forms of a set, to be found by what they are, for checks between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import STATE_FUNDS
from ledger.text import Text
from reports.forms.layouts import mended_layout
from reports.settlement.ties import Ref, Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.forms.model import FormLayout
    from reports.settlement.desk import Desk
    from reports.settlement.filling import Filled


class SetForms:
    """The forms of a set, to be found by what they are."""

    def __init__(self, desk: Desk, filled: Sequence[Filled]) -> None:
        """Know the filled forms, and the money that they are of."""
        self.desk = desk
        self._filled = filled

    def of(self, form: str) -> list[Filled]:
        """The copies of a form."""
        return [one for one in self._filled if one.layout.form == form]

    def total(self, form: str, column: str, fund: str = "") -> tuple[Ref, ...]:
        """The total of a column of every copy, or of that of one source, that has totals."""
        return tuple(
            Ref(one.sheet, "TOTAL", column)
            for one in self.of(form)
            if one.layout.total.vi and (not fund or one.fund == fund)
        )

    def b01(self, take: str, fund: str = "") -> tuple[Ref, ...]:
        """The rows of one figure in every B01, or in that of one source."""
        return tuple(
            Ref(one.sheet, code, "total")
            for one in self.of("B01/BCQT")
            if not fund or one.fund == fund
            for code in codes_of(one.layout, take)
        )

    def b01_named(self, form: Filled | None = None) -> Text:
        """What ``b01_or_book`` compares with: the form of a level, or the book."""
        if not self.of("B01/BCQT"):
            return Text("sổ:", "the book:")
        sheet = f"B01{form.copy.suffix}" if form else "B01"
        return Text(sheet, sheet)

    def b01_or_book(self, take: str, fund: str = "", more: int = 0) -> Side:
        """A figure of every B01 or that of one source, or of the book where there is none."""
        if any(not fund or one.fund == fund for one in self.of("B01/BCQT")):
            return Side(self.b01(take, fund), more)
        return Side(book=self.book(take, fund=fund or STATE_FUNDS) + more)

    def book(self, name: str, **where: object) -> int:
        """A figure of the book, VND."""
        return self.desk.teller.source.take(name, **where).amount


def codes_of(layout: FormLayout, take: str, *, autonomy: bool | None = None) -> list[str]:
    """The rows of a form that hold a figure, as the layout that ships has them.

    What a unit's own layout shows there is compared, and told by the amount that is printed.
    """
    return [
        row.code
        for row in (mended_layout(layout) or layout).rows
        if row.take == take and (autonomy is None or row.autonomy is autonomy)
    ]
