"""STL105: the identities of the settlement form do not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import ADVANCE_FAMILIES, ESTIMATE_FAMILIES, STATE_FUNDS, Family
from ledger.b01 import B01, b01
from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.balances import line_name
from rules.budget_years import closing_of
from rules.rows import EVIDENCE, evidence_of, groups, in_order
from rules.rule import Rule
from rules.severity import Severity
from rules.stl.year_end import calendar_unknown, kept_elsewhere, kept_years, not_yet, state_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

# What is carried over as money received, and as estimate: each opens the next year as itself.
_SIDES: Final = {
    "TamUng": ADVANCE_FAMILIES,
    "DuToan": tuple(family.value for family in ESTIMATE_FAMILIES),
}
_NEEDED: Final = (
    "book",
    "posting",
    "entry",
    "date",
    "kind",
    "family",
    "fund",
    "budget_year",
    "amount",
)
_LINE: Final = ["book", "unit", "task", "fund"]


class FormIdentity(Rule):
    """Báo cáo quyết toán B01 không cân.

    Kiểm tra gì:
        Sau chỉnh lý, với từng nguồn ngân sách và niên độ mà sổ giao dự toán, số lập từ sổ phải cân:
        phía tiền 106 + 116 = 119 + 126 + 127 + 134, phía dự toán 107 + 110 = 116 + 128 + 135 cùng
        số còn dư (số dư chưa xử lý thuộc STL103; thuế đã khấu trừ chưa nộp được tính riêng). Số
        chuyển đi của năm trước bằng số đầu năm sau, từng nhiệm vụ.

    Vì sao:
        Biểu lập từ sổ không cân là có bút toán lẫn nguồn, lẫn niên độ hoặc sai loại nghiệp vụ.

    Ví dụ sai:
        2022-01-31 * "Chuyển nguồn, ghi thiếu khi nhận ở năm sau"
          kind: "carry-over"
          ground: "đ"
          Assets:DuToan:KhaDung:NV08:NSTP   -200 VND
            budget-year: 2021
          Equity:ChuyenNguon:NSTP            200 VND
            budget-year: 2021
          Assets:DuToan:KhaDung:NV08:NSTP    190 VND
            budget-year: 2022
          Equity:ChuyenNguon:NSTP           -190 VND
            budget-year: 2022

    Cách sửa:
        Sửa bút toán mà phát hiện chỉ ra: ghi cùng một nguồn ở mọi dòng, đúng ``budget-year`` của
        từng dòng, đúng ``kind``.
    """

    code = "STL105"
    name = "settlement.form-identity"
    title = Text("Biểu quyết toán B01 không cân", "The settlement form B01 does not balance")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "{subject}: {identity}, lệch {gap} đồng", "{subject}: {identity}, off by {gap} VND"
    )
    english = """What it checks:
    After the closing, for each state source and budget year whose estimate the book allots, the
    figures made from the book balance: money 106 + 116 = 119 + 126 + 127 + 134, estimate
    107 + 110 = 116 + 128 + 135 with what is still left (that belongs to STL103; tax withheld and
    not yet paid counts apart). What a year carries over is what the next one opens with, task by
    task.

Why:
    A form that does not balance shows postings that mix sources or budget years, or a wrong kind.

How to put it right:
    Mend the postings shown: one source on all lines, the right ``budget-year`` and ``kind``.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """Two assessments a source and budget year, and one a line carried over."""
        postings = facts["postings"]
        slim = postings[list(_NEEDED)]
        for book, year in sorted(kept_years(facts)):
            of_year = slim[(slim["book"] == book) & (slim["budget_year"] == year)]
            own = of_year[of_year["fund"].isin(STATE_FUNDS)]
            closing = closing_of(law, year)
            for (fund,), rows in groups(own, ["fund"]):
                subject = f"B01 {fund}/{year}"
                if closing is None:
                    yield calendar_unknown(subject, book, year)
                elif as_of <= closing:
                    yield not_yet(subject, book, closing)
                else:
                    form = b01(of_year, year, fund, closing)
                    yield from _balances(book, subject, form, postings.loc[rows.index])
        yield from _openings(facts)


