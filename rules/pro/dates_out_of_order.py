"""PRO201: the days of a contract do not follow one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from ledger.accounts import Family
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.pro.contracts import (
    accepted,
    contracts,
    failing,
    money,
    name_of,
    places_of,
    subject_of,
)
from rules.pro.invoices import invoiced, payments_of
from rules.rows import declared, evidence_by
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


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
    _Step("plan-signed", "plan", "signed", review=True),
    _Step("draft-signed", "draft", "signed", review=False),
    _Step("signed-effective", "signed", "effective", review=True),
    _Step("effective-end", "begins", "end", review=False),
    _Step("signed-event", "signed", "event", review=True),
    _Step("signed-acceptance", "signed", "first-acceptance", review=False),
    _Step("acceptance-invoice", "first-acceptance", "first-invoice", review=True),
    _Step("acceptance-payment", "first-acceptance", "payment", review=True),
    _Step("invoice-payment", "invoice", "invoice-paid", review=True),
    _Step("acceptance-liquidated", "last-acceptance", "liquidated", review=False),
    _Step("advance-liquidated", "advance", "liquidated", review=False),
)
_NAMES: Final = {
    "plan": Text("duyệt kế hoạch chi tiết của nhiệm vụ", "detailed plan of the task approved"),
    "draft": Text("gửi dự thảo", "draft sent"),
    "signed": Text("ký", "signed"),
    "effective": Text("hiệu lực", "effective"),
    "begins": Text("hiệu lực", "effective"),
    "end": Text("hết hạn", "end"),
    "event": Text("sự kiện kết thúc", "event over"),
    "first-acceptance": Text("nghiệm thu lần đầu", "first acceptance"),
    "last-acceptance": Text("nghiệm thu lần cuối", "last acceptance"),
    "first-invoice": Text("hóa đơn đầu tiên", "first invoice"),
    "invoice": Text("lập hóa đơn", "invoice issued"),
    "invoice-paid": Text("thanh toán theo hóa đơn đó", "payment of that invoice"),
    "payment": Text("thanh toán lần đầu", "first payment"),
    "advance": Text("tạm ứng lần cuối", "last advance"),
    "liquidated": Text("thanh lý", "liquidated"),
}


class DatesOutOfOrder(Rule):
    """Các ngày của hợp đồng không theo thứ tự.

    Kiểm tra gì:
        Những ngày đã ghi của một hợp đồng theo thứ tự: duyệt kế hoạch chi tiết của nhiệm vụ, gửi
        dự thảo, ký, hiệu lực, hết hạn; ký trước khi sự kiện của hợp đồng kết thúc và trước lần
        nghiệm thu đầu; nghiệm thu lần đầu trước hóa đơn đầu tiên và trước lần thanh toán khối
        lượng đầu tiên; hóa đơn trước lần thanh toán theo hóa đơn đó; nghiệm thu lần cuối và tạm
        ứng lần cuối trước khi thanh lý. Cùng ngày là đúng. Thanh toán sau thanh lý không xét:
        biên bản thanh lý thường ghi số còn phải trả. Ngày không ghi thì không xét.

    Vì sao:
        Thứ tự ngược cho thấy hồ sơ lập sau việc. Chỗ pháp luật không cấm (hợp đồng có hiệu lực
        trở về trước, sự kiện đã xong, hóa đơn hoặc tiền đi trước nghiệm thu) thì chỉ đề nghị giải
        trình; tiền trả trước nghiệm thu, trước hóa đơn là số tiền cần giải trình.

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
    The days of a contract that are recorded follow one another: detailed plan of the task approved,
    draft sent, signed, effective, end; signed before its event is over and before its first
    acceptance; first acceptance before the first invoice and before the first payment for work; an
    invoice before the payment that names it; last acceptance and last advance before it is
    liquidated. The same day is in order. Payment after liquidation is not judged: its minutes
    usually say what is still to be paid. A day that is not recorded is not judged.

Why:
    The other order shows papers made after the fact. Where the law does not forbid it (effect
    from an earlier day, an event that is over, invoice or money before acceptance) it is only
    asked about; what was paid before the acceptance or the invoice is the amount in question.

