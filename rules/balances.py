"""Balances at the end of each day, per task, fund and budget year, or finer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ledger.accounts import Family
from ledger.kinds import Effect, kinds_that
from ledger.text import Text, day_name
from rules.assessment import Assessment, Values, Verdict
from rules.rows import evidence_of
from rules.rule import Rule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

LINE: Final = ["book", "unit", "task", "fund", "budget_year"]
# A line of one family of accounts and one sub-item.
SUB_ITEM_LINE: Final = ["book", "unit", "task", "fund", "sub_item", "budget_year", "family"]

# Kinds by which an estimate comes to be available.
GRANTING: Final = kinds_that(Effect.GIVES)


def line_name(key: Sequence[object]) -> str:
    """The subject of one line of the estimate: ``NV02/NSTP/2021``, the unit first if any."""
    return "/".join(str(part) for part in key[1:] if part != "")


def granted_from(facts: Facts, kinds: Sequence[str] = GRANTING) -> pd.Series:
    """First day on which some kinds make something of each line available, by ``LINE``."""
    postings = facts["postings"]
    rows = (
        (postings["family"] == Family.AVAILABLE.value)
        & postings["kind"].isin(kinds)
        & (postings["amount"] > 0)
    )
    return postings[rows].groupby(LINE, observed=True)["date"].min()


class OverdrawnRule(Rule):
    """A balance that must never end a day below zero.

    Attributes:
        families: the accounts that make the balance.
        keys: what a line is, ``LINE`` or finer; the book comes first.
    """

    families: ClassVar[tuple[Family, ...]]
    keys: ClassVar[list[str]] = LINE
    message = Text(
        "{subject}: số dư thấp nhất là {lowest} đồng, ngày {day}; âm từ ngày {first}",
        "{subject}: the lowest balance is {lowest} VND, on {day}; below zero from {first}",
    )

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a line that moved."""
        rows = self._rows(facts)
        moved = rows.groupby([*self.keys, "date"], observed=True)["amount"].sum()
        balances = moved.groupby(level=self.keys, observed=True).cumsum()
        balances = self._judged_days(balances, facts)
        lowest = balances.groupby(level=self.keys, observed=True).min()
        for key, amount in zip(lowest.index.tolist(), lowest.tolist(), strict=True):
            if amount < 0:
                yield self._failed(key, balances.loc[key], rows)
            else:
                yield Assessment(
                    self.subject(key), Verdict.PASS, str(key[0]), observed=amount, allowed=0
                )

    def subject(self, key: tuple[object, ...]) -> str:
        """What a line is called."""
        return line_name(key)

    def values(self, key: tuple[object, ...]) -> Values:  # noqa: ARG002
        """What else fills the message."""
        return {}

    def _rows(self, facts: Facts) -> pd.DataFrame:
        """The postings that make the balances."""
        postings = facts["postings"]
        return postings[postings["family"].isin([family.value for family in self.families])]

    def _judged_days(self, balances: pd.Series, facts: Facts) -> pd.Series:  # noqa: ARG002
        """The balances that are judged; a rule may leave some days to another rule."""
        return balances

    def _failed(
        self, key: tuple[object, ...], balances: pd.Series, rows: pd.DataFrame
    ) -> Assessment:
        """A line whose balance, by day, goes below zero."""
        lowest = int(balances.min())
        bottom = balances.index[balances == lowest][0]
        chosen = (rows["amount"] < 0) & (rows["date"] <= bottom)
        for column, part in zip(self.keys, key, strict=True):
            chosen &= rows[column] == part
        drawn = rows[chosen].astype({"account": "str", "voucher": "str"})
        drawn = drawn.sort_values(["date", "account", "amount", "voucher"], kind="stable")
        return Assessment(
            self.subject(key),
            Verdict.FAIL,
            str(key[0]),
            decided_on=bottom.date(),
            observed=lowest,
            allowed=0,
            at_issue=-lowest,
            values={
                "lowest": lowest,
                "day": day_name(bottom),
                "first": day_name(balances.index[balances < 0][0]),
                **self.values(key),
            },
            evidence=evidence_of(drawn, -lowest)[::-1],
            in_book=True,
        )
