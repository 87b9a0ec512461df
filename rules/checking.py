"""Check books: from their paths to the outcome, from the store where nothing changed."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.problems import BadInputError, Problem, refusal
from ledger.store import Store, files_digest, folder_digest
from ledger.text import Text, split_list
from ledger.written import as_written
from rules.finding import with_effects
from rules.own_files import (
    named_norm_files,
    own_code_files,
    own_files_left_out,
    own_norm_files,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ledger.facts import Facts
    from rules.finding import Outcome
    from rules.law import Law
    from rules.waivers import Waiver

_PACKAGE = Path(__file__).parent
# Frames whose column ``unit`` holds the words by which a book counts.
_COUNTED = ("quantities", "expected_outputs")


class NoProgrammeError(BadInputError):
    """The book is a book, but declares no programme, so that there is nothing to check it by.

    Attributes:
        main: its top file.
    """

    def __init__(self, main: str) -> None:
        self.main = main
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
    """What of the audited books is obeyed, and what the auditor adds; each changes the outcome.

    Attributes:
        book_waivers: obey the waivers that the books bring with them.
        book_norms: use the norm files that stand beside the books.
        waivers: files of the auditor's own waivers.
        norms: the auditor's own norm files, or folders that hold them.
    """

    book_waivers: bool = True
    book_norms: bool = True
    waivers: tuple[Path, ...] = ()
    norms: tuple[Path, ...] = ()

    @property
    def key(self) -> str:
        """What tells one set of switches from another; files by name, not by content."""
        names = [[str(path.resolve()) for path in paths] for paths in (self.waivers, self.norms)]
        return "" if self == Switches() else repr((self.book_waivers, self.book_norms, *names))


class Loaded(NamedTuple):
    """Books loaded together, and the law that they name.

    Attributes:
        keys: what the facts of each book were made of; empty where nothing may be kept of it.
    """

    facts: Facts
    law: Law
    left_out: tuple[Text, ...]
    keys: tuple[str, ...]


def check_books(
    mains: Sequence[Path],
    as_of: dt.date,
    *,
    store: Store | None = None,
    allow_plugins: bool = False,
    switches: Switches = Switches(),  # noqa: B008  # it never changes
) -> Outcome:
    """Run every rule over books given together.

    Args:
        mains: top files, as ``ledger.location.find_book`` gives them.
        as_of: what is dated later is not seen.
        store: where outcomes and facts are kept between runs; None works afresh.
        allow_plugins: run every plugin that the books name; nothing is then kept.
        switches: what of the books is obeyed, and what the auditor adds.

    Raises:
        BadInputError: a book, a norm file or a file of waivers cannot be used.
    """
    from rules import finding  # noqa: PLC0415  # light, but not needed to import this module

    mains = list(dict.fromkeys(mains))
    if store is None or allow_plugins:
        own = _own_waivers(switches)
        loaded = load_books(
            mains,
            allow_plugins=allow_plugins,
            book_norms=switches.book_norms,
            norms=switches.norms,
        )
        return _run(loaded, mains, as_of, switches, own)
    rules_key = _rules_key(mains, as_of, switches)
    path = store.outcome_path(mains, switches.key)
    keys = [store.book_key(main) for main in mains]
    kept = store.read_json(path)
    try:
        if None not in keys and kept["key"] == [rules_key, *keys]:
            return finding.from_json(kept["outcome"])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        pass  # damaged, or of another make: made anew
    own = _own_waivers(switches)
    loaded = load_books(mains, store, book_norms=switches.book_norms, norms=switches.norms)
    outcome = _run(loaded, mains, as_of, switches, own)
    if all(loaded.keys) and rules_key == _rules_key(mains, as_of, switches):
        store.write_json(
            path, {"key": [rules_key, *loaded.keys], "outcome": finding.to_json(outcome)}
        )
    return outcome


def load_books(
    mains: Sequence[Path],
    store: Store | None = None,
    *,
    allow_plugins: bool = False,
    book_norms: bool = True,
    norms: Sequence[Path] = (),
) -> Loaded:
    """Facts of books together, and the law that their programmes and norm files make.

    Args:
        mains: top files, as ``ledger.location.find_book`` gives them.
        store: where facts are kept between runs; None reads afresh.
        allow_plugins: run every plugin that the books name.
        book_norms: use the norm files that stand beside the books.
        norms: the auditor's own norm files, or folders that hold them.

    Raises:
        BadInputError: a book or a norm file cannot be used, or a book declares no programme.
    """
    from ledger.facts import join  # noqa: PLC0415  # pandas; not needed where an outcome is kept
    from ledger.loading import load_facts  # noqa: PLC0415  # as above

    stored = [load_facts(main, store, allow_plugins=allow_plugins) for main in mains]
    for main, one in zip(mains, stored, strict=True):
        if one.facts["programme"].empty:
            raise NoProgrammeError(str(main))
    _refuse_same_book(mains, [one.facts for one in stored])
    facts = join([one.facts for one in stored])
    left_out = (
        *(text for one in stored for text in one.left_out),
        *(text for main in mains for text in own_files_left_out(main)),
    )
    law = law_of(facts, mains if book_norms else (), named_norm_files(norms))
    return Loaded(facts, law, left_out, tuple(one.key for one in stored))


def _refuse_same_book(mains: Sequence[Path], facts: Sequence[Facts]) -> None:
    """A book given twice, be it as a copy, would make every support in it a doubled one."""
    if len(mains) < 2:  # noqa: PLR2004  # of one book alone
        return
    seen: dict[str, Path] = {}
    for main, one in zip(mains, facts, strict=True):
        digest = _content_digest(main, one)
        other = seen.setdefault(digest, main)
        if other is not main:
            raise refusal(
                Text(
                    f"sổ này giống hệt «{other}»: hai sổ là một, mọi khoản sẽ thành trùng nhau",
                    f"this book is the same as “{other}”: everything would be found doubled",
                ),
                Text("nêu mỗi sổ một lần", "name each book once"),
                file=str(main),
            )


def _content_digest(main: Path, facts: Facts) -> str:
    """Digest of a book's files, wherever they lie."""
    folder = main.parent.resolve()
    digest = hashlib.sha256()
    files = sorted(Path(str(file)).resolve() for file in facts["files"]["file"])
    for file in files:
        digest.update(f"{os.path.relpath(file, folder)}\0".encode("utf-8", "surrogateescape"))
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def law_of(facts: Facts, mains: Sequence[Path], auditor: Sequence[Path] = ()) -> Law:
    """The law that the programmes of the books name, with the norm files beside ``mains``.

    Args:
        facts: of the books.
        mains: top files of the books whose own norm files are used.
        auditor: an auditor's own norm files.
    """
    from rules.law import (  # noqa: PLC0415  # pydantic; as above
        load_law,
        refuse_unknown_packs,
        shipped_packs,
    )
    from rules.rows import text_values  # noqa: PLC0415  # pandas; as above

    _refuse_own_norms_of_several(mains)
    named = facts["programme"][["instruments", "file", "line"]].astype({"instruments": "str"})
    for row in named.itertuples(index=False):
        wanted = set(split_list(str(row.instruments)))
        line = as_written(str(row.file), int(str(row.line)), "instruments").line
        refuse_unknown_packs(wanted, set(shipped_packs()), str(row.file), line)
    packs = sorted({pack for words in named["instruments"] for pack in split_list(words)})
    norms = [file for main in mains for file in own_norm_files(main)]
    codes = [file for main in mains for file in own_code_files(main)]
    counted = {unit for name in _COUNTED for unit in text_values(facts[name]["unit"])}
    return load_law(packs, norms, codes, counted, auditor)


