"""The columns of an annex of allotment beside the one that is read (cột của phụ lục)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from importers.source.cells import scaled, text_of, unmarked
from importers.tables.profile import Knowledge, header_titles
from importers.tables.roles import Role
from importers.tables.rows import quiet_amount
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from importers.tables.profile import Found
    from importers.tables.rows import Row

# Words by which annexes name the funds of the state budget.
FUND_WORDS: Final = (
    ("NSTW", re.compile(r"trung uong|nstw")),
    ("NSTP", re.compile(r"thanh pho|cap tinh|dia phuong|nstp|ngan sach tinh")),
)
_NO_MONEY: Final = re.compile(
    r"(?:ma|chuong|loai|khoan|muc|tieu muc|stt|tt|so (?:tt|luong|nguoi|thu tu)|ghi chu|ngay)\b"
)


class Given(NamedTuple):
    """A row that allots, and the rows of the groups that it stands in, the nearest first."""

    row: Row
    amount: int
    heads: tuple[Row, ...]

    def texts(self, role: Role) -> list[str]:
        """What it and its groups say of something, its own first."""
        return [text for row in (self.row, *self.heads) if (text := row.text(role))]


def fund_columns(found: Found, rows: Sequence[Given]) -> dict[str, int]:
    """Columns of what each fund gives, where they add up to the amount in every row; else none."""
    if Role.FUND in found.columns:
        return {}
    columns: dict[str, int] = {}
    for column, title in _columns_left(found):
        named = [fund for fund, words in FUND_WORDS if words.search(unmarked(title))]
        if len(named) > 1 or any(fund in columns for fund in named):
            return {}
        columns |= dict.fromkeys(named, column)
    whole = all(
        given.amount == sum(amount_at(given, at) for at in columns.values()) for given in rows
    )
    return columns if columns and whole else {}


def amount_at(given: Given, column: int) -> int:
    """VND that a row prints in a column; 0 where it prints none."""
    cell = next(iter(given.row.all[column : column + 1]), None)
    return quiet_amount(scaled(cell, given.row.factor)) or 0


def _columns_left(found: Found) -> list[tuple[int, str]]:
    """Columns after the task's that the profile does not read, with their titles."""
    titles = _titles(found)
    read = set(found.columns.values())
    columns = range(found.columns[Role.TASK] + 1, len(titles))
    return [(column, titles[column]) for column in columns if column not in read]


def _titles(found: Found) -> list[str]:
    """The titles of every column; below those that are read a row may part one of the others."""
    below = found.sheet.rows[found.below : found.below + 1]
    parted = any(cell for row in below for cell in row) and not any(
        row[column : column + 1] not in {(), (None,), ("",)}
        for row in below
        for column in range(found.columns[Role.TASK] + 1)
    )
    whole = header_titles(found.sheet, found.top, found.depth + 1) if parted else None
    return whole or header_titles(found.sheet, found.top, found.depth) or []


def left_columns(found: Found, rows: Sequence[Given], by_fund: set[int]) -> Iterator[Text]:
    """Columns of money that are not read: parts by source, changes, what is left after them."""
    if found.profile.knowledge is Knowledge.TAUGHT:
        return  # which column counts was said by a person
    left = [
        _column(title, column)
        for column, title in _columns_left(found)
        if column not in by_fund
        and not _NO_MONEY.match(unmarked(title))
        and any(amount_at(given, column) for given in rows)
    ]
    if left:
        titles = _titles(found)
        amount = found.columns[Role.AMOUNT]
        taken, others = _column(titles[amount], amount), ", ".join(left)
        yield Text(
            f"số giao lấy ở cột {taken}; cột có số mà không đọc: {others}",
            f"the amounts are of column {taken}; columns with figures not read: {others}",
        )


def _column(title: str, column: int) -> str:
    return f"{xl_col_to_name(column)} «{' '.join(title.split())[:40]}»"


def doubled(rows: Sequence[Given]) -> Iterator[Text]:
    """Rows that say the same as one before, under the same groups."""
    first: dict[tuple[object, ...], int] = {}
    for given in rows:
        row = given.row.place.row
        said = (tuple(head.place for head in given.heads), *_said(given.row))
        before = first.setdefault(said, row)
        if before != row:
            yield Text(
                f"dòng {row} giống hệt dòng {before}: có thể lặp", f"row {row} repeats row {before}"
            )


def _said(row: Row) -> tuple[str, ...]:
    """What a row's columns say, in order."""
    return tuple(text_of(row.cells[role]) for role in sorted(row.cells))
