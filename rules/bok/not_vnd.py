"""BOK102: an amount in another currency than VND."""

from __future__ import annotations

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


class NotVnd(Rule):
    """Số tiền ghi bằng loại tiền khác đồng Việt Nam.

    Kiểm tra gì:
        Mọi bút toán ghi bằng VND. Bút toán bằng tiền khác không vào được số dư nào của sổ.

    Vì sao:
        Sổ kế toán của đơn vị sử dụng ngân sách ghi bằng đồng; ngoại tệ là thông tin kèm theo.

    Ví dụ sai:
        2021-05-10 * "Thuê gian hàng ở nước ngoài"
          kind: "payment"
          Assets:DuToan:KhaDung:NV02:NSTP  -1000 USD
          Expenses:NV02:NSTP:TM6657         1000 USD

    Cách sửa:
        Ghi số tiền đã quy đổi ra đồng, số ngoại tệ và tỷ giá ghi ở fx và fx-rate:
          2021-05-10 * "Thuê gian hàng ở nước ngoài"
            kind: "payment"
            fx: "1000 USD"
            fx-rate: "23150"
            Assets:DuToan:KhaDung:NV02:NSTP  -23150000 VND
            Expenses:NV02:NSTP:TM6657         23150000 VND
    """

    code = "BOK102"
    name = "book.not-vnd"
    title = Text("Số tiền không phải đồng Việt Nam", "An amount that is not in VND")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "{subject}: ghi {written}; sổ ghi bằng VND, số ngoại tệ ghi ở fx và tỷ giá ở fx-rate",
        "{subject}: {written} is written; books are in VND, a foreign amount stands in fx and its "
        "rate in fx-rate",
    )
    english = """What it checks:
    Every posting is in VND. A posting in another currency enters no balance of the book.

Why:
    The books of a budget-using unit are kept in VND; a foreign amount is information beside it.

How to put it right:
    Write the amount converted to VND, and the foreign amount and its rate as ``fx`` and
    ``fx-rate``.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        rows = written_rows(facts, in_vnd=False)
        for found in in_question(rows):
            written = ", ".join(sorted({row.written for row in found.rows}))
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                values={"written": written},
                evidence=found.evidence,
            )
        yield from passed(len(facts["postings"]) - len(rows))
