"""From sheets to statements: every row below a header becomes a line, a figure or a reject.

What a statement says about itself is checked before anything is made of it: balances row by row,
totals, the period, the codes' identities. What does not hold is an error with its cell.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.cells import (
    account_number,
    amount_of,
    code_of,
    day_of,
    is_mangled,
    normal,
    plain,
    text_of,
)
from importers.profile import Found, Reads, header_titles, match_columns, recognise
from importers.statement import (
    FIGURES,
    NO_END,
    Figures,
    Line,
    Place,
    Reject,
    Statement,
    StatementKind,
    exact_key,
)
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from importers.cells import Cell
    from importers.profile import Profile
    from importers.sheets import Sheets

_MOST_PROBLEMS: Final = 20
_CODE_LENGTHS: Final = {
    "source-code": 2,
    "kind-item": 3,
    "sub-item": 4,
    "programme-code": 5,
    "chapter": 3,
}
_TOTALS: Final = re.compile(
    r"^(?:tong|cong|total|so du dau|so du cuoi|du dau|du cuoi|luy ke|mang sang|so mang|"
    r"opening|closing|balance brought|phat sinh trong|doanh so)\b"
)
_GRAND: Final = re.compile(r"^(?:tong|cong|total|doanh so)")
_GRAND_OF_FORM: Final = re.compile(r"^(?:(?:tong (?:cong|so)|total)\b|(?:cong|tong)\W*$)")
_OPENING: Final = re.compile(
    r"^(?:so du dau|du dau|opening balance|so du mang sang|balance brought)"
)
_CLOSING: Final = re.compile(r"^(?:so du cuoi|du cuoi|closing balance|ending balance)")
_ACCOUNT_LABEL: Final = re.compile(
    r"(?:so tai khoan|so hieu tai khoan|account n(?:o|umber)|a/c no|tai khoan so|"
    r"tai khoan(?=\s*[:/(]))"
)
_NOT_OWN: Final = re.compile(
    r"so tai khoan cu|\bold\b|doi ung|thu huong|corresponsive|remitter|beneficiary"
)
_OPENING_LABEL: Final = re.compile(r"so du dau|du dau|opening balance|so du mang sang")
_CLOSING_LABEL: Final = re.compile(r"so du cuoi|du cuoi|cuoi ngay|closing balance|ending balance")
_UNIT_LABEL: Final = re.compile(r"ma (?:so )?(?:dvqhns|dv qhns|don vi (?:qhns|co quan he|su dung))")
_PERIOD: Final = re.compile(
    r"(?:tu|from)\b[^0-9]{0,40}(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})[^0-9]{1,60}?"
    r"(?:den|to)\b[^0-9]{0,40}(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})"
)
_DAY: Final = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")
_MONTH: Final = re.compile(r"thang\s+(\d{1,2})\s*(?:nam|/|-)\s*(\d{4})")
_QUARTER: Final = re.compile(r"quy\s+(iv|iii|ii|i|[1-4])\s*(?:nam|/|-)?\s*(\d{4})")
_YEAR: Final = re.compile(r"(?<!\w)nam(?: ngan sach)?\s*:?\s*(\d{4})(?!\d)")
_DATED: Final = re.compile(r"ngay\s+[\d.…]+\s+thang\s+[\d.…]+\s+nam\s+[\d.…]+")
_QUARTERS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_FIRST_ROLES: Final = ("date-document", "date", "kind-item", "label", "sub-item")
_NUMBER: Final = re.compile(r"-?\d[\d.,]*\d|\d")
_HEAD_ROWS: Final = 60
_TITLE_ABOVE: Final = 5  # rows between a title and the line of its account
_FEWEST_NUMBERED: Final = 3  # fewer may be codes
_BESIDE: Final = 8  # columns right of a label in which its value may stand

_KINDS: Final = {
    Reads.BANK: StatementKind.BANK,
    Reads.TREASURY: StatementKind.TREASURY,
    Reads.ESTIMATE: StatementKind.ESTIMATE,
    Reads.SPENDING: StatementKind.SPENDING,
    Reads.BALANCES: StatementKind.BALANCES,
}
# Identities of the forms, each as: this column, the columns that make it, what is written there.
_IDENTITIES: Final[dict[StatementKind, tuple[tuple[str, tuple[str, ...], str], ...]]] = {
    StatementKind.ESTIMATE: (
        ("usable", ("brought_forward", "allotted", "adjusted_total"), "(5) = (1) + (2) + (4)"),
    ),
    StatementKind.SPENDING: (
        ("total", ("advance", "spent"), "(5) = (1) + (3)"),
        ("total_balance", ("advance_balance", "spent_total"), "(6) = (2) + (4)"),
    ),
    StatementKind.BALANCES: (),
}


class Row(NamedTuple):
    """A row of a recognised table.

    Attributes:
        place: where it stands.
        cells: by what its columns hold.
        columns: index of each column, for naming a cell at fault.
        all: every cell.
    """

    place: Place
    cells: Mapping[str, Cell]
    columns: Mapping[str, int]
    all: tuple[Cell, ...]

    def text(self, role: str) -> str:
        """A cell as text; empty where the layout has no such column."""
        return text_of(self.cells.get(role))

    def code(self, role: str) -> str:
        """A code with its leading zeros."""
        return code_of(self.cells.get(role), _CODE_LENGTHS.get(role, 0))

    def shown(self) -> str:
        """The row as one line."""
        return " · ".join(text for cell in self.all if (text := text_of(cell)))[:160]

    def problem(self, role: str, text: Text, remedy: Text | None = None) -> Problem:
        """A problem of one cell."""
        cell = self.place.cell(self.columns.get(role, 0))
        return Problem(
            self.place.file,
            self.place.row,
            Text(f"ô {cell}: {text.vi}", f"cell {cell}: {text.en}"),
            remedy,
        )

    def reject(self, reason: Text) -> Reject:
        """The row as one that becomes nothing."""
        return Reject(self.place, self.shown(), reason)


REPEATED: Final = Text("dòng tiêu đề lặp lại", "repeated header")
TOTALS: Final = Text("dòng tổng hoặc số dư", "totals or balance")
NO_DATE: Final = Text("không có ngày và số tiền", "neither a date nor an amount")
NO_AMOUNT: Final = Text("không có số tiền", "no amount")


def rows_below(sheets: Sheets, found: Found, until: int | None = None) -> Iterator[Row]:
    """Rows below a header that are not blank."""
    for index in range(found.below, until or len(found.sheet.rows)):
        cells = found.sheet.rows[index]
        if all(cell is None or cell == "" for cell in cells):
            continue
        place = Place(sheets.file, found.sheet.name, index + 1)
        by_role = {
            role: cells[column] if column < len(cells) else None
            for role, column in found.columns.items()
        }
        yield Row(place, by_role, found.columns, cells)


def read_statements(sheets: Sheets, profiles: Iterable[Profile]) -> tuple[Statement, ...]:
    """Every statement of a file; none where no layout fits.

    Raises:
        BadInputError: a cell cannot be read, or what the statement says does not add up.
    """
    statements: list[Statement] = []
    for found in recognise(sheets, profiles):
        if found.profile.reads not in _KINDS:
            continue
        statements += [_statement(sheets, block) for block in _blocks(found)]
    return tuple(statements)


class _Block(NamedTuple):
    """A statement in a sheet: where its head starts, its header, where it ends."""

    start: int
    found: Found
    until: int


def _blocks(found: Found) -> list[_Block]:
    """A sheet with one statement after another, each under a head with its own account."""
    rows = found.sheet.rows
    blocks = [_Block(max(0, found.top - _HEAD_ROWS), found, len(rows))]
    account = _account(_head(rows, blocks[0].start, found.top), None)
    below = found.below
    for index in range(found.below, len(rows)):
        if index < below or not any(map(_names_account, rows[index])):
            continue
        top = _next_header(found, index)
        other = "" if top is None else _account(_head(rows, index, top), None)
        if top is None or not other or other == account:
            continue
        start = _head_start(rows, below, index)
        blocks[-1] = blocks[-1]._replace(until=start)
        blocks.append(_Block(start, found._replace(top=top), len(rows)))
        account, below = other, top + found.depth
    return blocks


def _names_account(cell: Cell) -> bool:
    return isinstance(cell, str) and plain(cell).startswith(("so tai khoan", "account n"))


def _next_header(found: Found, index: int) -> int | None:
    for top in range(index, min(index + _HEAD_ROWS, len(found.sheet.rows))):
        titles = header_titles(found.sheet, top, found.depth)
        if titles and match_columns(found.profile, titles) == found.columns:
            return top
    return None


def _head_start(rows: Sequence[tuple[Cell, ...]], below: int, account: int) -> int:
    """Where the head above a later header begins: at its title, else at its account's line."""
    for index in range(account, max(below, account - _TITLE_ABOVE) - 1, -1):
        if any(isinstance(cell, str) and "sao ke" in plain(cell) for cell in rows[index]):
            return index
    return account


