"""NRM101: the budget pays more than its share of the cost."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ledger.text import Text, percent
from rules.nrm.costs import CostRule
from rules.severity import Severity

if TYPE_CHECKING:
    from rules.assessment import Values
    from rules.norm import Limit
    from rules.nrm.costs import Reading


_BASES: Final = {
    "eligible-cost": Text("tổng chi phí hợp lệ", "an eligible cost"),
    "contract": Text("giá trị hợp đồng", "a contract value"),
}


class ShareExceeded(CostRule):
    """Ngân sách chi vượt tỷ lệ hỗ trợ trên chi phí hợp lệ.

    Kiểm tra gì:
        Với từng sự kiện hoặc khoản hỗ trợ, phần ngân sách nhà nước (``NSTP``, ``NSTW``) chia cho
        tổng chi phí hợp lệ của mọi nguồn, kể cả phần doanh nghiệp tự chi (``DNTC``), không vượt
        tỷ lệ của định mức; định mức tính trên giá trị hợp đồng thì lấy giá trị các hợp đồng mà
        khoản chi nêu. Nhiều định mức cùng áp dụng thì mức thấp nhất quyết định. Chi phí của
        nhiệm vụ không nêu sự kiện hay khoản hỗ trợ được xét riêng và chỉ đề nghị giải trình.
        Tỷ lệ được sửa giữa chừng mà chọn theo ngày chi thì mỗi khoản ngân sách theo tỷ lệ của
        ngày chi, tính trên toàn bộ chi phí của đối tượng.

    Vì sao:
        Định mức của chương trình chỉ cho ngân sách chi một phần; phần còn lại do doanh nghiệp
        và nguồn khác bảo đảm.

    Ví dụ sai:
        2021-10-05 * "Ngân sách chi 71 trên tổng chi phí 100 của hội thảo"
          kind: "payment"
          activity: "investment-seminar"
          event: "HT2021"
          Assets:DuToan:KhaDung:NV03:NSTP   -71 VND
          Expenses:NV03:NSTP:TM6655          71 VND

    Cách sửa:
        Ghi phần chi của doanh nghiệp cho cùng sự kiện, nếu có:
          2021-10-05 * "Doanh nghiệp tự chi"
            kind: "contribution-direct"
            activity: "investment-seminar"
            event: "HT2021"
            contributor: "0100000001"
            Income:DongGop:NV03:DNTC          -31 VND
            Expenses:NV03:DNTC:TM0000          31 VND
        Không có thì thu hồi phần vượt (kind: "return-restoring").
    """

    code = "NRM101"
    name = "norm.share-exceeded"
    title = Text("Ngân sách chi vượt tỷ lệ hỗ trợ", "More than the budget's share of the cost")
    severity = Severity.ERROR
    measure = "share"
    message = Text(
        "{subject}: ngân sách chi {observed} đồng trên {base} {total} đồng; "
        "tối đa {share} là {allowed} đồng",
        "{subject}: the budget paid {observed} of {base} of {total} VND; "
        "at most {share}, that is {allowed}",
    )
    english = """What it checks:
    For each event or support the state budget's part (``NSTP``, ``NSTW``) of the eligible cost of
    all funds, the enterprises' own spending (``DNTC``) included, keeps to the share that the norm
    sets; a norm that goes by the contract's value takes that of the contracts named. Where several
    norms apply the lowest binds. Costs of a task that name no event or support are looked at by
    themselves and only asked about. Where a share that goes by the day of payment was amended,
    each payment of the budget goes by the share of its own day, over the whole cost.

Why:
    The programme's norms let the budget pay a part; enterprises and other sources bear the rest.

How to put it right:
    Record what the enterprise spent on the same event, if it did; otherwise take the excess back.
"""

    def allowed(self, limit: Limit, total: int, count: int) -> int:
        """The share of the total, rounded down to whole đồng."""
        return int(limit.top * total)

    def across(self, parts: list[Reading], whole: list[Reading]) -> Reading:
        """What was paid takes up cost by the share of its own day; the last share has the rest.

        Who paid when is chance: the enterprise's part counts on whichever side of the amendment.
        """
        last = whole[-1]
        shares = [Fraction(part.binding.limit.top) for part in parts]
        if any(one.allowed is None for one in whole) or not all(shares):
            return super().across(parts, whole)
        taken = sum(part.observed / share for part, share in zip(parts, shares, strict=True))
        left = math.floor((last.total - taken) * shares[-1])
        return last._replace(allowed=last.observed + left)

    def values(self, reading: Reading) -> Values:
        """Figures of the message."""
        share = Fraction(reading.binding.limit.top)
        return {
            "observed": reading.observed,
            "allowed": reading.left,
            "total": reading.total,
            "base": _BASES[reading.binding.limit.of or "eligible-cost"],
            "share": Text(percent(share), percent(share, "en")),
        }
