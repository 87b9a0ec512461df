"""Findings as SARIF 2.1.0, for editors and other programs that read the standard."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.text import Language, Text, dong
from reports.rule_page import explanation
from rules.assessment import Verdict
from rules.finding import Change, Finding, Outcome, Past, Tally
from rules.rule import catalogue
from rules.severity import FindingKind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rules.assessment import Evidence
    from rules.citation import Citation
    from rules.finding import Acceptance
    from rules.rule import Described

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT: Final = "cnht/v1"

Json = dict[str, Any]


def findings_sarif(outcome: Outcome, language: Language, *, everything: bool = False) -> str:
    """The outcome as SARIF text.

    Args:
        outcome: of a run.
        language: of every message.
        everything: what held, what was not applicable and what could not be told as well; and,
            against a baseline, what is as before and what is gone.
    """
    return json.dumps(_Log(outcome, language).content(everything), ensure_ascii=False, indent=1)


class _Log:
    """One SARIF log: rules and norms are named once, and results point at them."""

    def __init__(self, outcome: Outcome, language: Language) -> None:
        self._outcome = outcome
        self._language = language
        self._rules = [rule for rule in catalogue() if rule.code in _codes(outcome)]
        self._rule_index = {rule.code: number for number, rule in enumerate(self._rules)}
        self._taxa: dict[str, dict[str, Citation]] = {}
        for cited in _citations(outcome):
            self._taxa.setdefault(cited.instrument, {}).setdefault(cited.norm, cited)

    def content(self, everything: bool) -> Json:  # noqa: FBT001  # one flag, named by its caller
        return {"$schema": SCHEMA, "version": "2.1.0", "runs": [self._run(everything)]}

    def _run(self, everything: bool) -> Json:  # noqa: FBT001  # as above
        outcome, compared = self._outcome, self._outcome.compared
        findings = [*outcome.findings, *outcome.accepted]
        results = [self._finding(finding) for finding in findings]
        if everything:
            results += [r for tally in outcome.tallies for r in self._looked_at(tally)]
            if compared:
                results += [self._finding(f, Change.UNCHANGED) for f in compared.unchanged]
                results += [self._gone(past) for past in compared.absent]
        if compared:
            for result in results:
                result.setdefault("baselineState", str(Change.NEW))
        return {
            "tool": {"driver": self._driver()},
            "language": "en" if self._language == "en" else "vi",
            "columnKind": "unicodeCodePoints",
            "invocations": [self._invocation()],
            "taxonomies": [self._taxonomy(name) for name in self._taxa],
            "results": results,
            "properties": {
                "asOf": outcome.as_of.isoformat(),
                "programmes": list(outcome.programmes),
                "books": list(outcome.books),
                "ownNorms": list(outcome.own_norms),
            },
        }

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
        title = rule.title.to(self._language)
        return {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": title},
            "fullDescription": {"text": title},
            "help": {"text": explanation(rule, self._language)},
            "defaultConfiguration": {"level": _level(rule.severity)},
        }

    def _invocation(self) -> Json:
        left_out = self._outcome.left_out
        return {
            "executionSuccessful": True,
            "toolConfigurationNotifications": [
                {"level": "warning", "message": {"text": text.to(self._language)}}
                for text in left_out
            ],
        }

    def _taxonomy(self, instrument: str) -> Json:
        return {
            "name": instrument,
            "taxa": [self._taxon(cited) for cited in self._taxa[instrument].values()],
        }

    def _taxon(self, cited: Citation) -> Json:
        grade = {"grade": str(cited.grade)} if cited.grade else {}
        return {
            "id": cited.norm,
            "shortDescription": {"text": f"{cited.article} {cited.instrument}".strip()},
            "fullDescription": {"text": cited.text.to(self._language)},
            "properties": {**grade, "source": cited.source},
        }

    def _taxon_reference(self, cited: Citation) -> Json:
        return {
            "id": cited.norm,
            "index": list(self._taxa[cited.instrument]).index(cited.norm),
            "toolComponent": {
                "name": cited.instrument,
                "index": list(self._taxa).index(cited.instrument),
            },
        }

    def _finding(self, finding: Finding, change: Change | None = None) -> Json:
        state = change or finding.change
        kind = "review" if finding.kind is FindingKind.REVIEW else "fail"
        return {
            **self._rule_reference(finding.code),
            "kind": kind,
            # The standard asks for "none" wherever a result is no failure.
            "level": _level(finding.severity) if kind == "fail" else "none",
            "message": {"text": finding.message.to(self._language)},
            "locations": [_location(*finding.place)],
            "relatedLocations": [
                {"id": number, **_location(row.file, row.line), "message": {"text": _row(row)}}
                for number, row in enumerate(finding.evidence, 1)
            ],
            "partialFingerprints": {FINGERPRINT: finding.fingerprint},
            "taxa": [self._taxon_reference(cited) for cited in finding.citations],
            **({"baselineState": str(state)} if state else {}),
            **self._suppressions(finding),
            "properties": _properties(finding),
        }

    def _suppressions(self, finding: Finding) -> Json:
        """Empty where findings are accepted and this one is not: the standard asks for it."""
        if not self._outcome.accepted:
            return {}
        accepted = finding.acceptance
        return {"suppressions": [_suppression(accepted)] if accepted else []}

    def _gone(self, past: Past) -> Json:
        return {
            **self._rule_reference(past.code),
            "kind": "informational",
            "level": "none",
            "message": {"text": past.message},
            "locations": [_location(past.file, past.line)],
            "partialFingerprints": {FINGERPRINT: past.fingerprint},
            "baselineState": str(Change.ABSENT),
            "properties": {"atIssue": past.at_issue, "severity": past.severity},
        }

    def _looked_at(self, tally: Tally) -> Iterator[Json]:
        """What one rule looked at and did not find wrong: one result a verdict and reason."""
        passes = tally.counts.get(Verdict.PASS, 0)
        if passes:
            text = Text(f"{dong(passes)} đối tượng đạt", f"{dong(passes)} subjects hold")
            yield self._look(tally, "pass", text, passes)
        apart = tally.counts.get(Verdict.NOT_APPLICABLE, 0)
        if apart:
            text = Text(f"{dong(apart)} đối tượng không áp dụng", f"{dong(apart)} do not apply")
            yield self._look(tally, "notApplicable", text, apart)
        for reason, count in tally.reasons:
            head = Text(f"{dong(count)} chưa kiểm được: ", f"{dong(count)} could not be told: ")
            yield self._look(tally, "open", Text(head.vi + reason.vi, head.en + reason.en), count)
        rest = tally.unknown - sum(count for _, count in tally.reasons)
        if rest:
            text = Text(f"{dong(rest)} chưa kiểm được", f"{dong(rest)} could not be told")
            yield self._look(tally, "open", text, rest)

    def _look(self, tally: Tally, kind: str, text: Text, count: int) -> Json:
        state = {"baselineState": str(Change.UNCHANGED)} if self._outcome.compared else {}
        return {
            **self._rule_reference(tally.code),
            "kind": kind,
            "level": "none",
            "message": {"text": text.to(self._language)},
            **state,
            "properties": {"subjects": count},
        }

    def _rule_reference(self, code: str) -> Json:
        index = self._rule_index.get(code)
        return {"ruleId": code} if index is None else {"ruleId": code, "ruleIndex": index}


def _codes(outcome: Outcome) -> set[str]:
    return {tally.code for tally in outcome.tallies}


def _citations(outcome: Outcome) -> Iterable[Citation]:
    unchanged = outcome.compared.unchanged if outcome.compared else ()
    for finding in (*outcome.findings, *outcome.accepted, *unchanged):
        yield from finding.citations


def _level(severity: Severity) -> str:
    return severity.name.lower()


def _location(file: str, line: int) -> Json:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": Path(file).absolute().as_uri()},
            "region": {"startLine": max(line, 1)},
        }
    }


def _row(row: Evidence) -> str:
    amount = f"{dong(row.amount)} VND" if row.amount else ""
    return " · ".join(part for part in (row.date, row.text, amount) if part) or "–"


def _suppression(accepted: Acceptance) -> Json:
    return {
        "kind": "external" if accepted.own else "inSource",
        "status": "accepted",
        "justification": accepted.reason,
        "location": _location(accepted.file, accepted.line),
        "properties": {
            "by": accepted.by,
            **({"until": accepted.until} if accepted.until else {}),
            **({"upTo": accepted.up_to} if accepted.up_to is not None else {}),
        },
    }


def _properties(finding: Finding) -> Json:
    properties: Json = {
        "severity": finding.severity.name.lower(),
        "programme": finding.programme,
        "subject": finding.subject,
        "atIssue": finding.at_issue,
    }
    if finding.observed is not None:
        properties["observed"] = finding.observed
    if finding.allowed is not None:
        properties["allowed"] = finding.allowed
    if finding.answers:
        properties["explanations"] = [answer._asdict() for answer in finding.answers]
    return properties
