"""BUD105: a reallocation that does not sum to zero."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.bud.decisions import by_decision, estimate_rows
from rules.rows import evidence_of
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class ReallocationUnbalanced(Rule):
    """Phân bổ lại dự toán có tổng khác không.

    Kiểm tra gì:
        Các bút toán dự toán loại ``reallocation`` của một quyết định, một niên độ, một nguồn cộng
        lại bằng không.

    Vì sao:
        Phân bổ lại chỉ chuyển dự toán giữa các nhiệm vụ trong tổng số và nguồn đã giao; tổng khác
        không là tự tăng hoặc giảm dự toán.

    Ví dụ sai:
        2021-06-28 * "Phân bổ lại"
          kind: "reallocation"
          decision: "15/QĐ-SCT"
          decision-date: 2021-06-25
          Assets:DuToan:KhaDung:NV08:NSTP  -20 VND
          Assets:DuToan:KhaDung:NV05:NSTW   20 VND

    Cách sửa:
        Ghi hai bên cùng một nguồn và bằng nhau; phần tăng, giảm tổng số ghi loại ``supplement``:
          2021-06-28 * "Phân bổ lại"
            kind: "reallocation"
            decision: "15/QĐ-SCT"
            decision-date: 2021-06-25
            Assets:DuToan:KhaDung:NV08:NSTP  -20 VND
            Assets:DuToan:KhaDung:NV05:NSTP   20 VND
    """

    code = "BUD105"
    name = "budget.reallocation-unbalanced"
    title = Text("Phân bổ lại không cân", "A reallocation that does not sum to zero")
    severity = Severity.ERROR
    basis = ("nsnn83-adjustment",)
    message = Text(
        "{subject}: phân bổ lại làm dự toán {direction} {amount} đồng, tổng phải bằng không",
        "{subject}: the reallocation {direction} the estimate by {amount} VND, not by zero",
    )
    english = """What it checks:
    The postings of kind ``reallocation`` on the estimate, of one decision, budget year and fund,
    sum to zero.

Why:
    A reallocation only shifts the estimate between tasks within the total and the fund allotted;
    any other sum raises or lowers the estimate by oneself.

How to put it right:
    Book both sides of the same fund and equal; what changes the total is a ``supplement``.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a decision, fund and budget year."""
        for book, name, rows in by_decision(estimate_rows(facts, ("reallocation",))):
            for (fund, year), part in rows.groupby(["fund", "budget_year"], observed=True):
                total = int(part["amount"].sum())
                subject = f"{name} {fund}/{year}"
                if total == 0:
                    yield Assessment(subject, Verdict.PASS, book, observed=0, allowed=0)
                    continue
                side = part[(part["amount"] > 0) == (total > 0)].astype({"account": "str"})
                yield Assessment(
                    subject,
                    Verdict.FAIL,
                    book,
                    decided_on=dt.date(int(str(year)), 1, 1),
                    observed=total,
                    allowed=0,
                    at_issue=abs(total),
                    values={
                        "amount": abs(total),
                        "direction": Text("tăng", "raises")
                        if total > 0
                        else Text("giảm", "lowers"),
                    },
                    evidence=evidence_of(
                        side.sort_values(["date", "account", "amount"], kind="stable"), abs(total)
                    ),
                    in_book=True,
                )
