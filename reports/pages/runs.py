"""What the rules made of a book as Fava holds it: one run a load, shared by every page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.beans import without_padding
from ledger.extract import Source
from ledger.problems import BadInputError
from rules.plugin import assess, kept_run, today

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Hashable

    from fava.core import FavaLedger

    from ledger.problems import Problem
    from rules.plugin import Assessed


class Run(NamedTuple):
    """One load of a book.

    Attributes:
        assessed: facts, law and outcome; None where the book cannot be used.
        problems: why it cannot.
        kept: what pages computed from it, by what they asked.
    """

    day: dt.date
    assessed: Assessed | None
    problems: tuple[Problem, ...]
    kept: dict[Hashable, Any]

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:  # noqa: ANN401  # whatever it makes
        """What ``make`` gives, computed on first use."""
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]


# The run over the present load of each book, by its top file.
_runs: dict[str, Run] = {}


def run_of(ledger: FavaLedger) -> Run:
    """The run over a book as it is loaded, as of today."""
    main = ledger.beancount_file_path
    found = _runs.get(main)
    if found is None or found.day != today():
        found = _runs[main] = _made(ledger)
    return found


def remember(main: str, run: Run) -> None:
    """Keep the run that a load made."""
    _runs[main] = run


def forget(main: str) -> None:
    """A book is loaded anew."""
    _runs.pop(main, None)


def _made(ledger: FavaLedger) -> Run:
    """The plugin's run at load, or one over the entries where the book does not name it."""
    main = ledger.beancount_file_path
    options: dict[str, Any] = {**ledger.options}
    kept = kept_run(main, options)
    if kept is not None:
        return Run(kept.outcome.as_of, kept, (), {})
    return made(Source(main, without_padding(ledger.all_entries), (), options["include"]))


def made(source: Source, left_out: tuple[Any, ...] = ()) -> Run:
    """A run over entries, or why there can be none."""
    try:
        return Run(today(), assess(source, left_out=left_out), (), {})
    except BadInputError as error:
        return Run(today(), None, error.problems, {})


def main_of(ledger: FavaLedger) -> Path:
    """The top file of a book."""
    return Path(ledger.beancount_file_path)
