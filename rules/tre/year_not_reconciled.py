"""TRE103: a year that was not reconciled with the treasury by 10 February."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text
from rules.severity import Severity
from rules.tre.obligations import ReconciledInTime, estimate_forms, treasury_deposits, years

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from ledger.facts import Facts
    from ledger.period import Period
    from rules.law import Law


class YearNotReconciled(ReconciledInTime):
    """Số dư cuối năm chưa đối chiếu với Kho bạc đúng hạn.

    Kiểm tra gì:
        Tiền gửi tại Kho bạc, dự toán (01a-SDKP/ĐVDT) và tạm ứng, thực chi (02a-SDKP/ĐVDT) của cả
        niên độ có bản ghi ``reconciled`` trong hạn đầu năm sau. Từ niên độ 2026 hai mẫu ấy đã được
        thay, mẫu mới chưa đọc được: phát hiện nêu việc đối chiếu, không nêu số mẫu.

    Vì sao:
        Số dư đã đối chiếu là căn cứ để quyết toán, chuyển nguồn, hủy dự toán.

    Ví dụ sai:
        2022-02-11 custom "reconciled" "2021"
          account: "02a-SDKP/ĐVDT"
          digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"

    Cách sửa:
        Đối chiếu và ghi lại bằng «cnht reconcile SO SAO_KE --year 2021 --write»; đã đối chiếu trên
        giấy thì ghi theo ngày trên giấy:
          2022-02-10 custom "reconciled" "2021"
            account: "02a-SDKP/ĐVDT"
            digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
    """

    code = "TRE103"
    name = "treasury.year-not-reconciled"
    title = Text("Số dư cuối năm chưa đối chiếu đúng hạn", "The year not reconciled in time")
    severity = Severity.WARNING
    basis = ("tt342-reconcile-balances", "tt26-reconcile-balances")
    english = """What it checks:
    Deposits at the State Treasury, the estimate (01a-SDKP/ĐVDT) and advances with spending
    (02a-SDKP/ĐVDT) of the whole budget year have a ``reconciled`` record in time. From 2026 other
    forms took their place, which were not read: the finding names what is to be reconciled.

Why:
    Settlement, carry-over and cancellation rest on balances that were agreed.

How to put it right:
    Reconcile and record it; record what was done on paper under the day of the paper.
"""

    def periods(self, year: int) -> Iterable[Period]:
        """The year itself."""
        return years(year)

    def deadline(self, law: Law, period: Period) -> dt.date | None:
        """The day of the year-end calendar."""
        days = (law.date(norm, period.year) for norm in self.basis)
        return next((day for day in days if day is not None), None)

    def names(self, facts: Facts) -> Iterable[tuple[str, str]]:
        """Deposit accounts at the treasury, and the two forms."""
        return [*treasury_deposits(facts), *estimate_forms(facts)]
