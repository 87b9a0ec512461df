"""CTR101: the enterprise spent less of its own than it committed for the state's part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.rows import evidence_of, groups, in_order, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class OwnShareShort(Rule):
    """Phần doanh nghiệp tự bảo đảm thấp hơn cam kết.

    Kiểm tra gì:
        Khi ngân sách đã chi (``Expenses``) cho một khoản hỗ trợ, phần doanh nghiệp đã chi thật
        cho khoản đó (``Expenses`` nguồn ``DN``, ``HD``, ``DNTC``, trừ chi phí không hợp lệ) không
        thấp hơn ``own-share``; ngân sách mới chi một phần thì tính theo tỷ lệ phần đã chi. Cam kết
        chưa thành tiền (``PhaiThu``) không được tính. Ngân sách chưa chi đủ thì chỉ đề nghị giải
        trình, vì doanh nghiệp còn có thể chi tiếp.

    Vì sao:
        Doanh nghiệp phải bảo đảm phần kinh phí còn lại sau khi trừ phần ngân sách hỗ trợ.

    Ví dụ sai:
        2021-05-20 custom "support" "HT-08-003"
          eligible-cost: 500
          state-support: 250
          own-share: 250
        2021-11-15 * "Ngân sách chi đủ 250, doanh nghiệp chưa chi đồng nào"
          kind: "payment"
          support: "HT-08-003"
          Assets:DuToan:KhaDung:NV08:NSTP   -250 VND
          Expenses:NV08:NSTP:TM7799          250 VND

    Cách sửa:
        Ghi phần doanh nghiệp đã chi:
          2021-11-15 * "Phần doanh nghiệp tự chi"
            kind: "contribution-direct"
            support: "HT-08-003"
            contributor: "0100000002"
            Income:DongGop:NV08:DNTC   -250 VND
            Expenses:NV08:DNTC:TM0000   250 VND
        Không có thì thu hồi phần ngân sách tương ứng.
    """

    code = "CTR101"
    name = "contribution.own-share-short"
    title = Text("Doanh nghiệp chi thiếu phần cam kết", "The enterprise's own share is short")
    severity = Severity.ERROR
    basis = ("tt29-cond-own-capital",)
    message = Text(
        "{subject}: ngân sách đã chi {paid} đồng, phần doanh nghiệp phải có {due} đồng; "
        "mới chi {own} đồng",
        "{subject}: the budget paid {paid} VND, the enterprise's part must be {due}; "
        "it spent {own}",
    )
    english = """What it checks:
    Where the budget has spent (``Expenses``) on a support, what the enterprise really spent on it
    (``Expenses`` of ``DN``, ``HD``, ``DNTC`` less ineligible costs) is not below ``own-share``;
    where the budget has spent a part only, not below that part of it. A pledge (``PhaiThu``)
    counts for nothing. While the budget has not spent all of it the finding only asks.

Why:
    The enterprise bears the cost that is left after the state support.

How to put it right:
    Record what the enterprise spent; otherwise take back the state's part that answers to it.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a support."""
        postings = facts["postings"]
        spent = postings[(postings["family"] == Family.SPENT.value) & (postings["support"] != "")]
        of_support = dict(groups(spent, ["book", "support"]))
        for support in records(facts["supports"]):
            rows = of_support.get((support.book, support.support), spent[:0])
            yield _judged(support, rows)


def _judged(support: Any, rows: pd.DataFrame) -> Assessment:  # noqa: ANN401  # a record
    subject, promised = f"support {support.support}", int(support.own_share)
    by_state = rows["fund"].isin(STATE_FUNDS)
    approved, paid = int(support.state_support), int(rows["amount"][by_state].sum())
    if not promised or not approved or paid <= 0:
        return Assessment(
            subject,
            Verdict.NOT_APPLICABLE,
            support.book,
            reason=Text(
                "không có phần doanh nghiệp cam kết, hoặc ngân sách chưa chi",
                "no share of the enterprise, or the budget has not spent yet",
            ),
        )
    due = promised * min(paid, approved) // approved
    own = int(rows["amount"][~by_state & ~rows["ineligible"]].sum())
    short = min(max(due - own, 0), paid)
    return Assessment(
        subject,
        Verdict.FAIL if short else Verdict.PASS,
        support.book,
        decided_on=support.decision_date.date(),
        observed=own,
        allowed=due,
        at_issue=short,
        values={"paid": paid, "due": due, "own": own},
        evidence=evidence_of(in_order(rows[by_state]), short) if short else (),
        review=paid < approved,
    )
