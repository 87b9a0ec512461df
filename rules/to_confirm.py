"""What a unit is asked to read for itself: norms without a figure read in the text itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rules.severity import Grade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.law import Law
    from rules.norm import Limit, Norm, Value

# Figures that a unit can fill in; days of the calendar and thresholds are general law.
FIGURES: Final = ("share", "amount", "count")
# How many lines are kept free for a norm of which no limit is known.
FREE_LINES: Final = 2


class Line(NamedTuple):
    """One line to fill in.

    Attributes:
        number: of the line within its norm, from 1.
        value: what was read so far; None where no figure was.
        limit: the limit that the figure is of; None where even what it limits is not known.
    """

    norm: Norm
    number: int
    value: Value | None
    limit: Limit | None


def lines(law: Law) -> list[Line]:
    """The lines of every norm for a content of spending without a primary figure.

    Local decisions, which narrow a circular, come first.
    """
    norms = [norm for norm in law.norms.values() if norm.activity and _open(norm)]
    norms.sort(key=lambda norm: law.instruments[norm.id].narrows is None)
    return [line for norm in norms for line in lines_of(norm)]


def lines_of(norm: Norm) -> Iterator[Line]:
    """The lines of one norm: its known limits as last read, or free ones."""
    value = next((value for value in reversed(norm.values) if value.limits), None)
    known = [limit for limit in (value.limits or () if value else ()) if limit.measure in FIGURES]
    for number, limit in enumerate(known, 1):
        yield Line(norm, number, value, limit)
    if not known:
        for number in range(1, FREE_LINES + 1):
            yield Line(norm, number, None, None)


def _open(norm: Norm) -> bool:
    if norm.seen is not None:
        return True
    unread = [
        v for v in norm.values if v.limits and v.grade not in {Grade.PRIMARY, Grade.CONFIRMED}
    ]
    return any(limit.measure in FIGURES for value in unread for limit in value.limits or ())
