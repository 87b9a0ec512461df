"""BOK311: a sub-item that does not fit what was spent on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ledger.accounts import COST_FAMILIES, STATE_FUNDS
from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import evidence_of, groups, in_order, known, records
from rules.rule import Rule
from rules.severity import Severity
from rules.sub_items import of_ranges
from rules.vocabulary import activities

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from ledger.facts import Facts
    from rules.law import Law

_NORMS: Final = (
    "tt324-wages",
    "tt324-conferences",
    "tt324-travel",
    "tt324-missions-abroad",
    "tt324-own-assets",
    "tt324-people-of-merit",
)
_ACTIVITY_GIVEN_BY: Final = ("event", "support")


class SubItemUnfit(Rule):
    """Tiểu mục không hợp với nội dung chi.

    Kiểm tra gì:
        Tiểu mục của khoản chi ngân sách (``Expenses``, ``ChoThanhToan``) không thuộc mục mà tên gọi
        cho thấy là chi việc khác: lương của đơn vị, tài sản của đơn vị, đoàn ra ghi cho hội chợ
        trong nước, hội nghị hoặc công tác phí ghi cho hỗ trợ thiết bị. Danh sách ở tệp định mức
        ``324-2016-tt-btc.yaml``. Sổ chưa cho thấy hết nội dung khoản chi, nên chỉ đề nghị giải
        trình.

    Vì sao:
        Khoản chi phải hạch toán đúng mục lục ngân sách; kho bạc kiểm soát nội dung chi theo mã nội
        dung kinh tế.

    Ví dụ sai:
        2021-11-15 * "Hỗ trợ thiết bị, ghi vào mua sắm tài sản của đơn vị"
          kind: "payment"
          activity: "research-equipment"
          Assets:DuToan:KhaDung:NV08:NSTP  -500 VND
          Expenses:NV08:NSTP:TM6956         500 VND

    Cách sửa:
        Ghi lại đúng tiểu mục:
          2021-11-20 * "Điều chỉnh tiểu mục"
            kind: "reclassification"
            voucher: "2021/DC/01"
            Expenses:NV08:NSTP:TM6956        -500 VND
            Expenses:NV08:NSTP:TM7799         500 VND
        Nội dung chi ghi nhầm thì sửa ``activity``.
    """

    code = "BOK311"
    name = "book.sub-item-unfit"
    title = Text("Tiểu mục không hợp nội dung chi", "A sub-item unfit for the activity")
    severity = Severity.WARNING
    chosen = _NORMS
    message = Text(
        "{subject}: chi {amount} đồng cho «{activity}» ở tiểu mục {item}",
        "{subject}: {amount} VND spent on “{activity}” under sub-item {item}",
    )
    english = """What it checks:
    The sub-item of state spending (``Expenses``, ``ChoThanhToan``) is not of an item whose name
    says other spending: the unit's wages or assets, missions abroad for a domestic fair,
    conferences or travel for support of equipment. The list stands in the norm file
    ``324-2016-tt-btc.yaml``. The book does not show the spending whole, so it is only asked about.

Why:
    Spending is booked by the budget classification; the treasury checks its content by the code.

How to put it right:
    Reclassify it, or mend ``activity``.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task, content and sub-item that do not go together; the rest in bulk."""
        postings = facts["postings"]
        spent = (
            known(postings["family"], COST_FAMILIES)
            & known(postings["fund"], STATE_FUNDS)
            & (postings["sub_item"] != "")
        ).to_numpy()
        limits = {norm: law.limits_ever(norm) for norm in _NORMS}
        ranges = [text for own in limits.values() for limit in own for text in limit.sub_items]
        suspect = postings[spent & of_ranges(postings["sub_item"], ranges)]
        failing: set[int] = set()
        content = _content(facts, suspect)
        for norm, own in limits.items():
            for limit in own:
                wrong = of_ranges(suspect["sub_item"], limit.sub_items)
                if limit.activities:
                    wrong &= np.isin(content, limit.activities)
                part = suspect[wrong].assign(content=content[wrong])
                failing |= set(part["posting"])
                yield from _failed(norm, part)
        yield from passed(int(spent.sum()) - len(failing))


def _content(facts: Facts, rows: pd.DataFrame) -> NDArray[np.object_]:
    """What each posting was spent on: its own activity, or that of its event or support."""
    content = rows["activity"].astype("str").to_numpy().astype(object)
    for column in _ACTIVITY_GIVEN_BY:
        declared = facts[f"{column}s"][["book", column, "activity"]]
        of = {(row[0], row[1]): row[2] for row in records(declared)}
        pairs = zip(rows["book"], rows[column], strict=True)
        found = np.array([of.get(pair, "") for pair in pairs], dtype=object)
        content = np.where(content == "", found, content)
    return content


def _failed(norm: str, rows: pd.DataFrame) -> Iterator[Assessment]:
    for (book, task, content, item), part in groups(rows, ["book", "task", "content", "sub_item"]):
        net = int(part["amount"].sum())
        if net <= 0:
            continue  # taken back, or moved to another sub-item
        spent = in_order(part[part["amount"] > 0])
        name = activities().get(content, Text(content or "–", content or "–"))
        yield Assessment(
            f"{task} {item} {content}".strip(),
            Verdict.FAIL,
            book,
            norms=(norm,),
            decided_on=part["date"].min().date(),
            at_issue=net,
            values={"amount": net, "activity": name, "item": item.removeprefix("TM")},
            evidence=evidence_of(spent, net),
            review=True,
        )
