"""Several units as one set: their sums side by side (tổng hợp nhiều đơn vị)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from ledger.facts import Facts
from ledger.problems import refusal
from ledger.text import Text
from reports.forms.expression import Expression
from reports.forms.grid import CellFigure, fill_coded
from reports.forms.layouts import own_layout_files
from reports.forms.model import ColumnLayout
from reports.forms.rounding import Unit
from reports.settlement.declarations import names_of_books, unit_names
from reports.settlement.desk import Copy, where_of
from reports.settlement.exports import book_digest
from reports.settlement.ties import Ref, Side, Tie
from rules.tre.obligations import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.forms.grid import Content
    from reports.forms.model import FormLayout, RowLayout
    from reports.settlement.desk import Desk
    from reports.settlement.figures import Head
    from reports.settlement.filling import Filled
    from reports.settlement.teller import Teller

_FORM: Final = "B01/BCQT"
FORM_BY_UNIT: Final = "CT-ĐV"  # no official form has a column a unit
_TITLE: Final = Text("B01/BCQT THEO TỪNG ĐƠN VỊ", "B01/BCQT BY UNIT")
_SOURCE: Final = Text(
    "bộ biểu của chương trình, do sổ đặt ra; các dòng theo B01/BCQT",
    "the programme's own set, laid out by this ledger; rows of B01/BCQT",
)
_HEADINGS: Final = {"ordinal": "No.", "label": "Item", "code": "Code"}
_BOOKS_OF_A_UNIT: Final = "S101-H"
_TOLD_APART: Final = {
    "programme": Text("chương trình", "programme"),
    "chapter": Text("mã chương", "chapter"),
    "budget_level": Text("cấp ngân sách", "budget level"),
}
_SHEET: Final = Text("Theo đơn vị", "By unit")
_WHOLE: Final = Text("Tổng hợp", "Consolidated")
_WIDTH: Final = 18.0


class Member(NamedTuple):
    """One unit: its name, its book and its forms."""

    name: str
    book: str
    filled: Sequence[Filled]


def split(facts: Facts) -> list[Facts]:
    """The facts of each book by itself, in the order of their names."""
    books = facts.books
    if len(books) == 1:
        return [facts]
    return [
        Facts(
            {
                name: frame[frame["book"] == book].reset_index(drop=True)
                for name, frame in facts.frames.items()
            }
        )
        for book in books
    ]


def require_apart(parts: Sequence[Facts]) -> None:
    """Refuse a book that is given twice, be it as a copy.

    Raises:
        BadInputError: two books have the same content.
    """
    seen: dict[str, str] = {}
    for part in parts:
        book = str(part["files"]["book"].iloc[0])
        other = seen.setdefault(book_digest(part), book)
        if other != book:
            raise refusal(
                Text(
                    f"sổ này giống hệt «{other}»: cộng cả hai thì mỗi số tính hai lần",
                    f"this book is the same as “{other}”: both together count each figure twice",
                ),
                Text("nêu mỗi đơn vị một sổ", "name one book a unit"),
                file=book,
            )


def of_one_unit(layout: FormLayout) -> bool:
    """Whether a form is of one unit alone: agreed with its treasury office, or a book it keeps."""
    return layout.form in FORMS or layout.form.startswith(_BOOKS_OF_A_UNIT)


def not_summed(layouts: Sequence[FormLayout]) -> Text:
    """That forms are made by each unit and not of their sum."""
    names = ", ".join(dict.fromkeys(one.form for one in layouts))
    return Text(
        f"không lập {names} cho số tổng hợp: từng đơn vị lập và đối chiếu với Kho bạc nơi mình "
        "giao dịch",
        f"{names} not made of the sum: each unit makes them and agrees them with its own treasury "
        "office",
    )


def own_layouts_left_out(facts: Facts) -> Iterator[Text]:
    """The layouts of units, by which no consolidated set is made."""
    for book, unit in unit_names(facts).items():
        named = ", ".join(path.name for path in own_layout_files(Path(book).parent))
        if named:
            yield Text(
                f"bố cục riêng của {unit} (forms/: {named}) không dùng cho bộ tổng hợp",
                f"the layouts of {unit} (forms/: {named}) are not used for a consolidated set",
            )


def told_apart(heads: Sequence[Head], facts: Facts) -> Iterator[Text]:
    """What units that are summed say otherwise than each other."""
    for name, word in _TOLD_APART.items():
        said = [(str(getattr(one, name)) or "…", one.unit) for one in heads]
        if len({value for value, _ in said}) > 1:
            listed = "; ".join(f"{value} ({unit})" for value, unit in said)
            yield Text(
                f"các đơn vị khác nhau về {word.vi}: {listed}",
                f"the units differ in {word.en}: {listed}",
            )
    tasks = facts["tasks"].astype({"task": "str", "title": "str"})
    titles = tasks.groupby("task")["title"].unique()
    for task, found in titles[titles.str.len() > 1].items():
        listed = "; ".join(f"«{title}»" for title in found)
        yield Text(
            f"nhiệm vụ {task} mang tên khác nhau ở các đơn vị, các biểu tách theo đơn vị: {listed}",
            f"task {task} has several titles and is shown unit by unit: {listed}",
        )
    for code, same in _of_one_code(heads).items():
        listed = "; ".join(same)
        yield Text(
            f"các đơn vị cùng mã ĐVQHNS {code}: {listed}; xem lại unit-code",
            f"several units have the code {code}: {listed}; look at their unit-code",
        )


def _of_one_code(heads: Sequence[Head]) -> dict[str, list[str]]:
    """Units that name the same mã ĐVQHNS, which is that of one unit."""
    named: defaultdict[str, list[str]] = defaultdict(list)
    for one in heads:
        if one.unit_code:
            named[one.unit_code].append(one.unit)
    return {code: units for code, units in named.items() if len(units) > 1}


def tasks_apart(facts: Facts) -> Facts:
    """The facts of several books; a task of another title in each is a task of each.

    Every new book begins with NV01: the code alone does not say that units do the same.
    """
    tasks = facts["tasks"].astype({"task": "str", "title": "str"})
    titles = tasks.groupby("task")["title"].nunique()
    several = set(titles[titles > 1].index)
    if not several:
        return facts
    units = names_of_books(facts)
    return Facts(
        {
            name: _named_apart(frame, several, units) if "task" in frame.columns else frame
            for name, frame in facts.frames.items()
        }
    )


def _named_apart(frame: pd.DataFrame, several: set[str], units: Mapping[str, str]) -> pd.DataFrame:
    """Rows whose task is of one unit among several of its code, with the unit in its name."""
    names = [
        f"{task} ({units[book]})" if task in several and book in units else task
        for task, book in zip(frame["task"].astype("str"), frame["book"].astype("str"), strict=True)
    ]
    kind = "category" if isinstance(frame["task"].dtype, pd.CategoricalDtype) else "str"
    return frame.assign(task=pd.Series(names, index=frame.index, dtype=kind))


def with_units(
    filled: Sequence[Filled], members: Sequence[Member], desk: Desk
) -> tuple[list[Filled], list[Tie]]:
    """A set with the form of each budget level by unit, and the checks of their sums."""
    result, ties = [], []
    for one in filled:
        result.append(one)
        if one.layout.form == _FORM:
            beside = _by_unit(one, members, desk)
            result.append(beside)
            ties += _ties(one, beside)
    return result, ties


def _by_unit(form: Filled, members: Sequence[Member], desk: Desk) -> Filled:
    """A form with a column a unit, and their sum."""
    names = [Text(one.name, one.name) for one in members]
    units = [_column(f"u{number}", name) for number, name in enumerate(names)]
    added = Expression(tuple((1, unit.key) for unit in units))
    whole = _column("total", _WHOLE).model_copy(update={"is_": added})
    layout = form.layout.model_copy(
        update={
            "form": FORM_BY_UNIT,
            "title": _TITLE,
            "subtitle": Text("", ""),
            "basis": "",
            "grade": "own",
            "source": _SOURCE,
            "notes": (),
            "signatures": (),
            "own_file": "",
            "columns": (*map(_with_english, form.layout.columns), *units, whole),
            "spread": False,
            "words": "",
        }
    )
    own = {f"u{number}": one for number, one in enumerate(members)}

    def figure(row: RowLayout, column: ColumnLayout) -> Content:
        return _of_unit(form, own[column.key], desk.teller, row)

    grid = fill_coded(layout, figure, None, form.grid.layout.rows)
    named, language = form.copy.named, desk.language
    copy = Copy(
        legend=form.copy.legend if language == "vi" else (named.en.capitalize(),), named=named
    )
    sheet = _SHEET.to(language) + form.copy.suffix
    return form._replace(layout=layout, copy=copy, grid=grid, sheet=sheet)


def _of_unit(form: Filled, member: Member, teller: Teller, row: RowLayout) -> CellFigure:
    """A unit's figure, with the way to its rows.

    In đồng it is that of the unit's own form, which a check holds against the consolidated one; in
    other units its share of that one, so that the columns add up.
    """
    if not row.take:
        return CellFigure(0)
    where = where_of(row, form.copy) | {"book": member.book}
    share = teller.one(row.take, **where)
    if teller.unit is not Unit.DONG:
        return share
    found = _own(form, member)
    return share._replace(value=found.grid.value(row.code, "total") if found else 0)


def _column(key: str, heading: Text) -> ColumnLayout:
    shown = Text(*(wording.replace(" / ", " ") for wording in heading))
    return ColumnLayout.model_validate({"key": key, "heading": shown, "width": _WIDTH})


def _with_english(column: ColumnLayout) -> ColumnLayout:
    """A column of the official form as a form of our own has it."""
    heading = Text(column.heading.vi, _HEADINGS.get(column.key, column.heading.en))
    return column.model_copy(update={"heading": heading})


def _own(form: Filled, member: Member) -> Filled | None:
    """A unit's copy of the same form and level."""
    wanted = (form.layout.form, form.fund)
    return next((one for one in member.filled if (one.layout.form, one.fund) == wanted), None)


def _ties(form: Filled, beside: Filled) -> list[Tie]:
    """The consolidated form row by row against the sum of the units."""
    return [
        Tie(
            Text(
                f"{form.sheet} mã {row.code} tổng hợp = cộng các đơn vị",
                f"{form.sheet} {row.code} consolidated = sum of the units",
            ),
            Side((Ref(form.sheet, row.code, "total"),)),
            Side((Ref(beside.sheet, row.code, "total"),)),
        )
        for row in form.layout.rows
        if row.take and any(one.code == row.code for one in beside.grid.rows)
    ]
