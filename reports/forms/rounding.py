"""Figures in thousands or millions that still add up (làm tròn theo số dư lớn nhất)."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence


_Prefix: TypeAlias = "tuple[Hashable, ...]"
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


def apportioned(
    amounts: Sequence[int], size: int, total: int, owed: Sequence[int] = ()
) -> list[int]:
    """Amounts in units that add up to a total: each rounded down, the largest remainders up.

    Args:
        amounts: VND.
        size: VND in one unit.
        total: their sum in units, rounded.
        owed: VND that other figures beside each amount still lack; it counts with the remainder.
    """
    floors = [amount // size for amount in amounts]
    rests = [amount % size for amount in amounts]
    short = total - sum(floors)
    # A whole number of units stays what it is.
    wanting = [rest + lack for rest, lack in zip(rests, owed or [0] * len(rests), strict=True)]
    order = sorted(range(len(rests)), key=lambda n: (not rests[n], -wanting[n], n))
    raised = set(order[: max(short, 0)])
    return [floor + (number in raised) for number, floor in enumerate(floors)]


def rounded(
    amounts: Mapping[_Path, int], size: int, owed: Callable[[_Prefix], int] | None = None
) -> dict[_Path, int]:
    """Amounts in units, so that every level of their keys adds up to the level above it.

    Args:
        amounts: VND, by a path such as (fund, khoản, sub-item); all paths are equally long.
        size: VND in one unit.
        owed: what other figures of a path or of what it begins with still lack, VND.

    Returns:
        The same paths; the whole is rounded half up, and each level shared out below it, so that
        two tables with the same first levels agree there.
    """
    if size == 1:
        return dict(amounts)
    total = half_up(sum(amounts.values()), size)
    return _shared(dict(amounts), size, total, 0, owed or (lambda _: 0))


def _shared(
    amounts: dict[_Path, int], size: int, total: int, depth: int, owed: Callable[[_Prefix], int]
) -> dict[_Path, int]:
    branches: dict[Hashable, dict[_Path, int]] = defaultdict(dict)
    for path, amount in amounts.items():
        branches[path[depth]][path] = amount
    keys = sorted(branches, key=str)
    lacks = [owed(next(iter(branches[key]))[: depth + 1]) for key in keys]
    shares = apportioned([sum(branches[key].values()) for key in keys], size, total, lacks)
    result: dict[_Path, int] = {}
    for key, share in zip(keys, shares, strict=True):
        branch = branches[key]
        if len(next(iter(branch))) == depth + 1:
            result[next(iter(branch))] = share
        else:
            result |= _shared(branch, size, share, depth + 1, owed)
    return result


class Balance:
    """Tables of which one is what the others leave, rounded one after the other.

    Each is rounded so that what is left of all so far, at every level, stays as near as it can to
    what is left in VND: spending that uses up an allotment prints nothing left.
    """

    def __init__(self, size: int) -> None:
        """Begin with nothing; ``size`` is VND in one unit."""
        self._size = size
        self._lacking: defaultdict[_Prefix, int] = defaultdict(int)

    def round(self, amounts: Mapping[_Path, int], sign: int) -> dict[_Path, int]:
        """One table in units; ``sign`` is 1 where it adds to what is left, or -1."""
        shares = rounded(amounts, self._size, lambda prefix: sign * self._lacking[prefix])
        self.count(amounts, shares, sign)
        return shares

    def count(self, amounts: Mapping[_Path, int], shares: Mapping[_Path, int], sign: int) -> None:
        """Take in a table that is rounded already."""
        for path, amount in amounts.items():
            lack = sign * (amount - shares[path] * self._size)
            for depth in range(1, len(path) + 1):
                self._lacking[path[:depth]] += lack
