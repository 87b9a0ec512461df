"""One set: filled, checked, and judged whether it can be signed."""

from __future__ import annotations

import functools
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text
from reports.forms.rounding import Unit
from reports.settlement.chosen_forms import ChosenForms, folder_of
from reports.settlement.desk import Desk
from reports.settlement.figures import Head, read_head
from reports.settlement.filling import Filled, fill_set
from reports.settlement.gates import (
    blocked_by,
    explained_gaps,
    explained_overspends,
    not_explained,
    not_tied,
    of_budget_year,
    year_running,
)
from reports.settlement.own_layouts import changed_formulas
from reports.settlement.rounded_off import off_by_rounding
from reports.settlement.source import SetPeriod, YearMoney
from reports.settlement.teller import Teller
from reports.settlement.tied_forms import ties_of
from reports.settlement.ties import Checked, Line, Tie, check_ties
from reports.settlement.ties_b01 import returns_below_zero
from reports.settlement.transfers import by_superiors, not_matched, transfers, under_two_numbers
from reports.settlement.units import (
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
from reports.settlement.workbook import file_stem
from rules.run import assess, run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ledger.facts import Facts
    from reports.forms.model import FormLayout
    from reports.settlement.asked import Request
    from rules.assessment import Assessment
    from rules.finding import Finding
    from rules.law import Law

_NORM_RULES: Final = "NRM"
_DRAFT: Final = "nhap"


class Filling(NamedTuple):
    """Every form in one unit, and what must be equal between them."""

    desk: Desk
    filled: list[Filled]
    ties: list[Tie]


class BookSet:
    """The forms of a book, or of several consolidated, and what stands in their way."""

    def __init__(  # noqa: PLR0913, PLR0917  # what a set is made from
        self,
        facts: Facts,
        law: Law,
        period: SetPeriod,
        as_of: dt.date,
        head: Head,
        request: Request,
    ) -> None:
        self.facts = facts
        self.law = law
        self.period = period
        self._as_of = as_of
        self.head = head
        self.request = request
        self._source = YearMoney(tasks_apart(facts), period)
        day = as_of if period.last is None else min(as_of, period.last)
        self._assessed = assess(facts, law, day, _NORM_RULES)
        said: dict[str, list[Assessment]] = defaultdict(list)
        for rule, item in self._assessed:
            said[rule.code].append(item)
        self._outcome = run(facts, law, day, assessed=said)
        parts = split(facts)
        require_apart(parts)
        self._made: dict[tuple[Unit, str, tuple[str, ...]], Filling] = {}
        self.members = [
            BookSet(part, law, period, as_of, read_head(part, period.budget_year), request)
            for part in parts
            if len(parts) > 1
        ]

    @functools.cached_property
    def _told(self) -> tuple[Finding, ...]:
        """Findings of the year, those too that the book accepts: the head alone signs a set."""
        found = (*self._outcome.findings, *self._outcome.accepted)
        return of_budget_year(self.facts, self.period.budget_year, found)

    @property
    def stem(self) -> str:
        """The name of its files."""
        word = "quyet-toan" if self.period.whole else "bao-cao"
        word += "-tong-hop" if self.members else ""
        stem = file_stem(word, self.head.programme, _in_file_names(self.period))
        # A draft never takes the place of a set that was signed.
        return f"{stem}-{_DRAFT}" if self.request.draft else stem

    @property
    def rows_file(self) -> str:
        """The workbook of rows, to which figures lead."""
        return f"{self.stem}-dong-so.xlsx"

    def exact(self, layouts: ChosenForms) -> Filling:
        """Every form in VND; the set itself where it is printed so, and then with its links."""
        printed = self.request.unit is Unit.DONG and layouts.wanted == layouts.all
        return self.fill(Unit.DONG, self.rows_file if printed else "", layouts.all)

    def fill(self, unit: Unit, rows_file: str, layouts: Sequence[FormLayout]) -> Filling:
        """Every form in a unit, with the checks between them; made once."""
        key = (unit, rows_file, tuple(one.form for one in layouts))
        if key not in self._made:
            self._made[key] = self._filled(unit, rows_file, layouts)
        return self._made[key]

    def _filled(self, unit: Unit, rows_file: str, layouts: Sequence[FormLayout]) -> Filling:
        teller = Teller(self._source, unit, rows_file, self.request.language)
        desk = Desk(teller, self._told, self._assessed, self.law, self.request.language)
        filled = fill_set(desk, layouts, self.head.budget_level)
        ties = ties_of(desk, filled)
        members = [one.member(unit, layouts) for one in self.members]
        if members:
            filled, more = with_units(filled, members, desk)
            ties += more
        return Filling(desk, filled, ties)

    def checked(self, ties: Sequence[Tie], exact: Filling) -> list[Checked]:
        """Checks with their figures in VND: what is rounded by itself decides nothing."""
        return check_ties(ties, exact.filled, self.explained())

    def explained(self) -> set[Line]:
        """The overspends that the head explained; of a consolidated set, each unit's head."""
        if self.members:
            return set().union(*(one.explained() for one in self.members))
        return explained_overspends(self.facts, self.head, self._told)

    def member(self, unit: Unit, layouts: Sequence[FormLayout]) -> Member:
        """The unit as a member of a consolidated set."""
        (book,) = self.facts.books
        return Member(self.head.unit, book, self.fill(unit, "", layouts).filled)

    def blocked(self, exact: Filling, layouts: ChosenForms) -> list[Text]:
        """Why the set cannot be signed; of a consolidated one, unit by unit."""
        return [*year_running(self.period, self._as_of), *self._blocked_by_books(exact, layouts)]

    def _blocked_by_books(self, exact: Filling, layouts: ChosenForms) -> list[Text]:
        if not self.members:
            forms = {one.form for one in layouts.of_year}
            return blocked_by(
                self.facts,
                self.head,
                self.period,
                self.checked(exact.ties, exact),
                self._told,
                forms,
            )
        passed_on = transfers(self.facts, self.period.budget_year)
        found = [*not_tied(self.checked(exact.ties, exact)), *not_matched(passed_on)]
        for one in self.members:
            found += one.blocked_as_member(layouts)
        return found

    def left_open(self, layouts: ChosenForms, exact: Filling) -> list[Text]:
        """What the book does not name or nobody knows, and explained gaps; it goes out too."""
        forms = forms_not_known(layouts.known, layouts.of_year, self.period.budget_year)
        gaps = explained_gaps(self.checked(exact.ties, exact))
        codes = codes_not_named(self._source, {one.form for one in layouts.all})
        shown = [one for one in exact.filled if one.layout in layouts.wanted]
        own = changed_formulas(exact.desk, shown)
        names = names_not_known(shown, self.period.budget_year)
        off = self._rounded_off(layouts, exact)
        below = returns_below_zero(exact.filled)
        told = [*gaps, *below, *own, *self._of_units(layouts), *codes, *names, *forms, *off]
        if not self.period.whole:
            return told
        waiting = not_explained(self.facts, self.period.budget_year)
        return [*waiting, *told, *openings_not_compared(self._source)]

    def _rounded_off(self, layouts: ChosenForms, exact: Filling) -> list[Text]:
        """Which figures of a set in thousands or millions are one off; none in VND."""
        if self.request.unit is Unit.DONG:
            return []
        shown = self.fill(self.request.unit, self.rows_file, layouts.wanted)
        return off_by_rounding(shown.filled, exact.filled, self.request.unit)

    def _of_units(self, layouts: ChosenForms) -> list[Text]:
        """How the units of a consolidated set differ, and what each of them makes by itself."""
        if not self.members:
            return []
        alone = [one for one in layouts.of_year if of_one_unit(one)]
        heads = [one.head for one in self.members]
        return [
            *told_apart(heads, self.facts),
            *own_layouts_left_out(self.facts),
            *([not_summed(alone)] if alone else []),
            *by_superiors(self.facts, self.period.budget_year),
            *under_two_numbers(self.facts, self.period.budget_year),
        ]

    def blocked_as_member(self, layouts: ChosenForms) -> list[Text]:
        """Why the unit's own set cannot be signed, each with its name and folder."""
        name = f"{self.head.unit} ({folder_of(self.facts).name})"
        own = self._blocked_by_books(self.fill(Unit.DONG, "", layouts.of_year), layouts)
        return [Text(f"{name}: {text.vi}", f"{name}: {text.en}") for text in own]


def _in_file_names(period: SetPeriod) -> str:
    if period.last is None:
        return str(period.budget_year)
    return f"{period.first:%Y%m%d}-{period.last:%Y%m%d}"
