"""The sheet of sub-items: what each task and fund used, tied to the summary (Chi tiết)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from ledger.accounts import STATE_FUNDS
from ledger.text import Language, Text
from reports.settlement.layout import Cell, Column, Formula, Page, money_width
from reports.settlement.summary import OTHER_TOTAL, STATE_TOTAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.settlement.figures import Figures, ItemRow
    from reports.settlement.summary import GrandTotals

NAME: Final = Text("Chi tiết", "Details")
TITLE: Final = Text(
    "CHI TIẾT THEO TIỂU MỤC, NIÊN ĐỘ {year}", "DETAILS BY SUB-ITEM, BUDGET YEAR {year}"
)
SUBTOTAL: Final = Text("Cộng {code}, {fund}", "Subtotal {code}, {fund}")
DIFFERENCE: Final = Text("Chênh lệch với Tổng hợp", "Difference from Summary")
FIGURES: Final = ("advanced", "spent")
_ANY: Final = "<>"  # matches every cell that is not empty


def detail_columns(figures: Figures) -> tuple[Column, ...]:
    """The columns, as wide as the largest total."""
    totals = [sum(abs(getattr(item, name)) for item in figures.items) for name in FIGURES]
    width = max(18.0, money_width(totals))
    return (
        Column("code", Text("Mã nhiệm vụ", "Task"), 12, "code"),
        Column("fund", Text("Nguồn", "Fund"), 9, "code"),
        Column("sub_item", Text("Tiểu mục", "Sub-item"), 10, "code"),
        Column("label", Text("Tên tiểu mục", "Name of the sub-item"), 70),
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
        first, closing = page.row, page.place()
        for (code, fund), items in groupby(self._figures.items, key=_task_and_fund):
            closing = page.place()
            self._write_group(code, fund, list(items))
        self._write_totals(first, page.row - 1)
        page.keep_together_from(closing)
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

    def _write_totals(self, first: int, last: int) -> None:
        """The totals of state funds and of all others, each tied to that of the summary."""
        page = self._page
        state, other = page.row, page.row + 2  # a difference stands below each
        self._write_total(STATE_TOTAL, self._sums(first, last, STATE_FUNDS), state=True)
        self._write_difference(state, self._summary.state, state=True)
        rest = {
            name: f"{text}-{page.at(state, name)}"
            for name, text in self._sums(first, last, (_ANY,)).items()
        }
        self._write_total(OTHER_TOTAL, rest, state=False)
        self._write_difference(other, self._summary.other, state=False)

    def _sums(self, first: int, last: int, funds: Sequence[str]) -> dict[str, str]:
        """The sums of rows that name one of these funds; subtotals name none."""
        page = self._page
        if not self._figures.items:
            return dict.fromkeys(FIGURES, "0")
        named = page.span(first, last, "fund")
        return {
            name: "+".join(
                f'SUMIF({named},"{fund}",{page.span(first, last, name)})' for fund in funds
            )
            for name in FIGURES
        }

    def _write_total(self, label: Text, texts: Mapping[str, str], *, state: bool) -> None:
        cells: dict[str, Cell] = {"label": label.to(self._language)}
        for name, text in texts.items():
            cells[name] = Formula(f"={text}", self._detailed(name, state=state))
        self._page.write(cells, dress="total")

    def _write_difference(self, total: int, summary: int, *, state: bool) -> None:
        page = self._page
        cells: dict[str, Cell] = {"label": DIFFERENCE.to(self._language)}
        for name in FIGURES:
            text = f"={page.at(total, name)}-{self._summary.page.elsewhere(summary, name)}"
            cells[name] = Formula(text, self._gap(name, state=state))
        row = page.write(cells, kinds=dict.fromkeys(FIGURES, "difference"))
        for name in FIGURES:
            page.mark_unless_zero(row, name)

    def _detailed(self, name: str, *, state: bool) -> int:
        items = [item for item in self._figures.items if (item.fund in STATE_FUNDS) == state]
        return sum(getattr(item, name) for item in items)

    def _gap(self, name: str, *, state: bool) -> int:
        rows = [row for block in self._figures.blocks for row in block.rows]
        summed = sum(row.amounts[name] for row in rows if (row.fund in STATE_FUNDS) == state)
        return self._detailed(name, state=state) - summed


def _task_and_fund(item: ItemRow) -> tuple[str, str]:
    return item.code, item.fund
