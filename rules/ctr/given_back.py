"""CTR205: a contribution given back whole, or beyond what its contributor gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.accounts import RECEIVED_FUNDS, STATE_FUNDS, Family
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.rows import evidence_of, groups, in_order
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_RECEIVED: Final = "contribution-cash"
_RETURNED: Final = "contribution-return"
_LINE: Final = ["book", "task", "fund"]


class GivenBack(Rule):
    """Đóng góp nhận rồi trả lại hết, hoặc trả lại nhiều hơn đã nhận của doanh nghiệp.

    Kiểm tra gì:
        Với từng nhiệm vụ, nguồn và doanh nghiệp: số trả lại (``contribution-return``) không vượt số
        đã nhận (``contribution-cash``) của chính doanh nghiệp đó. Trả lại đúng bằng số đã nhận
        trong khi ngân sách vẫn chi cho nhiệm vụ thì đề nghị giải trình.

    Vì sao:
        Phần đóng góp phải thật sự dùng cho nhiệm vụ. Nhận rồi trả lại hết thì phần doanh nghiệp chỉ
        đi qua tài khoản; trả nhiều hơn đã nhận là lấy tiền của người khác.

    Ví dụ sai:
        2021-10-27 * "Nhận tiền đóng góp"
          kind: "contribution-cash"
          contributor: "0100000001"
          Assets:TienGui:KB01      45 VND
          Income:DongGop:NV02:DN  -45 VND
        2021-11-20 * "Trả lại nhiều hơn đã nhận"
          kind: "contribution-return"
          contributor: "0100000001"
          Assets:TienGui:KB01     -46 VND
          Income:DongGop:NV02:DN   46 VND

    Cách sửa:
        Sửa số tiền hoặc doanh nghiệp được trả lại:
          2021-11-20 * "Trả lại phần không dùng"
            kind: "contribution-return"
            contributor: "0100000001"
            Assets:TienGui:KB01     -5 VND
            Income:DongGop:NV02:DN   5 VND
        Trả lại hết vì doanh nghiệp rút khỏi nhiệm vụ thì giải trình, kèm văn bản.
    """

    code = "CTR205"
    name = "contribution.given-back"
    title = Text("Đóng góp nhận rồi trả lại", "A contribution received and given back")
    severity = Severity.ERROR
    basis = ("plan49-funding",)
    rests_on_plan = True
    message = Text(
        "{subject}: đã nhận {received} đồng, đã trả lại {returned} đồng",
        "{subject}: {received} VND received, {returned} VND given back",
    )
    english = """What it checks:
    For each task, fund and contributor no more is given back (``contribution-return``) than was
    received of the same contributor (``contribution-cash``). Where all of it is given back while
    the budget spends on the task, it is asked about.

Why:
    A contribution is used for the task. Received and given back whole, the enterprise's part only
    passed through the account; given back beyond it, it is somebody else's money.

How to put it right:
    Mend the amount or the contributor; explain where the enterprise withdrew.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a task, fund and contributor to whom something was given back."""
        postings = facts["postings"]
        income = (Family.CONTRIBUTED.value, Family.PLEDGED.value)
        moved = postings[
            postings["kind"].isin((_RECEIVED, _RETURNED))
            & postings["family"].isin(income)
            & postings["fund"].isin(RECEIVED_FUNDS)
        ]
        backs = moved[moved["kind"] == _RETURNED]
        if backs.empty:
            return
        received = _sums(moved[moved["kind"] == _RECEIVED])
        spending = _state_spending(postings)
        for key, rows in groups(backs, [*_LINE, "contributor"]):
            book, task, fund, contributor = key
            line = _Line(
                f"contribution {task} {fund} {contributor}".rstrip(),
                -received.get((*key,), 0),
                int(rows["amount"].sum()),
            )
            # A receipt that names nobody may be this contributor's.
            unnamed = -received.get((book, task, fund, ""), 0) if contributor else 0
            yield _judged(book, line, unnamed, rows, spent=(book, task) in spending)


class _Line(NamedTuple):
    """What one contributor gave and got back, VND."""

    subject: str
    received: int
    returned: int


def _sums(rows: pd.DataFrame) -> dict[tuple[str, ...], int]:
    sums = rows.groupby([*_LINE, "contributor"], observed=True)["amount"].sum()
    return {
        tuple(str(part) for part in key): int(amount)
        for key, amount in zip(sums.index.tolist(), sums.tolist(), strict=True)
    }


def _state_spending(postings: pd.DataFrame) -> set[tuple[str, str]]:
    """Tasks on which the budget spent."""
    rows = postings[(postings["family"] == Family.SPENT.value) & postings["fund"].isin(STATE_FUNDS)]
    sums = rows.groupby(["book", "task"], observed=True)["amount"].sum()
    return {
        (str(book), str(task))
        for (book, task), amount in zip(sums.index.tolist(), sums.tolist(), strict=True)
        if amount > 0
    }


def _judged(book: str, line: _Line, unnamed: int, rows: pd.DataFrame, *, spent: bool) -> Assessment:
    over = line.returned - line.received
    if over > 0 and unnamed > 0:
        reason = Text(
            "có khoản nhận không ghi doanh nghiệp (contributor)",
            "a receipt does not name its contributor",
        )
        return Assessment(line.subject, Verdict.UNKNOWN, book, reason=reason)
    if over < 0 or (over == 0 and not spent):
        return Assessment(
            line.subject, Verdict.PASS, book, observed=line.returned, allowed=line.received
        )
    at_issue = over or line.returned
    return Assessment(
        line.subject,
        Verdict.FAIL,
        book,
        decided_on=rows["date"].max().date(),
        observed=line.returned,
        allowed=line.received,
        at_issue=at_issue,
        values={"received": int(line.received), "returned": int(line.returned)},
        evidence=evidence_of(in_order(rows), at_issue),
        review=over == 0,
    )
