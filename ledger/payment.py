"""A payment that somebody means to make, as the book would record it (khoản định chi).

Nothing is written: the payment becomes two postings beside those of the book, so that whatever
reads the facts sees it exactly as if the transaction stood in the book.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from ledger.accounts import FUNDS, Account, Family, Fund, account_name, fits_scheme, read_account
from ledger.columns import BOOK_ERRORS, POSTINGS
from ledger.facts import Facts, frame_of, stacked
from ledger.problems import BadInputError, Problem, refusal
from ledger.text import Text, joined

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

NOT_WRITTEN: Final = "(khoản định chi)"
_BALANCE_FAILED: Final = "Balance failed for "  # how Beancount begins to say it
# The file that the plugin of this name gives to the accounts it opens, whatever they are.
_AUTO_ACCOUNTS: Final = "<auto_accounts>"


class PaymentKind(StrEnum):
    """What the payment would be."""

    PAYMENT = "payment"  # thực chi
    ADVANCE = "advance"  # tạm ứng

    @property
    def family(self) -> Family:
        """The accounts that it raises."""
        return Family.SPENT if self is PaymentKind.PAYMENT else Family.ADVANCED


class Wanted(NamedTuple):
    """What was asked; empty text is not said and taken from the book where the book tells it.

    Attributes:
        amount: VND.
        budget_year: niên độ; None for the year of the day.
    """

    task: str
    amount: int
    on: dt.date
    kind: PaymentKind = PaymentKind.PAYMENT
    fund: str = ""
    sub_item: str = ""
    activity: str = ""
    event: str = ""
    support: str = ""
    contract: str = ""
    vendor: str = ""
    budget_year: int | None = None


class FieldNames(NamedTuple):
    """How whoever asks fills in what the book does not tell: options of a command, or a form's."""

    fund: Text = Text("thêm --fund", "add --fund")
    sub_item: Text = Text("thêm --sub-item", "add --sub-item")
    year: Text = Text("thêm --on NGÀY hoặc --budget-year NĂM", "add --on DAY or --budget-year YEAR")


OPTIONS: Final = FieldNames()


class Payment(NamedTuple):
    """A payment with every part known.

    Attributes:
        book: top file of the book.
        source: the account that pays it.
        target: the account that it raises.
        commitment: number of the commitment it draws on, or empty.
        assumed: what was not said and was taken from the book.
        to_open: accounts of it that the book has yet to open; opening them is no obstacle.
    """

    book: str
    wanted: Wanted
    source: Account
    target: Account
    commitment: str
    assumed: tuple[Text, ...]
    to_open: tuple[str, ...] = ()

    @property
    def budget_year(self) -> int:
        """The budget year that it belongs to."""
        return self.wanted.budget_year or self.wanted.on.year

    @property
    def metadata(self) -> dict[str, str]:
        """What the transaction says of itself, by metadata key; parts not known are left out."""
        wanted = self.wanted
        found = {
            "kind": wanted.kind.value,
            "contract": wanted.contract,
            "commitment": self.commitment,
            "vendor": wanted.vendor,
            "activity": wanted.activity,
            "event": wanted.event,
            "support": wanted.support,
        }
        return {key: value for key, value in found.items() if value}


def complete(facts: Facts, wanted: Wanted, names: FieldNames = OPTIONS) -> Payment:
    """Fill in what was not said: fund, sub-item, the account that pays, the commitment.

    Args:
        facts: of one book.
        wanted: what was asked.
        names: what remedies call the parts that can be said.

    Raises:
        BadInputError: the book does not know a name, or what is not said cannot be told from it.
    """
    _refuse_unknown(facts, wanted)
    _refuse_year(facts, wanted, names)
    book = str(facts["programme"]["book"].iloc[0])
    wanted, assumed = _with_contract(facts, wanted)
    fund, told = _fund(facts, wanted, names)
    assumed += told
    item, told = _sub_item(facts, wanted, fund, names)
    assumed += told
    source, commitment, told = _source(facts, wanted, fund)
    assumed += told
    family = Family.SPENT if wanted.kind is PaymentKind.PAYMENT else Family.ADVANCED
    unit = source.unit or _unit(facts, wanted.task)
    target = read_account(
        account_name(family, unit=unit, task=wanted.task, fund=fund.code, sub_item=f"TM{item}")
    )
    if not fits_scheme(target.name):
        raise refusal(
            Text(f"«{item}» không phải là tiểu mục", f"“{item}” is no sub-item"),
            Text("viết bốn chữ số, ví dụ 6655", "write four digits, as 6655"),
        )
    to_open = _to_open(facts, book, source, target)
    return Payment(book, wanted, source, target, commitment, assumed, to_open)


