"""Vouchers as the treasury's documents lay them out, and the entries that they mean (chứng từ).

Names and fields follow the documents of Decree 11/2020/NĐ-CP; the symbols stayed in use after the
circular that first had them.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.reconcile import accounts_of
from ledger.accounts import FUNDS, Family
from ledger.directives import FIRST_YEAR, LAST_YEAR
from ledger.kinds import KINDS
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong, read_dong
from ledger.writing import NewOpen, NewPosting, NewTransaction
from rules.rows import records, text_values
from rules.vocabulary import activities

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from importers.reconcile import Account
    from ledger.facts import Facts
    from ledger.text import Language
    from ledger.writing import NewEntry, Value

_SUB_ITEM: Final = re.compile(r"(?:TM)?(\d{4})")
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
# While the old year closes two budget years are open, and a posting must say which is its own.
_CLOSING_MONTHS: Final = (1, 2)


class Field(NamedTuple):
    """One field of a form.

    Attributes:
        sort: ``date``, ``money``, ``year``, ``item`` (tiểu mục), ``choice`` or ``text``.
        choices: the list of the book that it is chosen from, or offered from where it is text.
        meta: the metadata key that it becomes; empty where it becomes none.
    """

    name: str
    label: Text
    sort: str = "text"
    required: bool = False
    choices: str = ""
    meta: str = ""


class Form(NamedTuple):
    """One document.

    Attributes:
        symbol: of the document; empty where the law gives it none.
        entry: the transaction that filled fields mean.
        series: how its numbers are told from others', as in ``2021/RDT/01``; empty where not.
    """

    code: str
    symbol: str
    title: Text
    fields: tuple[Field, ...]
    entry: Callable[[_Filled], NewTransaction]
    series: str = ""


class Choice(NamedTuple):
    """One entry of a list."""

    value: str
    label: str


class Again(NamedTuple):
    """An entry of the book under a number that is typed anew."""

    day: dt.date
    narration: str
    file: str
    line: int


class _Filled(NamedTuple):
    """A form that was filled in, its values read.

    Attributes:
        names: of the parties that the book declares, by tax code.
    """

    form: Form
    text: Mapping[str, str]
    day: dt.date
    amount: int
    year: int
    names: Mapping[str, str]

    def transaction(self, kind: str, *postings: NewPosting) -> NewTransaction:
        """The transaction with the fields that are metadata."""
        meta: dict[str, Value] = {"kind": kind}
        meta |= {f.meta: self.text[f.name] for f in self.form.fields if f.meta}
        if self.year != self.day.year or self.day.month in _CLOSING_MONTHS:
            meta["budget-year"] = self.year
        others = (self.text.get(name) for name in ("vendor", "beneficiary", "contributor"))
        paid = next((other for other in others if other), "")
        payee = self.names.get(paid, "")
        return NewTransaction(self.day, "*", payee, self.text["narration"], meta, postings)

    def account(self, *parts: str) -> str:
        """An account of the task and fund of the form."""
        *head, last = parts
        tail = [last] if last != _HEAD_ONLY else []
        return ":".join([*head, self.text["task"], self.text["fund"], *tail])

    @property
    def item(self) -> str:
        """The component of the sub-item."""
        return f"TM{self.text['item']}"


_HEAD_ONLY: Final = ""
_INTEREST: Final = "Income:Khac:LaiTienGui"

_DATE = Field("date", Text("Ngày chứng từ", "Date"), "date", required=True)
_NUMBER = Field("voucher", Text("Số chứng từ", "Number"), required=True, meta="voucher")
_TASK = Field("task", Text("Nhiệm vụ", "Task"), "choice", required=True, choices="tasks")
_FUND = Field("fund", Text("Nguồn", "Fund"), "choice", required=True, choices="state")
_OTHER_FUND = _FUND._replace(choices="others")
_ITEM = Field(
    "item", Text("Mã NDKT (tiểu mục)", "Sub-item"), "item", required=True, choices="items"
)
_AMOUNT = Field("amount", Text("Số tiền (đồng)", "Amount (VND)"), "money", required=True)
_WHAT = Field("narration", Text("Nội dung thanh toán", "What for"), required=True)
_YEAR = Field("year", Text("Năm ngân sách", "Budget year"), "year")
_VENDOR = Field(
    "vendor",
    Text("Đơn vị hưởng (mã số thuế)", "Payee (tax code)"),
    choices="parties",
    meta="vendor",
)
_PERSON = Field(
    "beneficiary",
    Text("Người hưởng (mã số thuế)", "Person (tax code)"),
    choices="parties",
    meta="beneficiary",
)
_CONTRACT = Field("contract", Text("Số hợp đồng", "Contract"), choices="contracts", meta="contract")
_COMMITMENT = Field(
    "commitment", Text("Số cam kết chi", "Commitment"), choices="commitments", meta="commitment"
)
_ACTIVITY = Field(
    "activity", Text("Nội dung chi", "Content"), "choice", choices="activities", meta="activity"
)
_EVENT = Field("event", Text("Sự kiện", "Event"), choices="events", meta="event")
_SUPPORT = Field("support", Text("Khoản hỗ trợ", "Support"), choices="supports", meta="support")
_INVOICE = Field("invoice", Text("Hóa đơn (ký hiệu/số)", "Invoice"), meta="invoice")
_ADVANCE = Field(
    "advance",
    Text("Căn cứ tạm ứng (số chứng từ)", "Advance (voucher)"),
    required=True,
    choices="advances",
    meta="advance",
)
_DEPOSIT = Field(
    "deposit", Text("Tài khoản trả tiền", "Account"), "choice", required=True, choices="deposits"
)
_OF_WHAT = (_ACTIVITY, _EVENT, _SUPPORT, _INVOICE)


def _drawn(filled: _Filled) -> NewTransaction:
    """Giấy rút dự toán: spent at once, or advanced; out of a commitment where one is named."""
    advance = filled.text["drawn"] == "advance"
    source = "CamKet" if filled.text["commitment"] else "KhaDung"
    head = ("Assets", "TamUng") if advance else ("Expenses",)
    return filled.transaction(
        "advance" if advance else "payment",
        NewPosting(filled.account("Assets", "DuToan", source, _HEAD_ONLY), -filled.amount),
        NewPosting(filled.account(*head, filled.item), filled.amount),
    )


def _settled(filled: _Filled) -> NewTransaction:
    """Giấy đề nghị thanh toán tạm ứng: what was advanced is recognised as spent."""
    held = filled.text["held"]
    of = f"TM{filled.text['advanced_item'] or filled.text['item']}"
    return filled.transaction(
        "advance-settlement",
        NewPosting(filled.account("Assets", held, of), -filled.amount),
        NewPosting(filled.account("Expenses", filled.item), filled.amount),
    )


def _transferred(filled: _Filled) -> NewTransaction:
    """Ủy nhiệm chi: paid from a deposit account."""
    return filled.transaction(
        "payment",
        NewPosting(filled.text["deposit"], -filled.amount),
        NewPosting(filled.account("Expenses", filled.item), filled.amount),
    )


def _received(filled: _Filled) -> NewTransaction:
    """Báo có: a contribution, pledged before or not, or the interest of a deposit account."""
    what = filled.text["received"]
    source = {
        "contribution": filled.account("Income", "DongGop", _HEAD_ONLY),
        "pledged": filled.account("Assets", "PhaiThu", "DongGop", _HEAD_ONLY),
        "interest": _INTEREST,
    }[what]
    return filled.transaction(
        "deposit-interest" if what == "interest" else "contribution-cash",
        NewPosting(filled.text["deposit"], filled.amount),
        NewPosting(source, -filled.amount),
    )


def _returned(filled: _Filled) -> NewTransaction:
    """Giấy nộp trả kinh phí: the estimate revives, or the money is the budget's."""
    head = ("Assets", "TamUng") if filled.text["of"] == "advance" else ("Expenses",)
    restored = filled.text["restored"] == "yes"
    target = (
        filled.account("Assets", "DuToan", "KhaDung", _HEAD_ONLY)
        if restored
        else f"Equity:NopTraNSNN:{filled.text['fund']}"
    )
    return filled.transaction(
        "return-restoring" if restored else "return-to-budget",
        NewPosting(filled.account(*head, filled.item), -filled.amount),
        NewPosting(target, filled.amount),
    )


