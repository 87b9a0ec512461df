"""The columns of the facts frames, declared once: name, type, meaning.

The frames of declarations take theirs from the pydantic models; what is not a declaration is
listed here. ``docs/facts.md`` is generated from both.
"""

from __future__ import annotations

import datetime as dt
import types
import typing
from enum import StrEnum
from typing import NamedTuple

from ledger.directives import DECLARATIONS, Declaration


class ColumnType(StrEnum):
    """The types that a facts column may have; the value is its pandas dtype."""

    TEXT = "category"  # empty text where absent
    MONEY = "int64"  # VND; 0 where absent
    QUANTITY = "Int64"  # <NA> where absent
    DATE = "datetime64[s]"  # NaT where absent
    FLAG = "bool"
    NUMBER = "int32"  # lines, years, row numbers


class Column(NamedTuple):
    """One column: its name in the frame, its type and what it holds."""

    name: str
    type: ColumnType
    meaning: str


TEXT, MONEY, QUANTITY = ColumnType.TEXT, ColumnType.MONEY, ColumnType.QUANTITY
DATE, FLAG, NUMBER = ColumnType.DATE, ColumnType.FLAG, ColumnType.NUMBER

# Where a row stands in the book.
PLACE = (
    Column("book", TEXT, "tệp chính của sổ"),
    Column("file", TEXT, "tệp, đường dẫn đầy đủ"),
    Column("line", NUMBER, "dòng"),
)

# Metadata that a transaction gives to its postings; a posting's own comes first.
METADATA = (
    Column("kind", TEXT, "loại nghiệp vụ"),
    Column("voucher", TEXT, "chứng từ: năm/loại/số"),
    Column("voucher_total", MONEY, "tổng số tiền của chứng từ"),
    Column("advance", TEXT, "chứng từ tạm ứng được thanh toán hoặc nộp trả"),
    Column("holder", TEXT, "người giữ tiền tạm ứng"),
    Column("contract", TEXT, "số hợp đồng"),
    Column("commitment", TEXT, "số cam kết chi"),
    Column("vendor", TEXT, "mã số thuế nhà cung cấp"),
    Column("beneficiary", TEXT, "mã số thuế người thụ hưởng"),
    Column("contributor", TEXT, "mã số thuế doanh nghiệp đóng góp"),
    Column("activity", TEXT, "nội dung chi"),
    Column("event", TEXT, "sự kiện"),
    Column("support", TEXT, "khoản hỗ trợ"),
    Column("invoice", TEXT, "hóa đơn: ký hiệu/số"),
    Column("gross", MONEY, "số tiền trước khấu trừ thuế"),
    Column("tax_withheld", MONEY, "thuế đã khấu trừ"),
    Column("vat", MONEY, "thuế giá trị gia tăng"),
    Column("fx", TEXT, "số ngoại tệ"),
    Column("fx_rate", TEXT, "tỷ giá"),
    Column("decision", TEXT, "số quyết định"),
    Column("decision_date", DATE, "ngày quyết định"),
    Column("superior_decision", FLAG, "quyết định của cấp trên, không phải chuyển nội bộ"),
    Column("ground", TEXT, "căn cứ chuyển nguồn"),
    Column("finding", TEXT, "kiến nghị kiểm toán, thanh tra"),
    Column("source_code", TEXT, "mã nguồn"),
    Column("kind_item", TEXT, "loại-khoản"),
    Column("programme_code", TEXT, "mã CTMT"),
    Column("autonomy", FLAG, "kinh phí giao tự chủ"),
    Column("ineligible", FLAG, "không thuộc chi phí hợp lệ"),
    Column("in_kind", FLAG, "đóng góp bằng hiện vật, ngày công"),
    Column("valuation", TEXT, "biên bản định giá hiện vật"),
)

POSTINGS = (
    *PLACE,
    Column("posting", NUMBER, "số thứ tự bút toán trong lần đọc"),
    Column("entry", NUMBER, "số thứ tự giao dịch trong lần đọc"),
    Column("entry_line", NUMBER, "dòng đầu của giao dịch"),
    Column("date", DATE, "ngày"),
    Column("undecided", FLAG, "giao dịch mang dấu «!»: bản nháp còn chờ quyết"),
    Column("narration", TEXT, "diễn giải"),
    Column("tags", TEXT, "thẻ, phân cách bằng dấu chấm phẩy"),
    Column("account", TEXT, "tài khoản"),
    Column("family", TEXT, "nhóm tài khoản (ledger.accounts.Family)"),
    Column("unit", TEXT, "đơn vị, trong sổ nhiều đơn vị"),
    Column("task", TEXT, "nhiệm vụ"),
    Column("fund", TEXT, "nguồn kinh phí"),
    Column("sub_item", TEXT, "tiểu mục, từ tài khoản hoặc sub-item"),
    Column("amount", MONEY, "số tiền, đồng; 0 nếu là tiền khác"),
    Column("written", TEXT, "số tiền như đã viết, nếu có phần lẻ hoặc là tiền khác"),
    Column("budget_year", NUMBER, "niên độ: đã ghi, nếu không thì năm của ngày"),
    Column("budget_year_given", FLAG, "niên độ có ghi trong sổ"),
    *METADATA,
)

