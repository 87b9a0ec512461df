"""PRO502: a commitment registered later than the law allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.pro.commitments import (
    committed,
    duty_of,
    reply_deadline,
    request_deadline,
    unknown_days,
)
from rules.pro.contracts import NOT_IN_FORCE, begins, contracts, not_known
from rules.rows import evidence_of, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class CommitmentLate(Rule):
    """Cam kết chi đăng ký muộn.

    Kiểm tra gì:
        Cam kết chi đầu tiên của hợp đồng phải đăng ký được ghi trong 10 ngày làm việc kể từ ngày
        hợp đồng có hiệu lực (``effective``, không có thì ngày ký). Sổ ghi ngày Kho bạc chấp nhận
        chứ không ghi ngày gửi, nên muộn trong 2 ngày làm việc Kho bạc trả lời thì chỉ đề nghị giải
        trình. Cam kết vào niên độ sau năm ký tính từ ngày nhận dự toán, sổ không ghi, nên chưa
        kiểm được.

    Vì sao:
        Đơn vị gửi hợp đồng và đề nghị cam kết chi trong 10 ngày làm việc.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "Tổ chức lớp tập huấn"
          task: "NV05"
          vendor: "0100000002"
          value: 200000000
          signed: 2021-05-10
        2021-06-10 * "Kho bạc chấp nhận cam kết chi"
          kind: "commitment"
          contract: "20/2021/HĐ-SCT"
          commitment: "CKC-03/2021"
          Assets:DuToan:KhaDung:NV05:NSTP  -200000000 VND
          Assets:DuToan:CamKet:NV05:NSTP    200000000 VND

    Cách sửa:
        Sửa ngày ghi nhầm; đúng là muộn thì ghi giải trình:
          2021-06-30 custom "explanation" "PRO502" "<dấu vân tay>"
            person: "Giám đốc"
            reason: "Kho bạc trả hồ sơ ngày 2021-05-20, gửi lại ngày 2021-06-08"
    """

    code = "PRO502"
    name = "commitment.late"
    title = Text("Cam kết chi đăng ký muộn", "Commitment registered late")
    severity = Severity.WARNING
    message = Text(
        "{subject}: hiệu lực ngày {start}, cam kết chi ngày {day}, hạn gửi đề nghị ngày {due}",
        "{subject}: effective on {start}, committed on {day}, the request was due by {due}",
    )
    english = """What it checks:
    The first commitment of a contract that must be registered is recorded within 10 working days of
    the contract's effect (``effective``, or else of signing). The book tells when the Treasury
    accepted it and not when it was sent, so a delay within the 2 working days that the Treasury has
    to answer is only asked about. A commitment in a budget year after that of signing counts from
    the receipt of the estimate, which the book does not tell, so it cannot be judged.

Why:
    The unit sends the contract and the request for commitment within 10 working days.

How to put it right:
    Correct a day that was written wrongly; where it was late, record the explanation.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a contract with a commitment."""
        known = contracts(facts)
        for key, rows in committed(facts).items():
            contract = known.get(key)
            if contract is None:
                continue
            duty = duty_of(contract, law)
            yield duty if isinstance(duty, Assessment) else _judged(contract, rows, duty.norm, law)


def _judged(contract: Any, rows: pd.DataFrame, duty: str, law: Law) -> Assessment:  # noqa: ANN401
    subject, book = f"contract {contract.contract}", contract.book
    first = rows[rows["date"] == rows["date"].min()]
    day, start = first["date"].iloc[0].date(), begins(contract)
    due, reply = request_deadline(contract, law), reply_deadline(contract, law)
    if due is None or reply is None:
        return not_known(subject, book, NOT_IN_FORCE)
    if day <= due.earliest:
        return Assessment(subject, Verdict.PASS, book)
    if int(first["budget_year"].iloc[0]) > start.year:
        reason = Text(
            "cam kết chi vào niên độ sau: sổ không ghi ngày nhận dự toán",
            "committed in a later budget year: the receipt of the estimate is not recorded",
        )
        return not_known(subject, book, reason)
    if day <= due.latest:
        return unknown_days(subject, book)
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        norms=("commitment-deadline", duty),
        decided_on=contract.signed.date(),
        values={
            "start": f"{start:%d/%m/%Y}",
            "day": f"{day:%d/%m/%Y}",
            "due": f"{due.latest:%d/%m/%Y}",
        },
        evidence=evidence_of(in_order(first)),
        review=day <= reply.latest,
    )
