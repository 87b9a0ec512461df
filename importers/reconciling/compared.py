"""What comes of a statement beside the book: an account's movements, or a form's figures."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from importers.reconciling.matching import Pair
    from importers.statement_owner import Account
    from importers.tables.statement import Statement
    from ledger.period import Period


class Entry(NamedTuple):
    """One movement of the account as the book has it.

    Attributes:
        amount: VND, positive in, negative out.
    """

    file: str
    line: int
    date: dt.date
    voucher: str
    narration: str
    amount: int
    code: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Reconciliation:
    """A statement beside the book.

    Attributes:
        account: the book's account; ``DuToan`` for the estimate.
        entries: movements of the book in reach; pairs and ``only_book`` speak of their places.
        pairs: what stands for the same money; with an entry of another period it is a timing
            difference.
        only_book: entries of the period that the statement does not have.
        only_statement: lines that the book does not have.
        opening: the book's balance before the period, VND.
        closing: the book's balance at its end, VND.
        book_total: movements of the period in the book, VND.
        statement_total: movements of the period in the statement, VND.
    """

    statement: Statement
    period: Period
    account: Account
    entries: tuple[Entry, ...]
    pairs: tuple[Pair, ...]
    only_book: tuple[int, ...]
    only_statement: tuple[int, ...]
    opening: int
    closing: int
    book_total: int
    statement_total: int

    @property
    def differing(self) -> tuple[Pair, ...]:
        """Pairs whose sides do not say the same of the period."""
        return tuple(pair for pair in self.pairs if not pair.how.agrees)

    @property
    def statement_closing(self) -> int | None:
        """The closing balance as printed, else by what was moved; None where neither tells, VND."""
        if self.statement.closing is not None or self.statement.opening is None:
            return self.statement.closing
        return self.statement.opening + self.statement_total

    @property
    def balance_gaps(self) -> tuple[int, int]:
        """The statement's opening and closing balance less the book's, VND; 0 where none stands."""
        opening, closing = self.statement.opening, self.statement_closing
        return (
            0 if opening is None else opening - self.opening,
            0 if closing is None else closing - self.closing,
        )

    @property
    def agrees(self) -> bool:
        """Whether nothing is left to explain."""
        return not (self.only_book or self.only_statement or self.differing) and not any(
            self.balance_gaps
        )


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class FormComparison:
    """A form of figures beside the book.

    Attributes:
        codes: names of the columns that say what a row is of.
        figures: names of the columns of VND, in the form's order.
        rows: the codes as text, then for each figure the columns ``<name>`` (the statement's),
            ``<name>_book`` and ``<name>_difference`` (the former less the latter), int64 VND.
        behind: what the book posted in the period under the codes of rows that differ, each with
            its account and, as ``code``, the codes of its row.
    """

    statement: Statement
    period: Period
    codes: tuple[str, ...]
    figures: tuple[str, ...]
    rows: pd.DataFrame
    behind: tuple[tuple[str, Entry], ...] = ()

    @property
    def differing(self) -> pd.DataFrame:
        """Rows in which a figure differs."""
        columns = [f"{name}_difference" for name in self.figures]
        return self.rows[(self.rows[columns] != 0).any(axis=1)]

    @property
    def differing_figures(self) -> int:
        """How many figures differ, of all rows."""
        columns = [f"{name}_difference" for name in self.figures]
        return int((self.rows[columns] != 0).to_numpy().sum())

    @property
    def agrees(self) -> bool:
        """Whether every figure is the same."""
        return self.differing.empty
