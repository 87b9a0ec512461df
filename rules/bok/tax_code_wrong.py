"""BOK501: a party's tax code is missing or cannot exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
from stdnum.vn import mst

from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rows import declared, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

# A person's identification number serves as the tax code; it has no public check digit.
_PERSONAL: Final = re.compile(r"0\d{11}")


class TaxCodeWrong(Rule):
    """Mã số thuế của đối tượng để trống hoặc sai chữ số kiểm tra.

    Kiểm tra gì:
        Mã số thuế ở khai báo ``party`` có 10 chữ số đúng chữ số kiểm tra, hoặc 13 chữ số của đơn vị
        phụ thuộc (10 số, dấu gạch, 3 số), hoặc 12 chữ số định danh cá nhân (bắt đầu bằng 0, không
        có chữ số kiểm tra công khai). Đối tượng nước ngoài (``foreign: TRUE``) không xét.

    Vì sao:
        Mã sai thì không đối chiếu được với hóa đơn, hợp đồng, và một doanh nghiệp có thể đứng dưới
        hai mã. Sai có thể do bên bán ghi trên giấy tờ, nên chỉ đề nghị xem lại.

    Ví dụ sai:
        2021-01-01 custom "party" "0199001011" "Công ty Minh Họa"
          role: "enterprise"

    Cách sửa:
        Tra mã trên hóa đơn và trang của cơ quan thuế rồi sửa, ở cả những giao dịch nêu mã đó:
          2021-01-01 custom "party" "0199001010" "Công ty Minh Họa"
            role: "enterprise"
        Đối tượng nước ngoài thì ghi:
          foreign: TRUE
    """

    code = "BOK501"
    name = "book.tax-code-wrong"
    title = Text("Mã số thuế sai", "A tax code that cannot exist")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text("{title}: mã số thuế {problem}", "{title}: the tax code {problem}")
    english = """What it checks:
    The tax code of a ``party`` has 10 digits with the right check digit, or the 13 of a dependent
    unit (10, a dash, 3), or the 12 of a personal identification number (from 0 on, without a
    public check digit). Foreign parties (``foreign: TRUE``) are not judged.

Why:
    A wrong code compares with no invoice or contract, and one enterprise may stand under two. The
    seller's paper may be what is wrong, so it is only asked about.

How to put it right:
    Look the code up and mend it, also where transactions name it.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a party whose code is wrong; the rest in bulk."""
        parties = facts["parties"]
        foreign = parties["foreign"]
        if foreign.any():
            reason = Text("đối tượng nước ngoài", "a foreign party")
            yield Assessment(
                "", Verdict.NOT_APPLICABLE, population=int(foreign.sum()), reason=reason
            )
        judged = parties[~foreign]
        problems = [problem_of(str(code)) is not None for code in judged["tax_code"]]
        wrong = judged[np.array(problems, dtype=np.bool_)]
        for row in records(wrong.sort_values(["book", "tax_code"])):
            yield Assessment(
                f"party {row.tax_code}".strip(),
                Verdict.FAIL,
                str(row.book),
                values={
                    "title": str(row.title),
                    "problem": _told(str(row.tax_code)),
                },
                evidence=(declared(row, f"party {row.tax_code}"),),
                review=True,
            )
        yield from passed(len(judged) - len(wrong))


def _told(tax_code: str) -> Text:
    """The code, where there is one, and what is wrong with it."""
    problem = problem_of(tax_code) or Text("", "")
    if not tax_code.strip():
        return problem
    return Text(f"«{tax_code}» {problem.vi}", f"“{tax_code}” {problem.en}")


def problem_of(tax_code: str) -> Text | None:
    """What is wrong with a tax code; None where nothing is."""
    if not tax_code.strip():
        return Text("để trống", "is empty")
    if _PERSONAL.fullmatch(tax_code) or mst.is_valid(tax_code):
        return None
    if sum(sign.isdigit() for sign in tax_code) in {10, 13}:
        return Text("sai chữ số kiểm tra", "has a wrong check digit")
    return Text("không có 10, 12 hoặc 13 chữ số", "does not have 10, 12 or 13 digits")
