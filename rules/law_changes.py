"""What changed in the law between two days."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

    from rules.law import Law
    from rules.norm import Norm, Value


class ChangeKind(StrEnum):
    """How a norm differs between two days."""

    BEGINS = "begins"
    ENDS = "ends"
    CHANGES = "changes"


class Change(NamedTuple):
    """One norm that is not the same on both days.

    Attributes:
        before: its value on the first day; None where it was not in force or not known.
        after: its value on the second day, likewise.
    """

    norm: Norm
    before: Value | None
    after: Value | None

    @property
    def kind(self) -> ChangeKind:
        """Whether it begins, ends or changes."""
        if self.before is None:
            return ChangeKind.BEGINS
        return ChangeKind.ENDS if self.after is None else ChangeKind.CHANGES


def changes(law: Law, first: dt.date, second: dt.date) -> list[Change]:
    """Every norm whose limits differ between two days, in the order of the law.

    A value that only got a better source is no change.
    """
    found = [
        Change(norm, norm.value_on(first), norm.value_on(second)) for norm in law.norms.values()
    ]
    return [change for change in found if _limits(change.before) != _limits(change.after)]


def _limits(value: Value | None) -> object:
    return value.limits if value else None
