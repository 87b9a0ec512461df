"""What the year leaves behind: advances not settled, estimate cancelled and carried over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ledger.accounts import ADVANCE_FAMILIES, STATE_FUNDS
from ledger.advances import by_voucher
from ledger.kinds import Effect, kinds_that
from ledger.text import Text
from reports.settlement.declarations import code_of
from reports.settlement.desk import day
from reports.settlement.source import drawn_for_the_year_before
from reports.settlement.trails import grouped
from rules.rows import records

if TYPE_CHECKING:
    from reports.forms.grid import Record
    from reports.settlement.desk import Copy, Desk
    from reports.settlement.teller import Piece

_OF_AN_ADVANCE: Final = {
    "drawn": Text("đã tạm ứng", "drawn"),
    "settled": Text("đã thanh toán tạm ứng", "settled"),
    "returned": Text("đã nộp trả trong kỳ", "returned"),
    "carried": Text("chuyển năm sau", "carried over"),
    "later": Text("nộp trả, thu hồi sau chỉnh lý", "returned later"),
}
_ONE: Final = ["book", "of", "task", "fund"]  # by what an advance is one
# What is read of a posting of an advance, and shown of the one that drew it.
_SHOWN: Final = ["date", "narration", "holder", "vendor", "file", "line"]
_READ: Final = [
    *("book", "task", "fund", "entry", "posting", "place", "kind", "amount", "voucher", "advance"),
    *_SHOWN,
]
_RETURNS: Final = ("return-restoring", "return-to-budget", "recovery-from-next-year")
_ENDS: Final = {
    "cancelled": Text("hủy dự toán", "estimate cancelled"),
    "estimate": Text("chuyển dự toán sang năm sau", "estimate carried over"),
    "advance": Text("chuyển tạm ứng sang năm sau", "advances carried over"),
}
_ENDED: Final = Text("hủy, chuyển nguồn", "cancelled or carried over")
_OF_AN_END: Final = [
    *("book", "file", "line", "date", "unit", "task", "fund", "kind", "family"),
    *("narration", "decision", "ground"),
]


def advances(desk: Desk, _: Copy) -> list[Record]:
    """Advances not settled when the closing ended, and what became of them.

    An advance is known by its voucher; what settles or returns it names that voucher.
    """
    rows = _open_rows(_advance_rows(desk))
    groups = grouped(rows, _ONE)
    sums = {
        column: desk.pieces_of(words, rows, column, groups)
        for column, words in _OF_AN_ADVANCE.items()
    }
    firsts = rows.iloc[[numbers[0] for numbers in groups]][[*_ONE, *_SHOWN]]
    found = [
        {
            **_first_of(desk, first),
            **{column: desk.linked(pieces[number]) for column, pieces in sums.items()},
        }
        for number, first in enumerate(records(firsts))
    ]
    return sorted(found, key=lambda record: (str(record["date"]), str(record["voucher"])))


def _open_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of advances that are not settled, of each the earliest first."""
    rows = rows.sort_values(["date", "posting"], kind="stable").reset_index(drop=True)
    left = rows["drawn"] - rows["settled"] - rows["returned"]
    keys = [rows[name] for name in _ONE]
    still = left.groupby(keys).transform("sum") != 0
    # What was carried over of an advance that nobody named stands here too.
    return rows[still | (rows["carried"].groupby(keys).transform("sum") != 0)]


def _first_of(desk: Desk, first: Any) -> Record:  # noqa: ANN401  # a row of itertuples
    """What a list says of an advance: by the posting that drew it."""
    vendor = str(first.vendor)
    holder = str(first.holder) or desk.declarations.party(first.book, vendor) or vendor
    return {
        "voucher": first.of,
        "task": first.task,
        "fund": first.fund,
        "date": day(first.date),
        "label": str(first.narration),
        "holder": holder,
        "place": desk.places.of(first.book, first.file, first.line),
    }


def _advance_rows(desk: Desk) -> pd.DataFrame:
    """Postings of advances with the voucher of the advance and what each did to it, VND."""
    postings = desk.postings
    # Tax withheld from whom an advance pays is still in its cash, as with the treasury.
    own = postings[postings["held"].isin(ADVANCE_FAMILIES) & postings["fund"].isin(STATE_FUNDS)]
    own = own[_READ]
    books = [by_voucher(part) for _, part in own.groupby("book", observed=True)]
    own = pd.concat(books, ignore_index=True) if books else by_voucher(own)
    own = _named_by_the_only_one(own)
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


def _named_by_the_only_one(rows: pd.DataFrame) -> pd.DataFrame:
    """What is carried over without a voucher, of the one advance that it can be.

    What leaves the year is of the only advance of its task and fund that is open; what arrives is
    of the only one that is cleared without having been drawn.
    """
    line = ["book", "task", "fund"]
    named = rows[rows["of"] != ""]
    held = named.groupby([*line, "of"], observed=True)["amount"].sum().reset_index()
    only = {
        leaves: held[held["amount"] > 0 if leaves else held["amount"] < 0]
        .drop_duplicates(line, keep=False)
        .set_index(line)["of"]
        .to_dict()
        for leaves in (True, False)
    }
    unnamed = (rows["of"] == "") & (rows["kind"] == "carry-over")
    found = [
        only[amount < 0].get(tuple(key), "")
        for *key, amount in rows.loc[unnamed, [*line, "amount"]].itertuples(index=False)
    ]
    return rows.assign(of=rows["of"].mask(unnamed, pd.Series(found, rows.index[unnamed])))


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
    each = list(np.arange(len(rows)).reshape(-1, 1))
    sums = desk.pieces_of(_ENDED, rows, "gone", each)
    return [
        _closed(desk, row, piece)
        for row, piece in zip(records(rows[_OF_AN_END]), sums, strict=True)
    ]


def _closed(desk: Desk, row: Any, piece: Piece) -> Record:  # noqa: ANN401  # of itertuples
    """One posting that cancelled or carried over."""
    column = "cancelled"
    if row.kind == "carry-over":
        column = "advance" if row.family in ADVANCE_FAMILIES else "estimate"
    return {
        "date": day(row.date),
        "task": code_of(str(row.unit), str(row.task)),
        "fund": str(row.fund),
        "label": str(row.narration),
        "decision": str(row.decision),
        "ground": str(row.ground),
        **dict.fromkeys(_ENDS, 0),
        column: desk.linked(piece._replace(words=_ENDS[column])),
        "place": desk.places.of(row.book, row.file, row.line),
    }
