"""Cases of rules as YAML: a small book, and what one rule must say of it.

Keys of a case: ``name``, ``book`` (Beancount text, added to ``rules/base.beancount``), ``fail``
(a list of ``subject``, ``at-issue``, and where wanted ``severity``, ``kind``), ``pass``,
``unknown``, ``not-applicable`` (numbers of subjects), ``as-of`` (a day, 2022-12-31 unless said),
``norms`` (a folder of ``tests/norms`` that is read like a unit's own norm files), ``packs`` (packs
of norms, those of the CNHT programme unless said), ``base`` (false to leave the common book out),
``file`` (the name of an included file that holds the book's text), ``other-book`` (the text of a
second book, given together with the first).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger import strict_yaml
from ledger.beans import load_book
from ledger.extract import Source, extract
from ledger.facts import join
from rules.assessment import Verdict
from rules.law import load_law
from rules.rule import Described, WaiverRule, catalogue
from rules.run import run

if TYPE_CHECKING:
    from ledger.facts import Facts
    from rules.law import Law

BASE = Path(__file__).parent.parent / "rules" / "base.beancount"
NORMS = Path(__file__).parent / "norms"
PACKS = ("cnht", "cnht-hanoi")


class Case(NamedTuple):
    """One case and the rule that it is of."""

    rule: Described
    name: str
    content: dict[str, Any]


KEYS = {
    *("name", "book", "fail", "pass", "unknown", "not-applicable"),
    *("as-of", "norms", "packs", "base", "file", "other-book"),
}
FAIL_KEYS = {"subject", "at-issue", "severity", "kind"}


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case of every rule; a file that says anything else is refused."""
    return tuple(case for rule in catalogue() for case in _cases_of(rule))


def _cases_of(rule: Described) -> list[Case]:
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
    return judged(case, case.rule, facts_of(case, folder), law_of(case))


def facts_of(case: Case, folder: Path) -> Facts:
    """The facts of the case's books, written into a folder."""
    book = folder / "main.beancount"
    base = "" if case.content.get("base") == "false" else BASE.read_text("utf-8")
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
    return join([extract(Source(x.main, x.entries, x.errors, x.files)) for x in loads])


def law_of(case: Case) -> Law:
    """The norms that the case is judged by."""
    extra = case.content.get("norms")
    beside = sorted((NORMS / extra).glob("*.yaml")) if extra else []
    return load_law(case.content.get("packs", PACKS), beside)


def judged(case: Case, rule: Described, facts: Facts, law: Law) -> dict[str, Any]:
    """What a rule says of the facts of a case, in the words of the case."""
    day = dt.date.fromisoformat(case.content.get("as-of", "2022-12-31"))
    # A rule over waivers needs the findings of all others.
    rules = catalogue() if isinstance(rule, WaiverRule) else [rule]
    outcome = run(facts, law, day, rules=rules).only((rule.code,), ())
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


__all__ = ["Case", "all_cases", "expected_of", "facts_of", "judged", "law_of", "outcome_of"]
