"""Findings as JSON for other programs: ``{"schema": 1, …}``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rules.finding import Finding, Outcome, Tally, total_at_issue
from rules.severity import Severity

if TYPE_CHECKING:
    from ledger.text import Language
    from rules.citation import Citation
    from rules.finding import Comparison

SCHEMA: Final = 1


def findings_json(outcome: Outcome, language: Language) -> str:
    """The outcome as JSON text; amounts are whole VND, days ISO, paths absolute."""
    content = {
        "schema": SCHEMA,
        "as_of": outcome.as_of.isoformat(),
        "unseen": outcome.unseen,
        "books": list(outcome.books),
        "programmes": list(outcome.programmes),
        "totals": {
            "findings": len(outcome.findings),
            **{
                severity.name.lower(): sum(f.severity is severity for f in outcome.findings)
                for severity in Severity
            },
            "at_issue": total_at_issue(outcome.findings),
            "accepted": len(outcome.accepted),
            "accepted_at_issue": total_at_issue(outcome.accepted),
        },
        "findings": [_finding(finding, language) for finding in outcome.findings],
        "accepted": [_finding(finding, language) for finding in outcome.accepted],
        "baseline": _baseline(outcome.compared) if outcome.compared else None,
        "rules": [_tally(tally, language) for tally in outcome.tallies],
        "own_norms": list(outcome.own_norms),
        "left_out": [text.to(language) for text in outcome.left_out],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _finding(finding: Finding, language: Language) -> dict[str, Any]:
    file, line = finding.place
    return {
        "code": finding.code,
        "name": finding.name,
        "title": finding.title.to(language),
        "severity": finding.severity.name.lower(),
        "kind": str(finding.kind),
        "message": finding.message.to(language),
        "subject": finding.subject,
        "programme": finding.programme,
        "file": file,
        "line": line,
        "observed": finding.observed,
        "allowed": finding.allowed,
        "at_issue": finding.at_issue,
        "citations": [_citation(citation, language) for citation in finding.citations],
        "evidence": [
            {
                "file": row.file,
                "line": row.line,
                "date": row.date,
                "text": row.text,
                "amount": row.amount,
                "at_issue": row.at_issue,
            }
            for row in finding.evidence
        ],
        "fingerprint": finding.fingerprint,
        "change": str(finding.change) if finding.change else None,
        "acceptance": finding.acceptance._asdict() if finding.acceptance else None,
        "explanations": [answer._asdict() for answer in finding.answers],
    }


def _baseline(compared: Comparison) -> dict[str, Any]:
    return {
        "file": compared.file,
        "as_of": compared.as_of,
        "unchanged": [finding.fingerprint for finding in compared.unchanged],
        "absent": [past._asdict() for past in compared.absent],
    }


def _citation(citation: Citation, language: Language) -> dict[str, Any]:
    return {
        "norm": citation.norm,
        "instrument": citation.instrument,
        "article": citation.article or None,
        "text": citation.text.to(language),
        "grade": str(citation.grade) if citation.grade else None,
        "source": citation.source or None,
    }


def _tally(tally: Tally, language: Language) -> dict[str, Any]:
    return {
        "code": tally.code,
        "name": tally.name,
        "title": tally.title.to(language),
        "counts": {str(verdict): count for verdict, count in tally.counts.items()},
        "unknown_reasons": [
            {"reason": reason.to(language), "subjects": count} for reason, count in tally.reasons
        ],
    }
