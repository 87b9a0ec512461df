"""The sheets that check and explain the set (Kiểm tra chéo, Giải thích)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.execution import MEASURES
from ledger.kinds import KINDS
from ledger.text import Language, Text
from reports.forms.rounding import half_up
from reports.forms.sheet import UNREAD
from reports.settlement.naming import name_among
from reports.sheets.layout import Column, Formula, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.execution import Measure
    from reports.forms.sheet import Placed, Setting
    from reports.settlement.ties import Checked, Side

_FILES_OF_A_ROW: Final = 12  # a row grows no taller than a page takes
TIES_NAME: Final = Text("Kiểm tra chéo", "Cross-checks")
NAME: Final = Text("Giải thích", "Notes")
TIES_COLUMNS: Final = (
    Column("number", Text("STT", "No."), 6, "code"),
    Column("label", Text("Hai số phải bằng nhau", "What must be equal"), 70),
    Column("left", Text("Vế trái", "Left"), 21, "money"),
    Column("right", Text("Vế phải", "Right"), 21, "money"),
    Column("gap", Text("Chênh lệch", "Difference"), 18, "difference"),
    Column("exact", Text("Chênh lệch theo đồng", "Difference in VND"), 18, "difference"),
    Column("result", Text("Kết quả", "Result"), 12, "code"),
)
COLUMNS: Final = (
    Column("what", Text("Mục", "Item"), 34),
    Column("meaning", Text("Ý nghĩa", "Meaning"), 100),
)
_YES: Final = Text("Khớp", "Equal")
LEFT_OPEN: Final = Text("Còn để ngỏ", "Left open")
BLOCKED: Final = Text("Điểm chưa ký được {number}", "Open point {number}")
_ROUNDED: Final = Text("Khớp, lệch do làm tròn", "Equal, off by rounding")
_EXPLAINED: Final = Text("Chi vượt, đã giải trình", "Overspent, explained")
_NO: Final = Text("LỆCH", "DIFFERS")

# What a finance officer reads in each column of the execution table; accounts and kinds follow.
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
_TREASURY_LEFT: Final = Text(
    "Số còn lại ở Kho bạc trên 01a-SDKP là trước khi hủy và chuyển nguồn cuối năm; "
    "trên CT01 là sau.",
    "What is left on 01a-SDKP is before the year's cancellations and carry-overs; on CT01 after.",
)
_ASKED: Final = Text(
    "Số không có trong sổ do đơn vị điền khi có phát sinh, các tổng tự tính lại. Bản nháp tô các ô "
    "ấy nền vàng nhạt; bản chính thức không tô, để in ra như các ô khác: bấm vào ô thì hiện lời "
    "nhắc.",
    "What stands in no book is entered by the unit; totals follow. A draft has such cells on pale "
    "yellow; a final set prints them as any other: a cell that is chosen says so.",
)
_OUTSIDE: Final = Text(
    "Doanh nghiệp tự chi (DNTC) tính vào tỷ lệ đóng góp và báo cáo nhiệm vụ, không thuộc quyết "
    "toán của đơn vị và không qua kho bạc.",
    "What enterprises spend themselves (DNTC) counts in shares and in the task's report; it is "
    "outside the unit's settlement and the treasury's books.",
)
_OFFICIAL: Final = Text(
    "Biểu chính thức in bằng tiếng Việt theo thông tư.",
    "Official forms are in Vietnamese throughout, as their circulars have them; the programme's "
    "own set (CT…), the summary, checks and notes are in English. Titles and texts of the book "
    "stay as they are written.",
)
_ROWS: Final = Text(
    "Mọi số lấy từ sổ dẫn tới trang «Căn cứ» của tệp dòng sổ: ở đó mỗi số là tổng của các nhóm "
    "dòng liền nhau trong trang «Dòng sổ», có chứng từ, ngày, tệp, dòng. Giữ hai tệp cùng thư mục.",
    "Every figure of the book leads to the sheet “Basis” of the workbook of rows: there it is the "
    "sum of runs of neighbouring rows, each with voucher, date, file and line. Keep both files in "
    "one folder.",
)


def write_ties(
    page: Page,
    checked: Sequence[Checked],
    placed: Mapping[str, Placed],
    setting: Setting,
) -> None:
    """Fill the sheet of checks.

    Args:
        page: empty.
        checked: each tie with its figures in VND.
        placed: the forms by sheet.
        setting: of the set.
    """
    lang, size = setting.language, setting.unit.size
    page.line(
        Text("KIỂM TRA CHÉO GIỮA CÁC BIỂU VÀ VỚI SỔ", "CHECKS BETWEEN FORMS AND WITH THE BOOK").to(
            lang
        ),
        "title",
    )
    page.header(frozen_columns=2)
    for number, one in enumerate(checked, 1):
        here = page.row
        left, right = _side(one.tie.left, placed, size), _side(one.tie.right, placed, size)
        gap = left.value - right.value  # type: ignore[operator]
        text = f"={page.at(here, 'left')}-{page.at(here, 'right')}"
        off = one.gap == 0 and gap != 0
        held = (_EXPLAINED if one.explained else _ROUNDED if off else _YES).to(lang)
        no = _NO.to(lang)
        wanted = one.gap if one.explained else 0
        # In units the book's own side is rounded by itself: there the difference in VND decides.
        decides = "gap" if size == 1 else "exact"
        page.write(
            {
                "number": str(number),
                "label": one.tie.label.to(lang),
                "left": left,
                "right": right,
                "gap": Formula(text, gap),
                "exact": one.gap,
                "result": Formula(
                    f'=IF({page.at(here, decides)}={wanted},"{held}","{no}")',
                    held if one.holds else no,
                ),
            }
        )
        if not one.explained:
            page.mark_unless_zero(here, decides)
    page.print_area()


def _side(side: Side, placed: Mapping[str, Placed], size: int) -> Formula:
    """One side as a live sum of the forms' cells and an amount of the book."""
    book = half_up(side.book, size)
    shown = [ref for ref in side.refs if ref.code in placed[ref.sheet].places]
    value = book + sum(placed[ref.sheet].grid.value(ref.code, ref.column) for ref in shown)
    parts = [placed[ref.sheet].at(ref.code, ref.column) for ref in shown]
    if book or not parts:
        parts.append(str(book))
    return Formula("=" + "+".join(parts).replace("+-", "-"), value)


