"""A book that cannot be used is told with file, line and remedy; nothing is guessed."""

from __future__ import annotations

import glob
import os
import unicodedata
from typing import TYPE_CHECKING

import pytest
from beancount import loader

from ledger.beans import without_padding
from ledger.includes import matches
from ledger.loading import load_facts
from ledger.location import find_book, like
from ledger.problems import BadInputError, Problem
from tests.books import ALLOTMENT, BASE, OVERDRAWN, run_cnht, write_book

if TYPE_CHECKING:
    from pathlib import Path


def problems_of(main: Path) -> list[Problem]:
    with pytest.raises(BadInputError) as caught:
        load_facts(main)
    return list(caught.value.problems)


def line_with(main: Path, words: str) -> int:
    lines = main.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_a_folder_without_a_book_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"không có sổ.*main\.beancount"):
        find_book(tmp_path)


def test_a_folder_of_books_names_them(tmp_path: Path) -> None:
    write_book(tmp_path / "2022", "")
    write_book(tmp_path / "2021", "")
    (tmp_path / "nhap.beancount").write_text("", "utf-8")
    with pytest.raises(BadInputError) as caught:
        find_book(tmp_path)
    (problem,) = caught.value.problems
    assert problem.remedy
    names = ", ".join(str(tmp_path / name) for name in ("2021", "2022", "nhap.beancount"))
    assert problem.remedy.vi.endswith(names)
    assert problem.remedy.en.endswith(names)


def test_a_part_of_a_book_is_not_taken_for_the_book(tmp_path: Path) -> None:
    (tmp_path / "main.beancount").write_text('include "20*.beancount"\n', "utf-8")
    for name in ("2021-01.beancount", "khac.beancount"):
        (tmp_path / name).write_text("", "utf-8")
    with pytest.raises(BadInputError) as caught:
        find_book(tmp_path / "2021-01.beancount")
    (problem,) = caught.value.problems
    assert problem.text.vi.endswith("chỉ là một phần của sổ")
    assert problem.remedy
    assert problem.remedy.vi == f"nêu cả sổ: {tmp_path}"
    assert find_book(tmp_path / "khac.beancount").name == "khac.beancount"


def test_a_slip_in_the_name_of_a_book_is_told_the_name(tmp_path: Path) -> None:
    write_book(tmp_path / "so-2021", "")
    write_book(tmp_path / unicodedata.normalize("NFD", "sở"), "")
    assert like(tmp_path / "so-201").vi == f"gần nhất: {tmp_path / 'so-2021'}"
    assert "phím Tab" in like(tmp_path / unicodedata.normalize("NFC", "sở")).vi
    with pytest.raises(BadInputError) as caught:
        find_book(tmp_path / "so-201")
    assert caught.value.problems[0].remedy == like(tmp_path / "so-201")


def test_dots_as_thousands_separators_are_told_how_to_write(tmp_path: Path) -> None:
    main = write_book(tmp_path, '2021-02-01 * "Chi"\n  Assets:TienGui:KB01  1.500.000 VND\n')
    (problem, *_) = problems_of(main)
    assert problem.line == line_with(main, "1.500.000")
    assert "«1.500.000»" in problem.text.vi
    assert problem.remedy
    assert "1500000" in problem.remedy.vi


POSTING = '2027-05-14 * "Chi"\n  {}\n  Equity:GiaoDuToan:NSTP\n'
ACCOUNT = "bắt đầu bằng Assets, Liabilities, Equity, Income hoặc Expenses"


