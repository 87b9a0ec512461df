"""Vouchers entered by form: lists offered, what a filled form writes or may not (chứng từ)."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.reconciling.statement_account import accounts_of
from ledger.accounts import FUNDS, Family
from ledger.directives import FIRST_YEAR, LAST_YEAR
from ledger.kinds import KINDS
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong, read_dong
from ledger.writing import NewOpen, NewTransaction
from reports.pages.data.voucher_forms import RETURN, Field, Filled, Form
from rules.rows import records, text_values
from rules.vocabulary import activities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from importers.reconciling.compared import Account
    from ledger.facts import Facts
    from ledger.text import Language
    from ledger.writing import NewEntry

_SUB_ITEM: Final = re.compile(r"(?:TM)?(\d{4})")
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


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
    filled = Filled(
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
    if problems and form.code == RETURN:
        raise BadInputError(problems)
