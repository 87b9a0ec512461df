"""Write the settlement workbook of one budget year, whole or not at all."""

from __future__ import annotations

import re
import tempfile
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from ledger.store import written_beside
from ledger.text import Language, Text
from reports.settlement import detail, ledger_rows, notes, summary
from reports.settlement.figures import Figures, bad_input, read_figures
from reports.settlement.layout import Column, Page, Styles
from reports.workbooks import MADE, OPTIONS, told_plainly

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.facts import Facts

_LONGEST_NAME: Final = 60
_NOT_IN_FILE_NAMES: Final = re.compile(r"[^\w.-]+")


def write_settlement(
    facts: Facts,
    budget_year: int,
    folder: Path,
    *,
    language: Language = "vi",
    overwrite: bool = False,
) -> list[Path]:
    """Write ``quyet-toan-<programme>-<year>.xlsx`` into a folder, which is made if absent.

    Args:
        facts: of one book.
        budget_year: niên độ to be settled.
        folder: where the workbook goes.
        language: of every label; text of the book stays as it is.
        overwrite: put the new workbook in the place of an older one.

    Returns:
        The files written.

    Raises:
        BadInputError: the year cannot be settled from the book, or the file cannot be written;
            an older workbook is then as it was.
    """
    figures = read_figures(facts, budget_year)
    path = folder / file_name(figures.head.programme, budget_year)
    _require_place(path, overwrite=overwrite)
    with told_plainly(path):
        folder.mkdir(parents=True, exist_ok=True)
        with written_beside(path) as fresh, tempfile.TemporaryDirectory() as scratch:
            _write(fresh, scratch, figures, language)
    return [path]


def file_name(programme: str, budget_year: int) -> str:
    """The workbook's name: no character of a programme's code leads out of the folder."""
    safe = _NOT_IN_FILE_NAMES.sub("-", programme).replace("..", "-")[:_LONGEST_NAME].strip(".-")
    return f"quyet-toan-{safe or 'chuong-trinh'}-{budget_year}.xlsx"


def _require_place(path: Path, *, overwrite: bool) -> None:
    folder = path.parent
    if folder.exists() and not folder.is_dir():
        raise bad_input(
            Text(f"«{folder}» là tệp, không phải thư mục", f"“{folder}” is a file, not a folder"),
            Text("nêu một thư mục để ghi bảng tính", "name a folder for the workbook"),
        )
    if path.is_dir() or (path.exists() and not overwrite):
        raise bad_input(
            Text(f"đã có «{path}», không ghi đè", f"“{path}” exists and is not overwritten"),
            Text(
                "dời hoặc đổi tên tệp cũ, hoặc yêu cầu ghi đè (--force)",
                "move or rename the older file, or ask to overwrite it (--force)",
            ),
        )


def _write(path: Path, scratch: str, figures: Figures, language: Language) -> None:
    workbook = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": scratch})
    title = Text("Quyết toán niên độ {year}", "Settlement of {year}")
    workbook.set_properties(
        {
            "title": title.format(year=figures.head.budget_year).to(language),
            "subject": figures.head.programme,
            "created": MADE,
        }
    )
    _fill(workbook, figures, language)
    workbook.close()


def _fill(workbook: Any, figures: Figures, language: Language) -> None:  # noqa: ANN401  # untyped library
    styles = Styles(workbook, language)

    def page(name: Text, columns: Sequence[Column], more: str = "") -> Page:
        sheet = workbook.add_worksheet(name.to(language) + more)
        return Page(sheet, styles, columns, language)

    columns = summary.summary_columns(summary.all_amounts(figures))
    totals = summary.Summary(page(summary.NAME, columns), figures, language).write()
    detailed = page(detail.NAME, detail.detail_columns(figures))
    detail.Detail(detailed, figures, totals, language).write()
    columns = ledger_rows.ledger_columns(figures.rows)
    for more, rows in ledger_rows.sheets_of(figures.rows):
        ledger_rows.write_ledger(page(ledger_rows.NAME, columns, more), rows, language)
    notes.write_notes(page(notes.NAME, notes.COLUMNS_OF_SHEET), figures, language)
