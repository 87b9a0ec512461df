"""The settlement set: every figure agrees with the book, lives, and harms nothing."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger import execution
from ledger.b01 import b01
from ledger.facts import join
from ledger.kinds import KINDS
from ledger.loading import load_facts
from ledger.problems import BadInputError
from reports.forms.grid import number
from reports.forms.rounding import Unit, half_up
from reports.settlement import layout, ledger_rows, naming, notes, settling
from reports.settlement.figures import read_head, read_signatories
from reports.settlement.periods import reported_period
from reports.settlement.workbook import file_stem
from reports.settlement.years import source_of_year, year_period
from rules.checking import law_of, load_books
from rules.rule import catalogue
from rules.run import run
from tests.asked_forms import STATE, Asked, Row, expected
from tests.books import ALLOTMENT, BASE, HANOI, OVERDRAWN, ROOT, run_cnht, write_book
from tests.settled import (
    CLOSING,
    WORKED_BOOK,
    all_values,
    fill,
    formulas,
    gaps,
    recalculated,
    settle_book,
    shipped_law,
    spoiled,
    values,
)

if TYPE_CHECKING:
    from ledger.facts import Facts
    from tests.settled import Set

requires_office = pytest.mark.skipif(
    shutil.which("soffice") is None and not os.environ.get("CNHT_REQUIRE_ALL"),
    reason="LibreOffice recalculates the workbook",
)
MAINS = {"worked": WORKED_BOOK, "hanoi": HANOI / "main.beancount"}


@pytest.fixture(scope="module", params=["worked", "hanoi"])
def book(request: pytest.FixtureRequest) -> tuple[Set, Asked]:
    """The forms of a book, and the same book to be asked in another way."""
    facts: Facts = request.getfixturevalue(f"{request.param}_facts")
    return fill(facts), Asked(MAINS[request.param], 2021, CLOSING)


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


@pytest.fixture
def no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the check of a book where findings are beside the point."""
    monkeypatch.setattr(settling, "run", lambda *given, **_: run(*given, rules=()))
    monkeypatch.setattr(settling, "assess", lambda *_: [])


def forms_of(folder: Path) -> Path:
    return next(
        path
        for path in folder.glob("*.xlsx")
        if "dong-so" not in path.name and "cong" not in path.name
    )


def rows_of(folder: Path) -> Path:
    return next(folder.glob("*-dong-so.xlsx"))


