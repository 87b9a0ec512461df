"""What must hold of the rules for every book: clean stays clean, one fault is one finding.

The books are generated: a programme of two tasks, its estimate, payments and advances at random
days, all that the year's end asks for. Faults are added one at a time.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger.beans import load_book
from ledger.extract import BookEntries, extract
from rules.dup.invoice_exceeded import InvoiceExceeded
from rules.law import load_law
from rules.nrm.cap_exceeded import CapExceeded
from rules.rule import all_rules
from rules.run import run
from tests.cases import NORMS, PACKS

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from rules.finding import Finding
    from rules.law import Law
    from rules.rule import Rule

AS_OF = dt.date(2022, 12, 31)
TASKS = ("NV01", "NV02")
VENDORS = ("0199001010", "0199001028", "0199001035")
FEW = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    # A counterexample is read as it was drawn: to shrink it would check hundreds of books.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
Posting = tuple[str, int]


class Entry(NamedTuple):
    """One transaction of a generated book."""

    date: dt.date
    narration: str
    meta: dict[str, str]
    postings: tuple[Posting, ...]

    def text(self, dice: random.Random | None = None) -> str:
        """The transaction in Beancount's syntax; its lines in another order if dice are given."""
        meta = [f"  {key}: {value}" for key, value in self.meta.items()]
        lines = [f"  {account}  {amount} VND" for account, amount in self.postings]
        if dice is not None:
            dice.shuffle(meta)
            dice.shuffle(lines)
        return "\n".join([f'{self.date} * "{self.narration}"', *meta, *lines, ""])


def quoted(**meta: str) -> dict[str, str]:
    return {key.replace("_", "-"): f'"{value}"' for key, value in meta.items()}


def available(task: str) -> str:
    return f"Assets:DuToan:KhaDung:{task}:NSTP"


def payment(
    number: int, date: dt.date, task: str, amount: int, vendor: str = VENDORS[0], **meta: str
) -> Entry:
    given = {
        "voucher": f"2021/RDT/{number}",
        "vendor": vendor,
        "activity": "programme-management",
        "invoice": f"1C21TAA/{number}",
        **meta,
    }
    told = {key: value for key, value in given.items() if value}
    return Entry(
        date,
        f"Chi {number}",
        quoted(kind="payment", **told),
        ((available(task), -amount), (f"Expenses:{task}:NSTP:TM6799", amount)),
    )


def advance(number: int, date: dt.date, task: str, amount: int) -> list[Entry]:
    """An advance and, ten days later, its settlement."""
    drawn = Entry(
        date,
        f"Tạm ứng {number}",
        quoted(kind="advance", voucher=f"2021/TU/{number}", holder="thủ quỹ"),
        ((available(task), -amount), (f"Assets:TamUng:{task}:NSTP:TM6749", amount)),
    )
    settled = Entry(
        date + dt.timedelta(days=10),
        f"Thanh toán tạm ứng {number}",
        quoted(
            kind="advance-settlement",
            voucher=f"2021/TTTU/{number}",
            advance=f"2021/TU/{number}",
            activity="programme-management",
        ),
        ((f"Assets:TamUng:{task}:NSTP:TM6749", -amount), (f"Expenses:{task}:NSTP:TM6702", amount)),
    )
    return [drawn, settled]


def own_spending(number: int, date: dt.date, task: str, amount: int) -> Entry:
    return Entry(
        date,
        f"Doanh nghiệp tự chi {number}",
        quoted(kind="contribution-direct", voucher=f"2021/BK/{number}", contributor=VENDORS[1]),
        ((f"Income:DongGop:{task}:DNTC", -amount), (f"Expenses:{task}:DNTC:TM0000", amount)),
    )


# What each fault leaves of the estimate is cancelled with the rest, so that it stands alone.
RESERVE = 50_000_000
# After the closing of the year before, and early enough for what follows within the year.
DAYS = st.dates(dt.date(2021, 2, 1), dt.date(2021, 12, 10))
AMOUNTS = st.integers(1, 20_000_000)


@st.composite
def books(draw: st.DrawFn) -> list[Entry]:
    """The transactions of a clean year but its first and its last day."""
    entries = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        task, date, amount = draw(st.sampled_from(TASKS)), draw(DAYS), draw(AMOUNTS)
        shape = draw(st.sampled_from(("payment", "advance", "own")))
        if shape == "payment":
            entries.append(payment(number, date, task, amount, draw(st.sampled_from(VENDORS))))
        elif shape == "advance":
            entries += advance(number, date, task, amount)
        else:
            entries.append(own_spending(number, date, task, amount))
    return entries


