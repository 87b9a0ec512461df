"""Where a book is: told from its path alone, before anything heavy is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.problems import BadInputError, Problem
from ledger.text import Text

if TYPE_CHECKING:
    from pathlib import Path


def find_book(path: Path) -> Path:
    """The top file of a book given as a file, or as a folder that holds ``main.beancount``.

    Raises:
        BadInputError: there is no such file.
    """
    main = path / "main.beancount" if path.is_dir() else path
    if not main.is_file():
        raise BadInputError(
            [
                Problem(
                    "",
                    0,
                    Text(f"không có sổ «{main}»", f"there is no book “{main}”"),
                    Text(
                        "nêu một tệp .beancount, hoặc thư mục có main.beancount",
                        "name a .beancount file, or a folder with main.beancount",
                    ),
                )
            ]
        )
    return main.resolve()
