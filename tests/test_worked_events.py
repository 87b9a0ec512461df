"""The worked events of a year: every figure that must come out of them, to the dong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.b01 import b01
from ledger.execution import TASK_FUND_ITEM, execution
from ledger.loading import load_facts
from tests.books import run_bean_check

if TYPE_CHECKING:
    import pandas as pd

    from ledger.facts import Facts

BOOK = Path(__file__).parent / "data" / "worked_book.beancount"
CLOSED_ON = "2022-01-31"
ESTIMATE = ("KhaDung", "CamKet")


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts(BOOK).facts


@pytest.fixture(scope="module")
def year(facts: Facts) -> pd.DataFrame:
    """Postings of city money of budget year 2021."""
    postings = facts["postings"]
    return postings[(postings["budget_year"] == 2021) & (postings["fund"] == "NSTP")]


@pytest.fixture(scope="module")
def forms(year: pd.DataFrame) -> dict[str, int]:
    """Figures by the codes of form B01/BCQT (Circular 24/2024)."""
    allotted = _sum(year, families=("GiaoDuToan",), sign=-1)
    left = _sum(year, families=ESTIMATE, kinds=_UNTIL_CLOSING)
    late = year[year["date"] > CLOSED_ON]
    return {
        "110": allotted,
        "113": allotted + _sum(year, families=("GiuLai",), sign=-1),
        "116": allotted - left,
        "119": execution_of(year),
        "126": _sum(year, families=("Expenses",), kinds=("return-to-budget",), sign=-1),
        "127": _sum(late, families=("TamUng",), sign=-1),
        "134": _sum(year, families=("TamUng",), kinds=("carry-over",), sign=-1),
        "128": _sum(year, families=ESTIMATE, kinds=("cancellation",), sign=-1),
        "135": _sum(year, families=ESTIMATE, kinds=("carry-over",), sign=-1),
    }


_CLOSING = frozenset({"cancellation", "carry-over", "recovery-from-next-year"})
_UNTIL_CLOSING = ("not", *_CLOSING)


def _sum(
    postings: pd.DataFrame,
    families: tuple[str, ...],
    kinds: tuple[str, ...] = (),
    sign: int = 1,
) -> int:
    rows = postings["family"].isin(families)
    if kinds[:1] == ("not",):
        rows &= ~postings["kind"].isin(kinds)
    elif kinds:
        rows &= postings["kind"].isin(kinds)
    return sign * int(postings.loc[rows, "amount"].sum())


def execution_of(year: pd.DataFrame) -> int:
    """Spending recognised: the figure proposed for settlement."""
    return _sum(year, families=("Expenses",))


def test_the_worked_book_is_clean() -> None:
    assert run_bean_check(BOOK).code == 0


def test_figures_of_form_b01(forms: dict[str, int]) -> None:
    assert forms == {
        "110": 2000,
        "113": 2000,
        "116": 791,
        "119": 741,
        "126": 5,
        "127": 30,
        "134": 15,
        "128": 1009,
        "135": 200,
    }


def test_the_form_of_the_program_has_the_same_figures(facts: Facts, forms: dict[str, int]) -> None:
    form = b01(facts["postings"], 2021, "NSTP", dt.date.fromisoformat(CLOSED_ON))
    assert {
        "110": form.granted,
        "113": form.opening_received + form.opening_estimate + form.granted,
        "116": form.received,
        "119": form.proposed,
        "126": form.returned,
        "127": form.to_return,
        "134": form.carried_received,
        "128": form.cancelled,
        "135": form.carried_estimate,
    } == forms
    assert (form.left, form.tax_unpaid, form.money_gap, form.estimate_gap) == (0, 0, 0, 0)


def test_the_money_is_accounted_for(forms: dict[str, int]) -> None:
    assert forms["116"] == forms["119"] + forms["126"] + forms["127"] + forms["134"]


def test_the_estimate_is_accounted_for(facts: Facts, forms: dict[str, int]) -> None:
    brought = facts["postings"]
    brought = brought[(brought["kind"] == "carry-over") & (brought["amount"] > 0)]
    code_107 = _sum(brought[brought["budget_year"] == 2021], families=("KhaDung", "TamUng"))
    assert code_107 == 0
    assert code_107 + forms["110"] == forms["116"] + forms["128"] + forms["135"]


def test_spending_by_sub_item_of_form_f01(facts: Facts) -> None:
    table = execution(facts, 2021, TASK_FUND_ITEM)
    spent = table[(table["fund"] == "NSTP") & (table["spent"] != 0)]
    by_item = spent.groupby("sub_item", observed=True)["spent"].sum()
    assert {str(item): int(amount) for item, amount in by_item.items()} == {
        "TM6651": 81,
        "TM6652": 10,
        "TM6655": 350,
        "TM6657": 30,
        "TM6758": 20,
        "TM7799": 250,
    }


def test_the_next_year_opens_with_what_was_carried_over(facts: Facts) -> None:
    table = execution(facts, 2022).set_index("task")
    assert table["advanced"].to_dict() == {"NV05": 10, "NV08": 15}
    assert table["remaining"].to_dict() == {"NV05": -10, "NV08": 200}


def test_a_recovery_is_received_and_paid_in_the_year_in_which_it_is_found(facts: Facts) -> None:
    postings = facts["postings"]
    moves = postings[(postings["kind"] == "recovery") & (postings["family"] == "TienGui")]
    assert set(moves["budget_year"]) == {2022}
    assert moves["amount"].tolist() == [7, -7]


def test_contributions_stand_outside_the_budget(facts: Facts) -> None:
    postings = facts["postings"]
    contributed = postings[postings["fund"] == "DN"]
    assert _sum(contributed, families=("PhaiThu",), kinds=("contribution-cash",), sign=-1) == 45
    assert _sum(contributed, families=("DongGop",), kinds=("contribution-return",)) == 5
    assert _sum(contributed, families=("PhaiThu",)) == 0
    table = execution(facts, 2021)
    spent = table.set_index(["task", "fund"])["spent"].to_dict()
    assert spent["NV02", "DN"] == 40 + 1
    assert (spent["NV02", "DNTC"], spent["NV08", "DNTC"]) == (120, 250)
    assert _sum(postings, families=("Khac",), sign=-1) == 1


def test_the_deposit_account_and_the_tax_account_end_at_zero(facts: Facts) -> None:
    postings = facts["postings"]
    assert _sum(postings, families=("TienGui",)) == 0
    assert _sum(postings, families=("PhaiNop",)) == 0


def test_every_task_of_state_money_comes_to_zero_with_what_it_returned(facts: Facts) -> None:
    table = execution(facts, 2021).set_index(["fund", "task"]).loc["NSTP"]
    given = table[["allotted", "adjusted", "carried_over"]].sum(axis=1)
    gone = ("cancelled", "remaining", "withheld", "committed", "advanced", "spent", "returned")
    assert given.tolist() == table[list(gone)].sum(axis=1).tolist()
    assert table["returned"].to_dict() == {"NV02": 0, "NV05": 35, "NV08": 0}


def test_what_next_years_estimate_bears_is_no_return_of_that_year(facts: Facts) -> None:
    postings = facts["postings"]
    moves = postings[(postings["kind"] == "recovery-from-next-year") & (postings["task"] != "")]
    assert int(moves.loc[moves["budget_year"] == 2022, "amount"].sum()) == 0
