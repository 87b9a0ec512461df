"""Contracts, and the money that moved under them: the frames that the rules of the family share.

A contract is told by its place, its row in ``contracts(facts)``; every other frame names it so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ledger.accounts import STATE_FUNDS, USED_FAMILIES, Family
from ledger.kinds import Effect, kinds_that
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.pro.amendments import value_by
from rules.rows import evidence_by, records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.facts import Facts
    from rules.assessment import Evidence

# Money that went out under a contract: advanced, paid out of an advance, spent.
# What the unit withholds as tax is owed until it is paid on; penalties and the like are not paid.
_OWED: Final = Family.PAYABLE.value
_REFUSED: Final = "không"  # how the result of minutes that refuse the work begins
_OF_CONTRACT: Final = "contract "  # how minutes of acceptance name a contract
_NOT_PAID: Final = kinds_that(Effect.CLAIMED)
_KEY: Final = ["book", "contract"]
_KEPT: Final = [
    *_KEY,
    "file",
    "line",
    "posting",
    "date",
    "narration",
    "family",
    "fund",
    "kind",
    "amount",
    "budget_year",
    "vendor",
    "beneficiary",
    "invoice",
    "event",
]

NOT_IN_FORCE: Final = Text(
    "không có quy định nào biết con số vào ngày xét", "no norm with a known figure on that day"
)


def contracts(facts: Facts) -> pd.DataFrame:
    """The contracts declared, one row each, with ``begins``: day of effect, else of signing."""
    return facts.derived(_contracts)


def _contracts(facts: Facts) -> pd.DataFrame:
    known = facts["contracts"].drop_duplicates(_KEY).reset_index(drop=True)
    return known.assign(begins=known["effective"].fillna(known["signed"]))


def failing(facts: Facts, found: pd.DataFrame) -> Iterator[Any]:
    """Contracts with what was found of each, the columns of both as attributes.

    Args:
        facts: of the books.
        found: one row a contract, with its ``place``.
    """
    if found.empty:
        return
    known = contracts(facts).iloc[found["place"].to_numpy()].reset_index(drop=True)
    yield from records(pd.concat([known, found.reset_index(drop=True)], axis="columns"))


def subject_of(contract: Any) -> str:  # noqa: ANN401  # a record
    """The subject of a contract."""
    return f"contract {contract.contract}"


def name_of(contract: Any) -> Text:  # noqa: ANN401  # a record
    """How messages print a contract, where the subject says more than its number."""
    return Text(f"hợp đồng {contract.contract}", f"contract {contract.contract}")


def money(facts: Facts) -> pd.DataFrame:
    """The postings that pay under a contract declared, with its ``place``.

    Columns: those of ``postings`` that the rules read, with ``paid``: False where the posting is
    of tax withheld and not of money that went out.
    """
    return facts.derived(_money)


def _money(facts: Facts) -> pd.DataFrame:
    postings = facts["postings"]
    paid = postings["family"].isin(USED_FAMILIES)
    owed = (postings["family"] == _OWED) & ~postings["kind"].isin(_NOT_PAID)
    rows = postings.loc[(paid | owed) & (postings["contract"] != ""), _KEPT]
    place = places_of(rows, "contract", contracts(facts))
    declared = place >= 0
    rows = rows[declared].assign(place=place[declared])
    return rows.assign(paid=rows["family"] != _OWED)


def places_of(rows: pd.DataFrame, column: str, declared: pd.DataFrame) -> np.ndarray[Any, Any]:
    """The row of a declaration's frame that each row's book and text name; -1 where none does."""
    books, names = rows["book"].cat, rows[column].cat
    width = len(names.categories)
    book = books.categories.get_indexer(pd.Index(declared["book"].astype("str")))
    name = names.categories.get_indexer(pd.Index(declared[column].astype("str")))
    keys = np.where((book < 0) | (name < 0), -1, book * width + name)
    used = np.flatnonzero(keys >= 0)
    found = pd.Index(keys[used]).get_indexer(
        pd.Index(books.codes.to_numpy().astype(np.int64) * width + names.codes.to_numpy())
    )
    return np.where(found < 0, -1, used[found]) if len(used) else found


def by_day(facts: Facts) -> pd.DataFrame:
    """What stood under each contract at the end of each day on which anything moved.

    Columns, VND and running: ``place``, ``date``, ``paid`` (advances, payments, less what came
    back, of all funds), ``state`` (of that the budget's), ``advanced`` (budget money advanced and
    not settled), ``unaccepted`` (paid out of an advance, not accepted by the Treasury).
    """
    return facts.derived(_by_day)


def _by_day(facts: Facts) -> pd.DataFrame:
    rows = money(facts)
    amount = rows["amount"]
    state = rows["fund"].isin(STATE_FUNDS)
    moved = pd.DataFrame(
        {
            "place": rows["place"],
            "date": rows["date"],
            "paid": amount,
            "state": amount.where(state, 0),
            "advanced": amount.where(state & (rows["family"] == Family.ADVANCED.value), 0),
            "unaccepted": amount.where(state & (rows["family"] == Family.UNACCEPTED.value), 0),
        }
    )
    days = moved.groupby(["place", "date"], as_index=False).sum()
    running = ["paid", "state", "advanced", "unaccepted"]
    days[running] = days.groupby("place")[running].cumsum()
    return days


def values_on(facts: Facts, days: pd.DataFrame) -> np.ndarray[Any, Any]:
    """What the contract of each day was worth then: an amendment counts from its day on."""
    known = contracts(facts)
    places = days["place"].to_numpy()
    values: np.ndarray[Any, Any] = known["value"].to_numpy(dtype="int64")[places]
    amended = (known["amendments"] != "").to_numpy()[places]
    for at in amended.nonzero()[0]:
        text, day = str(known["amendments"].iloc[places[at]]), days["date"].iloc[at].date()
        values[at] = value_by(int(values[at]), text, day)
    return values


def peaks(days: pd.DataFrame, column: str) -> pd.DataFrame:
    """The highest balance of each contract and the first day that it stood so high."""
    order = days.sort_values(["place", column, "date"], ascending=[True, False, True])
    return order.drop_duplicates("place")


def accepted(facts: Facts) -> pd.DataFrame:
    """The minutes of contracts that accept: ``place``, ``declared``, ``amount``."""
    return facts.derived(_accepted)


def _accepted(facts: Facts) -> pd.DataFrame:
    minutes = facts["acceptances"]
    known = contracts(facts)
    named = known.assign(for_=_OF_CONTRACT + known["contract"].astype("str"))
    place = places_of(minutes, "for_", named)
    result = minutes["result"].astype("str").str.strip().str.casefold()
    counted = (place >= 0) & ~result.str.startswith(_REFUSED).to_numpy(dtype=np.bool_)
    return minutes.assign(place=place)[counted][["place", "declared", "amount"]]


def evidence_until(
    rows: pd.DataFrame, found: pd.DataFrame, at_issue: str
) -> dict[int, tuple[Evidence, ...]]:
    """The postings of some contracts up to a day of each, as evidence by place.

    Args:
        rows: of ``money``, those that bear the finding.
        found: one row a contract: ``place``, ``date``, the last day that counts, and the amount.
        at_issue: the column of that amount, VND.
    """
    if found.empty:
        return {}
    last = found.set_index("place")
    until = rows["place"].map(last["date"])
    return evidence_by(rows[rows["date"] <= until], "place", last[at_issue].to_dict())


def marked(places: pd.Series, count: int) -> np.ndarray[Any, Any]:
    """Which of so many contracts occur."""
    marks = np.zeros(count, dtype=np.bool_)
    marks[places.to_numpy()] = True
    return marks


def not_known(
    known: pd.DataFrame, places: Iterable[int], reason: Text = NOT_IN_FORCE
) -> Iterator[Assessment]:
    """Contracts that cannot be judged."""
    wanted = list(places)
    for contract in records(known[_KEY].iloc[wanted]) if wanted else ():
        yield Assessment(subject_of(contract), Verdict.UNKNOWN, contract.book, reason=reason)
