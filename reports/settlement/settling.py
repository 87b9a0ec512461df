"""Settle or report a book: fill, check, and write the set whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.text import Language, Text
from reports.forms.layouts import repeated_form
from reports.forms.rounding import Unit
from reports.forms.sheet import Setting
from reports.settlement.asked import Request
from reports.settlement.book_set import BookSet
from reports.settlement.chosen_forms import choose_forms, require_made
from reports.settlement.figures import read_head
from reports.settlement.filling import Filled, OnPage, Standing, fill_repeated
from reports.settlement.gates import drafts_waiting
from reports.settlement.placing import placed_whole, require_place
from reports.settlement.set_files import Points, SetFiles

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from ledger.facts import Facts
    from reports.forms.grid import Grid
    from reports.forms.model import FormLayout
    from reports.settlement.source import SetPeriod
    from rules.law import Law


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
    head = head._replace(unit=request.superior or head.unit)
    require_place(request.output, force=request.force)
    layouts = choose_forms(seen, period, request.forms)
    progress(Text("đọc số liệu", "reading the figures"))
    work = BookSet(seen, law, period, as_of, head, request)
    exact = work.exact(layouts)
    if request.forms:
        require_made(layouts.wanted, exact.filled)
    # A set of part of a year goes out with its drafts, and every sheet is marked as one.
    blocked = (
        work.blocked(exact, layouts) if period.whole else drafts_waiting(seen, period.budget_year)
    )
    left_open = [*work.left_open(layouts, exact), *_not_seen(facts, period, as_of)]
    if blocked and period.whole and not request.draft:
        return MadeSet([], blocked, left_open)
    with placed_whole(request.output) as folder:
        names = SetFiles(work).write(folder, layouts, exact, Points(blocked, left_open), progress)
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
    layouts = choose_forms(seen, period, request.forms)
    work = BookSet(seen, law, period, as_of, head, request)
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
