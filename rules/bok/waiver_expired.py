"""BOK401: a waiver whose last day has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text, day_name
from rules.finding import WaiverState
from rules.rule import WaiverRule
from rules.severity import Severity
from rules.waivers import judged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.assessment import Assessment
    from rules.waivers import Match


class WaiverExpired(WaiverRule):
    """Chấp nhận phát hiện đã hết hạn.

    Kiểm tra gì:
        Ngày ``until`` của mỗi khai báo ``waiver`` chưa qua. Ngày cuối vẫn còn hiệu lực; không ghi
        ``until`` là không có hạn.

    Vì sao:
        Chấp nhận có hạn là để buộc xem lại. Hết hạn thì phát hiện trở lại và được tính như cũ.

    Ví dụ sai:
        2022-01-10 custom "waiver" "BUD101" "8b1d4be1ee0f1b2c"
          by: "Nguyễn Văn A, kiểm toán viên"
          reason: "Đã có quyết định bổ sung dự toán, chờ Kho bạc nhập"
          until: 2022-01-31
        (kiểm tra ngày 01/02/2022)

    Cách sửa:
        Xem lại phát hiện, rồi xóa khai báo, hoặc ghi hạn mới kèm lý do còn đúng:
          2022-02-10 custom "waiver" "BUD101" "8b1d4be1ee0f1b2c"
            by: "Nguyễn Văn A, kiểm toán viên"
            reason: "Kho bạc hẹn nhập bổ sung trong quý I"
            until: 2022-03-31
    """

    code = "BOK401"
    name = "book.waiver-expired"
    title = Text("Chấp nhận đã hết hạn", "A waiver that has expired")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "chấp nhận {finding} của {by} đã hết hạn ngày {until}",
        "the waiver of {finding} by {by} expired on {until}",
    )
    english = """What it checks:
    The day ``until`` of each ``waiver`` has not passed. The last day still counts; without
    ``until`` there is no end.

Why:
    A term is there to make somebody look again. When it is over the finding is back and counts.

How to put it right:
    Look at the finding again, then delete the waiver or give it a new term with a reason that
    still holds.
"""

    def look(self, matches: Sequence[Match]) -> Iterator[Assessment]:
        """One assessment a waiver past its day; the others in bulk."""
        yield from judged(matches, WaiverState.EXPIRED, _values)


def _values(one: Match) -> dict[str, str | Text]:
    until = one.waiver.until
    day = day_name(until) if until else ""
    return {"finding": one.waiver.code, "until": day}
