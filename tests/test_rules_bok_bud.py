"""What the cases of one book in one order cannot say of the rules of the book and the estimate."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from ledger.beans import load_book
from ledger.extract import BookEntries, extract
from ledger.facts import Facts, join
from rules.law import load_law
from rules.rule import all_rules
from rules.run import run
from tests.cases import BASE, PACKS, all_cases

if TYPE_CHECKING:
    from pathlib import Path

    from rules.rule import Rule
    from tests.cases import Case

AS_OF = dt.date(2022, 12, 31)
RULES = {rule.code: rule for rule in all_rules() if rule.code.startswith(("BOK", "BUD"))}
FAILING = [case for case in all_cases() if case.rule.code in RULES and case.content.get("fail")]

PAID = """
2021-05-10 * "Chi"
  kind: "payment"
  contract: "12/2021/HĐ-SCT"
  Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
  Expenses:NV02:NSTP:TM6655         500 VND
"""
CONTRACT = """
2021-05-04 custom "contract" "12/2021/HĐ-SCT" "Thuê gian hàng"
  task: "NV02"
  vendor: "0100000002"
  value: 1000
  signed: 2021-05-04
"""


def facts_of(text: str, book: Path) -> Facts:
    book.parent.mkdir(exist_ok=True)
    book.write_text(text, "utf-8")
    loaded = load_book(book)
    return extract(BookEntries(loaded.main, loaded.entries, loaded.errors, loaded.files))


def backwards(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows in the other order, and the texts of each column in the other order."""
    if frame.empty:
        return frame
    turned = frame.iloc[::-1].reset_index(drop=True)
    for column in turned:
        if isinstance(turned[column].dtype, pd.CategoricalDtype):
            texts = [text for text in turned[column].cat.categories if text]
            turned[column] = turned[column].cat.set_categories(["", *texts[::-1]])
    return turned


def told(facts: Facts, rule: Rule) -> list[tuple[object, ...]]:
    outcome = run(facts, load_law(PACKS), AS_OF, rules=[rule])
    return [
        (found.subject, found.at_issue, found.message, sum(row.at_issue for row in found.evidence))
        for found in outcome.findings
    ]


@pytest.mark.parametrize("case", FAILING, ids=lambda case: f"{case.rule.code}-{case.name}")
def test_order_of_rows_never_changes_a_finding(case: Case, tmp_path: Path) -> None:
    base = "" if case.content.get("base") == "false" else BASE.read_text("utf-8")
    facts = facts_of(base + "\n" + case.content["book"], tmp_path / "main.beancount")
    turned = Facts({name: backwards(frame) for name, frame in facts.frames.items()})
    assert told(turned, case.rule) == told(facts, case.rule)


def test_declarations_hold_within_their_own_book(tmp_path: Path) -> None:
    base = BASE.read_text("utf-8")
    declares = facts_of(base + CONTRACT + PAID, tmp_path / "a" / "main.beancount")
    does_not = facts_of(base + PAID, tmp_path / "b" / "main.beancount")
    findings = run(
        join([declares, does_not]), load_law(PACKS), AS_OF, rules=[RULES["BOK202"]]
    ).findings
    assert [(found.subject, found.at_issue, found.book) for found in findings] == [
        ("contract 12/2021/HĐ-SCT", 500, str(tmp_path / "b" / "main.beancount"))
    ]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_book_without_transactions_has_no_findings(rule: Rule, tmp_path: Path) -> None:
    facts = facts_of(BASE.read_text("utf-8"), tmp_path / "main.beancount")
    # The decision that the programme declares is asked for; the parties of the common book have
    # codes that no party can have, and nothing names them.
    parties = ["party 0100000001", "party 0100000002"]
    expected = {"BUD108": ["decision 5568/QĐ-UBND"], "BOK501": parties, "BOK505": parties}
    outcome = run(facts, load_law(PACKS), AS_OF, rules=[rule])
    assert [found.subject for found in outcome.findings] == expected.get(rule.code, [])


def test_passes_and_findings_cover_every_posting(tmp_path: Path) -> None:
    text = BASE.read_text("utf-8") + PAID + PAID.replace('"payment"', '"advance"')
    facts = facts_of(text, tmp_path / "main.beancount")
    tally = run(facts, load_law(PACKS), AS_OF, rules=[RULES["BOK301"]]).tallies[0]
    assert tally.tested == len(facts["postings"])


def test_a_line_of_the_estimate_is_named_by_its_unit_and_told_with_its_book(
    tmp_path: Path,
) -> None:
    accounts = [f"Assets:DuToan:KhaDung:{name}" for name in ("SCT:NV02:NSTP", "NV05:NSTP")]
    opened = "\n".join(f"2021-01-01 open {name} VND" for name in accounts)
    moved = "".join(
        f'2021-05-10 * "Ghi"\n  kind: "{kind}"\n  {name}  {amount} VND\n'
        f"  Equity:GiaoDuToan:NSTP  {-amount} VND\n"
        for name, last in zip(accounts, (-15, -10), strict=True)
        for kind, amount in (("allotment", 10), ("payment", last))
    )
    main = tmp_path / "so" / "main.beancount"
    facts = facts_of(f"{BASE.read_text('utf-8')}\n{opened}\n{moved}", main)
    found = RULES["BUD101"].check(facts, load_law(PACKS), AS_OF)
    said = {item.subject: (str(item.verdict), item.book, item.allowed) for item in found}
    assert said["SCT/NV02/NSTP/2021"] == ("fail", str(main), 0)
    assert said["NV05/NSTP/2021"] == ("pass", str(main), 0)
