"""What is entered by form: lists offered, what a filled form writes or may not (chứng từ)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from importers.reconciling.book_side import accounts_of
from ledger.accounts import FUNDS, Family, read_account, units_of_task
from ledger.kinds import KINDS
from ledger.problems import BadInputError, Problem, refusal
from ledger.text import Text, dong, read_dong, split_list
from ledger.writing import NewOpen, NewTransaction
from reports.pages.data.declaration_forms import DECLARATIONS
from reports.pages.data.fields import Choice, Filled, Form, field_problems, is_undeclared, read_day
from reports.pages.data.voucher_forms import RETURN, VOUCHERS
from rules.budget_years import closing_of
from rules.pro.methods import method_words
from rules.rows import records, text_values
from rules.vocabulary import activities, roles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from importers.statement_owner import Account
    from ledger.facts import Facts
    from ledger.text import Language
    from ledger.writing import NewEntry
    from rules.law import Law


class Again(NamedTuple):
    """An entry of the book under a number that is typed anew."""

    day: dt.date
    narration: str
    file: str
    line: int


_WORDS: Final[Mapping[str, Mapping[str, Text]]] = {
    "held": {
        Family.ADVANCED: Text("tạm ứng", "advances"),
        Family.UNACCEPTED: Text(
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


FORMS: Final = (*VOUCHERS, *DECLARATIONS)


def form_of(code: str) -> Form:
    """A form by its code; the first where there is none of it."""
    return next((form for form in FORMS if form.code == code), FORMS[0])


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
        "subjects": _subjects(facts),
        "acceptances": _plain(text_values(facts["acceptances"]["acceptance"])),
        "methods": _plain({word[:1].upper() + word[1:] for word in method_words()}),
        "activities": _named(activities(), language),
        "roles": _named(roles(), language),
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


def tasks_of_activities(facts: Facts) -> dict[str, str]:
    """The tasks that allow each content of spending, parted by blanks."""
    frame = facts["tasks"].astype({"task": "str", "activities": "str"})
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in records(frame):
        for activity in split_list(row.activities):
            found[activity].append(row.task)
    return {activity: " ".join(dict.fromkeys(tasks)) for activity, tasks in found.items()}


def _called(account: Account) -> str:
    """A deposit account as people know it: its name and number, else as the book writes it."""
    label = account.label or account.name
    return f"{label} ({account.number})" if account.number else label


def _named(words: Mapping[str, Text], language: Language) -> list[Choice]:
    return [Choice(value, text.to(language)) for value, text in words.items()]


def _declared(facts: Facts, frame: str, key: str, title: str) -> list[Choice]:
    rows = records(facts[frame][[key, title]].astype("str"))
    return [Choice(getattr(row, key), getattr(row, title)) for row in rows]


def _subjects(facts: Facts) -> list[Choice]:
    """What may be accepted, as an acceptance names it."""
    listed = (
        (word, _declared(facts, frame, word, "title"))
        for word, frame in (("contract", "contracts"), ("event", "events"), ("support", "supports"))
    )
    return [Choice(f"{word} {one.value}", one.label) for word, found in listed for one in found]


def _plain(values: set[str]) -> list[Choice]:
    return [Choice(value, value) for value in sorted(values)]


def entries_of(form: Form, raw: Mapping[str, str], facts: Facts, law: Law) -> list[NewEntry]:
    """What a filled form writes into the book: its entry, and accounts still to be opened.

    Args:
        form: the document or declaration.
        raw: values by the fields' names, as typed.
        facts: of the book.
        law: which says until when two budget years are open.

    Raises:
        BadInputError: one problem a field that will not do.
    """
    text = _typed(form, raw)
    offered = choices(facts)
    problems = [one for field in form.fields for one in field_problems(field, text, offered)]
    first, last = read_day(text.get("date", "")), read_day(text.get("end", ""))
    if first and last and last < first:
        problems.append(
            Problem("", 0, Text("Đến ngày: trước Từ ngày", "To: before From"), _DAYS_TURNED)
        )
    problems += _tax_problems(text)
    if problems:
        raise BadInputError(problems)
    text = _with_gross(text)
    text = _with_vendor_of_contract(text, facts)
    day = read_day(text.get("date", "")) or _first_day(facts)
    names = {party.value: party.label for party in offered["parties"]}
    closing = closing_of(law, day.year - 1)
    two_years = closing is None or day <= closing
    if two_years and "year" in text and not text["year"]:
        raise BadInputError([_year_missing(day, closing)])
    unit = _unit_of(text.get("task", ""), facts)
    entry = form.entry(Filled(form, text, day, names, unit, two_years))
    if not isinstance(entry, NewTransaction):
        return [entry]
    known = {str(row.account): row.date.date() for row in records(facts["accounts"])}
    _refuse_not_open(entry, known)
    _refuse_closed(entry, facts)
    missing = [p.account for p in entry.postings if p.account not in known]
    opened: list[NewEntry] = [NewOpen(min(_first_day(facts), day), name, {}) for name in missing]
    return [*opened, entry]


def _tax_problems(text: Mapping[str, str]) -> list[Problem]:
    """Why what was typed of a person's tax does not go together."""
    tax, gross = read_dong(text.get("tax", "")) or 0, read_dong(text.get("gross", "")) or 0
    paid = read_dong(text.get("amount", "")) or 0
    if tax and text.get("drawn") == "advance":
        return [
            Problem(
                "",
                0,
                Text("Thuế TNCN đã khấu trừ: tạm ứng chưa phải chi", "Tax withheld: an advance"),
                Text("ghi thuế khi thanh toán tạm ứng", "give it when the advance is settled"),
            )
        ]
    if not gross or not paid or gross == paid + tax:
        return []
    return [
        Problem(
            "",
            0,
            Text(
                f"Số trước thuế {dong(gross)} khác số tiền {dong(paid)} cộng thuế {dong(tax)}",
                f"Before tax: {dong(gross, 'en')} is not {dong(paid, 'en')} and tax "
                f"{dong(tax, 'en')}",
            ),
            Text(
                "Số tiền là số thực trả cho người hưởng, đã trừ thuế",
                "the amount is what the person gets, without the tax",
            ),
        )
    ]


