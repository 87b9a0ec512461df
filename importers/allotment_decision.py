"""The annex of a decision of allotment: the estimate by task, fund and sub-item (giao dự toán)."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.base import KNOWLEDGE, SheetImporter, recognised
from importers.draft import DECIDED, KEY, UNDECIDED, UNKNOWN_TASK, Draft, FileOutcome
from importers.movements import FUND, TASK, opened, other_year, require_unit_above
from importers.source.cells import amount_of, is_mangled, text_of, unmarked
from importers.source.files import file_refusal
from importers.tables.outline import groups_of, line_of
from importers.tables.profile import Knowledge, Reads, header_titles, unread
from importers.tables.rows import (
    NO_AMOUNT,
    REPEATED,
    TOTALS,
    is_numbering,
    is_total,
    is_total_label,
    proved_total,
    quiet_amount,
    rows_below,
)
from importers.tables.statement import Reject, column_letters, exact_key
from importers.tables.units import unit_notes
from ledger.accounts import FUNDS, Family, account_name, read_account
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong
from ledger.writing import NewPosting, NewTransaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from importers.known import Known
    from importers.source.sheets import Sheets
    from importers.tables.outline import Group, Line
    from importers.tables.profile import Found
    from importers.tables.rows import Row
    from ledger.writing import Value

_DECISION: Final = re.compile(
    r"(?:quyết định|qđ)\s*số[:\s]*([\w./-]*\d[\w./-]*)"
    r"(?:[^0-9]{0,40}ngày\s*(\d{1,2})\s*(?:/|tháng)\s*"
    r"(\d{1,2})\s*(?:/|năm)\s*(\d{4}))?",
    re.IGNORECASE,
)
_TELLING: Final = 15  # letters; fewer are in many titles
_TASK_CODE: Final = re.compile(r"\bNV ?(\d{1,2})\b", re.IGNORECASE)
_SUPPLEMENT: Final = re.compile(r"bo sung|dieu chinh|cat giam|giam du toan")
_FUND_WORDS: Final = (
    ("NSTW", re.compile(r"trung uong|nstw")),
    ("NSTP", re.compile(r"thanh pho|cap tinh|dia phuong|nstp|ngan sach tinh")),
)
_NAMES_FUND: Final = re.compile(
    r"[\W\d]*(?:trong đó\W*)?(?:(?:nguồn|ngân sách)\b|NSTW|NSTP)", re.IGNORECASE
)
_NO_MONEY: Final = re.compile(
    r"(?:ma|chuong|loai|khoan|muc|tieu muc|stt|tt|so (?:tt|luong|nguoi|thu tu)|ghi chu|ngay)\b"
)
_GROUP: Final = Text("dòng nhóm, bằng tổng các dòng con", "a group, the sum of the rows below it")


class AllotmentDecision(SheetImporter):
    """One transaction a decision; one posting a row, or one for each fund that has a column."""

    reads = frozenset({Reads.ALLOTMENT})
    title = Text("quyết định giao dự toán", "decision of allotment")
    files_under = "Equity:GiaoDuToan"

    def propose(self, path: Path, known: Known) -> FileOutcome:
        """The annex as one draft, which all its rows share."""
        sheets, tables = recognised(path, self.book)
        found = next(table for table in tables if table.profile.reads in self.reads)
        require_unit_above(self.title, sheets, found, known)
        return _Annex(sheets, found, known).outcome()


class _Given(NamedTuple):
    """A row that allots, and the rows of the groups that it stands in, the nearest first."""

    row: Row
    amount: int
    heads: tuple[Row, ...]

    def texts(self, role: str) -> list[str]:
        """What it and its groups say of something, its own first."""
        return [text for row in (self.row, *self.heads) if (text := row.text(role))]


class _Annex:
    def __init__(self, sheets: Sheets, found: Found, known: Known) -> None:
        self.sheets = sheets
        self.found = found
        self.known = known
        self.problems: list[Problem] = []
        self.rejects: list[Reject] = []
        self.lines: list[Line] = []
        self.rows: list[_Given] = []
        self.by_fund: dict[str, int] = {}
        self.undecided: list[Text] = []

    def outcome(self) -> FileOutcome:
        printed: list[tuple[Row, int]] = []
        read = 0
        for row in rows_below(self.sheets, self.found):
            read += 1
            self._take(row, printed)
        self._tell_groups_apart()
        if not self.problems:  # else a sum would be of wrong parts
            self._require_total(printed)
        if self.problems:
            raise BadInputError(self.problems)
        drafts = self._drafts()
        return FileOutcome(
            file=self.sheets.file,
            kind=Text(self.found.profile.title, self.found.profile.profile),
            knowledge=KNOWLEDGE[self.found.profile.knowledge],
            read=read,
            drafts=drafts,
            duplicates=(),
            rejects=tuple(self.rejects),
            notes=(
                *self.sheets.notes,
                *unit_notes(self.sheets, self.found),
                *unread(self.sheets, [self.found]),
            ),
        )

    def _take(self, row: Row, printed: list[tuple[Row, int]]) -> None:
        if is_numbering(row):
            self.rejects.append(row.reject(REPEATED))
            return
        cell = row.cells.get("amount")
        try:
            amount = amount_of(cell) or 0
        except ValueError:
            if not re.match(r"^[-(]?\d", row.text("amount")) and not is_mangled(cell):
                self.rejects.append(row.reject(REPEATED))
                return
            shown = row.text("amount")
            self.problems.append(
                row.problem(
                    "amount",
                    Text(f"«{shown}» không phải là số tiền", f"“{shown}” is no amount"),
                    Text("sửa ô này trong tệp gốc", "mend the cell in the original file"),
                )
            )
            return
        if is_total(row) or is_total_label(row.text("task")):
            printed.append((row, amount))
            self.rejects.append(row.reject(TOTALS))
        elif not row.text("task") and not (row.text("sub-item") and self.lines):
            self.rejects.append(row.reject(TOTALS if amount else NO_AMOUNT))
        else:
            self.lines.append(line_of(row, amount))

    def _tell_groups_apart(self) -> None:
        """Rows that head others are proved by them; the others take from the rows above them."""
        groups, wrong = groups_of(self.lines)
        self.problems += [self._wrong_group(group) for group in wrong]
        above: list[Line] = []
        for index, line in enumerate(self.lines):
            while above and above[-1].depth >= line.depth:
                above.pop()
            if index in groups:
                self.rejects.append(line.row.reject(_GROUP))
            elif not line.amount:
                self.rejects.append(line.row.reject(NO_AMOUNT))
            else:
                heads = tuple(one.row for one in reversed(above))
                self.rows.append(_Given(line.row, line.amount, heads))
            above.append(line)

    def _wrong_group(self, group: Group) -> Problem:
        line = self.lines[group.head]
        return line.row.problem(
            "amount",
            Text(
                f"nhóm «{line.row.text('task')[:40]}» in {dong(line.amount)}, các dòng con cộng "
                f"được {dong(group.counted)}",
                f"the group “{line.row.text('task')[:40]}” prints {dong(line.amount)}, its rows "
                f"add up to {dong(group.counted)}",
            ),
            Text(
                "sửa số ở tệp gốc; dòng «trong đó» chỉ nêu một phần thì bỏ khỏi bảng",
                "mend the figure in the original file; take out rows that tell only a part",
            ),
        )

    def _require_total(self, printed: list[tuple[Row, int]]) -> None:
        counted = sum(given.amount for given in self.rows)
        sums = [amount for _, amount in printed if amount]
        if not proved_total(sums, counted):
            self.problems.append(
                printed[-1][0].problem(
                    "amount",
                    Text(
                        f"tổng in là {dong(sums[-1])}, cộng các dòng được {dong(counted)}",
                        f"the printed total is {dong(sums[-1])}, the rows add up to "
                        f"{dong(counted)}",
                    ),
                    Text(
                        "dòng nhóm phải có số thứ tự (I, 1, 1.1, a, –) ở cột đầu hoặc trước chữ "
                        "thì mới phân biệt được với dòng con: xem lại tệp",
                        "a group is told by its number (I, 1, 1.1, a, –) in the first column or "
                        "before its words: look at the file",
                    ),
                )
            )

    def _drafts(self) -> tuple[Draft, ...]:
        if not self.rows:
            return ()
        number, day, words = _decision(self.found)
        if not number:
            self.undecided.append(Text("số quyết định (decision)", "the decision's number"))
        known_at = self.known.decisions.get(number) if number else None
        if known_at:
            text = Text(f"quyết định đã có ở {known_at}", f"the decision stands at {known_at}")
            self.undecided.append(text)
        self.by_fund = _fund_columns(self.found, self.rows)
        left = _left_columns(self.found, self.rows, set(self.by_fund.values()))
        self.undecided += [*left, *_doubled(self.rows)]
        postings = self._postings()
        year = _year(day) if day else max(self.known.years, default=0)
        if not year:
            raise file_refusal(
                self.sheets.file,
                Text("không thấy ngày quyết định", "no date of the decision"),
                Text("ghi «Quyết định số … ngày dd/mm/yyyy» trên bảng", "write it above the table"),
            )
        if day and (told := other_year(dt.date(year, 1, 1), self.known)):
            raise file_refusal(self.sheets.file, *told)
        booked = max(day, dt.date(year, 1, 1)) if day else dt.date(year, 1, 1)
        if not day:
            self.undecided.append(Text("ngày quyết định (decision-date)", "the decision's date"))
        kind = (
            "supplement"
            if _SUPPLEMENT.search(words) or any(given.amount < 0 for given in self.rows)
            else "allotment"
        )
        key = exact_key(
            "allotment", number, *((p.account, p.amount, *p.meta.values()) for p in postings)
        )
        meta: dict[str, Value] = {"kind": kind, "budget-year": year}
        if number:
            meta["decision"] = number
        if day:
            meta["decision-date"] = day
        meta[KEY] = key
        narration = f"{'Bổ sung' if kind == 'supplement' else 'Giao'} dự toán" + (
            f" theo quyết định {number}" if number else ""
        )
        givers: dict[str, int] = {}
        for posting in postings:
            given = read_account(posting.account)
            giver = account_name(Family.GRANTED, unit=given.unit, fund=given.fund)
            givers[giver] = givers.get(giver, 0) - posting.amount
        granted = tuple(NewPosting(giver, sum_) for giver, sum_ in givers.items())
        flag = UNDECIDED if self.undecided else DECIDED
        entry = NewTransaction(booked, flag, "", narration, meta, (*postings, *granted))
        first = self.rows[0].row.place
        draft = Draft(
            first,
            key,
            entry,
            opened(entry.postings, booked, self.known),
            tuple(dict.fromkeys(self.undecided)),
        )
        # The other rows are of the same transaction.
        return (draft, *(Draft(row.place, key, None) for row, *_ in self.rows[1:]))

    def _postings(self) -> tuple[NewPosting, ...]:
        postings = []
        for given in self.rows:
            row = given.row
            task = self._task(given)
            meta: dict[str, Value] = {}
            item = row.code("sub-item")
            if item:
                meta["sub-item"] = item if item.startswith("TM") else f"TM{item}"
            for key in ("source-code", "kind-item", "programme-code"):
                if row.text(key):
                    meta[key] = row.code(key)
            unit = self.known.unit_of(task)
            for fund, amount in self._shares(given):
                account = account_name(Family.AVAILABLE, unit=unit, task=task, fund=fund)
                postings.append(NewPosting(account, amount, meta))
        return tuple(postings)

    def _shares(self, given: _Given) -> list[tuple[str, int]]:
        """What each fund gives of a row, VND: by columns of funds, else all by one."""
        if not self.by_fund:
            return [(self._fund(given), given.amount)]
        shares = ((fund, _at(given, column)) for fund, column in self.by_fund.items())
        return [(fund, amount) for fund, amount in shares if amount]

    def _task(self, given: _Given) -> str:
        """The task that a row names, or the nearest of its groups that names one."""
        texts = given.texts("task")
        found = next((task for words in texts if (task := self._named(words))), "")
        if found:
            return found
        words = texts[0][:40]
        self.undecided.append(Text(f"{TASK.vi} «{words}»", f"{TASK.en} “{words}”"))
        return UNKNOWN_TASK

    def _named(self, words: str) -> str:
        """The task that some words name; empty where they name none."""
        found = _TASK_CODE.search(words)
        code = f"NV{int(found[1]):02}" if found else words
        if code in self.known.tasks:
            return code
        for task, title in self.known.tasks.items():
            if unmarked(title) in unmarked(words) or (
                len(unmarked(words)) > _TELLING and unmarked(words) in unmarked(title)
            ):
                return task
        return code if found and not self.known.tasks else ""

    def _fund(self, given: _Given) -> str:
        """The fund that its column, its words or those of a group name; else the book's one."""
        rows = (given.row, *given.heads)
        heads = [words for row in rows if _NAMES_FUND.match(words := row.text("task"))]
        for words in (*given.texts("fund"), *heads):
            if words in FUNDS:
                return words
            for fund, pattern in _FUND_WORDS:
                if pattern.search(unmarked(words)):
                    return fund
        if self.known.state_fund:
            return self.known.state_fund
        self.undecided.append(FUND)
        return "NSTP"


