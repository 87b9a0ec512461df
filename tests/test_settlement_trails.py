"""Figures that rest on more than one budget year, and the way from them to the book."""

from __future__ import annotations

from typing import Any

import pytest

from tests.books import ALLOTMENT, ALLOTMENT_OF_2022, write_book
from tests.settled import rows_of, settle_book, values

TWO_YEARS = (
    ALLOTMENT
    + f"""
2021-03-01 * "Chi năm trước"
  kind: "payment"
  Assets:DuToan:KhaDung:NV02:NSTP   -300 VND
  Expenses:NV02:NSTP:TM6651          300 VND
2021-04-01 * "Nhận đóng góp"
  kind: "contribution-cash"
  contributor: "0100000001"
  Assets:TienGui:KB01                 90 VND
  Income:DongGop:NV02:DN             -90 VND
2021-05-01 * "Lãi tiền gửi"
  kind: "deposit-interest"
  Assets:TienGui:KB01                  2 VND
  Income:Khac:LaiTienGui              -2 VND
2021-05-02 * "Phí tài khoản"
  kind: "bank-fee"
  Assets:TienGui:KB01                 -2 VND
  Expenses:NV02:DN:TM7049              2 VND
2021-06-01 * "Thu hồi theo kiến nghị"
  kind: "recovery"
  finding: "03/KTNN-2021"
  Assets:TienGui:KB01                 40 VND
  Liabilities:PhaiNop:NSNN           -40 VND
{ALLOTMENT_OF_2022}2022-03-01 * "Chi năm nay"
  kind: "payment"
  Assets:DuToan:KhaDung:NV02:NSTP   -200 VND
  Expenses:NV02:NSTP:TM6651          200 VND
"""
)


@pytest.fixture(scope="module")
def trails(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """The index of the second year: by the name of a figure, its row and those below it."""
    folder = tmp_path_factory.mktemp("years")
    main = write_book(folder / "book", TWO_YEARS)
    text = main.read_text("utf-8")
    coded = 'budget-year: 2021\n  programme-code: "05123"'
    main.write_text(text.replace("budget-year: 2021", coded, 1), "utf-8")
    settle_book(main, folder / "set", 2022)
    found: dict[str, list[tuple[Any, ...]]] = {}
    name = ""
    for row in values(rows_of(folder / "set"))["Căn cứ"].iter_rows(min_row=2, values_only=True):
        name = str(row[0]) if row[5] is not None else name
        found.setdefault(name, []).append(row)
    return found


def one(trails: dict[str, list[tuple[Any, ...]]], *words: str) -> list[tuple[Any, ...]]:
    """The only figure whose name has these words."""
    (found,) = (rows for name, rows in trails.items() if all(word in name for word in words))
    return found


@pytest.mark.usefixtures("no_rules")
def test_what_counts_since_the_beginning_leads_to_the_rows_of_each_year(
    trails: dict[str, list[tuple[Any, ...]]],
) -> None:
    head, *below = one(trails, "F01-02", "6651", "Lũy kế")
    assert head[4:7] == (500, 500, 0)
    assert [row[4] for row in below] == [200, 300]
    assert all(str(row[2]).startswith("Dòng sổ ") for row in below)


@pytest.mark.usefixtures("no_rules")
def test_a_finding_of_the_year_before_leads_to_its_line(
    trails: dict[str, list[tuple[Any, ...]]],
) -> None:
    head, line = one(trails, "B02", "Kiểm toán")
    assert head[4:7] == (40, 40, 0)
    assert line[1] == "01/06/2021 · Thu hồi theo kiến nghị"
    assert str(line[2]).startswith("main.beancount:")


@pytest.mark.usefixtures("no_rules")
def test_contributions_brought_forward_lead_to_their_lines(
    trails: dict[str, list[tuple[Any, ...]]],
) -> None:
    head, *below = one(trails, "CT02b", "Năm trước chuyển sang")
    assert head[4:7] == (88, 88, 0)
    assert [row[4] for row in below] == [90, -2]
