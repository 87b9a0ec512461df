"""What tests of several files share."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from ledger.loading import load_facts
from reports.pages.server import accounts
from reports.settlement import book_set
from rules.rule import catalogue
from rules.run import run
from tests.books import ALLOTMENT, HANOI, OVERDRAWN, write_book
from tests.served import FINDINGS_BOOK, Served, copy_of
from tests.settled import WORKED_BOOK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.facts import Facts


# How long an example takes is measured in benchmarks; a busy machine fails no test.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def pytest_collection_finish() -> None:
    """Look for garbage seldom: the libraries, which live to the end, hold none (a sixth of all)."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_sessionfinish() -> None:
    """Let libraries of compiled code go in order: they complain of what outlives them."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def worked_facts() -> Facts:
    return load_facts(WORKED_BOOK).facts


@pytest.fixture(scope="session")
def hanoi_facts() -> Facts:
    return load_facts((HANOI / "main.beancount").resolve()).facts


@pytest.fixture(scope="session")
def hanoi(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The book of Hanoi in a browser, for tests that write nothing."""
    return Served(copy_of(HANOI, tmp_path_factory.mktemp("hanoi") / "so"))


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The book with a finding of each rule in a browser, for tests that write nothing."""
    return Served(copy_of(FINDINGS_BOOK, tmp_path_factory.mktemp("faulty") / "so"))


@pytest.fixture(scope="session", autouse=True)
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The store of facts and outcomes, where a test brings none of its own: never the user's."""
    folder = tmp_path_factory.mktemp("store")
    with mock.patch.dict(os.environ, CNHT_CACHE_DIR=str(folder)):
        yield folder


@pytest.fixture(scope="session")
def overdrawn_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with one overspend that tests read and none writes: checked once, then remembered."""
    return write_book(tmp_path_factory.mktemp("overdrawn") / "book", ALLOTMENT + OVERDRAWN)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Passwords hashed as always, with less of the work that is there to slow a thief."""
    with mock.patch.object(accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64)):
        yield


@pytest.fixture
def no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the check of a book where findings are beside the point."""
    monkeypatch.setattr(book_set, "run", lambda *given, **_: run(*given, rules=()))
    monkeypatch.setattr(book_set, "assess", lambda *_: [])


@pytest.fixture
def budget_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check a book by the rules of the estimate alone."""
    rules = [rule for rule in catalogue() if rule.code.startswith("BUD")]
    monkeypatch.setattr(book_set, "run", lambda *given, **_: run(*given, rules=rules))
