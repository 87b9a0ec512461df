"""Supports, advances and outputs as the programme's own forms list them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.loading import load_facts
from reports.forms.grid import number
from tests.books import ALLOTMENT, ALLOTMENT_OF_2022, OVERDRAWN, write_book
from tests.settled import fill, forms_of, gaps, settle_book, values

if TYPE_CHECKING:
    from pathlib import Path

SUPPORT = """
2021-02-01 custom "support" "{code}"
  task: "NV02"
  activity: "trial-production"
  enterprise: "0100000001"
  decision: "{decision}"
  decision-date: {day}
  eligible-cost: 100
  state-support: 60
  own-share: 40
"""
ADVANCED = """
2021-03-01 * "Tạm ứng cho nhiều khoản hỗ trợ"
  kind: "advance"
  voucher: "2021/RDT/01"
  Assets:DuToan:KhaDung:NV02:NSTP   -{drawn} VND
  Assets:TamUng:NV02:NSTP:TM6699     {drawn} VND
"""
SETTLED = """
2021-04-01 * "Thanh toán tạm ứng"
  kind: "advance-settlement"
  voucher: "2021/TT/01"
  advance: "2021/RDT/01"{support}
  Assets:TamUng:NV02:NSTP:TM6699    -60 VND
  Expenses:NV02:NSTP:TM6651          60 VND
"""
CARRIED = """
2022-01-31 * "Chuyển nguồn tạm ứng"
  kind: "carry-over"
  ground: "b"
  Assets:TamUng:NV02:NSTP:TM6699    -{left} VND
    budget-year: 2021
  Equity:ChuyenNguon:NSTP            {left} VND
    budget-year: 2021
  Assets:TamUng:NV02:NSTP:TM6699     {left} VND
    budget-year: 2022
  Equity:ChuyenNguon:NSTP           -{left} VND
    budget-year: 2022
"""
NEXT_YEAR = f"""
{ALLOTMENT_OF_2022}2022-03-01 * "Thanh toán tạm ứng"
  kind: "advance-settlement"
  voucher: "2022/TT/01"
  advance: "2021/RDT/01"
  Assets:TamUng:NV02:NSTP:TM6699    -30 VND
  Expenses:NV02:NSTP:TM6651          30 VND
"""


def test_a_support_settled_from_an_advance_for_many_is_paid(tmp_path: Path) -> None:
    text = SUPPORT.format(code="HT01", decision="1", day="2021-02-01")
    settled = SETTLED.format(support='\n  support: "HT01"')
    main = write_book(tmp_path, ALLOTMENT + text + ADVANCED.format(drawn=100) + settled)
    (row,) = [
        one for one in fill(load_facts(main).facts).form("CT03").grid.rows if one.code == "HT01"
    ]
    assert number(row.cells["paid"]) == 60


def test_a_support_of_another_year_is_listed_where_it_is_paid_for(tmp_path: Path) -> None:
    text = SUPPORT.format(code="HT01", decision="1", day="2021-02-01")
    main = write_book(tmp_path, ALLOTMENT + text + NEXT_YEAR.replace('"2021/RDT/01"', '"?"'))
    facts = load_facts(main).facts
    listed = [[row.code for row in fill(facts, y).form("CT03").grid.rows] for y in (2021, 2022)]
    assert ["HT01" in codes for codes in listed] == [True, False]


def test_an_output_counts_in_the_year_of_its_day(tmp_path: Path) -> None:
    output = '2021-10-31 custom "output" "NV02" 195\n  unit: "booth"\n'
    main = write_book(tmp_path, ALLOTMENT + output + NEXT_YEAR)
    facts = load_facts(main).facts
    shown = [
        next(row for row in fill(facts, year).form("CT01").grid.rows if row.code == "NV02")
        for year in (2021, 2022)
    ]
    assert ["195" in str(row.cells["achieved"]) for row in shown] == [True, False]


def test_a_carry_over_that_names_no_voucher_is_of_the_only_open_advance(tmp_path: Path) -> None:
    text = ALLOTMENT + ADVANCED.format(drawn=100) + SETTLED.format(support="")
    main = write_book(tmp_path, text + CARRIED.format(left=40) + NEXT_YEAR)
    facts = load_facts(main).facts
    for year, drawn, settled, carried, due in ((2021, 100, 60, 40, 0), (2022, 40, 30, 0, 10)):
        made = fill(facts, year)
        (row,) = [one for one in made.form("CT05").grid.rows if not one.dress]
        assert row.cells["voucher"] == "2021/RDT/01"
        columns = ("drawn", "settled", "carried", "due")
        found = tuple(number(row.cells[column]) for column in columns)
        assert found == (drawn, settled, carried, due)
        assert not [label for label in gaps(made.checked) if "CT05 chuyển năm sau" in label]


@pytest.mark.parametrize("named", [True, False])
def test_of_several_open_advances_a_carry_over_names_its_own(
    tmp_path: Path, *, named: bool
) -> None:
    other = ADVANCED.format(drawn=50).replace("RDT/01", "RDT/02")
    carried = CARRIED.format(left=40)
    if named:
        carried = carried.replace('  ground: "b"', '  ground: "b"\n  advance: "2021/RDT/01"')
    text = ALLOTMENT + ADVANCED.format(drawn=100) + SETTLED.format(support="") + other + carried
    grid = fill(load_facts(write_book(tmp_path, text)).facts).form("CT05").grid
    rows = {str(row.cells["voucher"]): row.cells for row in grid.rows if not row.dress}
    assert grid.value("TOTAL", "carried") == 40
    assert ("" in rows) is not named
    assert number(rows["2021/RDT/01"]["due"]) == (0 if named else 40)


TAXED = """
2021-03-05 * "Trả thù lao từ tạm ứng, khấu trừ thuế"
  kind: "paid-from-advance"
  voucher: "2021/PC/01"
  advance: "2021/RDT/01"
  Assets:TamUng:NV02:NSTP:TM6699          -90 VND
  Assets:ChoThanhToan:NV02:NSTP:TM6651    100 VND
  Liabilities:PhaiNop:TNCN                -10 VND
