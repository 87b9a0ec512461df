"""CTR202: contributions neither spent nor given back when the year is closed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.accounts import Family
from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.ctr.contributions import LINE, contribution_rows
from rules.rows import evidence_of, groups, in_order, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_CLOSING: Final = ("nsnn83-closing", "nsnn89-closing")


class ContributionUnused(Rule):
    """Tiền đóng góp chưa dùng, chưa trả lại khi đã hết thời gian chỉnh lý.

    Kiểm tra gì:
        Sau ngày hết thời gian chỉnh lý quyết toán của niên độ, tiền đóng góp đã nhận vào tài khoản
        (``DN``, ``HD``) trừ phần trả lại và phần đã chi của từng nhiệm vụ không còn dư.

    Vì sao:
        Tiền đóng góp gắn với nhiệm vụ của năm; còn dư thì cần giải trình: trả lại doanh nghiệp,
        hoặc văn bản đồng ý dùng tiếp.

    Ví dụ sai:
        2021-10-27 * "Nhận 45, chi 40, giữ 5"
          kind: "contribution-cash"
          contributor: "0100000001"
          Assets:TienGui:KB01      45 VND
          Income:DongGop:NV02:DN  -45 VND

    Cách sửa:
        2021-10-30 * "Trả lại doanh nghiệp phần không dùng"
          kind: "contribution-return"
          contributor: "0100000001"
          Assets:TienGui:KB01     -5 VND
          Income:DongGop:NV02:DN   5 VND
    """

    code = "CTR202"
    name = "contribution.unused"
    title = Text("Tiền đóng góp còn dư sau chỉnh lý", "Contributions left over after the closing")
    severity = Severity.WARNING
    message = Text(
        "{subject}: còn {left} đồng đã nhận chưa dùng, chưa trả lại; hết chỉnh lý ngày {closing}",
        "{subject}: {left} VND received, neither spent nor given back; closed on {closing}",
    )
    english = """What it checks:
    After the closing period of the budget year nothing is left of the contributions received in
    the unit's accounts (``DN``, ``HD``) less what was given back and spent, per task.

Why:
    Contributions belong to the year's task; what is left is asked about: given back, or used on
    with the contributor's consent.

How to put it right:
    Record what was given back.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task and fund."""
        years: dict[str, int] = {}
        for row in records(facts["programme"]):
            years[row.book] = max(int(row.budget_year), years.get(row.book, 0))
        for (book, task, fund), rows in groups(contribution_rows(facts), LINE):
            if book in years:
                closing = _closing(law, years[book])
                yield _judged((book, f"contribution {task} {fund}"), rows, closing, as_of)


class _Closing(NamedTuple):
    """The closing of a budget year; without a day where no norm says it."""

    year: int
    norm: str = ""
    day: dt.date | None = None


def _closing(law: Law, year: int) -> _Closing:
    for norm in _CLOSING:
        day = law.date(norm, year)
        if day is not None:
            return _Closing(year, norm, day)
    return _Closing(year)


def _judged(
    line: tuple[str, str], rows: pd.DataFrame, closing: _Closing, as_of: dt.date
) -> Assessment:
    book, subject = line
    if closing.day is None:
        return Assessment(
            subject,
            Verdict.UNKNOWN,
            book,
            reason=Text(
                f"chưa biết ngày hết chỉnh lý của niên độ {closing.year}",
                f"the closing day of budget year {closing.year} is not known",
            ),
        )
    if as_of <= closing.day:
        reason = Text("chưa hết thời gian chỉnh lý", "the closing period is not over")
        return Assessment(subject, Verdict.NOT_APPLICABLE, book, reason=reason)
    left = int(rows["left"].sum())
    if left <= 0:
        return Assessment(subject, Verdict.PASS, book, observed=left, allowed=0)
    received = rows[(rows["family"] != Family.SPENT.value) & (rows["left"] > 0)]
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        norms=(closing.norm,),
        decided_on=dt.date(closing.year, 1, 1),
        observed=left,
        allowed=0,
        at_issue=left,
        values={"left": dong(left), "closing": f"{closing.day:%d/%m/%Y}"},
        evidence=evidence_of(in_order(received), left),
        review=True,
    )
