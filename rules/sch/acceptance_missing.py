"""SCH202: state money spent on what no recorded acceptance covers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.rows import EVIDENCE, declared, evidence_of, groups, in_order, records, text_values
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

# How the minutes begin when the work was not accepted: «không đạt».
_REFUSED: Final = "không"
# What the Treasury pays under a contract is work completed.
_OF_CONTRACTS: Final = ("treasury-form08a-2020", "treasury-check-2026")
_OF_RESULTS: Final = ("plan49-outputs",)


class AcceptanceMissing(Rule):
    """Đã chi ngân sách mà chưa có biên bản nghiệm thu.

    Kiểm tra gì:
        Khoản hỗ trợ có chi ngân sách (``Expenses``) phải có biên bản nghiệm thu của khoản hỗ trợ
        hoặc của hợp đồng ghi ở lần chi. Sự kiện đã kết thúc thì xét các lần chi theo hợp đồng:
        hợp đồng hoặc sự kiện phải có biên bản. Hợp đồng khác có chi ngân sách phải có biên bản của
        hợp đồng; biên bản ghi số tiền (``amount``) thì tổng đã chi theo hợp đồng không vượt tổng đã
        nghiệm thu. Tạm ứng, thù lao, công tác phí và mua sắm lặt vặt không có hợp đồng không xét.
        Biên bản «không đạt» không tính, và được nêu tên: trả tiền cho việc không đạt không chỉ là
        sổ chưa ghi.

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
    chosen = (*_OF_RESULTS, *_OF_CONTRACTS)
    rests_on_plan = True
    message = Text(
        "{subject}: đã chi {spent} đồng ngân sách mà {why}",
        "{subject}: {spent} VND of the budget spent and {why}",
    )
    english = """What it checks:
    A support on which budget money was spent (``Expenses``) has an acceptance of its own or of
    the contract that the payment names. Of an event that is over, payments that name a contract
    are looked at: the contract or the event has an acceptance. Any other contract that the budget
    paid has an acceptance of its own; where the minutes tell an amount (``amount``), what was spent
    under a contract keeps to what was accepted. Advances, fees, per diems and small purchases
    without a contract are not judged. A refused acceptance does not count, and is named: to pay for
    what was refused is more than a record that is missing.

Why:
    Acceptance proves the result of a task; where the book shows none, it is asked about.

How to put it right:
    Record the minutes of acceptance.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a support, an event that is over, and a contract."""
        minutes = _minutes(facts)
        postings = facts["postings"]
        spent = postings[
            (postings["family"] == Family.SPENT.value) & postings["fund"].isin(STATE_FUNDS)
        ]
        spent = spent[[*EVIDENCE, "contract", "support", "event"]]
        spent = spent.assign(open=~_under_accepted_contract(spent, minutes))
        yield from self._supports(spent[spent["support"] != ""], minutes)
        yield from self._events(spent[spent["support"] == ""], minutes, facts, as_of)
        yield from _contracts(spent[spent["contract"] != ""], minutes)

    def _supports(
        self, spent: pd.DataFrame, minutes: dict[tuple[str, str], _Minutes]
    ) -> Iterator[Assessment]:
        left = _left(spent, "support")
        for (book, code), amount in left.items():
            yield _judged(book, "support", code, amount, spent, minutes)

    def _events(
        self,
        spent: pd.DataFrame,
        minutes: dict[tuple[str, str], _Minutes],
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
                yield _judged(book, "event", code, left[book, code], by_contract, minutes)


class _Minutes(NamedTuple):
    """What the minutes of one contract, event or support say together.

    Attributes:
        accepted: whether any of them accepts.
        amount: VND accepted; None where any that accepts tells no amount.
        refused: those that refuse.
    """

    accepted: bool
    amount: int | None
    refused: tuple[Any, ...]


_NONE: Final = _Minutes(accepted=False, amount=0, refused=())


def _minutes(facts: Facts) -> dict[tuple[str, str], _Minutes]:
    """The minutes by book and what they are for."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in records(facts["acceptances"]):
        found[row.book, row.for_].append(row)
    return {key: _together(rows) for key, rows in found.items()}


def _together(rows: list[Any]) -> _Minutes:
    refused = tuple(row for row in rows if row.result.strip().casefold().startswith(_REFUSED))
    amounts = [row.amount for row in rows if row not in refused]
    told = not any(pd.isna(amount) for amount in amounts)
    return _Minutes(bool(amounts), sum(map(int, amounts)) if told else None, refused)


def _contracts(
    spent: pd.DataFrame, minutes: dict[tuple[str, str], _Minutes]
) -> Iterator[Assessment]:
    """Contracts paid: by what was accepted of each, or at all where nothing else has minutes."""
    # Supports and events ask for minutes of their own.
    alone = spent[(spent["support"] == "") & (spent["event"] == "")]
    for accepted, rows in ((True, spent), (False, alone)):
        short: dict[tuple[str, str], _Paid] = {}
        for (book, code), paid in _paid_by_contract(rows).items():
            own = minutes.get((book, f"contract {code}"), _NONE)
            if own.accepted is not accepted:
                continue
            if _uncovered(own, paid.amount) > 0:
                short[book, code] = paid
            else:
                yield Assessment(f"contract {code}", Verdict.PASS, book, _OF_CONTRACTS, paid.last)
        yield from _short_contracts(rows, short, minutes)


class _Paid(NamedTuple):
    """What was paid under a contract, VND, and when last."""

    amount: int
    last: dt.date


def _paid_by_contract(spent: pd.DataFrame) -> dict[tuple[str, str], _Paid]:
    """By book and contract."""
    keys = [spent["book"], spent["contract"]]
    found = spent.groupby(keys, observed=True).agg({"amount": "sum", "date": "max"})
    rows = zip(found.index.tolist(), found["amount"].tolist(), found["date"].dt.date, strict=True)
    return {(str(book), str(code)): _Paid(amount, last) for (book, code), amount, last in rows}


def _uncovered(own: _Minutes, paid: int) -> int:
    """What was paid and no minutes accept, VND; minutes that tell no amount accept all of it."""
    if not own.accepted:
        return paid
    return 0 if own.amount is None else paid - own.amount


def _short_contracts(
    spent: pd.DataFrame,
    short: dict[tuple[str, str], _Paid],
    minutes: dict[tuple[str, str], _Minutes],
) -> Iterator[Assessment]:
    """The contracts of which minutes accept less than was paid."""
    asked = spent[spent["contract"].isin({code for _, code in short})]
    for (book, code), rows in groups(asked, ["book", "contract"]):
        if (book, code) not in short:
            continue
        subject, paid = f"contract {code}", short[book, code]
        own = minutes.get((book, subject), _NONE)
        why = _why(own)
        if own.accepted:
            why = Text(
                f"biên bản mới nghiệm thu {dong(own.amount or 0)} đồng",
                f"the minutes accept {dong(own.amount or 0, 'en')} VND",
            )
        spent_on = _Spent(paid.amount, _uncovered(own, paid.amount))
        yield _answer(book, subject, rows, spent_on, own, why)


def _under_accepted_contract(
    spent: pd.DataFrame, minutes: dict[tuple[str, str], _Minutes]
) -> pd.Series[bool]:
    """Whether what was spent is under a contract that has its minutes."""
    under = spent["amount"].isna()  # none of them yet
    for book in text_values(spent["book"]):
        words = [
            word.partition(" ")
            for (owner, word), own in minutes.items()
            if owner == book and own.accepted
        ]
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
    minutes: dict[tuple[str, str], _Minutes],
) -> Assessment:
    subject = f"{word} {code}"
    own = minutes.get((book, subject), _NONE)
    rows = spent[(spent["book"] == book) & (spent[word] == code) & spent["open"]]
    excess = 0 if own.accepted else amount
    # Minutes of its contract that refuse are of the event or support as well.
    of_contracts = (
        minutes.get((book, f"contract {one}"), _NONE) for one in rows["contract"].unique()
    )
    refused = (*own.refused, *(row for one in of_contracts for row in one.refused))
    own = own._replace(refused=refused)
    return _answer(book, subject, rows, _Spent(amount, excess), own, _why(own))


class _Spent(NamedTuple):
    """What was spent on a subject, and how much of that no minutes accept, VND."""

    amount: int
    excess: int


def _why(own: _Minutes) -> Text:
    """Why nothing counts as accepted: minutes that refuse are named."""
    if not own.refused:
        return Text("sổ chưa ghi biên bản nghiệm thu", "no acceptance recorded")
    told = ", ".join(f"{row.acceptance} «{row.result.strip()}»" for row in own.refused)
    return Text(f"biên bản nghiệm thu ghi {told}", f"the minutes of acceptance say {told}")


def _answer(  # noqa: PLR0913, PLR0917  # the parts of one subject
    book: str, subject: str, rows: pd.DataFrame, spent: _Spent, own: _Minutes, why: Text
) -> Assessment:
    of_contract = subject.startswith("contract ")
    norms = _OF_CONTRACTS if of_contract else _OF_RESULTS
    paid_on = rows["date"].max().date() if of_contract else None
    if spent.excess <= 0:
        return Assessment(subject, Verdict.PASS, book, norms, paid_on)
    refused = () if own.accepted else own.refused
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        norms=norms,
        decided_on=paid_on,
        observed=spent.amount,
        at_issue=spent.excess,
        values={"spent": spent.amount, "why": why},
        evidence=(
            *evidence_of(in_order(rows), spent.excess),
            *(declared(row, f"acceptance {row.acceptance}") for row in refused),
        ),
        review=not refused,
    )
