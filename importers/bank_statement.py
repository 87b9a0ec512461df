"""Statements of banks: XLSX, XLS, HTML named ``.xls``, CSV, CAMT.053, MT940 (sao kê ngân hàng)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from importers.base import KNOWLEDGE, SheetImporter, profiles_for, recognised
from importers.draft import FileOutcome
from importers.messages import is_message, read_message
from importers.movements import movement_draft, require_own, require_unit, where_to
from importers.profile import Knowledge, Reads
from importers.reading import read_statements
from ledger.text import Text

if TYPE_CHECKING:
    import datetime as dt

    from importers.base import BookImporter
    from importers.draft import Draft
    from importers.known import Known
    from importers.statement import Statement


class BankStatement(SheetImporter):
    """Movements of a deposit account at a bank."""

    reads = frozenset({Reads.BANK})
    title = Text("sao kê ngân hàng", "bank statement")

    def identify(self, filepath: str) -> bool:
        """Whether the file is a bank's message or has the layout of a bank."""
        return is_message(Path(filepath)) or super().identify(filepath)

    def date(self, filepath: str) -> dt.date | None:
        """The last day of the statement."""
        return last_day(Path(filepath), self.book, self.reads)

    def propose(self, path: Path, known: Known) -> FileOutcome:
        """Every movement as a draft."""
        return statement_outcome(statements_of(path, self.book, self.reads), known, self)


def statements_of(
    path: Path, book: Path | None, reads: frozenset[Reads]
) -> tuple[tuple[Statement, ...], Text, Text]:
    """The statements of a file, with its layout's title and how far it is known.

    Raises:
        BadInputError: the file cannot be read.
    """
    if Reads.BANK in reads and is_message(path):
        return (
            read_message(path),
            Text("CAMT.053, MT940", "CAMT.053, MT940"),
            KNOWLEDGE[Knowledge.CODE],
        )
    sheets, found = recognised(path, book)
    profile = next(table.profile for table in found if table.profile.reads in reads)
    wanted = [one for one in profiles_for(book) if one.reads in reads]
    title = Text(profile.title, profile.profile)
    return read_statements(sheets, wanted), title, KNOWLEDGE[profile.knowledge]


def last_day(path: Path, book: Path | None, reads: frozenset[Reads]) -> dt.date | None:
    """The last day that a file's statements speak of."""
    from ledger.problems import BadInputError  # noqa: PLC0415  # used here only

    try:
        statements, _, _ = statements_of(path, book, reads)
    except BadInputError:
        return None
    days = [one.end or (one.lines[-1].date if one.lines else None) for one in statements]
    return max((day for day in days if day), default=None)


def statement_outcome(
    read: tuple[tuple[Statement, ...], Text, Text], known: Known, importer: BookImporter
) -> FileOutcome:
    """Statements as drafts; their rejects and notes go along."""
    statements, title, knowledge = read
    drafts: list[Draft] = []
    places: list[Text] = []
    for statement in statements:
        require_unit(statement, known)
        if not statement.lines:
            continue
        deposit = require_own(statement, known, importer.account_asked)
        places.append(where_to(statement, deposit, known))
        lines = importer.counted(statement.lines)
        drafts += [movement_draft(line, statement, deposit, known) for line in lines]
    return FileOutcome(
        file=statements[0].file if statements else "",
        kind=title,
        knowledge=knowledge,
        read=sum(statement.read for statement in statements),
        drafts=tuple(drafts),
        duplicates=(),
        rejects=tuple(reject for statement in statements for reject in statement.rejects),
        notes=tuple(dict.fromkeys([*places, *(note for one in statements for note in one.notes)])),
        sheets_overlap=True,
    )
