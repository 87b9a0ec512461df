"""What is installed, which folders are used, what of a book is not obeyed."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.loading import load_facts
from ledger.problems import BadInputError
from ledger.store import FOLDER_VARIABLE, default_folder
from ledger.text import Language, Text
from reports.forms.layouts import FOLDER as FORMS
from rules.checking import law_of
from rules.own_files import own_files_left_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rules.law import Law

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


def system_lines(language: Language) -> Iterator[str]:
    """What is installed and which folders are used, line by line."""
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
    forms = Text(
        f"Bố cục biểu: {FORMS} (sửa thì chép vào «forms/» cạnh sổ)",
        f"Layouts of forms: {FORMS} (to change one, copy it to “forms/” beside the book)",
    )
    yield forms.to(language)


class BookReport(NamedTuple):
    """What is told of one book.

    Attributes:
        readable: False where the book cannot be used; the lines then say why.
    """

    lines: tuple[str, ...]
    readable: bool


def book_report(main: Path, language: Language) -> BookReport:
    """What of a book is used; one that cannot be read is told, not raised."""
    head = Text(f"Sổ: {main}", f"Book: {main}").to(language)
    try:
        stored = load_facts(main)
        law = law_of(stored.facts, [main])
    except BadInputError as error:
        told = (f"  {problem.to(language)}" for problem in error.problems)
        return BookReport((head, *told), readable=False)
    files, postings = len(stored.facts["files"]), len(stored.facts["postings"])
    size = Text(f"  {files} tệp, {postings} bút toán", f"  {files} files, {postings} postings")
    nothing = Text("  mọi phần của sổ đều được dùng", "  every part of the book is obeyed")
    told_left_out = (*stored.left_out, *own_files_left_out(main))
    left_out = [f"  {text.to(language)}" for text in told_left_out]
    told_of = [*_own_norms(law, language), *(left_out or [nothing.to(language)])]
    return BookReport((head, size.to(language), *told_of), readable=True)


def _own_norms(law: Law, language: Language) -> Iterator[str]:
    """The norm files beside the book, the figures that they replace, and what is odd of them."""
    for file in law.beside:
        told = Text(f"  định mức của đơn vị: {file}", f"  norms of the unit: {file}")
        yield told.to(language)
    for figure in law.replaced:
        for change in figure.changes:
            before, now = change.before, change.now
            looser = Text(" (NỚI LỎNG)", " (LOOSENED)").to(language) if change.loosened else ""
            told = Text(
                f"    thay «{figure.norm}» ({figure.instrument}) từ {change.since}: {before.vi} → "
                f"{now.vi}",
                f"    replaces “{figure.norm}” ({figure.instrument}) from {change.since}: "
                f"{before.en} → {now.en}",
            )
            yield told.to(language) + looser
    yield from (f"    {text.to(language)}" for text in law.warnings)
