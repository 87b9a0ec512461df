"""What keeps a settlement from being signed, and what it tells the one who signs."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from reports.settlement import gates
from reports.settlement.figures import read_head, read_signatories
from tests.books import ALLOTMENT, BASE, OVERDRAWN, run_cnht, write_book
from tests.settled import (
    CANCELLED,
    RECONCILED,
    UNIT,
    all_values,
    forms_of,
    formulas,
    rows_of,
    settle_book,
    values,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.facts import Facts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("Giám đốc: A; Kế toán trưởng: B; Người lập biểu: C", ["C", "B", "A"]),
        ("Người lập biểu: C; Kế toán trưởng: B; Thủ trưởng đơn vị: A", ["C", "B", "A"]),
        ("Thủ trưởng đơn vị: …; Người lập biểu", ["", ""]),
        ("Chủ tài khoản: TS. Nguyễn Văn A: B", ["TS. Nguyễn Văn A: B"]),
    ],
)
def test_signatories_stand_from_the_preparer_to_the_head(text: str, wanted: list[str]) -> None:
    assert [one.name for one in read_signatories(text)] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Giám đốc: A; Kiểm soát: K",
        "Kiểm soát: K; Giám đốc: A",
        "Người lập biểu: C; Kiểm soát: K; Kế toán trưởng: B; Thủ trưởng đơn vị: A",
        "Thủ trưởng đơn vị: A; Kiểm soát: K; Người lập biểu: C",
        "Trưởng ban: A; Kiểm soát: K",
    ],
)
def test_the_head_is_who_the_title_names(hanoi_facts: Facts, text: str) -> None:
    head = read_head(hanoi_facts, 2021)._replace(signatories=read_signatories(text))
    assert head.by_role["head"] == "A"


@pytest.mark.usefixtures("budget_rules")
def test_a_book_in_order_is_settled(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + CANCELLED + RECONCILED)
    made = settle_book(main, tmp_path / "out", draft=False)
    assert made.blocked == []
    assert len(made.written) == 7


@pytest.mark.usefixtures("budget_rules")
def test_a_draft_leaves_the_official_set_in_its_place(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + CANCELLED + RECONCILED)
    asked: dict[str, Any] = {"forms": ("B01/BCQT",), "force": True}
    official = settle_book(main, tmp_path / "out", draft=False, **asked).written
    before = {path: path.read_bytes() for path in official}
    drafted = settle_book(main, tmp_path / "out", **asked).written
    assert {path: path.read_bytes() for path in official} == before
    assert all("-2021-nhap" in path.name for path in drafted)


@pytest.mark.usefixtures("budget_rules")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ALLOTMENT + CANCELLED, "chưa đối chiếu với kho bạc"),
        (ALLOTMENT + CANCELLED + RECONCILED.replace("2021", "2021-06"), "01a-SDKP/ĐVDT"),
        (
            ALLOTMENT
            + CANCELLED
            + RECONCILED.replace("statement", 'differences: "5 đồng"\n  statement'),
            "01a-SDKP/ĐVDT",
        ),
        (ALLOTMENT + RECONCILED, "B01 mã 28"),
        (ALLOTMENT + OVERDRAWN + RECONCILED, "BUD101"),
        (ALLOTMENT + CANCELLED + RECONCILED + "2021-02-01 balance Equity:X  5 VND\n", "Beancount"),
    ],
)
def test_a_set_that_cannot_be_signed_is_not_written(tmp_path: Path, text: str, said: str) -> None:
    made = settle_book(write_book(tmp_path / "book", text), tmp_path / "out", draft=False)
    assert made.written == []
    assert any(said in reason.vi for reason in made.blocked)
    assert not (tmp_path / "out").exists()


DRAFTED = """
2021-05-01 ! "Phí chuyển tiền"
  kind: "bank-fee"
  Assets:TienGui:KB01       -7 VND
  Expenses:NV02:DN:TM7756    7 VND
"""


@pytest.mark.usefixtures("budget_rules")
def test_drafts_bar_the_set_of_a_year_and_mark_that_of_a_quarter(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + CANCELLED + RECONCILED + DRAFTED)
    made = settle_book(main, tmp_path / "out", draft=False)
    (said,) = [one.vi for one in made.blocked if "«!»" in one.vi]
    assert said.startswith("1 giao dịch dấu «!» của niên độ còn chờ quyết")
    assert made.written == []
    ran = run_cnht("report", main, "--quarter", "2021Q2", "-o", tmp_path / "q", "--no-pdf")
    assert ran.code == 0
    assert said in ran.err
    assert next((tmp_path / "q").glob("*.txt")).read_text("utf-8").startswith(f"BẢN NHÁP: {said}.")
    assert any(
        "BẢN NHÁP" in str(cell) for cell in all_values(values(forms_of(tmp_path / "q"))).values()
    )


@pytest.mark.usefixtures("budget_rules")
def test_a_quarter_that_differs_without_a_reason_is_told_with_the_set(tmp_path: Path) -> None:
    quarter = """
