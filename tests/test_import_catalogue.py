"""Every file of the generators: whole ones are read to the last row, damaged ones refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from importers.importing import importer_of, importers
from importers.known import Known
from importers.source.sheets import read_sheets
from importers.tables.messages import read_message
from importers.tables.profile import shipped
from importers.tables.reading import read_statements
from ledger.problems import BadInputError
from tests.statements.catalogue import DAMAGED, WHOLE

if TYPE_CHECKING:
    from pathlib import Path

    from importers.tables.statement import Statement

OURS = importers()
MESSAGES = {".xml", ".sta"}


def statements_of(path: Path) -> tuple[Statement, ...]:
    if path.suffix in MESSAGES:
        return read_message(path)
    return read_statements(read_sheets(path), shipped())


def test_there_are_enough_of_both() -> None:
    assert len(WHOLE) + len(DAMAGED) >= 40
    assert len(DAMAGED) >= 15


@pytest.mark.parametrize("name", WHOLE)
def test_every_row_of_a_whole_file_is_accounted_for(name: str, tmp_path: Path) -> None:
    path = WHOLE[name](tmp_path)
    found = statements_of(path)
    assert found
    for statement in found:
        assert statement.lines or statement.figures
        rows = {line.place.row for line in statement.lines} | {
            row.place.row for row in statement.figures
        }
        if path.suffix not in MESSAGES:  # their rows are entries, which may hold several
            assert statement.read == len(rows) + len(statement.rejects)
    outcome = importer_of(path, OURS).propose(path, Known([]))
    assert outcome.read == sum(outcome.counts())


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_in_words(name: str, tmp_path: Path) -> None:
    make, said = DAMAGED[name]
    path = make(tmp_path)
    with pytest.raises(BadInputError) as told:
        statements_of(path)
    assert all(problem.file == str(path) for problem in told.value.problems)
    assert re.search(said, str(told.value))
