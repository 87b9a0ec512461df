"""BOK206: budget money spent without saying on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import COST_FAMILIES, STATE_FUNDS, Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import in_question
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class ActivityMissing(Rule):
    """Chi ngân sách không ghi nội dung chi, nên chưa đối chiếu được với định mức.

    Kiểm tra gì:
        Mỗi khoản chi từ ngân sách (``Expenses``, ``ChoThanhToan`` của ``NSTP``, ``NSTW``) ghi nội
        dung chi (``activity``), sự kiện (``event``) hoặc khoản hỗ trợ (``support``). Khoản
        thu hồi, ghi đỏ và điều chỉnh tiểu mục theo khoản chi ban đầu nên không xét.

    Vì sao:
        Định mức đặt theo nội dung chi; khoản chi không nói chi cho việc gì thì không quy tắc định
        mức nào nhìn thấy. Sổ chưa cho thấy là sai, nên chỉ đề nghị bổ sung.

    Ví dụ sai:
        2021-10-05 * "Thuê hội trường"
          kind: "payment"
          voucher: "2021/UNC/60"
          Assets:DuToan:KhaDung:NV02:NSTP  -5000 VND
          Expenses:NV02:NSTP:TM6655         5000 VND

    Cách sửa:
        Ghi thêm nội dung chi, và sự kiện hoặc khoản hỗ trợ nếu có:
          2021-10-05 * "Thuê hội trường"
            kind: "payment"
            voucher: "2021/UNC/60"
            activity: "domestic-fair"
            event: "HC2021"
    """

    code = "BOK206"
    name = "book.activity-missing"
    title = Text("Chi ngân sách không ghi nội dung chi", "Budget money spent without an activity")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: chi ngân sách không ghi nội dung chi, chưa đối chiếu được với định mức",
        "{subject}: budget money spent without an activity; no norm could be compared",
    )
    english = """What it checks:
    Every spending of budget money (``Expenses``, ``ChoThanhToan`` of ``NSTP``, ``NSTW``) names its
    activity, event or support. Returns, red entries and reclassifications follow the spending
    that they mend.

Why:
    Norms are set by content of spending; what does not say what it was spent on is seen by no
    norm. The book does not show it to be wrong, so the finding asks.

How to put it right:
    Add the activity, and the event or support if there is one.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that says nothing; the rest in bulk."""
        postings = facts["postings"]
        spending = postings[
            postings["family"].isin(COST_FAMILIES)
            & postings["fund"].isin(STATE_FUNDS)
            & (postings["amount"] > 0)
            & (postings["kind"] != "reclassification")
        ]
        unsaid = (
            (spending["activity"] == "") & (spending["event"] == "") & (spending["support"] == "")
        )
        rows = spending[unsaid & ~_accepted_only(postings, spending)]
        for found in in_question(rows):
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                at_issue=found.at_issue,
                evidence=found.evidence,
                review=True,
            )
        yield from passed(len(spending) - len(rows))


def _accepted_only(postings: pd.DataFrame, spending: pd.DataFrame) -> pd.Series[bool]:
    """Spending of entries that only accept what was paid out of an advance before."""
    accepted = postings["entry"][
        (postings["family"] == Family.UNACCEPTED.value) & (postings["amount"] < 0)
    ]
    return spending["entry"].isin(accepted)
