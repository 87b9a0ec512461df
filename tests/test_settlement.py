"""The settlement workbook: every total agrees with the book, lives, and harms nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from ledger import execution
from ledger.loading import load_facts
from ledger.problems import BadInputError
from ledger.text import Text
from reports.settlement import layout, ledger_rows, notes, workbook, write_settlement
from reports.settlement.figures import read_signatories
from tests.books import ALLOTMENT, BASE, HANOI, ROOT, write_book
from tests.settled import (
    MEASURES,
    STATE,
    WORKED_BOOK,
    Asked,
    all_values,
    below_the_table,
    formulas,
    place_of,
    summary_lines,
    values,
    with_wrong_values,
)

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.workbook.workbook import Workbook

    from ledger.facts import Facts

requires_office = pytest.mark.skipif(
    shutil.which("soffice") is None and not os.environ.get("CNHT_REQUIRE_ALL"),
    reason="LibreOffice recalculates the workbook",
)
STATE_TOTAL, OTHER_TOTAL = "Tổng cộng ngân sách nhà nước", "Tổng cộng nguồn doanh nghiệp"
GONE = (
    "Hủy dự toán",
    "Dự toán còn lại",
    "Đang giữ lại",
    "Cam kết chi chưa trả",
    "Tạm ứng chưa thanh toán",
    "Đã chi",
    "Nộp trả ngân sách",
)
GIVEN = ("Dự toán giao", "Bổ sung, điều chỉnh", "Chuyển nguồn (đến +, đi −)")


@pytest.fixture(params=["worked", "hanoi"])
def settled(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Asked]:
    """A workbook and the book that it was made from, to be asked in another way."""
    main = WORKED_BOOK if request.param == "worked" else HANOI / "main.beancount"
    facts: Facts = request.getfixturevalue(f"{request.param}_facts")
    return write_settlement(facts, 2021, tmp_path)[0], Asked(main)


def test_every_task_fund_and_total_agrees_with_a_query(settled: tuple[Path, Asked]) -> None:
    path, asked = settled
    compared = 0
    for line in summary_lines(values(path)):
        if line.title.startswith("Cộng theo"):
            continue
        place = place_of(line)
        if line.title.startswith(OTHER_TOTAL):
            place = "NV[0-9]+:(DN|HD|DNTC)"
        for measure in MEASURES:
            assert line.cells[measure] == asked.sum(measure, 2021, place), (line.code, measure)
            compared += 1
    assert compared >= 11 * len(MEASURES)


def test_the_rate_is_of_the_estimate_and_empty_where_there_is_none(
    settled: tuple[Path, Asked],
) -> None:
    path, asked = settled
    for line in summary_lines(values(path)):
        rate = line.cells["Tỷ lệ thực hiện"]
        if line.fund in {"DN", "HD", "DNTC"} or line.title.startswith(OTHER_TOTAL):
            assert rate in {None, ""}
        elif line.code:
            given = sum(asked.sum(name, 2021, f"{line.code}:{STATE}") for name in GIVEN)
            used = sum(
                asked.sum(name, 2021, f"{line.code}:{STATE}")
                for name in ("Đã chi", "Tạm ứng chưa thanh toán")
            )
            assert rate == pytest.approx(used / given)


def test_what_was_given_went_somewhere(settled: tuple[Path, Asked]) -> None:
    path, _ = settled
    for line in summary_lines(values(path)):
        cells: dict[str, Any] = line.cells
        if line.fund in {"DN", "HD", "DNTC"} or line.title.startswith((OTHER_TOTAL, "Cộng theo")):
            assert cells["Kiểm tra"] is None
        else:
            assert sum(cells[name] for name in GIVEN) == sum(cells[name] for name in GONE)
            assert cells["Kiểm tra"] == 0


def test_sums_are_live_formulas(settled: tuple[Path, Asked]) -> None:
    path, _ = settled
    for line in summary_lines(formulas(path)):
        assert str(line.cells["Kiểm tra"] or "=").startswith("=")
        single = bool(line.code and line.fund)
        for measure in MEASURES:
            cell = line.cells[measure]
            if single:
                assert isinstance(cell, int)
            elif cell is not None:
                assert str(cell).startswith("=")


def test_details_agree_with_a_query_and_tie_to_the_summary(settled: tuple[Path, Asked]) -> None:
    path, asked = settled
    rows = list(values(path)["Chi tiết"].iter_rows(min_row=4, values_only=True))
    items = [row for row in rows if row[0]]
    assert items
    for code, fund, item, _, advanced, spent in items:
        assert item or fund == "DNTC"
        place = f"{code}:{fund}:{item or 'TM0000'}"
        assert advanced == asked.total(f"^Assets:(TamUng|ChoThanhToan):{place}$", 2021)
        assert spent == asked.total(f"^Expenses:{place}$", 2021)
    state, state_gap, other, other_gap = rows[-4:]
    assert state[3] == STATE_TOTAL
    assert str(other[3]).startswith(OTHER_TOTAL)
    for total, funds in ((state, STATE), (other, "(DN|HD|DNTC)")):
        assert total[4] == asked.sum("Tạm ứng chưa thanh toán", 2021, f"NV[0-9]+:{funds}")
        assert total[5] == asked.sum("Đã chi", 2021, f"NV[0-9]+:{funds}")
    assert state_gap[3:] == other_gap[3:] == ("Chênh lệch với Tổng hợp", 0, 0)


def test_details_name_the_sub_item_without_task_and_fund(
    hanoi_facts: Facts, tmp_path: Path
) -> None:
    sheet = values(write_settlement(hanoi_facts, 2021, tmp_path)[0])["Chi tiết"]
    accounts = hanoi_facts["accounts"].astype(str)
    labels = dict(zip(accounts["account"], accounts["label"], strict=True))
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    found = {(row[0], row[1], row[2]): row[3] for row in rows}
    assert found["NV02", "NSTP", "TM6651"] == "In, mua tài liệu"
    assert found["NV02", "DNTC", None] == "Doanh nghiệp tự chi"
    for (code, fund, item), label in found.items():
        whole = labels[f"Expenses:{code}:{fund}:{item or 'TM0000'}"]
        assert re.fullmatch(rf"{code}, [^:]+: {re.escape(str(label))}", whole)


def test_details_keep_a_label_that_names_no_task(tmp_path: Path) -> None:
    text = ALLOTMENT + (
        '2021-01-01 open Expenses:NV02:NSTP:TM6655\n  label: "Thuê: hội trường"\n'
        '2021-03-01 * "Chi"\n  kind: "payment"\n'
        "  Assets:DuToan:KhaDung:NV02:NSTP  -10 VND\n  Expenses:NV02:NSTP:TM6655  10 VND\n"
    )
    main = write_book(tmp_path / "book", text)
    made = values(write_settlement(load_facts(main).facts, 2021, tmp_path)[0])
    assert made["Chi tiết"]["D4"].value == "Thuê: hội trường"


def test_ledger_rows_are_all_the_postings_behind(settled: tuple[Path, Asked]) -> None:
    path, asked = settled
    sheet = values(path)["Dòng sổ"]
    assert sheet.max_row - 1 == asked.rows(2021)
    assert sheet.auto_filter.ref == f"A1:M{sheet.max_row}"
    assert sheet.freeze_panes == "C2"
    spent = sum(
        int(str(row[8]))
        for row in sheet.iter_rows(min_row=2, values_only=True)
        if str(row[7]).startswith("Expenses:")
    )
    assert spent == asked.sum("Đã chi", 2021, "NV[0-9]+:[A-Z]+")


def test_ledger_rows_say_where_they_stand(hanoi_facts: Facts, tmp_path: Path) -> None:
    sheet = values(write_settlement(hanoi_facts, 2021, tmp_path)[0])["Dòng sổ"]
    for row in sheet.iter_rows(min_row=2, max_row=60, values_only=True):
        account, file, line = str(row[7]), str(row[11]), int(str(row[12]))
        assert account in (HANOI / file).read_text("utf-8").splitlines()[line - 1]


def test_rows_beyond_one_sheet_go_on_in_the_next(
    worked_facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_rows, "ROWS_PER_SHEET", 40)
    made = values(write_settlement(worked_facts, 2021, tmp_path)[0])
    names = [name for name in made.sheetnames if name.startswith("Dòng sổ")]
    assert names[:2] == ["Dòng sổ", "Dòng sổ 2"]
    rows = [made[name].max_row - 1 for name in names]
    assert rows[0] == 40
    assert sum(rows) == Asked(WORKED_BOOK).rows(2021)
    assert made["Dòng sổ 2"]["A1"].value == "Ngày"


def test_notes_explain_every_column_and_name_the_files(hanoi_facts: Facts, tmp_path: Path) -> None:
    notes = values(write_settlement(hanoi_facts, 2021, tmp_path)[0])["Giải thích"]
    rows = {str(row[0]): str(row[1]) for row in notes.iter_rows(values_only=True)}
    assert {*MEASURES, "Tỷ lệ thực hiện", "Kiểm tra", "Dòng nhiệm vụ"} <= set(rows)
    for measure in MEASURES:
        words, _, accounts = rows[measure].partition(" Cộng phát sinh của tài khoản: ")
        assert words.endswith(".")
        assert accounts
    assert "allotment" in rows["Dự toán giao"]
    assert "GiuLai" in rows["Đang giữ lại"]
    assert "minh họa" in rows["Số liệu minh họa"]
    last = hanoi_facts["postings"]["date"].max()
    assert f"{last:%d/%m/%Y}" in rows["Thời điểm của số liệu"]
    assert "2021-05.beancount" in rows["Tệp của sổ"].split("\n")


def test_words_are_there_for_every_measure_and_no_other() -> None:
    assert list(notes.WORDS) == [measure.name for measure in execution.MEASURES]


WARNING = Text("Sổ còn 22 lỗi: số liệu chưa dùng để ký được", "The book has 22 errors")


def test_a_warning_stands_in_red_under_the_title(hanoi_facts: Facts, tmp_path: Path) -> None:
    path = write_settlement(hanoi_facts, 2021, tmp_path, warning=WARNING)[0]
    sheet = formulas(path)["Tổng hợp"]
    column = [sheet.cell(row, 1) for row in range(1, 8)]
    title = next(n for n, cell in enumerate(column) if "TỔNG HỢP" in str(cell.value))
    no_form, warning = column[title + 1 : title + 3]
    assert no_form.value == "Bảng tổng hợp từ sổ, chưa phải mẫu biểu quyết toán chính thức"
    assert warning.value == WARNING.vi
    assert warning.font.b
    assert str(warning.font.color.rgb) == "FFC00000"


def test_errors_of_the_book_are_told_once(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + "2021-02-01 balance Equity:X  5 VND\n")
    facts = load_facts(main).facts
    alone = values(write_settlement(facts, 2021, tmp_path / "a")[0])
    warned = values(write_settlement(facts, 2021, tmp_path / "b", warning=WARNING)[0])
    said = [str(value) for value in all_values(alone).values() if "để ký được" in str(value)]
    assert len(said) == 1
    assert "lỗi Beancount" in said[0]
    again = [value for value in all_values(warned).values() if "để ký được" in str(value)]
    assert again == [WARNING.vi, WARNING.vi]  # on the first sheet and in the notes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Giám đốc: A; Kế toán trưởng: B; Người lập biểu: C", ["C", "B", "A"]),
        ("Người lập biểu: C; Kế toán trưởng: B; Thủ trưởng đơn vị: A", ["C", "B", "A"]),
        ("Thủ trưởng đơn vị: …; Người lập biểu", ["", ""]),
        ("Chủ tài khoản: TS. Nguyễn Văn A: B", ["TS. Nguyễn Văn A: B"]),
    ],
)
def test_signatories_stand_from_the_preparer_to_the_head(text: str, expected: list[str]) -> None:
    assert [one.name for one in read_signatories(text)] == expected


def test_who_signs_stands_below_the_table(hanoi_facts: Facts, tmp_path: Path) -> None:
    below = below_the_table(values(write_settlement(hanoi_facts, 2021, tmp_path)[0]))
    assert below == [
        ["……, ngày …… tháng …… năm ……"],
        ["Người lập biểu", "Kế toán trưởng", "Thủ trưởng đơn vị"],
        ["(Ký, họ tên)"] * 3,
        ["Người ký minh họa 3", "Người ký minh họa 2", "Người ký minh họa 1"],
    ]


@pytest.mark.parametrize(
    ("signatories", "rows"),
    [
        ("", [["Người lập biểu", "Kế toán trưởng", "Thủ trưởng đơn vị"]]),
        ("Giám đốc: A", [["Giám đốc"]]),
        ("A: 1; B: 2; C: 3; D: 4; E: 5; F: 6", [["A", "B", "C", "D"], ["E", "F"]]),
    ],
)
def test_any_number_of_people_sign(tmp_path: Path, signatories: str, rows: list[list[str]]) -> None:
    base = BASE.replace(
        "  budget-year: 2021\n", f'  budget-year: 2021\n  signatories: "{signatories}"\n', 1
    )
    main = write_book(tmp_path / "book", ALLOTMENT, base=base)
    below = below_the_table(values(write_settlement(load_facts(main).facts, 2021, tmp_path)[0]))
    signs = [n for n, row in enumerate(below) if "(Ký, họ tên)" in row]
    assert [below[n - 1] for n in signs] == rows


@pytest.mark.parametrize(("tasks", "broken"), [(5, False), (20, True)])
def test_the_totals_never_stand_without_a_task(tmp_path: Path, tasks: int, *, broken: bool) -> None:
    text = "".join(ALLOTMENT.replace("NV02", f"NV{number:02d}") for number in range(1, tasks + 1))
    main = write_book(tmp_path / "book", text)
    sheet = formulas(write_settlement(load_facts(main).facts, 2021, tmp_path)[0])["Tổng hợp"]
    starts = [sheet.cell(int(found.id) + 1, 1).value for found in sheet.row_breaks.brk]
    assert starts == ([f"NV{tasks:02d}"] if broken else [])


def test_the_query_of_the_manual_gives_the_total_of_the_workbook(
    hanoi_facts: Facts, tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "quyet-toan.md").read_text("utf-8")
    (query,) = re.findall(r'bean-query \S+ "([^"]+)"', page)
    ((asked,),) = Asked(HANOI / "main.beancount").rows_of(query)
    lines = summary_lines(values(write_settlement(hanoi_facts, 2021, tmp_path)[0]))
    total = next(line for line in lines if line.fund == "NSTP" and not line.code)
    assert asked == total.cells["Đã chi"] == 14_074_898_000


def test_labels_come_in_english(worked_facts: Facts, tmp_path: Path) -> None:
    made = values(write_settlement(worked_facts, 2021, tmp_path, language="en")[0])
    assert made.sheetnames == ["Summary", "Details", "Ledger rows", "Notes"]
    cells = set(map(str, all_values(made).values()))
    assert {"Allotted", "Returned to the budget", "Rate of execution", "Unit: VND"} <= cells


def test_pages_are_ready_to_print(hanoi_facts: Facts, tmp_path: Path) -> None:
    made = formulas(write_settlement(hanoi_facts, 2021, tmp_path)[0])
    for sheet in made.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in {(1, 0), (None, 0)}
        assert sheet.print_title_rows
        assert sheet.oddFooter is not None
        assert "&P/&N" in str(sheet.oddFooter.right.text)
        fonts = {c.font.name for row in sheet.iter_rows() for c in row if c.value is not None}
        assert fonts == {layout.FONT}


def test_the_same_book_gives_the_same_bytes(worked_facts: Facts, tmp_path: Path) -> None:
    first = write_settlement(worked_facts, 2021, tmp_path / "a")[0].read_bytes()
    assert write_settlement(worked_facts, 2021, tmp_path / "b")[0].read_bytes() == first


INJECTED = """
2021-03-01 * "=HYPERLINK(""http://example.invalid"")"
  kind: "payment"
  voucher: "+1+1"
  contract: "@SUM(A1)"
  vendor: "-2+3"
  Assets:DuToan:KhaDung:NV02:NSTP  -10 VND
  Expenses:NV02:NSTP:TM6655         10 VND
