"""DUP107: one invoice paid by two programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.text import Text, dong, split_list
from rules.assessment import Assessment, Verdict, passed
from rules.dup.naming import plain
from rules.nrm.costs import COST_FAMILIES
from rules.rows import evidence_of, in_order, known, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_NAMED: Final = ["book", "vendor", "contract", "invoice"]
_Key = tuple[str, str]  # seller, number


class PaidInTwoBooks(Rule):
    """Một hóa đơn được chi ở hai sổ, hai chương trình.

    Kiểm tra gì:
        Khi đưa nhiều sổ vào cùng lúc: cùng người bán và cùng số hóa đơn mà hai sổ cùng ghi chi thì
        đề nghị giải trình. Hóa đơn đã khai báo (``invoice``) thì DUP102 đối chiếu tổng tiền, nên
        không xét ở đây.

    Vì sao:
        Nội dung đã được một chương trình của nhà nước hỗ trợ thì chương trình khác không hỗ trợ
        nữa. Hai chương trình có thể chia nhau một hóa đơn, nên chỉ đề nghị giải trình.

    Ví dụ sai:
        (sổ CNHT)
        2021-10-20 * "Tư vấn hệ thống quản lý"
          kind: "payment"
          vendor: "0100000002"
          invoice: "1C21TAA/123"
          Expenses:NV05:NSTP:TM7799   500 VND
        (sổ khuyến công)
        2021-11-02 * "Tư vấn hệ thống quản lý"
          kind: "payment"
          vendor: "0100000002"
          invoice: "1C21TAA/0000123"
          Expenses:KC01:NSTP:TM7799   500 VND

    Cách sửa:
        Hỗ trợ trùng thì thu hồi ở một sổ. Chia nhau một hóa đơn thì khai báo hóa đơn ở cả hai sổ:
          2021-10-20 custom "invoice" "0100000002/1C21TAA/123"
            seller: "0100000002"
            buyer: "Sở Công Thương"
            total: 1000
    """

    code = "DUP107"
    name = "duplicate.paid-in-two-books"
    title = Text("Một hóa đơn chi ở hai chương trình", "One invoice paid by two programmes")
    severity = Severity.WARNING
    basis = ("tt29-cond-no-double",)
    message = Text(
        "{subject}: chi ở {count} sổ, tất cả {paid} đồng",
        "{subject}: paid in {count} books, {paid} VND in all",
    )
    english = """What it checks:
    Where several books are given together: an invoice of one seller that two of them pay is asked
    about. An invoice that is declared (``invoice``) is compared with its total by DUP102.

Why:
    What one state programme supported is not supported by another. Two programmes may share one
    invoice, so it is only asked about.

How to put it right:
    Take it back in one book; where they share the invoice, declare it in both.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment an invoice that several books pay; the rest in bulk."""
        postings = facts["postings"]
        rows = postings[(postings["invoice"] != "") & known(postings["family"], COST_FAMILIES)]
        named = rows[_NAMED].drop_duplicates()
        if named["book"].nunique() < 2:  # noqa: PLR2004  # nothing to compare
            if len(named):
                reason = Text("chỉ có một sổ", "there is one book only")
                yield Assessment("", Verdict.NOT_APPLICABLE, population=len(named), reason=reason)
            return
        places = _places(facts, named)
        paid = rows.groupby(_NAMED, observed=True)["amount"].sum()
        amounts = {
            tuple(map(str, cell)): int(amount)
            for cell, amount in zip(paid.index.tolist(), paid.tolist(), strict=True)
        }
        shared = {
            key: cells for key, cells in places.items() if len(_paying_books(cells, amounts)) > 1
        }
        for key, cells in sorted(shared.items()):
            yield _judged(key, cells, rows)
        yield from passed(len(places) - len(shared))


def _places(facts: Facts, named: pd.DataFrame) -> dict[_Key, set[tuple[str, ...]]]:
    """Where each invoice that is not declared is named: the cells of ``_NAMED``."""
    sellers = {(row.book, row.contract): row.vendor for row in records(facts["contracts"])}
    declared = {
        (plain(row.seller), _number(row.invoice.removeprefix(f"{row.seller}/")))
        for row in records(facts["invoices"])
    }
    places: dict[_Key, set[tuple[str, ...]]] = {}
    for row in records(named):
        seller = plain(row.vendor or sellers.get((row.book, row.contract), ""))
        for item in split_list(row.invoice):
            key = (seller, _number(item))
            if seller and key not in declared:
                places.setdefault(key, set()).add(tuple(str(cell) for cell in row))
    return places


def _paying_books(cells: set[tuple[str, ...]], amounts: dict[tuple[str, ...], int]) -> set[str]:
    """The books that paid; what was taken back whole is not paid."""
    sums: dict[str, int] = {}
    for cell in cells:
        sums[cell[0]] = sums.get(cell[0], 0) + amounts.get(cell, 0)
    return {book for book, amount in sums.items() if amount > 0}


def _number(invoice: str) -> str:
    """Symbol and number, without the zeros that people leave out before the number."""
    symbol, _, number = plain(invoice).rpartition("/")
    return f"{symbol}/{number.lstrip('0') or number}"


def _judged(key: _Key, cells: set[tuple[str, ...]], rows: pd.DataFrame) -> Assessment:
    chosen: Any = False
    for cell in cells:
        own: Any = True
        for column, value in zip(_NAMED, cell, strict=True):
            own &= rows[column] == value
        chosen |= own
    paid = in_order(rows[chosen])
    first = str(paid["book"].iloc[0])
    later = int(paid.loc[paid["book"] != first, "amount"].sum())
    seller, number = key
    return Assessment(
        f"invoice {seller}/{number}",
        Verdict.FAIL,
        first,
        decided_on=paid["date"].max().date(),
        at_issue=max(later, 0),
        values={"count": str(paid["book"].nunique()), "paid": dong(int(paid["amount"].sum()))},
        evidence=evidence_of(paid, max(later, 0)),
        review=True,
    )
