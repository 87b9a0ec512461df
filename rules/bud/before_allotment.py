"""BUD104: drawn or committed before the estimate was allotted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import Family
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict
from rules.balances import LINE, granted_from, line_name
from rules.rows import one_side
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

# What the treasury takes from the estimate by itself is no drawing of the unit's.
_TAKEN_BY_TREASURY: Final = "recovery-from-next-year"
_PROVISIONAL: Final = "nsnn83-provisional"


class BeforeAllotment(Rule):
    """Rút, cam kết hoặc chi khi chưa được giao dự toán.

    Kiểm tra gì:
        Mọi bút toán giảm dự toán khả dụng của một nhiệm vụ, một nguồn, một niên độ có ngày từ
        lần giao, bổ sung, phân bổ hoặc chuyển nguồn đầu tiên của dòng đó trở đi.

    Vì sao:
        Chi ngân sách chỉ được thực hiện khi đã có trong dự toán được giao. Ngoại lệ là tạm cấp
        đầu năm cho các nhiệm vụ mà luật liệt kê: nếu mọi khoản chi trước khi giao đều là chi quản
        lý Chương trình và dự toán được giao sau đó trong năm thì có thể là tạm cấp mà sổ chưa ghi,
        nên chỉ đề nghị giải trình.

    Ví dụ sai:
        2021-01-05 * "Rút trước khi có quyết định giao"
          kind: "payment"
          budget-year: 2021
          Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
          Expenses:NV02:NSTP:TM6655         500 VND
        2021-01-10 * "Giao dự toán"
          kind: "allotment"
          budget-year: 2021
          Assets:DuToan:KhaDung:NV02:NSTP   1000 VND
          Equity:GiaoDuToan:NSTP           -1000 VND

    Cách sửa:
        Ghi quyết định giao đúng ngày có hiệu lực (quyết định của năm trước ghi ngày 01/01, ngày
        ký ghi ở decision-date). Nếu được tạm cấp thì ghi văn bản tạm cấp như một lần giao:
          2021-01-04 * "Tạm cấp kinh phí tháng 1"
            kind: "allotment"
            budget-year: 2021
            decision: "04/TB-KBHN"
            decision-date: 2021-01-04
            Assets:DuToan:KhaDung:NV02:NSTP   500 VND
            Equity:GiaoDuToan:NSTP           -500 VND
    """

    code = "BUD104"
    name = "budget.before-allotment"
    title = Text("Chi khi chưa được giao dự toán", "Drawn before the estimate was allotted")
    severity = Severity.ERROR
    basis = (
        "nsnn83-spend-within-estimate",
        "nsnn83-provisional",
        "nsnn89-spend-within-estimate",
    )
    message = Text(
        "{subject}: rút, cam kết hoặc chi {amount} đồng từ ngày {first}; dự toán {granted}",
        "{subject}: {amount} VND drawn, committed or spent from {first}; the estimate {granted}",
    )
    english = """What it checks:
    Every posting that lowers the estimate available of a task, fund and budget year is dated from
    the first allotment, supplement, reallocation or carry-over of that line on.

Why:
    The budget is spent only where the spending stands in the estimate allotted; the exception are
    provisional grants early in the year for the tasks that the law lists: where all that was
    spent before is management of the Programme and the estimate was allotted later in the year,
    the book may merely not show the grant, and the finding asks.

How to put it right:
    Record the decision on the day it took effect (one of the year before on 1 January, its day in
    ``decision-date``). A provisional grant is recorded as an allotment with its own decision.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a line of the estimate that was drawn on."""
        postings = facts["postings"]
        rows = postings[
            (postings["family"] == Family.AVAILABLE.value)
            & (postings["amount"] < 0)
            & (postings["kind"] != _TAKEN_BY_TREASURY)
        ]
        first = granted_from(facts).rename("granted_from")
        estimates = granted_from(facts, ("allotment",))
        granted = rows[LINE].join(first, on=LINE)["granted_from"]
        early = ~(rows["date"] >= granted).to_numpy()
        too_early = dict(list(rows[early].groupby(LINE, observed=True)))
        for key in rows.groupby(LINE, observed=True).size().index:
            if key in too_early:
                estimate = estimates.get(key)
                review = _may_be_provisional(too_early[key], estimate, int(str(key[-1])), law)
                yield _failed(key, too_early[key], first.get(key), review=review)
            else:
                yield Assessment(line_name(key), Verdict.PASS, str(key[0]))


def _may_be_provisional(
    rows: pd.DataFrame, estimate: pd.Timestamp | None, year: int, law: Law
) -> bool:
    """Whether all that was drawn early may have stood on a provisional grant.

    It is made in the budget year; what was drawn early was drawn before the estimate was decided.
    """
    if estimate is None or estimate.year != year or rows["date"].min().year != year:
        return False
    listed = [word for limit in law.limits(_PROVISIONAL, year) for word in limit.activities]
    return bool(rows["activity"].isin(listed).all())


def _failed(
    key: tuple[object, ...],
    rows: pd.DataFrame,
    granted: pd.Timestamp | None,
    *,
    review: bool,
) -> Assessment:
    day = rows["date"].min()
    question = one_side(rows)
    return Assessment(
        line_name(key),
        Verdict.FAIL,
        str(key[0]),
        decided_on=day.date(),
        observed=question.at_issue,
        allowed=0,
        at_issue=question.at_issue,
        values={
            "amount": question.at_issue,
            "first": day_name(day),
            "granted": Text(
                f"giao lần đầu ngày {granted:%d/%m/%Y}",
                f"was first allotted on {granted:%Y-%m-%d}",
            )
            if granted is not None
            else Text("chưa được giao", "was never allotted"),
        },
        evidence=question.evidence,
        review=review,
        in_book=granted is None,
    )
