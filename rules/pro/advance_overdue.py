"""PRO403: an advance without a contract, or under a small one, not settled in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ledger.accounts import ADVANCE_FAMILIES, STATE_FUNDS
from ledger.text import Text, day_name, split_list
from rules.assessment import Assessment, Verdict, not_concerned, passed
from rules.pro.contracts import NOT_IN_FORCE, contracts, places_of
from rules.pro.timeline import Timeline
from rules.rows import evidence_by, records, transaction_name
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

    Numbers = np.ndarray[Any, Any]

_NORMS: Final = ("advance-settle-2020", "advance-settle-2024")
_CLOSING: Final = ("nsnn83-closing", "nsnn89-closing")
# Cash paid out of an advance is not settled until the Treasury accepts it.
_LINE: Final = ["book", "unit", "task", "fund"]
_READ: Final = [
    *_LINE,
    "file",
    "line",
    "posting",
    "date",
    "narration",
    "kind",
    "amount",
    "voucher",
    "advance",
    "contract",
    "budget_year",
]
_ANY_VALUE: Final = np.iinfo(np.int64).max  # of a contract that is not declared
_SENT: Final = Text(
    "tạm ứng theo hợp đồng phải gửi Kho bạc",
    "an advance under a contract that is sent to the Treasury",
)
_NOT_DUE: Final = Text(
    "chưa hết hạn, hoặc hạn rơi vào lúc hết chỉnh lý: theo quy định cuối năm",
    "not due yet, or due at the end of the closing: the rules of the year's end apply",
)


class AdvanceOverdue(Rule):
    """Tạm ứng không có hợp đồng quá hạn thanh toán.

    Kiểm tra gì:
        Mỗi lần tạm ứng ngân sách không theo hợp đồng, hoặc theo hợp đồng không quá 50 triệu đồng,
        được thanh toán với Kho bạc hoặc nộp trả chậm nhất ngày cuối cùng của tháng kế tiếp. Lần
        thanh toán, nộp trả ghi chứng từ tạm ứng ở ``advance``; tiền đã chi mà Kho bạc chưa chấp
        nhận (``Assets:ChoThanhToan``) là chưa thanh toán. Tạm ứng có hạn rơi vào hoặc sau ngày
        hết chỉnh lý của niên độ thì theo quy định cuối năm, không xét ở đây.

    Vì sao:
        Tạm ứng để lâu là tiền ngân sách nằm ngoài kiểm soát.

    Ví dụ sai:
        2021-05-03 * "Rút tạm ứng, đến hết tháng 6 chưa thanh toán"
          kind: "advance"
          voucher: "2021/RDT/01"
          holder: "thủ quỹ"
          Assets:DuToan:KhaDung:NV05:NSTP  -60 VND
          Assets:TamUng:NV05:NSTP:TM6699    60 VND

    Cách sửa:
        Ghi lần thanh toán đúng hạn, có chứng từ tạm ứng:
          2021-06-28 * "Thanh toán tạm ứng"
            kind: "advance-settlement"
            advance: "2021/RDT/01"
            Assets:TamUng:NV05:NSTP:TM6699  -60 VND
            Expenses:NV05:NSTP:TM6651        60 VND
    """

    code = "PRO403"
    name = "advance.overdue"
    title = Text("Tạm ứng quá hạn thanh toán", "Advance not settled in time")
    severity = Severity.ERROR
    chosen = _NORMS
    message = Text(
        "{subject}: tạm ứng ngày {drawn} còn {left} đồng chưa thanh toán khi hết hạn ngày {day}",
        "{subject}: advanced on {drawn}, {left} VND not settled at the end of {day}",
    )
    english = """What it checks:
    Each advance of budget money without a contract, or under one of at most 50 million, is settled
    with the Treasury or paid back by the last day of the next month. A settlement or return names
    the advance's voucher in ``advance``; money paid out that the Treasury has not accepted
    (``Assets:ChoThanhToan``) is not settled. An advance whose deadline falls on or after the end of
    the closing period follows the rules of the year's end and is not judged here.

Why:
    An advance that stays out is budget money out of control.

