"""BOK402: a waiver of a finding that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text
from rules.finding import WaiverState
from rules.rule import WaiverRule
from rules.severity import Severity
from rules.waivers import judged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.assessment import Assessment
    from rules.waivers import Match


class WaiverUnused(WaiverRule):
    """Chấp nhận một phát hiện không có.

    Kiểm tra gì:
        Mã và dấu vân của mỗi khai báo ``waiver`` là của một phát hiện trong lần kiểm tra này.
        Chấp nhận ghi trong sổ chỉ dùng cho phát hiện của chính sổ đó.

    Vì sao:
        Phát hiện đã được sửa, hoặc mã, dấu vân gõ nhầm. Giữ lại thì về sau có thể che một phát hiện
        khác mà không ai xem lại.

    Ví dụ sai:
        2022-01-10 custom "waiver" "BUD101" "8b1d4be1ee0f1b2c"
          by: "Nguyễn Văn A, kiểm toán viên"
          reason: "Đã có quyết định bổ sung dự toán"
        (lần kiểm tra này không có phát hiện BUD101 nào mang dấu vân đó)

    Cách sửa:
        Xóa khai báo, hoặc chép lại mã và dấu vân từ «cnht check SO --format json»:
          2022-01-10 custom "waiver" "BUD101" "8b1d4be1ee0f1b2c"
            by: "Nguyễn Văn A, kiểm toán viên"
            reason: "Đã có quyết định bổ sung dự toán"
    """

    code = "BOK402"
    name = "book.waiver-unused"
    title = Text("Chấp nhận không dùng đến", "A waiver that is not used")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "chấp nhận của {by} nêu phát hiện {finding} dấu vân {fingerprint}, "
        "lần kiểm tra này không có phát hiện đó",
        "the waiver by {by} names the finding {finding} with fingerprint {fingerprint}, "
        "which this check does not have",
    )
    english = """What it checks:
    Code and fingerprint of each ``waiver`` are those of a finding of this check. A waiver in a
    book reaches the findings of that book only.

Why:
    The finding was put right, or the code or fingerprint is mistyped. Kept, it may one day cover
    another finding that nobody looks at.

How to put it right:
    Delete it, or copy code and fingerprint from ``cnht check BOOK --format json``.
"""

    def look(self, matches: Sequence[Match]) -> Iterator[Assessment]:
        """One assessment a waiver of nothing; the others in bulk."""
        yield from judged(matches, WaiverState.UNUSED, _values)


def _values(one: Match) -> dict[str, str | Text]:
    return {"finding": one.waiver.code, "fingerprint": one.waiver.fingerprint}
