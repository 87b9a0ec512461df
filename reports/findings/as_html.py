"""Findings as one page for a browser: nothing is fetched, and no text of a book becomes markup."""

from __future__ import annotations

import base64
import hashlib
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ledger.problems import show_path
from ledger.text import Language, dong, printable
from reports.findings.rows import report
from reports.findings.words import STATES, Words

if TYPE_CHECKING:
    from reports.findings.shapes import Report
    from rules.finding import Outcome

_TEMPLATE: Final = "findings.html"
_SCRIPT: Final = "findings.js"
_FOLDER: Final = Path(__file__).parent
_VERDICTS: Final = ("pass", "fail", "not-applicable", "unknown")


def findings_html(outcome: Outcome, language: Language) -> str:
    """The whole page."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = Words(language)
    environment.globals.update(
        words=words,
        say=words.say,
        dong=dong,
        path=lambda file: printable(show_path(file)),
        verdicts=_VERDICTS,
        states={state: text.to(language) for state, text in STATES.items()},
    )
    return environment.get_template(_TEMPLATE).render(_content(report(outcome, language), words))


def _content(found: Report, words: Words) -> dict[str, Any]:
    script = (_FOLDER / _SCRIPT).read_text("utf-8")
    by_rule = groupby(found["findings"], key=lambda row: (row["severity"], row["code"]))
    return {
        "found": found,
        "groups": [list(rows) for _, rows in by_rule],
        "told": [*words.unseen(found), *words.brought(found)],
        "script": script,
        # The page's policy lets this very script run and no other.
        "script_digest": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
