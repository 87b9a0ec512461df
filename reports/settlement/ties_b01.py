"""Checks of B01: against its detail, the book, and the year before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.text import Text, dong, joined
from reports.forms.layouts import mended_layout
from reports.settlement.places import Places
from reports.settlement.set_forms import SetForms, codes_of
from reports.settlement.ties import Line, Ref, Side, Tie
from rules.balances import line_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.forms.model import FormLayout
    from reports.settlement.filling import Filled
    from reports.settlement.source import Figure, YearMoney

_NO_CHECK: Final = ""
_NOT_CLOSED: Final = Text(
    "sổ chưa ghi «cancellation» (hủy dự toán) hoặc «carry-over» (chuyển nguồn) cho số dư cuối niên "
    "độ của {lines}",
    "the book records no “cancellation” or “carry-over” of what is left at the end of the year of "
    "{lines}",
)
_NOT_OPENED: Final = Text(
    "một giao dịch «carry-over» ghi cả bên giảm (budget-year năm trước) và bên tăng (budget-year "
    "năm nay)",
    "one entry “carry-over” holds both what leaves (budget-year of the year before) and what "
    "arrives (budget-year of this year)",
)
_OVERSPENT: Final = Text(
    "chi vượt dự toán: {lines}; thủ trưởng giải trình lỗi BUD101 của các dòng đó thì điểm này "
    "không cản bộ chính thức",
    "overspent: {lines}; once the head has explained BUD101 of these, this stands in no set's way",
)


def _rest_code(layout: FormLayout, take: str, minus: str, *, autonomy: bool) -> str:
    """The row that is what is left of others: the one that takes both figures off."""
    wanted = {(-1, code) for code in codes_of(layout, minus, autonomy=autonomy)}
    wanted |= {(-1, code) for code in codes_of(layout, take, autonomy=autonomy)}
    for row in (mended_layout(layout) or layout).rows:
        if row.is_ is not None and wanted and wanted <= set(row.is_.above):
            return row.code
    return _NO_CHECK


def ties_of_b01(forms: SetForms) -> Iterator[Tie]:
    """Each B01 against its detail, what is left by the book, and the closing of last year."""
    details = {one.fund: one for one in forms.of("F01-01/BCQT")}
    for form in forms.of("B01/BCQT"):
        detail = details.get(form.fund)
        if detail is not None:
            yield from _against_detail(form, detail)
        for autonomy in (True, False):
            yield from _left_in_money(forms, form, autonomy=autonomy)
            yield from _left_in_estimate(forms, form, autonomy=autonomy)
        yield from _opening(forms, form)


def returns_below_zero(filled: Sequence[Filled]) -> Iterator[Text]:
    """Rows of what is still to be returned that come out below zero, which no law knows.

    It is so where more of the advances was carried over than is left of them: tax withheld out of
    an advance counts as spent and its cash is there still.
    """
    for form in (one for one in filled if one.layout.form == "B01/BCQT"):
        for autonomy in (True, False):
            take, carried = "b01.proposed", "b01.carried_received"
            code = _rest_code(form.layout, take, carried, autonomy=autonomy)
            amount = form.grid.value(code, "total") if code else 0
            if amount < 0:
                yield Text(
                    f"{form.sheet} mã {code} «còn phải nộp» là {dong(amount)} đồng, dưới 0: tạm "
                    "ứng ghi chuyển năm sau nhiều hơn số còn lại; nếu do thuế đã khấu trừ từ tạm "
                    "ứng mà chưa nộp thì nộp thuế trước khi khóa sổ, hoặc chỉ chuyển phần còn lại",
                    f"{form.sheet} {code}, to be returned, is {dong(amount, 'en')} VND, below "
                    "zero: more of the advances is carried over than is left of them; where it is "
                    "tax withheld out of an advance, pay it before the closing or carry over the "
                    "rest alone",
                )


def _left_in_money(forms: SetForms, form: Filled, *, autonomy: bool) -> Iterator[Tie]:
    """What was received and is neither spent nor carried over is what the advances still hold."""
    code = _rest_code(form.layout, "b01.proposed", "b01.carried_received", autonomy=autonomy)
    if not code:
        return
    where = {"fund": form.fund, "autonomy": autonomy}
    left = forms.book("b01.to_return", **where) - forms.book("b01.tax_unpaid", **where)
    yield Tie(
        Text(
            f"{form.sheet} mã {code} = tạm ứng còn lại của sổ",
            f"{form.sheet} {code} = advances left",
        ),
        Side((Ref(form.sheet, code, "total"),)),
        Side(book=left),
    )


def _left_in_estimate(forms: SetForms, form: Filled, *, autonomy: bool) -> Iterator[Tie]:
    """What was allotted and is neither received nor carried over is what was cancelled."""
    code = _rest_code(form.layout, "b01.received", "b01.carried_estimate", autonomy=autonomy)
    if not code:
        return
    where = {"fund": form.fund, "autonomy": autonomy}
    yield Tie(
        Text(f"{form.sheet} mã {code} = dự toán đã hủy của sổ", f"{form.sheet} {code} = cancelled"),
        Side((Ref(form.sheet, code, "total"),)),
        Side(book=forms.book("b01.cancelled", **where)),
        *_left_at_the_end(forms, where),
    )


def _left_at_the_end(forms: SetForms, where: Mapping[str, object]) -> tuple[Text, dict[Line, int]]:
    """What to do about estimate neither cancelled nor carried over, and about overspends."""
    source = forms.desk.teller.source
    year = source.period.budget_year
    found = source.by("b01.left", ("book", "unit", "task", "fund"), **where)
    open_ = {
        Line(book, line_name((book, unit, code_in_book(task), fund, year))): part
        for (book, unit, task, fund), part in found.items()
        if part.amount
    }
    left = {line: part.amount for line, part in open_.items()}
    over = {line: amount for line, amount in left.items() if amount < 0}
    told = {
        line: f"{line.subject} {dong(abs(part.amount))} ({_last_place(source, part)})"
        for line, part in open_.items()
    }
    parts = [
        said.format(lines=", ".join(told[line] for line in lines))
        for said, lines in (
            (_NOT_CLOSED, [line for line in left if line not in over]),
            (_OVERSPENT, list(over)),
        )
        if lines
    ]
    return joined(parts, "; "), over


def code_in_book(task: str) -> str:
    """The code of a task that several units title otherwise, without the unit put after it."""
    return task.partition(" ")[0]


def _last_place(source: YearMoney, part: Figure) -> str:
    """Where the last posting of a figure stands."""
    own = source.postings[source.postings["block"].isin(part.blocks)]
    last = own.sort_values(["date", "posting"]).iloc[-1]
    return source.facts.derived(Places).of_row(last)


def _against_detail(form: Filled, detail: Filled) -> Iterator[Tie]:
    """B01 column by column against F01-01: the compulsory annex."""
    rows = {row.code for row in detail.grid.rows}

    def in_detail(part: str, item: str) -> str:
        return f"{part}|{item.partition('-')[0] if '-' in item else ''}|{item}"

    for part, autonomy in (("tc", True), ("ktc", False)):
        for code in codes_of(form.layout, "b01.proposed", autonomy=autonomy):
            for column in form.grid.columns:
                item = column.key.removeprefix("K")
                if column.key.startswith("K") and in_detail(part, item) in rows:
                    yield Tie(
                        Text(
                            f"{form.sheet} mã {code} khoản {item or '…'} = {detail.sheet} cột 2",
                            f"{form.sheet} {code} item {item or '…'} = {detail.sheet} column 2",
                        ),
                        Side((Ref(form.sheet, code, column.key),)),
                        Side((Ref(detail.sheet, in_detail(part, item), "domestic"),)),
                    )
    both = tuple(Ref(form.sheet, code, "total") for code in codes_of(form.layout, "b01.proposed"))
    yield Tie(
        Text(
            f"{form.sheet} kinh phí đề nghị quyết toán = {detail.sheet} tổng cộng",
            f"{form.sheet} proposed for settlement = {detail.sheet} total",
        ),
        Side(both),
        Side((Ref(detail.sheet, "TOTAL", "domestic"),)),
    )


def _opening(forms: SetForms, form: Filled) -> Iterator[Tie]:
    """What last year carried over opens this year, where the book holds both."""
    year = forms.desk.teller.source.period.budget_year
    found = [one for one in forms.desk.earlier() if one.period.budget_year == year - 1]
    if not found:
        return
    (before,) = found
    for opening, carried in (
        ("b01.opening_received", "b01.carried_received"),
        ("b01.opening_estimate", "b01.carried_estimate"),
    ):
        refs = tuple(Ref(form.sheet, code, "total") for code in codes_of(form.layout, opening))
        codes = ", ".join(ref.code for ref in refs)
        yield Tie(
            Text(
                f"{form.sheet} mã {codes} = số chuyển sang của niên độ trước",
                f"{form.sheet} {codes} = carried over by the year before",
            ),
            Side(refs),
            Side(book=before.take(carried, fund=form.fund).amount),
            _NOT_OPENED,
        )
