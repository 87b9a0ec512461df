"""NRM302: more state money paid on a support than was approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.accounts import COST_FAMILIES, STATE_FUNDS, USED_FAMILIES
from ledger.text import Text, day_name, dong
from rules.assessment import Assessment, Verdict
from rules.rows import EVIDENCE, evidence_of, groups, in_order, records
from rules.rule import Rule
from rules.severity import Severity
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class PaidAboveApproved(Rule):
    """Chi ngân sách cho khoản hỗ trợ vượt mức được duyệt.

    Kiểm tra gì:
        Tổng tiền ngân sách đã chi cho một khoản hỗ trợ (``Expenses`` và ``ChoThanhToan``, nguồn
        ``NSTP``, ``NSTW``) không vượt ``state-support`` của quyết định phê duyệt. Trước ngày quyết
        định (``decision-date``) không tạm ứng, không chi; quyết định điều chỉnh thay quyết định đầu
        ở khai báo nên chỉ đề nghị giải trình.

    Vì sao:
        Ngân sách chỉ được chi khi đã có quyết định chi của người có thẩm quyền; phần vượt mức
        được duyệt là phần chưa ai quyết định.

    Ví dụ sai:
        2021-05-20 custom "support" "HT-08-003"
          state-support: 250
        2021-11-15 * "Hỗ trợ sau nghiệm thu"
          kind: "payment"
          support: "HT-08-003"
          Assets:DuToan:KhaDung:NV08:NSTP   -251 VND
          Expenses:NV08:NSTP:TM7799          251 VND

    Cách sửa:
        Thu hồi phần vượt:
          2021-11-20 * "Doanh nghiệp nộp lại"
            kind: "return-restoring"
            support: "HT-08-003"
            Expenses:NV08:NSTP:TM7799         -1 VND
            Assets:DuToan:KhaDung:NV08:NSTP    1 VND
        Nếu quyết định đã được điều chỉnh thì sửa ``state-support`` và ``decision``.
    """

    code = "NRM302"
    name = "norm.paid-above-approved"
    title = Text("Chi vượt mức hỗ trợ được duyệt", "More paid than the support approved")
    severity = Severity.ERROR
    basis = (
        "nsnn83-spend-within-estimate",
        "nsnn89-spend-within-estimate",
        "tt29-cond-approved",
    )
    message = Text(
        "{subject}: ngân sách đã chi {paid} đồng; {why}",
        "{subject}: the budget paid {paid} VND; {why}",
    )
    english = """What it checks:
    The state money paid on a support (``Expenses`` and ``ChoThanhToan`` of ``NSTP``, ``NSTW``)
    keeps to the ``state-support`` of the decision. Nothing is advanced or paid before the day of
    the decision (``decision-date``); a changed decision takes the first one's place in the book, so
    that this is only asked about.

Why:
    The budget is spent only on a decision of the competent head; nobody decided what goes beyond
    the amount approved.

How to put it right:
    Take the excess back; where the decision was changed, mend ``state-support`` and ``decision``.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a support."""
        postings = facts["postings"]
        state = postings["fund"].isin(STATE_FUNDS) & (postings["support"] != "")
        rows = postings.loc[state, [*EVIDENCE, "support", "family"]]
        paid = rows[rows["family"].isin(COST_FAMILIES)]
        of_support = dict(groups(paid, ["book", "support"]))
        out = dict(groups(rows[rows["family"].isin(USED_FAMILIES)], ["book", "support"]))
        for support in records(facts["supports"]):
            rows = of_support.get((support.book, support.support), paid[:0])
            yield _judged(support, rows)
            yield from _early(support, out.get((support.book, support.support), paid[:0]))


def _early(support: Any, rows: pd.DataFrame) -> Iterator[Assessment]:  # noqa: ANN401  # a record
    """What was advanced or paid before the day of the decision, which may be a changed one."""
    early = rows[rows["date"] < support.decision_date]
    if early.empty:
        return
    # Highest at the end of any day: what came back had been out.
    balances = early.groupby("date")["amount"].sum().cumsum()
    paid = int(balances.max())
    if paid <= 0:
        return
    decided = day_name(support.decision_date)
    yield Assessment(
        f"support {support.support} decided",
        Verdict.FAIL,
        support.book,
        decided_on=early["date"].min().date(),
        observed=paid,
        allowed=0,
        at_issue=paid,
        values={
            "subject": subject_name(f"support {support.support}"),
            "paid": paid,
            "why": Text(
                f"{support.decision} đến ngày {decided.vi} mới có",
                f"{support.decision} is of {decided.en} only",
            ),
        },
        evidence=evidence_of(in_order(early[early["amount"] > 0]), paid),
        review=True,
    )


def _judged(support: Any, rows: pd.DataFrame) -> Assessment:  # noqa: ANN401  # a record
    subject, approved = f"support {support.support}", int(support.state_support)
    paid = int(rows["amount"].sum())
    if paid <= approved:
        return Assessment(subject, Verdict.PASS, support.book, observed=paid, allowed=approved)
    # The first day that ended above the amount approved.
    balances = rows.groupby("date")["amount"].sum().cumsum()
    return Assessment(
        subject,
        Verdict.FAIL,
        support.book,
        decided_on=balances.index[balances > approved][0].date(),
        observed=paid,
        allowed=approved,
        at_issue=paid - approved,
        values={
            "paid": paid,
            "why": Text(
                f"{support.decision} duyệt {dong(approved)} đồng",
                f"{support.decision} approved {dong(approved, 'en')}",
            ),
        },
        evidence=evidence_of(in_order(rows), paid - approved),
    )
