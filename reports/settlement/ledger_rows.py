"""The sheets of postings behind the figures (Dòng sổ)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.kinds import KINDS
from ledger.text import Language, Text
from reports.settlement.layout import Column, Page, money_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.settlement.figures import LedgerRow

NAME: Final = Text("Dòng sổ", "Ledger rows")
# A sheet holds 1,048,576 rows, the headings among them.
ROWS_PER_SHEET: Final = 1_048_576 - 1


def ledger_columns(rows: Sequence[LedgerRow]) -> tuple[Column, ...]:
    """The columns, as wide as the largest amount."""
    return (
        Column("date", Text("Ngày", "Date"), 11, "date"),
        Column("voucher", Text("Chứng từ", "Voucher"), 14),
        Column("kind", Text("Loại nghiệp vụ", "Kind"), 19),
        Column("narration", Text("Diễn giải", "Narration"), 54),
        Column("task", Text("Nhiệm vụ", "Task"), 10, "code"),
        Column("fund", Text("Nguồn", "Fund"), 8, "code"),
        Column("sub_item", Text("Tiểu mục", "Sub-item"), 10, "code"),
        Column("account", Text("Tài khoản", "Account"), 42),
        Column("amount", Text("Số tiền (đồng)", "Amount (VND)"), _amount_width(rows), "money"),
        Column("contract", Text("Hợp đồng", "Contract"), 17),
        Column(
            "party",
            Text("Nhà thầu, người thụ hưởng, người đóng góp", "Vendor, beneficiary or contributor"),
            15,
        ),
        Column("file", Text("Tệp", "File"), 22),
        Column("line", Text("Dòng", "Line"), 7, "number"),
    )


def sheets_of(rows: Sequence[LedgerRow]) -> Iterator[tuple[str, Sequence[LedgerRow]]]:
    """The rows of each sheet, with what is added to its name from the second on."""
    for number, first in enumerate(range(0, len(rows), ROWS_PER_SHEET), 1):
        yield (f" {number}" if number > 1 else ""), rows[first : first + ROWS_PER_SHEET]


def write_ledger(page: Page, rows: Sequence[LedgerRow], language: Language) -> None:
    """Fill one sheet."""
    kinds = {code: kind.label.to(language) for code, kind in KINDS.items()}
    first = page.header(frozen_columns=2)
    for row in rows:
        page.write({**row._asdict(), "kind": kinds.get(row.kind, row.kind)})
    page.filter_and_close(first)


def _amount_width(rows: Sequence[LedgerRow]) -> float:
    amounts = [row.amount for row in rows]
    return money_width([min(amounts, default=0), max(amounts, default=0)])
