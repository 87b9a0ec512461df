"""PRO405: work is paid for while nothing of the advance is recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict
from rules.pro.advances import advance_days, concerned, not_failed
from rules.pro.contracts import failing, money, subject_of
from rules.pro.timeline import Timeline
from rules.rows import evidence_by
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_NORMS: Final = ("advance-recover-2020", "advance-recover-2024")
_DAY: Final = ["place", "date"]


class RecoveryNotStarted(Rule):
    """Trả tiền khối lượng lần đầu mà không thu hồi tạm ứng.

    Kiểm tra gì:
        Lần trả tiền khối lượng hoàn thành đầu tiên của ngân sách (``kind: "payment"``) theo hợp
        đồng đang có số dư tạm ứng thì đến cuối ngày đó đã thu hồi một phần tạm ứng: mức thu hồi
        từng lần do hợp đồng quy định, nên một đồng cũng là đã bắt đầu. Chỉ xét hợp đồng trên 50
        triệu đồng. Sổ có thể ghi lần thu hồi vào ngày khác, nên chỉ đề nghị giải trình.

    Vì sao:
        Tạm ứng được thu hồi bắt đầu ngay từ lần thanh toán khối lượng hoàn thành đầu tiên.

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
        2021-06-20 * "Trả 20 %, không thu hồi tạm ứng"
          kind: "payment"
          contract: "20/2021/HĐ-SCT"
          Assets:DuToan:KhaDung:NV05:NSTP  -20000000 VND
          Expenses:NV05:NSTP:TM6699         20000000 VND

    Cách sửa:
        Ghi phần tạm ứng thu hồi trong lần nghiệm thu đó, phần còn lại mới trả thêm:
          2021-06-20 * "Thu hồi tạm ứng theo tỷ lệ của hợp đồng"
            kind: "advance-settlement"
            contract: "20/2021/HĐ-SCT"
            Assets:TamUng:NV05:NSTP:TM6699  -6000000 VND
            Expenses:NV05:NSTP:TM6699        6000000 VND
    """

    code = "PRO405"
    name = "advance.recovery-not-started"
    title = Text("Chưa bắt đầu thu hồi tạm ứng", "Recovery of the advance not started")
    severity = Severity.WARNING
    chosen = _NORMS
    message = Text(
        "{subject}: trả {paid} đồng khối lượng hoàn thành ngày {day}, còn {left} đồng tạm ứng mà "
        "chưa thu hồi đồng nào",
        "{subject}: {paid} VND paid for completed work on {day}, with {left} VND of advances "
        "outstanding and none recovered",
    )
    english = """What it checks:
    At the first payment of budget money for completed work (``kind: "payment"``) under a contract
    with an advance outstanding, some of the advance is recovered by the end of that day: how much
    is for the contract to say, so one dong is a beginning. Only contracts above 50 million are
    judged. The book may record the recovery on another day, so it is only asked about.

Why:
    An advance is recovered from the first payment for completed work on.

How to put it right:
    Record what was recovered with that acceptance; only the rest is paid on top.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract that paid for work with an advance outstanding."""
        timeline, rows = Timeline(law, _NORMS), money(facts)
        work = rows[
            (rows["kind"] == "payment")
            & (rows["family"] == Family.SPENT.value)
            & (rows["amount"] > 0)
            & rows["fund"].isin(STATE_FUNDS)
        ]
        first = _first_days(facts, work)
        about = concerned(facts, first, timeline)
        first = first.assign(position=about.positions)
        late = first[about.days & ~first["begun"]]
        yield from not_failed(facts, about, len(late))
        evidence = evidence_by(work.merge(late[_DAY], on=_DAY), "place", {})
        for row in failing(facts, late):
            day = row.date.date()
            yield Assessment(
                subject_of(row),
                Verdict.FAIL,
                row.book,
                norms=(timeline.at(row.position).norm,),
                decided_on=day,
                values={
                    "paid": int(row.amount),
                    "day": day_name(day),
                    "left": int(row.advanced),
                },
                evidence=evidence[row.place],
                review=True,
            )


def _first_days(facts: Facts, work: pd.DataFrame) -> pd.DataFrame:
    """The first day of each contract on which work was paid with an advance outstanding.

    Columns: ``place``, ``date``, ``amount`` paid for work, ``advanced`` at its end, and ``begun``:
    whether anything had been recovered by then.
    """
    days = advance_days(facts)
    lowered = (days["advanced"] < days["opening"]).groupby(days["place"]).cummax()
    days = days.assign(begun=lowered)[days["opening"] > 0]
    paid = work.groupby(_DAY, as_index=False)["amount"].sum()
    return days.merge(paid, on=_DAY).drop_duplicates("place")
