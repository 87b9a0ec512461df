"""What every importer shares: the contract of beangulp, drafts as directives, exact duplicates."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import beangulp
from beancount.core import amount, data
from beancount.parser.grammar import ValueType
from beangulp.extract import DUPLICATE

from importers.draft import KEY, FileOutcome, all_entries
from importers.known import Known
from importers.source.sheets import read_sheets
from importers.tables.profile import Knowledge, Profile, beside, recognise, shipped
from ledger.problems import BadInputError
from ledger.text import Text
from ledger.writing import NewCustom, NewDocument, NewEntry, NewOpen, NewTransaction

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from importers.source.sheets import Sheets
    from importers.tables.profile import Found, Reads
    from ledger.writing import Value

KNOWLEDGE: Final = {
    Knowledge.FILE: Text("theo tệp thật", "from a real file"),
    Knowledge.CODE: Text("theo bộ đọc viết cho tệp thật", "from a parser of real files"),
    Knowledge.SEEN: Text("theo ghi chú về tệp thật", "from notes on real files"),
    Knowledge.FORM: Text("theo mô tả mẫu, chưa gặp tệp thật", "from the form, no file seen"),
    Knowledge.TAUGHT: Text("mẫu của đơn vị", "taught by the unit"),
    Knowledge.GENERIC: Text("nhận theo tiêu đề cột", "by its titles"),
}


_TOLD_EVERY: Final = 1_000
Row = TypeVar("Row")


class Asked(NamedTuple):
    """What whoever imports says of a document beside it.

    Attributes:
        account: the deposit account that statements are of, where they print no number.
        closing: their closing balance as a paper has it, where they print none, VND.
        tell: told, while a long document becomes drafts, how many rows are done.
    """

    account: str = ""
    closing: int | None = None
    tell: Callable[[int], None] | None = None

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, their number told now and then."""
        for number, row in enumerate(rows, 1):
            yield row
            if self.tell and number % _TOLD_EVERY == 0:
                self.tell(number)


NOTHING_ASKED: Final = Asked()


class BookImporter(beangulp.Importer):  # type: ignore[misc]  # published without types
    """An importer of one sort of document.

    Args:
        book: the book; profiles beside it are used.
        files_under: the account under which beangulp files the document.
        for_fava: extract transactions alone, for Fava's import page saves no other directive
            that a draft may bring.

    """

    title: Text
    files_under: str = "Assets:TienGui"

    def __init__(
        self, book: Path | None = None, files_under: str = "", *, for_fava: bool = False
    ) -> None:
        self.book = book
        self.for_fava = for_fava
        self.files_under = files_under or self.files_under

    @abstractmethod
    def propose(self, path: Path, known: Known, asked: Asked = NOTHING_ASKED) -> FileOutcome:
        """Every row of a document as a draft or a reject, duplicates not yet told.

        Args:
            path: the document.
            known: the book.
            asked: what whoever imports says of it.

        Raises:
            BadInputError: the document cannot be used.
        """

    def account(self, filepath: str) -> str:  # noqa: ARG002  # beangulp's contract
        """The account under which the document is filed."""
        return self.files_under

    def date(self, filepath: str) -> dt.date | None:
        """The last day that the document speaks of."""
        outcome = self._quiet(filepath)
        days = [draft.entry.date for draft in outcome.drafts if draft.entry] if outcome else []
        return max(days, default=None)

    def filename(self, filepath: str) -> str:
        """The document's own name, without its folder."""
        return Path(filepath).name

    def extract(self, filepath: str, existing: list[Any]) -> list[Any]:
        """The drafts as directives; the file itself is for beangulp and Fava to keep."""
        outcome = self.propose(Path(filepath), Known(existing or []))
        place = {id(draft.entry): draft.place.row for draft in outcome.drafts if draft.entry}
        wanted = NewTransaction if self.for_fava else (NewTransaction, NewCustom, NewOpen)
        made = [
            directive(entry, filepath, place.get(id(entry), 1))
            for entry in all_entries(outcome.drafts)
            if isinstance(entry, wanted)
        ]
        return list(map(_savable, made)) if self.for_fava else made

    def deduplicate(self, entries: list[Any], existing: list[Any]) -> None:
        """Mark what the book has already, by exact key; an entry of the book counts once."""
        held: dict[str, list[Any]] = {}
        for entry in existing:
            held.setdefault(str(entry.meta.get(KEY, "")), []).append(entry)
        opens = {entry.account: entry for entry in existing if isinstance(entry, data.Open)}
        for entry in entries:
            alike = held.get(str(entry.meta.get(KEY) or "\0"))
            if alike:
                entry.meta[DUPLICATE] = alike.pop()
            elif isinstance(entry, data.Open) and entry.account in opens:
                entry.meta[DUPLICATE] = opens[entry.account]

    def _quiet(self, filepath: str) -> FileOutcome | None:
        try:
            return self.propose(Path(filepath), Known([]))
        except BadInputError:
            return None


