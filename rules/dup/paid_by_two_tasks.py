"""DUP107: one invoice paid by two tasks or two programmes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ledger.accounts import COST_FAMILIES
from ledger.text import Text, split_list
from rules.assessment import Assessment, Verdict, passed
from rules.dup.naming import bare_number, homes, invoice_number, placed
from rules.rows import evidence_of, in_order, known, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ledger.facts import Facts
    from rules.law import Law

_NAMED: Final = ["book", "task", "vendor", "contract", "invoice"]
_READ: Final = [*_NAMED, "file", "line", "date", "narration", "amount", "posting"]
_Key = tuple[str, str]  # seller, number
_Payer = tuple[str, str]  # book, task


class PaidByTwoTasks(Rule):
    """Một hóa đơn được chi ở hai nhiệm vụ, hai chương trình.

    Kiểm tra gì:
        Cùng người bán và cùng số hóa đơn mà hai nhiệm vụ cùng chi, trong một sổ hoặc trong các sổ
        đưa vào cùng lúc, thì đề nghị giải trình. Hóa đơn đã khai báo (``invoice``) thì DUP102 đối
        chiếu tổng tiền, nên không xét ở đây.

    Vì sao:
        Nội dung đã được một nguồn của nhà nước hỗ trợ thì nhiệm vụ, chương trình khác không hỗ trợ
        nữa. Hai nhiệm vụ có thể chia nhau một hóa đơn, nên chỉ đề nghị giải trình.

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
        Chi trùng thì thu hồi ở một nơi. Chia nhau một hóa đơn thì khai báo hóa đơn để đối chiếu
        tổng:
          2021-10-20 custom "invoice" "0100000002/1C21TAA/123"
            seller: "0100000002"
            buyer: "Sở Công Thương"
            total: 1000
    """

    code = "DUP107"
    name = "duplicate.paid-by-two-tasks"
    title = Text(
        "Một hóa đơn chi ở hai nhiệm vụ, hai sổ", "One invoice paid by two tasks or two books"
    )
    severity = Severity.WARNING
    basis = ("tt29-cond-no-double",)
    message = Text(
        "hóa đơn {numbers} của người bán {seller}: chi ở {tasks}, tất cả {paid} đồng",
        "invoice {numbers} of the seller {seller}: paid by {tasks}, {paid} VND in all",
    )
    english = """What it checks:
    An invoice of one seller that two tasks pay, in one book or in several given together, is asked
    about. An invoice that is declared (``invoice``) is compared with its total by DUP102.

Why:
    What one state source supported is not supported by another task or programme. Two tasks may
    share one invoice, so it is only asked about.

How to put it right:
    Take it back at one place; where they share the invoice, declare it.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an invoice that several tasks pay; the rest in bulk."""
        postings = facts["postings"]
        rows = postings.loc[
            (postings["invoice"] != "") & known(postings["family"], COST_FAMILIES), _READ
        ]
        numbers, suspect = _suspect(rows)
        rows = rows[suspect]
        places = _places(facts, rows[_NAMED].drop_duplicates())
        paid = rows.groupby(_NAMED, observed=True)["amount"].sum()
        amounts = {
            tuple(map(str, cell)): int(amount)
            for cell, amount in zip(paid.index.tolist(), paid.tolist(), strict=True)
        }
        shared = {key: cells for key, cells in places.items() if len(_payers(cells, amounts)) > 1}
        called = homes(facts)
        for key, cells in sorted(shared.items()):
            yield _judged(key, cells, rows, called)
        yield from passed(numbers - len(shared))


def _suspect(rows: pd.DataFrame) -> tuple[int, NDArray[np.bool_]]:
    """How many invoices are named, and the rows whose number several tasks name.

    The seller is looked at only where the number alone does not part the payers.
    """
    books, tasks, invoices = (rows[column].cat for column in ("book", "task", "invoice"))
    cells, many = invoices.codes.to_numpy(), len(tasks.categories)
    payers = books.codes.to_numpy().astype(np.int64) * many + tasks.codes.to_numpy()
    many *= max(len(books.categories), 1)
    written = list(invoices.categories)
    named: dict[str, set[int]] = defaultdict(set)
    cells_of: dict[str, set[int]] = defaultdict(set)
    for key in np.unique(cells.astype(np.int64) * many + payers).tolist():
        cell, payer = divmod(key, many)
        for number in _numbers(written[cell]):
            named[number].add(payer)
            cells_of[number].add(cell)
    wanted = {cell for number, own in named.items() if len(own) > 1 for cell in cells_of[number]}
    return len(named), np.isin(cells, sorted(wanted))


def _numbers(cell: str) -> list[str]:
    return [invoice_number(item) for item in split_list(cell)]


def _places(facts: Facts, named: pd.DataFrame) -> dict[_Key, set[tuple[str, ...]]]:
    """Where each invoice that is not declared is named: the cells of ``_NAMED``."""
    sellers = {(row.book, row.contract): row.vendor for row in records(facts["contracts"])}
    declared = {
        (bare_number(row.seller), invoice_number(row.invoice.removeprefix(f"{row.seller}/")))
        for row in records(facts["invoices"])
    }
    places: dict[_Key, set[tuple[str, ...]]] = {}
    for row in records(named):
        seller = bare_number(row.vendor or sellers.get((row.book, row.contract), ""))
        for item in split_list(row.invoice):
            key = (seller, invoice_number(item))
            if seller and key not in declared:
                places.setdefault(key, set()).add(tuple(str(cell) for cell in row))
    return places


def _payers(cells: set[tuple[str, ...]], amounts: dict[tuple[str, ...], int]) -> set[_Payer]:
    """The books and tasks that paid; what was taken back whole is not paid."""
    sums: dict[_Payer, int] = {}
    for cell in cells:
        payer = (cell[0], cell[1])
        sums[payer] = sums.get(payer, 0) + amounts.get(cell, 0)
    return {payer for payer, amount in sums.items() if amount > 0}


def _judged(
    key: _Key, cells: set[tuple[str, ...]], rows: pd.DataFrame, called: Mapping[str, str]
) -> Assessment:
    chosen: Any = False
    for cell in cells:
        own: Any = True
        for column, value in zip(_NAMED, cell, strict=True):
            own &= rows[column] == value
        chosen |= own
    paid = in_order(rows[chosen])
    book, task = str(paid["book"].iloc[0]), str(paid["task"].iloc[0])
    others = paid[(paid["book"] != book) | (paid["task"] != task)]
    later = max(int(others["amount"].sum()), 0)
    seller, number = key
    return Assessment(
        f"invoice {seller}/{number}",
        Verdict.FAIL,
        book,
        decided_on=paid["date"].max().date(),
        at_issue=later,
        values={
            "numbers": ", ".join(sorted(_written(cells, number))),
            "seller": seller,
            "tasks": placed(
                sorted((str(row.task), str(row.book)) for row in records(paid)), called
            ),
            "paid": int(paid["amount"].sum()),
        },
        evidence=evidence_of(others, later),
        review=True,
    )


def _written(cells: set[tuple[str, ...]], number: str) -> set[str]:
    """An invoice's number as the books write it."""
    place = _NAMED.index("invoice")
    items = {item for cell in cells for item in split_list(cell[place])}
    return {item for item in items if invoice_number(item) == number}