def _committed(filled: _Filled) -> NewTransaction:
    """Giấy đề nghị cam kết chi, once the treasury accepted it."""
    return filled.transaction(
        "commitment",
        NewPosting(filled.account("Assets", "DuToan", "KhaDung", _HEAD_ONLY), -filled.amount),
        NewPosting(filled.account("Assets", "DuToan", "CamKet", _HEAD_ONLY), filled.amount),
    )


def _listed(filled: _Filled) -> NewTransaction:
    """A line of the list of payments made out of an advance."""
    of = f"TM{filled.text['advanced_item'] or filled.text['item']}"
    return filled.transaction(
        "paid-from-advance",
        NewPosting(filled.account("Assets", "ChoThanhToan", filled.item), filled.amount),
        NewPosting(filled.account("Assets", "TamUng", of), -filled.amount),
    )


_ADVANCED_ITEM = Field(
    "advanced_item",
    Text("Tiểu mục đã tạm ứng, nếu khác", "Sub-item advanced, if another"),
    "item",
    choices="items",
)

_RETURN: Final = "nop-tra"

FORMS: Final[tuple[Form, ...]] = (
    Form(
        "rut-du-toan",
        "C2-02a/NS",
        Text("Giấy rút dự toán ngân sách nhà nước", "Withdrawal of the estimate"),
        (
            _DATE,
            _NUMBER,
            Field(
                "drawn",
                Text("Thực chi hay tạm ứng", "Spent or advanced"),
                "choice",
                required=True,
                choices="drawn",
            ),
            _TASK,
            _FUND,
            _YEAR,
            _WHAT,
            _ITEM,
            _AMOUNT,
            _VENDOR,
            _PERSON,
            _CONTRACT,
            _COMMITMENT,
            *_OF_WHAT,
        ),
        _drawn,
        "RDT",
    ),
    Form(
        "thanh-toan-tam-ung",
        "C2-03/NS",
        Text("Giấy đề nghị thanh toán tạm ứng", "Settlement of an advance"),
        (
            _DATE,
            _NUMBER,
            _ADVANCE,
            Field("held", Text("Số dư ở", "Held as"), "choice", required=True, choices="held"),
            _TASK,
            _FUND,
            _YEAR,
            _WHAT,
            _ITEM,
            _ADVANCED_ITEM,
            _AMOUNT,
            _VENDOR,
            _CONTRACT,
            *_OF_WHAT,
        ),
        _settled,
        "TTTU",
    ),
    Form(
        "uy-nhiem-chi",
        "C4-02a/KB",
        Text("Ủy nhiệm chi", "Payment order"),
        (
            _DATE,
            _NUMBER,
            _DEPOSIT,
            _TASK,
            _OTHER_FUND,
            _WHAT,
            _ITEM,
            _AMOUNT,
            _VENDOR,
            _PERSON,
            _CONTRACT,
            *_OF_WHAT,
        ),
        _transferred,
        "UNC",
    ),
    Form(
        "bao-co",
        "",
        Text("Báo có", "Money received"),
        (
            _DATE,
            _NUMBER,
            Field(
                "received",
                Text("Khoản thu", "Received"),
                "choice",
                required=True,
                choices="received",
            ),
            _DEPOSIT._replace(label=Text("Tài khoản nhận tiền", "Account")),
            _TASK,
            _OTHER_FUND,
            _WHAT._replace(label=Text("Nội dung", "What for")),
            _AMOUNT,
            Field(
                "contributor",
                Text("Bên đóng góp (mã số thuế)", "Contributor (tax code)"),
                choices="parties",
                meta="contributor",
            ),
            _YEAR,
        ),
        _received,
        "BC",
    ),
    Form(
        _RETURN,
        "C2-05a/NS",
        Text("Giấy nộp trả kinh phí", "Return of funds"),
        (
            _DATE,
            _NUMBER,
            Field("of", Text("Nộp trả", "Returned"), "choice", required=True, choices="of"),
            Field(
                "restored",
                Text("Khôi phục dự toán", "The estimate revives"),
                "choice",
                required=True,
                choices="restored",
            ),
            _TASK,
            _FUND,
            _YEAR,
            _WHAT,
            _ITEM,
            _AMOUNT,
            _ADVANCE._replace(required=False),
            _ACTIVITY,
            _EVENT,
            _SUPPORT,
        ),
        _returned,
        "NT",
    ),
    Form(
        "bang-ke",
        "Mẫu 07",
        Text("Bảng kê chứng từ thanh toán từ tạm ứng", "List of payments out of an advance"),
        (
            _DATE,
            _NUMBER,
            _ADVANCE,
            _TASK,
            _FUND,
            _YEAR,
            _WHAT,
            _ITEM,
            _ADVANCED_ITEM,
            _AMOUNT,
            _VENDOR,
            _PERSON,
            *_OF_WHAT,
        ),
        _listed,
        "BK",
    ),
    Form(
        "cam-ket-chi",
        "C2-12/NS",
        Text("Giấy đề nghị cam kết chi", "Commitment"),
        (
            _DATE,
            _COMMITMENT._replace(required=True),
            _CONTRACT._replace(required=True),
            _VENDOR,
            _TASK,
            _FUND,
            _YEAR,
            _WHAT,
            _AMOUNT,
        ),
        _committed,
    ),
)


