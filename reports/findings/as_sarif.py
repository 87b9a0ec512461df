"""Findings as SARIF 2.1.0, for editors and other programs that read the standard."""

from __future__ import annotations

import importlib.metadata
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from ledger.text import Language, Text, dong
from reports.findings.rows import finding_row, report, severity_word
from reports.findings.words import Words
from reports.rule_page import explanation, purpose
from rules.rule import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reports.findings.shapes import (
        AcceptanceRow,
        CitationRow,
        EvidenceRow,
        FindingRow,
        PastRow,
        RuleRow,
    )
    from rules.finding import Outcome
    from rules.rule import Described

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT: Final = "cnht/v1"
ROOT: Final = "%SRCROOT%"

Json = dict[str, Any]


def findings_sarif(outcome: Outcome, language: Language, *, everything: bool = False) -> str:
    """The outcome as SARIF text.

    Args:
        outcome: of a run.
        language: of every message.
        everything: what held, what was not applicable and what could not be told as well; and,
            against a baseline, what is as before and what is gone.
    """
    log = _Log(outcome, language)
    content = {"$schema": SCHEMA, "version": "2.1.0", "runs": [log.run(everything=everything)]}
    return json.dumps(content, ensure_ascii=False, indent=1)


class _Log:
    """One run in SARIF: rules and norms are named once, and results point at them.

    Files below the folder that all the books share are named from there, so that the log can be
    read on another machine; what lies elsewhere (an auditor's own waivers) is named in full.
    """

    def __init__(self, outcome: Outcome, language: Language) -> None:
        self._found = report(outcome, language)
        self._words = Words(language)
        compared = outcome.compared
        self._unchanged = [
            finding_row(finding, language) for finding in (compared.unchanged if compared else ())
        ]
        self._root = _shared_folder([Path(book).parent for book in outcome.books])
        ran = {rule["code"] for rule in self._found["rules"]}
        self._rules = [rule for rule in catalogue() if rule.code in ran]
        self._rule_index = {rule.code: number for number, rule in enumerate(self._rules)}
        self._taxa: dict[str, dict[str, CitationRow]] = {}
        for cited in self._citations():
            self._taxa.setdefault(cited["instrument"], {}).setdefault(cited["norm"], cited)

    def _citations(self) -> Iterator[CitationRow]:
        found = self._found
        for row in (*found["findings"], *found["accepted"], *self._unchanged):
            yield from row["citations"]

    def run(self, *, everything: bool) -> Json:
        """The run with its results."""
        found = self._found
        codes = "+".join(programme["code"] for programme in found["programmes"])
        return {
            "tool": {"driver": self._driver()},
            "automationDetails": {"id": f"cnht check/{codes}/"},
            "language": self._words.language,
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {ROOT: {"uri": self._root.as_uri() + "/"}},
            "invocations": [self._invocation()],
            "taxonomies": [self._taxonomy(name) for name in self._taxa],
            "results": list(self._results(everything=everything)),
            "properties": {
                "asOf": found["as_of"],
                "unseen": found["unseen"],
                "programmes": found["programmes"],
                "books": found["books"],
                "totals": found["totals"],
                "ownNorms": found["own_norms"],
                "auditorNorms": found["auditor_norms"],
                "ownFigures": found["own_figures"],
                "waivers": found["waivers"],
            },
        }

    def _results(self, *, everything: bool) -> Iterator[Json]:
        """What is told; against a baseline every result says how it stands to it."""
        found, compared = self._found, self._found["baseline"]
        for row in found["findings"]:
            yield self._finding(row, row["change"] or "")
        for row in found["accepted"]:
            yield self._finding(row, "unchanged" if compared else "")
        if not everything:
            return
        for rule in found["rules"]:
            yield from self._looked_at(rule, "unchanged" if compared else "")
        for row in self._unchanged:
            yield self._finding(row, "unchanged")
        for past in compared["absent"] if compared else ():
            yield self._gone(past)

    def _driver(self) -> Json:
        version = importlib.metadata.version("cnht-ledger")
        return {
            "name": "cnht",
            "fullName": f"cnht-ledger {version}",
            "semanticVersion": version,
            "rules": [self._rule(rule) for rule in self._rules],
            "supportedTaxonomies": [
                {"name": name, "index": number} for number, name in enumerate(self._taxa)
            ],
        }

    def _rule(self, rule: Described) -> Json:
        language = self._words.language
        return {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": rule.title.to(language)},
            "fullDescription": {"text": purpose(rule, language)},
            "help": {"text": explanation(rule, language)},
            "defaultConfiguration": {"level": severity_word(rule.severity)},
        }

    def _invocation(self) -> Json:
        """How it ran; what was not obeyed or seen, or was loosened, is a warning."""
        found, words = self._found, self._words
        looser = [words.own_figure(row) for row in found["own_figures"] if row["loosened"]]
        told = [*found["left_out"], *words.unseen(found), *looser, *found["norm_warnings"]]
        return {
            "executionSuccessful": True,
            "toolConfigurationNotifications": [
                {"level": "warning", "message": {"text": text}} for text in told
            ],
        }

    def _taxonomy(self, instrument: str) -> Json:
        taxa = self._taxa[instrument].values()
        return {"name": instrument, "taxa": [_taxon(cited) for cited in taxa]}

    def _finding(self, row: FindingRow, state: str) -> Json:
        fails = row["kind"] == "fail"
        return {
            **self._reference(row["code"]),
            "kind": row["kind"],
            # The standard asks for "none" wherever a result is no failure.
            "level": row["severity"] if fails else "none",
            "message": {"text": self._message(row)},
            "locations": [self._location(row["file"], row["line"])],
            "relatedLocations": [
                {
                    "id": number,
                    **self._location(evidence["file"], evidence["line"]),
                    "message": {"text": _evidence(evidence, self._words.language)},
                }
                for number, evidence in enumerate(row["evidence"], 1)
            ],
            "partialFingerprints": {FINGERPRINT: row["fingerprint"]},
            "taxa": [
                self._taxon_reference(cited)
                for cited in {cited["norm"]: cited for cited in row["citations"]}.values()
            ],
            **_state(state),
            **self._suppressions(row),
            "properties": _properties(row),
        }

    def _message(self, row: FindingRow) -> str:
        """What is wrong; then, further down, where the number was read and what the unit says."""
        head = self._words.say("Căn cứ", "Basis")
        lines = [row["message"]]
        lines += [f"{head}: {basis}" for basis in self._words.bases(row)]
        lines += [self._words.explanation(answer) for answer in row["explanations"]]
        return "\n".join(lines)

    def _suppressions(self, row: FindingRow) -> Json:
        """Empty where findings are accepted and this one is not: the standard asks for it."""
        if not self._found["accepted"]:
            return {}
        accepted = row["acceptance"]
        return {"suppressions": [self._suppression(accepted)] if accepted else []}

    def _suppression(self, accepted: AcceptanceRow) -> Json:
        return {
            "kind": "external" if accepted["own"] else "inSource",
            "status": "accepted",
            "justification": self._words.acceptance(accepted),
            "location": self._location(accepted["file"], accepted["line"]),
            "properties": accepted,
        }

    def _taxon_reference(self, cited: CitationRow) -> Json:
        return {
            "id": cited["norm"],
            "index": list(self._taxa[cited["instrument"]]).index(cited["norm"]),
            "toolComponent": {
                "name": cited["instrument"],
                "index": list(self._taxa).index(cited["instrument"]),
            },
        }

    def _gone(self, past: PastRow) -> Json:
        return {
            **self._reference(past["code"]),
            "kind": "informational",
            "level": "none",
            "message": {"text": past["message"]},
            "locations": [self._location(past["file"], past["line"])],
            "partialFingerprints": {FINGERPRINT: past["fingerprint"]},
            **_state("absent"),
            "properties": {"atIssue": past["at_issue"], "severity": past["severity"]},
        }

    def _looked_at(self, rule: RuleRow, state: str) -> Iterator[Json]:
        """What one rule looked at and did not find wrong: one result a verdict and reason."""
        passes = rule["counts"].get("pass", 0)
        if passes:
            text = Text(f"{dong(passes)} đối tượng đạt", f"{passes:,} subjects hold")
            yield self._look(rule, "pass", text, passes, state)
        apart = rule["counts"].get("not-applicable", 0)
        if apart:
            text = Text(f"{dong(apart)} đối tượng không áp dụng", f"{apart:,} do not apply")
            yield self._look(rule, "notApplicable", text, apart, state)
        rest = rule["not_tested"]
        for reason in rule["unknown_reasons"]:
            count, why = reason["subjects"], reason["reason"]
            rest -= count
            text = Text(
                f"{dong(count)} đối tượng chưa kiểm được: {why}",
                f"{count:,} subjects could not be told: {why}",
            )
            yield self._look(rule, "open", text, count, state)
        if rest:
            text = Text(
                f"{dong(rest)} đối tượng chưa kiểm được", f"{rest:,} subjects could not be told"
            )
            yield self._look(rule, "open", text, rest, state)

    def _look(self, rule: RuleRow, kind: str, text: Text, count: int, state: str) -> Json:
        return {
            **self._reference(rule["code"]),
            "kind": kind,
            "level": "none",
            "message": {"text": text.to(self._words.language)},
            **_state(state),
            "properties": {"subjects": count},
        }

    def _reference(self, code: str) -> Json:
        index = self._rule_index.get(code)
        return {"ruleId": code} if index is None else {"ruleId": code, "ruleIndex": index}

    def _location(self, file: str, line: int) -> Json:
        return {
            "physicalLocation": {
                "artifactLocation": self._artifact(Path(file).absolute()),
                "region": {"startLine": max(line, 1)},
            }
        }

    def _artifact(self, path: Path) -> Json:
        if not path.is_relative_to(self._root):
            return {"uri": path.as_uri()}
        return {"uri": quote(path.relative_to(self._root).as_posix()), "uriBaseId": ROOT}