How to put it right:
    Record the settlement with the voucher of the advance.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an advance."""
        postings = facts["postings"]
        outstanding = postings["family"].isin(ADVANCE_FAMILIES) & postings["fund"].isin(STATE_FUNDS)
        rows = postings.loc[outstanding, _READ]
        rows = rows.assign(line_of=rows.groupby(_LINE, observed=True).ngroup())
        drawn = _named(rows[(rows["kind"] == "advance") & (rows["amount"] > 0)])
        if drawn.empty:
            return
        timeline = Timeline(law, _NORMS)
        advances = _advances(drawn, timeline)
        positions = advances["position"].to_numpy()
        known = timeline.known(positions)
        sent = known & _sent(advances, contracts(facts), timeline)
        due = _due(advances, law, as_of)
        judged = advances[known & ~sent & due]
        left = np.minimum(judged["amount"] + _settled(judged, rows), _balance_of_line(judged, rows))
        late = judged.assign(left=left)[left > 0]
        yield from passed(len(judged) - len(late))
        yield from not_concerned(int(sent.sum()), _SENT)
        yield from not_concerned(int((known & ~sent & ~due).sum()), _NOT_DUE)
        for advance in records(advances[~known]):
            yield Assessment(advance.name, Verdict.UNKNOWN, advance.book, reason=NOT_IN_FORCE)
        yield from _failed(late, drawn, timeline)


def _named(drawn: pd.DataFrame) -> pd.DataFrame:
    """The postings that drew advances, with ``name``: what the transaction is called."""
    names = [transaction_name(row) for row in records(drawn)]
    drawn = drawn.assign(name=pd.Series(names, drawn.index, "str"))
    number = drawn.groupby(["book", "name"], observed=True, sort=False).ngroup()
    return drawn.assign(number=number)


def _advances(drawn: pd.DataFrame, timeline: Timeline) -> pd.DataFrame:
    """One row an advance, by ``number``: its amount, last day, period of the law and deadline."""
    by_number = drawn.groupby("number")
    first = drawn.drop_duplicates("number").set_index("number")
    last = by_number["date"].max()
    position = timeline.positions(last)
    months = timeline.figures(position, lambda now: now.whole("count"))
    month = last.to_numpy().astype("datetime64[M]") + months + 1
    deadline = month.astype("datetime64[D]") - np.timedelta64(1, "D")
    return first.assign(
        amount=by_number["amount"].sum(),
        date=last,
        position=position,
        deadline=deadline.astype("datetime64[s]"),
    ).reset_index()


def _sent(advances: pd.DataFrame, known: pd.DataFrame, timeline: Timeline) -> Numbers:
    """Whether an advance is under a contract that is sent to the Treasury, or not declared."""
    place = places_of(advances, "contract", known)
    least = timeline.figures(advances["position"].to_numpy(), lambda now: now.whole("threshold"))
    value = np.append(known["value"].to_numpy(dtype=np.int64), _ANY_VALUE)[place]
    sent: Numbers = (advances["contract"] != "").to_numpy() & (value > least)
    return sent


def _due(advances: pd.DataFrame, law: Law, as_of: dt.date) -> Numbers:
    """Whether the deadline is over, and lies before the end of the closing of the budget year."""
    years = {year: _closing(law, int(year)) for year in advances["budget_year"].unique()}
    closing = pd.to_datetime(advances["budget_year"].map(years))
    deadline = advances["deadline"]
    due = (deadline < pd.Timestamp(as_of)) & (closing.isna() | (deadline < closing))
    return due.to_numpy()


def _closing(law: Law, year: int) -> dt.date | None:
    days = (law.date(norm, year) for norm in _CLOSING if norm in law.norms)
    return next((day for day in days if day is not None), None)


def _settled(advances: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """What the settlements and returns that name an advance's voucher moved by its deadline."""
    rows = rows[rows["advance"] != ""]
    cells = pd.DataFrame({"advance": rows["advance"].unique()})
    lists = pd.Series([split_list(str(cell)) for cell in cells["advance"]], dtype="object")
    cells = cells.assign(voucher=lists).explode("voucher")
    named = rows[["book", "advance", "date", "amount"]].merge(cells)
    numbered = advances.loc[advances["voucher"] != "", ["book", "voucher", "number", "deadline"]]
    texts = {"book": "str", "voucher": "str"}
    moved = numbered.astype(texts).merge(named.astype(texts), on=["book", "voucher"])
    in_time = moved[moved["date"] <= moved["deadline"]]
    sums = in_time.groupby("number")["amount"].sum()
    return advances["number"].map(sums).fillna(0).astype("int64")


def _balance_of_line(advances: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """What is outstanding of the task and fund at each deadline.

    A settlement that names no voucher still lowers it.
    """
    days = rows.groupby(["line_of", "date"])[["amount"]].sum().reset_index()
    days["balance"] = days.groupby("line_of")["amount"].cumsum()
    asked = advances[["line_of", "deadline"]].rename_axis("index").reset_index()
    found = pd.merge_asof(
        asked.sort_values(["deadline", "index"]),
        days[["line_of", "date", "balance"]].sort_values(["date", "line_of"]),
        left_on="deadline",
        right_on="date",
        by="line_of",
    )
    return found.set_index("index")["balance"].reindex(advances.index)


def _failed(late: pd.DataFrame, drawn: pd.DataFrame, timeline: Timeline) -> Iterator[Assessment]:
    left = dict(zip(late["number"], late["left"].astype("int64"), strict=True))
    evidence = evidence_by(drawn[drawn["number"].isin(list(left))], "number", left)
    for advance in records(late):
        amount = int(advance.left)
        yield Assessment(
            advance.name,
            Verdict.FAIL,
            advance.book,
            norms=(timeline.at(advance.position).norm,),
            decided_on=advance.date.date(),
            observed=amount,
            allowed=0,
            at_issue=amount,
            values={
                "drawn": day_name(advance.date),
                "left": amount,
                "day": day_name(advance.deadline),
            },
            evidence=evidence[advance.number],
        )
