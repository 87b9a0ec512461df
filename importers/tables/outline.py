"""Groups of a numbered table: A, I, 1, 1.1, a, – and what stands below each (dòng nhóm)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.cells import text_of
from importers.tables.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from importers.tables.rows import Row

# From the highest to the lowest, as annexes number their rows.
_NUMBERINGS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"[A-HJ-UWYZ]", r"[IVX]+", r"\d+", r"\d+\.\d+", r"\d+(?:\.\d+){2,}", r"[a-zđ]", r"[-–]",
        r"[+*•]",
    )
)  # fmt: skip
_UNNUMBERED: Final = len(_NUMBERINGS)
_BELOW_ALL: Final = _UNNUMBERED + 1
_BEFORE_WORDS: Final = re.compile(r"\(?([A-Z]|[IVX]+|\d+(?:\.\d+)*|[a-zđ])[.)]\s|([-–+*•])\s*\w")
_FEWEST_UNNUMBERED: Final = 2  # one row of the same amount may be chance


class Line(NamedTuple):
    """A row that may be a group, with its depth in the table.

    Attributes:
        amount: what it prints, VND; 0 where it prints none.
        depth: the larger, the further down.
        whole: whether it says all that a posting needs by itself, so that it heads no group.
    """

    row: Row
    amount: int
    depth: int
    whole: bool


class Group(NamedTuple):
    """A row that heads others, by their indices; what they add up to, VND."""

    head: int
    parts: range
    counted: int


def line_of(row: Row, amount: int) -> Line:
    """A row with its depth: by the number before its words, or in front of them."""
    if not row.text(Role.TASK):
        return Line(row, amount, _BELOW_ALL, whole=True)
    return Line(row, amount, _depth(row), whole=bool(row.text(Role.SUB_ITEM)))


def _depth(row: Row) -> int:
    before = [text_of(cell) for cell in row.all[: row.columns[Role.TASK]]]
    number = next((text for text in reversed(before) if text), "").strip("().")
    if not number:
        found = _BEFORE_WORDS.match(row.text(Role.TASK))
        number = (found[1] or found[2]) if found else ""
    return next(
        (depth for depth, form in enumerate(_NUMBERINGS) if form.fullmatch(number)), _UNNUMBERED
    )


def groups_of(lines: Sequence[Line]) -> tuple[Mapping[int, Group], list[Group]]:
    """The groups of a table by the index of their rows, and those that their parts do not prove."""
    groups: dict[int, Group] = {}
    wrong: list[Group] = []
    for index in reversed(range(len(lines))):
        group = _group(lines, index, groups)
        if lines[index].whole or not group.parts or not group.counted:
            continue
        if lines[index].amount in {0, group.counted}:
            if lines[index].amount == 0 or not _by_chance(lines, group):
                groups[index] = group
        elif not _unnumbered(lines, group):
            wrong.append(group)
    return groups, wrong


def _group(lines: Sequence[Line], index: int, groups: Mapping[int, Group]) -> Group:
    last = index + 1
    while last < len(lines) and lines[last].depth > lines[index].depth:
        last += 1
    parts = range(index + 1, last)
    return Group(index, parts, sum(lines[one].amount for one in parts if one not in groups))


def _unnumbered(lines: Sequence[Line], group: Group) -> bool:
    """Whether what stands below is not numbered, so that only its sum tells whose parts it is."""
    return any(lines[one].depth == _UNNUMBERED for one in group.parts)


def _by_chance(lines: Sequence[Line], group: Group) -> bool:
    return _unnumbered(lines, group) and len(group.parts) < _FEWEST_UNNUMBERED
