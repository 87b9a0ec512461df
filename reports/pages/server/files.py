"""Writes of Fava, whole and renamed, with a difference shown where two people save one file.

Fava writes in place, through the name ``Path`` of its module of files. That name is given a path
here whose opening for writing writes beside and renames, so that all that Fava writes, its editor
and its interface for programs included, goes one way.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import shutil
from contextvars import ContextVar
from http import HTTPStatus
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from fava.core import file as fava_file
from fava.core.file import ExternallyChangedError, FileModule, get_entry_slice
from fava.json_api import FavaJSONAPIError

from ledger.store import written_beside
from ledger.text import Text
from ledger.writing import Change, write_changes
from reports.pages.server.history import History
from reports.pages.words import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fava.beans.abc import Directive
    from fava.core import FavaLedger

# Who acts in this request; the guard sets it.
WHO: ContextVar[str] = ContextVar("who", default="cnht")
# The files that this request wrote or took away, for the log; the guard begins the list.
WROTE: ContextVar[list[str] | None] = ContextVar("wrote", default=None)


class _Edit(NamedTuple):
    """One edit under way: where it may write, and how the files were when it read them."""

    root: Path
    files: frozenset[str]
    history: History
    seen: dict[str, tuple[int, int, int]]


_EDIT: ContextVar[_Edit | None] = ContextVar("edit", default=None)


class RefusedError(FavaJSONAPIError):
    """A write that is none of this book's own files."""

    status = HTTPStatus.FORBIDDEN

    def __init__(self, path: Path) -> None:
        super().__init__(
            said(
                Text(
                    f"Không được ghi «{path}»: tệp không thuộc sổ này.",
                    f"“{path}” may not be written: it is no file of this book.",
                )
            )
        )


class ConflictError(FavaJSONAPIError):
    """Somebody else saved the file in the meantime."""

    status = HTTPStatus.CONFLICT

    def __init__(self, path: Path, theirs: str, ours: str) -> None:
        told = Text(
            f"«{path.name}» vừa được người khác sửa; bản của bạn chưa ghi. Chép phần của bạn, "
            "tải lại trang rồi sửa tiếp. Khác nhau (− trên đĩa, + của bạn):",
            f"“{path.name}” was changed by somebody else; yours was not saved. Copy your part, "
            "reload and edit again. Difference (− on disk, + yours):",
        )
        super().__init__(f"{said(told)}\n{difference(theirs, ours)}")


def difference(theirs: str, ours: str) -> str:
    """The lines in which two versions differ, as a unified difference without its head."""
    lines = difflib.unified_diff(theirs.splitlines(), ours.splitlines(), lineterm="", n=1)
    return "\n".join(list(lines)[2:])


class WholePath(type(Path())):  # type: ignore[misc]  # the path class of this system
    """A path that is written whole or not at all."""

    def open(self, mode: str = "r", *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # as Path's
        """As ``Path.open``; for writing, the file takes its place when the block ends well."""
        if "w" in mode:
            return _replaced(Path(self), options.get("encoding"), options.get("newline"))
        edit = _EDIT.get()
        if edit is not None:
            edit.seen[str(self)] = _stamp(self)
        return super().open(mode, *arguments, **options)


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


@contextlib.contextmanager
def _replaced(path: Path, encoding: str | None, newline: str | None) -> Iterator[IO[str]]:
    edit = _EDIT.get()
    if edit is not None:
        _require_own(edit, path)
        edit.history.before(path, WHO.get())
    written = io.StringIO(newline="")
    yield written
    content = written.getvalue()
    with written_beside(path) as fresh:
        with fresh.open("w", encoding=encoding, newline=newline) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, fresh)
        if edit is not None and edit.seen.get(str(path)) not in {None, _stamp(path)}:
            raise ConflictError(path, path.read_text("utf-8"), content)
    wrote(path)
    if edit is not None:
        edit.history.after(path, WHO.get())


def wrote(path: Path) -> None:
    """Tell the log that a file was written or taken away."""
    names = WROTE.get()
    if names is not None:
        names.append(path.name)


