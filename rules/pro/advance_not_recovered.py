"""PRO402: an advance still out when payments have reached four fifths of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.text import Text, day_name, percent
from rules.assessment import Assessment, Verdict
from rules.pro.advances import advance_days, concerned, drawn_evidence, not_failed
from rules.pro.contracts import failing, subject_of
from rules.pro.timeline import Timeline
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_NORMS: Final = ("advance-recover-2020", "advance-recover-2024")


class AdvanceNotRecovered(Rule):
    """Chưa thu hồi hết tạm ứng khi thanh toán đã đạt 80 % hợp đồng.

    Kiểm tra gì:
        Từ ngày số đã trả theo hợp đồng (cả tạm ứng và khối lượng hoàn thành, mọi nguồn) đạt 80 %
        giá trị hợp đồng, số dư tạm ứng ngân sách của hợp đồng cuối mỗi ngày phải bằng không; tiền
        đã chi từ tạm ứng mà Kho bạc chưa chấp nhận (``Assets:ChoThanhToan``) là chưa thu hồi. Chỉ
        xét hợp đồng trên 50 triệu đồng.

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
    chosen = _NORMS
    message = Text(
        "{subject}: đã trả {paid} đồng đến ngày {day}, đạt {share} giá trị hợp đồng, còn "
        "{left} đồng tạm ứng",
        "{subject}: {paid} VND paid by {day}, at least {share} of the contract's value, with "
        "{left} VND of advances left",
    )
    english = """What it checks:
    From the day on which payments under a contract (advances and completed work, all funds) reach
    80 % of its value, the balance of its budget advances at the end of each day is nil; what was
    paid out of an advance and not accepted by the Treasury (``Assets:ChoThanhToan``) is not
    recovered. Only contracts above 50 million are judged.

Why:
    An advance is recovered from the first payment for completed work on, and in full when payments
    reach 80 % of the contract's value.

How to put it right:
    Settle the advance with the acceptance.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract with advances."""
        timeline, days = Timeline(law, _NORMS), advance_days(facts)
        about = concerned(facts, days, timeline)
        due = timeline.shares(about.value, about.positions, up=True)
        left = days["advanced"] + days["unaccepted"]
        days = days.assign(position=about.positions, left=left)
        late = days[about.days & (left > 0) & (days["paid"] >= due)].drop_duplicates("place")
        yield from not_failed(facts, about, len(late))
        yield from _failed(facts, late, timeline)


def _failed(facts: Facts, late: pd.DataFrame, timeline: Timeline) -> Iterator[Assessment]:
    """Contracts at the first day on which nothing should have been outstanding."""
    evidence = drawn_evidence(facts, late, "left")
    for row in failing(facts, late):
        norm, day = timeline.at(row.position), row.date.date()
        yield Assessment(
            subject_of(row),
            Verdict.FAIL,
            row.book,
            norms=(norm.norm,),
            decided_on=day,
            observed=row.left,
            allowed=0,
            at_issue=row.left,
            values={
                "paid": int(row.paid),
                "day": day_name(day),
                "share": percent(norm.share),
                "left": int(row.left),
            },
            evidence=evidence.get(row.place, ()),
        )
