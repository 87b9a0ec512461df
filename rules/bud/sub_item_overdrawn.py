"""BUD109: more drawn of a sub-item than the estimate allots to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict
from rules.bud.balances import GRANTING, LINE, line_name
from rules.rows import evidence_of, known
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_SUB_ITEM_LINE: Final = [*LINE, "sub_item"]
_Key = tuple[object, ...]


class SubItemOverdrawn(Rule):
    """Rút, cam kết hoặc chi vượt dự toán giao cho một tiểu mục.

    Kiểm tra gì:
        Chỉ khi quyết định giao dự toán chi tiết đến tiểu mục (bút toán giao có ``sub-item``): cuối
        mỗi ngày, dự toán còn được sử dụng của từng tiểu mục không được âm. Khoản rút có tiểu mục
        không được giao riêng thì tính vào phần giao chung của nhiệm vụ; nhiệm vụ không có phần giao
        chung thì khoản rút đó, cũng như khoản rút không ghi tiểu mục, là vượt.

    Vì sao:
        Dự toán giao chi tiết đến tiểu mục thì từng tiểu mục là giới hạn; rút tiểu mục này chi cho
        tiểu mục khác là chi không đúng dự toán được giao.

    Ví dụ sai:
        2021-01-01 * "Giao dự toán chi tiết đến tiểu mục"
          kind: "allotment"
          budget-year: 2021
          Assets:DuToan:KhaDung:NV02:NSTP   600 VND
            sub-item: "TM6655"
          Assets:DuToan:KhaDung:NV02:NSTP   400 VND
            sub-item: "TM6651"
          Equity:GiaoDuToan:NSTP          -1000 VND
        2021-10-20 * "Thuê hội trường quá 1 đồng"
          kind: "payment"
          Assets:DuToan:KhaDung:NV02:NSTP  -601 VND
            sub-item: "TM6655"
          Expenses:NV02:NSTP:TM6655         601 VND

    Cách sửa:
        Ghi ``sub-item`` đúng ở bút toán dự toán; thiếu thì ghi quyết định điều chỉnh giữa các tiểu
        mục có trước khi chi:
          2021-10-15 * "Điều chỉnh giữa các tiểu mục"
            kind: "reallocation"
            decision: "15/QĐ-SCT"
            decision-date: 2021-10-15
            Assets:DuToan:KhaDung:NV02:NSTP   -1 VND
              sub-item: "TM6651"
            Assets:DuToan:KhaDung:NV02:NSTP    1 VND
              sub-item: "TM6655"
    """

    code = "BUD109"
    name = "budget.sub-item-overdrawn"
    title = Text("Vượt dự toán giao cho tiểu mục", "More drawn than a sub-item was allotted")
    severity = Severity.ERROR
    basis = ("nsnn83-as-allotted", "nsnn83-spend-within-estimate", "nsnn89-spend-within-estimate")
    message = Text(
        "{subject}: dự toán {item} còn thấp nhất là {lowest} đồng, ngày {day}; âm từ ngày {first}",
        "{subject}: the estimate {item} is {lowest} VND at its lowest, on {day}; below zero from "
        "{first}",
    )
    english = """What it checks:
    Only where the decision allots the estimate by sub-item (the postings that grant it carry
    ``sub-item``): at the end of each day what is available of each sub-item is not below zero. A
    sub-item without an allotment of its own draws on the task's common part; where there is none,
    such a drawing, and one without a sub-item, is above the estimate.

Why:
    An estimate allotted by sub-item is bounded sub-item by sub-item; drawing on one for another
    is not spending as allotted.

How to put it right:
    Write the right ``sub-item`` on the posting of the estimate; where it is short, record the
    decision that shifted it before the money was spent.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a sub-item of each line that is allotted by sub-item."""
        postings = facts["postings"]
        rows = postings[
            (postings["family"] == Family.AVAILABLE.value) & known(postings["fund"], STATE_FUNDS)
        ]
        granting = rows["kind"].isin(GRANTING) & (rows["amount"] > 0)
        granted = rows.loc[granting & (rows["sub_item"] != ""), _SUB_ITEM_LINE].drop_duplicates()
        if granted.empty:
            return
        rows = _of_lines(rows, granted[LINE].drop_duplicates())
        rows = _common_part(rows, granted)
        moved = rows.groupby([*_SUB_ITEM_LINE, "date"], observed=True)["amount"].sum()
        balances = moved.groupby(level=_SUB_ITEM_LINE, observed=True).cumsum()
        lowest = balances.groupby(level=_SUB_ITEM_LINE, observed=True).min()
        for key, amount in zip(lowest.index.tolist(), lowest.tolist(), strict=True):
            if amount >= 0:
                yield Assessment(
                    line_name(key), Verdict.PASS, str(key[0]), observed=amount, allowed=0
                )
            else:
                yield _failed(key, balances.loc[key], rows)


def _of_lines(rows: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The postings of some lines of the estimate."""
    wanted = pd.MultiIndex.from_frame(lines.astype(dict.fromkeys(LINE[:-1], "str")))
    given = pd.MultiIndex.from_frame(rows[LINE].astype(dict.fromkeys(LINE[:-1], "str")))
    return rows[given.isin(wanted)]


def _common_part(rows: pd.DataFrame, granted: pd.DataFrame) -> pd.DataFrame:
    """The postings with no sub-item where theirs has no allotment of its own."""
    texts = {c: "str" for c in _SUB_ITEM_LINE if c != "budget_year"}
    own = pd.MultiIndex.from_frame(rows[_SUB_ITEM_LINE].astype(texts))
    known_items = own.isin(pd.MultiIndex.from_frame(granted.astype(texts)))
    items = rows["sub_item"].astype("str").to_numpy()
    return rows.assign(sub_item=np.where(known_items, items, ""))


def _failed(key: _Key, balances: pd.Series, rows: pd.DataFrame) -> Assessment:
    lowest = int(balances.min())
    bottom = balances.index[balances == lowest][0]
    chosen = (rows["amount"] < 0) & (rows["date"] <= bottom)
    for column, part in zip(_SUB_ITEM_LINE, key, strict=True):
        chosen &= rows[column] == part
    drawn = rows[chosen].astype({"voucher": "str"})
    drawn = drawn.sort_values(["date", "amount", "voucher"], kind="stable")
    item = str(key[-1])
    return Assessment(
        line_name(key),
        Verdict.FAIL,
        str(key[0]),
        decided_on=bottom.date(),
        observed=lowest,
        allowed=0,
        at_issue=-lowest,
        values={
            "item": Text(f"tiểu mục {item[2:]}", f"of sub-item {item[2:]}")
            if item
            else Text("không giao cho tiểu mục riêng", "not allotted to a sub-item"),
            "lowest": lowest,
            "day": day_name(bottom),
            "first": day_name(balances.index[balances < 0][0]),
        },
        evidence=evidence_of(drawn, -lowest)[::-1],
        in_book=True,
    )