@pytest.fixture
def budget_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check a book by the rules of the estimate alone."""
    rules = [rule for rule in catalogue() if rule.code.startswith("BUD")]
    monkeypatch.setattr(settling, "run", lambda *given, **_: run(*given, rules=rules))


# Every figure of every form, asked of the book in another way


def test_b01_agrees_with_queries(book: tuple[Set, Asked]) -> None:
    filled, asked = book
    form = filled.form("B01/BCQT")
    compared = 0
    for row in form.layout.rows:
        if not row.take:
            continue
        wanted = 0 if row.autonomy else asked.b01(row.take.removeprefix("b01."))
        assert form.grid.value(row.code, "total") == wanted, row.code
        compared += 1
    assert compared == 16


def test_the_notes_of_the_settlement_agree_with_queries(book: tuple[Set, Asked]) -> None:
    filled, asked = book
    form = filled.form("B03/BCQT")
    income, pledge = "^Income:DongGop", "^Assets:PhaiThu:DongGop"
    others = {
        "allotted": asked.sum(
            "^Assets:DuToan", lambda r: r.kind == "allotment" and r.fund in STATE
        ),
        "adjusted": asked.sum("^Assets:DuToan", lambda r: r.kind in {"supplement", "reallocation"}),
        "cash": -asked.sum(f"{income}|{pledge}", lambda r: r.kind == "contribution-cash"),
        "direct": -asked.sum(income, lambda r: r.kind == "contribution-direct"),
    }
    for row in form.layout.rows:
        if row.take:
            name = row.take.removeprefix("b01.")
            wanted = others[name] if name in others else asked.b01(name)
            assert form.grid.value(row.code, "total") == wanted, row.code


def test_every_listed_figure_agrees_with_queries(book: tuple[Set, Asked]) -> None:
    filled, asked = book
    compared: dict[str, int] = {}
    left_out = set()
    for one in filled.filled:
        form = one.layout.form
        if one.layout.coded or form in {"CT04", "CT07"}:
            continue
        group = ""
        for row in one.grid.rows:
            if row.dress:
                group = str(row.cells.get(one.layout.into) or group)
                continue
            cells: dict[str, Any] = {
                **row.cells,
                "task": row.cells.get("task") or group.split(":")[0],
            }
            wanted = expected(form, asked, cells)
            for column, amount in wanted.items():
                assert number(row.cells[column]) == amount, (form, row.cells, column)
                compared[form] = compared.get(form, 0) + 1
            left_out |= {
                (form, column.key)
                for column in one.layout.columns
                if column.kind == "money"
                and column.is_ is None
                and column.key not in wanted
                and number(row.cells.get(column.key))
            }
    assert left_out == set()
    asked_for = {"F01-01/BCQT", "01a-SDKP/ĐVDT", "02a-SDKP/ĐVDT", "S101-H/I", "S101-H/III", "CT01"}
    assert asked_for <= set(compared)
    assert sum(compared.values()) > 100


def test_what_was_taken_back_agrees_with_queries(book: tuple[Set, Asked]) -> None:
    filled, asked = book
    form = filled.form("B02/BCQT")
    taken = [r for r in asked.rows if r.kind == "recovery" and "PhaiNop" in r.account]
    owed = -sum(r.amount for r in taken if r.amount < 0)
    paid = sum(r.amount for r in taken if r.amount > 0)
    rows = [row.code for row in form.layout.rows if row.take == "recovery.now"]
    assert rows
    assert all("KTNN" in row.finding for row in taken)
    for code in rows:
        assert [form.grid.value(code, f"a_{n}") for n in ("audit", "superior")] == [owed, 0]
        assert form.grid.value(code, "b_audit") == paid


def test_every_sub_item_has_its_name(hanoi_facts: Facts) -> None:
    """One that had an advance only too: no expense account of it says what it is."""
    made = fill(hanoi_facts)
    for form in ("F01-01/BCQT", "02a-SDKP/ĐVDT", "S101-H/III"):
        rows = [row.cells for row in made.form(form).grid.rows if not row.dress]
        assert all(row["label"] for row in rows if row["tieu_muc"]), form


def test_totals_agree_with_queries(book: tuple[Set, Asked]) -> None:
    filled, asked = book
    spent = asked.b01("proposed")
    assert filled.form("F01-01/BCQT").grid.value("TOTAL", "total") == spent
    assert filled.form("02a-SDKP/ĐVDT").grid.value("TOTAL", "spent") == spent
    assert filled.form("S101-H/III").grid.value("TOTAL", "proposed") == spent
    everything = asked.sum("^Expenses:NV")
    assert filled.form("CT01").grid.value("TOTAL", "spent_all") == everything
    given = -asked.sum("^Equity:GiaoDuToan")
    assert filled.form("S101-H/I").grid.value("given", "amount") == given


def test_no_posting_of_a_task_is_left_out_of_the_forms(book: tuple[Set, Asked]) -> None:
    """Each row that a query finds stands in some row of a form: the forms list all there is."""
    filled, asked = book
    found = {str(row.cells.get("tieu_muc")) for row in filled.form("F01-01/BCQT").grid.rows}
    assert {
        r.item for r in asked.rows if r.account.startswith("Expenses") and r.fund in STATE
    } <= found
    tasks = {str(row.cells.get("code")) for row in filled.form("CT01").grid.rows}
    assert {r.task for r in asked.rows if r.task} <= tasks


def test_the_forms_agree_with_the_figures_of_the_rules(hanoi_facts: Facts) -> None:
    figures = b01(hanoi_facts["postings"], 2021, "NSTP", CLOSING)
    form = fill(hanoi_facts).form("B01/BCQT").grid
    assert form.value("17", "total") == figures.proposed
    assert form.value("27", "total") == figures.to_return
    assert form.value("28", "total") == figures.cancelled


def test_every_check_between_forms_passes(book: tuple[Set, Asked]) -> None:
    filled, _ = book
    assert len(filled.checked) >= 20
    assert gaps(filled.checked) == {}


def test_the_query_of_the_manual_gives_the_figure_of_the_form(hanoi_facts: Facts) -> None:
    page = (ROOT / "docs" / "quyet-toan.md").read_text("utf-8")
    (query,) = re.findall(r'bean-query \S+ "([^"]+)"', page)
    bean_query = Path(str(run_cnht.__globals__["CNHT"])).with_name("bean-query")
    done = subprocess.run(
        [bean_query, str(HANOI / "main.beancount"), query],
        capture_output=True,
        text=True,
        check=True,
    )
    asked = int(re.findall(r"\d{6,}", done.stdout)[0])
    assert asked == fill(hanoi_facts).form("B01/BCQT").grid.value("17", "total") == 14_074_898_000


# Generated books


def carried(folder: Path, spent: int, advanced: int, settled: int, left: int, more: int) -> Path:
    """A book of two years: what the first carries over opens the second."""
    text = f"""
2021-01-01 * "Giao dự toán"
  kind: "allotment"
  kind-item: "280-309"
  decision: "1"
  Assets:DuToan:KhaDung:NV02:NSTP   {spent + advanced + left + more} VND
  Equity:GiaoDuToan:NSTP           {-(spent + advanced + left + more)} VND
2021-03-01 * "Chi"
  kind: "payment"
  kind-item: "070-083"
  Assets:DuToan:KhaDung:NV02:NSTP  {-spent} VND
  Expenses:NV02:NSTP:TM6651         {spent} VND
