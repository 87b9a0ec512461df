"""Rows of a recognised table: their cells by what the columns hold, each with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.cells import (
    SCALED,
    amount_of,
    code_of,
    is_mangled,
    normal,
    scaled,
    text_of,
    unmarked,
)
from importers.source.places import Place, Reject, problem_at
from importers.tables.profile import match_columns, shipped
from importers.tables.roles import CODE_LENGTHS, Role
from importers.tables.units import unit_above, units_of
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from importers.source.cells import Cell
    from importers.source.sheets import Sheets
    from importers.tables.profile import Found
    from ledger.problems import Problem

# What may follow the word of a total: «Cộng phát sinh tháng 6», never «Công ty», «Cộng tác viên».
_AFTER_TOTAL: Final = (
    "cộng", "số", "tiền", "dư", "ps", "phát sinh", "doanh số", "giao dịch", "tháng", "quý", "năm",
    "kỳ", "ngày", "trang", "trong", "cuối", "đầu", "đến", "từ", "này", "sau", "trước", "chuyển",
    "mang", "sang", "lũy kế", "luỹ kế", "nợ", "có", "ghi", "thu", "chi", "rút", "gửi", "vào", "ra",
    "và", "các", "toàn", "bộ", "theo", "nguồn", "nhóm", "phần", "mục", "tiểu", "chương", "loại",
    "khoản", "nhiệm vụ", "kinh phí", "dự toán", "ngân sách", "tạm ứng", "amount", "of", "page",
    "transaction", "transactions", "debit", "debits", "credit", "credits", "for", "the", "period",
    "month", "total", "giá trị", "value", "hạch toán",
)  # fmt: skip


def _totals(mark: Callable[[str], str]) -> re.Pattern[str]:
    after = "|".join(map(mark, _AFTER_TOTAL))
    first = rf"{mark('tổng')}|{mark('cộng')}|(?:grand |sub)?total"
    return re.compile(rf"(?:{first})(?:[\W_]+(?:{after}|[ivx]+|\w*\d\w*))*\W*")


_TOTAL_LABEL: Final = _totals(normal)
_UNMARKED_TOTAL_LABEL: Final = _totals(unmarked)
_BALANCE_LABEL: Final = re.compile(
    r"(?:so du|du) (?:dau|cuoi|mang)|(?:so )?luy ke|(?:so )?mang sang|so (?:trang truoc|phat sinh)|"
    r"phat sinh trong|doanh so|opening|closing|ending balance|balance brought"
)
_BEFORE_LABEL: Final = " -–+*•"
_NUMBERED: Final = re.compile(r"\(?(\d{1,2}|[A-Z])\)?(?:\s*=.*)?")
_FEWEST_NUMBERED: Final = 3  # fewer may be codes
_FIRST_ROLES: Final = (Role.DATE_DOCUMENT, Role.DATE, Role.KIND_ITEM, Role.LABEL, Role.SUB_ITEM)


class Row(NamedTuple):
    """A row of a recognised table.

    Attributes:
        place: where it stands.
        cells: by what its columns hold.
        columns: index of each column, for naming a cell at fault.
        all: every cell.
        factor: how many đồng a 1 is that is printed where the table has no column of its own.
    """

    place: Place
    cells: Mapping[Role, Cell]
    columns: Mapping[Role, int]
    all: tuple[Cell, ...]
    factor: int = 1

    def text(self, role: Role) -> str:
        """A cell as text; empty where the layout has no such column."""
        return text_of(self.cells.get(role))

    def code(self, role: Role) -> str:
        """A code with its leading zeros."""
        return code_of(self.cells.get(role), CODE_LENGTHS.get(role, 0))

    def shown(self) -> str:
        """The row as one line."""
        return " · ".join(text for cell in self.all if (text := text_of(cell)))[:160]

    def problem(self, role: Role, text: Text, remedy: Text | None = None) -> Problem:
        """A problem of one cell."""
        return problem_at(self.place, self.columns.get(role, 0), text, remedy)

    def reject(self, reason: Text) -> Reject:
        """The row as one that becomes nothing."""
        return Reject(self.place, self.shown(), reason)


REPEATED: Final = Text("dòng tiêu đề lặp lại", "repeated header")
TOTALS: Final = Text("dòng tổng hoặc số dư", "totals or balance")
NO_DATE: Final = Text("không có ngày và số tiền", "neither a date nor an amount")
NO_AMOUNT: Final = Text("không có số tiền", "no amount")


def rows_below(sheets: Sheets, found: Found, until: int | None = None) -> Iterator[Row]:
    """Rows below a header that are not blank."""
    units = units_of(sheets, found)
    factors = {role: unit.factor for role, unit in units.items() if role.money}
    above = unit_above(sheets, found).factor
    for index in range(found.below, until or len(found.sheet.rows)):
        cells = found.sheet.rows[index]
        if all(cell is None or cell == "" for cell in cells):
            continue
        place = Place(sheets.file, found.sheet.name, index + 1)
        by_role = {
            role: scaled(cells[column], factors.get(role, 1)) if column < len(cells) else None
            for role, column in found.columns.items()
        }
        yield Row(place, by_role, found.columns, cells, above)


def label_of(row: Row) -> str:
    """The first words of a row, without their marks, as balances are told by."""
    return unmarked(_label(row))


def _label(row: Row) -> str:
    words = (
        normal(cell).lstrip(_BEFORE_LABEL)
        for cell in row.all[:6]
        if isinstance(cell, str) and re.search(r"[^\W\d_]", cell)
    )
    return next(words, "")


def is_total(row: Row) -> bool:
    """Whether a row is called a total or a balance; its day and document are not looked at.

    The words must be those of a total to the last, and marks count where they are written:
    «Cộng» is one, «Công tác phí» and CONG TY are none.
    """
    return is_total_label(_label(row))


def is_total_label(words: str) -> bool:
    """Whether words are those of a total or a balance."""
    words = normal(words).lstrip(_BEFORE_LABEL)
    pattern = _UNMARKED_TOTAL_LABEL if words.isascii() else _TOTAL_LABEL
    return bool(pattern.fullmatch(words)) or is_balance_label(words)


def proved_total(printed: Sequence[int], counted: int) -> bool:
    """Whether printed totals agree with the rows: one is their sum, or parts together are."""
    return not printed or counted in printed or sum(printed) == counted


def is_balance(row: Row) -> bool:
    """Whether a row is called a balance or a sum carried on, which adds up other rows too."""
    return is_balance_label(_label(row))


def is_balance_label(words: str) -> bool:
    """Whether words begin as those of a balance do."""
    return bool(_BALANCE_LABEL.match(unmarked(words)))


def is_header(row: Row, found: Found) -> bool:
    """Whether a row repeats the header, or gives it in another language."""
    first = row.cells.get(next(role for role in _FIRST_ROLES if role in row.columns))
    if first is not None and (not isinstance(first, str) or first[:1].isdecimal()):
        return False  # a day or a code: cheap, and true of nearly every row
    titles = [text_of(cell) for cell in row.all]
    if match_columns(found.profile, titles) is not None:
        return True
    named = sum(
        bool(text) and normal(text) in _ALL_TITLES
        for role in row.columns
        if (text := row.text(role))
    )
    return named >= 3  # noqa: PLR2004  # no movement has three titles for its values


def _titles() -> frozenset[str]:
    return frozenset(
        normal(title)
        for profile in shipped()
        for titles in profile.columns.values()
        for title in titles
    )


_ALL_TITLES: Final = _titles()


def is_numbering(row: Row) -> bool:
    """The row that numbers the columns of a form: A, B, 1, 2 or (1), (2), (3)=(1)+(2)."""
    numbers = [number for cell in row.all if (number := text_of(cell))]
    found = [_NUMBERED.fullmatch(number) for number in numbers]
    if len(found) < _FEWEST_NUMBERED or not all(found):
        return False
    names = [one[1] for one in found if one]
    letters = [name for name in names if not name.isdecimal()]
    counted = [int(name) for name in names if name.isdecimal()]
    return (
        names == [*letters, *map(str, counted)]
        and letters == [chr(ord("A") + index) for index in range(len(letters))]
        and counted == list(range(counted[0], counted[0] + len(counted)) if counted else [])
    )


class BadCellError(Exception):
    """A cell that cannot be read, as a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


