"""Profiles: one layout of a file each, declared in YAML, recognised by its titles (mẫu tệp).

The profiles that ship stand in ``importers/profiles``; those that ``cnht import --teach`` saved
stand in ``profiles`` beside a book and go first.
"""

from __future__ import annotations

import itertools
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from importers.source.cells import Cell, matches, text_of, unmarked
from importers.source.sheets import rows_held
from importers.tables.roles import Role
from ledger.text import Text
from ledger.yaml_models import MisfitError, read_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from importers.source.pages import Sheet
    from importers.source.sheets import Sheets

_FOLDER: Final = Path(__file__).parents[1] / "profiles"
OWN_FOLDER: Final = "profiles"
HEADER_WITHIN: Final = 120  # rows in which a header must stand
_DEPTHS: Final = (1, 2, 3)
_MOST_NUMBERED: Final = 30  # no form has that many columns


class Reads(StrEnum):
    """What the rows of a layout are; the value is the word in YAML."""

    BANK = "bank"
    TREASURY = "treasury"
    ESTIMATE = "01a"
    SPENDING = "02a"
    BALANCES = "06"
    ALLOTMENT = "allotment"
    JOURNAL = "journal"


class Knowledge(StrEnum):
    """How far a layout is known."""

    FILE = "file"  # read in a real file
    CODE = "code"  # from a parser written for real files
    SEEN = "seen"  # a public note about real files
    FORM = "form"  # from the description of an official form, no file seen
    TAUGHT = "taught"  # mapped by the user
    GENERIC = "generic"  # titles that several layouts share


# The columns of amounts without which every row would end as one without any.
ONE_OF: Final[dict[Reads, tuple[tuple[Role, ...], ...]]] = {
    Reads.BANK: ((Role.OUT, Role.IN), (Role.AMOUNT,)),
    Reads.TREASURY: ((Role.OUT, Role.IN), (Role.AMOUNT,)),
    Reads.ALLOTMENT: ((Role.AMOUNT,),),
    Reads.JOURNAL: (
        (Role.ACCOUNT, Role.DEBIT, Role.CREDIT),
        (Role.DEBIT_ACCOUNT, Role.CREDIT_ACCOUNT, Role.AMOUNT),
    ),
}


class Profile(BaseModel):
    """One layout.

    Attributes:
        profile: its name, unique.
        title: what people call it.
        reads: what its rows are.
        knowledge: how far it is known.
        source: where it was read.
        columns: titles of each column by what it holds; the first that is found counts.
        optional: columns that may be missing.
        sheet: words that the sheet's name holds.
        marks: texts of which one must stand in the sheet above the header.
        never: titles that no table of this layout has.
        unlike: texts of which none stands in the sheet's first rows.
        negative: columns printed with a minus sign though they mean what their title says.
        repeats_date: whether a blank date repeats the one above.
        ends: whether it prints a total or a closing balance, without which a file is cut off.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-")
    )

    profile: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,80}$")
    title: str
    reads: Reads
    knowledge: Knowledge
    source: str
    columns: dict[Role, list[str]]
    optional: list[Role] = []
    sheet: str = ""
    marks: list[str] = []
    never: list[str] = []
    unlike: list[str] = []
    negative: list[Role] = []
    repeats_date: bool = False
    ends: bool = False

    @field_validator("columns")
    @classmethod
    def _has_amounts(
        cls, columns: dict[Role, list[str]], info: ValidationInfo
    ) -> dict[Role, list[str]]:
        ways = ONE_OF.get(info.data.get("reads", Reads.BALANCES), ((),))
        if not any(set(roles) <= columns.keys() for roles in ways):
            listed = " | ".join(", ".join(roles) for roles in ways)
            raise MisfitError(
                Text(f"có các cột {listed}", f"the columns {listed}"), "amount: [Số tiền]"
            )
        return columns


class Found(NamedTuple):
    """A table recognised in a sheet.

    Attributes:
        profile: the layout.
        sheet: where.
        top: index of the header's first row, from 0.
        depth: how many rows the header has.
        columns: index of each column by what it holds.
    """

    profile: Profile
    sheet: Sheet
    top: int
    depth: int
    columns: dict[Role, int]

    @property
    def below(self) -> int:
        """Index of the first row below the header."""
        return self.top + self.depth


def read_profile(path: Path) -> Profile:
    """One profile.

    Raises:
        BadInputError: it is no YAML or no profile.
    """
    return read_model(path, Profile)[1]


@cache
def shipped() -> tuple[Profile, ...]:
    """The profiles that come with the program."""
    return tuple(map(read_profile, sorted(_FOLDER.glob("*.yaml"))))


def beside(book: Path) -> tuple[Profile, ...]:
    """The profiles that a book's own folder holds."""
    folder = book.resolve().parent / OWN_FOLDER
    return tuple(map(read_profile, sorted((*folder.glob("*.yaml"), *folder.glob("*.yml")))))