Head = list[tuple[int, tuple["Cell", ...]]]


def _head(rows: Sequence[tuple[Cell, ...]], start: int, top: int) -> Head:
    return [(index, rows[index]) for index in range(max(start, top - _HEAD_ROWS), top)]


def _statement(sheets: Sheets, block: _Block) -> Statement:
    found, until = block.found, block.until
    kind = _KINDS[found.profile.reads]
    problems: list[Problem] = []
    head = _head(found.sheet.rows, block.start, found.top)
    first, last = _period(head, of_year=kind in FIGURES)
    statement = Statement(
        kind=kind,
        profile=found.profile.profile,
        file=sheets.file,
        digest=sheets.digest,
        account=_account(head, problems, sheets, found),
        unit_code=_unit_code(head),
        start=first,
        end=last,
        opening=_head_amount(head, _OPENING_LABEL),
        closing=_head_amount(head, _CLOSING_LABEL),
        notes=sheets.notes,
    )
    if kind in FIGURES:
        statement = _with_figures(statement, sheets, found, until, problems)
    else:
        statement = _with_lines(statement, sheets, found, until, problems)
    if problems:
        raise BadInputError(problems[:_MOST_PROBLEMS])
    return statement if statement.whole else statement._replace(notes=(*statement.notes, NO_END))