def _balances(book: str, subject: str, form: B01, rows: pd.DataFrame) -> Iterator[Assessment]:
    money = _two_sums(
        ("106 + 116", form.opening_received + form.received),
        (
            "119 + 126 + 127 + 134",
            form.proposed + form.returned + form.to_return + form.carried_received,
        ),
    )
    if form.tax_unpaid:
        unpaid = dong(form.tax_unpaid), dong(form.tax_unpaid, "en")
        money = Text(
            f"{money.vi}; thuế đã khấu trừ chưa nộp {unpaid[0]}",
            f"{money.en}; tax withheld and not yet paid {unpaid[1]}",
        )
    estimate = _two_sums(
        ("107 + 110", form.opening_estimate + form.granted),
        ("116 + 128 + 135", form.received + form.cancelled + form.carried_estimate),
    )
    sides = (("money", form.money_gap, money), ("estimate", form.estimate_gap, estimate))
    for side, gap, identity in sides:
        name = f"{subject} {side}"
        if gap == 0:
            yield Assessment(name, Verdict.PASS, book)
            continue
        evidence = _out_of_balance(rows)
        yield Assessment(
            name,
            Verdict.FAIL,
            book,
            at_issue=abs(gap),
            values={"identity": identity, "gap": gap},
            evidence=evidence_of(in_order(evidence), abs(gap)),
            in_book=True,
        )


def _two_sums(*sums: tuple[str, int]) -> Text:
    return Text(
        "; ".join(f"{lines} = {dong(total)}" for lines, total in sums),
        "; ".join(f"{lines} = {dong(total, 'en')}" for lines, total in sums),
    )


def _out_of_balance(rows: pd.DataFrame) -> pd.DataFrame:
    """Postings of transactions that do not balance within one source and budget year."""
    sums = rows.groupby("entry")["amount"].transform("sum")
    return rows[sums != 0]


def _openings(facts: Facts) -> Iterator[Assessment]:
    """What leaves a year against what the next one opens with, where the book shows both."""
    families = tuple(Family(value) for values in _SIDES.values() for value in values)
    rows = state_rows(facts, families, ("carry-over",))
    rows = rows[[*EVIDENCE, "unit", "task", "fund", "budget_year", "family"]]
    for key, line in groups(rows, _LINE):
        left = {int(value) for value in line["budget_year"]}
        for year in sorted(left | {value - 1 for value in left}):
            for side, values in _SIDES.items():
                own = line[line["family"].isin(values)]
                gone = own[(own["budget_year"] == year) & (own["amount"] < 0)]
                come = own[(own["budget_year"] == year + 1) & (own["amount"] > 0)]
                subject = f"opening {line_name(key)}/{year + 1} {side}"
                yield from _opening((key[0], subject), gone, come)


def _opening(
    named: tuple[str, str], gone: pd.DataFrame, come: pd.DataFrame
) -> Iterator[Assessment]:
    book, subject = named
    if gone.empty and come.empty:
        return
    left, opened = -int(gone["amount"].sum()), int(come["amount"].sum())
    if gone.empty or come.empty:
        yield kept_elsewhere(subject, book)
    elif left == opened:
        yield Assessment(subject, Verdict.PASS, book, observed=opened, allowed=left)
    else:
        gap = abs(opened - left)
        yield Assessment(
            subject,
            Verdict.FAIL,
            book,
            observed=opened,
            allowed=left,
            at_issue=gap,
            values={
                "identity": Text(
                    f"{dong(left)} → {dong(opened)}", f"{dong(left, 'en')} → {dong(opened, 'en')}"
                ),
                "gap": opened - left,
            },
            evidence=evidence_of(in_order(come), gap),
            in_book=True,
        )
