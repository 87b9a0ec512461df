"""The unit's detail book S101-H: a copy a budget level, each quarter's total, what is left."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger.loading import load_facts
from reports.forms.grid import Below, number
from reports.forms.rounding import Unit
from reports.settlement.tied_forms import ties_of
from reports.settlement.ties import check_ties
from tests.asked_forms import ADVANCES, ENDING, ESTIMATE, EXPENSES, Asked, Row
from tests.books import BASE, write_book
from tests.settled import added_up, fill, forms_of, formulas, gaps, rows_of, settle_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.forms.grid import Grid
    from tests.settled import Set

YEAR = 2025
CLOSING = dt.date(2026, 1, 31)
GIVEN_AT_FIRST = (dt.date(2024, 12, 28), dt.date(2025, 1, 2))
PARTS = {"tc": True, "ktc": False}
USABLE = "Dự toán năm trước chuyển sang và giao trong năm"


def of_one_level(fund: str, amounts: list[int], autonomy: str) -> str:
    """A year of one budget level: all that part I, II and III tell apart."""
    opened, first, more, cut, kept, held, drawn, back = amounts
    head = f"  autonomy: {autonomy}\n" + '  kind-item: "280-309"\n'
    available, committed = f"Assets:DuToan:KhaDung:NV02:{fund}", f"Assets:DuToan:CamKet:NV02:{fund}"
    key = f"{fund}-{autonomy}"

    def entry(day: str, name: str, kind: str, more_: str, *postings: tuple[str, int]) -> str:
        said = "".join(f"  {account}  {amount} VND\n" for account, amount in postings)
        return f'{day} * "{name}"\n  kind: "{kind}"\n  budget-year: 2025\n{head}{more_}{said}'

    def given_by(day: str, kind: str, number_: str, amount: int) -> str:
        decision = f'  decision: "{number_}"\n  decision-date: {day}\n'
        return entry(
            day,
            number_,
            kind,
            decision,
            (available, amount),
            (f"Equity:GiaoDuToan:{fund}", -amount),
        )

    contract = f'  contract: "HĐ-{key}"\n  commitment: "CK-{key}"\n'
    return "\n".join(
        (
            entry(
                "2025-02-10", "Chuyển sang", "carry-over", contract,
                (committed, kept), (available, opened),
                (f"Equity:ChuyenNguon:{fund}", -opened - kept),
            ),
            given_by("2024-12-28", "allotment", f"1/{key}", first),
            given_by("2025-05-06", "supplement", f"2/{key}", more),
            given_by("2025-06-30", "supplement", f"3/{key}", -cut),
            given_by("2025-11-03", "supplement", f"4/{key}", more),
            entry(
                "2025-03-01", "Cam kết", "commitment", contract,
                (available, -300), (committed, 300),
            ),
            entry(
                "2025-04-01", "Điều chỉnh giảm", "commitment-adjustment", contract,
                (available, 40), (committed, -40),
            ),
            entry(
                "2025-07-01", "Giải phóng", "commitment-release", contract,
                (available, 20), (committed, -20),
            ),
            entry(
                "2025-07-02", "Thanh toán", "payment", contract,
                (committed, -70), (f"Expenses:NV02:{fund}:TM6651", 70),
            ),
            entry(
                "2025-07-03", "Giữ lại", "withholding", "",
                (available, -held), (f"Assets:DuToan:GiuLai:NV02:{fund}", held),
            ),
            entry(
                "2025-08-01", "Tạm ứng", "advance", f'  voucher: "RDT/{key}"\n',
                (available, -drawn), (f"Assets:TamUng:NV02:{fund}:TM6699", drawn),
            ),
            entry(
                "2025-09-01", "Nộp phục hồi", "return-restoring", f'  advance: "RDT/{key}"\n',
                (available, back), (f"Assets:TamUng:NV02:{fund}:TM6699", -back),
            ),
        )
    )  # fmt: skip


def book_of(folder: Path, *levels: str) -> Path:
    base = BASE.replace("budget-year: 2021", "budget-year: 2025")
    return write_book(folder, "\n".join(levels), base=base)


OWN = [900, 10_000, 2_000, 500, 100, 30, 1_000, 60]
OTHER = [70, 4_000, 300, 10, 8, 0, 200, 20]
UNDER = [5, 6_000, 100, 40, 3, 2, 50, 7]


@pytest.fixture(scope="module")
def main(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book_of(
        tmp_path_factory.mktemp("book"),
        of_one_level("NSTP", OWN, "FALSE"),
        of_one_level("NSTP", UNDER, "TRUE"),
        of_one_level("NSTW", OTHER, "FALSE"),
    )


@pytest.fixture(scope="module")
def made(main: Path) -> Set:
    return fill(load_facts(main).facts, YEAR)


@pytest.fixture(scope="module")
def asked(main: Path) -> Asked:
    return Asked(main, YEAR, CLOSING)


def within(grid: Grid, path: str) -> list[dict[str, Any]]:
    """The rows of the book below a group."""
    return [row.cells for row in grid.rows if row.code.startswith(f"{path}|") and not row.dress]


def labelled(grid: Grid, path: str) -> dict[str, int]:
    return {str(cells["label"]): number(cells["amount"]) for cells in within(grid, path)}


def of(fund: str, part: str, *kinds: str) -> Callable[[Row], bool]:
    """Postings of a level and part; the decisions of the book are named after both."""
    words = {"tc": "TRUE", "ktc": "FALSE"}[part]

    def own(row: Row) -> bool:
        marks = (row.decision, row.contract, row.voucher, row.advance)
        return row.fund == fund and any(f"{fund}-{words}" in one for one in marks)

    return lambda row: own(row) and (not kinds or row.kind in kinds)


def test_each_part_of_the_book_is_one_copy_a_level(made: Set) -> None:
    for form, sheet in (("S101-H/I", "S101-H I"), ("S101-H/II", "S101-H II")):
        own, other = made.of(form)
        assert [own.sheet, other.sheet] == [sheet, f"{sheet} (NSTW)"]
        assert [own.fund, other.fund] == ["NSTP", "NSTW"]
        assert other.copy.legend == ("Kinh phí thuộc ngân sách cấp trung ương",)
    assert [one.fund for one in made.of("S101-H/III")] == ["NSTP", "NSTW"]


def test_a_level_shows_its_own_money_alone(made: Set, asked: Asked) -> None:
    for estimate, committed, drawn in zip(
        *(made.of(f"S101-H/{part}") for part in ("I", "II", "III")), strict=True
    ):
        fund = estimate.fund
        given_ = -asked.sum("^Equity:GiaoDuToan", lambda r, f=fund: r.fund == f)  # type: ignore[misc]
        shown = [estimate.grid.value(f"{part}|given", "amount") for part in PARTS]
        assert sum(shown) == given_
        left = asked.sum("CamKet", lambda r, f=fund: r.fund == f)  # type: ignore[misc]
        assert committed.grid.value("TOTAL", "left") == left
        advances = asked.sum(ADVANCES, lambda r, f=fund: r.fund == f)  # type: ignore[misc]
        spent = asked.sum(EXPENSES, lambda r, f=fund: r.fund == f)  # type: ignore[misc]
        assert drawn.grid.value("TOTAL", "left") == advances
        assert drawn.grid.value("TOTAL", "proposed") == spent


def test_each_copy_is_tied_to_the_form_of_its_level(made: Set) -> None:
    ties = {one.tie.label.vi: one for one in made.checked if "S101-H" in one.tie.label.vi}
    for suffix in ("", " (NSTW)"):
        for words in (
            f"S101-H I{suffix} dự toán giao trong năm = B01{suffix}",
            f"S101-H I{suffix} số dư dự toán còn lại = 01a-SDKP{suffix} cột (11)",
            f"S101-H II{suffix} số dư cam kết = 01a cột (9)",
            f"S101-H II{suffix} số dư cam kết − hủy, chuyển năm sau",
            f"S101-H III{suffix} cột (6) = B01{suffix} kinh phí thực nhận",
            f"S101-H III{suffix} cột (7) = B01{suffix} kinh phí đề nghị quyết toán",
        ):
            (found,) = [name for name in ties if name.startswith(words)]
            sheets = {
                ref.sheet for ref in (*ties[found].tie.left.refs, *ties[found].tie.right.refs)
            }
            assert sheets
            assert {sheet.endswith("(NSTW)") for sheet in sheets} == {bool(suffix)}
    assert all(one.gap == 0 for one in ties.values())
    # The book is open: what is left is neither cancelled nor carried over.
    assert all("dự toán đã hủy của sổ" in name for name in gaps(made.checked))


def test_without_the_form_of_settlement_a_level_is_tied_to_its_book(main: Path) -> None:
    day = dt.date(2025, 6, 30)
    quarter = fill(load_facts(main).facts.seen(day), YEAR, first=dt.date(2025, 4, 1), last=day)
    assert quarter.of("B01/BCQT") == []
    assert [one.fund for one in quarter.of("S101-H/I")] == ["NSTP", "NSTW"]
    assert gaps(quarter.checked) == {}


def test_where_the_treasury_has_no_table_what_is_left_is_tied_to_the_book(made: Set) -> None:
    alone = made.of("S101-H/I")
    ties = [one for one in ties_of(made.desk, alone) if "còn lại" in one.label.vi]
    assert [tie.label.vi for tie in ties] == [
        f"{one.sheet} số dư dự toán còn lại = dự toán còn lại của sổ" for one in alone
    ]
    assert all(one.gap == 0 for one in check_ties(ties, alone))
    assert all(tie.right.book > 0 for tie in ties)


def test_money_that_was_only_carried_in_has_its_copies(tmp_path: Path) -> None:
    carried = of_one_level("NSTW", OTHER, "FALSE").split("\n\n", 1)[0]
    main = book_of(tmp_path, of_one_level("NSTP", OWN, "FALSE"), carried)
    made = fill(load_facts(main).facts, YEAR)
    for form in ("B01/BCQT", "01a-SDKP/ĐVDT", "S101-H/I", "S101-H/II"):
        assert [one.fund for one in made.of(form)] == ["NSTP", "NSTW"]
    assert made.of("S101-H/I")[1].grid.value("ktc|opening", "amount") == 78


def test_each_quarter_has_its_total_below_its_decisions(made: Set, asked: Asked) -> None:
    for form in made.of("S101-H/I"):
        parts = [part for part in PARTS if form.fund == "NSTP" or part == "ktc"]
        for part in parts:
            path = f"{part}|given"
            rows = [row for row in form.grid.rows if row.code.startswith(f"{path}|")]
            shown = [str(row.cells["label"]) for row in rows if row.dress]
            assert shown == ["Cộng quý I", "Cộng quý II", "Cộng quý IV"]
            assert [bool(row.dress) for row in rows] == [
                False,
                True,
                False,
                False,
                True,
                False,
                True,
            ]
            kinds = of(form.fund, part, "allotment", "supplement")
            for row in (row for row in rows if row.dress):
                months = {"I": {12, 1, 2, 3}, "II": {4, 5, 6}, "IV": {10, 11, 12}}
                quarter = months[str(row.cells["label"]).split()[-1]]
                first = str(row.cells["label"]).split()[-1] == "I"
                wanted = asked.sum(
                    ESTIMATE,
                    lambda r, q=quarter, f=first, k=kinds: (  # type: ignore[misc]
                        k(r) and r.date.month in q and (r.date.year == YEAR or f)
                    ),
                )
                assert number(row.cells["amount"]) == wanted
                assert isinstance(row.cells["amount"], Below)
            whole = asked.sum(ESTIMATE, kinds)
            assert form.grid.value(path, "amount") == whole


def test_what_is_left_is_shown_as_the_circular_sums_it(made: Set, asked: Asked) -> None:
    for form in made.of("S101-H/I"):
        for part in [part for part in PARTS if form.fund == "NSTP" or part == "ktc"]:
            grid, path = form.grid, f"{part}|left"
            own = of(form.fund, part)
            opening = asked.sum(ESTIMATE, lambda r, o=own: o(r) and r.kind == "carry-over")  # type: ignore[misc]
            given_ = asked.sum(
                ESTIMATE,
                lambda r, o=own: o(r) and r.kind in {"allotment", "supplement"},  # type: ignore[misc]
            )
            drawn = asked.sum(
                f"{ADVANCES}|{EXPENSES}",
                lambda r, o=own: o(r) and r.kind not in ENDING,  # type: ignore[misc]
            )
            committed = asked.sum("CamKet", own)
            amounts = list(labelled(grid, path).values())
            assert amounts[:3] == [opening + given_, -drawn, -committed]
            held = {"NSTPtc": 2, "NSTPktc": 30, "NSTWktc": 0}[form.fund + part]
            assert amounts[3:] == [-held]
            assert grid.value(path, "amount") == sum(amounts)
            heads = [grid.value(f"{part}|{step}", "amount") for step in ("opening", "given")]
            assert sum(heads) == amounts[0]
        available = asked.sum("KhaDung", lambda r, f=form.fund: r.fund == f)  # type: ignore[misc]
        shown = sum(form.grid.value(f"{part}|left", "amount") for part in PARTS)
        assert shown == available
        first = next(one for one in made.of("01a-SDKP/ĐVDT") if one.fund == form.fund)
        assert shown == first.grid.value("TOTAL", "left")


def test_what_is_left_is_seen_at_the_end_of_a_quarter(main: Path) -> None:
    day = dt.date(2025, 6, 30)
    quarter = fill(load_facts(main).facts.seen(day), YEAR, first=dt.date(2025, 4, 1), last=day)
    asked = Asked(main, YEAR, CLOSING, until=day)
    for form in quarter.of("S101-H/I"):
        labels = [str(row.cells["label"]) for row in form.grid.rows if row.dress]
        assert "Cộng quý II" in labels
        assert "Cộng quý IV" not in labels
        shown = sum(form.grid.value(f"{part}|left", "amount") for part in PARTS)
        assert shown == asked.sum("KhaDung", lambda r, f=form.fund: r.fund == f)  # type: ignore[misc]


def test_a_decision_of_the_closing_stands_in_no_quarter(tmp_path: Path) -> None:
    text = of_one_level("NSTP", OWN, "FALSE").replace("2025-11-03", "2026-01-15")
    grid = fill(load_facts(book_of(tmp_path, text)).facts, YEAR).form("S101-H/I").grid
    labels = [str(row.cells["label"]) for row in grid.rows if row.dress]
    assert "Cộng thời gian chỉnh lý quyết toán" in labels
    assert "Cộng quý IV" not in labels


def red(day: str, name: str, *postings: str) -> str:
    said = "".join(f"  {posting} VND\n" for posting in postings)
    head = '  kind: "correction"\n  kind-item: "280-309"\n  budget-year: 2025\n'
    return f'{day} * "{name}"\n{head}{said}'


def test_a_red_entry_of_a_decision_stands_among_what_was_given(tmp_path: Path) -> None:
    available = "Assets:DuToan:KhaDung:NV02:NSTP"
    cut = red("2025-05-20", "Ghi đỏ: giao thừa", f"{available} -100", "Equity:GiaoDuToan:NSTP 100")
    other = available.replace("NV02", "NV05")
    moved = red("2025-05-21", "Ghi đỏ: phân bổ", f"{available} -9", f"{other} 9")
    freed = red(
        "2025-05-22", "Ghi đỏ: giữ lại", f"{available} 5", "Assets:DuToan:GiuLai:NV02:NSTP -5"
    )
    spent = red("2025-05-23", "Ghi đỏ: chi", f"{available} 3", "Expenses:NV02:NSTP:TM6651 -3")
    main = book_of(tmp_path, of_one_level("NSTP", OWN, "FALSE"), cut, moved, freed, spent)
    made, asked = fill(load_facts(main).facts, YEAR), Asked(main, YEAR, CLOSING)
    form = made.form("S101-H/I")
    named = labelled(form.grid, "ktc|given")
    assert named["Ghi đỏ: giao thừa"] == -100
    assert named["Ghi đỏ: phân bổ"] == 0  # between tasks of one khoản, as a reallocation is
    assert not {"Ghi đỏ: giữ lại", "Ghi đỏ: chi"} & set(named)
    given_ = -asked.sum("^Equity:GiaoDuToan")
    assert form.grid.value("ktc|given", "amount") == given_
    ties = [one for one in made.checked if "S101-H I dự toán giao" in one.tie.label.vi]
    assert [one.gap for one in ties] == [0]


def test_a_decision_after_the_closing_is_in_the_book_as_little_as_in_the_form(
    tmp_path: Path,
) -> None:
    text = of_one_level("NSTP", OWN, "FALSE").replace("2025-11-03", "2026-02-15")
    made = fill(load_facts(book_of(tmp_path, text)).facts, YEAR)
    assert "4/NSTP-FALSE" not in labelled(made.form("S101-H/I").grid, "ktc|given")
    ties = [one for one in made.checked if "S101-H I dự toán giao" in one.tie.label.vi]
    assert [one.gap for one in ties] == [0]


def test_the_earlier_form_keeps_its_printed_lines(tmp_path: Path) -> None:
    text = of_one_level("NSTP", OWN, "FALSE").replace("2025", "2022").replace("2024-", "2021-")
    base = BASE.replace("budget-year: 2021", "budget-year: 2022")
    facts = load_facts(write_book(tmp_path, text, base=base)).facts
    grid = fill(facts, 2022).form("S101-H/I").grid
    assert [str(row.cells["label"]) for row in grid.rows if row.dress] == [
        "Kinh phí không giao tự chủ",
        "1. Dự toán năm trước chuyển sang",
        "2. Dự toán giao trong năm",
        "3. Dự toán bị hủy",
        "4. Số dư dự toán chuyển năm sau",
    ]


def test_a_release_stands_beside_what_was_committed(made: Set, asked: Asked) -> None:
    for form in made.of("S101-H/II"):
        rows = [row.cells for row in form.grid.rows if not row.dress]
        assert len(rows) == (2 if form.fund == "NSTP" else 1)
        for cells in rows:
            own = lambda r, c=cells: r.contract == c["contract"]  # noqa: E731  # read beside its use
            opened = asked.sum("CamKet", lambda r, o=own: o(r) and r.kind == "carry-over")  # type: ignore[misc]
            assert opened in {100, 3, 8}
            amounts = [
                number(cells[key]) for key in ("committed", "paid", "released", "left", "closed")
            ]
            left = asked.sum("CamKet", own)
            assert amounts == [opened + 300 - 40, 70, 20, left, 0]


def test_three_hundred_committed_and_twenty_released(tmp_path: Path) -> None:
    text = """
