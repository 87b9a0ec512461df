"""BUD109: more drawn of a sub-item than the estimate allots to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text
from rules.balances import GRANTING, LINE, OverdrawnRule
from rules.rows import known
from rules.severity import Severity

if TYPE_CHECKING:
    from ledger.facts import Facts
    from rules.assessment import Values

_SUB_ITEM_LINE: Final = [*LINE, "sub_item"]


class SubItemOverdrawn(OverdrawnRule):
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
    families = (Family.AVAILABLE,)
    keys = _SUB_ITEM_LINE
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

    def _rows(self, facts: Facts) -> pd.DataFrame:
        """The estimate of lines that are allotted by sub-item; the rest is their common part."""
        rows = super()._rows(facts)
        rows = rows[known(rows["fund"], STATE_FUNDS)]
        granting = rows["kind"].isin(GRANTING) & (rows["amount"] > 0)
        granted = rows.loc[granting & (rows["sub_item"] != ""), _SUB_ITEM_LINE].drop_duplicates()
        if granted.empty:
            return rows[:0]
        rows = _of_lines(rows, granted[LINE].drop_duplicates())
        return _common_part(rows, granted)

    def values(self, key: tuple[object, ...]) -> Values:
        """The sub-item in words."""
        item = str(key[-1])
        if not item:
            return {"item": Text("không giao cho tiểu mục riêng", "not allotted to a sub-item")}
        return {"item": Text(f"tiểu mục {item[2:]}", f"of sub-item {item[2:]}")}


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
