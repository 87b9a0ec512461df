"""Layouts, sums, rounding and words: what the engine of forms stands on."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.problems import BadInputError
from ledger.text import LARGEST_AMOUNT, Text
from reports.forms.expression import read_expression
from reports.forms.grid import OfColumns, Row, fill_listed, number
from reports.forms.layouts import chosen_layouts, load_layouts, read_layout
from reports.forms.rounding import Balance, Unit, half_up, rounded
from reports.forms.sheet import Setting
from reports.forms.words import in_words

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Chương trình năm 2021", "Chương trình năm 2021"),
        ("Chương trình", "Chương trình · năm 2021"),
    ],
)
def test_a_title_tells_its_year_once(title: str, subject: str) -> None:
    head = mock.Mock(title=title, programme="KH49")
    assert Setting(head, Text("năm 2021", "year 2021"), Unit.DONG).subject == subject


LAYOUT = """
form: X
sheet: X
title: Biểu
grade: own
source: kiểm thử
order: 1
columns:
  - {key: label, heading: Chỉ tiêu, kind: text}
  - {key: total, heading: Tổng}
rows:
  - {label: a, code: "01", is: "02 + 03"}
  - {label: b, code: "02", ask: yes}
  - {label: c, code: "03", ask: yes}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "x.yaml"
    path.write_text(text, "utf-8")
    return path


def test_every_layout_that_ships_is_read() -> None:
    layouts = load_layouts()
    assert {"B01/BCQT", "F01-01/BCQT", "01a-SDKP/ĐVDT", "CT01"} <= {one.form for one in layouts}
    assert all(one.source for one in layouts)


@pytest.mark.parametrize(
    ("year", "first", "last"), [(2021, "01", "35"), (2024, "01", "35"), (2025, "101", "217")]
)
def test_the_regime_of_the_year_decides_the_codes(year: int, first: str, last: str) -> None:
    (form,) = chosen_layouts(load_layouts(), year, ("B01/BCQT",), "year")
    codes = [row.code for row in form.rows if row.code]
    assert (codes[0], codes[-1]) == (first, last)
    numbers = [int(code) for code in codes]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


@pytest.mark.parametrize("year", [2021, 2025])
def test_a_formula_printed_in_a_label_is_the_formula_of_the_row(year: int) -> None:
    (form,) = chosen_layouts(load_layouts(), year, ("B01/BCQT",), "year")
    compared = 0
    for row in form.rows:
        found = re.search(rf"\({row.code}\s*=\s*([\d +=-]+)\)", row.label.vi) if row.code else None
        if found is None or row.code == "146":  # printed with two formulas
            continue
        assert row.is_ is not None
        printed = read_expression(found[1].partition("=")[0])
        assert printed == row.is_, row.code
        compared += 1
    assert compared >= 10


def test_slips_of_the_official_text_are_not_copied() -> None:
    (form,) = chosen_layouts(load_layouts(), 2025, ("B01/BCQT",), "year")
    sums = {row.code: set(row.is_.codes) for row in form.rows if row.is_ is not None}
    assert sums["179"] == {"168", "175"}
    assert sums["193"] == {"194", "195", "196"}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("02 + 03", "02 + 99", 12, "99"),
        ("02 + 03", "01 + 02", 12, "chính nó"),
        ('03", ask: yes', '02", ask: yes', 2, "hai lần"),
        ("heading: Tổng", "heading: Tổng, is: none", 10, "none"),
        ("ask: yes", "ask: yes, take: drawn", 13, "đúng một"),
        ("order: 1", "ordre: 1", 7, "ordre"),
        ("order: 1", 'order: 1\nwords: "99.total"', 8, "99.total"),
        ("order: 1", "order: một", 7, "cần một số nguyên"),
        ("order: 1", "order: 1\nfrom: 1999", 8, "từ 2000 trở lên"),
        ("sheet: X", "sheet: A/B", 3, "tên trang"),
        ("order: 1", "order: 1\nfrom: 2024\nuntil: 2019", 9, "trước «from»"),
        ("kind: text", "kind: text, width: -3", 9, "width"),
        ("kind: text", "kind: text, width: 256", 9, "width"),
        ("key: label", "key: lbl", 8, "label"),
        ("order: 1", "order: 1\nspread: yes", 11, "spread"),
        ("order: 1", 'order: 1\nunit-line: "Dong"', 8, "{unit} hoặc {Unit}"),
        ("order: 1", 'order: 1\nunit-line: "In {unti}"', 8, "{unit} hoặc {Unit}"),
        ("order: 1", 'order: 1\nunit-line: "In {unit"', 8, "{unit} hoặc {Unit}"),
        ("order: 1", 'order: 1\nlegend: ["KB {kho}"]', 8, "{treasury}"),
        ("order: 1", 'order: 1\ngroups: [{by: a, into: label, label: "{a"}]', 8, "ngoặc nhọn"),
    ],
)
def test_a_layout_with_a_fault_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        read_layout(written(tmp_path, LAYOUT.replace(old, new, 1)))
    told = {problem.line: problem.text.vi for problem in caught.value.problems}
    assert said in told[line]
    assert not re.search(r"Value error|should be", told[line])
    english = " ".join(problem.text.en for problem in caught.value.problems)
    assert not re.search(r"[đăơưạ-ỹ]", english.replace("một", ""))  # «một» is what was written


