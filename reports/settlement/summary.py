"""The sheet of totals: a row a task and fund, sums that stay alive, and a check (Tổng hợp)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.accounts import FUNDS, STATE_FUNDS
from ledger.execution import MEASURES
from ledger.text import Language, Text
from reports.settlement.figures import FundRow, Signatory, fund_rank
from reports.settlement.layout import Cell, Column, Formula, Page, money_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
NO_FORM: Final = Text(
    "Bảng tổng hợp từ sổ, chưa phải mẫu biểu quyết toán chính thức",
    "A summary made from the book, not the official settlement form",
)
LEGEND: Final = Text(
    "Dòng nhiệm vụ chỉ cộng ngân sách nhà nước; nguồn doanh nghiệp và nguồn khác ghi riêng",
    "The row of a task adds up state funds only; enterprise and other funds have rows of their own",
)
BY_FUND: Final = Text("Cộng theo nguồn kinh phí", "Totals by fund")
STATE_TOTAL: Final = Text("Tổng cộng ngân sách nhà nước", "Grand total, state funds")
OTHER_TOTAL: Final = Text(
    "Tổng cộng nguồn doanh nghiệp và nguồn khác", "Grand total, enterprise and other funds"
)
CHECK: Final = Text("Kiểm tra", "Check")
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


DATE: Final = Text("……, ngày …… tháng …… năm ……", "……, date ……")
SIGN: Final = Text("(Ký, họ tên)", "(Signature, full name)")
SIGNATORIES: Final = (
    Text("Người lập biểu", "Prepared by"),
    Text("Kế toán trưởng", "Chief accountant"),
    Text("Thủ trưởng đơn vị", "Head of the unit"),
)
SIGNATORIES_IN_A_ROW: Final = 4
ROWS_TO_SIGN_IN: Final = 3


class GrandTotals(NamedTuple):
    """Where the grand totals stand, for other sheets to tie to."""

    page: Page
    state: int
    other: int


def fund_label(fund: str, language: Language) -> str:
    """What a fund is; a fund that is not known is shown as written."""
    known = FUNDS.get(fund)
    if known is None:
        return fund
    outside = "" if known.settled else OUTSIDE.to(language)
    return known.label.to(language) + outside


def summary_columns(figures: Figures) -> tuple[Column, ...]:
    """The columns: what names a row, the measures in their order, the rate, the check."""
    rows = [row for block in figures.blocks for row in block.rows]
    width = money_width(_all_amounts(rows))
    gaps = [_gap(row.amounts) for row in rows if row.fund in STATE_FUNDS]
    return (
        Column("code", Text("Mã nhiệm vụ", "Task"), 9, "code"),
        Column("title", Text("Nhiệm vụ, nguồn kinh phí", "Task, fund"), 46),
        Column("fund", Text("Nguồn", "Fund"), 8, "code"),
        *(Column(measure.name, measure.label, width, "money") for measure in MEASURES),
        Column("rate", RATE, 10, "percent"),
        Column("check", CHECK, money_width([*gaps, sum(gaps)], least=9), "difference"),
    )


class Summary:
    """Writes the sheet; the figures were read before."""

    def __init__(
        self, page: Page, figures: Figures, language: Language, warning: Text | None = None
    ) -> None:
        """Take the page and what goes on it."""
        self._page = page
        self._figures = figures
        self._language = language
        self._warning = warning

    def write(self) -> GrandTotals:
        """Fill the sheet."""
        page = self._page
        self._write_title(self._figures.head)
        page.header(frozen_columns=3, numbered=True)
        first, closing = page.row, page.place()
        for block in self._figures.blocks:
            closing = page.place()
            self._write_block(block)
        last = page.row - 1
        page.write({"title": BY_FUND.to(self._language)}, dress="subtotal")
        funds = self._write_funds(first, last)
        state = self._write_grand(STATE_TOTAL, funds, state=True)
        other = self._write_grand(OTHER_TOTAL, funds, state=False)
        page.allow_codes()
        self._write_signatures()
        page.keep_together_from(closing)
        page.print_area()
        return GrandTotals(page, state, other)

    def _write_title(self, head: Head) -> None:
        page, language = self._page, self._language
        unit = Text("Đơn vị: {name}", "Unit: {name}").format(name=head.unit)
        codes = Text("Mã ĐVQHNS: {code} · Chương: {chapter}", "Code: {code} · Chapter: {chapter}")
        shown = codes.format(code=head.unit_code or "…", chapter=head.chapter or "…")
        page.line(f"{unit.to(language)} · {shown.to(language)}", "unit")
        page.line(TITLE.format(year=head.budget_year).to(language), "title")
        page.line(NO_FORM.to(language), "centred")
        if self._warning is not None:
            page.line(self._warning.to(language), "alarm")
        words = (head.title, head.programme, _plan(head, language))
        page.line(" · ".join(filter(None, words)), "centred")
        if head.illustration:
            page.line(ILLUSTRATION.to(language), "warning")
        page.side_by_side([(LEGEND.to(language), "legend"), (CURRENCY.to(language), "note")])

    def _write_block(self, block: TaskBlock) -> None:
        """The task with the subtotal of its state funds, and under it a row a fund."""
        page = self._page
        state = [row for row in block.rows if row.fund in STATE_FUNDS]  # they stand first
        first, last = page.row + 1, page.row + len(state)
        amounts = _totals(state)
        cells: dict[str, Cell] = {"code": block.code, "title": block.title}
        for measure in MEASURES:
            text = f"=SUM({page.span(first, last, measure.name)})" if state else "=0"
            cells[measure.name] = Formula(text, amounts[measure.name])
        cells |= self._tail(page.row, amounts) if state else {}
        self._finish(page.write(cells, dress="subtotal"), checked=bool(state))
        for row in block.rows:
            self._write_fund_row(block.code, row)

    def _write_fund_row(self, code: str, row: FundRow) -> None:
        state = row.fund in STATE_FUNDS
        cells: dict[str, Cell] = {
            "code": code,
            "title": fund_label(row.fund, self._language),
            "fund": row.fund,
            **row.amounts,
            **(self._tail(self._page.row, row.amounts) if state else {}),
        }
        self._finish(self._page.write(cells, kinds={"title": "indented"}), checked=state)

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
            state = fund in STATE_FUNDS
            cells |= self._tail(page.row, amounts) if state else {}
            row = page.write(cells, kinds={"title": "indented"})
            self._finish(row, checked=state)
            written[fund] = (row, FundRow(fund, amounts))
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
        cells |= self._tail(page.row, amounts) if state else {}
        row = page.write(cells, dress="total")
        self._finish(row, checked=state)
        return row

    def _tail(self, row: int, amounts: Mapping[str, int]) -> dict[str, Cell]:
        """The rate and the check of a row of state funds; others have no estimate."""
        page = self._page
        given = "+".join(page.at(row, name) for name in GIVEN)
        used = "+".join(page.at(row, name) for name in USED)
        gone = "".join(f"-{page.at(row, name)}" for name in GONE)
        base = sum(amounts[name] for name in GIVEN)
        rate = sum(amounts[name] for name in USED) / base if base else ""
        return {
            "rate": Formula(f'=IF(({given})=0,"",({used})/({given}))', rate),
            "check": Formula(f"={given}{gone}", _gap(amounts)),
        }

    def _finish(self, row: int, *, checked: bool) -> None:
        if checked:
            self._page.mark_unless_zero(row, "check")

    def _write_signatures(self) -> None:
        """Where it is dated and signed: whom the book names, or who signs as a rule."""
        page, language = self._page, self._language
        usual = tuple(Signatory(title.to(language), "") for title in SIGNATORIES)
        signing = self._figures.head.signatories or usual
        for first in range(0, len(signing), SIGNATORIES_IN_A_ROW):
            shown = signing[first : first + SIGNATORIES_IN_A_ROW]
            if len(shown) == 1:  # at the right, under the date
                shown = (Signatory("", ""), Signatory("", ""), *shown)
            page.gap()
            if not first:
                blank = [("", "signing")] * (len(shown) - 1)
                page.side_by_side([*blank, (DATE.to(language), "signing")])
            page.side_by_side([(one.title, "signatory") for one in shown])
            signs = [SIGN.to(language) if one.title else "" for one in shown]
            page.side_by_side([(sign, "signing") for sign in signs])
            for _ in range(ROWS_TO_SIGN_IN):
                page.gap()
            page.side_by_side([(one.name, "signatory") for one in shown])


def _plan(head: Head, language: Language) -> str:
    text = Text(
        f"Kế hoạch {head.plan} ngày {head.plan_date:%d/%m/%Y} · Niên độ {head.budget_year}",
        f"Plan {head.plan} of {head.plan_date:%Y-%m-%d} · Budget year {head.budget_year}",
    )
    return text.to(language)


def _totals(rows: Sequence[FundRow]) -> dict[str, int]:
    return {measure.name: sum(row.amounts[measure.name] for row in rows) for measure in MEASURES}


def _gap(amounts: Mapping[str, int]) -> int:
    """What was given less where it went: 0 unless the book moves the estimate oddly."""
    return sum(amounts[name] for name in GIVEN) - sum(amounts[name] for name in GONE)


def _all_amounts(rows: Sequence[FundRow]) -> list[int]:
    """Every figure that the sheet may show, totals among them, to make room for it."""
    single = [amount for row in rows for amount in row.amounts.values()]
    return [*single, *_totals(rows).values()]
