"""What the rules made of a book as Fava holds it: one run a load, shared by every page."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from ledger.beans import without_padding
from ledger.extract import BookEntries
from ledger.problems import BadInputError
from rules.plugin import check_entries, kept_run, today

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Hashable, Sequence

    from fava.core import FavaLedger

    from ledger.problems import Problem
    from ledger.text import Text
    from rules.plugin import Assessed


_MOST_KEPT: Final = 64


T = TypeVar("T")


class Run(NamedTuple):
    """One load of a book.

    Attributes:
        assessed: facts, law and outcome; None where the book cannot be used.
        problems: why it cannot.
        kept: what pages computed from it, by what they asked.
        again: the same over the same load, for a server that is still there the next day.
    """

    day: dt.date
    assessed: Assessed | None
    problems: tuple[Problem, ...]
    kept: dict[Hashable, Any]
    again: Callable[[], Run]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, computed on first use."""
        if key not in self.kept:
            made = make()
            while len(self.kept) >= _MOST_KEPT:  # each filter keeps frames of its own
                self.kept.pop(next(iter(list(self.kept))), None)
            self.kept[key] = made
            return made
        kept: T = self.kept[key]
        return kept


class _Kept(NamedTuple):
    """A run, and the entries of the load that it is of; None where the loader says itself."""

    run: Run
    entries: Sequence[Any] | None


_runs: dict[str, _Kept] = {}  # by the top file


def run_of(ledger: FavaLedger) -> Run:
    """The run over a book as it is loaded, as of today."""
    kept = _runs.get(ledger.beancount_file_path)
    if kept is None or (kept.entries is not None and kept.entries is not ledger.all_entries):
        kept = _Kept(_made(ledger), ledger.all_entries)
    if kept.run.day != today():
        kept = kept._replace(run=kept.run.again())
    _runs[ledger.beancount_file_path] = kept
    return kept.run


def remember(ledger: FavaLedger, run: Run) -> None:
    """Keep the run that a loader made of what it loads, and says so at each load."""
    _runs[ledger.beancount_file_path] = _Kept(run, None)


def _made(ledger: FavaLedger) -> Run:
    """The plugin's run at load, or one over the entries where the book does not name it."""
    source = source_of(ledger)
    kept = kept_run(ledger.beancount_file_path, {**ledger.options})
    if kept is not None:
        return Run(kept.outcome.as_of, kept, (), {}, partial(made, source))
    return made(source)


def source_of(ledger: FavaLedger, added: Sequence[Any] = ()) -> BookEntries:
    """What facts are made of: a book as Fava holds it, with entries that are not in it yet."""
    entries: list[Any] = [*without_padding(ledger.all_entries), *added]
    if added:
        entries.sort(key=lambda entry: entry.date)
    return BookEntries(ledger.beancount_file_path, entries, (), files_of(ledger))


def files_of(ledger: FavaLedger) -> list[str]:
    """The files that a book is written in; Fava watches its norm files as well."""
    return [name for name in ledger.options["include"] if not name.endswith(".yaml")]


def made(source: BookEntries, left_out: tuple[Text, ...] = ()) -> Run:
    """A run over entries, or why there can be none."""
    again = partial(made, source, left_out)
    try:
        return Run(today(), check_entries(source, left_out=left_out), (), {}, again)
    except BadInputError as error:
        return unusable(error.problems)


def unusable(problems: tuple[Problem, ...]) -> Run:
    """What there is of a book that gives no figures."""
    return Run(today(), None, problems, {}, partial(unusable, problems))


def main_of(ledger: FavaLedger) -> Path:
    """The top file of a book."""
    return Path(ledger.beancount_file_path)
