"""PRO201: the days of a contract do not follow one another."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.accounts import Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.pro.contracts import begins, contracts, day_of, money_of_contracts
from rules.rows import declared, records, text_values
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law
    from rules.pro.contracts import Key


class _Step(NamedTuple):
    """Two days of a contract of which the first must not be the later one.

    Attributes:
        name: the end of the finding's subject.
        review: a lawful ground for the other order is easily thought of.
    """

    name: str
    earlier: str
    later: str
    review: bool


_STEPS: Final = (
    _Step("draft-signed", "draft", "signed", review=False),
    _Step("signed-effective", "signed", "effective", review=True),
    _Step("effective-end", "begins", "end", review=False),
    _Step("signed-event", "signed", "event", review=True),
    _Step("signed-acceptance", "signed", "first-acceptance", review=False),
    _Step("acceptance-payment", "first-acceptance", "payment", review=True),
    _Step("acceptance-liquidated", "last-acceptance", "liquidated", review=False),
    _Step("advance-liquidated", "advance", "liquidated", review=False),
)
_NAMES: Final = {
    "draft": Text("gửi dự thảo", "draft sent"),
    "signed": Text("ký", "signed"),
    "effective": Text("hiệu lực", "effective"),
    "begins": Text("hiệu lực", "effective"),
    "end": Text("hết hạn", "end"),
    "event": Text("sự kiện kết thúc", "event over"),
    "first-acceptance": Text("nghiệm thu lần đầu", "first acceptance"),
    "last-acceptance": Text("nghiệm thu lần cuối", "last acceptance"),
    "payment": Text("thanh toán lần đầu", "first payment"),
    "advance": Text("tạm ứng lần cuối", "last advance"),
    "liquidated": Text("thanh lý", "liquidated"),
}


class DatesOutOfOrder(Rule):
    """Các ngày của hợp đồng không theo thứ tự.

    Kiểm tra gì:
        Những ngày đã ghi của một hợp đồng theo thứ tự: gửi dự thảo, ký, hiệu lực, hết hạn; ký
        trước khi sự kiện của hợp đồng kết thúc và trước lần nghiệm thu đầu; nghiệm thu lần đầu
        trước lần thanh toán khối lượng đầu tiên; nghiệm thu lần cuối và tạm ứng lần cuối trước
        khi thanh lý. Cùng ngày là đúng. Thanh toán sau thanh lý không xét: biên bản thanh lý
        thường ghi số còn phải trả. Ngày không ghi thì không xét.

    Vì sao:
        Thứ tự ngược cho thấy hồ sơ lập sau việc. Chỗ pháp luật không cấm (hợp đồng có hiệu lực
        trở về trước, sự kiện đã xong, trả trước nghiệm thu) thì chỉ đề nghị giải trình.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "In tài liệu"
          task: "NV05"
          vendor: "0100000002"
          value: 60000000
          draft-sent: 2021-05-12
          signed: 2021-05-10

    Cách sửa:
        Sửa ngày ghi nhầm theo hồ sơ gốc:
          draft-sent: 2021-05-03
          signed: 2021-05-10
    """

    code = "PRO201"
    name = "contract.dates-out-of-order"
    title = Text("Ngày của hợp đồng không theo thứ tự", "Days of a contract out of order")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: {earlier} ngày {day}, sau {later} ngày {limit}",
        "{subject}: {earlier} on {day}, after {later} on {limit}",
    )
    english = """What it checks:
    The days of a contract that are recorded follow one another: draft sent, signed, effective,
    end; signed before its event is over and before its first acceptance; first acceptance before
    the first payment for work; last acceptance and last advance before it is liquidated. The same
    day is in order. Payment after liquidation is not judged: its minutes usually say what is
    still to be paid. A day that is not recorded is not judged.

Why:
    The other order shows papers made after the fact. Where the law does not forbid it (effect
    from an earlier day, an event that is over, payment before acceptance) it is only asked about.

How to put it right:
    Correct the day that was written wrongly.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a pair of days out of order, and one for the others of a contract."""
        money = money_of_contracts(facts)
        accepted: dict[Key, list[dt.date]] = defaultdict(list)
        for row in records(facts["acceptances"]):
            kind, _, code = row.for_.partition(" ")
            if kind == "contract":
                accepted[row.book, code].append(row.declared.date())
        ends = {(row.book, row.event): row.end.date() for row in records(facts["events"])}
        for key, contract in contracts(facts).items():
            days = _days(contract, accepted[key], money.get(key), ends)
            yield from _judged(contract, days)


def _days(
    contract: Any,  # noqa: ANN401  # a record
    accepted: list[dt.date],
    rows: pd.DataFrame | None,
    ends: Mapping[Key, dt.date],
) -> dict[str, dt.date | None]:
    days = {
        "draft": day_of(contract.draft_sent),
        "signed": day_of(contract.signed),
        "effective": day_of(contract.effective),
        "begins": begins(contract),
        "end": day_of(contract.end),
        "first-acceptance": min(accepted, default=None),
        "last-acceptance": max(accepted, default=None),
        "liquidated": day_of(contract.liquidated),
    }
    if rows is not None:
        raised = rows[rows["amount"] > 0]
        spent = raised[(raised["family"] == Family.SPENT.value) & (raised["fund"] != "DNTC")]
        drawn = raised[raised["kind"] == "advance"]
        events = [ends.get((contract.book, event)) for event in text_values(rows["event"])]
        days["payment"] = day_of(spent["date"].min())
        days["advance"] = day_of(drawn["date"].max())
        days["event"] = min((day for day in events if day), default=None)
    return days


def _judged(contract: Any, days: Mapping[str, dt.date | None]) -> Iterator[Assessment]:  # noqa: ANN401
    subject = f"contract {contract.contract}"
    in_order = 0
    for step in _STEPS:
        earlier, later = days.get(step.earlier), days.get(step.later)
        if earlier is None or later is None:
            continue
        if earlier <= later:
            in_order += 1
            continue
        yield Assessment(
            f"{subject} {step.name}",
            Verdict.FAIL,
            contract.book,
            decided_on=later,
            values={
                "subject": Text(f"hợp đồng {contract.contract}", subject),
                "earlier": _NAMES[step.earlier],
                "later": _NAMES[step.later],
                "day": f"{earlier:%d/%m/%Y}",
                "limit": f"{later:%d/%m/%Y}",
            },
            evidence=(declared(contract, contract.title),),
            review=step.review,
        )
    if in_order:
        yield Assessment(subject, Verdict.PASS, contract.book, population=in_order)
