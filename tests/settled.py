"""A settlement workbook read back, and the same figures asked of the book in another way."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import beanquery
import openpyxl
from beancount import loader

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

WORKED_BOOK = Path(__file__).parent / "data" / "worked_book.beancount"

STATE = "(NSTP|NSTW)"
_ESTIMATE = "Assets:DuToan:(KhaDung|GiuLai|CamKet)"
# Each measure as a query sees it: accounts, kinds (all unless said), sign.
MEASURES: dict[str, tuple[str, tuple[str, ...], int]] = {
    "Dự toán giao": (_ESTIMATE, ("allotment",), 1),
    "Bổ sung, điều chỉnh": (_ESTIMATE, ("supplement", "reallocation"), 1),
    "Chuyển nguồn (đến +, đi −)": (
        f"({_ESTIMATE}|Assets:TamUng)",
        ("carry-over",),
        1,
    ),
    "Đang giữ lại": ("Assets:DuToan:GiuLai", (), 1),
    "Cam kết chi chưa trả": ("Assets:DuToan:CamKet", (), 1),
    "Tạm ứng chưa thanh toán": ("Assets:(TamUng|ChoThanhToan)", (), 1),
    "Đã chi": ("Expenses", (), 1),
    "Hủy dự toán": (_ESTIMATE, ("cancellation",), -1),
    "Đóng góp đã nhận, tự chi": ("(Income:DongGop|Assets:PhaiThu:DongGop)", (), -1),
    "Dự toán còn lại": ("Assets:DuToan:KhaDung", (), 1),
    "Nộp trả ngân sách": (
        f"({_ESTIMATE}|Assets:TamUng|Assets:ChoThanhToan|Expenses)",
        ("return-to-budget", "recovery-from-next-year"),
        -1,
    ),
}


class _Moved(NamedTuple):
    """What one kind of transaction moved on one account in one budget year."""

    account: str
    year: int
    kind: str
    amount: int
    postings: int


class Asked:
    """Questions put to a book through beanquery."""

    def __init__(self, main: Path) -> None:
        entries, errors, options = loader.load_file(str(main))
        connection = beanquery.connect(
            "beancount:", entries=entries, errors=errors, options=options
        )
        self._connection = connection
        found = connection.execute(
            "SELECT account, year, any_meta('budget-year'), any_meta('kind'), sum(number), "
            "count(number) GROUP BY 1, 2, 3, 4"
        )
        self._moved = [
            _Moved(account, int(named or year), kind, int(amount), postings)
            for account, year, named, kind, amount, postings in found.fetchall()
        ]

    def rows_of(self, query: str) -> list[tuple[object, ...]]:
        """The rows that a query gives."""
        return list(self._connection.execute(query).fetchall())

    def sum(self, measure: str, year: int, place: str) -> int:
        """A measure's sum of one budget year on accounts whose task and fund match ``place``."""
        accounts, kinds, sign = MEASURES[measure]
        return sign * self.total(f"^{accounts}:{place}(:|$)", year, kinds)

    def total(self, accounts: str, year: int, kinds: tuple[str, ...] = ()) -> int:
        """The sum on matching accounts in one budget year."""
        return sum(
            moved.amount
            for moved in self._moved
            if moved.year == year
            and re.search(accounts, moved.account)
            and (not kinds or moved.kind in kinds)
        )

    def rows(self, year: int) -> int:
        """How many postings of tasks the budget year has."""
        return sum(
            moved.postings
            for moved in self._moved
            if moved.year == year and re.search(":NV[0-9]+:", moved.account)
        )


class Line(NamedTuple):
    """A row of the summary: what it is of, and its cells by heading."""

    code: str
    title: str
    fund: str
    cells: dict[str, object]


def summary_lines(workbook: Workbook) -> list[Line]:
    """The table of the first sheet; it ends where an empty row parts it from the signatures."""
    rows = [list(row) for row in workbook.worksheets[0].iter_rows(values_only=True)]
    start = next(n for n, row in enumerate(rows) if row[0] == "Mã nhiệm vụ")
    headings = [str(cell) for cell in rows[start]]
    body = itertools.takewhile(any, rows[start + 2 :])
    return [
        Line(
            str(row[0] or ""),
            str(row[1] or ""),
            str(row[2] or ""),
            dict(zip(headings[3:], row[3:], strict=True)),
        )
        for row in body
    ]


def below_the_table(workbook: Workbook) -> list[list[str]]:
    """What stands below the table of the first sheet: the cells with text, row by row."""
    rows = [list(row) for row in workbook.worksheets[0].iter_rows(values_only=True)]
    start = next(n for n, row in enumerate(rows) if row[0] == "Mã nhiệm vụ")
    end = next(n for n in range(start, len(rows)) if not any(rows[n]))
    found = [[str(cell) for cell in row if cell] for row in rows[end:]]
    return [row for row in found if row]


def values(path: Path) -> Workbook:
    """The workbook with the values that it carries."""
    return openpyxl.load_workbook(path, data_only=True)


def formulas(path: Path) -> Workbook:
    """The workbook with its formulas."""
    return openpyxl.load_workbook(path)


def place_of(line: Line) -> str:
    """The task and fund of a summary row as the tail of an account, as a pattern.

    A row that names no fund is one of state funds.
    """
    return f"{line.code or 'NV[0-9]+'}:{line.fund or STATE}"


def all_values(workbook: Workbook) -> dict[str, object]:
    """Every cell that holds something, by sheet and address."""
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in {None, ""}
    }


def with_wrong_values(sheet_xml: str) -> str:
    """The XML of a sheet with a wrong cached value at every formula that gives a number."""
    return re.sub(r"(</f>)<v>[^<]+</v>", r"\1<v>123456</v>", sheet_xml)
