"""BOK508: drafts that still wait for somebody to decide."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import evidence_of, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class DraftUndecided(Rule):
    """Bản nháp dấu «!» còn chờ người quyết.

    Kiểm tra gì:
        Giao dịch mang dấu ``!`` thay cho ``*``: ``cnht import`` ghi vào khi chưa biết chắc nhiệm
        vụ, tiểu mục, chứng từ …, hoặc người ghi sổ tự đánh dấu. Mỗi tệp của sổ một phát hiện, kèm
        số bản nháp và dòng của từng bản nháp.

    Vì sao:
        Tiền của bản nháp đã được cộng vào số liệu, nhưng ghi vào đâu mới là phỏng đoán. Còn bản
        nháp thì bảng quyết toán chưa phải số liệu cuối cùng.

    Ví dụ sai:
        2021-06-02 ! "Phí chuyển tiền"
          kind: "bank-fee"

    Cách sửa:
        Xem lại giao dịch, điền chỗ còn thiếu, rồi đổi ``!`` thành ``*``:
          2021-06-02 * "Phí chuyển tiền"
            kind: "bank-fee"
    """

    code = "BOK508"
    name = "book.draft-undecided"
    title = Text("Bản nháp chờ quyết", "Drafts await a decision")
    severity = Severity.NOTE
    rests_on_law = False
    message = Text(
        "{subject}: {drafts} giao dịch dấu «!» còn chờ quyết",
        "{subject}: {drafts} flagged “!” await a decision",
    )
    english = """What it checks:
    Transactions flagged ``!`` instead of ``*``: ``cnht import`` writes them where the task, the
    sub-item or the voucher is not certain, or whoever keeps the book marked them. One finding a
    file of the book, with how many there are and the line of each.

Why:
    The money of a draft is in the figures already, but where it belongs is a guess. While drafts
    are left, the settlement is not final.

How to put it right:
    Look at the transaction, fill in what is missing, then make the ``!`` a ``*``.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a file with drafts; decided transactions in bulk."""
        postings = facts["postings"]
        firsts = postings.drop_duplicates("entry")
        drafts = firsts[firsts["undecided"]]
        for (book, file), own in drafts.groupby(["book", "file"], observed=True):
            yield Assessment(
                f"drafts {PurePath(str(file)).name}",
                Verdict.FAIL,
                str(book),
                values={"drafts": len(own)},
                evidence=evidence_of(in_order(own)),
                population=len(own),
            )
        yield from passed(len(firsts) - len(drafts))
