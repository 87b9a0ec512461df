"""Who wrote or took what, and when: one line each, only ever added to (nhật ký)."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import os
import threading
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

from reports.pages.server.history import own_folder

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "log.jsonl"
SHOWN: Final = 300  # lines of a page
_READ: Final = 1 << 20  # bytes of the end of the file that are looked at


class LogError(Exception):
    """The log cannot be added to, and what it would tell of must not happen."""


class Log:
    """The log of one book."""

    def __init__(self, main: Path) -> None:
        self._main = main
        self._lock = threading.Lock()

    @property
    def path(self) -> Path:
        """Where it stands."""
        return own_folder(self._main) / FILE

    def last(self, wanted: str) -> list[dict[str, Any]]:
        """The last lines that hold a word, the newest first; damaged ones are left to the file."""
        with contextlib.suppress(FileNotFoundError), self.path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _READ, 0))
            lines = file.read().decode("utf-8", "replace").splitlines()
            found = (_read(line) for line in reversed(lines) if wanted.lower() in line.lower())
            return list(itertools.islice((line for line in found if line), SHOWN))
        return []

    def add(self, who: str, what: str, **more: str | int) -> None:
        """Add a line.

        Raises:
            LogError: the disk refuses.
        """
        when = dt.datetime.now(tz=dt.UTC).astimezone().isoformat(timespec="milliseconds")
        line = json.dumps({"when": when, "who": who, "what": what, **more}, ensure_ascii=False)
        with self._lock:
            try:
                handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                with os.fdopen(handle, "ab") as file:
                    file.write(f"{line}\n".encode())
            except OSError as error:
                raise LogError(str(error)) from error


def _read(line: str) -> dict[str, Any]:
    """A line as it was added, its address as a person reads it; empty where it is damaged."""
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    if type(told) is not dict:
        return {}
    where = "?".join(filter(None, (str(told.get("path", "")), str(told.get("query", "")))))
    when = str(told.get("when", ""))[:19].replace("T", " ")
    return {**told, "when": when, "where": unquote_plus(where)}
