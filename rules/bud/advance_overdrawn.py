"""BUD103: more settled or returned than was advanced."""

from __future__ import annotations

from typing import Final

from ledger.accounts import Family
from ledger.text import Text
from rules.balances import SUB_ITEM_LINE, OverdrawnRule, line_name
from rules.severity import Severity

_LABELS: Final = {
    Family.ADVANCED.value: Text("tạm ứng", "advance"),
    Family.UNACCEPTED.value: Text("khoản chờ thanh toán", "amount waiting for acceptance"),
}


class AdvanceOverdrawn(OverdrawnRule):
    """Thanh toán, nộp trả hoặc chi vượt số đã tạm ứng.

    Kiểm tra gì:
        Cuối mỗi ngày, số dư ``Assets:TamUng`` và số dư ``Assets:ChoThanhToan`` của từng nhiệm vụ,
        từng nguồn, từng tiểu mục, từng niên độ không được âm.

    Vì sao:
        Không thể thanh toán hay nộp trả phần tạm ứng không có; số âm là sổ ghi thiếu lần rút, sai
        tiểu mục hoặc sai niên độ. Đây là phép cộng của sổ, không dẫn điều khoản nào.

    Ví dụ sai:
        2021-05-03 * "Rút tạm ứng"
          kind: "advance"
          voucher: "2021/RDT/31"
          Assets:DuToan:KhaDung:NV05:NSTP  -60 VND
          Assets:TamUng:NV05:NSTP:TM6699    60 VND
        2021-06-20 * "Thanh toán quá 1 đồng"
          kind: "advance-settlement"
          advance: "2021/RDT/31"
          Assets:TamUng:NV05:NSTP:TM6699   -61 VND
          Expenses:NV05:NSTP:TM6651         61 VND

    Cách sửa:
        Thanh toán tạm ứng bằng số đã tạm ứng, phần còn lại là thực chi:
          2021-06-20 * "Trả phần còn lại"
            kind: "payment"
            Assets:DuToan:KhaDung:NV05:NSTP   -1 VND
            Expenses:NV05:NSTP:TM6651          1 VND
    """

    code = "BUD103"
    name = "budget.advance-overdrawn"
    title = Text("Thanh toán vượt tạm ứng", "More settled than was advanced")
    severity = Severity.ERROR
    rests_on_law = False
    families = (Family.ADVANCED, Family.UNACCEPTED)
    keys = SUB_ITEM_LINE
    message = Text(
        "{subject}: {balance} còn lại thấp nhất là {lowest} đồng, ngày {day}; âm từ ngày {first}",
        "{subject}: the {balance} left is {lowest} VND at its lowest, on {day}; below zero from "
        "{first}",
    )
    english = """What it checks:
    At the end of each day ``Assets:TamUng`` and ``Assets:ChoThanhToan`` of each task, fund,
    sub-item and budget year are not below zero.

Why:
    Nothing can be settled or returned of an advance that is not there: a drawing is missing from
    the book, or the sub-item or budget year is wrong. This is arithmetic of the book and cites no
    article.

How to put it right:
    Settle what was advanced; the rest is a payment.
"""

    def subject(self, key: tuple[object, ...]) -> str:
        """``NV05/NSTP/TM6699/2021``, with ``/ChoThanhToan`` for what waits for acceptance."""
        *line, family = key
        return line_name(line if family == Family.ADVANCED.value else key)

    def values(self, key: tuple[object, ...]) -> dict[str, Text]:
        """Which of the two balances it is."""
        return {"balance": _LABELS[str(key[-1])]}
