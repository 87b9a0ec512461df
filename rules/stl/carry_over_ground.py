"""STL104: carried over on a ground that the law does not list, or that the book does not show."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from ledger.accounts import ESTIMATE_FAMILIES, Family
from ledger.programmes import of_years
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.balances import line_name
from rules.budget_years import first_day
from rules.rows import EVIDENCE, laid, records, transaction_name
from rules.rule import Rule
from rules.severity import Severity
from rules.stl.year_end import calendar_unknown, state_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from ledger.facts import Facts
    from rules.law import Law
    from rules.norm import Limit

# The law's list of what may be carried over, as it stood for each budget year.
_LISTS: Final = ("nsnn83-carry-over", "nd163-carry-over", "nsnn89-carry-over")
# Grounds with a day: supplements decided after it, contracts signed before it.
_SUPPLEMENTS: Final = ("nsnn83-carry-over-supplement", "nsnn89-carry-over-supplement")
_CONTRACTS: Final = ("nsnn83-carry-over-contract", "nsnn89-carry-over-contract")
# Grounds of money given under autonomy.
_AUTONOMY: Final = ("nd163-carry-over-autonomy", "nsnn89-carry-over-autonomy")
_LINE: Final = ["book", "unit", "task", "fund"]

_NEEDED: Final = (
    *EVIDENCE,
    "unit",
    "task",
    "fund",
    "budget_year",
    "voucher",
    "ground",
    "decision",
    "decision_date",
    "contract",
    "autonomy",
)


class CarryOverGround(Rule):
    """Chuyển nguồn không có căn cứ theo danh sách của luật.

    Kiểm tra gì:
        Mỗi giao dịch ``carry-over`` ghi ``ground`` là một điểm trong danh sách của luật áp dụng cho
        niên độ chuyển đi. Căn cứ là dự toán bổ sung thì ngày quyết định bổ sung đứng sau mốc của
        luật (``decision-date`` của giao dịch, hoặc của lần bổ sung cùng quyết định, cùng nhiệm vụ).
        Quyết định mà sổ ghi là phân bổ lại (``reallocation``) không phải bổ sung. Căn cứ là hợp
        đồng thì hợp đồng khai báo ký trước mốc của luật. Căn cứ là kinh phí tự chủ mà sổ ghi không
        tự chủ (``autonomy``) thì đề nghị giải trình. Tiền chuyển đến từ năm trước mà sổ không giữ
        thì chỉ xét căn cứ và ngày đã ghi.

    Vì sao:
        Dự toán chưa dùng hết bị hủy bỏ, chỉ được chuyển sang năm sau khi thuộc danh sách.

    Ví dụ sai:
        2022-01-31 * "Chuyển nguồn không có căn cứ"
          kind: "carry-over"
          Assets:DuToan:KhaDung:NV08:NSTP   -200 VND
            budget-year: 2021
          Equity:ChuyenNguon:NSTP            200 VND
            budget-year: 2021
          Assets:DuToan:KhaDung:NV08:NSTP    200 VND
            budget-year: 2022
          Equity:ChuyenNguon:NSTP           -200 VND
            budget-year: 2022

    Cách sửa:
        Ghi căn cứ đúng (``ground: "đ"`` với ``decision`` và ``decision-date`` của lần bổ sung;
        ``ground: "b"`` với ``contract``). Không thuộc danh sách thì hủy:
          2022-01-31 * "Hủy số dư dự toán"
            kind: "cancellation"
            budget-year: 2021
            Assets:DuToan:KhaDung:NV08:NSTP  -200 VND
            Equity:HuyDuToan:NSTP             200 VND
    """

    code = "STL104"
    name = "settlement.carry-over-ground"
    title = Text("Chuyển nguồn thiếu hoặc sai căn cứ", "Carried over without a ground of the law")
    severity = Severity.ERROR
    basis = _LISTS
    chosen = (*_SUPPLEMENTS, *_CONTRACTS, *_AUTONOMY)
    message = Text(
        "{subject}: chuyển nguồn từ niên độ {year}, căn cứ «{ground}»: {why}",
        "{subject}: carried over from budget year {year}, ground “{ground}”: {why}",
    )
    english = """What it checks:
    Every ``carry-over`` gives as ``ground`` a letter of the law's list for the budget year that it
    leaves. Where the ground is a supplement, it was decided after the law's day (``decision-date``
    of the transaction, or of the supplement of the same decision or task); a decision that the book
    records as a ``reallocation`` is no supplement. Where the ground is a contract, the contract
    declared was signed before the law's day. Where it is autonomy and the book says that the money
    is not under autonomy (``autonomy``), it is asked about. Of money that comes from a year which
    the book does not keep, only the ground and the date given are judged.

