"""What the treasury keeps of a book: one answer, whoever asks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from ledger.advances import by_voucher
from ledger.loading import load_facts
from ledger.period import quarter, whole_year
from ledger.treasury import estimate_table, spending_table, state_postings
from tests.books import write_book
from tests.settled import fill

if TYPE_CHECKING:
    from ledger.facts import Facts

BOOK = """
2021-01-01 * "Chuyển nguồn năm 2020 sang: dự toán và tạm ứng"
  kind: "carry-over"
  budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP    50 VND
  Assets:TamUng:NV02:NSTP:TM6655            30 VND
  Equity:ChuyenNguon:NSTP           -80 VND

2021-01-02 * "Giao dự toán"
  kind: "allotment"
  Assets:DuToan:KhaDung:NV02:NSTP   1000 VND
  Equity:GiaoDuToan:NSTP           -1000 VND

2021-02-01 * "Tạm ứng"
  kind: "advance"
  voucher: "2021/RDT/01"
  Assets:DuToan:KhaDung:NV02:NSTP   -60 VND
  Assets:TamUng:NV02:NSTP:TM6655            60 VND

2021-02-02 * "Tạm ứng"
  kind: "advance"
  voucher: "2021/RDT/02"
  Assets:DuToan:KhaDung:NV02:NSTP   -50 VND
  Assets:TamUng:NV02:NSTP:TM6655            50 VND

2021-03-01 * "Trả giảng viên từ tạm ứng, giữ thuế"
  kind: "paid-from-advance"
  advance: "2021/RDT/01"
  Assets:ChoThanhToan:NV02:NSTP:TM6655   40 VND
  Assets:TamUng:NV02:NSTP:TM6655               -36 VND
  Liabilities:PhaiNop:ThueTNCN           -4 VND

2021-03-20 * "Thanh toán hai tạm ứng"
  kind: "advance-settlement"
  advance: "2021/RDT/01; 2021/RDT/02"
  Assets:ChoThanhToan:NV02:NSTP:TM6655  -40 VND
  Assets:TamUng:NV02:NSTP:TM6655               -60 VND
  Expenses:NV02:NSTP:TM6655             100 VND

2021-05-01 * "Thực chi, giữ thuế, chưa nộp"
  kind: "payment"
  voucher: "2021/RDT/03"
  Assets:DuToan:KhaDung:NV02:NSTP   -90 VND
  Liabilities:PhaiNop:ThueTNCN      -10 VND
  Expenses:NV02:NSTP:TM6655         100 VND

2021-06-01 * "Ghi đỏ: giảm dự toán ghi thừa"
  kind: "correction"
  Assets:DuToan:KhaDung:NV02:NSTP    -7 VND
  Assets:DuToan:GiuLai:NV02:NSTP      7 VND

2021-06-02 * "Ghi đỏ: rút dự toán vào tiền gửi"
  kind: "correction"
  Assets:DuToan:KhaDung:NV02:NSTP   -11 VND
  Assets:TienGui:KB01                11 VND

2022-01-20 * "Thanh toán tạm ứng năm trước chuyển sang, trong chỉnh lý"
  kind: "advance-settlement"
  budget-year: 2021
  Assets:TamUng:NV02:NSTP:TM6655           -30 VND
  Expenses:NV02:NSTP:TM6655          30 VND

2022-01-25 * "Thực chi trong chỉnh lý"
  kind: "payment"
  budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP    -5 VND
  Expenses:NV02:NSTP:TM6655           5 VND

2022-02-09 * "Nộp trả tạm ứng chưa thanh toán, sau chỉnh lý"
  kind: "return-to-budget"
  budget-year: 2021
  advance: "2021/RDT/02"
  Assets:TamUng:NV02:NSTP:TM6655     -3 VND
  Equity:NopTraNSNN:NSTP              3 VND

2022-01-31 * "Hủy dự toán"
  kind: "cancellation"
  budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP  -827 VND
  Assets:DuToan:GiuLai:NV02:NSTP     -7 VND
  Equity:HuyDuToan:NSTP             834 VND
"""

# The columns of the settlement's forms and the figures of the tables that are reconciled.
CLOSING = dt.date(2022, 1, 31)
PAIRS = {
    "01a-SDKP/ĐVDT": {
        "opening": "brought_forward",
        "first": "allotted",
        "adjusted_now": "adjusted",
        "adjusted": "adjusted_total",
        "usable": "usable",
        "drawn_now": "used",
        "drawn": "used_total",
        "committed_now": "committed",
        "committed": "committed_balance",
        "withheld": "withheld",
        "left": "remaining",
    },
    "02a-SDKP/ĐVDT": {
        "advance_now": "advance",
        "advance": "advance_balance",
        "spent_now": "spent",
        "spent": "spent_total",
        "total_now": "total",
        "total": "total_balance",
    },
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return load_facts(write_book(tmp_path_factory.mktemp("treasury"), BOOK)).facts


def test_a_year_is_what_was_drawn_with_its_closing_and_before_its_end(facts: Facts) -> None:
    rows = state_postings(facts, 2021)
    (estimate,) = estimate_table(rows, whole_year(2021), CLOSING).to_dict("records")
    assert estimate == {
        "source_code": estimate["source_code"],
        "kind_item": estimate["kind_item"],
        "programme_code": estimate["programme_code"],
        "brought_forward": 80,
        "allotted": 1000,
        "adjusted": 0,
        "adjusted_total": 0,
        "usable": 1080,
        "used": 30 + 60 + 50 + 90 + 11 + 5,
        "used_total": 30 + 60 + 50 + 90 + 11 + 5,
        "committed": 0,
        "committed_balance": 0,
        "withheld": 7,
        "remaining": 827,
    }
    spending = spending_table(rows, whole_year(2021), CLOSING)
    # What went to the deposit account is neither an advance nor spent; tax is where its money is.
    assert spending["total_balance"].sum() == estimate["used_total"] - 11
    assert spending["advance_balance"].sum() == 10
    assert spending["spent_total"].sum() == 100 + 90 + 30 + 5


def test_a_quarter_has_what_happened_until_its_end(facts: Facts) -> None:
    rows = state_postings(facts, 2021)
    (estimate,) = estimate_table(rows, quarter(2021, 2)).to_dict("records")
    assert (estimate["used"], estimate["used_total"]) == (101, 30 + 60 + 50 + 90 + 11)
    spending = spending_table(rows, quarter(2021, 1))
    assert spending["advance"].sum() == spending["advance_balance"].sum() == 30 + 110 - 100
    assert spending["spent"].sum() == 100


@pytest.mark.parametrize("form", PAIRS)
def test_the_set_and_the_reconciliation_have_the_same_figures(facts: Facts, form: str) -> None:
    rows = state_postings(facts, 2021)
    table_of = estimate_table if form.startswith("01a") else spending_table
    table = table_of(rows, whole_year(2021), CLOSING)
    grid = fill(facts).form(form).grid
    for column, figure in PAIRS[form].items():
        assert grid.value("TOTAL", column) == table[figure].sum(), column


def test_what_clears_several_advances_clears_them_in_their_order(facts: Facts) -> None:
    postings = facts["postings"]
    advances = postings[postings["family"].isin(("TamUng", "ChoThanhToan"))]
    left = by_voucher(advances).groupby("of")["amount"].sum().to_dict()
    assert left["2021/RDT/01"] == 0
    assert left["2021/RDT/02"] == 60 + 50 + 4 - 100 - 3
    rows = fill(facts).form("CT05").grid.rows
    assert [row.cells["voucher"] for row in rows if row.cells.get("voucher")] == ["2021/RDT/02"]
