"""What each official form prints: its number, its rows and columns, where its figures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.loading import load_facts
from ledger.text import Text
from reports.forms.grid import CellFigure, number
from reports.forms.layouts import load_layouts
from reports.forms.rounding import Unit
from reports.forms.sheet import Setting, footer_of, heading_block
from reports.settlement.figures import read_head
from tests.books import BASE, write_book
from tests.settled import fill, gaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.facts import Facts
    from reports.forms.grid import Grid
    from reports.forms.model import FormLayout
    from tests.settled import Set

# The numbers that the instruments print; no form of theirs has another.
NUMBERS = {
    "B01/BCQT", "F01-01/BCQT", "F01-02/BCQT", "B02/BCQT", "B03/BCQT", "01a-SDKP/ĐVDT",
    "02a-SDKP/ĐVDT", "04-SDKP/ĐVDT", "S101-H", "1c", "2c",
}  # fmt: skip

BOOK = """
2025-01-02 * "Giao dự toán"
  kind: "allotment"
  kind-item: "280-309"
  source-code: "12"
  programme-code: "05123"
  decision: "1/QĐ"
  decision-date: 2025-01-02
  Assets:DuToan:KhaDung:NV02:NSTP   1,000 VND
  Equity:GiaoDuToan:NSTP           -1,000 VND
2025-02-02 * "Bổ sung"
  kind: "supplement"
  decision: "2/QĐ"
  decision-date: 2025-02-02
  Assets:DuToan:KhaDung:NV02:NSTP     300 VND
  Equity:GiaoDuToan:NSTP             -300 VND
2025-03-02 * "Cắt giảm"
  kind: "supplement"
  decision: "3/QĐ"
  decision-date: 2025-03-02
  Assets:DuToan:KhaDung:NV02:NSTP     -50 VND
  Equity:GiaoDuToan:NSTP               50 VND
2025-04-01 * "Tạm ứng"
  kind: "advance"
  voucher: "RDT/1"
  Assets:DuToan:KhaDung:NV02:NSTP    -500 VND
  Assets:TamUng:NV02:NSTP:TM6699      500 VND
2025-05-01 * "Thanh toán tạm ứng ở tiểu mục khác"
  kind: "advance-settlement"
  advance: "RDT/1"
  Assets:TamUng:NV02:NSTP:TM6699     -400 VND
  Expenses:NV02:NSTP:TM6655           400 VND
2025-06-01 * "Nộp phục hồi dự toán"
  kind: "return-restoring"
  advance: "RDT/1"
  Assets:TamUng:NV02:NSTP:TM6699      -60 VND
  Assets:DuToan:KhaDung:NV02:NSTP      60 VND
2025-07-01 * "Thực chi"
  kind: "payment"
  Assets:DuToan:KhaDung:NV02:NSTP    -200 VND
  Expenses:NV02:NSTP:TM6651           200 VND
2025-08-01 * "Nộp trả, không phục hồi"
  kind: "return-to-budget"
  Expenses:NV02:NSTP:TM6651           -30 VND
  Equity:NopTraNSNN:NSTP               30 VND
2026-01-31 * "Hủy"
  kind: "cancellation"
  budget-year: 2025
  Assets:DuToan:KhaDung:NV02:NSTP    -510 VND
  Equity:HuyDuToan:NSTP               510 VND
2026-01-31 * "Chuyển nguồn"
  kind: "carry-over"
  ground: "đ"
  decision: "2/QĐ"
  Assets:DuToan:KhaDung:NV02:NSTP    -100 VND
    budget-year: 2025
  Equity:ChuyenNguon:NSTP             100 VND
    budget-year: 2025
  Assets:DuToan:KhaDung:NV02:NSTP     100 VND
    budget-year: 2026
  Equity:ChuyenNguon:NSTP            -100 VND
    budget-year: 2026
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    base = BASE.replace("budget-year: 2021", "budget-year: 2025")
    return load_facts(write_book(tmp_path_factory.mktemp("book"), BOOK, base=base)).facts


@pytest.fixture(scope="module")
def made(facts: Facts) -> Set:
    return fill(facts, 2025)


def official() -> list[FormLayout]:
    return [layout for layout in load_layouts() if not layout.form.startswith("CT")]


def row(grid: Grid, *words: str) -> dict[str, object]:
    """The one row in which all these words stand."""
    (found,) = [
        one.cells for one in grid.rows if set(words) <= {str(cell) for cell in one.cells.values()}
    ]
    return dict(found)


def amounts(cells: dict[str, object], columns: Sequence[str]) -> list[int]:
    return [number(cells.get(column)) for column in columns]  # type: ignore[arg-type]


def test_no_form_prints_a_number_that_its_instrument_does_not_have() -> None:
    layouts = official()
    assert {layout.printed for layout in layouts} == NUMBERS
    parts = [layout for layout in layouts if layout.number]
    assert all(layout.form != layout.number for layout in parts)


