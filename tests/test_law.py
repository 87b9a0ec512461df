"""Norm files: what they may say, and what is refused with file and line."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from ledger.problems import BadInputError, Problem
from ledger.strict_yaml import read_yaml
from ledger.yaml_models import read_model
from rules.citation import cited, smallest_first
from rules.law import NORMS_FOLDER, known_words, load_law, shipped_packs
from rules.norm import Instrument
from rules.norm_words import word_problems
from rules.severity import FindingKind, Grade, Severity, judge
from rules.vocabulary import activities, tier_name, tier_names

if TYPE_CHECKING:
    from pathlib import Path

LOCAL = """\
instrument: 99/2021/QĐ-UBND
title: Quyết định của tỉnh
issuer: UBND
issued: 2021-01-01
pack: cnht
narrows: 29/2018/TT-BTC
confirmed-by: Nguyễn Văn A
confirmed-on: 2026-11-01
norms:
  - id: {id}
    article: Điều 5
    text: Hội chợ trong nước
    text-en: Domestic fairs
    activity: domestic-fair
    decided-by: event
    values:
      - from: 2021-01-01
        limits:
          - {{measure: amount, at-most: {cap}, per: [participating-unit, event]}}
        grade: primary
        source: công báo
        checked-on: 2026-11-01
"""


def local(folder: Path, *, cap: str = "8_000_000", name: str = "tinh-hoi-cho") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(LOCAL.format(id=name, cap=cap), "utf-8")
    return path


def refused(*paths: Path) -> list[Problem]:
    with pytest.raises(BadInputError) as caught:
        load_law(["cnht"], paths)
    return list(caught.value.problems)


def replaced(path: Path, old: str, new: str) -> Path:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


def line_with(path: Path, words: str) -> int:
    lines = path.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_every_shipped_pack_loads_and_every_activity_has_a_label() -> None:
    law = load_law(shipped_packs())
    used = {norm.activity for norm in law.norms.values() if norm.activity}
    assert used <= set(activities())


def test_every_value_says_where_and_when_its_number_was_read() -> None:
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    for norm in load_law(shipped_packs()).norms.values():
        for value in norm.values:
            assert value.source.strip(), norm.id
            assert value.checked_on <= today, norm.id


def test_no_source_is_a_note_that_the_reader_does_not_have() -> None:
    norms = load_law(shipped_packs()).norms.values()
    sources = [(n.id, v.source) for n in norms for v in (*n.values, *([n.seen] if n.seen else []))]
    assert not [one for one in sources if re.search(r"(?<![\w/-])[\w-]+\.md\b", one[1])]


def test_a_unit_s_own_figure_counts_as_primary(tmp_path: Path) -> None:
    law = load_law(["cnht"], [local(tmp_path)])
    value = law.norms["tinh-hoi-cho"].value_on(dt.date(2021, 6, 1))
    assert value
    assert value.grade is Grade.CONFIRMED
    assert judge(Severity.ERROR, rests_on_law=True, grade=value.grade, review=False) == (
        Severity.ERROR,
        FindingKind.FAIL,
    )


def test_a_local_cap_at_the_ceiling_is_accepted(tmp_path: Path) -> None:
    assert "tinh-hoi-cho" in load_law(["cnht"], [local(tmp_path, cap="12_000_000")]).norms


def test_a_local_cap_above_a_ceiling_known_second_hand_is_told_and_loaded(tmp_path: Path) -> None:
    law = load_law(["cnht"], [local(tmp_path, cap="12_000_001")])
    assert "tinh-hoi-cho" in law.norms
    (warning,) = law.warnings
    assert "cao hơn trần 12.000.000 của 29/2018/TT-BTC" in warning.vi
    assert "trần ấy mới biết ở nguồn thứ cấp" in warning.vi


def test_a_local_cap_one_dong_above_a_ceiling_that_was_read_is_refused(tmp_path: Path) -> None:
    ceiling = local(tmp_path, cap="12_000_000", name="tt29-domestic-fair")
    replaced(ceiling, "narrows: 29/2018/TT-BTC\n", "")
    replaced(ceiling, "99/2021/QĐ-UBND", "29/2018/TT-BTC")
    path = local(tmp_path, cap="12_000_001")
    (problem,) = refused(path, ceiling)
    assert problem.line == line_with(path, "- id:")
    assert "cao hơn trần 12.000.000 của 29/2018/TT-BTC" in problem.text.vi
    assert problem.remedy


SEMINAR = """\
instrument: 29/2018/TT-BTC
title: Thông tư
issuer: Bộ Tài chính
issued: 2010-01-01
pack: cnht
confirmed-by: Nguyễn Văn A
confirmed-on: 2026-11-01
norms:
  - id: tt29-investment-seminar
    article: Điều 5
    text: Lời của đơn vị
    text-en: Words of the unit
    activity: investment-seminar
    decided-by: event
    values:
      - from: 2018-05-11
        limits:
          - {measure: share, of: eligible-cost, at-most: "1.00"}
        grade: primary
        source: bản chính
        checked-on: 2026-11-01
