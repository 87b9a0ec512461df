"""Transactions that take money from one line of the books for another (khoản chi chéo)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from ledger.accounts import BUDGET_FAMILIES, Family
from rules.assessment import Assessment, Evidence, Verdict
from rules.rows import posting_evidence, records, transaction_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from rules.assessment import Values

# What an estimate turns into: within one task and fund a transaction only moves between these.
MONEY_OF_ESTIMATE: Final = (*(family.value for family in BUDGET_FAMILIES), Family.SPENT.value)


# What an entry did, by account and budget year.
_Moves = frozenset[tuple[str, int, int]]


class Crossing(NamedTuple):
    """Transactions of one name that take from some lines and give to others.

    Attributes:
        rows: their postings as plain rows, in an order that only their content decides.
        given: VND that the takers gained and the givers lost.
        takers: names of the lines that gained.
        givers: names of the lines that lost.
        evidence: the rows; what the takers gained bears the amount.
    """

    book: str
    name: str
    rows: list[Any]
    given: int
    takers: tuple[str, ...]
    givers: tuple[str, ...]
    evidence: tuple[Evidence, ...]

    @property
    def entries(self) -> int:
        """How many transactions they are."""
        return len({row.entry for row in self.rows})

    def failed(self, values: Values, *, in_book: bool = False) -> Assessment:
        """What a rule finds of them: ``values`` are the message's, beside the amount given."""
        return Assessment(
            self.name,
            Verdict.FAIL,
            self.book,
            decided_on=min(row.date for row in self.rows).date(),
            at_issue=self.given,
            values={"amount": int(self.given), **values},
            evidence=self.evidence,
            in_book=in_book,
        )

    def failed_by_name(self) -> Assessment:
        """The same, with the names of all that gave and took."""
        names = {"givers": ", ".join(self.givers), "takers": ", ".join(self.takers)}
        return self.failed(names, in_book=True)


def mixed_entries(entries: NDArray[Any], codes: NDArray[Any]) -> NDArray[Any]:
    """Numbers of the transactions whose postings carry more than one code."""
    order = np.argsort(entries, kind="stable")
    entry, code = entries[order], codes[order]
    differs = (entry[1:] == entry[:-1]) & (code[1:] != code[:-1])
    found: NDArray[Any] = np.unique(entry[1:][differs])
    return found


def crossings(
    postings: pd.DataFrame,
    wanted: NDArray[np.bool_],
    codes: NDArray[Any],
    line_of: Callable[[Any], str],
) -> Iterator[Crossing]:
    """Transactions in which one line loses what another gains.

    Args:
        postings: of the books.
        wanted: which postings are of the accounts that a line is made of.
        codes: a number for the line of each posting; only transactions with several are looked at.
        line_of: what the line of a posting is called, from the posting as a plain row.
    """
    entries = postings["entry"].to_numpy()
    mixed = mixed_entries(entries[wanted], codes[wanted])
    part = postings[wanted & np.isin(entries, mixed)].astype({"account": "str"})
    named: dict[tuple[str, str], dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in records(part.sort_values(["date", "account", "amount"], kind="stable")):
        named[str(row.book), transaction_name(row)][row.entry].append(row)
    for (book, name), own in sorted(named.items(), key=lambda item: item[0]):
        crossed = [one for one in (_crossed(rows, line_of) for rows in own.values()) if one.given]
        if crossed:
            yield _together(book, name, crossed)


class _Crossed(NamedTuple):
    rows: list[Any]
    given: int
    takers: frozenset[str]
    givers: frozenset[str]
    bearing: dict[int, int]


def _crossed(rows: list[Any], line_of: Callable[[Any], str]) -> _Crossed:
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[line_of(row)] += int(row.amount)
    gained = sum(amount for amount in sums.values() if amount > 0)
    lost = -sum(amount for amount in sums.values() if amount < 0)
    left = given = min(gained, lost)
    takers = frozenset(line for line, amount in sums.items() if amount > 0)
    bearing: dict[int, int] = {}
    for row in rows:
        if row.amount > 0 and line_of(row) in takers:
            bearing[row.posting] = min(int(row.amount), left)
            left -= bearing[row.posting]
    givers = frozenset(line for line, amount in sums.items() if amount < 0)
    return _Crossed(rows, given, takers, givers, bearing)


def _together(book: str, name: str, crossed: list[_Crossed]) -> Crossing:
    return Crossing(
        book,
        name,
        rows=[row for one in crossed for row in one.rows],
        given=sum(one.given for one in crossed),
        takers=tuple(sorted({line for one in crossed for line in one.takers})),
        givers=tuple(sorted({line for one in crossed for line in one.givers})),
        evidence=tuple(
            posting_evidence(row, one.bearing.get(row.posting, 0))
            for one in crossed
            for row in one.rows
        ),
    )


def task_and_fund(row: Any) -> str:  # noqa: ANN401  # a record
    """The line of the estimate that a posting belongs to: ``NV02/NSTP``, the unit first if any."""
    return "/".join(part for part in (row.unit, row.task, row.fund) if part)


def task_and_fund_codes(rows: pd.DataFrame) -> NDArray[Any]:
    """A number for the line of the estimate of each posting."""
    unit, task, fund = (rows[column].cat for column in ("unit", "task", "fund"))
    lines = unit.codes.to_numpy().astype(np.int64) * len(task.categories) + task.codes.to_numpy()
    found: NDArray[Any] = lines * len(fund.categories) + fund.codes.to_numpy()
    return found


class Reversible:
    """What transactions did, as far as a correction found may be the reverse of it.

    Args:
        postings: of the books.
        money: which of them are of the accounts that the corrections move.
        found: corrections.
    """

    def __init__(
        self, postings: pd.DataFrame, money: NDArray[np.bool_], found: list[Crossing]
    ) -> None:
        rows = [row for crossing in found for row in crossing.rows]
        amounts = np.array(sorted({-int(row.amount) for row in rows}), dtype=np.int64)
        entries = postings["entry"].to_numpy()
        alike = entries[money & np.isin(postings["amount"].to_numpy(), amounts)]
        part = postings[money & np.isin(entries, alike)].astype({"account": "str"})
        self._moves: dict[tuple[str, _Moves], Any] = {}
        for book, day, moves in _by_entry(list(records(part))):
            key = (book, moves)
            self._moves[key] = min(self._moves.get(key, day), day)

    def reverses(self, crossing: Crossing) -> bool:
        """Whether each entry of a correction undoes an earlier one whole."""
        for book, day, moves in _by_entry(crossing.rows):
            undone = frozenset((account, year, -amount) for account, year, amount in moves)
            first = self._moves.get((book, undone))
            if first is None or first > day:
                return False
        return True


def _by_entry(rows: list[Any]) -> Iterator[tuple[str, Any, _Moves]]:
    entries: dict[int, list[Any]] = {}
    for row in rows:
        entries.setdefault(row.entry, []).append(row)
    for own in entries.values():
        moves = frozenset((row.account, int(row.budget_year), int(row.amount)) for row in own)
        yield str(own[0].book), own[0].date, moves
