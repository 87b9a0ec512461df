"""What is installed, which folders are used, what of a book is not obeyed."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from typing import TYPE_CHECKING, Final

from ledger.loading import load_facts
from ledger.problems import BadInputError
from ledger.store import FOLDER_VARIABLE, default_folder
from ledger.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_PACKAGES: Final = (
    "cnht-ledger",
    "beancount",
    "beanquery",
    "fava",
    "pandas",
    "pydantic",
    "duckdb",
    "xlsxwriter",
    "rich",
    "typer",
)
_OFFICE: Final = ("soffice", "libreoffice")


def doctor_lines(mains: Sequence[Path], language: Language) -> Iterator[str]:
    """The report, line by line; a book that cannot be read is told, not raised."""
    yield f"Python {platform.python_version()} · {platform.system()}"
    for name in _PACKAGES:
        yield f"  {name} {importlib.metadata.version(name)}"
    office = next((found for found in map(shutil.which, _OFFICE) if found), None)
    missing = Text("không có (chỉ cần để in PDF)", "not found (only needed to print PDF)")
    yield f"LibreOffice: {office or missing.to(language)}"
    cache = Text(
        f"Bộ nhớ đệm: {default_folder()} (đổi bằng biến {FOLDER_VARIABLE}; lúc nào cũng xóa được)",
        f"Cache: {default_folder()} (moved by {FOLDER_VARIABLE}; may be deleted at any time)",
    )
    yield cache.to(language)
    for main in mains:
        yield from _book_lines(main, language)


def _book_lines(main: Path, language: Language) -> Iterator[str]:
    yield Text(f"Sổ: {main}", f"Book: {main}").to(language)
    try:
        stored = load_facts(main)
    except BadInputError as error:
        for problem in error.problems:
            yield f"  {problem.to(language)}"
        return
    files, postings = len(stored.facts["files"]), len(stored.facts["postings"])
    yield Text(f"  {files} tệp, {postings} bút toán", f"  {files} files, {postings} postings").to(
        language
    )
    if not stored.left_out:
        nothing = Text("  mọi phần của sổ đều được dùng", "  every part of the book is obeyed")
        yield nothing.to(language)
    for text in stored.left_out:
        yield f"  {text.to(language)}"
