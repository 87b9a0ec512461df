"""DUP101: the lines of a voucher come to more than the voucher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import Family
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.rows import evidence_of, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_VOUCHER: Final = ["book", "voucher", "date"]


class VoucherExceeded(Rule):
    """Các dòng của một chứng từ cộng lại vượt tổng số tiền của chứng từ.

    Kiểm tra gì:
        Mọi giao dịch cùng ``voucher`` và cùng ngày: số tiền đã ghi cộng lại (thuế khấu trừ chưa nộp
        không tính, bút toán ghi đỏ trừ đi) không vượt ``voucher-total``. Chứng từ không ghi tổng
        thì không xét.

    Vì sao:
        Ghi nhiều hơn số trên chứng từ là một khoản được ghi hai lần hoặc ghi sai số.

    Ví dụ sai:
        2021-11-20 * "Dòng 1 của chứng từ 100"
          kind: "payment"
          voucher: "2021/UNC/57"
          voucher-total: 100
          Assets:DuToan:KhaDung:NV05:NSTP    -60 VND
          Expenses:NV05:NSTP:TM6758           60 VND
        2021-11-20 * "Dòng 2 của cùng chứng từ"
          kind: "payment"
          voucher: "2021/UNC/57"
          voucher-total: 100
          Assets:DuToan:KhaDung:NV05:NSTP    -41 VND
          Expenses:NV05:NSTP:TM6758           41 VND

    Cách sửa:
        Sửa số tiền hoặc bỏ dòng ghi trùng cho khớp chứng từ; ``voucher-total`` ghi nhầm thì sửa:
          voucher-total: 101
    """

    code = "DUP101"
    name = "duplicate.voucher-exceeded"
    title = Text("Ghi vượt tổng của chứng từ", "More booked than the voucher says")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "{subject} ngày {day}: đã ghi {booked} đồng, chứng từ {total} đồng",
        "{subject} of {day}: {booked} VND booked, the voucher says {total}",
    )
    english = """What it checks:
    All transactions with the same ``voucher`` and day: what they book comes to no more than
    ``voucher-total`` (tax withheld and not yet paid does not count, corrections lower it). A
    voucher without a total is not judged.

Why:
    Where more is booked than the voucher says, something is booked twice or wrongly.

How to put it right:
    Mend the amount or take the doubled line out; mend ``voucher-total`` if it is wrong.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a voucher that fails; the rest in bulk."""
        postings = facts["postings"]
        rows = postings[(postings["voucher"] != "") & (postings["family"] != Family.PAYABLE.value)]
        told = rows["voucher"].isin(rows.loc[rows["voucher_total"] > 0, "voucher"].unique())
        without = rows.loc[~told, "voucher"].nunique()
        if without:
            reason = Text("chứng từ không ghi tổng số tiền", "the voucher gives no total")
            yield Assessment("", Verdict.NOT_APPLICABLE, population=without, reason=reason)
        rows = rows[told]
        totals = rows.groupby(_VOUCHER, observed=True)["voucher_total"].max()
        totals = totals[totals > 0]
        given = rows[rows["amount"] < 0].assign(booked=lambda part: -part["amount"])
        red = given["kind"] == "correction"
        given.loc[red, "booked"] = -given.loc[red, "booked"]
        booked = given.groupby(_VOUCHER, observed=True)["booked"].sum()
        booked = booked.reindex(totals.index, fill_value=0)
        over = booked[booked > totals]
        yield from passed(len(totals) - len(over))
        for key, amount in zip(over.index.tolist(), over.tolist(), strict=True):
            yield _failed(key, int(amount), int(totals.loc[key]), given)


def _failed(
    key: tuple[str, str, pd.Timestamp], booked: int, total: int, given: pd.DataFrame
) -> Assessment:
    book, voucher, day = key
    chosen = (given["book"] == book) & (given["voucher"] == voucher) & (given["date"] == day)
    return Assessment(
        f"voucher {voucher}",
        Verdict.FAIL,
        book,
        decided_on=day.date(),
        observed=booked,
        allowed=total,
        at_issue=booked - total,
        values={"day": day_name(day), "booked": booked, "total": total},
        evidence=evidence_of(in_order(given[chosen]), booked - total),
        in_book=True,
    )
