"""Amounts that a spreadsheet keeps to the dong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.problems import refusal
from ledger.text import LARGEST_AMOUNT, Text

if TYPE_CHECKING:
    from ledger.problems import BadInputError


def checked(amount: int) -> int:
    """An amount that a spreadsheet keeps to the dong.

    Raises:
        BadInputError: it has more than fifteen digits.
    """
    if abs(amount) > LARGEST_AMOUNT:
        raise too_long()
    return amount


def too_long() -> BadInputError:
    """The refusal of a sum that a spreadsheet would round."""
    return refusal(
        Text(
            "có số tiền cộng dồn dài quá 15 chữ số, bảng tính không giữ được đến từng đồng",
            "a sum has more than 15 digits, which a spreadsheet does not keep to the dong",
        ),
        Text("kiểm tra lại các số tiền lớn trong sổ", "look over the large amounts in the book"),
    )
