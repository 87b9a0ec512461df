"""BOK107: a budget year that no programme of the book declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.budget_years import budget_rows
from rules.rows import in_question, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

# Entries between a year and the one beside it tell that the book carries something over.
_BESIDE: Final = 1


class YearNotDeclared(Rule):
    """Niên độ không có chương trình nào của sổ khai báo.

    Kiểm tra gì:
        Mỗi bút toán dự toán, tạm ứng và chi ngân sách (NSTP, NSTW) thuộc niên độ của một chương
        trình (``programme``) trong cùng sổ, hoặc niên độ liền kề mà sổ có bút toán chuyển nguồn,
        thu hồi với niên độ đã khai báo. Bút toán khác (tiền gửi, đóng góp) chỉ xét khi cách mọi
        niên độ đã khai báo từ hai năm trở lên. Giao dịch ghi ngày sau ngày kiểm tra cũng được xét.

    Vì sao:
        Năm gõ nhầm (2062 thay cho 2026) thì khoản chi không vào biểu nào và chưa đến ngày để quy
        tắc khác nhìn thấy; niên độ mới chưa khai báo thì chưa có dự toán, mã và định mức để xét.

    Ví dụ sai:
        2062-05-05 * "Thuê gian hàng"
          kind: "payment"
          Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
          Expenses:NV02:NSTP:TM6655         500 VND

    Cách sửa:
        Sửa ngày (hoặc budget-year), hoặc khai báo chương trình của niên độ đó:
          2026-05-05 * "Thuê gian hàng"
            kind: "payment"
            Assets:DuToan:KhaDung:NV02:NSTP  -500 VND
            Expenses:NV02:NSTP:TM6655         500 VND
    """

    code = "BOK107"
    name = "book.year-not-declared"
    title = Text("Niên độ chưa khai báo", "A budget year that is not declared")
    severity = Severity.ERROR
    rests_on_law = False
    sees_all = True
    message = Text(
        "{subject}: niên độ {year} không có chương trình nào của sổ khai báo (có: {years}); sửa "
        "ngày hoặc budget-year, hoặc khai báo chương trình của niên độ đó",
        "{subject}: no programme of the book declares the budget year {year} (declared: {years}); "
        "mend the day or the budget-year, or declare the programme of that year",
    )
    english = """What it checks:
    Every posting of the estimate, of advances and of state spending (NSTP, NSTW) is of a budget
    year that a programme of the same book declares, or of the year beside one with which it
    exchanges carry-overs or recoveries. Other postings (deposits, contributions) are asked about
    only where they lie two years or more from every declared year. What is dated after the day of
    the check is looked at too.

Why:
    Under a mistyped year (2062 for 2026) spending feeds no form and no other rule sees it yet; a
    new year that is not declared has no estimate, codes or norms to be judged by.

How to put it right:
    Mend the day or the ``budget-year``, or declare the programme of that year.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction and year that is not declared; the rest in bulk."""
        declared: dict[str, set[int]] = {}
        for row in records(facts["programme"]):
            declared.setdefault(str(row.book), set()).add(int(row.budget_year))
        postings = facts["postings"]
        left = len(postings)
        for book, years in sorted(declared.items()):
            strange = _strange(postings[postings["book"] == book], facts, years)
            left -= len(strange)
            for year, part in strange.groupby("budget_year"):
                yield from _failed(part, str(year), ", ".join(map(str, sorted(years))))
        yield from passed(left)


def _strange(rows: pd.DataFrame, facts: Facts, years: set[int]) -> pd.DataFrame:
    """Postings of a book whose budget year is none of those declared, nor lawfully beside one."""
    other = ~rows["budget_year"].isin(years)
    if not other.any():
        return rows[other]
    near = rows["budget_year"].isin([year + step for year in years for step in (-_BESIDE, _BESIDE)])
    joining = rows["entry"].isin(rows["entry"][~other])
    beside = rows["budget_year"].isin(rows["budget_year"][near & joining].unique())
    of_budget = rows["posting"].isin(budget_rows(facts)["posting"])
    return rows[other & ~beside & (of_budget | ~near)]


def _failed(rows: pd.DataFrame, year: str, years: str) -> Iterator[Assessment]:
    for found in in_question(rows):
        yield Assessment(
            f"{found.name} ({year})",
            Verdict.FAIL,
            found.book,
            at_issue=found.at_issue,
            values={"year": year, "years": years},
            evidence=found.evidence,
        )
