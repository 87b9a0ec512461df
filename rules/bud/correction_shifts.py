"""BUD113: a correction that shifts money between tasks without a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import STATE_FUNDS
from ledger.text import Text
from rules.assessment import Assessment, passed
from rules.crossing import (
    MONEY_OF_ESTIMATE,
    Reversible,
    crossings,
    task_and_fund,
    task_and_fund_codes,
)
from rules.rows import known
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class CorrectionShifts(Rule):
    """Ghi đỏ làm chuyển tiền giữa các nhiệm vụ, thay cho quyết định phân bổ lại.

    Kiểm tra gì:
        Giao dịch loại ``correction`` không làm một nhiệm vụ, nguồn giảm để nhiệm vụ, nguồn khác
        tăng (dự toán, cam kết chi, tạm ứng, chi ngân sách), trừ khi nó ghi đỏ trọn vẹn một giao
        dịch có trước trong cùng sổ: cùng tài khoản, cùng niên độ, số tiền ngược dấu.

    Vì sao:
        Ghi đỏ chỉ để sửa bút toán sai. Chuyển dự toán từ nhiệm vụ này sang nhiệm vụ khác bằng ghi
        đỏ là điều chỉnh dự toán mà không có quyết định, tránh các quy tắc về phân bổ lại.

    Ví dụ sai:
        2021-11-20 * "Ghi đỏ, chuyển 20 đồng dự toán sang NV05"
          kind: "correction"
          Assets:DuToan:KhaDung:NV08:NSTP  -20 VND
          Assets:DuToan:KhaDung:NV05:NSTP   20 VND

    Cách sửa:
        Phân bổ lại thì ghi đúng loại, có quyết định:
          2021-11-10 * "Phân bổ lại"
            kind: "reallocation"
            decision: "15/QĐ-SCT"
            decision-date: 2021-11-10
            Assets:DuToan:KhaDung:NV08:NSTP  -20 VND
            Assets:DuToan:KhaDung:NV05:NSTP   20 VND
        Sửa bút toán sai thì ghi đỏ trọn bút toán đó, rồi ghi lại giao dịch đúng.
    """

    code = "BUD113"
    name = "budget.correction-shifts"
    title = Text("Ghi đỏ thay cho phân bổ lại", "A correction that shifts money between tasks")
    severity = Severity.ERROR
    basis = ("nsnn83-adjustment",)
    message = Text(
        "{subject}: ghi đỏ làm {givers} giảm, {takers} tăng {amount} đồng; không có giao dịch nào "
        "trước đó bị ghi đỏ trọn vẹn",
        "{subject}: the correction lowers {givers} and raises {takers} by {amount} VND; no earlier "
        "transaction is reversed whole by it",
    )
    english = """What it checks:
    A transaction of kind ``correction`` does not lower one task or fund and raise another
    (estimate, commitments, advances, state spending), unless it reverses one earlier transaction
    of the same book whole: same accounts and budget years, opposite amounts.

Why:
    A correction only mends a wrong booking. Shifting an estimate between tasks by it adjusts the
    estimate without a decision and goes round the rules of reallocation.

How to put it right:
    Book a ``reallocation`` with its decision; to mend a booking, reverse it whole and book it
    anew.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        postings = facts["postings"]
        money = known(postings["family"], MONEY_OF_ESTIMATE) & known(postings["fund"], STATE_FUNDS)
        red = (money & (postings["kind"] == "correction")).to_numpy()
        codes = task_and_fund_codes(postings)
        found = list(crossings(postings, red, codes, task_and_fund))
        reversible = Reversible(postings, money.to_numpy(), found)
        failing = 0
        for crossing in found:
            if reversible.reverses(crossing):
                continue
            failing += crossing.entries
            yield crossing.failed_by_name()
        yield from passed(int(postings["entry"][red].nunique()) - failing)