def _require_own(edit: _Edit, path: Path) -> None:
    if str(path) not in edit.files or not path.resolve().is_relative_to(edit.root):
        raise RefusedError(path)


fava_file.Path = WholePath  # type: ignore[attr-defined]  # the one place that is changed


class BookFiles(FileModule):
    """Fava's module of files for one book: own files only, whole writes, conflicts told."""

    def __init__(self, ledger: FavaLedger) -> None:
        super().__init__(ledger)
        self.main = Path(ledger.beancount_file_path)

    @contextlib.contextmanager
    def edit(self) -> Iterator[None]:
        """An edit of the book's own files."""
        edit = _Edit(
            self.main.parent.resolve(),
            frozenset(self.ledger.options["include"]),
            History(self.main),
            {},
        )
        token = _EDIT.set(edit)
        try:
            yield
        finally:
            _EDIT.reset(token)

    def set_source(self, path: Path, source: str, sha256sum: str) -> str:
        """Write a file, if it is still what the editor showed.

        Raises:
            ConflictError: it is not; the difference is told.
            RefusedError: it is no file of the book.
        """
        with self.edit():
            try:
                return super().set_source(WholePath(path), source, sha256sum)
            except ExternallyChangedError:
                raise ConflictError(path, path.read_text("utf-8"), source) from None

    def insert_metadata(self, entry_hash: str, basekey: str, value: str) -> None:
        """As Fava's, whole."""
        with self.edit():
            super().insert_metadata(entry_hash, basekey, value)

    def save_entry_slice(self, entry_hash: str, source_slice: str, sha256sum: str) -> str:
        """Write the lines of an entry, if they are still what was shown."""
        with self.edit(), self._told(entry_hash, source_slice):
            return super().save_entry_slice(entry_hash, source_slice, sha256sum)

    def delete_entry_slice(self, entry_hash: str, sha256sum: str) -> None:
        """Take out the lines of an entry, if they are still what was shown."""
        with self.edit(), self._told(entry_hash, ""):
            super().delete_entry_slice(entry_hash, sha256sum)

    def insert_entries(self, entries: Sequence[Directive]) -> None:
        """As Fava's, whole."""
        with self.edit():
            super().insert_entries(entries)

    def write(self, changes: Sequence[Change]) -> None:
        """Write changes of the book's files, all or none, and load the book.

        Raises:
            BadInputError: a file has changed since.
        """
        with self._lock, self.edit():
            edit = _EDIT.get()
            assert edit is not None  # noqa: S101  # it was begun above
            for change in changes:
                if change.before is not None:
                    _require_own(edit, change.path)
                edit.history.before(change.path, WHO.get())
            write_changes(changes)
            for change in changes:
                wrote(change.path)
                edit.history.after(change.path, WHO.get())
                self.ledger.watcher.notify(change.path)
            self.ledger.load_file()

    def name_folder(self, folder: str) -> None:
        """Let the book name a folder of scans, at its end, where no line of it moves.

        Raises:
            BadInputError: the top file has changed since.
        """
        (self.main.parent / folder).mkdir(exist_ok=True)
        before = self.main.read_bytes()
        line = f'\noption "documents" "{folder}"\n'
        self.write([Change(self.main, before, before.rstrip() + b"\n" + line.encode(), 0)])

    @contextlib.contextmanager
    def _told(self, entry_hash: str, ours: str) -> Iterator[None]:
        try:
            yield
        except ExternallyChangedError:
            entry = self.ledger.get_entry(entry_hash)
            theirs, _ = get_entry_slice(entry)
            raise ConflictError(Path(str(entry.meta["filename"])), theirs, ours) from None


def save_upload(upload: Any, target: Any) -> None:  # noqa: ANN401  # werkzeug's FileStorage
    """Save an uploaded file whole or not at all, in place of the upload's own ``save``."""
    with written_beside(Path(target)) as fresh, fresh.open("wb") as file:
        shutil.copyfileobj(upload.stream, file)
        file.flush()
        os.fsync(file.fileno())
    wrote(Path(target))
