"""The seeded book: every rule has its case there, and each seed yields its rows and no other."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
import math
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from ledger.strict_yaml import read_yaml
from rules.checking import check_books
from rules.law import load_law
from rules.rule import catalogue
from tests.books import HANOI, run_cnht

if TYPE_CHECKING:
    from pathlib import Path

    from rules.finding import Outcome

SEEDED = HANOI.with_name("hanoi-2021-findings")
DAY = dt.date(2022, 12, 31)
HEAD = ";; #seed-"
# Limits that only other packs set: their rules have cases, and no seed in this book.
ELSEWHERE = {"NRM102", "NRM202"}


@functools.cache
def expected() -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = read_yaml(SEEDED / "expected.yaml").content["findings"]
    return content


@functools.cache
def sections() -> dict[str, str]:
    """The text of each seed in the files ``seeds-<family>.beancount``, by name."""
    texts = [file.read_text("utf-8") for file in sorted(SEEDED.glob("seeds-*.beancount"))]
    parts = [part for text in texts for part in ("\n" + text).split("\n" + HEAD)[1:]]
    return {part.split(":")[0].split()[0]: part for part in parts}


def rows(findings: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return sorted((item["code"], item["subject"], item["at-issue"]) for item in findings)


def found(outcome: Outcome) -> list[tuple[str, str, str]]:
    return sorted((f.code, f.subject, str(f.at_issue)) for f in outcome.findings)


def test_the_check_finds_exactly_what_is_expected() -> None:
    ran = run_cnht("check", SEEDED, "--as-of", DAY.isoformat(), "--format", "json")
    told = [(f["code"], f["subject"], str(f["at_issue"])) for f in json.loads(ran.out)["findings"]]
    assert (ran.code, sorted(told)) == (1, rows(expected()))


def test_every_rule_is_seeded() -> None:
    codes = {rule.code for rule in catalogue()}
    assert {item["code"] for item in expected()} == codes - ELSEWHERE


def test_the_book_s_packs_hold_nothing_for_the_rules_not_seeded_here() -> None:
    norms = load_law(["cnht", "cnht-hanoi"]).norms.values()
    limits = [limit for norm in norms for value in norm.values for limit in value.limits or ()]
    assert not any(limit.of in {"year-funds", "task-funds"} for limit in limits)
    assert not any(limit.measure == "count" and limit.unit for limit in limits)


def test_every_seed_is_told_in_prose_and_tagged() -> None:
    assert set(sections()) == {item["seed"] for item in expected()}
    for name, text in sections().items():
        prose = text.split(":", 1)[1].split("\n\n")[0]
        assert len(prose) > 40, name
        assert f"#seed-{name}" in text or f'seed: "{name}"' in text, name


def groups_of_seeds() -> dict[str, frozenset[str]]:
    """Seeds to take out together: each seed stands in another half of the groups.

    Of any two seeds some group takes out the one and leaves the other in. So a row that is told of
    the wrong seed, that needs a second seed as well, or that a second seed hides, shows up as
    surely as if each seed were taken out by itself, in ten checks and not one for each seed.
    """
    names = sorted(sections())
    count = next(n for n in itertools.count(1) if math.comb(n, n // 2) >= len(names))
    halves = itertools.combinations(range(count), count // 2)
    groups: dict[str, set[str]] = {f"group-{number}": set() for number in range(count)}
    for name, half in zip(names, halves, strict=False):
        for number in half:
            groups[f"group-{number}"].add(name)
    return {group: frozenset(seeds) for group, seeds in groups.items()}


def test_every_two_seeds_are_parted_by_some_group() -> None:
    groups = groups_of_seeds().values()
    for out, left in itertools.permutations(sections(), 2):
        assert any(out in group and left not in group for group in groups), (out, left)


@pytest.mark.parametrize("group", groups_of_seeds())
def test_taking_seeds_out_removes_exactly_their_rows(group: str, tmp_path: Path) -> None:
    out = groups_of_seeds()[group]
    book = tmp_path / "book"
    shutil.copytree(SEEDED, book)
    for path in book.glob("seeds-*.beancount"):
        text = path.read_text("utf-8")
        for seed in out:
            text = text.replace(HEAD + sections()[seed], "")
        path.write_text(text, "utf-8")
    left = [item for item in expected() if item["seed"] not in out]
    assert found(check_books([book / "main.beancount"], DAY)) == rows(left)


def test_the_rest_is_the_clean_book_word_for_word() -> None:
    for file in HANOI.glob("*.beancount"):
        # What was reconciled there keeps no balances: the seeds change them.
        if file.name not in {"main.beancount", "reconciled.beancount"}:
            assert (SEEDED / file.name).read_bytes() == file.read_bytes(), file.name
