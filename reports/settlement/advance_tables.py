"""What the year leaves behind: advances not settled, estimate cancelled and carried over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ledger.accounts import ADVANCE_FAMILIES, STATE_FUNDS
from ledger.advances import by_voucher
from ledger.kinds import Effect, kinds_that
from ledger.text import Text
from reports.settlement.declarations import code_of
from reports.settlement.desk import day
from reports.settlement.source import drawn_for_the_year_before

if TYPE_CHECKING:
    from reports.forms.grid import Record
    from reports.settlement.desk import Copy, Desk

_OF_AN_ADVANCE: Final = {
    "drawn": Text("đã tạm ứng", "drawn"),
    "settled": Text("đã thanh toán tạm ứng", "settled"),
    "returned": Text("đã nộp trả trong kỳ", "returned"),
    "carried": Text("chuyển năm sau", "carried over"),
    "later": Text("nộp trả, thu hồi sau chỉnh lý", "returned later"),
}
_OF_A_MOVE: Final = ["file", "line", "date", "narration", "place"]
_RETURNS: Final = ("return-restoring", "return-to-budget", "recovery-from-next-year")
_ENDS: Final = {
    "cancelled": Text("hủy dự toán", "estimate cancelled"),
    "estimate": Text("chuyển dự toán sang năm sau", "estimate carried over"),
    "advance": Text("chuyển tạm ứng sang năm sau", "advances carried over"),
}


def advances(desk: Desk, _: Copy) -> list[Record]:
    """Advances not settled when the closing ended, and what became of them.

    An advance is known by its voucher; what settles or returns it names that voucher.
    """
    rows = _advance_rows(desk)
    by = ["book", "of", "task", "fund"]
    sums = rows.groupby(by, sort=True, as_index=False)[list(_OF_AN_ADVANCE)].sum()
    open_ = sums[sums["drawn"] != sums["settled"] + sums["returned"]]
    moves = rows[[*by, *_OF_AN_ADVANCE, *_OF_A_MOVE]].merge(open_[by], on=by)
    own = dict(iter(moves.groupby(by, sort=False)))
    firsts = rows.sort_values(["date", "posting"]).drop_duplicates(by).merge(open_[by], on=by)
    first = {tuple(row[by]): row for _, row in firsts.iterrows()}
    found: list[Record] = []
    for record in open_.to_dict("records"):
        key = tuple(record[column] for column in by)
        named = first[key]
        vendor = str(named["vendor"])
        name = desk.declarations.party(named["book"], vendor) or vendor
        found.append(
            {
                "voucher": record["of"],
                "task": record["task"],
                "fund": record["fund"],
                "date": day(named["date"]),
                "label": str(named["narration"]),
                "holder": str(named["holder"]) or name,
                **{
                    column: desk.sum_of(words, own[key], column)
                    for column, words in _OF_AN_ADVANCE.items()
                },
                "place": desk.place(named),
            }
        )
    return sorted(found, key=lambda record: (str(record["date"]), str(record["voucher"])))


def _advance_rows(desk: Desk) -> pd.DataFrame:
    """Postings of advances with the voucher of the advance and what each did to it, VND."""
    postings = desk.postings
    own = postings[postings["family"].isin(ADVANCE_FAMILIES) & postings["fund"].isin(STATE_FUNDS)]
    books = [by_voucher(part) for _, part in own.groupby("book", observed=True)]
    own = pd.concat(books, ignore_index=True) if books else by_voucher(own)
    kind, amounts = own["kind"], own["amount"]
    carried = (kind == "carry-over") & (amounts < 0)
    in_time = (own["date"] <= pd.Timestamp(desk.teller.source.period.closing)) & ~carried
    settled = kind == "advance-settlement"
    returned = kind.isin(_RETURNS) & ~drawn_for_the_year_before(own)
    parts = {
        "drawn": amounts.where(in_time & ~settled & ~returned, 0),
        "settled": -amounts.where(in_time & settled, 0),
        "returned": -amounts.where(in_time & returned, 0),
        "carried": -amounts.where(carried, 0),
        "later": -amounts.where(~in_time & ~carried, 0),
    }
    return own.astype({"book": "str", "task": "str", "fund": "str"}).assign(**parts)


def closing(desk: Desk, _: Copy) -> list[Record]:
    """What was cancelled and what was carried over to the next year, with its ground."""
    postings = desk.postings
    gone = postings["amount"] < 0
    rows = postings[
        postings["kind"].isin(kinds_that(Effect.ENDS))
        & gone
        & (postings["task"] != "")
        & postings["fund"].isin(STATE_FUNDS)
    ]
    rows = rows.sort_values(["date", "posting"]).assign(gone=-rows["amount"])
    return [_closed(desk, rows.iloc[[number]]) for number in range(len(rows))]


def _closed(desk: Desk, rows: pd.DataFrame) -> Record:
    """One posting that cancelled or carried over; a frame of one row."""
    row = rows.iloc[0]
    column = "cancelled"
    if row["kind"] == "carry-over":
        column = "advance" if row["family"] in ADVANCE_FAMILIES else "estimate"
    return {
        "date": day(row["date"]),
        "task": code_of(str(row["unit"]), str(row["task"])),
        "fund": str(row["fund"]),
        "label": str(row["narration"]),
        "decision": str(row["decision"]),
        "ground": str(row["ground"]),
        **dict.fromkeys(_ENDS, 0),
        column: desk.sum_of(_ENDS[column], rows, "gone"),
        "place": desk.place(row),
    }