def cell_amount(row: Row, role: Role) -> int:
    """VND of a cell; 0 where it is blank."""
    cell = row.cells.get(role)
    try:
        return amount_of(cell) or 0
    except ValueError:
        shown = row.text(role)
    raise BadCellError(unread_amount(row, role, shown))


def unread_amount(row: Row, role: Role, shown: str) -> Problem:
    """Why a cell is no amount, and what to do."""
    remedy = Text("tải lại tệp gốc", "download the original file again")
    if SCALED in shown:
        number = shown.partition(SCALED)[0].strip()
        text = Text(
            f"«{number}» trong bảng không ghi bằng đồng: dấu ấy phân cách hàng nghìn hay phần lẻ "
            "thì không biết được",
            f"“{number}” in a table not in đồng: whether its mark parts thousands or decimals "
            "cannot be told",
        )
        remedy = Text(
            "ghi ô ấy thành số của bảng tính, hoặc ghi số bằng đồng",
            "make the cell a number of the spreadsheet, or write it in đồng",
        )
    elif is_mangled(shown):
        text = Text(
            f"số tiền đã bị bảng tính làm hỏng thành «{shown}»",
            f"a spreadsheet has mangled the amount into “{shown}”",
        )
    else:
        text = Text(
            f"«{shown}» không phải là số tiền nguyên đồng", f"“{shown}” is no whole amount of VND"
        )
    return row.problem(role, text, remedy)


def balance_of(row: Row) -> int | None:
    """The running balance of a row, VND; None where none can be read."""
    try:
        return amount_of(row.cells.get(Role.BALANCE))
    except ValueError:
        return None


def quiet_amount(cell: Cell) -> int | None:
    """VND of a cell; None where it is no amount."""
    try:
        return amount_of(cell)
    except ValueError:
        return None
