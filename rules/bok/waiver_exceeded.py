"""BOK403: a finding that has grown above what its waiver accepts."""

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


class WaiverExceeded(WaiverRule):
    """Phát hiện vượt số tiền đã chấp nhận.

    Kiểm tra gì:
        Số tiền cần xem xét của phát hiện không quá ``up-to`` của khai báo ``waiver``. Đúng bằng thì
        còn trong mức; không ghi ``up-to`` là mọi số tiền.

    Vì sao:
        Người chấp nhận đã xem một số tiền nhất định. Vượt số đó thì phát hiện trở lại và được tính
        trọn số tiền.

    Ví dụ sai:
        2022-01-10 custom "waiver" "BUD101" "8b1d4be1ee0f1b2c"
          by: "Nguyễn Văn A, kiểm toán viên"
          reason: "Đã có quyết định bổ sung dự toán, chờ Kho bạc nhập"
          up-to: 1000000
        (phát hiện nay là 1.000.001 đồng)

    Cách sửa:
        Xem phần vượt, rồi sửa sổ, hoặc ghi mức mới kèm lý do:
          2022-01-10 custom "waiver" "BUD101" "8b1d4be1ee0f1b2c"
            by: "Nguyễn Văn A, kiểm toán viên"
            reason: "Quyết định bổ sung lần hai, chờ Kho bạc nhập"
            up-to: 2000000
    """

    code = "BOK403"
    name = "book.waiver-exceeded"
    title = Text("Vượt số tiền đã chấp nhận", "More at issue than a waiver accepts")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "phát hiện {finding} nay là {amount} đồng, quá {limit} đồng mà {by} đã chấp nhận",
        "the finding {finding} is now {amount} VND, above the {limit} VND that {by} accepted",
    )
    english = """What it checks:
    The amount at issue is not above ``up-to`` of the ``waiver``. The very amount is within;
    without ``up-to`` any amount is.

Why:
    Somebody looked at one amount. Above it the finding is back and counts in full.

How to put it right:
    Look at what was added, then mend the book or accept a new amount with its reason.
"""

    def look(self, matches: Sequence[Match]) -> Iterator[Assessment]:
        """One assessment a waiver that is exceeded; the others in bulk."""
        yield from judged(matches, WaiverState.EXCEEDED, _values)


def _values(one: Match) -> dict[str, str | int | Text]:
    return {
        "finding": one.waiver.code,
        "amount": one.at_issue,
        "limit": one.waiver.up_to or 0,
    }