@pytest.mark.parametrize(
    ("text", "at", "told", "remedy"),
    [
        ('14/05/2027 * "Chi"\n', "14/05", "«14/05/2027»", "viết ngày YYYY-MM-DD: 2027-05-14"),
        ('14-05-2027 * "Chi"\n', "14-05", "«14-05-2027»", "viết ngày YYYY-MM-DD: 2027-05-14"),
        ('2027-14-05 * "Chi"\n', "14-05", "«2027-14-05»", "viết ngày YYYY-MM-DD: 2027-05-14"),
        ('30/02/2027 * "Chi"\n', "30/02", "«30/02/2027»", "không có ngày này trong lịch"),
        ("2027-05-14 * “Chi tiền”\n", "“Chi", "ngoặc kép cong", 'ngoặc kép thẳng: "Chi tiền"'),
        ("2027-05-14 * 'Chi'\n", "'Chi'", "nháy đơn", 'ngoặc kép thẳng: "Chi"'),
        (POSTING.format("kind: payment"), "kind: payment", "ngoặc kép", 'viết kind: "payment"'),
        (POSTING.format("voucher: 2027/UNC/01"), "2027/UNC", "ngoặc kép", '"2027/UNC/01"'),
        (POSTING.format("decision: 5/QĐ-UBND"), "5/QĐ", "ngoặc kép", 'decision: "5/QĐ-UBND"'),
        (POSTING.format("voucher: UNC 01"), "UNC 01", "ngoặc kép", 'viết voucher: "UNC 01"'),
        (POSTING.format('kind: "payment'), '"payment', "mà không đóng", 'thêm dấu "'),
        (
            '2027-05-14 * "Chi"\nAssets:TienGui:KB01  1 VND\n',
            "\nAssets:TienGui:KB01  1",
            "không thụt vào",
            "thụt vào hai dấu cách",
        ),
        ('2027-05-14 * "Chi"\nvendor: "1"\n', "\nvendor", "không thụt vào", "«  vendor: …»"),
        (
            POSTING.format("Assets:TienGui:KB01  -10 000 000 VND"),
            "10 000 000",
            "«10 000 000»",
            "viết 10000000 hoặc 10,000,000",
        ),
        (
            POSTING.format("Assets:TienGui:KB01  10,00,000 VND"),
            "10,00,000",
            "«10,00,000»",
            "viết 1000000 hoặc 1,000,000",
        ),
        (POSTING.format("Assets:TienGui:KB01  10000 đồng"), "đồng", "«đồng»", "viết VND"),
        (POSTING.format("Assets:TienGui:KB01  10000đ"), "10000đ", "«đ»", "viết VND"),
        (POSTING.format("Assets:TienGui:KB01  10000 VNĐ"), "VNĐ", "«VNĐ»", "viết VND"),
        (POSTING.format("Assets:TienGui:KB01  10000 vnd"), "vnd", "«vnd»", "viết VND"),
        (POSTING.format("Tài sản:Tiền  1 VND"), "Tài sản", "«Tài sản:Tiền»", ACCOUNT),
        (POSTING.format("TàiSản:Tiền  1 VND"), "TàiSản", "«TàiSản:Tiền»", ACCOUNT),
        (POSTING.format("assets:TienGui  1 VND"), "assets:", "«assets:TienGui»", ACCOUNT),
        (POSTING.format("Assets:tien  1 VND"), "Assets:tien", "«Assets:tien»", ACCOUNT),
        (POSTING.format("Assets:Tien Gui  1 VND"), "Tien Gui", "«Assets:Tien Gui»", ACCOUNT),
        (POSTING.format("Chi:NV02  1 VND"), "Chi:NV02", "«Chi:NV02»", ACCOUNT),
        ("2027-05-14 open TaiSan:A\n", "TaiSan:A", "«TaiSan:A»", ACCOUNT),
        (POSTING.format('Voucher: "1"'), "Voucher:", "«Voucher»", "không dấu: voucher"),
        (POSTING.format('VOUCHER: "1"'), "VOUCHER:", "«VOUCHER»", "không dấu: voucher"),
        (POSTING.format('hợp-đồng: "1"'), "hợp-đồng", "«hợp-đồng»", "không dấu: hop-dong"),
        (POSTING.format("autonomy: Không"), "Không", "«Không»", "viết autonomy: FALSE"),
        (POSTING.format("gross 5"), "gross 5", "thiếu dấu hai chấm", "viết gross: …"),
        ('2027-05-14 "Chi"\n', '14 "Chi', "thiếu dấu *", 'viết 2027-05-14 * "diễn giải"'),
        ("2027-05-14 * Chi\n", "* Chi", "«Chi» là chữ", 'viết "Chi"'),
        ("không phải sổ\n", "không phải sổ", "không bắt đầu bằng ngày", "YYYY-MM-DD"),
        # A quote that never closes is told where it opens, and what follows from it is not told.
        (
            POSTING.format('voucher: "2027/UNC/01\n  kind: "payment"\n  vendor: "1"'),
            'voucher: "2027',
            '«"2027/UNC/01» mở ngoặc kép mà không đóng',
            'thêm dấu " ở cuối chữ: "2027/UNC/01"',
        ),
        (
            '2027-05-14 * "Chi\n  kind: "payment"\n  Assets:TienGui:KB01  1 VND\n',
            '* "Chi',
            '«"Chi» mở ngoặc kép mà không đóng',
            'thêm dấu " ở cuối chữ: "Chi"',
        ),
        (
            '2027-05-14 custom "task" "NV02 "Hội chợ"\n  group: "I"\n',
            '"NV02 ',
            '«"NV02» mở ngoặc kép mà không đóng',
            'thêm dấu " ở cuối chữ: "NV02"',
        ),
        ('2027-05-14 * "Chi "lớn" quá"\n', '"lớn"', "trong chữ có dấu ngoặc kép", 'viết là \\"'),
        ('2027-05-14 custom "task" NV02 "A"\n', "NV02 ", "«NV02» là chữ", 'viết "NV02"'),
        (
            POSTING.format('kind: "payment"\n  vendor: "1"\n  kind: "advance"'),
            'kind: "advance"',
            "trường «kind» ghi hai lần, lần đầu ở dòng",
            "bỏ một trong hai dòng",
        ),
        ("2027-05-14 ballance Assets:A 1 VND\n", "ballance", "«ballance»", "có phải «balance»?"),
        ("2027-05-14 opne Assets:A VND\n", "opne", "«opne»", "có phải «open»?"),
        ('inclde "a.beancount"\n', "inclde", "«inclde»", "có phải «include»?"),
        ('2027-05-14 payment "Chi"\n', "payment", "«payment»", 'sau ngày là * "diễn giải"'),
    ],
)
def test_a_slip_is_told_once_with_what_to_write_instead(
    tmp_path: Path, text: str, at: str, told: str, remedy: str
) -> None:
    main = write_book(tmp_path, text)
    (problem,) = problems_of(main)
    before, _, _ = main.read_text("utf-8").rpartition(at)
    assert problem.line == before.count("\n") + 1 + at.startswith("\n")
    assert told in problem.text.vi
    assert problem.remedy
    assert remedy in problem.remedy.vi
    assert problem.remedy.en != problem.remedy.vi