"""
ACCEPTED = """
2021-03-20 * "Kho bạc chấp nhận thanh toán tạm ứng"
  kind: "advance-settlement"
  voucher: "2021/TT/02"
  advance: "2021/RDT/01"
  Assets:ChoThanhToan:NV02:NSTP:TM6651   -100 VND
  Expenses:NV02:NSTP:TM6651               100 VND
"""
PAID_STRAIGHT = """
2021-03-06 * "Trả thù lao, khấu trừ thuế"
  kind: "payment"
  voucher: "2021/UNC/02"
  Assets:DuToan:KhaDung:NV02:NSTP   -180 VND
  Expenses:NV02:NSTP:TM6651          200 VND
  Liabilities:PhaiNop:TNCN           -20 VND
"""


def test_tax_withheld_from_an_advance_is_still_in_it(tmp_path: Path) -> None:
    text = ALLOTMENT + ADVANCED.format(drawn=100) + TAXED + PAID_STRAIGHT
    made = fill(load_facts(write_book(tmp_path, text)).facts)
    tasks, listed = made.form("CT01").grid, made.form("CT05").grid
    of_treasury = made.form("02a-SDKP/ĐVDT").grid
    assert tasks.value("NV02", "advanced") == listed.value("TOTAL", "left") == 100
    assert of_treasury.value("TOTAL", "advance") == 100
    assert (tasks.value("NV02", "spent_nstp"), of_treasury.value("TOTAL", "spent")) == (200, 180)
    # 1.000 allotted, 100 advanced and 180 drawn; the tax of 20 is spent and not drawn for.
    assert tasks.value("NV02", "left") == 1000 - 100 - 200
    assert not [label for label in gaps(made.checked) if label.startswith(("CT01", "CT05"))]


@pytest.mark.usefixtures("no_rules")
def test_more_carried_over_than_is_left_is_told(tmp_path: Path) -> None:
    text = ALLOTMENT + ADVANCED.format(drawn=100) + TAXED + ACCEPTED + CARRIED.format(left=10)
    made = settle_book(write_book(tmp_path, text), tmp_path / "out")
    (told,) = [one.vi for one in made.left_open if "còn phải nộp" in one.vi]
    assert told.startswith("B01 mã 27 «còn phải nộp» là −10 đồng, dưới 0")


def test_what_a_contribution_was_corrected_by_is_of_its_own_year(tmp_path: Path) -> None:
    received = """
2021-05-01 * "Nhận đóng góp"
  kind: "contribution-cash"
  contributor: "0100000001"
  Assets:TienGui:KB01            500 VND
  Income:DongGop:NV02:DN        -500 VND
2021-05-02 * "Ghi đỏ một phần"
  kind: "correction"
  contributor: "0100000001"
  Assets:TienGui:KB01           -100 VND
  Income:DongGop:NV02:DN         100 VND
"""
    facts = load_facts(write_book(tmp_path, ALLOTMENT + received + NEXT_YEAR)).facts
    first, second = (fill(facts, year).form("CT02b").grid for year in (2021, 2022))
    assert first.value("TOTAL", "cash") == first.value("TOTAL", "left") == 400
    assert second.value("TOTAL", "brought") == 400


@pytest.mark.usefixtures("budget_rules")
def test_a_set_annexes_the_findings_of_its_own_year_alone(tmp_path: Path) -> None:
    later = OVERDRAWN.replace("2021-", "2022-")
    main = write_book(tmp_path, ALLOTMENT + NEXT_YEAR + later)
    shown = []
    for year in (2021, 2022):
        settle_book(main, tmp_path / str(year), year, forms=("CT07",))
        rows = values(forms_of(tmp_path / str(year)))["CT07"].values
        shown.append(any("BUD101" in map(str, row) for row in rows))
    assert shown == [False, True]
