"""The unit's books of the estimate, of commitments and of draws (sổ S101-H)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ledger.accounts import Family
from ledger.kinds import Effect, kinds_that
from ledger.text import Text
from ledger.treasury import SPENDING_SUMS
from reports.forms.grid import CellFigure
from reports.forms.rounding import Unit, rounded
from reports.settlement.classes import item_words, kind_and_item
from reports.settlement.desk import (
    NO_FIGURE,
    PARTS,
    Copy,
    Desk,
    Figures,
    day,
    funds_of,
    merged,
)
from reports.settlement.periods import QUARTERS, quarter_of
from reports.settlement.teller import Teller

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from reports.forms.grid import Amount, Record

_PART_LABELS: Final = {"tc": "Kinh phí giao tự chủ", "ktc": "Kinh phí không giao tự chủ"}


_Rows = dict[tuple[Any, ...], dict[str, CellFigure]]


def drawings(desk: Desk, copy: Copy) -> list[Record]:
    """Book S101-H part III: what was drawn of the estimate, by the classification."""
    keys = ("autonomy", "kind_item", "sub_item", "programme_code")
    funds = funds_of(copy)
    names = {
        "opening": "b01.opening_received",
        "drawn": "advance.drawn",
        "settled": "advance.settled",
        "given_back": "advance.returned",
        "direct": "spent.direct",
        "returned": "spent.returned",
    }

    def by(names: str | Sequence[str], less: Sequence[str] = ()) -> Figures:
        return desk.teller.by(names, keys, less, fund=funds)

    columns = {column: by(name) for column, name in names.items()}
    # An advance is settled by spending of other sub-items than the one that it was drawn under.
    columns["moved"] = by("spent.settled", ("advance.settled",))
    named = sorted({key for found in columns.values() for key in found})
    named.sort(key=lambda key: (not key[0], key[1:]))
    rows = dict(merged(named, columns, NO_FIGURE))
    if desk.teller.unit is not Unit.DONG:
        _agree_with_others(desk.teller, keys, funds, rows)
    return [
        {
            "part": PARTS[autonomy],
            "part_label": _PART_LABELS[PARTS[autonomy]],
            "khoan": kind_and_item(kind_item)[1] or "…",
            "programme_code": programme,
            **item_words(desk, sub_item),
            **cells,
        }
        for (autonomy, kind_item, sub_item, programme), cells in rows.items()
    ]


# What sums of the form must come to, as 02a and B01 print it.
_PROPOSED: Final = {"settled": 1, "direct": 1, "returned": -1, "moved": 1}
_LEFT: Final = {"opening": 1, "drawn": 1, "settled": -1, "given_back": -1}


def _agree_with_others(
    teller: Teller, keys: tuple[str, ...], funds: Sequence[str], rows: _Rows
) -> None:
    """Let what sums of rounded figures come to be what 02a and B01 print, rounded by itself."""
    proposed, left = (
        teller.amounts(SPENDING_SUMS[name], keys, fund=funds)
        for name in ("spent_total", "advance_balance")
    )
    for key, cells in rows.items():
        _agree(cells, _PROPOSED, proposed.get(key, 0), kept="moved")
        _agree(cells, _LEFT, left.get(key, 0), kept="settled")


def _agree(cells: dict[str, CellFigure], signs: Mapping[str, int], wanted: int, kept: str) -> None:
    """Let a sum of rounded figures come to its own rounded figure, where it is a unit or two off.

    The largest figure takes the difference, for which it matters least; ``kept``, which another
    sum holds to, takes it only where all others are 0. More than rounding leaves is a difference
    of the book, which a check tells.
    """
    gap = wanted - sum(sign * cells[name].value for name, sign in signs.items())
    if not gap or abs(gap) > len(signs):
        return
    free = [name for name in signs if name != kept and cells[name].value] or [kept]
    largest = max(free, key=lambda name: abs(cells[name].value))
    cell = cells[largest]
    cells[largest] = cell._replace(value=cell.value + signs[largest] * gap)


_OF_AN_ENTRY: Final = ["step", "entry", "kind_item", "part"]
_OF_A_LINE: Final = [*_OF_AN_ENTRY, "unit", "task", "fund"]
_OF_TWO_YEARS: Final = frozenset({"opening", "carried"})  # steps that may bring a commitment on
_MOVED: Final = Text("dự toán", "estimate")
_COMMITTED: Final = Text("dự toán đã cam kết chi", "estimate committed")
_OF_COMMITMENTS: Final = {
    "committed": Text("đã cam kết chi", "committed"),
    "paid": Text("đã thanh toán theo cam kết", "paid out of the commitment"),
    "released": Text("giải phóng cam kết chi", "commitment released"),
    "closed": Text("hủy, chuyển năm sau", "cancelled or carried over"),
}
_OF_A_MOVE: Final = ["of", "place", "book", "file", "line", "date", "narration"]
_BY_ITEM: Final = ("autonomy", "kind_item")
_OPENED, _GIVEN = ("opening.estimate",), ("given", "changed")
# What the steps of the book come to, as 01a and B01 print it.
_OF_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "opening": _OPENED,
    "given": _GIVEN,
    "carried": ("b01.carried_estimate",),
}
# Which postings are rows of a step. They are those of the sums, so that what raises or cuts the
# estimate there, whatever its kind, stands here too.
_ROWS_OF_STEPS: Final[dict[str, tuple[str, ...]]] = {**_OF_STEPS, "cancelled": ("cancelled",)}
_IN_THE_CLOSING: Final = "thời gian chỉnh lý quyết toán"
# What is left of the estimate: figures that add to it, and those that it is less by.
_LEFT_OF_ESTIMATE: Final[tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]] = (
    (
        "Dự toán năm trước chuyển sang và giao trong năm",
        (*_OPENED, *_GIVEN),
        (),
    ),
    ("Đã rút tạm ứng, thực chi (đã trừ số nộp phục hồi, nộp giảm tạm ứng)", (), ("drawn",)),
    ("Dư cam kết chi", (), ("committed.left",)),
    ("Dự toán bị giữ lại", (), ("withheld.left",)),
)


def estimate_entries(desk: Desk, copy: Copy) -> list[Record]:
    """Book S101-H part I: what gave, moved and ended the estimate, by transaction and khoản."""
    records: list[Record] = []
    amounts: dict[tuple[Any, ...], Amount] = {}
    groups = _moves(desk, copy).groupby(_OF_AN_ENTRY, sort=False, observed=True)
    for number, (_, own) in enumerate(groups):
        record, amount = _entry(desk, own)
        records.append(record)
        kind_item = str(own["kind_item"].iloc[0])
        amounts[record["step"], record["part"], kind_item, number] = amount
    shares = _shared_out(desk, copy, {path: amount.vnd for path, amount in amounts.items()})
    for path, share in shares.items():
        records[path[-1]]["amount"] = CellFigure(share, amounts[path].link)
    return sorted(records, key=lambda one: (_part_order(one), str(one["date"]), str(one["place"])))


def _moves(desk: Desk, copy: Copy) -> pd.DataFrame:
    """The postings of each step: ``step``, ``shown``, and the codes that other forms part them by.

    A red entry that only frees what a task had set aside gives it nothing, and is none of them.
    """
    source, funds = desk.teller.source, funds_of(copy)
    found = []
    for step, names in _ROWS_OF_STEPS.items():
        for name in names:
            own = source.rows(name, fund=funds)
            found.append(own.assign(step=step, shown=own["amount"] * source.sign(name)))
    rows = pd.concat(found)
    codes = source.blocks.loc[rows["block"], ["kind_item", "autonomy"]].set_index(rows.index)
    rows = rows.assign(kind_item=codes["kind_item"], part=codes["autonomy"].map(PARTS))
    return rows[rows.groupby(_OF_A_LINE, observed=True)["shown"].transform("sum") != 0]


def _entry(desk: Desk, rows: pd.DataFrame) -> tuple[Record, Amount]:
    """What a transaction did to the estimate of one khoản, and by how much."""
    first, year = rows.iloc[0], desk.teller.source.period.budget_year
    step = str(first["step"])
    committed = rows[rows["family"] == Family.COMMITTED.value]
    record: Record = {
        **_of_part(str(first["part"])),
        "step": step,
        "quarter": _quarter(day(first["date"]), year) if step == "given" else "",
        "date": day(first["date"]),
        "decision": str(first["decision"]),
        "decision_date": day(first["decision_date"]),
        "label": str(first["narration"]),
        "khoan": kind_and_item(str(first["kind_item"]))[1] or "…",
        "committed": desk.sum_of(_COMMITTED, committed, "shown") if step in _OF_TWO_YEARS else None,
        "place": desk.place(first),
    }
    return record, desk.sum_of(_MOVED, rows, "shown")


def _of_part(part: str) -> Record:
    return {"part": part, "part_label": _PART_LABELS[part]}


def _part_order(record: Record) -> int:
    """Money under autonomy first, as the other books and forms have it."""
    return list(_PART_LABELS).index(str(record["part"]))


def _quarter(on: dt.date, budget_year: int) -> str:
    """The quarter in whose total a decision stands; one before the year is of its beginning."""
    if on.year > budget_year:
        return _IN_THE_CLOSING
    return f"quý {QUARTERS[quarter_of(on) - 1 if on.year == budget_year else 0]}"


def _shared_out(
    desk: Desk, copy: Copy, amounts: Mapping[tuple[Any, ...], int]
) -> dict[tuple[Any, ...], int]:
    """Amounts of entries in the unit of the set, which come to what other forms print of a step.

    Args:
        desk: the figures.
        copy: of the book.
        amounts: VND by step, part, loại-khoản and number.
    """
    shares, exact = rounded(amounts, desk.teller.unit.size), Teller(desk.teller.source, Unit.DONG)
    paths: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for path in amounts:
        paths[path[:-1]].append(path)
    for step, names in _OF_STEPS.items():
        told, in_vnd = (
            teller.amounts(names, _BY_ITEM, fund=funds_of(copy)) for teller in (desk.teller, exact)
        )
        for (autonomy, kind_item), wanted in told.items():
            own = paths[step, PARTS[autonomy], kind_item]
            # Where the book itself differs from the form, a check says so: nothing is smoothed.
            if own and in_vnd[autonomy, kind_item] == sum(amounts[path] for path in own):
                largest = max(own, key=lambda path: abs(amounts[path]))
                shares[largest] += wanted - sum(shares[path] for path in own)
    return shares


def estimate_balance(desk: Desk, copy: Copy) -> list[Record]:
    """The same with what is left to be drawn, and the sum that it comes from."""
    found = [
        ((autonomy, kind_item), label, cell)
        for label, added, less in _LEFT_OF_ESTIMATE
        for (autonomy, kind_item), cell in desk.teller.by(
            added, _BY_ITEM, less, fund=funds_of(copy)
        ).items()
    ]
    left: list[Record] = [
        {
            **_of_part(PARTS[autonomy]),
            "step": "left",
            "quarter": "",
            "label": label,
            "khoan": kind_and_item(kind_item)[1] or "…",
            "amount": cell,
        }
        for (autonomy, kind_item), label, cell in sorted(found, key=lambda one: one[0])
    ]
    return sorted([*estimate_entries(desk, copy), *left], key=_part_order)


_RELEASE: Final = "commitment-release"


def commitments(desk: Desk, copy: Copy) -> list[Record]:
    """Book S101-H part II: what was committed with the treasury, by commitment and contract.

    A drawing names its contract and seldom the commitment, so rows are by contract where one is
    named.
    """
    postings = desk.postings
    rows = postings[
        (postings["family"] == Family.COMMITTED.value) & postings["fund"].isin(funds_of(copy))
    ]
    contract, commitment = rows["contract"].astype(str), rows["commitment"].astype(str)
    amounts, kind = rows["amount"], rows["kind"]
    released = kind == _RELEASE
    arrived = (kind == "carry-over") & (amounts > 0)
    made = (kind.isin(kinds_that(Effect.COMMITS)) & ~released) | arrived
    ended = kind.isin(kinds_that(Effect.ENDS)) & ~arrived
    own = rows.assign(
        of=contract.where(contract != "", commitment),
        committed=amounts.where(made, 0),
        paid=-amounts.where(~made & ~ended & ~released, 0),
        released=-amounts.where(released, 0),
        closed=-amounts.where(ended, 0),
    )
    pairs = own.assign(name=commitment).drop_duplicates(["of", "name"]).sort_values("name")
    names = pairs[pairs["name"] != ""].groupby("of")["name"].agg("; ".join).to_dict()
    firsts = own.sort_values(["date", "posting"]).drop_duplicates("of").set_index("of")
    narrations = firsts["narration"].astype(str).to_dict()
    dates = firsts["date"].dt.date.to_dict()
    records: list[Record] = [
        {
            "commitment": names.get(name, ""),
            "date": dates[name],
            "label": narrations[name],
            "contract": str(name),
            **{c: desk.sum_of(words, moves, c) for c, words in _OF_COMMITMENTS.items()},
        }
        for name, moves in own[[*_OF_A_MOVE, *_OF_COMMITMENTS]].groupby("of", sort=True)
    ]
    return sorted(records, key=lambda record: (str(record["date"]), str(record["contract"])))
