"""TRE101: a deposit account at the treasury that was not reconciled by the 10th."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text
from rules.severity import Severity
from rules.tre.obligations import ReconciledInTime, after, months, treasury_deposits

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from ledger.facts import Facts
    from ledger.period import Period
    from rules.law import Law


class DepositsNotReconciled(ReconciledInTime):
    """Tài khoản tiền gửi tại Kho bạc chưa đối chiếu hàng tháng đúng hạn.

    Kiểm tra gì:
        Từ tháng có phát sinh đầu tiên, mỗi tháng của niên độ trừ tháng 12, từng tài khoản tiền gửi
        tại Kho bạc Nhà nước (theo đầu số ở ``account-number``) có bản ghi ``reconciled`` trong hạn.
        Ghi muộn là phát hiện; không ghi thì cần giải trình, vì có thể đã đối chiếu trên giấy.

    Vì sao:
        Đối chiếu hàng tháng là lúc bút toán thiếu, trùng, sai số tiền được thấy và sửa khi còn nhớ.

    Ví dụ sai:
        2021-08-20 custom "reconciled" "2021-06"
          account: "Assets:TienGui:KB01"
          digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
        (hạn của tháng 6 là ngày 10/7)

    Cách sửa:
        Đối chiếu ngay và ghi lại bằng «cnht reconcile SO SAO_KE --month 2021-06 --write»; kỳ đã đối
        chiếu trên giấy thì ghi theo ngày trên giấy:
          2021-07-08 custom "reconciled" "2021-06"
            account: "Assets:TienGui:KB01"
            digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
    """

    code = "TRE101"
    name = "treasury.deposits-not-reconciled"
    title = Text("Tiền gửi chưa đối chiếu với Kho bạc đúng hạn", "Deposits not reconciled in time")
    severity = Severity.WARNING
    basis = ("tt18-reconcile-deposits",)
    english = """What it checks:
    From the first month with movements, each month of the budget year but December, each deposit
    account at the State Treasury (by its ``account-number``) has a ``reconciled`` record in time.
    A late one is a finding; where none stands the finding asks, for it may be on paper.

Why:
    The monthly reconciliation is when missing, doubled and wrong entries are seen and mended.

How to put it right:
    Reconcile now and record it; record what was done on paper under the day of the paper.
"""

    def periods(self, year: int) -> Iterable[Period]:
        """Its months, December excepted."""
        return months(year)

    def deadline(self, law: Law, period: Period) -> dt.date | None:
        """So many days after the month."""
        return after(law, self.basis[0], period)

    def names(self, facts: Facts) -> Iterable[tuple[str, str]]:
        """Deposit accounts at the treasury."""
        return treasury_deposits(facts)
