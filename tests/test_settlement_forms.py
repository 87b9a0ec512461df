"""The figures of a settlement: each agrees with the book, asked in another way."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger.b01 import b01
from ledger.facts import Facts
from ledger.loading import load_facts
from ledger.problems import BadInputError
from reports.forms.grid import number
from reports.forms.rounding import Unit, half_up
from reports.settlement import figure_names
from reports.settlement.tied_forms import ties_of
from reports.settlement.ties import check_ties
from reports.settlement.years import source_of_year
from rules.checking import law_of
from tests.asked_forms import STATE, Asked, entry_at, expected, steps_of_the_estimate
from tests.books import ALLOTMENT, BASE, HANOI, OVERDRAWN, ROOT, run_cnht, write_book
from tests.settled import (
    CLOSING,
    WORKED_BOOK,
    fill,
    gaps,
    shipped_law,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.forms.model import RowLayout
    from tests.asked_forms import Row
    from tests.settled import Set


MAINS = {"worked": WORKED_BOOK, "hanoi": HANOI / "main.beancount"}
TWO_YEARS = (Path(__file__).parent / "data" / "two_years.beancount").read_text("utf-8")


@pytest.fixture(scope="module", params=["worked", "hanoi", "two-years"])
def book(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Set, Asked]:
    """The forms of a book, and the same book to be asked in another way.

    Its programme has a code, so that the forms of programmes are made too. The last book has money
    under autonomy and an earlier year.
    """
    main = MAINS.get(request.param) or write_book(tmp_path_factory.mktemp("so"), TWO_YEARS)
    year = 2021 if request.param in MAINS else 2022
    facts = load_facts(main.resolve()).facts
    programme = facts["programme"].assign(programme_code="05123")
    coded = Facts({**facts.frames, "programme": programme})
    return fill(coded, year), Asked(main, year, CLOSING.replace(year=year + 1))


def of_row(row: RowLayout) -> Callable[[Row], bool]:
    """The postings of a row's part, where it is of one."""
    return lambda r: row.autonomy is None or r.under == row.autonomy


def test_b01_agrees_with_queries(book: tuple[Set, Asked]) -> None:
    filled, asked = book
    form = filled.form("B01/BCQT")
    compared = 0
    for row in form.layout.rows:
        if not row.take:
            continue
        wanted = asked.b01(row.take.removeprefix("b01."), of_row(row))
        assert form.grid.value(row.code, "total") == wanted, row.code
        compared += 1
    assert compared == 16


def test_the_notes_of_the_settlement_agree_with_queries(book: tuple[Set, Asked]) -> None:
    filled, asked = book
    form = filled.form("B03/BCQT")
    income, pledge = "^Income:DongGop", "^Assets:PhaiThu:DongGop"
    granted = "^Equity:GiaoDuToan"
    others: dict[str, tuple[str, Callable[[Row], bool]]] = {
        "granted.first": (granted, lambda r: r.kind == "allotment"),
        "granted.raised": (granted, lambda r: r.kind != "allotment" and r.amount < 0),
        "granted.cut": (granted, lambda r: r.kind != "allotment" and r.amount > 0),
        "cash": (f"{income}|{pledge}", lambda r: r.kind == "contribution-cash"),
        "direct": (income, lambda r: r.kind == "contribution-direct"),
    }
    for row in form.layout.rows:
        if row.take in others:
            accounts, keep = others[row.take]
            own = of_row(row)
            wanted = -sum(r.amount for r in filter(own, asked.of(accounts)) if keep(r))
        elif row.take:
            wanted = asked.b01(row.take.removeprefix("b01."), of_row(row))
        if row.take:
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
                "path": row.code,
                "fund": one.fund,
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
    showing = {
        one.layout.form
        for one in filled.filled
        if not one.layout.coded
        and any(number(cell) for row in one.grid.rows for cell in row.cells.values())
    }
    assert showing - set(compared) <= {"CT04", "CT07"}  # compared where the set is written
    assert sum(compared.values()) > 100


def test_every_move_of_the_estimate_stands_once_in_its_book(book: tuple[Set, Asked]) -> None:
    filled, asked = book
    for form in filled.of("S101-H/I"):
        shown = Counter(
            (entry_at(asked, row.cells["place"]), *row.code.split("|")[:2])
            for row in form.grid.rows
            if not row.dress
        )
        assert shown == steps_of_the_estimate(asked, form.fund)
        assert shown.total() > 4


