"""Books of several units that use the same codes for things of their own, settled as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

import pytest

from ledger.facts import join
from ledger.loading import load_facts
from reports.forms.grid import CellFigure, Row, number
from reports.settlement.units import tasks_apart
from tests.books import ALLOTMENT, OVERDRAWN, write_book
from tests.settled import UNIT, Set, fill, forms_of, values
from tests.test_settlement_consolidation import consolidated, unit_book

if TYPE_CHECKING:
    from pathlib import Path

TWIN = """
2020-05-01 * "Thu hồi kỳ trước"
  kind: "recovery"
  finding: "{finding}"
  Assets:TienGui:KB01                {earlier} VND
  Liabilities:PhaiNop:NSNN          -{earlier} VND
2021-01-01 * "Giao dự toán"
  kind: "allotment"
  budget-year: 2021
  decision: "1/QĐ"
  decision-date: 2020-12-09
  Assets:DuToan:KhaDung:NV02:NSTP    {allotted} VND
  Equity:GiaoDuToan:NSTP            -{allotted} VND
2021-01-02 custom "support" "HT01"
  task: "NV02"
  activity: "domestic-fair"
  enterprise: "0100000001"
  decision: "2/QĐ"
  decision-date: 2021-01-02
  eligible-cost: {eligible}
  state-support: {approved}
  own-share: {own}
2021-02-10 custom "acceptance" "BB-{name}"
  for: "support HT01"
2021-02-11 custom "output" "NV02" {achieved}
  unit: "booth"
2021-01-03 custom "plan-change" "NV02"
  decision: "3/QĐ"
  decision-date: 2021-01-03
  outputs: "{outputs}"
2021-02-01 * "Chi hỗ trợ"
  kind: "payment"
  support: "HT01"
  event: "SK1"
  Assets:DuToan:KhaDung:NV02:NSTP   -{paid} VND
  Expenses:NV02:NSTP:TM6651          {paid} VND
2021-02-02 * "Doanh nghiệp tự chi"
  kind: "contribution-direct"
  contributor: "0100000001"
  support: "HT01"
  Income:DongGop:NV02:DNTC          -{direct} VND
  Expenses:NV02:DNTC:TM0000          {direct} VND
2021-02-03 * "Cam kết đóng góp"
  kind: "contribution-pledge"
  contributor: "0100000001"
  Assets:PhaiThu:DongGop:NV02:DN     {pledged} VND
  Income:DongGop:NV02:DN            -{pledged} VND
2021-02-04 * "Nhận đóng góp"
  kind: "contribution-cash"
  contributor: "0100000001"
  Assets:TienGui:KB01                {cash} VND
  Assets:PhaiThu:DongGop:NV02:DN    -{cash} VND
2021-02-05 * "Chi từ đóng góp"
  kind: "payment"
  Assets:TienGui:KB01               -{used} VND
  Expenses:NV02:DN:TM6651            {used} VND
2021-03-01 * "Tạm ứng {name}"
  kind: "advance"
  voucher: "RDT/1"
  contract: "HĐ1"
  vendor: "0100000002"
  Assets:DuToan:KhaDung:NV02:NSTP   -{drawn} VND
  Assets:TamUng:NV02:NSTP:TM6651     {drawn} VND
2021-03-02 * "Tạm ứng lần hai"
  kind: "advance"
  voucher: "RDT/2"
  vendor: "0100000002"
  Assets:DuToan:KhaDung:NV02:NSTP   -{again} VND
  Assets:TamUng:NV02:NSTP:TM6651     {again} VND
2021-04-01 * "Thanh toán tạm ứng"
  kind: "advance-settlement"
  voucher: "TTTU/1"
  advance: "{settles}"
  Assets:TamUng:NV02:NSTP:TM6651    -{settled} VND
  Expenses:NV02:NSTP:TM6651          {settled} VND
2021-06-01 * "Thu hồi theo kiến nghị"
  kind: "recovery"
  finding: "03/KTNN-2021"
  Assets:TienGui:KB01                {owed} VND
  Liabilities:PhaiNop:NSNN          -{owed} VND
2022-01-31 * "Hủy"
  kind: "cancellation"
  budget-year: 2021
  decision: "4/QĐ"
  Assets:DuToan:KhaDung:NV02:NSTP   -{cancelled} VND
  Equity:HuyDuToan:NSTP              {cancelled} VND
"""
ONE = {
    "name": "A", "finding": "03/KTNN-2021", "earlier": 7, "allotted": 5000, "eligible": 900,
    "approved": 600, "own": 300, "achieved": 12, "outputs": "booth 100; class ~5", "paid": 300,
    "direct": 110, "pledged": 90, "cash": 80, "used": 30, "drawn": 1000, "again": 400,
    "settles": "RDT/1", "settled": 1000, "owed": 40, "cancelled": 20,
}  # fmt: skip
OTHER = {
    "name": "B", "finding": "01/KTNN-2020", "earlier": 3, "allotted": 7000, "eligible": 1000,
    "approved": 800, "own": 200, "achieved": 31, "outputs": "booth 30-40", "paid": 500,
    "direct": 220, "pledged": 70, "cash": 50, "used": 45, "drawn": 700, "again": 600,
    "settles": "RDT/1; RDT/2", "settled": 900, "owed": 60, "cancelled": 33,
}  # fmt: skip
OUTPUTS = """
2021-01-03 custom "plan-change" "NV02"
  decision: "3/QĐ"
  decision-date: 2021-01-03
  outputs: "{plan}"