def form_of(code: str) -> Form:
    """A form by its code; the first where there is none of it."""
    return next((form for form in FORMS if form.code == code), FORMS[0])


_WORDS: Final[Mapping[str, Mapping[str, Text]]] = {
    "held": {
        "TamUng": Text("tạm ứng", "advances"),
        "ChoThanhToan": Text(
            "đã chi từ tạm ứng, chờ kho bạc chấp nhận", "paid out of advances, not yet accepted"
        ),
    },
    "received": {
        "contribution": Text("đóng góp", "a contribution"),
        "pledged": Text("đóng góp đã ghi cam kết", "a contribution whose pledge is booked"),
        "interest": Text("lãi tiền gửi", "interest of the account"),
    },
    "of": {
        "advance": Text("tạm ứng còn lại", "what is left of an advance"),
        "spent": Text("khoản đã chi", "what was spent"),
    },
    "restored": {"yes": Text("có", "yes"), "no": Text("không", "no")},
}


def choices(
    facts: Facts, language: Language = "vi", items: Mapping[str, str] | None = None
) -> dict[str, list[Choice]]:
    """Every list that a form offers, from the book, its words in a language.

    Args:
        facts: of the book.
        language: of the words.
        items: names of sub-items by code; those that the book used are offered besides.
    """
    postings = facts["postings"]
    named = dict(items or {})
    used = {item.removeprefix("TM") for item in text_values(postings["sub_item"]) - {"TM0000"}}
    return {
        "tasks": _declared(facts, "tasks", "task", "title"),
        "parties": _declared(facts, "parties", "tax_code", "title"),
        "contracts": _declared(facts, "contracts", "contract", "title"),
        "events": _declared(facts, "events", "event", "title"),
        "supports": _declared(facts, "supports", "support", "title"),
        "activities": _named(activities(), language),
        "commitments": _plain(text_values(postings["commitment"])),
        "advances": _plain(text_values(postings.loc[postings["kind"] == "advance", "voucher"])),
        "items": [Choice(code, named.get(code, code)) for code in sorted(used | named.keys())],
        "state": _named({f.code: f.label for f in FUNDS.values() if f.state}, language),
        "others": _named(
            {f.code: f.label for f in FUNDS.values() if f.settled and not f.state}, language
        ),
        "deposits": [Choice(one.name, _called(one)) for one in accounts_of(facts)],
        "drawn": _named({kind: KINDS[kind].label for kind in ("payment", "advance")}, language),
        **{name: _named(words, language) for name, words in _WORDS.items()},
    }