2021-04-01 * "Tạm ứng"
  kind: "advance"
  voucher: "2021/RDT/01"
  Assets:DuToan:KhaDung:NV02:NSTP  {-advanced} VND
  Assets:TamUng:NV02:NSTP:TM6699    {advanced} VND
2021-05-01 * "Thanh toán tạm ứng"
  kind: "advance-settlement"
  advance: "2021/RDT/01"
  Assets:TamUng:NV02:NSTP:TM6699   {-settled} VND
  Expenses:NV02:NSTP:TM6655         {settled} VND
2022-01-31 * "Hủy"
  kind: "cancellation"
  budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP  {-left} VND
  Equity:HuyDuToan:NSTP             {left} VND
2022-01-31 * "Chuyển nguồn dự toán"
  kind: "carry-over"
  ground: "đ"
  Assets:DuToan:KhaDung:NV02:NSTP  {-more} VND
    budget-year: 2021
  Equity:ChuyenNguon:NSTP           {more} VND
    budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP   {more} VND
    budget-year: 2022
  Equity:ChuyenNguon:NSTP          {-more} VND
    budget-year: 2022
2022-01-31 * "Chuyển nguồn tạm ứng"
  kind: "carry-over"
  advance: "2021/RDT/01"
  ground: "b"
  Assets:TamUng:NV02:NSTP:TM6699   {-(advanced - settled)} VND
    budget-year: 2021
  Equity:ChuyenNguon:NSTP           {advanced - settled} VND
    budget-year: 2021
  Assets:TamUng:NV02:NSTP:TM6699    {advanced - settled} VND
    budget-year: 2022
  Equity:ChuyenNguon:NSTP          {-(advanced - settled)} VND
    budget-year: 2022
2022-02-01 * "Giao dự toán"
  kind: "allotment"
  budget-year: 2022
  decision: "2"
  Assets:DuToan:KhaDung:NV02:NSTP   {spent} VND
  Equity:GiaoDuToan:NSTP           {-spent} VND
