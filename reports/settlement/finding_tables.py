"""What the check of the book found, and how it is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text
from reports.forms.grid import Amount
from reports.settlement.grounds import evidence_line
from reports.settlement.teller import Piece
from rules.rows import records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.forms.grid import Record
    from reports.settlement.desk import Copy, Desk
    from rules.finding import Finding


def findings(desk: Desk, _: Copy) -> list[Record]:
    """What the check found, gravest first, with the explanation that the book holds."""
    said = {
        (str(row.book), str(row.code), str(row.fingerprint)): (
            f"{row.person}: {row.reason} {row.document}".strip()
        )
        for row in records(desk.facts["explanations"])
    }
    ordered = sorted(desk.findings, key=lambda finding: -finding.severity)
    return [_finding(desk, finding, said) for finding in ordered]


def _accepted(desk: Desk, finding: Finding) -> str:
    """Who took the finding out of the count, in the book itself, and why."""
    if finding.acceptance is None:
        return ""
    by, reason = finding.acceptance.by, finding.acceptance.reason
    return desk.say(
        Text(f"chấp nhận trong sổ bởi {by}: {reason}", f"accepted in the book by {by}: {reason}")
    )


def _finding(desk: Desk, finding: Finding, said: Mapping[tuple[str, str, str], str]) -> Record:
    file, line = finding.place
    told = said.get((finding.book, finding.code, finding.fingerprint))
    basis = [cited.full_name for cited in finding.citations]
    return {
        "severity": desk.say(finding.severity.label),
        "code": finding.code,
        "label": desk.say(finding.message),
        "at_issue": _at_issue(desk, finding),
        "basis": "; ".join(dict.fromkeys(basis)),
        "explanation": "; ".join(filter(None, (told, _accepted(desk, finding)))),
        "fingerprint": finding.fingerprint,
        "place": desk.places.of(finding.book, file, line),
    }


def _at_issue(desk: Desk, finding: Finding) -> Amount:
    """The amount called in question, with the lines of the book that the finding shows."""
    shown = [one for one in finding.evidence if one.at_issue] or finding.evidence
    lines = [evidence_line(desk, one, one.at_issue) for one in shown]
    piece = Piece(finding.message, finding.at_issue, cited=tuple(lines))
    adds = sum(one.at_issue for one in shown) == finding.at_issue
    return Amount(finding.at_issue, desk.teller.link([piece], adds=adds))