class SheetImporter(BookImporter):
    """An importer of files with tables, recognised by their layout."""

    reads: frozenset[Reads]

    def identify(self, filepath: str) -> bool:
        """Whether the file's layout is one of this importer's."""
        try:
            _, found = recognised(Path(filepath), self.book)
        except BadInputError:
            return False
        return any(table.profile.reads in self.reads for table in found)


def profiles_for(book: Path | None) -> tuple[Profile, ...]:
    """Every profile that a book may use, its own first."""
    return (*(beside(book) if book else ()), *shipped())


def recognised(path: Path, book: Path | None) -> tuple[Sheets, list[Found]]:
    """A file with tables and what is recognised in it.

    Raises:
        BadInputError: it cannot be read.
    """
    stat = path.stat() if path.is_file() else None
    stamp = (stat.st_mtime_ns, stat.st_size) if stat else (0, 0)
    sheets = _sheets(path, stamp)
    return sheets, recognise(sheets, profiles_for(book))


@lru_cache(maxsize=2)
def _sheets(path: Path, stamp: tuple[int, int]) -> Sheets:  # noqa: ARG001  # stamp is of the key
    return read_sheets(path)


def directive(entry: NewEntry, file: str, line: int) -> Any:  # noqa: ANN401  # any directive
    """A draft's entry as a directive of Beancount."""
    meta = data.new_metadata(file, line, _meta(entry.meta))
    match entry:
        case NewTransaction():
            postings = [
                data.Posting(
                    posting.account,
                    amount.Amount(Decimal(posting.amount), "VND"),
                    None,
                    None,
                    None,
                    _meta(posting.meta) or None,
                )
                for posting in entry.postings
            ]
            return data.Transaction(
                meta, entry.date, entry.flag, entry.payee or None, entry.narration,
                data.EMPTY_SET, data.EMPTY_SET, postings,
            )  # fmt: skip
        case NewCustom():
            values = [ValueType(_value(value), _dtype(value)) for value in entry.values]
            return data.Custom(meta, entry.date, entry.type, values)
        case NewDocument():
            return data.Document(
                meta, entry.date, entry.account, entry.path, data.EMPTY_SET, data.EMPTY_SET
            )
        case NewOpen():
            return data.Open(meta, entry.date, entry.account, ["VND"], None)


def _savable(entry: Any) -> Any:  # noqa: ANN401  # a transaction of Beancount
    """A transaction without figures in its metadata, which Fava's page cannot write back."""
    kept = {key: value for key, value in entry.meta.items() if not isinstance(value, Decimal)}
    return entry._replace(meta=kept)


def _meta(meta: Mapping[str, Value]) -> dict[str, Any]:
    return {key: _value(value) for key, value in meta.items() if value != ""}


def _value(value: Value) -> Any:  # noqa: ANN401  # a value of Beancount
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _dtype(value: Value) -> Any:  # noqa: ANN401  # types as Beancount's grammar gives them
    return type(_value(value))
