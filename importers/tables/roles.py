"""What a column of a table holds: the words that profiles use, and no others (vai của cột)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a column holds; the value is the word in YAML."""

    DATE = "date"
    DATE_DOCUMENT = "date-document"  # both in one cell
    DOCUMENT = "document"
    DOCUMENT_DATE = "document-date"
    TEXT = "text"
    OUT = "out"
    IN = "in"
    AMOUNT = "amount"
    DIRECTION = "direction"
    FEE = "fee"
    VAT = "vat"
    BALANCE = "balance"
    COUNTER_ACCOUNT = "counter-account"
    COUNTER_NAME = "counter-name"
    ACCOUNT = "account"
    DEBIT = "debit"
    CREDIT = "credit"
    DEBIT_ACCOUNT = "debit-account"
    CREDIT_ACCOUNT = "credit-account"
    TASK = "task"
    TASK_CODE = "task-code"
    FUND = "fund"
    LABEL = "label"
    CHAPTER = "chapter"
    SOURCE_CODE = "source-code"
    KIND_ITEM = "kind-item"
    SUB_ITEM = "sub-item"
    PROGRAMME_CODE = "programme-code"
    # 01a-SDKP/ĐVDT
    BROUGHT_FORWARD = "brought-forward"
    ALLOTTED = "allotted"
    ADJUSTED = "adjusted"
    ADJUSTED_TOTAL = "adjusted-total"
    USABLE = "usable"
    USED = "used"
    USED_TOTAL = "used-total"
    COMMITTED = "committed"
    COMMITTED_BALANCE = "committed-balance"
    WITHHELD = "withheld"
    REMAINING = "remaining"
    # 02a-SDKP/ĐVDT
    ADVANCE = "advance"
    ADVANCE_BALANCE = "advance-balance"
    SPENT = "spent"
    SPENT_TOTAL = "spent-total"
    TOTAL = "total"
    TOTAL_BALANCE = "total-balance"
    # 06-ĐCSDTK/KBNN
    OPENING = "opening"
    RECEIVED = "received"
    PAID = "paid"
    CLOSING = "closing"

    @property
    def field(self) -> str:
        """Its name in Python, as lines and figures have it."""
        return self.value.replace("-", "_")

    @property
    def money(self) -> bool:
        """Whether it holds an amount."""
        return self in _MONEY


def role_of(field: str) -> Role:
    """The column that a field of a line or a figure comes from."""
    return Role(field.replace("_", "-"))


# What a statement's row may move, apart from its balance.
MOVED: Final = (Role.OUT, Role.IN, Role.AMOUNT, Role.FEE, Role.VAT)
_FIGURES: Final = tuple(Role)[tuple(Role).index(Role.BROUGHT_FORWARD) :]
_MONEY: Final = frozenset({*MOVED, Role.BALANCE, Role.DEBIT, Role.CREDIT, *_FIGURES})
# How many digits a code has, where a spreadsheet may have lost its first zeros.
CODE_LENGTHS: Final = {
    Role.SOURCE_CODE: 2,
    Role.KIND_ITEM: 3,
    Role.SUB_ITEM: 4,
    Role.PROGRAMME_CODE: 5,
    Role.CHAPTER: 3,
}
