"""The year's figures as the settlement forms will say them, and what stands in their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.accounts import STATE_FUNDS
from ledger.b01 import B01, b01
from ledger.execution import MEASURES, TASK_FUND, Measure, execution
from ledger.text import Text
from reports.settlement.figures import read_head
from rules.budget_years import closing_of
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.facts import Facts
    from rules.finding import Finding
    from rules.law import Law


class FormRow(NamedTuple):
    """A row of form B01: its code, what it says, and the figure."""

    code: str
    label: Text
    amount: int


class Form(NamedTuple):
    """Form B01 of one source."""

    fund: str
    rows: tuple[FormRow, ...]
    money_gap: int
    estimate_gap: int


class FundRow(NamedTuple):
    """The year's figures of one task and fund, VND by the names of the measures."""

    fund: str
    amounts: dict[str, int]


class TaskBlock(NamedTuple):
    """A task with its funds."""

    code: str
    title: str
    rows: tuple[FundRow, ...]


class Settlement(NamedTuple):
    """The page.

    Attributes:
        blocks: the execution table, a block a task.
        blocking: findings that the settlement cannot be signed with.
        measures: columns that have a figure.
    """

    blocks: tuple[TaskBlock, ...]
    measures: tuple[Measure, ...]
    forms: tuple[Form, ...]
    blocking: tuple[Finding, ...]


_ROWS: tuple[tuple[str, str, Text], ...] = (
    ("106", "opening_received", Text("Kinh phí đã nhận, năm trước chuyển sang", "Received before")),
    (
        "107",
        "opening_estimate",
        Text("Dự toán còn dư ở Kho bạc, năm trước chuyển sang", "Estimate brought over"),
    ),
    ("110", "allotted", Text("Dự toán giao trong năm", "Estimate of the year")),
    ("116", "received", Text("Kinh phí thực nhận trong năm", "Received in the year")),
    ("119", "proposed", Text("Kinh phí đề nghị quyết toán", "Proposed for settlement")),
    ("126", "returned", Text("Đã nộp NSNN", "Returned to the budget")),
    ("127", "to_return", Text("Còn phải nộp NSNN", "Still to be returned")),
    ("128", "cancelled", Text("Dự toán bị hủy", "Estimate cancelled")),
    ("134", "carried_received", Text("Kinh phí đã nhận, chuyển năm sau", "Received, carried over")),
    (
        "135",
        "carried_estimate",
        Text("Dự toán còn dư ở Kho bạc, chuyển năm sau", "Estimate carried over"),
    ),
)


def settlement(facts: Facts, law: Law, findings: Iterable[Finding], year: int) -> Settlement:
    """The page's content.

    Raises:
        BadInputError: the year cannot be settled from the book.
    """
    read_head(facts, year)
    blocks = _blocks(facts, year)
    amounts = [row.amounts for block in blocks for row in block.rows]
    measures = tuple(m for m in MEASURES if any(row[m.name] for row in amounts))
    return Settlement(
        blocks=blocks,
        measures=measures,
        forms=tuple(_forms(facts, law, year)),
        blocking=tuple(f for f in findings if f.severity is Severity.ERROR),
    )


def _blocks(facts: Facts, year: int) -> tuple[TaskBlock, ...]:
    tasks = facts["tasks"]
    titles = dict(zip(tasks["task"].astype(str), tasks["title"].astype(str), strict=True))
    found: dict[tuple[str, str], list[FundRow]] = {}
    for record in execution(facts, year).to_dict("records"):
        _, unit, task, fund = (str(record[name]) for name in TASK_FUND)
        amounts = {measure.name: int(record[measure.name]) for measure in MEASURES}
        found.setdefault((unit, task), []).append(FundRow(fund, amounts))
    return tuple(
        TaskBlock(":".join(filter(None, (unit, task))), titles.get(task, ""), tuple(rows))
        for (unit, task), rows in found.items()
    )


def _forms(facts: Facts, law: Law, year: int) -> Iterable[Form]:
    closing = closing_of(law, year)
    if closing is None:
        return
    postings = facts["postings"]
    of_year = postings[postings["budget_year"] == year]
    for fund in STATE_FUNDS:
        if (of_year["fund"] == fund).any():
            yield _form(b01(of_year, year, fund, closing), fund)


def _form(figures: B01, fund: str) -> Form:
    rows = tuple(FormRow(code, label, getattr(figures, name)) for code, name, label in _ROWS)
    return Form(fund, rows, figures.money_gap, figures.estimate_gap)
