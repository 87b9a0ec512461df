"""May this be paid? The form of ``cnht ask``, and its answer (hỏi trước khi chi)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import read_account
from ledger.payment import FieldNames, Payment, PaymentKind, Wanted, complete
from ledger.problems import BadInputError, Problem
from ledger.text import Text, read_dong
from reports.pages.data.fields import read_day
from rules.ask import ask
from rules.run import run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from ledger.facts import Facts
    from ledger.writing import NewTransaction
    from rules.ask import Answer
    from rules.finding import Finding
    from rules.plugin import Assessed

# What is taken as it was typed.
WORDS: Final = ("task", "fund", "sub_item", "activity", "event", "support", "contract", "vendor")

_FIELDS: Final = FieldNames(
    fund=Text("chọn ở ô «Nguồn»", "choose in the field “Fund”"),
    sub_item=Text("điền ô «Tiểu mục»", "fill in the field “Sub-item”"),
    year=Text("sửa ngày chi", "mend the day"),
)


def answer(now: Assessed, today: dt.date, raw: Mapping[str, str]) -> Answer:
    """The answer to a filled form: that of ``cnht ask``.

    Raises:
        BadInputError: a field cannot be read, or the book does not know what it names.
    """
    return answer_to(now, today, complete(now.facts, _wanted(raw, today), _FIELDS))


def answer_to(
    now: Assessed, today: dt.date, payment: Payment, brings: Sequence[Finding] | None = None
) -> Answer:
    """What the rules say of a payment.

    Args:
        now: the book as it is loaded.
        today: the day of the check, where the payment is not of a later one.
        payment: with every part known.
        brings: what it is known to bring, where more of it is known than a payment says.
    """
    as_of = max(today, payment.wanted.on)
    before = findings_on(now, as_of)
    return ask(now.facts, now.law, as_of, payment, before=before, brings=brings)


def findings_on(now: Assessed, as_of: dt.date) -> Sequence[Finding]:
    """What a check of a day says of the book as it is loaded."""
    if now.outcome.as_of == as_of:
        return now.outcome.findings
    return run(now.facts, now.law, as_of).findings


def payment_of(facts: Facts, transaction: NewTransaction) -> Payment | None:
    """The payment that a voucher records; None where it pays nothing."""
    meta = {key: str(value) for key, value in transaction.meta.items()}
    if meta["kind"] not in set(PaymentKind):
        return None
    source, target = (read_account(posting.account) for posting in transaction.postings[:2])
    year = transaction.meta.get("budget-year")
    named = ("activity", "event", "support", "contract", "vendor")
    wanted = Wanted(
        task=target.task,
        amount=transaction.postings[1].amount,
        on=transaction.date,
        kind=PaymentKind(meta["kind"]),
        fund=target.fund,
        sub_item=target.sub_item,
        budget_year=int(str(year)) if year is not None else None,
        **{name: meta.get(name, "") for name in named},
    )
    book = str(facts["programme"]["book"].iloc[0])
    return Payment(book, wanted, source, target, meta.get("commitment", ""), ())


def _wanted(raw: Mapping[str, str], today: dt.date) -> Wanted:
    amount = read_dong(raw.get("amount", "")) or 0
    day = read_day(raw["on"]) if raw.get("on") else today
    year = raw.get("budget_year", "")
    problems = []
    if not raw.get("task", "").strip():
        told = Text("Chưa chọn nhiệm vụ", "No task is chosen")
        remedy = Text("chọn ở ô «Nhiệm vụ»", "choose in the field “Task”")
        problems.append(Problem("", 0, told, remedy))
    if amount <= 0:
        told = Text("Số tiền phải lớn hơn 0 đồng", "The amount must be above 0 VND")
        problems.append(Problem("", 0, told, Text("gõ như 1.500.000", "type it as 1,500,000")))
    if day is None:
        told = Text("Ngày chi không đọc được", "The day cannot be read")
        problems.append(Problem("", 0, told, Text("gõ như 15/10/2021", "type it as 2021-10-15")))
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):  # noqa: PLR2004
        told = Text("Niên độ phải là một năm", "The budget year must be a year")
        problems.append(Problem("", 0, told, Text("gõ như 2021", "type it as 2021")))
    if problems or day is None:
        raise BadInputError(problems)
    words = {name: raw.get(name, "").strip() for name in WORDS}
    kind = PaymentKind.ADVANCE if raw.get("kind") == "advance" else PaymentKind.PAYMENT
    return Wanted(
        amount=amount, on=day, kind=kind, budget_year=int(year) if year else None, **words
    )