def test_the_form_of_programmes_agrees_with_queries(book: tuple[Set, Asked]) -> None:
    filled, asked = book
    form = filled.form("F01-02/BCQT-I")
    taken = [row for row in form.layout.rows if row.take]
    assert len(taken) == 8
    for row in taken:
        name = row.take.removeprefix("b01.")
        years = [one.b01(name) for one in asked.since_the_beginning()]
        since = years[0] if row.opens else years[-1] if "carried" in name else sum(years)
        shown = [form.grid.value(row.code, column) for column in ("total", "s.total")]
        assert shown == [years[-1], since], row.code
    tasks = {str(row.cells["label"])[:4] for row in filled.form("F01-02/BCQT-III").grid.rows}
    assert tasks == {
        r.task for r in asked.rows if r.account.startswith("Expenses:NV") and r.fund in STATE
    }


def test_what_was_taken_back_agrees_with_queries(book: tuple[Set, Asked]) -> None:
    filled, asked = book
    form = filled.form("B02/BCQT")
    taken = [r for r in asked.rows if r.kind == "recovery" and "PhaiNop" in r.account]
    owed = -sum(r.amount for r in taken if r.amount < 0)
    paid = sum(r.amount for r in taken if r.amount > 0)
    rows = [row.code for row in form.layout.rows if row.take == "recovery.now"]
    assert rows
    assert all("KTNN" in row.finding for row in taken)
    for row in (row for row in form.layout.rows if row.take):
        now = row.take == "recovery.now"
        for column in (c.key for c in form.layout.columns if c.kind == "money" and c.is_ is None):
            wanted = {"a_audit": owed, "b_audit": paid}.get(column, 0) if now else 0
            assert form.grid.value(row.code, column) == wanted, (row.code, column)


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
    parts = {row.code for row in filled.form("S101-H/I").grid.rows} & {"tc|given", "ktc|given"}
    shown = [filled.form("S101-H/I").grid.value(part, "amount") for part in parts]
    assert sum(shown) == given


def test_no_posting_of_a_task_is_left_out_of_the_forms(book: tuple[Set, Asked]) -> None:
    """Each row that a query finds stands in some row of a form: the forms list all there is."""
    filled, asked = book
    found = {str(row.cells.get("tieu_muc")) for row in filled.form("F01-01/BCQT").grid.rows}
    assert {
        r.item for r in asked.rows if r.account.startswith("Expenses") and r.fund in STATE
    } <= found
    tasks = {str(row.cells.get("code")) for row in filled.form("CT01").grid.rows}
    assert {r.task for r in asked.rows if r.task} <= tasks


def agree_with_the_rules(made: Set, year: int, closing: dt.date) -> set[str]:
    """Every figure of the rules against the year's and the form's; those not 0."""
    for form in made.of("B01/BCQT"):
        figures = b01(made.desk.facts["postings"], year, form.fund, closing)._asdict()
        for name, amount in figures.items():
            assert made.desk.teller.source.take(f"b01.{name}", fund=form.fund).amount == amount, (
                name
            )
        # The rules read what was given where it is booked for who gave it, the form at the tasks.
        shown: Counter[str] = Counter()
        for row in (row for row in form.layout.rows if row.take):
            name = row.take.removeprefix("b01.").replace("allotted", "granted")
            shown[name] += form.grid.value(row.code, "total")
        assert set(figures) - set(shown) == {"to_return", "cancelled", "left", "tax_unpaid"}
        assert shown == {name: figures[name] for name in shown}
    return {name for name, amount in figures.items() if amount}


def test_the_forms_agree_with_the_figures_of_the_rules(
    book: tuple[Set, Asked], tmp_path: Path
) -> None:
    filled, asked = book
    compared = agree_with_the_rules(filled, asked.year, asked.closing)
    assert {"granted", "received", "proposed", "cancelled", "carried_estimate"} <= compared
    form = filled.form("B01/BCQT")
    figures = b01(filled.desk.facts["postings"], asked.year, form.fund, asked.closing)
    rests = [  # what the form leaves, under autonomy and not
        sum(form.grid.value(code, "total") for code in codes)
        for codes in (("23", "27"), ("24", "28"))
    ]
    assert rests == [figures.to_return - figures.tax_unpaid, figures.cancelled]
    text = taxed(7, autonomy=False) + taxed(10, autonomy=True)
    base = BASE.replace("budget-year: 2021", "budget-year: 2025", 1)
    made = fill(load_facts(write_book(tmp_path, text, base=base)).facts, 2025)
    assert "tax_unpaid" in agree_with_the_rules(made, 2025, dt.date(2026, 1, 31))


def test_every_check_between_forms_passes(book: tuple[Set, Asked]) -> None:
    filled, _ = book
    assert len(filled.checked) >= 20
    assert gaps(filled.checked) == {}


