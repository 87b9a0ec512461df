"""The page of figures in sentences, ready to be pasted into a report (nội dung báo cáo)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from ledger.accounts import FUNDS, STATE_FUNDS
from ledger.text import Language, Text, dong, percent
from reports.settlement.source import YearMoney
from reports.sheets.layout import Column, Page

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reports.forms.sheet import Setting
    from reports.settlement.desk import Desk
    from reports.settlement.filling import Filled

NAME: Final = Text("Nội dung báo cáo", "Narrative")
_OTHERS: Final = ("DN", "HD", "DNTC")
_EVERY: Final = (*FUNDS, "")
_NO_RATE: Final = Text("–", "–")
COLUMNS: Final = (Column("text", Text("Nội dung", "Text"), 130),)


class _Both(NamedTuple):
    """A figure of the period, and since the beginning of the year, VND."""

    now: int
    so_far: int


class _Figures:
    """The figures of a period and of the year up to its end."""

    def __init__(self, source: YearMoney) -> None:
        first = source.period.first
        self.whole = first == dt.date(source.period.budget_year, 1, 1)
        self._source = source
        self._before = (
            None
            if self.whole
            else YearMoney(source.facts.seen(first - dt.timedelta(days=1)), source.period)
        )

    def of(self, name: str, fund: Collection[str]) -> _Both:
        so_far = self._source.take(name, fund=fund).amount
        before = self._before.take(name, fund=fund).amount if self._before else 0
        return _Both(so_far - before, so_far)

    def tax(self) -> int:
        """Tax withheld where estimate was drawn for the rest alone, and not yet drawn for."""
        return -self._source.take("spending.tax", fund=STATE_FUNDS).amount


def paragraphs(desk: Desk, filled: Sequence[Filled], title: str, period: Text) -> list[Text]:
    """What the figures say, in VND."""
    figures = _Figures(desk.teller.source)

    def state(name: str) -> int:
        return figures.of(name, STATE_FUNDS).so_far

    given = state("allotted") + state("adjusted") + state("carried_over")
    rate = _rate(state("spent") + state("advanced"), given)
    said = [
        Text(
            f"{title}: {period.vi}, dự toán ngân sách được sử dụng (lũy kế từ đầu năm) là "
            f"{dong(given)} đồng, gồm giao {dong(state('allotted'))} đồng, bổ sung và điều chỉnh "
            f"{dong(state('adjusted'))} đồng, chuyển nguồn {dong(state('carried_over'))} đồng.",
            f"{title}: {period.en}, the estimate of the budget since the beginning of the year is "
            f"{dong(given, 'en')} VND: allotted {dong(state('allotted'), 'en')}, adjusted "
            f"{dong(state('adjusted'), 'en')}, carried over {dong(state('carried_over'), 'en')}.",
        ),
        *_in_period(figures),
        Text(
            f"Lũy kế từ đầu năm: đã chi {dong(state('spent'))} đồng, đang tạm ứng "
            f"{dong(state('advanced'))} đồng, đạt {rate.vi} dự toán; cam kết chi chưa trả "
            f"{dong(state('committed'))} đồng, đang giữ lại {dong(state('withheld'))} đồng, đã hủy "
            f"{dong(state('cancelled'))} đồng, còn được sử dụng {dong(state('remaining'))} đồng.",
            f"Since the beginning of the year: spent {dong(state('spent'), 'en')} VND, advanced "
            f"{dong(state('advanced'), 'en')}: {rate.en} of the estimate; committed "
            f"{dong(state('committed'), 'en')}, withheld {dong(state('withheld'), 'en')}, "
            f"cancelled "
            f"{dong(state('cancelled'), 'en')}, left {dong(state('remaining'), 'en')}.",
        ),
        *_of_tax(figures.tax()),
        *_from_others(figures),
    ]
    return [*said, *_tasks(filled)]


def _rate(used: int, given: int) -> Text:
    """How much of the estimate is used; nothing to tell where there is none."""
    if not given:
        return _NO_RATE
    return Text(*(percent(Fraction(used, given), language) for language in get_args(Language)))


def marked_draft(waiting: Sequence[Text]) -> list[Text]:
    """What stands above the text while the figures are not to be handed on."""
    return [Text(f"BẢN NHÁP: {one.vi}.", f"DRAFT: {one.en}.") for one in waiting]


def _in_period(figures: _Figures) -> list[Text]:
    """What came in the quarter alone; nothing where it begins with the year."""
    if figures.whole:
        return []
    spent, advanced = figures.of("spent", STATE_FUNDS), figures.of("advanced", STATE_FUNDS)
    drawn = figures.of("drawn.now", STATE_FUNDS).so_far
    told = [
        Text(
            f"Trong kỳ: đã chi {dong(spent.now)} đồng, tạm ứng chưa thanh toán tăng (+), giảm (−) "
            f"{dong(advanced.now)} đồng, rút dự toán {dong(drawn)} đồng.",
            f"In the period: spent {dong(spent.now, 'en')} VND, advances outstanding changed by "
            f"{dong(advanced.now, 'en')}, drawn {dong(drawn, 'en')}.",
        )
    ]
    gap = drawn - spent.now - advanced.now
    return [*told, _of_drawings(figures, gap)] if gap else told


def _of_drawings(figures: _Figures, gap: int) -> Text:
    """Why what was drawn is not what was spent and advanced, and what the treasury's table says."""
    booked, held = (
        figures.of(name, STATE_FUNDS).so_far for name in ("spending.now", "advances.now")
    )
    return Text(
        f"Số rút chênh {dong(gap)} đồng so với số chi, tạm ứng trong kỳ là thuế khấu trừ: kỳ này "
        "giữ lại, chưa rút (−); rút để nộp phần kỳ trước giữ lại (+). Bảng 02a-SDKP/ĐVDT ghi theo "
        f"số rút: thực chi {dong(booked)} đồng, tạm ứng {dong(held)} đồng.",
        f"Drawings differ by {dong(gap, 'en')} VND from what was spent and advanced in the "
        f"period: tax "
        "withheld now and not drawn (−), drawn for tax withheld before (+). Form 02a-SDKP/ĐVDT "
        f"goes by drawings: spent {dong(booked, 'en')}, advanced {dong(held, 'en')}.",
    )


