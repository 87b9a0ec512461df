"""Reconcile a book with a statement of the treasury or a bank (đối chiếu).

An account's statement is paired line by line; a form that lists figures by code is compared figure
by figure. Either way the differences add up to the difference of the totals.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from importers.documents import documents, voucher_documents
from importers.matching import FAR_DAYS, How, Item, Pair, match
from importers.profile import beside, shipped
from importers.reading import read_statements
from importers.sheets import read_sheets
from importers.statement import FIGURES, NO_END, StatementKind, figures_frame
from importers.statement_checks import reached
from ledger.accounts import Family
from ledger.codes import CODES
from ledger.kinds import OPENING
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong
from ledger.treasury import (
    ESTIMATE_SUMS,
    SPENDING_CODES,
    SPENDING_SUMS,
    drawn_rows,
    estimate_table,
    rows_behind,
    spending_table,
    state_postings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from importers.statement import Line, Statement
    from ledger.facts import Facts
    from ledger.period import Period

ESTIMATE_ACCOUNT: Final = "DuToan"


class Ways(NamedTuple):
    """How whoever asks says what a statement does not: options of a command, or a form's fields.

    Attributes:
        teach: for a file that is read by no known layout.
        closing: for a form, which has no closing balance to be said.
        account: for a statement that prints no number of an account of the book.
        other_account: for one that prints another number than that of the account named.
    """

    teach: Text = Text(
        "dạy cách đọc các cột: cnht import SO TỆP --teach",
        "teach its columns: cnht import BOOK FILE --teach",
    )
    closing: Text = Text("bỏ --closing", "drop --closing")
    account: Text = Text(
        f"ghi account-number ở lệnh open, hoặc nêu --account TÊN (hay {ESTIMATE_ACCOUNT} cho "
        "sao kê rút dự toán)",
        f"write account-number at its open, or name --account NAME ({ESTIMATE_ACCOUNT} for a "
        "statement of draws on the estimate)",
    )
    other_account: Text = Text(
        "chọn đúng sao kê, hoặc sửa account-number ở lệnh open nếu số trong sổ sai",
        "take the right statement, or mend account-number at its open if the book is wrong",
    )


OPTIONS: Final = Ways()


class Entry(NamedTuple):
    """One movement of the account as the book has it.

    Attributes:
        amount: VND, positive in, negative out.
    """

    file: str
    line: int
    date: dt.date
    voucher: str
    narration: str
    amount: int
    code: str


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """An account of the book: its name there, and its number at the treasury or bank."""

    name: str
    number: str
    label: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Reconciliation:
    """A statement beside the book.

    Attributes:
        account: the book's account; ``DuToan`` for the estimate.
        entries: movements of the book in reach; pairs and ``only_book`` speak of their places.
        pairs: what stands for the same money; with an entry of another period it is a timing
            difference.
        only_book: entries of the period that the statement does not have.
        only_statement: lines that the book does not have.
        opening: the book's balance before the period, VND.
        closing: the book's balance at its end, VND.
        book_total: movements of the period in the book, VND.
        statement_total: movements of the period in the statement, VND.
    """

    statement: Statement
    period: Period
    account: Account
    entries: tuple[Entry, ...]
    pairs: tuple[Pair, ...]
    only_book: tuple[int, ...]
    only_statement: tuple[int, ...]
    opening: int
    closing: int
    book_total: int
    statement_total: int

    @property
    def differing(self) -> tuple[Pair, ...]:
        """Pairs whose sides do not say the same of the period."""
        return tuple(pair for pair in self.pairs if not pair.how.agrees)

    @property
    def statement_closing(self) -> int | None:
        """The closing balance as printed, else by what was moved; None where neither tells, VND."""
        if self.statement.closing is not None or self.statement.opening is None:
            return self.statement.closing
        return self.statement.opening + self.statement_total

    @property
    def balance_gaps(self) -> tuple[int, int]:
        """The statement's opening and closing balance less the book's, VND; 0 where none stands."""
        opening, closing = self.statement.opening, self.statement_closing
        return (
            0 if opening is None else opening - self.opening,
            0 if closing is None else closing - self.closing,
        )

    @property
    def agrees(self) -> bool:
        """Whether nothing is left to explain."""
        return not (self.only_book or self.only_statement or self.differing) and not any(
            self.balance_gaps
        )


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class FormComparison:
    """A form of figures beside the book.

    Attributes:
        codes: names of the columns that say what a row is of.
        figures: names of the columns of VND, in the form's order.
        rows: the codes as text, then for each figure the columns ``<name>`` (the statement's),
            ``<name>_book`` and ``<name>_difference`` (the former less the latter), int64 VND.
        behind: what the book posted in the period under the codes of rows that differ, each with
            its account and, as ``code``, the codes of its row.
    """

    statement: Statement
    period: Period
    codes: tuple[str, ...]
    figures: tuple[str, ...]
    rows: pd.DataFrame
    behind: tuple[tuple[str, Entry], ...] = ()

    @property
    def differing(self) -> pd.DataFrame:
        """Rows in which a figure differs."""
        columns = [f"{name}_difference" for name in self.figures]
        return self.rows[(self.rows[columns] != 0).any(axis=1)]

    @property
    def differing_figures(self) -> int:
        """How many figures differ, of all rows."""
        columns = [f"{name}_difference" for name in self.figures]
        return int((self.rows[columns] != 0).to_numpy().sum())

    @property
    def agrees(self) -> bool:
        """Whether every figure is the same."""
        return self.differing.empty


def reconcile(  # noqa: PLR0913  # the two sides, the period, and how they are named
    facts: Facts,
    statement: Statement,
    period: Period,
    account: str = "",
    ways: Ways = OPTIONS,
    *,
    closing: dt.date | None = None,
    on: dt.date | None = None,
) -> Reconciliation | FormComparison:
    """Set a statement beside the book.

    Args:
        facts: of one book.
        statement: read whole, its own sums checked.
        period: the month, quarter or year that it is of.
        account: the book's account, where the statement does not print a number that it knows.
        ways: what remedies call what can be said.
        closing: the last day of the budget year's closing, which the tables of a year have with
            them.
        on: the day of asking, on which a period that still runs is told.

    Raises:
        BadInputError: the statement is of another period, unit or account.
    """
    _refuse_other_period(statement, period)
    _refuse_other_unit(facts, statement)
    if on is not None and not is_over(period, on):
        statement = _noted(statement, _running(period, on))
    if statement.kind in {StatementKind.ESTIMATE, StatementKind.SPENDING}:
        return _compare(facts, statement, period, closing)
    if statement.kind is StatementKind.BALANCES:
        return _compare_balances(facts, statement, period)
    own = _account_of(facts, statement, account, ways)
    # Of the estimate a statement prints what is left, and the book's movements what is drawn.
    statement = statement if own is _ESTIMATE else _with_reached(statement)
    statement = _noted(statement, *_not_read(statement, period, own))
    return _match(facts, _of_period(statement, period), period, own)


def read_for(path: Path, main: Path, ways: Ways = OPTIONS) -> tuple[Statement, ...]:
    """Every statement of a file, read by the layouts that ship and those beside a book.

    Raises:
        BadInputError: the file cannot be read, is no statement, or does not add up.
    """
    found = read_statements(read_sheets(path), (*beside(main), *shipped()))
    if not found:
        raise BadInputError(
            [
                Problem(
                    str(path),
                    0,
                    Text(
                        "không nhận ra đây là sao kê hay bảng đối chiếu nào",
                        "this is not recognised as a statement or a table",
                    ),
                    ways.teach,
                )
            ]
        )
    return found


def accounts_of(facts: Facts) -> list[Account]:
    """The deposit accounts that a book opens."""
    opened = facts["accounts"].astype({"account": "str", "account_number": "str", "label": "str"})
    prefix = "Assets:TienGui:"
    return [
        Account(row.account, row.account_number, row.label)
        for row in _records(opened)
        if row.account.startswith(prefix)
    ]


def _records(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows of a frame with its columns as attributes."""
    yield from frame.itertuples(index=False)


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _refused(statement: Statement, what: str, text: Text, remedy: Text) -> BadInputError:
    return BadInputError([statement.problem(what, text, remedy)])


def require_whole(statements: Iterable[Statement]) -> None:
    """Refuse to record what may be cut off.

    Raises:
        BadInputError: a statement does not show where it ends.
    """
    for statement in statements:
        if not statement.whole:
            text = Text(f"{NO_END.vi}; không ghi vào sổ", f"{NO_END.en}; nothing is recorded")
            remedy = Text(
                "tải lại tệp đủ dòng cuối; hoặc nêu --closing SỐ DƯ theo giấy xác nhận của kỳ",
                "download the whole file; or name --closing BALANCE as the period's paper has it",
            )
            raise _refused(statement, "closing", text, remedy)


def with_closing(statement: Statement, closing: int, ways: Ways = OPTIONS) -> Statement:
    """A statement that prints no closing balance, with that of a paper (VND).

    Raises:
        BadInputError: it is a form, or its balances and movements do not come to this.
    """
    if statement.kind in FIGURES:
        raise _refused(
            statement,
            "closing",
            Text(
                "bảng số liệu không nhận số dư cuối kỳ",
                "a form of figures takes no closing balance",
            ),
            ways.closing,
        )
    moved = sum(line.amount for line in statement.lines)
    held = None if statement.opening is None else statement.opening + moved
    held = reached(statement.lines)[1] if held is None else held
    held = statement.closing if statement.closing is not None else held
    if held is not None and held != closing:
        raise _refused(
            statement,
            "closing",
            Text(
                f"số dư cuối kỳ theo sao kê là {dong(held)}, không phải {dong(closing)}",
                f"by the statement the closing balance is {dong(held, 'en')}, not "
                f"{dong(closing, 'en')}",
            ),
            Text("sao kê thiếu dòng, hoặc xem lại số đã nêu", "rows are missing, or look again"),
        )
    notes = tuple(note for note in statement.notes if note is not NO_END)
    return statement._replace(closing=closing, notes=notes)


def is_over(period: Period, on: dt.date) -> bool:
    """Whether a period has come to its last day."""
    return period.end <= on


def require_over(period: Period, on: dt.date) -> None:
    """Refuse to record a period that still runs: more may be booked on either side.

    Raises:
        BadInputError: it has not come to its last day.
    """
    if not is_over(period, on):
        told = _running(period, on)
        text = Text(f"{told.vi}; không ghi vào sổ", f"{told.en}; nothing is recorded")
        remedy = Text("ghi sau ngày cuối kỳ", "record it after the period's last day")
        raise BadInputError([Problem("", 0, text, remedy)])


def _running(period: Period, on: dt.date) -> Text:
    return Text(
        f"kỳ {period.name} chưa hết vào ngày {on:%d/%m/%Y}",
        f"period {period.name} is not over on {on}",
    )


def _noted(statement: Statement, *notes: Text) -> Statement:
    return statement._replace(notes=(*statement.notes, *notes))


def _refuse_other_period(statement: Statement, period: Period) -> None:
    """A form is of its own period alone; of an account's statement a part may be taken."""
    start, end = statement.start, statement.end
    if start is None or end is None:
        _refuse_unread_period(statement, period)
        return
    if (start, end) == (period.start, period.end):
        return
    if statement.kind not in FIGURES and start <= period.start and period.end <= end:
        return
    printed = f"{start:%d/%m/%Y} – {end:%d/%m/%Y}"
    raise _refused(
        statement,
        "period",
        Text(
            f"sao kê của kỳ {printed}, không phải {period.name}",
            f"the statement is of {printed}, not of {period.name}",
        ),
        _RIGHT_PERIOD,
    )


def _refuse_unread_period(statement: Statement, period: Period) -> None:
    """Where no period can be read, a form cannot be used, and an account's rows must tell it."""
    if statement.kind in FIGURES:
        text = Text("bảng không in kỳ đối chiếu", "the form does not print its period")
        remedy = Text(
            "tải lại bảng có dòng «Quý … năm …», «Tháng … năm …» hoặc «Năm …»",
            "download the form with its period",
        )
        raise _refused(statement, "period", text, remedy)
    outside = _outside(statement, period)
    if not outside or len(outside) < len(statement.lines):
        return
    days = _days_of(outside)
    text = Text(
        f"không dòng nào của sao kê thuộc kỳ {period.name}: các dòng {days.vi}",
        f"no row of the statement is of {period.name}: its rows are {days.en}",
    )
    raise BadInputError([statement.problem_of_day(outside[0], text, _RIGHT_PERIOD)])


_RIGHT_PERIOD: Final = Text(
    "nêu đúng kỳ hoặc lấy sao kê của kỳ", "name its period, or take the period's one"
)


def _outside(statement: Statement, period: Period) -> list[Line]:
    return [line for line in statement.lines if not period.start <= line.date <= period.end]


def _days_of(lines: Sequence[Line]) -> Text:
    first, last = (each(line.date for line in lines) for each in (min, max))
    return Text(f"từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}", f"from {first} to {last}")


def _not_read(statement: Statement, period: Period, account: Account) -> Iterator[Text]:
    """What the file does not tell and what of it is left aside, for whoever signs the outcome."""
    if statement.start is None or statement.end is None:
        days = _days_of(statement.lines) if statement.lines else Text("không có", "none")
        yield Text(
            f"không đọc được kỳ in trong tệp (các dòng {days.vi}): xem có đúng là sao kê của cả kỳ "
            f"{period.name} không",
            f"no period could be read in the file (rows {days.en}): see whether it is the "
            f"statement of all of {period.name}",
        )
    if not statement.account:
        shown = f"{account.name} ({account.number})" if account.number else account.name
        yield Text(
            f"không đọc được số tài khoản trong tệp: đối chiếu với {shown}, xem có đúng không",
            f"no account number could be read in the file: set beside {shown}, see whether this "
            "is right",
        )
    outside = _outside(statement, period)
    if outside:
        rows, days = len({line.place for line in outside}), _days_of(outside)
        yield Text(
            f"{rows} dòng ngoài kỳ {period.name} ({days.vi}) không đối chiếu",
            f"{rows} rows outside {period.name} ({days.en}) are not reconciled",
        )


def _with_reached(statement: Statement) -> Statement:
    """A statement with the balances of its running balance, where it prints no others."""
    opening, closing = reached(statement.lines)
    return statement._replace(
        opening=opening if statement.opening is None else statement.opening,
        closing=closing if statement.closing is None else statement.closing,
    )


def _of_period(statement: Statement, period: Period) -> Statement:
    """An account's statement with the balances of the period, where it is of a longer one."""
    before = sum(line.amount for line in statement.lines if line.date < period.start)
    after = sum(line.amount for line in statement.lines if line.date > period.end)
    opening, closing = statement.opening, statement.closing
    return statement._replace(
        opening=None if opening is None else opening + before,
        closing=None if closing is None else closing - after,
    )


def _refuse_other_unit(facts: Facts, statement: Statement) -> None:
    codes = set(facts["programme"]["unit_code"].astype("str"))
    codes |= set(facts["units"]["unit_code"].astype("str"))
    codes = {code for code in codes if _digits(code)}  # a new book has … there
    if not statement.unit_code or not codes or statement.unit_code in codes:
        return
    known = ", ".join(sorted(codes))
    raise _refused(
        statement,
        "unit",
        Text(
            f"sao kê của đơn vị {statement.unit_code}; sổ là của đơn vị {known}",
            f"the statement is of unit {statement.unit_code}; the book is of {known}",
        ),
        Text("chọn đúng sao kê, hoặc đúng sổ", "choose the right statement, or the right book"),
    )


def _account_of(facts: Facts, statement: Statement, asked: str, ways: Ways) -> Account:
    """The account asked for; else the one whose number is printed; else the only one."""
    known = accounts_of(facts)
    printed = _digits(statement.account)
    numbered = [one for one in known if printed and _digits(one.number) == printed]
    if asked:
        found = [one for one in known if asked in {one.name, one.name.split(":")[-1], one.number}]
        found += [_ESTIMATE] if asked == ESTIMATE_ACCOUNT else []
        _refuse_other_account(statement, found, numbered, ways)
    elif printed:
        found = numbered
    else:
        found = known if len(known) == 1 else []
    if found:
        return found[0]
    names = ", ".join(f"{one.name} ({one.number or '–'})" for one in known) or "–"
    shown = asked or statement.account or "–"
    # Of a name that was typed no cell is to blame.
    told = statement._replace(spots={}) if asked else statement
    raise _refused(
        told,
        "account",
        Text(
            f"sổ không có tài khoản tiền gửi «{shown}»; đang có: {names}",
            f"the book has no deposit account “{shown}”; it has: {names}",
        ),
        ways.account,
    )


def _refuse_other_account(
    statement: Statement, asked: list[Account], numbered: list[Account], ways: Ways
) -> None:
    """Refuse an account that was named where the statement prints the number of another one."""
    if not statement.account or not asked or asked[0] in numbered:
        return
    one = asked[0]
    if not numbered and not _digits(one.number):
        return  # neither side tells that it is another one
    raise _refused(
        statement,
        "account",
        Text(
            f"sao kê in số tài khoản {statement.account}, không phải của {one.name}"
            + (f" ({one.number})" if one.number else ""),
            f"the statement prints account {statement.account}, not that of {one.name}"
            + (f" ({one.number})" if one.number else ""),
        ),
        ways.other_account,
    )


_ESTIMATE: Final = Account(ESTIMATE_ACCOUNT, "", "Dự toán")


def _match(facts: Facts, statement: Statement, period: Period, account: Account) -> Reconciliation:
    rows = _movements(facts, period, account)
    reach = dt.timedelta(days=FAR_DAYS)
    first, last = pd.Timestamp(period.start - reach), pd.Timestamp(period.end + reach)
    near = rows[(rows["date"] >= first) & (rows["date"] <= last) & (rows["kind"] != OPENING)]
    entries = tuple(
        Entry(
            file=row.file,
            line=int(row.line),
            date=row.date.date(),
            voucher=row.voucher,
            narration=row.narration,
            amount=int(row.amount),
            code=row.sub_item,
        )
        for row in _records(near)
    )
    items = [_of_entry(number, entry) for number, entry in enumerate(entries)]
    inside = [item for item in items if period.start <= item.date <= period.end]
    outside = [item for item in items if not period.start <= item.date <= period.end]
    lines = [
        _of_line(number, line)
        for number, line in enumerate(statement.lines)
        if period.start <= line.date <= period.end
    ]
    now = match(inside, lines)
    left = set(now.only_statement)
    late = match(outside, [line for line in lines if line.row in left])
    moved = tuple(pair._replace(how=How.TIMING) for pair in late.pairs if pair.how.agrees)
    found = {row for pair in moved for row in pair.statement}
    return Reconciliation(
        statement=statement,
        period=period,
        account=account,
        entries=entries,
        pairs=(*now.pairs, *moved),
        only_book=now.only_book,
        only_statement=tuple(row for row in now.only_statement if row not in found),
        opening=int(rows.loc[rows["date"] < pd.Timestamp(period.start), "amount"].sum()),
        closing=int(rows.loc[rows["date"] <= pd.Timestamp(period.end), "amount"].sum()),
        book_total=sum(item.amount for item in inside),
        statement_total=sum(item.amount for item in lines),
    )


def _movements(facts: Facts, period: Period, account: Account) -> pd.DataFrame:
    """Movements of an account, one row a transaction: place, date, texts, amount, sub-item."""
    if account is _ESTIMATE:
        return drawn_rows(state_postings(facts, period.year))
    postings = facts["postings"]
    texts = ["file", "voucher", "narration", "sub_item", "kind"]
    moved = postings[postings["account"] == account.name].astype(dict.fromkeys(texts, "str"))
    rows = moved.groupby("entry", as_index=False).agg(
        file=("file", "first"),
        line=("line", "first"),
        date=("date", "first"),
        voucher=("voucher", "first"),
        narration=("narration", "first"),
        amount=("amount", "sum"),
        kind=("kind", "first"),
    )
    rows["date"] = _standing_since(rows)
    # A deposit account has no sub-item; its transaction's spending has one, where there is one.
    others = postings[postings["entry"].isin(rows["entry"]) & (postings["sub_item"] != "")]
    named = (
        others.astype({"sub_item": "str"}).groupby("entry")["sub_item"].agg(["first", "nunique"])
    )
    single = named.loc[named["nunique"] == 1, "first"].str.removeprefix("TM").rename("sub_item")
    rows = rows[rows["amount"] != 0].join(single, on="entry")
    return rows.assign(sub_item=rows["sub_item"].fillna("").astype("str"))


def _standing_since(rows: pd.DataFrame) -> pd.Series:
    """The day of each movement; what was there when the book began was there the day before."""
    return rows["date"].mask(rows["kind"] == OPENING, rows["date"] - dt.timedelta(days=1))


def _of_entry(number: int, entry: Entry) -> Item:
    return Item(
        number,
        entry.amount,
        entry.date,
        voucher_documents(entry.voucher),
        entry.code,
        f"{entry.voucher}\0{entry.narration}",
    )


def _of_line(number: int, line: Line) -> Item:
    return Item(
        number,
        line.amount,
        line.date,
        documents(line.document, line.text),
        line.sub_item,
        f"{line.document}\0{line.text}\0{line.key}",
    )


def _compare(
    facts: Facts, statement: Statement, period: Period, closing: dt.date | None
) -> FormComparison:
    postings = state_postings(facts, period.year)
    if statement.kind is StatementKind.ESTIMATE:
        table = estimate_table(postings, period, closing)
        compared = _beside(statement, period, CODES, table)
        marks = {mark for sums in ESTIMATE_SUMS.values() for mark in sums}
    else:
        table = spending_table(postings, period, closing)
        compared = _beside(statement, period, SPENDING_CODES, table)
        marks = set(SPENDING_SUMS.values())
    if compared.agrees:
        return compared
    rows = rows_behind(postings, period, closing, sorted(marks))
    return dataclasses.replace(compared, behind=tuple(_behind(compared, rows)))


def _behind(compared: FormComparison, rows: pd.DataFrame) -> Iterator[tuple[str, Entry]]:
    """What stands in the book under the codes of the rows that differ, by account."""
    codes = list(compared.codes)
    differing = set(compared.differing[codes].itertuples(index=False, name=None))
    keys = rows[codes].assign(kind_item=_item_alone(rows["kind_item"]))
    wanted = [key in differing for key in keys[codes].itertuples(index=False, name=None)]
    found = rows.assign(**{code: keys[code] for code in codes})[wanted]
    for row in _records(found.sort_values(["date", "file", "line"], kind="stable")):
        code = " · ".join(str(getattr(row, name)) or "–" for name in codes)
        day, narration = row.date.date(), str(row.narration)
        amount = int(row.amount)
        yield (
            str(row.account),
            Entry(str(row.file), int(row.line), day, str(row.voucher), narration, amount, code),
        )


def _item_alone(items: pd.Series) -> pd.Series:
    """A book writes loại-khoản (280-309), the treasury the khoản alone."""
    return items.astype("str").str.rpartition("-")[2]


def _compare_balances(facts: Facts, statement: Statement, period: Period) -> FormComparison:
    """Opening, received, paid and closing of each deposit account, by its number."""
    postings = facts["postings"]
    deposits = postings[postings["family"] == Family.DEPOSIT.value].astype({"account": "str"})
    deposits["date"] = _standing_since(deposits)
    until = deposits[deposits["date"] <= pd.Timestamp(period.end)]
    now = until["date"] >= pd.Timestamp(period.start)
    numbers = {one.name: _digits(one.number) or one.name for one in accounts_of(facts)}
    shown = {_digits(one.number): one.number for one in accounts_of(facts)}
    amounts = until["amount"]
    table = pd.DataFrame(
        {
            "label": until["account"].map(numbers),
            "opening": amounts.where(~now, 0),
            "received": amounts.where(now & (amounts > 0), 0),
            "paid": -amounts.where(now & (amounts < 0), 0),
            "closing": amounts,
        }
    )
    book = table.groupby("label", as_index=False).sum()
    compared = _beside(statement, period, ("label",), book)
    labels = compared.rows["label"].map(lambda number: shown.get(number, number))
    return dataclasses.replace(compared, rows=compared.rows.assign(label=labels))


def _beside(
    statement: Statement, period: Period, codes: tuple[str, ...], book: pd.DataFrame
) -> FormComparison:
    names = tuple(FIGURES[statement.kind])
    theirs = figures_frame(statement)
    texts = {code: theirs[code].astype("str") for code in codes}
    if "label" in codes:
        texts["label"] = texts["label"].map(_digits)
    if "programme_code" in codes:
        bare = texts["programme_code"].str.strip("0")
        texts["programme_code"] = texts["programme_code"].where(bare != "", "")
    printed = pd.DataFrame({**texts, **{name: theirs[name] for name in names}})
    printed = printed.groupby(list(codes), as_index=False).sum()
    if "kind_item" in codes:
        items = _item_alone(book["kind_item"])
        book = book.assign(kind_item=items).groupby(list(codes), as_index=False).sum()
    joined = printed.merge(book, on=list(codes), how="outer", suffixes=("", "_book"), sort=True)
    joined = joined.fillna(dict.fromkeys(joined.columns.difference(list(codes)), 0))
    columns: dict[str, pd.Series] = {code: joined[code] for code in codes}
    for name in names:
        columns[name] = joined[name].astype("int64")
        columns[f"{name}_book"] = joined[f"{name}_book"].astype("int64")
        columns[f"{name}_difference"] = columns[name] - columns[f"{name}_book"]
    return FormComparison(statement, period, codes, names, pd.DataFrame(columns))