# What stands above the header.


def _account(
    head: Head,
    problems: list[Problem] | None,
    sheets: Sheets | None = None,
    found: Found | None = None,
) -> str:
    """The account's number in the head; a mangled one is a problem."""
    for index, row in head:
        for column, cell in enumerate(row):
            label = plain(cell) if isinstance(cell, str) else ""
            match = _ACCOUNT_LABEL.search(label)
            if not match or _NOT_OWN.search(label):
                continue
            inside = account_number(text_of(cell)[match.end() :]) if isinstance(cell, str) else ""
            if inside:
                return inside
            for beside, value in enumerate(row[column + 1 : column + 1 + _BESIDE], column + 1):
                if value is None or value == "":
                    continue
                if problems is not None and sheets and found and _lost(value):
                    place = Place(sheets.file, found.sheet.name, index + 1)
                    problems.append(_mangled_account(place, beside, text_of(value)))
                number = account_number(text_of(value))
                if number:
                    return number
                break
    return ""


def _lost(value: Cell) -> bool:
    """Whether a number of an account lost digits: powers of ten, or more than a cell keeps."""
    return is_mangled(value) or (isinstance(value, int) and value >= 10**15)


def _mangled_account(place: Place, column: int, shown: str) -> Problem:
    cell = place.cell(column)
    return Problem(
        place.file,
        place.row,
        Text(
            f"ô {cell}: số tài khoản đã bị bảng tính làm hỏng thành «{shown}»",
            f"cell {cell}: a spreadsheet has mangled the account number into “{shown}”",
        ),
        Text(
            "tải lại tệp gốc, không mở và lưu bằng Excel; hoặc định dạng ô là Text rồi gõ lại số",
            "download the file again and do not save it in Excel; or type the number as text",
        ),
    )


def _unit_code(head: Head) -> str:
    for _, row in head:
        for column, cell in enumerate(row):
            if isinstance(cell, str) and _UNIT_LABEL.search(plain(cell)):
                found = re.search(r"\d{7}", cell)
                beside = [text_of(value) for value in row[column + 1 : column + 1 + _BESIDE]]
                value = found[0] if found else next((text for text in beside if text), "")
                return value.zfill(7) if value.isdecimal() else value
    return ""


