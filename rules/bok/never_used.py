"""BOK505: a declaration that nothing in the book refers to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from ledger.programmes import of_years
from ledger.text import Text, split_list
from rules.assessment import Assessment, Verdict, passed
from rules.budget_years import closing_of
from rules.rows import declared, records, text_values
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

# What is declared, and the columns that refer to it. A cell may hold several names.
_DECLARED: Final = (
    ("contract", "contracts", "contract", (("postings", "contract"),)),
    ("event", "events", "event", (("postings", "event"),)),
    ("support", "supports", "support", (("postings", "support"),)),
    (
        "party",
        "parties",
        "tax_code",
        (
            ("postings", "vendor"),
            ("postings", "beneficiary"),
            ("postings", "contributor"),
            ("postings", "holder"),
            ("contracts", "vendor"),
            ("supports", "enterprise"),
            ("events", "participants"),
            ("invoices", "seller"),
        ),
    ),
)
_SHOWN: Final = ["book", "file", "line", "declared", "title"]
_NO_NUMBER: Final = Text("để trống mã số", "without its number")
_Key = tuple[str, str, str]  # book, what, name


class NeverUsed(Rule):
    """Khai báo không được dùng đến ở đâu trong sổ.

    Kiểm tra gì:
        Sau chỉnh lý quyết toán của niên độ: hợp đồng, sự kiện, khoản hỗ trợ được ít nhất một giao
        dịch nêu; đối tượng được giao dịch, hợp đồng, khoản hỗ trợ, danh sách tham gia hoặc hóa đơn
        nêu (người giữ tạm ứng nêu theo tên cũng tính; chính đơn vị, role "unit", không tính).

    Vì sao:
        Khai báo không dùng là việc đã quyết định mà không chi, hoặc giao dịch quên nêu tên; trường
        hợp sau thì các quy tắc không đối chiếu được khoản chi.

    Ví dụ sai:
        2021-07-01 custom "contract" "20/2021/HĐ-SCT" "In tài liệu"
          task: "NV02"
        (không giao dịch nào ghi contract: "20/2021/HĐ-SCT")

    Cách sửa:
        Ghi tên ở giao dịch của nó, hoặc bỏ khai báo:
          2021-10-20 * "Trả tiền in"
            kind: "payment"
            contract: "20/2021/HĐ-SCT"
    """

    code = "BOK505"
    name = "book.never-used"
    title = Text("Khai báo không dùng đến", "A declaration never used")
    severity = Severity.NOTE
    rests_on_law = False
    message = Text(
        "{subject} ({title}): đã khai báo, không giao dịch nào nêu đến",
        "{subject} ({title}): declared, and nothing refers to it",
    )
    english = """What it checks:
    After the closing of the budget year: contracts, events and supports are named by a
    transaction; parties by a transaction, contract, support, list of participants or invoice (the
    holder of an advance may be named by title; the unit itself, of role “unit”, apart).

Why:
    What is not used was decided and not spent on, or a transaction forgot to name it; then no rule
    compares the spending with it.

How to put it right:
    Name it on its transactions, or take the declaration out.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a declaration never used; the rest in bulk."""
        used, ours = _used(facts), _units(facts)
        waiting = left = 0
        for what, frame, column, _ in _DECLARED:
            shown = facts[frame][[*_SHOWN, column]]
            closed = _of_closed_years(facts, shown, law, as_of)
            for row, over in zip(records(shown), closed, strict=True):
                book, name = str(row.book), str(getattr(row, column))
                if not over:
                    waiting += 1
                elif (book, what, name) in ours or {
                    (book, what, name),
                    (book, what, str(row.title)),
                } & used:
                    left += 1
                else:
                    shown_as = f"{what} {name or row.title}"
                    yield Assessment(
                        shown_as,
                        Verdict.FAIL,
                        book,
                        values={"title": (str(row.title) or "–") if name else _NO_NUMBER},
                        evidence=(declared(row, shown_as),),
                        review=True,
                    )
        if waiting:
            reason = Text("chưa hết thời gian chỉnh lý", "the closing period is not over")
            yield Assessment("", Verdict.NOT_APPLICABLE, population=waiting, reason=reason)
        yield from passed(left)


def _units(facts: Facts) -> set[_Key]:
    """The unit itself, declared as a party for invoices to be compared with."""
    frame = facts["parties"].astype({"book": "str", "tax_code": "str", "role": "str"})
    return {
        (row.book, "party", row.tax_code)
        for row in records(frame)
        if "unit" in split_list(row.role)
    }


def _of_closed_years(
    facts: Facts, declarations: pd.DataFrame, law: Law, as_of: dt.date
) -> list[bool]:
    """Whether the programme under which each was declared is closed; until then it may be used."""
    dated = declarations.assign(budget_year=declarations["declared"].dt.year)
    years = of_years(facts, dated, "budget_year").tolist()
    closings = {year: closing_of(law, int(year)) for year in set(years) - {None}}
    over = {year for year, day in closings.items() if day is not None and as_of > day}
    return [year in over for year in years]


def _used(facts: Facts) -> set[_Key]:
    """Every name that something refers to, by book."""
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for what, _, _, columns in _DECLARED:
        for frame, column in columns:
            places[frame, column].add(what)
    found: set[_Key] = set()
    for (frame, column), whats in places.items():
        source = facts[frame]
        for book in text_values(source["book"]):
            cells = text_values(source.loc[source["book"] == book, column])
            names = {name for cell in cells for name in split_list(cell)}
            found |= {(str(book), what, name) for what in whats for name in names}
    return found
