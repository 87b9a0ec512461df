"""A book that cannot be used is told with file, line and remedy; nothing is guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.loading import load_facts
from ledger.location import find_book
from ledger.problems import BadInputError, Problem
from tests.books import ALLOTMENT, BASE, write_book

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


def test_dots_as_thousands_separators_are_told_how_to_write(tmp_path: Path) -> None:
    main = write_book(tmp_path, '2021-02-01 * "Chi"\n  Assets:TienGui:KB01  1.500.000 VND\n')
    (problem, *_) = problems_of(main)
    assert problem.line == line_with(main, "1.500.000")
    assert "«1.500.000»" in problem.text.vi
    assert problem.remedy
    assert "1500000" in problem.remedy.vi


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
    assert texts[0].line == line_with(main, "0100000009")
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


def test_an_unquoted_tax_code_of_a_party_is_refused(tmp_path: Path) -> None:
    main = write_book(tmp_path, '2021-01-01 custom "party" 0101234567 "A"\n  role: "vendor"\n')
    (problem,) = problems_of(main)
    assert "số 0 ở đầu đã mất" in problem.text.vi


def test_a_budget_year_between_quotes_is_refused(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT.replace("budget-year: 2021", 'budget-year: "2021"'))
    (problem,) = problems_of(main)
    assert "«budget-year» phải là số nguyên" in problem.text.vi


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
    assert problem.line == line_with(main, "plan-change")
    assert "outputs: không đọc được" in problem.text.vi


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
