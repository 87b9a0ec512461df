"""A starter book: clean from the first day, in the unit's name, and whole or not there."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.kinds import KINDS
from ledger.loading import load_facts
from ledger.problems import BadInputError
from ledger.starting import TEMPLATE, start_book
from rules.checking import check_books
from rules.severity import Severity
from tests.books import run_bean_check

if TYPE_CHECKING:
    from collections.abc import Callable

    from rules.finding import Finding

UNIT = "Sở Công Thương Hải Phòng"


def found_on(main: Path, day: dt.date) -> list[Finding]:
    return list(check_books([main.resolve()], day).findings)


@pytest.mark.parametrize("year", [2021, 2023, 2026])
def test_a_new_book_is_clean(tmp_path: Path, year: int) -> None:
    main = start_book(tmp_path / "book", year=year, unit=UNIT)[0]
    facts = load_facts(main.resolve()).facts
    assert facts["book_errors"].empty
    assert run_bean_check(main).code == 0
    assert found_on(main, dt.date(year, 6, 30)) == []
    assert set(facts["tasks"]["task"]) == {"NV01", "NV02"}


def test_the_rules_run_as_a_plugin_find_nothing(tmp_path: Path) -> None:
    year = dt.datetime.now(tz=dt.UTC).year
    main = start_book(tmp_path / "book", year=year, unit=UNIT)[0]
    main.write_text(f'plugin "rules.plugin"\n{main.read_text("utf-8")}', "utf-8")
    ran = run_bean_check(main)
    assert (ran.code, ran.err) == (0, "")


def test_year_unit_and_code_are_filled_in(tmp_path: Path) -> None:
    paths = start_book(tmp_path / "book", year=2024, unit=UNIT, code="KH-7")
    programme = load_facts(paths[0].resolve()).facts["programme"].iloc[0]
    assert (programme["unit"], programme["code"], programme["budget_year"]) == (UNIT, "KH-7", 2024)
    assert not [path for path in paths if "{{" in path.read_text("utf-8")]


def test_the_files_are_those_of_the_year(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "book"
    paths = start_book(folder, year=2024, unit=UNIT)
    assert paths[0].name == "main.beancount"
    assert sorted(paths) == sorted(folder.iterdir())
    names = [path.name for path in paths]
    assert [n for n in names if n.startswith("2024")] == [
        f"2024-{m:02}.beancount" for m in range(1, 13)
    ]
    assert "2025-chinh-ly.beancount" in names
    included = re.findall(r'^include "(.+)"$', paths[0].read_text("utf-8"), re.MULTILINE)
    assert included == names[1:]


@pytest.mark.parametrize(
    "unit",
    ['Công ty "A" \\ B', "Đơn vị {{year}}", "a\\", "Sở; ĐT", "{{next_year}}", "  Sở CT  "],
)
def test_a_unit_stands_in_the_book_as_given(tmp_path: Path, unit: str) -> None:
    main = start_book(tmp_path / "book", year=2024, unit=unit)[0]
    programme = load_facts(main.resolve()).facts["programme"].iloc[0]
    assert programme["unit"] == unit.strip()


@pytest.mark.parametrize("value", ["", "   ", "a\nb", "a\rb", "a\x00b", "a\u2028b"])
@pytest.mark.parametrize("given", ["unit", "code"])
def test_a_name_that_no_line_holds_is_refused(tmp_path: Path, value: str, given: str) -> None:
    named = {"unit": UNIT, "code": "KH-7", given: value}
    with pytest.raises(BadInputError):
        start_book(tmp_path / "book", year=2024, **named)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("year", [-1, 0, 24, 1999, 2099, 20_240])
def test_a_bad_year_is_refused(tmp_path: Path, year: int) -> None:
    with pytest.raises(BadInputError, match="từ 2000 đến 2098"):
        start_book(tmp_path / "book", year=year, unit=UNIT)
    assert not list(tmp_path.iterdir())


def test_an_empty_folder_is_filled_in_place(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    before = folder.stat().st_ino
    start_book(folder, year=2024, unit=UNIT)
    assert folder.stat().st_ino == before
    assert (folder / "main.beancount").is_file()
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("name", ["note.txt", ".hidden", "main.beancount"])
def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(BadInputError, match="đã có tệp"):
        start_book(tmp_path, year=2024, unit=UNIT)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.parametrize("below", ["", "under"])
def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, below: str) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(BadInputError):
        start_book(taken / below, year=2024, unit=UNIT)
    assert taken.read_text() == "mine"


def failing(function: Callable[..., object], after: int) -> Callable[..., object]:
    calls = iter(range(after))

    def fail(*arguments: object, **named: object) -> object:
        if next(calls, None) is None:
            raise OSError("no space left on device")
        return function(*arguments, **named)

    return fail


@pytest.mark.parametrize("method", ["write_text", "rename"])
@pytest.mark.parametrize("exists", [True, False])
def test_a_failure_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, *, exists: bool
) -> None:
    folder = tmp_path / "book"
    if exists:
        folder.mkdir()
    after = 0 if method == "rename" and not exists else 5
    monkeypatch.setattr(Path, method, failing(getattr(Path, method), after))
    with pytest.raises(BadInputError, match="no space left"):
        start_book(folder, year=2024, unit=UNIT)
    assert list(tmp_path.rglob("*")) == ([folder] if exists else [])


def with_examples(folder: Path, year: int) -> Path:
    """A starter book with every example taken into use and its supplement decided."""
    main = start_book(folder, year=year, unit=UNIT)[0]
    examples = main.with_name("examples.beancount")
    text = re.sub(r"^; ", "", examples.read_text("utf-8"), flags=re.MULTILINE)
    examples.write_text(text, "utf-8")
    programme = main.with_name("programme.beancount")
    decided = f"500000000 | …/QĐ-UBND-BS; {year}-06-10; 50000000"
    programme.write_text(programme.read_text("utf-8").replace("500000000", decided), "utf-8")
    return main


def test_every_example_can_be_taken_into_use(tmp_path: Path) -> None:
    main = with_examples(tmp_path / "book", 2023)
    assert run_bean_check(main).code == 0
    found = found_on(main, dt.date(2024, 2, 20))
    errors = [f for f in found if f.severity is Severity.ERROR or f.code.startswith("BOK")]
    assert {f.code for f in errors} == {"BOK507"}
    left = {f.subject for f in errors}
    assert {"field programme chapter", "field programme kind-item"} <= left


def test_examples_show_every_kind_but_what_needs_no_model(tmp_path: Path) -> None:
    facts = load_facts(with_examples(tmp_path / "book", 2023).resolve()).facts
    shown = set(facts["postings"]["kind"])
    assert set(KINDS) - shown == {"correction", "recovery"}


def test_the_template_holds_no_other_placeholders() -> None:
    known = {"unit", "code", "year", "previous_year", "next_year", "month"}
    text = "".join(path.read_text("utf-8") for path in TEMPLATE.glob("*.beancount"))
    assert set(re.findall(r"\{\{(\w+)\}\}", text)) == known