def test_a_text_of_several_lines_is_no_unclosed_quote(tmp_path: Path) -> None:
    main = write_book(tmp_path, '2027-05-14 * "Chi\ntiếp" oops\n  Assets:TienGui:KB01  1 VND\n')
    (problem,) = problems_of(main)
    assert problem.line == line_with(main, "tiếp")
    assert "ngoặc kép mà không đóng" not in problem.text.vi


def test_two_slips_of_one_line_are_one_problem_with_both_remedies(tmp_path: Path) -> None:
    main = write_book(tmp_path, POSTING.format("Assets:TienGui:KB01  10.000.000 đồng"))
    (problem,) = problems_of(main)
    assert problem.remedy
    assert problem.remedy.vi == "viết 10000000 hoặc 10,000,000; viết VND"
    assert problem.remedy.en == "write 10000000 or 10,000,000; write VND"


def test_what_stands_between_quotes_or_in_a_comment_is_no_slip(tmp_path: Path) -> None:
    main = write_book(
        tmp_path, '2027-05-14 * "Ngày 14/05/2027, 5 000 000 đ “gấp”" chi ; 1.000.000\n'
    )
    (problem,) = problems_of(main)
    assert problem.text.vi == "dòng này không đúng cú pháp của sổ, ở chỗ «chi»"
    assert problem.remedy
    assert "docs/ghi-so.md" in problem.remedy.vi
    assert "Invalid token: 'chi'" in problem.text.en


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1258"])
def test_another_encoding_is_one_problem_of_the_file(tmp_path: Path, encoding: str) -> None:
    main = tmp_path / "main.beancount"
    main.write_bytes((BASE + '2021-01-01 note Assets:A "Đà"\n').encode(encoding, "replace"))
    (problem,) = problems_of(main)
    assert problem.line == 0
    assert "không đọc được tệp" in problem.text.vi
    assert problem.remedy
    assert "lưu tệp dạng UTF-8" in problem.remedy.vi


