"""Statements of an account as drafts, whoever sent them: a bank or the treasury."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from importers.base import KNOWLEDGE, Asked, profiles_for, recognised
from importers.draft import UNDECIDED, FileOutcome
from importers.movements import movement_draft, require_own, where_to
from importers.reconciling.statement_fit import with_closing
from importers.source.places import problem_at
from importers.statement_owner import require_unit
from importers.tables.messages import is_message, read_message
from importers.tables.profile import Knowledge, Reads
from importers.tables.reading import read_statements
from ledger.problems import BadInputError, Problem
from ledger.text import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from importers.draft import Draft
    from importers.known import Known
    from importers.source.places import Place
    from importers.tables.statement import Statement

_MOST_SHOWN: Final = 8


def statements_of(
    path: Path, book: Path | None, reads: frozenset[Reads]
) -> tuple[tuple[Statement, ...], Text, Text]:
    """The statements of a file, with its layout's title and how far it is known.

    Raises:
        BadInputError: the file cannot be read.
    """
    if Reads.BANK in reads and is_message(path):
        return (
            read_message(path),
            Text("CAMT.053, MT940", "CAMT.053, MT940"),
            KNOWLEDGE[Knowledge.CODE],
        )
    sheets, found = recognised(path, book)
    profile = next(table.profile for table in found if table.profile.reads in reads)
    wanted = [one for one in profiles_for(book) if one.reads in reads]
    title = Text(profile.title, profile.profile)
    return read_statements(sheets, wanted), title, KNOWLEDGE[profile.knowledge]


def last_day(path: Path, book: Path | None, reads: frozenset[Reads]) -> dt.date | None:
    """The last day that a file's statements speak of."""
    try:
        statements, _, _ = statements_of(path, book, reads)
    except BadInputError:
        return None
    days = [one.end or (one.lines[-1].date if one.lines else None) for one in statements]
    return max((day for day in days if day), default=None)


def statement_outcome(
    read: tuple[tuple[Statement, ...], Text, Text], known: Known, asked: Asked
) -> FileOutcome:
    """Statements as drafts; their rejects and notes go along."""
    statements, title, knowledge = read
    drafts: list[Draft] = []
    places: list[Text] = []
    for statement in statements:
        if asked.closing is not None:
            statement = with_closing(statement, asked.closing)  # noqa: PLW2901  # told more
        _require_end(statement)
        require_unit(statement, known.unit_codes)
        if not statement.lines:
            continue
        account = require_own(statement, known, asked.account)
        places.append(where_to(statement, account))
        if statement.unit_code and not known.unit_codes:
            places.append(_unit_unknown(statement.unit_code))
        lines = asked.counted(statement.lines)
        doubled = _doubled(statement)
        places += _doubled_note(doubled)
        made = (movement_draft(line, statement, account, known) for line in lines)
        drafts += [_left_open(draft, doubled) for draft in made]
    return FileOutcome(
        file=statements[0].file if statements else "",
        kind=title,
        knowledge=knowledge,
        read=sum(statement.read for statement in statements),
        drafts=tuple(drafts),
        duplicates=(),
        rejects=tuple(reject for statement in statements for reject in statement.rejects),
        notes=tuple(dict.fromkeys([*places, *(note for one in statements for note in one.notes)])),
        sheets_overlap=True,
    )


def _unit_unknown(code: str) -> Text:
    return Text(
        f"chưa kiểm được đơn vị: sao kê in mã ĐVQHNS {code}, sổ chưa khai unit-code",
        f"unit not checked: the statement prints {code}, the book does not declare unit-code",
    )


def _require_end(statement: Statement) -> None:
    """Refuse a statement of which the end is missing: movements after the cut would be lost."""
    if not statement.cut:
        return
    text = Text(
        "thiếu dòng tổng, số dư cuối kỳ mà mẫu này có: tệp bị cắt cụt",
        "no total and no closing balance, which this layout has: the file is cut off",
    )
    remedy = Text(
        "tải lại tệp đủ dòng cuối; hoặc nêu --closing SỐ DƯ cuối kỳ theo giấy xác nhận",
        "download the whole file; or name --closing BALANCE as the bank's paper has it",
    )
    if not statement.lines:
        raise BadInputError([Problem(statement.file, 0, text, remedy)])
    raise BadInputError([problem_at(statement.lines[-1].place, 0, text, remedy)])


def _doubled(statement: Statement) -> dict[Place, Place]:
    """Rows equal in everything to one before, with no balance to tell the two apart."""
    if statement.opening is not None and statement.closing is not None:
        return {}  # it adds up with both of them
    first: dict[str, Place] = {}
    found = {}
    for line in statement.lines:
        before = first.setdefault(line.key, line.place)
        if line.balance is None and before != line.place:
            found[line.place] = before
    return found


def _left_open(draft: Draft, doubled: dict[Place, Place]) -> Draft:
    """A draft of a row that may be a repetition, left to a person."""
    before = doubled.get(draft.place)
    if before is None or draft.entry is None:
        return draft
    maybe = Text(f"giống hệt dòng {before.row}: có thể lặp", f"the same as row {before.row}")
    entry = draft.entry._replace(flag=UNDECIDED)
    return draft._replace(entry=entry, undecided=(maybe, *draft.undecided))


def _doubled_note(doubled: dict[Place, Place]) -> Iterator[Text]:
    if not doubled:
        return
    shown = [f"{place.cell(0)} = {doubled[place].cell(0)}" for place in doubled]
    cells = ", ".join(shown[:_MOST_SHOWN]) + (", …" if len(shown) > _MOST_SHOWN else "")
    yield Text(
        f"{len(doubled)} dòng giống hệt dòng trước, không có cột số dư để biết là hai khoản hay "
        f"dòng lặp: {cells}; vẫn nháp, dấu «!»",
        f"{len(doubled)} rows are the same as one before, and no balance tells whether they are "
        f"repeated: {cells}; drafted, flagged “!”",
    )
