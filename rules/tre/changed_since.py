"""TRE202: a period that was changed after it was reconciled."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from ledger.period import Period, read_period
from ledger.text import Text
from ledger.treasury import (
    ESTIMATE_FORM,
    SPENDING_FORM,
    estimate_table,
    spending_table,
    state_postings,
)
from rules.assessment import Assessment, Verdict
from rules.budget_years import closing_of
from rules.rows import declared
from rules.rule import Rule
from rules.severity import Severity
from rules.tre.obligations import recorded_closings, word_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class ChangedSince(Rule):
    """Kỳ đã đối chiếu mà số của sổ thay đổi.

    Kiểm tra gì:
        Bản ghi ``reconciled`` giữ số dư của sổ lúc đối chiếu (``closing``): số dư tiền gửi cuối kỳ,
        dự toán còn lại của 01a, tổng lũy kế của 02a. Số tính lại từ sổ bây giờ phải đúng như vậy.
        Số dư chuyển từ kỳ này sang kỳ sau, nên phần lệch đã nêu ở kỳ trước không tính lại vào số
        tiền cần xem xét của kỳ sau.

    Vì sao:
        Bút toán thêm, sửa, xóa vào kỳ đã khớp với Kho bạc làm kỳ đó không còn khớp mà không ai hay.

    Ví dụ sai:
        2021-07-08 custom "reconciled" "2021-06"
          account: "Assets:TienGui:KB01"
          digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
          closing: 91000000
        (sau đó có người ghi thêm một khoản chi ngày 15/6)

    Cách sửa:
        Sửa đúng thì đối chiếu lại kỳ đó và ghi bản mới bằng «cnht reconcile … --write»; ghi nhầm
        thì bỏ bút toán, hoặc ghi vào ngày của kỳ đang mở.
    """

    code = "TRE202"
    name = "treasury.changed-since"
    title = Text("Kỳ đã đối chiếu bị sửa", "A reconciled period was changed")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "{subject}: khi đối chiếu sổ có {then} đồng, bây giờ {now} đồng, lệch {gap} đồng",
        "{subject}: the book held {then} VND when it was reconciled, now {now}: {gap} apart",
    )
    english = """What it checks:
    A ``reconciled`` record keeps what the book held then (``closing``): the deposit balance at the
    period's end, the estimate left of 01a, the running total of 02a. Computed now, it is the same.
    Balances run on, so that a later period calls in question only what an earlier one does not.

Why:
    An entry added to, changed in or taken from a period that agreed makes it disagree unseen.

How to put it right:
    Where the change is right, reconcile again and record it; where it is not, take it back or
    date it in the open period.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a record that kept the book's figure."""
        told: dict[tuple[str, str, int], int] = {}
        books = _Books(facts)
        for row in sorted(recorded_closings(facts), key=_by_end):
            period = read_period(str(row.period))
            now = books.now(row, period, closing_of(law, period.year)) if period else None
            subject = f"{word_for(str(row.account))} {row.account} {row.period}"
            if now is None or period is None:
                reason = Text(
                    f"không hiểu kỳ hoặc tài khoản «{row.account} {row.period}»",
                    f"period or account “{row.account} {row.period}” is not understood",
                )
                yield Assessment(subject, Verdict.UNKNOWN, str(row.book), reason=reason)
                continue
            then, gap = int(row.closing), now - int(row.closing)
            # Balances run on: what an earlier period tells is not called in question again.
            chain = _chain(row, period)
            fresh, told[chain] = gap - told.get(chain, 0), gap
            yield Assessment(
                subject,
                Verdict.FAIL if gap else Verdict.PASS,
                str(row.book),
                observed=now,
                allowed=then,
                at_issue=abs(fresh) if gap else 0,
                values={"then": then, "now": now, "gap": abs(gap)},
                evidence=(declared(row, str(row.period)),) if gap else (),
                in_book=True,
            )


def _by_end(row: Any) -> tuple[str, dt.date, str]:  # noqa: ANN401  # of itertuples
    period = read_period(str(row.period))
    return str(row.book), period.end if period else dt.date.max, str(row.account)


def _chain(row: Any, period: Period) -> tuple[str, str, int]:  # noqa: ANN401  # as above
    """What a balance runs on in: an account for good, a form within its budget year."""
    of_form = row.account in {ESTIMATE_FORM, SPENDING_FORM}
    return str(row.book), str(row.account), period.year if of_form else 0


class _Books:
    """What the books hold now of what records kept."""

    def __init__(self, facts: Facts) -> None:
        self._postings = facts["postings"]
        self._state = cache(lambda year: state_postings(facts, year))

    def now(self, row: Any, period: Period, closing: dt.date | None) -> int | None:  # noqa: ANN401  # of itertuples
        """What the book of a record holds of it, VND."""
        if row.account in {ESTIMATE_FORM, SPENDING_FORM}:
            state = self._state(period.year)
            state = state[state["book"] == row.book]
            if row.account == ESTIMATE_FORM:
                return int(estimate_table(state, period, closing)["remaining"].sum())
            return int(spending_table(state, period, closing)["total_balance"].sum())
        postings = self._postings
        here = (postings["book"] == row.book) & (postings["account"] == row.account)
        if not here.any():
            return None
        until = postings["date"] <= pd.Timestamp(period.end)
        return int(postings.loc[here & until, "amount"].sum())
