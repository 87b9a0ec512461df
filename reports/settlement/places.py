"""Where a line of the book stands, as every form, check and list names it (chỗ của dòng sổ)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.facts import Facts


class Places:
    """File and line; in a set of several books, with the folder of the book before them.

    Made once of the facts: ``facts.derived(Places)``.
    """

    def __init__(self, facts: Facts) -> None:
        """Know which books there are; of one alone no folder is named."""
        books = list(dict.fromkeys(facts["files"]["book"].astype(str)))
        self._folders = _told_apart(books) if len(books) > 1 else {}

    def file(self, book: str, file: str) -> str:
        """A file of a book; what stands in no book is named as it is."""
        if not book:
            return file
        folder = self._folders.get(book, "")
        return f"{folder}/{relative(file, Path(book).parent)}".removeprefix("/")

    def folder(self, book: str) -> str:
        """The folder by which a book is told from the others."""
        return self._folders.get(book, Path(book).parent.name)

    def of(self, book: str, file: str, line: int) -> str:
        """A line of a file."""
        return f"{self.file(book, file)}:{line}"

    def of_row(self, row: Any) -> str:  # noqa: ANN401  # a row of a frame
        """The line of a row of any frame of the facts."""
        return self.of(str(row["book"]), str(row["file"]), row["line"])


def _told_apart(books: Iterable[str]) -> dict[str, str]:
    """The folder of each book, with as many of those above as it takes to tell all apart."""
    parents = {book: Path(book).parent for book in books}
    for deep in range(1, max(len(one.parts) for one in parents.values())):
        found = {book: Path(*one.parts[-deep:]).as_posix() for book, one in parents.items()}
        if len(set(found.values())) == len(found):
            return found
    return {book: one.name for book, one in parents.items()}  # several in one folder


def relative(file: str, folder: Path) -> str:
    """A file of the book as seen from its folder; one elsewhere by its name alone."""
    path = Path(file)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
