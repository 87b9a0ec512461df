"""BOK205: a fund that is not in the scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import FUNDS
from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import known, one_family, text_values
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class UnknownFund(Rule):
    """Nguồn kinh phí trong tên tài khoản không có trong hệ thống.

    Kiểm tra gì:
        Nguồn trong tên tài khoản là NSTP, NSTW, DN, HD hoặc DNTC.

    Vì sao:
        Gõ nhầm nguồn thì khoản tiền không thuộc ngân sách cũng không thuộc đóng góp: mọi biểu và
        mọi tỷ lệ bỏ sót nó.

    Ví dụ sai:
        Expenses:NV02:NSPT:TM6655   1000 VND

    Cách sửa:
        Expenses:NV02:NSTP:TM6655   1000 VND
    """

    code = "BOK205"
    name = "book.unknown-fund"
    title = Text("Nguồn kinh phí không có", "A fund that does not exist")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "nguồn «{fund}» không có: {accounts}; các nguồn được dùng: {funds}",
        "there is no fund “{fund}”: {accounts}; funds: {funds}",
    )
    english = """What it checks:
    The fund in an account name is NSTP, NSTW, DN, HD or DNTC.

Why:
    Under a mistyped fund money belongs neither to the budget nor to contributions: every form and
    every share misses it.

How to put it right:
    Mend the account name.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an unknown fund; the rest in bulk."""
        postings = facts["postings"]
        unknown = ~known(postings["fund"], FUNDS)
        rows = postings[unknown].astype({"book": "str", "fund": "str"})
        for (book, fund), part in rows.groupby(["book", "fund"]):
            question = one_family(part)
            yield Assessment(
                f"fund {fund}",
                Verdict.FAIL,
                str(book),
                at_issue=question.at_issue,
                values={
                    "fund": str(fund),
                    "accounts": ", ".join(sorted(text_values(part["account"]))),
                    "funds": ", ".join(FUNDS),
                },
                evidence=question.evidence,
            )
        yield from passed(int((postings["fund"] != "").sum()) - len(rows))
