"""Settle or report a book: fill, check, and write the set whole or not at all."""

from __future__ import annotations

import datetime as dt
import functools
import shutil
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.problems import refusal
from ledger.text import Language, Text
from reports.forms.layouts import chosen_layouts, load_layouts, repeated_form
from reports.forms.rounding import Unit
from reports.forms.sheet import Setting
from reports.settlement import exports, narrative, pdf, portal
from reports.settlement.desk import Desk, unit_names
from reports.settlement.figures import Head, read_head
from reports.settlement.filling import Filled, OnPage, fill_repeated, fill_set
from reports.settlement.gates import (
    blocked_by,
    drafts_waiting,
    explained_gaps,
    explained_overspends,
    not_explained,
    not_tied,
    of_budget_year,
    on_paper,
    told_on_paper,
    year_running,
)
from reports.settlement.own_layouts import changed_formulas
from reports.settlement.placing import MANIFEST, placed_whole, require_place
from reports.settlement.rounded_off import off_by_rounding
from reports.settlement.source import YearMoney
from reports.settlement.teller import Teller
from reports.settlement.tied_forms import ties_of
from reports.settlement.ties import check_ties
from reports.settlement.transfers import (
    by_superiors,
    not_matched,
    transfers,
    under_two_numbers,
)
from reports.settlement.units import (
    FORM_BY_UNIT,
    Member,
    not_summed,
    of_one_unit,
    own_layouts_left_out,
    require_apart,
    split,
    tasks_apart,
    told_apart,
    with_units,
)
from reports.settlement.unknowns import (
    codes_not_named,
    forms_not_known,
    names_not_known,
    openings_not_compared,
)
from reports.settlement.workbook import (
    Content,
    file_stem,
    write_forms,
    write_portal,
    write_rows,
)
from rules.run import assess, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.facts import Facts
    from reports.forms.grid import Grid
    from reports.forms.model import FormLayout
    from reports.settlement.filling import Standing
    from reports.settlement.source import SetPeriod
    from reports.settlement.ties import Checked, Line
    from rules.assessment import Assessment
    from rules.finding import Finding
    from rules.law import Law

_NORM_RULES: Final = "NRM"
_DRAFT: Final = "nhap"
_READY: Final = Text(
    "Các biểu khớp nhau và khớp sổ; đủ bản đối chiếu được đòi; lỗi nếu có đã được giải trình.",
    "The forms agree with each other and the book; what is to be reconciled is; errors are "
    "explained.",
)


class Request(NamedTuple):
    """What is asked for.

    Attributes:
        output: the folder.
        forms: their numbers; all of the year's where none is named.
        unit: of amounts.
        draft: write although it cannot be signed, and mark every sheet.
        force: write into a folder that holds something.
        pdf: print the forms into a PDF where LibreOffice is installed.
    """

    output: Path
    forms: tuple[str, ...] = ()
    unit: Unit = Unit.DONG
    draft: bool = False
    force: bool = False
    pdf: bool = True
    language: Language = "vi"


class MadeSet(NamedTuple):
    """What came of it.

    Attributes:
        written: the files; none where the set cannot be signed yet.
        blocked: why it cannot.
        left_open: what the book does not name or nobody knows, which no figure depends on.
    """

    written: list[Path]
    blocked: list[Text]
    left_open: list[Text]