def _fund_columns(found: Found, rows: Sequence[_Given]) -> dict[str, int]:
    """Columns of what each fund gives, where they add up to the amount in every row; else none."""
    if "fund" in found.columns:
        return {}
    columns: dict[str, int] = {}
    for column, title in _columns_left(found):
        named = [fund for fund, words in _FUND_WORDS if words.search(unmarked(title))]
        if len(named) > 1 or any(fund in columns for fund in named):
            return {}
        columns |= dict.fromkeys(named, column)
    whole = all(given.amount == sum(_at(given, at) for at in columns.values()) for given in rows)
    return columns if columns and whole else {}


def _at(given: _Given, column: int) -> int:
    """VND that a row prints in a column; 0 where it prints none."""
    return next((quiet_amount(cell) or 0 for cell in given.row.all[column : column + 1]), 0)


def _columns_left(found: Found) -> list[tuple[int, str]]:
    """Columns after the task's that the profile does not read, with their titles."""
    titles = header_titles(found.sheet, found.top, found.depth) or []
    read = set(found.columns.values())
    columns = range(found.columns["task"] + 1, len(titles))
    return [(column, titles[column]) for column in columns if column not in read]


def _left_columns(found: Found, rows: Sequence[_Given], by_fund: set[int]) -> Iterator[Text]:
    """Columns of money that are not read: parts by source, changes, what is left after them."""
    if found.profile.knowledge is Knowledge.TAUGHT:
        return  # which column counts was said by a person
    left = [
        _column(title, column)
        for column, title in _columns_left(found)
        if column not in by_fund
        and not _NO_MONEY.match(unmarked(title))
        and any(_at(given, column) for given in rows)
    ]
    if left:
        titles = header_titles(found.sheet, found.top, found.depth) or []
        amount = found.columns["amount"]
        taken, others = _column(titles[amount], amount), ", ".join(left)
        yield Text(
            f"số giao lấy ở cột {taken}; cột có số mà không đọc: {others}",
            f"the amounts are of column {taken}; columns with figures not read: {others}",
        )


