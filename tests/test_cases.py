"""Every case of every rule, and the promise that every rule has the cases it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rules.rule import Described, catalogue
from tests.cases import Case, all_cases, cases_of, expected_of, file_of, outcome_of

RULES = Path(__file__).parent.parent / "rules"


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.rule.code}-{case.name}")
def test_case(case: Case, tmp_path: Path) -> None:
    judgement = outcome_of(case, tmp_path)
    assert judgement.says == expected_of(case)
    assert judgement.broken == []


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.code)
def test_every_rule_has_cases_that_fire_that_do_not_of_no_concern_and_on_the_boundary(
    rule: Described,
) -> None:
    told = file_of(rule)
    contents = [case.content for case in cases_of(rule)]
    assert any(content.get("fail") for content in contents), "no case fires"
    assert any(not content.get("fail") for content in contents), "no case is silent"
    assert any(map(_of_no_concern, contents)) != bool(told.get("always-applies")), (
        "no case is not applicable, and always-applies does not say why; or both"
    )
    assert any("boundary" in content for content in contents) != bool(told.get("no-boundary")), (
        "no case stands on the boundary, and no-boundary does not say why; or both"
    )


def test_every_file_of_cases_is_read() -> None:
    read = {rule.cases_file() for rule in catalogue()}
    beside = {path for path in RULES.glob("*/*.yaml") if (path.parent / "__init__.py").exists()}
    assert beside == read


def _of_no_concern(content: dict[str, Any]) -> bool:
    """Whether the rule says so of a subject, or looks at nothing of the book."""
    judged = ("fail", "pass", "unknown")
    return bool(content.get("not-applicable")) or not any(content.get(key) for key in judged)
