"""BOK207: a code that is not in the budget classification."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text
from rules.assessment import Assessment, Evidence, Verdict, passed
from rules.bok.placeholder_left import PLACEHOLDER
from rules.budget_codes import SEGMENTS, BudgetCodes
from rules.rows import Questioned, declared, one_family, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

# Columns of postings and of the programme that hold codes, by segment. What enterprises spend
# themselves has the sub-item 0000, which is none.
_OF_POSTINGS: Final = {
    "sub-item": "sub_item",
    "item": "kind_item",
    "source": "source_code",
    "programme": "programme_code",
}
_OF_PROGRAMME: Final = {
    "chapter": "chapter",
    "item": "kind_item",
    "source": "source_code",
    "programme": "programme_code",
}
_NO_SUB_ITEM: Final = "0000"
_ITEM_DIGITS: Final = 3


class _Use(NamedTuple):
    """A code used in a book and budget year."""

    segment: str
    book: str
    code: str
    year: int


class UnknownCode(Rule):
    """Mã không có trong mục lục ngân sách.

    Kiểm tra gì:
        Tiểu mục của tài khoản và chương, khoản, mã nguồn, mã chương trình đã ghi là mã có trong
        mục lục ngân sách nhà nước của niên độ. Danh mục kèm phần mềm mới đọc được một phần: tiểu
        mục không thấy ở đó chỉ đề nghị xem lại, các loại mã khác chưa kiểm được. Đơn vị đã nạp
        danh mục của mình (``cnht codes load``) thì mã không có trong danh mục ấy là lỗi.

    Vì sao:
        Kho bạc hạch toán và báo cáo quyết toán lập theo mã; mã không có thì khoản chi không vào
        dòng nào.

    Ví dụ sai:
        Expenses:NV04:NSTP:TM7765          55000 VND

    Cách sửa:
        Expenses:NV04:NSTP:TM7756          55000 VND
    """

    code = "BOK207"
    name = "book.unknown-code"
    title = Text("Mã không có trong mục lục ngân sách", "A code not in the budget classification")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "mã {segment} {code} không có trong {which} niên độ {year}; gần nhất: {near}",
        "the code {code} ({segment}) is not in {which} of {year}; nearest: {near}",
    )
    english = """What it checks:
    Sub-items of accounts, and the chapter, item, source and programme codes given, are codes of the
    budget classification of the year. What ships was read in part: a sub-item that it lacks is
    asked about, other kinds of codes are not judged. Once a unit has loaded its own list
    (``cnht codes load``), a code that it lacks is an error.

Why:
    The Treasury books and settlements are made up by codes; under a code that does not exist a
    payment is in no line.

How to put it right:
    Write the right code.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an unknown code of a book and year; the rest in bulk."""
        uses = sorted(set(_uses(facts)))
        count = 0
        for use in uses:
            known = law.codes.known(use.segment, use.year)
            if use.code in known.codes:
                count += 1
            elif known.complete or _judged_in_part(law.codes, use):
                yield _missing(facts, law.codes, use)
            else:
                yield _untold(use)
        yield from passed(count)


def _judged_in_part(codes: BudgetCodes, use: _Use) -> bool:
    """Whether the part that ships says enough of a code to ask about it."""
    listed = use.segment == "sub-item" and bool(codes.known(use.segment, use.year).codes)
    return listed and not codes.named_only(use.code, use.year)


def _uses(facts: Facts) -> Iterator[_Use]:
    """The codes that the books use, each once."""
    postings = facts["postings"]
    for segment, column in _OF_POSTINGS.items():
        rows = postings[["book", column, "budget_year"]].drop_duplicates()
        for row in rows.itertuples(index=False, name=None):
            yield from _use(segment, *row)
    for segment, column in _OF_PROGRAMME.items():
        rows = facts["programme"][["book", column, "budget_year"]]
        for row in rows.itertuples(index=False, name=None):
            yield from _use(segment, *row)


def _use(segment: str, book: object, code: object, year: int) -> Iterator[_Use]:
    written = _code_of(segment, str(code))
    if written not in {"", _NO_SUB_ITEM} and PLACEHOLDER not in written:
        yield _Use(segment, str(book), written, int(year))


def _code_of(segment: str, text: str) -> str:
    """The code of a cell: the item of ``280-309``, from which its kind follows; ``TM`` dropped."""
    return text[-_ITEM_DIGITS:] if segment == "item" else text.removeprefix("TM")


def _rows(frame: pd.DataFrame, columns: dict[str, str], use: _Use) -> pd.DataFrame:
    column = columns.get(use.segment)
    if column is None:
        return frame[:0]
    cells = [c for c in frame[column].cat.categories if _code_of(use.segment, c) == use.code]
    here = (frame["book"] == use.book) & (frame["budget_year"] == use.year)
    return frame[here & frame[column].isin(cells)]


def _missing(facts: Facts, codes: BudgetCodes, use: _Use) -> Assessment:
    known = codes.known(use.segment, use.year)
    rows = _rows(facts["postings"], _OF_POSTINGS, use)
    question = one_family(rows) if not rows.empty else Questioned(0, ())
    near = difflib.get_close_matches(use.code, list(known.codes), n=1)
    return Assessment(
        f"code {use.segment} {use.code} {use.year}",
        Verdict.FAIL,
        use.book,
        at_issue=question.at_issue,
        values={
            "segment": SEGMENTS[use.segment],
            "code": use.code,
            "year": str(use.year),
            "which": _OWN if known.complete else _PART,
            "near": f"{near[0]} {known.codes[near[0]].name}" if near else "–",
        },
        evidence=(*question.evidence, *_declared(facts, use)),
        review=not known.complete,
    )


_OWN: Final = Text("danh mục đơn vị đã nạp", "the list that the unit loaded")
_PART: Final = Text("phần mục lục đã đọc được", "the part of the classification that was read")


def _declared(facts: Facts, use: _Use) -> list[Evidence]:
    rows = _rows(facts["programme"], _OF_PROGRAMME, use)
    return [declared(row, f"{use.segment} {use.code}") for row in records(rows)]


def _untold(use: _Use) -> Assessment:
    name = SEGMENTS[use.segment]
    reason = Text(
        f"chưa có danh mục {name.vi} của niên độ để đối chiếu; nạp bằng «cnht codes load»",
        f"no list of the {name.en} for the year; load one by “cnht codes load”",
    )
    return Assessment(
        f"code {use.segment} {use.code} {use.year}", Verdict.UNKNOWN, use.book, reason=reason
    )