"""
# In place of a norm that ships and was read in the text itself.
READ = """\
instrument: 63/2014/NĐ-CP
title: Nghị định
issuer: Chính phủ
issued: 2014-06-26
pack: general
confirmed-by: Nguyễn Văn A
confirmed-on: 2026-11-01
norms:
  - id: quotation-2014
    article: Điều 57
    text: Chào hàng cạnh tranh
    text-en: Quotations
    decided-by: {decided}
    values:
      - from: 2014-08-15
        limits:
          - {{measure: threshold, at-most: {figure}}}
        grade: primary
        source: bản chính
        checked-on: 2026-11-01
      - from: {later}
        limits: null
        grade: primary
        source: bản chính
        checked-on: 2026-11-01
"""


def own_file(folder: Path, text: str) -> Path:
    path = folder / "x.yaml"
    path.write_text(text, "utf-8")
    return path


def read_in_the_text(figure: str = "5_000_000_000", later: str = "2024-01-01") -> str:
    decided = load_law([]).norms["quotation-2014"].decided_by
    return READ.format(decided=decided, figure=figure, later=later)


def test_a_looser_figure_in_place_of_one_that_ships_is_told_by_name(tmp_path: Path) -> None:
    (figure,) = load_law(["cnht"], [own_file(tmp_path, SEMINAR)]).replaced
    (change,) = figure.changes
    assert (figure.norm, figure.reader) == ("tt29-investment-seminar", "Nguyễn Văn A")
    assert not figure.own
    assert figure.text.vi != "Lời của đơn vị"
    told = (change.since, change.before.vi, change.now.vi, change.loosened)
    assert told == ("2018-05-11", "tối đa 70%", "tối đa 100%", True)


@pytest.mark.parametrize(
    ("old", "new", "now", "loosened"),
    [
        ('"1.00"', '"0.60"', "tối đa 60%", False),
        ("from: 2018-05-11", "from: 2019-01-01", "không đặt mức", True),
        ("activity: investment-seminar", "activity: training", "nội dung chi, nguồn", True),
        ("decided-by: event", "decided-by: event\n    funds: [NSTP]", "nội dung chi, nguồn", True),
        (
            'of: eligible-cost, at-most: "1.00"',
            'of: eligible-cost, at-most: "0.70", when: {size: [small]}',
            "(nhỏ)",
            True,
        ),
    ],
)
def test_what_frees_spending_from_a_figure_loosens_it(
    tmp_path: Path, old: str, new: str, now: str, *, loosened: bool
) -> None:
    path = replaced(own_file(tmp_path, SEMINAR), old, new)
    (figure,) = load_law(["cnht"], [path]).replaced
    assert now in figure.changes[0].now.vi
    assert figure.loosened is loosened


def test_a_figure_confirmed_as_it_ships_replaces_nothing(tmp_path: Path) -> None:
    path = own_file(tmp_path, SEMINAR.replace("1.00", "0.70"))
    assert load_law(["cnht"], [path]).replaced == ()


def test_a_figure_read_in_the_text_itself_cannot_be_loosened(tmp_path: Path) -> None:
    assert load_law([], [own_file(tmp_path, read_in_the_text())]).replaced == ()
    path = own_file(tmp_path, read_in_the_text("5_000_000_001"))
    (problem,) = refused(path)
    assert problem.line == line_with(path, "- id:")
    assert "không nới lỏng được" in problem.text.vi
    assert "tối đa 5.000.000.000" in problem.text.vi
    (problem,) = refused(own_file(tmp_path, read_in_the_text(later="2023-12-31")))
    assert "từ 31/12/2023: không đặt mức" in problem.text.vi


def test_no_figure_begins_before_its_text_was_issued(tmp_path: Path) -> None:
    path = replaced(own_file(tmp_path, SEMINAR), "from: 2018-05-11", "from: 2018-03-27")
    (problem,) = refused(path)
    assert problem.line == line_with(path, "from: 2018-03-27")
    assert "trước ngày ban hành 29/2018/TT-BTC (28/03/2018)" in problem.text.vi
    (problem,) = refused(replaced(local(tmp_path), "from: 2021-01-01", "from: 2020-12-31"))
    assert "trước ngày ban hành 99/2021/QĐ-UBND (01/01/2021)" in problem.text.vi


def test_a_figure_that_an_auditor_read_stands_over_the_unit_s(tmp_path: Path) -> None:
    (tmp_path / "ktv").mkdir()
    unit, auditor = local(tmp_path), local(tmp_path / "ktv", cap="9_000_000")
    replaced(auditor, "Nguyễn Văn A", "Trần Thị K")
    law = load_law(["cnht"], [unit], auditor=[auditor])
    (value,) = law.norms["tinh-hoi-cho"].values
    assert value.limits
    assert (value.grade, value.limits[0].at_most) == (Grade.AUDITOR, 9_000_000)
    assert (law.beside, law.auditor) == ((str(unit),), (str(auditor),))
    assert law.cite("tinh-hoi-cho", dt.date(2021, 6, 1)).reader == "Trần Thị K"


def test_two_local_norms_for_one_thing_are_refused(tmp_path: Path) -> None:
    (problem,) = refused(local(tmp_path), local(tmp_path, name="tinh-hoi-cho-2"))
    assert "cùng là quy định địa phương" in problem.text.vi
    assert problem.remedy


def test_a_norm_in_two_files_of_one_hand_is_refused(tmp_path: Path) -> None:
    one, other = local(tmp_path), tmp_path / "tinh-hoi-cho-moi.yaml"
    other.write_text(one.read_text("utf-8").replace("8_000_000", "9_000_000"), "utf-8")
    (problem,) = refused(one, other)
    assert problem.text.vi == "định mức «tinh-hoi-cho» có hai lần: tinh-hoi-cho.yaml cũng ghi"
    assert problem.file == str(other)
    assert problem.line > 1


def test_a_unit_s_file_must_say_who_read_the_text(tmp_path: Path) -> None:
    path = replaced(local(tmp_path), "confirmed-by: Nguyễn Văn A\n", "")
    assert "confirmed-by" in refused(path)[0].text.vi


def test_a_pack_that_does_not_exist_is_named() -> None:
    with pytest.raises(BadInputError, match="cnht-hà-nam"):
        load_law(["cnht-hà-nam"])


AT = "per: [participating-unit, event]"


@pytest.mark.parametrize(
    ("old", "new", "told", "remedy"),
    [
        ("article: Điều 5", "artícle: Điều 5", "không có trường «artícle»", "có phải «article»?"),
        ("    activity:", "    activty:", "không có trường «activty»", "có phải «activity»?"),
        ("decided-by: event", "decided-by: evnt", "decided-by: «evnt»", "có phải «event»?"),
        ("    article: Điều 5", "    article: Điều 5\n    article: Điều 6", "ghi hai lần", "bỏ"),
        ("grade: primary", "grade: chính", "grade: «chính»", "các từ dùng được: primary, "),
        ("measure: amount", "measure: amuont", "measure: «amuont»", "có phải «amount»?"),
        ("8_000_000", '"8.000.000"', "at-most: «8.000.000»", "viết at-most: 8_000_000"),
        ("8_000_000", "8,000,000", "at-most: «8,000,000»", "viết at-most: 8_000_000"),
        ("8_000_000", "tám triệu", "cần một số nguyên", "viết như at-most: 12_000_000"),
        ("amount, at-most: 8_000_000", 'share, at-most: "70%"', "tỷ lệ", 'at-most: "0.70"'),
        ("amount, at-most: 8_000_000", "share, at-most: 0,7", "«0,7»", 'viết at-most: "0.7"'),
        ("amount, at-most: 8_000_000", "share, at-most: 1.2", "từ 0 đến 1", "viết như at-most"),
        ("amount, at-most: 8_000_000", "share", "thiếu trường «at-most»", "thêm dòng at-most"),
        ("amount, at-most: 8_000_000", "date", "thiếu trường «day»; cần", "thêm dòng day"),
        ("from: 2021-01-01", "from: []", "from: danh sách này", "viết như from: 2021-01-31"),
        ("from: 2021-01-01", "from: 01/02/2021", "from: «01/02/2021»", "viết from: 2021-02-01"),
        ("    text: Hội chợ trong nước\n", "", "thiếu trường «text»", "thêm dòng text"),
        (AT, "per: event", "per: «event» không dùng được; cần một danh sách", "[a, b]"),
        (AT, f"{AT}, when: {{size: []}}", "size: danh sách này", "[small, nhỏ]"),
    ],
)
def test_a_norm_file_with_a_mistake_is_refused_at_its_line(
    tmp_path: Path, old: str, new: str, told: str, remedy: str
) -> None:
    path = replaced(local(tmp_path), old, new)
    problems = refused(path)
    assert any(told in p.text.vi and p.remedy and remedy in p.remedy.vi for p in problems), problems
    for problem in problems:
        assert problem.line > 1
        assert not re.search(r"norms\.\d|Input|should|\{'", problem.text.vi + problem.text.en)


def test_a_mistake_is_told_with_the_name_of_its_norm_whole_in_each_language(tmp_path: Path) -> None:
    (problem,) = refused(replaced(local(tmp_path), "grade: primary", "grade: chính"))
    assert problem.text.vi == "«tinh-hoi-cho»: grade: «chính» không phải từ dùng được ở đây"
    assert problem.text.en == "“tinh-hoi-cho”: grade: “chính” is no word that can stand here"


@pytest.mark.parametrize(
    ("old", "new", "told", "remedy"),
    [
        ("activity: domestic-fair", "activity: domestic-fairs", "activity", "«domestic-fair»"),
        ("pack: cnht", "pack: cnht-bn", "pack", "đang có: cnht, cnht-hanoi"),
        (AT, "per: [don-vi]", "per: không có từ «don-vi»", "ghi số lượng bằng từ đó"),
        (AT, "per: [participating-units]", "per", "«participating-unit»"),
        (AT, f"{AT}, when: {{destinaton: asia}}", "destinaton", "«destination»"),
        (AT, f"{AT}, activities: [fair]", "activities", "từ"),
        (AT, f"{AT}, requires: own-shares", "requires", "«own-share»"),
        ("narrows: 29/2018/TT-BTC", "narrows: 29/2018/TT-BCT", "narrows", "«29/2018/TT-BTC»"),
        ("decided-by: event", "decided-by: event\n    funds: [NSTQ]", "«NSTQ»", "NSTW"),
        ("- id: tinh-hoi-cho", "- id: tt29-domestic-far", "có phải «tt29-domestic-fair»?", "mới"),
    ],
)
def test_a_unit_s_file_that_names_what_does_not_exist_is_refused(
    tmp_path: Path, old: str, new: str, told: str, remedy: str
) -> None:
    path = replaced(local(tmp_path), old, new)
    with pytest.raises(BadInputError) as caught:
        load_law(["cnht"], [path], units=())
    (problem,) = caught.value.problems
    assert problem.line == line_with(path, new.splitlines()[-1].strip())
    assert told in problem.text.vi
    assert problem.remedy
    assert remedy in problem.remedy.vi


def test_a_unit_s_file_may_count_by_what_its_book_counts_by(tmp_path: Path) -> None:
    path = replaced(local(tmp_path), AT, "per: [don-vi]")
    assert "tinh-hoi-cho" in load_law(["cnht"], [path], units=("don-vi",)).norms


def test_shipped_norms_use_the_words_that_a_unit_s_file_may_use() -> None:
    for path in sorted(NORMS_FOLDER.glob("*.yaml")):
        tree, instrument = read_model(path, Instrument)
        assert not word_problems(tree, instrument, known_words(())), path


def test_yaml_scalars_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("code: 0101234567\non: yes\nlist: [on, 1_000]\nnothing: null\n", "utf-8")
    assert read_yaml(path).content == {
        "code": "0101234567",
        "on": "yes",
        "list": ["on", "1_000"],
        "nothing": None,
    }


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("a: 1\nb: c: d\n", 2, "thừa một dấu hai chấm"),
        ("a:\n\t- b\n", 2, "Tab"),
        ('a: 1\nb: "c\n', 2, "mở ngoặc kép mà không đóng"),
        ("a: [1, 2\n", 1, "thiếu dấu phẩy hoặc ngoặc đóng"),
        ("- a\nb: c\n", 2, "gạch đầu dòng"),
        ('"a" b: c\n', 1, "dòng thụt vào sai"),
        ('a: "\\q"\n', 1, "trong ngoặc kép có dấu"),
        ("a: 1\n---\nb: 1\n", 2, "hai phần"),
        ("a\x01: 1\n", 0, "ký tự điều khiển"),
        ("a: |x\n", 1, "không đúng cú pháp"),
        ("a: &b 1\nc: *b\n", 2, "không dùng tham chiếu"),
        ("\n".join(f"{' ' * depth}a:" for depth in range(30)), 21, "lồng sâu"),
        ("a: é\n".encode("latin-1"), 0, "không phải UTF-8"),
    ],
)
def test_a_slip_of_yaml_is_told_at_its_line_without_the_parsers_words(
    tmp_path: Path, text: str | bytes, line: int, told: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadInputError) as error:
        read_yaml(path)
    (problem,) = error.value.problems
    assert (problem.line, told in problem.text.vi) == (line, True), problem.text.vi
    assert problem.remedy
    assert not re.search("found|expected|parsing|scanning", problem.text.vi)


@pytest.mark.parametrize("written", ["0.70", '"0.70"', "0.7", '"0"'])
def test_a_share_is_the_same_between_quotes_and_without(tmp_path: Path, written: str) -> None:
    path = replaced(local(tmp_path), "amount, at-most: 8_000_000", f"share, at-most: {written}")
    path = replaced(path, f", {AT}", "")
    (value,) = load_law(["cnht"], [path]).norms["tinh-hoi-cho"].values
    assert value.limits
    assert value.limits[0].at_most == Fraction(written.strip('"'))


def test_shares_are_exact() -> None:
    norm = load_law(["cnht"]).norms["tt29-domestic-fair"]
    value = norm.value_on(dt.date(2018, 5, 11))
    assert value
    assert value.limits
    assert Fraction(7, 10) in {limit.at_most for limit in value.limits}
    assert norm.value_on(dt.date(2018, 5, 10)) is None


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        (Grade.PRIMARY, (Severity.ERROR, FindingKind.FAIL)),
        (Grade.CONFIRMED, (Severity.ERROR, FindingKind.FAIL)),
        (Grade.AUDITOR, (Severity.ERROR, FindingKind.FAIL)),
        (Grade.PRIMARY_QUOTED, (Severity.WARNING, FindingKind.REVIEW)),
        (Grade.SECONDARY, (Severity.WARNING, FindingKind.REVIEW)),
        (Grade.SECONDARY_WEAK, (Severity.NOTE, FindingKind.REVIEW)),
        (Grade.RECALLED, (Severity.NOTE, FindingKind.REVIEW)),
        (None, (Severity.WARNING, FindingKind.REVIEW)),
    ],
)
def test_the_grade_of_a_figure_bounds_the_accusation(
    grade: Grade | None, expected: tuple[Severity, FindingKind]
) -> None:
    assert judge(Severity.ERROR, rests_on_law=True, grade=grade, review=False) == expected


@pytest.mark.parametrize(
    ("article", "instrument", "whole"),
    [
        ("Điều 12 khoản 2", "Luật A", "khoản 2 Điều 12 Luật A"),
        ("Điều 26 khoản 2 điểm b", "Thông tư B", "điểm b khoản 2 Điều 26 Thông tư B"),
        ("Điều 26 khoản 3, 4, 5", "Thông tư B", "khoản 3, 4, 5 Điều 26 Thông tư B"),
        ("Điều 3 khoản 5, Điều 10 khoản 2", "Luật A", "khoản 5 Điều 3, khoản 2 Điều 10 Luật A"),
        ("Điều 6 khoản 1 điểm c (mới)", "Luật A", "điểm c (mới) khoản 1 Điều 6 Luật A"),
        ("Điều 12 khoản 1 điểm a, b", "Thông tư B", "điểm a, b khoản 1 Điều 12 Thông tư B"),
        ("Phần III mục 1", "Kế hoạch C", "mục 1 Phần III Kế hoạch C"),
        ("Phụ lục, cột Thời gian", "Kế hoạch C", "Phụ lục, cột Thời gian Kế hoạch C"),
        ("", "Luật A", "Luật A"),
        (
            "Điều 80 khoản 4, thay bởi Nghị định 349/2026/NĐ-CP Điều 6 khoản 4",
            "Nghị định D",
            "khoản 4 Điều 80 Nghị định D, thay bởi khoản 4 Điều 6 Nghị định 349/2026/NĐ-CP",
        ),
        (
            "Điều 5 Nghị định 111/2015/NĐ-CP (được sửa đổi)",
            "Nghị định 205/2025/NĐ-CP",
            "Điều 5 Nghị định 111/2015/NĐ-CP (được sửa đổi), Nghị định 205/2025/NĐ-CP",
        ),
    ],
)
def test_an_article_is_cited_smallest_part_first(article: str, instrument: str, whole: str) -> None:
    assert cited(smallest_first(article), instrument) == whole


def test_an_instrument_is_named_by_what_it_is() -> None:
    law = load_law(shipped_packs())
    names = {one.full_name for one in law.instruments.values()}
    assert {"Luật Đấu thầu 22/2023/QH15", "Thông tư 29/2018/TT-BTC"} <= names
    assert not [name for name in names if name[0].isdigit()]


def test_every_tier_of_a_norm_that_ships_is_named_in_both_languages() -> None:
    limits = [
        limit
        for norm in load_law(shipped_packs()).norms.values()
        for value in norm.values
        for limit in value.limits or ()
    ]
    words = {word for limit in limits for tier in limit.when.values() for word in tier}
    vietnamese = {"siêu nhỏ", "nhỏ", "vừa"}  # as books write the size of an enterprise
    assert {word for word in words if tier_name(word).vi == word} == vietnamese
    assert tier_names(("small", "nhỏ")).vi == "nhỏ"
    assert tier_names(("asia", "ở đâu đó")).en == "Asia / ở đâu đó"
