"""The workbooks of a settlement: every figure lives, leads to its rows, and harms nothing."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from ledger import execution
from ledger.kinds import KINDS
from ledger.loading import load_facts
from ledger.problems import BadInputError
from reports.forms.rounding import Unit
from reports.settlement import exports, ledger_rows, notes, set_files, settling
from reports.settlement.asked import Request
from reports.settlement.periods import reported_period
from reports.sheets.layout import plain_text
from reports.sheets.workbooks import FONT
from rules.checking import law_of
from tests.asked_forms import STATE, Asked, Row
from tests.books import ALLOTMENT, BASE, HANOI, OVERDRAWN, write_book
from tests.settled import (
    CLOSING,
    UNIT,
    WORKED_BOOK,
    added_up,
    all_values,
    fill,
    forms_of,
    formulas,
    recalculated,
    rows_of,
    settle_book,
    spoiled,
    values,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.facts import Facts


requires_office = pytest.mark.skipif(
    shutil.which("soffice") is None and not os.environ.get("CNHT_REQUIRE_ALL"),
    reason="LibreOffice recalculates the workbook",
)


@pytest.fixture(scope="module")
def hanoi_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the bundled book's set, final, printed where LibreOffice is there."""
    folder = tmp_path_factory.mktemp("hanoi") / "set"
    made = settle_book(HANOI / "main.beancount", folder, draft=False, pdf=True)
    assert made.blocked == []
    return folder


@pytest.fixture(scope="module")
def worked_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small book's set, a draft."""
    folder = tmp_path_factory.mktemp("worked") / "set"
    settle_book(WORKED_BOOK, folder)
    return folder


