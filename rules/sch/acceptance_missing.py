"""SCH202: state money spent on an event or support of which no acceptance is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.rows import EVIDENCE, evidence_of, groups, in_order, records
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
        yield from self._supports(spent, accepted)
        yield from self._events(spent[spent["support"] == ""], accepted, facts, as_of)

    def _supports(
        self, spent: pd.DataFrame, accepted: set[tuple[str, str]]
    ) -> Iterator[Assessment]:
        for (book, code), rows in groups(spent[spent["support"] != ""], ["book", "support"]):
            yield _judged(book, f"support {code}", rows, accepted)

    def _events(
        self,
        spent: pd.DataFrame,
        accepted: set[tuple[str, str]],
        facts: Facts,
        as_of: dt.date,
    ) -> Iterator[Assessment]:
        ends = {(row.book, row.event): row.end.date() for row in records(facts["events"])}
        for (book, code), rows in groups(spent[spent["event"] != ""], ["book", "event"]):
            end = ends.get((book, code))
            by_contract = rows[rows["contract"] != ""]
            if end is None or as_of <= end or by_contract.empty:
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
                yield _judged(book, f"event {code}", by_contract, accepted)


def _judged(
    book: str, subject: str, rows: pd.DataFrame, accepted: set[tuple[str, str]]
) -> Assessment:
    if (book, subject) in accepted:
        return Assessment(subject, Verdict.PASS, book)
    contracts = {code for owner, word in accepted if owner == book for code in _contract(word)}
    open_rows = rows[~rows["contract"].isin(contracts)]
    spent = int(open_rows["amount"].sum())
    if spent <= 0:
        return Assessment(subject, Verdict.PASS, book)
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        observed=spent,
        at_issue=spent,
        values={"spent": spent},
        evidence=evidence_of(in_order(open_rows), spent),
        review=True,
    )


def _contract(word: str) -> list[str]:
    kind, _, code = word.partition(" ")
    return [code] if kind == "contract" else []