def _with_gross(text: dict[str, str]) -> dict[str, str]:
    """What was typed, with the amount before tax where tax alone was given."""
    tax = read_dong(text.get("tax", "")) or 0
    if not tax or text["gross"]:
        return text
    return {**text, "gross": str((read_dong(text["amount"]) or 0) + tax)}


def _with_vendor_of_contract(text: dict[str, str], facts: Facts) -> dict[str, str]:
    """What was typed, with the vendor of the contract where nobody else is named."""
    named = any(text.get(field) for field in ("vendor", "beneficiary", "contributor"))
    if named or not text.get("contract"):
        return text
    contracts = facts["contracts"].astype({"contract": "str", "vendor": "str"})
    own = contracts.loc[contracts["contract"] == text["contract"], "vendor"]
    return {**text, "vendor": own.iloc[0]} if len(own) and own.iloc[0] else text


_DAYS_TURNED: Final = Text("xem lại hai ngày", "look at both days")


def _year_missing(day: dt.date, closing: dt.date | None) -> Problem:
    until = f" (đến {closing:%d/%m/%Y})" if closing else ""
    until_en = f" (until {closing})" if closing else ""
    return Problem(
        "",
        0,
        Text(
            f"Năm ngân sách: chưa điền; ngày {day:%d/%m/%Y} còn trong thời gian chỉnh lý của "
            f"{day.year - 1}{until}",
            f"Budget year: not filled in; on {day} the closing of {day.year - 1} still "
            f"runs{until_en}",
        ),
        Text(f"ghi {day.year - 1} hoặc {day.year}", f"write {day.year - 1} or {day.year}"),
    )


