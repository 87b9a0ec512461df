"""The sheet of sub-items: what each task and fund used, tied to the summary (Chi tiết)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from ledger.text import Language, Text
from reports.settlement.layout import Cell, Column, Formula, Page, money_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.settlement.figures import Figures, ItemRow
    from reports.settlement.summary import GrandTotals

NAME: Final = Text("Chi tiết", "Details")
TITLE: Final = Text(
    "CHI TIẾT THEO TIỂU MỤC, NIÊN ĐỘ {year}", "DETAILS BY SUB-ITEM, BUDGET YEAR {year}"
)
SUBTOTAL: Final = Text("Cộng {code}, {fund}", "Subtotal {code}, {fund}")
TOTAL: Final = Text("Tổng cộng", "Grand total")
DIFFERENCE: Final = Text("Chênh lệch với Tổng hợp", "Difference from Summary")
FIGURES: Final = ("advanced", "spent")


def detail_columns(figures: Figures) -> tuple[Column, ...]:
    """The columns, as wide as the largest total."""
    totals = [sum(abs(getattr(item, name)) for item in figures.items) for name in FIGURES]
    width = max(18.0, money_width(totals))
    return (
        Column("code", Text("Mã nhiệm vụ", "Task"), 12, "code"),
        Column("fund", Text("Nguồn", "Fund"), 9, "code"),
        Column("sub_item", Text("Tiểu mục", "Sub-item"), 10, "code"),
        Column("label", Text("Tên tiểu mục", "Label of the sub-item"), 74),
        Column("advanced", Text("Tạm ứng chưa thanh toán", "Advanced, unsettled"), width, "money"),
        Column("spent", Text("Đã chi", "Spent"), width, "money"),
    )


class Detail:
    """Writes the sheet; it must agree with the summary to the dong."""

    def __init__(
        self, page: Page, figures: Figures, summary: GrandTotals, language: Language
    ) -> None:
        """Take the page and what goes on it."""
        self._page = page
        self._figures = figures
        self._summary = summary
        self._language = language

    def write(self) -> None:
        """Fill the sheet."""
        page = self._page
        page.line(TITLE.format(year=self._figures.head.budget_year).to(self._language), "title")
        page.line(Text("Đơn vị tính: đồng", "Unit: VND").to(self._language), "note")
        page.header(frozen_columns=3)
        first = page.row
        for (code, fund), items in groupby(self._figures.items, key=_task_and_fund):
            self._write_group(code, fund, list(items))
        self._write_difference(self._write_total(first))
        page.allow_codes()
        page.print_area()

    def _write_group(self, code: str, fund: str, items: Sequence[ItemRow]) -> None:
        page = self._page
        first = page.row
        for item in items:
            page.write(item._asdict())
        last = page.row - 1
        label = SUBTOTAL.format(code=code, fund=fund)
        cells: dict[str, Cell] = {"label": label.to(self._language)}
        for name in FIGURES:
            total = sum(getattr(item, name) for item in items)
            cells[name] = Formula(f"=SUM({page.span(first, last, name)})", total)
        page.write(cells, dress="subtotal")

    def _write_total(self, first: int) -> int:
        """The grand total: the sum of rows that name a task, which subtotals do not."""
        page = self._page
        items = self._figures.items
        last = page.row - 1
        cells: dict[str, Cell] = {"label": TOTAL.to(self._language)}
        for name in FIGURES:
            named = page.span(first, last, "code") if items else ""
            total = sum(getattr(item, name) for item in items)
            text = f'=SUMIF({named},"<>",{page.span(first, last, name)})' if items else "=0"
            cells[name] = Formula(text, total)
        return page.write(cells, dress="total")

    def _write_difference(self, total: int) -> None:
        page = self._page
        cells: dict[str, Cell] = {"label": DIFFERENCE.to(self._language)}
        for name in FIGURES:
            grand = "".join(
                f"-{self._summary.page.elsewhere(row, name)}" for row in self._summary.rows
            )
            cells[name] = Formula(f"={page.at(total, name)}{grand}", self._gap(name))
        row = page.write(cells, kinds=dict.fromkeys(FIGURES, "difference"))
        for name in FIGURES:
            page.mark_unless_zero(row, name)

    def _gap(self, name: str) -> int:
        summed = sum(row.amounts[name] for block in self._figures.blocks for row in block.rows)
        detailed: int = sum(getattr(item, name) for item in self._figures.items)
        return detailed - summed


def _task_and_fund(item: ItemRow) -> tuple[str, str]:
    return item.code, item.fund
