"""Figures in thousands or millions that still add up (làm tròn theo số dư lớn nhất)."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence


_Path = TypeVar("_Path", bound="tuple[Hashable, ...]")


class Unit(StrEnum):
    """The unit in which a set is printed (đơn vị tính)."""

    DONG = "dong"
    THOUSAND = "nghin"
    MILLION = "trieu"

    @property
    def size(self) -> int:
        """VND in one."""
        return {"dong": 1, "nghin": 1_000, "trieu": 1_000_000}[self.value]

    @property
    def label(self) -> Text:
        """Its name."""
        return _LABELS[self]


_LABELS = {
    Unit.DONG: Text("đồng", "VND"),
    Unit.THOUSAND: Text("nghìn đồng", "thousand VND"),
    Unit.MILLION: Text("triệu đồng", "million VND"),
}


def half_up(amount: int, size: int) -> int:
    """An amount in units, halves away from zero."""
    whole = (abs(amount) * 2 + size) // (2 * size)
    return whole if amount >= 0 else -whole


def apportioned(amounts: Sequence[int], size: int, total: int) -> list[int]:
    """Amounts in units that add up to a total: each rounded down, the largest remainders up.

    Args:
        amounts: VND.
        size: VND in one unit.
        total: their sum in units, rounded.
    """
    floors = [amount // size for amount in amounts]
    short = total - sum(floors)
    by_rest = sorted(range(len(amounts)), key=lambda n: (-(amounts[n] % size), n))
    raised = set(by_rest[: max(short, 0)])
    return [floor + (number in raised) for number, floor in enumerate(floors)]


def rounded(amounts: Mapping[_Path, int], size: int) -> dict[_Path, int]:
    """Amounts in units, so that every level of their keys adds up to the level above it.

    Args:
        amounts: VND, by a path such as (fund, khoản, sub-item); all paths are equally long.
        size: VND in one unit.

    Returns:
        The same paths; the whole is rounded half up, and each level shared out below it, so that
        two tables with the same first levels agree there.
    """
    if size == 1:
        return dict(amounts)
    return _shared(dict(amounts), size, half_up(sum(amounts.values()), size), 0)


def _shared(amounts: dict[_Path, int], size: int, total: int, depth: int) -> dict[_Path, int]:
    branches: dict[Hashable, dict[_Path, int]] = defaultdict(dict)
    for path, amount in amounts.items():
        branches[path[depth]][path] = amount
    keys = sorted(branches, key=str)
    shares = apportioned([sum(branches[key].values()) for key in keys], size, total)
    result: dict[_Path, int] = {}
    for key, share in zip(keys, shares, strict=True):
        branch = branches[key]
        if len(next(iter(branch))) == depth + 1:
            result[next(iter(branch))] = share
        else:
            result |= _shared(branch, size, share, depth + 1)
    return result
