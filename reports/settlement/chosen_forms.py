"""Which forms a set has (các biểu của một bộ)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.problems import refusal
from ledger.text import Text
from reports.forms.layouts import chosen_layouts, load_layouts, repeated_form
from reports.settlement.units import (
    not_summed,
    of_one_unit,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.facts import Facts
    from reports.forms.model import FormLayout
    from reports.settlement.filling import Filled
    from reports.settlement.source import SetPeriod

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


def require_made(wanted: Sequence[FormLayout], filled: Sequence[Filled]) -> None:
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


def folder_of(facts: Facts) -> Path:
    """The folder beside whose book the unit's own layouts stand."""
    return Path(str(facts["files"]["book"].iloc[0])).parent


class ChosenForms(NamedTuple):
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


def choose_forms(facts: Facts, period: SetPeriod, asked: tuple[str, ...]) -> ChosenForms:
    """The forms of a set.

    Args:
        facts: of one book, or of several, which are consolidated.
        period: the year, or the part of it reported.
        asked: the forms asked for; all where none is named.

    Raises:
        BadInputError: a layout is wrong, a form is not known, or is of one unit alone.
    """
    several = len(facts.books) > 1
    # Whose layouts a superior signs is not for one of its units to say.
    known = load_layouts(None if several else folder_of(facts))
    kind = "year" if period.whole else "quarter"
    of_year = chosen_layouts(known, period.budget_year, (), kind)
    wanted = chosen_layouts(known, period.budget_year, asked, kind)
    if several and asked and (alone := [one for one in wanted if of_one_unit(one)]):
        raise refusal(not_summed(alone), _EACH_UNIT)
    every = tuple(one for one in of_year if not (several and of_one_unit(one)))
    needed = {repeated_form(layout) for layout in wanted}
    shown = tuple(one for one in every if one in wanted or one.form in needed)
    return ChosenForms(known, of_year, every, shown)


_EACH_UNIT: Final = Text(
    "lập riêng từng sổ, không có --consolidate", "settle each book without --consolidate"
)
