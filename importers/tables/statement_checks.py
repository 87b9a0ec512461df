"""What a statement says about itself, checked: balances row by row, totals, period, repetition."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.cells import scaled
from importers.source.places import problem_at
from importers.tables.roles import Role
from importers.tables.rows import Row, balance_of, label_of, quiet_amount
from ledger.text import Text, dong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from importers.tables.profile import Found
    from importers.tables.statement import Line, Statement
    from ledger.problems import Problem

_GRAND: Final = re.compile(r"^(?:tong|cong|grand total|total|doanh so)")
OPENING: Final = re.compile(
    r"^(?:so du dau|du dau|opening balance|so du mang sang|balance brought)"
)
CLOSING: Final = re.compile(r"^(?:so du cuoi|du cuoi|closing balance|ending balance)")


class Sums(NamedTuple):
    """What a totals row says: money out, money in, and where."""

    row: Row
    out: int | None
    into: int | None


def ordered(groups: list[list[Line]]) -> list[list[Line]]:
    """Oldest first; rows of one day keep the order of the file, turned where it is newest first."""
    if (len(groups) > 1 and groups[0][0].date > groups[-1][0].date) or (
        len(groups) > 1 and _chain_breaks(groups) and not _chain_breaks(groups[::-1])
    ):
        groups.reverse()
    return sorted(groups, key=lambda group: group[0].date)


def _chain_breaks(groups: list[list[Line]]) -> list[tuple[list[Line], int]]:
    """Where a running balance is not the one before plus the row, with what it should be."""
    breaks = []
    for before, after in itertools.pairwise(groups):
        held, printed = before[0].balance, after[0].balance
        if held is None or printed is None:
            continue
        expected = held + sum(line.amount for line in after)
        if expected != printed:
            breaks.append((after, expected))
    return breaks


def _chained(groups: list[list[Line]]) -> bool:
    """Whether the rows, in whatever order, are the steps of one running balance."""
    before, after = _steps(groups)
    return (after - before).total() <= 1 and (before - after).total() <= 1


def _steps(groups: list[list[Line]]) -> tuple[Counter[int], Counter[int]]:
    """How often each balance stands before a row, and after one."""
    after = Counter(group[0].balance or 0 for group in groups)
    before = Counter(
        (group[0].balance or 0) - sum(line.amount for line in group) for group in groups
    )
    return before, after


def unbalanced(groups: list[list[Line]], statement: Statement, found: Found) -> Iterator[Problem]:
    """Balances row by row, from the opening one to the closing one."""
    opening, closing = statement.opening, statement.closing
    moved = sum(line.amount for group in groups for line in group)
    if groups and all(group[0].balance is not None for group in groups):
        breaks = _chain_breaks(groups)
        if breaks and not _chained(groups):
            yield from _wrong_balances(breaks, found)
            return
        if not breaks:
            reached = groups[-1][0].balance or 0
            if opening is not None and opening + moved != reached:
                first = opening + sum(line.amount for line in groups[0])
                yield from _wrong_balances([(groups[0], first)], found)
                return
            opening = reached - moved
    if opening is not None and closing is not None and opening + moved != closing:
        yield statement.problem(
            Role.CLOSING,
            Text(
                f"số dư đầu kỳ {dong(opening)} cộng phát sinh {dong(moved)} không bằng số dư cuối "
                f"kỳ {dong(closing)}",
                f"opening {dong(opening, 'en')} plus movements {dong(moved, 'en')} is not closing "
                f"{dong(closing, 'en')}",
            ),
            Text("tệp thiếu dòng hoặc đã bị sửa: tải lại", "download the file again"),
        )


def _wrong_balances(breaks: list[tuple[list[Line], int]], found: Found) -> Iterator[Problem]:
    column = found.columns.get(Role.BALANCE, 0)
    for group, expected in breaks[:3]:
        place = group[0].place
        yield problem_at(
            place,
            column,
            Text(
                f"số dư {dong(group[0].balance or 0)} không bằng số dư trước cộng phát sinh "
                f"{dong(expected)}",
                f"the balance {dong(group[0].balance or 0, 'en')} is not the one before plus the "
                f"movement, {dong(expected, 'en')}",
            ),
            Text(
                "tệp thiếu hoặc lặp dòng, hoặc đã bị sửa: tải lại",
                "rows are missing, doubled or edited: download the file again",
            ),
        )


def reached(lines: Sequence[Line]) -> tuple[int | None, int | None]:
    """The balances before and after some movements by their running balance; None where none is.

    Rows of one day may stand in another order than the one in which they were booked: the ends of
    the chain are then the balances that no other row leads to or from.
    """
    groups = [list(group) for _, group in itertools.groupby(lines, key=lambda line: line.place)]
    told = [number for number, group in enumerate(groups) if group[0].balance is not None]
    if not told:
        return None, None
    if len(told) == len(groups) and _chain_breaks(groups) and _chained(groups):
        before, after = _steps(groups)
        starts, ends = list(before - after), list(after - before)
        if starts and ends:
            return starts[0], ends[0]
    first, last = told[0], told[-1]
    until_first = sum(line.amount for group in groups[: first + 1] for line in group)
    since_last = sum(line.amount for group in groups[last + 1 :] for line in group)
    return (
        (groups[first][0].balance or 0) - until_first,
        (groups[last][0].balance or 0) + since_last,
    )


def sums_of(row: Row) -> Sums:
    """What a totals row prints."""
    return Sums(row, quiet_amount(row.cells.get(Role.OUT)), quiet_amount(row.cells.get(Role.IN)))


def balance_in(row: Row, label: re.Pattern[str]) -> int | None:
    """The balance of a row with a label: in its column, else the last amount of the row."""
    if not label.match(label_of(row)):
        return None
    printed = balance_of(row)
    if printed is not None:
        return printed
    amounts = [
        amount for cell in row.all if (amount := quiet_amount(scaled(cell, row.factor))) is not None
    ]
    return amounts[-1] if amounts else None


class Counted:
    """Money out and in of the rows read, as totals may count them: by column, or by sign."""

    def __init__(self) -> None:
        self.by_column = {Role.OUT: 0, Role.IN: 0}
        self.by_sign = {Role.OUT: 0, Role.IN: 0}

    def add(self, row: Row, lines: list[Line], *, corrects: bool) -> None:
        """Count a row that became lines."""
        for amount in (line.amount for line in lines if not line.part):
            self.by_sign[Role.IN if amount > 0 else Role.OUT] += abs(amount)
        if Role.AMOUNT in row.columns:
            self.by_column = self.by_sign
            return
        out = quiet_amount(row.cells.get(Role.OUT)) or 0
        self.by_column[Role.OUT] += out if corrects else abs(out)
        self.by_column[Role.IN] += quiet_amount(row.cells.get(Role.IN)) or 0

    def fits(self, role: Role, printed: int) -> bool:
        """Whether a printed total of money out or in is what was counted."""
        return abs(printed) in {abs(self.by_column[role]), self.by_sign[role]}


def totalled(counted: Counted, totals: list[Sums]) -> bool:
    """Whether a totals row adds up all rows: it is then the end of the file's list."""
    return any(
        _GRAND.match(label_of(sums.row))
        and counted.fits(Role.OUT, sums.out or 0)
        and counted.fits(Role.IN, sums.into or 0)
        for sums in totals
    )


