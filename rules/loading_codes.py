"""A unit's own list of the budget classification, from rows to a file that it answers for."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from ledger.directives import FIRST_YEAR, LAST_YEAR
from ledger.problems import BadInputError, Problem
from ledger.text import Text
from rules.budget_codes import SEGMENTS, Code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.sheet_cell import SheetCell, SheetRow

HEADINGS: Final = {
    "segment": "Loại mã",
    "code": "Mã",
    "name": "Tên",
    "from": "Từ niên độ",
    "to": "Đến niên độ",
}
HINT: Final = Text(
    "để đủ các cột ấy ở hàng tiêu đề, mỗi mã một hàng ở dưới; niên độ để trống nếu không giới hạn",
    "put these columns on a row of headings, one code a row below; years may stay empty",
)
# How many digits the codes of a segment have.
_DIGITS: Final = {
    "chapter": 3, "kind": 3, "item": 3, "item-group": 4, "sub-item": 4, "source": 2, "programme": 4,
}  # fmt: skip
_CODE: Final = re.compile(r"\d+")


def read_codes(rows: Sequence[SheetRow]) -> list[Code]:
    """The codes of a filled sheet.

    Raises:
        BadInputError: with every cell at fault.
    """
    problems: list[Problem] = []
    codes: list[Code] = []
    places: list[SheetCell] = []
    for row in rows:
        segment = _segment(row["segment"], problems)
        code = _code(row["code"], segment, problems)
        first = _year(row["from"], FIRST_YEAR, problems)
        last = _year(row["to"], LAST_YEAR, problems)
        if not row["name"].text:
            text = Text("thiếu tên", "the name is missing")
            remedy = Text("ghi tên mã như trong danh mục", "write its name as the list has it")
            problems.append(row["name"].problem(text, remedy))
        if last < first:
            text = Text(
                f"niên độ cuối {last} trước niên độ đầu {first}",
                f"the last year {last} is before the first {first}",
            )
            remedy = Text("sửa một trong hai niên độ", "mend one of the two years")
            problems.append(row["to"].problem(text, remedy))
        if segment and code:
            read = {"segment": segment, "code": code, "name": row["name"].text}
            codes.append(Code.model_validate({**read, "from": first, "to": last}))
            places.append(row["code"])
    problems += _twice(codes, places)
    if not rows:
        text = Text("tệp không có mã nào", "the file holds no code")
        remedy = Text("ghi mỗi mã một hàng dưới tiêu đề", "write one code a row below the headings")
        problems.append(Problem("", 0, text, remedy))
    if problems:
        raise BadInputError(problems)
    return codes


def _segment(cell: SheetCell, problems: list[Problem]) -> str:
    names = {name.vi: key for key, name in SEGMENTS.items()} | {key: key for key in SEGMENTS}
    found = names.get(cell.text.casefold(), "")
    if not found:
        known = "; ".join(f"«{name.vi}»" for name in SEGMENTS.values())
        text = Text(f"loại mã «{cell.text}» không có", f"there is no kind of code “{cell.text}”")
        remedy = Text(f"ghi một trong: {known}", f"write one of: {', '.join(SEGMENTS)}")
        problems.append(cell.problem(text, remedy))
    return found


def _code(cell: SheetCell, segment: str, problems: list[Problem]) -> str:
    """The digits of a code; a number has lost its leading zeros, which are put back."""
    value, text = cell.value, _digits(cell)
    if segment and isinstance(value, (int, Decimal)):
        text = text.zfill(_DIGITS[segment])
    wanted = _DIGITS.get(segment, 0)
    if _CODE.fullmatch(text) and len(text) == wanted:
        return text
    if wanted:
        name = SEGMENTS[segment]
        told = Text(
            f"mã {name.vi} phải có {wanted} chữ số, không phải «{cell.text}»",
            f"a code of the {name.en} has {wanted} digits, not “{cell.text}”",
        )
        remedy = Text(
            "sửa ô cho đủ chữ số, không thêm chữ, dấu chấm hay dấu nháy",
            "give the cell all its digits, without letters, points or apostrophes",
        )
        problems.append(cell.problem(told, remedy))
    return ""


def _digits(cell: SheetCell) -> str:
    """A cell as text; a whole number, however the program keeps it, by its digits alone."""
    value = cell.value
    whole = isinstance(value, Decimal) and value == value.to_integral_value()
    return str(int(value)) if whole else cell.text  # type: ignore[arg-type]  # a Decimal


def _year(cell: SheetCell, absent: int, problems: list[Problem]) -> int:
    value = cell.value
    if value is None:
        return absent
    if isinstance(value, dt.date):
        value = value.year
    text = str(value) if isinstance(value, int) else _digits(cell)
    if text.isdecimal() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    told = Text(f"niên độ phải là năm, không phải «{cell.text}»", f"not a year: “{cell.text}”")
    remedy = Text(
        "sửa ô thành số của năm, ví dụ 2021, hoặc để trống",
        "make the cell a number of a year, e.g. 2021, or leave it empty",
    )
    problems.append(cell.problem(told, remedy))
    return absent


def _twice(codes: Sequence[Code], places: Sequence[SheetCell]) -> list[Problem]:
    """A code that stands twice for one year."""
    seen: dict[tuple[str, str], tuple[Code, SheetCell]] = {}
    problems = []
    for code, place in zip(codes, places, strict=True):
        first = seen.setdefault((code.segment, code.code), (code, place))
        if first[1] is not place and first[0].from_ <= code.to and code.from_ <= first[0].to:
            text = Text(
                f"mã {code.code} trùng với ô {first[1].ref}",
                f"the code {code.code} repeats cell {first[1].ref}",
            )
            problems.append(place.problem(text, Text("bỏ một dòng", "drop one line")))
    return problems
