"""General journals that accounting programs export (sổ nhật ký chung S04-H).

A unit that keeps its books in such a program gets the compliance ledger without typing twice. A
table maps accounts to kinds; what it does not map is listed and not imported.
"""

from __future__ import annotations

import re
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from importers.base import KNOWLEDGE, NOTHING_ASKED, Asked, SheetImporter, recognised
from importers.draft import Draft, FileOutcome
from importers.movements import journal_draft, other_year, require_unit_above
from importers.source.cells import amount_of, day_of, normal
from importers.source.places import Reject, exact_key
from importers.tables.profile import Reads, unread
from importers.tables.roles import CODE_LENGTHS, Role
from importers.tables.rows import (
    NO_AMOUNT,
    REPEATED,
    TOTALS,
    is_balance,
    is_numbering,
    is_total,
    proved_total,
    rows_below,
)
from importers.tables.statement import Line
from importers.tables.units import unit_notes
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong
from ledger.yaml_models import read_model

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from importers.known import Known
    from importers.source.cells import Cell
    from importers.source.sheets import Sheets
    from importers.tables.profile import Found
    from importers.tables.rows import Row

_TABLE: Final = Path(__file__).parent / "journal_accounts.yaml"
_OTHER_SIDE: Final = Text("vế đối ứng của dòng khác", "the other side of another row")
_COVERED: Final = Text(
    "đã theo dõi ở tài khoản 008 cùng chứng từ", "followed in account 008 of the same voucher"
)


class SingleAccount(BaseModel):
    """An account of single entry and the kind that it stands for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    side: Literal["debit", "credit"]
    account: str
    red: bool
    kind: str


class AccountPair(BaseModel):
    """A pair of accounts and the kind that it stands for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    debit: str
    credit: str
    kind: str


