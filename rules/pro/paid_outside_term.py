"""PRO302: paid before the contract was signed, or after its end for work not accepted by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.pro.contracts import (
    accepted,
    by_day,
    contracts,
    failing,
    money,
    name_of,
    peaks,
    subject_of,
)
from rules.rows import evidence_by
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_BEFORE: Final = Text("đã tạm ứng hoặc trả trước khi ký", "advanced or paid before it was signed")
_AFTER: Final = Text(
    "trả thêm, quá giá trị nghiệm thu đến khi hết hạn",
    "paid on top of what was accepted by its end",
)


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

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract with payments for its signing, one for its end."""
        known, days = contracts(facts), by_day(facts)
        signed = known["signed"].to_numpy()[days["place"]]
        early = peaks(days[days["date"] < signed], "paid")
        early = early[early["paid"] > 0]
        yield from passed(days["place"].nunique() - len(early))
        yield from _failed(facts, early, before=True)
        ended = days[known["end"].notna().to_numpy()[days["place"]]]
        late = _after_end(facts, ended)
        yield from passed(ended["place"].nunique() - len(late))
        yield from _failed(facts, late, before=False)


def _after_end(facts: Facts, days: pd.DataFrame) -> pd.DataFrame:
    """Contracts whose payments rose after their end above what was paid or accepted by then.

    One row a contract: ``place`` and ``paid``, the amount above it.
    """
    known, minutes = contracts(facts), accepted(facts)
    end = known["end"].to_numpy()
    in_time = minutes[minutes["declared"] <= end[minutes["place"]]]
    whole = known["value"].to_numpy(dtype=np.int64)[in_time["place"]]
    amount = in_time["amount"].fillna(-1).to_numpy(dtype=np.int64)
    amount = np.where(amount < 0, whole, amount)
    allowed = np.zeros(len(known), dtype=np.int64)
    np.add.at(allowed, in_time["place"].to_numpy(), amount)
    by_end = days[days["date"] <= end[days["place"]]].drop_duplicates("place", keep="last")
    np.maximum.at(allowed, by_end["place"].to_numpy(), by_end["paid"].to_numpy())
    last = days.drop_duplicates("place", keep="last")
    last = last.assign(paid=last["paid"] - allowed[last["place"]])
    return last[last["paid"] > 0]


def _failed(facts: Facts, found: pd.DataFrame, *, before: bool) -> Iterator[Assessment]:
    """Contracts paid before their signing, or after their end: ``place``, ``paid``."""
    column = "signed" if before else "end"
    rows = money(facts)
    rows = rows[rows["place"].isin(found["place"]) & (rows["amount"] > 0)]
    last = contracts(facts)[column].to_numpy()[rows["place"]]
    outside = rows[(rows["date"] < last) if before else (rows["date"] > last)]
    at_issue = found.set_index("place")["paid"].to_dict()
    evidence = evidence_by(outside, "place", at_issue)
    for row in failing(facts, found):
        yield Assessment(
            f"{subject_of(row)} {column}",
            Verdict.FAIL,
            row.book,
            observed=row.paid,
            at_issue=row.paid,
            values={
                "subject": name_of(row),
                "paid": int(row.paid),
                "when": _BEFORE if before else _AFTER,
                "day": day_name(getattr(row, column)),
            },
            evidence=evidence.get(row.place, ()),
            review=not before,
        )