def year(entries: Sequence[Entry]) -> list[Entry]:
    """The transactions with the allotment of what they need and the cancellation of the rest."""
    drawn: dict[str, int] = defaultdict(int)
    for entry in entries:
        for account, amount in entry.postings:
            drawn[account] -= amount
    granted = {task: max(drawn[available(task)], 0) + RESERVE for task in TASKS}
    left = {task: granted[task] - drawn[available(task)] for task in TASKS}
    first = Entry(
        dt.date(2021, 1, 1),
        "Giao dự toán",
        {"budget-year": "2021", **quoted(kind="allotment", decision="1/QĐ")},
        (
            *((available(task), granted[task]) for task in TASKS),
            ("Equity:GiaoDuToan:NSTP", -sum(granted.values())),
        ),
    )
    last = Entry(
        dt.date(2022, 1, 31),
        "Hủy số dư dự toán",
        {"budget-year": "2021", **quoted(kind="cancellation")},
        (
            *((available(task), -amount) for task, amount in left.items()),
            ("Equity:HuyDuToan:NSTP", sum(left.values())),
        ),
    )
    return [first, *entries, last]


def declarations(entries: Sequence[Entry]) -> str:
    """The programme, its tasks and the parties that the transactions name."""
    first = entries[0]
    total = sum(amount for _, amount in first.postings if amount > 0)
    named = {value for entry in entries for value in entry.meta.values()}
    parties = "".join(
        f'2021-01-01 custom "party" "{code}" "Công ty {code}"\n  role: "enterprise; vendor"\n'
        for code in VENDORS
        if f'"{code}"' in named
    )
    tasks = "".join(
        f'2021-01-01 custom "task" "{task}" "Nhiệm vụ"\n  group: "I"\n  group-title: "Nhóm"\n'
        "  start: 2021-01-01\n  end: 2021-12-31\n"
        '  lead-unit: "Sở"\n  activities: "programme-management"\n'
        for task in TASKS
    )
    return (
        'plugin "beancount.plugins.auto_accounts"\n'
        '2021-01-01 custom "programme" "THU"\n  plan: "1/KH"\n  plan-date: 2021-01-01\n'
        f'  decisions: "1/QĐ; 2020-12-10; {total}"\n  budget-year: 2021\n  unit: "Sở"\n'
        f'  instruments: "cnht; cnht-hanoi"\n{tasks}{parties}'
    )


LAW = load_law(PACKS)
# The generated books record no reconciliation: what must be reconciled has cases of its own.
OF_TRANSACTIONS = tuple(rule for rule in all_rules() if not rule.code.startswith("TRE"))


