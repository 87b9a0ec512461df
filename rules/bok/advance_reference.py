"""BOK506: a settlement that names no advance, an unknown one, or clears more than it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import ADVANCE_FAMILIES
from ledger.kinds import Effect, kinds_that
from ledger.text import Text, split_list
from rules.assessment import Assessment, Verdict, not_concerned, passed
from rules.rows import evidence_of, in_order, in_question, known, one_family, text_values
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law

_DRAWS: Final = "advance"
# Each of them clears an advance that was drawn before.
_CLEARS: Final = kinds_that(Effect.CLEARS)

_UNNAMED: Final = Text("không ghi là của tạm ứng nào", "without saying of which advance")
_UNKNOWN: Final = Text(
    "mà sổ không có lần rút tạm ứng nào ghi chứng từ này", "under a voucher that draws no advance"
)
_EXCEEDED: Final = Text("vượt số đã rút", "more than was drawn")
_LOOSE: Final = Text(
    "nhiệm vụ, nguồn này có tạm ứng chuyển sang hoặc ghi đỏ không ghi chứng từ",
    "advances of this task and fund are brought forward or corrected without a voucher",
)


class AdvanceReference(Rule):
    """Thanh toán, nộp trả tạm ứng không đúng với tạm ứng nào.

    Kiểm tra gì:
        Chi từ tiền tạm ứng, thanh toán tạm ứng, nộp trả tạm ứng đều ghi ``advance`` là chứng từ của
        một lần rút tạm ứng trong cùng sổ, và cộng lại không quá số đã rút bằng chứng từ ấy. Nhiệm
        vụ, nguồn nào nhận tạm ứng năm trước chuyển sang, hoặc ghi đỏ tạm ứng, mà không ghi chứng
        từ thì trong mức ấy không xét chứng từ không có trong sổ và số vượt.

    Vì sao:
        Từng khoản tạm ứng phải theo dõi đến khi hết: không ghi hoặc ghi nhầm chứng từ thì không
        biết tạm ứng nào còn treo, ai đang giữ tiền. Đây là phép cộng của sổ, không dẫn điều khoản.

    Ví dụ sai:
        2021-06-20 * "Thanh toán tạm ứng"
          kind: "advance-settlement"
          voucher: "2021/TTTU/05"
          advance: "2021/RDT/13"
          Assets:TamUng:NV05:NSTP:TM6699   -60 VND
          Expenses:NV05:NSTP:TM6651         60 VND
        (chứng từ rút tạm ứng là "2021/RDT/31")

    Cách sửa:
        Ghi đúng chứng từ đã rút:
          2021-06-20 * "Thanh toán tạm ứng"
            kind: "advance-settlement"
            voucher: "2021/TTTU/05"
            advance: "2021/RDT/31"
            Assets:TamUng:NV05:NSTP:TM6699   -60 VND
            Expenses:NV05:NSTP:TM6651         60 VND
    """

    code = "BOK506"
    name = "book.advance-reference"
    title = Text(
        "Thanh toán không đúng với tạm ứng nào", "A settlement that fits no advance of the book"
    )
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "{subject}: chi, thanh toán hoặc nộp trả {amount} đồng {what}",
        "{subject}: {amount} VND paid out, settled or repaid {what}",
    )
    english = """What it checks:
    What is paid out of an advance, settled or repaid names in ``advance`` the voucher of an advance
    that the same book draws, and together does not exceed what was drawn under it. Where a task and
    fund bring advances forward from the year before, or correct advances, without a voucher, then
    within that amount a voucher that the book does not hold and an excess are not judged.

Why:
    Each advance is followed to its end: without its voucher nobody knows which one is open and
    who holds the money. This is arithmetic of the book and cites no article.