def _called(account: Account) -> str:
    """A deposit account as people know it: its name and number, else as the book writes it."""
    label = account.label or account.name
    return f"{label} ({account.number})" if account.number else label


def _named(words: Mapping[str, Text], language: Language) -> list[Choice]:
    return [Choice(value, text.to(language)) for value, text in words.items()]


def _declared(facts: Facts, frame: str, key: str, title: str) -> list[Choice]:
    rows = records(facts[frame][[key, title]].astype("str"))
    return [Choice(getattr(row, key), getattr(row, title)) for row in rows]


def _plain(values: set[str]) -> list[Choice]:
    return [Choice(value, value) for value in sorted(values)]


# Lists of which only an entry will do; the others are offers.
_CLOSED: Final = frozenset({"tasks", "parties", "contracts", "events", "supports", "activities"})


def entries_of(form: Form, raw: Mapping[str, str], facts: Facts) -> list[NewEntry]:
    """What a filled form writes into the book: a transaction, and accounts still to be opened.

    Args:
        form: the document.
        raw: values by the fields' names, as typed.
        facts: of the book.

    Raises:
        BadInputError: one problem a field that will not do.
    """
    text = {field.name: raw.get(field.name, "").strip() for field in form.fields}
    problems: list[Problem] = []
    offered = choices(facts)
    for field in form.fields:
        problems += _field_problems(field, text, offered)
    if problems:
        raise BadInputError(problems)
    for field in form.fields:
        if field.sort == "item" and (match := _SUB_ITEM.fullmatch(text[field.name])):
            text[field.name] = match[1]
    day = read_day(text["date"])
    year = text.get("year", "")
    assert day is not None  # noqa: S101  # read above
    filled = _Filled(
        form,
        text,
        day,
        read_dong(text["amount"]) or 0,
        int(year) if year else day.year,
        {party.value: party.label for party in offered["parties"]},
    )
    transaction = form.entry(filled)
    known = {str(name) for name in facts["accounts"]["account"]}
    missing = [p.account for p in transaction.postings if p.account not in known]
    opened: list[NewEntry] = [NewOpen(_opening(facts, day), name, {}) for name in missing]
    return [*opened, transaction]


