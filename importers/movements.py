"""Movements as drafts for the book, by the table of kinds (phát sinh thành bản nháp).

The sign of a row says which way money went; its words, codes and what the book did before say
why. What none of them says is left for a person: flag ``!`` and a task that no plan has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from importers.documents import documents, voucher_of
from importers.draft import DECIDED, KEY, UNDECIDED, UNKNOWN_ITEM, UNKNOWN_TASK, Draft
from importers.source.cells import unmarked
from importers.source.places import Place, problem_at
from importers.statement_owner import (
    ESTIMATE,
    Account,
    other_unit,
    owner_of,
    printed_account,
    unproved,
)
from importers.tables.heads import unit_code_in
from importers.tables.statement import StatementKind
from importers.ways import OPTIONS
from ledger.accounts import (
    DEPOSIT_INTEREST,
    FUNDS,
    STATE_FUNDS,
    Family,
    account_name,
    read_account,
)
from ledger.kinds import KINDS
from ledger.problems import BadInputError
from ledger.text import Text
from ledger.writing import NewEntry, NewOpen, NewPosting, NewTransaction

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from importers.known import Known
    from importers.likeness import Suggestion
    from importers.parties import OtherSide
    from importers.source.sheets import Sheets
    from importers.tables.profile import Found
    from importers.tables.statement import Line, Statement
    from ledger.writing import Value

_INTEREST: Final = re.compile(
    r"\blai (?:tien gui|tk|tai khoan|nhap|suat|kkh)|tra lai|\binterest\b|\blai thang\b"
)
_INTEREST_ACCOUNT: Final = account_name(Family.OTHER_INCOME, detail=DEPOSIT_INTEREST)
_FEE: Final = re.compile(
    r"^(?:thu )?(?:phi|vat phi|fee|thue gtgt phi)\b|\bphi (?:chuyen|quan ly|sms|dich vu nh)"
)
# At the treasury a payment may be of a fee (phí thẩm định); only its own charges are fees.
_TREASURY_FEE: Final = re.compile(r"^(?:thu )?(?:vat |thue gtgt )?phi (?:chuyen tien|thanh toan)\b")
_ADVANCE: Final = re.compile(r"\btam ung\b")
_SETTLEMENT: Final = re.compile(r"thanh toan (?:tien |so |khoan )?tam ung|hoan tam ung|tttu\b")
_RETURN: Final = re.compile(r"nop (?:tra|lai|khoi phuc|giam)|khoi phuc|hoan tra|thu hoi")
_FIRST_DEPOSIT: Final = "Assets:TienGui:KB01"  # of a book that has none yet
_FEE_ITEM: Final = "TM7756"
_CONTRIBUTIONS: Final = "DN"
_STATE: Final = "NSTP"
_FROM_DEPOSIT: Final = frozenset(
    {"payment", "bank-fee", "tax-payment", "contribution-return", "penalty"}
)
_INTO_DEPOSIT: Final = frozenset({"contribution-cash", "deposit-interest", "penalty", "recovery"})

TASK: Final = Text("nhiệm vụ", "task")
ACTIVITY: Final = Text("nội dung chi (activity)", "activity")
ITEM: Final = Text("tiểu mục", "sub-item")
KIND: Final = Text("loại nghiệp vụ", "kind")
PARTY: Final = Text("bên đóng góp (contributor)", "contributor")
ADVANCE: Final = Text("tạm ứng nào (advance)", "which advance")
BY_WORDS: Final = Text("đoán theo chữ giống nhau, xem lại", "guessed by like words, look at it")
SIDE_BY_NAME: Final = Text(
    "đối tượng đoán theo tên, xem lại", "party guessed by its name, look at it"
)
BUDGET_YEAR: Final = Text("niên độ (budget-year)", "budget year")
FUND: Final = Text("nguồn kinh phí", "fund")


def require_unit_above(what: Text, sheets: Sheets, found: Found, known: Known) -> None:
    """Refuse a table under whose title another unit's code stands."""
    code, at = unit_code_in(list(enumerate(found.sheet.rows[: found.top])))
    told = other_unit(what, code, known.unit_codes)
    if told and at:
        place = Place(sheets.file, found.sheet.name, at[0] + 1)
        raise BadInputError([problem_at(place, at[1], *told)])


def require_own(statement: Statement, known: Known, asked: str = "") -> Account:
    """The account that the rows of a statement go to; ``ESTIMATE`` for draws on the estimate.

    Args:
        statement: read whole.
        known: the book.
        asked: the account that whoever imports names; empty where none is named.

    Raises:
        BadInputError: it is another account's or another year's, or whose it is cannot be told.
    """
    _require_years(statement, known)
    if not asked and not printed_account(statement, known.accounts):
        if statement.kind is StatementKind.TREASURY and _has_codes(statement):
            return ESTIMATE
        if not known.accounts:
            return Account(_FIRST_DEPOSIT)
    return owner_of(statement, known.accounts, asked, OPTIONS)


