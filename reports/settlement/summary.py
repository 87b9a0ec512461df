"""The sheet of totals: a row a task and fund, sums that stay alive, and a check (Tổng hợp)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.accounts import FUNDS, STATE_FUNDS
from ledger.execution import MEASURES
from ledger.text import Language, Text
from reports.settlement.figures import FundRow, fund_rank
from reports.settlement.layout import Cell, Column, Formula, Page, money_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reports.settlement.figures import Figures, Head, TaskBlock

NAME: Final = Text("Tổng hợp", "Summary")
TITLE: Final = Text(
    "TỔNG HỢP QUYẾT TOÁN KINH PHÍ NIÊN ĐỘ {year}", "SUMMARY OF THE SETTLEMENT OF YEAR {year}"
)
ILLUSTRATION: Final = Text(
    "Sổ có số liệu minh họa, không dùng như số liệu thật: xem trang «Giải thích».",
    "The book holds illustrative figures, not real ones: see the sheet “Notes”.",
)
CURRENCY: Final = Text("Đơn vị tính: đồng", "Unit: VND")
BY_FUND: Final = Text("Cộng theo nguồn kinh phí", "Totals by fund")
STATE_TOTAL: Final = Text("Tổng cộng ngân sách nhà nước", "Grand total, state funds")
OTHER_TOTAL: Final = Text(
    "Tổng cộng nguồn doanh nghiệp và nguồn khác", "Grand total, enterprise and other funds"
)
CHECK: Final = Text(
    "Kiểm tra ngân sách nhà nước: (1) + (2) + (3) trừ mọi khoản đã dùng, còn lại, hủy, nộp trả "
    "phải bằng 0",
    "Check of state funds: (1) + (2) + (3) less all that was used, remains, was cancelled or "
    "returned must be 0",
)
OUTSIDE: Final = Text(" (ngoài quyết toán)", " (outside the settlement)")
RATE: Final = Text("Tỷ lệ thực hiện", "Rate of execution")

GIVEN: Final = ("allotted", "adjusted", "carried_over")
USED: Final = ("advanced", "spent")
# What the year's estimate went into: together with what was given it makes zero.
GONE: Final = (
    "cancelled",
    "remaining",
    "withheld",
    "committed",
    "advanced",
    "spent",
    "returned",
)


class GrandTotals(NamedTuple):
    """Where the grand totals stand, for other sheets to tie to."""

    page: Page
    rows: tuple[int, ...]


def fund_label(fund: str, language: Language) -> str:
    """What a fund is; a fund that is not known is shown as written."""
    known = FUNDS.get(fund)
    if known is None:
        return fund
    outside = "" if known.settled else OUTSIDE.to(language)
    return known.label.to(language) + outside


def summary_columns(amounts: Iterable[int]) -> tuple[Column, ...]:
    """The columns: what names a row, the measures in their order, the rate."""
    width = money_width(tuple(amounts))
    return (
        Column("code", Text("Mã nhiệm vụ", "Task"), 9, "code"),
        Column("title", Text("Nhiệm vụ, nguồn kinh phí", "Task, fund"), 46),
        Column("fund", Text("Nguồn", "Fund"), 8, "code"),
        *(Column(measure.name, measure.label, width, "money") for measure in MEASURES),
        Column("rate", RATE, 10, "percent"),
    )


class Summary:
    """Writes the sheet; the figures were read before."""

    def __init__(self, page: Page, figures: Figures, language: Language) -> None:
        """Take the page and what goes on it."""
        self._page = page
        self._figures = figures
        self._language = language

    def write(self) -> GrandTotals:
        """Fill the sheet."""
        page = self._page
        self._write_title(self._figures.head)
        page.header(frozen_columns=3, numbered=True)
        first = page.row
        for block in self._figures.blocks:
            self._write_block(block)
        last = page.row - 1
        page.write({"title": BY_FUND.to(self._language)}, dress="subtotal")
        funds = self._write_funds(first, last)
        state = self._write_grand(STATE_TOTAL, funds, state=True)
        other = self._write_grand(OTHER_TOTAL, funds, state=False)
        self._write_check(state)
        page.allow_codes()
        page.print_area()
        return GrandTotals(page, (state, other))

    def _write_title(self, head: Head) -> None:
        page, language = self._page, self._language
        unit = Text("Đơn vị: {name}", "Unit: {name}").format(name=head.unit)
        codes = Text("Mã ĐVQHNS: {code} · Chương: {chapter}", "Code: {code} · Chapter: {chapter}")
        page.line(unit.to(language), "unit")
        shown = codes.format(code=head.unit_code or "…", chapter=head.chapter or "…")
        page.line(shown.to(language))
        page.line(TITLE.format(year=head.budget_year).to(language), "title")
        page.line(" · ".join(filter(None, (head.title, head.programme))), "centred")
        page.line(_plan(head, language), "centred")
        if head.illustration:
            page.line(ILLUSTRATION.to(language), "warning")
        page.line(CURRENCY.to(language), "note")

    def _write_block(self, block: TaskBlock) -> None:
        """The task with its subtotal, and under it a row a fund."""
        page = self._page
        first = page.row + 1
        last = page.row + len(block.rows)
        cells: dict[str, Cell] = {"code": block.code, "title": block.title}
        for measure in MEASURES:
            total = sum(row.amounts[measure.name] for row in block.rows)
            cells[measure.name] = Formula(f"=SUM({page.span(first, last, measure.name)})", total)
        cells["rate"] = self._rate_of_block(first, block.rows)
        page.write(cells, dress="subtotal")
        for row in block.rows:
            self._write_fund_row(block.code, row)

    def _write_fund_row(self, code: str, row: FundRow) -> None:
        cells: dict[str, Cell] = {
            "code": code,
            "title": fund_label(row.fund, self._language),
            "fund": row.fund,
            **row.amounts,
            "rate": self._rate(self._page.row, row.amounts),
        }
        self._page.write(cells, kinds={"title": "indented"})

    def _write_funds(self, first: int, last: int) -> dict[str, tuple[int, FundRow]]:
        """A total a fund over all tasks; where each stands and what it is."""
        page = self._page
        rows = [row for block in self._figures.blocks for row in block.rows]
        written: dict[str, tuple[int, FundRow]] = {}
        for fund in sorted({row.fund for row in rows}, key=fund_rank):
            amounts = _totals([row for row in rows if row.fund == fund])
            named, wanted = page.span(first, last, "fund"), page.at(page.row, "fund", fixed=True)
            cells: dict[str, Cell] = {"title": fund_label(fund, self._language), "fund": fund}
            for measure in MEASURES:
                summed = page.span(first, last, measure.name)
                text = f"=SUMIF({named},{wanted},{summed})"
                cells[measure.name] = Formula(text, amounts[measure.name])
            cells["rate"] = self._rate(page.row, amounts)
            written[fund] = (
                page.write(cells, kinds={"title": "indented"}),
                FundRow(fund, amounts),
            )
        return written

    def _write_grand(
        self, label: Text, funds: dict[str, tuple[int, FundRow]], *, state: bool
    ) -> int:
        page = self._page
        chosen = [item for fund, item in funds.items() if (fund in STATE_FUNDS) == state]
        amounts = _totals([row for _, row in chosen])
        cells: dict[str, Cell] = {"title": label.to(self._language)}
        for measure in MEASURES:
            added = "+".join(page.at(row, measure.name) for row, _ in chosen) or "0"
            cells[measure.name] = Formula(f"={added}", amounts[measure.name])
        cells["rate"] = self._rate(page.row, amounts)
        return page.write(cells, dress="total")

    def _write_check(self, state: int) -> None:
        page = self._page
        rows = [row for b in self._figures.blocks for row in b.rows if row.fund in STATE_FUNDS]
        amounts = _totals(rows)
        given = "+".join(page.at(state, name) for name in GIVEN)
        gone = "".join(f"-{page.at(state, name)}" for name in GONE)
        value = sum(amounts[name] for name in GIVEN) - sum(amounts[name] for name in GONE)
        cells: dict[str, Cell] = {
            "title": CHECK.to(self._language),
            GIVEN[0]: Formula(f"={given}{gone}", value),
        }
        row = page.write(cells, kinds={GIVEN[0]: "difference"})
        page.mark_unless_zero(row, GIVEN[0])

    def _rate_of_block(self, first: int, rows: Sequence[FundRow]) -> Formula | None:
        """The rate of a task: of its state funds, which stand first; others have no estimate."""
        state = [row for row in rows if row.fund in STATE_FUNDS]
        if not state:
            return None
        page, last = self._page, first + len(state) - 1

        def summed(names: Sequence[str]) -> str:
            return ",".join(page.span(first, last, name) for name in names)

        return _ratio(f"SUM({summed(USED)})", f"SUM({summed(GIVEN)})", _totals(state))

    def _rate(self, row: int, amounts: Mapping[str, int]) -> Formula:
        page = self._page
        given = "+".join(page.at(row, name) for name in GIVEN)
        used = "+".join(page.at(row, name) for name in USED)
        return _ratio(f"({used})", f"({given})", amounts)


def _plan(head: Head, language: Language) -> str:
    text = Text(
        f"Kế hoạch {head.plan} ngày {head.plan_date:%d/%m/%Y} · Niên độ {head.budget_year}",
        f"Plan {head.plan} of {head.plan_date:%Y-%m-%d} · Budget year {head.budget_year}",
    )
    return text.to(language)


def _ratio(used: str, given: str, amounts: Mapping[str, int]) -> Formula:
    base = sum(amounts[name] for name in GIVEN)
    value = sum(amounts[name] for name in USED) / base if base else ""
    return Formula(f'=IF({given}=0,"",{used}/{given})', value)


def _totals(rows: Sequence[FundRow]) -> dict[str, int]:
    return {measure.name: sum(row.amounts[measure.name] for row in rows) for measure in MEASURES}


def all_amounts(figures: Figures) -> list[int]:
    """Every figure that the sheet may show, subtotals among them, to make room for it."""
    rows = [row for block in figures.blocks for row in block.rows]
    single = [amount for row in rows for amount in row.amounts.values()]
    return [*single, *_totals(rows).values()]