def _refuse_own_norms_of_several(mains: Sequence[Path]) -> None:
    """One book's own norms must not judge another book."""
    own = [main for main in mains if own_norm_files(main)]
    if own and len(mains) > 1:
        raise refusal(
            Text(
                "sổ có định mức riêng thì không kiểm tra chung với sổ khác được",
                "a book with norms of its own cannot be checked together with others",
            ),
            Text("kiểm tra từng sổ một", "check one book at a time"),
            file=str(own_norm_files(own[0])[0]),
            line=1,
        )


def _own_waivers(switches: Switches) -> list[Waiver]:
    """The auditor's own waivers: a file that cannot be used is refused before the work."""
    if not switches.waivers:
        return []
    from ledger.beans import read_waivers  # noqa: PLC0415  # Beancount; not needed without a file
    from rules.waivers import own_waivers  # noqa: PLC0415  # as above

    return own_waivers([item for path in switches.waivers for item in read_waivers(path)])


def _run(
    loaded: Loaded, mains: Sequence[Path], as_of: dt.date, switches: Switches, own: list[Waiver]
) -> Outcome:
    from rules.run import run  # noqa: PLC0415  # as above

    left_out = [*loaded.left_out, *_norms_left_out(mains, switches)]
    outcome = run(
        loaded.facts,
        loaded.law,
        as_of,
        left_out=left_out,
        waivers=own,
        obey_book_waivers=switches.book_waivers,
    )
    return _with_loosening(outcome, loaded, as_of)


def _with_loosening(outcome: Outcome, loaded: Loaded, as_of: dt.date) -> Outcome:
    """What loosened figures keep from being found: the rules are run again without them.

    A looser figure leaves no trace among the findings, so that only the other run can tell it.
    """
    from rules.run import run  # noqa: PLC0415  # as above

    loosened = {one.norm for one in outcome.own_figures if one.loosened}
    if not loosened:
        return outcome
    strict = run(loaded.facts, loaded.law.as_shipped(loosened), as_of, obey_book_waivers=False)
    return dataclasses.replace(outcome, own_figures=with_effects(outcome, strict))


def _norms_left_out(mains: Sequence[Path], switches: Switches) -> list[Text]:
    if switches.book_norms:
        return []
    # Beside the book: where the command stood must not be remembered with the outcome.
    files = [f"{f.parent.name}/{f.name}" for main in mains for f in own_norm_files(main)]
    return [
        Text(
            f"định mức cạnh sổ, theo yêu cầu (--no-book-norms): {file}",
            f"norms beside the book, as asked (--no-book-norms): {file}",
        )
        for file in files
    ]


def _rules_key(mains: Sequence[Path], as_of: dt.date, switches: Switches) -> str:
    """What an outcome depends on besides the books: rules, norms, day, switches, own waivers.

    Raises:
        OSError: a file of waivers cannot be read.
    """
    digest = hashlib.sha256(f"{as_of} {folder_digest(_PACKAGE)} {switches.key}".encode())
    own = [*switches.waivers, *named_norm_files(switches.norms)]
    digest.update(files_digest(path.resolve() for path in own).encode())
    for main in mains:
        digest.update(files_digest([*own_norm_files(main), *own_code_files(main)]).encode())
        digest.update(repr(own_files_left_out(main)).encode())
    return digest.hexdigest()
