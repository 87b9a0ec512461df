"""PRO302: paid before the contract was signed, or after its end for work not accepted by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.pro.contracts import contracts, money_of_contracts, peak
from rules.rows import evidence_of, groups, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class PaidOutsideTerm(Rule):
    """Thanh toán trước khi ký hoặc sau khi hợp đồng hết hạn.

    Kiểm tra gì:
        Trước ngày ký (``signed``) không có tiền đã tạm ứng hoặc đã trả theo hợp đồng. Sau ngày
        hết hạn (``end``) số đã trả không tăng quá giá trị đã nghiệm thu đến ngày đó: trả muộn cho
        khối lượng nghiệm thu đúng hạn là bình thường, phần khác thì cần giải trình (phụ lục gia
        hạn, nghiệm thu muộn). Biên bản nghiệm thu không ghi số tiền thì coi là đủ giá trị.

    Vì sao:
        Chưa có hợp đồng thì chưa có căn cứ trả tiền; hợp đồng hết hạn thì việc làm sau đó cần văn
        bản gia hạn.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "In tài liệu"
          task: "NV05"
          vendor: "0100000002"
          value: 60
          signed: 2021-05-10
        2021-05-09 * "Tạm ứng trước khi ký"
          kind: "advance"
          contract: "20/2021/HĐ-SCT"
          Assets:DuToan:KhaDung:NV05:NSTP  -30 VND
          Assets:TamUng:NV05:NSTP:TM6649    30 VND

    Cách sửa:
        Sửa ngày hết hạn theo phụ lục đã ký, hoặc ghi biên bản nghiệm thu còn thiếu:
          end: 2021-08-31
          amendments: "Phụ lục 01 ngày 2021-06-10: gia hạn đến 2021-08-31"
    """

    code = "PRO302"
    name = "contract.paid-outside-term"
    title = Text("Thanh toán ngoài thời hạn hợp đồng", "Paid outside the contract's term")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: {paid} đồng {when} ngày {day}",
        "{subject}: {paid} VND {when} on {day}",
    )
    english = """What it checks:
    Before the day of signing (``signed``) no money was advanced or paid under the contract. After
    its end (``end``) payments do not rise above what was accepted by then: paying later for work
    accepted in time is usual, the rest is asked about (an extension, a late acceptance). Minutes
    without an amount count as the whole value.

Why:
    Without a contract there is no ground to pay; after its end work needs an extension in writing.

How to put it right:
    Correct the end by the amendment that was signed, or record the acceptance that is missing.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a contract with payments for its signing, one for its end."""
        known = contracts(facts)
        accepted = dict(groups(facts["acceptances"], ["book", "for_"]))
        for key, rows in money_of_contracts(facts).items():
            contract = known.get(key)
            if contract is not None:
                yield _before_signing(contract, rows)
                if not pd.isna(contract.end):
                    minutes = accepted.get((key[0], f"contract {contract.contract}"))
                    yield _after_end(contract, rows, minutes)


def _before_signing(contract: Any, rows: pd.DataFrame) -> Assessment:  # noqa: ANN401  # a record
    subject = f"contract {contract.contract} signed"
    early = rows[rows["date"] < contract.signed]
    paid, _ = peak(early)
    if paid <= 0:
        return Assessment(subject, Verdict.PASS, contract.book, observed=0, allowed=0)
    when = Text("đã tạm ứng hoặc trả trước khi ký", "advanced or paid before it was signed")
    return _failed(contract, (subject, when, contract.signed), early, paid)


def _after_end(contract: Any, rows: pd.DataFrame, minutes: pd.DataFrame | None) -> Assessment:  # noqa: ANN401
    subject = f"contract {contract.contract} end"
    in_term, late = rows[rows["date"] <= contract.end], rows[rows["date"] > contract.end]
    allowed = max(int(in_term["amount"].sum()), _accepted(contract, minutes))
    paid = int(rows["amount"].sum())
    if paid <= allowed:
        return Assessment(subject, Verdict.PASS, contract.book, observed=paid, allowed=allowed)
    when = Text(
        "trả thêm, quá giá trị nghiệm thu đến khi hết hạn",
        "paid on top of what was accepted by its end",
    )
    return _failed(contract, (subject, when, contract.end), late, paid - allowed, review=True)


def _accepted(contract: Any, minutes: pd.DataFrame | None) -> int:  # noqa: ANN401  # a record
    """What was accepted by the contract's end, VND."""
    if minutes is None:
        return 0
    amounts = minutes["amount"][minutes["declared"] <= contract.end]
    return int(amounts.fillna(int(contract.value)).sum())


def _failed(
    contract: Any,  # noqa: ANN401  # a record
    named: tuple[str, Text, pd.Timestamp],
    rows: pd.DataFrame,
    paid: int,
    *,
    review: bool = False,
) -> Assessment:
    subject, when, day = named
    return Assessment(
        subject,
        Verdict.FAIL,
        contract.book,
        observed=paid,
        at_issue=paid,
        values={
            "subject": Text(f"hợp đồng {contract.contract}", f"contract {contract.contract}"),
            "paid": dong(paid),
            "when": when,
            "day": f"{day:%d/%m/%Y}",
        },
        evidence=evidence_of(in_order(rows[rows["amount"] > 0]), paid),
        review=review,
    )
