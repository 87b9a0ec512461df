"""PRO301: paid above the contract's value, or above its state part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.pro.contracts import contracts, money_of_contracts, peak
from rules.rows import evidence_of, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class _Bound(NamedTuple):
    """An amount of the contract that payments keep to."""

    subject: str
    what: Text
    allowed: int
    review: bool


class PaidAboveContract(Rule):
    """Thanh toán vượt giá trị hợp đồng.

    Kiểm tra gì:
        Số đã trả theo hợp đồng của mọi nguồn, gồm cả tạm ứng, trừ phần nộp trả, cuối mỗi ngày
        không vượt giá trị hợp đồng (``value``, tính cả phụ lục). Hợp đồng có ghi phần ngân sách
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
    exceed its value (``value``, amendments included) at the end of any day. Where the contract
    names a state part (``state-part``) budget money keeps to it; above it is asked about.

Why:
    The Treasury pays for work that matches the contract and within its value.

How to put it right:
    Record the value with the amendment that was signed, or what was paid back.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a contract with payments, and one for its state part."""
        known = contracts(facts)
        for key, rows in money_of_contracts(facts).items():
            contract = known.get(key)
            if contract is None:
                continue
            subject = f"contract {contract.contract}"
            whole = Text("giá trị hợp đồng", "the contract's value")
            bound = _Bound(subject, whole, int(contract.value), review=False)
            yield _judged(contract, bound, rows)
            if not pd.isna(contract.state_part):
                part = Text("phần ngân sách của hợp đồng", "the contract's state part")
                allowed = int(contract.state_part)
                bound = _Bound(f"{subject} state-part", part, allowed, review=True)
                # Tax withheld is owed by no fund; budget money is what left the estimate.
                yield _judged(contract, bound, rows[rows["fund"].isin(STATE_FUNDS)])


def _judged(contract: Any, bound: _Bound, rows: pd.DataFrame) -> Assessment:  # noqa: ANN401
    paid, day = peak(rows)
    if paid <= bound.allowed or day is None:
        return Assessment(
            bound.subject, Verdict.PASS, contract.book, observed=paid, allowed=bound.allowed
        )
    out = rows[
        (rows["amount"] > 0)
        & (rows["date"] <= pd.Timestamp(day))
        & (rows["family"] != Family.PAYABLE.value)
    ]
    return Assessment(
        bound.subject,
        Verdict.FAIL,
        contract.book,
        decided_on=day,
        observed=paid,
        allowed=bound.allowed,
        at_issue=paid - bound.allowed,
        values={
            "subject": Text(f"hợp đồng {contract.contract}", f"contract {contract.contract}"),
            "paid": dong(paid),
            "day": f"{day:%d/%m/%Y}",
            "what": bound.what,
            "allowed": dong(bound.allowed),
        },
        evidence=evidence_of(in_order(out), paid - bound.allowed),
        review=bound.review,
    )
