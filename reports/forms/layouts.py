"""Reading the layouts that ship, and those that a unit put beside its book."""

from __future__ import annotations

import itertools
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.problems import BadInputError, Problem
from ledger.text import Text, composed
from ledger.yaml_models import did_you_mean, read_model
from reports.forms.model import FormLayout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.strict_yaml import Tree
    from reports.forms.expression import Expression

FOLDER: Final = Path(__file__).parent
# The folder beside a book that holds the unit's own layouts; one of a form that ships takes its
# place for the same years.
OWN_FORMS: Final = "forms"
_REPEATS: Final = "form:"


def load_layouts(beside: Path | None = None) -> tuple[FormLayout, ...]:
    """Every layout, in the order of the set.

    Args:
        beside: the folder of the book.

    Raises:
        BadInputError: a file is no layout, a row or column refers to none that exists or, by
            way of others, to itself, a form repeats none whose rows have codes, or a unit's own
            layout and another are of the same form, years and period.
    """
    shipped = _shipped()
    own = [_own_layout(path) for path in own_layout_files(beside)]
    mended = {(layout.form, layout.from_) for layout in own}
    kept = [layout for layout in shipped if (layout.form, layout.from_) not in mended]
    every = tuple(sorted([*kept, *own], key=lambda layout: (layout.order, layout.from_)))
    _require_one_a_form(every)
    _require_forms_to_repeat(every)
    return every


def _own_layout(path: Path) -> FormLayout:
    return read_layout(path).model_copy(update={"own_file": f"{OWN_FORMS}/{path.name}"})


def mended_layout(layout: FormLayout) -> FormLayout | None:
    """The layout that ships of which a unit's own one takes the place; None where there is none."""
    if not layout.own_file:
        return None
    same = (layout.form, layout.from_)
    return next((one for one in _shipped() if (one.form, one.from_) == same), None)


@cache
def _shipped() -> tuple[FormLayout, ...]:
    return tuple(read_layout(path) for path in sorted(FOLDER.glob("*.yaml")))


def own_layout_files(beside: Path | None) -> list[Path]:
    """The layout files beside a book; a link that leaves its folder is not followed."""
    if beside is None:
        return []
    root = beside.resolve()
    found = sorted((beside / OWN_FORMS).glob("*.yaml"))
    return [path for path in found if path.resolve().is_relative_to(root)]


def read_layout(path: Path) -> FormLayout:
    """One layout.

    Raises:
        BadInputError: as ``load_layouts``.
    """
    tree, layout = read_model(path, FormLayout)
    problems = [
        *_year_problems(tree, layout),
        *_row_problems(tree, layout),
        *_column_problems(tree, layout),
        *_words_problems(tree, layout),
    ]
    if problems:
        raise BadInputError(problems)
    return layout.read_from(tree)


def repeated_form(layout: FormLayout) -> str:
    """The form whose rows this one repeats; empty where it repeats none."""
    return layout.rows_of.removeprefix(_REPEATS) if layout.rows_of.startswith(_REPEATS) else ""


def _require_one_a_form(layouts: Sequence[FormLayout]) -> None:
    """Refuse a unit's own layout where another is of the same form, years and period."""
    problems = [
        _twice(*sorted(pair, key=lambda layout: layout.own_file))
        for pair in itertools.combinations(layouts, 2)
        if any(layout.own_file for layout in pair) and _overlap(*pair)
    ]
    if problems:
        raise BadInputError(problems)


def _overlap(one: FormLayout, other: FormLayout) -> bool:
    if one.form != other.form or not (
        {one.period, other.period} & {"any"} or one.period == other.period
    ):
        return False
    last = [math.inf if layout.until is None else layout.until for layout in (one, other)]
    return one.from_ <= last[1] and other.from_ <= last[0]


def _twice(first: FormLayout, second: FormLayout) -> Problem:
    """Two layouts of one form: the later file of the unit is the one to mend."""
    there = first.own_file or "có sẵn"
    here = first.own_file or "the one that ships"
    return second.problem(
        Text(
            f"biểu {second.form}: hai bố cục cùng dùng cho niên độ {max(first.from_, second.from_)}"
            f" ({there}, {second.own_file}); mỗi biểu, mỗi niên độ chỉ có một",
            f"form {second.form}: two layouts for year {max(first.from_, second.from_)} ({here}, "
            f"{second.own_file}); there is one a form and year",
        ),
        Text(
            "bỏ bớt một tệp, hoặc sửa «from», «until» để không trùng niên độ; bố cục thay mẫu có "
            "sẵn thì giữ nguyên «form» và «from» của mẫu",
            "remove one of the files, or set “from” and “until” so that no year has both; a layout "
            "in the place of one that ships keeps its “form” and “from”",
        ),
        "from" if first.from_ != second.from_ else "form",
    )


