"""The table of kinds: what each kind of transaction may move (loại nghiệp vụ).

Rules, forms and entry pages read this table; nothing else says which accounts belong to a kind.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
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


class Effect(StrEnum):
    """What transactions of a kind do; rules choose kinds by it, not by name."""

    GIVES = "gives"  # gives the estimate, takes it back, or moves it between tasks or years
    WITHHOLDS = "withholds"  # keeps a part of the estimate from use, or strikes it out
    COMMITS = "commits"  # sets a part of the estimate aside for a contract, or sets it free
    ENDS = "ends"  # takes what is left of the estimate out of the year
    PAYS = "pays"  # money goes to a payee
    CLEARS = "clears"  # clears an advance drawn before: paid out, accepted or brought back
    UNDOES = "undoes"  # takes spending of the same year back, so that the estimate revives
    GOES_BACK = "goes-back"  # money goes back to the budget, of a year that may be closed
    CLAIMED = "claimed"  # money that others owe, of which the unit pays nothing
    BY_TREASURY = "by-treasury"  # the treasury decides on papers that the unit sends
    VOUCHED = "vouched"  # a paper of the treasury, of a bank or of the unit stands behind it


class Kind(NamedTuple):
    """A kind of transaction.

    Attributes:
        code: the value of ``kind`` in the book.
        label: the term in use.
        moves: what it may move; anything else is a mistake of the book.
        column: the column of the execution table that its moves of the estimate feed
            (see ``ledger.execution``); empty where it feeds none.
        effects: what its transactions do, as far as rules ask.
    """

    code: str
    label: Text
    moves: tuple[Move, ...]
    column: str = ""
    effects: tuple[Effect, ...] = ()

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


# What the unit held of earlier years when its book began; it comes in on no day of the book.
OPENING = "opening-balance"

_ALL_OF_BUDGET = "AVAILABLE+- WITHHELD+- COMMITTED+- ADVANCED+- UNACCEPTED+-"

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "allotment",
            Text("Giao dự toán", "Allotment"),
            _moves("AVAILABLE+ WITHHELD+ GRANTED-"),
            "allotted",
            effects=(Effect.GIVES,),
        ),
        Kind(
            "supplement",
            Text("Bổ sung, cắt giảm dự toán", "Supplement or cut"),
            _moves("AVAILABLE+- WITHHELD+- GRANTED+-"),
            "adjusted",
            effects=(Effect.GIVES,),
        ),
        Kind(
            "reallocation",
            Text("Phân bổ lại dự toán", "Reallocation"),
            _moves("AVAILABLE+-"),
            "adjusted",
            effects=(Effect.GIVES,),
        ),
        Kind(
            "correction",
            Text("Ghi đỏ", "Correction (red)"),
            _moves(f"{_ALL_OF_BUDGET} SPENT+- DEPOSIT+- PAYABLE+- CONTRIBUTED+- PLEDGED+-"),
            effects=(Effect.UNDOES,),
        ),
        Kind(
            "withholding",
            Text("Giữ lại dự toán", "Withholding"),
            _moves("AVAILABLE+- WITHHELD+-"),
            effects=(Effect.WITHHOLDS,),
        ),
        Kind(
            "commitment",
            Text("Cam kết chi", "Commitment"),
            _moves("AVAILABLE- COMMITTED+"),
            effects=(Effect.COMMITS,),
        ),
        Kind(
            "commitment-adjustment",
            Text("Điều chỉnh cam kết chi", "Commitment adjustment"),
            _moves("AVAILABLE+- COMMITTED+-"),
            effects=(Effect.COMMITS,),
        ),
        Kind(
            "commitment-release",
            Text("Giải phóng cam kết chi", "Commitment release"),
            _moves("AVAILABLE+ COMMITTED-"),
            effects=(Effect.COMMITS,),
        ),
        Kind(
            "advance",
            Text("Tạm ứng", "Advance"),
            _moves("AVAILABLE- COMMITTED- ADVANCED+"),
            effects=(Effect.BY_TREASURY, Effect.VOUCHED),
        ),
        Kind(
            "paid-from-advance",
            Text("Chi từ tiền tạm ứng", "Paid from an advance"),
            _moves("UNACCEPTED+ ADVANCED- PAYABLE-"),
            effects=(Effect.PAYS, Effect.CLEARS, Effect.VOUCHED),
        ),
        Kind(
            "advance-settlement",
            Text("Thanh toán tạm ứng", "Settlement of an advance"),
            _moves("UNACCEPTED- ADVANCED- SPENT+"),
            effects=(Effect.CLEARS, Effect.BY_TREASURY, Effect.VOUCHED),
        ),
        Kind(
            "payment",
            Text("Thực chi", "Payment"),
            _moves("AVAILABLE- COMMITTED- DEPOSIT- SPENT+ PAYABLE-"),
            effects=(Effect.PAYS, Effect.BY_TREASURY, Effect.VOUCHED),
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
            effects=(Effect.CLEARS, Effect.UNDOES, Effect.VOUCHED),
        ),
        Kind(
            "return-to-budget",
            Text("Nộp trả ngân sách", "Return to the budget"),
            _moves("ADVANCED- SPENT- DEPOSIT- RETURNED+"),
            "returned",
            effects=(Effect.CLEARS, Effect.GOES_BACK, Effect.VOUCHED),
        ),
        Kind(
            "recovery",
            Text("Thu hồi theo kiến nghị", "Recovery after audit"),
            _moves("DEPOSIT+- PAYABLE+-"),
            effects=(Effect.GOES_BACK, Effect.CLAIMED, Effect.VOUCHED),
        ),
        Kind(
            "recovery-from-next-year",
            Text("Thu hồi vào dự toán năm sau", "Recovery from next year's estimate"),
            _moves("ADVANCED+- RETURNED+ AVAILABLE-"),
            "returned",
            effects=(Effect.GOES_BACK,),
        ),
        Kind(
            "cancellation",
            Text("Hủy dự toán", "Cancellation"),
            _moves("AVAILABLE- WITHHELD- COMMITTED- CANCELLED+"),
            "cancelled",
            effects=(Effect.WITHHOLDS, Effect.ENDS),
        ),
        Kind(
            "carry-over",
            Text("Chuyển nguồn", "Carry-over"),
            _moves("AVAILABLE+- COMMITTED+- ADVANCED+- CARRIED_OVER+-"),
            "carried_over",
            effects=(Effect.GIVES, Effect.ENDS),
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
            effects=(Effect.VOUCHED,),
        ),
        Kind(
            "contribution-direct",
            Text("Doanh nghiệp tự chi", "Enterprise's own spending"),
            _moves("CONTRIBUTED- SPENT+"),
            effects=(Effect.VOUCHED,),
        ),
        Kind(
            "contribution-return",
            Text("Trả lại đóng góp", "Contribution given back"),
            _moves("DEPOSIT- CONTRIBUTED+"),
            effects=(Effect.VOUCHED,),
        ),
        Kind(
            "tax-payment",
            Text("Nộp thuế đã khấu trừ", "Payment of withheld tax"),
            _moves("PAYABLE+ ADVANCED- DEPOSIT-"),
            effects=(Effect.VOUCHED,),
        ),
        Kind(
            "penalty",
            Text("Tiền phạt hợp đồng", "Penalty"),
            _moves("DEPOSIT+- PAYABLE+-"),
            effects=(Effect.CLAIMED, Effect.VOUCHED),
        ),
        Kind(
            "deposit-interest",
            Text("Lãi tiền gửi", "Deposit interest"),
            _moves("DEPOSIT+ OTHER_INCOME-"),
            effects=(Effect.VOUCHED,),
        ),
        Kind(
            "bank-fee",
            Text("Phí ngân hàng", "Bank fee"),
            _moves("DEPOSIT- SPENT+"),
            effects=(Effect.VOUCHED,),
        ),
        Kind(
            OPENING,
            Text("Số dư khi mở sổ", "Opening balance"),
            _moves("DEPOSIT+ PLEDGED+ CONTRIBUTED- PAYABLE- OPENED-"),
        ),
    )
}


@cache
def kinds_that(*effects: Effect) -> tuple[str, ...]:
    """The codes of the kinds that do any of these, in the order of the table."""
    return tuple(kind.code for kind in KINDS.values() if not set(effects).isdisjoint(kind.effects))
