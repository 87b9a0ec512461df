"""SCH202: state money spent on an event or support of which no acceptance is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.rows import EVIDENCE, evidence_of, in_order, records, text_values
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

# How the minutes begin when the work was not accepted: «không đạt».
_REFUSED: Final = "không"


class AcceptanceMissing(Rule):
    """Đã chi ngân sách mà chưa có biên bản nghiệm thu.

    Kiểm tra gì:
        Khoản hỗ trợ có chi ngân sách (``Expenses``) phải có biên bản nghiệm thu của khoản hỗ trợ
        hoặc của hợp đồng ghi ở lần chi. Sự kiện đã kết thúc thì xét các lần chi theo hợp đồng:
        hợp đồng hoặc sự kiện phải có biên bản. Tạm ứng, thù lao, công tác phí và mua sắm lặt vặt
        không có hợp đồng của sự kiện không xét. Biên bản «không đạt» không tính.

    Vì sao:
        Kết quả của nhiệm vụ được chứng minh bằng nghiệm thu; sổ chưa cho thấy thì cần giải trình.

    Ví dụ sai:
        2021-11-15 * "Hỗ trợ khi chưa nghiệm thu"
          kind: "payment"
          support: "HT-08-003"
          Assets:DuToan:KhaDung:NV08:NSTP   -250 VND
          Expenses:NV08:NSTP:TM7799          250 VND

    Cách sửa:
        Ghi biên bản đã lập:
          2021-11-11 custom "acceptance" "BB-99/2021"
            for: "support HT-08-003"
            result: "đạt"
    """

    code = "SCH202"
    name = "plan.no-acceptance"
    title = Text("Đã chi mà chưa có nghiệm thu", "Spent without an acceptance")
    severity = Severity.WARNING
    basis = ("plan49-outputs",)
    rests_on_plan = True
    message = Text(
        "{subject}: đã chi {spent} đồng ngân sách mà sổ chưa ghi biên bản nghiệm thu",
        "{subject}: {spent} VND of the budget spent and no acceptance recorded",
    )
    english = """What it checks:
    A support on which budget money was spent (``Expenses``) has an acceptance of its own or of
    the contract that the payment names. Of an event that is over, payments that name a contract
    are looked at: the contract or the event has an acceptance. Advances, fees, per diems and small
    purchases without a contract for an event are not judged. A refused acceptance does not count.

Why:
    Acceptance proves the result of a task; where the book shows none, it is asked about.

How to put it right:
    Record the minutes of acceptance.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a support, and one an event that is over."""
        accepted = {
            (row.book, row.for_)
            for row in records(facts["acceptances"])
            if not row.result.strip().casefold().startswith(_REFUSED)
        }
        postings = facts["postings"]
        spent = postings[
            (postings["family"] == Family.SPENT.value) & postings["fund"].isin(STATE_FUNDS)
        ]
        spent = spent[[*EVIDENCE, "contract", "support", "event"]]
        spent = spent.assign(open=~_under_accepted_contract(spent, accepted))
        yield from self._supports(spent[spent["support"] != ""], accepted)
        yield from self._events(spent[spent["support"] == ""], accepted, facts, as_of)

    def _supports(
        self, spent: pd.DataFrame, accepted: set[tuple[str, str]]
    ) -> Iterator[Assessment]:
        left = _left(spent, "support")
        for (book, code), amount in left.items():
            yield _judged(book, "support", code, amount, spent, accepted)

    def _events(
        self,
        spent: pd.DataFrame,
        accepted: set[tuple[str, str]],
        facts: Facts,
        as_of: dt.date,
    ) -> Iterator[Assessment]:
        ends = {(row.book, row.event): row.end.date() for row in records(facts["events"])}
        spent = spent[spent["event"] != ""]
        by_contract = spent[spent["contract"] != ""]
        left = _left(by_contract, "event")
        for book, code in _left(spent, "event"):
            end = ends.get((book, code))
            if end is None or as_of <= end or (book, code) not in left:
                yield Assessment(
                    f"event {code}",
                    Verdict.NOT_APPLICABLE,
                    book,
                    reason=Text(
                        "sự kiện chưa kết thúc hoặc không chi theo hợp đồng",
                        "the event is not over, or nothing was paid under a contract",
                    ),
                )
            else:
                yield _judged(book, "event", code, left[book, code], by_contract, accepted)


def _under_accepted_contract(
    spent: pd.DataFrame, accepted: set[tuple[str, str]]
) -> pd.Series[bool]:
    """Whether what was spent is under a contract that has its minutes."""
    under = spent["amount"].isna()  # none of them yet
    for book in text_values(spent["book"]):
        words = [word.partition(" ") for owner, word in accepted if owner == book]
        contracts = [code for kind, _, code in words if kind == "contract"]
        under |= (spent["book"] == book) & spent["contract"].isin(contracts)
    return under


def _left(spent: pd.DataFrame, word: str) -> dict[tuple[str, str], int]:
    """What of each event or support is under no accepted contract, VND, by book and code."""
    amounts = spent["amount"].where(spent["open"], 0)
    sums = amounts.groupby([spent["book"], spent[word]], observed=True).sum()
    keys = (tuple(map(str, key)) for key in sums.index.tolist())
    return {(book, code): amount for (book, code), amount in zip(keys, sums.tolist(), strict=True)}


def _judged(  # noqa: PLR0913, PLR0917  # the parts of one subject
    book: str,
    word: str,
    code: str,
    amount: int,
    spent: pd.DataFrame,
    accepted: set[tuple[str, str]],
) -> Assessment:
    subject = f"{word} {code}"
    if (book, subject) in accepted or amount <= 0:
        return Assessment(subject, Verdict.PASS, book)
    rows = spent[(spent["book"] == book) & (spent[word] == code) & spent["open"]]
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        observed=amount,
        at_issue=amount,
        values={"spent": amount},
        evidence=evidence_of(in_order(rows), amount),
        review=True,
    )