def settle(  # noqa: PLR0913, PLR0917  # facts, law, what is asked, and how to tell of it
    facts: Facts,
    law: Law,
    period: SetPeriod,
    as_of: dt.date,
    request: Request,
    progress: Callable[[Text], None] = lambda _: None,
) -> MadeSet:
    """Write the set of a budget year, or of a period of it.

    Args:
        facts: of one book, or of several, which are consolidated.
        law: the norms that apply to them.
        period: the year, or the part of it reported.
        as_of: what is dated later is not seen.
        request: what is asked for.
        progress: told what is being done.

    Raises:
        BadInputError: the year cannot be settled from the book, a form is not known, or the
            folder cannot be written; nothing is then changed in it.
    """
    seen = facts.seen(as_of if period.last is None else min(as_of, period.last))
    head = read_head(seen, period.budget_year, facts)
    require_place(request.output, force=request.force)
    layouts = _layouts(seen, period, request)
    progress(Text("đọc số liệu", "reading the figures"))
    work = _Work(seen, law, period, as_of, head, request)
    exact = work.exact(layouts)
    if request.forms:
        _require_made(layouts.wanted, exact.filled)
    # A set of part of a year goes out with its drafts, and every sheet is marked as one.
    blocked = (
        work.blocked(exact, layouts) if period.whole else drafts_waiting(seen, period.budget_year)
    )
    left_open = [*work.left_open(layouts, exact), *_not_seen(facts, period, as_of)]
    if blocked and period.whole and not request.draft:
        return MadeSet([], blocked, left_open)
    with placed_whole(request.output) as folder:
        names = work.write(folder, layouts, exact, _Points(blocked, left_open), progress)
    return MadeSet([request.output / name for name in names], blocked, left_open)


class Shown(NamedTuple):
    """A form as a page shows it.

    Attributes:
        sheet: the name of its sheet in the workbook.
        grid: with its figures, VND.
        legend: lines below the title that are of this copy alone.
    """

    sheet: str
    grid: Grid
    legend: Sequence[str]


class Preview(NamedTuple):
    """A set as it would be written.

    Attributes:
        forms: in their order.
        blocked: why it cannot be signed yet.
        left_open: what the book does not name or nobody knows.
    """

    setting: Setting
    forms: Sequence[Shown]
    blocked: list[Text]
    left_open: list[Text]


def preview(
    facts: Facts, law: Law, period: SetPeriod, as_of: dt.date, language: Language
) -> Preview:
    """The forms of a set and what stands in its way; no file is made.

    Args:
        facts: of one book, or of several, which are consolidated.
        law: the norms that apply to them.
        period: the whole of a budget year.
        as_of: what is dated later is not seen.
        language: of what is no official wording.

    Raises:
        BadInputError: the year cannot be settled from the book.
    """
    seen = facts.seen(as_of)
    head = read_head(seen, period.budget_year, facts)
    request = Request(Path(), language=language)
    layouts = _layouts(seen, period, request)
    work = _Work(seen, law, period, as_of, head, request)
    exact = work.fill(Unit.DONG, "", layouts.all)
    forms = [Shown(one.sheet, one.grid, one.copy.legend) for one in exact.filled]
    forms += _repeated(layouts.all, exact.filled)
    blocked = work.blocked(exact, layouts)
    setting = Setting(head, period.name, Unit.DONG, language, draft=bool(blocked))
    return Preview(setting, forms, blocked, work.left_open(layouts, exact))


def _repeated(layouts: Sequence[FormLayout], filled: Sequence[Filled]) -> Iterator[Shown]:
    """Forms of approval, which carry another's rows on: one a copy of that form."""
    approved: dict[str, Standing] = {}
    for layout in layouts:
        for one in (one for one in filled if one.layout.form == repeated_form(layout)):
            grid = fill_repeated(layout, OnPage(one.grid), approved.get(one.sheet))
            approved.setdefault(one.sheet, OnPage(grid))
            yield Shown(layout.sheet + one.copy.suffix, grid, one.copy.legend)


def _not_seen(facts: Facts, period: SetPeriod, as_of: dt.date) -> list[Text]:
    """Entries of a whole year that are dated after the day asked: no figure holds them."""
    postings = facts["postings"]
    own = postings["budget_year"] == period.budget_year
    later = postings[own & (postings["date"].dt.date > as_of)]
    if not period.whole or later.empty:
        return []
    count, last = later["entry"].nunique(), later["date"].max().date()
    return [
        Text(
            f"không tính {count} bút toán của niên độ ghi sau ngày {as_of:%d/%m/%Y}, đến "
            f"{last:%d/%m/%Y}; muốn tính cả thì thêm --as-of {last}",
            f"{count} entries of the year dated after {as_of} and up to {last} are not counted; "
            f"add --as-of {last} to count them",
        )
    ]


