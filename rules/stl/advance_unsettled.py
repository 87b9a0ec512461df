"""STL102: an advance of a closed year neither settled, carried over nor repaid in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ledger.accounts import Family
from ledger.text import Text, day_name, split_list
from rules.assessment import Assessment, Verdict
from rules.balances import LINE, line_name
from rules.budget_years import first_day
from rules.rows import evidence_of, groups, in_order, records
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

# The decree stands above the circular, so its day is the limit; the message names both.
_DECREES: Final = ("nd163-advance-return", "nd73-advance-return")
_CIRCULARS: Final = ("tt342-advance-return", "tt26-advance-return")
# By it the treasury takes back what the unit did not repay.
_TAKEN_BACK: Final = "recovery-from-next-year"


class AdvanceUnsettled(Rule):
    """Tạm ứng của năm cũ quá hạn nộp trả.

    Kiểm tra gì:
        Số tạm ứng (``TamUng`` và ``ChoThanhToan``) của từng nhiệm vụ, nguồn, niên độ phải thanh
        toán, chuyển nguồn hoặc nộp trả xong trước hạn nộp trả của Nghị định; đúng ngày hạn đã là
        muộn. Thông tư ghi hạn khác thì câu báo nêu cả hai. Phần Kho bạc đã thu hồi vào dự toán năm
        sau (``recovery-from-next-year``) không tính nữa.

    Vì sao:
        Tạm ứng chưa đủ thủ tục, không được chuyển nguồn thì phải nộp lại ngân sách trước hạn.

    Ví dụ sai:
        2021-12-20 * "Rút tạm ứng, để quá hạn mới nộp trả"
          kind: "advance"
          voucher: "2021/RDT/90"
          Assets:DuToan:KhaDung:NV05:NSTP    -80 VND
          Assets:TamUng:NV05:NSTP:TM6699      80 VND

    Cách sửa:
        2022-02-09 * "Nộp trả tạm ứng không được chuyển nguồn"
          kind: "return-to-budget"
          budget-year: 2021
          advance: "2021/RDT/90"
          Assets:TamUng:NV05:NSTP:TM6699     -80 VND
          Equity:NopTraNSNN:NSTP              80 VND
    """

    code = "STL102"
    name = "settlement.advance-unsettled"
    title = Text("Tạm ứng năm cũ quá hạn nộp trả", "Advance of the old year not repaid in time")
    severity = Severity.ERROR
    basis = (*_DECREES, *_CIRCULARS)
    message = Text(
        "{subject}: {left} đồng tạm ứng chưa thanh toán, chưa chuyển nguồn, chưa nộp trả; phải nộp "
        "trước ngày {decree} (Nghị định), trước ngày {circular} (Thông tư)",
        "{subject}: {left} VND advanced, neither settled, carried over nor repaid; due before "
        "{decree} (decree), before {circular} (circular)",
    )
    english = """What it checks:
    Advances (``TamUng`` and ``ChoThanhToan``) of each task, fund and budget year are settled,
    carried over or repaid before the day that the decree sets; that day itself is late. Where the
    circular sets another day, the message names both. What the treasury took back from the next
    year's estimate (``recovery-from-next-year``) counts no more.

Why:
    An advance whose papers are not complete and that may not be carried over is paid back to the
    budget in time.

How to put it right:
    Record the return or the recovery by the treasury.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task, fund and budget year that had advances."""
        kept = kept_years(facts)
        rows = state_rows(facts, (Family.ADVANCED, Family.UNACCEPTED))
        for key, line in groups(rows, LINE):
            book, subject, year = key[0], line_name(key), int(key[-1])
            decree = law.year_day(_DECREES, year)
            circular = law.year_day(_CIRCULARS, year)
            if (book, year) not in kept:
                yield kept_elsewhere(subject, book)
            elif decree is None:
                yield calendar_unknown(subject, book, year)
            elif as_of < decree.day:
                yield not_yet(subject, book, decree.day)
            else:
                dates = (decree.day, circular.day if circular else decree.day)
                yield _judged((book, subject, year), line, dates)


def _judged(
    named: tuple[str, str, int], line: pd.DataFrame, dates: tuple[dt.date, dt.date]
) -> Assessment:
    (book, subject, year), (decree, circular) = named, dates
    in_time = line["date"] < pd.Timestamp(decree)
    counted = line[in_time | (line["kind"] == _TAKEN_BACK)]
    left = int(counted["amount"].sum())
    if left <= 0:
        return Assessment(subject, Verdict.PASS, book, observed=left, allowed=0)
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
            "decree": day_name(decree),
            "circular": day_name(circular),
        },
        evidence=evidence_of(in_order(_open_advances(counted, left)), left),
    )


def _open_advances(rows: pd.DataFrame, left: int) -> pd.DataFrame:
    """The advances that are not cleared by voucher; all of them where vouchers do not tell."""
    cleared: dict[str, int] = {}
    for row in records(rows[rows["advance"] != ""]):
        for voucher in split_list(row.advance):
            cleared[voucher] = cleared.get(voucher, 0) + int(row.amount)
    drawn = rows[(rows["family"] == Family.ADVANCED.value) & (rows["amount"] > 0)]
    by_voucher = drawn.groupby("voucher", observed=True)["amount"].sum()
    is_open = [
        voucher
        for voucher, amount in by_voucher.items()
        if int(amount) + cleared.get(str(voucher), 0) > 0
    ]
    chosen = drawn[drawn["voucher"].isin(is_open)]
    return chosen if int(chosen["amount"].sum()) >= left else rows[rows["amount"] > 0]
