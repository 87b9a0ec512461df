"""PRO404: an advance guarantee below the advance, or over before the advance is recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.pro.contracts import (
    advanced,
    contracts,
    money_of_contracts,
    not_applicable,
    peak,
)
from rules.rows import evidence_of, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class GuaranteeShort(Rule):
    """Bảo lãnh tạm ứng không đủ.

    Kiểm tra gì:
        Hợp đồng có bảo lãnh tạm ứng (``guarantee``) thì số dư tạm ứng cuối mỗi ngày không quá giá
        trị bảo lãnh; sau ngày hết hạn bảo lãnh (``guarantee-until``) không còn số dư tạm ứng.
        Còn số dư sau ngày đó thì chỉ đề nghị giải trình: bảo lãnh có thể đã được gia hạn.

    Vì sao:
        Giá trị bảo lãnh không nhỏ hơn số dư tạm ứng còn lại và có hiệu lực đến khi thu hồi hết.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "Tổ chức lớp tập huấn"
          task: "NV05"
          vendor: "0100000002"
          value: 100
          signed: 2021-05-10
          guarantee: 30
          guarantee-until: 2021-07-31
        2021-05-20 * "Tạm ứng nhiều hơn bảo lãnh"
          kind: "advance"
          contract: "20/2021/HĐ-SCT"
          Assets:DuToan:KhaDung:NV05:NSTP  -40 VND
          Assets:TamUng:NV05:NSTP:TM6699    40 VND

    Cách sửa:
        Ghi bảo lãnh bổ sung, gia hạn đã nhận:
          guarantee: 40
          guarantee-until: 2021-08-31
    """

    code = "PRO404"
    name = "advance.guarantee-short"
    title = Text("Bảo lãnh tạm ứng không đủ", "Advance guarantee too low or over")
    severity = Severity.ERROR
    basis = ("advance-guarantee-2020", "advance-guarantee-2024")
    message = Text(
        "{subject}: số dư tạm ứng {left} đồng ngày {day}; {guarantee}",
        "{subject}: {left} VND of advances outstanding on {day}; {guarantee}",
    )
    english = """What it checks:
    Where a contract has an advance guarantee (``guarantee``) the balance of its advances at the end
    of any day is not above it, and after its last day (``guarantee-until``) nothing is outstanding.
    What is left after that day is only asked about: the guarantee may have been extended.

Why:
    The guarantee is not below the advance outstanding and stays valid until it is recovered.

How to put it right:
    Record the guarantee that was added or extended.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a contract with advances for its guarantee, one for its last day."""
        known = contracts(facts)
        for key, rows in money_of_contracts(facts).items():
            contract, part = known.get(key), advanced(rows)
            if contract is None or part.empty:
                continue
            if pd.isna(contract.guarantee) or not contract.guarantee:
                subject = f"contract {contract.contract} guarantee"
                yield not_applicable(
                    subject, contract.book, "hợp đồng không có bảo lãnh", "no guarantee"
                )
                continue
            yield _amount(contract, part)
            if not pd.isna(contract.guarantee_until):
                yield _last_day(contract, part, as_of)


def _amount(contract: Any, rows: pd.DataFrame) -> Assessment:  # noqa: ANN401  # a record
    subject, allowed = f"contract {contract.contract} guarantee", int(contract.guarantee)
    left, day = peak(rows)
    if left <= allowed or day is None:
        return Assessment(subject, Verdict.PASS, contract.book, observed=left, allowed=allowed)
    words = Text(f"bảo lãnh {dong(allowed)} đồng", f"a guarantee of {dong(allowed)} VND")
    return _failed(contract, (subject, left, day), allowed, rows, words)


def _last_day(contract: Any, rows: pd.DataFrame, as_of: dt.date) -> Assessment:  # noqa: ANN401
    subject, until = f"contract {contract.contract} guarantee-until", contract.guarantee_until
    if as_of <= until.date():
        return not_applicable(
            subject, contract.book, "bảo lãnh còn hiệu lực", "the guarantee is still valid"
        )
    left = int(rows["amount"][rows["date"] <= until].sum())
    if left <= 0:
        return Assessment(subject, Verdict.PASS, contract.book, observed=left, allowed=0)
    day = f"{until:%d/%m/%Y}"
    words = Text(f"bảo lãnh có hiệu lực đến ngày {day}", f"the guarantee was valid until {day}")
    return _failed(contract, (subject, left, until.date()), 0, rows, words, review=True)


def _failed(  # noqa: PLR0913  # plain parts of one finding
    contract: Any,  # noqa: ANN401  # a record
    observed: tuple[str, int, dt.date],
    allowed: int,
    rows: pd.DataFrame,
    guarantee: Text,
    *,
    review: bool = False,
) -> Assessment:
    subject, left, day = observed
    drawn = rows[(rows["amount"] > 0) & (rows["date"] <= pd.Timestamp(day))]
    return Assessment(
        subject,
        Verdict.FAIL,
        contract.book,
        decided_on=day,
        observed=left,
        allowed=allowed,
        at_issue=left - allowed,
        values={
            "subject": Text(f"hợp đồng {contract.contract}", f"contract {contract.contract}"),
            "left": dong(left),
            "day": f"{day:%d/%m/%Y}",
            "guarantee": guarantee,
        },
        evidence=evidence_of(in_order(drawn), left - allowed),
        review=review,
    )
