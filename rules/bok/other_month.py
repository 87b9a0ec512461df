"""BOK106: a transaction outside the file of its month."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import numpy as np

from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.rows import in_question
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from ledger.facts import Facts
    from rules.law import Law

# `2021-05` holds May 2021, `2022-chinh-ly` what is booked in 2022 to close the year before.
_MONTH: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)")
_CLOSING: Final = re.compile(r"(?P<year>\d{4})-chinh-ly")
_ANY: Final = -1


class OtherMonth(Rule):
    """Giao dịch ghi trong tệp của tháng khác.

    Kiểm tra gì:
        Tệp có tên là năm và tháng (``2021-05.beancount``) chỉ chứa giao dịch có ngày trong tháng
        đó; tệp chỉnh lý (``2022-chinh-ly.beancount``) chỉ chứa giao dịch có ngày trong năm đó. Tệp
        tên khác không xét.

    Vì sao:
        Mỗi tháng một tệp để đối chiếu với kho bạc và khóa sổ theo tháng; giao dịch nằm ở tệp tháng
        khác thường là gõ nhầm ngày, và dễ bị bỏ sót khi đối chiếu.

    Ví dụ sai:
        (trong tệp 2021-05.beancount)
        2021-06-03 * "Chi văn phòng phẩm"
          kind: "payment"

    Cách sửa:
        Chuyển giao dịch sang tệp của tháng:
          (trong tệp 2021-06.beancount)
          2021-06-03 * "Chi văn phòng phẩm"
            kind: "payment"
        Gõ nhầm ngày thì sửa ngày.
    """

    code = "BOK106"
    name = "book.other-month"
    title = Text("Ghi trong tệp của tháng khác", "Booked in the file of another month")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: ngày {day} mà đứng trong tệp {file}",
        "{subject}: dated {day} and stands in the file {file}",
    )
    english = """What it checks:
    A file named by year and month (``2021-05.beancount``) holds only transactions of that month; a
    closing file (``2022-chinh-ly.beancount``) only those dated in that year. Files with other
    names are not judged.

Why:
    Each month has its file, so that it is reconciled and sealed by itself; a transaction in the
    file of another month is mostly a slip in its date, and is easily missed.

How to put it right:
    Move it to the file of its month, or mend the date.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction that fails; the rest in bulk."""
        postings = facts["postings"]
        wrong, judged = _outside(postings)
        for found in in_question(postings[wrong]):
            first = found.rows[0]
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                values={
                    "day": day_name(first.date),
                    "file": PurePath(str(first.file)).name,
                },
                evidence=tuple(row._replace(at_issue=0) for row in found.evidence),
            )
        yield from passed(judged - int(wrong.sum()))
        rest = len(postings) - judged
        if rest:
            reason = Text("tệp không mang tên tháng", "the file is not named by a month")
            yield Assessment("", Verdict.NOT_APPLICABLE, population=rest, reason=reason)


def _outside(postings: pd.DataFrame) -> tuple[NDArray[np.bool_], int]:
    """Which postings stand outside the month or year of their file, and how many are judged."""
    files = postings["file"].cat
    named = [_period(PurePath(file).stem) for file in files.categories]
    table = np.array(named or [(_ANY, _ANY)], dtype=np.int64)
    period = table[files.codes.to_numpy()]
    year, month = period[:, 0], period[:, 1]
    judged = year != _ANY
    dates = postings["date"].to_numpy().astype("datetime64[M]").astype(np.int64)
    inside = (year == dates // 12 + 1970) & ((month == _ANY) | (month == dates % 12 + 1))
    wrong: NDArray[np.bool_] = judged & ~inside
    return wrong, int(judged.sum())


def _period(stem: str) -> tuple[int, int]:
    """The year and month that a file is named by."""
    if found := _MONTH.fullmatch(stem):
        return int(found["year"]), int(found["month"])
    if found := _CLOSING.fullmatch(stem):
        return int(found["year"]), _ANY
    return _ANY, _ANY