def test_a_set_of_some_forms_compares_no_form_that_it_lacks(hanoi_facts: Facts) -> None:
    made = fill(hanoi_facts)
    names = sorted({one.layout.form for one in made.filled})
    for asked in ({one, other} for one in names for other in names):
        some = [one for one in made.filled if one.layout.form in asked]
        for checked in check_ties(ties_of(made.desk, some), some):
            assert checked.holds, (asked, checked.tie.label.vi)


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


def taxed(tax: int, *, autonomy: bool) -> str:
    """A year whose only open end is tax withheld from a payment and not yet paid."""
    head = f'  kind-item: "280-309"\n  autonomy: {str(autonomy).upper()}\n'
    return f"""
2025-01-02 * "Giao dự toán"
  kind: "allotment"
  decision: "1/QĐ"
{head}  Assets:DuToan:KhaDung:NV02:NSTP  1000 VND
  Equity:GiaoDuToan:NSTP          -1000 VND
2025-12-01 * "Chi, khấu trừ thuế"
  kind: "payment"
{head}  Assets:DuToan:KhaDung:NV02:NSTP  {tax - 100} VND
  Liabilities:PhaiNop:ThueTNCN    {-tax} VND
  Expenses:NV02:NSTP:TM6651         100 VND
2026-01-31 * "Hủy"
  kind: "cancellation"
  budget-year: 2025
{head}  Assets:DuToan:KhaDung:NV02:NSTP  {-900 - tax} VND
  Equity:HuyDuToan:NSTP            {900 + tax} VND
"""


@pytest.mark.parametrize("taxes", [{False: 10}, {True: 10}, {False: 7, True: 10}])
def test_tax_withheld_and_unpaid_stands_where_its_money_is(
    tmp_path: Path, taxes: dict[bool, int]
) -> None:
    text = "".join(taxed(tax, autonomy=autonomy) for autonomy, tax in taxes.items())
    base = BASE.replace("budget-year: 2021", "budget-year: 2025", 1)
    made = fill(load_facts(write_book(tmp_path, text, base=base)).facts, 2025)
    assert gaps(made.checked) == {}
    form = made.form("B01/BCQT").grid
    left = {True: form.value("123", "total"), False: form.value("127", "total")}
    assert left == {autonomy: -taxes.get(autonomy, 0) for autonomy in (True, False)}


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
    assert "mã số: 05123" in first.copy.legend[0]
    assert first.grid.value("07", "total") == first.grid.value("07", "s.total") == 400
    assert made.form("F01-02/BCQT-II").grid.value("TOTAL", "domestic") == 400


def test_a_project_is_named_as_far_as_the_book_tells(tmp_path: Path) -> None:
    def allotted(task: str, code: str) -> str:
        named = f'kind: "allotment"\n  programme-code: "{code}"'
        return ALLOTMENT.replace('kind: "allotment"', named).replace("NV02", task)

    text = allotted("NV02", "05123") + allotted("NV05", "05999") + allotted("NV08", "05888")
    more = 'budget-year: 2021\n  title: "Chương trình CNHT"\n  programme-code: "05123"'
    main = write_book(tmp_path, text, base=BASE.replace("budget-year: 2021", more, 1))
    codes = tmp_path / "codes" / "muc-luc.yaml"
    codes.parent.mkdir()
    codes.write_text(
        "title: Danh mục\nconfirmed-by: Bà A\nconfirmed-on: 2021-01-01\ncodes:\n"
        '  - {segment: programme, code: "05999", name: Dự án khuyến công}\n'
        '  - {segment: programme, code: "05123", name: Tên khác}\n',
        "utf-8",
    )
    facts = load_facts(main).facts
    made = fill(facts, law=law_of(facts, [main]))
    heads = [one.copy.legend[0] for one in made.of("F01-02/BCQT-II")]
    assert heads == [
        "Tên dự án: Chương trình CNHT; mã số: 05123",
        "Tên dự án: ……………; mã số: 05888",
        "Tên dự án: Dự án khuyến công; mã số: 05999",
    ]
    assert "Tên dự án: Chương trình CNHT" in made.form("F01-02/BCQT-I").copy.legend[0]


def test_what_a_programme_spent_before_counts_since_its_beginning(tmp_path: Path) -> None:
    main = carried(tmp_path, 1_400_000, 900_000, 600_000, 5, 3)
    text = main.read_text("utf-8")
    code = 'budget-year: 2021\n  programme-code: "05123"'
    main.write_text(text.replace("budget-year: 2021", code, 1), "utf-8")
    facts, asked = load_facts(main).facts, Asked(main, 2021, CLOSING)
    for unit in (Unit.DONG, Unit.MILLION):
        made = fill(facts, 2022, unit)
        spent = half_up(asked.b01("proposed"), unit.size)
        assert spent > 0
        assert made.form("F01-02/BCQT-II").grid.value("TOTAL", "ldomestic") == spent
        assert made.form("F01-02/BCQT-I").grid.value("07", "s.total") == spent


