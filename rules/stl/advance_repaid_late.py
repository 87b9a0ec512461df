"""STL108: an advance repaid after the circular's day and before the decree's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ledger.accounts import Family
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict
from rules.balances import LINE, line_name
from rules.budget_years import first_day
from rules.rows import evidence_of, groups, in_order
from rules.rule import Rule
from rules.severity import Severity
from rules.stl.year_end import (
    calendar_unknown,
    kept_elsewhere,
    kept_years,
    not_yet,
    state_rows,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_DECREES: Final = ("nd163-advance-return", "nd73-advance-return")
_CIRCULARS: Final = ("tt342-advance-return", "tt26-advance-return")
# By it the treasury takes back what the unit did not repay.
_TAKEN_BACK: Final = "recovery-from-next-year"


class AdvanceRepaidLate(Rule):
    """Tạm ứng năm cũ nộp trả sau ngày của Thông tư, trước hạn của Nghị định.

    Kiểm tra gì:
        Nơi hai văn bản ghi hai ngày khác nhau: số tạm ứng của từng nhiệm vụ, nguồn, niên độ còn lại
        ở ngày của Thông tư mà nộp trả trước hạn của Nghị định. Phần Kho bạc đã thu hồi vào dự toán
        năm sau không tính. Còn dư đến hạn của Nghị định thì STL102 xét. Từ niên độ mà hai văn bản
        ghi cùng một ngày thì không áp dụng.

    Vì sao:
        Thông tư ghi ngày sớm hơn Nghị định. Nghị định đứng trên Thông tư, nên nộp giữa hai ngày
        không quá hạn, nhưng Kho bạc có thể đã thu hồi từ ngày của Thông tư: cần giải trình.

    Ví dụ sai:
        2021-12-20 * "Rút tạm ứng"
          kind: "advance"
          voucher: "2021/RDT/90"
          Assets:DuToan:KhaDung:NV05:NSTP    -80 VND
          Assets:TamUng:NV05:NSTP:TM6699      80 VND
        2022-02-12 * "Nộp trả giữa hai hạn"
          kind: "return-to-budget"
          budget-year: 2021
          advance: "2021/RDT/90"
          Assets:TamUng:NV05:NSTP:TM6699     -80 VND
          Equity:NopTraNSNN:NSTP              80 VND

    Cách sửa:
        Nộp trả trước ngày của Thông tư; đã nộp thì lưu giấy nộp trả có xác nhận của Kho bạc:
          2022-02-09 * "Nộp trả tạm ứng không được chuyển nguồn"
            kind: "return-to-budget"
            budget-year: 2021
            advance: "2021/RDT/90"
            Assets:TamUng:NV05:NSTP:TM6699     -80 VND
            Equity:NopTraNSNN:NSTP              80 VND
    """

    code = "STL108"
    name = "settlement.advance-repaid-late"
    title = Text("Nộp trả tạm ứng sau ngày của Thông tư", "Advance repaid after the circular's day")
    severity = Severity.WARNING
    basis = (*_CIRCULARS, *_DECREES)
    message = Text(
        "{subject}: ngày {circular} (Thông tư) còn {left} đồng tạm ứng; hạn của Nghị định là trước "
        "ngày {decree}",
        "{subject}: {left} VND of advances were left on {circular} (circular); the decree asks for "
        "it before {decree}",
    )
    english = """What it checks:
    Where the two texts set different days: advances of each task, fund and budget year that are
    left on the circular's day and repaid before the decree's. What the treasury took back from the
    next year's estimate does not count. What is left on the decree's day belongs to STL102. Where
    both set the same day the rule does not apply.

Why:
    The circular's day is the earlier. The decree stands above it, so that repaying between the two
    is not late, but the treasury may take the money back from the circular's day on.

How to put it right:
    Repay before the circular's day; keep the receipt that the treasury confirmed.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task, fund and budget year that had advances."""
        kept = kept_years(facts)
        rows = state_rows(facts, (Family.ADVANCED, Family.UNACCEPTED))
        for key, line in groups(rows, LINE):
            book, subject, year = key[0], line_name(key), int(key[-1])
            decree, circular = law.year_day(_DECREES, year), law.year_day(_CIRCULARS, year)
            if (book, year) not in kept:
                yield kept_elsewhere(subject, book)
            elif decree is None or circular is None:
                yield calendar_unknown(subject, book, year)
            elif circular.day >= decree.day:
                reason = Text("hai văn bản ghi cùng một ngày", "both texts set the same day")
                yield Assessment(subject, Verdict.NOT_APPLICABLE, book, reason=reason)
            elif as_of < circular.day:
                yield not_yet(subject, book, circular.day)
            else:
                yield _judged((book, subject, year), line, circular.day, decree.day)


def _left(line: pd.DataFrame, day: dt.date) -> int:
    counted = line[(line["date"] < pd.Timestamp(day)) | (line["kind"] == _TAKEN_BACK)]
    return int(counted["amount"].sum())


def _judged(
    named: tuple[str, str, int], line: pd.DataFrame, circular: dt.date, decree: dt.date
) -> Assessment:
    book, subject, year = named
    left = _left(line, circular)
    if left <= 0:
        return Assessment(subject, Verdict.PASS, book, observed=left, allowed=0)
    if _left(line, decree) > 0:
        reason = Text(
            "còn dư đến hạn của Nghị định: xem STL102", "left on the decree's day: STL102"
        )
        return Assessment(subject, Verdict.NOT_APPLICABLE, book, reason=reason)
    repaid = line[
        line["date"].between(pd.Timestamp(circular), pd.Timestamp(decree), inclusive="left")
        & (line["amount"] < 0)
    ]
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        decided_on=first_day(year),
        observed=left,
        allowed=0,
        at_issue=left,
        values={
            "left": left,
            "circular": day_name(circular),
            "decree": day_name(decree),
        },
        evidence=evidence_of(in_order(repaid), left),
        review=True,
    )
