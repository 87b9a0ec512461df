"""Where a book is: told from its path alone, before anything heavy is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.problems import refusal
from ledger.text import Text

if TYPE_CHECKING:
    from pathlib import Path

MAIN: Final = "main.beancount"
_SHOWN: Final = 10


def find_book(path: Path) -> Path:
    """The top file of a book given as a file, or as a folder that holds ``main.beancount``.

    Raises:
        BadInputError: there is no such file.
    """
    main = path / MAIN if path.is_dir() else path
    if not main.is_file():
        text = Text(f"không có sổ «{main}»", f"there is no book “{main}”")
        raise refusal(text, _remedy(_books_in(path)))
    return main.resolve()


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
