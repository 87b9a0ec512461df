"""Where a figure that a unit or an auditor read takes the place of one that ships.

What is looser than the figure that ships yields no finding, so that nobody would see it: each one
is therefore told by name, and none may loosen a figure whose text was read for the program itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text
from rules.finding import FigureChange
from rules.limit_words import limits_text
from rules.norm import same_measure
from rules.severity import Grade

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from rules.norm import Limit, Norm, Value

NO_LIMIT: Final = Text("không đặt mức", "no limit")
_OTHER_SCOPE: Final = Text(
    "áp dụng cho nội dung chi, nguồn hoặc ngày khác; ", "for other spending, funds or days; "
)
# What says how much; all the rest of a limit says of what.
_FIGURES: Final = frozenset({"at_most", "at_least"})
_COMPARED: Final = frozenset({"measure", "of", "unit", "per", "when"})


class Slack(NamedTuple):
    """A limit that ships and that the figure in its place does not keep.

    Attributes:
        day: from which it does not.
        value: that ships.
        limit: of it.
    """

    day: dt.date
    value: Value
    limit: Limit

    @property
    def of_a_text_read(self) -> bool:
        """Whether the text itself was read, as it stood on that day.

        What begins after our reading may be an amendment that the program has not seen.
        """
        return self.value.grade is Grade.PRIMARY and self.day <= self.value.checked_on


def slacks(shipped: Norm, own: Norm) -> Iterator[Slack]:
    """Each limit that ships and is not kept, by the day from which it is not."""
    for day in _days(shipped, own):
        value = shipped.value_on(day)
        given = _limits(own.value_on(day)) if _same_scope(shipped, own) else ()
        for limit in _limits(value):
            if value and not any(_as_tight(one, limit) for one in given):
                yield Slack(day, value, limit)


def changes(shipped: Norm, own: Norm) -> tuple[FigureChange, ...]:
    """The figures that ship and others in their place, by day; empty where they are the same."""
    loose = {slack.day for slack in slacks(shipped, own)}
    found: list[FigureChange] = []
    for day in _days(shipped, own):
        value, instead = shipped.value_on(day), own.value_on(day)
        if value is None or (day not in loose and _limits(value) == _limits(instead)):
            continue
        told = Text("", "") if _same_scope(shipped, own) else _OTHER_SCOPE
        before, now = _words(shipped, value), _words(own, instead)
        now = Text(told.vi + now.vi, told.en + now.en)
        change = FigureChange(day.isoformat(), before, now, loosened=day in loose)
        if not found or found[-1][1:] != change[1:]:
            found.append(change)
    return tuple(found)


def figure_words(norm: Norm, slack: Slack) -> Text:
    """What a norm says on the day of a slack, in words."""
    return _words(norm, norm.value_on(slack.day))


def _words(norm: Norm, value: Value | None) -> Text:
    if value is None:
        return NO_LIMIT
    return Text(limits_text(norm, value, "vi"), limits_text(norm, value, "en"))


def _days(shipped: Norm, own: Norm) -> list[dt.date]:
    return sorted({value.from_ for value in (*shipped.values, *own.values) if value.from_})


def _limits(value: Value | None) -> Sequence[Limit]:
    return (value.limits or ()) if value else ()


def _same_scope(shipped: Norm, own: Norm) -> bool:
    """Whether the one in its place reaches everything that the norm that ships reaches."""
    reaches = own.activity == shipped.activity and set(shipped.funds) <= set(own.funds)
    return reaches and own.decided_by == shipped.decided_by


def _as_tight(own: Limit, limit: Limit) -> bool:
    """Whether a limit asks at least what another asks; days of the calendar must be the same."""
    apart = _FIGURES | _COMPARED
    alike = own.model_dump(exclude=set(apart)) == limit.model_dump(exclude=set(apart))
    return (
        alike
        and same_measure(own, limit)
        and _no_higher(own.at_most, limit.at_most)
        and _no_higher(own.at_least, limit.at_least)
    )


def _no_higher(own: object, figure: object) -> bool:
    if own is None or figure is None:
        return own is figure
    return bool(own <= figure)  # type: ignore[operator]  # of one measure, so both numbers