2021-07-09 custom "reconciled" "2021Q2"
  account: "02a-SDKP/ĐVDT"
  paper: "9/BĐC ngày 09/07/2021"
  differences: "2 số liệu lệch"
  closing: 0
"""
    main = write_book(tmp_path / "book", ALLOTMENT + CANCELLED + RECONCILED + quarter)
    made = settle_book(main, tmp_path / "out", draft=False, forms=("B01/BCQT",))
    assert made.blocked == []
    assert any("02a-SDKP/ĐVDT kỳ 2021Q2 còn lệch" in one.vi for one in made.left_open)


ON_PAPER = """
2022-02-10 custom "reconciled" "2021"
  account: "01a-SDKP/ĐVDT"
  paper: "12/BĐC ngày 10/02/2022"
  closing: {left}

2022-02-10 custom "reconciled" "2021"
  account: "02a-SDKP/ĐVDT"
  paper: "13/BĐC ngày 10/02/2022"
  closing: 0
"""


@pytest.mark.usefixtures("budget_rules")
def test_what_was_reconciled_on_paper_is_told(tmp_path: Path) -> None:
    text = ALLOTMENT + CANCELLED + ON_PAPER.format(left=1000)
    made = settle_book(write_book(tmp_path / "book", text), tmp_path / "out", draft=False)
    assert made.blocked == []
    manifest = json.loads(next((tmp_path / "out").glob("*.manifest.json")).read_text("utf-8"))
    assert [one["paper"] for one in manifest["reconciled-on-paper"]] == [
        "12/BĐC ngày 10/02/2022",
        "13/BĐC ngày 10/02/2022",
    ]
    told = " ".join(map(str, all_values(values(forms_of(tmp_path / "out"))).values()))
    assert "Đối chiếu trên giấy, không có tệp sao kê: 01a-SDKP/ĐVDT (12/BĐC" in told


def test_a_paper_that_says_another_balance_keeps_the_set_unsigned(tmp_path: Path) -> None:
    text = ALLOTMENT + CANCELLED + ON_PAPER.format(left=7)
    made = settle_book(write_book(tmp_path / "book", text), tmp_path / "out", draft=False)
    assert made.written == []
    assert any("TRE202" in reason.vi for reason in made.blocked)


@pytest.mark.usefixtures("budget_rules")
def test_a_draft_is_written_and_marked_on_every_sheet(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN)
    made = settle_book(main, tmp_path / "out")
    assert made.blocked
    forms, rows = formulas(forms_of(tmp_path / "out")), formulas(rows_of(tmp_path / "out"))
    for book in (forms, rows):
        assert all("BẢN NHÁP" in str(sheet.oddHeader.center.text) for sheet in book.worksheets)
    for sheet in forms.worksheets:  # seen on the screen; each printed page has the header
        assert "BẢN NHÁP" in str(sheet["A1"].value)
        assert "$A$2:" in str(sheet.print_area)
    with zipfile.ZipFile(rows_of(tmp_path / "out")) as archive:
        drawn = [n for n in archive.namelist() if re.match(r"xl/drawings/drawing\d+\.xml", n)]
        assert all("BẢN NHÁP" in archive.read(n).decode() for n in drawn)
    assert len(drawn) == len(rows.worksheets)
    manifest = json.loads(next((tmp_path / "out").glob("*.manifest.json")).read_text("utf-8"))
    assert manifest["draft"]
    assert manifest["open-points"]


@pytest.mark.usefixtures("no_rules")
def test_a_book_that_names_every_code_leaves_nothing_open(tmp_path: Path) -> None:
    named = 'kind: "allotment"\n  kind-item: "280-309"\n  source-code: "12"'
    text = ALLOTMENT.replace('kind: "allotment"', named) + CANCELLED
    made = settle_book(write_book(tmp_path, text), tmp_path / "out", forms=("CT01",), draft=False)
    assert made.left_open == []


@pytest.mark.usefixtures("no_rules")
def test_what_a_year_opens_with_is_told_where_the_book_lacks_the_year_before(
    tmp_path: Path,
) -> None:
    opened = """