class AccountTable(BaseModel):
    """Which accounts of a journal stand for which kinds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    single: list[SingleAccount]
    pairs: list[AccountPair]


@cache
def account_table() -> AccountTable:
    """The table that ships."""
    return read_model(_TABLE, AccountTable)[1]


class _Half(NamedTuple):
    """One side of an entry."""

    row: Row
    day: dt.date
    account: str
    debit: int
    credit: int
    counter: str


def _single_entry(row: Row) -> bool:
    roles = (Role.ACCOUNT, Role.DEBIT_ACCOUNT, Role.CREDIT_ACCOUNT)
    return any(row.text(role).startswith("0") for role in roles)


class JournalExport(SheetImporter):
    """Vouchers of a journal as transactions of the book."""

    reads = frozenset({Reads.JOURNAL})
    title = Text("sổ nhật ký chung", "general journal")

    def propose(self, path: Path, known: Known, asked: Asked = NOTHING_ASKED) -> FileOutcome:
        """Every row as a draft, or as a reject that says why."""
        sheets, tables = recognised(path, self.book)
        found = [table for table in tables if table.profile.reads in self.reads]
        parts = [self._sheet(sheets, table, known, asked) for table in found]
        problems = [problem for part in parts for problem in part.problems]
        if problems:
            raise BadInputError(problems[:20])
        profile = found[0].profile
        units = [note for table in found for note in unit_notes(sheets, table)]
        return FileOutcome(
            file=sheets.file,
            kind=Text(profile.title, profile.profile),
            knowledge=KNOWLEDGE[profile.knowledge],
            read=sum(part.read for part in parts),
            drafts=tuple(draft for part in parts for draft in part.drafts),
            duplicates=(),
            rejects=tuple(reject for part in parts for reject in part.rejects),
            notes=tuple(dict.fromkeys([*sheets.notes, *units, *unread(sheets, found)])),
            sheets_overlap=True,
        )

    def _sheet(self, sheets: Sheets, found: Found, known: Known, asked: Asked) -> _Journal:
        """One sheet read whole: a voucher does not go on in another one."""
        require_unit_above(Text("sổ nhật ký", "a journal"), sheets, found, known)
        journal = _Journal(known)
        for row in asked.counted(rows_below(sheets, found)):
            journal.read += 1
            if is_numbering(row):
                journal.rejects.append(row.reject(REPEATED))
            else:
                journal.take(row)
        journal.close()
        return journal


class _Journal:
    def __init__(self, known: Known) -> None:
        self.known = known
        self.groups: dict[tuple[dt.date, str], list[_Half]] = {}
        self.drafts: list[Draft] = []
        self.rejects: list[Reject] = []
        self.problems: list[Problem] = []
        self.read = 0
        self.printed: list[tuple[Row, int, int]] = []
        self.listed: list[tuple[Row, int, int]] = []
        self._voucher: Mapping[Role, Cell] = {}

    def take(self, row: Row) -> None:
        """Sort a row into its voucher."""
        row = self._of_the_voucher_above(row)
        try:
            day = day_of(row.cells.get(Role.DATE))
        except ValueError:
            day = None
        amounts = self._amounts(row)
        if amounts is None:
            return
        debit, credit = amounts
        if day is None and not row.text(Role.DOCUMENT) and is_total(row):
            self.rejects.append(row.reject(TOTALS))
            if not is_balance(row):
                self.printed.append((row, debit, credit))
            return
        self.listed.append((row, debit, credit))
        if day is None and not debit and not credit:
            self.rejects.append(row.reject(REPEATED))
        elif day is None:
            self.problems.append(
                row.problem(
                    Role.DATE,
                    Text("có số tiền mà không có ngày", "an amount without a date"),
                    Text("sửa ô này, hoặc xuất lại", "mend the cell, or export again"),
                )
            )
        elif not debit and not credit:
            self.rejects.append(row.reject(NO_AMOUNT))
        elif told := other_year(day, self.known):
            self.problems.append(row.problem(Role.DATE, *told))
        else:
            halves = self.groups.setdefault((day, row.text(Role.DOCUMENT)), [])
            if Role.DEBIT_ACCOUNT in row.columns:
                self._pair_row(row, day, debit)
                return
            halves.append(
                _Half(
                    row, day, row.text(Role.ACCOUNT), debit, credit, row.text(Role.COUNTER_ACCOUNT)
                )
            )

    def _of_the_voucher_above(self, row: Row) -> Row:
        """A row with the day and number of the one above, where a voucher prints them once."""
        said = {role: row.cells.get(role) for role in (Role.DATE, Role.DOCUMENT)}
        if any(said.values()):
            self._voucher = said
        elif row.text(Role.ACCOUNT) or row.text(Role.DEBIT_ACCOUNT):
            return row._replace(cells={**row.cells, **self._voucher})
        return row

    def _amounts(self, row: Row) -> tuple[int, int] | None:
        values = []
        for role in (Role.DEBIT, Role.CREDIT) if Role.DEBIT in row.columns else (Role.AMOUNT,):
            try:
                values.append(amount_of(row.cells.get(role)) or 0)
            except ValueError:
                if not re.match(r"^[-(]?\d", row.text(role)):
                    self.rejects.append(row.reject(REPEATED))
                    return None
                shown = row.text(role)
                self.problems.append(
                    row.problem(
                        role,
                        Text(f"«{shown}» không phải là số tiền", f"“{shown}” is no amount"),
                        Text("sửa ô này, hoặc xuất lại", "mend the cell, or export again"),
                    )
                )
                return None
        return (values[0], values[1]) if len(values) == 2 else (values[0], 0)  # noqa: PLR2004  # debit and credit

    def _pair_row(self, row: Row, day: dt.date, amount: int) -> None:
        debit, credit = row.text(Role.DEBIT_ACCOUNT), row.text(Role.CREDIT_ACCOUNT)
        for side, account in (("debit", debit), ("credit", credit)):
            if account.startswith("0"):
                self._single(row, day, side, account, amount)
                return
        self._pair(row, day, debit, credit, amount)

    def close(self) -> None:
        """Every voucher, once all its rows are known."""
        for halves in self.groups.values():
            singles = [half for half in halves if half.account.startswith("0")]
            others = [half for half in halves if not half.account.startswith("0")]
            self._singles(singles)
            self._others(others, covered=bool(singles))
        self._require_total()

    def _require_total(self) -> None:
        # Some programs add up accounts of single entry (0…) with the others, some do not.
        double = [one for one in self.listed if not _single_entry(one[0])]
        for role, at in ((Role.DEBIT, itemgetter(1)), (Role.CREDIT, itemgetter(2))):
            printed = [(one[0], at(one)) for one in self.printed if at(one)]
            sums = [amount for _, amount in printed]
            counted = sum(map(at, self.listed))
            if any(proved_total(sums, sum(map(at, rows))) for rows in (self.listed, double)):
                continue
            row, amount = printed[-1]
            self.problems.append(
                row.problem(
                    role if role in row.columns else Role.AMOUNT,
                    Text(
                        f"tổng in là {dong(amount)}, cộng các dòng được {dong(counted)}",
                        f"the printed total is {dong(amount, 'en')}, the rows add up to "
                        f"{dong(counted, 'en')}",
                    ),
                    Text("xuất lại, không lọc dòng", "export again without a filter"),
                )
            )

    def _singles(self, halves: list[_Half]) -> None:
        """Off-balance rows; red of the advance with black of the spending settles it."""
        red = [half for half in halves if half.credit < 0]
        black = [half for half in halves if half.credit > 0]
        if red and black and sum(half.credit for half in halves) == 0:
            for half in black:
                self._draft(half.row, half.day, "advance-settlement", half.credit, estimate=True)
            self.rejects += [half.row.reject(_OTHER_SIDE) for half in red]
            return
        for half in halves:
            side = "credit" if half.credit else "debit"
            self._single(half.row, half.day, side, half.account, half.credit or half.debit)

    def _single(self, row: Row, day: dt.date, side: str, account: str, amount: int) -> None:
        for rule in account_table().single:
            fits = rule.side == side and account.startswith(rule.account)
            if fits and rule.red is (amount < 0):
                self._draft(row, day, rule.kind, amount, estimate=True)
                return
        shown = f"{'Có' if side == 'credit' else 'Nợ'} {account}"
        finer = [rule.account for rule in account_table().single if rule.side == side]
        finer = [one for one in dict.fromkeys(finer) if account and one.startswith(account)]
        if finer:
            self.rejects.append(row.reject(_summary(shown, ", ".join(finer))))
        else:
            self._unmapped(row, shown)

    def _others(self, halves: list[_Half], *, covered: bool) -> None:
        if covered:
            self.rejects += [half.row.reject(_COVERED) for half in halves]
            return
        debits = [half for half in halves if half.debit]
        credits_ = [half for half in halves if half.credit]
        if halves and sum(h.debit for h in debits) != sum(h.credit for h in credits_):
            row = halves[0].row
            self.problems.append(
                row.problem(
                    Role.DEBIT,
                    Text(
                        f"chứng từ {row.text(Role.DOCUMENT)} không cân: nợ "
                        f"{dong(sum(h.debit for h in debits))}, có "
                        f"{dong(sum(h.credit for h in credits_))}",
                        f"voucher {row.text(Role.DOCUMENT)} does not balance",
                    ),
                    Text("xuất lại, không lọc dòng", "export again without a filter"),
                )
            )
        elif len(credits_) == 1:
            for half in debits:
                self._pair(half.row, half.day, half.account, credits_[0].account, half.debit)
            self.rejects += [half.row.reject(_OTHER_SIDE) for half in credits_]
        elif len(debits) == 1:
            for half in credits_:
                self._pair(half.row, half.day, debits[0].account, half.account, half.credit)
            self.rejects += [half.row.reject(_OTHER_SIDE) for half in debits]
        else:
            for half in debits:
                self._pair(half.row, half.day, half.account, half.counter, half.debit)
            self.rejects += [half.row.reject(_OTHER_SIDE) for half in credits_]

    def _pair(self, row: Row, day: dt.date, debit: str, credit: str, amount: int) -> None:
        for rule in account_table().pairs:
            if debit.startswith(rule.debit) and credit.startswith(rule.credit) and amount > 0:
                self._draft(row, day, rule.kind, amount, estimate=False)
                return
        self._unmapped(row, f"Nợ {debit} / Có {credit}")

    def _unmapped(self, row: Row, accounts: str) -> None:
        self.rejects.append(
            row.reject(
                Text(
                    f"chưa có loại nghiệp vụ cho {accounts}: ghi tay nếu cần",
                    f"no kind for {accounts}: enter it by hand where needed",
                )
            )
        )

    def _draft(self, row: Row, day: dt.date, kind: str, amount: int, *, estimate: bool) -> None:
        document, text = row.text(Role.DOCUMENT), row.text(Role.TEXT)
        codes = {role.field: row.code(role) for role in CODE_LENGTHS}
        key = exact_key("journal", day, document, kind, amount, normal(text), *codes.values(),
                        row.text(Role.ACCOUNT) or row.text(Role.DEBIT_ACCOUNT))  # fmt: skip
        line = Line(
            row.place,
            day,
            document,
            text,
            amount,
            counter_name=row.text(Role.COUNTER_NAME),
            chapter=codes["chapter"],
            kind_item=codes["kind_item"],
            sub_item=codes["sub_item"],
            source_code=codes["source_code"],
            programme_code=codes["programme_code"],
            key=key,
        )
        task = row.text(Role.TASK)
        self.drafts.append(journal_draft(line, kind, task, self.known, estimate=estimate))


def _summary(account: str, finer: str) -> Text:
    """Why an account above those of the table tells no kind."""
    return Text(
        f"{account} là tài khoản tổng hợp, không rõ nghiệp vụ: xuất lại theo tài khoản chi tiết "
        f"({finer}), hoặc ghi tay",
        f"{account} sums up others and tells no kind: export the accounts below it ({finer}), or "
        "enter it by hand",
    )