class Told(NamedTuple):
    """What a reader must know before the figures.

    Attributes:
        state: whether the set can be signed.
        blocked: why it cannot.
        left_open: what the book does not name or nobody knows.
    """

    state: Text
    blocked: Sequence[Text]
    left_open: Sequence[Text]


def write_notes(page: Page, forms: Sequence[Placed], setting: Setting, told: Told) -> None:
    """Fill the sheet of explanations."""
    lang = setting.language
    page.line(Text("GIẢI THÍCH SỐ LIỆU", "NOTES").to(lang), "title")
    page.header()
    for what, meaning in _notes(forms, setting, told):
        page.write({"what": what, "meaning": meaning})
    page.print_area()


def _notes(forms: Sequence[Placed], setting: Setting, told: Told) -> Iterator[tuple[str, str]]:
    lang, head = setting.language, setting.head
    if head.illustration:
        yield Text("Số liệu minh họa", "Illustrative figures").to(lang), head.illustration
    yield (
        Text("Thời điểm của số liệu", "As of").to(lang),
        Text(
            f"Sổ đến bút toán cuối cùng của niên độ, ngày {head.last_entry:%d/%m/%Y}; gồm mọi "
            f"bút toán thuộc niên độ {head.budget_year}, kể cả thời gian chỉnh lý quyết toán.",
            f"The book up to the last entry of the year, {head.last_entry:%Y-%m-%d}, with all "
            f"postings of budget year {head.budget_year}, those of the closing period included.",
        ).to(lang),
    )
    yield Text("Tình trạng", "State").to(lang), told.state.to(lang)
    for number, text in enumerate(told.blocked, 1):
        yield BLOCKED.format(number=number).to(lang), f"{text.to(lang)}."
    for text in told.left_open:
        yield LEFT_OPEN.to(lang), f"{text.to(lang)}."
    if lang == "en":
        yield "Language", _OFFICIAL.to(lang)
    for form in forms:
        layout = form.grid.layout
        read = "" if layout.read else f" ({UNREAD.to(lang)})"
        name = name_among(forms, form).to(lang)
        yield layout.printed, f"{name}: {layout.source.to(lang)}{read}"
    for measure in MEASURES:
        yield measure.label.to(lang), _meaning(measure, lang)
    yield Text("Dự toán còn lại", "Estimate left").to(lang), _TREASURY_LEFT.to(lang)
    yield Text("Ô đơn vị điền", "Cells to be entered").to(lang), _ASKED.to(lang)
    yield Text("Doanh nghiệp tự chi", "Own spending").to(lang), _OUTSIDE.to(lang)
    yield Text("Dòng sổ", "Ledger rows").to(lang), _ROWS.to(lang)
    title = Text("Tệp của sổ", "Files of the book").to(lang)
    for number in range(0, len(head.files), _FILES_OF_A_ROW):
        yield title, "\n".join(head.files[number : number + _FILES_OF_A_ROW])


def _meaning(measure: Measure, language: Language) -> str:
    """What a column says, then the postings that it sums."""
    said = WORDS[measure.name]
    families = "; ".join(f"{family.label.to(language)} ({family})" for family in measure.families)
    codes = [kind.code for kind in KINDS.values() if measure.feeds and kind.column == measure.feeds]
    kinds = ", ".join(f"{KINDS[code].label.to(language)} ({code})" for code in codes)
    text = Text(
        f" Cộng phát sinh của tài khoản: {families}.", f" Postings on accounts: {families}."
    )
    only = Text(f" Chỉ các loại nghiệp vụ: {kinds}.", f" Only of the kinds: {kinds}.")
    turned = Text(
        " Bên giảm của sổ được đọc là số dương.", " The credit side is read as a positive figure."
    )
    held = Text(
        " Trừ thuế đã khấu trừ từ tạm ứng, chưa nộp: tiền ấy còn trong tạm ứng.",
        " Less tax withheld out of advances and unpaid: its cash is still among them.",
    )
    parts = (
        *(said, text, *([only] if kinds else [])),
        *([turned] if measure.sign < 0 else []),
        *([held] if measure.with_tax else []),
    )
    return "".join(part.to(language) for part in parts)
