"""Cases of rules as YAML: a small book, and all that one rule must say of it.

Keys of a case: ``name``, ``book`` (Beancount text, added to ``rules/base.beancount``), ``fail``
(the findings, see below), ``pass``, ``unknown``, ``not-applicable`` (numbers of subjects, 0 unless
said), ``unknown-because`` and ``not-applicable-because`` (why, where the rule says so), ``passed``
(``subject: observed / allowed`` of the passes that tell them), ``as-of`` (a day, 2022-12-31 unless
said), ``norms`` (a folder of ``tests/norms`` that is read like a unit's own norm files), ``packs``
(packs of norms, those of the CNHT programme unless said), ``base`` (false to leave the common book
out), ``file`` (the name of an included file that holds the book's text), ``other-book`` (the text
of a second book, given together with the first), ``boundary`` (``amount``, ``date`` or ``both``:
that the case stands where one đồng or one day turns the answer). Beside ``cases``, a file whose
rule compares no amount and no day says why in ``no-boundary``, and one whose rule concerns every
book why in ``always-applies``.

A finding is said whole, as its user reads it: ``subject``, ``at-issue``, ``observed``, ``allowed``
(VND, the last two where the rule tells them), ``severity``, ``kind``, ``message`` (in Vietnamese),
``english``, ``decided-on`` (the day whose law applies, where the rule names one), ``cites`` (norm
and grade of each citation), ``evidence`` (a line of ``book`` and the VND at issue on it:
``12: 30``; ``other 12: 30`` in the second book, ``base 3`` in the common one).
``python -m tests.fill_cases CODE`` writes what a rule says into its cases.
"""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from ledger import strict_yaml
from ledger.beans import load_book
from ledger.extract import BookEntries, extract
from ledger.facts import join
from rules.assessment import Verdict
from rules.law import load_law
from rules.rule import Described, ExplanationRule, WaiverRule, catalogue
from rules.run import run
from tests import promises

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.assessment import Assessment, Evidence
    from rules.finding import Finding
    from rules.law import Law

BASE = Path(__file__).parent.parent / "rules" / "base.beancount"
NORMS = Path(__file__).parent / "norms"
PACKS = ("cnht", "cnht-hanoi")


class Case(NamedTuple):
    """One case and the rule that it is of."""

    rule: Described
    name: str
    content: dict[str, Any]


COUNTS = (Verdict.PASS, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE)
WHY = {
    Verdict.UNKNOWN: "unknown-because",
    Verdict.NOT_APPLICABLE: "not-applicable-because",
}
SAID_OF_CASE = ("fail", *WHY.values(), "passed", *map(str, COUNTS))
KEYS = {
    *("name", "boundary", "book", "as-of", "norms", "packs", "base", "file", "other-book"),
    *SAID_OF_CASE,
}
BOUNDARIES = {"amount", "date", "both"}
REASONS = {"no-boundary", "always-applies"}
SAID = ("subject", "at-issue", "severity", "kind", "message", "english", "evidence")
FAIL_KEYS = {*SAID, "observed", "allowed", "decided-on", "cites"}


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case of every rule; a file that says anything else is refused."""
    return tuple(case for rule in catalogue() for case in cases_of(rule))


def cases_of(rule: Described) -> list[Case]:
    """The cases of one rule, as they are written."""
    content = file_of(rule)
    assert {"rule", "cases"} <= set(content) <= {"rule", "cases", *REASONS}, rule.code
    assert content["rule"] == rule.code
    for case in content["cases"]:
        assert set(case) <= KEYS, (rule.code, case)
        assert {"name", "book"} <= set(case), (rule.code, case)
        assert case.get("boundary", "both") in BOUNDARIES, (rule.code, case["name"])
        assert all(set(row) <= FAIL_KEYS for row in case.get("fail", [])), (rule.code, case["name"])
    return [Case(rule, case["name"], case) for case in content["cases"]]


@cache
def file_of(rule: Described) -> dict[str, Any]:
    """What the rule's file of cases says, whole."""
    content: dict[str, Any] = strict_yaml.read_yaml(rule.cases_file()).content
    return content


class Judgement(NamedTuple):
    """What a rule said of the facts of a case.

    Attributes:
        says: in the words of a case, whole.
        broken: what every finding promises and this one does not keep.
    """

    says: dict[str, Any]
    broken: list[str]


def outcome_of(case: Case, folder: Path) -> Judgement:
    """What the rule says of the case's book."""
    return judged(case, case.rule, facts_of(case, folder), law_of(case))


def facts_of(case: Case, folder: Path) -> Facts:
    """The facts of the case's books, written into a folder."""
    book = folder / "main.beancount"
    base = _base(case)
    text = case.content["book"]
    if "file" in case.content:
        (folder / case.content["file"]).write_text(text, "utf-8")
        text = f'include "{case.content["file"]}"\n'
    book.write_text(base + "\n" + text, "utf-8")
    books = [book]
    if "other-book" in case.content:
        books.append(folder / "other.beancount")
        books[1].write_text(base + "\n" + case.content["other-book"], "utf-8")
    loads = [load_book(main) for main in books]
    return join([extract(BookEntries(x.main, x.entries, x.errors, x.files)) for x in loads])


