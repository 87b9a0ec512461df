"""What a page is asked to show: Fava's own filters and the page's, over one run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from fava.beans.abc import Transaction
from fava.beans.account import account_tester
from fava.core.filters import Match
from flask import request

from ledger.facts import Facts
from reports.pages.words import language

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from fava.core import FavaLedger

    from ledger.text import Language
    from reports.pages.runs import Run
    from rules.finding import Finding, Outcome
    from rules.law import Law


class Asked(NamedTuple):
    """What stands in the address: Fava's filters, and the budget year of the page.

    Attributes:
        begin: first day of the time filter; None where there is none.
        last: its last day, or today.
    """

    account: str
    text: str
    begin: dt.date | None
    last: dt.date
    year: int | None


class View(NamedTuple):
    """The facts that a page shows.

    Attributes:
        facts: as they stood on the last day asked for, postings by the account and text filters.
        whole: the same without the account and text filters.
        years: budget years of the book, rising.
        year: the one that the page shows.
    """

    asked: Asked
    language: Language
    facts: Facts
    whole: Facts
    law: Law
    outcome: Outcome
    years: tuple[int, ...]
    year: int

    @property
    def as_of(self) -> dt.date:
        """The day that figures are as of."""
        return self.asked.last

    @property
    def filtered(self) -> bool:
        """Whether something else than time narrows the page."""
        return bool(self.asked.account or self.asked.text)

    def findings(self) -> list[Finding]:
        """Findings with a row of evidence that passes Fava's filters."""
        if not self.filtered and self.asked.begin is None:
            return list(self.outcome.findings)
        shown = set(self.facts["postings"]["posting"].tolist())
        return [finding for finding in self.outcome.findings if self._passes(finding, shown)]

    def _passes(self, finding: Finding, shown: set[int]) -> bool:
        first = self.asked.begin.isoformat() if self.asked.begin else ""
        last = self.asked.last.isoformat() if self.asked.begin else "9999"
        return any(
            first <= row.date <= last
            and (row.posting in shown if row.posting >= 0 else not self.filtered)
            for row in finding.evidence
        )


def asked_of(ledger: FavaLedger, run: Run) -> Asked:
    """What the present request asks for.

    Raises:
        FilterError: a filter cannot be read; Fava tells it.
    """
    time = request.args.get("time", "")
    span = ledger.get_filtered(account="", filter="", time=time).date_range if time else None
    year = request.args.get("year", "")
    return Asked(
        account=request.args.get("account", ""),
        text=request.args.get("filter", "").strip(),
        begin=span.begin if span else None,
        last=min(span.end_inclusive, run.day) if span else run.day,
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,  # noqa: PLR2004
    )


def view_of(ledger: FavaLedger, run: Run) -> View | None:
    """The view that the present request asks for; None where the book gives no figures."""
    if run.assessed is None:
        return None
    asked = asked_of(ledger, run)
    speaks = language()
    return run.once(("view", asked, speaks), lambda: _view(ledger, run, asked, speaks))


def _view(ledger: FavaLedger, run: Run, asked: Asked, speaks: Language) -> View:
    assessed: Any = run.assessed
    whole = run.once(("seen", asked.last), lambda: assessed.facts.seen(asked.last))
    years = _years(assessed.facts)
    return View(
        asked=asked,
        language=speaks,
        facts=_narrowed(whole, ledger, asked),
        whole=whole,
        law=assessed.law,
        outcome=assessed.outcome,
        years=years,
        year=_year(asked, years, assessed.facts),
    )


def _years(facts: Facts) -> tuple[int, ...]:
    postings = facts["postings"]
    found = postings.loc[postings["task"] != "", "budget_year"].unique().tolist()
    declared = facts["programme"]["budget_year"].tolist()
    return tuple(sorted({int(year) for year in (*found, *declared)}))


def _year(asked: Asked, years: tuple[int, ...], facts: Facts) -> int:
    if asked.year in years:
        return asked.year
    if asked.begin is not None and asked.last.year in years:
        return asked.last.year
    return int(facts["programme"]["budget_year"].max())


def _narrowed(facts: Facts, ledger: FavaLedger, asked: Asked) -> Facts:
    postings = facts["postings"]
    if asked.account:
        postings = postings[_by_account(postings["account"], asked.account)]
    if asked.text:
        entries = ledger.get_filtered(account="", filter=asked.text, time="").entries
        postings = postings[_by_place(postings, entries)]
    if postings is facts["postings"]:
        return facts
    return Facts({**facts.frames, "postings": postings.reset_index(drop=True)})


def _by_account(accounts: pd.Series, value: str) -> Any:  # noqa: ANN401  # numpy's mask
    """Postings whose account is, or has as a part, what Fava's account filter names."""
    match = Match(value)
    below = account_tester(value, with_children=True)
    passes = [
        below(name) or f":{value}:" in f":{name}:" or match(name)
        for name in accounts.cat.categories
    ]
    return np.array(passes, dtype=np.bool_)[accounts.cat.codes.to_numpy()]


def _by_place(postings: pd.DataFrame, entries: Iterable[Any]) -> pd.Series:
    """Postings of transactions that Fava's filter lets through, known by file and line."""
    wanted = pd.MultiIndex.from_tuples(
        [
            (str(entry.meta["filename"]), int(str(entry.meta["lineno"])))
            for entry in entries
            if isinstance(entry, Transaction)
        ]
        or [("", 0)]
    )
    places = pd.MultiIndex.from_arrays([postings["file"].astype("str"), postings["entry_line"]])
    return pd.Series(places.isin(wanted), index=postings.index)
