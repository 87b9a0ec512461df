"""STL107: booked so late that the treasury may have had the papers too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from ledger.accounts import Family
from ledger.kinds import Effect, kinds_that
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.budget_years import closing_of, first_day
from rules.rows import in_question
from rules.rule import Rule
from rules.severity import Severity
from rules.stl.year_end import SPENDING_ENDS, calendar_unknown, state_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law, YearDay

_REQUESTS: Final = ("tt342-request-deadline", "tt26-request-deadline")
_CLOSING_PAPERS: Final = ("tt342-closing-papers", "tt26-closing-papers")
# What the treasury pays or accepts on papers that the unit sends.
_ON_PAPERS: Final = kinds_that(Effect.BY_TREASURY)


class PapersLate(Rule):
    """Ghi quá sát hạn, cần xem ngày gửi hồ sơ đến Kho bạc.

    Kiểm tra gì:
        Khoản chi, tạm ứng ngân sách ghi sau ngày cuối gửi hồ sơ rút dự toán, và khoản chi, thanh
        toán tạm ứng của niên độ cũ ghi trong thời gian chỉnh lý sau ngày cuối gửi hồ sơ của thời
        gian đó. Sổ chỉ có ngày ghi, không có ngày gửi, nên chỉ là lưu ý: hồ sơ gửi đúng hạn mà Kho
        bạc chi sau vẫn hợp lệ. Ghi sau ngày cuối được chi, sau chỉnh lý thì quy tắc khác xét.

    Vì sao:
        Hồ sơ rút dự toán, tạm ứng phải đến Kho bạc trước ngày cuối được chi một ngày; hồ sơ chi của
        thời gian chỉnh lý có hạn riêng.

    Ví dụ sai:
        2021-12-31 * "Rút dự toán ngày cuối năm"
          kind: "payment"
          voucher: "2021/RDT/130"
          Assets:DuToan:KhaDung:NV12:NSTP  -500 VND
          Expenses:NV12:NSTP:TM6655         500 VND

    Cách sửa:
        Lưu giấy tiếp nhận của Kho bạc làm bằng chứng gửi đúng hạn:
          2021-12-30 document Assets:DuToan:KhaDung:NV12:NSTP "ho-so/giay-tiep-nhan-130.txt"
            for: "task NV12"
        Gửi sau hạn thì giải trình.
    """

    code = "STL107"
    name = "settlement.papers-late"
    title = Text("Cần xem ngày gửi hồ sơ đến Kho bạc", "Papers may have reached the treasury late")
    severity = Severity.NOTE
    basis = (*_REQUESTS, *_CLOSING_PAPERS)
    message = Text(
        "{subject}: niên độ {year}, ghi ngày {day}; hồ sơ phải đến Kho bạc chậm nhất ngày {last}",
        "{subject}: budget year {year}, booked on {day}; papers were due at the treasury by {last}",
    )
    english = """What it checks:
    Payments and advances of state money booked after the last day on which papers for drawing
    reach the treasury, and payments and settlements of advances of the old budget year booked in
    the closing after the last day for its papers. The book shows when it was booked and not when
    it was sent, so it is a note: what was sent in time and paid later is lawful. What is booked
    after the last day of spending or after the closing belongs to other rules.

Why:
    Papers for drawing and advances reach the treasury a day before spending ends; those of the
    closing have a day of their own.

How to put it right:
    Keep the treasury's receipt as proof; explain where they were sent late.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction booked late; the rest in bulk."""
        rows = state_rows(facts, (Family.SPENT, Family.ADVANCED), _ON_PAPERS)
        # A settlement lowers the advance and raises the spending: it is one paper.
        rows = rows[rows["amount"] > 0]
        left, years = len(rows), rows["budget_year"].to_numpy()
        for year in np.unique(years).tolist():
            part = rows[years == year]
            for window in _windows(law, year):
                late = part[part["date"].between(window.after, window.until)]
                if late.empty:
                    continue
                left -= len(late)
                if window.due is None:
                    yield calendar_unknown(str(year), "", year, len(late))
                else:
                    yield from _failed(late, year, window.due)
        yield from passed(left)


class _Window(NamedTuple):
    """Days on which something booked was sent too late, or in time and paid later.

    Attributes:
        after, until: its first and last day.
        due: the last day for the papers; None where it cannot be reckoned.
    """

    after: pd.Timestamp
    until: pd.Timestamp
    due: YearDay | None


_ONE_DAY: Final = pd.Timedelta(days=1)


def _windows(law: Law, year: int) -> Iterator[_Window]:
    request, ends = law.year_day(_REQUESTS, year), law.year_day(SPENDING_ENDS, year)
    if ends is None:
        return
    if request is not None:
        yield _Window(pd.Timestamp(request.day) + _ONE_DAY, pd.Timestamp(ends.day), request)
    closing, papers = closing_of(law, year), law.year_day(_CLOSING_PAPERS, year)
    if closing is not None:
        # Where the law counts working days back from the closing, no day is known here.
        after = papers.day if papers else ends.day
        yield _Window(pd.Timestamp(after) + _ONE_DAY, pd.Timestamp(closing), papers)


def _failed(rows: pd.DataFrame, year: int, due: YearDay) -> Iterator[Assessment]:
    for found in in_question(rows):
        yield Assessment(
            f"{found.name} ({year})",
            Verdict.FAIL,
            found.book,
            norms=(due.norm,),
            decided_on=first_day(year),
            at_issue=found.at_issue,
            values={
                "year": str(year),
                "day": day_name(found.rows[0].date),
                "last": day_name(due.day),
            },
            evidence=found.evidence,
            review=True,
        )