@pytest.mark.parametrize("unit", [Unit.THOUSAND, Unit.MILLION])
def test_each_item_is_rounded_up_or_down_and_all_add_up(hanoi_facts: Facts, unit: Unit) -> None:
    exact, shown = (fill(hanoi_facts, unit=one) for one in (Unit.DONG, unit))
    for form, column in (
        ("F01-01/BCQT", "domestic"),
        ("02a-SDKP/ĐVDT", "spent"),
        ("CT03", "paid"),
    ):
        own, rounded = exact.form(form).grid, shown.form(form).grid
        codes = [row.code for row in own.rows if row.code]
        assert len(codes) > 20
        sums = {row.code for row in own.rows if row.dress and form == "CT03"}
        for code in sorted(set(codes) - sums):
            assert abs(rounded.value(code, column) - own.value(code, column) / unit.size) < 1, code
            assert own.value(code, column) or not rounded.value(code, column), code
        leaves = [rounded.value(row.code, column) for row in rounded.rows if not row.dress]
        assert sum(leaves) == half_up(own.value("TOTAL", column), unit.size)


@pytest.mark.parametrize("unit", [Unit.THOUSAND, Unit.MILLION])
@pytest.mark.parametrize(("form", "column"), [("CT01", "left"), ("04-SDKP/ĐVDT", "left")])
def test_what_is_left_is_nothing_where_it_is_nothing_in_vnd(
    hanoi_facts: Facts, unit: Unit, form: str, column: str
) -> None:
    own, rounded = (fill(hanoi_facts, unit=one).form(form).grid for one in (Unit.DONG, unit))
    codes = [row.code for row in own.rows if row.code]
    assert codes
    for code in codes:
        exact = own.value(code, column)
        assert abs(rounded.value(code, column) * unit.size - exact) < unit.size, code


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


def test_every_figure_has_its_words(hanoi_facts: Facts) -> None:
    assert set(fill(hanoi_facts).desk.teller.source.names) == set(figure_names.FIGURES)


def test_a_tie_that_fails_is_shown_by_how_much(tmp_path: Path) -> None:
    odd = ALLOTMENT + (
        '2021-02-01 * "Sai loại"\n  kind: "payment"\n'
        "  Assets:DuToan:KhaDung:NV02:NSTP  -7 VND\n  Equity:GiaoDuToan:NSTP  7 VND\n"
    )
    made = fill(load_facts(write_book(tmp_path, odd)).facts)
    assert 7 in {abs(one.gap) for one in made.checked}


def test_the_facts_of_the_set_are_not_changed(hanoi_facts: Facts) -> None:
    before = {name: frame.copy() for name, frame in hanoi_facts.frames.items()}
    fill(hanoi_facts)
    assert all(before[name].equals(frame) for name, frame in hanoi_facts.frames.items())
    assert dataclasses.is_dataclass(hanoi_facts)


def test_what_the_treasury_takes_of_a_year_for_the_year_before_is_drawn_in_it(
    tmp_path: Path,
) -> None:
    taken = """
2021-02-15 * "Kho bạc thu hồi tạm ứng của năm trước vào dự toán năm nay"
  kind: "recovery-from-next-year"
  advance: "2020/RDT/122"
  Assets:TamUng:NV02:NSTP:TM6699     -5 VND
    budget-year: 2020
  Equity:NopTraNSNN:NSTP              5 VND
    budget-year: 2020
  Assets:TamUng:NV02:NSTP:TM6699      5 VND
    budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP    -5 VND
    budget-year: 2021
"""
    filled = fill(load_facts(write_book(tmp_path, ALLOTMENT + taken)).facts)
    assert set(gaps(filled.checked)) == {"B01 mã 28 = dự toán đã hủy của sổ"}
    draws, advances = filled.form("S101-H/III").grid, filled.form("CT05").grid
    assert [draws.value("TOTAL", key) for key in ("drawn", "received")] == [5, 5]
    assert [advances.value("TOTAL", key) for key in ("drawn", "returned", "left")] == [5, 0, 5]


def test_a_task_carried_for_several_reasons_is_no_late_supplement(hanoi_facts: Facts) -> None:
    rows = fill(hanoi_facts).form("04-SDKP/ĐVDT").grid.rows
    labels = [str(row.cells["label"]) for row in rows]
    late, other = (
        next(n for n, label in enumerate(labels) if label.startswith(mark)) for mark in ("b)", "c)")
    )
    assert labels[other] == "c) Khác (điểm b, đ của căn cứ chuyển nguồn)"
    assert labels[late + 1].startswith("NV12")
    assert labels[other + 1].startswith("NV08")
