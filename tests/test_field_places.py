"""What is wrong with a field is told on its own line, with what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.loading import load_facts
from ledger.problems import BadInputError, Problem
from ledger.written import number_of
from tests.books import BASE, write_book

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """
2021-05-04 custom "contract" "12/2021" "Thuê gian hàng"
  task: "NV02"
  vendor: "0100000002"
  value: {value}
  signed: 2021-05-04
"""
PAYMENT = """
2021-05-10 * "Chi"
  kind: "payment"
  {field}
  Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
  Expenses:NV02:NSTP:TM6655         500 VND
"""


def problem_of(main: Path) -> Problem:
    with pytest.raises(BadInputError) as caught:
        load_facts(main)
    (problem,) = caught.value.problems
    return problem


def line_with(main: Path, words: str) -> int:
    lines = main.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


@pytest.mark.parametrize(
    ("text", "at", "remedy"),
    [
        (CONTRACT.format(value='"150 triệu"'), '"150 triệu"', "viết value: 150000000"),
        (CONTRACT.format(value='"nhiều"'), '"nhiều"', "ví dụ value: 150000000"),
        (PAYMENT.format(field='budget-year: "2021"'), '"2021"\n', "viết budget-year: 2021"),
        (PAYMENT.format(field='gross: "1.500.000 đ"'), '"1.500', "viết gross: 1500000"),
    ],
)
def test_a_number_in_other_words_is_told_how_to_write(
    tmp_path: Path, text: str, at: str, remedy: str
) -> None:
    main = write_book(tmp_path, text)
    problem = problem_of(main)
    assert problem.line == line_with(main, f" {at}".rstrip("\n"))
    assert problem.remedy
    assert remedy in problem.remedy.vi


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('"1,5 tỷ"', 1_500_000_000),
        ("2.000", 2000),
        ("3 000 000 đồng", 3_000_000),
        ("1.50", None),
        ('"1,250 tỷ"', None),
        ('"0,125 tỷ"', None),
        ('"1.250 triệu"', None),
        ('"1.250.000 nghìn"', 1_250_000_000),
        ('"0.125"', None),
        ("nhiều", None),
    ],
)
def test_numbers_are_read_as_people_speak(text: str, number: int | None) -> None:
    assert number_of(text) == number


def test_a_total_with_dots_is_told_at_its_line_with_its_dots(tmp_path: Path) -> None:
    wrong = "5568/QĐ-UBND; 09/12/2020; 800.000.000"
    start = BASE.index("  decisions: ")
    own = BASE.replace(BASE[start : BASE.index("\n", start)], f'  decisions: "{wrong}"')
    main = write_book(tmp_path, "", base=own)
    problem = problem_of(main)
    assert problem.line == line_with(main, "800.000.000")
    assert "tổng số «800.000.000» không phải số nguyên" in problem.text.vi
    assert problem.remedy
    assert problem.remedy.vi == 'viết "5568/QĐ-UBND; 2020-12-09; 800000000"'


def test_a_strange_field_stands_on_its_own_line(tmp_path: Path) -> None:
    main = write_book(tmp_path, PAYMENT.format(field='vocher: "2021/UNC/1"'))
    frame = load_facts(main).facts["strange_fields"]
    assert frame["line"].tolist() == [line_with(main, "vocher")]
