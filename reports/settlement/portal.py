"""The workbook from which the treasury's portal is filled (tệp điền trang đối chiếu của Kho bạc).

Known from one tool that fills the pages, not from the portal itself: A1 to B4 say who reports, the
sixth row the period, the seventh the kind of estimate, and the table begins in the twelfth.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from reports.forms.grid import number
from reports.sheets.amounts import checked
from reports.sheets.layout import Column, Page, plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.forms.grid import Grid, Row
    from reports.forms.sheet import Setting
    from reports.settlement.filling import Filled
    from reports.settlement.source import SetPeriod
    from reports.sheets.layout import Styles

FILE: Final = "cong-kbnn"
_FIRST: Final = 12  # the row of the first line of the table, counted from 1
_LABELS: Final = 13.0  # the width of the first column, in which labels of the heading stand
_HEADING: Final = 30.0  # the height of a row of headings
_MONTHS_OF_A_QUARTER: Final = 3
_ROMAN: Final = ("I", "II", "III", "IV")
_KIND: Final = "Dự toán chính thức"
_IN_VND: Final = "Đơn vị tính: đồng"


def for_portal(filled: Sequence[Filled]) -> list[Filled]:
    """The forms of a set that the portal takes."""
    return [one for one in filled if one.layout.portal is not None]


def write_sheet(
    workbook: Any,  # noqa: ANN401  # untyped library
    styles: Styles,
    form: Filled,
    setting: Setting,
    period: SetPeriod,
) -> None:
    """One form as the portal reads it: lines in VND without subtotals, figures without formulas."""
    portal = form.layout.portal
    assert portal is not None  # noqa: S101  # chosen for having one
    sheet, head, grid = workbook.add_worksheet(form.sheet), setting.head, form.grid
    columns = [
        Column(one.key, one.heading, one.width if n else _LABELS, one.kind)
        for n, one in enumerate(grid.columns)
    ]
    Page(sheet, styles, columns, setting.language, draft=setting.draft, fixed=True)
    plain = styles.cell("text", "")
    heads = (
        ("Mã chương:", head.chapter),
        ("Đơn vị:", head.unit),
        ("Mã ĐVQHNS:", head.unit_code),
        ("Mã cấp NS:", form.copy.level or head.budget_level),
    )
    for row, (label, value) in enumerate(heads, 1):
        sheet.write_string(f"A{row}", label)
        sheet.write_string(f"B{row}", plain_text(value))
    sheet.write_string("A5", form.layout.title.vi)
    sheet.write_string(f"{portal.period}6", _period_name(period))
    sheet.write_string(f"{portal.year}6", f"Năm {period.budget_year}")
    sheet.write_string(f"{portal.year}7", _KIND)
    sheet.write_string("A8", _IN_VND)
    for row in (8, 9):
        sheet.set_row(row, _HEADING)
    for column, one in enumerate(grid.columns):
        above, _, below = one.heading.vi.rpartition(" / ")
        for row, text in ((8, above), (9, below), (10, one.mark)):
            sheet.write_string(row, column, text, plain)
    for place, row_ in enumerate(_lines(grid), _FIRST - 1):
        for column, one in enumerate(grid.columns):
            content, style = row_.cells.get(one.key), styles.cell(one.kind, "")
            if one.kind == "money":
                sheet.write_number(place, column, checked(number(content)), style)
            else:
                sheet.write_string(place, column, plain_text(str(content or "")), style)


def _lines(grid: Grid) -> list[Row]:
    return [row for row in grid.rows if not row.dress]


def _period_name(period: SetPeriod) -> str:
    """The quarter or month as the pages name it; empty where it is none, and then chosen there."""
    last, first = period.last, period.first
    if last is None or (last + dt.timedelta(days=1)).day != 1:
        return ""
    months = last.month - first.month + 1
    if months == _MONTHS_OF_A_QUARTER and last.month % _MONTHS_OF_A_QUARTER == 0:
        return f"Quý {_ROMAN[last.month // _MONTHS_OF_A_QUARTER - 1]}"
    return f"Tháng {last.month}"