2021-02-10 * "Nhận chuyển nguồn"
  kind: "carry-over"
  ground: "đ"
  budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP  2500 VND
  Assets:TamUng:NV02:NSTP:TM6699   3000 VND
  Equity:ChuyenNguon:NSTP         -5500 VND
"""
    main = write_book(tmp_path / "book", ALLOTMENT + opened)
    made = settle_book(main, tmp_path / "out", forms=("B01/BCQT",))
    (told,) = [one for one in made.left_open if "carry-over" in one.vi]
    assert "(3.000 đồng đã nhận, 2.500 đồng dự toán)" in told.vi
    assert "(3,000 VND received, 2,500 VND of estimate)" in told.en
    assert "sổ không có niên độ 2020" in told.vi
    cells = {row[2]: row[3] for row in values(forms_of(tmp_path / "out"))["B01"].values}
    assert (cells["06"], cells["07"], cells["11"]) == (3000, 2500, 6500)


@pytest.mark.usefixtures("no_rules")
def test_a_form_that_nobody_knows_is_not_demanded_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = BASE.replace("budget-year: 2021", "budget-year: 2026")
    text = (ALLOTMENT + CANCELLED).replace("2022-01", "2026-10").replace("2021", "2026")
    main = write_book(tmp_path / "book", text, base=base)
    asked: dict[str, Any] = {"draft": False, "forms": ("B01/BCQT",)}
    (running,) = settle_book(main, tmp_path / "no", 2026, dt.date(2027, 1, 30), **asked).blocked
    assert "niên độ 2026 chưa hết thời gian chỉnh lý (đến 31/01/2027)" in running.vi
    # Nor does a day to come end the year sooner.
    monkeypatch.setattr(gates, "today", lambda: dt.date(2026, 11, 25))
    made = settle_book(main, tmp_path / "ahead", 2026, dt.date(2027, 1, 31), **asked)
    assert ["số liệu đến 25/11/2026" in one.vi for one in made.blocked] == [True]
    monkeypatch.setattr(gates, "today", lambda: dt.date(2027, 2, 15))
    made = settle_book(main, tmp_path / "out", 2026, dt.date(2027, 1, 31), **asked)
    assert made.blocked == []
    # The form runs over pages: a part's heading stands on one with its first rows.
    sheet = formulas(forms_of(tmp_path / "out"))["B01"]
    first = [sheet.cell(one.id + 1, 2).value for one in sheet.row_breaks.brk]
    assert "B. NGUỒN PHÍ ĐƯỢC KHẤU TRỪ ĐỂ LẠI" in first
    told = " ".join(text.vi for text in made.left_open)
    for words in ("347/2025/NĐ-CP", "59/2026/TT-BTC", "bộ quyết toán không kèm mẫu đó"):
        assert words in told
    assert "để trống" not in told


@pytest.mark.usefixtures("no_rules")
def test_codes_whose_names_nobody_knows_are_told_and_left_blank(tmp_path: Path) -> None:
    base = BASE.replace("budget-year: 2021", "budget-year: 2026")
    text = (ALLOTMENT + UNIT.format(spent=-400, used=400)).replace("2021", "2026")
    main = write_book(tmp_path / "book", text, base=base)
    asked = {"forms": ("F01-01/BCQT", "CT01")}
    made = settle_book(main, tmp_path / "out", 2026, **asked)
    (told,) = [one for one in made.left_open if "danh mục mã" in one.vi]
    assert told.vi.startswith("F01-01/BCQT để trống tên của mục 6650; tiểu mục 6651: ")
    assert told.en.startswith("F01-01/BCQT leave the names of item 6650; sub-item 6651 blank: ")
    assert "niên độ 2026" in told.vi
    rows = [row for row in values(forms_of(tmp_path / "out"))["F01-01"].values if row[2] == "6650"]
    assert [row[4] for row in rows] == [None]
    # Another form of the set prints no such name.
    made = settle_book(main, tmp_path / "other", 2026, forms=("CT01",))
    assert not any("danh mục mã" in one.vi for one in made.left_open)


@pytest.mark.usefixtures("no_rules")
def test_names_that_are_known_leave_nothing_open(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + UNIT.format(spent=-400, used=400))
    made = settle_book(main, tmp_path / "out", forms=("F01-01/BCQT",))
    assert not any("danh mục mã" in one.vi for one in made.left_open)


@pytest.mark.usefixtures("no_rules")
def test_entries_after_the_day_asked_are_told(tmp_path: Path) -> None:
    text = ALLOTMENT + CANCELLED.replace("2022-01-31", "2027-01-31")
    main = write_book(tmp_path / "book", text)
    made = settle_book(main, tmp_path / "out", forms=("CT06",))
    (told,) = [one.vi for one in made.left_open if "--as-of" in one.vi]
    assert told.startswith("không tính 1 bút toán của niên độ ghi sau ngày 25/11/2026")


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(("year", "blocks"), [(2021, True), (2023, False)])
def test_a_place_left_to_fill_in_blocks_its_own_year(
    tmp_path: Path, year: int, *, blocks: bool
) -> None:
    later = BASE[BASE.index('2021-01-01 custom "programme"') :].split("\n\n")[0]
    later = later.replace("budget-year: 2021", f"budget-year: {year}")
    later = re.sub(r"plan: .*", 'plan: "…/KH-UBND"', later)
    base = BASE if year != 2021 else re.sub(r"plan: .*", 'plan: "…/KH-UBND"', BASE, count=1)
    text = ALLOTMENT + CANCELLED + (later.replace("MAU", "SAU") if year != 2021 else "")
    made = settle_book(write_book(tmp_path, text, base=base), tmp_path / "out", draft=False)
    assert any("KH-UBND" in one.vi for one in made.blocked) is blocks


@pytest.mark.usefixtures("budget_rules")
@pytest.mark.parametrize(("person", "answered"), [("Bà A", True), ("Ông B", False)])
def test_an_overspend_prints_when_the_head_explains_it(
    tmp_path: Path, person: str, *, answered: bool
) -> None:
    base = BASE.replace(
        "budget-year: 2021", 'budget-year: 2021\n  signatories: "Thủ trưởng đơn vị: Bà A"', 1
    )
    text = ALLOTMENT + OVERDRAWN + RECONCILED
    blocked = settle_book(
        write_book(tmp_path / "a", text, base=base), tmp_path / "x", draft=False
    ).blocked
    marks = re.findall(r'"explanation" "(\w+)" "(\w+)"', " ".join(one.vi for one in blocked))
    assert marks
    for code, mark in marks:
        text += (
            f'2022-02-20 custom "explanation" "{code}" "{mark}"\n'
            f'  person: "{person}"\n  reason: "vượt vì tăng giá"\n'
        )
    made = settle_book(write_book(tmp_path / "b", text, base=base), tmp_path / "y", draft=False)
    assert (made.written != []) is answered
    if not answered:
        return
    assert any("lệch −1 đồng là số chi vượt của NV02/NSTP/2021" in one.vi for one in made.left_open)
    ties = [row for row in values(forms_of(tmp_path / "y"))["Kiểm tra chéo"].values if row[4] == -1]
    assert [row[6] for row in ties] == ["Chi vượt, đã giải trình"]


@pytest.mark.usefixtures("budget_rules")
def test_a_waiver_of_the_unit_does_not_stand_for_the_heads_word(tmp_path: Path) -> None:
    text = ALLOTMENT + OVERDRAWN + RECONCILED
    errors = settle_book(write_book(tmp_path / "a", text), tmp_path / "x", draft=False).blocked
    marks = re.findall(r'"explanation" "(\w+)" "(\w+)"', " ".join(one.vi for one in errors))
    for code, mark in marks:
        text += f'2022-02-20 custom "waiver" "{code}" "{mark}"\n'
        text += '  by: "Kế toán K"\n  reason: "làm tròn"\n'
    main = write_book(tmp_path / "b", text)
    blocked = settle_book(main, tmp_path / "y", draft=False).blocked
    assert all(
        any(mark in one.vi and "Kế toán K" in one.vi for one in blocked) for _, mark in marks
    )
    assert not (tmp_path / "y").exists()
    settle_book(main, tmp_path / "draft", forms=("CT07",))
    rows = [str(row) for row in values(forms_of(tmp_path / "draft"))["CT07"].values]
    accepted = [row for row in rows if "chấp nhận trong sổ bởi Kế toán K: làm tròn" in row]
    assert len(accepted) == len(marks) > 0


@pytest.mark.usefixtures("budget_rules")
def test_findings_are_annexed_with_what_the_head_says(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN)
    settle_book(main, tmp_path / "out", forms=("CT07",))
    rows = list(values(forms_of(tmp_path / "out"))["CT07"].values)
    (found,) = [row for row in rows if "BUD101" in map(str, row)]
    assert found[4] == 1001 - 1000
