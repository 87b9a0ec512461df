"""The budget classification (mục lục ngân sách nhà nước): dated codes, shipped in part.

What ships is what was read, each code with its grade. A unit loads its own list of a segment;
that list is whole, and what it does not hold does not exist.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict

from ledger.directives import FIRST_YEAR, LAST_YEAR
from ledger.text import Text
from ledger.yaml_models import read_model
from rules.severity import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Segment = Literal["chapter", "kind", "item", "item-group", "sub-item", "source", "programme"]

SEGMENTS: Final[dict[str, Text]] = {
    "chapter": Text("chương", "chapter"),
    "kind": Text("loại", "kind"),
    "item": Text("khoản", "item"),
    "item-group": Text("mục", "item group"),
    "sub-item": Text("tiểu mục", "sub-item"),
    "source": Text("nguồn", "source"),
    "programme": Text("chương trình, mục tiêu", "programme"),
}
SHIPPED: Final = Path(__file__).with_name("budget_codes.yaml")


class Code(BaseModel):
    """One code of a segment.

    Attributes:
        code: its digits; of an item group also a range, ``6650-6699``.
        grade: how far it is verified; ``confirmed`` in a unit's own list.
        from_: first budget year that it is booked in; ``to``: the last.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.rstrip("_")
    )

    segment: Segment
    code: str
    name: str
    grade: Grade = Grade.CONFIRMED
    from_: int = FIRST_YEAR
    to: int = LAST_YEAR

    def holds(self, year: int) -> bool:
        """Whether it is booked in a budget year."""
        return self.from_ <= year <= self.to


class CodeList(BaseModel):
    """A file of codes.

    Attributes:
        complete: whether a code that it does not hold does not exist.
        sources: where the codes were read, by grade.
        confirmed_by: who of the unit answers for a list of its own, ``confirmed_on`` since when.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-")
    )

    title: str
    instrument: str = ""
    complete: Annotated[bool, BeforeValidator(lambda text: text in {"true", True})] = True
    sources: dict[str, str] = {}
    confirmed_by: str = ""
    confirmed_on: str = ""
    codes: tuple[Code, ...]


class ShippedCodes(CodeList):
    """The list of the program.

    Attributes:
        item_spacing: how far the codes of neighbouring item groups lie apart.
    """

    item_spacing: int


class Known(NamedTuple):
    """What is known of one segment in one budget year.

    Attributes:
        codes: by their digits.
        complete: whether these are all there are.
    """

    codes: dict[str, Code]
    complete: bool


class BudgetCodes(NamedTuple):
    """The lists that apply to a book, the shipped one first."""

    lists: tuple[CodeList, ...] = ()

    def known(self, segment: str, year: int) -> Known:
        """The codes of a segment in a year: the unit's own list stands in for what ships."""
        for one in reversed(self.lists):
            codes = {c.code: c for c in one.codes if c.segment == segment and c.holds(year)}
            if codes:
                return Known(codes, one.complete)
        return Known({}, complete=False)

    def named_only(self, sub_item: str, year: int) -> bool:
        """Whether a sub-item lies in a group of which no sub-item is listed."""
        listed = [code for code in self.known("sub-item", year).codes if code.isdecimal()]
        for group in self.known("item-group", year).codes:
            first, _, last = group.partition("-")
            if first <= sub_item <= (last or first):
                return not any(first <= code <= (last or first) for code in listed)
        return False


def load_codes(beside: Sequence[Path] = ()) -> BudgetCodes:
    """The shipped list and a unit's own.

    Raises:
        BadInputError: a file is not what it must be.
    """
    own = (read_model(path, CodeList)[1] for path in beside)
    return BudgetCodes((_shipped(SHIPPED), *own))


@cache
def _shipped(path: Path) -> ShippedCodes:
    """The program's own list, which does not change while it runs."""
    return read_model(path, ShippedCodes)[1]


def item_of(sub_item: str) -> str:
    """The item group (mục) of a sub-item: ``6650`` of ``TM6651``; empty where it has no number.

    The list holds the ranges of some groups only, and several in one where nobody has told them
    apart, so the spacing of codes says it. Later years whose list is not known keep that of the
    newest one that is.
    """
    number = sub_item.removeprefix("TM")
    if not number.isdecimal():
        return ""
    spacing = _shipped(SHIPPED).item_spacing
    return str(int(number) // spacing * spacing)


def own_list(title: str, codes: Iterable[Code], by: str, on: str) -> dict[str, Any]:
    """A unit's own list as YAML holds it."""
    return {
        "title": title,
        "confirmed-by": by,
        "confirmed-on": on,
        "codes": [
            {
                "segment": code.segment,
                "code": code.code,
                "name": code.name,
                "from": str(code.from_),
                "to": str(code.to),
            }
            for code in codes
        ],
    }
