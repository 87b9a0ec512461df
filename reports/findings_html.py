"""Findings as one page for a browser: nothing is fetched, and no text of a book becomes markup."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ledger.problems import show_path
from ledger.text import Language, Text, dong
from reports.accepted import (
    CHANGES,
    acceptance_words,
    accepted_count,
    answer_words,
    comparison_words,
    own_norms_words,
)
from reports.citations import cite
from rules.assessment import Verdict
from rules.finding import total_at_issue
from rules.severity import FindingKind, Severity

if TYPE_CHECKING:
    from rules.finding import Finding, Outcome

_TEMPLATE: Final = "findings.html"
_VERDICTS: Final = (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.UNKNOWN)


def findings_html(outcome: Outcome, language: Language) -> str:
    """The whole page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def say(vi: str, en: str) -> str:
        return en if language == "en" else vi

    def words(text: Text) -> str:
        return text.to(language)

    environment.globals.update(say=say, words=words, dong=dong, path=show_path, language=language)
    return environment.get_template(_TEMPLATE).render(_content(outcome, language))


def _content(outcome: Outcome, language: Language) -> dict[str, Any]:
    ordered = sorted(outcome.findings, key=lambda f: (-f.severity, f.code, f.subject))
    told = [accepted_count(outcome), own_norms_words(outcome)]
    told.append(comparison_words(outcome.compared) if outcome.compared else None)
    return {
        "outcome": outcome,
        "counts": [
            (severity, sum(f.severity is severity for f in outcome.findings))
            for severity in reversed(Severity)
        ],
        "at_issue": total_at_issue(outcome.findings),
        "told": [text for text in told if text],
        "groups": [
            [_shown(finding, language) for finding in findings]
            for _, findings in groupby(ordered, key=lambda f: (f.severity, f.code))
        ],
        "accepted": [_shown(finding, language) for finding in outcome.accepted],
        "tallies": [
            (tally, [tally.counts.get(verdict, 0) for verdict in _VERDICTS])
            for tally in outcome.tallies
        ],
    }


def _shown(finding: Finding, language: Language) -> dict[str, Any]:
    acceptance = finding.acceptance
    return {
        "it": finding,
        "level": finding.severity.name.lower(),
        "review": finding.kind is FindingKind.REVIEW,
        "file": finding.place[0],
        "line": finding.place[1],
        "cited": [cite(citation, language) for citation in finding.citations],
        "accepted": acceptance_words(acceptance).to(language) if acceptance else "",
        "answers": [answer_words(answer).to(language) for answer in finding.answers],
        "change": CHANGES[finding.change].to(language) if finding.change else "",
    }