def _require_forms_to_repeat(layouts: Sequence[FormLayout]) -> None:
    """Refuse a form that repeats rows of a form which there is not, or which has no codes."""
    coded = list(dict.fromkeys(layout.form for layout in layouts if layout.coded))
    problems = [
        layout.problem(
            Text(
                f"biểu {layout.form}: «rows-of» nêu {repeated}, không có biểu nào như vậy mà "
                "các dòng có mã số",
                f"form {layout.form}: “rows-of” names {repeated}, and there is no such form "
                "whose rows have codes",
            ),
            did_you_mean(repeated, coded, Text("các biểu", "the forms")),
            "rows-of",
        )
        for layout in layouts
        if (repeated := repeated_form(layout)) and repeated not in coded
    ]
    if problems:
        raise BadInputError(problems)


def _year_problems(tree: Tree, layout: FormLayout) -> Iterator[Problem]:
    if layout.until is not None and layout.until < layout.from_:
        yield _problem(
            tree,
            ("until",),
            "«until» đứng trước «from», không niên độ nào có biểu này",
            "“until” is before “from”, no year has this form",
            f"{layout.from_}, {layout.until}",
        )


def _row_problems(tree: Tree, layout: FormLayout) -> Iterator[Problem]:
    coded = [(number, row) for number, row in enumerate(layout.rows) if row.code]
    places = {row.code: ("rows", number) for number, row in coded}
    if len(places) < len(coded):
        twice = sorted(
            {row.code for _, row in coded if sum(r.code == row.code for _, r in coded) > 1}
        )
        yield _problem(tree, (), "mã số đứng hai lần", "a code stands twice", ", ".join(twice))
    sums = {row.code: row.is_ for _, row in coded if row.is_ is not None}
    yield from _sum_problems(tree, sums, places, "dòng", "row")


def _column_problems(tree: Tree, layout: FormLayout) -> Iterator[Problem]:
    places = {column.key: ("columns", number) for number, column in enumerate(layout.columns)}
    if len(places) < len(layout.columns):
        yield _problem(tree, ("columns",), "cột có hai lần", "a column stands twice", layout.form)
    sums = {column.key: column.is_ for column in layout.columns if column.is_ is not None}
    yield from _sum_problems(tree, sums, places, "cột", "column")
    if layout.coded and "label" not in places:
        yield _problem(
            tree, ("columns",), "thiếu cột tên chỉ tiêu", "there is no column of names", "label"
        )
    for number, column in enumerate(layout.columns if layout.spread else ()):
        if column.kind in {"money", "percent"} and column.is_ is None:
            yield _problem(
                tree,
                ("columns", number),
                "biểu có «spread» lấy số theo Loại, Khoản; cột số của riêng nó cần «is»",
                "a form with “spread” has its figures by kind and item; a column of its own needs "
                "“is”",
                column.key,
            )
    named = [group.into for group in layout.groups] + ([layout.into] if layout.into else [])
    for key in named:
        if key not in places:
            yield _problem(tree, ("groups",), "không có cột", "there is no column", key)
    for number, row in enumerate(layout.rows):
        for key in row.only:
            if key not in places:
                yield _problem(tree, ("rows", number), "không có cột", "there is no column", key)


def _words_problems(tree: Tree, layout: FormLayout) -> Iterator[Problem]:
    """The amount in words must be one that the form shows."""
    if not layout.words:
        return
    code, _, column = layout.words.partition(".")
    codes = {row.code for row in layout.rows if row.code}
    codes |= {"TOTAL"} if layout.total.vi else set()
    columns = {one.key for one in layout.columns} | ({"total"} if layout.spread else set())
    if code not in codes or column not in columns:
        yield _problem(
            tree,
            ("words",),
            "«words» nêu dòng hoặc cột không có (mã số.cột)",
            "“words” names a row or column that does not exist (code.column)",
            layout.words,
        )