def where_to(statement: Statement, account: Account) -> Text:
    """Which account the rows of a statement go to, for whoever looks the drafts over."""
    if account == ESTIMATE:
        return Text("các dòng là rút dự toán", "the rows are draws on the estimate")
    told = Text(f"các dòng vào {account.shown}", f"the rows go to {account.shown}")
    look = unproved(statement, account)
    return Text(f"{told.vi}; {look.vi}", f"{told.en}; {look.en}") if look else told


def _require_years(statement: Statement, known: Known) -> None:
    for line in statement.lines:
        told = other_year(line.date, known)
        if told:
            raise BadInputError([statement.problem_of_day(line, *told)])


def other_year(day: dt.date, known: Known) -> tuple[Text, Text] | None:
    """What is wrong with a day of another budget year, and the remedy; None where nothing is.

    After a year the days of its closing are its own still, and those of months that the book has.
    """
    if not known.years or day.year in known.years:
        return None
    goes_on = two_years_open(day) or (day.year, day.month) <= known.last_month
    if day.year - 1 in known.years and goes_on:
        return None
    years = _list(map(str, sorted(known.years)))
    return (
        Text(
            f"ngày {day:%d/%m/%Y} không thuộc niên độ của sổ ({years})",
            f"{day} is of no budget year of the book ({years})",
        ),
        Text("chọn đúng tệp hoặc đúng sổ", "take the right file or the right book"),
    )


def _has_codes(statement: Statement) -> bool:
    return any(line.sub_item for line in statement.lines)


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def movement_draft(line: Line, statement: Statement, account: Account, known: Known) -> Draft:
    """One movement as a draft.

    Args:
        line: the movement.
        statement: which it is of.
        account: as ``require_own`` gives it.
        known: the book.
    """
    if account == ESTIMATE:
        return _estimate_draft(line, known)
    if line.amount > 0:
        return _received(line, account.name, known)
    return _paid(line, statement, account.name, known)


class _Making:
    """A draft while it is made."""

    def __init__(self, line: Line, known: Known, kind: str) -> None:
        self.line = line
        self.known = known
        self.kind = kind
        self.meta: dict[str, Value] = {}
        self.undecided: list[Text] = []
        self.why: Text | None = None
        self.payee = line.counter_name or ""

    def party(self, key: str, other: OtherSide | None) -> None:
        """The other side; the name printed stands where it is not for certain that of the party."""
        if other is None:
            return
        self.meta[key] = other.code
        if other.sure or not self.payee:
            self.payee = self.known.parties[other.code]
        if not other.sure:
            self.undecided.append(SIDE_BY_NAME)

    def follow(self, match: Suggestion | None) -> None:
        """What the book's example decides beside the account."""
        if match is None:
            return
        self.why = match.why
        if not match.sure:
            self.undecided.append(BY_WORDS)
        if match.activity:
            self.meta["activity"] = match.activity

    def activity(self, task: str) -> None:
        """The content of spending: the example's, else the only one that the task allows."""
        if "activity" in self.meta:
            return
        allowed = self.known.activities.get(task, [])
        if len(allowed) == 1:
            self.meta["activity"] = allowed[0]
        else:
            self.undecided.append(ACTIVITY)

    def draft(self, *postings: NewPosting, voucher: str) -> Draft:
        """The finished draft."""
        line = self.line
        meta: dict[str, Value] = {"kind": self.kind}
        if line.document:
            meta["voucher"] = voucher_of(line.date.year, line.document, voucher)
        meta |= self.meta
        if two_years_open(line.date) and _needs_year(postings):
            meta["budget-year"] = self.known.budget_year_of(line.date)
            self.undecided.append(BUDGET_YEAR)
        meta[KEY] = line.key
        flag = UNDECIDED if self.undecided else DECIDED
        narration = line.text or KINDS[self.kind].label.vi
        entry = NewTransaction(line.date, flag, self.payee, narration, meta, postings)
        extra = opened(postings, line.date, self.known)
        named = documents(line.document, line.text)
        undecided = tuple(self.undecided)
        return Draft(line.place, line.key, entry, extra, undecided, self.why, documents=named)


def two_years_open(day: dt.date) -> bool:
    """Whether a budget posting of a day may be of the year before too.

    The law has this day; importers read none and ask all January. BOK104 goes by the law.
    """
    return day.month == 1


