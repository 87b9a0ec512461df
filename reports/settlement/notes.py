"""The sheet that says what each figure means and where it comes from (Giải thích)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.execution import MEASURES
from ledger.kinds import KINDS
from ledger.text import Language, Text
from reports.settlement import detail, ledger_rows, summary
from reports.settlement.layout import Column, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.execution import Measure
    from reports.settlement.figures import Figures, Head

NAME: Final = Text("Giải thích", "Notes")
TITLE: Final = Text("GIẢI THÍCH CÁC CỘT VÀ NGUỒN SỐ LIỆU", "WHAT THE COLUMNS MEAN")
COLUMNS_OF_SHEET: Final = (
    Column("what", Text("Mục", "Item"), 34),
    Column("meaning", Text("Ý nghĩa", "Meaning"), 100),
)

_RATE: Final = Text(
    "(Đã chi + Tạm ứng chưa thanh toán) chia cho (Dự toán giao + Bổ sung, điều chỉnh + Chuyển "
    "nguồn). Để trống khi mẫu số bằng 0. "
    "Dòng của nhiệm vụ chỉ tính nguồn ngân sách nhà nước.",
    "(Spent + Advanced) over (Allotted + Adjusted + Carried over). Empty where that is 0. "
    "The row of a task counts state funds only.",
)
_CHECK: Final = Text(
    "Chỉ tính nguồn ngân sách nhà nước. Khác 0 khi có thuế đã khấu trừ mà chưa nộp, hoặc khi sổ "
    "có bút toán động đến dự toán không đúng loại nghiệp vụ: cần tìm nguyên nhân trước khi ký.",
    "State funds only. Not 0 where withheld tax is still to be paid, or where a posting moves the "
    "estimate against its kind: find the cause before signing.",
)
_TIE: Final = Text(
    "Tổng cộng của trang «Chi tiết» trừ hai dòng tổng cộng của trang «Tổng hợp»; phải bằng 0.",
    "The grand total of “Details” less the two grand totals of “Summary”; it must be 0.",
)
_OUTSIDE: Final = Text(
    "Doanh nghiệp tự chi (DNTC) tính vào tỷ lệ đóng góp và báo cáo nhiệm vụ, không thuộc quyết "
    "toán của đơn vị và không qua kho bạc.",
    "What enterprises spend themselves (DNTC) counts in shares and in the task's report; it is "
    "outside the unit's settlement and the treasury's books.",
)
_ROWS: Final = Text(
    "Mọi bút toán của niên độ có nhiệm vụ, là cơ sở của các số trên: lọc theo nhiệm vụ, nguồn, "
    "loại nghiệp vụ để đối chiếu. Số dương, âm theo chiều ghi của sổ.",
    "Every posting of the year that has a task, on which the figures rest: filter by task, fund "
    "or kind to compare. Signs are those of the book.",
)


def write_notes(page: Page, figures: Figures, language: Language) -> None:
    """Fill the sheet."""
    page.line(TITLE.to(language), "title")
    page.header()
    for what, meaning in _notes(figures, language):
        page.write({"what": what, "meaning": meaning})
    page.print_area()


def _notes(figures: Figures, language: Language) -> Iterator[tuple[str, str]]:
    head = figures.head
    if head.illustration:
        yield Text("Số liệu minh họa", "Illustrative figures").to(language), head.illustration
    yield from _of_the_book(head, language)
    for measure in MEASURES:
        yield measure.label.to(language), _meaning(measure, language)
    yield summary.RATE.to(language), _RATE.to(language)
    check = Text("Kiểm tra ngân sách nhà nước", "Check of state funds")
    yield check.to(language), _CHECK.to(language)
    yield detail.DIFFERENCE.to(language), _TIE.to(language)
    yield summary.fund_label("DNTC", language), _OUTSIDE.to(language)
    yield ledger_rows.NAME.to(language), _ROWS.to(language)
    yield Text("Tệp của sổ", "Files of the book").to(language), "\n".join(head.files)


def _of_the_book(head: Head, language: Language) -> Iterator[tuple[str, str]]:
    yield (
        Text("Thời điểm của số liệu", "As of").to(language),
        Text(
            f"Số liệu là của sổ đến bút toán cuối cùng, ngày {head.last_entry:%d/%m/%Y}; gồm mọi "
            f"bút toán thuộc niên độ {head.budget_year}, kể cả thời gian chỉnh lý quyết toán.",
            f"Figures are of the book up to its last entry, {head.last_entry:%Y-%m-%d}, with all "
            f"postings of budget year {head.budget_year}, those of the closing period included.",
        ).to(language),
    )
    if head.errors:
        yield (
            Text("Lỗi của sổ", "Errors of the book").to(language),
            Text(
                f"Sổ có {head.errors} lỗi Beancount chưa sửa: số liệu chưa dùng để ký được.",
                f"The book has {head.errors} Beancount errors: the figures cannot be signed yet.",
            ).to(language),
        )


def _meaning(measure: Measure, language: Language) -> str:
    """The postings that a column sums, in words."""
    families = "; ".join(f"{family.label.to(language)} ({family})" for family in measure.families)
    codes = _kinds_feeding(measure)
    kinds = ", ".join(f"{KINDS[code].label.to(language)} ({code})" for code in codes)
    text = Text(f"Cộng phát sinh của tài khoản: {families}.", f"Postings on accounts: {families}.")
    only = Text(f" Chỉ các loại nghiệp vụ: {kinds}.", f" Only of the kinds: {kinds}.")
    turned = Text(
        " Bên giảm của sổ được đọc là số dương.", " The credit side is read as a positive figure."
    )
    parts = (text, *([only] if kinds else []), *([turned] if measure.sign < 0 else []))
    return "".join(part.to(language) for part in parts)


def _kinds_feeding(measure: Measure) -> tuple[str, ...]:
    if not measure.feeds:
        return ()
    return tuple(kind.code for kind in KINDS.values() if kind.column == measure.feeds)