def _period(head: Head, *, of_year: bool) -> tuple[dt.date | None, dt.date | None]:
    """The period that a head prints; a year alone is one for forms, which print no days."""
    words = " \n ".join(
        " ".join(plain(text_of(cell)) for cell in row if cell not in {None, ""}) for _, row in head
    )
    if found := _PERIOD.search(words):
        try:
            return day_of(found[1]), day_of(found[2])
        except ValueError:
            return None, None
    words = _DATED.sub(" ", words)  # the day of a decision or a signature
    if found := _QUARTER.search(words):
        last = _QUARTERS[found[1]] * 3
        return _months(int(found[2]), last - 2, last)
    if found := _MONTH.search(words):
        month = int(found[1])
        return _months(int(found[2]), month, month)
    if of_year and (found := _YEAR.search(words)):
        return _months(int(found[1]), 1, 12)
    return None, None


def _months(year: int, first: int, last: int) -> tuple[dt.date | None, dt.date | None]:
    import calendar  # noqa: PLC0415  # used here only
    import datetime as dt  # noqa: PLC0415  # as above

    try:
        end = dt.date(year, last, calendar.monthrange(year, last)[1])
        return dt.date(year, first, 1), end
    except (ValueError, calendar.IllegalMonthError):
        return None, None


def _head_amount(head: Head, label: re.Pattern[str]) -> int | None:
    """The amount beside, inside or under a label."""
    rows = dict(head)
    for index, row in head:
        for column, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            words = plain(cell)
            match = label.search(words)
            if not match:
                continue
            inside = _amount_in(_DAY.sub(" ", words[match.end() :]))
            if inside is not None:
                return inside
            for value in row[column + 1 : column + 1 + _BESIDE]:
                if isinstance(value, str) and re.search(r"[a-z]{4}", plain(value)):
                    break  # the next label
                if value not in {None, ""}:
                    return _quiet_amount(value)
            under = rows.get(index + 1, ())
            if column < len(under) and under[column] not in {None, ""}:
                return _quiet_amount(under[column])
    return None


def _amount_in(words: str) -> int | None:
    numbers = _NUMBER.findall(words)
    return _quiet_amount(numbers[-1]) if numbers else None


def _quiet_amount(cell: Cell) -> int | None:
    try:
        return amount_of(cell)
    except ValueError:
        return None


# Movements.


class _Sums(NamedTuple):
    """What a totals row says: money out, money in, and where."""

    row: Row
    out: int | None
    into: int | None


def _with_lines(
    statement: Statement, sheets: Sheets, found: Found, until: int, problems: list[Problem]
) -> Statement:
    groups: list[list[Line]] = []
    rejects: list[Reject] = []
    totals: list[_Sums] = []
    read, last_day, opening, closing = 0, None, statement.opening, statement.closing
    for row in rows_below(sheets, found, until):
        read += 1
        outcome = _movement(row, found, statement, last_day)
        if isinstance(outcome, Problem):
            problems.append(outcome)
        elif isinstance(outcome, Reject):
            rejects.append(outcome)
            if outcome.reason is TOTALS:
                totals.append(_sums(row))
                opening = _balance_in(row, _OPENING) if opening is None else opening
                closing = _balance_in(row, _CLOSING) if closing is None else closing
        else:
            groups.append(outcome)
            last_day = outcome[0].date
    statement = statement._replace(
        opening=opening, closing=closing, read=read, rejects=tuple(rejects)
    )
    if not problems:
        groups = _ordered(groups)
        problems += [
            *_repeated(groups, found),
            *_outside(groups, statement, found),
            *_unbalanced(groups, statement, found),
            *_wrong_totals(groups, totals),
        ]
    return statement._replace(
        lines=tuple(itertools.chain.from_iterable(groups)), totalled=_totalled(groups, totals)
    )


def _movement(  # noqa: PLR0911  # one for each way a row may end
    row: Row, found: Found, statement: Statement, last_day: dt.date | None
) -> list[Line] | Reject | Problem:
    if _is_header(row, found):
        return row.reject(REPEATED)
    day_role = "date-document" if "date-document" in row.columns else "date"
    label = _label(row)
    try:
        day, document = _day_and_document(row)
    except ValueError:
        return _without_day(row, day_role, row.text(day_role), label)
    if _TOTALS.match(label):
        return row.reject(TOTALS)
    if day is None and found.profile.repeats_date and _has_amounts(row):
        day = last_day
    if day is None:
        return _without_day(row, day_role, "", label)
    try:
        amounts = _amounts(row, found.profile)
    except _BadCellError as bad:
        return bad.problem
    if not amounts:
        return row.reject(NO_AMOUNT)
    return _lines(row, statement, day, document, amounts)


