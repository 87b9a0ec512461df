"""The rows of forms that list the book by the budget's classification."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from ledger.treasury import ESTIMATE_SUMS, SPENDING_SUMS
from reports.forms.grid import Amount, CellFigure, Record
from reports.forms.rounding import rounded
from reports.settlement.classes import item_words, kind_and_item
from reports.settlement.declarations import unit_names
from reports.settlement.desk import (
    NO_FIGURE,
    PARTS,
    Copy,
    Desk,
    funds_of,
    merged,
)
from reports.settlement.source import under_autonomy
from rules.budget_codes import item_of
from rules.stl.carried_above_supplement import supplement_day, supplement_grounds

if TYPE_CHECKING:
    from collections.abc import Sequence

_NO_CODE: Final = "00000"  # the treasury's code of no programme


def items(desk: Desk, copy: Copy) -> list[Record]:
    """Spending proposed for settlement by autonomy, loại, khoản, mục and tiểu mục."""
    keys = ("autonomy", "kind_item", "sub_item")
    found = desk.teller.by("b01.proposed", keys, **copy.where)
    records: list[Record] = []
    for autonomy, kind_item, sub_item in sorted(found):
        kind, item = kind_and_item(kind_item)
        records.append(
            {
                "part": PARTS[autonomy],
                "loai_of": kind,
                "loai_khoan": kind_item,
                "loai_shown": kind or "…",
                "khoan_shown": item or "…",
                "domestic": found[autonomy, kind_item, sub_item],
                **item_words(desk, sub_item),
            }
        )
    return records


def programme_items(desk: Desk, copy: Copy) -> list[Record]:
    """Spending of one programme by the classification, this year and since its beginning."""
    keys = ("kind_item", "sub_item")
    year = desk.teller.by("b01.proposed", keys, **copy.where)
    earlier = _earlier_spending(desk, keys, copy)
    years = (desk.teller.source, *desk.earlier())
    pieces = desk.teller.by_years("b01.proposed", keys, years, **copy.where)
    records: list[Record] = []
    for kind_item, sub_item in sorted({*year, *earlier}):
        kind, item = kind_and_item(kind_item)
        now = year.get((kind_item, sub_item), CellFigure(0))
        since = now.value + earlier.get((kind_item, sub_item), 0)
        records.append(
            {
                "loai_of": kind,
                "loai_khoan": kind_item,
                "loai_shown": kind or "…",
                "khoan_shown": item or "…",
                "domestic": now,
                "ldomestic": CellFigure(since, desk.teller.link(pieces[kind_item, sub_item])),
                **item_words(desk, sub_item),
            }
        )
    return records


def _earlier_spending(desk: Desk, keys: tuple[str, str], copy: Copy) -> dict[tuple[Any, ...], int]:
    """What the book shows of earlier budget years, by the same keys, in units of the set."""
    found: dict[tuple[Any, ...], int] = defaultdict(int)
    for source in desk.earlier():
        for (kind_item, sub), figure in source.by("b01.proposed", keys, **copy.where).items():
            found[kind_item, item_of(sub), sub] += figure.amount
    shares = rounded(found, desk.teller.unit.size)
    return {(kind_item, sub): share for (kind_item, _, sub), share in shares.items()}


# The columns of 01a and 02a as the layouts name them; sums of columns are formulas there.
_ESTIMATE_COLUMNS: Final = {
    "opening": "brought_forward",
    "first": "allotted",
    "adjusted_now": "adjusted",
    "adjusted": "adjusted_total",
    "drawn_now": "used",
    "drawn": "used_total",
    "committed_now": "committed",
    "committed": "committed_balance",
    "withheld": "withheld",
}
_SPENDING_COLUMNS: Final = {
    "advance_now": "advance",
    "advance": "advance_balance",
    "spent_now": "spent",
    "spent": "spent_total",
}


def treasury_estimate(desk: Desk, copy: Copy) -> list[Record]:
    """Form 01a: the estimate by source, khoản and programme code."""
    keys = ("source_code", "kind_item", "programme_code")
    columns = {
        column: desk.teller.by(ESTIMATE_SUMS[figure], keys, **copy.where)
        for column, figure in _ESTIMATE_COLUMNS.items()
    }
    named = sorted({key for found in columns.values() for key in found})
    return [
        {
            "source_code": source,
            "khoan": kind_and_item(kind_item)[1],
            "khoan_shown": kind_and_item(kind_item)[1] or "…",
            "source_khoan": f"{source}|{kind_item}",
            "programme_code": programme or _NO_CODE,
            **cells,
        }
        for (source, kind_item, programme), cells in merged(named, columns, NO_FIGURE)
    ]


def treasury_use(desk: Desk, copy: Copy) -> list[Record]:
    """Form 02a: advances and spending by source, khoản, tiểu mục and programme code."""
    keys = ("source_code", "kind_item", "sub_item", "programme_code")
    columns = {
        column: desk.teller.by(SPENDING_SUMS[figure], keys, **copy.where)
        for column, figure in _SPENDING_COLUMNS.items()
    }
    named = sorted({key for found in columns.values() for key in found})
    return [
        {
            "source_code": source,
            "khoan": kind_and_item(kind_item)[1],
            "programme_code": programme or _NO_CODE,
            **item_words(desk, sub_item),
            **cells,
        }
        for (source, kind_item, sub_item, programme), cells in merged(named, columns, NO_FIGURE)
    ]


def carried_tasks(desk: Desk, copy: Copy) -> list[Record]:
    """Form 04: the tasks of which something is carried over to the next year, unit by unit."""
    keys = ("book", "unit", "task", "source_code", "kind_item", "programme_code", "autonomy")
    funds = funds_of(copy)
    ends = ("b01.carried_received", "b01.carried_estimate")
    found = [desk.teller.source.by(name, keys, fund=funds) for name in ends]
    carried = sorted({key for figures in found for key in figures})
    names = {
        "opening": ("b01.opening_estimate", "b01.opening_received"),
        "first": ("allotted",),
        "adjusted": ("adjusted",),
        "used": ESTIMATE_SUMS["used_total"],
        "cancelled": ("cancelled",),
        "advance": ("b01.carried_received",),
    }
    columns = {
        column: desk.teller.sums(parts, keys, carried, fund=funds)
        for column, parts in names.items()
    }
    declared, grounds, units = desk.declarations, _grounds(desk, funds), unit_names(desk.facts)
    records: list[Record] = [
        {
            "block": "2" if programme else "1",
            "under": _carried_under(
                desk, programme, grounds.get((book, task, bool(autonomy)), ()), autonomy=autonomy
            ),
            "label": f"{units[book]} – " * (len(units) > 1) + declared.label(unit, task),
            "source_code": source,
            "kind_item": kind_item or "…",
            **cells,
        }
        for (book, unit, task, source, kind_item, programme, autonomy), cells in merged(
            carried, columns, Amount(0)
        )
    ]
    return sorted(records, key=lambda record: (str(record["block"]), str(record["under"])))


def _carried_under(desk: Desk, programme: str, grounds: Sequence[str], *, autonomy: bool) -> str:
    """The line of the form below which a task stands, by what lets it be carried over.

    One that is carried for several reasons is no supplement of the year's end alone.
    """
    if programme:
        return f"Chương trình, dự án {programme}"
    if autonomy:
        return "a) Kinh phí giao tự chủ"
    year = desk.teller.source.period.budget_year
    supplements = supplement_grounds(desk.law, year) or ()
    if grounds and set(grounds) <= set(supplements):
        late = supplement_day(desk.law, year)
        after = f" sau ngày {late.day}/{late.month}" if late else " cuối năm"
        return f"b) Dự toán bổ sung{after}"
    return f"c) Khác (điểm {', '.join(grounds) or '…'} của căn cứ chuyển nguồn)"


def _grounds(desk: Desk, funds: Sequence[str]) -> dict[tuple[str, str, bool], list[str]]:
    """The grounds on which each task of a book carries something over, by autonomy."""
    rows = desk.postings
    rows = rows[(rows["kind"] == "carry-over") & (rows["amount"] < 0) & (rows["task"] != "")]
    rows = rows[rows["fund"].isin(funds)].astype({"book": "str", "task": "str", "ground": "str"})
    year = desk.teller.source.period.budget_year
    rows = rows.assign(under=under_autonomy(desk.facts, rows, year))
    return {
        (str(book), str(task), bool(under)): sorted(filter(None, set(found)))
        for (book, task, under), found in rows.groupby(["book", "task", "under"])["ground"]
    }
