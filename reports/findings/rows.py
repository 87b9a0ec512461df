"""What a check found as plain rows: the one shape that every format is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from reports.citations import cite
from reports.findings.shapes import (
    SCHEMA,
    AcceptanceRow,
    CitationRow,
    ComparisonRow,
    EvidenceRow,
    ExplanationRow,
    FindingRow,
    NormRow,
    OwnFigureRow,
    PastRow,
    ProgrammeRow,
    Report,
    RuleRow,
    SelectionRow,
    SeverityWord,
    TotalsRow,
    WaiverRow,
)
from rules.assessment import Verdict
from rules.finding import Finding, Outcome, Tally, WaiverUse, total_at_issue
from rules.severity import FindingKind, Grade, Severity
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    from ledger.text import Language
    from rules.assessment import Evidence
    from rules.citation import Citation
    from rules.finding import (
        Acceptance,
        Answer,
        Comparison,
        NormUse,
        OwnFigure,
        Past,
        Selection,
    )


def report(outcome: Outcome, language: Language) -> Report:
    """The outcome as rows, worded in one language."""
    first = outcome.unseen_from or ("", 0)
    return {
        "schema": SCHEMA,
        "as_of": outcome.as_of.isoformat(),
        "unseen": outcome.unseen,
        "unseen_file": first[0],
        "unseen_line": first[1],
        "books": list(outcome.books),
        "programmes": [_programme(programme) for programme in outcome.programmes],
        "selection": _selection(outcome.selection),
        "totals": _totals(outcome),
        "findings": [finding_row(finding, language) for finding in outcome.findings],
        "accepted": [finding_row(finding, language) for finding in outcome.accepted],
        "waivers": [_waiver(use) for use in outcome.waivers],
        "baseline": _comparison(outcome.compared, outcome, language) if outcome.compared else None,
        "rules": [_rule(tally, language) for tally in outcome.tallies],
        "own_norms": list(outcome.own_norms),
        "auditor_norms": list(outcome.auditor_norms),
        "own_figures": [_own_figure(one, language) for one in outcome.own_figures],
        "norm_warnings": [text.to(language) for text in outcome.norm_warnings],
        "left_out": [text.to(language) for text in outcome.left_out],
    }


def _programme(programme: dict[str, str]) -> ProgrammeRow:
    return {
        "code": programme["code"],
        "title": programme["title"],
        "plan": programme["plan"],
        "unit": programme["unit"],
        "unit_code": programme["unit_code"],
        "budget_year": programme["budget_year"],
    }


def _totals(outcome: Outcome) -> TotalsRow:
    count = {
        severity: sum(finding.severity is severity for finding in outcome.findings)
        for severity in Severity
    }
    wrong = [finding for finding in outcome.findings if finding.kind is FindingKind.FAIL]
    at_issue, wrong_at_issue = total_at_issue(outcome.findings), total_at_issue(wrong)
    by_auditor = sum(bool(f.acceptance and f.acceptance.own) for f in outcome.accepted)
    return {
        "findings": len(outcome.findings),
        "error": count[Severity.ERROR],
        "warning": count[Severity.WARNING],
        "note": count[Severity.NOTE],
        "fail": len(wrong),
        "fail_at_issue": wrong_at_issue,
        "review": len(outcome.findings) - len(wrong),
        # What is wrong as well is counted there.
        "review_at_issue": at_issue - wrong_at_issue,
        "at_issue": at_issue,
        "accepted": len(outcome.accepted),
        "accepted_at_issue": total_at_issue(outcome.accepted),
        "accepted_by_book": len(outcome.accepted) - by_auditor,
        "accepted_by_auditor": by_auditor,
        "resting_on_own_norms": _resting(outcome, Grade.CONFIRMED),
        "tested_by_own_norms": _tested(outcome, Grade.CONFIRMED),
        "resting_on_auditor_norms": _resting(outcome, Grade.AUDITOR),
        "tested_by_auditor_norms": _tested(outcome, Grade.AUDITOR),
    }


def _resting(outcome: Outcome, grade: Grade) -> int:
    """How many findings rest on a figure of that grade."""
    return sum(any(cited.grade is grade for cited in f.citations) for f in outcome.findings)


def _tested(outcome: Outcome, grade: Grade) -> int:
    """How many subjects were measured against a figure of that grade."""
    used = [one for tally in outcome.tallies for one in tally.norms]
    return sum(one.subjects for one in used if one.citation.grade is grade)


def finding_row(finding: Finding, language: Language) -> FindingRow:
    """One finding with everything that a report says of it."""
    return {
        **_past(finding, language),
        "name": finding.name,
        "subject": finding.subject,
        "programme": finding.programme,
        "book": finding.book,
        "observed": finding.observed,
        "allowed": finding.allowed,
        "rests_on_law": finding.rests_on_law,
        "in_book": finding.in_book,
        "citations": [_citation(citation, language) for citation in finding.citations],
        "evidence": [_evidence(row, language) for row in finding.evidence],
        "change": _change(finding),
        "acceptance": _acceptance(finding.acceptance) if finding.acceptance else None,
        "explanations": [_explanation(answer) for answer in finding.answers],
    }


def _past(finding: Finding, language: Language) -> PastRow:
    file, line = finding.place
    return {
        "code": finding.code,
        "title": finding.title.to(language),
        "severity": severity_word(finding.severity),
        "message": finding.message.to(language),
        "file": file,
        "line": line,
        "at_issue": finding.at_issue,
        "fingerprint": finding.fingerprint,
        "kind": finding.kind.value,
    }


def severity_word(severity: Severity) -> SeverityWord:
    """The word of a severity in files that programs read."""
    words: dict[Severity, SeverityWord] = {
        Severity.NOTE: "note",
        Severity.WARNING: "warning",
        Severity.ERROR: "error",
    }
    return words[severity]


def _change(finding: Finding) -> Literal["new", "updated"] | None:
    if finding.change is None:
        return None
    return "updated" if finding.change == "updated" else "new"


def _citation(citation: Citation, language: Language) -> CitationRow:
    return {
        "norm": citation.norm,
        "instrument": citation.instrument,
        "article": citation.article or None,
        "text": citation.text.to(language),
        "grade": citation.grade.value if citation.grade else None,
        "source": citation.source or None,
        "reader": citation.reader,
        "cited": cite(citation, language),
    }


def _own_figure(figure: OwnFigure, language: Language) -> OwnFigureRow:
    return {
        "norm": figure.norm,
        "instrument": figure.instrument,
        "text": figure.text.to(language),
        "changes": [
            {
                "since": change.since,
                "before": change.before.to(language),
                "now": change.now.to(language),
                "loosened": change.loosened,
            }
            for change in figure.changes
        ],
        "loosened": figure.loosened,
        "findings": figure.findings,
        "at_issue": figure.at_issue,
        "file": figure.file,
        "reader": figure.reader,
        "own": figure.own,
    }


def _evidence(row: Evidence, language: Language) -> EvidenceRow:
    """A row of the book; a declaration is named in the words of messages, not of the book."""
    text = row.text if row.posting >= 0 else subject_name(row.text).to(language)
    return {
        "file": row.file,
        "line": row.line,
        "date": row.date,
        "text": text,
        "amount": row.amount,
        "at_issue": row.at_issue,
    }


def _acceptance(acceptance: Acceptance) -> AcceptanceRow:
    return {
        "by": acceptance.by,
        "reason": acceptance.reason,
        "until": acceptance.until,
        "up_to": acceptance.up_to,
        "file": acceptance.file,
        "line": acceptance.line,
        "own": acceptance.own,
    }


def _waiver(use: WaiverUse) -> WaiverRow:
    return {
        **_acceptance(use.acceptance),
        "code": use.code,
        "fingerprint": use.fingerprint,
        "state": use.state.value,
        "at_issue": use.at_issue,
    }


def _explanation(answer: Answer) -> ExplanationRow:
    return {
        "person": answer.person,
        "reason": answer.reason,
        "document": answer.document,
        "date": answer.date,
        "file": answer.file,
        "line": answer.line,
    }


def _kind(word: str) -> Literal["fail", "review"] | None:
    kinds: dict[str, Literal["fail", "review"]] = {"fail": "fail", "review": "review"}
    return kinds.get(word)


def _selection(asked: Selection) -> SelectionRow:
    return {
        "select": list(asked.select),
        "ignore": list(asked.ignore),
        "kind": _kind(asked.kind),
    }


def _comparison(compared: Comparison, outcome: Outcome, language: Language) -> ComparisonRow:
    return {
        "file": compared.file,
        "as_of": compared.as_of,
        "selection": _selection(compared.selection),
        "unchanged": [_past(finding, language) for finding in compared.unchanged],
        "absent": [_gone(past) for past in compared.absent],
        "beyond": [_gone(past) for past in compared.beyond],
        "not_compared": sum(finding.change is None for finding in outcome.findings),
    }


def _gone(past: Past) -> PastRow:
    return {
        "code": past.code,
        "title": past.title,
        "severity": severity_word(Severity[past.severity.upper()]),
        "message": past.message,
        "file": past.file,
        "line": past.line,
        "at_issue": past.at_issue,
        "fingerprint": past.fingerprint,
        "kind": _kind(past.kind) or "",
    }


def _rule(tally: Tally, language: Language) -> RuleRow:
    return {
        "code": tally.code,
        "name": tally.name,
        "title": tally.title.to(language),
        "counts": {
            verdict.value: tally.counts[verdict] for verdict in Verdict if verdict in tally.counts
        },
        "tested": tally.tested,
        "not_tested": tally.unknown,
        "unknown_reasons": [
            {"reason": reason.to(language), "subjects": count} for reason, count in tally.reasons
        ],
        "norms": [_norm(used, language) for used in tally.norms],
    }


def _norm(used: NormUse, language: Language) -> NormRow:
    return {
        **_citation(used.citation, language),
        "subjects": used.subjects,
        "failed": used.failed,
    }
