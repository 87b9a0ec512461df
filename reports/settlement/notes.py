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

# What a finance officer reads in each column; the accounts and kinds follow.
WORDS: Final = {
    "allotted": Text(
        "Dự toán được giao cho niên độ theo quyết định của cấp có thẩm quyền.",
        "The estimate given for the year by decision of the competent authority.",
    ),
    "adjusted": Text(
        "Phần dự toán được bổ sung (+), bị cắt giảm (−) hoặc chuyển giữa các nhiệm vụ trong năm.",
        "What was added to the estimate (+), cut (−) or moved between tasks during the year.",
    ),
    "carried_over": Text(
        "Dự toán và tạm ứng từ năm trước chuyển sang (+), hoặc của năm này chuyển sang năm sau "
        "(−).",
        "Estimate and advances carried in from last year (+) or out to the next (−).",
    ),
    "withheld": Text(
        "Phần dự toán đã giao nhưng đang bị giữ lại, chưa được dùng.",
        "The part of the estimate that is held back and may not be used.",
    ),
    "committed": Text(
        "Phần dự toán đã dành cho hợp đồng đã cam kết chi với kho bạc, chưa trả tiền.",
        "Estimate set aside for contracts committed with the treasury and not yet paid.",
    ),
    "advanced": Text(
        "Tiền đã tạm ứng, kho bạc chưa chấp nhận chứng từ thanh toán.",
        "Money advanced for which the treasury has not yet accepted the documents.",
    ),
    "spent": Text(
        "Tiền đã thực chi, kể cả tạm ứng đã thanh toán, sau khi trừ các khoản chi đã nộp trả.",
        "Money spent, settled advances included, less spending that was paid back.",
    ),
    "cancelled": Text(
        "Dự toán không dùng đến, đã hủy.", "Estimate that was not used and was cancelled."
    ),
    "returned": Text(
        "Tiền đã chi hoặc đã tạm ứng nhưng phải nộp trả ngân sách, niên độ này không dùng lại.",
        "Money spent or advanced that went back to the budget and is not used again this year.",
    ),
    "contributed": Text(
        "Đóng góp đã nhận của doanh nghiệp, tổ chức và phần doanh nghiệp tự chi; đóng góp mới cam "
        "kết, chưa nhận thì không tính.",
        "Contributions received and what enterprises spent themselves; pledges not yet received "
        "do not count.",
    ),
    "remaining": Text(
        "Dự toán còn được dùng: chưa cam kết, chưa tạm ứng, chưa chi, không bị giữ lại.",
        "Estimate that may still be used: not committed, advanced, spent or withheld.",
    ),
}
_TASK: Final = Text(
    "Dòng in đậm của nhiệm vụ chỉ cộng ngân sách nhà nước. Nguồn doanh nghiệp và nguồn khác ghi ở "
    "các dòng dưới, không cộng vào dòng của nhiệm vụ; tổng của các nguồn đó ở cuối bảng.",
    "The bold row of a task adds up state funds only. Enterprise and other funds have rows of "
    "their own below it that are not in it; their total stands at the end of the table.",
)
_RATE: Final = Text(
    "(Đã chi + Tạm ứng chưa thanh toán) chia cho (Dự toán giao + Bổ sung, điều chỉnh + Chuyển "
    "nguồn), chỉ của ngân sách nhà nước. Để trống khi mẫu số bằng 0.",
    "(Spent + Advanced) over (Allotted + Adjusted + Carried over), of state funds only. Empty "
    "where that is 0.",
)
_CHECK: Final = Text(
    "Ở từng dòng của ngân sách nhà nước: (1) + (2) + (3) trừ hủy, nộp trả, còn lại, giữ lại, cam "
    "kết, tạm ứng, đã chi; phải bằng 0. Khác 0 thì ô có màu đỏ: có thuế đã khấu trừ mà chưa nộp, "
    "hoặc sổ có bút toán động đến dự toán không đúng loại nghiệp vụ. Tìm nguyên nhân trước khi ký.",
    "In each row of state funds: (1) + (2) + (3) less what was cancelled, returned, remains, is "
    "withheld, committed, advanced or spent; it must be 0. A red cell means that withheld tax is "
    "still to be paid, or that a posting moves the estimate against its kind: find the cause "
    "before signing.",
)
_TIE: Final = Text(
    "Mỗi dòng tổng cộng của trang «Chi tiết» (ngân sách nhà nước; nguồn doanh nghiệp và nguồn "
    "khác) trừ dòng tổng cộng cùng tên của trang «Tổng hợp»; phải bằng 0.",
    "Each grand total of “Details” (state funds; enterprise and other funds) less the one of the "
    "same name in “Summary”; it must be 0.",
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


def write_notes(
    page: Page, figures: Figures, language: Language, warning: Text | None = None
) -> None:
    """Fill the sheet."""
    page.line(TITLE.to(language), "title")
    page.header()
    for what, meaning in _notes(figures, language, warning):
        page.write({"what": what, "meaning": meaning})
    page.print_area()


def _notes(figures: Figures, language: Language, warning: Text | None) -> Iterator[tuple[str, str]]:
    head = figures.head
    if head.illustration:
        yield Text("Số liệu minh họa", "Illustrative figures").to(language), head.illustration
    yield from _of_the_book(head, language, warning)
    yield Text("Dòng nhiệm vụ", "Row of a task").to(language), _TASK.to(language)
    for measure in MEASURES:
        yield measure.label.to(language), _meaning(measure, language)
    yield summary.RATE.to(language), _RATE.to(language)
    yield summary.CHECK.to(language), _CHECK.to(language)
    yield detail.DIFFERENCE.to(language), _TIE.to(language)
    yield summary.fund_label("DNTC", language), _OUTSIDE.to(language)
    yield ledger_rows.NAME.to(language), _ROWS.to(language)
    yield Text("Tệp của sổ", "Files of the book").to(language), "\n".join(head.files)


def _of_the_book(head: Head, language: Language, warning: Text | None) -> Iterator[tuple[str, str]]:
    yield (
        Text("Thời điểm của số liệu", "As of").to(language),
        Text(
            f"Số liệu là của sổ đến bút toán cuối cùng, ngày {head.last_entry:%d/%m/%Y}; gồm mọi "
            f"bút toán thuộc niên độ {head.budget_year}, kể cả thời gian chỉnh lý quyết toán.",
            f"Figures are of the book up to its last entry, {head.last_entry:%Y-%m-%d}, with all "
            f"postings of budget year {head.budget_year}, those of the closing period included.",
        ).to(language),
    )
    if warning is not None:
        yield Text("Tình trạng của sổ", "State of the book").to(language), warning.to(language)
    elif head.errors:
        yield (
            Text("Lỗi của sổ", "Errors of the book").to(language),
            Text(
                f"Sổ có {head.errors} lỗi Beancount chưa sửa: số liệu chưa dùng để ký được.",
                f"The book has {head.errors} Beancount errors: the figures cannot be signed yet.",
            ).to(language),
        )


def _meaning(measure: Measure, language: Language) -> str:
    """What a column says, then the postings that it sums."""
    said = WORDS[measure.name]
    families = "; ".join(f"{family.label.to(language)} ({family})" for family in measure.families)
    codes = _kinds_feeding(measure)
    kinds = ", ".join(f"{KINDS[code].label.to(language)} ({code})" for code in codes)
    text = Text(
        f" Cộng phát sinh của tài khoản: {families}.", f" Postings on accounts: {families}."
    )
    only = Text(f" Chỉ các loại nghiệp vụ: {kinds}.", f" Only of the kinds: {kinds}.")
    turned = Text(
        " Bên giảm của sổ được đọc là số dương.", " The credit side is read as a positive figure."
    )
    parts = (said, text, *([only] if kinds else []), *([turned] if measure.sign < 0 else []))
    return "".join(part.to(language) for part in parts)


def _kinds_feeding(measure: Measure) -> tuple[str, ...]:
    if not measure.feeds:
        return ()
    return tuple(kind.code for kind in KINDS.values() if kind.column == measure.feeds)
