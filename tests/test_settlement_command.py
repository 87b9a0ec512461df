"""The commands that settle and report, what they refuse, and layouts of a unit."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
import time
from pathlib import Path

import pytest

from ledger.loading import load_facts
from ledger.problems import BadInputError
from ledger.text import Text
from reports.command_line.asked import asked_yes
from reports.command_line.set_writing import why_unprinted
from reports.settlement.figures import read_head
from reports.settlement.pdf import to_pdf
from reports.settlement.workbook import file_stem
from reports.settlement.years import year_period
from tests.asked_forms import STATE, Asked
from tests.books import ALLOTMENT, HANOI, ROOT, run_cnht, write_book
from tests.settled import (
    CANCELLED,
    CANCELLED_600,
    CLOSING,
    UNIT,
    WORKED_BOOK,
    forms_of,
    formulas,
    settle_book,
    shipped_law,
    values,
)


def test_a_year_that_the_book_lacks_is_refused_with_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        settle_book(WORKED_BOOK, tmp_path / "out", 2019)
    problem = caught.value.problems[0]
    assert "2019" in problem.text.vi
    assert problem.remedy is not None
    assert "2021, 2022" in problem.remedy.vi
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("year", "said", "remedy"),
    [(2021, "đến ngày đã nêu, sổ chưa có bút toán", "01/01/2021"), (2019, "2019", "2021, 2022")],
)
def test_a_day_before_the_first_entry_is_told_from_a_year_that_the_book_lacks(
    year: int, said: str, remedy: str
) -> None:
    facts = load_facts(WORKED_BOOK).facts
    with pytest.raises(BadInputError, match=said) as caught:
        read_head(facts.seen(dt.date(2018, 1, 1)), year, facts)
    assert remedy in str(caught.value.problems[0].remedy)


@pytest.mark.parametrize(
    "command", [("settle", "--year", "2021"), ("report", "--to", "2021-06-30")]
)
def test_a_book_without_a_programme_has_nothing_to_settle(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    main = tmp_path / "main.beancount"
    main.write_text("2021-01-01 open Assets:TienGui:KB01 VND\n", "utf-8")
    ran = run_cnht(*command, main, "-o", tmp_path / "out")
    assert ran.code == 2
    assert "main.beancount:1: " in ran.err
    assert "không có gì để quyết toán" in ran.err
    assert "kiểm tra" not in ran.err
    assert 'custom "programme"' in ran.err
    assert "cnht init" in ran.err
    english = run_cnht(*command, main, "-o", tmp_path / "out", "--lang", "en")
    assert "nothing to settle" in english.err


@pytest.mark.parametrize("year", [20211, 0, 9999])
def test_what_is_no_year_is_refused(year: int) -> None:
    with pytest.raises(BadInputError, match="không phải một niên độ"):
        year_period(shipped_law(), year)


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(
    ("form", "said"), [("CT08", "--consolidate"), ("F01-02/BCQT", "programme-code")]
)
def test_a_form_that_the_book_does_not_give_is_refused(
    tmp_path: Path, form: str, said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        settle_book(WORKED_BOOK, tmp_path / "out", forms=(form,))
    assert not (tmp_path / "out").exists()


def test_a_year_without_allotments_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="chưa có bút toán giao dự toán"):
        settle_book(WORKED_BOOK, tmp_path / "out", 2022)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("no_rules")
def test_a_folder_that_holds_something_is_left_alone_unless_asked(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    mine = tmp_path / "out" / "mine.txt"
    mine.write_text("mine")
    with pytest.raises(BadInputError, match="không trống"):
        settle_book(WORKED_BOOK, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == [mine]
    settle_book(WORKED_BOOK, tmp_path / "out", force=True, forms=("CT01",))
    assert mine.read_text() == "mine"


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(
    ("typed", "goes_on"),
    [("c\n", True), ("Có\n", True), ("y\n", True), ("k\n", False), ("\n", False), ("", False)],
)
def test_whether_to_write_over_is_asked_in_vietnamese(
    typed: str,
    *,
    goes_on: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert asked_yes(Text("Ghi đè?", "Go on?"), "vi") is goes_on
    assert capsys.readouterr().err.startswith("Ghi đè? [c/K]: ")


@pytest.mark.parametrize(
    ("files", "program", "said"),
    [
        (["a.xlsx", "a.pdf"], "soffice", ""),
        (["a.xlsx"], None, "không có LibreOffice"),
        (["a.xlsx"], "soffice", "không in được"),
    ],
)
def test_a_set_without_a_pdf_says_why(
    files: list[str], program: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.settlement.pdf.office", lambda: program)
    why = why_unprinted([Path(name) for name in files])
    assert said in why.vi if why else not said


def test_half_a_pdf_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\necho half > {tmp_path}/a.pdf\nexit 1\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("reports.settlement.pdf.office", lambda: str(program))
    assert to_pdf(tmp_path / "a.xlsx", tmp_path, tmp_path) is None
    assert not (tmp_path / "a.pdf").exists()


def test_what_a_killed_run_left_stands_in_no_way_and_goes_in_time(tmp_path: Path) -> None:
    old, young = (tmp_path / "out" / f".{letter * 32}.new" for letter in "ab")
    for left in (old, young):
        left.mkdir(parents=True)
        (left / "half.xlsx").write_text("half")
    hours_ago = time.time() - 7200
    os.utime(old, (hours_ago, hours_ago))
    settle_book(WORKED_BOOK, tmp_path / "out", forms=("CT01",))
    assert not old.exists()
    assert young.exists()  # another run may be writing there


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize("below", ["", "under"])
def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, below: str) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(BadInputError):
        settle_book(WORKED_BOOK, taken / below)
    assert taken.read_text() == "mine"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("KH49-2021", "quyet-toan-KH49-2021-2021"),
        ("../../etc/x", "quyet-toan-etc-x-2021"),
        ("/tmp/x", "quyet-toan-tmp-x-2021"),  # noqa: S108  # a code, no path
        ("..", "quyet-toan-chuong-trinh-2021"),
        ("C:\\x\n|?*", "quyet-toan-C-x-2021"),
        ("Kế hoạch số 5", "quyet-toan-Kế-hoạch-số-5-2021"),
        ("x" * 300, f"quyet-toan-{'x' * 60}-2021"),
    ],
)
def test_the_name_never_leaves_the_folder(code: str, name: str) -> None:
    assert file_stem("quyet-toan", code, "2021") == name


@pytest.mark.usefixtures("no_rules")
def test_the_command_answers_no_and_says_why(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + CANCELLED)
    ran = run_cnht("settle", main, "--year", "2021", "-o", tmp_path / "out", "--no-cache")
    assert ran.code == 1
    assert "chưa đối chiếu với kho bạc" in ran.err
    assert "--draft" in ran.err
    assert not (tmp_path / "out").exists()
    again = run_cnht(
        "settle", main, "--year", "2021", "-o", tmp_path / "out", "--draft", "--no-pdf",
        "--form", "B01/BCQT", "--unit", "nghin",
    )  # fmt: skip
    assert again.code == 0
    made = formulas(forms_of(tmp_path / "out"))
    assert "F01-01" not in made.sheetnames
    assert "số dư lớn nhất" in str(made["B01"].oddFooter.left.text)
    unknown = run_cnht(
        "settle", main, "--year", "2021", "-o", tmp_path / "x", "--form", "B99", "--draft"
    )
    assert unknown.code == 2
    assert "B01/BCQT" in unknown.err


@pytest.mark.usefixtures("no_rules")
def test_a_report_comes_with_sentences_to_paste(tmp_path: Path) -> None:
    main = HANOI / "main.beancount"
    ran = run_cnht(
        "report", main, "--quarter", "2021Q2", "-o", tmp_path / "out", "--no-pdf", "--lang", "vi"
    )
    assert ran.code == 0
    text = next((tmp_path / "out").glob("*.txt")).read_text("utf-8")
    asked = Asked(main, 2021, CLOSING, until=dt.date(2021, 6, 30))
    spent = asked.sum("^Expenses", lambda r: r.fund in STATE)
    before = Asked(main, 2021, CLOSING, until=dt.date(2021, 3, 31))
    earlier = before.sum("^Expenses", lambda r: r.fund in STATE)
    assert earlier < spent
    assert f"Lũy kế từ đầu năm: đã chi {spent:,}".replace(",", ".") in text
    assert f"Trong kỳ: đã chi {spent - earlier:,}".replace(",", ".") in text
    sums = re.findall(r"Lũy kế từ đầu năm: (.*)\n", text)[0]
    used = sum(int(one.replace(".", "")) for one in re.findall(r"([\d.]+) đồng", sums))
    given = int(re.findall(r"là ([\d.]+) đồng", text)[0].replace(".", ""))
    # All tax withheld so far came out of advances, in whose cash it still is.
    assert "thuế đã khấu trừ" not in text
    assert used == given
    assert "Nội dung báo cáo" in values(forms_of(tmp_path / "out")).sheetnames


def test_sentences_in_english_write_shares_in_english(tmp_path: Path) -> None:
    for lang, mark in (("vi", ","), ("en", ".")):
        out = tmp_path / lang
        ran = run_cnht("report", HANOI, "--to", "2021-08-31", "-o", out, "--no-pdf", "--lang", lang)
        assert ran.code == 0
        said = next(out.glob("*-noi-dung.txt")).read_text("utf-8")
        shares = re.findall(r"\d+([.,])\d+%", said)
        assert shares
        assert set(shares) == {mark}


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ((), "--quarter"),
        (("--quarter", "2021Q5"), "2021Q5"),
        (("--quarter", "2021Q1", "--to", "2021-06-30"), "--to"),
        (("--to", "30/6"), "30/6"),
    ],
)
def test_a_period_that_is_none_is_refused(
    tmp_path: Path, period: tuple[str, ...], said: str
) -> None:
    ran = run_cnht("report", WORKED_BOOK, *period, "-o", tmp_path / "out")
    assert ran.code == 2
    assert said in ran.err


def own_b01(folder: Path, old: str, new: str) -> Path:
    """A book in order with a layout of its own beside it."""
    main = write_book(folder, ALLOTMENT + UNIT.format(spent=-400, used=400) + CANCELLED_600)
    shipped = (ROOT / "reports" / "forms" / "b01-tt107.yaml").read_text("utf-8")
    assert old in shipped
    (folder / "forms").mkdir()
    (folder / "forms" / "b01.yaml").write_text(shipped.replace(old, new), "utf-8")
    return main


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(
    ("old", "new", "near"),
    [
        ("take: b01.allotted, autonomy: yes", "take: b01.alloted, autonomy: yes", "b01.allotted"),
        ("spread: yes\nrows:\n", "rows-of: task\nx-rows:\n", "tasks"),
    ],
)
def test_what_a_layout_of_the_unit_takes_must_be_there(
    tmp_path: Path, old: str, new: str, near: str
) -> None:
    main = own_b01(tmp_path / "book", old, new)
    path = main.parent / "forms" / "b01.yaml"
    lines = path.read_text("utf-8").partition("x-rows:")[0].replace("words:", "# words:")
    path.write_text(lines, "utf-8")
    with pytest.raises(BadInputError) as caught:
        settle_book(main, tmp_path / "out")
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    at_fault = new.splitlines()[0]
    assert at_fault in path.read_text("utf-8").splitlines()[problem.line - 1]
    assert problem.remedy is not None
    assert f"có phải «{near}»?" in problem.remedy.vi


@pytest.mark.usefixtures("no_rules")
def test_a_layout_of_the_unit_cannot_change_a_figure_unseen(tmp_path: Path) -> None:
    main = own_b01(tmp_path / "book", 'code: "17", is: "18 + 19"', 'code: "17", is: "18 - 19"')
    made = settle_book(main, tmp_path / "out", forms=("B01/BCQT",))
    told = [one.vi for one in made.blocked if "mã 17, cột «Tổng số» theo bố cục riêng" in one.vi]
    assert len(told) == 1
    assert "forms/b01.yaml" in told[0]


def hanoi_with(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """The bundled book with a layout of its own beside it."""
    folder = tmp_path / "book"
    shutil.copytree(HANOI, folder)
    shipped = (ROOT / "reports" / "forms" / f"{name}.yaml").read_text("utf-8")
    assert old in shipped
    (folder / "forms").mkdir()
    (folder / "forms" / f"{name}.yaml").write_text(shipped.replace(old, new), "utf-8")
    return folder / "main.beancount"


@pytest.mark.usefixtures("no_rules")
def test_a_formula_that_the_unit_changed_in_a_column_is_told_and_bars_nothing(
    tmp_path: Path,
) -> None:
    main = hanoi_with(tmp_path, "sdkp-04", "usable - used - cancelled", "usable - used")
    made = settle_book(main, tmp_path / "out", draft=False)
    assert made.blocked == []
    assert made.written
    (told,) = [one for one in made.left_open if "forms/sdkp-04.yaml" in one.vi]
    assert "04-SDKP, cột «Số dư được chuyển sang năm sau – Dư dự toán»" in told.vi
    left = "«Dự toán năm được chi – Tổng số» − «Đã sử dụng đến 31/01 năm sau»"
    assert f"forms/sdkp-04.yaml: {left}; bố cục có sẵn: {left} − «Bị hủy»; tổng cộng " in told.vi
    assert all(figure in told.vi for figure in ("401.820.000 đồng", "372.000.000 đồng"))
    assert not re.search(r"tổng cộng|bố cục", told.en)


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        # The figure stands in a check against the book.
        ("ct01", "- returned - cancelled", "- returned", "CT01 còn lại"),
        # What the book tells is no formula.
        (
            "sdkp-04",
            "cancelled, heading: Bị hủy,",
            'cancelled, heading: Bị hủy, is: "used",',
            "«Bị hủy»",
        ),
    ],
)
def test_a_changed_column_still_bars_where_a_check_names_it_or_the_book_tells_it(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    made = settle_book(hanoi_with(tmp_path, name, old, new), tmp_path / "out", draft=False)
    assert made.written == []
    assert any(said in one.vi for one in made.blocked)


@pytest.mark.usefixtures("no_rules")
def test_what_a_layout_of_the_unit_shows_elsewhere_is_told_by_its_own_amount(
    tmp_path: Path,
) -> None:
    taken = 'code: "19", take: b01.proposed', 'code: "19", take: b01.allotted'
    main = own_b01(tmp_path / "book", *taken)
    made = settle_book(main, tmp_path / "out", forms=("B01/BCQT", "F01-01/BCQT"))
    told = [one.vi for one in made.blocked if "chưa khớp" in one.vi]
    (own,) = [one for one in told if "mã 19, cột «Tổng số» theo bố cục riêng" in one]
    shown, proposed = re.findall(r": ([\d.]+) và ([\d.]+),", own)[0]
    assert shown != proposed
    assert any(f"F01-01 tổng cộng: {shown} và {proposed}" in one for one in told)


@pytest.mark.usefixtures("no_rules")
def test_a_layout_of_the_unit_is_named_where_the_form_is_read(tmp_path: Path) -> None:
    main = own_b01(tmp_path / "book", "(17=18+19)", "(17 = 18 + 19)")
    made = settle_book(main, tmp_path / "out", forms=("B01/BCQT",))
    assert not [one for one in made.blocked if "bố cục riêng" in one.vi]
    book = formulas(forms_of(tmp_path / "out"))
    words = "theo bố cục riêng của đơn vị: forms/b01.yaml"
    assert words in str(book["B01"].oddFooter.left.text)
    assert any(words in str(row[0]) for row in book["Tổng hợp"].values)
    manifest = json.loads(next((tmp_path / "out").glob("*.manifest.json")).read_text("utf-8"))
    digest = hashlib.sha256((tmp_path / "book" / "forms" / "b01.yaml").read_bytes()).hexdigest()
    assert manifest["own-forms"] == {"forms/b01.yaml": f"sha256:{digest}"}
