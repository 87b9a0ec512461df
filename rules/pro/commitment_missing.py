"""PRO501: a contract that must be registered as a commitment and is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.pro.commitments import committed, duty_of, reply_deadline, unknown_days
from rules.pro.contracts import NOT_IN_FORCE, contracts, not_applicable, not_known
from rules.rows import declared
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law
    from rules.pro.contracts import InForce


class CommitmentMissing(Rule):
    """Hợp đồng phải đăng ký cam kết chi mà chưa đăng ký.

    Kiểm tra gì:
        Hợp đồng từ 200 triệu đồng trở lên, hết hạn gửi đề nghị (10 ngày làm việc kể từ ngày có
        hiệu lực, cộng 2 ngày làm việc để Kho bạc trả lời), phải có cam kết chi trong sổ. Không
        xét hợp đồng ghi lý do không phải đăng ký (``commitment-exempt``) hoặc không có phần ngân
        sách. Phần ngân sách dưới 200 triệu đồng thì chỉ đề nghị giải trình.

    Vì sao:
        Khoản chi thường xuyên có hợp đồng từ mức này phải được kiểm soát cam kết chi qua Kho bạc;
        chi từ tài khoản tiền gửi thì không.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "Tổ chức lớp tập huấn"
          task: "NV05"
          vendor: "0100000002"
          value: 200000000
          signed: 2021-05-10

    Cách sửa:
        Ghi cam kết chi đã được Kho bạc chấp nhận, hoặc lý do không phải đăng ký:
          2021-05-18 * "Kho bạc chấp nhận cam kết chi"
            kind: "commitment"
            contract: "20/2021/HĐ-SCT"
            commitment: "CKC-03/2021"
            Assets:DuToan:KhaDung:NV05:NSTP  -200000000 VND
            Assets:DuToan:CamKet:NV05:NSTP    200000000 VND
    """

    code = "PRO501"
    name = "commitment.missing"
    title = Text("Chưa đăng ký cam kết chi", "Commitment not registered")
    severity = Severity.WARNING
    message = Text(
        "{subject}: giá trị {value} đồng, từ {least} đồng phải đăng ký, hạn cuối ngày {day}",
        "{subject}: value {value} VND, registered from {least} VND on, due by {day}",
    )
    english = """What it checks:
    A contract of 200 million or more has a commitment in the book once the time for the request is
    over (10 working days from its effect, and 2 for the Treasury to answer). Contracts that say why
    they need none (``commitment-exempt``) or have no state part are not judged. Where the state
    part is below 200 million it is only asked about.

Why:
    Recurrent spending under a contract from this amount on is controlled as a commitment by the
    Treasury; spending from deposit accounts is not.

How to put it right:
    Record the commitment that the Treasury accepted, or why none is needed.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract."""
        registered = committed(facts)
        for key, contract in contracts(facts).items():
            duty = duty_of(contract, law)
            if isinstance(duty, Assessment):
                yield duty
            elif key in registered:
                yield Assessment(f"contract {contract.contract}", Verdict.PASS, contract.book)
            else:
                yield _missing(contract, duty, law, as_of)


def _missing(contract: Any, duty: InForce, law: Law, as_of: dt.date) -> Assessment:  # noqa: ANN401
    subject, book = f"contract {contract.contract}", contract.book
    due = reply_deadline(contract, law)
    if due is None:
        return not_known(subject, book, NOT_IN_FORCE)
    if as_of <= due.earliest:
        return not_applicable(subject, book, "chưa hết hạn đăng ký", "not due yet")
    if as_of <= due.latest:
        return unknown_days(subject, book)
    value, least = int(contract.value), int(duty.limit("threshold").at_least or 0)
    state = value if pd.isna(contract.state_part) else int(contract.state_part)
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        norms=(duty.norm,),
        decided_on=duty.day,
        observed=0,
        allowed=state,
        at_issue=state,
        values={"value": dong(value), "least": dong(least), "day": f"{due.latest:%d/%m/%Y}"},
        evidence=(declared(contract, contract.title),),
        review=state < least,
    )
