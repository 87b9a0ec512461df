"""Movements of an account: each row of its statement becomes lines or a reject."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.cells import amount_of, day_of, normal, text_of
from importers.source.places import Reject, Spot, exact_key
from importers.tables.roles import CODE_LENGTHS, MOVED, Role
from importers.tables.rows import (
    NO_AMOUNT,
    NO_DATE,
    REPEATED,
    TOTALS,
    BadCellError,
    Row,
    balance_of,
    cell_amount,
    is_header,
    is_numbering,
    is_total,
    quiet_amount,
    rows_below,
)
from importers.tables.statement import Line
from importers.tables.statement_checks import (
    CLOSING,
    OPENING,
    Counted,
    Sums,
    balance_in,
    ordered,
    outside,
    repeated,
    sums_of,
    totalled,
    unbalanced,
    wrong_totals,
)
from ledger.problems import Problem
from ledger.text import Text

if TYPE_CHECKING:
    import datetime as dt

    from importers.source.sheets import Sheets
    from importers.tables.profile import Found, Profile
    from importers.tables.statement import Statement


def with_lines(
    statement: Statement, sheets: Sheets, found: Found, until: int, problems: list[Problem]
) -> Statement:
    """A statement with its movements; what cannot be read or add up goes into ``problems``."""
    groups: list[list[Line]] = []
    rejects: list[Reject] = []
    totals: list[Sums] = []
    last_day, opening, closing = None, statement.opening, statement.closing
    spots = dict(statement.spots)
    rows = list(rows_below(sheets, found, until))
    signs = _signs(rows, found, problems)
    counted = Counted()
    for row in rows:
        outcome = _movement(row, found, statement, last_day, corrects=signs.corrects)
        if isinstance(outcome, Problem):
            problems.append(outcome)
        elif isinstance(outcome, Reject):
            rejects.append(outcome)
            if outcome.reason is TOTALS:
                totals.append(sums_of(row))
                opening = balance_in(row, OPENING) if opening is None else opening
                if closing is None and (closing := balance_in(row, CLOSING)) is not None:
                    spots["closing"] = Spot(row.place, row.columns.get(Role.BALANCE, 0))
        else:
            groups.append(outcome)
            counted.add(row, outcome, corrects=signs.corrects)
            last_day = outcome[0].date
    statement = statement._replace(
        opening=opening,
        closing=closing,
        read=len(rows),
        rejects=tuple(rejects),
        spots=spots,
        notes=(*statement.notes, *signs.notes),
    )
    if not problems:
        groups = ordered(groups)
        problems += [
            *repeated(groups, found),
            *outside(groups, statement),
            *unbalanced(groups, statement, found),
            *wrong_totals(counted, totals),
        ]
    return statement._replace(
        lines=tuple(itertools.chain.from_iterable(groups)), totalled=totalled(counted, totals)
    )


def _movement(  # noqa: PLR0911  # one for each way a row may end
    row: Row, found: Found, statement: Statement, last_day: dt.date | None, *, corrects: bool
) -> list[Line] | Reject | Problem:
    if is_header(row, found) or is_numbering(row):
        return row.reject(REPEATED)
    day_role = Role.DATE_DOCUMENT if Role.DATE_DOCUMENT in row.columns else Role.DATE
    try:
        day, document = _day_and_document(row)
    except ValueError:
        return _without_day(row, day_role, row.text(day_role))
    if is_total(row) and not document:
        return _total(row, day)
    if day is None and found.profile.repeats_date and _has_amounts(row):
        day = last_day
    if day is None:
        return _without_day(row, day_role, "")
    try:
        amounts = _amounts(row, found.profile, corrects=corrects)
    except BadCellError as bad:
        return bad.problem
    if not amounts:
        return row.reject(NO_AMOUNT)
    return _lines(row, statement, day, document, amounts)


def _day_and_document(row: Row) -> tuple[dt.date | None, str]:
    if Role.DATE_DOCUMENT not in row.columns:
        return day_of(row.cells.get(Role.DATE)), row.text(Role.DOCUMENT)
    cell = row.cells[Role.DATE_DOCUMENT]
    if not isinstance(cell, str):
        return day_of(cell), row.text(Role.DOCUMENT)
    words = cell.strip().split(None, 1)
    if not words:
        return None, ""
    # What follows may be the time of day and then the document.
    rest = re.sub(r"^\d{1,2}:\d{2}(:\d{2})?\s*", "", words[1]) if len(words) > 1 else ""
    return day_of(words[0]), text_of(rest)


def _total(row: Row, day: dt.date | None) -> Reject | Problem:
    """A row called a total or a balance; one with a day and an amount may be a movement too."""
    if day is None or not _has_amounts(row):
        return row.reject(TOTALS)
    return row.problem(
        Role.TEXT,
        Text(
            "gọi là dòng tổng mà có ngày và số tiền: không rõ là tổng hay phát sinh",
            "called a total, with a day and an amount: a total or a movement cannot be told",
        ),
        Text(
            "dòng tổng: xóa ô ngày; phát sinh: ghi số chứng từ",
            "of a total clear the day; of a movement write the document",
        ),
    )


def _without_day(row: Row, role: Role, written: str) -> Reject | Problem:
    if is_total(row):
        return row.reject(TOTALS)
    if not _has_amounts(row):
        return row.reject(NO_DATE)
    if not written:
        text = Text("có số tiền mà không có ngày", "an amount without a date")
    else:
        text = Text(f"«{written}» không phải là ngày", f"“{written}” is no date")
    return row.problem(
        role,
        text,
        Text(
            "sửa ô này thành ngày/tháng/năm, hoặc tải lại tệp",
            "write day/month/year in this cell, or download the file again",
        ),
    )


_MOST_SHOWN: Final = 8
# Whole words: «Chi» begins as «C» (credit) does and means the opposite.
_WAYS: Final = {
    Role.IN: frozenset(
        {"+", "c", "cr", "credit", "có", "ghi có", "báo có", "thu", "vào", "tiền vào"}
    ),
    Role.OUT: frozenset(
        {"-", "−", "–", "d", "dr", "debit", "nợ", "ghi nợ", "báo nợ", "chi", "ra", "tiền ra"}
    ),
}


def _has_amounts(row: Row) -> bool:
    for role in MOVED:
        try:
            if amount_of(row.cells.get(role)):
                return True
        except ValueError:
            # Letters alone are a sentence of the footer; digits were meant as an amount.
            if re.match(r"^[-+(]?\d", row.text(role)):
                return True
    return False


class _Signs(NamedTuple):
    """What minus signs in the columns of money out and in mean.

    Attributes:
        corrects: whether a minus in the column of money out takes back what went out.
        notes: what a reader should be told.
    """

    corrects: bool
    notes: tuple[Text, ...]


def _signs(rows: list[Row], found: Found, problems: list[Problem]) -> _Signs:
    """Minus signs beside plain amounts are corrections; where all have one it is the notation."""
    out, into = (
        [row for row in rows if role not in found.profile.negative and _is_minus(row, role)]
        for role in (Role.OUT, Role.IN)
    )
    corrects = bool(out) and any(
        (quiet_amount(row.cells.get(Role.OUT)) or 0) > 0 for row in rows if not is_total(row)
    )
    if corrects and Role.BALANCE not in found.columns:
        text = Text(
            "số âm ở cột tiền ra, cạnh các số dương, không có số dư để biết có phải ghi giảm",
            "a minus among plain amounts of money out, and no balance says what it means",
        )
        remedy = Text("lấy sao kê có cột số dư", "take a statement with balances")
        problems += [row.problem(Role.OUT, text, remedy) for row in out]
    notes = []
    if corrects or into:
        where = _numbers([*(out if corrects else []), *into])
        notes.append(
            Text(
                f"số âm là ghi giảm (điều chỉnh), hiểu là tiền đi ngược chiều cột: dòng {where}",
                f"a minus is a correction, money the other way of its column: rows {where}",
            )
        )
    if out and not corrects:
        notes.append(
            Text(
                f"cột tiền ra in số âm, hiểu là tiền ra: dòng {_numbers(out)}",
                f"money out is printed with a minus: rows {_numbers(out)}",
            )
        )
    return _Signs(corrects, tuple(notes))


def _numbers(rows: list[Row]) -> str:
    shown = ", ".join(str(row.place.row) for row in rows[:_MOST_SHOWN])
    return shown if len(rows) <= _MOST_SHOWN else f"{shown}, …"


def _is_minus(row: Row, role: Role) -> bool:
    return (quiet_amount(row.cells.get(role)) or 0) < 0 and not is_total(row)


def _amounts(row: Row, profile: Profile, *, corrects: bool) -> list[tuple[int, str]]:
    """Movements of a row with their parts, in the sign of the unit's book."""
    values = {role: cell_amount(row, role) for role in MOVED if role in row.columns}
    if Role.AMOUNT in values:
        amount = values.pop(Role.AMOUNT)
        values[_direction(row, amount)] = abs(amount)
    moves: list[tuple[int, str]] = []
    if values.get(Role.IN):
        moves.append((values[Role.IN], ""))
    for role, part in ((Role.OUT, ""), (Role.FEE, "fee"), (Role.VAT, "vat")):
        value = values.get(role, 0)
        if value:
            # A fee column also carries interest, which then stands without its minus.
            printed = value if role in profile.negative else -value
            if role is Role.OUT and not corrects:
                printed = -abs(value)
            moves.append((printed, part))
    if values.get(Role.IN) and values.get(Role.OUT):
        raise BadCellError(
            row.problem(
                Role.IN,
                Text("vừa có tiền ra vừa có tiền vào", "money both in and out"),
                Text("xem lại dòng này trong tệp gốc", "look at this row in the original file"),
            )
        )
    return moves


