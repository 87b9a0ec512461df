"""The files of a set: workbooks, figures for machines, PDF, manifest."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.text import Text
from reports.forms.layouts import repeated_form
from reports.forms.rounding import Unit
from reports.forms.sheet import Setting
from reports.settlement import exports, narrative, pdf, portal
from reports.settlement.chosen_forms import ChosenForms, folder_of
from reports.settlement.declarations import unit_names
from reports.settlement.gates import on_paper, told_on_paper
from reports.settlement.placing import MANIFEST
from reports.settlement.units import FORM_BY_UNIT, split
from reports.settlement.workbook import Content, write_forms, write_portal, write_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reports.forms.model import FormLayout
    from reports.settlement.book_set import BookSet, Filling

_READY: Final = Text(
    "Các biểu khớp nhau và khớp sổ; đủ bản đối chiếu được đòi; lỗi nếu có đã được giải trình.",
    "The forms agree with each other and the book; what is to be reconciled is; errors are "
    "explained.",
)


class Points(NamedTuple):
    """What stands in the way of a set, and what it leaves open."""

    blocked: list[Text]
    left_open: list[Text]


class SetFiles:
    """Writes a set."""

    def __init__(self, of: BookSet) -> None:
        """Write this set."""
        self._of = of

    def write(
        self,
        folder: Path,
        layouts: ChosenForms,
        exact: Filling,
        points: Points,
        progress: Callable[[Text], None],
    ) -> list[str]:
        """Every file of the set into a folder; their names, in the order to be told."""
        stem, setting = self._of.stem, self._setting(points)
        forms, rows = folder / f"{stem}.xlsx", folder / self._of.rows_file
        content = self._content(layouts, exact, points, rows.name)
        progress(Text("lập biểu", "filling the forms"))
        write_forms(forms, folder, content, setting)
        progress(Text("ghi dòng sổ", "writing the rows of the book"))
        write_rows(rows, folder, content, setting, progress)
        sheets = {one.sheet for one in content.filled}
        figures = _tidy(exact, sheets, setting)
        for member in self._of.members:
            own = Setting(member.head, self._of.period.name, Unit.DONG)
            figures += _tidy(member.fill(Unit.DONG, "", layouts.all), sheets, own)
        files = [forms, rows, *exports.write_tidy(folder, stem, figures)]
        files += self._narrative(folder, content.paragraphs)
        files += self._for_portal(folder, exact, sheets, setting)
        made = self._print(forms, folder, progress)
        manifest = exports.write_manifest(
            folder / f"{stem}.{MANIFEST}.json",
            files,
            self._of.facts,
            self._of.law,
            setting,
            self._told_in_manifest(layouts, points),
        )
        return [path.name for path in (*files, *made, manifest)]

    def _setting(self, points: Points) -> Setting:
        request, period = self._of.request, self._of.period
        return Setting(
            self._of.head,
            period.name,
            request.unit,
            request.language,
            request.draft or bool(points.blocked),
            period.whole,
            period.first > dt.date(period.budget_year, 1, 1),
        )

    def _content(
        self, layouts: ChosenForms, exact: Filling, points: Points, rows_file: str
    ) -> Content:
        """What the two workbooks show, in the unit asked for."""
        shown = self._of.fill(self._of.request.unit, rows_file, layouts.wanted)
        checked = self._of.checked(shown.ties, exact)
        return Content(
            shown.filled,
            [one for one in layouts.wanted if repeated_form(one)],
            checked,
            shown.desk.teller,
            self._state(points.blocked),
            points.blocked,
            points.left_open,
            self._paragraphs(exact, points.blocked),
        )

    def _narrative(self, folder: Path, paragraphs: Sequence[Text]) -> list[Path]:
        """The text of a report, to be pasted into a document."""
        if not paragraphs:
            return []
        path = folder / f"{self._of.stem}-noi-dung.txt"
        said = "\n\n".join(one.to(self._of.request.language) for one in paragraphs)
        path.write_text(f"{said}\n", "utf-8")
        return [path]

    def _told_in_manifest(self, layouts: ChosenForms, points: Points) -> dict[str, Any]:
        return {
            "open-points": [text.vi for text in points.blocked],
            "left-open": [text.vi for text in points.left_open],
            "own-forms": self._own_forms(layouts.wanted),
            "reconciled-on-paper": on_paper(self._of.facts, self._of.period.budget_year),
            "books": {
                unit_names(part)[book]: f"sha256:{exports.book_digest(part)}"
                for part in split(self._of.facts)
                for book in unit_names(part)
            },
        }

    def _own_forms(self, layouts: Sequence[FormLayout]) -> dict[str, str]:
        """The unit's own layouts that the set is made by, each with its digest."""
        names = {one.own_file for one in layouts} - {""}
        folder = folder_of(self._of.facts)
        return {name: f"sha256:{exports.sha256(folder / name)}" for name in sorted(names)}

    def _for_portal(
        self, folder: Path, exact: Filling, sheets: set[str], setting: Setting
    ) -> list[Path]:
        """The workbook for the treasury's portal, where the set of one unit has such forms."""
        taken = portal.for_portal([one for one in exact.filled if one.sheet in sheets])
        if not taken or self._of.members:
            return []
        path = folder / f"{self._of.stem}-{portal.FILE}.xlsx"
        write_portal(path, folder, taken, setting, self._of.period)
        return [path]

    def _state(self, blocked: Sequence[Text]) -> Text:
        """Whether the set can be signed, and what of it rests on paper alone."""
        state, paper = _state(blocked), told_on_paper(self._of.facts, self._of.period.budget_year)
        return Text(state.vi + paper.vi, state.en + paper.en)

    def _paragraphs(self, exact: Filling, blocked: Sequence[Text]) -> list[Text]:
        if self._of.period.whole:
            return []
        title = self._of.head.title or self._of.head.programme
        said = narrative.paragraphs(exact.desk, exact.filled, title, self._of.period.name)
        return [*narrative.marked_draft(blocked), *said]

    def _print(self, forms: Path, folder: Path, progress: Callable[[Text], None]) -> list[Path]:
        if not self._of.request.pdf or pdf.office() is None:
            return []
        progress(Text("in PDF", "printing PDF"))
        scratch = folder / "pdf"
        scratch.mkdir()
        made = pdf.to_pdf(forms, folder, scratch)
        shutil.rmtree(scratch, ignore_errors=True)
        return [made] if made else []


def _tidy(exact: Filling, sheets: set[str], setting: Setting) -> list[tuple[Any, ...]]:
    printed = [
        exports.Printed(one.sheet, one.fund, one.grid)
        for one in exact.filled
        # What each unit reports comes with its own rows.
        if one.sheet in sheets and one.layout.form != FORM_BY_UNIT
    ]
    return exports.tidy_rows(printed, setting)


def _state(blocked: Sequence[Text]) -> Text:
    if not blocked:
        return _READY
    return Text(
        f"Chưa ký được, còn {len(blocked)} điểm dưới đây.",
        f"Not to be signed yet: {len(blocked)} points below.",
    )
