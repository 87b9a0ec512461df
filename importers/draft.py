"""Drafts: what a source row proposes for the book, with what is undecided said (bản nháp)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.statement import Place, Reject
    from ledger.text import Text
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
    """

    place: Place
    key: str
    entry: NewTransaction | None
    extra: tuple[NewEntry, ...] = ()
    undecided: tuple[Text, ...] = ()
    why: Text | None = None
    copies: tuple[Copy, ...] = ()


class Duplicate(NamedTuple):
    """A source row that the book has already, and where."""

    place: Place
    where: str


class Outcome(NamedTuple):
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
    """

    file: str
    kind: Text
    knowledge: Text
    read: int
    drafts: tuple[Draft, ...]
    duplicates: tuple[Duplicate, ...]
    rejects: tuple[Reject, ...]
    notes: tuple[Text, ...] = ()

    def counts(self) -> tuple[int, int, int]:
        """Source rows drafted, in the book already, rejected; a row counts once."""
        drafted = {draft.place for draft in self.drafts}
        rejected = {reject.place for reject in self.rejects} - drafted
        known = {duplicate.place for duplicate in self.duplicates} - drafted - rejected
        return len(drafted), len(known), len(rejected)


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
