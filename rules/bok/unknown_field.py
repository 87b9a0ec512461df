"""BOK208: a metadata field of a transaction that nobody reads."""

from __future__ import annotations

import difflib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ledger.metadata import KNOWN_FIELDS
from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import declared, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class UnknownField(Rule):
    """Trường của giao dịch không có trong danh mục.

    Kiểm tra gì:
        Trường ghi ở giao dịch và bút toán (``voucher``, ``activity`` …) là trường mà sổ dùng, hoặc
        là trường riêng của Beancount, Fava, chương trình nhập. Trường gần giống một trường đã có là
        lỗi gõ; trường khác hẳn thì chỉ đề nghị xem lại, vì có thể đơn vị ghi cho mình.

    Vì sao:
        Trường gõ nhầm không báo gì mà cũng không ai đọc: chứng từ, hợp đồng, nội dung chi ghi ở đó
        coi như không ghi.

    Ví dụ sai:
        vocher: "2021/UNC/57"

    Cách sửa:
        voucher: "2021/UNC/57"
    """

    code = "BOK208"
    name = "book.unknown-field"
    title = Text("Trường không có trong danh mục", "An unknown field")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "trường «{name}» không có trong danh mục: {advice}",
        "the field “{name}” is not in the list: {advice}",
    )
    english = """What it checks:
    Fields of transactions and postings (``voucher``, ``activity`` …) are fields that the book uses,
    or those of Beancount, Fava and importers. One much like a known field is a slip; any other is
    only asked about, since the unit may keep it for itself.

Why:
    A mistyped field is read by nobody: the voucher, contract or content that it gives counts as
    not given.

How to put it right:
    Write the field of the book.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an unknown field; the rest in bulk."""
        rows_of: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in records(facts["strange_fields"]):
            rows_of[str(row.book), str(row.key)].append(row)
        for book, key in sorted(rows_of):
            rows = rows_of[book, key]
            near = nearest_field(key)
            yield Assessment(
                f"field {key}",
                Verdict.FAIL,
                book,
                values={"name": key, "advice": _advice(near)},
                evidence=tuple(declared(row, key) for row in rows),
                review=near is None,
            )
        yield from passed(int(facts["postings"]["entry"].nunique()) - len(rows_of))


def nearest_field(key: str) -> str | None:
    """The field that was probably meant; None where the key is like none of ours."""
    plain = key.replace("_", "-").casefold()
    near = difflib.get_close_matches(plain, KNOWN_FIELDS, n=1, cutoff=0.8)
    return near[0] if near else None


def _advice(near: str | None) -> Text:
    if near is not None:
        return Text(f"có phải «{near}»?", f"is “{near}” meant?")
    known = ", ".join(sorted(KNOWN_FIELDS))
    return Text(
        f"nếu là ghi chú riêng thì viết thành chú thích sau dấu ; — các trường được dùng: {known}",
        f"write a remark of your own as a comment after ; — fields: {known}",
    )
