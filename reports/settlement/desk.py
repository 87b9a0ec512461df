"""What tables are made from: the figures of the year, and the copy of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from ledger.accounts import STATE_FUNDS
from ledger.text import Language, Text
from reports.forms.grid import Amount, CellFigure
from reports.settlement.declarations import Declarations
from reports.settlement.places import Places
from reports.settlement.teller import Cited, Piece, Teller
from reports.settlement.trails import of_groups, of_rows
from reports.settlement.years import source_of_year, years_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ledger.facts import Facts
    from reports.forms.model import RowLayout
    from reports.settlement.source import YearMoney
    from rules.assessment import Assessment
    from rules.finding import Finding
    from rules.law import Law
    from rules.rule import Rule

_Cell = TypeVar("_Cell", CellFigure, Amount)
Figures = dict[tuple[Any, ...], CellFigure]  # by the keys that a table is parted by
NO_FIGURE: Final = CellFigure(0)
PARTS: Final = {True: "tc", False: "ktc"}


class Desk(NamedTuple):
    """Everything that tables are made from.

    Attributes:
        teller: figures of the year.
        findings: of the run over the book, those too that the book itself accepts.
        assessed: what the rules of norms said of each subject.
        law: the norms of the book.
        language: of what is no official wording.
    """

    teller: Teller
    findings: Sequence[Finding]
    assessed: Sequence[tuple[Rule, Assessment]]
    law: Law
    language: Language

    @property
    def facts(self) -> Facts:
        """The facts as of the day wanted."""
        return self.teller.source.facts

    @property
    def postings(self) -> pd.DataFrame:
        """Postings of the budget year."""
        return self.teller.source.postings

    @property
    def places(self) -> Places:
        """Where lines of the book stand."""
        return self.facts.derived(Places)

    @property
    def declarations(self) -> Declarations:
        """What the books declare, by book and code."""
        return self.facts.derived(Declarations)

    def place(self, row: Any) -> str:  # noqa: ANN401  # a row of a frame
        """File and line of a row; of one book among several, with its folder."""
        return self.places.of_row(row)

    def say(self, text: Text) -> str:
        """A wording in the language of the set."""
        return text.to(self.language)

    def earlier(self) -> list[YearMoney]:
        """The money of the earlier budget years that the book holds, oldest first.

        Raises:
            BadInputError: no norm in force says when the closing of one of them ends.
        """
        year = self.teller.source.period.budget_year

        def read() -> list[YearMoney]:
            before = years_before(self.facts, year)
            return [source_of_year(self.facts, self.law, one) for one in before]

        return self.teller.earlier(read)

    def sum_of(self, words: Text, rows: pd.DataFrame, amounts: str = "amount") -> Amount:
        """A sum of rows of the book with the way to them.

        Args:
            words: what it is.
            rows: postings, of the year or of others.
            amounts: the column of what each row adds, VND.
        """
        return self.linked(of_rows(self.teller.source, words, rows, amounts, self.place))

    def linked(self, piece: Piece) -> Amount:
        """A sum of rows of the book with the way to them."""
        return Amount(piece.amount, self.teller.link([piece]))

    def pieces_of(
        self,
        words: Text,
        rows: pd.DataFrame,
        amounts: str,
        groups: Sequence[NDArray[np.int64]],
    ) -> list[Piece]:
        """Sums of many groups of rows, to be linked where a list shows them.

        Args:
            words: what each is.
            rows: of all groups.
            amounts: the column of what each row adds, VND.
            groups: where the rows of each group stand in ``rows``.
        """
        source = self.teller.source
        return of_groups(source, words, rows, amounts, self.place, groups=groups)

    def declared(self, words: Text, place: str, amount: int) -> Amount:
        """A figure that a declaration gives, with the way to the line where it stands."""
        said = Cited(self.say(words), place, amount)
        return Amount(amount, self.teller.link([Piece(words, amount, cited=(said,))]))


class Copy(NamedTuple):
    """One copy of a form: the keys that its figures have, and what is printed of them.

    Attributes:
        level: the code of the budget level, where the copy is of one.
        level_name: the level in words, likewise.
        own: whether that is the unit's own level; of another there is domestic state money only.
        named: what tells it from other copies of the same form, where lists name them.
    """

    where: Mapping[str, object] = {}
    legend: tuple[str, ...] = ()
    suffix: str = ""
    level: str = ""
    level_name: str = ""
    own: bool = True
    named: Text = Text("", "")


def funds_of(copy: Copy) -> tuple[str, ...]:
    """The sources of state money that a copy is of: all of them, where it names none."""
    fund = copy.where.get("fund")
    return (fund,) if isinstance(fund, str) else STATE_FUNDS


def where_of(row: RowLayout, copy: Copy) -> dict[str, object]:
    """What the figures of a row are parted by."""
    return {**copy.where} | ({} if row.autonomy is None else {"autonomy": row.autonomy})


def merged(
    keys: Iterable[tuple[Any, ...]],
    columns: Mapping[str, Mapping[tuple[Any, ...], _Cell]],
    none: _Cell,
) -> list[tuple[tuple[Any, ...], dict[str, _Cell]]]:
    """Figures of several names side by side, a row a key; ``none`` stands where there is none."""
    return [
        (key, {name: figures.get(key, none) for name, figures in columns.items()}) for key in keys
    ]


def day(value: Any) -> Any:  # noqa: ANN401  # a pandas date
    """A date of a frame, or None."""
    return None if value is None or value != value else value.date()  # noqa: PLR0124  # NaT