def test_a_byte_order_mark_is_told(tmp_path: Path) -> None:
    main = tmp_path / "main.beancount"
    main.write_text("2021-01-01 open Assets:A\n", "utf-8-sig")
    (problem,) = problems_of(main)
    assert problem.remedy
    assert "không có BOM" in problem.remedy.vi


def test_a_line_that_is_no_beancount_is_told(tmp_path: Path) -> None:
    main = write_book(tmp_path, "2021-02-01 chi tiền\n")
    assert problems_of(main)[0].line == line_with(main, "chi tiền")


def test_a_missing_include_is_told_where_it_is_included(tmp_path: Path) -> None:
    main = write_book(tmp_path, 'include "2021-13.beancount"\n')
    (problem,) = problems_of(main)
    assert problem.line == line_with(main, "2021-13")
    assert "không có tệp nào khớp" in problem.text.vi


def test_an_include_outside_the_folder_makes_the_book_incomplete(tmp_path: Path) -> None:
    (tmp_path / "outside.beancount").write_text("", "utf-8")
    main = write_book(tmp_path / "book", 'include "../outside.beancount"\n')
    (problem,) = problems_of(main)
    assert "ra ngoài thư mục của sổ" in problem.text.vi


def test_a_link_that_leaves_the_folder_is_no_way_round(tmp_path: Path) -> None:
    (tmp_path / "outside.beancount").write_text("", "utf-8")
    main = write_book(tmp_path / "book", 'include "inside.beancount"\n')
    (tmp_path / "book" / "inside.beancount").symlink_to(tmp_path / "outside.beancount")
    (problem,) = problems_of(main)
    assert "ra ngoài thư mục của sổ" in problem.text.vi


def test_an_unknown_field_names_the_nearest_known_one(tmp_path: Path) -> None:
    main = write_book(tmp_path, '2021-01-01 custom "party" "0100000009" "A"\n  rolle: "vendor"\n')
    texts = [problem for problem in problems_of(main) if "rolle" in problem.text.vi]
    assert texts[0].line == line_with(main, "rolle")
    assert texts[0].remedy
    assert "«role»" in texts[0].remedy.vi


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    main = write_book(tmp_path, '2021-01-01 custom "party" "0100000009" "A"\n')
    assert "thiếu trường «role»" in problems_of(main)[0].text.vi


def test_a_date_written_as_text_is_told(tmp_path: Path) -> None:
    text = '2021-01-01 custom "event" "E" "A"\n  task: "NV02"\n  activity: "training"\n'
    main = write_book(tmp_path, text + '  start: "hôm nay"\n  end: 2021-05-01\n')
    assert "phải là ngày" in problems_of(main)[0].text.vi


def test_two_tasks_with_one_code_are_refused(tmp_path: Path) -> None:
    again = BASE[BASE.index('2021-01-01 custom "task" "NV05"') :].split("\n\n")[0]
    main = write_book(tmp_path, again)
    (problem,) = problems_of(main)
    assert "khai báo hai lần" in problem.text.vi


@pytest.mark.parametrize("key", ["vendor", "contributor", "voucher"])
def test_an_unquoted_code_on_a_transaction_is_refused(tmp_path: Path, key: str) -> None:
    main = write_book(
        tmp_path, ALLOTMENT.replace("budget-year", f"{key}: 0101234567\n  budget-year")
    )
    (problem,) = problems_of(main)
    assert f"«{key}» phải là chữ đặt trong ngoặc kép" in problem.text.vi
    assert problem.remedy
    assert problem.line == line_with(main, "0101234567")
    assert f'viết {key}: "0101234567", đủ các chữ số' in problem.remedy.vi


def test_an_unquoted_tax_code_of_a_party_is_refused(tmp_path: Path) -> None:
    main = write_book(tmp_path, '2021-01-01 custom "party" 0101234567 "A"\n  role: "vendor"\n')
    (problem,) = problems_of(main)
    assert "mất số 0 ở đầu" in problem.text.vi
    assert problem.remedy
    assert 'custom "party" "0101234567" …' in problem.remedy.vi


