"""From a book's path to its facts: from the store where it is unchanged, else by reading it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ledger.store import Reading, Store, StoredFacts, reading_key, touched_since

if TYPE_CHECKING:
    from pathlib import Path


def load_facts(
    main: Path, store: Store | None = None, *, allow_plugins: bool = False
) -> StoredFacts:
    """The facts of one book.

    Args:
        main: the top file, as ``ledger.location.find_book`` gives it.
        store: where facts are kept between runs; None reads the book afresh and keeps nothing.
        allow_plugins: run every plugin that the book names; nothing is then kept.

    Raises:
        BadInputError: the book cannot be read.
    """
    if store is None or allow_plugins:
        return _read(main, allow_plugins=allow_plugins)[0]
    key = store.book_key(main)
    found = store.read_facts(main, key) if key else None
    if found is not None:
        return found
    started = time.time_ns()
    stored, reading = _read(main, allow_plugins=False)
    if touched_since(reading.files, started):
        return stored
    stored = stored._replace(key=reading_key(main, reading))
    store.remember(main, reading, stored)
    return stored


def _read(main: Path, *, allow_plugins: bool) -> tuple[StoredFacts, Reading]:
    from ledger.beans import collector_off, load_book  # noqa: PLC0415  # not needed from the store
    from ledger.extract import BookEntries, extract  # noqa: PLC0415  # as above

    with collector_off():
        book = load_book(main, allow_plugins=allow_plugins)
        facts = extract(BookEntries(book.main, book.entries, book.errors, book.files))
    reading = Reading(book.files, book.patterns, book.document_folders, book.documents)
    return StoredFacts(facts, book.left_out), reading
