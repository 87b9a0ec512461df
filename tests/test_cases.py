"""Every case of every rule, and the promise that every rule has the cases it needs."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from rules.rule import Described, catalogue
from tests.cases import Case, all_cases, expected_of, outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True, scope="module")
def _little_to_collect() -> Iterator[None]:
    """The books of the cases are small beside what stays: not walked through for each of them."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.rule.code}-{case.name}")
def test_case(case: Case, tmp_path: Path) -> None:
    judgement = outcome_of(case, tmp_path)
    assert judgement.says == expected_of(case)
    assert judgement.broken == []


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.code)
def test_every_rule_has_cases_that_fire_and_that_do_not(rule: Described) -> None:
    contents = [case.content for case in all_cases() if case.rule is rule]
    assert any(content.get("fail") for content in contents), "no case fires"
    assert any(not content.get("fail") for content in contents), "no case is silent"
