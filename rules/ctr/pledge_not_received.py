"""CTR201: a contribution pledged and not received when the task is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import Family
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict
from rules.rows import evidence_of, groups, in_order
from rules.rule import Rule
from rules.sch.plan import Plan
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class PledgeNotReceived(Rule):
    """Cam kết đóng góp chưa nhận được khi nhiệm vụ đã hết thời gian.

    Kiểm tra gì:
        Sau ngày kết thúc nhiệm vụ (tính cả quyết định điều chỉnh), số đóng góp đã cam kết mà chưa
        nhận (``Assets:PhaiThu:DongGop``) của từng nhiệm vụ, nguồn và doanh nghiệp không còn dư.

    Vì sao:
        Kinh phí của kế hoạch gồm cả đóng góp của doanh nghiệp; nhiệm vụ đã xong mà tiền chưa về
        thì cần giải trình nguồn đã dùng thay.

    Ví dụ sai:
        2021-03-10 * "Doanh nghiệp cam kết đóng góp, rồi không chuyển tiền"
          kind: "contribution-pledge"
          contributor: "0100000001"
          Assets:PhaiThu:DongGop:NV02:DN   45 VND
          Income:DongGop:NV02:DN          -45 VND

    Cách sửa:
        Ghi tiền đã nhận:
          2021-10-27 * "Nhận tiền doanh nghiệp đã cam kết"
            kind: "contribution-cash"
            contributor: "0100000001"
            Assets:TienGui:KB01              45 VND
            Assets:PhaiThu:DongGop:NV02:DN  -45 VND
        Doanh nghiệp rút cam kết thì ghi giảm bằng kind: "correction".
    """

    code = "CTR201"
    name = "contribution.pledge-not-received"
    title = Text("Cam kết đóng góp chưa nhận", "Pledged and not received")
    severity = Severity.WARNING
    basis = ("plan49-funding",)
    rests_on_plan = True
    message = Text(
        "{subject}: còn {left} đồng cam kết chưa nhận; nhiệm vụ hết hạn ngày {end}",
        "{subject}: {left} VND pledged and not received; the task ended on {end}",
    )
    english = """What it checks:
    After the end of a task (changes decided included) nothing is left of what was pledged and not
    received (``Assets:PhaiThu:DongGop``), per task, fund and contributor.

Why:
    The plan's funds include contributions; where the task is over and the money has not come, it
    is asked what was used instead.

How to put it right:
    Record the money received; where the pledge was withdrawn, reduce it by a ``correction``.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task, fund and contributor."""
        plan = Plan(facts)
        postings = facts["postings"]
        pledged = postings[postings["family"] == Family.PLEDGED.value]
        for (book, task, fund), rows in groups(pledged, ["book", "task", "fund"]):
            window = plan.window(book, task, as_of)
            if window is not None:
                yield from _of_task(book, f"pledge {task} {fund}", rows, window.end, as_of)


def _of_task(
    book: str, line: str, rows: pd.DataFrame, end: dt.date, as_of: dt.date
) -> Iterator[Assessment]:
    unnamed = int(rows["amount"][rows["contributor"] == ""].sum())
    for (contributor,), own in groups(rows, ["contributor"]):
        subject, left = f"{line} {contributor}".rstrip(), int(own["amount"].sum())
        if as_of <= end:
            reason = Text("nhiệm vụ chưa hết thời gian", "the task's window is not over")
            yield Assessment(subject, Verdict.NOT_APPLICABLE, book, reason=reason)
        elif left <= 0:
            yield Assessment(subject, Verdict.PASS, book, observed=left, allowed=0)
        elif unnamed < 0:
            reason = Text(
                "có khoản nhận không ghi doanh nghiệp (contributor)",
                "a receipt does not name its contributor",
            )
            yield Assessment(subject, Verdict.UNKNOWN, book, reason=reason)
        else:
            yield Assessment(
                subject,
                Verdict.FAIL,
                book,
                observed=left,
                allowed=0,
                at_issue=left,
                values={"left": left, "end": day_name(end)},
                evidence=evidence_of(in_order(own[own["amount"] > 0]), left),
                review=True,
            )