_NOT_MADE: Final = {
    "consolidated": Text(
        "chỉ lập khi tổng hợp nhiều sổ: nêu các sổ cùng --consolidate",
        "it is made only of several books: name them with --consolidate",
    ),
    "programme": Text(
        "chỉ lập cho kinh phí có mã chương trình, dự án: ghi programme-code ở bút toán giao dự "
        "toán",
        "it is made only of money with a programme code: give programme-code with the allotment",
    ),
}


def _require_made(wanted: Sequence[FormLayout], filled: Sequence[Filled]) -> None:
    """Refuse a form asked for of which the book gives no copy."""
    made = {one.layout.form for one in filled}
    for layout in wanted:
        if (repeated_form(layout) or layout.form) not in made:
            raise refusal(
                Text(
                    f"sổ không lập được biểu {layout.form}",
                    f"the book gives no form {layout.form}",
                ),
                _NOT_MADE.get(layout.copies),
            )


def _folder_of(facts: Facts) -> Path:
    """The folder beside whose book the unit's own layouts stand."""
    return Path(str(facts["files"]["book"].iloc[0])).parent


class _Layouts(NamedTuple):
    """The forms there are.

    Attributes:
        known: of any year.
        of_year: those that a unit makes of the year.
        all: those of this set: of several units, the ones that can be summed.
        wanted: those of them that are asked for, with those that these repeat.
    """

    known: tuple[FormLayout, ...]
    of_year: tuple[FormLayout, ...]
    all: tuple[FormLayout, ...]
    wanted: tuple[FormLayout, ...]


def _layouts(facts: Facts, period: SetPeriod, request: Request) -> _Layouts:
    several = len(set(facts["files"]["book"])) > 1
    # Whose layouts a superior signs is not for one of its units to say.
    known = load_layouts(None if several else _folder_of(facts))
    kind = "year" if period.whole else "quarter"
    of_year = chosen_layouts(known, period.budget_year, (), kind)
    wanted = chosen_layouts(known, period.budget_year, request.forms, kind)
    if several and request.forms and (alone := [one for one in wanted if of_one_unit(one)]):
        raise refusal(not_summed(alone), _EACH_UNIT)
    every = tuple(one for one in of_year if not (several and of_one_unit(one)))
    needed = {repeated_form(layout) for layout in wanted}
    shown = tuple(one for one in every if one in wanted or one.form in needed)
    return _Layouts(known, of_year, every, shown)


_EACH_UNIT: Final = Text(
    "lập riêng từng sổ, không có --consolidate", "settle each book without --consolidate"
)


class _Points(NamedTuple):
    """What stands in the way of a set, and what it leaves open."""

    blocked: list[Text]
    left_open: list[Text]


class _Filling(NamedTuple):
    desk: Desk
    filled: list[Filled]
    checked: list[Checked]