def test_a_circle_over_several_rows_is_refused(tmp_path: Path) -> None:
    text = LAYOUT.replace('code: "02", ask: yes', 'code: "02", is: "01"')
    with pytest.raises(BadInputError, match="chính nó"):
        read_layout(written(tmp_path, text))


def test_a_layout_beside_the_book_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    written(tmp_path / "forms", LAYOUT.replace("form: X", "form: CT01"))
    own = [one for one in load_layouts(tmp_path) if one.form == "CT01"]
    assert [one.sheet for one in own] == ["X"]


def test_a_layout_outside_the_folder_of_the_book_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "book" / "forms").mkdir(parents=True)
    outside = written(tmp_path, LAYOUT)
    (tmp_path / "book" / "forms" / "x.yaml").symlink_to(outside)
    assert "X" not in {one.form for one in load_layouts(tmp_path / "book")}


def test_an_unknown_form_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInputError, match="B99") as caught:
        chosen_layouts(load_layouts(), 2021, ("B99",), "year")
    assert caught.value.problems[0].remedy is not None
    assert "B01/BCQT" in caught.value.problems[0].remedy.vi


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("b01/bcqt", ["B01/BCQT"]),
        ("B01", ["B01/BCQT"]),
        ("f01-02/bcqt", ["F01-02/BCQT-I", "F01-02/BCQT-II", "F01-02/BCQT-III"]),
        ("CT02", ["CT02"]),
        ("S101-H", ["S101-H/I", "S101-H/II", "S101-H/III"]),
    ],
)
def test_a_form_is_asked_for_by_its_name_or_that_of_its_family(
    asked: str, wanted: list[str]
) -> None:
    found = chosen_layouts(load_layouts(), 2021, (asked,), "year")
    assert [one.form for one in found] == wanted


@pytest.mark.parametrize("repeated", ["form:B99", "form:F01-01/BCQT", "form:X"])
def test_a_form_that_repeats_no_form_with_codes_is_refused(tmp_path: Path, repeated: str) -> None:
    (tmp_path / "forms").mkdir()
    lines = LAYOUT.partition("rows:")[0] + f'rows-of: "{repeated}"\n'
    written(tmp_path / "forms", lines)
    with pytest.raises(BadInputError, match=repeated.removeprefix("form:")) as caught:
        load_layouts(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(tmp_path / "forms" / "x.yaml"), 11)
    assert problem.remedy is not None
    assert "B01/BCQT" in problem.remedy.vi


