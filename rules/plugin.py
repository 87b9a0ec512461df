"""The Beancount plugin ``rules.plugin``: errors of the rules where ``bean-check`` and Fava look.

Beancount knows no severity and fails on any error, so the plugin reports errors only; warnings
and notes are told by ``cnht check``. The first line of a message is the code and what is wrong,
the last the citation.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.beans import collector_off, without_padding
from ledger.extract import Source, extract
from ledger.problems import BadInputError, Problem
from rules.checking import NoProgrammeError, law_of
from rules.run import run
from rules.severity import Severity

if TYPE_CHECKING:
    from rules.finding import Finding

__plugins__ = ("check_rules",)


class RuleError(NamedTuple):
    """An error in the form that Beancount and Fava print.

    ``source`` always holds a real file and an integer line: without them ``bean-check`` stops
    and Fava shows an empty page.
    """

    source: dict[str, Any]
    message: str
    entry: None


def check_rules(
    entries: list[Any], options_map: dict[str, Any]
) -> tuple[list[Any], list[RuleError]]:
    """Run the rules over a book that Beancount loads; the entries pass unchanged."""
    main = Path(options_map["filename"])
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    try:
        with collector_off():
            facts = extract(Source(str(main), without_padding(entries)))
            if facts["programme"].empty:
                raise NoProgrammeError(str(main))
            law = law_of(facts, [main])
            outcome = run(facts, law, today)
    except BadInputError as error:
        return entries, [_from_problem(problem, main) for problem in error.problems]
    # Caches and file watchers look at this list: an edited norm must be noticed.
    options_map["include"] = sorted({*options_map["include"], *law.files})
    return entries, [
        _from_finding(finding) for finding in outcome.findings if finding.severity is Severity.ERROR
    ]


def _from_finding(finding: Finding) -> RuleError:
    file, line = finding.place
    citation = "; ".join(cited.full_name for cited in finding.citations)
    lines = [f"[{finding.code}] {finding.title.vi}", finding.message.vi, citation]
    return RuleError({"filename": file, "lineno": line}, "\n".join(filter(None, lines)), None)


def _from_problem(problem: Problem, main: Path) -> RuleError:
    remedy = f"\n{problem.remedy.vi}" if problem.remedy else ""
    return RuleError(
        {"filename": problem.file or str(main), "lineno": problem.line or 1},
        f"{problem.text.vi}{remedy}",
        None,
    )