def _shared_folder(folders: list[Path]) -> Path:
    """The folder that all books lie in; that of the first where they lie on several drives."""
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:
        return folders[0]


def _taxon(cited: CitationRow) -> Json:
    return {
        "id": cited["norm"],
        "shortDescription": {"text": f"{cited['article'] or ''} {cited['instrument']}".strip()},
        "fullDescription": {"text": cited["text"]},
        "properties": {"grade": cited["grade"], "source": cited["source"]},
    }


def _state(state: str) -> Json:
    return {"baselineState": state} if state else {}


def _evidence(row: EvidenceRow, language: Language) -> str:
    amount = f"{dong(row['amount'], language)} VND" if row["amount"] else ""
    return " · ".join(part for part in (row["date"], row["text"], amount) if part) or "–"


def _properties(row: FindingRow) -> Json:
    """What the standard has no word for; ``readIn`` tells where each number was read."""
    return {
        "severity": row["severity"],
        "programme": row["programme"],
        "subject": row["subject"],
        "atIssue": row["at_issue"],
        "observed": row["observed"],
        "allowed": row["allowed"],
        "readIn": _read_in(row["citations"]),
        "explanations": row["explanations"],
    }


def _read_in(citations: Iterable[CitationRow]) -> list[Json]:
    names = ("norm", "instrument", "article", "grade", "source", "reader")
    return [{name: dict(cited)[name] for name in names} for cited in citations]
