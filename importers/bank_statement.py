"""Statements of banks: XLSX, XLS, HTML named ``.xls``, CSV, CAMT.053, MT940 (sao kê ngân hàng)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from importers.base import NOTHING_ASKED, Asked, SheetImporter
from importers.statement_drafts import last_day, statement_outcome, statements_of
from importers.tables.messages import is_message
from importers.tables.profile import Reads
from ledger.text import Text

if TYPE_CHECKING:
    import datetime as dt

    from importers.draft import FileOutcome
    from importers.known import Known


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

    def propose(self, path: Path, known: Known, asked: Asked = NOTHING_ASKED) -> FileOutcome:
        """Every movement as a draft."""
        return statement_outcome(statements_of(path, self.book, self.reads), known, asked)