"""
    return write_book(folder, text)


AMOUNT = st.integers(min_value=1, max_value=10**11)


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(AMOUNT, AMOUNT, st.fractions(0, 1), AMOUNT, AMOUNT, st.sampled_from(list(Unit)))
def test_on_generated_books_forms_tie_and_the_year_closes_into_the_next(
    tmp_path: Path, spent: int, advanced: int, share: Any, left: int, more: int, unit: Unit
) -> None:
    main = carried(tmp_path / "book", spent, advanced, int(advanced * share), left, more)
    facts = load_facts(main).facts
    first, second = fill(facts, 2021), fill(facts, 2022)
    assert gaps(first.checked) == {}
    # The second year is still open: what is not yet cancelled is not yet settled.
    assert set(gaps(second.checked)) == {"B01 mã 28 = dự toán đã hủy của sổ"}
    year, following = first.form("B01/BCQT").grid, second.form("B01/BCQT").grid

    def of(code: str) -> int:
        return year.value(code, "total")

    assert of("06") + of("16") == of("19") + of("26") + of("27") + of("34")
    assert of("07") + of("10") == of("16") + of("28") + of("35")
    assert of("11") == of("17") + of("20") + of("29")
    items = [column.key for column in year.columns if column.key.startswith("K")]
    assert len(items) == 2
    for row in filter(lambda row: row.code, year.rows):
        assert of(row.code) == sum(year.value(row.code, item) for item in items), row.code
    for closing, opening in (("31", "03"), ("32", "04"), ("34", "06"), ("35", "07")):
        assert following.value(opening, "total") == of(closing)
    assert any("niên độ trước" in one.tie.label.vi for one in second.checked)
    in_unit = fill(facts, 2021, unit)
    shown = in_unit.form("B01/BCQT").grid
    detail = in_unit.form("F01-01/BCQT").grid
    assert shown.value("17", "total") == detail.value("TOTAL", "total")
    assert shown.value("17", "total") == half_up(of("17"), unit.size)
    assert shown.value("11", "total") == shown.value("12", "total") + shown.value("13", "total")
    between = [
        one
        for one in in_unit.checked
        if one.tie.right.refs and not one.tie.left.book and not one.tie.right.book
    ]
    assert len(between) > 8
    # Each figure is rounded by itself; the ties in VND above are what decides.
    for one in between:
        assert abs(one.gap) <= len(one.tie.left.refs) + len(one.tie.right.refs), one.tie.label.vi


def test_an_earlier_year_closes_on_the_day_that_the_law_sets(tmp_path: Path) -> None:
    main = carried(tmp_path, 5, 4, 3, 2, 1)
    facts, law = load_facts(main).facts, shipped_law()
    assert source_of_year(facts, law, 2021).period.closing == CLOSING
    with pytest.raises(BadInputError, match="2010"):
        source_of_year(facts, law, 2010)  # no norm of that time is held


def test_money_of_another_level_stands_in_a_form_of_its_own(tmp_path: Path) -> None:
    main = write_book(
        tmp_path, ALLOTMENT + ALLOTMENT.replace("NSTP", "NSTW").replace("1000", "700")
    )
    made = fill(load_facts(main).facts)
    own, other = made.of("B01/BCQT")
    assert (own.sheet, other.sheet) == ("B01", "B01 (NSTW)")
    assert (own.grid.value("10", "total"), other.grid.value("10", "total")) == (1000, 700)
    assert other.copy.legend == ("Kinh phí thuộc ngân sách cấp trung ương",)
    assert len(made.of("F01-01/BCQT")) == 2


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
    live = formulas(forms_of(tmp_path / "out"))["XD 2c (NSTW)"]
    assert any("'XD 1c (NSTW)'!" in str(cell) for row in live.values for cell in row)


def test_another_level_has_domestic_state_money_only_in_the_newer_form(tmp_path: Path) -> None:
    text = (ALLOTMENT + ALLOTMENT.replace("NSTP", "NSTW")).replace("2021", "2025")
    base = BASE.replace("budget-year: 2021", "budget-year: 2025")
    own, other = fill(load_facts(write_book(tmp_path, text, base=base)).facts, 2025).of("B01/BCQT")
    assert own.grid.rows[-1].code == "217"
    assert other.grid.rows[-1].code == "135"
    assert "THUỘC NGÂN SÁCH CẤP TỈNH" in str([row.cells["label"] for row in own.grid.rows])


def test_columns_come_by_kind_and_item_of_the_allotment(tmp_path: Path) -> None:
    text = ALLOTMENT.replace('kind: "allotment"', 'kind: "allotment"\n  kind-item: "280-309"')
    text += ALLOTMENT.replace("NV02", "NV05").replace(
        'kind: "allotment"', 'kind: "allotment"\n  kind-item: "070-083"'
    )
    text += OVERDRAWN.replace("1001", "400")
    made = fill(load_facts(write_book(tmp_path, text)).facts)
    form = made.form("B01/BCQT").grid
    assert [c.key for c in form.columns[3:]] == [
        "total", "L070", "K070-083", "L280", "K280-309",
    ]  # fmt: skip
    assert [form.value("19", key) for key in ("total", "K070-083", "K280-309")] == [400, 0, 400]
    ties = [one.tie.label.vi for one in made.checked]
    assert "B01 mã 19 khoản 280-309 = F01-01 cột 2" in ties
    assert gaps(made.checked) == {"B01 mã 28 = dự toán đã hủy của sổ": 1600}


def test_a_programme_with_a_code_has_its_own_forms(tmp_path: Path) -> None:
    base = BASE.replace("budget-year: 2021", 'budget-year: 2021\n  programme-code: "05123"', 1)
    text = ALLOTMENT + OVERDRAWN.replace("1001", "400")
    made = fill(load_facts(write_book(tmp_path, text, base=base)).facts)
    first = made.form("F01-02/BCQT-I")
    assert first.copy.legend == ("Mã chương trình, dự án: 05123",)
    assert first.grid.value("07", "total") == first.grid.value("07", "s.total") == 400
    assert made.form("F01-02/BCQT-II").grid.value("TOTAL", "domestic") == 400


def test_a_programme_without_a_code_has_none(hanoi_facts: Facts) -> None:
    assert fill(hanoi_facts).of("F01-02/BCQT-I") == []


def test_a_report_to_a_date_has_the_tables_of_its_period(hanoi_facts: Facts) -> None:
    day = dt.date(2021, 6, 30)
    made = fill(hanoi_facts.seen(day), first=dt.date(2021, 4, 1), last=day)
    assert gaps(made.checked) == {}
    assert made.of("B01/BCQT") == []
    asked = Asked(HANOI / "main.beancount", 2021, CLOSING, until=day)
    total = made.form("02a-SDKP/ĐVDT").grid.value("TOTAL", "spent")
    assert total == asked.b01("proposed")
    now = asked.b01("received", lambda r: r.date >= dt.date(2021, 4, 1))
    assert made.form("01a-SDKP/ĐVDT").grid.value("TOTAL", "drawn_now") == now


# The workbooks


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
    rows = values(rows_of(hanoi_set))
    index, sheet = rows["Căn cứ"], rows["Dòng sổ"]
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
                total, line = 0, at + 1
                while index.cell(line, 3).value is not None:
                    start = int(re.findall(r"^Dòng sổ (\d+)", str(index.cell(line, 3).value))[0])
                    count = int(str(index.cell(line, 4).value))
                    amounts = [
                        int(str(sheet.cell(n, 9).value)) for n in range(start, start + count)
                    ]
                    added = int(str(index.cell(line, 5).value))
                    assert abs(sum(amounts)) == abs(added)
                    total, line = total + added, line + 1
                assert total == cell.value
                followed += 1
    assert followed > 150


def test_the_index_names_every_figure_and_leads_on_to_its_rows(hanoi_set: Path) -> None:
    rows = list(formulas(rows_of(hanoi_set))["Căn cứ"].iter_rows(min_row=2, values_only=True))
    heads = [row for row in rows if row[5] is not None]
    assert all(row[0] for row in heads)
    assert {str(row[2])[:24] for row in rows if row[5] is None} == {"=HYPERLINK(\"#'Dòng sổ'!A"}
    words = " ".join(str(row[1]) for row in rows)
    assert "NV02 Hội chợ CNHT Hà Nội năm 2021 · NSTP · tiểu mục" in words
    assert not [kind.code for kind in KINDS.values() if f" {kind.code} " in words]


def test_every_figure_has_its_words(hanoi_facts: Facts) -> None:
    assert set(fill(hanoi_facts).desk.teller.source.names) == set(naming.FIGURES)


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
    "B01/BCQT": 2, "F01-01/BCQT": 2, "B02/BCQT": 1, "B03/BCQT": 2, "01a-SDKP/ĐVDT": 1,
    "02a-SDKP/ĐVDT": 2, "04-SDKP/ĐVDT": 1, "S101-H/I": 2, "S101-H/II": 1, "S101-H/III": 1,
    "CT01": 1, "CT02": 3, "CT02b": 1, "CT03": 4, "CT04": 10, "CT05": 1, "CT06": 1, "CT07": 1,
    "TT137/1c": 2, "TT137/2c": 2, "Tổng hợp": 4, "Kiểm tra chéo": 1, "Giải thích": 4,
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
            assert sheet.print_title_rows
            assert "&P/&N" in str(sheet.oddFooter.right.text)
            fonts = {c.font.name for row in sheet.iter_rows() for c in row if c.value is not None}
            assert fonts == {layout.FONT}


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
    request = settling.Request(tmp_path / "out", pdf=False, forms=("01a-SDKP/ĐVDT",))
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


# Text and amounts

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


# What keeps a set from being signed


RECONCILED = """
2022-02-10 custom "reconciled" "2021"
  account: "01a-SDKP/ĐVDT"
  digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
  statement: "01a.xlsx"

