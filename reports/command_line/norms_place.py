"""Where ``norms load`` writes: beside the unit's book, or in a folder that an auditor names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import typer

from ledger.location import find_book
from ledger.problems import refusal
from ledger.text import Text
from rules.own_files import OWN_NORMS, own_norm_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reports.command_line.options import Lang
    from rules.confirming import Confirmed


class NormsPlace(NamedTuple):
    """A folder of norm files, and those that stand in it."""

    folder: Path
    there: list[Path]


def norms_place(book: Path | None, folder: Path | None) -> NormsPlace:
    """The folder that is meant.

    Raises:
        BadInputError: neither a book nor a folder is named, or both are, or what is named as a
            folder is a file.
    """
    if (book is None) is (folder is None):
        raise refusal(
            Text(
                "nêu sổ của đơn vị, hoặc thư mục của kiểm toán viên, một trong hai",
                "name the unit's book or the auditor's folder, one of the two",
            ),
            Text(
                "cnht norms load BẢNG SO, hoặc cnht norms load BẢNG -o THƯ_MỤC",
                "cnht norms load SHEET BOOK, or cnht norms load SHEET -o FOLDER",
            ),
        )
    if folder is None:
        main = find_book(book)  # type: ignore[arg-type]  # one of the two is named
        return NormsPlace(main.parent / OWN_NORMS, own_norm_files(main))
    if folder.exists() and not folder.is_dir():
        raise refusal(
            Text("đây là tệp, không phải thư mục", "this is a file, no folder"),
            Text("nêu một thư mục", "name a folder"),
            file=str(folder),
        )
    return NormsPlace(folder, sorted(folder.glob("*.yaml")))


def say_warnings(files: Sequence[Confirmed], lang: Lang) -> None:
    """What is to be looked at of norms that were written."""
    label = Text("Cần xem lại", "To be looked at").to(lang.value)
    for text in (warning for file in files for warning in file.warnings):
        typer.echo(f"{label}: {text.to(lang.value)}", err=True)