@pytest.mark.parametrize(
    ("field", "told", "remedy"),
    [
        ("decision-date: 10/05/2021", "10/05/2021", "viết decision-date: 2021-05-10"),
        ('autonomy: "Không"', '"Không"', "viết autonomy: FALSE"),
    ],
)
def test_a_value_as_people_speak_is_told_as_it_stands(
    tmp_path: Path, field: str, told: str, remedy: str
) -> None:
    text = f'2021-05-10 * "Chi"\n  kind: "payment"\n  {field} ; ghi\n  Assets:TienGui:KB01  0 VND\n'
    main = write_book(tmp_path, text)
    (problem,) = problems_of(main)
    assert problem.line == line_with(main, field)
    assert problem.text.vi.endswith(f"ở đây là {told}")
    assert problem.remedy
    assert problem.remedy.vi == remedy


def test_a_day_of_a_declaration_written_as_people_speak_is_told(tmp_path: Path) -> None:
    text = '2021-01-01 custom "event" "E" "A"\n  task: "NV02"\n  activity: "training"\n'
    main = write_book(tmp_path, text + "  start: 01/05/2021\n  end: 2021-05-02\n")
    (problem,) = problems_of(main)
    assert problem.line == line_with(main, "01/05/2021")
    assert problem.remedy
    assert problem.remedy.vi == "viết start: 2021-05-01"


def test_a_budget_year_between_quotes_is_refused(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT.replace("budget-year: 2021", 'budget-year: "2021"'))
    (problem,) = problems_of(main)
    assert "«budget-year» phải là năm từ 2000 đến 2100" in problem.text.vi


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("decisions", '"5568/QĐ-UBND; hôm qua; 1000"', "decisions: không đọc được"),
        ("budget-year", "2021.5", "phải là số nguyên"),
        ("autonomy", '"có"', "phải là TRUE hoặc FALSE"),
    ],
)
def test_a_programme_field_that_cannot_be_read_is_told(
    tmp_path: Path, field: str, value: str, told: str
) -> None:
    known = [line for line in BASE.splitlines() if not line.startswith(f"  {field}:")]
    at = next(n for n, line in enumerate(known) if "plan-date" in line)
    known.insert(at, f"  {field}: {value}")
    main = write_book(tmp_path, "", base="\n".join(known))
    assert any(told in problem.text.vi for problem in problems_of(main))


def test_outputs_of_a_change_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    text = '2021-06-01 custom "plan-change" "NV02"\n  decision: "9/QĐ"\n'
    main = write_book(tmp_path, text + '  decision-date: 2021-06-01\n  outputs: "vài gian hàng"\n')
    (problem,) = problems_of(main)
    assert problem.line == line_with(main, 'outputs: "vài')
    assert "outputs: không đọc được" in problem.text.vi


@pytest.mark.parametrize("year", ["0001", "1999", "2101"])
def test_a_day_whose_year_is_no_budget_year_is_refused(tmp_path: Path, year: str) -> None:
    text = OVERDRAWN.replace("2021-03-01", f"{year}-03-01")
    main = write_book(tmp_path, ALLOTMENT + text)
    (problem,) = problems_of(main)
    assert problem.line == line_with(main, f"{year}-03-01")
    assert "năm phải từ 2000 đến 2100" in problem.text.vi


def test_a_strange_day_with_its_budget_year_written_is_read(tmp_path: Path) -> None:
    text = OVERDRAWN.replace("2021-03-01", "1999-03-01")
    text = text.replace('kind: "payment"', 'kind: "payment"\n  budget-year: 2021')
    main = write_book(tmp_path, ALLOTMENT + text)
    ran = run_cnht("check", main, "--no-cache")
    assert ran.code == 1
    assert "BOK105" in ran.out


def test_an_amount_of_sixteen_digits_is_refused(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT.replace("1000 VND", "1000000000000000 VND"))
    assert all("15 chữ số" in problem.text.vi for problem in problems_of(main))


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    main = write_book(tmp_path, 'include "tcvn.beancount"\n')
    (tmp_path / "tcvn.beancount").write_bytes(
        '2021-01-01 note Assets:A "Hà Nội"'.encode("cp1258", "replace") + b"\xff"
    )
    assert problems_of(main)[0].file.endswith("tcvn.beancount")


