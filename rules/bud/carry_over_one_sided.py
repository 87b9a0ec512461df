"""BUD112: a carry-over that gives what no year left, or gives it to another task."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.accounts import ESTIMATE_FAMILIES, Family
from ledger.text import Text, dong
from rules.assessment import Assessment, Evidence, Verdict, passed
from rules.budget_years import first_day
from rules.crossing import task_and_fund
from rules.rows import posting_evidence, records, transaction_name
from rules.rule import Rule
from rules.severity import Severity
from rules.stl.year_end import kept_years, state_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_CARRIED = (*ESTIMATE_FAMILIES, Family.ADVANCED, Family.UNACCEPTED)


class CarryOverOneSided(Rule):
    """Chuyển nguồn một vế, hoặc chuyển sang nhiệm vụ khác.

    Kiểm tra gì:
        Mỗi giao dịch ``carry-over``: số mà một nhiệm vụ, nguồn nhận ở niên độ sau không vượt số mà
        chính nhiệm vụ, nguồn đó chuyển đi ở niên độ trước. Nhận từ năm trước mà sổ không giữ thì
        vế chuyển đi nằm ở sổ khác, không xét; khi đó sổ phải ghi văn bản (``decision``), thiếu thì
        đề nghị giải trình.

    Vì sao:
        Chuyển nguồn chỉ đưa phần dự toán chưa dùng của một nhiệm vụ sang năm sau. Ghi nhận mà không
        có vế chuyển đi là tự tăng dự toán; chuyển đi ở nhiệm vụ này, nhận ở nhiệm vụ khác là điều
        chỉnh dự toán không có quyết định.

    Ví dụ sai:
        2022-01-31 * "Chuyển nguồn NV08, nhận ở NV05"
          kind: "carry-over"
          ground: "đ"
          decision: "21/TB-STC"
          Assets:DuToan:KhaDung:NV08:NSTP   -200 VND
            budget-year: 2021
          Equity:ChuyenNguon:NSTP            200 VND
            budget-year: 2021
          Assets:DuToan:KhaDung:NV05:NSTP    200 VND
            budget-year: 2022
          Equity:ChuyenNguon:NSTP           -200 VND
            budget-year: 2022

    Cách sửa:
        Ghi hai vế của cùng một nhiệm vụ, hai niên độ liền nhau:
          2022-01-31 * "Chuyển nguồn NV08"
            kind: "carry-over"
            ground: "đ"
            decision: "21/TB-STC"
            Assets:DuToan:KhaDung:NV08:NSTP   -200 VND
              budget-year: 2021
            Equity:ChuyenNguon:NSTP            200 VND
              budget-year: 2021
            Assets:DuToan:KhaDung:NV08:NSTP    200 VND
              budget-year: 2022
            Equity:ChuyenNguon:NSTP           -200 VND
              budget-year: 2022
        Muốn dùng cho nhiệm vụ khác thì phân bổ lại bằng quyết định trong năm sau.
    """

    code = "BUD112"
    name = "budget.carry-over-one-sided"
    title = Text("Chuyển nguồn một vế", "A carry-over that gives what no year left")
    severity = Severity.ERROR
    basis = ("nsnn83-carry-over", "nsnn89-carry-over")
    message = Text("{subject}: {why}", "{subject}: {why}")
    english = """What it checks:
    In each ``carry-over`` no task and fund gets more in a later budget year than the same task and
    fund leave in the year before. What comes from a year that the book does not keep leaves in
    another book and is not judged; then the book names the document (``decision``), else it is
    asked about.

Why:
    A carry-over only takes what one task did not use into the next year. To book what arrives
    and nothing that leaves raises the estimate by oneself; to leave one task and arrive at another
    adjusts the estimate without a decision.

How to put it right:
    Book both sides of one task in two budget years that follow each other; for another task
    reallocate by a decision in the later year.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction name that fails; the rest in bulk."""
        rows = state_rows(facts, _CARRIED, ("carry-over",)).astype({"account": "str"})
        kept = kept_years(facts)
        named: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in records(rows.sort_values(["date", "account", "amount"], kind="stable")):
            named[str(row.book), transaction_name(row)].append(row)
        left = len(named)
        for book, name in sorted(named):
            own = named[book, name]
            found = _excess(own, kept)
            if found is None:
                continue
            left -= 1
            yield Assessment(
                name,
                Verdict.FAIL,
                book,
                decided_on=first_day(found.left_year),
                at_issue=found.amount,
                values={"why": found.why},
                evidence=found.evidence,
                review=found.review,
                in_book=True,
            )
        yield from passed(left)


class _Excess(NamedTuple):
    """What a carry-over gives without taking it."""

    amount: int
    why: Text
    left_year: int
    review: bool
    evidence: tuple[Evidence, ...]


def _excess(rows: list[Any], kept: set[tuple[str, int]]) -> _Excess | None:
    """The arrivals that no departure of the same line in the year before stands against."""
    gone: dict[tuple[str, int], int] = defaultdict(int)
    come: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        key = (task_and_fund(row), int(row.budget_year))
        (gone if row.amount < 0 else come)[key] += abs(int(row.amount))
    book = str(rows[0].book)
    over = {key: came - gone.get((key[0], key[1] - 1), 0) for key, came in come.items()}
    over = {key: amount for key, amount in over.items() if amount > 0}
    # Nothing leaves in this transaction and another book keeps the year before.
    elsewhere = {key for key in over if not gone and (book, key[1] - 1) not in kept}
    inside = {key: amount for key, amount in over.items() if key not in elsewhere}
    if inside:
        return _told(rows, inside, _unmatched(inside, gone), review=False)
    unsaid = {key: over[key] for key in elsewhere if not any(row.decision for row in rows)}
    if unsaid:
        why = Text(
            f"nhận {dong(sum(unsaid.values()))} đồng từ năm trước mà sổ không ghi văn bản nào",
            f"{dong(sum(unsaid.values()), 'en')} VND comes from the year before and the book names "
            "no document",
        )
        return _told(rows, unsaid, why, review=True)
    return None


def _unmatched(over: dict[tuple[str, int], int], gone: dict[tuple[str, int], int]) -> Text:
    lines = ", ".join(f"{line}/{year}" for line, year in sorted(over))
    amount = sum(over.values())
    sources = ", ".join(f"{line}/{year}" for line, year in sorted(gone)) or "–"
    return Text(
        f"{lines} nhận thêm {dong(amount)} đồng mà cùng nhiệm vụ, nguồn không chuyển đi ở niên độ "
        f"trước; vế chuyển đi: {sources}",
        f"{lines} gets {dong(amount, 'en')} VND that the same task and fund do not leave in the "
        f"year before; what leaves: {sources}",
    )


def _told(rows: list[Any], over: dict[tuple[str, int], int], why: Text, *, review: bool) -> _Excess:
    left = dict(over)
    evidence = []
    for row in rows:
        key = (task_and_fund(row), int(row.budget_year))
        borne = min(int(row.amount), left.get(key, 0)) if row.amount > 0 else 0
        left[key] = left.get(key, 0) - borne
        evidence.append(posting_evidence(row, borne))
    first = min(year for _, year in over) - 1
    return _Excess(sum(over.values()), why, first, review, tuple(evidence))
