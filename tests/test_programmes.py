"""A programme declared for the next year leaves what was said of the year before as it is."""

from __future__ import annotations

import datetime as dt
import functools
import shutil
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from ledger.loading import load_facts
from ledger.programmes import in_year, of_years
from reports.analysis.analysis import analyse
from reports.analysis.sampling import Plan
from rules.checking import check_books
from tests.books import ALLOTMENT, HANOI, OVERDRAWN, run_cnht, write_book
from tests.settled import fill

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.facts import Facts
    from rules.finding import Finding, Outcome
    from tests.settled import Set

SEEDED = HANOI.with_name("hanoi-2021-findings")
DAY = dt.date(2022, 12, 31)
# The decisions of the year before, restated, and money under autonomy in another unit's name.
NEXT_YEAR = """
2022-01-04 custom "programme" "KH-2022"
  plan: "12/KH-UBND"
  plan-date: 2022-01-04
  title: "Chương trình năm 2022"
  decisions: "{decisions}"
  budget-year: 2022
  unit: "Sở Công Thương (bộ phận 2022)"
  unit-code: "{unit_code}"
  budget-level: "2"
  chapter: "416"
  kind-item: "280-322"
  source-code: "13"
  programme-code: "00999"
  autonomy: TRUE
  instruments: "cnht; cnht-hanoi"
"""


def declared(book: Path) -> tuple[str, str]:
    """What the programme of a book says of its decisions and its unit."""
    words = (book / "programme.beancount").read_text("utf-8")
    said = {
        key.strip(): value.strip().strip('"')
        for key, _, value in (line.partition(":") for line in words.splitlines())
    }
    return said["decisions"], said.get("unit-code", "")


def with_next_year(source: Path, folder: Path) -> Path:
    """A copy of a bundled book that declares the programme of 2022 besides."""
    shutil.copytree(source, folder)
    main = folder / "main.beancount"
    decisions, unit_code = declared(HANOI)
    more = NEXT_YEAR.format(decisions=decisions, unit_code=unit_code)
    main.write_text(more + main.read_text("utf-8"), "utf-8")
    return main


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("programmes")


@pytest.fixture(scope="module")
def two_years(folder: Path) -> Path:
    """The clean book, with the programme of 2022."""
    return with_next_year(HANOI, folder / "clean")


@pytest.fixture(scope="module")
def outcomes(folder: Path) -> tuple[Outcome, Outcome]:
    """The seeded book as it stands, and with the programme of 2022."""
    seeded = with_next_year(SEEDED, folder / "seeded")
    return check_books([SEEDED / "main.beancount"], DAY), check_books([seeded], DAY)


def _said(finding: Finding) -> tuple[str, str, str, int]:
    return finding.fingerprint, finding.code, finding.subject, finding.at_issue


def test_every_finding_keeps_its_fingerprint(outcomes: tuple[Outcome, Outcome]) -> None:
    before, after = outcomes
    assert len(before.findings) > 100
    assert {_said(one) for one in before.findings} <= {_said(one) for one in after.findings}
    assert {one.fingerprint for one in before.accepted} == {
        one.fingerprint for one in after.accepted
    }


def test_what_is_new_is_about_the_new_year(outcomes: tuple[Outcome, Outcome]) -> None:
    before, after = outcomes
    known = {one.fingerprint for one in before.findings}
    new = [one for one in after.findings if one.fingerprint not in known]
    assert [one for one in new if one.code == "BUD108"]
    assert all("2022" in one.subject for one in new), [(o.code, o.subject) for o in new]


def test_a_finding_names_the_programme_of_its_year(outcomes: tuple[Outcome, Outcome]) -> None:
    before, after = outcomes
    named = {one.fingerprint: one.programme for one in after.findings}
    own = before.findings[0].programme
    told = {named[one.fingerprint] for one in before.findings if "2022" not in one.subject}
    assert own in told
    overdrawn = next(one for one in before.findings if one.code == "BUD101")
    assert named[overdrawn.fingerprint] == own


@functools.cache
def facts_of(main: Path) -> Facts:
    return load_facts(main).facts


def test_the_forms_of_the_first_year_stay(two_years: Path, hanoi_facts: Facts) -> None:
    def figures(done: Set) -> list[object]:
        return [(one.sheet, one.fund, str(one.grid)) for one in done.filled]

    assert figures(fill(facts_of(two_years))) == figures(fill(hanoi_facts))


def test_the_official_set_is_not_held_up_by_the_next_year(two_years: Path, tmp_path: Path) -> None:
    asked = ("settle", two_years, "--year", "2021", "--no-pdf", "-o", tmp_path / "bo")
    ran = run_cnht(*asked)
    assert ran.code == 0, ran.out + ran.err


def test_each_row_is_told_the_programme_of_its_year(two_years: Path) -> None:
    facts = facts_of(two_years)
    rows = facts["postings"][["book", "budget_year"]].drop_duplicates()
    told = dict(zip(rows["budget_year"], of_years(facts, rows, "code"), strict=True))
    assert told[2022] == "KH-2022"
    assert told[2021] != "KH-2022"
    assert in_year(facts, 2020)["code"].tolist() == [told[2021]]
    assert in_year(facts, 2025)["code"].tolist() == ["KH-2022"]


def test_an_analysis_is_headed_by_the_programme_of_its_year(two_years: Path) -> None:
    facts = facts_of(two_years)
    plan = Plan(Fraction(95, 100), Fraction(5, 100), 49)
    assert "KH-2022" not in analyse(facts, 2021, plan).title
    assert "KH-2022" in analyse(facts, None, plan).title


def test_a_baseline_of_the_year_before_still_compares(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN)
    before = tmp_path / "before.json"
    run_cnht("check", book, "--no-cache", "--format", "json", "-o", before)
    text = book.read_text("utf-8")
    more = NEXT_YEAR.format(decisions="9/QĐ-UBND; 2021-12-09; 1000", unit_code="")
    book.write_text(text + more, "utf-8")
    ran = run_cnht("check", book, "--no-cache", "--baseline", before, "--select", "BUD101")
    assert ran.code == 0, ran.out + ran.err