def _refuse_not_open(entry: NewTransaction, opened: Mapping[str, dt.date]) -> None:
    """Refuse a day before the book opens its accounts: no rule but Beancount would tell it.

    Raises:
        BadInputError: it is.
    """
    late = [p.account for p in entry.postings if opened.get(p.account, dt.date.min) > entry.date]
    if not late:
        return
    first = opened[late[0]]
    raise refusal(
        Text(
            f"Ngày chứng từ {entry.date:%d/%m/%Y}: tài khoản {late[0]} của sổ mở từ "
            f"{first:%d/%m/%Y}",
            f"Date {entry.date}: the book opens {late[0]} on {first}",
        ),
        Text(
            "xem lại ngày chứng từ; đúng thì sửa ngày ở dòng open của tài khoản",
            "look at the date; if it is right, mend the account's open directive",
        ),
    )


def _refuse_closed(entry: NewTransaction, facts: Facts) -> None:
    """Refuse a day after the book closed one of its accounts.

    Raises:
        BadInputError: it is.
    """
    frame = facts["accounts"].astype({"account": "str"})
    over = frame[frame["closed"] < pd.Timestamp(entry.date)].set_index("account")["closed"]
    for account in [p.account for p in entry.postings if p.account in over.index]:
        last = over[account]
        raise refusal(
            Text(
                f"Ngày chứng từ {entry.date:%d/%m/%Y}: tài khoản {account} của sổ đóng ngày "
                f"{last:%d/%m/%Y}",
                f"Date {entry.date}: the book closes {account} on {last:%Y-%m-%d}",
            ),
            Text(
                "chọn tài khoản đang mở, hoặc sửa dòng close của tài khoản",
                "choose an account that is open, or mend the account's close directive",
            ),
        )


def _unit_of(task: str, facts: Facts) -> str:
    """The unit that keeps a task; empty where the book has but one.

    Raises:
        BadInputError: several keep it, so that no account follows from the task.
    """
    units = units_of_task(map(str, facts["accounts"]["account"]), task) if task else set()
    if len(units) < 2:  # noqa: PLR2004  # one unit or none yet
        return next(iter(units), "")
    listed = ", ".join(sorted(units))
    raise BadInputError(
        [
            Problem(
                "",
                0,
                Text(
                    f"Nhiệm vụ {task} có ở nhiều đơn vị của sổ: {listed}",
                    f"Task {task} is kept by several units of the book: {listed}",
                ),
                Text(
                    "ghi bút toán này ở trang soạn thảo, với tài khoản của đúng đơn vị",
                    "write this entry in the editor, with the accounts of the right unit",
                ),
            )
        ]
    )


def to_declare(form: Form, raw: Mapping[str, str], facts: Facts) -> list[tuple[Form, str]]:
    """What a filled form names and the book does not declare: the form that declares it, the name.

    Args:
        form: the document or declaration.
        raw: values by the fields' names, as typed.
        facts: of the book.
    """
    text, offered = _typed(form, raw), choices(facts)
    declaring = {one.declares[0]: one for one in DECLARATIONS}
    return [
        (declaring[field.choices], text[field.name])
        for field in form.fields
        if field.choices in declaring
        and text[field.name]
        and is_undeclared(field, text[field.name], offered)
    ]


def _typed(form: Form, raw: Mapping[str, str]) -> dict[str, str]:
    return {field.name: raw.get(field.name, "").strip() for field in form.fields}


def _first_day(facts: Facts) -> dt.date:
    """The day on which the book opens its accounts; today where it opens none."""
    opened = facts["accounts"]["date"]
    return opened.min().date() if len(opened) else dt.datetime.now(tz=dt.UTC).date()


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
        if p.amount < 0 and not p.account.startswith(("Income:", "Liabilities:"))
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


def pledged_by(facts: Facts, transaction: NewTransaction) -> int:
    """What the contributor of a new contribution has pledged and not paid, VND."""
    contributor = transaction.meta.get("contributor")
    if not contributor or all(
        read_account(p.account).family is not Family.CONTRIBUTED for p in transaction.postings
    ):
        return 0
    postings = facts["postings"]
    own = (postings["family"] == Family.PLEDGED.value) & (postings["contributor"] == contributor)
    return int(postings.loc[own, "amount"].sum())


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
