"""PRO301: paid above the contract's value, or above its state part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.accounts import STATE_FUNDS
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.pro.contracts import (
    by_day,
    contracts,
    evidence_until,
    failing,
    money,
    name_of,
    peaks,
    subject_of,
    values_on,
)
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class _Bound(NamedTuple):
    """An amount of the contract that payments keep to.

    Attributes:
        suffix: the end of the finding's subject.
        what: its name.
        review: a lawful ground for more is easily thought of.
    """

    suffix: str
    what: Text
    review: bool


_VALUE: Final = _Bound("", Text("giá trị hợp đồng", "the contract's value"), review=False)
_STATE_PART: Final = _Bound(
    " state-part",
    Text("phần ngân sách của hợp đồng", "the contract's state part"),
    review=True,
)


class PaidAboveContract(Rule):
    """Thanh toán vượt giá trị hợp đồng.

    Kiểm tra gì:
        Số đã trả theo hợp đồng của mọi nguồn, gồm cả tạm ứng, trừ phần nộp trả, cuối mỗi ngày
        không vượt giá trị hợp đồng (``value``, tính cả phụ lục; phụ lục tăng giá trị chỉ tính từ
        ngày ghi ở ``amendments``). Hợp đồng có ghi phần ngân sách
        (``state-part``) thì số ngân sách đã trả không vượt phần đó; vượt thì cần giải trình.

    Vì sao:
        Kho bạc chỉ thanh toán khối lượng phù hợp hợp đồng và không vượt giá trị hợp đồng.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "In tài liệu"
          task: "NV05"
          vendor: "0100000002"
          value: 60
          signed: 2021-05-10
        2021-06-20 * "Trả 61 theo hợp đồng 60"
          kind: "payment"
          contract: "20/2021/HĐ-SCT"
          Assets:DuToan:KhaDung:NV05:NSTP  -61 VND
          Expenses:NV05:NSTP:TM6649         61 VND

    Cách sửa:
        Ghi giá trị theo phụ lục đã ký, hoặc ghi phần nộp trả:
          value: 61
          amendments: "Phụ lục 01 ngày 2021-06-10: tăng 1"
    """

    code = "PRO301"
    name = "contract.paid-above-value"
    title = Text("Thanh toán vượt giá trị hợp đồng", "Paid above the contract's value")
    severity = Severity.ERROR
    basis = ("treasury-form08a-2020", "treasury-check-2026")
    message = Text(
        "{subject}: đã trả {paid} đồng đến ngày {day}, {what} là {allowed} đồng",
        "{subject}: {paid} VND paid by {day}, {what} is {allowed} VND",
    )
    english = """What it checks:
    What was paid under a contract from all funds, advances included, less what came back, does not
    exceed its value (``value``, amendments included, each rise from the day that ``amendments``
    tells) at the end of any day. Where the contract
    names a state part (``state-part``) budget money keeps to it; above it is asked about.

Why:
    The Treasury pays for work that matches the contract and within its value.

How to put it right:
    Record the value with the amendment that was signed, or what was paid back.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract with payments, and one for its state part."""
        rows = money(facts)
        raised = rows[rows["paid"] & (rows["amount"] > 0)]
        days = by_day(facts)
        days = days.assign(sum=days["paid"], allowed=values_on(facts, days))
        highest = peaks(days.assign(above=days["sum"] - days["allowed"]), "above")
        over = highest[highest["above"] > 0]
        yield from passed(len(highest) - len(over))
        yield from _failed(facts, over, raised, _VALUE)
        # Tax withheld is owed by no fund; budget money is what left the estimate.
        state = peaks(by_day(facts), "state")
        allowed = contracts(facts)["state_part"].array[state["place"]]
        state = state.assign(sum=state["state"], allowed=allowed)
        state = state[state["allowed"].notna()].astype({"allowed": "int64"})
        over = state[state["sum"] > state["allowed"]]
        yield from passed(len(state) - len(over))
        of_budget = raised[raised["fund"].isin(STATE_FUNDS)]
        yield from _failed(facts, over, of_budget, _STATE_PART)


def _failed(
    facts: Facts, over: pd.DataFrame, raised: pd.DataFrame, bound: _Bound
) -> Iterator[Assessment]:
    """Contracts at the day of their highest ``sum`` paid above what is ``allowed``."""
    over = over.assign(excess=over["sum"] - over["allowed"])
    evidence = evidence_until(raised, over, "excess")
    for row in failing(facts, over):
        day = row.date.date()
        yield Assessment(
            f"{subject_of(row)}{bound.suffix}",
            Verdict.FAIL,
            row.book,
            decided_on=day,
            observed=row.sum,
            allowed=row.allowed,
            at_issue=row.excess,
            values={
                "subject": name_of(row),
                "paid": int(row.sum),
                "day": day_name(day),
                "what": bound.what,
                "allowed": int(row.allowed),
            },
            evidence=evidence.get(row.place, ()),
            review=bound.review,
        )
