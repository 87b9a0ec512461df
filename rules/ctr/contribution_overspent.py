"""CTR203: more spent of contributions than was received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.ctr.contributions import (
    LINE,
    Covered,
    contribution_rows,
    covered_by_interest,
    interest_of,
)
from rules.rows import evidence_of, groups, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class ContributionOverspent(Rule):
    """Chi tiền đóng góp nhiều hơn số đã nhận.

    Kiểm tra gì:
        Với từng nhiệm vụ và nguồn (``DN``, ``HD``), số đã chi không vượt số đã nhận trừ phần trả
        lại. Lãi tiền gửi (``Income:Khac``) là tiền của tài khoản, được dùng để trả phí và bù phần
        vượt; nhiều nhiệm vụ cùng vượt thì chia theo phần vượt.

    Vì sao:
        Tiền chưa nhận thì không thể chi; phần vượt là tiền của nhiệm vụ hoặc nguồn khác.

    Ví dụ sai:
        2021-10-27 * "Nhận tiền đóng góp"
          kind: "contribution-cash"
          contributor: "0100000001"
          Assets:TienGui:KB01      40 VND
          Income:DongGop:NV02:DN  -40 VND
        2021-10-29 * "Chi nhiều hơn số đã nhận"
          kind: "payment"
          Assets:TienGui:KB01     -41 VND
          Expenses:NV02:DN:TM6655  41 VND

    Cách sửa:
        Ghi khoản đã nhận còn thiếu, hoặc chuyển khoản chi về đúng nguồn:
          2021-10-28 * "Nhận tiền đóng góp"
            kind: "contribution-cash"
            contributor: "0100000001"
            Assets:TienGui:KB01       1 VND
            Income:DongGop:NV02:DN   -1 VND
    """

    code = "CTR203"
    name = "contribution.overspent"
    title = Text("Chi vượt số đóng góp đã nhận", "More spent than contributed")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "{subject}: đã nhận {received} đồng, đã chi {spent} đồng; lãi tiền gửi bù được {interest} "
        "đồng",
        "{subject}: {received} VND received, {spent} spent; deposit interest covers {interest}",
    )
    english = """What it checks:
    Per task and fund (``DN``, ``HD``) no more is spent than was received less what was given back.
    Deposit interest (``Income:Khac``) belongs to the account: it pays fees and makes up for an
    excess; where several tasks exceed it is shared by their excess.

Why:
    Money that did not come in cannot be spent; the excess is another task's or fund's money.

How to put it right:
    Record the receipt that is missing, or move the payment to its own fund.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task and fund."""
        interest = interest_of(facts)
        for (book,), rows in groups(contribution_rows(facts), ["book"]):
            covered = covered_by_interest(rows, interest.get(book, 0), LINE)
            for key, part in groups(rows, LINE):
                yield _judged(key, part, covered[key])


def _judged(key: tuple[str, ...], rows: pd.DataFrame, covered: Covered) -> Assessment:
    book, task, fund = key
    payments = rows[rows["family"] == Family.SPENT.value]
    spent = int(payments["amount"].sum())
    received = spent + int(rows["left"].sum())
    at_issue = covered.excess - covered.by_interest
    return Assessment(
        f"contribution {task} {fund}",
        Verdict.FAIL if at_issue else Verdict.PASS,
        book,
        observed=spent,
        allowed=received + covered.by_interest,
        at_issue=at_issue,
        values={
            "received": received,
            "spent": spent,
            "interest": covered.by_interest,
        },
        evidence=evidence_of(in_order(payments), at_issue) if at_issue else (),
        in_book=True,
    )