2022-02-10 custom "reconciled" "2021"
  account: "02a-SDKP/ĐVDT"
  digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
"""
CANCELLED = """
2022-01-31 * "Hủy"
  kind: "cancellation"
  budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP  -1000 VND
  Equity:HuyDuToan:NSTP             1000 VND
"""


CANCELLED_600 = CANCELLED.replace("1000", "600")


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


def test_what_the_book_does_not_name_is_told_with_the_final_set(hanoi_set: Path) -> None:
    manifest = json.loads(next(hanoi_set.glob("*.manifest.json")).read_text("utf-8"))
    (told,) = manifest["left-open"]
    assert "Loại – Khoản" in told
    assert "kind-item" in told
    made = values(forms_of(hanoi_set))
    for name in ("Tổng hợp", "Giải thích"):
        assert any(told in str(cell) for row in made[name].values for cell in row)


@pytest.mark.usefixtures("no_rules")
def test_a_book_that_names_every_code_leaves_nothing_open(tmp_path: Path) -> None:
    named = 'kind: "allotment"\n  kind-item: "280-309"\n  source-code: "12"'
    text = ALLOTMENT.replace('kind: "allotment"', named) + CANCELLED
    made = settle_book(write_book(tmp_path, text), tmp_path / "out", forms=("CT01",), draft=False)
    assert made.left_open == []


@pytest.mark.usefixtures("no_rules")
def test_a_form_that_nobody_knows_is_not_demanded_and_is_told(tmp_path: Path) -> None:
    base = BASE.replace("budget-year: 2021", "budget-year: 2026")
    text = (ALLOTMENT + CANCELLED).replace("2022-01", "2026-10").replace("2021", "2026")
    main = write_book(tmp_path / "book", text, base=base)
    made = settle_book(main, tmp_path / "out", 2026, draft=False, forms=("CT01",))
    assert made.blocked == []
    told = " ".join(text.vi for text in made.left_open)
    for words in ("347/2025/NĐ-CP", "59/2026/TT-BTC", "không đòi bản ghi đối chiếu"):
        assert words in told
    assert "để trống" not in told


@pytest.mark.usefixtures("no_rules")
def test_entries_after_the_day_asked_are_told(tmp_path: Path) -> None:
    text = ALLOTMENT + CANCELLED.replace("2022-01-31", "2027-01-31")
    main = write_book(tmp_path / "book", text)
    made = settle_book(main, tmp_path / "out", forms=("CT06",))
    (told,) = [one.vi for one in made.left_open if "--as-of" in one.vi]
    assert told.startswith("không tính 1 bút toán của niên độ ghi sau ngày 25/11/2026")


@pytest.mark.usefixtures("no_rules")
def test_words_say_the_figure_that_is_printed(tmp_path: Path) -> None:
    text = (ALLOTMENT + UNIT.format(spent=-400, used=400)).replace("00 VND", "00600000 VND")
    main = write_book(tmp_path / "book", text)
    settle_book(main, tmp_path / "out", forms=("B01/BCQT",), unit=Unit.MILLION)
    cells = all_values(values(forms_of(tmp_path / "out"))).values()
    (words,) = [str(cell) for cell in cells if str(cell).startswith("Bằng chữ")]
    assert words == "Bằng chữ (mã số 17, làm tròn đến triệu đồng): Bốn trăm lẻ một triệu đồng"


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


def test_the_statement_of_norms_tells_used_cap_and_source(hanoi_set: Path) -> None:
    rows = [row for row in values(forms_of(hanoi_set))["CT04"].values if row[7]]
    told = [row for row in rows if row[7] == "trong mức"]
    assert len(told) > 20
    assert all(int(str(row[4])) - int(str(row[3])) == row[5] for row in told)
    assert all(row[8] for row in told)
    asked = Asked(HANOI / "main.beancount", 2021, CLOSING)
    assert "Tỷ lệ đã dùng" in {row[6] for row in values(forms_of(hanoi_set))["CT04"].values}
    for row in told:
        kind, code = re.findall(r"^(khoản hỗ trợ|sự kiện) (\S+)", str(row[1]))[0]
        supported = kind == "khoản hỗ trợ"

        def own(r: Row, *, by: bool = supported, of: str = code) -> bool:
            return (r.support if by else r.event) == of

        state = asked.sum("^Expenses|ChoThanhToan", lambda r: own(r) and r.fund in STATE)
        every = asked.sum("^Expenses|ChoThanhToan", lambda r: own(r) and not r.ineligible)
        if "phần doanh nghiệp góp" in str(row[1]):
            said = asked.declared["support", code]
            assert row[3] == said["own-share"], row
            assert row[4] == said["eligible-cost"] - said["state-support"], row
            continue
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


# Files


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
    read = duckdb.execute("SELECT * FROM read_parquet(?)", [str(parquet)]).fetchall()
    assert [tuple(map(str, row)) for row in read] == [tuple(row.values()) for row in rows]
    package = json.loads(next(hanoi_set.glob("*.datapackage.json")).read_text("utf-8"))
    for resource in package["resources"]:
        file_ = hanoi_set / resource["path"]
        assert resource["bytes"] == file_.stat().st_size
    fields = [field["name"] for field in package["resources"][0]["schema"]["fields"]]
    assert fields == list(rows[0])


def test_a_year_that_the_book_lacks_is_refused_with_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        settle_book(WORKED_BOOK, tmp_path / "out", 2019)
    problem = caught.value.problems[0]
    assert "2019" in problem.text.vi
    assert problem.remedy is not None
    assert "2021, 2022" in problem.remedy.vi
    assert not list(tmp_path.iterdir())


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
def test_a_smaller_set_leaves_nothing_of_an_older_one(worked_set: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(worked_set, tmp_path / "out")
    (folder / f"{forms_of(folder).stem}.pdf").write_text("older")
    settle_book(WORKED_BOOK, folder, force=True, forms=("CT01",))
    assert not list(folder.glob("*.pdf"))


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize("below", ["", "under"])
def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, below: str) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(BadInputError):
        settle_book(WORKED_BOOK, taken / below)
    assert taken.read_text() == "mine"


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

    monkeypatch.setattr(settling, "write_rows", fail)
    wanted = BadInputError if isinstance(error, OSError) else RuntimeError
    with pytest.raises(wanted, match=str(error)):
        settle_book(WORKED_BOOK, folder, force=True, forms=("CT01",))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == older
    with pytest.raises(wanted):
        settle_book(WORKED_BOOK, tmp_path / "new", forms=("CT01",))
    assert not (tmp_path / "new").exists()


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


# The commands


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
    (tax,) = re.findall(r"có ([\d.]+) đồng thuế đã khấu trừ", text)
    assert used == given + int(tax.replace(".", ""))
    assert "Nội dung báo cáo" in values(forms_of(tmp_path / "out")).sheetnames


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


def test_a_tie_that_fails_is_shown_by_how_much(tmp_path: Path) -> None:
    odd = ALLOTMENT + (
        '2021-02-01 * "Không rõ loại"\n  kind: "correction"\n'
        "  Assets:DuToan:KhaDung:NV02:NSTP  -7 VND\n  Equity:GiaoDuToan:NSTP  7 VND\n"
    )
    made = fill(load_facts(write_book(tmp_path, odd)).facts)
    assert 7 in {abs(one.gap) for one in made.checked}


def test_the_facts_of_the_set_are_not_changed(hanoi_facts: Facts) -> None:
    before = {name: frame.copy() for name, frame in hanoi_facts.frames.items()}
    fill(hanoi_facts)
    assert all(before[name].equals(frame) for name, frame in hanoi_facts.frames.items())
    assert dataclasses.is_dataclass(hanoi_facts)


# Layouts of a unit


def own_b01(folder: Path, old: str, new: str) -> Path:
    """A book in order with a layout of its own beside it."""
    main = write_book(folder, ALLOTMENT + UNIT.format(spent=-400, used=400) + CANCELLED_600)
    shipped = (ROOT / "reports" / "forms" / "b01-tt107.yaml").read_text("utf-8")
    assert old in shipped
    (folder / "forms").mkdir()
    (folder / "forms" / "b01.yaml").write_text(shipped.replace(old, new), "utf-8")
    return main


@pytest.mark.usefixtures("no_rules")
def test_a_layout_of_the_unit_cannot_change_a_figure_unseen(tmp_path: Path) -> None:
    main = own_b01(tmp_path / "book", 'code: "17", is: "18 + 19"', 'code: "17", is: "18 - 19"')
    made = settle_book(main, tmp_path / "out", forms=("B01/BCQT",))
    told = [one.vi for one in made.blocked if "mã 17 theo bố cục riêng" in one.vi]
    assert len(told) == 1
    assert "forms/b01.yaml" in told[0]


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


# Several units


UNIT = """
2021-02-01 * "Chi"
  kind: "payment"
  Assets:DuToan:KhaDung:NV02:NSTP  {spent} VND
  Expenses:NV02:NSTP:TM6651         {used} VND