def _needs_year(postings: tuple[NewPosting, ...]) -> bool:
    """In the months in which two budget years are open, budget postings must say theirs."""
    wanted = {Family.AVAILABLE, Family.ADVANCED, Family.COMMITTED, Family.UNACCEPTED}
    for posting in postings:
        parts = read_account(posting.account)
        state = parts.fund in FUNDS and FUNDS[parts.fund].state
        if parts.family in wanted or (parts.family is Family.SPENT and state):
            return True
    return False


def opened(postings: tuple[NewPosting, ...], day: dt.date, known: Known) -> tuple[NewEntry, ...]:
    """Directives for accounts that the book has not opened yet."""
    return tuple(
        NewOpen(day.replace(month=1, day=1), account, {"label": _label(account)})
        for account in dict.fromkeys(posting.account for posting in postings)
        if account not in known.opens
    )


def _label(account: str) -> str:
    parts = read_account(account)
    task = "chưa rõ nhiệm vụ" if parts.task == UNKNOWN_TASK else parts.task
    fund = FUNDS[parts.fund].label.vi if parts.fund in FUNDS else parts.fund
    item = "chưa rõ tiểu mục" if parts.sub_item == UNKNOWN_ITEM else parts.sub_item
    words = [parts.family.label.vi, task, fund, item, parts.detail]
    return ", ".join(word for word in words if word)


def _received(line: Line, deposit: str, known: Known) -> Draft:
    if _INTEREST.search(unmarked(line.text)):
        making = _Making(line, known, "deposit-interest")
        return making.draft(
            NewPosting(deposit, line.amount),
            NewPosting(_INTEREST_ACCOUNT, -line.amount),
            voucher="BC",
        )
    other = known.other_side(line.counter_name, line.text)
    match = known.like(line.text, line.counter_name, other, deposit=True, sign=1)
    usable = match is not None and match.example.kind in _INTO_DEPOSIT
    making = _Making(line, known, match.example.kind if match and usable else "contribution-cash")
    making.follow(match if usable else None)
    account = match.example.account if match and usable else _unknown("Income:DongGop", item=False)
    if making.kind == "contribution-cash":
        making.party("contributor", other)
        if other is None:
            making.undecided.append(PARTY)
    if not usable:
        making.undecided[:0] = [KIND, TASK]
    return making.draft(
        NewPosting(deposit, line.amount), NewPosting(account, -line.amount), voucher="BC"
    )


def _paid(line: Line, statement: Statement, deposit: str, known: Known) -> Draft:
    fees = _FEE if statement.kind is StatementKind.BANK else _TREASURY_FEE
    fee = bool(line.part) or bool(fees.search(unmarked(line.text)))
    other = known.other_side(line.counter_name, line.text)
    match = known.like(line.text, line.counter_name, other, deposit=True, sign=-1)
    if fee:
        return _fee(line, deposit, known)
    usable = match is not None and match.example.kind in _FROM_DEPOSIT
    making = _Making(line, known, match.example.kind if match and usable else "payment")
    making.follow(match if usable else None)
    making.party("vendor", other)
    account = match.example.account if match and usable else _unknown("Expenses")
    parts = read_account(account)
    if not usable:
        making.undecided += [KIND, TASK, ITEM]
    if parts.family is Family.SPENT and making.kind == "payment":
        making.activity(parts.task)
    return making.draft(
        NewPosting(deposit, line.amount), NewPosting(account, -line.amount), voucher="BN"
    )


def _fee(line: Line, deposit: str, known: Known) -> Draft:
    """A fee of the bank: to the account that the book always uses for them."""
    used = {example.account for example in known.examples if example.kind == "bank-fee"}
    making = _Making(line, known, "bank-fee")
    if len(used) == 1:
        account = next(iter(used))
        making.why = Text(f"mọi phí ngân hàng của sổ vào {account}", f"the book's fees: {account}")
    else:
        account = f"Expenses:{UNKNOWN_TASK}:{_CONTRIBUTIONS}:{_FEE_ITEM}"
        making.undecided.append(TASK)
    return making.draft(
        NewPosting(deposit, line.amount), NewPosting(account, -line.amount), voucher="BN"
    )


def _unknown(prefix: str, *, item: bool = True, fund: str = _CONTRIBUTIONS) -> str:
    return f"{prefix}:{UNKNOWN_TASK}:{fund}" + (f":{UNKNOWN_ITEM}" if item else "")


def journal_draft(line: Line, kind: str, task: str, known: Known, *, estimate: bool) -> Draft:
    """A row of a journal whose accounts say its kind.

    Args:
        line: the row; its amount as the journal has it, negative where red.
        kind: what its accounts stand for.
        task: what its column of tasks holds, if it has one.
        known: the book.
        estimate: whether its account is one of the estimate, and not of a deposit.
    """
    found = re.search(r"\bNV ?(\d{1,2})\b", task, re.IGNORECASE)
    code = f"NV{int(found[1]):02}" if found else task
    own = code if code in known.tasks else ""
    make = _of_estimate if estimate else _of_deposit
    return make(line, kind, own, known)


