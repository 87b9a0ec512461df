"""What readers call the figures of the book."""

from __future__ import annotations

from typing import Final

from ledger.execution import MEASURES
from ledger.text import Text

# Every elementary figure, in the words of the forms.
FIGURES: Final[dict[str, Text]] = {
    **{measure.name: measure.label for measure in MEASURES},
    "b01.opening_received": Text("kinh phí đã nhận năm trước chuyển sang", "opening, received"),
    "b01.opening_estimate": Text("dự toán năm trước chuyển sang", "opening, estimate"),
    "b01.allotted": Text("dự toán được giao trong năm", "given in the year"),
    "b01.granted": Text("dự toán được giao, ghi ở nơi giao", "given, as booked for who gave it"),
    "b01.received": Text("kinh phí thực nhận trong năm", "received in the year"),
    "b01.proposed": Text("kinh phí đề nghị quyết toán", "proposed for settlement"),
    "b01.returned": Text("đã nộp ngân sách nhà nước", "returned to the budget"),
    "b01.to_return": Text("tạm ứng còn phải nộp", "advances to be returned"),
    "b01.cancelled": Text("dự toán bị hủy", "estimate cancelled"),
    "b01.carried_received": Text("kinh phí đã nhận chuyển năm sau", "received, carried over"),
    "b01.carried_estimate": Text("dự toán chuyển năm sau", "estimate, carried over"),
    "b01.left": Text("dự toán chưa hủy, chưa chuyển", "estimate not closed"),
    "b01.tax_unpaid": Text("thuế đã khấu trừ, chưa nộp ngân sách", "tax withheld, not paid over"),
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
