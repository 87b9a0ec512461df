"""Layouts that a person points out: which columns are asked for, which answers fit, the profile."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import yaml

from importers.source.cells import amount_of, day_of, is_mangled, text_of, unmarked
from importers.tables.profile import OWN_FOLDER, Knowledge, Profile, Reads
from importers.tables.roles import CODE_LENGTHS, Role, role_of
from importers.tables.rows import is_total_label
from importers.tables.statement import FIGURES, StatementKind
from ledger.store import written_beside
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from importers.source.cells import Cell


class Wanted(NamedTuple):
    """A column that is asked for, and whether the table must have it."""

    role: Role
    text: Text
    needed: bool = False


_STATEMENT: Final = (
    Wanted(Role.DATE, Text("ngày", "date"), needed=True),
    Wanted(Role.OUT, Text("tiền ra (bank: ghi nợ)", "money out")),
    Wanted(Role.IN, Text("tiền vào (bank: ghi có)", "money in")),
    Wanted(Role.AMOUNT, Text("số tiền một cột, có dấu", "one signed amount")),
    Wanted(Role.DIRECTION, Text("cột +/− hoặc C/D", "direction")),
    Wanted(Role.TEXT, Text("nội dung", "text"), needed=True),
    Wanted(Role.BALANCE, Text("số dư", "balance")),
    Wanted(Role.DOCUMENT, Text("số chứng từ, số tham chiếu", "document")),
    Wanted(Role.COUNTER_NAME, Text("tên đối ứng", "other side")),
    Wanted(Role.SUB_ITEM, Text("mã NDKT (tiểu mục)", "sub-item")),
    Wanted(Role.SOURCE_CODE, Text("mã nguồn", "source code")),
    Wanted(Role.KIND_ITEM, Text("mã ngành kinh tế (khoản)", "kind-item")),
)
_SOURCE: Final = Wanted(Role.SOURCE_CODE, Text("mã nguồn", "source code"), needed=True)
_KIND_ITEM: Final = Wanted(
    Role.KIND_ITEM, Text("mã ngành kinh tế (khoản)", "kind-item"), needed=True
)
_PROGRAMME: Final = Wanted(Role.PROGRAMME_CODE, Text("mã CTMT, dự án", "programme code"))


def _figures(kind: StatementKind) -> tuple[Wanted, ...]:
    """Every figure of a form: one left out would be read as 0."""
    return tuple(Wanted(role_of(name), text, needed=True) for name, text in FIGURES[kind].items())


ROLES: Final = {
    Reads.ESTIMATE: (_SOURCE, _KIND_ITEM, _PROGRAMME, *_figures(StatementKind.ESTIMATE)),
    Reads.SPENDING: (
        _SOURCE,
        _KIND_ITEM,
        Wanted(Role.SUB_ITEM, Text("mã NDKT (tiểu mục)", "sub-item"), needed=True),
        _PROGRAMME,
        *_figures(StatementKind.SPENDING),
    ),
    Reads.BALANCES: (
        Wanted(Role.LABEL, Text("số tài khoản", "number of the account"), needed=True),
        *_figures(StatementKind.BALANCES),
    ),
    Reads.BANK: _STATEMENT[:9],
    Reads.TREASURY: _STATEMENT,
    Reads.ALLOTMENT: (
        Wanted(Role.TASK, Text("nhiệm vụ", "task"), needed=True),
        Wanted(Role.FUND, Text("nguồn kinh phí", "fund")),
        Wanted(Role.SUB_ITEM, Text("tiểu mục", "sub-item")),
        Wanted(Role.AMOUNT, Text("số tiền", "amount"), needed=True),
    ),
    Reads.JOURNAL: (
        Wanted(Role.DATE, Text("ngày ghi sổ", "date"), needed=True),
        Wanted(Role.DOCUMENT, Text("số chứng từ", "document"), needed=True),
        Wanted(Role.TEXT, Text("diễn giải", "text"), needed=True),
        Wanted(Role.ACCOUNT, Text("tài khoản (dạng mỗi dòng một vế)", "account, a side a row")),
        Wanted(Role.DEBIT, Text("phát sinh nợ", "debit")),
        Wanted(Role.CREDIT, Text("phát sinh có", "credit")),
        Wanted(Role.DEBIT_ACCOUNT, Text("TK nợ (dạng mỗi dòng một cặp)", "debit account")),
        Wanted(Role.CREDIT_ACCOUNT, Text("TK có", "credit account")),
        Wanted(Role.AMOUNT, Text("số tiền", "amount")),
        Wanted(Role.SUB_ITEM, Text("tiểu mục", "sub-item")),
        Wanted(Role.TASK, Text("nhiệm vụ", "task")),
    ),
}


_CODES: Final = frozenset({*CODE_LENGTHS, Role.ACCOUNT, Role.DEBIT_ACCOUNT, Role.CREDIT_ACCOUNT})
_WORDS: Final = frozenset({Role.TEXT, Role.TASK, Role.COUNTER_NAME})
_CODE: Final = re.compile(r"(?:TM)?[\d.\- ]{2,20}[A-Z]{0,3}")
_DATE_TITLE: Final = re.compile(r"\bngay\b|\bdate\b")


class Table(NamedTuple):
    """A table whose columns are asked for: its titles, and the rows below them."""

    titles: list[str]
    rows: Sequence[tuple[Cell, ...]]

    def cells(self, column: int) -> list[Cell]:
        """What stands in a column, but for the words of totals."""
        held = [row[column] for row in self.rows if column < len(row)]
        return [
            cell
            for cell in held
            if cell not in {None, ""} and not (isinstance(cell, str) and is_total_label(cell))
        ]


def wrong_answer(answer: str, wanted: Wanted, taken: Collection[int], table: Table) -> Text | None:
    """What is wrong with the number of a column; None where nothing is."""
    titles, text = table.titles, wanted.text
    if not answer.isdecimal() or not 0 < int(answer) <= len(titles) or not titles[int(answer) - 1]:
        return Text(
            f"«{answer}» không phải là số của cột nào ở trên: {text.vi} là cột nào?",
            f"“{answer}” is the number of no column above: which is {text.en}?",
        )
    column = int(answer) - 1
    if column in taken:
        return Text(f"cột {answer} đã dùng rồi", f"column {answer} is taken already")
    cells = table.cells(column)
    bad = [cell for cell in cells if not _fits(wanted.role, cell, titles[column])]
    if len(bad) * 2 <= len(cells):  # a few odd cells, such as notes, are told when it is read
        return None
    return Text(
        f"cột {answer} «{titles[column]}» không phải là {text.vi}: ví dụ «{text_of(bad[0])}»",
        f"column {answer} “{titles[column]}” is not {text.en}: for example “{text_of(bad[0])}”",
    )


def _fits(role: Role, cell: Cell, title: str) -> bool:
    """Whether a cell may be what its column is said to hold."""
    if role is Role.DATE:
        return _is_day(cell)
    if role.money:
        return _is_amount(cell) and not (_is_day(cell) and _DATE_TITLE.search(unmarked(title)))
    if role in _CODES:
        return bool(_CODE.fullmatch(text_of(cell)))
    if role in _WORDS:
        return any(letter.isalpha() for letter in text_of(cell)) and not _is_day(cell)
    return True


def _is_day(cell: Cell) -> bool:
    try:
        return day_of(cell) is not None
    except ValueError:
        return False


def _is_amount(cell: Cell) -> bool:
    try:
        return not hasattr(cell, "year") and amount_of(cell) is not None
    except ValueError:
        return is_mangled(cell)


def profile_of(path: Path, reads: Reads, titles: list[str], columns: Mapping[Role, int]) -> Profile:
    """The layout of a file as a person pointed at its columns, counted from 0."""
    name = "-".join(unmarked(path.stem).replace("_", " ").split())[:40]
    letters = "".join(
        letter for letter in name if letter.isascii() and (letter.isalnum() or letter == "-")
    )
    print_ = hashlib.sha256("|".join(titles).encode()).hexdigest()[:8]
    return Profile.model_validate(
        {
            "profile": f"{letters.strip('-') or 'tep'}-{print_}",
            "title": path.name,
            "reads": reads.value,
            "knowledge": Knowledge.TAUGHT.value,
            "source": "đơn vị chỉ cột khi nhập lần đầu",
            "columns": {role: [_title(titles[column])] for role, column in columns.items()},
        }
    )


def _title(title: str) -> str:
    """A title as a profile holds it; an ampersand would ask for parts."""
    return " ".join(title.replace("&", " ").split()) if "&" not in title else title.split("&", 1)[0]


def save(book: Path, profile: Profile) -> Path:
    """Keep a layout beside a book."""
    folder = book.parent / OWN_FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{profile.profile}.yaml"
    content = profile.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    with written_beside(path) as fresh:
        fresh.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return path
