"""Several units settled as one."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger.facts import join
from ledger.loading import load_facts
from ledger.problems import BadInputError
from reports.forms.layouts import chosen_layouts, load_layouts
from reports.settlement import settling
from reports.settlement.asked import Request
from reports.settlement.years import year_period
from rules.checking import load_books
from tests.asked_forms import Asked
from tests.books import ALLOTMENT, BASE, OVERDRAWN, ROOT, run_cnht, write_book
from tests.settled import (
    CANCELLED,
    CLOSING,
    UNIT,
    all_values,
    fill,
    forms_of,
    gaps,
    values,
)

if TYPE_CHECKING:
    from pathlib import Path


def unit_book(folder: Path, name: str, text: str, more: str = "") -> Path:
    base = BASE.replace("Sở Công Thương Hà Nội", name).replace('"MAU"', f'"MAU-{folder.name}"')
    base = base.replace("budget-year: 2021", f"budget-year: 2021{more}", 1)
    return write_book(folder, text, base=base)


def consolidated(
    folder: Path,
    mains: list[Path],
    forms: tuple[str, ...] = ("B01/BCQT", "CT08"),
    year: int = 2021,
    **asked: Any,
) -> Any:
    loaded = load_books(mains)
    period = year_period(loaded.law, year)
    request = Request(folder, forms, draft=True, pdf=False, **asked)
    return settling.settle(loaded.facts, loaded.law, period, dt.date(year + 1, 12, 31), request)


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(
    ("codes", "names"),
    [
        (("1100001", "1100002"), ("NV02 (1100001)", "NV02 (1100002)")),
        (("1100001", "1100001"), ("NV02 (Đơn vị A)", "NV02 (Đơn vị B)")),
    ],
)
def test_tasks_of_one_code_that_are_others_are_shown_unit_by_unit(
    tmp_path: Path, codes: tuple[str, str], names: tuple[str, str]
) -> None:
    mains = []
    for letter, code, title in zip("AB", codes, ("Hội chợ CNHT", "Hội thảo"), strict=True):
        more = f'\n  unit-code: "{code}"'
        main = unit_book(tmp_path / letter, f"Đơn vị {letter}", ALLOTMENT, more)
        text = main.read_text("utf-8").replace('"NV02" "Hội chợ CNHT"', f'"NV02" "{title}"')
        main.write_text(text, "utf-8")
        mains.append(main)
    made = consolidated(tmp_path / "out", mains, ("CT01",))
    told = " ".join(text.vi for text in made.left_open)
    assert "nhiệm vụ NV02 mang tên khác nhau ở các đơn vị" in told
    assert ("các đơn vị cùng mã ĐVQHNS 1100001: Đơn vị A; Đơn vị B" in told) is (names[0][6] == "Đ")
    rows = {row[0]: row[1] for row in values(forms_of(tmp_path / "out"))["CT01"].values}
    assert (rows[names[0]], rows[names[1]]) == ("Hội chợ CNHT", "Hội thảo")


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
    (b01,) = chosen_layouts(load_layouts(), 2021, ("B01/BCQT",), "year")
    asked = [Asked(main, 2021, CLOSING) for main in (first, second)]
    for row in (row for row in b01.rows if row.take):
        name = row.take.removeprefix("b01.")
        own = [0 if row.autonomy else one.b01(name) for one in asked]
        assert rows[row.code][3:6] == (*own, sum(own)), row.code
    whole = {str(row[2]): row for row in made["B01"].values if row[2]}
    assert whole["19"][3] == 130
    ties = [row for row in made["Kiểm tra chéo"].values if "cộng các đơn vị" in str(row[1])]
    assert len(ties) == 16
    assert {row[6] for row in ties} == {"Khớp"}
    with next((tmp_path / "out").glob("*.csv")).open(encoding="utf-8", newline="") as file:
        units = {row["unit"] for row in csv.DictReader(file)}
    assert {"Đơn vị A", "Đơn vị B", "Tổng hợp: Đơn vị A; Đơn vị B"} == units


@pytest.mark.usefixtures("no_rules")
def test_units_side_by_side_name_the_level_as_b01_does(tmp_path: Path) -> None:
    text = ALLOTMENT.replace("2021", "2025")
    mains = [unit_book(tmp_path / name, name, text) for name in ("a", "b")]
    for main in mains:
        book = main.read_text("utf-8").replace("budget-year: 2021", "budget-year: 2025")
        main.write_text(book, "utf-8")
    consolidated(tmp_path / "out", mains, year=2025)
    labels = [str(row[1]) for row in values(forms_of(tmp_path / "out"))["Theo đơn vị"].values]
    assert "NGUỒN NGÂN SÁCH TRONG NƯỚC THUỘC NGÂN SÁCH CẤP TỈNH (THÀNH PHỐ)" in labels


@pytest.mark.usefixtures("no_rules")
@pytest.mark.parametrize(
    ("titles", "named"), [(("Dự án A", "Dự án A"), "Dự án A"), (("Dự án A", "Dự án B"), "……………")]
)
def test_a_project_is_named_where_all_units_name_it_alike(
    tmp_path: Path, titles: tuple[str, str], named: str
) -> None:
    mains = [
        unit_book(
            tmp_path / f"{number}",
            f"Đơn vị {number}",
            ALLOTMENT,
            f'\n  title: "{title}"\n  programme-code: "05123"',
        )
        for number, title in enumerate(titles)
    ]
    consolidated(tmp_path / "out", mains, forms=("F01-02/BCQT-II",))
    cells = all_values(values(forms_of(tmp_path / "out"))).values()
    assert f"Tên dự án: {named}; mã số: 05123" in cells


@pytest.mark.usefixtures("no_rules")
def test_units_side_by_side_come_in_english(tmp_path: Path) -> None:
    mains = [unit_book(tmp_path / name, name, ALLOTMENT) for name in ("a", "b")]
    consolidated(tmp_path / "out", mains, language="en")
    made = values(forms_of(tmp_path / "out"))
    rows = list(made["By unit"].values)
    assert any("B01/BCQT BY UNIT" in map(str, row) for row in rows)
    assert ("No.", "Item", "Code", "a", "b", "Consolidated") in [row[:6] for row in rows]
    assert "Budget level: province (city)" in {str(cell) for row in rows for cell in row}
    (source,) = [str(row[1]) for row in made["Notes"].values if row[0] == "CT-ĐV"]
    assert source.isascii()


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
    made = consolidated(tmp_path / "out", [first, second], ("B01/BCQT", "B03/BCQT", "CT08"))
    sheets = values(forms_of(tmp_path / "out"))
    # Outside gave A 1.000 at first; what it passed on is neither given again nor cut.
    granted = {
        (row[0], row[1])
        for row in sheets["B03"].values
        if any(words in str(row[0]) for words in ("DT giao đầu năm", "Điều chỉnh")) and row[1]
    }
    assert granted == {("- DT giao đầu năm", 1000)}
    rows = {str(row[2]): row for row in sheets["Theo đơn vị"].values}
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
    asked = [
        Asked(main, 2021, CLOSING).sum("^Equity:GiaoDuToan", lambda r: r.decision == "77/QĐ-SCT")
        for main in (first, second)
    ]
    found = [tuple(row[2:8]) for row in listed if row[1] == "77/QĐ-SCT"]
    units = ("NSTP", "Đơn vị A", "Đơn vị B")
    assert found == [(*units, asked[0], -asked[1], asked[0] + asked[1])]


@pytest.mark.usefixtures("no_rules")
def test_what_units_pass_on_is_moved_and_not_allotted_again(tmp_path: Path) -> None:
    given_ = PASSED_ON.format(words="Giao cấp dưới", kind="supplement", amount=-400, other=400)
    taken = PASSED_ON.format(words="Nhận", kind="allotment", amount=400, other=-400)
    first = unit_book(tmp_path / "a", "Đơn vị A", ALLOTMENT + given_)
    second = unit_book(tmp_path / "b", "Đơn vị B", taken)
    consolidated(tmp_path / "out", [first, second], ("CT01",))
    rows = {row[0]: row for row in values(forms_of(tmp_path / "out"))["CT01"].values}
    at = [rows["A"].index(mark) for mark in ("1", "2")]
    assert [rows["NV02"][place] for place in at] == [1000, 0]


@pytest.mark.usefixtures("no_rules")
def test_what_a_superior_moves_between_units_is_no_transfer(tmp_path: Path) -> None:
    def moved(amount: int) -> str:
        text = PASSED_ON.format(
            words="UBND điều chỉnh", kind="supplement", amount=amount, other=-amount
        )
        return text.replace("  decision-date", "  superior-decision: TRUE\n  decision-date")

    first = unit_book(tmp_path / "a", "Đơn vị A", ALLOTMENT + moved(-400))
    second = unit_book(tmp_path / "b", "Đơn vị B", ALLOTMENT + moved(500))
    made = consolidated(tmp_path / "out", [first, second], ("CT01", "B03/BCQT", "CT08"))
    assert not [one for one in made.blocked if one.vi.startswith("chuyển nội bộ")]
    (told,) = [one.vi for one in made.left_open if "77/QĐ-SCT" in one.vi]
    assert "của cấp trên (superior-decision)" in told
    assert "a/main.beancount:" in told
    sheets = values(forms_of(tmp_path / "out"))
    assert not [row for row in sheets["CT08"].values if row[1] == "77/QĐ-SCT"]
    changed = [row[1] for row in sheets["B03"].values if str(row[0]).startswith("+ Điều chỉnh")]
    assert [value for value in changed if value] == [500, -400]


@pytest.mark.usefixtures("no_rules")
def test_a_superior_decision_that_one_side_alone_tells_stops_the_set(tmp_path: Path) -> None:
    cut = PASSED_ON.format(words="Giảm", kind="supplement", amount=-400, other=400)
    raised = PASSED_ON.format(words="Tăng", kind="supplement", amount=500, other=-500)
    told = raised.replace("  decision-date", "  superior-decision: TRUE\n  decision-date")
    first = unit_book(tmp_path / "a", "Đơn vị A", ALLOTMENT + cut)
    second = unit_book(tmp_path / "b", "Đơn vị B", ALLOTMENT + told)
    made = consolidated(tmp_path / "out", [first, second])
    (said,) = [one.vi for one in made.blocked if one.vi.startswith("chuyển nội bộ")]
    assert "chỉ Đơn vị B ghi superior-decision" in said


@pytest.mark.usefixtures("no_rules")
def test_a_transfer_is_matched_fund_by_fund(tmp_path: Path) -> None:
    def both(city: int, central: int) -> str:
        city_, central_ = (
            PASSED_ON.format(words="Chuyển", kind="supplement", amount=amount, other=-amount)
            for amount in (city, central)
        )
        return (
            ALLOTMENT + ALLOTMENT.replace("NSTP", "NSTW") + city_ + central_.replace("NSTP", "NSTW")
        )

    first = unit_book(tmp_path / "a", "Đơn vị A", both(-400, -100))
    second = unit_book(tmp_path / "b", "Đơn vị B", both(390, 110))
    made = consolidated(tmp_path / "out", [first, second])
    said = [one.vi for one in made.blocked if one.vi.startswith("chuyển nội bộ")]
    assert [("NSTP" in one, "lệch 10 đồng" in one) for one in said] == [
        (True, True),
        (False, False),
    ]
    assert "lệch −10 đồng" in said[1]


@pytest.mark.usefixtures("no_rules")
def test_a_transfer_under_two_numbers_is_pointed_at(tmp_path: Path) -> None:
    cut = PASSED_ON.format(words="Giao", kind="supplement", amount=-400, other=400)
    raised = PASSED_ON.format(words="Nhận", kind="supplement", amount=400, other=-400)
    first = unit_book(tmp_path / "a", "Đơn vị A", ALLOTMENT + cut)
    second = unit_book(tmp_path / "b", "Đơn vị B", ALLOTMENT + raised.replace("77/", "77a/"))
    made = consolidated(tmp_path / "out", [first, second])
    (said,) = [one.vi for one in made.left_open if "77a/QĐ-SCT" in one.vi]
    assert "Đơn vị A giảm 400 đồng theo 77/QĐ-SCT" in said
    assert "cùng một số quyết định" in said


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
        "--no-pdf", "--superior", "Sở Công Thương Hà Nội",
    )  # fmt: skip
    assert again.code == 0
    assert "Đơn vị báo cáo: Sở Công Thương Hà Nội" in map(
        str, all_values(values(forms_of(tmp_path / "out"))).values()
    )
    alone = ("settle", mains[0], "--year", "2021", "-o", tmp_path / "one", "--superior", "Sở")
    assert "--consolidate" in run_cnht(*alone).err
    assert "a: " in again.err


@pytest.mark.usefixtures("no_rules")
def test_no_units_own_layout_is_the_layout_of_the_sum(tmp_path: Path) -> None:
    mains = [
        unit_book(tmp_path / name, f"Đơn vị {name}", ALLOTMENT + f"; {name}\n")
        for name in ("a", "b")
    ]
    shipped = next(one for one in load_layouts() if one.form == "CT06")
    own = (ROOT / "reports/forms/ct06.yaml").read_text("utf-8").replace(shipped.title.vi, "CỦA A")
    (tmp_path / "a" / "forms").mkdir()
    (tmp_path / "a" / "forms" / "ct06.yaml").write_text(own, "utf-8")
    for number, order in enumerate((mains, mains[::-1])):
        folder = tmp_path / f"out{number}"
        told = [one.vi for one in consolidated(folder, order, ("CT06",)).left_open]
        assert "bố cục riêng của Đơn vị a (forms/: ct06.yaml) không dùng cho bộ tổng hợp" in told
        assert "CỦA A" not in map(str, all_values(values(forms_of(folder))).values())
        manifest = json.loads(next(folder.glob("*.manifest.json")).read_text("utf-8"))
        assert set(manifest["books"]) == {"Đơn vị a", "Đơn vị b"}


@pytest.mark.usefixtures("no_rules")
def test_a_unit_that_has_its_estimate_of_another_alone_is_settled(tmp_path: Path) -> None:
    given_ = PASSED_ON.format(words="Giao cấp dưới", kind="supplement", amount=-400, other=400)
    taken = PASSED_ON.format(words="Nhận", kind="supplement", amount=400, other=-400)
    first = unit_book(tmp_path / "a", "Đơn vị A", ALLOTMENT + given_)
    second = unit_book(tmp_path / "b", "Đơn vị B", taken)
    made = consolidated(tmp_path / "out", [first, second], ("B01/BCQT",))
    assert not [one for one in made.blocked if one.vi.startswith("chuyển nội bộ")]


@pytest.mark.usefixtures("budget_rules")
def test_an_explained_overspend_counts_where_tasks_are_named_apart(tmp_path: Path) -> None:
    signs = '\n  signatories: "Thủ trưởng đơn vị: Bà A"'

    def made(folder: Path, more: str = "") -> Any:
        mains = []
        for name, title, text in (("a", "Hội chợ", OVERDRAWN + more), ("b", "Hội thảo", CANCELLED)):
            main = unit_book(folder / name, f"Đơn vị {name}", ALLOTMENT + text, signs)
            own = main.read_text("utf-8").replace('"NV02" "Hội chợ CNHT"', f'"NV02" "{title}"')
            main.write_text(own, "utf-8")
            mains.append(main)
        return consolidated(folder / "out", mains, ("B01/BCQT",))

    said = " ".join(one.vi for one in made(tmp_path / "before").blocked)
    marks = re.findall(r'"explanation" "(\w+)" "(\w+)"', said)
    assert marks
    explained = "".join(
        f'2022-02-20 custom "explanation" "{code}" "{mark}"\n'
        '  person: "Bà A"\n  reason: "vượt vì tăng giá"\n'
        for code, mark in marks
    )
    told = made(tmp_path / "after", explained)
    assert not [one for one in told.blocked if one.vi.startswith("chưa khớp: B01 mã 28")]
    assert any("là số chi vượt của NV02/NSTP/2021" in one.vi for one in told.left_open)
