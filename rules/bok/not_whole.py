"""BOK103: an amount with decimals."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import TYPE_CHECKING

from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.bok.written import written_rows
from rules.rows import in_question
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_LIKE_THOUSANDS = re.compile(r"-?\d{1,3}\.\d{3}")


class NotWhole(Rule):
    """Số tiền có phần lẻ, thường do dùng dấu chấm tách hàng nghìn.

    Kiểm tra gì:
        Mọi số tiền bằng VND là số nguyên. Trong sổ, dấu chấm là dấu thập phân: «1.500 VND» được
        đọc là một đồng rưỡi, không phải một nghìn năm trăm đồng.

    Vì sao:
        Đồng Việt Nam không có phần lẻ; một dấu chấm nhầm làm số tiền nhỏ đi một nghìn lần.

    Ví dụ sai:
        2021-05-10 * "Chi tài liệu"
          kind: "payment"
          Assets:DuToan:KhaDung:NV05:NSTP  -1.500 VND
          Expenses:NV05:NSTP:TM6551         1.500 VND

    Cách sửa:
        Viết 1500 hoặc 1,500:
          2021-05-10 * "Chi tài liệu"
            kind: "payment"
            Assets:DuToan:KhaDung:NV05:NSTP  -1,500 VND
            Expenses:NV05:NSTP:TM6551         1,500 VND
    """

    code = "BOK103"
    name = "book.not-whole"
    title = Text("Số tiền có phần lẻ", "An amount with decimals")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "{subject}: {written} có phần lẻ, vì dấu chấm là dấu thập phân; viết {meant}",
        "{subject}: {written} has decimals, for a dot is the decimal point; write {meant}",
    )
    english = """What it checks:
    Every amount in VND is whole. In the book a dot is the decimal point: ``1.500 VND`` is read as
    one and a half, not as fifteen hundred.

Why:
    VND has no decimals; one wrong dot makes an amount a thousand times smaller.

How to put it right:
    Write ``1500`` or ``1,500``.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        rows = written_rows(facts, in_vnd=True)
        for found in in_question(rows):
            written = sorted({row.written for row in found.rows})
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                at_issue=found.at_issue,
                values={
                    "written": ", ".join(written),
                    "meant": ", ".join(_meant(amount) for amount in written),
                },
                evidence=found.evidence,
            )
        yield from passed(len(facts["postings"]) - len(rows))


def _meant(written: str) -> str:
    """The whole amount that was most likely meant: dots in threes part thousands."""
    number = written.removesuffix(" VND")
    if _LIKE_THOUSANDS.fullmatch(number):
        return f"{number.replace('.', '')} VND"
    exact = Decimal(number)
    below, above = exact.to_integral_value(ROUND_DOWN), exact.to_integral_value(ROUND_UP)
    if below == above:  # ``40,000.000``: a dot in the place of a comma, or decimals of nothing
        return f"{number.replace('.', '')} VND / {below} VND"
    if abs(exact - below) == abs(above - exact):  # neither of them is nearer
        return f"{below} VND / {above} VND"
    return f"{exact.quantize(Decimal(1), ROUND_HALF_UP)} VND"
