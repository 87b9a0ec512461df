"""The annex of a decision of allotment: the estimate by task, fund and sub-item (giao dự toán)."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.base import KNOWLEDGE, NOTHING_ASKED, Asked, SheetImporter, recognised
from importers.draft import DECIDED, KEY, UNDECIDED, UNKNOWN_TASK, Draft, FileOutcome
from importers.movements import FUND, TASK, opened, other_year, require_unit_above
from importers.source.cells import amount_of, is_mangled, text_of, unmarked
from importers.source.files import file_refusal
from importers.source.places import Reject, exact_key
from importers.tables.annex_columns import (
    FUND_WORDS,
    Given,
    amount_at,
    doubled,
    fund_columns,
    left_columns,
)
from importers.tables.outline import groups_of, line_of
from importers.tables.profile import Reads, unread
from importers.tables.roles import Role
from importers.tables.rows import (
    NO_AMOUNT,
    REPEATED,
    TOTALS,
    is_numbering,
    is_total,
    is_total_label,
    proved_total,
    rows_below,
    unread_amount,
)
from importers.tables.units import unit_notes
from ledger.accounts import FUNDS, Family, account_name, read_account
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong
from ledger.writing import NewPosting, NewTransaction

if TYPE_CHECKING:
    from collections.abc import Sequence
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
_NAMES_FUND: Final = re.compile(
    r"[\W\d]*(?:trong đó\W*)?(?:(?:nguồn|ngân sách)\b|NSTW|NSTP)", re.IGNORECASE
)
_GROUP: Final = Text("dòng nhóm, bằng tổng các dòng con", "a group, the sum of the rows below it")


class AllotmentDecision(SheetImporter):
    """One transaction a decision; one posting a row, or one for each fund that has a column."""

    reads = frozenset({Reads.ALLOTMENT})
    title = Text("quyết định giao dự toán", "decision of allotment")
    files_under = "Equity:GiaoDuToan"

    def propose(
        self,
        path: Path,
        known: Known,
        asked: Asked = NOTHING_ASKED,  # noqa: ARG002  # an annex is short and says it all
    ) -> FileOutcome:
        """The annex as one draft, which all its rows share."""
        sheets, tables = recognised(path, self.book)
        found = next(table for table in tables if table.profile.reads in self.reads)
        require_unit_above(self.title, sheets, found, known)
        return _Annex(sheets, found, known).outcome()


class _Decision(NamedTuple):
    """What is printed above the table.

    Attributes:
        number: số quyết định; empty where none is printed.
        words: all of it, plain.
    """

    number: str
    day: dt.date | None
    words: str


class _Annex:
    def __init__(self, sheets: Sheets, found: Found, known: Known) -> None:
        self.sheets = sheets
        self.found = found
        self.known = known
        self.problems: list[Problem] = []
        self.rejects: list[Reject] = []
        self.lines: list[Line] = []
        self.rows: list[Given] = []
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
        cell = row.cells.get(Role.AMOUNT)
        try:
            amount = amount_of(cell) or 0
        except ValueError:
            if not re.match(r"^[-(]?\d", row.text(Role.AMOUNT)) and not is_mangled(cell):
                self.rejects.append(row.reject(REPEATED))
                return
            shown = row.text(Role.AMOUNT)
            self.problems.append(unread_amount(row, Role.AMOUNT, shown))
            return
        if is_total(row) or is_total_label(row.text(Role.TASK)):
            printed.append((row, amount))
            self.rejects.append(row.reject(TOTALS))
        elif not _names_something(row, self.lines):
            # An amount that nothing names is taken for a total only where it is one.
            if amount:
                printed.append((row, amount))
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
                self.rows.append(Given(line.row, line.amount, heads))
            above.append(line)

    def _wrong_group(self, group: Group) -> Problem:
        line = self.lines[group.head]
        return line.row.problem(
            Role.AMOUNT,
            Text(
                f"nhóm «{line.row.text(Role.TASK)[:40]}» in {dong(line.amount)}, các dòng con cộng "
                f"được {dong(group.counted)}",
                f"the group “{line.row.text(Role.TASK)[:40]}” prints {dong(line.amount, 'en')}, "
                f"its rows "
                f"add up to {dong(group.counted, 'en')}",
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
                    Role.AMOUNT,
                    Text(
                        f"tổng in là {dong(sums[-1])}, cộng các dòng được {dong(counted)}",
                        f"the printed total is {dong(sums[-1], 'en')}, the rows add up to "
                        f"{dong(counted, 'en')}",
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
        decision = _decision(self.found)
        year = self._budget_year(decision)
        self._tell_open(decision)
        entry = self._entry(decision, year)
        key = str(entry.meta[KEY])
        draft = Draft(
            self.rows[0].row.place,
            key,
            entry,
            opened(entry.postings, entry.date, self.known),
            tuple(dict.fromkeys(self.undecided)),
        )
        # The other rows are of the same transaction.
        return (draft, *(Draft(row.place, key, None) for row, *_ in self.rows[1:]))

    def _budget_year(self, decision: _Decision) -> int:
        """The year whose estimate the decision gives; the book's where it prints no day."""
        year = _year(decision.day) if decision.day else max(self.known.years, default=0)
        if not year:
            raise file_refusal(
                self.sheets.file,
                Text("không thấy ngày quyết định", "no date of the decision"),
                Text("ghi «Quyết định số … ngày dd/mm/yyyy» trên bảng", "write it above the table"),
            )
        years = self.known.years
        if decision.day and years and year not in years:
            told = other_year(dt.date(year, 12, 31), self.known)
            raise file_refusal(self.sheets.file, *(told or ()))
        return year

    def _tell_open(self, decision: _Decision) -> None:
        """What the annex as a whole leaves to a person."""
        if not decision.number:
            self.undecided.append(Text("số quyết định (decision)", "the decision's number"))
        elif known_at := self.known.decisions.get(decision.number):
            text = Text(f"quyết định đã có ở {known_at}", f"the decision stands at {known_at}")
            self.undecided.append(text)
        if not decision.day:
            self.undecided.append(Text("ngày quyết định (decision-date)", "the decision's date"))
        self.by_fund = fund_columns(self.found, self.rows)
        read = set(self.by_fund.values())
        self.undecided += [*left_columns(self.found, self.rows, read), *doubled(self.rows)]

    def _entry(self, decision: _Decision, year: int) -> NewTransaction:
        """The transaction of all rows; flagged where something is left to a person."""
        number, day, words = decision
        postings = self._postings()
        lowers = any(given.amount < 0 for given in self.rows)
        kind = "supplement" if lowers or _SUPPLEMENT.search(words) else "allotment"
        told = ((p.account, p.amount, *p.meta.values()) for p in postings)
        meta: dict[str, Value] = {"kind": kind, "budget-year": year}
        if number:
            meta["decision"] = number
        if day:
            meta["decision-date"] = day
        meta[KEY] = exact_key("allotment", number, *told)
        narration = f"{'Bổ sung' if kind == 'supplement' else 'Giao'} dự toán" + (
            f" theo quyết định {number}" if number else ""
        )
        first = dt.date(year, 1, 1)
        flag = UNDECIDED if self.undecided else DECIDED
        return NewTransaction(
            max(day or first, first), flag, "", narration, meta, (*postings, *_granted(postings))
        )

    def _postings(self) -> tuple[NewPosting, ...]:
        postings = []
        for given in self.rows:
            row = given.row
            task = self._task(given)
            meta: dict[str, Value] = {}
            item = row.code(Role.SUB_ITEM)
            if item:
                meta["sub-item"] = item if item.startswith("TM") else f"TM{item}"
            for key in (Role.SOURCE_CODE, Role.KIND_ITEM, Role.PROGRAMME_CODE):
                if row.text(key):
                    meta[key.value] = row.code(key)
            unit = self.known.unit_of(task)
            for fund, amount in self._shares(given):
                account = account_name(Family.AVAILABLE, unit=unit, task=task, fund=fund)
                postings.append(NewPosting(account, amount, meta))
        return tuple(postings)

    def _shares(self, given: Given) -> list[tuple[str, int]]:
        """What each fund gives of a row, VND: by columns of funds, else all by one."""
        if not self.by_fund:
            return [(self._fund(given), given.amount)]
        shares = ((fund, amount_at(given, column)) for fund, column in self.by_fund.items())
        return [(fund, amount) for fund, amount in shares if amount]

    def _task(self, given: Given) -> str:
        """The task that a row names, or the nearest of its groups that names one."""
        texts = [
            words
            for row in (given.row, *given.heads)
            for role in (Role.TASK_CODE, Role.TASK)
            if (words := row.text(role))
        ]
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

    def _fund(self, given: Given) -> str:
        """The fund that its column, its words or those of a group name; else the book's one."""
        rows = (given.row, *given.heads)
        heads = [words for row in rows if _NAMES_FUND.match(words := row.text(Role.TASK))]
        for words in (*given.texts(Role.FUND), *heads):
            if words in FUNDS:
                return words
            for fund, pattern in FUND_WORDS:
                if pattern.search(unmarked(words)):
                    return fund
        if self.known.state_fund:
            return self.known.state_fund
        self.undecided.append(FUND)
        return "NSTP"


