"""The table of kinds: what each kind of transaction may move (loại nghiệp vụ).

Rules, forms and entry pages read this table; nothing else says which accounts belong to a kind.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.accounts import Family
from ledger.text import Text


class Move(NamedTuple):
    """A family of accounts and the signs in which a kind may move it (``+``, ``-`` or both)."""

    family: Family
    signs: str

    def allows(self, amount: int) -> bool:
        """Whether a posting of this amount (VND) keeps to the signs."""
        return amount == 0 or ("+" if amount > 0 else "-") in self.signs


class Kind(NamedTuple):
    """A kind of transaction.

    Attributes:
        code: the value of ``kind`` in the book.
        label: the term in use.
        moves: what it may move; anything else is a mistake of the book.
        column: the column of the execution table that its moves of the estimate feed
            (see ``ledger.execution``); empty where it feeds none.
    """

    code: str
    label: Text
    moves: tuple[Move, ...]
    column: str = ""

    def move_of(self, family: str) -> Move | None:
        """What the kind may do to a family, or None where it may not touch it."""
        return next((move for move in self.moves if move.family == family), None)


def _moves(words: str) -> tuple[Move, ...]:
    """Read ``"AVAILABLE- ADVANCED+"``; the signs ``+-`` mean either way."""
    result = []
    for word in words.split():
        name = word.rstrip("+-")
        result.append(Move(Family[name], word[len(name) :]))
    return tuple(result)


_ALL_OF_BUDGET = "AVAILABLE+- WITHHELD+- COMMITTED+- ADVANCED+- UNACCEPTED+-"

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "allotment",
            Text("Giao dự toán", "Allotment"),
            _moves("AVAILABLE+ WITHHELD+ GRANTED-"),
            "allotted",
        ),
        Kind(
            "supplement",
            Text("Bổ sung, cắt giảm dự toán", "Supplement or cut"),
            _moves("AVAILABLE+- WITHHELD+- GRANTED+-"),
            "adjusted",
        ),
        Kind(
            "reallocation",
            Text("Phân bổ lại dự toán", "Reallocation"),
            _moves("AVAILABLE+-"),
            "adjusted",
        ),
        Kind(
            "correction",
            Text("Ghi đỏ", "Correction (red)"),
            _moves(f"{_ALL_OF_BUDGET} SPENT+- DEPOSIT+- PAYABLE+- CONTRIBUTED+- PLEDGED+-"),
        ),
        Kind(
            "withholding",
            Text("Giữ lại dự toán", "Withholding"),
            _moves("AVAILABLE+- WITHHELD+-"),
        ),
        Kind("commitment", Text("Cam kết chi", "Commitment"), _moves("AVAILABLE- COMMITTED+")),
        Kind(
            "commitment-adjustment",
            Text("Điều chỉnh cam kết chi", "Commitment adjustment"),
            _moves("AVAILABLE+- COMMITTED+-"),
        ),
        Kind(
            "commitment-release",
            Text("Giải phóng cam kết chi", "Commitment release"),
            _moves("AVAILABLE+ COMMITTED-"),
        ),
        Kind("advance", Text("Tạm ứng", "Advance"), _moves("AVAILABLE- COMMITTED- ADVANCED+")),
        Kind(
            "paid-from-advance",
            Text("Chi từ tiền tạm ứng", "Paid from an advance"),
            _moves("UNACCEPTED+ ADVANCED- PAYABLE-"),
        ),
        Kind(
            "advance-settlement",
            Text("Thanh toán tạm ứng", "Settlement of an advance"),
            _moves("UNACCEPTED- ADVANCED- SPENT+"),
        ),
        Kind(
            "payment",
            Text("Thực chi", "Payment"),
            _moves("AVAILABLE- COMMITTED- DEPOSIT- SPENT+ PAYABLE-"),
        ),
        Kind(
            "reclassification",
            Text("Điều chỉnh mục lục ngân sách", "Reclassification"),
            _moves("SPENT+- ADVANCED+- UNACCEPTED+-"),
        ),
        Kind(
            "return-restoring",
            Text("Nộp trả, khôi phục dự toán", "Return that restores the estimate"),
            _moves("ADVANCED- SPENT- AVAILABLE+ COMMITTED+"),
        ),
        Kind(
            "return-to-budget",
            Text("Nộp trả ngân sách", "Return to the budget"),
            _moves("ADVANCED- SPENT- DEPOSIT- RETURNED+"),
            "returned",
        ),
        Kind(
            "recovery",
            Text("Thu hồi theo kiến nghị", "Recovery after audit"),
            _moves("DEPOSIT+- PAYABLE+-"),
        ),
        Kind(
            "recovery-from-next-year",
            Text("Thu hồi vào dự toán năm sau", "Recovery from next year's estimate"),
            _moves("ADVANCED+- RETURNED+ AVAILABLE-"),
            "returned",
        ),
        Kind(
            "cancellation",
            Text("Hủy dự toán", "Cancellation"),
            _moves("AVAILABLE- WITHHELD- COMMITTED- CANCELLED+"),
            "cancelled",
        ),
        Kind(
            "carry-over",
            Text("Chuyển nguồn", "Carry-over"),
            _moves("AVAILABLE+- COMMITTED+- ADVANCED+- CARRIED_OVER+-"),
            "carried_over",
        ),
        Kind(
            "contribution-pledge",
            Text("Cam kết đóng góp", "Pledge"),
            _moves("PLEDGED+ CONTRIBUTED-"),
        ),
        Kind(
            "contribution-cash",
            Text("Nhận tiền đóng góp", "Contribution received"),
            _moves("DEPOSIT+ PLEDGED- CONTRIBUTED-"),
        ),
        Kind(
            "contribution-direct",
            Text("Doanh nghiệp tự chi", "Enterprise's own spending"),
            _moves("CONTRIBUTED- SPENT+"),
        ),
        Kind(
            "contribution-return",
            Text("Trả lại đóng góp", "Contribution given back"),
            _moves("DEPOSIT- CONTRIBUTED+"),
        ),
        Kind(
            "tax-payment",
            Text("Nộp thuế đã khấu trừ", "Payment of withheld tax"),
            _moves("PAYABLE+ ADVANCED- DEPOSIT-"),
        ),
        Kind("penalty", Text("Tiền phạt hợp đồng", "Penalty"), _moves("DEPOSIT+- PAYABLE+-")),
        Kind(
            "deposit-interest",
            Text("Lãi tiền gửi", "Deposit interest"),
            _moves("DEPOSIT+ OTHER_INCOME-"),
        ),
        Kind("bank-fee", Text("Phí ngân hàng", "Bank fee"), _moves("DEPOSIT- SPENT+")),
    )
}
