"""What every workbook of ours shares: how it is made, and how a failure to write it is told."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from ledger.problems import refusal
from ledger.store import written_beside
from ledger.system import reason
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FONT: Final = "Times New Roman"
# The same book gives the same bytes: the workbook never says when it was made.
MADE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def options(scratch: str) -> dict[str, Any]:
    """Options of a workbook, made afresh: xlsxwriter writes into what it is given."""
    return {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": FONT, "font_size": 11},
        "tmpdir": scratch,
    }


@contextlib.contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """A failure of the disk as a message that says which file and what to do."""
    try:
        yield
    except (OSError, XlsxWriterException) as error:
        why = reason(error)
        text = Text(f"không ghi được «{path}»: {why.vi}", f"“{path}” cannot be written: {why.en}")
        remedy = Text(
            "đóng tệp nếu đang mở, kiểm tra quyền ghi và chỗ trống, hoặc chọn thư mục khác",
            "close the file if it is open, look at rights and free space, or name another folder",
        )
        raise refusal(text, remedy) from error


@contextlib.contextmanager
def workbook_at(path: Path, title: str, *, constant_memory: bool = True) -> Iterator[Any]:
    """A workbook to be filled, which takes the place of the file once it is whole.

    Args:
        path: the file.
        title: of the document.
        constant_memory: write row by row and keep none; a sheet is then written downwards.

    Raises:
        BadInputError: the file cannot be written; an older one is then as it was.
    """
    with (
        told_plainly(path),
        written_beside(path) as fresh,
        tempfile.TemporaryDirectory() as scratch,
    ):
        chosen = {**options(scratch), "constant_memory": constant_memory}
        workbook = xlsxwriter.Workbook(str(fresh), chosen)
        workbook.set_properties({"title": title, "created": MADE})
        yield workbook
        workbook.close()