def test_two_forms_with_one_sheet_are_refused(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    own = LAYOUT.replace("form: X", "form: B77").replace("t: X", "t: B01")
    path = written(tmp_path / "forms", own)
    with pytest.raises(BadInputError, match="hai biểu cùng tên trang «B01»") as caught:
        chosen_layouts(load_layouts(tmp_path), 2021, (), "year")
    (problem,) = caught.value.problems
    assert "B77 (forms/x.yaml)" in problem.text.vi
    assert (problem.file, problem.line) == (str(path), 3)


@pytest.mark.parametrize(
    ("form", "first", "second", "line"),
    [
        ("X", "from: 2020", "from: 2022", 8),
        ("X", "from: 2020", "from: 2020", 2),
        ("X", "period: year", "period: any", 2),
        ("B01/BCQT", "from: 2018\nuntil: 2020", "from: 2019\nuntil: 2020", 8),
        ("CT01", "from: 2000\nuntil: 2020", "from: 2019\nuntil: 2020", 8),
    ],
)
def test_two_own_layouts_of_one_form_and_period_are_refused(
    tmp_path: Path, form: str, first: str, second: str, line: int
) -> None:
    (tmp_path / "forms").mkdir()
    for name, more in (("x", first), ("y", second)):
        text = LAYOUT.replace("form: X", f"form: {form}").replace("order: 1", f"order: 1\n{more}")
        (tmp_path / "forms" / f"{name}.yaml").write_text(text, "utf-8")
    with pytest.raises(
        BadInputError, match=r"hai bố cục .* \(forms/x.yaml, forms/y.yaml"
    ) as caught:
        load_layouts(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(tmp_path / "forms" / "y.yaml"), line)


def test_an_own_layout_of_years_that_another_ships_for_is_refused(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    own = LAYOUT.replace("form: X", "form: B01/BCQT").replace("order: 1", "order: 1\nfrom: 2020")
    path = written(tmp_path / "forms", own)
    with pytest.raises(BadInputError, match=r"\(có sẵn, forms/x.yaml\)") as caught:
        load_layouts(tmp_path)
    assert {(one.file, one.line) for one in caught.value.problems} == {(str(path), 8)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("from: 2020\nuntil: 2021", "from: 2022"),
        ("period: quarter", "period: year"),
    ],
)
def test_own_layouts_of_other_years_or_periods_stand_beside_each_other(
    tmp_path: Path, first: str, second: str
) -> None:
    (tmp_path / "forms").mkdir()
    for name, more in (("x", first), ("y", second)):
        text = LAYOUT.replace("order: 1", f"order: 1\n{more}")
        (tmp_path / "forms" / f"{name}.yaml").write_text(text, "utf-8")
    assert sum(one.form == "X" for one in load_layouts(tmp_path)) == 2


def test_a_group_by_what_no_row_has_is_refused_with_its_line(tmp_path: Path) -> None:
    text = LAYOUT.partition("rows:")[0] + "into: label\ngroups:\n  - {by: kin, into: label}\n"
    layout = read_layout(path := written(tmp_path, text))
    with pytest.raises(BadInputError, match="kin") as caught:
        fill_listed(layout, [{"kind": "a", "label": "b", "total": 1}])
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(path), 13)
    assert problem.remedy is not None
    assert "có phải «kind»?" in problem.remedy.vi


@pytest.mark.parametrize("text", ["", "a +", "a b", "+", "a / ", "a ** b"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="một phép cộng, trừ"):
        read_expression(text)


def test_a_share_of_nothing_is_empty() -> None:
    share = read_expression("a + b / c")
    assert share.value({"a": 1, "b": 2, "c": 0}.__getitem__) == ""
    assert share.value({"a": 1, "b": 2, "c": 4}.__getitem__) == pytest.approx(0.75)
    assert share.formula(str.upper) == '=IF((C)=0,"",(A+B)/(C))'


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (21, "Hai mươi mốt đồng"),
        (105, "Một trăm lẻ năm đồng"),
        (1_005, "Một nghìn không trăm lẻ năm đồng"),
        (1_021, "Một nghìn không trăm hai mươi mốt đồng"),
        (2_000_015, "Hai triệu không trăm mười lăm đồng"),
        (1_005_000, "Một triệu không trăm lẻ năm nghìn đồng"),
        (
            14_074_898_000,
            "Mười bốn tỷ không trăm bảy mươi bốn triệu tám trăm chín mươi tám nghìn đồng",
        ),
        (10**12, "Một nghìn tỷ đồng"),
        (-5_000, "Âm năm nghìn đồng"),
    ],
)
def test_amounts_in_words(amount: int, words: str) -> None:
    assert in_words(amount) == words


DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "lăm": 5, "sáu": 6,
    "bảy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
SCALES = {"nghìn": 10**3, "triệu": 10**6}


def read_words(words: str) -> int:
    """An amount read back by a grammar of its own."""
    billions, parted, rest = words.lower().removesuffix(" đồng").partition(" tỷ")
    return _small(billions) * 10**9 + _small(rest) if parted else _small(billions)


def _small(words: str) -> int:
    total = group = 0
    for word in words.split():
        if word in SCALES:
            total, group = total + group * SCALES[word], 0
        elif word == "trăm":
            group *= 100
        elif word == "mươi":
            group = group // 10 * 10 + group % 10 * 10
        elif word == "mười":
            group += 10
        elif word != "lẻ":
            group += DIGITS[word]
    return total + group


@given(st.integers(min_value=0, max_value=LARGEST_AMOUNT))
def test_words_say_the_amount(amount: int) -> None:
    assert read_words(in_words(amount)) == amount


