"""The worksheet of norms that a unit fills in from the texts it has (bảng định mức chờ xác nhận).

Everything but the cells to fill is locked; the headings are the ones that ``norms load`` reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.text import joined
from reports.citations import graded
from reports.sheets.measuring import row_height
from reports.sheets.workbooks import FONT, workbook_at
from rules.confirmed_cells import NO_LIMIT
from rules.confirming import HEADINGS, LABELS, MEASURES
from rules.law import refuse_unknown_packs
from rules.limit_words import limits_text
from rules.to_confirm import Line, lines
from rules.vocabulary import activities, tier_names, unit_name, units

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from rules.law import Law
    from rules.norm import Limit

SHEET: Final = "Định mức"
_FILL: Final = "#FFF8DC"
_GREY: Final = "#F2F2F2"
_WIDTHS: Final = {
    "norm": 24, "line": 6, "instrument": 20, "text": 46, "known": 28, "grade": 16, "read-in": 34,
    "article": 18, "measure": 26, "figure": 16, "per": 24, "when": 22, "from": 13, "to": 13,
    "source": 34,
}  # fmt: skip
_FIRST_FILLED: Final = "article"
_HEADER_ROW: Final = 5
_PRINTED: Final = 76  # % at which either half of the columns fits the width of A3
_LONGEST_LIST: Final = 255  # what Excel takes for a list written out

_HOW: Final = f"""\
Bảng này liệt kê các định mức mà phần mềm chưa đọc được con số trong nguyên văn văn bản. Đơn vị có \
văn bản thì điền các ô nền vàng rồi nạp bằng lệnh cnht norms load.
1. Trang «{SHEET}»: ghi người đọc văn bản và ngày đọc ở đầu trang. Cả hai là bắt buộc.
2. Mỗi dòng là một mức. Chỉ điền định mức đã đọc trong nguyên văn; dòng để trống hoàn toàn thì bỏ \
qua. Đã điền một dòng của một định mức thì điền đủ các dòng đã biết của định mức đó; văn bản không \
đặt mức ấy thì ghi «{NO_LIMIT}» ở cột «{HEADINGS["figure"]}».
3. Cột «{HEADINGS["figure"]}»: tỷ lệ ghi dạng phần trăm (70%), số tiền ghi số nguyên đồng \
(12000000), không ghi chữ.
4. Cột «{HEADINGS["per"]}» và «{HEADINGS["when"]}» của dòng chưa biết: dùng từ ở trang «Từ dùng», \
nhiều đơn vị cách nhau bằng dấu chấm phẩy; bậc ghi như «destination asia».
5. «{HEADINGS["from"]}» là ngày đầu áp dụng; «{HEADINGS["to"]}» là ngày cuối, để trống nếu còn \
hiệu lực.
6. «{HEADINGS["source"]}»: số công báo, trang, tệp văn bản đã đọc; bắt buộc với mỗi dòng đã điền.
7. Mức của địa phương không được cao hơn trần của thông tư: cao hơn trần đã đọc nguyên văn thì \
không nạp được; cao hơn trần mới biết ở nguồn thứ cấp thì nạp được, kèm lời nhắc."""


def write_worksheet(law: Law, path: Path, *, packs: Collection[str] = ()) -> None:
    """Write the worksheet; the file appears whole or not at all.

    Args:
        law: every pack that ships.
        path: the XLSX file.
        packs: only norms of these; of all where none is named.

    Raises:
        BadInputError: there is no such pack.
        BadInputError: the file cannot be written; an older one is then as it was.
    """
    refuse_unknown_packs(set(packs), {one.pack for one in law.instruments.values()})
    asked = [
        line for line in lines(law) if not packs or law.instruments[line.norm.id].pack in packs
    ]
    with workbook_at(path, "Định mức chờ đơn vị xác nhận", constant_memory=False) as workbook:
        styles = _Styles(workbook)
        _norms(workbook.add_worksheet(SHEET), styles, law, asked)
        _instructions(workbook.add_worksheet("Hướng dẫn"), styles)
        _words(workbook.add_worksheet("Từ dùng"), styles)


class _Styles:
    """Formats of the workbook; what is to be filled is unlocked and yellow."""

    def __init__(self, workbook: Any) -> None:  # noqa: ANN401  # untyped library
        base = {"font_name": FONT, "font_size": 11, "valign": "top", "text_wrap": True, "border": 1}
        fill = {**base, "locked": False, "bg_color": _FILL}
        plain = {"font_name": FONT, "font_size": 12, "text_wrap": True, "valign": "top"}
        self.title = workbook.add_format(
            {**plain, "bold": True, "font_size": 14, "text_wrap": False}
        )
        self.plain = workbook.add_format(plain)
        self.label = workbook.add_format({**plain, "bold": True, "text_wrap": False})
        self.head = workbook.add_format(
            {**base, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#DDEBF7"}
        )
        self.known = workbook.add_format({**base, "bg_color": _GREY})
        self.fill = workbook.add_format(fill)
        self.share = workbook.add_format({**fill, "num_format": "0.##%"})
        self.whole = workbook.add_format({**fill, "num_format": "#,##0"})
        self.day = workbook.add_format({**fill, "num_format": "dd/mm/yyyy"})


def _norms(
    sheet: Any,  # noqa: ANN401  # untyped library
    styles: _Styles,
    law: Law,
    asked: Sequence[Line],
) -> None:
    sheet.write_string(0, 0, "ĐỊNH MỨC CHỜ ĐƠN VỊ XÁC NHẬN", styles.title)
    for row, (key, label) in enumerate(LABELS.items(), 1):
        sheet.write_string(row, 0, label, styles.label)
        sheet.write_blank(row, 1, None, styles.day if key == "confirmed-on" else styles.fill)
        if key == "confirmed-on":
            sheet.data_validation(row, 1, row, 1, _DAYS)
    sheet.write_string(3, 0, "Điền các ô nền vàng; cách điền ở trang «Hướng dẫn».", styles.label)
    sheet.set_row(_HEADER_ROW, 36)
    for column, (key, heading) in enumerate(HEADINGS.items()):
        sheet.set_column(column, column, _WIDTHS[key])
        sheet.write_string(_HEADER_ROW, column, heading, styles.head)
    for row, line in enumerate(asked, _HEADER_ROW + 1):
        _line(sheet, styles, law, row, line)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    # On one page's width the letters are too small to read: what is known, then what to fill in.
    sheet.set_margins(left=0.4, right=0.4)
    sheet.set_print_scale(_PRINTED)
    sheet.set_v_pagebreaks([list(HEADINGS).index(_FIRST_FILLED)])
    sheet.repeat_columns(0, 1)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.protect("", {"format_columns": True, "format_rows": True})


_DAYS: Final = {
    "validate": "date",
    "criteria": "between",
    "minimum": "=DATE(2000,1,1)",
    "maximum": "=DATE(2100,12,31)",
    "error_title": "Ngày",
    "error_message": "Ghi ngày dạng 31/12/2021.",
}


def _line(sheet: Any, styles: _Styles, law: Law, row: int, line: Line) -> None:  # noqa: ANN401  # untyped library
    norm, limit = line.norm, line.limit
    at = {key: column for column, key in enumerate(HEADINGS)}
    grade = line.value.grade if line.value else norm.seen.grade if norm.seen else None
    source = line.value.source if line.value else norm.seen.source if norm.seen else ""
    told = {
        "norm": norm.id,
        "instrument": f"{law.instruments[norm.id].instrument} {norm.article or ''}".strip(),
        "text": norm.text,
        "known": limits_text(norm, line.value, "vi"),
        "grade": graded(grade, source).vi if grade else "",
        "read-in": source,
    }
    sheet.set_row(row, row_height((text, _WIDTHS[key]) for key, text in told.items()))
    for key, text in told.items():
        sheet.write_string(row, at[key], text, styles.known)
    sheet.write_number(row, at["line"], line.number, styles.known)
    for key in list(HEADINGS)[at[_FIRST_FILLED] :]:
        sheet.write_blank(row, at[key], None, styles.day if key in {"from", "to"} else styles.fill)
    for key in ("from", "to"):
        sheet.data_validation(row, at[key], row, at[key], _DAYS)
    if limit is None:
        names = list(MEASURES.values())
        sheet.data_validation(
            row, at["measure"], row, at["measure"], {"validate": "list", "source": names}
        )
        return
    for key, text in _of_limit(limit).items():
        sheet.write_string(row, at[key], text, styles.known)
    _figure(sheet, styles, row, at["figure"], limit)


def _of_limit(limit: Limit) -> dict[str, str]:
    """What a known limit limits, in words; these cells are not read back."""
    unit = [unit_name(limit.unit)] if limit.unit else []
    tiers = [f"{unit_name(word).vi} {tier_names(values).vi}" for word, values in limit.when.items()]
    return {
        "measure": MEASURES.get((limit.measure, limit.of), limit.measure),
        "per": joined([*unit, *(unit_name(word) for word in limit.per)]).vi,
        "when": "; ".join(tiers),
    }


def _figure(sheet: Any, styles: _Styles, row: int, column: int, limit: Limit) -> None:  # noqa: ANN401  # untyped library
    share = limit.measure == "share"
    sheet.write_blank(row, column, None, styles.share if share else styles.whole)
    sheet.data_validation(
        row,
        column,
        row,
        column,
        {
            "validate": "decimal" if share else "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": 1 if share else 10**15 - 1,
            "error_type": "warning",  # «không có» is an answer too
            "error_title": "Con số",
            "error_message": (
                "Tỷ lệ ghi từ 0% đến 100%." if share else "Ghi số nguyên đồng, không ghi chữ."
            )
            + f" Văn bản không đặt mức này thì ghi «{NO_LIMIT}».",
        },
    )


def _instructions(sheet: Any, styles: _Styles) -> None:  # noqa: ANN401  # untyped library
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, "CÁCH ĐIỀN", styles.title)
    for row, text in enumerate(_HOW.splitlines(), 1):
        sheet.write_string(row, 0, text, styles.plain)
    sheet.protect()


def _words(sheet: Any, styles: _Styles) -> None:  # noqa: ANN401  # untyped library
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 60)
    row = 0
    for title, words in (("ĐƠN VỊ TÍNH VÀ BẬC", units()), ("NỘI DUNG CHI", activities())):
        sheet.write_string(row, 0, title, styles.title)
        for word, name in words.items():
            row += 1
            sheet.write_string(row, 0, word, styles.known)
            sheet.write_string(row, 1, name.vi, styles.known)
        row += 2
    sheet.protect()