def check(
    text: str,
    files: dict[str, str] | None = None,
    *,
    law: Law = LAW,
    rules: Sequence[Rule] = OF_TRANSACTIONS,
) -> list[Finding]:
    """The findings of a book."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (files or {}).items():
            (Path(folder) / name).write_text(content, "utf-8")
        main = Path(folder) / "main.beancount"
        main.write_text(text, "utf-8")
        loaded = load_book(main)
        facts = extract(BookEntries(loaded.main, loaded.entries, loaded.errors, loaded.files))
        return list(run(facts, law, AS_OF, rules=rules).findings)


def told(findings: Sequence[Finding]) -> list[tuple[str, str, int, str]]:
    """What findings say, whatever the order of the book."""
    return sorted((f.code, f.subject, f.at_issue, f.message.vi) for f in findings)


def book_text(entries: Sequence[Entry]) -> str:
    return declarations(entries) + "\n" + "\n".join(entry.text() for entry in entries)


class Fault(NamedTuple):
    """A fault: the transactions that are added, and the one finding that they must yield."""

    entries: tuple[Entry, ...]
    code: str
    at_issue: int


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    """One of the faults that a single transaction can hold."""
    date, amount = draw(DAYS), draw(st.integers(2, 5_000_000))
    task, other = draw(st.permutations(TASKS))
    make = draw(st.sampled_from(sorted(_MAKERS)))
    return _MAKERS[make](date, amount, (task, other))


def _no_voucher(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    return Fault((payment(900, date, tasks[0], amount, voucher=""),), "BOK503", amount)


def _no_seller(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    return Fault((payment(900, date, tasks[0], amount, vendor=""),), "BOK502", amount)


def _no_activity(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    return Fault((payment(900, date, tasks[0], amount, activity=""),), "BOK206", amount)


def _unknown_activity(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    return Fault((payment(900, date, tasks[0], amount, activity="trainings"),), "BOK203", amount)


def _wrong_kind(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    paid = own_spending(900, date, tasks[0], amount)
    meta = {**paid.meta, "kind": '"contribution-cash"'}
    return Fault((paid._replace(meta=meta),), "BOK301", amount)


def _other_task(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    paid = payment(900, date, tasks[0], amount)
    lines = ((available(tasks[1]), -amount), paid.postings[1])
    return Fault((paid._replace(postings=lines),), "BUD110", amount)


def _shifted_by_correction(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    lines = ((available(tasks[0]), -amount), (available(tasks[1]), amount))
    entry = Entry(date, "Ghi đỏ 900", quoted(kind="correction"), lines)
    return Fault((entry,), "BUD113", amount)


def _undecided(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    lines = ((available(tasks[0]), -amount), (available(tasks[1]), amount))
    entry = Entry(date, "Phân bổ lại 900", quoted(kind="reallocation"), lines)
    return Fault((entry,), "BUD106", amount)


def _too_high_voucher(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    paid = payment(900, date, tasks[0], amount)
    meta = {**paid.meta, "voucher-total": str(amount - 1)}
    return Fault((paid._replace(meta=meta),), "DUP101", 1)


def _unvalued(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    given = own_spending(900, date, tasks[0], amount)
    return Fault((given._replace(meta={**given.meta, "in-kind": "TRUE"}),), "CTR102", amount)


def _paid_twice(date: dt.date, amount: int, tasks: tuple[str, str]) -> Fault:
    first = payment(900, date, tasks[0], amount)
    again = payment(901, date, tasks[0], amount, invoice="1C21TAA/900")
    return Fault((first, again), "DUP105", amount)


_MAKERS = {
    maker.__name__: maker
    for maker in (
        _no_voucher,
        _no_seller,
        _no_activity,
        _unknown_activity,
        _wrong_kind,
        _other_task,
        _shifted_by_correction,
        _undecided,
        _too_high_voucher,
        _unvalued,
        _paid_twice,
    )
}


@settings(FEW, max_examples=5)
@given(books())
def test_a_clean_book_stays_clean(entries: list[Entry]) -> None:
    assert told(check(book_text(year(entries)))) == []


@pytest.mark.parametrize("maker", sorted(_MAKERS))
@settings(FEW, max_examples=1)
@given(entries=books(), date=DAYS, amount=st.integers(2, 5_000_000), tasks=st.permutations(TASKS))
def test_one_fault_is_exactly_one_finding(
    maker: str, entries: list[Entry], date: dt.date, amount: int, tasks: list[str]
) -> None:
    fault = _MAKERS[maker](date, amount, (tasks[0], tasks[1]))
    # Bought by the vendor that is always declared: the fault names nobody new.
    base = [*entries, payment(800, dt.date(2021, 5, 4), TASKS[0], 7)]
    found = check(book_text(year([*base, *fault.entries])))
    assert [(f.code, f.at_issue) for f in found] == [(fault.code, fault.at_issue)]


@settings(FEW, max_examples=4)
@given(books(), faults(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_the_order_of_files_transactions_and_lines_changes_nothing(
    entries: list[Entry], fault: Fault, dice: random.Random, parts: int
) -> None:
    whole = year([*entries, *fault.entries])
    shuffled = list(whole)
    dice.shuffle(shuffled)
    files = {
        f"phan-{number}.beancount": "\n".join(entry.text(dice) for entry in shuffled[number::parts])
        for number in range(parts)
    }
    names = list(files)
    dice.shuffle(names)
    text = declarations(whole) + "".join(f'include "{name}"\n' for name in names)
    assert told(check(text, files)) == told(check(book_text(whole)))


CAP = 12_000_000  # a participating unit, in tests/norms/primary
UNITS = 3
FAIR = f"""
2021-01-01 custom "event" "HC" "Hội chợ"
  task: "NV01"
  activity: "domestic-fair"
  start: 2021-06-10
  end: 2021-06-14
  actual: "{UNITS} participating-unit"
