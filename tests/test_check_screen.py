"""What an officer sees at a terminal: findings and totals last, and nothing hidden by a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.books import ALLOTMENT, HANOI, OVERDRAWN, run_cnht, write_book

if TYPE_CHECKING:
    from pathlib import Path

LATER = """
2021-12-05 * "Trả lại"
  kind: "payment"
  Assets:DuToan:KhaDung:NV02:NSTP  -1 VND
  Expenses:NV02:NSTP:TM6655         1 VND
"""


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("so")
    write_book(folder, ALLOTMENT + OVERDRAWN + LATER)
    return {
        lang: run_cnht("check", folder, "--as-of", "2021-06-30", "--lang", lang, cwd=folder).out
        for lang in ("vi", "en")
    }


def test_findings_and_totals_stand_below_what_was_tested(screen: dict[str, str]) -> None:
    out = screen["vi"]
    places = [out.index(words) for words in ("Đã kiểm tra", "BUD101 ", "Tổng cộng:")]
    assert places == sorted(places)
    assert out.rindex("· lỗi ·") > places[0]


def test_rules_with_nothing_to_look_at_are_one_line(screen: dict[str, str]) -> None:
    table, _, rest = screen["vi"].partition(" quy tắc không có gì để kiểm tra: ")
    idle = rest.split("\n\n", maxsplit=1)[0].replace("\n", " ").split(", ")
    assert len(idle) == int(table.split()[-1]) > 40
    assert "NRM201" in {code.strip() for code in idle}
    assert "NRM201" not in table


def test_transactions_not_looked_at_are_told_with_their_first_place(screen: dict[str, str]) -> None:
    told = " ".join(screen["vi"].split())
    assert "1 giao dịch sau ngày 30/06/2021 chưa được kiểm tra, đầu tiên ở main.beancount:" in told
    assert "1 transaction after 2021-06-30 not checked" in " ".join(screen["en"].split())


def test_one_of_a_thing_is_told_as_one(screen: dict[str, str]) -> None:
    assert " 1 finding" in screen["en"]
    assert "1 findings" not in screen["en"]


def test_asking_in_a_year_that_the_book_does_not_have_is_refused(tmp_path: Path) -> None:
    ran = run_cnht(
        *("ask", HANOI, "--task", "NV02", "--amount", "1000", "--on", "2026-10-05"), cwd=tmp_path
    )
    assert ran.code == 2
    assert "sổ không có niên độ 2026, chỉ có: 2021" in ran.err
    assert "KHÔNG ĐƯỢC CHI" not in ran.out