def wrong_totals(counted: Counted, totals: list[Sums]) -> Iterator[Problem]:
    """A printed total that the rows do not add up to."""
    for sums in totals:
        if not _GRAND.match(label_of(sums.row)) or (not sums.out and not sums.into):
            continue
        if len([other for other in totals if _GRAND.match(label_of(other.row))]) > 1:
            return  # totals of pages and days: which rows they add up is not said
        for role, printed in ((Role.OUT, sums.out), (Role.IN, sums.into)):
            if printed is not None and not counted.fits(role, printed):
                added = counted.by_column[role]
                yield sums.row.problem(
                    role,
                    Text(
                        f"tổng in là {dong(abs(printed))}, cộng các dòng được {dong(added)}",
                        f"the printed total is {dong(abs(printed), 'en')}, the rows add up to "
                        f"{dong(added, 'en')}",
                    ),
                    Text("tệp thiếu dòng hoặc đã bị sửa: tải lại", "download the file again"),
                )


def repeated(groups: list[list[Line]], found: Found) -> Iterator[Problem]:
    """The same row twice: its running balance tells it from a second movement that is alike."""
    if Role.BALANCE not in found.columns:
        return
    seen: dict[str, Line] = {}
    for group in groups:
        line = group[0]
        if line.balance is None:
            continue
        before = seen.setdefault(line.key, line)
        if before is not line:
            yield problem_at(
                line.place,
                0,
                Text(
                    f"dòng lặp lại dòng {before.place.row}: cùng ngày, số tiền, số dư, nội dung",
                    f"the row repeats row {before.place.row}: same day, amount, balance, text",
                ),
                Text("bỏ một dòng, hoặc tải lại tệp", "drop one, or download the file again"),
            )


def outside(groups: list[list[Line]], statement: Statement) -> Iterator[Problem]:
    """The first row whose day is not in the period that the statement prints."""
    if statement.start is None or statement.end is None:
        return
    for group in groups:
        line = group[0]
        if not statement.start <= line.date <= statement.end:
            yield statement.problem_of_day(
                line,
                Text(
                    f"ngày {line.date:%d/%m/%Y} ngoài kỳ sao kê "
                    f"{statement.start:%d/%m/%Y} – {statement.end:%d/%m/%Y}",
                    f"{line.date} is outside the period {statement.start} – {statement.end}",
                ),
                Text("xem lại kỳ của tệp", "look at the period of the file"),
            )
            return
