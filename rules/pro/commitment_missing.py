"""PRO501: a contract that must be registered as a commitment and is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ledger.accounts import STATE_FUNDS
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, not_concerned, passed
from rules.pro.commitments import UNKNOWN_DAYS, deadlines, duties, registered
from rules.pro.contracts import (
    by_day,
    contracts,
    evidence_until,
    failing,
    marked,
    money,
    not_known,
    subject_of,
)
from rules.rows import declared
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_NOT_DUE = Text("chưa hết hạn đăng ký", "not due yet")


class CommitmentMissing(Rule):
    """Hợp đồng phải đăng ký cam kết chi mà chưa đăng ký.

    Kiểm tra gì:
        Hợp đồng từ 200 triệu đồng trở lên, hết hạn gửi đề nghị (10 ngày làm việc kể từ ngày có
        hiệu lực, cộng 2 ngày làm việc để Kho bạc trả lời), phải có cam kết chi trong sổ. Không
        xét hợp đồng ghi lý do không phải đăng ký (``commitment-exempt``) thuộc danh sách của Thông
        tư: hội nghị, đề tài nghiên cứu khoa học, vé máy bay, xăng dầu, điện, nước, internet, lệnh
        chi tiền, tài khoản tiền gửi …; lý do khác thì đề nghị giải trình. Không xét hợp đồng của
        ngân sách xã, hợp đồng không có phần ngân sách hoặc chỉ chi từ nguồn khác. Phần ngân sách
        dưới 200 triệu đồng thì chỉ đề nghị giải trình. Số tiền cần xem xét là ngân sách đã tạm
        ứng hoặc trả theo hợp đồng.

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
    chosen = ("commitment-recurrent",)
    message = Text(
        "{subject}: giá trị {value} đồng, từ {least} đồng phải đăng ký, hạn "
        "{latest}ngày {day}{exempt}; ngân sách đã tạm ứng hoặc trả {paid} đồng",
        "{subject}: value {value} VND, registered from {least} VND on, due by "
        "{latest}{day}{exempt}; {paid} VND of the budget advanced or paid",
    )
    english = """What it checks:
    A contract of 200 million or more has a commitment in the book once the time for the request is
    over (10 working days from its effect, and 2 for the Treasury to answer). Contracts are not
    judged that give a reason (``commitment-exempt``) of the circular's list: conferences, research,
    air tickets, fuel, utilities, internet, spending by order, deposit accounts …; another reason is
    asked about. Nor are those of a commune's budget, without a state part or paid only from other
    sources. Where the state part is below 200 million it is only asked about. The amount at issue
    is what the budget advanced or paid under the contract.

Why:
    Recurrent spending under a contract from this amount on is controlled as a commitment by the
    Treasury; spending from deposit accounts is not.

How to put it right:
    Record the commitment that the Treasury accepted, or why none is needed.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract."""
        known, duty = contracts(facts), duties(facts, law)
        yield from duty.others(known, np.ones(len(known), dtype=np.bool_))
        done = marked(registered(facts)["place"], len(known))
        yield from passed(int((duty.due & done).sum()))
        missing = pd.Series(np.flatnonzero(duty.due & ~done), dtype="int64")
        due, day = deadlines(known.loc[missing], law, with_reply=True), pd.Timestamp(as_of)
        yield from not_known(known, due.latest.index[due.latest.isna()])
        yield from not_concerned(int((due.earliest >= day).sum()), _NOT_DUE)
        unsure = (due.earliest < day) & (due.latest >= day)
        yield from not_known(known, unsure.index[unsure], UNKNOWN_DAYS)
        late = pd.DataFrame({"place": missing, "due": due.latest.to_numpy()})
        late = late.assign(known=(due.earliest == due.latest).to_numpy())
        late = late.assign(least=duty.least[missing], unlisted=duty.unlisted[missing])
        late = late[late["due"] < day]
        yield from _failed(facts, late)


def _failed(facts: Facts, late: pd.DataFrame) -> Iterator[Assessment]:
    """Contracts that were ``due``: with the ``least`` value, and an ``unlisted`` exemption.

    What is called in question is the budget's money that went out: a contract is none yet.
    """
    rows, days = money(facts), by_day(facts)
    last = days[days["place"].isin(late["place"])].drop_duplicates("place", keep="last")
    out = last[last["state"] > 0]
    paid = out.set_index("place")["state"].to_dict()
    raised = rows[rows["fund"].isin(STATE_FUNDS) & (rows["amount"] > 0)]
    evidence = evidence_until(raised, out, "state")
    for row in failing(facts, late):
        state = int(row.value if pd.isna(row.state_part) else row.state_part)
        yield Assessment(
            subject_of(row),
            Verdict.FAIL,
            row.book,
            norms=("commitment-recurrent",),
            decided_on=row.signed.date(),
            observed=0,
            allowed=state,
            at_issue=int(paid.get(row.place, 0)),
            values={
                "value": int(row.value),
                "least": int(row.least),
                "latest": Text("", "") if row.known else _LATEST,
                "day": day_name(row.due),
                "exempt": _claim(row.commitment_exempt),
                "paid": int(paid.get(row.place, 0)),
            },
            evidence=(declared(row, row.title), *evidence.get(row.place, ())),
            review=state < row.least or row.unlisted,
        )


_LATEST: Final = Text("muộn nhất (chưa biết ngày nghỉ) ", "the latest (days off not known) ")


def _claim(text: str) -> Text:
    """What the contract claims against registration, where the circular does not list it."""
    if not text:
        return Text("", "")
    return Text(
        f"; lý do ghi «{text}» không có trong danh sách của Thông tư",
        f"; the reason given, “{text}”, is not on the circular's list",
    )