2021-02-11 custom "output" "NV02" 4
  unit: "booth"
"""
EXPLAINED = """
2022-01-10 custom "explanation" "BUD101" "{mark}"
  person: "Bà A"
  reason: "Quyết định về sau"
"""
TITLES = (("Hội chợ", "Hội chợ"), ("Hội chợ", "Hội thảo"))
FORMS = ("CT01", "CT02", "CT02b", "CT03", "CT05", "CT06")
# Rows of these are of one task, be it of several units.
BY_TASK = ("CT01", "CT02b")


def twins(folder: Path, titles: tuple[str, str]) -> list[Path]:
    """Two units' books alike in every code and in nothing else."""
    mains = []
    for figures, title in zip((ONE, OTHER), titles, strict=True):
        name = str(figures["name"])
        main = unit_book(folder / name.lower(), f"Đơn vị {name}", TWIN.format(**figures))
        text = main.read_text("utf-8").replace('"NV02" "Hội chợ CNHT"', f'"NV02" "{title}"')
        text = text.replace("Công ty Minh Họa 1", f"Công ty {name} 1")
        main.write_text(text.replace("Công ty Minh Họa 2", f"Công ty {name} 2"), "utf-8")
        mains.append(main)
    return mains


def settled_apart(folder: Path, titles: tuple[str, str]) -> tuple[Set, list[Set]]:
    """The consolidated set and the two single ones, nothing written."""
    facts = [load_facts(main).facts for main in twins(folder, titles)]
    return fill(tasks_apart(join(facts))), [fill(one) for one in facts]


def money_rows(made: Set, form: str) -> list[tuple[int, ...]]:
    """The figures of each row of a list."""
    grid = made.form(form).grid
    keys = [column.key for column in grid.columns if column.kind == "money"]
    return sorted(
        tuple(number(row.cells.get(key, 0)) for key in keys)
        for row in grid.rows
        if is_of_a_thing(row)
    )


def is_of_a_thing(row: Row) -> bool:
    """Whether a row is neither a heading nor a sum."""
    return not row.dress


def totals(made: Set, form: str) -> dict[str, int]:
    grid = made.form(form).grid
    keys = [column.key for column in grid.columns if column.kind == "money"]
    return {key: grid.value("TOTAL", key) for key in keys}


@pytest.mark.parametrize("titles", TITLES)
@pytest.mark.parametrize("form", FORMS)
def test_a_consolidated_list_is_the_sum_of_those_of_the_units(
    tmp_path: Path, form: str, titles: tuple[str, str]
) -> None:
    whole, singles = settled_apart(tmp_path, titles)
    found, own = totals(whole, form), [totals(one, form) for one in singles]
    assert found == {key: sum(one[key] for one in own) for key in found}
    assert all(any(one.values()) for one in own)
    rows = [money_rows(one, form) for one in singles]
    if titles[0] == titles[1] and form in BY_TASK:
        rows = [[tuple(map(sum, zip(*parts, strict=True))) for parts in zip(*rows, strict=True)]]
    assert money_rows(whole, form) == sorted(row for one in rows for row in one)


@pytest.mark.parametrize("titles", TITLES)
def test_recoveries_of_several_units_are_the_sum_of_theirs(
    tmp_path: Path, titles: tuple[str, str]
) -> None:
    whole, *singles = (one.form("B02/BCQT").grid for one in flat(settled_apart(tmp_path, titles)))
    shown = [row.code for row in whole.rows if row.code]
    for code in shown:
        for column in (one.key for one in whole.columns if one.kind == "money"):
            own = [one.value(code, column) for one in singles]
            assert whole.value(code, column) == sum(own), (code, column)


def flat(made: tuple[Set, list[Set]]) -> list[Set]:
    return [made[0], *made[1]]


def shown(made: Set, form: str, *columns: str) -> list[tuple[object, ...]]:
    """Cells of each row of a list, in its order."""
    rows = (row for row in made.form(form).grid.rows if is_of_a_thing(row))
    return [tuple(row.cells.get(key, "") for key in columns) for row in rows]


