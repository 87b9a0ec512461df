"""Forms that people fill in: their fields, and what was typed into them, read (biểu nhập)."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.directives import FIRST_YEAR, LAST_YEAR
from ledger.problems import Problem
from ledger.text import Text, read_dong

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.writing import NewEntry, Value

_SUB_ITEM: Final = re.compile(r"(?:TM)?(\d{4})")
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class Choice(NamedTuple):
    """One entry of a list."""

    value: str
    label: str


class Field(NamedTuple):
    """One field of a form.

    Attributes:
        sort: ``date``, ``money``, ``year``, ``item`` (tiểu mục), ``choice``, ``new`` (a name that
            its list has not yet) or ``text``.
        choices: the list of the book that it is chosen from, or offered from where it is text.
        meta: the metadata key that it becomes; empty where it becomes none.
        hint: how it is filled in, shown while it is empty.
    """

    name: str
    label: Text
    sort: str = "text"
    required: bool = False
    choices: str = ""
    meta: str = ""
    hint: Text = Text("", "")


class Form(NamedTuple):
    """One document, or one declaration.

    Attributes:
        symbol: of the document; empty where the law gives it none.
        entry: what filled fields mean.
        series: how its numbers are told from others', as in ``2021/RDT/01``; empty where not.
        declares: the list that it adds a name to, and the field of that name; empty where none.
    """

    code: str
    symbol: str
    title: Text
    fields: tuple[Field, ...]
    entry: Callable[[Filled], NewEntry]
    series: str = ""
    declares: tuple[str, str] = ("", "")


class Filled(NamedTuple):
    """A form that was filled in and will do.

    Attributes:
        text: by the fields' names, as typed; empty where nothing was.
        day: of the entry.
        names: of the parties that the book declares, by tax code.
        unit: under whose name the book keeps the task; empty where it has but one unit.
        two_years: whether two budget years are open on the day, so that the entry names its own.
    """

    form: Form
    text: Mapping[str, str]
    day: dt.date
    names: Mapping[str, str]
    unit: str = ""
    two_years: bool = False

    @property
    def amount(self) -> int:
        """The amount of a document, VND."""
        return read_dong(self.text["amount"]) or 0

    @property
    def tax(self) -> int:
        """The income tax withheld, VND."""
        return read_dong(self.text.get("tax", "")) or 0

    @property
    def year(self) -> int:
        """The budget year: as typed, else that of the day."""
        return int(self.text.get("year") or self.day.year)

    @property
    def item(self) -> str:
        """The component of the sub-item."""
        return f"TM{read_item(self.text['item'])}"

    def meta(self) -> dict[str, Value]:
        """The fields that are metadata and were filled in."""
        return {
            field.meta: _value(field, self.text[field.name])
            for field in self.form.fields
            if field.meta and self.text[field.name]
        }


def _value(field: Field, text: str) -> Value:
    if field.sort == "date":
        return read_day(text) or text
    if field.sort == "money":
        return read_dong(text) or 0
    return text


def read_day(text: str) -> dt.date | None:
    """A day typed as ``31/12/2021`` or ``2021-12-31``; None where it is none."""
    match = _DAY.fullmatch(text.strip())
    try:
        if match:
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def read_item(text: str) -> str:
    """The four digits of a sub-item typed as ``6655`` or ``TM6655``; empty where it is none."""
    match = _SUB_ITEM.fullmatch(text)
    return match[1] if match else ""


# Lists of which only an entry will do; the others are offers.
_CLOSED: Final = frozenset(
    {"tasks", "parties", "contracts", "events", "supports", "activities", "subjects"}
)


def is_undeclared(field: Field, value: str, offered: Mapping[str, list[Choice]]) -> bool:
    """Whether a field must name an entry of its list and does not."""
    closed = field.sort == "choice" or (field.sort != "new" and field.choices in _CLOSED)
    return closed and value not in _names(field, offered)


def _names(field: Field, offered: Mapping[str, list[Choice]]) -> set[str]:
    return {choice.value for choice in offered.get(field.choices, ())}


def field_problems(
    field: Field, text: Mapping[str, str], offered: Mapping[str, list[Choice]]
) -> list[Problem]:
    """Why what was typed into a field will not do.

    Args:
        field: of a form.
        text: by the fields' names, without blanks around.
        offered: every list, by its name.
    """
    value = text[field.name]
    if not value:
        missing = Text(f"{field.label.vi}: chưa điền", f"{field.label.en}: empty")
        return [Problem("", 0, missing)] if field.required else []
    wrong = _wrong(field, value, offered)
    if wrong is None:
        return []
    told = Text(f"{field.label.vi}: «{value}» không dùng được", f"{field.label.en}: “{value}”")
    return [Problem("", 0, told, wrong)]


def _wrong(field: Field, value: str, offered: Mapping[str, list[Choice]]) -> Text | None:
    """What to write instead of a value that will not do; None where it will."""
    if field.sort in _EXPECTED:
        will_do, expected = _EXPECTED[field.sort]
        return None if will_do(value) else expected
    if field.sort == "new" and value in _names(field, offered):
        return Text("sổ đã khai báo rồi", "the book declares it already")
    if is_undeclared(field, value, offered):
        return Text(
            "chọn một mục mà sổ đã khai báo, hoặc khai báo thêm",
            "choose one that the book declares, or declare it",
        )
    return None


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR


_EXPECTED: Final[Mapping[str, tuple[Callable[[str], object], Text]]] = {
    "money": (
        read_dong,
        Text(
            "viết số nguyên đồng lớn hơn 0, không quá 15 chữ số, như 1.500.000",
            "write whole VND above 0, of at most 15 digits, as 1,500,000",
        ),
    ),
    "date": (read_day, Text("viết ngày như 31/12/2021", "write a day as 2021-12-31")),
    "year": (_is_year, Text("viết năm bốn chữ số", "write a year of four digits")),
    "item": (
        read_item,
        Text("viết mã bốn chữ số, như 6655", "write a code of four digits, as 6655"),
    ),
}
