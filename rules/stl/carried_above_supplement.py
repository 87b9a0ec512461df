"""STL109: more carried over than the late supplement added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.accounts import ESTIMATE_FAMILIES, Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.balances import line_name
from rules.budget_years import first_day
from rules.rows import evidence_of, groups, in_order
from rules.rule import Rule
from rules.severity import Severity
from rules.stl.year_end import calendar_unknown, state_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_SUPPLEMENTS: Final = ("nsnn83-carry-over-supplement", "nsnn89-carry-over-supplement")
_LINE: Final = ["book", "unit", "task", "fund", "budget_year", "decision"]


class CarriedAboveSupplement(Rule):
    """Chuyển nguồn nhiều hơn phần dự toán bổ sung làm căn cứ.

    Kiểm tra gì:
        Khi căn cứ chuyển nguồn là dự toán bổ sung sau ngày luật định và sổ có ghi lần bổ sung của
        quyết định đó: số chuyển đi của từng nhiệm vụ, nguồn không vượt số mà quyết định bổ sung cho
        chính nhiệm vụ, nguồn đó. Sổ không ghi lần bổ sung thì STL104 xét.

    Vì sao:
        Chỉ phần được bổ sung mới được chuyển theo căn cứ này; phần dự toán giao từ đầu năm chưa chi
        hết phải hủy.

    Ví dụ sai:
        2021-10-05 * "Bổ sung 100 cho NV08"
          kind: "supplement"
          decision: "4455/QĐ-UBND"
          decision-date: 2021-10-05
          Assets:DuToan:KhaDung:NV08:NSTP    100 VND
          Equity:GiaoDuToan:NSTP            -100 VND
        2022-01-31 * "Chuyển nguồn 101"
          kind: "carry-over"
          decision: "4455/QĐ-UBND"
          ground: "đ"
          Assets:DuToan:KhaDung:NV08:NSTP   -101 VND
            budget-year: 2021
          Equity:ChuyenNguon:NSTP            101 VND
            budget-year: 2021
          Assets:DuToan:KhaDung:NV08:NSTP    101 VND
            budget-year: 2022
          Equity:ChuyenNguon:NSTP           -101 VND
            budget-year: 2022

    Cách sửa:
        Chuyển đúng phần bổ sung chưa dùng hết, phần còn lại hủy:
          2022-01-31 * "Hủy số dư dự toán"
            kind: "cancellation"
            budget-year: 2021
            Assets:DuToan:KhaDung:NV08:NSTP   -1 VND
            Equity:HuyDuToan:NSTP              1 VND
    """

    code = "STL109"
    name = "settlement.carried-above-supplement"
    title = Text("Chuyển nguồn vượt phần bổ sung", "More carried over than was added")
    severity = Severity.ERROR
    basis = _SUPPLEMENTS
    message = Text(
        "{subject}: chuyển {carried} đồng, quyết định bổ sung {added} đồng",
        "{subject}: {carried} VND carried over, the decision added {added}",
    )
    english = """What it checks:
    Where the ground of a carry-over is a supplement after the law's day and the book shows the
    supplement of that decision: what leaves each task and fund is no more than the decision added
    to the same task and fund. Where the book shows no supplement, STL104 judges.

Why:
    Only what was added is carried over on this ground; what is left of the first estimate is
    cancelled.

How to put it right:
    Carry over what is left of the supplement and cancel the rest.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task, fund, budget year and decision carried over on this ground."""
        families = (*ESTIMATE_FAMILIES, Family.ADVANCED, Family.UNACCEPTED)
        rows = state_rows(facts, families, ("carry-over",))
        rows = rows[(rows["amount"] < 0) & (rows["ground"] != "") & (rows["decision"] != "")]
        added = _Added(facts)
        for key, line in groups(rows, _LINE):
            book, year, decision = key[0], int(key[4]), key[5]
            grounds = supplement_grounds(law, year)
            subject = f"{line_name(key[:5])} {decision}"
            if grounds is None:
                yield calendar_unknown(subject, book, year)
                continue
            by_supplement = line[line["ground"].isin(grounds)]
            if by_supplement.empty or not added.shows(book, year, decision):
                reason = Text(
                    "căn cứ khác, hoặc sổ không ghi lần bổ sung của quyết định",
                    "another ground, or the book shows no supplement of the decision",
                )
                yield Assessment(subject, Verdict.NOT_APPLICABLE, book, reason=reason)
            else:
                yield _judged((book, subject, year), by_supplement, added.to(key))


def supplement_grounds(law: Law, year: int) -> tuple[str, ...] | None:
    """The letters of the list that stand for a late supplement; None where no list is in force."""
    limits = [limit for norm in _SUPPLEMENTS for limit in law.limits(norm, year)]
    return tuple(letter for limit in limits for letter in limit.grounds) if limits else None


def supplement_day(law: Law, year: int) -> dt.date | None:
    """The day after which a supplement is a late one; None where no list is in force."""
    found = law.year_day(_SUPPLEMENTS, year)
    return found.day if found else None


class _Added:
    """What supplements added, by line and decision, less what they took away again."""

    def __init__(self, facts: Facts) -> None:
        rows = state_rows(facts, ESTIMATE_FAMILIES, ("supplement",))
        sums = rows[rows["decision"] != ""].groupby(_LINE, observed=True)["amount"].sum()
        self._by_line = {
            tuple(str(part) for part in key): int(amount)
            for key, amount in zip(sums.index.tolist(), sums.tolist(), strict=True)
        }
        self._decisions = {(key[0], key[4], key[5]) for key in self._by_line}

    def shows(self, book: str, year: int, decision: str) -> bool:
        """Whether the book shows a supplement of a decision."""
        return (book, str(year), decision) in self._decisions

    def to(self, key: tuple[Any, ...]) -> int:
        """What a decision added to one line, VND."""
        return max(self._by_line.get(tuple(str(part) for part in key), 0), 0)


def _judged(named: tuple[str, str, int], rows: pd.DataFrame, added: int) -> Assessment:
    (book, subject, year), carried = named, -int(rows["amount"].sum())
    if carried <= added:
        return Assessment(subject, Verdict.PASS, book, observed=carried, allowed=added)
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        decided_on=first_day(year),
        observed=carried,
        allowed=added,
        at_issue=carried - added,
        values={"carried": carried, "added": added},
        evidence=evidence_of(in_order(rows), carried - added),
    )
