"""Contributions received in money and what became of them, by task (sử dụng tiền đóng góp)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from ledger.accounts import Family
from ledger.facts import Facts
from ledger.text import Text
from reports.forms.grid import Amount
from reports.settlement.declarations import code_of
from reports.settlement.desk import merged
from reports.settlement.trails import of_rows
from rules.ctr.contributions import contribution_rows, covered_by_interest, interest_of
from rules.rows import groups

if TYPE_CHECKING:
    from reports.forms.grid import Record
    from reports.settlement.desk import Copy, Desk
    from reports.settlement.teller import Piece

_TASK: Final = ("unit", "task")
_LINE: Final = ["unit", "task", "fund"]
_LEFT_BEFORE: Final = Text("đóng góp các năm trước còn lại", "left of earlier years")
_INTEREST: Final = Text("lãi tiền gửi đã nhận", "deposit interest received")

_Key = tuple[str, ...]


def contribution_use(desk: Desk, _: Copy) -> list[Record]:
    """Contributions received in money and what was spent of them, by task."""
    before = covered_so_far(desk.facts, desk.teller.source.period.budget_year - 1)
    columns = {
        "brought": _brought_forward(desk, before),
        "cash": desk.teller.sums("cash", _TASK),
        "given_back": desk.teller.sums("given.to.contributor", _TASK),
        "spent_dn": desk.teller.sums("spent", _TASK, fund="DN"),
        "spent_hd": desk.teller.sums("spent", _TASK, fund="HD"),
        "interest": _paid_from_interest(desk, before),
    }
    declared = desk.declarations
    found = {key for figures in columns.values() for key in figures if key[1]}
    ordered = sorted(found, key=lambda key: declared.rank(str(key[0]), str(key[1])))
    return [
        {"code": code_of(unit, task), "label": declared.titles.get(task, ""), **cells}
        for (unit, task), cells in merged(ordered, columns, Amount(0))
    ]


def _brought_forward(desk: Desk, covered: Counter[_Key]) -> dict[tuple[Any, ...], Amount]:
    """What was left of contributions when the year began, or when the book began in it."""
    year = desk.teller.source.period.budget_year
    rows = contribution_rows(desk.facts)
    interest = _interest(desk, year - 1)
    pieces = desk.teller.pieces("opened", _TASK)
    for key, own in groups(rows[rows["budget_year"] < year], list(_TASK)):
        left = of_rows(desk.teller.source, _LEFT_BEFORE, own, "left", desk.place)
        pieces.setdefault(key, []).append(left)
        if covered[key]:
            pieces[key].append(interest._replace(amount=covered[key]))
    return {
        key: Amount(amount, desk.teller.link(own, adds=not covered[key]))
        for key, own in pieces.items()
        if (amount := sum(piece.amount for piece in own))
    }


def _paid_from_interest(desk: Desk, before: Counter[_Key]) -> dict[tuple[Any, ...], Amount]:
    """What tasks spent in the year out of deposit interest."""
    year = desk.teller.source.period.budget_year
    covered = covered_so_far(desk.facts, year)
    covered.subtract(before)
    ground = _interest(desk, year)
    return {
        key: Amount(own, desk.teller.link([ground._replace(amount=own)], adds=False))
        for key, own in covered.items()
        if own
    }


def _interest(desk: Desk, until: int) -> Piece:
    """The interest of the deposit accounts up to a budget year."""
    postings = desk.facts["postings"]
    rows = postings[
        (postings["family"] == Family.OTHER_INCOME.value) & (postings["budget_year"] <= until)
    ]
    received = rows.assign(received=-rows["amount"])
    return of_rows(desk.teller.source, _INTEREST, received, "received", desk.place)


def covered_so_far(facts: Facts, until: int) -> Counter[_Key]:
    """What deposit interest made up for since the book began, VND by unit and task.

    Interest belongs to the account and to no task: it makes up for what one spent, fees of the
    account with it, beyond its contributions.

    Args:
        facts: of one or more books.
        until: the last budget year counted.
    """
    postings = facts["postings"]
    so_far = Facts({**facts.frames, "postings": postings[postings["budget_year"] <= until]})
    interest = interest_of(so_far)
    found: Counter[_Key] = Counter()
    for (book,), rows in groups(contribution_rows(so_far), ["book"]):
        covered = covered_by_interest(rows, interest.get(book, 0), _LINE)
        for (unit, task, _), own in covered.items():
            found[unit, task] += own.by_interest
    return found
