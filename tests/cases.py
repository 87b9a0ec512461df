"""Cases of rules as YAML: a small book, and what one rule must say of it.

Keys of a case: ``name``, ``book`` (Beancount text, added to ``rules/base.beancount``), ``fail``
(a list of ``subject``, ``at-issue``, and where wanted ``severity``, ``kind``), ``pass``,
``unknown``, ``not-applicable`` (numbers of subjects), ``as-of`` (a day, 2022-12-31 unless said),
``norms`` (a folder of ``tests/norms`` that is read like a unit's own norm files), ``packs`` (packs
of norms, those of the CNHT programme unless said), ``base`` (false to leave the common book out).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

from ledger import strict_yaml
from ledger.beans import load_book
from ledger.extract import Source, extract
from rules.assessment import Verdict
from rules.law import load_law
from rules.rule import Rule, all_rules
from rules.run import run

BASE = Path(__file__).parent.parent / "rules" / "base.beancount"
NORMS = Path(__file__).parent / "norms"
PACKS = ("cnht", "cnht-hanoi")


class Case(NamedTuple):
    """One case and the rule that it is of."""

    rule: Rule
    name: str
    content: dict[str, Any]


KEYS = {"name", "book", "fail", "pass", "unknown", "not-applicable", "as-of"}
KEYS |= {"norms", "packs", "base"}
FAIL_KEYS = {"subject", "at-issue", "severity", "kind"}


def all_cases() -> list[Case]:
    """Every case of every rule; a file that says anything else is refused."""
    return [case for rule in all_rules() for case in _cases_of(rule)]


def _cases_of(rule: Rule) -> list[Case]:
    content = strict_yaml.read_yaml(rule.cases_file()).content
    assert set(content) == {"rule", "cases"}, rule.code
    assert content["rule"] == rule.code
    for case in content["cases"]:
        assert set(case) <= KEYS, (rule.code, case)
        assert {"name", "book"} <= set(case), (rule.code, case)
        assert all(set(row) <= FAIL_KEYS for row in case.get("fail", [])), (rule.code, case["name"])
    return [Case(rule, case["name"], case) for case in content["cases"]]


def outcome_of(case: Case, folder: Path) -> dict[str, Any]:
    """What the rule says of the case's book, in the words of the case."""
    book = folder / "main.beancount"
    base = "" if case.content.get("base") == "false" else BASE.read_text("utf-8")
    book.write_text(base + "\n" + case.content["book"], "utf-8")
    loaded = load_book(book)
    facts = extract(Source(loaded.main, loaded.entries, loaded.errors, loaded.files))
    extra = case.content.get("norms")
    beside = sorted((NORMS / extra).glob("*.yaml")) if extra else []
    law = load_law(case.content.get("packs", PACKS), beside)
    day = dt.date.fromisoformat(case.content.get("as-of", "2022-12-31"))
    outcome = run(facts, law, day, rules=[case.rule])
    counts = outcome.tallies[0].counts
    wanted = case.content.get("fail", [])
    found = [
        {
            "subject": finding.subject,
            "at-issue": str(finding.at_issue),
            "severity": finding.severity.name.lower(),
            "kind": str(finding.kind),
        }
        for finding in outcome.findings
    ]
    asked = sorted({key for item in wanted for key in item}) or ["subject", "at-issue"]
    result: dict[str, Any] = {
        "fail": sorted(
            ({key: item[key] for key in asked} for item in found), key=lambda i: i["subject"]
        )
    }
    for verdict in (Verdict.PASS, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE):
        if verdict in case.content:
            result[str(verdict)] = str(counts.get(verdict, 0))
    return result


def expected_of(case: Case) -> dict[str, Any]:
    """What the case says must come out."""
    result: dict[str, Any] = {
        "fail": sorted(case.content.get("fail", []), key=lambda item: item["subject"])
    }
    for verdict in (Verdict.PASS, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE):
        if verdict in case.content:
            result[str(verdict)] = case.content[verdict]
    return result


__all__ = ["Case", "all_cases", "expected_of", "outcome_of"]
