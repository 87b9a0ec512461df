"""BUD110: the estimate of one task pays for another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import STATE_FUNDS
from ledger.kinds import Effect, kinds_that
from ledger.text import Text
from rules.assessment import Assessment, passed
from rules.crossing import MONEY_OF_ESTIMATE, crossings, task_and_fund, task_and_fund_codes
from rules.rows import known
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

# Kinds that shift the estimate by a decision, or mend a booking: other rules look at them.
_SHIFTING: Final = (*kinds_that(Effect.GIVES), "correction")


class PaidFromOtherTask(Rule):
    """Dự toán của nhiệm vụ này trả cho nhiệm vụ khác.

    Kiểm tra gì:
        Trong một giao dịch, tiền ngân sách chỉ chuyển giữa dự toán, cam kết chi, tạm ứng và chi của
        cùng một nhiệm vụ, cùng một nguồn: không có dòng nào giảm để dòng của nhiệm vụ hoặc nguồn
        khác tăng. Giao, bổ sung, phân bổ lại, chuyển nguồn và ghi đỏ xét ở quy tắc khác.

    Vì sao:
        Dự toán giao cho từng nhiệm vụ; rút dự toán nhiệm vụ này chi cho nhiệm vụ khác là chi không
        đúng dự toán được giao, và che mất số vượt của nhiệm vụ kia. Chuyển dự toán giữa các nhiệm
        vụ phải có quyết định phân bổ lại.

    Ví dụ sai:
        2021-06-15 * "Rút dự toán NV05 trả tiền hội chợ của NV02"
          kind: "payment"
          voucher: "2021/RDT/31"
          Assets:DuToan:KhaDung:NV05:NSTP  -500 VND
          Expenses:NV02:NSTP:TM6655         500 VND

    Cách sửa:
        Ghi đúng dự toán của nhiệm vụ; thiếu dự toán thì phân bổ lại có quyết định rồi mới chi:
          2021-06-14 * "Phân bổ lại từ NV05"
            kind: "reallocation"
            decision: "15/QĐ-SCT"
            decision-date: 2021-06-14
            Assets:DuToan:KhaDung:NV05:NSTP  -500 VND
            Assets:DuToan:KhaDung:NV02:NSTP   500 VND
          2021-06-15 * "Trả tiền hội chợ"
            kind: "payment"
            voucher: "2021/RDT/31"
            Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
            Expenses:NV02:NSTP:TM6655         500 VND
    """

    code = "BUD110"
    name = "budget.paid-from-other-task"
    title = Text("Dự toán nhiệm vụ này trả cho nhiệm vụ khác", "One task's estimate pays another")
    severity = Severity.ERROR
    basis = ("nsnn83-as-allotted", "nsnn83-spend-within-estimate", "nsnn89-spend-within-estimate")
    message = Text(
        "{subject}: {givers} trả {amount} đồng cho {takers}",
        "{subject}: {givers} pays {amount} VND for {takers}",
    )
    english = """What it checks:
    Within one transaction state money moves only between the estimate, commitments, advances and
    spending of one task and fund: no line falls so that a line of another task or fund rises.
    Allotments, supplements, reallocations, carry-overs and corrections belong to other rules.

Why:
    The estimate is allotted to each task; drawing on one task for another is not spending as
    allotted, and hides what the other overspends. An estimate is shifted between tasks by a
    decision of reallocation.

How to put it right:
    Draw on the task's own estimate; where it is short, reallocate by a decision first.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        postings = facts["postings"]
        wanted = (
            known(postings["family"], MONEY_OF_ESTIMATE)
            & known(postings["fund"], STATE_FUNDS)
            & (postings["fund"] != "")
            & ~postings["kind"].isin(_SHIFTING)
        ).to_numpy()
        failing = 0
        for found in crossings(postings, wanted, task_and_fund_codes(postings), task_and_fund):
            failing += found.entries
            yield found.failed_by_name()
        yield from passed(int(postings["entry"][wanted].nunique()) - failing)
