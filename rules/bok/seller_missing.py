"""BOK502: a payment on an invoice that does not say whose invoice it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import COST_FAMILIES
from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import in_question, known
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class SellerMissing(Rule):
    """Chi theo hóa đơn mà không ghi mã số thuế người bán.

    Kiểm tra gì:
        Khoản chi ghi hóa đơn (``invoice``) có người bán: ``vendor``, hoặc ``contract`` (nhà cung
        cấp ghi ở hợp đồng), hoặc ``beneficiary``, ``contributor``. Khoản ghi đỏ, thu hồi không xét.

    Vì sao:
        Số hóa đơn chỉ có nghĩa cùng người bán; thiếu mã số thuế thì không đối chiếu được hóa đơn và
        không thấy được hóa đơn trả hai lần.

    Ví dụ sai:
        2021-10-20 * "Trả tiền in"
          kind: "payment"
          voucher: "2021/UNC/61"
          invoice: "1C21TAA/123"
          Assets:DuToan:KhaDung:NV02:NSTP   -500 VND
          Expenses:NV02:NSTP:TM6655          500 VND

    Cách sửa:
        Ghi thêm người bán:
          2021-10-20 * "Trả tiền in"
            kind: "payment"
            voucher: "2021/UNC/61"
            vendor: "0100112437"
            invoice: "1C21TAA/123"
    """

    code = "BOK502"
    name = "book.seller-missing"
    title = Text("Hóa đơn không ghi người bán", "An invoice without its seller")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: chi theo hóa đơn {invoice} mà không ghi mã số thuế người bán",
        "{subject}: paid on the invoice {invoice} without the seller's tax code",
    )
    english = """What it checks:
    Spending on an ``invoice`` says who sold: ``vendor``, or ``contract`` (its vendor), or
    ``beneficiary`` or ``contributor``. Corrections and returns are not judged.

Why:
    A number of an invoice means something only with its seller; without the tax code it can be
    compared with no invoice, and one paid twice is not seen.

How to put it right:
    Add the seller.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        postings = facts["postings"]
        judged = (
            (postings["invoice"] != "")
            & known(postings["family"], COST_FAMILIES)
            & (postings["amount"] > 0)
        )
        unsaid = judged & (postings["vendor"] == "")
        for column in ("contract", "beneficiary", "contributor"):
            unsaid &= postings[column] == ""
        invoices = postings.loc[unsaid, ["posting", "invoice"]].set_index("posting")["invoice"]
        for found in in_question(postings[unsaid]):
            names = {str(invoices[row.posting]) for row in found.rows}
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                at_issue=found.at_issue,
                values={"invoice": ", ".join(sorted(names))},
                evidence=found.evidence,
                review=True,
            )
        yield from passed(int(judged.sum()) - int(unsaid.sum()))