def with_payment(
    facts: Facts, payment: Payment, amount: int, until: dt.date | None = None
) -> Facts:
    """The facts as if the payment, of this amount (VND), stood in the book.

    Args:
        facts: of one book.
        payment: what is paid.
        amount: VND.
        until: the last day whose balances are looked at; all of them unless said.
    """
    last = facts["postings"][["posting", "entry"]].max().fillna(-1).astype("int64")
    rows = [
        _row(payment, payment.source, -amount, int(last["posting"]) + 1, int(last["entry"]) + 1),
        _row(payment, payment.target, amount, int(last["posting"]) + 2, int(last["entry"]) + 1),
    ]
    postings = stacked(POSTINGS, [facts["postings"], frame_of(POSTINGS, rows)])
    with_both = Facts({**facts.frames, "postings": postings})
    moves = [(payment.source.name, -amount), (payment.target.name, amount)]
    return with_broken_balances(with_both, payment.book, payment.wanted.on, moves, until)


def with_broken_balances(
    facts: Facts,
    book: str,
    on: dt.date,
    moves: Iterable[tuple[str, int]],
    until: dt.date | None = None,
) -> Facts:
    """The facts with what Beancount would report of balances that amounts of a day break.

    Args:
        facts: with each balance as it is without the amounts.
        book: top file of the book that is moved.
        on: the day of the amounts; a balance of that day is of its morning, before them.
        moves: accounts and amounts, VND.
        until: the last day whose balances are looked at; all of them unless said.
    """
    balances = facts["balances"]
    later = balances[(balances["book"] == book) & (balances["date"] > pd.Timestamp(on))]
    if until is not None:
        later = later[later["date"] <= pd.Timestamp(until)]
    rows, places = [], set()
    padded = _padded(facts, later)
    found: Any = later.itertuples(index=False)
    for row in found:
        account = str(row.account)
        moved = sum(sum_ for name, sum_ in moves if f"{name}:".startswith(f"{account}:"))
        if not moved or row.date >= padded.get(account, pd.Timestamp.max):
            continue
        places.add((str(row.file), int(row.line)))
        off = int(row.difference) + moved
        if off:
            rows.append(_broken(row, off))
    if not places:
        return facts
    known = facts["book_errors"]
    again = [
        (file, line) in places and message.startswith(_BALANCE_FAILED)
        for file, line, message in zip(
            known["file"].astype("str"), known["line"], known["message"].astype("str"), strict=True
        )
    ]
    kept = known[~pd.Series(again, index=known.index, dtype="bool")]
    errors = stacked(BOOK_ERRORS, [kept, frame_of(BOOK_ERRORS, rows)])
    return Facts({**facts.frames, "book_errors": errors})


