"""BOK504: a person paid without showing what tax was withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import COST_FAMILIES
from ledger.kinds import Effect, kinds_that
from ledger.text import Text, split_list
from rules.assessment import Assessment, Verdict, passed
from rules.rows import in_question, known, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

# Who is paid a fee; what staff of the unit are paid is wage or travel money.
_PERSONS: Final = frozenset({"person", "expert"})
_PAYING: Final = kinds_that(Effect.PAYS)


class WithholdingNotShown(Rule):
    """Trả thù lao cho cá nhân mà không cho thấy thuế thu nhập cá nhân đã khấu trừ.

    Kiểm tra gì:
        Khoản chi cho người thụ hưởng là cá nhân, chuyên gia (vai trò ``person``, ``expert``) ghi số
        trước khấu trừ (``gross``) hoặc thuế đã khấu trừ (``tax-withheld``). Ghi ``gross`` mà không
        có thuế nghĩa là đơn vị đã xét và không phải khấu trừ. Cán bộ của đơn vị không xét.

    Vì sao:
        Định mức tính trên số trước thuế, và thuế khấu trừ phải nộp. Khoản chi có thể thuộc trường
        hợp không phải khấu trừ, nên chỉ đề nghị bổ sung.

    Ví dụ sai:
        2021-10-20 * "Thù lao giảng viên"
          kind: "payment"
          voucher: "2021/UNC/61"
          beneficiary: "8399000114"
          Assets:DuToan:KhaDung:NV05:NSTP   -4500 VND
          Expenses:NV05:NSTP:TM6652          4500 VND

    Cách sửa:
        Ghi số trước thuế và thuế đã khấu trừ:
          2021-10-20 * "Thù lao giảng viên"
            kind: "payment"
            voucher: "2021/UNC/61"
            beneficiary: "8399000114"
            gross: 5000
            tax-withheld: 500
            Assets:DuToan:KhaDung:NV05:NSTP   -4500 VND
            Liabilities:PhaiNop:ThueTNCN       -500 VND
            Expenses:NV05:NSTP:TM6652          5000 VND
        Không phải khấu trừ thì chỉ ghi gross.
    """

    code = "BOK504"
    name = "book.withholding-not-shown"
    title = Text("Trả cá nhân không ghi thuế khấu trừ", "A person paid, no withholding shown")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: trả cá nhân {persons} mà không ghi số trước thuế hoặc thuế đã khấu trừ",
        "{subject}: {persons} paid without the amount before tax or the tax withheld",
    )
    english = """What it checks:
    Spending for a beneficiary who is a person or expert (roles ``person``, ``expert``) gives the
    amount before tax (``gross``) or the tax withheld (``tax-withheld``). ``gross`` alone says that
    the unit looked and nothing was to be withheld. Staff of the unit are not judged.

Why:
    Norms count the amount before tax, and tax withheld is owed. Nothing may be due on the payment,
    so it is only asked about.

How to put it right:
    Write ``gross`` and ``tax-withheld``; only ``gross`` where nothing is withheld.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        persons = {
            str(row.tax_code): str(row.title)
            for row in records(facts["parties"])
            if _PERSONS.intersection(split_list(str(row.role)))
        }
        postings = facts["postings"]
        rows = postings[
            (postings["beneficiary"] != "")
            & known(postings["beneficiary"], persons)
            & known(postings["family"], COST_FAMILIES)
            & postings["kind"].isin(_PAYING)
            & (postings["amount"] > 0)
        ]
        shown = (rows["gross"] > 0) | (rows["tax_withheld"] > 0)
        paid = rows.loc[~shown, ["posting", "beneficiary"]].set_index("posting")["beneficiary"]
        for found in in_question(rows[~shown]):
            names = sorted({persons[str(paid[row.posting])] for row in found.rows})
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                at_issue=found.at_issue,
                values={"persons": ", ".join(names)},
                evidence=found.evidence,
                review=True,
            )
        yield from passed(int(shown.sum()))
