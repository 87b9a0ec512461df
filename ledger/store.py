"""What is remembered between runs, in the user's cache folder (bộ nhớ đệm).

A book is known again by the content of every file it was read from, by what its include patterns
match and its document folders hold, by which of its documents are there, and by the programs
that read it. What a book's own plugins made is not kept: nobody knows what they read. JSON and
DuckDB only; a stale or damaged file is made anew in silence and never trusted.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import stat
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import platformdirs

from ledger.includes import matches, unreached
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.facts import Facts

FOLDER_VARIABLE: Final = "CNHT_CACHE_DIR"
_PACKAGE = Path(__file__).parent
_META = "_meta"


class Reading(NamedTuple):
    """What a book was read from, so that a change of any of it is noticed.

    Attributes:
        files: every file read, absolute.
        patterns: include patterns as (folder, pattern).
        document_folders: as the book writes them.
        documents: paths that ``document`` directives name, absolute.
    """

    files: tuple[str, ...]
    patterns: tuple[tuple[str, str], ...]
    document_folders: tuple[str, ...]
    documents: tuple[str, ...]


class StoredFacts(NamedTuple):
    """Facts with what of the book was not obeyed.

    Attributes:
        key: what these facts were made of; empty where a file changed while it was read.
    """

    facts: Facts
    left_out: tuple[Text, ...]
    key: str = ""


class Store:
    """The cache folder of one user.

    Nothing depends on it: what cannot be read is as if it were not there, and what cannot be
    written is not kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or default_folder()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def book_key(self, main: Path) -> str | None:
        """The key of a book read before, as it stands now; None where it was never read."""
        manifest = self.read_json(self._path(main, "manifest.json"))
        try:
            reading = Reading(
                tuple(manifest["files"]),
                tuple((folder, pattern) for folder, pattern in manifest["patterns"]),
                tuple(manifest["document_folders"]),
                tuple(manifest["documents"]),
            )
            return reading_key(main, reading)
        except (TypeError, KeyError, ValueError, AttributeError, OSError):
            return None

    def remember(self, main: Path, reading: Reading, stored: StoredFacts) -> None:
        """Keep what a book was read from, and its facts."""
        self.write_json(self._path(main, "manifest.json"), reading._asdict())
        self._write_facts(main, stored)

    def read_facts(self, main: Path, key: str) -> StoredFacts | None:
        """The facts stored under a key; None where there are none or they are damaged."""
        import duckdb  # noqa: PLC0415  # heavy, and not needed where an outcome answers

        path = self._path(main, "facts.duckdb")
        if not path.is_file():
            return None
        try:
            with contextlib.closing(duckdb.connect(str(path), read_only=True)) as connection:
                return _facts_from(connection, key)
        except (duckdb.Error, ValueError, KeyError, TypeError, AttributeError, OSError):
            return None

    def _write_facts(self, main: Path, stored: StoredFacts) -> None:
        import duckdb  # noqa: PLC0415  # as above

        path = self._path(main, "facts.duckdb")
        with (
            contextlib.suppress(duckdb.Error, UnicodeError, OSError),
            written_beside(path) as fresh,
        ):
            fresh.unlink()
            with contextlib.closing(duckdb.connect(str(fresh))) as connection:
                _facts_into(connection, stored)

    def outcome_path(self, mains: Sequence[Path], manner: str = "") -> Path:
        """Where the outcome of a run over these books, in one manner, is kept."""
        marks = (*map(str, mains), *([manner] if manner else []))
        return self.folder / f"{_name(*marks)}.outcome.json"

    def _path(self, main: Path, kind: str) -> Path:
        return self.folder / f"{_name(str(main))}.{kind}"

    def read_json(self, path: Path) -> Any:  # noqa: ANN401  # JSON
        """JSON of the folder; None where there is none or it is damaged."""
        try:
            return json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def write_json(self, path: Path, content: object) -> None:
        """Keep JSON, written beside and renamed."""
        with contextlib.suppress(UnicodeError, OSError), written_beside(path) as fresh:
            fresh.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def open_store() -> Store | None:
    """The user's store; None where its folder cannot be made or written."""
    try:
        store = Store()
    except OSError:
        return None
    return store if os.access(store.folder, os.W_OK) else None


def touched_since(files: Iterable[str], moment: int) -> bool:
    """Whether a file was written after a moment (ns), so that what was read of it may be old."""
    return any(Path(file).stat().st_mtime_ns >= moment for file in files)