@pytest.fixture(scope="module")
def findings_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the set of the book with findings, a draft."""
    folder = tmp_path_factory.mktemp("findings") / "set"
    settle_book(HANOI.with_name("hanoi-2021-findings") / "main.beancount", folder)
    return folder


@pytest.mark.usefixtures("no_rules")
def test_review_and_treasury_forms_are_made_a_budget_level(tmp_path: Path) -> None:
    text = ALLOTMENT + ALLOTMENT.replace("NSTP", "NSTW").replace("1000", "700")
    asked = ("01a-SDKP/ĐVDT", "TT137/1c", "TT137/2c")
    settle_book(write_book(tmp_path / "book", text), tmp_path / "out", forms=asked)
    made = values(forms_of(tmp_path / "out"))
    for name, level, amount in (("", "2", 1000), (" (NSTW)", "1", 700)):
        for form in ("XD 1c", "XD 2c"):
            rows = {str(row[2]): row for row in made[form + name].values}
            assert rows["10"][3] == amount
        told = [str(cell) for row in made[f"01a-SDKP{name}"].values for cell in row if cell]
        assert f"Mã cấp NS: {level}" in told
        assert str(amount) in told
    portal = values(next((tmp_path / "out").glob("*-cong-kbnn.xlsx")))
    assert [sheet["B4"].value for sheet in portal.worksheets] == ["2", "1"]
    live = formulas(forms_of(tmp_path / "out"))
    assert any("'XD 1c (NSTW)'!" in str(c) for row in live["XD 2c (NSTW)"].values for c in row)
    typed = {live["XD 1c"].cell(cell.row, 3).value for cell in prompted(live["XD 1c"])}
    assert {"10", "19", "35"} <= typed
    assert not typed & {"08", "17", "29"}
    assert prompted(live["XD 2c"]) == []


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(
    ("language", "levels"),
    [
        ("vi", ["ngân sách cấp tỉnh (thành phố)", "ngân sách cấp trung ương"]),
        ("en", ["budget level: province (city)", "budget level: central"]),
    ],
)
def test_copies_of_a_form_are_told_apart_where_forms_are_listed(
    tmp_path: Path, language: str, levels: list[str]
) -> None:
    text = ALLOTMENT + ALLOTMENT.replace("NSTP", "NSTW")
    main = write_book(tmp_path / "book", text)
    settle_book(main, tmp_path / "out", language=language)
    made = values(forms_of(tmp_path / "out"))
    for sheet in made.sheetnames[0], made.sheetnames[-1]:
        for number in ("B01/BCQT", "F01-01/BCQT", "01a-SDKP/ĐVDT", "1c"):
            told = [str(row[1]) for row in made[sheet].values if row[0] == number]
            assert len(told) == 2
            assert all(f" · {level}" in line for level, line in zip(levels, told, strict=True))
        (alone,) = [str(row[1]) for row in made[sheet].values if row[0] == "CT01"]
        assert levels[0] not in alone


@pytest.mark.usefixtures("no_rules")
def test_forms_of_approval_name_the_level_as_b01_does(tmp_path: Path) -> None:
    text = (ALLOTMENT + ALLOTMENT.replace("NSTP", "NSTW")).replace("2021", "2025")
    base = BASE.replace("budget-year: 2021", "budget-year: 2025")
    asked = ("B01/BCQT", "TT137/1c", "TT137/2c")
    main = write_book(tmp_path / "book", text, base=base)
    settle_book(main, tmp_path / "out", 2025, forms=asked)
    made = values(forms_of(tmp_path / "out"))
    for suffix in ("", " (NSTW)"):
        named = [
            [str(row[1]) for row in made[form + suffix].values if row[1] and not row[2]]
            for form in ("B01", "XD 1c", "XD 2c")
        ]
        level = "CẤP TRUNG ƯƠNG" if suffix else "CẤP TỈNH (THÀNH PHỐ)"
        (line,) = [label for label in named[0] if "THUỘC NGÂN SÁCH" in label]
        assert line.endswith(level)
        heads = [label for label in named[0] if label.isupper()]
        assert heads == [label for label in named[1] if label in heads]
        assert heads == [label for label in named[2] if label in heads]
        assert not any("CẤP..." in label for labels in named for label in labels)


def test_the_workbook_shows_the_figures_that_were_filled(hanoi_set: Path) -> None:
    made = values(forms_of(hanoi_set))
    assert made.sheetnames[0] == "Tổng hợp"
    cells = {
        str(row[2]): row[3] for row in made["B01"].iter_rows(values_only=True) if row[2] is not None
    }
    assert cells["17"] == 14_074_898_000
    assert cells["27"] == 15_000_000


def test_totals_subtotals_and_ties_are_live_formulas(hanoi_set: Path) -> None:
    made = formulas(forms_of(hanoi_set))
    rows = {str(row[2].value): row for row in made["B01"].iter_rows() if row[2].value is not None}
    assert str(rows["17"][3].value).startswith("=D")
    assert isinstance(rows["19"][5].value, int)
    ties = list(made["Kiểm tra chéo"].iter_rows(min_row=3, values_only=True))
    assert len(ties) >= 20
    assert all(str(row[2]).startswith("=") and str(row[4]).startswith("=") for row in ties)
    assert any("'B01'!" in str(row[2]) and "'F01-01'!" in str(row[3]) for row in ties)
    shown = values(forms_of(hanoi_set))["Kiểm tra chéo"].iter_rows(min_row=3, values_only=True)
    assert {row[6] for row in shown} == {"Khớp"}
    summary = [str(c.value) for row in made["Tổng hợp"].iter_rows() for c in row if c.value]
    assert any("'CT01'!" in text for text in summary)


def test_every_figure_of_the_book_leads_to_its_rows(hanoi_set: Path) -> None:
    made = formulas(forms_of(hanoi_set))
    index = values(rows_of(hanoi_set))["Căn cứ"]
    followed = 0
    for name in ("B01", "F01-01", "CT01", "01a-SDKP", "02a-SDKP"):
        for row in made[name].iter_rows():
            for cell in row:
                if cell.hyperlink is None or not isinstance(cell.value, int):
                    continue
                assert cell.hyperlink.target == rows_of(hanoi_set).name
                at = int(str(cell.hyperlink.location).rpartition("A")[2])
                assert str(index.cell(at, 1).value).startswith(f"{name} · ")
                assert [index.cell(at, n).value for n in (5, 6, 7)] == [cell.value, cell.value, 0]
                assert added_up(rows_of(hanoi_set), at) == cell.value
                followed += 1
    assert followed > 150


# What the law gives stands in no book; charts are drawn from sums by month.
NOT_OF_THE_BOOK = {("CT04", "E"), ("CT04", "I")}
OWN_SHEETS = {"Tổng hợp", "Kiểm tra chéo", "Giải thích"}


def test_no_figure_of_a_form_stands_without_its_ground(findings_set: Path) -> None:
    """Every number that is written, and is no formula, leads to lines of the book."""
    found = 0
    for sheet in formulas(forms_of(findings_set)).worksheets:
        if sheet.title in OWN_SHEETS:
            continue
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            money = isinstance(cell.value, int) and "#,##0" in cell.number_format
            if not money or not cell.value or (sheet.title, cell.column_letter) in NOT_OF_THE_BOOK:
                continue
            assert cell.hyperlink, (sheet.title, cell.coordinate)
            found += 1
    assert found > 900


def test_the_index_names_every_figure_and_leads_on_to_its_rows(hanoi_set: Path) -> None:
    rows = list(formulas(rows_of(hanoi_set))["Căn cứ"].iter_rows(min_row=2, values_only=True))
    heads = [row for row in rows if row[5] is not None]
    assert all(row[0] for row in heads)
    shown = values(forms_of(hanoi_set))
    parts = [str(row[0]).partition(" · ") for row in heads]
    assert {name for name, *_ in parts} <= set(shown.sheetnames)
    assert figures_led_to(hanoi_set) == {
        n: row[5] for n, row in enumerate(rows, 2) if row[5] is not None
    }
    for row in rows:
        if row[5] is None and not str(row[2]).startswith("=HYPERLINK(\"#'Dòng sổ'!A"):
            file, _, line = str(row[2]).rpartition(":")
            assert (HANOI / file).read_text("utf-8").splitlines()[int(line) - 1], row
    words = " ".join(str(row[1]) for row in rows)
    assert "NV02 Hội chợ CNHT Hà Nội năm 2021 · NSTP · tiểu mục" in words
    assert not [kind.code for kind in KINDS.values() if f" {kind.code} " in words]


def test_what_the_unit_fills_in_is_blank_and_not_nothing(hanoi_set: Path) -> None:
    sheet = formulas(forms_of(hanoi_set))["B03"]
    shown = {str(row[0].value): row for row in sheet.iter_rows() if row[0].value}
    (asked,) = (row for label, row in shown.items() if label.startswith("+ Số dư tạm ứng Lệnh"))
    (given,) = (row for label, row in shown.items() if label.startswith("+ Còn phải nộp NSNN"))
    formats = [
        {cell.number_format.rpartition(";")[2] for cell in row if isinstance(cell.value, int)}
        for row in (asked, given)
    ]
    assert formats == [{'""'}, {'"–"'}]


def figures_led_to(folder: Path) -> dict[int, int]:
    """What the cells of forms show that lead to a row of the index, by that row."""
    found: dict[int, int] = {}
    for sheet in values(forms_of(folder)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                place = str(cell.hyperlink.location or "") if cell.hyperlink else ""
                if place.startswith("'Căn cứ'!A"):
                    found[int(place.rpartition("!A")[2])] = int(str(cell.value))
    return found


@pytest.mark.usefixtures("no_rules")
def test_what_is_one_off_by_rounding_is_told_cell_by_cell(tmp_path: Path) -> None:
    made = settle_book(WORKED_BOOK, tmp_path / "out", unit=Unit.THOUSAND)
    (told,) = [one for one in made.left_open if one.vi.startswith("làm tròn đến nghìn đồng")]
    assert "S101-H III · Kinh phí không giao tự chủ" in told.vi
    assert "Chuyển tiểu mục khi thanh toán: 1 / 0" in told.vi
    checks = values(forms_of(tmp_path / "out"))["Kiểm tra chéo"].values
    off = [row for row in checks if row[4] and row[5] == 0]
    assert {row[6] for row in off} == {"Khớp, lệch do làm tròn"}
    exact = settle_book(WORKED_BOOK, tmp_path / "dong")
    assert not [one for one in exact.left_open if one.vi.startswith("làm tròn")]


def test_rows_are_all_the_postings_and_say_where_they_stand(hanoi_set: Path) -> None:
    sheet = values(rows_of(hanoi_set))["Dòng sổ"]
    asked = Asked(HANOI / "main.beancount", 2021, CLOSING)
    assert sheet.max_row - 1 == len(asked.rows)
    for row in list(sheet.iter_rows(min_row=2, values_only=True))[::40]:
        account, file, line = str(row[7]), str(row[11]), int(str(row[12]))
        assert account in (HANOI / file).read_text("utf-8").splitlines()[line - 1]


@pytest.mark.usefixtures("no_rules")
def test_rows_beyond_one_sheet_go_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_rows, "ROWS_PER_SHEET", 40)
    settle_book(WORKED_BOOK, tmp_path / "out", forms=("CT01",))
    made = formulas(rows_of(tmp_path / "out"))
    names = [name for name in made.sheetnames if name.startswith("Dòng sổ")]
    assert names[:2] == ["Dòng sổ", "Dòng sổ 2"]
    assert made["Dòng sổ"].max_row == 41
    sums = [str(row[4].value) for row in made["Căn cứ"].iter_rows() if row[4].value]
    assert any("'Dòng sổ 2'" in text for text in sums)


@pytest.mark.usefixtures("no_rules")
@requires_office
def test_recalculation_changes_no_value(hanoi_set: Path, worked_set: Path, tmp_path: Path) -> None:
    settle_book(WORKED_BOOK, tmp_path / "out", unit=Unit.MILLION)
    written = [forms_of(hanoi_set), rows_of(worked_set), forms_of(tmp_path / "out")]
    wrong = [spoiled(path, tmp_path / f"{n}.xlsx") for n, path in enumerate(written)]
    for own, other, computed in zip(written, wrong, recalculated(wrong, tmp_path), strict=True):
        shown = all_values(values(own))
        assert all_values(values(other)) != shown
        found = all_values(computed)
        assert found.keys() == shown.keys()
        for place, value in shown.items():
            wanted = pytest.approx(value) if isinstance(value, float) else value
            assert found[place] == wanted, place


PAGES = {
    "B01/BCQT": 2, "F01-01/BCQT": 2, "B02/BCQT": 1, "B03/BCQT": 4, "01a-SDKP/ĐVDT": 1,
    "02a-SDKP/ĐVDT": 2, "04-SDKP/ĐVDT": 1, "S101-H": 3,
    "CT01": 1, "CT02": 3, "CT02b": 1, "CT03": 4, "CT04": 7, "CT05": 1, "CT06": 1, "CT07": 1,
    "1c": 2, "2c": 2, "Tổng hợp": 3, "Kiểm tra chéo": 1, "Giải thích": 4,
}  # fmt: skip


@requires_office
def test_the_forms_are_printed_on_so_many_pages(hanoi_set: Path) -> None:
    if "Liberation Serif" not in subprocess.run(
        ["fc-match", "Times New Roman"], capture_output=True, text=True, check=False
    ).stdout and not os.environ.get("CNHT_REQUIRE_ALL"):
        pytest.skip("pages are counted in Liberation Serif")
    (pdf,) = hanoi_set.glob("*.pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    printed = [page for page in text.split("\f") if page.strip()]
    found = {
        form: sum(
            re.search(rf"^\s*{form}(?: ·.*)?\s+Trang \d", page, re.MULTILINE) is not None
            for page in printed
        )
        for form in PAGES
    }
    assert found == PAGES


def test_pages_are_ready_to_print(hanoi_set: Path) -> None:
    for path in (forms_of(hanoi_set), rows_of(hanoi_set)):
        for sheet in formulas(path).worksheets:
            assert str(sheet.page_setup.paperSize) in {"8", "9"}
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in {
                (1, 0),
                (None, 0),
            }
            # What follows the table of the first sheet has no use for its headings.
            assert bool(sheet.print_title_rows) != (sheet.title == "Tổng hợp")
            assert "&P/&N" in str(sheet.oddFooter.right.text)
            fonts = {c.font.name for row in sheet.iter_rows() for c in row if c.value is not None}
            assert fonts == {FONT}


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(("items", "size"), [(1, "9"), (8, "8")])
def test_a_form_too_wide_for_its_paper_goes_on_the_larger(
    tmp_path: Path, items: int, size: str
) -> None:
    given = "".join(
        ALLOTMENT.replace('kind: "allotment"', f'kind: "allotment"\n  kind-item: "28{n}-30{n}"')
        for n in range(items)
    )
    settle_book(write_book(tmp_path / "book", given), tmp_path / "out", forms=("B01/BCQT",))
    sheet = formulas(forms_of(tmp_path / "out"))["B01"]
    assert sheet.max_column == 4 + 2 * items
    assert str(sheet.page_setup.paperSize) == size


@pytest.mark.usefixtures("no_rules")
def test_a_form_whose_text_was_not_read_says_so(hanoi_set: Path, tmp_path: Path) -> None:
    made = formulas(forms_of(hanoi_set))
    assert "chưa đối chiếu bản gốc" in str(made["B01"].oddFooter.left.text)
    assert "chưa đối chiếu bản gốc" in str(made["01a-SDKP"].oddFooter.left.text)
    assert "chưa đối chiếu" not in str(made["CT01"].oddFooter.left.text)
    base = BASE.replace("budget-year: 2021", "budget-year: 2025")
    main = write_book(tmp_path / "book", ALLOTMENT.replace("2021", "2025"), base=base)
    settle_book(main, tmp_path / "out", 2025, forms=("B01/BCQT",))
    newer = formulas(forms_of(tmp_path / "out"))
    assert "chưa đối chiếu" not in str(newer["B01"].oddFooter.left.text)


def test_approved_figures_are_typed_once(hanoi_set: Path) -> None:
    made = formulas(forms_of(hanoi_set))
    first = {str(r[2].value): r for r in made["XD 1c"].iter_rows() if r[2].value is not None}
    second = {str(r[2].value): r for r in made["XD 2c"].iter_rows() if r[2].value is not None}
    assert str(first["19"][3].value).startswith("='B01'!")
    assert str(second["19"][4].value).startswith("='XD 1c'!")
    assert str(first["19"][5].value).startswith("=E")
    shown = values(forms_of(hanoi_set))
    b01 = {row[2]: row[3] for row in shown["B01"].values if isinstance(row[3], int)}
    for name in ("XD 1c", "XD 2c"):
        rows = {row[2]: row[3:6] for row in shown[name].values if isinstance(row[3], int)}
        assert rows == {code: (amount, amount, 0) for code, amount in b01.items()}


def test_signatures_and_words_stand_below_the_table(hanoi_set: Path) -> None:
    rows = [[str(c) for c in row if c] for row in values(forms_of(hanoi_set))["B01"].values]
    texts = [" | ".join(row) for row in rows]
    assert "NGƯỜI LẬP BIỂU | KẾ TOÁN TRƯỞNG | THỦ TRƯỞNG ĐƠN VỊ" in texts
    assert "Người ký minh họa 3 | Người ký minh họa 2 | Người ký minh họa 1" in texts
    assert any(text.startswith("Bằng chữ (mã số 17): Mười bốn tỷ không trăm") for text in texts)


def test_charts_follow_the_summary(hanoi_set: Path) -> None:
    with zipfile.ZipFile(forms_of(hanoi_set)) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        texts = [archive.read(name).decode() for name in charts]
    assert len(charts) == 3
    assert all("'Tổng hợp'!" in text for text in texts)


PORTAL = {"01a-SDKP": ("H", "I", 15), "02a-SDKP": ("F", "G", 12)}


@pytest.mark.parametrize("sheet", PORTAL)
def test_the_portal_is_filled_from_a_workbook_of_its_own(hanoi_set: Path, sheet: str) -> None:
    made = values(next(hanoi_set.glob("*-cong-kbnn.xlsx")))[sheet]
    period, year, width = PORTAL[sheet]
    assert [made["A1"].value, made["B2"].value] == ["Mã chương:", "Sở Công Thương Hà Nội"]
    assert made[f"{year}6"].value == "Năm 2021"
    assert made[f"{year}7"].value == "Dự toán chính thức"
    assert not made[f"{period}6"].value  # of a whole year: chosen on the page
    rows = [row for row in made.values if any(cell not in {None, ""} for cell in row)]
    lines = rows[11:]
    assert {len(row) for row in lines} == {width}
    code = 3 if sheet == "01a-SDKP" else 5
    assert {row[code] for row in lines} == {"00000"}
    printed = values(forms_of(hanoi_set))[sheet]
    total = next(row for row in printed.values if "Cộng" in row)
    sums = [sum(int(str(row[n])) for row in lines) for n in range(width - 6, width)]
    assert sums == list(total[width - 6 : width])


@pytest.mark.usefixtures("no_rules")
def test_the_portal_is_told_the_quarter(tmp_path: Path) -> None:
    facts = load_facts(WORKED_BOOK).facts
    law = law_of(facts, [WORKED_BOOK])
    request = Request(tmp_path / "out", pdf=False, forms=("01a-SDKP/ĐVDT",))
    period = reported_period(law, "2021Q2", None)
    settling.settle(facts, law, period, dt.date(2022, 12, 31), request)
    made = values(next((tmp_path / "out").glob("*-cong-kbnn.xlsx")))
    assert made.sheetnames == ["01a-SDKP"]
    assert made["01a-SDKP"]["H6"].value == "Quý II"


@pytest.mark.usefixtures("no_rules")
def test_labels_come_in_english(tmp_path: Path) -> None:
    settle_book(WORKED_BOOK, tmp_path / "out", language="en", forms=("CT01",))
    made = values(forms_of(tmp_path / "out"))
    assert {"Summary", "Cross-checks", "Notes"} <= set(made.sheetnames)
    cells = set(map(str, all_values(made).values()))
    assert {"EXECUTION BY TASK", "Unit: VND", "Allotted", "Year 2021"} <= cells
    (own,) = [str(row[1]) for row in made["Notes"].values if row[0] == "CT01"]
    assert own.isascii()


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(("language", "name"), [("vi", "Căn cứ"), ("en", "Basis")])
def test_figures_lead_to_the_index_by_its_name_in_either_language(
    tmp_path: Path, language: str, name: str
) -> None:
    settle_book(WORKED_BOOK, tmp_path / "out", language=language)
    index = formulas(rows_of(tmp_path / "out"))[name]
    links = [
        cell.hyperlink.location or cell.hyperlink.target
        for sheet in formulas(forms_of(tmp_path / "out")).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink and rows_of(tmp_path / "out").name in str(cell.hyperlink.target)
    ]
    assert len(links) > 50
    for link in links:
        sheet, _, place = link.rpartition("#")[2].rpartition("!A")
        assert sheet == f"'{name}'"
        assert index.cell(int(place), 2).value
    notes_sheet = values(forms_of(tmp_path / "out")).worksheets[-1]
    assert any(f"{name}" in str(row[1]) for row in notes_sheet.values)


@pytest.mark.usefixtures("no_rules")
def test_an_official_form_is_in_vietnamese_throughout(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT)
    made = []
    for language in ("vi", "en"):
        asked: dict[str, Any] = {"language": language, "unit": Unit.MILLION}
        settle_book(main, tmp_path / language, forms=("B01/BCQT", "B03/BCQT", "CT01"), **asked)
        made.append(formulas(forms_of(tmp_path / language)))
    own, other = made
    for name in ("B01", "B03"):
        assert list(own[name].values) == list(other[name].values)
        assert own[name].oddFooter.left.text == other[name].oddFooter.left.text
    assert "đồng" not in str(other["CT01"].oddFooter.left.text)


def test_words_are_there_for_every_measure_and_no_other() -> None:
    assert list(notes.WORDS) == [measure.name for measure in execution.MEASURES]


NASTY = {
    "formula": '=HYPERLINK("http://example.invalid")',
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(A1)",
    "emoji": "chi hội nghị 🎪👩‍🏭",
    "marks": "Nguyê\u0303n Va\u0306n",
    "rtl": "مؤتمر دعم الصناعة",
    "markup": "<r><t>chữ</t></r>",
    "marks of XML": "a & b < c > d",
    "long": "d" * 32_767,
}


@pytest.mark.usefixtures("no_rules")
def test_text_of_a_book_stays_as_it_was_written(tmp_path: Path) -> None:
    text = ALLOTMENT
    for number_, words in enumerate(NASTY.values()):
        said = words.replace('"', '\\"')
        text += (
            OVERDRAWN.replace("Chi quá 1 đồng", said)
            .replace('kind: "payment"', f'kind: "payment"\n  voucher: "2021/RDT/{number_}"')
            .replace("1001", "10")
        )
    settle_book(write_book(tmp_path / "book", text), tmp_path / "out", forms=("CT01",))
    found = {
        cell.value.rstrip(): cell.data_type
        for row in formulas(rows_of(tmp_path / "out"))["Dòng sổ"].iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }
    for words in NASTY.values():
        composed = words.replace("ê\u0303", "ễ").replace("a\u0306", "ă")
        assert found.get(words, found.get(composed)) == "s", words[:40]
    with zipfile.ZipFile(rows_of(tmp_path / "out")) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_text_longer_than_a_cell_ends_with_a_mark() -> None:
    assert plain_text("d" * 32_767) == "d" * 32_767
    assert plain_text("d" * 32_768) == "d" * 32_766 + "…"


def big(amount: int, times: int) -> str:
    return "".join(
        ALLOTMENT.replace("1000", str(amount)).replace("Giao dự toán", f"Giao dự toán {number_}")
        for number_ in range(times)
    )


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize("times", [2, 11_000])
def test_sums_beyond_fifteen_digits_are_refused(tmp_path: Path, times: int) -> None:
    main = write_book(tmp_path / "book", big(999_999_999_999_999, times))
    with pytest.raises(BadInputError, match="15 chữ số"):
        settle_book(main, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("no_rules")
def test_fifteen_digits_are_kept_to_the_dong(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", big(999_999_999_999_999, 1))
    settle_book(main, tmp_path / "out", forms=("B01/BCQT",))
    assert 999_999_999_999_999 in all_values(values(forms_of(tmp_path / "out"))).values()


def test_what_the_book_does_not_name_is_told_with_the_final_set(hanoi_set: Path) -> None:
    manifest = json.loads(next(hanoi_set.glob("*.manifest.json")).read_text("utf-8"))
    (told,) = manifest["left-open"]
    assert "Loại – Khoản" in told
    assert "kind-item" in told
    made = values(forms_of(hanoi_set))
    for name in ("Tổng hợp", "Giải thích"):
        assert any(told in str(cell) for row in made[name].values for cell in row)


@pytest.mark.usefixtures("no_rules")
def test_words_say_the_figure_that_is_printed(tmp_path: Path) -> None:
    text = (ALLOTMENT + UNIT.format(spent=-400, used=400)).replace("00 VND", "00600000 VND")
    main = write_book(tmp_path / "book", text)
    settle_book(main, tmp_path / "out", forms=("B01/BCQT",), unit=Unit.MILLION)
    cells = all_values(values(forms_of(tmp_path / "out"))).values()
    (words,) = [str(cell) for cell in cells if str(cell).startswith("Bằng chữ")]
    assert words == "Bằng chữ (mã số 17, làm tròn đến triệu đồng): Bốn trăm lẻ một triệu đồng"


def test_months_tasks_and_forms_are_all_named_on_the_first_sheet(hanoi_set: Path) -> None:
    rows = list(values(forms_of(hanoi_set))["Tổng hợp"].values)
    months = [str(row[0]) for row in rows if re.fullmatch(r"\d{4}-\d\d", str(row[0]))]
    assert months == [f"2021-{n:02d}" for n in range(1, 13)] + ["2022-01", "2022-02"]
    titles = [row[1] for row in rows if str(row[0]).startswith("S101-H")]
    assert len(set(titles)) == 3
    with zipfile.ZipFile(forms_of(hanoi_set)) as archive:
        charts = [n for n in archive.namelist() if n.startswith("xl/charts/chart")]
        labelled = ['tickLblSkip val="1"' in archive.read(n).decode() for n in charts]
    assert sum(labelled) == 2


def test_a_final_set_bears_no_mark(hanoi_set: Path) -> None:
    book = formulas(forms_of(hanoi_set))
    assert all(sheet.oddHeader.center.text is None for sheet in book.worksheets)


def test_every_form_of_amounts_names_their_unit(hanoi_set: Path) -> None:
    made = values(forms_of(hanoi_set))
    forms = [sheet for sheet in made.worksheets if sheet["A1"].value == "Mã chương: 416"]
    assert len(forms) == 20
    for sheet in forms:
        above = [cell for row in sheet.iter_rows(max_row=12, values_only=True) for cell in row]
        # B01 has words of its own for it.
        assert ("Đơn vị: Đồng" if sheet.title == "B01" else "Đơn vị tính: đồng") in above


def test_what_the_unit_enters_is_coloured_in_a_draft_alone(
    hanoi_set: Path, worked_set: Path
) -> None:
    for folder, coloured in ((hanoi_set, False), (worked_set, True)):
        sheet = formulas(forms_of(folder))["B02"]
        entered = prompted(sheet)
        assert len(entered) > 50
        assert {cell.fill.fgColor.rgb == "FFFFF8DC" for cell in entered} == {coloured}


def prompted(sheet: Any) -> list[Any]:
    """The cells that say something when they are chosen."""
    return [sheet[str(one.sqref)] for one in sheet.data_validations.dataValidation if one.prompt]


def test_the_statement_of_norms_tells_used_cap_and_source(hanoi_set: Path) -> None:
    rows = [row for row in values(forms_of(hanoi_set))["CT04"].values if row[9]]
    told = [row for row in rows if row[9] == "trong mức"]
    assert len(told) > 20
    assert all(int(str(row[4])) - int(str(row[3])) == row[5] for row in told)
    assert all(row[10] for row in told)
    asked = Asked(HANOI / "main.beancount", 2021, CLOSING)
    assert "Tỷ lệ đã dùng" in {row[6] for row in values(forms_of(hanoi_set))["CT04"].values}
    owed = [row for row in rows if row[9] == "đủ mức"]
    assert len(owed) > 20
    for row in owed:
        code = re.findall(r"^khoản hỗ trợ (\S+) phần doanh nghiệp góp", str(row[1]))[0]
        said = asked.declared["support", code]
        assert row[3:5] == (None, None), row
        assert row[7] == said["own-share"], row
        assert row[8] == said["eligible-cost"] - said["state-support"] > 0, row
    for row in told:
        kind, code = re.findall(r"^(khoản hỗ trợ|sự kiện) (\S+)", str(row[1]))[0]
        supported = kind == "khoản hỗ trợ"

        def own(r: Row, *, by: bool = supported, of: str = code) -> bool:
            return (r.support if by else r.event) == of

        state = asked.sum("^Expenses|ChoThanhToan", lambda r: own(r) and r.fund in STATE)
        every = asked.sum("^Expenses|ChoThanhToan", lambda r: own(r) and not r.ineligible)
        assert row[3] == state, row
        assert row[4] in caps(str(row[2]), every), row


def caps(norm: str, every: int) -> set[int]:
    """What a norm allows by its words: a share of the cost, an amount, an amount a unit."""
    shares = {every * int(share) // 100 for share in re.findall(r"tối đa (\d+)%", norm)}
    amounts = [int(found) * 10**6 for found in re.findall(r"không quá (\d+) triệu đồng", norm)]
    return shares | set(amounts) | {195 * amount for amount in amounts if "đơn vị tham gia" in norm}


def test_the_bundled_book_has_no_findings_to_annex(hanoi_set: Path) -> None:
    cells = [cell for row in values(forms_of(hanoi_set))["CT07"].values for cell in row]
    assert "Không có phát hiện" in cells


def test_the_same_book_gives_the_same_bytes(worked_set: Path, tmp_path: Path) -> None:
    shutil.copytree(WORKED_BOOK.parent, tmp_path / "elsewhere")
    settle_book(tmp_path / "elsewhere" / WORKED_BOOK.name, tmp_path / "b")
    first = {path.name: path.read_bytes() for path in worked_set.iterdir()}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}
    assert len(first) == 7


def test_the_manifest_names_every_file_with_its_digest(hanoi_set: Path) -> None:
    manifest = json.loads(next(hanoi_set.glob("*.manifest.json")).read_text("utf-8"))
    others = {
        path for path in hanoi_set.iterdir() if not path.name.endswith((".manifest.json", ".pdf"))
    }
    assert set(manifest["files"]) == {path.name for path in others}
    for path in others:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert manifest["files"][path.name] == f"sha256:{digest}"
    assert manifest["book"].startswith("sha256:")
    assert {"cnht-ledger", "beancount"} <= set(manifest["versions"])


def test_the_tidy_figures_are_those_of_the_forms(hanoi_set: Path, hanoi_facts: Facts) -> None:
    (table,), (parquet,) = hanoi_set.glob("*.csv"), hanoi_set.glob("*.parquet")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {
        (row["form"], row["row"], row["column"]): int(row["amount"])
        for row in rows
        if row["form"] == "B01/BCQT"
    }
    form = fill(hanoi_facts).form("B01/BCQT").grid
    assert found["B01/BCQT", "17", "total"] == form.value("17", "total")
    assert len(found) == 35 * 3
    details = [row["codes"] for row in rows if row["form"] == "F01-01/BCQT"]
    assert any("tieu_muc=66" in codes for codes in details)
    assert {row["fund"] for row in rows} <= {"", "NSTP", "NSTW"}
    read = duckdb.execute("SELECT * FROM read_parquet(?)", [str(parquet)]).fetchall()
    # What a spreadsheet would take for a formula has a mark in the CSV alone.
    marked = [
        tuple(
            f"'{one}" if isinstance(one, str) and one[:1] in set("=+-@") else str(one)
            for one in row
        )
        for row in read
    ]
    assert marked == [tuple(row.values()) for row in rows]
    assert any(row["label"].startswith("'- ") for row in rows)
    package = json.loads(next(hanoi_set.glob("*.datapackage.json")).read_text("utf-8"))
    for resource in package["resources"]:
        file_ = hanoi_set / resource["path"]
        assert resource["bytes"] == file_.stat().st_size
    described, of_parquet = (one["schema"]["fields"] for one in package["resources"])
    assert [field["name"] for field in described] == list(rows[0])
    assert of_parquet == described
    columns = duckdb.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(parquet)]).fetchall()
    types = {"VARCHAR": "string", "BIGINT": "integer"}
    held = [(name, types[kind]) for name, kind, *_ in columns]
    assert [(field["name"], field["type"]) for field in of_parquet] == held


def test_a_quote_after_thousands_of_plain_rows_reaches_parquet(tmp_path: Path) -> None:
    def row(label: str) -> tuple[Any, ...]:
        return ("", "Sở", "P", 2021, "năm", "CT07", "CT07", "", "1", label, "", "left", "", 1)

    said = 'thêm custom "party" "0199", rồi\nsửa'
    plain = [row("một, hai")] * 4000
    _, parquet, _ = exports.write_tidy(tmp_path, "set", [*plain, row(said)])
    read = duckdb.execute("SELECT label FROM read_parquet(?)", [str(parquet)]).fetchall()
    assert read == [("một, hai",)] * len(plain) + [(said,)]


@pytest.mark.usefixtures("no_rules")
def test_a_smaller_set_leaves_nothing_of_an_older_one(worked_set: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(worked_set, tmp_path / "out")
    (folder / f"{forms_of(folder).stem}.pdf").write_text("older")
    settle_book(WORKED_BOOK, folder, force=True, forms=("CT01",))
    assert not list(folder.glob("*.pdf"))


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize("error", [OSError("no space left on device"), RuntimeError("fault")])
def test_a_failure_half_way_leaves_the_older_set_and_nothing_else(
    worked_set: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    folder = shutil.copytree(worked_set, tmp_path / "out")
    older = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(set_files, "write_rows", fail)
    wanted = BadInputError if isinstance(error, OSError) else RuntimeError
    with pytest.raises(wanted, match=str(error)):
        settle_book(WORKED_BOOK, folder, force=True, forms=("CT01",))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == older
    with pytest.raises(wanted):
        settle_book(WORKED_BOOK, tmp_path / "new", forms=("CT01",))
    assert not (tmp_path / "new").exists()
