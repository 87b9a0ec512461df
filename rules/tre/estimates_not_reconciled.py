"""TRE102: estimates and advances that were not reconciled by the 10th after the quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text
from rules.severity import Severity
from rules.tre.obligations import ReconciledInTime, after, estimate_forms, quarters

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from ledger.facts import Facts
    from ledger.period import Period
    from rules.law import Law


class EstimatesNotReconciled(ReconciledInTime):
    """Dự toán, thực chi, tạm ứng chưa đối chiếu hàng quý đúng hạn.

    Kiểm tra gì:
        Mỗi quý của niên độ trừ quý 4, từ quý dùng dự toán đầu tiên, sổ có bản ghi ``reconciled``
        trong hạn cho mẫu 01a-SDKP/ĐVDT (dự toán) và mẫu 02a-SDKP/ĐVDT (tạm ứng, thực chi). Ghi
        muộn là phát hiện; không ghi thì cần giải trình. Từ niên độ 2026 hai mẫu ấy đã được thay,
        mẫu mới chưa đọc được: phát hiện nêu việc đối chiếu, không nêu số mẫu.

    Vì sao:
        Số dư dự toán và tạm ứng của đơn vị phải luôn khớp đúng số của Kho bạc Nhà nước.

    Ví dụ sai:
        2021-08-20 custom "reconciled" "2021Q2"
          account: "01a-SDKP/ĐVDT"
          digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
        (hạn của quý 2 là ngày 10/7)

    Cách sửa:
        Đối chiếu và ghi lại bằng «cnht reconcile SO SAO_KE --quarter 2021Q2 --write»; kỳ đã đối
        chiếu trên giấy thì ghi theo ngày trên giấy:
          2021-07-08 custom "reconciled" "2021Q2"
            account: "01a-SDKP/ĐVDT"
            digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
    """

    code = "TRE102"
    name = "treasury.estimates-not-reconciled"
    title = Text(
        "Dự toán, tạm ứng chưa đối chiếu với Kho bạc đúng hạn", "Estimates not reconciled in time"
    )
    severity = Severity.WARNING
    basis = ("tt18-reconcile-estimates",)
    english = """What it checks:
    Each quarter of the budget year but the fourth, from the first that uses one, has a
    ``reconciled`` record in time for form 01a-SDKP/ĐVDT (the estimate) and for 02a-SDKP/ĐVDT
    (advances and spending). A late one is a finding; where none stands the finding asks. From
    2026 other forms took their place, which were not read: the finding names what is to be
    reconciled.

Why:
    The unit's balances of estimates and advances always agree with the State Treasury's.

How to put it right:
    Reconcile now and record it; record what was done on paper under the day of the paper.
"""

    def periods(self, year: int) -> Iterable[Period]:
        """Its quarters, the fourth excepted."""
        return quarters(year)

    def deadline(self, law: Law, period: Period) -> dt.date | None:
        """So many days after the quarter."""
        return after(law, self.basis[0], period)

    def names(self, facts: Facts) -> Iterable[tuple[str, str]]:
        """The two forms, for a book that holds state money."""
        return estimate_forms(facts)
