"""DUP105: the same amount paid to the same payee on the same invoice by another voucher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.text import Text, split_list
from rules.assessment import Assessment, Values, passed
from rules.dup.naming import invoice_number
from rules.dup.payments import alike, asked, payments
from rules.rows import records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_SAME: Final = ("book", "payee", "amount", "task", "fund", "number")


class InvoicePaidAgain(Rule):
    """Hai chứng từ trả cùng số tiền cho cùng một hóa đơn.

    Kiểm tra gì:
        Hai khoản chi khác chứng từ, cùng người nhận (``vendor`` hoặc ``beneficiary``), cùng số
        tiền, cùng nhiệm vụ, cùng nguồn và ghi cùng một hóa đơn. Hóa đơn đã khai báo thì xét theo
        tổng tiền ở DUP102. Khoản đã ghi đỏ hoặc nộp trả hết theo chứng từ thì không tính.

    Vì sao:
        Đó là dấu hiệu trả trùng; trả nhiều đợt bằng nhau cũng có thể, nên chỉ đề nghị giải trình.

    Ví dụ sai:
        2021-10-20 * "Trả tiền in"
          kind: "payment"
          voucher: "2021/UNC/61"
          vendor: "0100000002"
          invoice: "1C21TAA/123"
          Assets:DuToan:KhaDung:NV02:NSTP   -500 VND
          Expenses:NV02:NSTP:TM6655          500 VND
        2021-10-28 * "Trả tiền in"
          kind: "payment"
          voucher: "2021/UNC/70"
          vendor: "0100000002"
          invoice: "1C21TAA/123"
          Assets:DuToan:KhaDung:NV02:NSTP   -500 VND
          Expenses:NV02:NSTP:TM6655          500 VND

    Cách sửa:
        Trả trùng thì thu hồi. Trả nhiều đợt thì khai báo hóa đơn để đối chiếu tổng:
          2021-10-20 custom "invoice" "0100000002/1C21TAA/123"
            seller: "0100000002"
            buyer: "Sở Công Thương"
            total: 1000
    """

    code = "DUP105"
    name = "duplicate.invoice-paid-again"
    title = Text("Hai chứng từ trả cùng một hóa đơn", "Two vouchers pay the same invoice alike")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: {payee} nhận {amount} đồng theo nhiều chứng từ: {vouchers}",
        "{subject}: {payee} received {amount} VND by several vouchers: {vouchers}",
    )
    english = """What it checks:
    Two payments by different vouchers to the same payee (``vendor`` or ``beneficiary``), of the
    same amount, task and source, on the same invoice. An invoice that is declared is judged by its
    total in DUP102. What was corrected or returned in full by its voucher does not count.

Why:
    It looks like a payment made twice; equal instalments are possible, so it is only asked about.

How to put it right:
    Take a doubled payment back; declare the invoice where it was paid in instalments.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an invoice paid alike; the other payments on invoices in bulk."""
        declared = {
            invoice_number(name)
            for row in records(facts["invoices"])
            for name in (row.invoice, row.invoice.removeprefix(f"{row.seller}/"))
        }
        table = payments(facts)
        table = table[table["invoice"] != ""]
        numbers = {cell: _number(cell) for cell in table["invoice"].unique()}
        table = table.assign(number=table["invoice"].map(numbers))
        table = table[~table["number"].isin(declared)]
        left = len(table)
        for found in alike(facts, table, _SAME):
            left -= len(found.vouchers)
            first = found.first
            values: Values = {"payee": first.payee, "amount": int(first.amount)}
            yield asked(f"invoice {first.payee}/{first.invoice} {first.task}", found, values)
        yield from passed(left)


def _number(cell: str) -> str:
    """An invoice cell, whatever the order and writing of the numbers in it."""
    return ";".join(sorted(invoice_number(item) for item in split_list(cell)))