"""


def unit_book(folder: Path, name: str, text: str, more: str = "") -> Path:
    base = BASE.replace("Sở Công Thương Hà Nội", name).replace('"MAU"', f'"MAU-{folder.name}"')
    base = base.replace("budget-year: 2021", f"budget-year: 2021{more}", 1)
    return write_book(folder, text, base=base)


def consolidated(
    folder: Path, mains: list[Path], forms: tuple[str, ...] = ("B01/BCQT", "CT08")
) -> Any:
    loaded = load_books(mains)
    period = year_period(loaded.law, 2021)
    request = settling.Request(folder, forms, draft=True, pdf=False)
    return settling.settle(loaded.facts, loaded.law, period, dt.date(2022, 12, 31), request)


@pytest.mark.usefixtures("no_rules")
def test_units_are_summed_and_shown_side_by_side(tmp_path: Path) -> None:
    one = '\n  chapter: "416"\n  signatories: "Thủ trưởng đơn vị: Ông A"'
    first = unit_book(
        tmp_path / "a", "Đơn vị A", ALLOTMENT + UNIT.format(spent=-100, used=100), one
    )
    second = unit_book(
        tmp_path / "b",
        "Đơn vị B",
        ALLOTMENT + UNIT.format(spent=-30, used=30),
        one.replace("416", "423"),
    )
    told = consolidated(tmp_path / "out", [first, second]).left_open
    made = values(forms_of(tmp_path / "out"))
    said = [
        "các đơn vị khác nhau về mã chương: 416 (Đơn vị A); 423 (Đơn vị B)",
        "không lập 01a-SDKP/ĐVDT, 02a-SDKP/ĐVDT, S101-H/I, S101-H/II, S101-H/III cho số tổng hợp",
    ]
    assert all(any(text.vi.startswith(words) for text in told) for words in said)
    assert made["B01"]["A2"].value == "Mã chương: 416; 423"
    assert "Ông A" not in map(str, all_values(made).values())  # the superior's head signs
    assert not any("Mẫu số" in str(row[3]) for row in made["Theo đơn vị"].values)
    rows = {str(row[2]): row for row in made["Theo đơn vị"].values if row[2]}
    assert rows["Mã số" if "Mã số" in rows else "MÃ SỐ"][3:6] == (
        "Đơn vị A",
        "Đơn vị B",
        "Tổng hợp",
    )
    assert rows["19"][3:6] == (100, 30, 130)
    assert rows["10"][3:6] == (1000, 1000, 2000)
    whole = {str(row[2]): row for row in made["B01"].values if row[2]}
    assert whole["19"][3] == 130
    ties = [row for row in made["Kiểm tra chéo"].values if "cộng các đơn vị" in str(row[1])]
    assert len(ties) == 16
    assert {row[6] for row in ties} == {"Khớp"}
    with next((tmp_path / "out").glob("*.csv")).open(encoding="utf-8", newline="") as file:
        units = {row["unit"] for row in csv.DictReader(file)}
    assert {"Đơn vị A", "Đơn vị B", "Tổng hợp: Đơn vị A; Đơn vị B"} == units


@pytest.mark.usefixtures("no_rules")
def test_a_form_of_one_unit_is_not_made_of_several(tmp_path: Path) -> None:
    mains = [unit_book(tmp_path / name, name, ALLOTMENT) for name in ("a", "b")]
    with pytest.raises(BadInputError, match="Kho bạc nơi mình giao dịch"):
        consolidated(tmp_path / "out", mains, ("01a-SDKP/ĐVDT",))


@pytest.mark.usefixtures("no_rules")
def test_a_book_given_twice_is_refused(tmp_path: Path) -> None:
    main = unit_book(tmp_path / "a", "A", ALLOTMENT)
    copy = shutil.copytree(main.parent, tmp_path / "copy") / main.name
    with pytest.raises(BadInputError) as refused:
        consolidated(tmp_path / "out", [main, copy])
    assert refused.value.problems[0].file == str(copy)
    ran = run_cnht(
        "settle", main, main.parent, "--year", "2021", "-o", tmp_path / "out", "--consolidate"
    )
    assert ran.code == 2
    assert "hai lần" in ran.err


def test_a_member_without_entries_is_named(tmp_path: Path) -> None:
    first = unit_book(tmp_path / "a", "Đơn vị A", ALLOTMENT + UNIT.format(spent=-100, used=100))
    second = unit_book(tmp_path / "b", "Đơn vị B", "")
    with pytest.raises(BadInputError) as refused:
        consolidated(tmp_path / "out", [first, second])
    (problem,) = refused.value.problems
    assert problem.file == str(second)
    assert "sổ không có niên độ 2021" in problem.text.vi
    assert not (tmp_path / "out").exists()


PASSED_ON = """
2021-02-10 * "{words}"
  kind: "{kind}"
  decision: "77/QĐ-SCT"
  decision-date: 2021-02-10
  Assets:DuToan:KhaDung:NV02:NSTP  {amount} VND
  Equity:GiaoDuToan:NSTP           {other} VND
