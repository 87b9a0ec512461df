"""Import files into a book: recognise, draft, tell duplicates, plan what to write (nhập tệp)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.allotment_decision import AllotmentDecision
from importers.bank_statement import BankStatement
from importers.base import Asked, profiles_for, recognised
from importers.draft import all_entries, without_replaced
from importers.duplicates import Seen
from importers.einvoice import EInvoice
from importers.journal_export import JournalExport
from importers.known import Known
from importers.source.cells import text_of
from importers.source.files import file_refusal, form_of, read_bytes
from importers.tables.profile import HEADER_WITHIN
from importers.treasury_statement import TreasuryStatement
from ledger.beans import load_book
from ledger.problems import BadInputError, Problem
from ledger.text import Text, joined
from ledger.writing import Change, Copy, changes_for, write_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from importers.base import BookImporter
    from importers.draft import FileOutcome
    from importers.source.sheets import Sheets

_KINDS: Final[tuple[type[BookImporter], ...]] = (
    TreasuryStatement,
    BankStatement,
    EInvoice,
    AllotmentDecision,
    JournalExport,
)
_SHOWN_TITLES: Final = 12


class Import(NamedTuple):
    """What importing some files would do.

    Attributes:
        book: the top file.
        outcomes: one a file, in the order given.
        changes: files of the book as they would be.
        copies: documents that would be kept beside it.
        left_out: what of the book was not obeyed.
    """

    book: Path
    outcomes: tuple[FileOutcome, ...]
    changes: tuple[Change, ...]
    copies: tuple[Copy, ...]
    left_out: tuple[Text, ...]

    def write(self) -> None:
        """Write everything or nothing.

        Raises:
            BadInputError: a file of the book has changed since.
        """
        write_changes(self.changes, self.copies, self.book.parent)


def plan_import(  # noqa: PLR0913  # the book, the files, and what they do not say
    book: Path,
    paths: Sequence[Path],
    *,
    account: str = "",
    closing: int | None = None,
    allow_plugins: bool = False,
    progress: Callable[[str, int, int, int], None] | None = None,
) -> Import:
    """Read files and say what they would add to a book; nothing is written.

    Args:
        book: the top file, as ``ledger.location.find_book`` gives it.
        paths: files, or folders and ZIPs of invoices.
        account: the deposit account that statements are of, where they print no number.
        closing: their closing balance as a paper has it, where they print none, VND.
        allow_plugins: run every plugin that the book names.
        progress: told of each file before it is read, and of a long one now and then: its name,
            its number, how many there are, rows done.

    Raises:
        BadInputError: the book or a file cannot be used.
    """
    read = load_book(book, allow_plugins=allow_plugins)
    known = Known(read.entries)
    seen = Seen(known)
    profiles_for(book)  # one that cannot be read is told, not taken for an unknown file
    ours = importers(book)
    outcomes: list[FileOutcome] = []
    problems: list[Problem] = []
    for number, path in enumerate(paths, 1):
        tell = partial(progress, path.name, number, len(paths)) if progress else None
        if tell:
            tell(0)
        try:
            importer = importer_of(path, ours)
            outcomes.append(seen.told(importer.propose(path, known, Asked(account, closing, tell))))
        except BadInputError as error:
            problems += error.problems
    if problems and len(paths) > 1:
        problems.append(_none_of(len(paths), len(outcomes)))
    if problems:
        raise BadInputError(problems)
    outcomes = list(without_replaced(outcomes))
    drafts = [draft for outcome in outcomes for draft in outcome.drafts]
    entries = all_entries(drafts)
    return Import(
        book,
        tuple(outcomes),
        tuple(changes_for(book, read.files, entries)),
        tuple(copy for draft in drafts for copy in draft.copies),
        read.left_out,
    )


def _none_of(read: int, good: int) -> Problem:
    """What is said below the problems of one file of several."""
    text = Text(
        f"đọc {read} tệp, dùng được {good}; còn tệp hỏng nên không tệp nào được nhập",
        f"{read} files read, {good} usable; as one is not, none is imported",
    )
    remedy = Text("sửa hoặc bỏ tệp hỏng rồi chạy lại", "mend it or leave it out, then run again")
    return Problem("", 0, text, remedy)


def importers(book: Path | None = None, *, for_fava: bool = False) -> tuple[BookImporter, ...]:
    """Every importer of a book, for beangulp's ``Ingest`` or Fava's import page."""
    return tuple(kind(book, for_fava=for_fava) for kind in _KINDS)


def importer_of(path: Path, ours: Sequence[BookImporter]) -> BookImporter:
    """The importer of a file.

    Raises:
        BadInputError: the file cannot be read, or nothing recognises it.
    """
    if path.is_dir():  # only invoices come as a folder
        return next(one for one in ours if isinstance(one, EInvoice))
    content = read_bytes(path)
    for one in ours:
        if one.identify(str(path)):
            return one
    form = form_of(content)
    if form in {"xlsx", "xls", "html", "csv"}:
        sheets, _ = recognised(path, None)  # what keeps it from being read at all is told first
        told = Text(
            f"không nhận ra loại tệp; dòng giống tiêu đề nhất: {_likeliest(sheets)}",
            f"an unknown layout; the row most like a header: {_likeliest(sheets)}",
        )
        raise file_refusal(
            path,
            joined((told, *sheets.hidden), "; "),
            Text(
                "chạy lại với --teach để chỉ cột nào là gì, một lần",
                "run again with --teach to say which column is what, once",
            ),
        )
    if form == "pdf":
        raise file_refusal(
            path,
            Text("tệp PDF không nhập được", "a PDF cannot be imported"),
            Text(
                "sao kê, bảng đối chiếu: xuất lại từ trang của Kho bạc, ngân hàng dạng Excel hoặc "
                "CSV; hóa đơn: tải tệp XML",
                "export the statement again as Excel or CSV; of an invoice download the XML",
            ),
        )
    raise file_refusal(
        path,
        Text("không nhận ra loại tệp", "an unknown kind of file"),
        Text(
            "dùng tệp Excel, CSV của kho bạc, ngân hàng; XML, ZIP của hóa đơn; CAMT.053, MT940",
            "use Excel or CSV of a treasury or bank; XML or ZIP of invoices; CAMT.053, MT940",
        ),
    )


def _likeliest(sheets: Sheets) -> str:
    rows = [row for sheet in sheets.sheets for row in sheet.rows[:HEADER_WITHIN]]
    best = max(rows, key=lambda row: sum(isinstance(c, str) and bool(c.strip()) for c in row))
    words = [text_of(cell) for cell in best if text_of(cell)]
    return " · ".join(words[:_SHOWN_TITLES])[:300]
