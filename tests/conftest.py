"""What tests of several files share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.loading import load_facts
from tests.books import HANOI
from tests.served import Served, copy_of
from tests.settled import WORKED_BOOK

if TYPE_CHECKING:
    from ledger.facts import Facts


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
