"""The year's running totals as lines to draw: where each point stands (biểu đồ lũy kế).

Fava's own line chart names its months in English and its amounts in powers of ten, so that it
cannot be shown to people who read Vietnamese.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from reports.pages.data.overview import Point

_WIDTH: Final = 960
_HEIGHT: Final = 260
_LEFT: Final = 104  # for an amount as wide as «9.999 triệu» in the type of a telephone
_RIGHT: Final = _WIDTH - 16
_TOP: Final = 12
_BOTTOM: Final = _HEIGHT - 28
_TICKS: Final = 4


class Mark(NamedTuple):
    """A label beside an axis: where it stands, and the amount in VND or the month."""

    at: int
    amount: int


class Dot(NamedTuple):
    """A point of a line."""

    x: int
    y: int
    day: dt.date
    amount: int


class Line(NamedTuple):
    """One running total."""

    name: str
    dots: tuple[Dot, ...]

    @property
    def path(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)


class Chart(NamedTuple):
    """Lines with their axes, in the units of the drawing."""

    width: int
    height: int
    left: int
    right: int
    ticks: tuple[Mark, ...]
    months: tuple[Mark, ...]
    lines: tuple[Line, ...]


def chart(points: Sequence[Point]) -> Chart:
    """The chart of a year's twelve ends of months."""
    most = max((max(point.planned, point.used or 0) for point in points), default=0)
    step = _step(most)
    top = step * _TICKS

    def x(position: int) -> int:
        return _LEFT + (_RIGHT - _LEFT) * (2 * position + 1) // (2 * len(points))

    def y(amount: int) -> int:
        return _BOTTOM - (_BOTTOM - _TOP) * max(amount, 0) // top

    def line(name: str, field: str) -> Line:
        amounts = [(position, getattr(point, field)) for position, point in enumerate(points)]
        return Line(
            name,
            tuple(
                Dot(x(position), y(amount), points[position].day, amount)
                for position, amount in amounts
                if amount is not None
            ),
        )

    return Chart(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        ticks=tuple(Mark(y(step * n), step * n) for n in range(_TICKS + 1)),
        months=tuple(Mark(x(n), point.day.month) for n, point in enumerate(points)),
        lines=(line("plan", "planned"), line("advanced", "used"), line("spent", "spent")),
    )


def _step(most: int) -> int:
    """A round amount of which a few reach the largest."""
    least = max(-(-most // _TICKS), 1)
    power = int("1" + "0" * (len(str(least)) - 1))
    return min(power * n for n in (1, 2, 3, 4, 5, 6, 8, 10) if power * n >= least)