How to put it right:
    Write the voucher by which the advance was drawn.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a transaction without a name, a name unknown, an advance exceeded."""
        postings = facts["postings"]
        rows = postings[postings["family"].isin(ADVANCE_FAMILIES)]
        settles = known(rows["kind"], _CLEARS) & (rows["kind"] != "")
        unnamed = settles & (rows["amount"] < 0) & (rows["advance"] == "")
        for found in in_question(rows[unnamed]):
            yield Assessment(
                found.name,
                Verdict.FAIL,
                found.book,
                at_issue=found.at_issue,
                values={"what": _UNNAMED, "amount": int(found.at_issue)},
                evidence=found.evidence,
                review=True,
            )
        for book in sorted(text_values(rows["book"])):
            here = rows["book"] == book
            yield from _of_book(book, rows[here], settles[here])


def _of_book(book: str, rows: pd.DataFrame, settles: pd.Series) -> Iterator[Assessment]:
    """What came of each advance, or advances settled together, that a settlement names."""
    named = rows["advance"].astype(str)
    draws = (rows["kind"] == _DRAWS) & (rows["amount"] > 0)
    # A draw is known by its own voucher, unless it says that it is part of an earlier one.
    cells = named.where(named != "", rows["voucher"].astype(str).where(draws, ""))
    arrives = (rows["amount"] > 0) & ~settles
    places = _places(rows)
    loose = rows["amount"].where(arrives & (cells == "") & ~draws, 0).groupby(places).sum()
    drawn = {name for cell in cells[arrives].unique() for name in split_list(cell)}

    parts = cells.map(_together(cells.unique()))
    left = rows["amount"].groupby(parts).sum()
    asked = sorted(set(parts[settles].dropna()))
    missing = {part: [one for one in split_list(part) if one not in drawn] for part in asked}
    wrong = [part for part in asked if missing[part] or left[part] < 0]
    shown = rows[settles & parts.isin(wrong)]
    excused = 0
    for part, settled in shown.groupby(parts.loc[shown.index]):
        spare, over = int(loose[places.loc[settled.index].unique()].sum()), -int(left[part])
        if spare and over <= spare:
            excused += 1
        elif missing[str(part)]:
            yield _unknown(book, missing[str(part)], settled, cells.loc[settled.index])
        else:
            yield _exceeded(book, str(part), settled, over)
    yield from passed(len(asked) - len(wrong))
    yield from not_concerned(excused, _LOOSE)


def _places(rows: pd.DataFrame) -> pd.Series:
    """Whose money each row is: an advance of one task and fund is settled nowhere else."""
    unit, task, fund = (rows[column].astype(str) for column in ("unit", "task", "fund"))
    return unit + "/" + task + "/" + fund


def _unknown(book: str, missing: list[str], settled: pd.DataFrame, cells: pd.Series) -> Assessment:
    names_one = cells.map(lambda cell: not set(missing).isdisjoint(split_list(cell)))
    question = one_family(settled[names_one])
    return Assessment(
        f"advance {'; '.join(missing)}",
        Verdict.FAIL,
        book,
        at_issue=question.at_issue,
        values={"what": _UNKNOWN, "amount": question.at_issue},
        evidence=question.evidence,
    )


def _exceeded(book: str, name: str, settled: pd.DataFrame, over: int) -> Assessment:
    return Assessment(
        f"advance {name}",
        Verdict.FAIL,
        book,
        at_issue=over,
        values={"what": _EXCEEDED, "amount": over},
        evidence=evidence_of(in_order(settled), over),
    )


def _together(cells: Iterable[str]) -> dict[str, str]:
    """The advances that each cell stands with: those settled by one transaction are one sum."""
    parts: dict[str, frozenset[str]] = {}
    split = {cell: names for cell in cells if (names := frozenset(split_list(cell)))}
    for names in split.values():
        merged = names.union(*(parts.get(name, ()) for name in names))
        parts.update(dict.fromkeys(merged, merged))
    return {cell: "; ".join(sorted(parts[min(names)])) for cell, names in split.items()}