def _column(title: str, column: int) -> str:
    return f"{column_letters(column)} «{' '.join(title.split())[:40]}»"


def _doubled(rows: Sequence[_Given]) -> Iterator[Text]:
    """Rows that say the same as one before, under the same groups."""
    first: dict[tuple[object, ...], int] = {}
    for given in rows:
        row = given.row.place.row
        said = (tuple(head.place for head in given.heads), *_said(given.row))
        before = first.setdefault(said, row)
        if before != row:
            yield Text(
                f"dòng {row} giống hệt dòng {before}: có thể lặp", f"row {row} repeats row {before}"
            )


def _said(row: Row) -> tuple[str, ...]:
    """What a row's columns say, in order."""
    return tuple(text_of(row.cells[role]) for role in sorted(row.cells))


def _year(day: dt.date) -> int:
    """The budget year of a decision: one of December is for the year to come."""
    return (day + dt.timedelta(days=31)).year


def _decision(found: Found) -> tuple[str, dt.date | None, str]:
    """Number and date of the decision, and the words above the table."""
    words = " \n ".join(
        text_of(cell)
        for row in found.sheet.rows[: found.top]
        for cell in row
        if cell not in {None, ""}
    )
    match = _DECISION.search(words)
    if not match:
        return "", None, unmarked(words)
    day = None
    if match[2]:
        try:
            day = dt.date(int(match[4]), int(match[3]), int(match[2]))
        except ValueError:
            day = None
    return match[1].strip(".,"), day, unmarked(words)