def _sum_problems(
    tree: Tree,
    sums: Mapping[str, Expression],
    places: Mapping[str, tuple[str | int, ...]],
    vi: str,
    en: str,
) -> Iterator[Problem]:
    for code, expression in sums.items():
        for other in expression.codes:
            if other not in places:
                yield _problem(
                    tree,
                    places[code],
                    f"{vi} «{code}» dựa vào {vi} không có",
                    f"{en} “{code}” rests on a {en} that does not exist",
                    other,
                )
    for code in _circular(sums):
        yield _problem(
            tree, places[code], f"{vi} dựa vào chính nó", f"a {en} that rests on itself", code
        )


def _circular(sums: Mapping[str, Expression]) -> list[str]:
    """Codes that rest, by way of others or not, on themselves."""

    def rests_on(code: str) -> set[str]:
        found: set[str] = set()
        waiting = list(sums[code].codes)
        while waiting:
            other = waiting.pop()
            if other not in found:
                found.add(other)
                waiting += sums[other].codes if other in sums else ()
        return found

    return [code for code in sums if code in rests_on(code)]


def _problem(tree: Tree, keys: tuple[str | int, ...], vi: str, en: str, what: str) -> Problem:
    return Problem(
        tree.file,
        tree.line_of(keys),
        Text(f"{vi}: {what}", f"{en}: {what}"),
        Text("sửa bố cục biểu mẫu ở dòng này", "mend the layout on this line"),
    )


def order_of(sums: Mapping[str, Expression], codes: Iterable[str]) -> list[str]:
    """Codes in an order in which each comes after those that it rests on."""
    done: dict[str, None] = {}

    def add(code: str) -> None:
        if code in done:
            return
        for other in sums[code].codes if code in sums else ():
            add(other)
        done[code] = None

    for code in codes:
        add(code)
    return list(done)


def _require_sheets_of_their_own(layouts: Sequence[FormLayout]) -> None:
    """Refuse two forms whose sheets would have one name; a unit's own layout is at fault."""
    first: dict[str, FormLayout] = {}
    for layout in layouts:
        other = first.setdefault(layout.sheet.casefold(), layout)
        if other is layout:
            continue
        one, two = _named(other), _named(layout)
        fault = layout if layout.own_file else other
        problem = fault.problem(
            Text(
                f"hai biểu cùng tên trang «{layout.sheet}»: {one} và {two}",
                f"two forms have one sheet “{layout.sheet}”: {one} and {two}",
            ),
            Text(
                "đặt «sheet» khác; bố cục thay mẫu có sẵn thì giữ nguyên «form» và «from» của mẫu",
                "choose another “sheet”; a layout in the place of one that ships keeps its “form” "
                "and “from”",
            ),
            "sheet",
        )
        raise BadInputError([problem])


def _named(layout: FormLayout) -> str:
    return f"{layout.form} ({layout.own_file})" if layout.own_file else layout.form


def chosen_layouts(
    layouts: Sequence[FormLayout], year: int, wanted: Sequence[str], period: str
) -> tuple[FormLayout, ...]:
    """The forms of a budget year and period, all of them or those asked for.

    Raises:
        BadInputError: a form asked for is none of the year's, or two have one sheet.
    """
    own = [one for one in layouts if one.in_force(year) and one.period in {period, "any"}]
    known = list(dict.fromkeys(layout.form for layout in own))
    meant = {code: _meant(code, known) for code in wanted}
    unknown = [code for code, forms in meant.items() if not forms]
    if unknown:
        names, there = ", ".join(unknown), ", ".join(known)
        raise BadInputError(
            [
                Problem(
                    "",
                    0,
                    Text(
                        f"niên độ {year} không có mẫu biểu: {names}",
                        f"year {year} has no form: {names}",
                    ),
                    Text(f"các mẫu biểu: {there}", f"the forms: {there}"),
                )
            ]
        )
    _require_sheets_of_their_own(own)
    asked = set().union(*meant.values())
    return tuple(layout for layout in own if not wanted or layout.form in asked)


def _meant(asked: str, known: Sequence[str]) -> set[str]:
    """The forms that a name means, in whatever letters: one, or the family of ``F01-02/BCQT``."""
    name = composed(asked).casefold()
    exact = {form for form in known if form.casefold() == name}
    return exact or {form for form in known if form.casefold().startswith((f"{name}-", f"{name}/"))}