def _label(row: Row) -> str:
    """The first words of a row, as totals are told by."""
    words = (
        plain(cell)
        for cell in row.all[:6]
        if isinstance(cell, str) and re.search(r"[^\W\d_]", cell)
    )
    return next(words, "")


def _is_header(row: Row, found: Found) -> bool:
    """Whether a row repeats the header, or gives it in another language."""
    first = row.cells.get(next(role for role in _FIRST_ROLES if role in row.columns))
    if first is not None and (not isinstance(first, str) or first[:1].isdecimal()):
        return False  # a day or a code: cheap, and true of nearly every row
    titles = [text_of(cell) for cell in row.all]
    if match_columns(found.profile, titles) is not None:
        return True
    named = sum(
        bool(text) and normal(text) in _ALL_TITLES
        for role in row.columns
        if (text := row.text(role))
    )
    return named >= 3  # noqa: PLR2004  # no movement has three titles for its values


def _titles() -> frozenset[str]:
    from importers.profile import shipped  # noqa: PLC0415  # read once

    return frozenset(
        normal(title)
        for profile in shipped()
        for titles in profile.columns.values()
        for title in titles
    )


_ALL_TITLES: Final = _titles()


def _day_and_document(row: Row) -> tuple[dt.date | None, str]:
    if "date-document" not in row.columns:
        return day_of(row.cells.get("date")), row.text("document")
    cell = row.cells["date-document"]
    if not isinstance(cell, str):
        return day_of(cell), row.text("document")
    words = cell.strip().split(None, 1)
    if not words:
        return None, ""
    # What follows may be the time of day and then the document.
    rest = re.sub(r"^\d{1,2}:\d{2}(:\d{2})?\s*", "", words[1]) if len(words) > 1 else ""
    return day_of(words[0]), text_of(rest)


def _without_day(row: Row, role: str, written: str, label: str) -> Reject | Problem:
    if _TOTALS.match(label):
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


_AMOUNT_ROLES: Final = ("out", "in", "amount", "fee", "vat")


def _has_amounts(row: Row) -> bool:
    for role in _AMOUNT_ROLES:
        try:
            if amount_of(row.cells.get(role)):
                return True
        except ValueError:
            # Letters alone are a sentence of the footer; digits were meant as an amount.
            if re.match(r"^[-+(]?\d", row.text(role)):
                return True
    return False


class _BadCellError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


def _cell_amount(row: Row, role: str) -> int:
    """VND of a cell; 0 where it is blank."""
    cell = row.cells.get(role)
    try:
        return amount_of(cell) or 0
    except ValueError:
        shown = row.text(role)
    if is_mangled(cell):
        text = Text(
            f"số tiền đã bị bảng tính làm hỏng thành «{shown}»",
            f"a spreadsheet has mangled the amount into “{shown}”",
        )
    else:
        text = Text(
            f"«{shown}» không phải là số tiền nguyên đồng", f"“{shown}” is no whole amount of VND"
        )
    remedy = Text("tải lại tệp gốc", "download the original file again")
    raise _BadCellError(row.problem(role, text, remedy))


def _amounts(row: Row, profile: Profile) -> list[tuple[int, str]]:
    """Movements of a row with their parts, in the sign of the unit's book."""
    values = {role: _cell_amount(row, role) for role in _AMOUNT_ROLES if role in row.columns}
    if "amount" in values:
        amount = values.pop("amount")
        values[_direction(row, amount)] = abs(amount)
    moves: list[tuple[int, str]] = []
    if values.get("in"):
        moves.append((values["in"], ""))
    for role, part in (("out", ""), ("fee", "fee"), ("vat", "vat")):
        value = values.get(role, 0)
        if value:
            # A fee column also carries interest, which then stands without its minus.
            printed = value if role in profile.negative else -value
            moves.append((-abs(value) if role == "out" else printed, part))
    if values.get("in") and values.get("out"):
        raise _BadCellError(
            row.problem(
                "in",
                Text("vừa có tiền ra vừa có tiền vào", "money both in and out"),
                Text("xem lại dòng này trong tệp gốc", "look at this row in the original file"),
            )
        )
    return moves


