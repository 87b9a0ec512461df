"""CTR102: a contribution in kind without minutes that say what it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import in_question
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class InKindUnvalued(Rule):
    """Đóng góp bằng hiện vật, ngày công không có biên bản định giá.

    Kiểm tra gì:
        Khoản doanh nghiệp góp bằng hiện vật hoặc ngày công (``in-kind: TRUE``) ghi số biên bản định
        giá (``valuation``). Khoản góp bằng tiền, tự chi bằng tiền không xét.

    Vì sao:
        Hiện vật tính vào phần đóng góp theo số tiền quy đổi; không có biên bản định giá thì số tiền
        đó không có căn cứ, mà tỷ lệ ngân sách hỗ trợ tính trên nó. Sổ không ghi thì chưa biết có
        biên bản hay không, nên chỉ đề nghị bổ sung.

    Ví dụ sai:
        2021-10-15 * "Doanh nghiệp cho mượn máy trưng bày, quy ra tiền"
          kind: "contribution-direct"
          voucher: "2021/BK/30"
          contributor: "0100112437"
          in-kind: TRUE
          Income:DongGop:NV02:DNTC   -5000 VND
          Expenses:NV02:DNTC:TM0000   5000 VND

    Cách sửa:
        Ghi biên bản định giá đã lập với doanh nghiệp:
          2021-10-15 * "Doanh nghiệp cho mượn máy trưng bày, quy ra tiền"
            kind: "contribution-direct"
            voucher: "2021/BK/30"
            contributor: "0100112437"
            in-kind: TRUE
            valuation: "BB-ĐG-03/2021"
            Income:DongGop:NV02:DNTC   -5000 VND
            Expenses:NV02:DNTC:TM0000   5000 VND
    """

    code = "CTR102"
    name = "contribution.in-kind-unvalued"
    title = Text("Hiện vật không có biên bản định giá", "In kind without valuation minutes")
    severity = Severity.WARNING
    basis = ("plan49-funding",)
    rests_on_plan = True
    message = Text(
        "{subject}: góp hiện vật {amount} đồng mà không ghi biên bản định giá",
        "{subject}: {amount} VND given in kind without valuation minutes",
    )
    english = """What it checks:
    What enterprises give in kind or as work (``in-kind: TRUE``) names its valuation minutes
    (``valuation``). Money given or spent is not judged.

Why:
    What is given in kind counts at its value in money, and the share of the budget is reckoned on
    it; without minutes nothing stands behind the amount. The book merely does not show them, so it
    is asked about.

How to put it right:
    Name the minutes.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        postings = facts["postings"]
        given = postings[postings["in_kind"]]
        rows = given[(given["family"] == Family.SPENT.value) & (given["amount"] > 0)]
        unvalued = rows["valuation"] == ""
        for found in in_question(rows[unvalued]):
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                decided_on=found.rows[0].date.date(),
                at_issue=found.at_issue,
                values={"amount": int(found.at_issue)},
                evidence=found.evidence,
                review=True,
            )
        yield from passed(int((~unvalued).sum()))
