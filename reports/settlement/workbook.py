"""The two workbooks of a set: forms with their checks, and the rows behind the figures."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd
import xlsxwriter

from ledger.text import Text
from reports.forms.layouts import repeated_form
from reports.forms.sheet import Setting, write_form
from reports.settlement import ledger_rows, narrative, notes, overview, portal
from reports.settlement.filling import fill_repeated
from reports.settlement.naming import cell_names
from reports.settlement.places import Places
from reports.settlement.teller import INDEX_SHEET
from reports.sheets.layout import Page, Styles
from reports.sheets.long_sheet import LongSheet
from reports.sheets.workbooks import FONT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reports.forms.model import FormLayout
    from reports.forms.sheet import Placed
    from reports.settlement.filling import Filled
    from reports.settlement.source import SetPeriod
    from reports.settlement.teller import Teller
    from reports.settlement.ties import Checked

# The same book gives the same bytes: the workbook never says when it was made.
_MADE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": 11},
}
_LONGEST_NAME: Final = 60
_NOT_IN_FILE_NAMES: Final = re.compile(r"[^\w.-]+")
_TASKS_FORM: Final = "CT01"


class Content(NamedTuple):
    """What a workbook of forms shows.

    Attributes:
        filled: the forms, in order.
        repeated: forms that repeat another's rows and are filled from its sheet.
        checked: each tie with its figures in VND.
        teller: what gave the figures out.
        state: whether the set can be signed.
        blocked: why it cannot.
        left_open: what the book does not name or nobody knows.
        paragraphs: of the narrative page; none where there is no such page.
    """

    filled: Sequence[Filled]
    repeated: Sequence[FormLayout]
    checked: Sequence[Checked]
    teller: Teller
    state: Text
    blocked: Sequence[Text]
    left_open: Sequence[Text]
    paragraphs: Sequence[Text] = ()


def file_stem(word: str, programme: str, period: str) -> str:
    """The files' name: no character of a programme's code leads out of the folder."""
    safe = _NOT_IN_FILE_NAMES.sub("-", programme).replace("..", "-")[:_LONGEST_NAME].strip(".-")
    return f"{word}-{safe or 'chuong-trinh'}-{period}"


def write_forms(path: Path, scratch: Path, content: Content, setting: Setting) -> list[Placed]:
    """Write the forms, the summary, the checks and the explanations; the forms as placed."""
    workbook = _opened(path, scratch, setting, constant_memory=False)
    styles = Styles(workbook, setting.language)
    tasks = next((one.grid for one in content.filled if one.layout.form == _TASKS_FORM), None)
    lang = setting.language

    def page(name: Text, columns: Any) -> Page:  # noqa: ANN401  # a sequence of columns
        return Page(
            workbook.add_worksheet(name.to(lang)), styles, columns, lang, draft=setting.draft
        )

    first = page(overview.NAME, overview.overview_columns(tasks))
    if content.paragraphs:
        narrative.write(page(narrative.NAME, narrative.COLUMNS), content.paragraphs, setting)
    placed = _write_filled(workbook, styles, content, setting)
    forms = [*placed.values(), *_write_repeated(workbook, styles, content, setting, placed)]
    by_form = {one.grid.layout.form: one for one in forms}
    ties = [one for one in content.checked if _stand(one, placed)]
    if ties:
        notes.write_ties(page(notes.TIES_NAME, notes.TIES_COLUMNS), ties, placed, setting)
    told = notes.Told(content.state, content.blocked, content.left_open)
    notes.write_notes(page(notes.NAME, notes.COLUMNS), forms, setting, told)
    source = content.teller.source
    overview.Overview(workbook, first, setting).write(forms, by_form.get(_TASKS_FORM), source, told)
    workbook.close()
    return forms


def _stand(checked: Checked, placed: dict[str, Placed]) -> bool:
    """Whether the set holds every form that a check names."""
    refs = (*checked.tie.left.refs, *checked.tie.right.refs)
    return all(ref.sheet in placed for ref in refs)


def _write_filled(
    workbook: Any,  # noqa: ANN401  # untyped library
    styles: Styles,
    content: Content,
    setting: Setting,
) -> dict[str, Placed]:
    return {
        one.sheet: write_form(
            workbook,
            styles,
            one.grid,
            setting,
            name=one.sheet,
            legend=one.copy.legend,
            of=one.copy.named,
        )
        for one in content.filled
    }


def _write_repeated(
    workbook: Any,  # noqa: ANN401  # untyped library
    styles: Styles,
    content: Content,
    setting: Setting,
    placed: dict[str, Placed],
) -> list[Placed]:
    """Forms of approval, one a copy of the unit's form: the first of a copy holds what is typed."""
    approved: dict[str, Placed] = {}
    written: list[Placed] = []
    for layout in content.repeated:
        for one in (one for one in content.filled if one.layout.form == repeated_form(layout)):
            grid = fill_repeated(layout, placed[one.sheet], approved.get(one.sheet))
            name, legend, of = layout.sheet + one.copy.suffix, one.copy.legend, one.copy.named
            here = write_form(workbook, styles, grid, setting, name=name, legend=legend, of=of)
            approved.setdefault(one.sheet, here)
            written.append(here)
    return written


def write_rows(
    path: Path,
    scratch: Path,
    content: Content,
    setting: Setting,
    progress: Callable[[Text], None] = lambda _: None,
) -> None:
    """Write the rows and what figures rest on, a row in memory at a time."""
    teller = content.teller
    workbook = _opened(path, scratch, setting, constant_memory=True)
    lang = setting.language
    styles = Styles(workbook, lang)

    def page(name: str, columns: Any) -> Page:  # noqa: ANN401  # a sequence of columns
        sheet = workbook.add_worksheet(name, worksheet_class=LongSheet)
        return Page(sheet, styles, columns, lang, draft=setting.draft, fixed=True)

    index = page(INDEX_SHEET.to(lang), ledger_rows.index_columns(teller.traces))
    names = cell_names(content.filled, lang)
    ledger_rows.RowsIndex(teller.shelves, lang, names).write(index, teller.traces)
    postings = pd.concat([one.postings for one in teller.shelves])
    columns = ledger_rows.ledger_columns(postings["amount"])
    size, places = ledger_rows.ROWS_PER_SHEET, teller.source.facts.derived(Places)
    for number, name in enumerate(ledger_rows.sheet_names(len(postings), lang)):
        progress(Text(name, name))
        rows = postings.iloc[number * size : (number + 1) * size]
        ledger_rows.write_ledger(page(name, columns), rows, lang, places)
    workbook.close()


def write_portal(
    path: Path, scratch: Path, filled: Sequence[Filled], setting: Setting, period: SetPeriod
) -> None:
    """Write the workbook from which the treasury's portal is filled; figures are VND."""
    workbook = _opened(path, scratch, setting, constant_memory=False)
    styles = Styles(workbook, setting.language)
    for one in filled:
        portal.write_sheet(workbook, styles, one, setting, period)
    workbook.close()


def _opened(path: Path, scratch: Path, setting: Setting, *, constant_memory: bool) -> Any:  # noqa: ANN401  # untyped library
    options = {**_OPTIONS, "constant_memory": constant_memory, "tmpdir": str(scratch)}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties(
        {
            "title": setting.subject,
            "subject": setting.head.programme,
            "created": _MADE,
        }
    )
    return workbook
