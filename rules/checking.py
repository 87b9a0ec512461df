"""Check books: from their paths to the outcome, from the store where nothing changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.problems import BadInputError, Problem
from ledger.store import Store, files_digest, folder_digest
from ledger.text import Text, split_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ledger.facts import Facts
    from ledger.store import StoredFacts
    from rules.finding import Outcome
    from rules.law import Law

_PACKAGE = Path(__file__).parent
# The folder beside a book that holds the unit's own norm files.
OWN_NORMS = "norms"


class NoProgrammeError(BadInputError):
    """The book is a book, but declares no programme, so that there is nothing to check it by."""

    def __init__(self, main: str) -> None:
        super().__init__(
            [
                Problem(
                    main,
                    1,
                    Text(
                        "sổ này không khai báo chương trình nào, nên không có gì để kiểm tra",
                        "this book declares no programme, so there is nothing to check it by",
                    ),
                    Text(
                        'thêm dòng custom "programme" …, hoặc lập sổ mới bằng «cnht init THƯ_MỤC»',
                        'add a custom "programme" … directive, or start with “cnht init FOLDER”',
                    ),
                )
            ]
        )


class Switches(NamedTuple):
    """What of the books is obeyed, and what an auditor adds; each changes the outcome.

    Attributes:
        allow_plugins: run every plugin that the books name.
        book_waivers: obey the waivers that the books bring with them.
        book_norms: use the norm files that stand beside the books.
        waivers: files of the auditor's own waivers.
    """

    allow_plugins: bool = False
    book_waivers: bool = True
    book_norms: bool = True
    waivers: tuple[Path, ...] = ()


class Loaded(NamedTuple):
    """Books loaded together, and the law that they name."""

    facts: Facts
    law: Law
    left_out: tuple[Text, ...]


def check_books(
    mains: Sequence[Path],
    as_of: dt.date,
    *,
    store: Store | None = None,
    switches: Switches = Switches(),  # noqa: B008  # it never changes
) -> Outcome:
    """Run every rule over books given together.

    Args:
        mains: top files, as ``ledger.location.find_book`` gives them.
        as_of: what is dated later is not seen.
        store: where outcomes and facts are kept between runs; None works afresh.
        switches: what of the books is obeyed, and what is added.

    Raises:
        BadInputError: a book, a norm file or a file of waivers cannot be used.
    """
    from rules import finding  # noqa: PLC0415  # light, but not needed to import this module

    if store is None:
        return _run(mains, as_of, None, switches)
    key = _outcome_key(mains, as_of, store, switches)
    path = store.outcome_path(mains)
    kept = store.read_json(path) if key else None
    if kept is not None:
        try:
            if kept["key"] == key:
                return finding.from_json(kept["outcome"])
        except (KeyError, TypeError, ValueError):
            pass
    outcome = _run(mains, as_of, store, switches)
    key = _outcome_key(mains, as_of, store, switches)
    store.write_json(path, {"key": key, "outcome": finding.to_json(outcome)})
    return outcome


def load_books(
    mains: Sequence[Path],
    store: Store | None = None,
    *,
    allow_plugins: bool = False,
    book_norms: bool = True,
) -> Loaded:
    """Facts of books together, and the law that their programmes and norm files make.

    Raises:
        BadInputError: a book or a norm file cannot be used, or a book declares no programme.
    """
    from ledger.facts import join  # noqa: PLC0415  # pandas; not needed where an outcome is kept
    from ledger.loading import load_facts  # noqa: PLC0415  # as above

    stored = [load_facts(main, store, allow_plugins=allow_plugins) for main in mains]
    for main, one in zip(mains, stored, strict=True):
        if one.facts["programme"].empty:
            raise NoProgrammeError(str(main))
    facts = join([one.facts for one in stored])
    law = law_of(facts, mains if book_norms else ())
    return Loaded(facts, law, _left_out(stored))


def law_of(facts: Facts, mains: Sequence[Path]) -> Law:
    """The law that the programmes of the books name, with the norm files beside ``mains``."""
    from rules.law import load_law  # noqa: PLC0415  # pydantic; as above

    named = facts["programme"]["instruments"].astype(str)
    packs = sorted({pack for words in named for pack in split_list(words)})
    return load_law(packs, [file for main in mains for file in own_norm_files(main)])


def own_norm_files(main: Path) -> list[Path]:
    """The norm files that stand beside a book."""
    return sorted((main.parent / OWN_NORMS).glob("*.yaml"))


def _run(mains: Sequence[Path], as_of: dt.date, store: Store | None, switches: Switches) -> Outcome:
    from ledger.beans import read_waivers  # noqa: PLC0415  # as above
    from rules.run import run  # noqa: PLC0415  # as above
    from rules.waivers import own_waivers  # noqa: PLC0415  # as above

    own = own_waivers([item for path in switches.waivers for item in read_waivers(path)])
    loaded = load_books(
        mains, store, allow_plugins=switches.allow_plugins, book_norms=switches.book_norms
    )
    return run(
        loaded.facts,
        loaded.law,
        as_of,
        left_out=loaded.left_out,
        waivers=own,
        obey_book_waivers=switches.book_waivers,
    )


def _left_out(stored: Sequence[StoredFacts]) -> tuple[Text, ...]:
    return tuple(text for one in stored for text in one.left_out)


def _outcome_key(
    mains: Sequence[Path], as_of: dt.date, store: Store, switches: Switches
) -> str | None:
    """Key of a run's outcome; None where a book was never read or a file is not there."""
    digest = hashlib.sha256(f"{as_of} {folder_digest(_PACKAGE)}".encode())
    digest.update(f"{switches.book_waivers} {switches.book_norms}".encode())
    try:
        digest.update(files_digest(path.resolve() for path in switches.waivers).encode())
    except OSError:
        return None
    for main in mains:
        key = store.book_key(main, allow_plugins=switches.allow_plugins)
        if key is None:
            return None
        norms = own_norm_files(main) if switches.book_norms else []
        digest.update(f"{key} {files_digest(norms)}".encode())
    return digest.hexdigest()
