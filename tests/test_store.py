"""What is remembered between runs is never trusted further than it is true."""

from __future__ import annotations

import datetime as dt
import os
import stat
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from ledger.columns import FRAMES
from ledger.loading import load_facts
from ledger.store import Store, written_beside
from rules.checking import check_books
from rules.own_files import own_norm_files
from tests.books import ALLOTMENT, OVERDRAWN, run_cnht, write_book

if TYPE_CHECKING:
    from pathlib import Path

    from rules.finding import Outcome

DAY = dt.date(2022, 12, 31)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


def codes(outcome: Outcome) -> list[str]:
    return [finding.code for finding in outcome.findings if finding.code.startswith("BUD101")]


def test_the_folder_is_the_users_alone(store: Store) -> None:
    if os.name == "posix":
        assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_facts_come_back_as_they_were(tmp_path: Path, store: Store) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN)
    fresh = load_facts(main)
    load_facts(main, store)
    kept = load_facts(main, store)
    for name in FRAMES:
        expected, found = fresh.facts[name], kept.facts[name]
        pd.testing.assert_frame_equal(found, expected, check_categorical=False)
        assert list(found.dtypes.astype(str)) == list(expected.dtypes.astype(str)), name


def test_the_outcome_comes_back_as_it_was(tmp_path: Path, store: Store) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN)
    first = check_books([main], DAY, store=store)
    assert codes(first)
    assert check_books([main], DAY, store=store) == first
    assert check_books([main], DAY) == first


def test_an_unchanged_book_is_answered_from_the_stored_outcome(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT)
    first = check_books([main], DAY, store=store)
    monkeypatch.setattr("rules.checking.load_books", lambda *_, **__: pytest.fail("loaded again"))
    assert check_books([main], DAY, store=store) == first


def test_an_edited_file_is_noticed(tmp_path: Path, store: Store) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT)
    assert not codes(check_books([main], DAY, store=store))
    main.write_text(main.read_text("utf-8") + OVERDRAWN, "utf-8")
    assert codes(check_books([main], DAY, store=store))


def test_a_new_file_that_an_include_pattern_matches_is_noticed(
    tmp_path: Path, store: Store
) -> None:
    main = write_book(
        tmp_path / "book", f'include "2021-*.beancount"\n{ALLOTMENT}', **{"2021-01__beancount": ""}
    )
    assert not codes(check_books([main], DAY, store=store))
    (main.parent / "2021-03.beancount").write_text(OVERDRAWN, "utf-8")
    assert codes(check_books([main], DAY, store=store))


def test_a_norm_file_beside_the_book_is_noticed(tmp_path: Path, store: Store) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT)
    check_books([main], DAY, store=store)
    (main.parent / "norms").mkdir()
    (main.parent / "norms" / "broken.yaml").write_text("a: 1\na: 2\n", "utf-8")
    with pytest.raises(Exception, match="ghi hai lần"):
        check_books([main], DAY, store=store)


@pytest.mark.parametrize("there", [True, False], ids=["taken-away", "added"])
def test_a_document_that_comes_or_goes_is_noticed(
    tmp_path: Path, store: Store, *, there: bool
) -> None:
    named = '2021-03-01 document Expenses:NV02:NSTP:TM6655 "hoa-don.pdf"\n'
    main = write_book(tmp_path / "book", ALLOTMENT + named)
    scan = main.parent / "hoa-don.pdf"
    if there:
        scan.touch()
    missing = [check_books([main], DAY, store=store)]
    scan.unlink() if there else scan.touch()
    missing.append(check_books([main], DAY, store=store))
    found = ["BOK101" in [finding.code for finding in outcome.findings] for outcome in missing]
    assert found == [not there, there]


def test_what_plugins_made_is_not_kept(tmp_path: Path, store: Store) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT)
    check_books([main], DAY, store=store, allow_plugins=True)
    assert not list(store.folder.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
@pytest.mark.parametrize("rights", [0o600, 0o640, 0o400])
def test_a_file_written_anew_keeps_its_rights(tmp_path: Path, rights: int) -> None:
    path = tmp_path / "so.beancount"
    path.write_text("a", "utf-8")
    path.chmod(rights)
    with written_beside(path) as fresh:
        assert stat.S_IMODE(fresh.stat().st_mode) == rights | stat.S_IWUSR
        fresh.write_text("b", "utf-8")
    assert (path.read_text("utf-8"), stat.S_IMODE(path.stat().st_mode)) == ("b", rights)


def test_what_is_no_file_is_no_norm(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT)
    norms = main.parent / "norms"
    (norms / "folder.yaml").mkdir(parents=True)
    (norms / "gone.yaml").symlink_to("nothing.yaml")
    assert own_norm_files(main) == []
    check_books([main], DAY)


def test_another_day_is_another_answer(tmp_path: Path, store: Store) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN)
    assert codes(check_books([main], DAY, store=store))
    assert not codes(check_books([main], dt.date(2021, 2, 1), store=store))


@pytest.mark.parametrize("damage", [b"", b"\x00nonsense", b"{}", b'{"key": 1}'])
def test_damaged_files_are_made_anew(tmp_path: Path, store: Store, damage: bytes) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN)
    first = check_books([main], DAY, store=store)
    for file in store.folder.iterdir():
        file.write_bytes(damage)
    assert check_books([main], DAY, store=store) == first
    assert check_books([main], DAY, store=store) == first


def test_nothing_is_left_half_written(tmp_path: Path, store: Store) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT)
    check_books([main], DAY, store=store)
    assert not list(store.folder.glob("*.new"))


def test_no_cache_writes_nothing(tmp_path: Path) -> None:
    main = write_book(tmp_path / "book", ALLOTMENT)
    cache = tmp_path / "cache"
    run_cnht("check", main, "--no-cache", CNHT_CACHE_DIR=str(cache))
    assert not cache.exists()
