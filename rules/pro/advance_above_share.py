"""PRO401: advanced above half of a contract's value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ledger.text import Text, day_name, dong, percent
from rules.assessment import Assessment, Verdict
from rules.pro.advances import advance_days, concerned, drawn_evidence, not_failed
from rules.pro.amendments import value_at_signing
from rules.pro.contracts import contracts, failing, peaks, subject_of
from rules.pro.timeline import Timeline
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_NORMS: Final = ("advance-max-2020", "advance-max-2024")


class AdvanceAboveShare(Rule):
    """Tạm ứng quá tỷ lệ giá trị hợp đồng.

    Kiểm tra gì:
        Số dư tạm ứng của từng hợp đồng (``Assets:TamUng``, các lần cộng lại) cuối mỗi ngày không
        quá 50 % giá trị hợp đồng khi ký; chỉ xét hợp đồng trên 50 triệu đồng. Hợp đồng có phụ lục
        thì giá trị khi ký là ``value`` trừ số tăng, giảm ghi ở ``amendments`` («tăng 40000000»);
        không đọc được thì tính trên ``value`` và chỉ đề nghị giải trình, cũng như hợp đồng với nhà
        cung cấp nước ngoài, có thể phải mở L/C. Chỉ tính tiền ngân sách.

    Vì sao:
        Mức tạm ứng theo hợp đồng nhưng tối đa bằng một nửa giá trị hợp đồng khi ký, trừ hàng nhập
        khẩu phải mở L/C và trường hợp đặc thù có hướng dẫn riêng.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "Tổ chức lớp tập huấn"
          task: "NV05"
          vendor: "0100000002"
          value: 100000000
          signed: 2021-05-10
        2021-05-20 * "Tạm ứng 51 %"
          kind: "advance"
          contract: "20/2021/HĐ-SCT"
          Assets:DuToan:KhaDung:NV05:NSTP  -51000000 VND
          Assets:TamUng:NV05:NSTP:TM6699    51000000 VND

    Cách sửa:
        Nộp trả phần vượt:
          2021-05-25 * "Nộp trả phần tạm ứng vượt mức"
            kind: "return-restoring"
            contract: "20/2021/HĐ-SCT"
            Assets:TamUng:NV05:NSTP:TM6699    -1000000 VND
            Assets:DuToan:KhaDung:NV05:NSTP    1000000 VND
    """

    code = "PRO401"
    name = "advance.above-share"
    title = Text("Tạm ứng quá tỷ lệ hợp đồng", "Advance above its share of the contract")
    severity = Severity.ERROR
    chosen = _NORMS
    message = Text(
        "{subject}: số dư tạm ứng {advance} đồng ngày {day}, tối đa {share} {whole} "
        "là {allowed} đồng",
        "{subject}: {advance} VND advanced on {day}, at most {share} of {whole}, {allowed} VND",
    )
    english = """What it checks:
    The balance of advances of each contract (``Assets:TamUng``, all of them together) at the end
    of any day is at most 50 % of the contract's value at signing; only contracts above 50 million
    are judged. Where a contract was amended that value is ``value`` less what ``amendments`` tells
    («tăng 40000000»); where it cannot be read ``value`` is taken and it is only asked about, as is
    a foreign vendor, who may need a letter of credit. Only budget money counts.

Why:
    Advances follow the contract and are at most half of its value at signing, imports by letter of
    credit and special cases with their own guidance excepted.

How to put it right:
    Return what is above the share.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract with advances, by the days on which they rose."""
        timeline, days = Timeline(law, _NORMS), advance_days(facts)
        rose = days[days["advanced"] > days["opening"]]
        about = concerned(facts, rose, timeline)
        signed = _signed(facts)
        allowed = timeline.shares(signed[rose["place"]], about.positions)
        excess = rose["advanced"] - allowed
        rose = rose.assign(position=about.positions, allowed=allowed, excess=excess)
        over = peaks(rose[about.days & (excess > 0)], "advanced")
        yield from not_failed(facts, about, len(over))
        yield from _failed(facts, over, timeline)


def _signed(facts: Facts) -> np.ndarray[Any, Any]:
    """The value of each contract when it was signed, as far as its amendments can be read."""
    known = contracts(facts)
    value = known["value"].to_numpy(dtype=np.int64).copy()
    for place in (known["amendments"] != "").to_numpy().nonzero()[0]:
        text = str(known["amendments"].iloc[place])
        value[place] = value_at_signing(int(value[place]), text) or value[place]
    return value


def _whole(row: Any) -> Text:  # noqa: ANN401  # a record
    """What the share is one of, with its figure where the contract was amended."""
    signed = value_at_signing(int(row.value), row.amendments) if row.amendments else None
    if signed is None:
        return Text("giá trị hợp đồng", "the contract's value")
    return Text(
        f"giá trị hợp đồng khi ký ({dong(signed)} đồng)",
        f"the contract's value at signing ({dong(signed, 'en')} VND)",
    )


def _failed(facts: Facts, over: pd.DataFrame, timeline: Timeline) -> Iterator[Assessment]:
    """Contracts at the day of their highest balance above what is allowed."""
    evidence, abroad = drawn_evidence(facts, over, "excess"), _foreign(facts)
    for row in failing(facts, over):
        norm, day = timeline.at(row.position), row.date.date()
        yield Assessment(
            subject_of(row),
            Verdict.FAIL,
            row.book,
            norms=(norm.norm,),
            decided_on=day,
            observed=row.advanced,
            allowed=row.allowed,
            at_issue=row.excess,
            values={
                "advance": int(row.advanced),
                "day": day_name(day),
                "share": percent(norm.share),
                "whole": _whole(row),
                "allowed": int(row.allowed),
            },
            evidence=evidence.get(row.place, ()),
            # Imports by letter of credit may get more.
            review=(row.book, row.vendor) in abroad
            or value_at_signing(int(row.value), row.amendments) is None,
        )


def _foreign(facts: Facts) -> set[tuple[str, str]]:
    """Foreign parties, by book and tax code."""
    parties = facts["parties"][facts["parties"]["foreign"]]
    return set(zip(parties["book"], parties["tax_code"], strict=True))
