"""A check against an earlier one: only what is new is told and decides."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.books import ALLOTMENT, OVERDRAWN, run_cnht, write_book
from tests.test_waivers import FINGERPRINT, waiver

if TYPE_CHECKING:
    from pathlib import Path

SECOND = (ALLOTMENT + OVERDRAWN).replace("NV02", "NV05")
SELECT = ("--select", "BUD101")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN)


@pytest.fixture(scope="module")
def earlier(overdrawn_book: Path) -> str:
    return run_cnht("check", overdrawn_book, "--format", "json").out


@pytest.fixture
def before(earlier: str, tmp_path: Path) -> Path:
    path = tmp_path / "before.json"
    path.write_text(earlier, "utf-8")
    return path


def against(book: Path, before: Path, *more: str) -> dict[str, Any]:
    ran = run_cnht("check", book, "--baseline", before, *SELECT, "--format", "json", *more)
    content: dict[str, Any] = json.loads(ran.out)
    return content


def test_nothing_new_is_a_yes(overdrawn_book: Path, before: Path) -> None:
    ran = run_cnht("check", overdrawn_book, "--baseline", before)
    assert ran.code == 0
    assert "Tổng cộng: 0 phát hiện" in ran.out
    assert "phát hiện như cũ không nêu lại, 0 phát hiện không còn" in ran.out
    content = against(overdrawn_book, before)
    assert content["findings"] == []
    assert FINGERPRINT in [past["fingerprint"] for past in content["baseline"]["unchanged"]]


def test_a_check_against_a_baseline_is_a_baseline_itself(
    overdrawn_book: Path, before: Path
) -> None:
    chained = before.with_name("chained.json")
    run_cnht("check", overdrawn_book, "--baseline", before, "--format", "json", "-o", chained)
    assert against(overdrawn_book, chained)["findings"] == []


def test_a_book_that_was_moved_is_the_same_book(book: Path, before: Path, tmp_path: Path) -> None:
    moved = book.parent.rename(tmp_path / "moved") / book.name
    assert against(moved, before)["findings"] == []


def test_the_same_programme_of_another_year_is_another_book(
    overdrawn_book: Path, before: Path
) -> None:
    content = json.loads(before.read_text("utf-8"))
    content["programmes"][0]["budget_year"] = "2020"
    before.write_text(json.dumps(content), "utf-8")
    ran = run_cnht("check", overdrawn_book, "--baseline", before)
    assert (ran.code, ran.out) == (2, "")
    assert "niên độ 2020" in ran.err


def test_what_is_new_is_told_alone(book: Path, before: Path) -> None:
    write_book(book.parent, ALLOTMENT + OVERDRAWN + SECOND)
    ran = run_cnht("check", book, "--baseline", before, *SELECT)
    assert ran.code == 1
    (finding,) = against(book, before)["findings"]
    assert (finding["subject"], finding["change"]) == ("NV05/NSTP/2021", "new")


def test_more_at_issue_is_news_and_less_is_not(book: Path, before: Path) -> None:
    write_book(book.parent, ALLOTMENT + OVERDRAWN.replace("1001", "1003"))
    (finding,) = against(book, before)["findings"]
    assert (finding["at_issue"], finding["change"]) == (3, "updated")
    assert "tăng so với lần trước" in run_cnht("check", book, "--baseline", before, *SELECT).out
    run_cnht("check", book, "--format", "json", "-o", before)
    write_book(book.parent, ALLOTMENT + OVERDRAWN)
    assert against(book, before)["findings"] == []


def test_what_is_gone_is_counted_and_named(book: Path, before: Path) -> None:
    write_book(book.parent, ALLOTMENT)
    ran = run_cnht("check", book, "--baseline", before, *SELECT)
    assert ran.code == 0
    assert "0 phát hiện như cũ không nêu lại, 1 phát hiện không còn" in ran.out
    (past,) = against(book, before)["baseline"]["absent"]
    assert (past["code"], past["fingerprint"]) == ("BUD101", FINGERPRINT)


def test_what_the_earlier_check_was_not_asked_is_neither_new_nor_gone(
    book: Path, before: Path
) -> None:
    run_cnht("check", book, "--select", "BOK", "--format", "json", "-o", before)
    content = against(book, before)
    assert [finding["change"] for finding in content["findings"]] == [None]
    row = content["baseline"]
    assert (row["selection"]["select"], row["not_compared"], row["absent"]) == (["BOK"], 1, [])
    ran = run_cnht("check", book, "--baseline", before, *SELECT)
    assert ran.code == 1
    assert "chỉ BOK): 0 phát hiện như cũ" in ran.out
    assert "1 phát hiện ở trên không so được vì lần trước không xét đến" in ran.out
    run_cnht("check", book, "--kind", "review", "--format", "json", "-o", before)
    assert against(book, before)["baseline"]["not_compared"] == 1


def test_what_lies_after_the_day_is_not_gone(book: Path, before: Path) -> None:
    row = against(book, before, "--as-of", "2021-02-28")["baseline"]
    assert row["absent"] == []
    assert FINGERPRINT in [past["fingerprint"] for past in row["beyond"]]
    ran = run_cnht("check", book, "--baseline", before, *SELECT, "--as-of", "2021-02-28")
    assert "1 phát hiện của lần trước tính đến ngày muộn hơn" in ran.out


def test_what_was_accepted_is_not_gone(book: Path, before: Path) -> None:
    write_book(book.parent, ALLOTMENT + OVERDRAWN + waiver())
    content = against(book, before)
    assert content["baseline"]["absent"] == []
    assert len(content["accepted"]) == 1


def test_what_was_accepted_then_is_new_when_it_counts(book: Path, before: Path) -> None:
    write_book(book.parent, ALLOTMENT + OVERDRAWN + waiver())
    run_cnht("check", book, "--format", "json", "-o", before)
    write_book(book.parent, ALLOTMENT + OVERDRAWN)
    assert [finding["change"] for finding in against(book, before)["findings"]] == ["new"]


def test_the_baseline_of_another_book_is_bad_input(overdrawn_book: Path, before: Path) -> None:
    content = json.loads(before.read_text("utf-8"))
    content["programmes"][0]["code"] = "KH49-2021"
    before.write_text(json.dumps(content), "utf-8")
    ran = run_cnht("check", overdrawn_book, "--baseline", before)
    assert (ran.code, ran.out) == (2, "")
    assert str(before) in ran.err
    assert "MAU" in ran.err
    assert "KH49-2021" in ran.err


@pytest.mark.parametrize(
    ("text", "place"),
    [("", ":1"), ("{", ":1"), ("[]", ""), ('{"schema": 1}', ""), ('{"schema": 2}', "")],
)
def test_a_file_that_is_not_ours_is_bad_input(
    overdrawn_book: Path, tmp_path: Path, text: str, place: str
) -> None:
    file = tmp_path / "other.json"
    file.write_text(text, "utf-8")
    ran = run_cnht("check", overdrawn_book, "--baseline", file)
    assert (ran.code, ran.out) == (2, "")
    assert f"{file}{place}: không phải kết quả JSON của «cnht check»" in ran.err


def test_a_baseline_that_is_not_there_is_bad_input(overdrawn_book: Path, tmp_path: Path) -> None:
    ran = run_cnht("check", overdrawn_book, "--baseline", tmp_path / "none.json")
    assert (ran.code, ran.out) == (2, "")
