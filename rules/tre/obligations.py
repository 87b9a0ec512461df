"""What must be reconciled by when, and what the book records of it."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from ledger.accounts import STATE_FUNDS, Family, read_account
from ledger.kinds import Effect, kinds_that
from ledger.period import Period, month, quarter, whole_year
from ledger.strict_yaml import read_yaml
from ledger.text import Text, joined
from ledger.treasury import ESTIMATE_FORM, SPENDING_FORM
from rules.assessment import Assessment, Verdict
from rules.rows import declared, records
from rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.facts import Facts
    from rules.law import Law

FORMS: Final = (ESTIMATE_FORM, SPENDING_FORM)
_NOT_USED: Final = kinds_that(Effect.GIVES, Effect.WITHHOLDS)
_LAST_MONTH: Final = 12
_LAST_QUARTER: Final = 4


class Obligation(NamedTuple):
    """One account or form of one budget year, and the periods in which it had anything.

    Attributes:
        name: the account of the book, or a form.
        row: the declaration of the programme, where a missing record is shown.
    """

    book: str
    name: str
    year: int
    periods: tuple[Period, ...]
    row: Any


class ReconciledInTime(Rule):
    """A reconciliation that must be recorded by a day.

    One assessment an account or form and budget year; each period is one of its population.
    """

    message = Text("{subject}: {told}", "{subject}: {told}")

    @abstractmethod
    def periods(self, year: int) -> Iterable[Period]:
        """The periods of a budget year that are to be reconciled."""

    @abstractmethod
    def deadline(self, law: Law, period: Period) -> dt.date | None:
        """The last day for a period; None where none is known to be in force."""

    @abstractmethod
    def names(self, facts: Facts) -> Iterable[tuple[str, str]]:
        """Accounts or forms of each book."""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """Look at every period that has ended and whose day has come."""
        recorded = _recorded(facts)
        for duty in self.obligations(facts, as_of):
            days = {p.name: self.deadline(law, p) for p in duty.periods}
            subject = subject_of(duty.name, duty.year)
            due = [p for p in duty.periods if (day := days[p.name]) is not None and day < as_of]
            undated = sum(day is None for day in days.values())
            if undated:
                yield Assessment(
                    subject,
                    Verdict.NOT_APPLICABLE,
                    duty.book,
                    population=undated,
                    reason=Text("chưa có quy định vào kỳ đó", "no rule was in force then"),
                )
            yield from self._judged(duty, subject, due, days, recorded)

    def _judged(
        self,
        duty: Obligation,
        subject: str,
        due: list[Period],
        days: dict[str, dt.date | None],
        recorded: dict[tuple[str, str, str], Any],
    ) -> Iterator[Assessment]:
        rows = {p.name: recorded.get((duty.book, duty.name, p.name)) for p in due}
        missing = [p for p in due if rows[p.name] is None]
        late = [
            p
            for p in due
            if (row := rows[p.name]) is not None
            and (day := days[p.name]) is not None
            and row.declared.date() > day
        ]
        good = len(due) - len(missing) - len(late)
        if good:
            yield Assessment(subject, Verdict.PASS, duty.book, population=good)
        if not missing and not late:
            return
        evidence = tuple(declared(rows[p.name], p.name) for p in late)
        yield Assessment(
            subject,
            Verdict.FAIL,
            duty.book,
            decided_on=(late or missing)[0].end,
            values={"told": _told(missing, late, duty)},
            evidence=evidence or (declared(duty.row, duty.name),),
            population=len(missing) + len(late),
            # What is not recorded may have been done on paper.
            review=not late,
        )

    def obligations(self, facts: Facts, as_of: dt.date) -> Iterator[Obligation]:
        """Every account or form with the periods of it that have ended, due or not."""
        names = sorted(set(self.names(facts)))
        for row in records(facts["programme"]):
            year = int(row.budget_year)
            for book, name in names:
                if book != row.book:
                    continue
                first = _first_day(facts, book, name)
                periods = tuple(p for p in self.periods(year) if first <= p.end <= as_of)
                if periods:
                    yield Obligation(book, name, year, periods, row)


def months(year: int) -> list[Period]:
    """The months of a year that are reconciled by themselves: December is not."""
    return [month(year, number) for number in range(1, _LAST_MONTH)]


def quarters(year: int) -> list[Period]:
    """The quarters of a year that are reconciled by themselves: the fourth is not."""
    return [quarter(year, number) for number in range(1, _LAST_QUARTER)]


def years(year: int) -> list[Period]:
    """The year as its one period."""
    return [whole_year(year)]


def treasury_deposits(facts: Facts) -> list[tuple[str, str]]:
    """Deposit accounts that stand at the treasury by their number: book and account."""
    accounts = facts["accounts"]
    heads = _treasury_numbers()
    return [
        (str(row.book), str(row.account))
        for row in records(accounts[accounts["account_number"] != ""])
        if str(row.account_number).replace(".", "").startswith(heads)
    ]


def unnumbered_deposits(facts: Facts) -> list[str]:
    """Deposit accounts without a number: whether they stand at the treasury is not known."""
    accounts = facts["accounts"].astype({"account": "str"})
    blank = accounts.loc[accounts["account_number"] == "", "account"]
    return sorted(name for name in blank if read_account(name).family is Family.DEPOSIT)


def estimate_forms(facts: Facts) -> list[tuple[str, str]]:
    """The forms of each book that holds state money: book and form."""
    postings = facts["postings"]
    books = postings.loc[postings["fund"].isin(STATE_FUNDS), "book"].unique()
    return [(str(book), form) for book in sorted(books) for form in FORMS]


def after(law: Law, norm: str, period: Period) -> dt.date | None:
    """The day that a norm of so many days after a period sets for it."""
    value = law.norms[norm].value_on(period.end)
    for limit in (value.limits or ()) if value else ():
        if limit.measure == "days" and limit.at_most is not None:
            return period.end + dt.timedelta(days=int(limit.at_most))
    return None


def last_records(frame: pd.DataFrame) -> pd.DataFrame:
    """The last record of each period and account: it takes the place of those before it."""
    ordered = frame.sort_values("declared", kind="stable")
    return ordered.drop_duplicates(["book", "account", "period"], keep="last")


def left_open(frame: pd.DataFrame) -> pd.Series:
    """Which records say that something differs, in words or by two balances, and not why."""
    both = frame["closing"].notna() & frame["statement_closing"].notna()
    apart = both & (frame["closing"] != frame["statement_closing"]).fillna(value=False)
    return ((frame["differences"] != "") | apart) & (frame["reason"] == "")


def recorded_closings(facts: Facts) -> Iterator[Any]:
    """The last records of each period and account that say what the book held then."""
    last = last_records(facts["reconciled"])
    yield from records(last[last["closing"].notna()])


def _recorded(facts: Facts) -> dict[tuple[str, str, str], Any]:
    """The first record of each period and account."""
    first: dict[tuple[str, str, str], Any] = {}
    for row in records(facts["reconciled"].sort_values("declared", kind="stable")):
        first.setdefault((row.book, row.account, row.period), row)
    return first


def _first_day(facts: Facts, book: str, name: str) -> dt.date:
    """The first day on which there is anything to reconcile: an estimate once it is used."""
    postings = facts["postings"]
    here = postings["book"] == book
    own = postings["account"] == name
    if name in FORMS:
        own = postings["fund"].isin(STATE_FUNDS) & ~postings["kind"].isin(_NOT_USED)
    first = postings.loc[here & own, "date"].min()
    return dt.date.max if pd.isna(first) else first.date()


def word_for(name: str) -> str:
    """What stands before a name in a subject: a form of the treasury is no account."""
    return "form" if name in FORMS else "account"


class _Successor(NamedTuple):
    """What is known of the forms that took the place of the two.

    Attributes:
        until: the last budget year of the two.
        words: what each of them is of, for subjects.
        told: where the later form is, ``{form}`` being the account that a record names.
    """

    until: int
    words: dict[str, str]
    told: Text


@cache
def _successor() -> _Successor:
    content = read_yaml(Path(__file__).parent.parent / "treasury_forms.yaml").content
    words = {one["form"]: one["word"] for one in content["forms"]}
    return _Successor(int(content["until"]), words, Text(**content["after"]))


def subject_of(name: str, year: int) -> str:
    """An account or form of a budget year; of a form that has ended, what it is of."""
    after = _successor()
    if name in after.words and year > after.until:
        return f"{after.words[name]} {year}"
    return f"{word_for(name)} {name} {year}"


def _told(missing: list[Period], late: list[Period], duty: Obligation) -> Text:
    parts = []
    if missing:
        names = ", ".join(p.name for p in missing)
        parts.append(Text(f"sổ không ghi đối chiếu kỳ {names}", f"no record for {names}"))
    if late:
        names = ", ".join(p.name for p in late)
        parts.append(Text(f"đối chiếu muộn kỳ {names}", f"reconciled late for {names}"))
    after = _successor()
    if duty.name in after.words and duty.year > after.until:
        parts.append(after.told.format(form=duty.name))
    return joined(parts, "; ")


@cache
def _treasury_numbers() -> tuple[str, ...]:
    content = read_yaml(Path(__file__).parent.parent / "treasury_accounts.yaml").content
    return tuple(content["deposits"])
