"""BUD108: the estimate booked differs from the decision."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ledger.accounts import STATE_FUNDS
from ledger.programmes import of_years
from ledger.text import Text, dong
from rules.assessment import Assessment, Evidence, Verdict
from rules.bud.decisions import estimate_rows
from rules.budget_years import first_day
from rules.rows import Questioned, declared, known, plain_rows, records, side_of, transaction_name
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_Key = tuple[str, str]  # book, subject
_Stated = dict[_Key, dict[int, "_Decision"]]  # by the budget year of the programme


class _Decision:
    """A decision as the programme declares it.

    Attributes:
        total: VND; a decision declared in parts counts together.
        due: the first day on which it must stand in the book.
        places: where it is declared.
    """

    def __init__(self) -> None:
        self.total = 0
        self.due = dt.date.max
        self.places: list[Evidence] = []


class DecisionTotalDiffers(Rule):
    """Dự toán ghi sổ khác tổng số của quyết định giao.

    Kiểm tra gì:
        Với mỗi quyết định, tổng dự toán ngân sách đã ghi (loại ``allotment`` và ``supplement``)
        bằng tổng số khai báo ở ``decisions`` của chương trình. Quyết định hết tháng ký mà chưa
        ghi sổ, ghi sổ mà chưa khai báo, hoặc lần giao không ghi số quyết định đều là chênh lệch;
        quyết định chưa ghi sổ chỉ đề nghị giải trình, vì văn bản có thể đến sau.

    Vì sao:
        Dự toán được giao là giới hạn của mọi khoản chi; sổ ghi khác quyết định thì giới hạn sai.

    Ví dụ sai:
        2021-01-01 custom "programme" "MAU"
          decisions: "5568/QĐ-UBND; 2020-12-09; 1000"
          …
        2021-01-01 * "Giao thiếu 1 đồng"
          kind: "allotment"
          budget-year: 2021
          decision: "5568/QĐ-UBND"
          Assets:DuToan:KhaDung:NV02:NSTP   999 VND
          Equity:GiaoDuToan:NSTP           -999 VND

    Cách sửa:
        Sửa số giao cho từng nhiệm vụ theo quyết định, hoặc khai báo quyết định còn thiếu:
          decisions: "5568/QĐ-UBND; 2020-12-09; 1000 | 2699/QĐ-UBND; 2021-06-10; 320"
    """

    code = "BUD108"
    name = "budget.decision-total"
    title = Text("Dự toán khác quyết định giao", "The estimate differs from the decision")
    severity = Severity.ERROR
    basis = ("nsnn83-spend-within-estimate", "nsnn89-spend-within-estimate")
    message = Text(
        "{subject}: sổ ghi {booked} đồng, {stated}; chênh lệch {difference} đồng",
        "{subject}: {booked} VND is booked, {stated}; the difference is {difference} VND",
    )
    english = """What it checks:
    For each decision the state estimate booked (kinds ``allotment`` and ``supplement``) equals the
    total that the programme declares in ``decisions``. A decision not booked when the
    month of its signing is over, booked and not declared, or an allotment without a decision is a
    difference; one not booked at all asks for an explanation, for the paper may come later.

Why:
    The estimate allotted bounds all spending; booked otherwise than decided, the bound is wrong.

How to put it right:
    Mend the amounts by the decision, or declare the decision that is missing.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a decision."""
        rows = estimate_rows(facts, ("allotment", "supplement"))
        rows = rows[known(rows["fund"], STATE_FUNDS)]
        stated = _stated(facts)
        booked = _booked(facts, rows, stated)
        decisions = {
            (book, _named(subject, year, years)): decision
            for (book, subject), years in stated.items()
            for year, decision in years.items()
        }
        for key in sorted(booked.keys() | decisions.keys()):
            part, decision = booked.get(key), decisions.get(key)
            if part is None and decision and decision.due > as_of:
                continue
            book, subject = key
            observed = sum(int(row.amount) for row in part or ())
            allowed = decision.total if decision else 0
            if decision and observed == allowed:
                yield Assessment(subject, Verdict.PASS, book, observed=observed, allowed=allowed)
                continue
            question = side_of(part) if part is not None else Questioned(0, ())
            due = decision.due if decision else as_of
            yield Assessment(
                subject,
                Verdict.FAIL,
                book,
                decided_on=min(row.date for row in part).date() if part is not None else due,
                observed=observed,
                allowed=allowed,
                at_issue=abs(observed - allowed),
                values={
                    "booked": observed,
                    "stated": _worded(decision),
                    "difference": observed - allowed,
                },
                evidence=(
                    *_bearing(question.evidence, abs(observed - allowed)),
                    *(decision.places if decision else ()),
                ),
                review=part is None,
                in_book=True,
            )


def _stated(facts: Facts) -> _Stated:
    """What the programmes declare; nothing is due before the budget year begins.

    A decision reaches the unit some days after it is signed: the book of its month is closed later.
    """
    found: _Stated = defaultdict(lambda: defaultdict(_Decision))
    rows = facts["allotment_decisions"].sort_values("budget_year", kind="stable")
    for row in records(rows):
        decision = found[str(row.book), f"decision {row.decision}"][int(row.budget_year)]
        decision.total += int(row.total)
        begins = first_day(int(row.budget_year))
        decision.due = min(decision.due, max(_month_after(row.decision_date.date()), begins))
        decision.places.append(declared(row, f"decisions: {row.decision}"))
    return found


def _month_after(day: dt.date) -> dt.date:
    """The first day of the month after a day's own."""
    return (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)


def _booked(facts: Facts, rows: pd.DataFrame, stated: _Stated) -> dict[_Key, list[Any]]:
    """What each decision carries; one that several programmes declare, year by year of theirs."""
    found: dict[_Key, list[Any]] = defaultdict(list)
    rows = rows.assign(programme_year=of_years(facts, rows, "budget_year"))
    for row in plain_rows(rows, "programme_year"):
        subject = f"decision {row.decision}" if row.decision else transaction_name(row)
        years = stated.get((row.book, subject), {})
        if len(years) > 1:
            subject = _named(subject, row.programme_year, years)
        found[row.book, subject].append(row)
    return found


def _named(subject: str, year: int, years: Mapping[int, _Decision]) -> str:
    """A decision of the first programme that declares it by its name, of later ones with theirs."""
    return subject if year == next(iter(years)) else f"{subject} ({year})"


def _worded(decision: _Decision | None) -> Text:
    if decision is None:
        return Text("chương trình không khai báo", "the programme declares none")
    return Text(
        f"quyết định là {dong(decision.total)} đồng",
        f"the decision is {dong(decision.total, 'en')} VND",
    )


def _bearing(evidence: tuple[Evidence, ...], at_issue: int) -> Iterator[Evidence]:
    """Evidence that bears no more than the difference."""
    left = at_issue
    for row in evidence:
        part = min(row.at_issue, left)
        left -= part
        yield row._replace(at_issue=part)