How to put it right:
    Correct the day that was written wrongly.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a pair of days that are recorded."""
        days = _days(facts)
        for step in _STEPS:
            earlier, later = days[step.earlier], days[step.later]
            yield from passed(int((earlier <= later).sum()))
            pairs = pd.DataFrame({"place": days.index, "day": earlier, "limit": later})
            wrong = pairs[earlier > later]
            yield from _failed(facts, wrong, step, _paid_early(facts, wrong, step))


def _failed(
    facts: Facts, wrong: pd.DataFrame, step: _Step, paid: pd.DataFrame
) -> Iterator[Assessment]:
    """The contracts whose two days are the wrong way round, with the payments in question."""
    amounts = paid.groupby("place")["amount"].sum().to_dict()
    evidence = evidence_by(paid, "place", amounts)
    for row in failing(facts, wrong):
        yield Assessment(
            f"{subject_of(row)} {step.name}",
            Verdict.FAIL,
            row.book,
            decided_on=row.limit.date(),
            at_issue=int(amounts.get(row.place, 0)),
            values={
                "subject": name_of(row),
                "earlier": _NAMES[step.earlier],
                "later": _NAMES[step.later],
                "day": day_name(row.day),
                "limit": day_name(row.limit),
            },
            evidence=(declared(row, row.title), *evidence.get(row.place, ())),
            review=step.review,
        )


def _paid_early(facts: Facts, wrong: pd.DataFrame, step: _Step) -> pd.DataFrame:
    """The payments that went out before the day that they should have waited for."""
    if step.later == "payment":
        rows = _paid_for_work(facts)
        waited_for = wrong.set_index("place")["day"].reindex(rows["place"])
        return rows[rows["date"].to_numpy() < waited_for.to_numpy()]
    if step.later == "invoice-paid":
        pairs = invoiced(facts)
        rows = payments_of(facts, pairs[pairs["place"].isin(wrong["place"])])
        rows = rows[(rows["kind"] == "payment") & (rows["amount"] > 0)]
        early = rows[rows["date"] < rows["issued"]]
        # Two sellers may have an invoice of one number: a payment still counts once.
        return early.drop_duplicates(["place", "file", "line"])
    return money(facts)[:0]


def _days(facts: Facts) -> pd.DataFrame:
    """The days of each contract by place, NaT where not recorded."""
    known, rows = contracts(facts), money(facts)
    raised = rows[rows["paid"] & (rows["amount"] > 0)]
    drawn = raised[raised["kind"] == "advance"]
    minutes = accepted(facts).groupby("place")["declared"]
    days = {
        "plan": _plan_approved(facts),
        "draft": known["draft_sent"],
        "signed": known["signed"],
        "effective": known["effective"],
        "begins": known["begins"],
        "end": known["end"],
        "liquidated": known["liquidated"],
        "event": _event_over(facts, raised),
        "first-acceptance": minutes.min(),
        "last-acceptance": minutes.max(),
        "payment": _paid_for_work(facts).groupby("place")["date"].min(),
        "advance": drawn.groupby("place")["date"].max(),
        **_invoices(facts),
    }
    return pd.DataFrame(days, index=known.index)


def _paid_for_work(facts: Facts) -> pd.DataFrame:
    """What the unit paid for work done; enterprises' own payments are their own business."""
    rows = money(facts)
    raised = rows["paid"] & (rows["amount"] > 0)
    return rows[raised & (rows["family"] == Family.SPENT.value) & (rows["fund"] != "DNTC")]


def _plan_approved(facts: Facts) -> pd.Series:
    """When the detailed plan of the contract's task was approved, where it needs one."""
    known, tasks = contracts(facts), facts["tasks"]
    tasks = tasks[tasks["detailed_plan"]].reset_index(drop=True)
    place = places_of(known, "task", tasks)
    approved = tasks["plan_approved"].reindex(place)
    return approved.set_axis(known.index)


def _event_over(facts: Facts, rows: pd.DataFrame) -> pd.Series:
    """The end of the first event that a contract was paid for."""
    named = rows[["place", "book", "event"]].drop_duplicates()
    end = facts["events"]["end"].reindex(places_of(named, "event", facts["events"]))
    return end.set_axis(named["place"]).groupby(level="place").min()


def _invoices(facts: Facts) -> dict[str, pd.Series]:
    """The first invoice of each contract; and one that was paid, before it was issued if any was.

    An advance is paid before the invoice, and an enterprise's own payments are its own business.
    """
    pairs = invoiced(facts)
    pairs = pairs[pairs["issued"].notna() & pairs["paid_on"].notna()]
    early = pairs["paid_on"] < pairs["issued"]
    worst = pairs.assign(early=early).sort_values(["early", "paid_on"], ascending=[False, True])
    worst = worst.drop_duplicates("place").set_index("place")
    return {
        "first-invoice": pairs.groupby("place")["issued"].min(),
        "invoice": worst["issued"],
        "invoice-paid": worst["paid_on"],
    }
