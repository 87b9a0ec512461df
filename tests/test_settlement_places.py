"""Where lines of the book stand, as a set of one or of several books names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.facts import join
from ledger.loading import load_facts
from reports.settlement import ledger_rows
from reports.settlement.places import Places
from tests.books import ALLOTMENT, OVERDRAWN, write_book
from tests.settled import forms_of, rows_of, values
from tests.test_settlement_consolidation import consolidated, unit_book

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("folders", "named"),
    [
        (("a",), ("",)),
        (("a", "b"), ("a/", "b/")),
        (("a/book", "b/book"), ("a/book/", "b/book/")),
    ],
)
def test_a_line_is_named_with_as_much_of_its_folder_as_tells_the_books_apart(
    tmp_path: Path, folders: tuple[str, ...], named: tuple[str, ...]
) -> None:
    mains = [write_book(tmp_path / folder, ALLOTMENT) for folder in folders]
    places = join([load_facts(main).facts for main in mains]).derived(Places)
    found = [places.of(str(main), str(main), 3) for main in mains]
    assert found == [f"{folder}main.beancount:3" for folder in named]
    assert [places.of(str(main), "/elsewhere/x.beancount", 4) for main in mains] == [
        f"{folder}x.beancount:4" for folder in named
    ]
    assert places.of("", "norms.yaml", 5) == "norms.yaml:5"


@pytest.mark.usefixtures("budget_rules")
def test_a_finding_names_the_folder_of_its_unit(tmp_path: Path) -> None:
    mains = [unit_book(tmp_path / name, name, ALLOTMENT + OVERDRAWN) for name in ("a", "b")]
    consolidated(tmp_path / "out", mains, ("CT07",))
    rows = [row for row in values(forms_of(tmp_path / "out"))["CT07"].values if row[2] == "BUD101"]
    assert sorted(str(row[8]).partition(":")[0] for row in rows) == [
        "a/main.beancount",
        "b/main.beancount",
    ]


@pytest.mark.usefixtures("no_rules")
def test_rows_name_their_unit_however_few_are_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_rows, "_ROWS_AT_A_TIME", 1)
    mains = [unit_book(tmp_path / name, name, ALLOTMENT) for name in ("a", "b")]
    consolidated(tmp_path / "out", mains, ("CT01",))
    sheet = values(rows_of(tmp_path / "out"))["Dòng sổ"]
    files = {row[11] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert files == {"a/main.beancount", "b/main.beancount"}
