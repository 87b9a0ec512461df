"""Balances at the end of each day, per task, fund and budget year."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

import pandas as pd

from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.rows import evidence_of
from rules.rule import Rule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.accounts import Family
    from ledger.facts import Facts
    from rules.law import Law

LINE: Final = ["book", "unit", "task", "fund", "budget_year"]

# Kinds by which an estimate comes to be available.
GRANTING: Final = ("allotment", "supplement", "reallocation", "carry-over")


def line_name(key: tuple[object, ...]) -> str:
    """The subject of one line of the estimate: ``NV02/NSTP/2021``, the unit first if any."""
    _, unit, task, fund, year = key
    return "/".join(str(part) for part in (unit, task, fund, year) if part != "")


def granted_from(facts: Facts) -> pd.Series:
    """First day on which each line of the estimate has something available, by ``LINE``."""
    postings = facts["postings"]
    rows = (
        (postings["family"] == "KhaDung")
        & postings["kind"].isin(GRANTING)
        & (postings["amount"] > 0)
    )
    return postings[rows].groupby(LINE, observed=True)["date"].min()


class OverdrawnRule(Rule):
    """A balance that must never end a day below zero.

    Attributes:
        families: the accounts that make the balance.
        keys: what a line is, ``LINE`` or finer.
    """

    families: ClassVar[tuple[Family, ...]]
    message = Text(
        "{subject}: số dư thấp nhất là {lowest} đồng, ngày {day}; âm từ ngày {first}",
        "{subject}: the lowest balance is {lowest} VND, on {day}; below zero from {first}",
    )

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a line that moved."""
        for key, rows in self._lines(facts):
            yield self._judged(key, rows)

    def _lines(self, facts: Facts) -> Iterator[tuple[tuple[object, ...], pd.DataFrame]]:
        postings = facts["postings"]
        rows = postings[postings["family"].isin([family.value for family in self.families])]
        rows = self._narrowed(rows, facts).sort_values("date", kind="stable")
        yield from rows.groupby(LINE, observed=True)

    def _narrowed(self, rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:  # noqa: ARG002
        """The postings that count; a rule may leave some to another rule."""
        return rows

    def _judged(self, key: tuple[object, ...], rows: pd.DataFrame) -> Assessment:
        balances = rows.groupby("date")["amount"].sum().cumsum()
        lowest, subject, book = int(balances.min()), line_name(key), str(key[0])
        if lowest >= 0:
            return Assessment(subject, Verdict.PASS, book, observed=lowest, allowed=0)
        below = balances[balances < 0]
        bottom = balances.idxmin()
        drawn = rows[(rows["amount"] < 0) & (rows["date"] <= bottom)]
        return Assessment(
            subject,
            Verdict.FAIL,
            book,
            decided_on=bottom.date(),
            observed=lowest,
            allowed=0,
            at_issue=-lowest,
            values={
                "lowest": dong(lowest),
                "day": f"{bottom:%d/%m/%Y}",
                "first": f"{below.index[0]:%d/%m/%Y}",
            },
            evidence=evidence_of(drawn, -lowest)[::-1],
        )