Why:
    What is not used is cancelled; it is carried over only where the list allows it.

How to put it right:
    Give the right ground with the decision of the supplement or the contract; otherwise record a
    cancellation.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a line of a carry-over."""
        families = (*ESTIMATE_FAMILIES, Family.ADVANCED, Family.UNACCEPTED)
        rows = state_rows(facts, families, ("carry-over",))[list(_NEEDED)]
        # What a posting does not say the programme of its year says.
        said = of_years(facts, rows, "autonomy").eq(other=True)
        rows = rows.assign(autonomy=rows["autonomy"] | said)
        book_of = _Book(facts)
        lines: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        for row in records(rows.astype(dict.fromkeys(_LINE, "str"))):
            lines[transaction_name(row), row.book, row.unit, row.task, row.fund].append(row)
        for name, *key in sorted(lines):
            yield _judged(key, name, lines[name, *key], law, book_of)


class _Carried(NamedTuple):
    """One line of a carry-over.

    Attributes:
        row: a posting of it, for what the transaction says.
        year: the budget year that it leaves.
        outside: that year's side does not stand in the book.
    """

    row: Any
    year: int
    outside: bool


class _Verdict(NamedTuple):
    """Why a carry-over does not hold, the norm that says so, and whether it is only asked."""

    why: Text
    norm: str
    review: bool = False


class _Book:
    """What carry-overs refer to: contracts signed, supplements decided."""

    def __init__(self, facts: Facts) -> None:
        self.signed = {
            (row.book, row.contract): row.signed.date() for row in records(facts["contracts"])
        }
        moved = state_rows(facts, ESTIMATE_FAMILIES, ("reallocation",))
        self._moved = {(row.book, row.decision) for row in records(moved) if row.decision}
        rows = state_rows(facts, ESTIMATE_FAMILIES, ("supplement",))
        given = rows.loc[rows["amount"] > 0, list(_NEEDED)]
        # The last day of each decision, and of each line, in a budget year.
        self._by_decision: dict[tuple[object, ...], dt.date] = {}
        self._by_line: dict[tuple[object, ...], dt.date] = {}
        for row in records(given):
            year, day = (row.book, row.budget_year), _decided(row)
            for days, key in (
                (self._by_decision, (*year, row.decision)),
                (self._by_line, (*year, row.unit, row.task, row.fund)),
            ):
                days[key] = max(day, days.get(key, day))

    def reallocated(self, carried: _Carried) -> bool:
        """Whether the decision that a carry-over names only moved what had been allotted."""
        row = carried.row
        return (row.book, row.decision) in self._moved and (
            row.book,
            carried.year,
            row.decision,
        ) not in self._by_decision

    def supplemented(self, carried: _Carried) -> dt.date | None:
        """The day on which what is carried over was added; None where the book does not show it.

        By the decision, else the day that the carry-over gives, else the last one of its line.
        """
        row = carried.row
        year = (row.book, carried.year)
        named = self._by_decision.get((*year, row.decision)) if row.decision else None
        if named is None and not pd.isna(row.decision_date):
            day: dt.date = row.decision_date.date()
            return day
        return named or self._by_line.get((*year, row.unit, row.task, row.fund))


def _decided(row: Any) -> dt.date:  # noqa: ANN401  # a record
    stamp = row.date if pd.isna(row.decision_date) else row.decision_date
    day: dt.date = stamp.date()
    return day


def _judged(key: Sequence[str], name: str, line: list[Any], law: Law, book_of: _Book) -> Assessment:
    gone = [row for row in line if row.amount < 0]
    outside = not gone
    borne = gone or line
    year = int(min(row.budget_year for row in line)) - outside
    carried = _Carried(borne[0], year, outside)
    subject = f"{line_name(key)}/{year} {name}"
    lists = [(norm, limit) for norm in _LISTS for limit in law.limits(norm, year)]
    if not lists:
        return calendar_unknown(subject, key[0], year)
    ground = carried.row.ground
    if ground and not any(ground in limit.grounds for _, limit in lists):
        if not all(limit.complete for _, limit in lists):
            reason = Text(
                "danh sách căn cứ chuyển nguồn của luật mới chưa đọc đủ",
                "the new law's list of grounds was not read in full",
            )
            return Assessment(subject, Verdict.UNKNOWN, key[0], reason=reason)
        why = Text("không có trong danh sách của luật", "not in the list of the law")
        found: _Verdict | None = _Verdict(why, lists[0][0])
    elif not ground:
        why = Text("sổ không ghi căn cứ", "the book gives no ground")
        found = _Verdict(why, lists[0][0], review=True)
    else:
        found = (
            _by_supplement(carried, law, book_of)
            or _by_contract(carried, law, book_of)
            or _by_autonomy(carried, law)
        )
    if found is None:
        return Assessment(subject, Verdict.PASS, key[0])
    at_issue = abs(sum(int(row.amount) for row in borne))
    return Assessment(
        subject,
        Verdict.FAIL,
        key[0],
        norms=(found.norm,),
        decided_on=first_day(year),
        at_issue=at_issue,
        values={"year": str(year), "ground": ground or "–", "why": found.why},
        evidence=laid(borne, at_issue),
        review=found.review,
    )


def _limit_of(law: Law, norms: tuple[str, ...], carried: _Carried) -> tuple[str, Limit] | None:
    """The limit that sets a day for the ground of a carry-over."""
    for norm in norms:
        for limit in law.limits(norm, carried.year):
            if carried.row.ground in limit.grounds and limit.day is not None:
                return norm, limit
    return None


def _by_supplement(carried: _Carried, law: Law, book_of: _Book) -> _Verdict | None:
    limited = _limit_of(law, _SUPPLEMENTS, carried)
    if limited is None:
        return None
    norm, day = limited[0], law.date(limited[0], carried.year)
    if book_of.reallocated(carried):
        why = Text(
            f"sổ ghi {carried.row.decision} là phân bổ lại dự toán đã giao, không phải bổ sung",
            f"the book records {carried.row.decision} as a reallocation, not as a supplement",
        )
        return _Verdict(why, norm)
    decided = book_of.supplemented(carried)
    if decided is None:
        why = Text(
            "sổ không ghi lần bổ sung và ngày quyết định",
            "the book shows no supplement and no day of decision",
        )
        return None if carried.outside else _Verdict(why, norm, review=True)
    if day is not None and decided <= day:
        why = Text(
            f"bổ sung ngày {decided:%d/%m/%Y}, phải sau ngày {day:%d/%m/%Y}",
            f"added on {decided:%Y-%m-%d}, it must be after {day:%Y-%m-%d}",
        )
        return _Verdict(why, norm)
    return None


def _by_contract(carried: _Carried, law: Law, book_of: _Book) -> _Verdict | None:
    limited = _limit_of(law, _CONTRACTS, carried)
    if limited is None:
        return None
    norm, day = limited[0], law.date(limited[0], carried.year)
    signed = book_of.signed.get((carried.row.book, carried.row.contract))
    if signed is None:
        why = Text("sổ không ghi hợp đồng đã ký", "the book shows no contract signed")
        return None if carried.outside else _Verdict(why, norm, review=True)
    if day is not None and signed >= day:
        why = Text(
            f"hợp đồng ký ngày {signed:%d/%m/%Y}, phải trước ngày {day:%d/%m/%Y}",
            f"the contract was signed on {signed:%Y-%m-%d}, it must be before {day:%Y-%m-%d}",
        )
        return _Verdict(why, norm)
    return None


def _by_autonomy(carried: _Carried, law: Law) -> _Verdict | None:
    """Money that the book says is not under autonomy; aid stands under the same letter."""
    if carried.row.autonomy or carried.outside:
        return None
    for norm in _AUTONOMY:
        if any(carried.row.ground in limit.grounds for limit in law.limits(norm, carried.year)):
            why = Text(
                "theo sổ, kinh phí này không giao tự chủ (autonomy)",
                "by the book this money is not under autonomy (autonomy)",
            )
            return _Verdict(why, norm, review=True)
    return None