def _direction(row: Row, amount: int) -> str:
    word = row.text("direction").casefold()
    if "direction" not in row.columns:
        return "in" if amount > 0 else "out"
    if word[:1] in {"+", "c"} or word in {"có", "ghi có", "tiền vào"}:
        return "in"
    if word[:1] in {"-", "−", "d"} or word in {"nợ", "ghi nợ", "tiền ra"}:
        return "out"
    raise _BadCellError(
        row.problem(
            "direction",
            Text(f"không rõ tiền vào hay ra: «{word}»", f"neither in nor out: “{word}”"),
            Text("ghi + hoặc −, C hoặc D", "write + or −, C or D"),
        )
    )


def _lines(
    row: Row,
    statement: Statement,
    day: dt.date,
    document: str,
    amounts: list[tuple[int, str]],
) -> list[Line]:
    balance = _cell_amount_or_none(row)
    text = row.text("text")
    codes = {
        role.replace("-", "_"): row.code(role) for role in _CODE_LENGTHS if role in row.columns
    }
    return [
        Line(
            place=row.place,
            date=day,
            document=document,
            text=text,
            amount=amount,
            balance=balance,
            counter_account=row.text("counter-account"),
            counter_name=row.text("counter-name"),
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


def _cell_amount_or_none(row: Row) -> int | None:
    try:
        return amount_of(row.cells.get("balance"))
    except ValueError:
        return None


def _ordered(groups: list[list[Line]]) -> list[list[Line]]:
    """Oldest first; rows of one day keep the order of the file, turned where it is newest first."""
    if (len(groups) > 1 and groups[0][0].date > groups[-1][0].date) or (
        len(groups) > 1 and _chain_breaks(groups) and not _chain_breaks(groups[::-1])
    ):
        groups.reverse()
    return sorted(groups, key=lambda group: group[0].date)


def _chain_breaks(groups: list[list[Line]]) -> list[tuple[list[Line], int]]:
    """Where a running balance is not the one before plus the row, with what it should be."""
    breaks = []
    for before, after in itertools.pairwise(groups):
        held, printed = before[0].balance, after[0].balance
        if held is None or printed is None:
            continue
        expected = held + sum(line.amount for line in after)
        if expected != printed:
            breaks.append((after, expected))
    return breaks


def _chained(groups: list[list[Line]]) -> bool:
    """Whether the rows, in whatever order, are the steps of one running balance."""
    after = Counter(group[0].balance or 0 for group in groups)
    before = Counter(
        (group[0].balance or 0) - sum(line.amount for line in group) for group in groups
    )
    return (after - before).total() <= 1 and (before - after).total() <= 1


def _unbalanced(groups: list[list[Line]], statement: Statement, found: Found) -> Iterator[Problem]:
    """Balances row by row, from the opening one to the closing one."""
    opening, closing = statement.opening, statement.closing
    moved = sum(line.amount for group in groups for line in group)
    if groups and all(group[0].balance is not None for group in groups):
        breaks = _chain_breaks(groups)
        if breaks and not _chained(groups):
            yield from _wrong_balances(breaks, found)
            return
        if not breaks:
            reached = groups[-1][0].balance or 0
            if opening is not None and opening + moved != reached:
                first = opening + sum(line.amount for line in groups[0])
                yield from _wrong_balances([(groups[0], first)], found)
                return
            opening = reached - moved
    if opening is not None and closing is not None and opening + moved != closing:
        yield Problem(
            statement.file,
            0,
            Text(
                f"số dư đầu kỳ {dong(opening)} cộng phát sinh {dong(moved)} không bằng số dư cuối "
                f"kỳ {dong(closing)}",
                f"opening {dong(opening)} plus movements {dong(moved)} is not closing "
                f"{dong(closing)}",
            ),
            Text("tệp thiếu dòng hoặc đã bị sửa: tải lại", "download the file again"),
        )


def _wrong_balances(breaks: list[tuple[list[Line], int]], found: Found) -> Iterator[Problem]:
    column = found.columns.get("balance", 0)
    for group, expected in breaks[:3]:
        place = group[0].place
        yield Problem(
            place.file,
            place.row,
            Text(
                f"ô {place.cell(column)}: số dư {dong(group[0].balance or 0)} không bằng số dư "
                f"trước cộng phát sinh {dong(expected)}",
                f"cell {place.cell(column)}: the balance {dong(group[0].balance or 0)} is not the "
                f"one before plus the movement, {dong(expected)}",
            ),
            Text(
                "tệp thiếu hoặc lặp dòng, hoặc đã bị sửa: tải lại",
                "rows are missing, doubled or edited: download the file again",
            ),
        )


def _sums(row: Row) -> _Sums:
    return _Sums(row, _quiet_amount(row.cells.get("out")), _quiet_amount(row.cells.get("in")))


def _balance_in(row: Row, label: re.Pattern[str]) -> int | None:
    """The balance of a row with a label: in its column, else the last amount of the row."""
    if not label.match(_label(row)):
        return None
    printed = _cell_amount_or_none(row)
    if printed is not None:
        return printed
    amounts = [amount for cell in row.all if (amount := _quiet_amount(cell)) is not None]
    return amounts[-1] if amounts else None


def _counted(groups: list[list[Line]]) -> tuple[int, int]:
    """Money out and money in, as totals rows count them."""
    lines = [line for group in groups for line in group if not line.part]
    out = -sum(line.amount for line in lines if line.amount < 0)
    return out, sum(line.amount for line in lines if line.amount > 0)


def _totalled(groups: list[list[Line]], totals: list[_Sums]) -> bool:
    """Whether a totals row adds up all rows: it is then the end of the file's list."""
    out, into = _counted(groups)
    return any(
        _GRAND.match(_label(sums.row)) and (abs(sums.out or 0), abs(sums.into or 0)) == (out, into)
        for sums in totals
    )


def _wrong_totals(groups: list[list[Line]], totals: list[_Sums]) -> Iterator[Problem]:
    out, into = _counted(groups)
    for sums in totals:
        if not _GRAND.match(_label(sums.row)) or (not sums.out and not sums.into):
            continue
        if len([other for other in totals if _GRAND.match(_label(other.row))]) > 1:
            return  # totals of pages and days: which rows they add up is not said
        for role, printed, counted in (("out", sums.out, out), ("in", sums.into, into)):
            if printed is not None and abs(printed) != counted:
                yield sums.row.problem(
                    role,
                    Text(
                        f"tổng in là {dong(abs(printed))}, cộng các dòng được {dong(counted)}",
                        f"the printed total is {dong(abs(printed))}, the rows add up to "
                        f"{dong(counted)}",
                    ),
                    Text("tệp thiếu dòng hoặc đã bị sửa: tải lại", "download the file again"),
                )


def _repeated(groups: list[list[Line]], found: Found) -> Iterator[Problem]:
    """The same row twice: its running balance tells it from a second movement that is alike."""
    if "balance" not in found.columns:
        return
    seen: dict[str, Line] = {}
    for group in groups:
        line = group[0]
        if line.balance is None:
            continue
        before = seen.setdefault(line.key, line)
        if before is not line:
            yield Problem(
                line.place.file,
                line.place.row,
                Text(
                    f"ô {line.place.cell(0)}: dòng lặp lại dòng {before.place.row}: cùng ngày, số "
                    "tiền, số dư, nội dung",
                    f"cell {line.place.cell(0)}: the row repeats row {before.place.row}: same "
                    "day, amount, balance, text",
                ),
                Text("bỏ một dòng, hoặc tải lại tệp", "drop one, or download the file again"),
            )


def _outside(groups: list[list[Line]], statement: Statement, found: Found) -> Iterator[Problem]:
    column = found.columns.get("date", found.columns.get("date-document", 0))
    if statement.start is None or statement.end is None:
        return
    for group in groups:
        line = group[0]
        if not statement.start <= line.date <= statement.end:
            yield Problem(
                line.place.file,
                line.place.row,
                Text(
                    f"ô {line.place.cell(column)}: ngày {line.date:%d/%m/%Y} ngoài kỳ sao kê "
                    f"{statement.start:%d/%m/%Y} – {statement.end:%d/%m/%Y}",
                    f"cell {line.place.cell(column)}: {line.date} is outside the period "
                    f"{statement.start} – {statement.end}",
                ),
                Text("xem lại kỳ của tệp", "look at the period of the file"),
            )
            return


# Forms of figures by code.


def _with_figures(
    statement: Statement, sheets: Sheets, found: Found, until: int, problems: list[Problem]
) -> Statement:
    figures: list[Figures] = []
    rejects: list[Reject] = []
    grand: list[tuple[Row, dict[str, int]]] = []
    read = 0
    rows = list(rows_below(sheets, found, until))
    key = _FIGURE_KEYS[statement.kind]
    # A unit that books no kind-item has rows of the source alone; else those are its subtotals.
    keyed = key if any(row.text(key) for row in rows) else "source-code"
    for row in rows:
        read += 1
        try:
            outcome = _figure(row, found, statement.kind, keyed)
        except _BadCellError as bad:
            problems.append(bad.problem)
            continue
        if isinstance(outcome, Reject):
            rejects.append(outcome)
            if outcome.reason is TOTALS and _GRAND_OF_FORM.match(_label(row)):
                grand.append((row, _figure_amounts(row, statement.kind)))
        else:
            figures.append(outcome)
            problems += _broken_identities(row, outcome, statement.kind)
    problems += _wrong_grand_total(grand, figures)
    return statement._replace(
        figures=tuple(figures), rejects=tuple(rejects), read=read, totalled=bool(grand)
    )


_FIGURE_KEYS: Final = {
    StatementKind.ESTIMATE: "kind-item",
    StatementKind.SPENDING: "sub-item",
    StatementKind.BALANCES: "label",
}


def _figure(row: Row, found: Found, kind: StatementKind, key: str) -> Figures | Reject:
    if _is_header(row, found) or _is_numbering(row):
        return row.reject(REPEATED)
    if _TOTALS.match(_label(row)):
        return row.reject(TOTALS)
    if not row.text(key):
        worth = _has_figures(row, kind)
        return row.reject(TOTALS if worth else NO_AMOUNT)
    if kind is StatementKind.BALANCES and not account_number(row.text("label")):
        return row.reject(NO_AMOUNT)
    return Figures(
        row.place,
        row.text("label"),
        row.code("source-code"),
        row.code("kind-item"),
        row.code("sub-item"),
        row.code("programme-code") or "00000",
        _figure_amounts(row, kind),
    )


def _has_figures(row: Row, kind: StatementKind) -> bool:
    return any(_quiet_amount(row.cells.get(name.replace("_", "-"))) for name in FIGURES[kind])


def _figure_amounts(row: Row, kind: StatementKind) -> dict[str, int]:
    return {name: _cell_amount(row, name.replace("_", "-")) for name in FIGURES[kind]}


def _is_numbering(row: Row) -> bool:
    """The row that numbers the columns of a form: 1, 2, 3 or (1), (2), (3)."""
    words = [text for cell in row.all if (text := text_of(cell))]
    numbered = all(re.fullmatch(r"\(?\d{1,2}\)?(=.*)?|[A-Z]", word) for word in words)
    return len(words) >= _FEWEST_NUMBERED and numbered


def _broken_identities(row: Row, figures: Figures, kind: StatementKind) -> Iterator[Problem]:
    for name, parts, words in _IDENTITIES[kind]:
        expected = sum(figures.amounts[part] for part in parts)
        if figures.amounts[name] != expected:
            yield row.problem(
                name.replace("_", "-"),
                Text(
                    f"{dong(figures.amounts[name])} không đúng {words}, phải là {dong(expected)}",
                    f"{dong(figures.amounts[name])} is not {words}, which is {dong(expected)}",
                ),
                Text("xem lại tệp gốc của Kho bạc", "look at the treasury's original file"),
            )


def _wrong_grand_total(
    grand: list[tuple[Row, dict[str, int]]], figures: list[Figures]
) -> Iterator[Problem]:
    if len(grand) != 1:
        return
    row, printed = grand[0]
    for name, amount in printed.items():
        counted = sum(one.amounts[name] for one in figures)
        if amount != counted:
            yield row.problem(
                name.replace("_", "-"),
                Text(
                    f"tổng in là {dong(amount)}, cộng các dòng được {dong(counted)}",
                    f"the printed total is {dong(amount)}, the rows add up to {dong(counted)}",
                ),
                Text("xem lại tệp gốc của Kho bạc", "look at the treasury's original file"),
            )