def _direction(row: Row, amount: int) -> Role:
    if Role.DIRECTION not in row.columns:
        return Role.IN if amount > 0 else Role.OUT
    word = row.text(Role.DIRECTION).casefold().rstrip(".")
    for way, words in _WAYS.items():
        if word in words:
            return way
    raise BadCellError(
        row.problem(
            Role.DIRECTION,
            Text(f"không rõ tiền vào hay ra: «{word}»", f"neither in nor out: “{word}”"),
            Text("ghi + hoặc −, C hoặc D, Thu hoặc Chi", "write + or −, C or D"),
        )
    )


def _lines(
    row: Row,
    statement: Statement,
    day: dt.date,
    document: str,
    amounts: list[tuple[int, str]],
) -> list[Line]:
    balance = balance_of(row)
    text = row.text(Role.TEXT)
    codes = {role.field: row.code(role) for role in CODE_LENGTHS if role in row.columns}
    return [
        Line(
            place=row.place,
            date=day,
            document=document,
            text=text,
            amount=amount,
            balance=balance,
            counter_name=row.text(Role.COUNTER_NAME),
            part=part,
            key=exact_key(
                statement.account,
                day,
                document,
                amount,
                balance,
                part,
                normal(text),
                *codes.values(),
            ),
            **codes,
        )
        for amount, part in amounts
    ]