def _of_deposit(line: Line, kind: str, task: str, known: Known) -> Draft:
    deposit = known.accounts[0].name if known.accounts else _FIRST_DEPOSIT
    if kind == "contribution-cash" and _INTEREST.search(unmarked(line.text)):
        kind = "deposit-interest"
    sign = 1 if kind in _INTO_DEPOSIT else -1
    line = line._replace(amount=sign * abs(line.amount))
    making = _Making(line, known, kind)
    if len(known.accounts) != 1:
        making.undecided.append(Text("tài khoản tiền gửi", "deposit account"))
    other = known.other_side(line.counter_name, line.text)
    match = known.like(line.text, line.counter_name, other, deposit=True, sign=sign)
    match = match if match and match.example.kind == kind else None
    making.follow(match)
    making.party("contributor" if sign > 0 else "vendor", other)
    if kind == "deposit-interest":
        account = _INTEREST_ACCOUNT
    elif match:
        account = match.example.account
    else:
        prefix = "Income:DongGop" if sign > 0 else "Expenses"
        item = f"TM{line.sub_item}" if line.sub_item else UNKNOWN_ITEM
        place = _unknown(prefix, item=sign < 0)
        account = place.replace(UNKNOWN_TASK, task or UNKNOWN_TASK).replace(UNKNOWN_ITEM, item)
        asked = [] if sign > 0 or line.sub_item else [ITEM]
        making.undecided += ([] if task else [TASK]) + asked
    if kind == "payment":
        making.activity(read_account(account).task)
    return making.draft(
        NewPosting(deposit, line.amount), NewPosting(account, -line.amount), voucher="CT"
    )


def _estimate_draft(line: Line, known: Known) -> Draft:
    """A movement of the estimate at the treasury: the sub-item is printed, the task is not."""
    return _of_estimate(line, _estimate_kind(line, unmarked(line.text)), "", known)


def _of_estimate(line: Line, kind: str, own_task: str, known: Known) -> Draft:
    other = known.other_side(line.counter_name, line.text)
    match = known.like(
        line.text, line.counter_name, other, deposit=False, sign=1 if line.amount > 0 else -1
    )
    fund = state_fund(match, known)
    making = _Making(line, known, kind)
    making.follow(match)
    making.party("vendor", other)
    task = own_task or (match.example.parts.task if match else UNKNOWN_TASK)
    unit = match.example.parts.unit if match else ""
    if task == UNKNOWN_TASK:
        making.undecided.append(TASK)
    if not fund:
        making.undecided.append(FUND)
        fund = _STATE
    programme = line.programme_code if line.programme_code.strip("0") else ""
    codes = {"source-code": line.source_code, "kind-item": line.kind_item}
    for key, value in {**codes, "programme-code": programme}.items():
        if value:
            making.meta[key] = value
    if kind in {"payment", "advance-settlement"}:
        making.activity(task)
    if kind in {"advance-settlement", "return-restoring"}:
        making.undecided.append(ADVANCE)
    item = f"TM{line.sub_item}" if line.sub_item else UNKNOWN_ITEM
    if not line.sub_item and kind != "supplement":
        if match and match.example.parts.sub_item:
            item = match.example.parts.sub_item
        else:
            making.undecided.append(ITEM)
    place = {"unit": unit, "task": task, "fund": fund}
    available = account_name(Family.AVAILABLE, **place)
    if kind == "supplement":
        making.undecided += [KIND, Text("quyết định (decision)", "decision")]
        return making.draft(
            NewPosting(available, line.amount),
            NewPosting(account_name(Family.GRANTED, unit=unit, fund=fund), -line.amount),
            voucher="CT",
        )
    advanced = account_name(Family.ADVANCED, **place, sub_item=item)
    spent, amount = account_name(Family.SPENT, **place, sub_item=item), abs(line.amount)
    minus, plus = {
        "payment": (available, spent),
        "advance": (available, advanced),
        "advance-settlement": (advanced, spent),
        "return-restoring": (advanced, available),
    }[kind]
    return making.draft(NewPosting(minus, -amount), NewPosting(plus, amount), voucher="RDT")


def state_fund(match: Suggestion | None, known: Known) -> str:
    """The fund of an estimate, of the state whatever the like entry was paid from; or empty."""
    like = match.example.parts.fund if match else ""
    return like if like in STATE_FUNDS else known.state_fund


def _estimate_kind(line: Line, words: str) -> str:
    if line.amount > 0 or _RETURN.search(words):
        return "return-restoring"
    if _SETTLEMENT.search(words):
        return "advance-settlement"
    return "advance" if _ADVANCE.search(words) else "payment"
