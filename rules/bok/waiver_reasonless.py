"""BOK404: a waiver without a reason."""

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


class WaiverReasonless(WaiverRule):
    """Chấp nhận phát hiện mà không nêu lý do.

    Kiểm tra gì:
        Mỗi khai báo ``waiver`` có ``reason``.

    Vì sao:
        Chấp nhận không có lý do thì không ai kiểm lại được. Khai báo như vậy không có tác dụng:
        phát hiện vẫn được tính.

    Ví dụ sai:
        2022-01-10 custom "waiver" "BUD101" "8b1d4be1ee0f1b2c"
          by: "Nguyễn Văn A, kiểm toán viên"

    Cách sửa:
        Ghi lý do, hoặc xóa khai báo:
          2022-01-10 custom "waiver" "BUD101" "8b1d4be1ee0f1b2c"
            by: "Nguyễn Văn A, kiểm toán viên"
            reason: "Đã có quyết định bổ sung dự toán, chờ Kho bạc nhập"
    """

    code = "BOK404"
    name = "book.waiver-reasonless"
    title = Text("Chấp nhận không có lý do", "A waiver without a reason")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "chấp nhận {finding} của {by} không nêu lý do, nên không có tác dụng",
        "the waiver of {finding} by {by} gives no reason, so it has no effect",
    )
    english = """What it checks:
    Each ``waiver`` has a ``reason``.

Why:
    Without a reason nobody can look at it again. Such a waiver has no effect: the finding counts.

How to put it right:
    Give the reason, or delete the waiver.
"""

    def look(self, matches: Sequence[Match]) -> Iterator[Assessment]:
        """One assessment a waiver without a reason; the others in bulk."""
        yield from judged(matches, WaiverState.REASONLESS, _values)


def _values(one: Match) -> dict[str, str | Text]:
    return {"finding": one.waiver.code}
