"""The Beancount plugin ``rules.plugin``: errors of the rules where ``bean-check`` and Fava look.

Beancount knows no severity and fails on any error, so the plugin reports errors only; warnings
and notes are told by ``cnht check``. The first line of a message is the code and what is wrong,
the last the citation. The run itself is kept, so that pages which show more of it need no second.

Beancount hands a plugin entries and options, but not the errors that it found so far, nor those
that it and other plugins find later; it prints them itself. So BOK101, which tells them anew,
stands only in ``cnht check`` and in ``cnht browse``; every other finding is the same.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.beans import collector_off, without_padding
from ledger.extract import BookEntries, extract
from ledger.problems import BadInputError, Problem
from ledger.store import files_digest
from rules.checking import NoProgrammeError, law_of
from rules.own_files import own_files_left_out
from rules.run import run
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.facts import Facts
    from ledger.text import Language, Text
    from rules.finding import Finding, Outcome
    from rules.law import Law

__plugins__ = ("check_rules",)

# The key of Beancount's options map under which a load names the run that was made of it.
RUN_OPTION: Final = "cnht-run"


class RuleError(NamedTuple):
    """An error in the form that Beancount and Fava print.

    ``source`` always holds a real file and an integer line: without them ``bean-check`` stops
    and Fava shows an empty page.
    """

    source: dict[str, Any]
    message: str
    entry: None


class Assessed(NamedTuple):
    """A book as the rules saw it at one load."""

    facts: Facts
    law: Law
    outcome: Outcome


# The last run over each book that was loaded in this process, by its top file.
_kept: dict[str, tuple[str, Assessed]] = {}


def check_rules(
    entries: list[Any], options_map: dict[str, Any]
) -> tuple[list[Any], list[RuleError]]:
    """Run the rules over a book that Beancount loads; the entries pass unchanged."""
    main = Path(options_map["filename"])
    try:
        assessed = check_entries(
            BookEntries(str(main), without_padding(entries), files=options_map["include"])
        )
    except BadInputError as error:
        return entries, [problem_error(problem, main) for problem in error.problems]
    digest = files_digest(map(Path, options_map["include"]))
    _kept[str(main)] = (digest, assessed)
    options_map[RUN_OPTION] = digest
    # Caches and file watchers look at this list: an edited norm must be noticed.
    options_map["include"] = sorted({*options_map["include"], *assessed.law.files})
    return entries, [
        finding_error(finding)
        for finding in assessed.outcome.findings
        if finding.severity is Severity.ERROR
    ]


def check_entries(source: BookEntries, *, left_out: Sequence[Text] = ()) -> Assessed:
    """The facts of a book, the law that it names, and what the rules find as of today.

    Raises:
        BadInputError: a declaration or a norm file cannot be used, or no programme is declared.
    """
    with collector_off():
        facts = extract(source)
        if facts["programme"].empty:
            raise NoProgrammeError(source.main)
        law = law_of(facts, [Path(source.main)])
        every = [*left_out, *own_files_left_out(Path(source.main))]
        return Assessed(facts, law, run(facts, law, today(), left_out=every))


def kept_run(main: str, options_map: dict[str, Any]) -> Assessed | None:
    """The run of the very load that an options map is of; None where there was none today."""
    digest, assessed = _kept.get(main, ("", None))
    if assessed is None or digest != options_map.get(RUN_OPTION):
        return None
    return assessed if assessed.outcome.as_of == today() else None


def today() -> dt.date:
    """The day by the machine's own calendar."""
    return dt.datetime.now(tz=dt.UTC).astimezone().date()


def finding_error(finding: Finding, language: Language = "vi") -> RuleError:
    """A finding as an error; one that is no error of its own says how grave it is."""
    file, line = finding.place
    citation = "; ".join(cited.full_name for cited in finding.citations)
    graver = finding.severity is Severity.ERROR
    label = "" if graver else f" ({finding.severity.label.to(language)})"
    lines = [
        f"[{finding.code}]{label} {finding.title.to(language)}",
        finding.message.to(language),
        citation,
    ]
    return RuleError({"filename": file, "lineno": line}, "\n".join(filter(None, lines)), None)


def problem_error(problem: Problem, main: Path, language: Language = "vi") -> RuleError:
    """Input that cannot be used, as an error at its line or at the book's first."""
    remedy = f"\n{problem.remedy.to(language)}" if problem.remedy else ""
    return RuleError(
        {"filename": problem.file or str(main), "lineno": problem.line or 1},
        f"{problem.text.to(language)}{remedy}",
        None,
    )