""".replace('""', r"\"")


def test_text_of_a_book_never_becomes_a_formula(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + INJECTED)
    path = write_settlement(load_facts(main).facts, 2021, tmp_path / "out")[0]
    cells = [cell for row in formulas(path)["Dòng sổ"].iter_rows() for cell in row]
    found = {cell.value: cell.data_type for cell in cells if isinstance(cell.value, str)}
    for text in ('=HYPERLINK("http://example.invalid")', "+1+1", "@SUM(A1)", "-2+3"):
        assert text in found
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet3.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def big(amount: int, times: int) -> str:
    return "".join(
        ALLOTMENT.replace("1000", str(amount)).replace("Giao dự toán", f"Giao dự toán {number}")
        for number in range(times)
    )


@pytest.mark.parametrize("times", [2, 11_000])
def test_sums_beyond_fifteen_digits_are_refused(tmp_path: Path, times: int) -> None:
    main = write_book(tmp_path / "book", big(999_999_999_999_999, times))
    with pytest.raises(BadInputError, match="15 chữ số"):
        write_settlement(load_facts(main).facts, 2021, tmp_path / "out")
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_fifteen_digits_are_kept_to_the_dong(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", big(999_999_999_999_999, 1))
    made = values(write_settlement(load_facts(main).facts, 2021, tmp_path)[0])
    assert summary_lines(made)[0].cells["Dự toán giao"] == 999_999_999_999_999


def test_a_year_that_the_book_lacks_is_refused_with_those_it_has(
    worked_facts: Facts, tmp_path: Path
) -> None:
    with pytest.raises(BadInputError) as caught:
        write_settlement(worked_facts, 2019, tmp_path)
    problem = caught.value.problems[0]
    assert "2019" in problem.text.vi
    assert problem.remedy is not None
    assert "2021, 2022" in problem.remedy.vi
    assert not list(tmp_path.iterdir())


def test_a_year_without_allotments_is_refused(worked_facts: Facts, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="chưa có bút toán giao dự toán"):
        write_settlement(worked_facts, 2022, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_book_without_a_programme_is_refused(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT, base='plugin "beancount.plugins.auto_accounts"')
    with pytest.raises(BadInputError, match="0 chương trình"):
        write_settlement(load_facts(main).facts, 2021, tmp_path / "out")


def test_an_empty_book_is_refused(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", "")
    with pytest.raises(BadInputError, match="không có niên độ 2021"):
        write_settlement(load_facts(main).facts, 2021, tmp_path / "out")


def test_an_older_workbook_is_kept_unless_asked(worked_facts: Facts, tmp_path: Path) -> None:
    path = write_settlement(worked_facts, 2021, tmp_path)[0]
    made = path.read_bytes()
    path.write_bytes(b"older")
    with pytest.raises(BadInputError, match="không ghi đè"):
        write_settlement(worked_facts, 2021, tmp_path)
    assert path.read_bytes() == b"older"
    write_settlement(worked_facts, 2021, tmp_path, overwrite=True)
    assert path.read_bytes() == made


@pytest.mark.parametrize("below", ["", "under"])
def test_a_file_in_the_place_of_the_folder_is_refused(
    worked_facts: Facts, tmp_path: Path, below: str
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(BadInputError):
        write_settlement(worked_facts, 2021, taken / below)
    assert taken.read_text() == "mine"


@pytest.mark.parametrize("error", [OSError("no space left on device"), RuntimeError("fault")])
def test_a_failure_half_way_leaves_the_older_workbook_and_nothing_else(
    worked_facts: Facts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    path = write_settlement(worked_facts, 2021, tmp_path)[0]
    path.write_bytes(b"older")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(notes, "write_notes", fail)
    expected = BadInputError if isinstance(error, OSError) else RuntimeError
    with pytest.raises(expected, match=str(error)):
        write_settlement(worked_facts, 2021, tmp_path, overwrite=True)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("KH49-2021", "quyet-toan-KH49-2021-2021.xlsx"),
        ("../../etc/x", "quyet-toan-etc-x-2021.xlsx"),
        ("/tmp/x", "quyet-toan-tmp-x-2021.xlsx"),  # noqa: S108  # a code, no path
        ("..", "quyet-toan-chuong-trinh-2021.xlsx"),
        ("C:\\x\n|?*", "quyet-toan-C-x-2021.xlsx"),
        ("Kế hoạch số 5", "quyet-toan-Kế-hoạch-số-5-2021.xlsx"),
        ("x" * 300, f"quyet-toan-{'x' * 60}-2021.xlsx"),
    ],
)
def test_the_name_never_leaves_the_folder(code: str, name: str) -> None:
    assert workbook.file_name(code, 2021) == name


def test_a_sum_that_does_not_come_out_is_shown(tmp_path: Path) -> None:
    odd = ALLOTMENT + (
        '2021-02-01 * "Không rõ loại"\n'
        "  Assets:DuToan:KhaDung:NV02:NSTP  -7 VND\n  Equity:GiaoDuToan:NSTP  7 VND\n"
    )
    assert checks(odd, tmp_path) == [7, 7, None, 7, 7, None]


def test_two_tasks_that_cancel_out_are_both_shown(tmp_path: Path) -> None:
    odd = ALLOTMENT + (
        '2021-02-01 * "Không rõ loại"\n'
        "  Assets:DuToan:KhaDung:NV02:NSTP  -7 VND\n  Assets:DuToan:KhaDung:NV05:NSTP  7 VND\n"
    )
    assert checks(odd, tmp_path) == [7, 7, -7, -7, None, 0, 0, None]


def checks(text: str, folder: Path) -> list[object]:
    """The check of every row of the summary; a row that may be wrong is marked if it is."""
    facts = load_facts(write_book(folder / "book", text)).facts
    path = write_settlement(facts, 2021, folder)[0]
    lines = summary_lines(values(path))
    found = [line.cells["Kiểm tra"] for line in lines]
    marks = formulas(path)["Tổng hợp"].conditional_formatting
    marked = {rule.operator for mark in marks for rule in mark.rules}
    assert marked == {"notEqual"}
    assert len(list(marks)) == sum(cell is not None for cell in found)
    return found


def recalculated(path: Path, folder: Path) -> Workbook:
    """The workbook after LibreOffice has computed every formula again."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load">'
        '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>\n'
        "</oor:items>\n",
        "utf-8",
    )
    out = folder / "recalculated"
    subprocess.run(
        [
            shutil.which("soffice") or "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return values(out / path.name)


def spoiled(path: Path, folder: Path) -> Path:
    """A copy whose formulas carry wrong values, so that only a recalculation mends them."""
    copy = folder / path.name
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                content = with_wrong_values(content.decode()).encode()
            new.writestr(item, content)
    return copy


@requires_office
def test_recalculation_changes_no_value(settled: tuple[Path, Asked], tmp_path: Path) -> None:
    path, _ = settled
    (tmp_path / "spoiled").mkdir()
    wrong = spoiled(path, tmp_path / "spoiled")
    written = all_values(values(path))
    assert all_values(values(wrong)) != written
    computed = all_values(recalculated(wrong, tmp_path))
    assert computed.keys() == written.keys()
    for place, value in written.items():
        expected = pytest.approx(value) if isinstance(value, float) else value
        assert computed[place] == expected, place