def test_an_amount_of_sixteen_digits_has_no_words() -> None:
    with pytest.raises(ValueError, match="1000000000000000"):
        in_words(LARGEST_AMOUNT + 1)


AMOUNTS = st.integers(min_value=-(10**12), max_value=10**12)
PATHS = st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 3))


@given(st.dictionaries(PATHS, AMOUNTS, min_size=1), st.sampled_from([1_000, 1_000_000]))
def test_rounded_figures_add_up_at_every_level(
    amounts: dict[tuple[str, str, int], int], size: int
) -> None:
    shares = rounded(dict(amounts), size)
    assert sum(shares.values()) == half_up(sum(amounts.values()), size)
    for path, amount in amounts.items():
        assert abs(shares[path] * size - amount) < 4 * size
    # A table that stops at the first level agrees with the sums of the finer one.
    firsts: dict[tuple[str, ...], int] = {}
    for path, amount in amounts.items():
        firsts[path[:1]] = firsts.get(path[:1], 0) + amount
    for path, share in rounded(dict(firsts), size).items():
        assert share == sum(value for key, value in shares.items() if key[:1] == path)


@given(st.dictionaries(PATHS, AMOUNTS, min_size=1), st.sampled_from([1_000, 1_000_000]))
def test_what_is_used_up_leaves_no_more_than_the_totals_do(
    amounts: dict[tuple[str, str, int], int], size: int
) -> None:
    # Given in two parts and used in a third and a fourth, by the same paths.
    first = {path: amount // 3 for path, amount in amounts.items()}
    second = {path: amount - first[path] for path, amount in amounts.items()}
    balance = Balance(size)
    given_ = [balance.round(first, 1), balance.round(second, 1)]
    used = [balance.round(amounts, -1)]
    for table, shares in zip((first, second, amounts), (*given_, *used), strict=True):
        assert sum(shares.values()) == half_up(sum(table.values()), size)
        assert all(shares[path] == 0 for path, amount in table.items() if amount == 0)
        assert all(abs(shares[path] * size - table[path]) < 4 * size for path in table)
    left = {path: sum(one[path] for one in given_) - used[0][path] for path in amounts}
    off = abs(sum(left.values()))
    assert all(abs(own) <= 2 + off for own in left.values())


LISTED = next(one for one in load_layouts() if one.form == "CT06")


@settings(deadline=None)
@given(st.lists(AMOUNTS, min_size=1, max_size=30), st.sampled_from(list(Unit)))
def test_a_listed_form_in_any_unit_adds_up(amounts: list[int], unit: Unit) -> None:
    layout = LISTED
    records = [
        {"label": str(n), "date": dt.date(2021, 1, 1), "cancelled": amount, "estimate": 0}
        for n, amount in enumerate(amounts)
    ]
    grid = fill_listed(layout, records, "vi", unit.size)
    leaves = [row for row in grid.rows if not row.dress]
    total = next(row for row in grid.rows if row.dress == "total")
    assert number(total.cells["cancelled"]) == sum(number(row.cells["cancelled"]) for row in leaves)
    assert number(total.cells["cancelled"]) == half_up(sum(amounts), unit.size)


def test_a_group_named_after_what_no_row_has_is_refused() -> None:
    layout = next(one for one in load_layouts() if one.form == "CT02")
    group = layout.groups[0].model_copy(update={"label": Text("{tsk}", "{tsk}")})
    with pytest.raises(BadInputError, match="dùng một trong: task, task_label"):
        fill_listed(
            layout.model_copy(update={"groups": (group,)}), [{"task": "", "task_label": ""}]
        )


def test_rows_are_grouped_by_what_they_have() -> None:
    layout = next(one for one in load_layouts() if one.form == "CT02")
    group = layout.groups[0].model_copy(update={"by": "tsk"})
    with pytest.raises(BadInputError, match="tsk"):
        fill_listed(
            layout.model_copy(update={"groups": (group,)}), [{"task": "", "task_label": ""}]
        )


def test_sums_between_columns_hold_in_every_row() -> None:
    layout = next(one for one in load_layouts() if one.form == "CT02")
    records = [
        {
            "task": "NV01",
            "task_label": "NV01",
            "label": "A",
            "cash": 5,
            "direct": 3,
            "given_back": 1,
        }
    ]
    rows: list[Row] = fill_listed(layout, records).rows
    leaf = next(row for row in rows if not row.dress)
    assert isinstance(leaf.cells["net"], OfColumns)
    assert leaf.cells["net"].value == 7
    assert all(number(row.cells["net"]) == 7 for row in rows)