def _opening(facts: Facts, day: dt.date) -> dt.date:
    """The day on which the book opens its accounts, where that is not later."""
    first = facts["accounts"]["date"].min()
    return min(first.date(), day) if facts["accounts"].shape[0] else day


def _field_problems(
    field: Field, text: Mapping[str, str], offered: Mapping[str, list[Choice]]
) -> list[Problem]:
    value = text[field.name]
    if not value:
        missing = Text(f"{field.label.vi}: chưa điền", f"{field.label.en}: empty")
        return [Problem("", 0, missing)] if field.required else []
    wrong = _wrong(field, value, offered)
    if wrong is None:
        return []
    told = Text(f"{field.label.vi}: «{value}» không dùng được", f"{field.label.en}: “{value}”")
    return [Problem("", 0, told, wrong)]


def _wrong(field: Field, value: str, offered: Mapping[str, list[Choice]]) -> Text | None:
    """What to write instead of a value that will not do; None where it will."""
    if field.sort == "money" and not read_dong(value):
        return Text("viết số nguyên đồng, như 1.500.000", "write whole VND, as 1,500,000")
    if field.sort == "date" and read_day(value) is None:
        return Text("viết ngày như 31/12/2021", "write a day as 2021-12-31")
    if field.sort == "year" and not (value.isdigit() and FIRST_YEAR <= int(value) <= LAST_YEAR):
        return Text("viết năm bốn chữ số", "write a year of four digits")
    if field.sort == "item" and not _SUB_ITEM.fullmatch(value):
        return Text("viết mã bốn chữ số, như 6655", "write a code of four digits, as 6655")
    closed = field.sort == "choice" or field.choices in _CLOSED
    names = {choice.value for choice in offered.get(field.choices, ())}
    if closed and value not in names:
        return Text("chọn một mục mà sổ đã khai báo", "choose one that the book declares")
    return None


def read_day(text: str) -> dt.date | None:
    """A day typed as ``31/12/2021`` or ``2021-12-31``; None where it is none."""
    match = _DAY.fullmatch(text.strip())
    try:
        if match:
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def left(facts: Facts, transaction: NewTransaction) -> list[tuple[str, int, int]]:
    """What the transaction lowers: the account, its balance before and after, VND."""
    year = transaction.meta.get("budget-year", transaction.date.year)
    postings = facts["postings"]
    held = postings["family"].isin(
        [
            family.value
            for family in (
                Family.AVAILABLE,
                Family.COMMITTED,
                Family.ADVANCED,
                Family.UNACCEPTED,
                Family.SPENT,
                Family.PLEDGED,
            )
        ]
    )
    deposits = postings["family"] == Family.DEPOSIT.value
    rows = postings[(held & (postings["budget_year"] == year)) | deposits]
    balances = rows.groupby(rows["account"].astype("str"))["amount"].sum()
    return [
        (p.account, before := int(balances.get(p.account, 0)), before + p.amount)
        for p in transaction.postings
        if p.amount < 0 and not p.account.startswith("Income:")
    ]


def again(facts: Facts, transaction: NewTransaction) -> list[Again]:
    """The entries that have the document's number already, in the year of its day.

    A document of several lines is several entries, so that this is to be told and not refused.
    """
    postings = facts["postings"]
    key = "voucher" if "voucher" in transaction.meta else "commitment"
    same = postings[key] == str(transaction.meta[key])
    if key == "commitment":
        same &= postings["kind"] == str(transaction.meta["kind"])
    rows = postings[same & (postings["date"].dt.year == transaction.date.year)]
    return [
        Again(row.date.date(), str(row.narration), str(row.file), int(row.entry_line))
        for row in records(rows.drop_duplicates(["file", "entry_line"]))
    ]


def refuse_more_than_there_was(form: Form, left: Sequence[tuple[str, int, int]]) -> None:
    """Refuse to return more than was spent or advanced; no rule judges a spending below zero.

    Raises:
        BadInputError: it is more.
    """
    problems = [
        Problem(
            "",
            0,
            Text(
                f"Nộp trả {dong(before - after)} đồng, nhiều hơn số còn ở {account}: "
                f"{dong(before)} đồng",
                f"{dong(before - after, 'en')} VND returned, more than {account} holds: "
                f"{dong(before, 'en')} VND",
            ),
            Text(
                "xem lại số tiền, nhiệm vụ, nguồn, tiểu mục, năm ngân sách",
                "look again at the amount, task, fund, sub-item and budget year",
            ),
        )
        for account, before, after in left
        if after < 0
    ]
    if problems and form.code == _RETURN:
        raise BadInputError(problems)