BOOK_ERRORS = (*PLACE, Column("message", TEXT, "lỗi do Beancount báo"))
PADS = (*PLACE, Column("date", DATE, "ngày"), Column("account", TEXT, "tài khoản"))
BALANCES = (
    *PLACE,
    Column("date", DATE, "ngày; số dư vào đầu ngày"),
    Column("account", TEXT, "tài khoản"),
    Column("amount", MONEY, "số dư ghi trong sổ"),
    Column("difference", MONEY, "các bút toán cộng lại hơn số dư ghi bao nhiêu"),
)
ACCOUNTS = (
    *PLACE,
    Column("date", DATE, "ngày mở"),
    Column("closed", DATE, "ngày đóng"),
    Column("account", TEXT, "tài khoản"),
    Column("label", TEXT, "tên tiếng Việt"),
    Column("account_number", TEXT, "số tài khoản tại kho bạc hoặc ngân hàng"),
)
DOCUMENTS = (
    *PLACE,
    Column("date", DATE, "ngày"),
    Column("account", TEXT, "tài khoản"),
    Column("path", TEXT, "tệp quét"),
    Column("for_", TEXT, "của hợp đồng, sự kiện, khoản hỗ trợ hay nhiệm vụ nào"),
    Column("slot", TEXT, "loại giấy tờ trong hồ sơ"),
)
STRANGE_FIELDS = (
    *PLACE,
    Column("date", DATE, "ngày"),
    Column("key", TEXT, "trường mà sổ không dùng đến"),
)
FILES = (Column("book", TEXT, "tệp chính của sổ"), Column("file", TEXT, "tệp đã đọc"))

# Parts of a declaration that the facts read out once, so that no rule parses text.
ALLOTMENT_DECISIONS = (
    *PLACE,
    Column("decision", TEXT, "số quyết định"),
    Column("decision_date", DATE, "ngày quyết định"),
    Column("budget_year", NUMBER, "niên độ của chương trình khai báo"),
    Column("total", MONEY, "tổng số giao, bổ sung hoặc cắt giảm"),
)
EXPECTED_OUTPUTS = (
    *PLACE,
    Column("task", TEXT, "nhiệm vụ"),
    Column("changed_by", TEXT, "quyết định điều chỉnh; trống là kế hoạch ban đầu"),
    Column("unit", TEXT, "đơn vị tính"),
    Column("least", QUANTITY, "số ít nhất; <NA> khi kế hoạch ghi «khoảng»"),
    Column("most", QUANTITY, "số nhiều nhất dự kiến"),
)
QUANTITIES = (
    *PLACE,
    Column("of", TEXT, "event hoặc support"),
    Column("code", TEXT, "mã sự kiện hoặc khoản hỗ trợ"),
    Column("unit", TEXT, "đơn vị tính, là từ của định mức"),
    Column("quantity", QUANTITY, "số lượng thực tế, nếu chưa có thì số dự kiến"),
)


def model_columns(model: type[Declaration]) -> tuple[Column, ...]:
    """The columns of a directive's frame: its place, its date and its fields."""
    declared = typing.get_type_hints(model)
    fields = tuple(
        Column(name, _column_type(declared[name]), str(field.alias))
        for name, field in model.model_fields.items()
    )
    return (*PLACE, Column("declared", DATE, "ngày của khai báo"), *fields)


def _column_type(annotation: object) -> ColumnType:
    options = [
        option
        for option in (
            typing.get_args(annotation)
            if typing.get_origin(annotation) in {types.UnionType, typing.Union}
            else (annotation,)
        )
        if option is not type(None)
    ]
    return {str: TEXT, int: QUANTITY, bool: FLAG, dt.date: DATE}[options[0]]


FRAMES: dict[str, tuple[Column, ...]] = {
    "postings": POSTINGS,
    "accounts": ACCOUNTS,
    "documents": DOCUMENTS,
    "files": FILES,
    "pads": PADS,
    "balances": BALANCES,
    "strange_fields": STRANGE_FIELDS,
    "book_errors": BOOK_ERRORS,
    "allotment_decisions": ALLOTMENT_DECISIONS,
    "expected_outputs": EXPECTED_OUTPUTS,
    "quantities": QUANTITIES,
    **{model.frame: model_columns(model) for model in DECLARATIONS.values()},
}