def _padded(facts: Facts, balances: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """The first of these balances of each account that a ``pad`` makes hold, whatever moves."""
    found: dict[str, pd.Timestamp] = {}
    pads: Any = facts["pads"].itertuples(index=False)
    for pad in pads:
        of = balances[(balances["account"] == pad.account) & (balances["date"] > pad.date)]
        if not of.empty:
            first = of["date"].min()
            found[str(pad.account)] = min(first, found.get(str(pad.account), first))
    return found


def _broken(balance: Any, off: int) -> dict[str, object]:  # noqa: ANN401  # a row of itertuples
    """What Beancount would report of a balance, word for word."""
    expected = int(balance.amount)
    way = "too much" if off > 0 else "too little"
    return {
        "book": balance.book,
        "file": balance.file,
        "line": balance.line,
        "message": f"{_BALANCE_FAILED}'{balance.account}': expected {expected} VND != "
        f"accumulated {expected + off} VND ({abs(off)} {way})",
    }


def _to_open(facts: Facts, book: str, *moved: Account) -> tuple[str, ...]:
    """The accounts that the book has not opened and does not open by itself."""
    accounts = facts["accounts"]
    if (accounts["file"].astype("str") == _AUTO_ACCOUNTS).any():
        return ()
    opened = set(accounts["account"][accounts["book"] == book].astype("str"))
    return tuple(account.name for account in moved if account.name not in opened)


def narration(wanted: Wanted) -> str:
    """What the transaction would be called."""
    of = wanted.event or wanted.support or wanted.contract or wanted.task
    return f"{'Chi' if wanted.kind is PaymentKind.PAYMENT else 'Tạm ứng'} {of}"


def _row(
    payment: Payment, account: Account, amount: int, posting: int, entry: int
) -> dict[str, object]:
    wanted = payment.wanted
    return {
        "book": payment.book,
        "file": NOT_WRITTEN,
        "line": 1,
        "entry_line": 1,
        "posting": posting,
        "entry": entry,
        "date": wanted.on,
        "narration": narration(wanted),
        "account": account.name,
        "family": account.family.value,
        "unit": account.unit,
        "task": account.task,
        "fund": account.fund,
        "sub_item": account.sub_item,
        "amount": amount,
        "budget_year": payment.budget_year,
        "budget_year_given": wanted.budget_year is not None,
        **payment.metadata,
    }


def _refuse_unknown(facts: Facts, wanted: Wanted) -> None:
    named = (
        ("tasks", "task", wanted.task, Text("nhiệm vụ", "task")),
        ("events", "event", wanted.event, Text("sự kiện", "event")),
        ("supports", "support", wanted.support, Text("khoản hỗ trợ", "support")),
        ("contracts", "contract", wanted.contract, Text("hợp đồng", "contract")),
    )
    problems = []
    for frame, column, name, word in named:
        known = sorted(facts[frame][column].astype("str").unique())
        if name and name not in known:
            problems.append(_not_known(word, name, known))
    if wanted.fund and wanted.fund not in FUNDS:
        problems.append(_not_known(Text("nguồn", "fund"), wanted.fund, FUNDS))
    if wanted.fund and wanted.fund in FUNDS and not FUNDS[wanted.fund].settled:
        problems.append(
            Problem(
                "",
                0,
                Text(
                    f"nguồn {wanted.fund} do doanh nghiệp tự chi, đơn vị không chi hộ",
                    f"{wanted.fund} is what enterprises spend themselves, not the unit",
                ),
            )
        )
    if problems:
        raise BadInputError(problems)


def _refuse_year(facts: Facts, wanted: Wanted, names: FieldNames) -> None:
    """A budget year of which the book knows nothing: there an estimate of nothing says nothing."""
    year, postings = wanted.budget_year or wanted.on.year, facts["postings"]
    given = postings.loc[postings["family"] == Family.AVAILABLE.value, "budget_year"]
    declared = sorted({int(found) for found in facts["programme"]["budget_year"]})
    if year in declared or (given == year).any():
        return
    years = ", ".join(map(str, declared))
    raise refusal(
        Text(
            f"sổ không có niên độ {year}, chỉ có: {years}",
            f"the book has no budget year {year}, only: {years}",
        ),
        Text(
            f"chi của niên độ đã có: {names.year.vi}; niên độ mới: khai báo chương trình của năm "
            f"{year} trước",
            f"for a year that it has: {names.year.en}; for a new year: declare the programme of "
            f"{year} first",
        ),
    )


def _not_known(word: Text, name: str, known: Iterable[str]) -> Problem:
    names = ", ".join(known) or "–"
    return Problem(
        "",
        0,
        Text(f"sổ không có {word.vi} «{name}»", f"the book has no {word.en} “{name}”"),
        Text(f"có: {names}", f"there are: {names}"),
    )


def _with_contract(facts: Facts, wanted: Wanted) -> tuple[Wanted, tuple[Text, ...]]:
    """The vendor of the contract, where none was named."""
    if not wanted.contract or wanted.vendor:
        return wanted, ()
    contracts = facts["contracts"]
    vendor = str(contracts.loc[contracts["contract"] == wanted.contract, "vendor"].iloc[0])
    told = Text(f"nhà cung cấp {vendor} theo hợp đồng", f"vendor {vendor} of the contract")
    return wanted._replace(vendor=vendor), (told,)


def _fund(facts: Facts, wanted: Wanted, names: FieldNames) -> tuple[Fund, tuple[Text, ...]]:
    """The fund asked for; else the only one that was allotted to the task."""
    if wanted.fund:
        return FUNDS[wanted.fund], ()
    postings = facts["postings"]
    rows = (postings["task"] == wanted.task) & (postings["family"] == Family.AVAILABLE.value)
    allotted = sorted(postings.loc[rows, "fund"].astype("str").unique())
    if len(allotted) == 1 and allotted[0] in FUNDS:
        label = FUNDS[allotted[0]].label
        return FUNDS[allotted[0]], (
            Text(f"nguồn {allotted[0]} ({label.vi})", f"fund {allotted[0]} ({label.en})"),
        )
    known = ", ".join(allotted or FUNDS)
    raise BadInputError(
        [
            Problem(
                "",
                0,
                Text(
                    f"chưa biết chi từ nguồn nào của nhiệm vụ {wanted.task}",
                    f"it is not said which fund of task {wanted.task} pays",
                ),
                Text(f"{names.fund.vi}, một trong: {known}", f"{names.fund.en}, one of: {known}"),
            )
        ]
    )


def _sub_item(
    facts: Facts, wanted: Wanted, fund: Fund, names: FieldNames
) -> tuple[str, tuple[Text, ...]]:
    """The sub-item asked for; else the one most used for the like, the nearest first."""
    if wanted.sub_item:
        return wanted.sub_item.removeprefix("TM"), ()
    postings = facts["postings"]
    used = postings[(postings["family"] == Family.SPENT.value) & (postings["task"] == wanted.task)]
    # What enterprises spend themselves has no sub-item.
    used = used[used["fund"].isin([code for code, of in FUNDS.items() if of.settled])]
    alike = used[used["activity"] == wanted.activity]
    of = Text("", "")
    if wanted.activity and alike.empty:
        of = Text(
            " của nhiệm vụ (nội dung này chưa chi lần nào)",
            " of the task (this content was never paid)",
        )
    for rows in (alike[alike["fund"] == fund.code], alike, used):
        counts = rows["sub_item"].astype("str").value_counts()
        if not counts.empty:
            # Alike counts are parted by the code, so that the order of the book decides nothing.
            item = min(counts[counts == counts.max()].index).removeprefix("TM")
            text = Text(
                f"tiểu mục {item}, hay dùng nhất{of.vi}", f"sub-item {item}, the most used{of.en}"
            )
            return item, (text,)
    raise BadInputError(
        [
            Problem(
                "",
                0,
                Text(
                    f"nhiệm vụ {wanted.task} chưa chi lần nào nên chưa biết tiểu mục",
                    f"task {wanted.task} has spent nothing yet, so the sub-item is not known",
                ),
                Text(f"{names.sub_item.vi}, ví dụ 6655", f"{names.sub_item.en}, as 6655"),
            )
        ]
    )


def _source(facts: Facts, wanted: Wanted, fund: Fund) -> tuple[Account, str, tuple[Text, ...]]:
    """The account that pays: the contract's commitment, the estimate, or a deposit account."""
    postings = facts["postings"]
    if not fund.state:
        account = _deposit(facts, wanted, fund)
        return read_account(account), "", (Text(f"chi từ {account}", f"paid from {account}"),)
    ours = postings[(postings["task"] == wanted.task) & (postings["fund"] == fund.code)]
    if wanted.contract:
        committed = ours[
            (ours["family"] == Family.COMMITTED.value)
            & (ours["contract"] == wanted.contract)
            & (ours["date"] <= pd.Timestamp(wanted.on))
        ].astype({"commitment": "str", "account": "str"})
        left = committed.groupby(["commitment", "account"])["amount"].sum()
        if (left > 0).any():
            number, account = map(str, left.index.tolist()[int(left.argmax())])
            text = Text(f"chi từ cam kết chi {number}", f"paid from commitment {number}")
            return read_account(account), number, (text,)
    accounts = ours.loc[ours["family"] == Family.AVAILABLE.value, "account"].astype("str")
    if accounts.empty:
        unit = _unit(facts, wanted.task)
        name = account_name(Family.AVAILABLE, unit=unit, task=wanted.task, fund=fund.code)
        return read_account(name), "", ()
    return read_account(str(accounts.iloc[0])), "", ()


def _unit(facts: Facts, task: str) -> str:
    """The unit under whose name the book opened accounts of a task; empty where it is not one."""
    names = facts["accounts"]["account"].astype("str")
    units = {account.unit for account in map(read_account, names) if account.task == task}
    return units.pop() if len(units) == 1 else ""


def _deposit(facts: Facts, wanted: Wanted, fund: Fund) -> str:
    """The deposit account that pays for the fund: the most used one, else the only one open."""
    postings = facts["postings"]
    spent = postings["entry"][
        (postings["fund"] == fund.code) & (postings["family"] == Family.SPENT.value)
    ]
    paid = postings[(postings["family"] == Family.DEPOSIT.value) & postings["entry"].isin(spent)]
    frame = facts["accounts"]
    closed = frame["closed"] < pd.Timestamp(wanted.on)
    names_open = set(frame.loc[~closed, "account"].astype("str"))
    used = paid["account"].astype("str").value_counts()
    used = used[used.index.isin(names_open)]
    if not used.empty:
        return str(min(used[used == used.max()].index))
    opened = sorted(n for n in names_open if read_account(n).family is Family.DEPOSIT)
    if len(opened) == 1:
        return opened[0]
    names = joined([Text(name, name) for name in opened])
    raise BadInputError(
        [
            Problem(
                "",
                0,
                Text(
                    f"chưa biết tài khoản tiền gửi nào chi cho nguồn {fund.code} của nhiệm vụ "
                    f"{wanted.task}",
                    f"it is not known which deposit account pays {fund.code} of task {wanted.task}",
                ),
                Text(
                    f"ghi một khoản chi của nguồn này trước; đang có: {names.vi}",
                    f"record a payment of this fund first; there are: {names.en}",
                ),
            )
        ]
    )


def lowest_balance(facts: Facts, payment: Payment, as_of: dt.date) -> int | None:
    """What the paying account still holds for the payment's year, VND, at its lowest day.

    From the day of the payment to ``as_of``: what was drawn later in the book needs its money too.
    None for a deposit account, which holds the money of many tasks.
    """
    if payment.source.family is Family.DEPOSIT:
        return None
    postings = facts["postings"]
    rows = postings[
        (postings["account"] == payment.source.name)
        & (postings["budget_year"] == payment.budget_year)
    ]
    by_day = rows.groupby("date")["amount"].sum().sort_index().cumsum()
    first, last = pd.Timestamp(payment.wanted.on), pd.Timestamp(max(as_of, payment.wanted.on))
    opening = by_day[by_day.index <= first].tail(1)
    later = by_day[(by_day.index > first) & (by_day.index <= last)]
    balances = pd.concat([opening, later])
    start = [0] if opening.empty else []
    return int(min([*start, *balances.tolist()]))