class _Work:
    """One set being made."""

    def __init__(  # noqa: PLR0913, PLR0917  # what a set is made from
        self,
        facts: Facts,
        law: Law,
        period: SetPeriod,
        as_of: dt.date,
        head: Head,
        request: Request,
    ) -> None:
        self._facts = facts
        self._law = law
        self._period = period
        self._as_of = as_of
        self.head = head
        self._request = request
        self._source = YearMoney(tasks_apart(facts), period)
        day = as_of if period.last is None else min(as_of, period.last)
        self._assessed = assess(facts, law, day, _NORM_RULES)
        said: dict[str, list[Assessment]] = defaultdict(list)
        for rule, item in self._assessed:
            said[rule.code].append(item)
        self._outcome = run(facts, law, day, assessed=said)
        parts = split(facts)
        require_apart(parts)
        self._made: dict[tuple[Unit, str, tuple[str, ...]], _Filling] = {}
        self._members = [
            _Work(part, law, period, as_of, read_head(part, period.budget_year), request)
            for part in parts
            if len(parts) > 1
        ]

    @functools.cached_property
    def _told(self) -> tuple[Finding, ...]:
        """Findings of the year, those too that the book accepts: the head alone signs a set."""
        found = (*self._outcome.findings, *self._outcome.accepted)
        return of_budget_year(self._facts, self._period.budget_year, found)

    @property
    def _stem(self) -> str:
        word = "quyet-toan" if self._period.whole else "bao-cao"
        word += "-tong-hop" if self._members else ""
        stem = file_stem(word, self.head.programme, _in_file_names(self._period))
        # A draft never takes the place of a set that was signed.
        return f"{stem}-{_DRAFT}" if self._request.draft else stem

    @property
    def _rows_file(self) -> str:
        return f"{self._stem}-dong-so.xlsx"

    def exact(self, layouts: _Layouts) -> _Filling:
        """Every form in VND; the set itself where it is printed so, and then with its links."""
        printed = self._request.unit is Unit.DONG and layouts.wanted == layouts.all
        return self.fill(Unit.DONG, self._rows_file if printed else "", layouts.all)

    def fill(self, unit: Unit, rows_file: str, layouts: Sequence[FormLayout]) -> _Filling:
        """Every form in a unit, with the checks between them; made once."""
        key = (unit, rows_file, tuple(one.form for one in layouts))
        if key not in self._made:
            self._made[key] = self._filled(unit, rows_file, layouts)
        return self._made[key]

    def _filled(self, unit: Unit, rows_file: str, layouts: Sequence[FormLayout]) -> _Filling:
        teller = Teller(self._source, unit, rows_file, self._request.language)
        desk = Desk(teller, self._told, self._assessed, self._law, self._request.language)
        filled = fill_set(desk, layouts, self.head.budget_level)
        ties = ties_of(desk, filled)
        members = [one.member(unit, layouts) for one in self._members]
        if members:
            filled, more = with_units(filled, members, desk)
            ties += more
        return _Filling(desk, filled, check_ties(ties, filled, self.explained()))

    def explained(self) -> set[Line]:
        """The overspends that the head explained; of a consolidated set, each unit's head."""
        if self._members:
            return set().union(*(one.explained() for one in self._members))
        return explained_overspends(self._facts, self.head, self._told)

    def member(self, unit: Unit, layouts: Sequence[FormLayout]) -> Member:
        """The unit as a member of a consolidated set."""
        (book,) = set(self._facts["files"]["book"].astype(str))
        return Member(self.head.unit, book, self.fill(unit, "", layouts).filled)

    def blocked(self, exact: _Filling, layouts: _Layouts) -> list[Text]:
        """Why the set cannot be signed; of a consolidated one, unit by unit."""
        return [*year_running(self._period, self._as_of), *self._blocked_by_books(exact, layouts)]

    def _blocked_by_books(self, exact: _Filling, layouts: _Layouts) -> list[Text]:
        if not self._members:
            forms = {one.form for one in layouts.of_year}
            return blocked_by(
                self._facts, self.head, self._period, exact.checked, self._told, forms
            )
        passed_on = transfers(self._facts, self._period.budget_year)
        found = [*not_tied(exact.checked), *not_matched(passed_on)]
        for one in self._members:
            found += one.blocked_as_member(layouts)
        return found

    def left_open(self, layouts: _Layouts, exact: _Filling) -> list[Text]:
        """What the book does not name or nobody knows, and explained gaps; it goes out too."""
        forms = forms_not_known(layouts.known, layouts.of_year, self._period.budget_year)
        gaps = explained_gaps(exact.checked)
        codes = codes_not_named(self._source, {one.form for one in layouts.all})
        shown = [one for one in exact.filled if one.layout in layouts.wanted]
        own = changed_formulas(exact.desk, shown)
        names = names_not_known(shown, self._period.budget_year)
        off = self._rounded_off(layouts, exact)
        told = [*gaps, *own, *self._of_units(layouts), *codes, *names, *forms, *off]
        if not self._period.whole:
            return told
        waiting = not_explained(self._facts, self._period.budget_year)
        return [*waiting, *told, *openings_not_compared(self._source)]

    def _rounded_off(self, layouts: _Layouts, exact: _Filling) -> list[Text]:
        """Which figures of a set in thousands or millions are one off; none in VND."""
        if self._request.unit is Unit.DONG:
            return []
        shown = self.fill(self._request.unit, self._rows_file, layouts.wanted)
        return off_by_rounding(shown.filled, exact.filled, self._request.unit)

    def _of_units(self, layouts: _Layouts) -> list[Text]:
        """How the units of a consolidated set differ, and what each of them makes by itself."""
        if not self._members:
            return []
        alone = [one for one in layouts.of_year if of_one_unit(one)]
        heads = [one.head for one in self._members]
        return [
            *told_apart(heads, self._facts),
            *own_layouts_left_out(self._facts),
            *([not_summed(alone)] if alone else []),
            *by_superiors(self._facts, self._period.budget_year),
            *under_two_numbers(self._facts, self._period.budget_year),
        ]

    def blocked_as_member(self, layouts: _Layouts) -> list[Text]:
        """Why the unit's own set cannot be signed, each with its name and folder."""
        name = f"{self.head.unit} ({_folder_of(self._facts).name})"
        own = self._blocked_by_books(self.fill(Unit.DONG, "", layouts.of_year), layouts)
        return [Text(f"{name}: {text.vi}", f"{name}: {text.en}") for text in own]

    def write(
        self,
        folder: Path,
        layouts: _Layouts,
        exact: _Filling,
        points: _Points,
        progress: Callable[[Text], None],
    ) -> list[str]:
        """Every file of the set into a folder; their names, in the order to be told."""
        stem, setting = self._stem, self._setting(points)
        forms, rows = folder / f"{stem}.xlsx", folder / self._rows_file
        content = self._content(layouts, exact, points, rows.name)
        progress(Text("lập biểu", "filling the forms"))
        write_forms(forms, folder, content, setting)
        progress(Text("ghi dòng sổ", "writing the rows of the book"))
        write_rows(rows, folder, content, setting, progress)
        sheets = {one.sheet for one in content.filled}
        figures = _tidy(exact, sheets, setting)
        for member in self._members:
            figures += member.tidy(layouts.all, sheets)
        files = [forms, rows, *exports.write_tidy(folder, stem, figures)]
        files += self._narrative(folder, content.paragraphs)
        files += self._for_portal(folder, exact, sheets, setting)
        made = self._print(forms, folder, progress)
        manifest = exports.write_manifest(
            folder / f"{stem}.{MANIFEST}.json",
            files,
            self._facts,
            self._law,
            setting,
            self._told_in_manifest(layouts, points),
        )
        return [path.name for path in (*files, *made, manifest)]

    def _setting(self, points: _Points) -> Setting:
        request, period = self._request, self._period
        return Setting(
            self.head,
            period.name,
            request.unit,
            request.language,
            request.draft or bool(points.blocked),
            period.whole,
            period.first > dt.date(period.budget_year, 1, 1),
        )

    def _content(
        self, layouts: _Layouts, exact: _Filling, points: _Points, rows_file: str
    ) -> Content:
        """What the two workbooks show, in the unit asked for."""
        shown = self.fill(self._request.unit, rows_file, layouts.wanted)
        # In units each figure is rounded by itself: what ties is asked of the figures in VND.
        checked = check_ties([one.tie for one in shown.checked], exact.filled, self.explained())
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
        path = folder / f"{self._stem}-noi-dung.txt"
        said = "\n\n".join(one.to(self._request.language) for one in paragraphs)
        path.write_text(f"{said}\n", "utf-8")
        return [path]

    def _told_in_manifest(self, layouts: _Layouts, points: _Points) -> dict[str, Any]:
        return {
            "open-points": [text.vi for text in points.blocked],
            "left-open": [text.vi for text in points.left_open],
            "own-forms": self._own_forms(layouts.wanted),
            "reconciled-on-paper": on_paper(self._facts, self._period.budget_year),
            "books": {
                unit_names(part)[book]: f"sha256:{exports.book_digest(part)}"
                for part in split(self._facts)
                for book in unit_names(part)
            },
        }

    def _own_forms(self, layouts: Sequence[FormLayout]) -> dict[str, str]:
        """The unit's own layouts that the set is made by, each with its digest."""
        names = {one.own_file for one in layouts} - {""}
        folder = _folder_of(self._facts)
        return {name: f"sha256:{exports.sha256(folder / name)}" for name in sorted(names)}

    def _for_portal(
        self, folder: Path, exact: _Filling, sheets: set[str], setting: Setting
    ) -> list[Path]:
        """The workbook for the treasury's portal, where the set of one unit has such forms."""
        taken = portal.for_portal([one for one in exact.filled if one.sheet in sheets])
        if not taken or self._members:
            return []
        path = folder / f"{self._stem}-{portal.FILE}.xlsx"
        write_portal(path, folder, taken, setting, self._period)
        return [path]

    def tidy(self, layouts: Sequence[FormLayout], sheets: set[str]) -> list[tuple[Any, ...]]:
        """The unit's own figures in the long form of a consolidated set."""
        setting = Setting(self.head, self._period.name, Unit.DONG)
        return _tidy(self.fill(Unit.DONG, "", layouts), sheets, setting)

    def _state(self, blocked: Sequence[Text]) -> Text:
        """Whether the set can be signed, and what of it rests on paper alone."""
        state, paper = _state(blocked), told_on_paper(self._facts, self._period.budget_year)
        return Text(state.vi + paper.vi, state.en + paper.en)

    def _paragraphs(self, exact: _Filling, blocked: Sequence[Text]) -> list[Text]:
        if self._period.whole:
            return []
        title = self.head.title or self.head.programme
        said = narrative.paragraphs(exact.desk, exact.filled, title, self._period.name)
        return [*narrative.marked_draft(blocked), *said]

    def _print(self, forms: Path, folder: Path, progress: Callable[[Text], None]) -> list[Path]:
        if not self._request.pdf or pdf.office() is None:
            return []
        progress(Text("in PDF", "printing PDF"))
        scratch = folder / "pdf"
        scratch.mkdir()
        made = pdf.to_pdf(forms, folder, scratch)
        shutil.rmtree(scratch, ignore_errors=True)
        return [made] if made else []


def _tidy(exact: _Filling, sheets: set[str], setting: Setting) -> list[tuple[Any, ...]]:
    printed = [
        exports.Printed(one.sheet, one.fund, one.grid)
        for one in exact.filled
        # What each unit reports comes with its own rows.
        if one.sheet in sheets and one.layout.form != FORM_BY_UNIT
    ]
    return exports.tidy_rows(printed, setting)


def _in_file_names(period: SetPeriod) -> str:
    if period.last is None:
        return str(period.budget_year)
    return f"{period.first:%Y%m%d}-{period.last:%Y%m%d}"


def _state(blocked: Sequence[Text]) -> Text:
    if not blocked:
        return _READY
    return Text(
        f"Chưa ký được, còn {len(blocked)} điểm dưới đây.",
        f"Not to be signed yet: {len(blocked)} points below.",
    )
