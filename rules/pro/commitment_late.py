"""PRO502: a commitment registered later than the law allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.pro.commitments import UNKNOWN_DAYS, deadlines, duties, registered
from rules.pro.contracts import contracts, failing, marked, not_known, subject_of
from rules.rows import evidence_by
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_LATER_YEAR = Text(
    "cam kết chi vào niên độ sau: sổ không ghi ngày nhận dự toán",
    "committed in a later budget year: the receipt of the estimate is not recorded",
)


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
    chosen = ("commitment-deadline", "commitment-recurrent")
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

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract with a commitment."""
        known, duty, rows = contracts(facts), duties(facts, law), registered(facts)
        yield from duty.others(known, marked(rows["place"], len(known)))
        rows = rows[duty.due[rows["place"]]]
        first = rows.drop_duplicates("place").set_index("place").sort_index()
        known = known.loc[first.index]
        due = deadlines(known, law, with_reply=False)
        in_time = first["date"] <= due.earliest
        later_year = first["budget_year"] > known["begins"].dt.year
        late = due.latest.notna() & ~in_time & ~later_year
        yield from passed(int(in_time.sum()))
        for which, reason in (
            (~in_time & later_year, _LATER_YEAR),
            (late & (first["date"] <= due.latest), UNKNOWN_DAYS),
        ):
            yield from not_known(contracts(facts), first.index[which], reason)
        yield from not_known(contracts(facts), first.index[due.latest.isna() & ~later_year])
        reply = deadlines(known, law, with_reply=True)
        first_day = first["date"]
        first = first.reset_index()[["place", "date"]]
        first = first.assign(due=due.latest.to_numpy(), reply=reply.latest.to_numpy())
        yield from _failed(facts, rows, first[(late & (first_day > due.latest)).to_numpy()])


def _failed(facts: Facts, rows: pd.DataFrame, late: pd.DataFrame) -> Iterator[Assessment]:
    """Contracts first committed on a ``date`` after the request was ``due``."""
    evidence = evidence_by(rows.merge(late[["place", "date"]]), "place", {})
    for row in failing(facts, late):
        yield Assessment(
            subject_of(row),
            Verdict.FAIL,
            row.book,
            norms=("commitment-deadline", "commitment-recurrent"),
            decided_on=row.signed.date(),
            values={
                "start": day_name(row.begins),
                "day": day_name(row.date),
                "due": day_name(row.due),
            },
            evidence=evidence[row.place],
            review=row.date <= row.reply,
        )
