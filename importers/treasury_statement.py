"""Tables and account statements of the State Treasury (chứng từ, bảng đối chiếu của Kho bạc)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from importers.base import NOTHING_ASKED, Asked, SheetImporter
from importers.source.places import Reject
from importers.statement_drafts import last_day, statement_outcome, statements_of
from importers.tables.profile import Reads
from ledger.text import Text

if TYPE_CHECKING:
    import datetime as dt

    from importers.draft import FileOutcome
    from importers.known import Known

_FIGURE = Text(
    "số liệu đối chiếu, không phải giao dịch: dùng cnht reconcile",
    "a figure to agree with, no transaction: use cnht reconcile",
)


class TreasuryStatement(SheetImporter):
    """Movements at the treasury; its forms of figures are recognised and left to reconciliation."""

    reads = frozenset({Reads.TREASURY, Reads.ESTIMATE, Reads.SPENDING, Reads.BALANCES})
    title = Text("sao kê, bảng đối chiếu của Kho bạc", "treasury statement")

    def date(self, filepath: str) -> dt.date | None:
        """The last day of the statement."""
        return last_day(Path(filepath), self.book, self.reads)

    def propose(self, path: Path, known: Known, asked: Asked = NOTHING_ASKED) -> FileOutcome:
        """Every movement as a draft, every figure of a form as a reject that says where to go."""
        read = statements_of(path, self.book, self.reads)
        figures = [
            Reject(row.place, row.label or row.kind_item, _FIGURE)
            for statement in read[0]
            for row in statement.figures
        ]
        outcome = statement_outcome(read, known, asked)
        return outcome._replace(rejects=(*outcome.rejects, *figures))
