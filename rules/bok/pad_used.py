"""BOK302: a balance made to fit by ``pad``."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ledger.text import Text
from rules.assessment import Assessment, Evidence, Verdict, passed
from rules.rows import declared, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class PadUsed(Rule):
    """Sổ dùng lệnh pad để số dư tự khớp.

    Kiểm tra gì:
        Sổ không có lệnh ``pad``.

    Vì sao:
        ``pad`` tự tạo bút toán không có chứng từ cho vừa số dư. Số liệu của sổ được đọc không có
        những bút toán đó.

    Ví dụ sai:
        2021-06-29 pad Assets:TienGui:KB01 Income:Khac:LaiTienGui
        2021-06-30 balance Assets:TienGui:KB01   100 VND

    Cách sửa:
        Bỏ lệnh pad và ghi nghiệp vụ thật, có chứng từ:
          2021-06-28 * "Lãi tiền gửi"
            kind: "deposit-interest"
            voucher: "2021/BC/12"
            Assets:TienGui:KB01      1 VND
            Income:Khac:LaiTienGui  -1 VND
    """

    code = "BOK302"
    name = "book.pad"
    title = Text("Dùng lệnh pad", "A balance made to fit by pad")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "lệnh pad ngày {day} làm số dư {account} tự khớp mà không có chứng từ",
        "a pad on {day} makes the balance of {account} fit without any document",
    )
    english = """What it checks:
    The book has no ``pad``.

Why:
    ``pad`` makes up a posting without a document so that a balance fits. The figures of the book
    are read without such postings.

How to put it right:
    Drop it and book what really happened, with its document.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a pad; accounts without one in bulk."""
        places: dict[tuple[str, str, str], list[Evidence]] = defaultdict(list)
        for row in records(facts["pads"]):
            account, day = str(row.account), f"{row.date:%Y-%m-%d}"
            places[str(row.book), account, day].append(declared(row, f"pad {account}"))
        for (book, account, day), found in sorted(places.items()):
            year, month, number = day.split("-")
            yield Assessment(
                f"pad {account} {day}",
                Verdict.FAIL,
                book,
                values={"account": account, "day": f"{number}/{month}/{year}"},
                evidence=tuple(sorted(found)),
            )
        padded = {(book, account) for book, account, _ in places}
        yield from passed(len(facts["accounts"]) - len(padded))
