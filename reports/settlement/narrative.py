"""The page of figures in sentences, ready to be pasted into a report (nội dung báo cáo)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ledger.accounts import STATE_FUNDS
from ledger.text import Text, dong, percent
from reports.settlement.layout import Column, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.forms.sheet import Setting
    from reports.settlement.filling import Filled
    from reports.settlement.tables import Desk

NAME: Final = Text("Nội dung báo cáo", "Narrative")
COLUMNS: Final = (Column("text", Text("Nội dung", "Text"), 130),)


def paragraphs(desk: Desk, filled: Sequence[Filled], title: str, period: str) -> list[Text]:
    """What the figures say, in VND."""
    source = desk.teller.source

    def state(name: str) -> int:
        return source.take(name, fund=STATE_FUNDS).amount

    given = state("allotted") + state("adjusted") + state("carried_over")
    spent, advanced = state("spent"), state("advanced")
    others = sum(source.take("spent", fund=fund).amount for fund in ("DN", "HD", "DNTC"))
    rate = percent(Fraction(spent + advanced, given)) if given else "–"
    said = [
        Text(
            f"{title}: {period}, dự toán ngân sách được sử dụng là {dong(given)} đồng, gồm giao "
            f"{dong(state('allotted'))} đồng, bổ sung và điều chỉnh "
            f"{dong(state('adjusted'))} đồng, chuyển nguồn {dong(state('carried_over'))} đồng.",
            f"{title}: {period}, the estimate of the budget is {dong(given)} VND: allotted "
            f"{dong(state('allotted'))}, adjusted {dong(state('adjusted'))}, carried over "
            f"{dong(state('carried_over'))}.",
        ),
        Text(
            f"Đã chi {dong(spent)} đồng, đang tạm ứng {dong(advanced)} đồng, đạt {rate} dự toán; "
            f"cam kết chi chưa trả {dong(state('committed'))} đồng, đang giữ lại "
            f"{dong(state('withheld'))} đồng, còn được sử dụng "
            f"{dong(state('remaining'))} đồng.",
            f"Spent {dong(spent)} VND, advanced {dong(advanced)}: {rate} of the estimate; "
            f"committed {dong(state('committed'))}, withheld {dong(state('withheld'))}, left "
            f"{dong(state('remaining'))}.",
        ),
        Text(
            f"Trong kỳ đã rút dự toán {dong(state('drawn.now'))} đồng.",
            f"Drawn in the period: {dong(state('drawn.now'))} VND.",
        ),
        Text(
            f"Nguồn doanh nghiệp và nguồn khác đã chi {dong(others)} đồng; đã nhận đóng góp bằng "
            f"tiền {dong(source.take('cash').amount)} đồng, doanh nghiệp tự chi "
            f"{dong(source.take('direct').amount)} đồng.",
            f"Enterprises and other sources spent {dong(others)} VND; contributions received "
            f"{dong(source.take('cash').amount)}, spent by enterprises themselves "
            f"{dong(source.take('direct').amount)}.",
        ),
    ]
    return [*said, *_tasks(filled)]


def _tasks(filled: Sequence[Filled]) -> list[Text]:
    """A sentence a task: its estimate, its spending, what it achieved."""
    found = []
    for one in filled:
        if one.layout.form != "CT01":
            continue
        for row in one.grid.rows:
            if row.dress:
                continue
            value = one.grid.value
            given = value(row.code, "allotted") + value(row.code, "adjusted")
            spent = value(row.code, "spent_nstp") + value(row.code, "spent_nstw")
            achieved = str(row.cells.get("achieved") or "")
            results = (
                Text(f"; kết quả: {achieved}", f"; achieved: {achieved}")
                if achieved
                else Text("", "")
            )
            found.append(
                Text(
                    f"{row.code} {row.cells.get('label')}: dự toán {dong(given)} đồng, đã chi "
                    f"{dong(spent)} đồng{results.vi}.",
                    f"{row.code} {row.cells.get('label')}: estimate {dong(given)} VND, spent "
                    f"{dong(spent)}{results.en}.",
                )
            )
    return found


def write(page: Page, said: Sequence[Text], setting: Setting) -> None:
    """Fill the sheet."""
    lang = setting.language
    page.line(Text("NỘI DUNG BÁO CÁO (số theo đồng)", "NARRATIVE (in VND)").to(lang), "title")
    page.header()
    for text in said:
        page.write({"text": text.to(lang)})
    page.print_area()