def test_what_was_not_read_says_so_in_the_footer(facts: Facts) -> None:
    setting = Setting(read_head(facts, 2025), Text("năm 2025", "year 2025"), Unit.DONG)
    said = {
        layout.form + layout.regime: footer_of(layout, setting)
        for layout in official()
        if layout.grade in {"secondary", "recalled"}
    }
    assert said
    assert all("chưa đối chiếu bản gốc" in foot for foot in said.values())
    assert all(foot.split(" · ")[0] in NUMBERS for foot in said.values())


def test_the_forms_of_2025_stand_below_the_name_of_the_state(facts: Facts) -> None:
    setting = Setting(read_head(facts, 2025), Text("năm 2025", "year 2025"), Unit.DONG)
    checked = 0
    for layout in official():
        if not layout.form.endswith("BCQT") and "/BCQT-" not in layout.form:
            continue
        rights = [right for _, right in heading_block(layout, setting, ()).sides]
        marked = "Phụ biểu" if layout.form.startswith("F") else "Mẫu số"
        assert rights[0] == f"{marked} {layout.printed}"
        assert ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in rights) is (layout.from_ == 2025)
        checked += 1
    assert checked == 14


def test_every_check_of_the_year_passes(made: Set) -> None:
    assert gaps(made.checked) == {}
    names = " ".join(one.tie.label.vi for one in made.checked)
    assert "S101-H III cột (6) = B01 kinh phí thực nhận trong năm" in names


def test_the_detail_has_each_level_of_the_list_in_its_column(made: Set) -> None:
    grid = made.form("F01-01/BCQT").grid
    keys = ("loai", "khoan", "muc", "tieu_muc", "label")
    shown = [tuple(str(one.cells.get(key) or "") for key in keys) for one in grid.rows]
    assert shown == [
        ("", "", "", "", "I. Kinh phí được giao tự chủ"),
        ("", "", "", "", "II. Kinh phí không được giao tự chủ"),
        ("280", "", "", "", ""),
        ("", "309", "", "", ""),
        ("", "", "6650", "", "Hội nghị"),
        ("", "", "", "6651", "In, mua tài liệu"),
        ("", "", "", "6655", "Thuê hội trường, phương tiện vận chuyển"),
        ("", "", "", "", "TỔNG CỘNG"),
    ]
    assert [number(one.cells.get("domestic")) for one in grid.rows] == [
        0, 570, 570, 570, 570, 170, 400, 570,
    ]  # fmt: skip


def test_the_book_of_draws_agrees_with_the_detail_by_sub_item(made: Set) -> None:
    grid = made.form("S101-H/III").grid
    columns = ("drawn", "settled", "moved", "left", "direct", "returned", "received", "proposed")
    assert amounts(row(grid, "309", "6699"), columns) == [440, 400, -400, 40, 0, 0, 440, 0]
    assert amounts(row(grid, "309", "6655"), columns) == [0, 0, 400, 0, 0, 0, 0, 400]
    assert amounts(row(grid, "309", "6651"), columns) == [0, 0, 0, 0, 200, 30, 200, 170]
    b01 = made.form("B01/BCQT").grid
    assert grid.value("TOTAL", "received") == b01.value("116", "total") == 640


def test_the_book_of_the_estimate_names_its_item_and_adds_like_things_only(made: Set) -> None:
    rows = made.form("S101-H/I").grid.rows
    said = [(str(one.cells["label"]), number(one.cells.get("amount"))) for one in rows]
    assert said == [
        ("Kinh phí không giao tự chủ", 0),
        ("1. Dự toán năm trước chuyển sang", 0),
        ("2. Dự toán giao trong năm", 1250),
        ("Giao dự toán", 1000),
        ("Bổ sung", 300),
        ("Cắt giảm", -50),
        ("Cộng quý I", 1250),
        ("3. Số dư dự toán còn lại", 610),
        ("Dự toán năm trước chuyển sang và giao trong năm", 1250),
        ("Đã rút tạm ứng, thực chi (đã trừ số nộp phục hồi, nộp giảm tạm ứng)", -640),
        ("4. Dự toán bị hủy", 510),
        ("Hủy", 510),
        ("5. Số dư dự toán chuyển năm sau", 100),
        ("Chuyển nguồn", 100),
    ]
    assert {one.cells.get("khoan") for one in rows if not one.dress} == {"309"}