def default_folder() -> Path:
    """The user's cache folder for this program."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("cnht-ledger")


def reading_key(main: Path, reading: Reading) -> str:
    """The key of a book's facts: everything that they depend on.

    Raises:
        OSError: a file is gone.
    """
    digest = hashlib.sha256()
    _add(digest, importlib.metadata.version("beancount"), str(main))
    _add(digest, folder_digest(_PACKAGE))
    for file in reading.files:
        _add(digest, file, files_digest([Path(file)]))
    for folder, pattern in reading.patterns:
        _add(digest, folder, pattern, *matches(folder, pattern, main.parent).paths)
    for name in reading.document_folders:
        tree = (main.parent / name).rglob("*")
        _add(digest, name, *sorted(str(path) for path in tree))
    for path in reading.documents:
        _add(digest, path, str(os.path.exists(path)))  # noqa: PTH110  # thousands of them, fast
    beside = unreached(main, set(reading.files))
    _add(digest, "unreached", str(beside.whole), *beside.names)
    return digest.hexdigest()


def folder_digest(folder: Path) -> str:
    """Digest of the code and data of one of our packages."""
    wanted = (p for p in folder.rglob("*") if p.suffix in {".py", ".yaml"})
    return files_digest(sorted(wanted), root=folder)


def files_digest(paths: Iterable[Path], root: Path | None = None) -> str:
    """Digest of files, names and content."""
    digest = hashlib.sha256()
    for path in paths:
        name = path.relative_to(root) if root else path
        with path.open("rb") as file:
            _add(digest, str(name), hashlib.file_digest(file, "sha256").hexdigest())
    return digest.hexdigest()


def _add(digest: Any, *words: str) -> None:  # noqa: ANN401  # hashlib names no type
    for word in words:
        # A file name that is no UTF-8 is a name all the same.
        digest.update(word.encode("utf-8", "surrogateescape"))
        digest.update(b"\0")


def _name(*marks: str) -> str:
    digest = hashlib.sha256()
    _add(digest, *marks)
    return digest.hexdigest()[:24]


@contextlib.contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """A fresh file in the same folder that takes the path's place when all went well.

    A link is followed, and what is no ordinary file (a terminal, ``/dev/null``) is written as
    it is. A file that is there keeps its rights: what its owner alone may read stays so.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        yield path
        return
    with fresh_beside(path) as fresh:
        yield fresh
        if path.exists():
            fresh.chmod(stat.S_IMODE(path.stat().st_mode))
        fresh.replace(path)


@contextlib.contextmanager
def fresh_beside(path: Path) -> Iterator[Path]:
    """A fresh file beside a path, as its owner alone may read it where that is so of the path.

    It is gone in the end, unless it was put into the place of another.
    """
    # Made by an ordinary open, so that the file has the rights that the user's files have.
    fresh = path.with_name(f"{path.name}.{uuid.uuid4().hex}.new")
    fresh.touch(exist_ok=False)
    try:
        if path.exists():
            fresh.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IWUSR)
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


def _facts_into(connection: Any, stored: StoredFacts) -> None:  # noqa: ANN401  # duckdb
    for name, frame in stored.facts.frames.items():
        connection.register("incoming", frame)
        connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')  # noqa: S608  # our names
        connection.unregister("incoming")
    connection.execute(f"CREATE TABLE {_META} (key VARCHAR, left_out VARCHAR)")
    row = [stored.key, json.dumps(stored.left_out)]
    connection.execute(f"INSERT INTO {_META} VALUES (?, ?)", row)  # noqa: S608  # our name


def _facts_from(connection: Any, key: str) -> StoredFacts | None:  # noqa: ANN401  # duckdb
    from ledger.columns import FRAMES, ColumnType  # noqa: PLC0415  # as above
    from ledger.facts import Facts  # noqa: PLC0415  # as above

    stored_key, left_out = connection.execute(f"SELECT * FROM {_META}").fetchone()  # noqa: S608  # our name
    if stored_key != key:
        return None
    frames = {}
    for name, columns in FRAMES.items():
        frame = connection.execute(f'SELECT * FROM "{name}"').df()  # noqa: S608  # our names
        for column in columns:
            if column.type is ColumnType.TEXT:  # an ENUM comes back ordered
                frame[column.name] = frame[column.name].cat.as_unordered()
        wrong = {
            column.name: str(column.type)
            for column in columns
            if column.type is not ColumnType.TEXT
            and str(frame[column.name].dtype) != str(column.type)
        }
        frames[name] = frame.astype(wrong) if wrong else frame
    return StoredFacts(Facts(frames), tuple(Text(*text) for text in json.loads(left_out)), key)
