"""CTR202: contributions neither spent nor given back when the year is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import Family
from ledger.programmes import of_years
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict
from rules.budget_years import CLOSING, closing_unknown, first_day
from rules.ctr.contributions import LINE, contribution_rows
from rules.rows import evidence_of, groups, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law, YearDay

# What becomes at the year's end of deposits that the budget did not give.
_KEPT: Final = ("nd163-own-deposits", "nd73-own-deposits")


class ContributionUnused(Rule):
    """Tiền đóng góp chưa dùng, chưa trả lại khi đã hết thời gian chỉnh lý.

    Kiểm tra gì:
        Sau ngày hết thời gian chỉnh lý quyết toán của niên độ, tiền đóng góp đã nhận vào tài khoản
        (``DN``, ``HD``) trừ phần trả lại và phần đã chi của từng nhiệm vụ không còn dư.

    Vì sao:
        Luật không buộc trả: số dư tiền gửi không do ngân sách cấp được chuyển sang năm sau dùng
        tiếp. Nhưng tiền góp theo thỏa thuận cho nhiệm vụ của năm, nên lưu ý xem thỏa thuận: dùng
        tiếp cho việc gì, hay trả lại doanh nghiệp.

    Ví dụ sai:
        2021-10-27 * "Nhận 45, chi 40, giữ 5"
          kind: "contribution-cash"
          contributor: "0100000001"
          Assets:TienGui:KB01      45 VND
          Income:DongGop:NV02:DN  -45 VND

    Cách sửa:
        Thỏa thuận cho dùng tiếp thì không phải sửa gì. Phải trả lại thì ghi:
          2021-10-30 * "Trả lại doanh nghiệp phần không dùng"
            kind: "contribution-return"
            contributor: "0100000001"
            Assets:TienGui:KB01     -5 VND
            Income:DongGop:NV02:DN   5 VND
    """

    code = "CTR202"
    name = "contribution.unused"
    title = Text("Tiền đóng góp còn dư sau chỉnh lý", "Contributions left over after the closing")
    severity = Severity.NOTE
    chosen = (*CLOSING, *_KEPT)
    message = Text(
        "{subject}: còn {left} đồng đã nhận chưa dùng, chưa trả lại khi hết chỉnh lý "
        "ngày {closing}; xem thỏa thuận đóng góp: dùng tiếp hay trả lại",
        "{subject}: {left} VND received, neither spent nor given back when closed on {closing}; "
        "see the agreement: used on, or given back",
    )
    english = """What it checks:
    After the closing period of the budget year nothing is left of the contributions received in
    the unit's accounts (``DN``, ``HD``) less what was given back and spent, per task.

Why:
    The law does not have it given back: deposits that the budget did not give go over to the next
    year. But contributions were agreed on for the year's task, so that the agreement is to be
    looked at: what the rest is used for, or whether it goes back.

How to put it right:
    Where the agreement lets it be used on there is nothing to mend; else record what was given
    back.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task and fund."""
        found = contribution_rows(facts)
        found = found.assign(programme_year=of_years(facts, found, "budget_year"))
        for (book, task, fund), rows in groups(found, LINE):
            # What came in last belongs to the last year that must have closed.
            came_in = rows[_comes_in(rows)]
            years = (rows if came_in.empty else came_in)["programme_year"].dropna()
            if not years.empty:
                subject, year = f"contribution {task} {fund}", int(years.max())
                closing = law.year_day(CLOSING, year)
                if closing is None:
                    yield closing_unknown(year, 1)._replace(subject=subject, book=book)
                else:
                    kept = next((n for n in _KEPT if law.limits(n, year)), _KEPT[-1])
                    yield _judged((book, subject, year), rows, closing, as_of)._replace(
                        norms=(kept,)
                    )


def _comes_in(rows: pd.DataFrame) -> pd.Series[bool]:
    return (rows["family"] != Family.SPENT.value) & (rows["left"] > 0)


def _judged(
    line: tuple[str, str, int], rows: pd.DataFrame, closing: YearDay, as_of: dt.date
) -> Assessment:
    book, subject, year = line
    if as_of <= closing.day:
        reason = Text("chưa hết thời gian chỉnh lý", "the closing period is not over")
        return Assessment(subject, Verdict.NOT_APPLICABLE, book, reason=reason)
    left = int(rows["left"].sum())
    if left <= 0:
        return Assessment(subject, Verdict.PASS, book, observed=left, allowed=0)
    received = rows[_comes_in(rows)]
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        decided_on=first_day(year),
        observed=left,
        allowed=0,
        at_issue=left,
        values={"left": left, "closing": day_name(closing.day)},
        evidence=evidence_of(in_order(received), left),
        review=True,
    )
