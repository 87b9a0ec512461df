"""What the books of a set declare, each under codes of its own (khai báo của từng sổ).

Every unit numbers its supports, vouchers and papers from 1: of several books a code alone names
nothing. Tables look up what is declared here, by book and code.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from reports.settlement.figures import item_labels
from reports.settlement.places import Places
from rules.rows import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.facts import Facts

InBook = tuple[str, str]  # a book, and a code or a name in it


class Declarations:
    """Names and papers by book and code; made once of the facts: ``facts.derived``.

    A task that units title otherwise has a name of its own in each of them (see ``units``), so
    that tasks alone are known by their code.
    """

    def __init__(self, facts: Facts) -> None:
        """Nothing is read before it is asked for."""
        self._facts = facts

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Titles of tasks, in the order in which the books declare them."""
        tasks = self._facts["tasks"]
        return dict(zip(tasks["task"].astype(str), tasks["title"].astype(str), strict=True))

    def rank(self, unit: str, task: str) -> tuple[str, int, str]:
        """Where a task stands: as the book declares them, undeclared ones last."""
        return unit, self._positions.get(task, len(self._positions)), task

    def label(self, unit: str, task: str) -> str:
        """A task with its title, for the line above what is of it."""
        return f"{code_of(unit, task)}: {self.titles.get(task, '')}"

    def party(self, book: str, code: str) -> str:
        """The name of a party of a book; empty where it declares none."""
        return self._parties.get((book, code), "")

    def accepted(self, book: str, subject: str) -> Sequence[str]:
        """The acceptances of ``support HT01`` and the like."""
        return self._acceptances.get((book, subject), ())

    def units_of(self, things: Iterable[InBook]) -> dict[InBook, str]:
        """What a list adds to each thing to say whose it is: nothing where one book alone has it.

        Args:
            things: of the rows of a list, each with its book.
        """
        found = set(things)
        books = Counter(name for _, name in found)
        return {
            (book, name): f" ({self._units[book]})" if books[name] > 1 else ""
            for book, name in found
        }

    @cached_property
    def sub_items(self) -> Mapping[str, str]:
        """The first name of each sub-item among the accounts of spending."""
        return item_labels(self._facts["accounts"])[1]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {task: number for number, task in enumerate(self.titles)}

    @cached_property
    def _parties(self) -> dict[InBook, str]:
        frame = self._facts["parties"]
        columns = (frame[name].astype(str) for name in ("book", "tax_code", "title"))
        return {(book, code): title for book, code, title in zip(*columns, strict=True)}

    @cached_property
    def _acceptances(self) -> dict[InBook, list[str]]:
        found: defaultdict[InBook, list[str]] = defaultdict(list)
        frame = self._facts["acceptances"]
        columns = (frame[name].astype(str) for name in ("book", "for_", "acceptance"))
        for book, subject, name in zip(*columns, strict=True):
            found[book, subject].append(name)
        return found

    @cached_property
    def _units(self) -> Mapping[str, str]:
        return names_of_books(self._facts)


def code_of(unit: str, task: str) -> str:
    """A task as tables name it; a book of several units puts the unit before."""
    return f"{unit} · {task}" if unit else task


def names_of_books(facts: Facts) -> Mapping[str, str]:
    """What tells each book from the others: the code of its unit, its unit, else its folder."""
    frame = facts["programme"].astype({"book": "str", "unit": "str", "unit_code": "str"})
    rows = {row.book: row for row in records(frame)}
    for names in (
        {book: row.unit_code for book, row in rows.items()},
        {book: row.unit for book, row in rows.items()},
    ):
        if all(names.values()) and len(set(names.values())) == len(names):
            return names
    places = facts.derived(Places)
    return {book: places.folder(book) for book in rows}


def unit_names(facts: Facts) -> dict[str, str]:
    """The unit of each book, or its folder where the book names none."""
    frame, places = facts["programme"].astype({"book": "str", "unit": "str"}), facts.derived(Places)
    named = dict(zip(frame["book"], frame["unit"], strict=True))
    return {book: named.get(book) or places.folder(book) for book in facts.books}