def test_english_is_given_by_option(tmp_path: Path) -> None:
    main = write_book(tmp_path, 'include "2021-13.beancount"\n')
    assert "no file matches" in problems_of(main)[0].to("en")


@pytest.mark.parametrize("field", ['filename: "/etc/passwd"', 'lineno: "abc"'])
def test_metadata_cannot_stand_in_for_the_place_of_an_entry(tmp_path: Path, field: str) -> None:
    main = write_book(tmp_path, ALLOTMENT.replace("budget-year", f"{field}\n  budget-year"))
    (problem,) = problems_of(main)
    assert problem.file == str(main)
    assert "filename hoặc lineno" in problem.text.vi


@pytest.mark.parametrize("pattern", ["/**/*", "/etc/*", "../*", "sub/../../*", "*/../../*", "/x"])
def test_a_pattern_that_leaves_the_folder_is_refused_unlooked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    main = write_book(tmp_path / "book", f'include "{pattern}"\n')
    monkeypatch.setattr(os, "listdir", lambda path: pytest.fail(f"looked into {path}"))
    (problem,) = problems_of(main)
    assert problem.line == line_with(main, "include")
    assert "ra ngoài thư mục của sổ" in problem.text.vi


@pytest.mark.parametrize("pattern", ["**/*.beancount", "away/*", "*/*.beancount", "away/**"])
def test_a_linked_folder_that_leads_outside_is_not_walked(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.beancount").write_text("", "utf-8")
    main = write_book(tmp_path / "book", f'include "{pattern}"\n')
    (main.parent / "away").symlink_to(tmp_path / "outside")
    assert any("ra ngoài thư mục của sổ" in problem.text.vi for problem in problems_of(main))


def test_a_link_in_a_circle_is_walked_once(tmp_path: Path) -> None:
    main = write_book(tmp_path, 'include "thang/**/*.beancount"\n')
    (tmp_path / "thang" / "quy").mkdir(parents=True)
    (tmp_path / "thang" / "quy" / "01.beancount").write_text(ALLOTMENT, "utf-8")
    (tmp_path / "thang" / "quy" / "again").symlink_to(tmp_path / "thang")
    assert len(load_facts(main).facts["files"]) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes by name on this system")
@pytest.mark.parametrize("pattern", ["pipe.beancount", "*.beancount"])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, pattern: str) -> None:
    main = write_book(tmp_path, f'include "{pattern}"\n')
    os.mkfifo(tmp_path / "pipe.beancount")
    (problem,) = problems_of(main)
    assert problem.line == line_with(main, "include")
    assert f"{tmp_path / 'pipe.beancount'} không phải tệp thường" in problem.text.vi


@pytest.mark.parametrize("pattern", ["thang", "th*", ""])
def test_a_folder_is_no_file_to_include(tmp_path: Path, pattern: str) -> None:
    main = write_book(tmp_path / "book", f'include "{pattern}"\n')
    (main.parent / "thang").mkdir()
    (problem,) = problems_of(main)
    assert "không phải tệp thường" in problem.text.vi


NAMES = ["main.beancount", "a.beancount", "b.txt", ".hidden.beancount", "s/c.beancount"]
NAMES += ["s/t/d.beancount", "s/.h/e.beancount", "[x]/f.beancount"]


@pytest.mark.parametrize(
    "pattern",
    [
        "*.beancount",
        "**/*.beancount",
        "s/*",
        "*/c.*",
        "**/t/*.beancount",
        "s/**/d.beancount",
        "[ab].*",
        "s/../a.beancount",
        ".*",
        "./a.beancount",
        "s//c.beancount",
        "**/s/**/*.beancount",
    ],
)
def test_patterns_match_as_beancount_matches_them(tmp_path: Path, pattern: str) -> None:
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", "utf-8")
    theirs = glob.glob(str(tmp_path / pattern), recursive=True)  # noqa: PTH207  # Beancount's own
    found = matches(str(tmp_path), pattern, tmp_path)
    assert not found.outside
    assert {os.path.normpath(path) for path in found.paths} == set(map(os.path.normpath, theirs))