2025-01-02 * "Giao dự toán"
  kind: "allotment"
  decision: "1"
  Assets:DuToan:KhaDung:NV02:NSTP   1000 VND
  Equity:GiaoDuToan:NSTP           -1000 VND
2025-02-01 * "Cam kết"
  kind: "commitment"
  contract: "HĐ1"
  Assets:DuToan:KhaDung:NV02:NSTP   -300 VND
  Assets:DuToan:CamKet:NV02:NSTP     300 VND
2025-03-01 * "Giải phóng"
  kind: "commitment-release"
  contract: "HĐ1"
  Assets:DuToan:KhaDung:NV02:NSTP     20 VND
  Assets:DuToan:CamKet:NV02:NSTP     -20 VND
"""
    grid = fill(load_facts(book_of(tmp_path, text)).facts, YEAR).form("S101-H/II").grid
    (cells,) = [row.cells for row in grid.rows if not row.dress]
    amounts = [number(cells[key]) for key in ("committed", "paid", "released", "left", "closed")]
    assert amounts == [300, 0, 20, 280, 0]


AMOUNTS = st.lists(st.integers(min_value=1, max_value=10**9), min_size=8, max_size=8)


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(AMOUNTS, AMOUNTS, AMOUNTS, st.sampled_from([Unit.THOUSAND, Unit.MILLION]))
def test_in_any_unit_the_book_adds_up_and_agrees_with_the_table_of_the_treasury(
    tmp_path: Path, own: list[int], under: list[int], other: list[int], unit: Unit
) -> None:
    main = book_of(
        tmp_path / "book",
        of_one_level("NSTP", own, "FALSE"),
        of_one_level("NSTP", under, "TRUE"),
        of_one_level("NSTW", other, "FALSE"),
    )
    made = fill(load_facts(main).facts, YEAR, unit)
    for form, table in zip(made.of("S101-H/I"), made.of("01a-SDKP/ĐVDT"), strict=True):
        sums = dict.fromkeys(("opening", "given", "left"), 0)
        for part, step in ((part, step) for part in PARTS for step in sums):
            head, rows = (
                form.grid.value(f"{part}|{step}", "amount"),
                within(form.grid, f"{part}|{step}"),
            )
            assert head == sum(number(cells["amount"]) for cells in rows)
            sums[step] += head
        whole = table.grid
        assert sums["opening"] == whole.value("TOTAL", "opening")
        assert sums["given"] == whole.value("TOTAL", "first") + whole.value("TOTAL", "adjusted")
        assert sums["left"] == whole.value("TOTAL", "left")
        for part in PARTS:
            usable = [
                number(cells["amount"])
                for cells in within(form.grid, f"{part}|left")
                if str(cells["label"]).startswith(USABLE)
            ]
            heads = [form.grid.value(f"{part}|{step}", "amount") for step in ("opening", "given")]
            assert sum(usable) == sum(heads)
    for form in made.of("S101-H/II"):
        for key in ("committed", "paid", "released", "left", "closed"):
            rows = [number(row.cells[key]) for row in form.grid.rows if not row.dress]
            assert form.grid.value("TOTAL", key) == sum(rows)


@pytest.mark.usefixtures("no_rules")
def test_the_workbook_sums_on_the_sheet_and_brackets_what_was_cut(
    main: Path, tmp_path: Path
) -> None:
    settle_book(main, tmp_path, YEAR)
    sheets = formulas(forms_of(tmp_path))
    for name in ("S101-H I", "S101-H I (NSTW)"):
        rows = list(sheets[name].iter_rows())
        label = next(n for row in rows for n, cell in enumerate(row) if cell.value == "Nội dung")
        amount = next(n for row in rows for n, cell in enumerate(row) if cell.value == "Số tiền")
        shown = {str(row[label].value): row[amount] for row in rows}
        for words in ("Cộng quý I", "Cộng quý II", "3. Số dư dự toán còn lại"):
            assert str(shown[words].value).startswith("=SUBTOTAL(9,"), words
        cut = next(cell for words, cell in shown.items() if words.startswith("3/NST"))
        assert cut.value < 0
        assert "[Red][$-42A](#,##0)" in cut.number_format  # elsewhere the mark is printed


@pytest.mark.usefixtures("no_rules")
def test_every_figure_of_what_is_left_leads_to_its_rows(main: Path, tmp_path: Path) -> None:
    settle_book(main, tmp_path, YEAR)
    followed = 0
    for name in ("S101-H I", "S101-H I (NSTW)"):
        left = False
        for row in formulas(forms_of(tmp_path))[name].iter_rows():
            words = " ".join(str(cell.value) for cell in row)
            left = (left or "3. Số dư dự toán còn lại" in words) and "4. Dự toán" not in words
            for cell in row if left else ():
                if cell.hyperlink is not None and isinstance(cell.value, int):
                    at = int(str(cell.hyperlink.location).rpartition("A")[2])
                    assert added_up(rows_of(tmp_path), at) == cell.value
                    followed += bool(cell.value)
    # What may be used, was drawn, is committed and, but for one level, withheld: by level and part.
    assert followed == 4 + 4 + 3
