"""NRM201: more than the amount that a norm allows for one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text, joined
from rules.nrm.costs import KEY_WORDS, CostRule
from rules.severity import Severity
from rules.vocabulary import unit_name

if TYPE_CHECKING:
    from rules.assessment import Values
    from rules.norm import Limit
    from rules.nrm.costs import Reading


class CapExceeded(CostRule):
    """Ngân sách chi vượt mức tối đa theo đơn vị tính.

    Kiểm tra gì:
        Với từng sự kiện, khoản hỗ trợ hoặc doanh nghiệp, phần ngân sách nhà nước không vượt mức
        tối đa nhân với số lượng (đơn vị tham gia, thương hiệu, chuyên đề …) đã khai báo ở sự kiện
        hoặc khoản hỗ trợ. Mọi lần chi cho cùng đối tượng được cộng lại; mức tính theo năm thì cộng
        theo niên độ, mức theo doanh nghiệp thì cộng mọi khoản hỗ trợ cùng nội dung, mức theo hợp
        đồng thì cộng từng hợp đồng.

    Vì sao:
        Định mức đặt mức tối đa cho mỗi đơn vị; chia nhỏ lần chi không làm tăng mức đó.

    Ví dụ sai:
        2021-10-05 * "Chi 20.000.000 đồng cho một đơn vị tham gia hội chợ"
          kind: "payment"
          activity: "domestic-fair"
          event: "HC2021"
          Assets:DuToan:KhaDung:NV02:NSTP   -20000000 VND
          Expenses:NV02:NSTP:TM6655          20000000 VND

    Cách sửa:
        Nếu số đơn vị tham gia thực tế nhiều hơn, sửa ở khai báo sự kiện:
          2021-10-01 custom "event" "HC2021" "Hội chợ"
            actual: "195 participating-unit; 4 day"
        Không thì thu hồi phần vượt (kind: "return-restoring").
    """

    code = "NRM201"
    name = "norm.cap-exceeded"
    title = Text("Ngân sách chi vượt mức tối đa", "More than the cap for a unit")
    severity = Severity.ERROR
    measure = "amount"
    message = Text(
        "{subject}: ngân sách chi {observed} đồng; tối đa {cap} đồng mỗi {unit}, "
        "cho {count} là {allowed} đồng",
        "{subject}: the budget paid {observed} VND; at most {cap} per {unit}, "
        "for {count} that is {allowed}",
    )
    english = """What it checks:
    For each event, support or enterprise the state budget's part keeps to the cap times the
    quantity (participating units, trademarks, themes …) declared with the event or support. All
    payments for the same subject are added up: over the budget year, over all supports of one
    enterprise for the same content, or over one contract where the norm counts by these.

Why:
    The norm sets a cap for each unit; splitting payments does not raise it.

How to put it right:
    If more units took part, mend the event's declaration; otherwise take the excess back.
"""

    def allowed(self, limit: Limit, total: int, count: int) -> int:
        """The cap times the quantity declared."""
        return int(limit.top) * count

    def values(self, reading: Reading) -> Values:
        """Figures of the message."""
        limit = reading.binding.limit
        units = [word for word in limit.per if word not in KEY_WORDS] or list(limit.per)
        names = [unit_name(word) for word in units]
        return {
            "observed": reading.observed,
            "allowed": reading.left,
            "cap": int(limit.top),
            "unit": joined(names),
            "count": Text(
                f"{reading.units} {' × '.join(name.vi for name in names)}",
                f"{reading.units} {' × '.join(name.en for name in names)}",
            ),
        }