def test_the_notes_show_what_was_given_and_changed_and_no_code(made: Set) -> None:
    form = made.form("B03/BCQT")
    assert "code" not in {column.key for column in form.grid.columns}
    labels = [str(one.cells["label"]) for one in form.grid.rows]
    heads = (
        "A. TÌNH HÌNH CHUNG", "B. THUYẾT MINH CHI TIẾT", "I. Tình hình sử dụng NSNN trong năm",
        "2. Nguồn NSNN trong nước", "3. Nguồn viện trợ từ nhà tài trợ nước ngoài",
        "4. Nguồn vay nợ nước ngoài mà đơn vị được sử dụng",
        "II. Tình hình thu phí, lệ phí và sử dụng nguồn phí được khấu trừ, để lại",
        "III. Nguồn kinh phí hoạt động nghiệp vụ", "IV. Thuyết minh khác",
        "C. NHẬN XÉT VÀ KIẾN NGHỊ",
    )  # fmt: skip
    assert [label for label in labels if label in heads] == list(heads)
    own = labels[labels.index("2.2. Dự toán giao năm nay:") :]
    own = own[own.index("b) Kinh phí không được giao tự chủ") :][:6]
    start = next(n for n, label in enumerate(labels) if labels[n : n + 6] == own)
    values = [number(one.cells.get("total")) for one in form.grid.rows[start : start + 6]]
    assert values == [1250, 1000, 0, 250, 300, -50]


def test_what_was_added_stands_under_the_item_of_its_task(made: Set) -> None:
    """A supplement that names no khoản is of the khoản that its task was first given."""
    for form, code in (("B01/BCQT", "110"), ("F01-02/BCQT-I", "04")):
        grid = made.form(form).grid
        items = [one.key for one in grid.columns if one.key.startswith("K")]
        assert items == ["K280-309"]
        assert grid.value(code, "K280-309") == 1250


def test_a_programme_form_says_whose_it_is(made: Set) -> None:
    first = made.form("F01-02/BCQT-I")
    head = " ".join(first.copy.legend)
    assert "mã số: 05123" in head
    assert "Cơ quan thực hiện dự án: " in head
    assert "Tổng số kinh phí được duyệt toàn dự án" in head


def test_tasks_carried_over_stand_below_the_lines_of_the_form(made: Set) -> None:
    rows = made.form("04-SDKP/ĐVDT").grid.rows
    labels = [str(one.cells["label"]) for one in rows]
    assert labels[0] == "1. Chi thường xuyên"
    assert labels[1].startswith("2. Chương trình mục tiêu quốc gia")
    assert labels[2] == "Chương trình, dự án 05123"
    assert labels[-2] == "3. Chi đầu tư phát triển"


def test_where_the_form_carried_over_parts_from_the_printed_one_it_says_so(made: Set) -> None:
    form = made.form("04-SDKP/ĐVDT")
    (note,) = form.layout.notes_of(whole=True)
    assert "11 = 5 − 9." in note.vi
    assert "đã bị hủy (cột 10) không còn để chuyển" in note.vi
    rows = form.grid
    assert rows.value("TOTAL", "cancelled") == 510
    left = [rows.value("TOTAL", key) for key in ("usable", "used", "cancelled", "left")]
    assert left[3] == left[0] - left[1] - left[2] == 100


def test_the_forms_of_recommendations_name_whose_they_are() -> None:
    recommending = [one for one in official() if one.form == "B02/BCQT"]
    assert recommending
    for layout in recommending:
        assert layout.title.vi.endswith("TÀI CHÍNH,...")
        heads = [one.label.vi for one in layout.rows if one.section]
        assert [head.split(" ")[0] for head in heads] == ["Kiến", "Kiến", "Các"]
        assert "năm nay năm nay" not in " ".join(heads)
        marks = [column.mark for column in layout.columns if column.key.startswith("c_")]
        assert marks == ["11", "12=2-7", "13=3-8", "14=4-9", "15=5-10"]


def test_only_cells_that_the_unit_enters_are_told_apart(made: Set) -> None:
    grid = made.form("B02/BCQT").grid
    cells = row(grid, "Các khoản thu phải nộp NSNN", "01")
    asked = {key for key, cell in cells.items() if isinstance(cell, CellFigure) and cell.ask}
    assert asked == {f"{part}_{who}" for part in "ab" for who in WHO}


WHO = ("inspection", "audit", "finance", "superior")


def test_a_note_of_the_closed_year_stands_below_no_quarter() -> None:
    (layout,) = [one for one in official() if one.form == "01a-SDKP/ĐVDT"]
    assert len(layout.notes_of(whole=True)) == len(layout.notes_of(whole=False)) + 1


def test_the_codes_of_a_year_are_known_of_every_row_with_figures() -> None:
    """A row that is printed with a code has it from the instrument: two or three digits."""
    for layout in official():
        if "code" not in {column.key for column in layout.columns}:
            continue
        assert all(one.code.isdecimal() for one in layout.rows if one.code), layout.form


def test_the_local_budget_has_a_name_that_is_right_for_a_province_too() -> None:
    (form,) = [layout for layout in load_layouts() if layout.form == "CT01"]
    (heading,) = [one.heading for one in form.columns if one.key == "spent_nstp"]
    assert heading.vi.endswith("Đã chi ngân sách địa phương (tỉnh, thành phố)")
    assert "province" in heading.en