def test_a_folder_whose_name_looks_like_a_pattern_is_taken_by_its_name(tmp_path: Path) -> None:
    main = write_book(tmp_path / "so [2021]", 'include "01*"\n', **{"01__beancount": ALLOTMENT})
    assert len(load_facts(main).facts["files"]) == 2


@pytest.mark.parametrize("name", ["contrac", "Contract", "plan_change"])
def test_a_directive_nearly_named_like_ours_is_refused(tmp_path: Path, name: str) -> None:
    main = write_book(tmp_path, f'2021-01-01 custom "{name}" "1/HĐ" "A"\n')
    (problem,) = problems_of(main)
    assert f"không có khai báo «{name}»" in problem.text.vi
    assert problem.remedy
    nearest = name.casefold().replace("_", "-")
    assert f"có phải «{nearest}" in problem.remedy.vi


def test_directives_of_other_programs_are_passed_over(tmp_path: Path) -> None:
    others = ("budget", "fava-option", "ghi-nho", "autobean.share")
    text = "".join(f'2021-01-01 custom "{n}" "a"\n' for n in others)
    facts = load_facts(write_book(tmp_path, text)).facts
    assert facts["book_errors"].empty
    assert len(facts["programme"]) == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ('  digest: "0"\n', "64 chữ số"),
        (f'  digest: "{"g" * 64}"\n', "64 chữ số"),
        ("", "không nêu sao kê nào"),
        ('  paper: " "\n  closing: 0\n', "không nêu sao kê nào"),
        ('  paper: "12/BĐC ngày 08/02/2022"\n', "không ghi closing"),
    ],
)
def test_a_reconciliation_that_rests_on_nothing_is_refused(
    tmp_path: Path, fields: str, told: str
) -> None:
    text = f'2022-02-08 custom "reconciled" "2021"\n  account: "01a-SDKP/ĐVDT"\n{fields}'
    (problem,) = problems_of(write_book(tmp_path, text))
    assert told in problem.text.vi
    assert problem.line
    assert problem.remedy is not None


@pytest.mark.parametrize(
    "fields",
    [f'  digest: "{"0aF" * 21}0"\n', '  paper: "12/BĐC ngày 08/02/2022"\n  closing: 0\n'],
)
def test_a_reconciliation_names_a_file_or_a_paper(tmp_path: Path, fields: str) -> None:
    text = f'2022-02-08 custom "reconciled" "2021"\n  account: "01a-SDKP/ĐVDT"\n{fields}'
    assert len(load_facts(write_book(tmp_path, text)).facts["reconciled"]) == 1


PADDED = """
2021-02-01 pad Assets:TienGui:KB01 Equity:DauKy
2021-02-02 balance Assets:TienGui:KB01  700 VND
"""
HIDDEN = """
2021-11-11 P "Chi bí mật"
  kind: "payment"
{meta}  Assets:DuToan:KhaDung:NV02:NSTP  -900 VND
  Expenses:NV02:NSTP:TM6655         900 VND
"""


def padded_book(folder: Path, meta: str = "") -> Path:
    accounts = "2021-01-01 open Equity:DauKy VND\n2021-01-01 open Assets:TienGui:KB01 VND\n"
    return write_book(folder, accounts + ALLOTMENT + PADDED + HIDDEN.format(meta=meta))


def test_what_somebody_wrote_stays_whatever_its_flag(tmp_path: Path) -> None:
    facts = load_facts(padded_book(tmp_path)).facts
    assert facts["postings"]["narration"].astype(str).tolist().count("Chi bí mật") == 2
    assert len(facts["pads"]) == 1


def test_what_a_pad_made_up_is_left_out(tmp_path: Path) -> None:
    postings = load_facts(padded_book(tmp_path)).facts["postings"]
    assert "Equity:DauKy" not in postings["account"].astype(str).tolist()


def test_no_metadata_passes_a_transaction_off_as_padding(tmp_path: Path) -> None:
    main = padded_book(tmp_path)
    line = line_with(main, "pad Assets")
    for meta in (f"  lineno: {line}\n", f'  filename: "{main}"\n  lineno: {line}\n'):
        entries, *_ = loader.load_file(str(padded_book(tmp_path, meta)))
        kept = [getattr(entry, "narration", "") for entry in without_padding(entries)]
        assert "Chi bí mật" in kept
