"""A folder for a set: the whole of it takes its place there, or nothing does."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import shutil
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter.exceptions import XlsxWriterException

from ledger.problems import refusal
from ledger.system import reason
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST: Final = "manifest"
_LEFTOVER: Final = re.compile(r"\.[0-9a-f]{32}\.new")
_ABANDONED: Final = dt.timedelta(hours=1)


def holds_something(folder: Path) -> bool:
    """Whether a folder holds more than what runs that were killed left in it."""
    return folder.is_dir() and any(not _LEFTOVER.fullmatch(one.name) for one in folder.iterdir())


def require_place(folder: Path, *, force: bool) -> None:
    """Refuse a place that is no folder, or holds something that may not be written over.

    Raises:
        BadInputError: it is such a place.
    """
    if folder.exists() and not folder.is_dir():
        raise refusal(
            Text(f"«{folder}» là tệp, không phải thư mục", f"“{folder}” is a file, not a folder"),
            Text("nêu một thư mục để ghi bộ biểu", "name a folder for the set"),
        )
    if holds_something(folder) and not force:
        raise refusal(
            Text(f"thư mục «{folder}» không trống, không ghi đè", f"“{folder}” is not empty"),
            Text(
                "nêu thư mục khác, hoặc yêu cầu ghi đè (--force)",
                "name another folder, or ask to write over it (--force)",
            ),
        )


@contextlib.contextmanager
def placed_whole(folder: Path) -> Iterator[Path]:
    """A fresh folder whose files take their places in the wanted one when all went well.

    Raises:
        BadInputError: it cannot be written; what stood in the wanted folder is as it was.
    """
    made = not folder.exists()
    fresh = folder / f".{uuid.uuid4().hex}.new"
    try:
        fresh.mkdir(parents=True)
        _drop_abandoned(folder)
        yield fresh
        _drop_older(folder, {path.name for path in fresh.iterdir()})
        for path in sorted(fresh.iterdir()):
            path.replace(folder / path.name)
    except (OSError, XlsxWriterException) as error:
        raise refusal(
            Text(
                f"không ghi được vào «{folder}»: {reason(error).vi}",
                f"“{folder}” cannot be written: {reason(error).en}",
            ),
            Text(
                "đóng tệp nếu đang mở, kiểm tra quyền ghi và chỗ trống, hoặc chọn thư mục khác",
                "close the file if it is open, look at rights and free space, or name another "
                "folder",
            ),
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()  # only an empty one goes


def _drop_abandoned(folder: Path) -> None:
    """Take away what runs that were killed left; a young one may be of a run that still writes."""
    now = time.time()
    for one in folder.iterdir():
        if _LEFTOVER.fullmatch(one.name) and now - one.stat().st_mtime > _ABANDONED.total_seconds():
            shutil.rmtree(one, ignore_errors=True)


def _drop_older(folder: Path, fresh: set[str]) -> None:
    """Take away what an older set of the same name left and the new one lacks (a PDF, say)."""
    for manifest in (name for name in fresh if name.endswith(f".{MANIFEST}.json")):
        stem = manifest.removesuffix(f".{MANIFEST}.json")
        for name in (f"{stem}.pdf", *_listed(folder / manifest)):
            path = folder / name
            if name not in fresh and Path(name).name == name and path.is_file():
                path.unlink()


def _listed(manifest: Path) -> list[str]:
    try:
        files: Any = json.loads(manifest.read_text("utf-8"))["files"]
        return [str(name) for name in files]
    except (OSError, ValueError, KeyError, TypeError):
        return []
