"""PRO402: an advance still out when payments have reached four fifths of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ledger.text import Text, dong, percent
from rules.assessment import Assessment, Verdict
from rules.pro.contracts import (
    NOT_IN_FORCE,
    advanced,
    balances,
    contracts,
    in_force,
    money_of_contracts,
    not_applicable,
    not_known,
)
from rules.rows import evidence_of, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_NORMS = ("advance-recover-2020", "advance-recover-2024")


class AdvanceNotRecovered(Rule):
    """Chưa thu hồi hết tạm ứng khi thanh toán đã đạt 80 % hợp đồng.

    Kiểm tra gì:
        Từ ngày số đã trả theo hợp đồng (cả tạm ứng và khối lượng hoàn thành, mọi nguồn) đạt 80 %
        giá trị hợp đồng, số dư tạm ứng của hợp đồng cuối mỗi ngày phải bằng không. Chỉ xét hợp
        đồng trên 50 triệu đồng.

    Vì sao:
        Tạm ứng được thu hồi từ lần thanh toán khối lượng đầu tiên và thu hết khi giá trị thanh
        toán đạt 80 % giá trị hợp đồng.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "Tổ chức lớp tập huấn"
          task: "NV05"
          vendor: "0100000002"
          value: 100000000
          signed: 2021-05-10
        2021-05-20 * "Tạm ứng 30 %"
          kind: "advance"
          contract: "20/2021/HĐ-SCT"
          Assets:DuToan:KhaDung:NV05:NSTP  -30000000 VND
          Assets:TamUng:NV05:NSTP:TM6699    30000000 VND
        2021-06-20 * "Trả 50 %, không thu hồi tạm ứng"
          kind: "payment"
          contract: "20/2021/HĐ-SCT"
          Assets:DuToan:KhaDung:NV05:NSTP  -50000000 VND
          Expenses:NV05:NSTP:TM6699         50000000 VND

    Cách sửa:
        Thanh toán tạm ứng trong lần nghiệm thu:
          2021-06-20 * "Thu hồi tạm ứng"
            kind: "advance-settlement"
            contract: "20/2021/HĐ-SCT"
            Assets:TamUng:NV05:NSTP:TM6699  -30000000 VND
            Expenses:NV05:NSTP:TM6699        30000000 VND
    """

    code = "PRO402"
    name = "advance.not-recovered"
    title = Text("Chưa thu hồi hết tạm ứng", "Advance not recovered in time")
    severity = Severity.ERROR
    message = Text(
        "{subject}: đã trả {paid} đồng đến ngày {day}, đạt {share} giá trị hợp đồng, còn "
        "{left} đồng tạm ứng",
        "{subject}: {paid} VND paid by {day}, at least {share} of the contract's value, with "
        "{left} VND of advances left",
    )
    english = """What it checks:
    From the day on which payments under a contract (advances and completed work, all funds) reach
    80 % of its value, the balance of its advances at the end of each day is nil. Only contracts
    above 50 million are judged.

Why:
    An advance is recovered from the first payment for completed work on, and in full when payments
    reach 80 % of the contract's value.

How to put it right:
    Settle the advance with the acceptance.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a contract with advances."""
        known = contracts(facts)
        for key, rows in money_of_contracts(facts).items():
            contract = known.get(key)
            if contract is not None and not advanced(rows).empty:
                yield _judged(contract, rows, law)


def _judged(contract: Any, rows: pd.DataFrame, law: Law) -> Assessment:  # noqa: ANN401  # a record
    subject, book = f"contract {contract.contract}", contract.book
    by_day = pd.DataFrame({"paid": balances(rows), "left": balances(advanced(rows))})
    by_day = by_day.ffill().fillna(0)
    value, judged = int(contract.value), False
    for moment, paid, left in zip(
        by_day.index, by_day["paid"].tolist(), by_day["left"].tolist(), strict=True
    ):
        norm = in_force(law, _NORMS, moment.date())
        if norm is None:
            continue
        if value <= norm.whole("threshold"):
            return not_applicable(
                subject,
                book,
                "hợp đồng không quá mức phải gửi Kho bạc",
                "the contract is not above the amount from which it is sent to the Treasury",
            )
        judged = True
        share = norm.share()
        if left > 0 and paid >= share * value:
            drawn = advanced(rows[(rows["amount"] > 0) & (rows["date"] <= moment)])
            return Assessment(
                subject,
                Verdict.FAIL,
                book,
                norms=(norm.norm,),
                decided_on=norm.day,
                observed=int(left),
                allowed=0,
                at_issue=int(left),
                values={
                    "paid": dong(int(paid)),
                    "day": f"{moment:%d/%m/%Y}",
                    "share": percent(share),
                    "left": dong(int(left)),
                },
                evidence=evidence_of(in_order(drawn), int(left)),
            )
    if not judged:
        return not_known(subject, book, NOT_IN_FORCE)
    return Assessment(subject, Verdict.PASS, book, observed=0, allowed=0)