"""
PRIMARY = load_law(PACKS, sorted((NORMS / "primary").glob("*.yaml")))
CHANGE = load_law(PACKS, sorted((NORMS / "change").glob("*.yaml")))
PLUGIN = 'plugin "beancount.plugins.auto_accounts"\n'


@st.composite
def splits(draw: st.DrawFn, total: int) -> list[int]:
    """A sum of money in parts."""
    cuts = sorted(draw(st.sets(st.integers(1, total - 1), max_size=5)))
    return [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]


def spent_on(number: int, amount: int, day: dt.date, fund: str, **meta: str) -> str:
    """A payment of a part, from a fund and under a sub-item that no limit asks about."""
    return Entry(
        day,
        f"Chi phần {number}",
        quoted(kind="payment", voucher=f"2021/RDT/{number}", **meta),
        (
            (f"Assets:DuToan:KhaDung:NV01:{fund}", -amount),
            (f"Expenses:NV01:{fund}:TM66{50 + number}", amount),
        ),
    ).text()


@FEW
@given(st.data(), st.integers(-1, 1))
def test_splitting_a_payment_never_escapes_a_cap(data: st.DataObject, over: int) -> None:
    total = CAP * UNITS + over
    parts = data.draw(splits(total))
    days = data.draw(st.lists(DAYS, min_size=len(parts), max_size=len(parts)))
    funds = data.draw(
        st.lists(st.sampled_from(["NSTP", "NSTW"]), min_size=len(parts), max_size=len(parts))
    )
    spent = [
        spent_on(number, amount, day, fund, event="HC")
        for number, (amount, day, fund) in enumerate(zip(parts, days, funds, strict=True))
    ]
    found = check(PLUGIN + FAIR + "\n".join(spent), law=PRIMARY, rules=[CapExceeded()])
    assert [(f.subject, f.at_issue) for f in found] == ([("event HC", 1)] if over > 0 else [])


@FEW
@given(st.data(), st.integers(-1, 1))
def test_splitting_a_payment_never_escapes_an_invoice(data: st.DataObject, over: int) -> None:
    invoice = f"""
2021-01-01 custom "invoice" "{VENDORS[0]}/1C21TAA/9"
  seller: "{VENDORS[0]}"
  buyer: "Sở"
  total: 1000
"""
    parts = data.draw(splits(1000 + over))
    days = data.draw(st.lists(DAYS, min_size=len(parts), max_size=len(parts)))
    spent = [
        spent_on(number, amount, day, "NSTP", vendor=VENDORS[0], invoice="1C21TAA/9")
        for number, (amount, day) in enumerate(zip(parts, days, strict=True))
    ]
    found = check(PLUGIN + invoice + "\n".join(spent), rules=[InvoiceExceeded()])
    assert [f.at_issue for f in found] == ([1] if over > 0 else [])


FIRST_DAY_OF_CHANGE = dt.date(2021, 7, 1)
OLD_CAP, NEW_CAP = 10_000_000, 6_000_000
CHANGING = {"payment": ("information", "information-theme"), "event": ("training", "class")}


def changing(day: dt.date, amount: int, decided_by: str) -> list[int]:
    """What the cap that changes in the year says of a payment, or of an event, on a day."""
    activity, unit = {
        "payment": ("information", "information-theme"),
        "event": ("training", "class"),
    }[decided_by]
    held = day if decided_by == "event" else dt.date(2021, 3, 1)
    paid = day if decided_by == "payment" else dt.date(2021, 12, 1)
    event = f"""
2021-01-01 custom "event" "SK" "Sự kiện"
  task: "NV01"
  activity: "{activity}"
  start: {held}
  end: {held}
  actual: "1 {unit}"
"""
    text = PLUGIN + event + spent_on(1, amount, paid, "NSTP", event="SK")
    return [f.at_issue for f in check(text, law=CHANGE, rules=[CapExceeded()])]


@pytest.mark.parametrize("decided_by", ["payment", "event"])
@FEW
@given(
    st.one_of(
        st.sampled_from([FIRST_DAY_OF_CHANGE - dt.timedelta(days=1), FIRST_DAY_OF_CHANGE]), DAYS
    ),
    st.integers(NEW_CAP + 1, OLD_CAP),
)
def test_a_change_of_norm_changes_the_answer_exactly_on_its_day(
    decided_by: str, day: dt.date, amount: int
) -> None:
    expected = [amount - NEW_CAP] if day >= FIRST_DAY_OF_CHANGE else []
    assert changing(day, amount, decided_by) == expected
