"""What the bundled books promise: the plan word for word, a full year, every kind and activity."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.execution import execution
from ledger.kinds import KINDS, OPENING
from ledger.loading import load_facts
from ledger.text import split_list
from tests.books import HANOI, run_cnht

if TYPE_CHECKING:
    from ledger.facts import Facts

PLAN = Path(__file__).parent / "data" / "plan-49-kh-ubnd-2021.txt"


@functools.cache
def facts() -> Facts:
    return load_facts(HANOI / "main.beancount").facts


@functools.cache
def plan() -> str:
    return " ".join(PLAN.read_text("utf-8").split())


def words_of_plan(text: str) -> bool:
    return " ".join(text.split()) in plan()


def test_the_twelve_tasks_are_those_of_the_plan_word_for_word() -> None:
    tasks = facts()["tasks"]
    assert list(tasks["task"]) == [f"NV{number:02d}" for number in range(1, 13)]
    for column in ("title", "group_title", "window", "lead_unit", "partners", "expected"):
        for text in tasks[column].astype(str):
            assert words_of_plan(text), text


def test_the_plan_contradicts_itself_and_the_book_says_which_figure_counts() -> None:
    tasks = facts()["tasks"].set_index("task").astype(str)
    fair = tasks.loc["NV02"]
    assert (fair["outputs"], fair["outputs_elsewhere"]) == ("booth ~200", "booth ~250")
    assert "250" in fair["outputs_note"]
    assert words_of_plan("quy mô khoảng 250 gian hàng")
    assert words_of_plan("quy mô khoảng 200 gian hàng")


def test_the_book_says_that_its_amounts_are_an_illustration() -> None:
    assert "minh họa" in str(facts()["programme"]["illustration"].iloc[0])
    assert "minh họa" in (HANOI / "README.md").read_text("utf-8")


def test_it_is_a_full_year_of_an_office() -> None:
    postings, parties = facts()["postings"], facts()["parties"]
    assert postings["entry"].nunique() >= 250
    assert parties["role"].astype(str).str.contains("enterprise").sum() >= 40
    assert len(facts()["contracts"]) >= 25
    assert {f"{HANOI / name}.beancount" for name in months()} <= set(postings["file"].astype(str))


def months() -> list[str]:
    return [*(f"2021-{month:02d}" for month in range(1, 13)), "2022-chinh-ly"]


def test_every_kind_is_used() -> None:
    # Its only account holds nothing when the year begins.
    assert set(facts()["postings"]["kind"].astype(str)) == set(KINDS) - {OPENING}


def test_every_activity_that_the_tasks_allow_is_spent_on() -> None:
    postings = facts()["postings"]
    spent = set(postings["activity"][postings["family"] == "Expenses"].astype(str))
    allowed = {a for words in facts()["tasks"]["activities"] for a in split_list(str(words))}
    assert allowed <= spent


def test_each_transaction_stands_in_the_file_of_its_month() -> None:
    entries = facts()["postings"].drop_duplicates("entry")
    for file, day in zip(entries["file"].astype(str), entries["date"], strict=True):
        stem = Path(file).stem
        if stem != "allotments":
            assert stem == (f"{day:%Y-%m}" if day.year == 2021 else "2022-chinh-ly")


def test_the_decision_of_december_is_booked_on_the_first_of_january() -> None:
    postings = facts()["postings"]
    first = postings[postings["decision"] == "5568/QĐ-UBND"]
    assert f"{first['date'].min():%Y-%m-%d}" == "2021-01-01"
    assert f"{first['decision_date'].min():%Y-%m-%d}" == "2020-12-09"


def test_the_year_closes_with_nothing_left_open() -> None:
    table = execution(facts(), 2021)
    for column in ("remaining", "withheld", "committed", "advanced"):
        assert int(table[column].sum()) == 0


@pytest.mark.parametrize("book", ["hanoi-2021", "foreign-2023", "sme-2023", "khuyen-cong-2017"])
@pytest.mark.parametrize("day", ["2021-06-30", "2021-12-31", "2023-12-31", "2026-11-23"])
def test_the_clean_books_have_no_finding_on_any_day(book: str, day: str) -> None:
    ran = run_cnht("check", HANOI.with_name(book), "--as-of", day, "--all")
    assert (ran.code, ran.out) == (0, "")
