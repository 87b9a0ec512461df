"""NRM102: management cost above its share of the funds of the year or of the task."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from ledger.accounts import Family
from ledger.kinds import Effect, kinds_that
from ledger.text import Text, percent
from rules.assessment import Assessment, Verdict
from rules.nrm.costs import cost_rows
from rules.rows import evidence_of, groups, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law
    from rules.norm import Limit, Norm

_GIVEN: Final = kinds_that(Effect.GIVES)
_KEYS: Final = {"year-funds": ["book"], "task-funds": ["book", "task"]}


class _Bound(NamedTuple):
    """A ceiling in force in a budget year."""

    norm: Norm
    limit: Limit
    year: int


class ManagementShare(Rule):
    """Chi quản lý vượt tỷ lệ trên kinh phí được giao.

    Kiểm tra gì:
        Chi ngân sách cho nội dung quản lý trong một niên độ không vượt tỷ lệ của định mức trên
        kinh phí được giao của niên độ (``of: year-funds``), hoặc trên dự toán của chính nhiệm vụ,
        đề án đó (``of: task-funds``). Kinh phí được giao gồm giao đầu năm, bổ sung, cắt giảm,
        phân bổ lại và chuyển nguồn sang.

    Vì sao:
        Định mức để phần lớn kinh phí đến nội dung hỗ trợ, chỉ cho dùng một phần nhỏ vào quản lý,
        kiểm tra, giám sát.

    Ví dụ sai:
        2017-11-20 * "Chi quản lý 16 triệu đồng, kinh phí khuyến công cả năm 1 tỷ đồng, tối đa 1,5%"
          kind: "payment"
          activity: "ic-management"
          Assets:DuToan:KhaDung:QL:NSTP   -16000000 VND
          Expenses:QL:NSTP:TM6751          16000000 VND

    Cách sửa:
        Thu hồi phần vượt (kind: "return-restoring"), hoặc ghi lại nội dung chi nếu khoản chi không
        phải là chi quản lý:
          activity: "ic-training"
    """

    code = "NRM102"
    name = "norm.management-share"
    title = Text("Chi quản lý vượt tỷ lệ", "Management cost above its share")
    severity = Severity.ERROR
    message = Text(
        "{subject}: ngân sách chi {observed} đồng; kinh phí được giao {base} đồng, tối đa {share} "
        "là {allowed} đồng",
        "{subject}: the budget paid {observed} VND; funds given {base}, at most {share}, "
        "that is {allowed}",
    )
    english = """What it checks:
    What the budget spends on management in a budget year keeps to the norm's share of the funds
    given for that year (``of: year-funds``), or of the estimate of that very task or scheme
    (``of: task-funds``). Funds given are the allotment, supplements and cuts, reallocations and
    what was carried over into the year.

Why:
    The norm keeps the money for the support itself; a small part may go into management, checks
    and supervision.

How to put it right:
    Take the excess back, or mend the content of spending where the cost is no management cost.
"""

    def reads(self, norm: Norm) -> bool:
        """Norms for a content of spending with a share of the funds given."""
        limits = [limit for value in norm.values for limit in value.limits or ()]  # noqa: PD011  # no frame
        return any(limit.of in _KEYS for limit in limits)

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a budget year (and task) that spends on such a content."""
        rows = facts.derived(cost_rows)
        given = _given(facts)
        for (activity, year), costs in rows.groupby(["activity", "budget_year"]):
            for bound in _bounds(law, str(activity), int(str(year))):
                keys = _KEYS[str(bound.limit.of)]
                spent = costs[costs["fund"].isin(bound.norm.funds)]
                funds = given[(given["budget_year"] == year) & given["fund"].isin(bound.norm.funds)]
                totals = funds.groupby(keys)["amount"].sum()
                for key, part in groups(spent, keys):
                    base = totals.get(key if len(key) > 1 else key[0], 0)
                    yield _judged(bound, key, part, int(base))


def _given(facts: Facts) -> pd.DataFrame:
    """What was given: the moves of the estimate by kinds that give, take and move it."""
    postings = facts["postings"]
    estimate = postings["family"].isin([Family.AVAILABLE.value, Family.WITHHELD.value])
    rows = postings.loc[estimate & postings["kind"].isin(_GIVEN)]
    texts = ["book", "task", "fund"]
    return rows[[*texts, "budget_year", "amount"]].astype(dict.fromkeys(texts, "str"))


def _bounds(law: Law, activity: str, year: int) -> Iterator[_Bound]:
    for norm in law.of_activity(activity):
        for limit in law.limits(norm.id, year):
            if limit.measure == "share" and limit.of in _KEYS:
                yield _Bound(norm, limit, year)


def _judged(bound: _Bound, key: tuple[str, ...], rows: pd.DataFrame, base: int) -> Assessment:
    share = Fraction(bound.limit.top)
    observed, allowed = int(rows["amount"].sum()), int(share * base)
    excess = max(observed - allowed, 0)
    where = f"task {key[1]}" if len(key) > 1 else "activity"
    paid = in_order(rows[rows["amount"] > 0])
    return Assessment(
        f"{where} {bound.norm.activity} {bound.year}",
        Verdict.FAIL if excess else Verdict.PASS,
        key[0],
        norms=(bound.norm.id,),
        decided_on=pd.Timestamp(bound.year, 1, 1).date(),
        observed=observed,
        allowed=allowed,
        at_issue=excess,
        values={
            "observed": observed,
            "base": base,
            "share": Text(percent(share), percent(share, "en")),
            "allowed": allowed,
        },
        evidence=evidence_of(paid, excess) if excess else (),
    )