def law_of(case: Case) -> Law:
    """The norms that the case is judged by."""
    extra = case.content.get("norms")
    beside = sorted((NORMS / extra).glob("*.yaml")) if extra else []
    return load_law(case.content.get("packs", PACKS), beside)


def judged(case: Case, rule: Described, facts: Facts, law: Law) -> Judgement:
    """What a rule says of the facts of a case."""
    day = dt.date.fromisoformat(case.content.get("as-of", "2022-12-31"))
    heard: list[Assessment] = []
    with _listening(rule, heard):
        outcome = run(facts, law, day, rules=_asked(case, rule)).only((rule.code,), ())
    tally = outcome.tallies[0]
    days = {(item.book, item.subject): item.decided_on for item in heard}
    found = [
        _said(finding, case, days[finding.book, finding.subject])
        for finding in (*outcome.findings, *outcome.accepted)
    ]
    says: dict[str, Any] = {"fail": in_case_order(found)}
    says |= {str(one): str(tally.counts[one]) for one in COUNTS if tally.counts.get(one)}
    says |= {key: value for key, value in _words_of(heard) if value}
    broken = list(promises.plan_unsaid(rule, law, day))
    broken += promises.never_found(rule, law)
    broken += [what for one in outcome.findings for what in promises.unread(rule, one, law)]
    broken += [
        f"{finding.subject}: {what}"
        for finding in outcome.findings
        for what in promises.broken_by(finding, facts)
    ]
    for item in heard:
        broken += [*promises.unprinted(rule, item), *promises.misplaced(item, facts)]
    return Judgement(says, broken)


def _words_of(heard: list[Assessment]) -> Iterator[tuple[str, list[str]]]:
    """Why subjects were not judged, and what was measured of those that pass."""
    for verdict, key in WHY.items():
        yield key, sorted({x.reason.vi for x in heard if x.verdict is verdict and x.reason})
    yield (
        "passed",
        sorted(
            f"{x.subject}: {x.observed} / {x.allowed}"
            for x in heard
            if x.verdict is Verdict.PASS and (x.observed is not None or x.allowed is not None)
        ),
    )


def _asked(case: Case, rule: Described) -> list[Described]:
    """The rule; one over waivers or explanations needs the findings that they name too."""
    if not isinstance(rule, (WaiverRule, ExplanationRule)):
        return [rule]
    text = case.content["book"] + case.content.get("other-book", "")
    return [other for other in catalogue() if other is rule or f'"{other.code}"' in text]


@contextmanager
def _listening(rule: Described, heard: list[Assessment]) -> Iterator[None]:
    """Keep what the rule says of each subject while it is asked."""
    name = "look" if isinstance(rule, (WaiverRule, ExplanationRule)) else "check"
    ask = getattr(rule, name)

    def listened(*asked: Any) -> list[Assessment]:
        heard.extend(ask(*asked))
        return heard

    with mock.patch.object(rule, name, listened):
        yield


def _said(finding: Finding, case: Case, day: dt.date | None) -> dict[str, Any]:
    """A finding in the words of a case."""
    told = {
        "subject": finding.subject,
        "at-issue": str(finding.at_issue),
        "observed": None if finding.observed is None else str(finding.observed),
        "allowed": None if finding.allowed is None else str(finding.allowed),
        "severity": finding.severity.name.lower(),
        "kind": str(finding.kind),
        "message": finding.message.vi.replace(f"{Path(finding.book).parent}/", ""),
        "english": finding.message.en.replace(f"{Path(finding.book).parent}/", ""),
        "decided-on": None if day is None else str(day),
        "cites": [f"{one.norm} {one.grade or '–'}" for one in finding.citations] or None,
        "evidence": [_place(row, case) for row in finding.evidence],
    }
    return {key: value for key, value in told.items() if value is not None}


def _place(row: Evidence, case: Case) -> str:
    """A row of evidence: the line of the case's text, the VND at issue."""
    at_issue = f": {row.at_issue}" if row.at_issue else ""
    other = Path(row.file).name == "other.beancount"
    above = 0 if "file" in case.content and not other else _lines_above(case)
    if row.line <= above:
        return f"base {row.line}{at_issue}"
    return f"{'other ' if other else ''}{row.line - above}{at_issue}"


def _lines_above(case: Case) -> int:
    """How many lines stand above the text of the case."""
    return len(_base(case).split("\n"))


def _base(case: Case) -> str:
    return "" if case.content.get("base") == "false" else BASE.read_text("utf-8")


def in_case_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings in the order in which cases write them."""
    return sorted(rows, key=lambda row: (row["subject"], str(row)))


def expected_of(case: Case) -> dict[str, Any]:
    """What the case says must come out."""
    wanted = {k: case.content[k] for k in SAID_OF_CASE if case.content.get(k, "0") != "0"}
    return {**wanted, "fail": in_case_order(case.content.get("fail", []))}