def test_a_row_says_which_of_the_units_that_have_its_code_it_is_of(tmp_path: Path) -> None:
    whole, singles = settled_apart(tmp_path, TITLES[0])
    assert shown(whole, "CT03", "code", "label", "paid") == [
        ("HT01 (Đơn vị A)", "Công ty A 1", CellFigure(300, ANY)),
        ("HT01 (Đơn vị B)", "Công ty B 1", CellFigure(500, ANY)),
    ]
    assert shown(whole, "CT03", "documents") == [("BB-A",), ("BB-B",)]
    assert shown(whole, "CT02", "tax_code", "label") == [
        ("0100000001", "Công ty A 1 (Đơn vị A)"),
        ("0100000001", "Công ty B 1 (Đơn vị B)"),
    ]
    assert [row[:2] for row in shown(whole, "CT05", "voucher", "holder")] == [
        ("RDT/2", "Công ty A 2"),
        ("RDT/2", "Công ty B 2"),
    ]
    places = shown(whole, "CT05", "place")
    assert [str(place).partition("/")[0] for (place,) in places] == ["a", "b"]
    assert shown(singles[0], "CT03", "code") == [("HT01",)]
    assert shown(singles[0], "CT02", "label") == [("Công ty A 1",)]


@pytest.mark.parametrize(
    ("plans", "planned"),
    [
        (("booth 100", "booth 30"), "130 gian hàng"),
        (("booth 100; class ~5", "booth 30-40"), "130–140 gian hàng; khoảng 5 lớp"),
        (("booth ~100", "booth 30"), "khoảng 130 gian hàng"),
    ],
)
def test_what_units_plan_of_one_task_adds_up(
    tmp_path: Path, plans: tuple[str, str], planned: str
) -> None:
    mains = []
    for letter, plan in zip("AB", plans, strict=True):
        later = OUTPUTS.format(plan=plan).replace("2021-01-03", "2021-01-04")
        text = ALLOTMENT + OUTPUTS.format(plan="booth 7") + later
        mains.append(unit_book(tmp_path / letter, f"Đơn vị {letter}", text))
    whole = fill(tasks_apart(join([load_facts(main).facts for main in mains])))
    assert shown(whole, "CT01", "planned", "achieved") == [(planned, "16 gian hàng")]


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(
    ("said", "planned"),
    [
        (("Một hội chợ", "Một hội chợ"), "Một hội chợ"),
        (("100 gian hàng", "30 gian hàng"), "100 gian hàng; 30 gian hàng"),
        (("100 gian hàng", ""), "60 gian hàng"),
    ],
)
def test_what_plans_say_of_a_task_is_of_all_units(
    tmp_path: Path, said: tuple[str, str], planned: str
) -> None:
    mains = []
    for letter, words in zip("AB", said, strict=True):
        text = ALLOTMENT + UNIT.format(spent=-100, used=100) + OUTPUTS.format(plan="booth 30")
        main = unit_book(tmp_path / letter, f"Đơn vị {letter}", text, '\n  programme-code: "05123"')
        task = '"NV02" "Hội chợ CNHT"'
        book = main.read_text("utf-8").replace(task, f'{task}\n  expected: "{words}"')
        main.write_text(book, "utf-8")
        mains.append(main)
    consolidated(tmp_path / "out", mains, ("F01-02/BCQT-III",))
    (sheet,) = (one for one in values(forms_of(tmp_path / "out")) if one.title.startswith("F01-02"))
    (row,) = (row for row in sheet.values if "NV02: Hội chợ CNHT" in map(str, row))
    assert planned in row
    assert "8 gian hàng" in row


@pytest.mark.usefixtures("budget_rules")
def test_an_explanation_is_of_the_finding_of_its_own_unit(tmp_path: Path) -> None:
    mains = [write_book(tmp_path / name, ALLOTMENT + OVERDRAWN) for name in ("a", "b")]
    mains[1].write_text(mains[1].read_text("utf-8").replace("1001", "1003"), "utf-8")
    consolidated(tmp_path / "first", mains, ("CT07",))
    (mark,) = {str(row[7]) for row in found_in(tmp_path / "first")}
    with mains[0].open("a", encoding="utf-8") as file:
        file.write(EXPLAINED.format(mark=mark))
    consolidated(tmp_path / "second", mains, ("CT07",))
    told = {str(row[8])[0]: row[6] for row in found_in(tmp_path / "second")}
    assert told == {"a": "Bà A: Quyết định về sau", "b": None}


def found_in(folder: Path) -> list[tuple[Any, ...]]:
    rows = values(forms_of(folder))["CT07"].values
    return [row for row in rows if row[2] == "BUD101"]


def test_a_looked_at_subject_is_named_with_its_unit(tmp_path: Path) -> None:
    mains = twins(tmp_path / "books", TITLES[0])
    consolidated(tmp_path / "out", mains, ("CT03", "CT04"))
    sheets = values(forms_of(tmp_path / "out"))
    subjects = {str(row[1]) for row in sheets["CT04"].values if "HT01" in str(row[1])}
    own = ("khoản hỗ trợ HT01", "khoản hỗ trợ HT01 phần doanh nghiệp góp")
    assert subjects == {f"{subject} (Đơn vị {letter})" for subject in own for letter in "AB"}
