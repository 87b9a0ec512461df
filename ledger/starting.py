"""Start a book for another unit and year from the bundled template (lập sổ mới)."""

from __future__ import annotations

import contextlib
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.problems import refusal
from ledger.system import reason
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEMPLATE: Final = Path(__file__).parent / "books" / "starter"
FIRST_YEAR, LAST_YEAR = 2000, 2098

_PLACEHOLDER: Final = re.compile(r"\{\{(\w+)\}\}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MONTHS: Final = range(1, 13)


def start_book(folder: Path, *, year: int, unit: str, code: str | None = None) -> list[Path]:
    """Write a starter book into a new or empty folder, whole or not at all.

    Args:
        folder: where the book goes; made if absent.
        year: niên độ of the book.
        unit: name of the unit that keeps it.
        code: of the programme; ``CNHT-<year>`` unless said.

    Returns:
        The files written, the top file first.

    Raises:
        BadInputError: the folder holds something or cannot be written, or a value cannot stand
            in a book; nothing is written then.
    """
    _require_year(year)
    words = {
        "unit": _quoted(Text("tên đơn vị", "the unit's name"), unit),
        "code": _quoted(
            Text("mã chương trình", "the programme's code"),
            f"CNHT-{year}" if code is None else code,
        ),
        "year": str(year),
        "previous_year": str(year - 1),
        "next_year": str(year + 1),
    }
    _require_empty(folder)
    files = _files(words)
    with _told_plainly(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        _write_all(folder, files)
    return [folder / name for name in files]


def _require_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise refusal(
            Text(f"niên độ {year} không dùng được", f"year {year} cannot be used"),
            Text(
                f"nêu một năm từ {FIRST_YEAR} đến {LAST_YEAR}",
                f"name a year from {FIRST_YEAR} to {LAST_YEAR}",
            ),
        )


def _quoted(what: Text, value: str) -> str:
    """A value as it stands between the quotes of a book."""
    value = value.strip()
    if not value or _CONTROL.search(value):
        raise refusal(
            Text(
                f"{what.vi} phải có chữ, trên một dòng, không có ký tự điều khiển",
                f"{what.en} must be text on one line without control characters",
            ),
            Text(
                "viết lại, ví dụ: Sở Công Thương Hải Phòng",
                "write it again, for example: Sở Công Thương Hải Phòng",
            ),
        )
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _require_empty(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise refusal(
            Text(f"«{folder}» là tệp, không phải thư mục", f"“{folder}” is a file, not a folder"),
            Text("nêu một thư mục mới", "name a new folder"),
        )
    with _told_plainly(folder):
        taken = folder.is_dir() and any(folder.iterdir())
    if taken:
        raise refusal(
            Text(
                f"thư mục «{folder}» đã có tệp, không ghi gì",
                f"the folder “{folder}” is not empty; nothing was written",
            ),
            Text("nêu một thư mục mới hoặc trống", "name a new or an empty folder"),
        )


def _files(words: Mapping[str, str]) -> dict[str, str]:
    """Names and contents of the book's files, in the order in which it includes them."""
    year, next_year = words["year"], words["next_year"]
    contents = {"main.beancount": _filled("main", words)}
    for name in (
        "accounts",
        "programme",
        "tasks",
        "parties",
        "contracts",
        "events",
        "allotments",
    ):
        contents[f"{name}.beancount"] = _filled(name, words)
    for month in _MONTHS:
        named = {**words, "month": str(month)}
        contents[f"{year}-{month:02}.beancount"] = _filled("month", named)
    contents[f"{next_year}-chinh-ly.beancount"] = _filled("closing", words)
    contents["examples.beancount"] = _filled("examples", words)
    return contents


def _filled(name: str, words: Mapping[str, str]) -> str:
    """A template with its placeholders filled; what is filled in is not looked at again."""
    text = (TEMPLATE / f"{name}.beancount").read_text("utf-8")
    return _PLACEHOLDER.sub(lambda match: words[match[1]], text)


def _write_all(folder: Path, files: Mapping[str, str]) -> None:
    """Write into a folder of its own first, then move everything to its place at once.

    A folder that is there already keeps being that folder, because a shell may stand in it; its
    files are moved one by one, and taken away again where one cannot be.
    """
    beside = folder if folder.is_dir() else folder.resolve().parent
    with tempfile.TemporaryDirectory(dir=beside, prefix=".cnht-") as scratch:
        fresh = Path(scratch) / "book"
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_text(content, "utf-8", newline="\n")
        if folder.is_dir():
            _move_into(folder, fresh, files)
        else:
            fresh.rename(folder)


def _move_into(folder: Path, fresh: Path, files: Mapping[str, str]) -> None:
    moved: list[Path] = []
    try:
        for name in files:
            (fresh / name).rename(folder / name)
            moved.append(folder / name)
    except OSError:
        for path in moved:
            path.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _told_plainly(folder: Path) -> Iterator[None]:
    """A failure of the disk as a message that says where and what to do."""
    try:
        yield
    except OSError as error:
        raise refusal(
            Text(
                f"không ghi được vào «{folder}»: {reason(error).vi}",
                f"“{folder}” cannot be written: {reason(error).en}",
            ),
            Text(
                "kiểm tra quyền ghi và chỗ trống, hoặc nêu thư mục khác",
                "look at rights and free space, or name another folder",
            ),
        ) from error
