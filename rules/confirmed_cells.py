"""Cells of a worksheet that a unit filled in, read one by one (ô của bảng xác nhận).

What is wrong with a cell goes into ``problems``; the caller goes on, so that all is told at once.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ledger.text import Text, percent, split_list

if TYPE_CHECKING:
    from ledger.problems import Problem
    from ledger.sheet_cell import SheetCell, SheetRow

NO_LIMIT: Final = "không có"
_SMALLEST: Final = Decimal("0.000001")
_WHOLE_PERCENT: Final = 100
# Below it a share above 100 % is meant, as 1.2 in a cell that shows 120 %.
_LEAST_PERCENT: Final = 2
# What a cell formatted as text shows like a number or a day, and is none.
_NUMBER_TYPED: Final = re.compile(r"[\d.,\s]*\d\s*(?:%|đồng|đ|VND)?", re.IGNORECASE)
_DAY_TYPED: Final = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_MAKE_NUMBER: Final = Text(
    "ô này giữ chữ, không giữ số: đổi kiểu ô sang Số (Ctrl+1), xóa rồi gõ lại số, không gõ dấu "
    "nháy ở đầu, không gõ dấu chấm hay chữ «đồng»",
    "the cell holds text: set its format to Number (Ctrl+1), clear it and type the number again, "
    "without a leading apostrophe, points or a currency",
)
_MAKE_DAY: Final = Text(
    "ô này giữ chữ, không giữ ngày: đổi kiểu ô sang Ngày (Ctrl+1), xóa rồi gõ lại ngày, không gõ "
    "dấu nháy ở đầu",
    "the cell holds text: set its format to Date (Ctrl+1), clear it and type the day again, "
    "without a leading apostrophe",
)
LOOK_AGAIN: Final = Text("đọc lại văn bản, sửa ô này", "read the text again and mend this cell")


def figure_of(cell: SheetCell, *, share: bool, problems: list[Problem]) -> str | None:
    """A figure as YAML text; None where it is wrong."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        text = Text(
            f"con số phải là số, không phải chữ «{cell.text}»"
            if value is not None
            else "chưa ghi con số",
            f"the figure must be a number, not the text “{cell.text}”"
            if value is not None
            else "the figure is not filled in",
        )
        remedy = Text(
            f"ghi số, ví dụ 70% hoặc 12000000; văn bản không đặt mức này thì ghi «{NO_LIMIT}»",
            f"write a number, e.g. 70% or 12000000; “{NO_LIMIT}” where the text sets no limit",
        )
        typed = _NUMBER_TYPED.fullmatch(cell.text)
        problems.append(cell.problem(text, _MAKE_NUMBER if typed else remedy))
        return None
    number = Decimal(value)
    wrong = _wrong_share(number) if share else _wrong_whole(number)
    if wrong:
        meant = share and _LEAST_PERCENT <= number <= _WHOLE_PERCENT
        problems.append(cell.problem(wrong, _as_percent(number) if meant else LOOK_AGAIN))
        return None
    if share:
        return f"{number.quantize(_SMALLEST).normalize():f}"
    return str(int(number))


def _as_percent(number: Decimal) -> Text:
    """A share typed without its sign."""
    share = Fraction(number) / _WHOLE_PERCENT
    return Text(
        f"nếu là {percent(share)} thì gõ cả dấu: {percent(share)}",
        f"if it is {percent(share, 'en')}, type the sign too: {percent(share, 'en')}",
    )


def _wrong_share(number: Decimal) -> Text | None:
    if number > 1:
        share = Fraction(number)
        return Text(
            f"tỷ lệ {percent(share)} trên 100%", f"the share {percent(share, 'en')} is above 100%"
        )
    if number <= 0:
        return Text("tỷ lệ phải lớn hơn 0%", "the share must be above 0%")
    return None


def _wrong_whole(number: Decimal) -> Text | None:
    if number != number.to_integral_value() or number < 0:
        return Text(
            f"số tiền hoặc số lượng phải là số nguyên không âm, không phải {number}",
            f"an amount or number must be whole and not negative, not {number}",
        )
    return None


def period_of(row: SheetRow, problems: list[Problem]) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day of a figure; None for a day that is wrong or not said."""
    first, last = day_of(row["from"], problems), None
    if row["to"].value is not None:
        last = day_of(row["to"], problems)
    if first and last and last < first:
        text = Text(
            f"ngày cuối {last:%d/%m/%Y} trước ngày đầu {first:%d/%m/%Y}",
            f"the last day {last} is before the first day {first}",
        )
        problems.append(row["to"].problem(text, LOOK_AGAIN))
    return first, last


def day_of(cell: SheetCell, problems: list[Problem]) -> dt.date | None:
    """A day; None where the cell holds none."""
    if isinstance(cell.value, dt.date):
        return cell.value
    text = Text(
        f"phải là ngày, không phải «{cell.text}»" if cell.text else "chưa ghi ngày",
        f"must be a day, not “{cell.text}”" if cell.text else "the day is not filled in",
    )
    remedy = Text("ghi ngày dạng 31/12/2021", "write the day as 31/12/2021")
    typed = _DAY_TYPED.fullmatch(cell.text)
    problems.append(cell.problem(text, _MAKE_DAY if typed else remedy))
    return None


def tiers_of(cell: SheetCell, problems: list[Problem]) -> dict[str, list[str]]:
    """The values of each word of a tier, as «destination asia/europe» names them."""
    tiers = {}
    for part in split_list(cell.text):
        word, _, value = part.partition(" ")
        if not value:
            text = Text(
                f"bậc ghi như «destination asia», không phải «{part}»",
                f"a tier is written like “destination asia”, not “{part}”",
            )
            problems.append(cell.problem(text))
        tiers[word] = [one.strip() for one in value.split("/")]
    return tiers


def required(cell: SheetCell, told: tuple[Text, Text], problems: list[Problem]) -> str:
    """The text of a cell that may not be empty."""
    if not cell.text:
        problems.append(cell.problem(*told))
    return cell.text
