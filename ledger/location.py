"""Where a book is: told from its path alone, before anything heavy is imported."""

from __future__ import annotations

import os
import re
import unicodedata
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from ledger.problems import refusal
from ledger.text import Text

if TYPE_CHECKING:
    from pathlib import Path

MAIN: Final = "main.beancount"
_SHOWN: Final = 10
# Lines that begin so are headings or comments of people, and no part of a book's syntax.
HEADING: Final = re.compile(r"[*:#!&?%]")
INCLUDE: Final = re.compile(r'^include\s+"([^"]+)"', re.MULTILINE)


def find_book(path: Path) -> Path:
    """The top file of a book given as a file, or as a folder that holds ``main.beancount``.

    Raises:
        BadInputError: there is no such file, or it is one part of a book.
    """
    main = path / MAIN if path.is_dir() else path
    if not main.is_file():
        text = Text(f"không có sổ «{main}»", f"there is no book “{main}”")
        near = like(path)
        raise refusal(text, near if near.vi else _remedy(_books_in(path)))
    if _part_of_a_book(main):
        text = Text(f"«{main}» chỉ là một phần của sổ", f"“{main}” is only a part of a book")
        whole = main.parent
        raise refusal(text, Text(f"nêu cả sổ: {whole}", f"name the whole book: {whole}"))
    return main.resolve()


def like(path: Path) -> Text:
    """The names beside a missing path that are most like its own, as a remedy; else empty.

    Names that differ only in how their Vietnamese letters are encoded are among them.
    """
    import difflib  # noqa: PLC0415  # only a slip needs it

    if path.exists() or not path.parent.is_dir():
        return Text("", "")
    beside = {unicodedata.normalize("NFC", one.name): str(one) for one in path.parent.iterdir()}
    asked = unicodedata.normalize("NFC", path.name)
    if asked in beside:
        return Text(
            "tên này có, nhưng chữ có dấu được lưu theo cách khác: chọn tên bằng phím Tab, "
            "hoặc đổi tên",
            "the name is there, its letters encoded another way: take it by the Tab key, "
            "or rename it",
        )
    near = difflib.get_close_matches(asked, sorted(beside))
    names = ", ".join(beside[name] for name in near)
    return Text(f"gần nhất: {names}", f"nearest: {names}") if near else Text("", "")


def _part_of_a_book(file: Path) -> bool:
    """Whether the top file beside it includes it: alone it would pass for a book with little in."""
    main = file.with_name(MAIN)
    if file.name == MAIN or not main.is_file():
        return False
    included = INCLUDE.findall(main.read_text("utf-8", errors="replace"))
    return any(fnmatchcase(file.name, os.path.normpath(name)) for name in included)


def _books_in(folder: Path) -> list[Path]:
    """What may have been meant: folders inside that hold a book, then loose files."""
    if not folder.is_dir():
        return []
    folders = sorted(main.parent for main in folder.glob(f"*/{MAIN}"))
    return [*folders, *sorted(file for file in folder.glob("*.beancount") if file.is_file())]


def _remedy(found: list[Path]) -> Text:
    if not found:
        return Text(
            f"nêu một tệp .beancount, hoặc thư mục có {MAIN}",
            f"name a .beancount file, or a folder with {MAIN}",
        )
    names = ", ".join(str(path) for path in found[:_SHOWN])
    more = "" if len(found) <= _SHOWN else ", …"
    return Text(f"nêu một trong các sổ ở đây: {names}{more}", f"name one of: {names}{more}")
