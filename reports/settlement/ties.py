"""Two sides that must be equal: between forms, and between forms and the book."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from reports.settlement.filling import Filled


class Line(NamedTuple):
    """A line of the estimate as rules name it: ``NV02/NSTP/2021``."""

    book: str
    subject: str


class Ref(NamedTuple):
    """A figure of a form: its sheet, row and column."""

    sheet: str
    code: str
    column: str


class Side(NamedTuple):
    """One side of a check: figures of forms, and an amount of the book, VND."""

    refs: tuple[Ref, ...] = ()
    book: int = 0


class Tie(NamedTuple):
    """Two sides that must be equal.

    Attributes:
        remedy: what to record where they are not; empty where nothing can be told in general.
        overspent: the lines of the estimate that are below zero, which alone may part the sides.
    """

    label: Text
    left: Side
    right: Side
    remedy: Text = Text("", "")
    overspent: Mapping[Line, int] = {}


class Checked(NamedTuple):
    """A tie with the figures of both sides.

    Attributes:
        explained: the whole gap is what was overspent, and the head of the unit explained it all.
    """

    tie: Tie
    left: int
    right: int
    explained: bool = False

    @property
    def gap(self) -> int:
        """By how much it fails."""
        return self.left - self.right

    @property
    def holds(self) -> bool:
        """Whether it stands in no set's way."""
        return self.gap == 0 or self.explained


def check_ties(
    ties: Sequence[Tie], filled: Sequence[Filled], explained: Collection[Line] = ()
) -> list[Checked]:
    """Every tie with its figures, in the unit of the forms.

    Args:
        ties: from ``ties_of``.
        filled: the forms that they name.
        explained: the lines of which the head explained that they are overspent.
    """
    forms = {one.sheet: one.grid for one in filled}

    def total(side: Side) -> int:
        return side.book + sum(forms[ref.sheet].value(ref.code, ref.column) for ref in side.refs)

    def checked(tie: Tie) -> Checked:
        left, right = total(tie.left), total(tie.right)
        over = tie.overspent
        answered = bool(over) and left - right == sum(over.values()) and set(over) <= set(explained)
        return Checked(tie, left, right, answered)

    return [checked(tie) for tie in ties]
