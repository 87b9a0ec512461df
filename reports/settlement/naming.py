"""What readers call the figures of the book and the cells of forms that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.execution import MEASURES
from ledger.text import Language, Text
from reports.forms.grid import CellFigure
from reports.settlement.teller import row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.forms.grid import Row
    from reports.forms.sheet import Placed
    from reports.settlement.filling import Filled

# Every elementary figure, in the words of the forms.
FIGURES: Final[dict[str, Text]] = {
    **{measure.name: measure.label for measure in MEASURES},
    "b01.opening_received": Text("kinh phí đã nhận năm trước chuyển sang", "opening, received"),
    "b01.opening_estimate": Text("dự toán năm trước chuyển sang", "opening, estimate"),
    "b01.allotted": Text("dự toán được giao trong năm", "given in the year"),
    "b01.received": Text("kinh phí thực nhận trong năm", "received in the year"),
    "b01.proposed": Text("kinh phí đề nghị quyết toán", "proposed for settlement"),
    "b01.returned": Text("đã nộp ngân sách nhà nước", "returned to the budget"),
    "b01.to_return": Text("tạm ứng còn phải nộp", "advances to be returned"),
    "b01.cancelled": Text("dự toán bị hủy", "estimate cancelled"),
    "b01.carried_received": Text("kinh phí đã nhận chuyển năm sau", "received, carried over"),
    "b01.carried_estimate": Text("dự toán chuyển năm sau", "estimate, carried over"),
    "b01.left": Text("dự toán chưa hủy, chưa chuyển", "estimate not closed"),
    "opening.estimate": Text("dự toán năm trước chuyển sang", "estimate brought forward"),
    "opening.advances": Text("tạm ứng năm trước chuyển sang", "advances brought forward"),
    "opening.now": Text("tạm ứng chuyển sang trong kỳ", "advances brought in, this period"),
    "granted.first": Text("dự toán quyết định giao đầu năm", "granted at first"),
    "granted.raised": Text("dự toán quyết định bổ sung, điều chỉnh tăng", "granted later: raised"),
    "granted.cut": Text("dự toán quyết định điều chỉnh giảm", "granted later: cut"),
    "given": Text("dự toán giao đầu năm", "allotted"),
    "changed": Text("bổ sung, điều chỉnh lũy kế", "adjusted so far"),
    "changed.now": Text("bổ sung, điều chỉnh trong kỳ", "adjusted, this period"),
    "drawn": Text("rút dự toán lũy kế", "drawn so far"),
    "drawn.now": Text("rút dự toán trong kỳ", "drawn, this period"),
    "registered.now": Text("cam kết chi trong kỳ", "committed, this period"),
    "committed.left": Text("số dư cam kết chi", "commitments left"),
    "withheld.left": Text("dự toán bị giữ lại", "withheld"),
    "available.left": Text("dự toán còn lại ở Kho bạc", "left with the treasury"),
    "advances": Text("số dư tạm ứng", "advances outstanding"),
    "advances.now": Text("tạm ứng trong kỳ", "advances, this period"),
    "spending": Text("thực chi lũy kế", "spent so far"),
    "spending.now": Text("thực chi trong kỳ", "spent, this period"),
    "spending.tax": Text("thuế đã khấu trừ, chưa nộp", "tax withheld and unpaid"),
    "advance.drawn": Text("rút tạm ứng", "advances drawn"),
    "advance.settled": Text("tạm ứng đã thanh toán", "advances settled"),
    "advance.returned": Text("tạm ứng đã nộp trả", "advances returned"),
    "spent.direct": Text("thực chi trực tiếp", "spent directly"),
    "spent.settled": Text("thực chi từ tạm ứng", "spent from advances"),
    "spent.returned": Text("thực chi đã nộp trả", "spending returned"),
    "given.back": Text("nộp trả không khôi phục dự toán", "given back, estimate not restored"),
    "pledged": Text("cam kết đóng góp", "pledged"),
    "pledge.left": Text("đóng góp cam kết chưa nhận", "pledges not received"),
    "opened": Text("đóng góp còn lại khi mở sổ", "contributions held when the book began"),
    "cash": Text("đóng góp đã nhận bằng tiền", "received in money"),
    "direct": Text("doanh nghiệp tự chi", "spent by enterprises"),
    "given.to.contributor": Text("đóng góp đã trả lại", "given back to contributors"),
}
_CODE: Final = Text("mã số {code}", "code {code}")
_LONGEST: Final = 40
_MOST: Final = 4


def cell_names(filled: Iterable[Filled], language: Language) -> dict[int, str]:
    """The sheet, row and column of each figure with a link, by the row to which it leads."""
    names: dict[int, str] = {}
    for one in filled:
        own: Language = language if one.layout.bilingual else "vi"
        columns = [(c.key, c.heading.to(own).replace(" / ", " – ")) for c in one.grid.columns]
        texts = _naming_columns(one)
        group = ""
        for row in one.grid.rows:
            if row.dress == "subtotal" and not one.layout.coded:
                group = str(row.cells.get(one.layout.into) or group)
            for key, heading in columns:
                content = row.cells.get(key)
                if isinstance(content, CellFigure) and content.link:
                    said = _row_name(one, row, group, texts, own)
                    names[row_of(content.link)] = f"{one.sheet} · {said} · {heading}"
    return names


def _naming_columns(form: Filled) -> list[str]:
    """The columns of text that stand before the amounts."""
    columns = form.grid.columns
    ends = next((n for n, one in enumerate(columns) if one.kind == "money"), len(columns))
    return [one.key for one in columns[:ends] if one.kind != "date" and one.key != "ordinal"]


def shortened(text: str) -> str:
    """As much of a text as tells it from others."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"


def _row_name(form: Filled, row: Row, group: str, texts: Iterable[str], language: Language) -> str:
    """A row by its code, or by what its group and its own text cells say."""
    if form.layout.coded:
        return _CODE.format(code=row.code).to(language)
    own = (row.cells.get(key) for key in texts)
    words = [cell for cell in own if cell and isinstance(cell, str)]
    return " · ".join(shortened(one) for one in dict.fromkeys((group, *words[:_MOST])) if one)


def name_among(forms: Sequence[Placed], form: Placed) -> Text:
    """The title of a form; of one with several copies, also whose copy it is."""
    name, code = form.grid.layout.name, form.grid.layout.form
    copies = sum(one.grid.layout.form == code for one in forms)
    if copies == 1 or not form.of.vi:
        return name
    return Text(f"{name.vi} · {form.of.vi}", f"{name.en} · {form.of.en}")
