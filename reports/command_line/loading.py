"""Books that a command works on, from the store where nothing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.command_line.telling import say_left_out

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ledger.store import Store
    from reports.command_line.options import Lang
    from rules.checking import Loaded
    from rules.law import Law


def store_unless(*, no_cache: bool) -> Store | None:
    """The store of what was read before, unless the user wants everything read anew."""
    from ledger.store import open_store

    return None if no_cache else open_store()


def loaded(
    books: Iterable[Path], lang: Lang, *, no_cache: bool, allow_plugins: bool = False
) -> Loaded:
    """The facts and the law of books; what of them was not obeyed is told."""
    from ledger.location import find_book
    from rules.checking import load_books

    mains = [find_book(book) for book in books]
    found = load_books(mains, store_unless(no_cache=no_cache), allow_plugins=allow_plugins)
    say_left_out(found.left_out, lang)
    return found


def whole_law() -> Law:
    """Every pack that ships."""
    from rules.law import load_law, shipped_packs

    return load_law(shipped_packs())
