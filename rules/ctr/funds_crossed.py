"""CTR204: contributions and budget money pay for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.accounts import FUNDS, STATE_FUNDS, Family
from ledger.kinds import Effect, kinds_that
from ledger.text import Text
from rules.assessment import Assessment, passed
from rules.crossing import MONEY_OF_ESTIMATE, Reversible, crossings
from rules.rows import known
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_FAMILIES: Final = (*MONEY_OF_ESTIMATE, Family.DEPOSIT.value)
# What may undo an earlier transaction.
_UNDOING: Final = kinds_that(Effect.UNDOES)
# Deposits hold contributions: nothing of the estimate is ever drawn into them.
_BUDGET, _CONTRIBUTED = "ngân sách", "đóng góp"
_NAMES: Final = {
    _BUDGET: Text("dự toán ngân sách", "the budget's estimate"),
    _CONTRIBUTED: Text("tiền đóng góp", "contributed money"),
}


class FundsCrossed(Rule):
    """Tiền ngân sách và tiền đóng góp chi thay cho nhau trong một giao dịch.

    Kiểm tra gì:
        Khoản chi nguồn ngân sách (``NSTP``, ``NSTW``) lấy từ dự toán, cam kết chi hoặc tạm ứng;
        khoản chi nguồn đóng góp (``DN``, ``HD``) lấy từ tài khoản tiền gửi; khoản doanh nghiệp tự
        chi không lấy từ đâu trong sổ. Không giao dịch nào rút bên này trả cho bên kia; ghi đỏ,
        nộp trả trọn một giao dịch có trước thì không tính.

    Vì sao:
        Tỷ lệ ngân sách và phần doanh nghiệp được tính theo nguồn của khoản chi. Rút dự toán mà ghi
        là doanh nghiệp chi, hoặc ngược lại, làm sai tỷ lệ và sai báo cáo của cả hai nguồn.

    Ví dụ sai:
        2021-10-20 * "Rút dự toán trả phần doanh nghiệp phải chi"
          kind: "payment"
          voucher: "2021/RDT/60"
          Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
          Expenses:NV02:DN:TM6655           500 VND

    Cách sửa:
        Ghi đúng nguồn của tiền đã chi:
          2021-10-20 * "Trả từ dự toán"
            kind: "payment"
            voucher: "2021/RDT/60"
            Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
            Expenses:NV02:NSTP:TM6655         500 VND
        Đã trả nhầm nguồn thì nộp trả, rồi trả lại từ nguồn đúng.
    """

    code = "CTR204"
    name = "contribution.funds-crossed"
    title = Text("Ngân sách và đóng góp chi thay nhau", "Budget and contributions crossed")
    severity = Severity.ERROR
    basis = ("plan49-funding", "nsnn83-as-allotted")
    rests_on_plan = True
    message = Text(
        "{subject}: {giver} trả {amount} đồng cho phần của {taker}",
        "{subject}: {giver} pays {amount} VND for the part of {taker}",
    )
    english = """What it checks:
    Spending of the budget (``NSTP``, ``NSTW``) comes from the estimate, commitments or advances;
    spending of contributions (``DN``, ``HD``) from deposit accounts; what enterprises spend
    themselves comes from nowhere in the book. No transaction draws on one for the other; the whole
    reversal of an earlier one does not count.

Why:
    The shares of the budget and of the enterprise are reckoned by the fund of the spending. To
    draw on the estimate and book the enterprise's spending, or the other way round, falsifies the
    share and the reports of both.

How to put it right:
    Book the fund whose money was spent; what was paid from the wrong one is returned and paid
    again from the right one.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        postings = facts["postings"]
        deposit = postings["family"] == Family.DEPOSIT.value
        funded = known(postings["fund"], FUNDS) & (postings["fund"] != "")
        state = (known(postings["fund"], STATE_FUNDS) & (postings["fund"] != "")).to_numpy()
        money = (known(postings["family"], _FAMILIES) & (deposit | funded)).to_numpy()
        undoes = postings["kind"].isin(_UNDOING).to_numpy()
        undoing = list(crossings(postings, money & undoes, state, _side))
        reversible = Reversible(postings, money, undoing)
        wrong = [one for one in undoing if not reversible.reverses(one)]
        failing = 0
        for found in (*crossings(postings, money & ~undoes, state, _side), *wrong):
            failing += found.entries
            yield found.failed({"giver": _NAMES[found.givers[0]], "taker": _NAMES[found.takers[0]]})
        yield from passed(int(postings["entry"][money].nunique()) - failing)


def _side(row: Any) -> str:  # noqa: ANN401  # a record
    return _BUDGET if row.fund in STATE_FUNDS else _CONTRIBUTED