def _of_tax(tax: int) -> list[Text]:
    """Why what was used and what is left add up to more than the estimate."""
    if not tax:
        return []
    return [
        Text(
            f"Trong số đã chi có {dong(tax)} đồng thuế đã khấu trừ, chưa rút dự toán để "
            "nộp: số ấy còn nằm trong dự toán còn được sử dụng, nên cộng các khoản lũy kế trên lớn "
            "hơn dự toán đúng bằng số ấy.",
            f"What was spent includes {dong(tax, 'en')} VND of tax withheld for which "
            "nothing was drawn yet: it is still in the estimate left, and the sums above exceed "
            "the estimate by it.",
        )
    ]


def _from_others(figures: _Figures) -> list[Text]:
    """Contributions, in the period and since the beginning of the year."""
    asked = (("spent", _OTHERS), ("cash", _EVERY), ("direct", _EVERY))
    spent, cash, direct = (figures.of(name, tuple(funds)) for name, funds in asked)

    def told(vi: str, en: str, one: int, two: int, three: int) -> Text:
        return Text(
            f"{vi}, nguồn doanh nghiệp và nguồn khác đã chi {dong(one)} đồng; đã nhận đóng góp "
            f"bằng tiền {dong(two)} đồng, doanh nghiệp tự chi {dong(three)} đồng.",
            f"{en}, enterprises and other sources spent {dong(one, 'en')} VND; contributions "
            f"received "
            f"{dong(two, 'en')}, spent by enterprises themselves {dong(three, 'en')}.",
        )

    now = told("Trong kỳ", "In the period", spent.now, cash.now, direct.now)
    vi, en = "Lũy kế từ đầu năm", "Since the beginning of the year"
    so_far = told(vi, en, spent.so_far, cash.so_far, direct.so_far)
    return [so_far] if figures.whole else [now, so_far]


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
            given = sum(value(row.code, key) for key in ("allotted", "adjusted", "carried"))
            spent = value(row.code, "spent_nstp") + value(row.code, "spent_nstw")
            advanced = value(row.code, "advanced")
            rate = _rate(spent + advanced, given)
            title = str(row.cells.get("label") or "").rstrip(" .")
            achieved = str(row.cells.get("achieved") or "")
            results = (
                Text(f"; kết quả: {achieved}", f"; achieved: {achieved}")
                if achieved
                else Text("", "")
            )
            found.append(
                Text(
                    f"{row.code} {title}: dự toán được sử dụng {dong(given)} đồng, đã chi lũy kế "
                    f"{dong(spent)} đồng, đang tạm ứng {dong(advanced)} đồng, đạt {rate.vi}"
                    f"{results.vi}.",
                    f"{row.code} {title}: estimate {dong(given, 'en')} VND, spent "
                    f"{dong(spent, 'en')}, "
                    f"advanced {dong(advanced, 'en')}: {rate.en}{results.en}.",
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
