"""The auditor's analytics: a sample that can be defended, patterns that prove nothing."""

from __future__ import annotations

import datetime as dt
import math
import random
from fractions import Fraction
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.analysis.analysis import analyse, digits_statement
from reports.analysis.outputs import analysis_html, write_workbook
from reports.analysis.patterns import first_digits, roundness, year_end
from reports.analysis.population import payments
from reports.analysis.sampling import Plan, draw
from tests.books import HANOI, run_cnht

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.facts import Facts

PLAN = Plan(Fraction(95, 100), Fraction(5, 100), seed=1)


def population(amounts: list[int], first: str = "2021-10-01") -> pd.DataFrame:
    days = pd.date_range(first, periods=len(amounts)).astype("datetime64[s]")
    text = [f"khoản {number}" for number in range(len(amounts))]
    columns = dict.fromkeys(("file", "narration", "voucher", "vendor", "task", "fund"), text)
    return pd.DataFrame({"date": days, "entry_line": 1, "amount": amounts, **columns})


amounts = st.lists(st.integers(-(10**9), 10**12), min_size=1, max_size=60)


@settings(max_examples=60)
@given(amounts=amounts, seed=st.integers(0, 10**6))
def test_each_dong_at_the_interval_is_in_one_payment(amounts: list[int], seed: int) -> None:
    sample = draw(population(amounts), PLAN._replace(seed=seed))
    positive = [amount for amount in amounts if amount > 0]
    assert sample.total == sum(positive)
    assert sample.payments + sample.excluded == len(amounts)
    if not positive:
        assert sample.drawn.empty
        return
    # As many dong as the plan asks for, and as many more as the last, shorter, interval holds.
    points = int(sample.drawn["hits"].sum())
    assert sample.size <= points <= math.ceil(sample.total / sample.interval)
    drawn = sample.drawn["narration"].tolist()
    sure = [f"khoản {n}" for n, amount in enumerate(amounts) if amount >= sample.interval]
    assert set(sure) <= set(drawn)
    assert sample.drawn.loc[sample.drawn["certain"], "narration"].tolist() == sure


def test_the_size_follows_from_confidence_and_tolerable_part() -> None:
    assert draw(population([10**9] * 400), PLAN).size == 60  # −ln 0,05 / 0,05 = 59,9
    wider = PLAN._replace(tolerable=Fraction(1, 10))
    assert draw(population([10**9] * 400), wider).size == 30


def test_the_seed_decides_the_sample() -> None:
    many = population([random.Random(7).randint(1, 10**8) for _ in range(500)])  # noqa: S311
    first, again = draw(many, PLAN), draw(many, PLAN)
    other = draw(many, PLAN._replace(seed=2))
    assert first.drawn.equals(again.drawn)
    assert not first.drawn.equals(other.drawn)


def test_spending_of_the_last_days_and_the_closing_counts_as_late() -> None:
    found = year_end(population([3, 1, 1, 5], first="2021-12-16"))
    assert found.from_day == dt.date(2021, 12, 17)
    assert (found.last_days, found.share) == (7, Fraction(7, 10))
    assert [(m.month, m.payments, m.amount) for m in found.months] == [("2021-12", 4, 10)]


def test_round_amounts_are_counted_by_how_round_they_are() -> None:
    rows = roundness(population([1_000_000, 10_000_000, 1_500_000, -1_000_000]))
    assert [(row.unit, row.payments, row.amount) for row in rows] == [
        (10**6, 2, 11_000_000),
        (10**7, 1, 10_000_000),
        (10**8, 0, 0),
    ]


def test_first_digits_of_few_payments_mean_nothing() -> None:
    digits = first_digits(population([10, 200, 3000]))
    assert digits.observed[:3] == (1, 1, 1)
    assert digits.chi_square is None
    assert "chưa đủ điều kiện" in digits_statement(digits).vi


def test_first_digits_that_grew_freely_agree_and_made_up_ones_do_not() -> None:
    grown = first_digits(population([int(1.02**n * 1000) for n in range(700)]))
    made = first_digits(population([5 * 10 ** (n % 4) for n in range(400)]))
    assert grown.p_value is not None
    assert grown.p_value > 0.5
    assert made.p_value is not None
    assert made.p_value < 0.001


def test_the_population_is_the_spending_of_the_units_own_funds(hanoi_facts: Facts) -> None:
    found = payments(hanoi_facts, 2021)
    postings = hanoi_facts["postings"]
    spent = postings[
        postings["family"].isin(["Expenses", "ChoThanhToan"])
        & (postings["fund"] != "DNTC")
        & (postings["budget_year"] == 2021)
    ]
    assert found["amount"].sum() == spent["amount"].sum()
    assert found["date"].is_monotonic_increasing


def test_the_workbook_and_the_page_show_the_same_sample(hanoi_facts: Facts, tmp_path: Path) -> None:
    found = analyse(hanoi_facts, 2021, PLAN)
    write_workbook(found, tmp_path / "a.xlsx", "vi")
    write_workbook(found, tmp_path / "b.xlsx", "vi")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Mẫu theo đơn vị tiền tệ"]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    page = analysis_html(found, "vi")
    assert page == analysis_html(found, "vi")
    for row in found.sample.drawn.itertuples():
        assert row.narration in cells
        assert str(row.voucher) in page
    assert page.count("<svg") == 2
    assert "<script" not in page


def test_a_year_without_payments_is_refused() -> None:
    ran = run_cnht("analyse", HANOI, "--year", "1999")
    assert ran.code == 2
    assert "không có khoản chi nào của niên độ 1999" in ran.err
    ran = run_cnht("analyse", HANOI, "--format", "xlsx")
    assert ran.code == 2
    assert "-o TỆP.xlsx" in ran.err


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_command_prints_every_part(language: str) -> None:
    ran = run_cnht("analyse", HANOI, "--year", "2021", "--lang", language)
    assert ran.code == 0
    titles = {"vi": ("Mẫu theo đơn vị tiền tệ", "Chữ số đầu"), "en": ("sample", "First digits")}
    for title in titles[language]:
        assert title in ran.out
