"""STL103: an estimate neither cancelled nor carried over when the year is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import ESTIMATE_FAMILIES
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict
from rules.balances import LINE, line_name
from rules.budget_years import CLOSING, first_day
from rules.rows import evidence_of, in_order
from rules.rule import Rule
from rules.severity import Severity
from rules.stl.year_end import (
    calendar_unknown,
    kept_elsewhere,
    kept_years,
    not_yet,
    state_rows,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class BalanceLeft(Rule):
    """Dự toán còn dư sau chỉnh lý mà không hủy, không chuyển nguồn.

    Kiểm tra gì:
        Sau ngày hết thời gian chỉnh lý quyết toán, dự toán của từng nhiệm vụ, nguồn, niên độ
        (còn được sử dụng, đang giữ lại, đang cam kết chi) không còn dư. Chỉ xét niên độ mà sổ giao
        dự toán; năm sau nhận chuyển nguồn thì xét ở sổ của năm đó.

    Vì sao:
        Dự toán chưa dùng hết khi hết chỉnh lý phải hủy bỏ, trừ phần được chuyển nguồn.

    Ví dụ sai:
        2021-01-01 * "Giao dự toán, không dùng đến và không hủy"
          kind: "allotment"
          budget-year: 2021
          Assets:DuToan:KhaDung:NV02:NSTP   1000 VND
          Equity:GiaoDuToan:NSTP           -1000 VND

    Cách sửa:
        2022-01-31 * "Hủy số dư dự toán"
          kind: "cancellation"
          budget-year: 2021
          Assets:DuToan:KhaDung:NV02:NSTP  -1000 VND
          Equity:HuyDuToan:NSTP             1000 VND
    """

    code = "STL103"
    name = "settlement.balance-left"
    title = Text("Dự toán dư chưa hủy, chưa chuyển nguồn", "Estimate not cancelled after closing")
    severity = Severity.ERROR
    basis = ("nd163-cancel-unspent", "tt342-cancel-unspent", "nd73-cancel-unspent")
    message = Text(
        "{subject}: còn {left} đồng dự toán chưa hủy, chưa chuyển nguồn; hết chỉnh lý ngày {day}",
        "{subject}: {left} VND of the estimate neither cancelled nor carried over; closed on {day}",
    )
    english = """What it checks:
    After the closing period nothing is left of the estimate of each task, fund and budget year
    (available, withheld or committed). Only budget years whose estimate the book allots are
    judged; a later year that received money carried over is closed in its own book.

Why:
    An estimate not used up when the closing period ends is cancelled, except what may be carried
    over.

How to put it right:
    Record the cancellation, or the carry-over with its ground.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task, fund and budget year."""
        kept = kept_years(facts)
        rows = state_rows(facts, ESTIMATE_FAMILIES)
        left = rows.groupby(LINE, observed=True)["amount"].sum()
        for key, amount in zip(left.index.tolist(), left.tolist(), strict=True):
            book, subject, year = str(key[0]), line_name(key), int(key[-1])
            closing = law.year_day(CLOSING, year)
            if (book, year) not in kept:
                yield kept_elsewhere(subject, book)
            elif closing is None:
                yield calendar_unknown(subject, book, year)
            elif as_of <= closing.day:
                yield not_yet(subject, book, closing.day)
            elif amount <= 0:
                yield Assessment(subject, Verdict.PASS, book, observed=amount, allowed=0)
            else:
                raised = rows["amount"] > 0
                for column, part in zip(LINE, key, strict=True):
                    raised &= rows[column] == part
                yield Assessment(
                    subject,
                    Verdict.FAIL,
                    book,
                    decided_on=first_day(year),
                    observed=amount,
                    allowed=0,
                    at_issue=amount,
                    values={"left": amount, "day": day_name(closing.day)},
                    # The latest money stands unspent: it bears the amount and is shown first.
                    evidence=evidence_of(in_order(rows[raised]), amount)[::-1],
                )
