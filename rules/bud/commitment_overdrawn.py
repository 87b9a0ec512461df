"""BUD102: more drawn from commitments than was committed."""

from __future__ import annotations

from ledger.accounts import Family
from ledger.text import Text
from rules.balances import OverdrawnRule
from rules.severity import Severity


class CommitmentOverdrawn(OverdrawnRule):
    """Tạm ứng, thanh toán hoặc giải phóng vượt số đã cam kết chi.

    Kiểm tra gì:
        Cuối mỗi ngày, cam kết chi (``Assets:DuToan:CamKet``) của từng nhiệm vụ, từng nguồn, từng
        niên độ không được âm.

    Vì sao:
        Không thể chi từ phần cam kết không có; số âm là sổ ghi thiếu cam kết hoặc ghi sai tài
        khoản. Đây là phép cộng của sổ, không dẫn điều khoản nào.

    Ví dụ sai:
        2021-08-01 * "Kho bạc chấp nhận cam kết chi"
          kind: "commitment"
          contract: "12/2021/HĐ-SCT"
          Assets:DuToan:KhaDung:NV02:NSTP  -400 VND
          Assets:DuToan:CamKet:NV02:NSTP    400 VND
        2021-10-25 * "Thanh toán quá 1 đồng"
          kind: "payment"
          contract: "12/2021/HĐ-SCT"
          Assets:DuToan:CamKet:NV02:NSTP   -401 VND
          Expenses:NV02:NSTP:TM6655         401 VND

    Cách sửa:
        Ghi điều chỉnh tăng cam kết có trước khi chi, hoặc chi phần vượt từ dự toán khả dụng:
          2021-10-20 * "Điều chỉnh tăng cam kết theo phụ lục hợp đồng"
            kind: "commitment-adjustment"
            contract: "12/2021/HĐ-SCT"
            Assets:DuToan:KhaDung:NV02:NSTP  -1 VND
            Assets:DuToan:CamKet:NV02:NSTP    1 VND
    """

    code = "BUD102"
    name = "budget.commitment-overdrawn"
    title = Text("Chi vượt cam kết chi", "More drawn than was committed")
    severity = Severity.ERROR
    rests_on_law = False
    families = (Family.COMMITTED,)
    message = Text(
        "{subject}: cam kết chi còn lại thấp nhất là {lowest} đồng, ngày {day}; âm từ ngày {first}",
        "{subject}: commitments left are {lowest} VND at their lowest, on {day}; below zero from "
        "{first}",
    )
    english = """What it checks:
    At the end of each day the commitments (``Assets:DuToan:CamKet``) of each task, fund and budget
    year are not below zero.

Why:
    Nothing can be paid from a commitment that is not there: a commitment is missing from the book
    or the account is wrong. This is arithmetic of the book and cites no article.

How to put it right:
    Record the increase of the commitment that came before, or draw the rest from the estimate.
"""