def _names_something(row: Row, above: Sequence[Line]) -> bool:
    """Whether a row says what it gives to: a task, or a sub-item of the task above."""
    named = row.text(Role.TASK) or row.text(Role.TASK_CODE)
    return bool(named) or (bool(row.text(Role.SUB_ITEM)) and bool(above))


def _granted(postings: Sequence[NewPosting]) -> tuple[NewPosting, ...]:
    """Where the estimate comes from: what each fund gives, VND below zero."""
    givers: dict[str, int] = {}
    for posting in postings:
        given = read_account(posting.account)
        giver = account_name(Family.GRANTED, unit=given.unit, fund=given.fund)
        givers[giver] = givers.get(giver, 0) - posting.amount
    return tuple(NewPosting(giver, amount) for giver, amount in givers.items())


def _year(day: dt.date) -> int:
    """The budget year of a decision: one of December is for the year to come."""
    return (day + dt.timedelta(days=31)).year


def _decision(found: Found) -> _Decision:
    """Number and date of the decision, and the words above the table."""
    words = " \n ".join(
        text_of(cell)
        for row in found.sheet.rows[: found.top]
        for cell in row
        if cell not in {None, ""}
    )
    match = _DECISION.search(words)
    if not match:
        return _Decision("", None, unmarked(words))
    day = None
    if match[2]:
        try:
            day = dt.date(int(match[4]), int(match[3]), int(match[2]))
        except ValueError:
            day = None
    return _Decision(match[1].strip(".,"), day, unmarked(words))
