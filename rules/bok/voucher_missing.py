"""BOK503: money moved without a voucher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.kinds import Effect, kinds_that
from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import in_question, known
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

# Kinds that a paper of the treasury, of a bank or of the unit stands behind. Decisions move the
# estimate by their own number; the treasury's acceptance of a commitment has a number of its own.
_PAPERED: Final = kinds_that(Effect.VOUCHED)


class VoucherMissing(Rule):
    """Giao dịch thu, chi không ghi chứng từ.

    Kiểm tra gì:
        Giao dịch tạm ứng, chi, thanh toán tạm ứng, nộp trả, nhận và trả lại đóng góp, doanh nghiệp
        tự chi, nộp thuế, tiền phạt, lãi, phí đều có ``voucher``. Giao, điều chỉnh dự toán theo
        quyết định, cam kết chi và ghi đỏ không xét.

    Vì sao:
        Chứng từ là căn cứ của mỗi khoản thu, chi khi xét duyệt quyết toán. Sổ không ghi thì chưa
        biết có chứng từ hay không, nên chỉ đề nghị bổ sung.

    Ví dụ sai:
        2021-10-20 * "Trả tiền in"
          kind: "payment"
          Assets:DuToan:KhaDung:NV02:NSTP   -500 VND
          Expenses:NV02:NSTP:TM6655          500 VND

    Cách sửa:
        Ghi chứng từ, năm, loại, số:
          2021-10-20 * "Trả tiền in"
            kind: "payment"
            voucher: "2021/UNC/61"
    """

    code = "BOK503"
    name = "book.voucher-missing"
    title = Text("Không ghi chứng từ", "No voucher")
    severity = Severity.WARNING
    basis = ("nsnn83-settlement-vouchers",)
    asks_for_voucher = True
    message = Text(
        "{subject}: thu, chi {amount} đồng mà không ghi chứng từ",
        "{subject}: {amount} VND moved without a voucher",
    )
    english = """What it checks:
    Advances, payments, settlements of advances, returns, contributions received, given back or
    spent by the enterprise, tax payments, penalties, interest and fees have a ``voucher``.
    Decisions on the estimate, commitments and corrections are not judged.

Why:
    Vouchers are what each receipt and payment rests on when the settlement is approved. The book
    merely does not show it, so it is asked about.

How to put it right:
    Write the voucher: year, type, number.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        postings = facts["postings"]
        papered = known(postings["kind"], _PAPERED) & (postings["kind"] != "")
        unsaid = papered & (postings["voucher"] == "")
        for found in in_question(postings[unsaid]):
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                decided_on=found.rows[0].date.date(),
                at_issue=found.at_issue,
                values={"amount": int(found.at_issue)},
                evidence=found.evidence,
                review=True,
            )
        yield from passed(int(papered.sum()) - int(unsaid.sum()))
