"""Doubled support that only several books together show, and the year's end of the clean books."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from ledger.loading import load_facts
from ledger.problems import BadInputError
from rules.checking import check_books
from rules.law import load_law
from rules.rule import all_rules
from rules.run import run
from tests.books import HANOI, write_book
from tests.cases import BASE, PACKS

if TYPE_CHECKING:
    from pathlib import Path

    from rules.finding import Outcome

AS_OF = dt.date(2022, 12, 31)
COMMON = """
2021-05-20 custom "support" "HT-1"
  task: "NV08"
  activity: "trial-production"
  enterprise: "0100000001"
  decision: "1/QĐ"
  decision-date: 2021-05-20
  eligible-cost: 500
  state-support: 250
  own-share: 250

2021-07-01 custom "contract" "12/2021/HĐ-SCT" "Gian hàng"
  task: "NV02"
  vendor: "0100000002"
  value: 100
  signed: 2021-07-01

2021-10-20 custom "invoice" "0100000002/1C21TAA/123"
  seller: "0100000002"
  buyer: "Sở Công Thương"
  total: 100
"""
MEETING = """
2021-01-01 custom "party" "8399000114" "Chuyên gia"
  role: "expert"
2021-10-12 custom "event" "{name}" "Hội thảo"
  task: "NV02"
  activity: "investment-seminar"
  start: 2021-10-12
  end: 2021-10-12
  participants: "8399000114"
"""
PAID = """
2021-10-25 * "Trả tiền"
  kind: "payment"
  voucher: "2021/UNC/1"
  contract: "12/2021/HĐ-SCT"
  vendor: "0100000002"
  invoice: "1C21TAA/123"
  Assets:DuToan:KhaDung:NV02:NSTP  -{amount} VND
  Expenses:NV02:NSTP:TM6655         {amount} VND
"""


def doubled(outcome: Outcome) -> list[tuple[str, str, int]]:
    return [
        (item.code, item.subject, item.at_issue)
        for item in sorted(outcome.findings, key=lambda item: item.code)
        if item.code.startswith("DUP")
    ]


def book(folder: Path, amount: int) -> Path:
    base = BASE.read_text("utf-8")
    return write_book(folder, COMMON + PAID.format(amount=amount), base=base)


def test_one_book_alone_shows_nothing(tmp_path: Path) -> None:
    assert doubled(check_books([book(tmp_path / "a", 60)], AS_OF)) == []


def test_two_books_together_show_what_both_support(tmp_path: Path) -> None:
    books = [book(tmp_path / "a", 60), book(tmp_path / "b", 41)]
    expected = [
        ("DUP102", "invoice 0100000002/1C21TAA/123", 1),
        ("DUP103", "enterprise 0100000001 trial-production 2021", 250),
        ("DUP104", "contract 12/2021/HĐ-SCT", 1),
    ]
    assert doubled(check_books(books, AS_OF)) == expected
    assert doubled(check_books(books[::-1], AS_OF)) == expected


def test_two_books_that_share_an_invoice_to_the_dong_are_lawful(tmp_path: Path) -> None:
    outcome = check_books([book(tmp_path / "a", 60), book(tmp_path / "b", 40)], AS_OF)
    assert "DUP102" not in {item.code for item in outcome.findings}


def messages(outcome: Outcome, code: str) -> list[str]:
    return [item.message.vi for item in outcome.findings if item.code == code]


def test_what_several_books_double_is_told_by_unit_and_book(tmp_path: Path) -> None:
    def paying(folder: str, number: str, unit: str) -> Path:
        main = book(tmp_path / folder, 60)
        text = main.read_text("utf-8").partition('2021-10-20 custom "invoice"')[0]
        paid = PAID.format(amount=60).replace("1C21TAA/123", number)
        text = text.replace('unit: "', f'unit: "{unit} ', 1)
        main.write_text(text + MEETING.format(name=folder) + paid, "utf-8")
        return main

    mains = [paying("a", "1C21TAA/0000123", "Một"), paying("b", "1C21TAA/123", "Hai")]
    outcome = check_books(mains, AS_OF)
    for code in ("DUP103", "DUP107", "DUP201"):
        (message,) = messages(outcome, code)
        assert all(f"{main}" in message for main in mains), message
        assert "Một " in message, message
        assert "Hai " in message, message
    (message,) = messages(outcome, "DUP107")
    assert "1C21TAA/0000123, 1C21TAA/123" in message
    (message,) = messages(outcome, "DUP103")
    assert message.count("HT-1 (1/QĐ) ở ") == 2


def test_a_book_given_twice_is_refused_be_it_as_a_copy(tmp_path: Path) -> None:
    mains = [book(tmp_path / name, 60) for name in ("a", "b")]
    with pytest.raises(BadInputError, match="giống hệt") as caught:
        check_books(mains, AS_OF)
    assert caught.value.problems[0].file == str(mains[1])


# Every day of the closing on which something falls due, the day before, and the month ends.
CLOSING_DAYS = (
    *("12-31", "01-01", "01-19", "01-25", "01-30", "01-31", "02-01", "02-09"),
    *("02-10", "02-14", "02-15", "02-16", "02-28", "03-31", "12-31"),
)


@pytest.mark.parametrize("name", ["hanoi-2021", "foreign-2023"])
def test_the_clean_books_have_no_finding_on_any_day_of_the_closing(name: str) -> None:
    facts = load_facts(HANOI.with_name(name) / "main.beancount").facts
    year = int(facts["programme"]["budget_year"].iloc[0])
    law = load_law(PACKS)
    rules = [rule for rule in all_rules() if rule.code.startswith(("DUP", "STL"))]
    days = [dt.date.fromisoformat(f"{year}-{CLOSING_DAYS[0]}")]
    days += [dt.date.fromisoformat(f"{year + 1}-{day}") for day in CLOSING_DAYS[1:]]
    for day in days:
        assert run(facts, law, day, rules=rules).findings == (), day
