"""How whoever asks says what a statement does not (cách nêu điều sao kê không in)."""

from __future__ import annotations

from typing import Final, NamedTuple

from ledger.text import Text

ESTIMATE_ACCOUNT: Final = "DuToan"


class Ways(NamedTuple):
    """How whoever asks says what a statement does not: options of a command, or a form's fields.

    Attributes:
        teach: for a file that is read by no known layout.
        closing: for a form, which has no closing balance to be said.
        account: for a statement that prints no number of an account of the book.
        other_account: for one that prints another number than that of the account named.
    """

    teach: Text = Text(
        "dạy cách đọc các cột: cnht import SO TỆP --teach",
        "teach its columns: cnht import BOOK FILE --teach",
    )
    closing: Text = Text("bỏ --closing", "drop --closing")
    account: Text = Text(
        f"ghi account-number ở lệnh open, hoặc nêu --account TÊN (hay {ESTIMATE_ACCOUNT} cho "
        "sao kê rút dự toán)",
        f"write account-number at its open, or name --account NAME ({ESTIMATE_ACCOUNT} for a "
        "statement of draws on the estimate)",
    )
    other_account: Text = Text(
        "chọn đúng sao kê, hoặc sửa account-number ở lệnh open nếu số trong sổ sai",
        "take the right statement, or mend account-number at its open if the book is wrong",
    )


OPTIONS: Final = Ways()
