"""DUP106: the same amount paid to the same payee on the same day, without an invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.text import Text, day_name
from rules.assessment import Assessment, Values, passed
from rules.dup.payments import alike, asked, payments
from rules.rule import Rule
from rules.severity import Severity
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_SAME: Final = (
    "book",
    "payee",
    "amount",
    "task",
    "fund",
    "date",
    "contract",
    "event",
    "support",
    "holder",
)


class PaidAlike(Rule):
    """Hai khoản chi giống nhau trong một ngày, không ghi hóa đơn.

    Kiểm tra gì:
        Hai khoản chi khác chứng từ, không ghi hóa đơn, cùng ngày, cùng người nhận, cùng số tiền,
        cùng nhiệm vụ, cùng nguồn, và cùng hợp đồng, sự kiện, khoản hỗ trợ (hoặc cùng không ghi).

    Vì sao:
        Có thể là một khoản ghi hai lần; không có hóa đơn thì chỉ nêu để xem lại.

    Ví dụ sai:
        2021-11-20 * "Thù lao giảng viên"
          kind: "payment"
          voucher: "2021/UNC/61"
          beneficiary: "0100000001"
          Assets:DuToan:KhaDung:NV05:NSTP    -20 VND
          Expenses:NV05:NSTP:TM6758           20 VND
        2021-11-20 * "Thù lao giảng viên"
          kind: "payment"
          voucher: "2021/UNC/62"
          beneficiary: "0100000001"
          Assets:DuToan:KhaDung:NV05:NSTP    -20 VND
          Expenses:NV05:NSTP:TM6758           20 VND

    Cách sửa:
        Ghi hai lần thì ghi đỏ một; hai việc khác nhau thì ghi rõ từng việc:
          event: "LOP-01"
    """

    code = "DUP106"
    name = "duplicate.paid-alike"
    title = Text("Hai khoản chi giống nhau trong ngày", "Two payments alike on one day")
    severity = Severity.NOTE
    rests_on_law = False
    message = Text(
        "{payee} ngày {day}: nhận {amount} đồng theo nhiều chứng từ: {vouchers}",
        "{payee} on {day}: received {amount} VND by several vouchers: {vouchers}",
    )
    english = """What it checks:
    Two payments by different vouchers, without an invoice, on the same day, to the same payee, of
    the same amount, task and source, and of the same contract, event and support (or of none).

Why:
    It may be one payment recorded twice; without an invoice it is only noted.

How to put it right:
    Correct a doubled record; name the event or contract where the work differs.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a group of payments alike; the rest in bulk."""
        table = payments(facts)
        table = table[table["invoice"] == ""]
        left = len(table)
        for found in alike(facts, table, _SAME):
            left -= len(found.vouchers)
            first = found.first
            party = f"party {first.payee} {first.task}"
            payee, day = subject_name(party), day_name(first.date)
            values: Values = {"payee": payee, "day": day, "amount": int(first.amount)}
            yield asked(f"{party} {first.date:%Y-%m-%d}", found, values)
        yield from passed(left)
