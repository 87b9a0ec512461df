"""Who wrote or took what, and when: one line each, only ever added to (nhật ký)."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from typing import TYPE_CHECKING, Final

from reports.pages.server.history import own_folder

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "log.jsonl"


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
