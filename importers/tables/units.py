"""The unit in which a table prints its money: đồng, nghìn đồng, triệu đồng, tỷ đồng."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.cells import text_of, unmarked
from importers.source.places import Place, problem_at
from importers.tables.profile import header_titles
from ledger.problems import BadInputError
from ledger.text import Text, dong

if TYPE_CHECKING:
    from importers.source.sheets import Sheets
    from importers.tables.profile import Found
    from importers.tables.roles import Role

_HEAD_ROWS: Final = 60
_MONEY: Final = r"(?:(?:viet nam )?(?:dong|vnd|d)(?: viet nam)?)"
_UNITS: Final = tuple(
    (factor, re.compile(rf"(?:{words})(?!\w)"))
    for factor, words in (
        (1_000_000_000, rf"(?:1 )?(?:ty|ti)(?: ?{_MONEY})?|1[.,]?000[.,]?000[.,]?000 ?{_MONEY}?"),
        (1_000_000, rf"(?:1 )?(?:trieu|tr)(?:[ .]{{0,2}}{_MONEY})?|1[.,]?000[.,]?000 ?{_MONEY}?"),
        (1_000, rf"(?:1 )?(?:nghin|ngan)(?: ?{_MONEY})?|1[.,]?000 ?{_MONEY}?"),
        (1, _MONEY),
    )
)
# «Đơn vị:» alone is as a rule the name of a unit of the state.
_LABEL: Final = re.compile(r"\b(don vi(?: tinh| tien)?|dvt)\b\s*[:.(]*\s*")
_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


class Unit(NamedTuple):
    """How many đồng a printed 1 is, in the words of the file."""

    factor: int
    words: str


_DONG: Final = Unit(1, "đồng")


def _unit_called(words: str, *, whole: bool = True) -> Unit | None:
    """The unit that words are, or begin with; None where they are none."""
    said = _after_label(words).strip(" ()[]:.,-")
    for factor, pattern in _UNITS:
        if pattern.fullmatch(said) if whole else pattern.match(said):
            return Unit(factor, text_of(words).strip(" ()[]:"))
    return None


def units_of(sheets: Sheets, found: Found) -> dict[Role, Unit]:
    """The unit of each column: as its own title has it, else as it is printed above the table.

    Raises:
        BadInputError: a unit is printed that is none of đồng.
    """
    above = unit_above(sheets, found)
    titles = header_titles(found.sheet, found.top, found.depth) or []
    return {role: _in_title(titles[column]) or above for role, column in found.columns.items()}


def unit_notes(sheets: Sheets, found: Found) -> tuple[Text, ...]:
    """What a reader should be told where amounts are multiplied."""
    printed = units_of(sheets, found)
    units = {unit for role, unit in printed.items() if role.money and unit.factor != 1}
    return tuple(
        Text(
            f"bảng ghi «{unit.words}»: mọi số tiền đã nhân với {dong(unit.factor)}",
            f"the table says “{unit.words}”: amounts are multiplied by {dong(unit.factor, 'en')}",
        )
        for unit in sorted(units)
    )


def unit_above(sheets: Sheets, found: Found) -> Unit:
    """The unit that is printed above a table, the nearest one to it."""
    rows = found.sheet.rows
    for index in range(found.top - 1, max(-1, found.top - 1 - _HEAD_ROWS), -1):
        for column, cell in enumerate(rows[index]):
            if not isinstance(cell, str):
                continue
            label = _LABEL.search(unmarked(cell))
            beside = next((text for one in rows[index][column + 1 :] if (text := text_of(one))), "")
            said = _after_label(cell) or beside if label else cell
            bracketed = cell.strip()[:1] in {"(", "["}
            sure = bool(label and label[1] != "don vi")
            unit = _unit_called(said, whole=not sure) if label or bracketed else None
            if unit:
                return unit._replace(words=text_of(cell if said != beside else f"{cell} {beside}"))
            if sure and said:
                raise _unknown(Place(sheets.file, found.sheet.name, index + 1), column, said)
    return _DONG


def _after_label(words: str) -> str:
    """What stands after the label of a unit; the words themselves where there is no label."""
    said = unmarked(words)
    label = _LABEL.search(said)
    return said[label.end() :] if label else said


def _in_title(title: str) -> Unit | None:
    return next(filter(None, map(_unit_called, _BRACKETS.findall(title))), None)


def _unknown(place: Place, column: int, said: str) -> BadInputError:
    problem = problem_at(
        place,
        column,
        Text(
            f"đơn vị tính «{said}» không phải đồng, nghìn, triệu hay tỷ đồng",
            f"the unit “{said}” is none of đồng, thousands, millions or billions of đồng",
        ),
        Text("lập lại bảng theo đồng", "make the table in đồng"),
    )
    return BadInputError([problem])
