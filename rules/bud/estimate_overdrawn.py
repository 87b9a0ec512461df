"""BUD101: more drawn than the estimate has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import Family
from ledger.text import Text
from rules.balances import LINE, OverdrawnRule, granted_from
from rules.severity import Severity

if TYPE_CHECKING:
    import pandas as pd

    from ledger.facts import Facts


class EstimateOverdrawn(OverdrawnRule):
    """Rút, cam kết hoặc chi vượt dự toán còn được sử dụng.

    Kiểm tra gì:
        Cuối mỗi ngày, dự toán còn được sử dụng (``Assets:DuToan:KhaDung``) của từng nhiệm vụ,
        từng nguồn, từng niên độ không được âm. Ngày trước lần giao đầu tiên thuộc ``BUD104``; số đã
        rút trước đó vẫn tính vào số dư.

    Vì sao:
        Chi ngân sách chỉ được thực hiện khi đã có trong dự toán được giao.

    Ví dụ sai:
        2021-01-01 * "Giao dự toán"
          kind: "allotment"
          budget-year: 2021
          Assets:DuToan:KhaDung:NV02:NSTP   1000 VND
          Equity:GiaoDuToan:NSTP           -1000 VND
        2021-03-01 * "Chi quá 1 đồng"
          kind: "payment"
          Assets:DuToan:KhaDung:NV02:NSTP  -1001 VND
          Expenses:NV02:NSTP:TM6655         1001 VND

    Cách sửa:
        Ghi quyết định bổ sung hoặc phân bổ lại có trước khi chi:
          2021-02-20 * "Phân bổ lại từ NV05"
            kind: "reallocation"
            decision: "15/QĐ-SCT"
            decision-date: 2021-02-20
            Assets:DuToan:KhaDung:NV05:NSTP   -1 VND
            Assets:DuToan:KhaDung:NV02:NSTP    1 VND
    """

    code = "BUD101"
    name = "budget.estimate-overdrawn"
    title = Text("Rút hoặc chi vượt dự toán", "More drawn than the estimate has")
    severity = Severity.ERROR
    basis = ("nsnn83-spend-within-estimate", "nsnn89-spend-within-estimate")
    families = (Family.AVAILABLE,)
    message = Text(
        "{subject}: dự toán còn lại thấp nhất là {lowest} đồng, ngày {day}; âm từ ngày {first}",
        "{subject}: the estimate left is {lowest} VND at its lowest, on {day}; below zero from "
        "{first}",
    )
    english = """What it checks:
    At the end of each day the estimate available (``Assets:DuToan:KhaDung``) of each task, fund
    and budget year is not below zero. Days before the first allotment belong to ``BUD104``; what
    was drawn on them still counts.

Why:
    The budget is spent only within the estimate that was allotted.

How to put it right:
    Record the supplement or reallocation that was decided before the money was spent.
"""

    def _judged_days(self, balances: pd.Series, facts: Facts) -> pd.Series:
        """Days from the first allotment on; what was drawn before it counts in the balance."""
        first = granted_from(facts).rename("granted_from")
        days = balances.reset_index().join(first, on=LINE)
        return balances[(days["date"] >= days["granted_from"]).to_numpy()]
