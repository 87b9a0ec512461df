"""Drafts: what a source row proposes for the book, with what is undecided said (bản nháp)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.places import Reject
from ledger.text import Text, dong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from importers.source.places import Place
    from ledger.writing import Copy, NewEntry, NewTransaction

KEY: Final = "import-key"
# Stands in an account's name where the book does not tell the task; the check finds it.
UNKNOWN_TASK: Final = "ChuaRo"
UNKNOWN_ITEM: Final = "TM0000"
DECIDED, UNDECIDED = "*", "!"


class Draft(NamedTuple):
    """What one source row proposes.

    Attributes:
        place: the source row.
        key: its exact identity, kept in the entry's metadata.
        entry: the transaction; None where the book only gains declarations.
        extra: declarations that belong to it.
        undecided: what a person must decide.
        why: what in the book it was modelled on; None where on nothing.
        copies: files to be kept.
        documents: numbers of documents that the row names, normalised.
        shown: what tells the source apart where no row does; empty where the row does.
        replaces: the key of the draft in whose place it stands; empty for most.
    """

    place: Place
    key: str
    entry: NewTransaction | None
    extra: tuple[NewEntry, ...] = ()
    undecided: tuple[Text, ...] = ()
    why: Text | None = None
    copies: tuple[Copy, ...] = ()
    documents: frozenset[str] = frozenset()
    shown: str = ""
    replaces: str = ""

    @property
    def follows(self) -> bool:
        """Whether the row is a part of what another row of the same key proposes."""
        return self.entry is None and not self.extra


class Duplicate(NamedTuple):
    """A source row that is not drafted because it was met before.

    Attributes:
        where: where it stands in the book, or in what is being imported.
        again: whether the book does not have it yet: another row being imported is the same.
    """

    place: Place
    where: str
    again: bool = False


class FileOutcome(NamedTuple):
    """What became of a file: ``read`` is drafts, duplicates and rejects together.

    Attributes:
        file: absolute path.
        kind: what the file was recognised as.
        knowledge: how far its layout is known.
        read: number of source rows.
        drafts: one or more a source row.
        duplicates: source rows that the book has.
        rejects: source rows that become nothing, with the reason.
        notes: what a reader should be told.
        sheets_overlap: whether its sheets may tell the same movements, as two files may.
    """

    file: str
    kind: Text
    knowledge: Text
    read: int
    drafts: tuple[Draft, ...]
    duplicates: tuple[Duplicate, ...]
    rejects: tuple[Reject, ...]
    notes: tuple[Text, ...] = ()
    sheets_overlap: bool = False

    @property
    def parts(self) -> list[list[Draft]]:
        """The drafts of each sheet where they may overlap, else all as one."""
        if not self.sheets_overlap:
            return [list(self.drafts)]
        sheets: dict[str, list[Draft]] = {}
        for draft in self.drafts:
            sheets.setdefault(draft.place.sheet, []).append(draft)
        return list(sheets.values())

    @property
    def repeated(self) -> int:
        """Of the rows that are duplicates, those that the book does not have yet."""
        others = {draft.place for draft in self.drafts} | {one.place for one in self.rejects}
        others |= {one.place for one in self.duplicates if not one.again}
        return len({one.place for one in self.duplicates if one.again} - others)

    @property
    def entries(self) -> int:
        """How many transactions its rows become: a row with a fee is two, an annex is one."""
        return sum(draft.entry is not None for draft in self.drafts)

    def counts(self) -> tuple[int, int, int]:
        """Source rows drafted, met before, rejected; a row counts once."""
        drafted = {draft.place for draft in self.drafts}
        rejected = {reject.place for reject in self.rejects} - drafted
        known = {duplicate.place for duplicate in self.duplicates} - drafted - rejected
        return len(drafted), len(known), len(rejected)


def other_total(where: str, total: int, first: int) -> Text:
    """Why an invoice of a number met before, but of another total, is not drafted.

    Args:
        where: where the number was met first.
        total: the invoice's total, VND.
        first: the total there, VND.
    """
    return Text(
        f"cùng số với hóa đơn ở {where} nhưng tổng {dong(total)} khác {dong(first)}: một trong "
        "hai không phải bản gốc, hỏi lại người bán",
        f"the number of the invoice at {where}, but {dong(total, 'en')} VND and not "
        f"{dong(first, 'en')}: one of them is no original, ask the seller",
    )


def without_replaced(outcomes: Sequence[FileOutcome]) -> tuple[FileOutcome, ...]:
    """Outcomes of files in which no draft is left that one of another file stands in place of."""
    by = {one.replaces: one for found in outcomes for one in found.drafts if one.replaces}
    return tuple(_without(found, by) for found in outcomes) if by else tuple(outcomes)


def _without(outcome: FileOutcome, by: Mapping[str, Draft]) -> FileOutcome:
    kept = tuple(draft for draft in outcome.drafts if draft.key not in by)
    gone = [draft for draft in outcome.drafts if draft.key in by]
    rejects = (Reject(one.place, one.shown, _replaced(by[one.key])) for one in gone)
    return outcome._replace(drafts=kept, rejects=(*outcome.rejects, *rejects))


def _replaced(by: Draft) -> Text:
    return Text(
        f"đã bị thay thế trong lần nhập này bởi {by.shown}",
        f"replaced in this import by {by.shown}",
    )


def all_entries(drafts: Sequence[Draft]) -> list[NewEntry]:
    """Every entry of some drafts; a declaration that two of them need is made once."""
    entries: list[NewEntry] = []
    made: set[object] = set()
    for draft in drafts:
        for extra in draft.extra:
            name = (type(extra), getattr(extra, "account", ""), getattr(extra, "path", ""),
                    getattr(extra, "values", ()))  # fmt: skip
            if name not in made:
                made.add(name)
                entries.append(extra)
        if draft.entry:
            entries.append(draft.entry)
    return entries