"""


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(("received", "matches"), [(400, True), (390, False)])
def test_what_one_unit_passes_on_is_counted_once(
    tmp_path: Path, received: int, *, matches: bool
) -> None:
    given_ = PASSED_ON.format(words="Giao cấp dưới", kind="supplement", amount=-400, other=400)
    taken = PASSED_ON.format(words="Nhận", kind="allotment", amount=received, other=-received)
    first = unit_book(tmp_path / "a", "Đơn vị A", ALLOTMENT + given_)
    second = unit_book(tmp_path / "b", "Đơn vị B", taken)
    made = consolidated(tmp_path / "out", [first, second])
    rows = {str(row[2]): row for row in values(forms_of(tmp_path / "out"))["Theo đơn vị"].values}
    assert rows["10"][3:6] == (600, received, 600 + received)
    off = [one.vi for one in made.blocked if one.vi.startswith("chuyển nội bộ")]
    assert (off == []) is matches
    assert any(
        one.vi.startswith("Đơn vị A (a): chưa khớp") and "main.beancount:" in one.vi
        for one in made.blocked
    )
    if off:
        assert "lệch 10 đồng" in off[0]
        assert "a/main.beancount:" in off[0]
        assert "b/main.beancount:" in off[0]
    listed = [row for row in values(forms_of(tmp_path / "out"))["CT08"].values if row[1]]
    assert any(row[1] == "77/QĐ-SCT" and row[2] == 400 for row in listed)


@pytest.mark.usefixtures("no_rules")
def test_what_is_cut_from_outside_is_no_transfer(tmp_path: Path) -> None:
    cut = PASSED_ON.format(words="Cắt giảm", kind="supplement", amount=-400, other=400)
    mains = [unit_book(tmp_path / name, name, ALLOTMENT + cut) for name in ("a", "b")]
    made = consolidated(tmp_path / "out", mains)
    assert not [one for one in made.blocked if one.vi.startswith("chuyển nội bộ")]


@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 10**9)), min_size=2, max_size=8))
def test_splitting_a_book_into_units_and_consolidating_changes_no_figure(
    tmp_path: Path, spendings: list[tuple[bool, int]]
) -> None:
    def text(own: list[int]) -> str:
        return ALLOTMENT.replace("1000", str(10**10)) + "".join(
            UNIT.format(spent=-amount, used=amount) for amount in own
        )

    parts = [[amount for side, amount in spendings if side is wanted] for wanted in (True, False)]
    whole = write_book(tmp_path / "whole", text(parts[0]) + text(parts[1]))
    mains = [write_book(tmp_path / f"part{n}", text(part)) for n, part in enumerate(parts)]
    together, single = (
        fill(join([load_facts(m).facts for m in mains])),
        fill(load_facts(whole).facts),
    )
    for form in ("B01/BCQT", "F01-01/BCQT", "CT01", "01a-SDKP/ĐVDT", "02a-SDKP/ĐVDT"):
        one, other = together.form(form).grid, single.form(form).grid
        codes = [row.code for row in other.rows if row.code]
        for code in codes:
            for column in other.columns:
                assert one.value(code, column.key) == other.value(code, column.key)
    assert gaps(together.checked).keys() == gaps(single.checked).keys()


@pytest.mark.usefixtures("no_rules")
def test_several_books_are_refused_unless_they_are_to_be_consolidated(tmp_path: Path) -> None:
    mains = [unit_book(tmp_path / name, name, ALLOTMENT) for name in ("a", "b")]
    ran = run_cnht("settle", *mains, "--year", "2021", "-o", tmp_path / "out")
    assert ran.code == 2
    assert "--consolidate" in ran.err
    again = run_cnht(
        "settle", *mains, "--year", "2021", "-o", tmp_path / "out", "--consolidate", "--draft",
        "--no-pdf",
    )  # fmt: skip
    assert again.code == 0
    assert "a: " in again.err