def recognise(sheets: Sheets, profiles: Iterable[Profile]) -> list[Found]:
    """The tables of a file, one a sheet at most; a generic layout only where no other is found."""
    profiles = tuple(profiles)
    found = [table for sheet in sheets.sheets if (table := _best(sheet, profiles))]
    known = [table for table in found if table.profile.knowledge is not Knowledge.GENERIC]
    # Sheets of one layout are its months or accounts; another generic one may be anything.
    return known or [
        table
        for table in found
        if (table.profile, table.columns) == (found[0].profile, found[0].columns)
    ]


def unread(sheets: Sheets, read: Iterable[Found]) -> tuple[Text, ...]:
    """What is said of each sheet that holds rows and was not read, hidden ones too."""
    names = {table.sheet.name for table in read}
    return (*(_left(sheet) for sheet in sheets.sheets if sheet.name not in names), *sheets.hidden)


def _left(sheet: Sheet) -> Text:
    rows = rows_held(sheet)
    return Text(
        f"trang «{sheet.name}» ({rows} dòng) không đọc: không nhận ra là bảng cần nhập; nếu là "
        "sao kê thì tách ra tệp riêng rồi nhập với --teach",
        f"sheet “{sheet.name}” ({rows} rows) is not read: no table known; if it is a statement, "
        "save it as a file of its own and import that with --teach",
    )


def _best(sheet: Sheet, profiles: tuple[Profile, ...]) -> Found | None:
    fitting = [profile for profile in profiles if _may_hold(sheet, profile)]
    best: Found | None = None
    for top, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        if sum(isinstance(cell, str) and bool(cell.strip()) for cell in row) < 2:  # noqa: PLR2004  # no header is that short
            continue
        for depth in _DEPTHS:
            titles = header_titles(sheet, top, depth)
            if titles is None:
                break
            for profile in fitting:
                columns = match_columns(profile, titles)
                if columns is not None:
                    candidate = Found(profile, sheet, top, depth, columns)
                    best = candidate if best is None or _rank(candidate) > _rank(best) else best
    return best


def _may_hold(sheet: Sheet, profile: Profile) -> bool:
    if profile.sheet and unmarked(profile.sheet) not in unmarked(sheet.name):
        return False
    if not profile.marks and not profile.unlike:
        return True
    head = " ".join(
        unmarked(text_of(cell)) for row in sheet.rows[:HEADER_WITHIN] for cell in row if cell
    )
    if any(unmarked(words) in head for words in profile.unlike):
        return False
    return not profile.marks or any(unmarked(mark) in head for mark in profile.marks)


def _rank(found: Found) -> tuple[int, int, int, int, int]:
    profile = found.profile
    own = profile.knowledge is Knowledge.TAUGHT
    known = profile.knowledge is not Knowledge.GENERIC
    marked = bool(profile.marks) + bool(profile.sheet)
    return (own * 2 + known, len(found.columns), marked, -found.depth, -found.top)


def header_titles(sheet: Sheet, top: int, depth: int) -> list[str] | None:
    """The titles of a header of several rows; a blank beside a group belongs to the group."""
    rows = sheet.rows[top : top + depth]
    if len(rows) < depth or any(_is_data(row) for row in rows[1:]):
        return None
    width = max(map(len, rows))
    texts = [[_at(row, column) for column in range(width)] for row in rows]
    for upper, lower in itertools.pairwise(texts):
        for column in range(1, width):
            if not upper[column] and lower[column]:
                upper[column] = upper[column - 1]
    return [
        " | ".join(dict.fromkeys(line[column] for line in texts if line[column]))
        for column in range(width)
    ]


def _at(row: tuple[Cell, ...], column: int) -> str:
    cell = row[column] if column < len(row) else None
    return cell.strip() if isinstance(cell, str) else text_of(cell)


def _is_data(row: tuple[Cell, ...]) -> bool:
    """Whether a row holds amounts or days rather than titles; column numbers are titles."""
    numbers = [cell for cell in row if isinstance(cell, int) and not isinstance(cell, bool)]
    return any(hasattr(cell, "year") or hasattr(cell, "quantize") for cell in row) or any(
        number > _MOST_NUMBERED for number in numbers
    )


def match_columns(profile: Profile, titles: Sequence[str]) -> dict[Role, int] | None:
    """Which column holds what; None where one that must be there is not."""
    if profile.never and any(title and matches(title, profile.never) for title in titles):
        return None
    columns: dict[Role, int] = {}
    taken: set[int] = set()
    for role, synonyms in profile.columns.items():
        column = _column_of(synonyms, titles, taken)
        if column is None:
            if role not in profile.optional:
                return None
            continue
        columns[role] = column
        taken.add(column)
    return columns


def _column_of(synonyms: Sequence[str], titles: Sequence[str], taken: set[int]) -> int | None:
    for synonym in synonyms:
        for column, title in enumerate(titles):
            if title and column not in taken and matches(title, (synonym,)):
                return column
    return None
