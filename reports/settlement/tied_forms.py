"""Cross-form checks: what must be equal between forms, and between forms and the book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import STATE_FUNDS
from ledger.text import Text, dong, joined
from ledger.treasury import ESTIMATE_FORM, SPENDING_FORM
from reports.forms.layouts import mended_layout
from reports.settlement.own_layouts import ties_of_own_layouts
from reports.settlement.places import Places
from reports.settlement.ties import Line, Ref, Side, Tie
from rules.balances import line_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.forms.model import FormLayout
    from reports.settlement.desk import Desk
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


def ties_of(desk: Desk, filled: Sequence[Filled]) -> list[Tie]:
    """Every check that the forms of a set allow."""
    forms = _Forms(desk, filled)
    return [
        *_of_b01(forms),
        *_of_treasury(forms),
        *_of_programme(forms),
        *_of_books(forms),
        *ties_of_own_layouts(desk, filled),
    ]


class _Forms:
    """The forms of a set, to be found by what they are."""

    def __init__(self, desk: Desk, filled: Sequence[Filled]) -> None:
        self.desk = desk
        self._filled = filled
        self.whole = desk.teller.source.period.whole

    def of(self, form: str) -> list[Filled]:
        """The copies of a form."""
        return [one for one in self._filled if one.layout.form == form]

    def total(self, form: str, column: str, fund: str = "") -> tuple[Ref, ...]:
        """The total of a column of every copy, or of that of one source, that has totals."""
        return tuple(
            Ref(one.sheet, "TOTAL", column)
            for one in self.of(form)
            if one.layout.total.vi and (not fund or one.fund == fund)
        )

    def b01(self, take: str, fund: str = "") -> tuple[Ref, ...]:
        """The rows of one figure in every B01, or in that of one source."""
        return tuple(
            Ref(one.sheet, code, "total")
            for one in self.of("B01/BCQT")
            if not fund or one.fund == fund
            for code in codes_of(one.layout, take)
        )

    def b01_named(self, form: Filled | None = None) -> Text:
        """What ``b01_or_book`` compares with: the form of a level, or the book."""
        if not self.of("B01/BCQT"):
            return Text("sổ:", "the book:")
        sheet = f"B01{form.copy.suffix}" if form else "B01"
        return Text(sheet, sheet)

    def b01_or_book(self, take: str, fund: str = "", more: int = 0) -> Side:
        """A figure of every B01 or that of one source, or of the book where there is none."""
        if any(not fund or one.fund == fund for one in self.of("B01/BCQT")):
            return Side(self.b01(take, fund), more)
        return Side(book=self.book(take, fund=fund or STATE_FUNDS) + more)

    def book(self, name: str, **where: object) -> int:
        """A figure of the book, VND."""
        return self.desk.teller.source.take(name, **where).amount


def codes_of(layout: FormLayout, take: str, *, autonomy: bool | None = None) -> list[str]:
    """The rows of a form that hold a figure, as the layout that ships has them.

    What a unit's own layout shows there is compared, and told by the amount that is printed.
    """
    return [
        row.code
        for row in (mended_layout(layout) or layout).rows
        if row.take == take and (autonomy is None or row.autonomy is autonomy)
    ]


def _rest_code(layout: FormLayout, take: str, minus: str, *, autonomy: bool) -> str:
    """The row that is what is left of others: the one that takes both figures off."""
    wanted = {(-1, code) for code in codes_of(layout, minus, autonomy=autonomy)}
    wanted |= {(-1, code) for code in codes_of(layout, take, autonomy=autonomy)}
    for row in layout.rows:
        if row.is_ is not None and wanted and wanted <= set(row.is_.above):
            return row.code
    return _NO_CHECK


def _of_b01(forms: _Forms) -> Iterator[Tie]:
    details = {one.fund: one for one in forms.of("F01-01/BCQT")}
    for form in forms.of("B01/BCQT"):
        detail = details.get(form.fund)
        if detail is not None:
            yield from _against_detail(form, detail)
        for autonomy in (True, False):
            yield from _left_in_money(forms, form, autonomy=autonomy)
            yield from _left_in_estimate(forms, form, autonomy=autonomy)
        yield from _opening(forms, form)


def _left_in_money(forms: _Forms, form: Filled, *, autonomy: bool) -> Iterator[Tie]:
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


def _left_in_estimate(forms: _Forms, form: Filled, *, autonomy: bool) -> Iterator[Tie]:
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


def _left_at_the_end(forms: _Forms, where: Mapping[str, object]) -> tuple[Text, dict[Line, int]]:
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


def _opening(forms: _Forms, form: Filled) -> Iterator[Tie]:
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


def _of_treasury(forms: _Forms) -> Iterator[Tie]:
    first, second = ESTIMATE_FORM, SPENDING_FORM
    if not (forms.of(first) and forms.of(second)):
        return
    yield Tie(
        Text(
            "02a cột (6) + nộp trả không khôi phục = 01a cột (7)",
            "02a (6) + given back = 01a (7)",
        ),
        Side(forms.total(second, "total"), forms.book("given.back", fund=STATE_FUNDS)),
        Side(forms.total(first, "drawn")),
    )
    yield Tie(
        Text(
            "01a cột (11) = dự toán còn lại của sổ trước khi hủy, chuyển nguồn",
            "01a (11) = estimate left before cancellation and carry-over",
        ),
        Side(forms.total(first, "left")),
        Side(book=forms.book("available.left", fund=STATE_FUNDS)),
    )
    if not forms.of("B01/BCQT"):
        return
    opening = forms.b01("b01.opening_received")
    yield Tie(
        Text(
            "01a cột (5) = B01 số dư năm trước + dự toán giao trong năm",
            "01a (5) = B01 opening balance + given in the year",
        ),
        Side(forms.total(first, "usable")),
        Side((*opening, *forms.b01("b01.opening_estimate"), *forms.b01("b01.allotted"))),
    )
    yield Tie(
        Text(
            "01a cột (7) = B01 kinh phí đã nhận năm trước + thực nhận trong năm",
            "01a (7) = B01 opening received + received",
        ),
        Side(forms.total(first, "drawn")),
        Side((*opening, *forms.b01("b01.received"))),
    )
    yield Tie(
        Text(
            "02a cột (4) = B01 kinh phí đề nghị quyết toán − thuế đã khấu trừ chưa nộp",
            "02a (4) = B01 proposed less tax withheld and unpaid",
        ),
        Side(forms.total(second, "spent")),
        Side(forms.b01("b01.proposed"), forms.book("spending.tax", fund=STATE_FUNDS)),
    )


def _of_programme(forms: _Forms) -> Iterator[Tie]:
    """The programme's own set: against the book, against B01, and within itself."""
    if forms.of("CT01"):
        tax = forms.book("b01.tax_unpaid", fund=STATE_FUNDS)
        yield Tie(
            Text(
                "CT01 còn lại = dự toán khả dụng của sổ − thuế đã khấu trừ chưa nộp",
                "CT01 left = estimate available less tax withheld and unpaid",
            ),
            Side(forms.total("CT01", "left")),
            Side(book=forms.book("remaining", fund=STATE_FUNDS) - tax),
        )
    if forms.of("B01/BCQT"):
        yield from _programme_spent(forms)
        yield from _programme_against_b01(forms)
    for label, left, right in _WITHIN_THE_PROGRAMME:
        if forms.of(left[0]) and forms.of(right[0]):
            yield Tie(label, Side(forms.total(*left)), Side(forms.total(*right)))


def _programme_spent(forms: _Forms) -> Iterator[Tie]:
    """Spending by task against each source that has a B01."""
    for fund in STATE_FUNDS:
        proposed = forms.b01("b01.proposed", fund)
        if proposed and forms.of("CT01"):
            yield Tie(
                Text(
                    f"CT01 đã chi {fund} = B01 đề nghị quyết toán",
                    f"CT01 spent {fund} = B01 proposed",
                ),
                Side(forms.total("CT01", f"spent_{fund.lower()}")),
                Side(proposed),
            )


def _programme_against_b01(forms: _Forms) -> Iterator[Tie]:
    """What was given, carried over and still advanced, of all sources together."""
    carried = forms.b01("b01.carried_received")
    if forms.of("CT01"):
        yield Tie(
            Text(
                "CT01 giao và điều chỉnh = B01 dự toán giao trong năm",
                "CT01 allotted and adjusted = B01 given in the year",
            ),
            Side((*forms.total("CT01", "allotted"), *forms.total("CT01", "adjusted"))),
            Side(forms.b01("b01.allotted")),
        )
    if forms.of("CT06"):
        yield Tie(
            Text(
                "CT06 chuyển dự toán = B01 dự toán còn dư chuyển năm sau",
                "CT06 estimate carried over = B01 estimate carried over",
            ),
            Side(forms.total("CT06", "estimate")),
            Side(forms.b01("b01.carried_estimate")),
        )
        yield Tie(
            Text(
                "CT06 chuyển tạm ứng = B01 kinh phí đã nhận chuyển năm sau",
                "CT06 advances carried over = B01 received carried over",
            ),
            Side(forms.total("CT06", "advance")),
            Side(carried),
        )
    if forms.of("CT05"):
        yield Tie(
            Text(
                "CT05 còn lại khi hết chỉnh lý = tạm ứng chuyển năm sau và còn phải nộp",
                "CT05 outstanding = advances carried over and to be returned",
            ),
            Side(forms.total("CT05", "left")),
            Side(carried, forms.book("b01.to_return")),
        )
    if forms.of("CT05") and forms.of("CT06"):
        yield Tie(
            Text("CT05 chuyển năm sau = CT06 chuyển tạm ứng", "CT05 carried over = CT06 advances"),
            Side(forms.total("CT05", "carried")),
            Side(forms.total("CT06", "advance")),
        )


# Totals of a form and column that must be those of another.
_WITHIN_THE_PROGRAMME: Final = (
    (
        Text("CT06 hủy dự toán = CT01 hủy dự toán", "CT06 cancelled = CT01 cancelled"),
        ("CT06", "cancelled"),
        ("CT01", "cancelled"),
    ),
    (
        Text("CT02 đã nhận bằng tiền = CT02b đã nhận", "CT02 received = CT02b received"),
        ("CT02", "cash"),
        ("CT02b", "cash"),
    ),
    (
        Text("CT02 doanh nghiệp tự chi = CT01 doanh nghiệp tự chi", "CT02 own spending = CT01"),
        ("CT02", "direct"),
        ("CT01", "spent_dntc"),
    ),
)


_OF_NOTES: Final = (
    ("b01.opening_received", "kinh phí đã nhận năm trước chuyển sang", "opening received"),
    ("b01.received", "kinh phí thực nhận", "received"),
    ("b01.carried_received", "kinh phí đã nhận chuyển sang năm sau", "received carried over"),
)


def _of_both_parts(form: Filled, step: str) -> tuple[Ref, ...]:
    """A step of the estimate, of money under autonomy and not."""
    rows = {row.code for row in form.grid.rows}
    return tuple(
        Ref(form.sheet, f"{part}|{step}", "amount")
        for part in ("tc", "ktc")
        if f"{part}|{step}" in rows
    )


def _of_books(forms: _Forms) -> Iterator[Tie]:
    """The unit's books of detail, its notes, and the form of programmes in its parts."""
    for form in forms.of("S101-H/III"):
        yield from _of_draws(forms, form)
    for form in forms.of("S101-H/II"):
        yield from _of_commitments(forms, form)
    for form in forms.of("S101-H/I"):
        yield from _of_estimate(forms, form)
    for form in forms.of("B03/BCQT"):
        yield from _of_notes(forms, form)
    parts = {one.copy.suffix: one for one in forms.of("F01-02/BCQT-II")}
    for form in forms.of("F01-02/BCQT-I"):
        if form.copy.suffix in parts:
            yield from _of_parts(form, parts[form.copy.suffix].sheet)


def _of_commitments(forms: _Forms, form: Filled) -> Iterator[Tie]:
    """S101-H II: what was left of commitments before and after they were closed."""
    fund = form.fund or STATE_FUNDS
    left, closed = (Ref(form.sheet, "TOTAL", column) for column in ("left", "closed"))
    yield Tie(
        Text(
            f"{form.sheet} số dư cam kết = 01a cột (9), cam kết chi của sổ trước khi hủy, chuyển",
            f"{form.sheet} left = 01a (9), commitments before they were closed",
        ),
        Side((left,)),
        Side(book=forms.book("committed.left", fund=fund)),
    )
    yield Tie(
        Text(
            f"{form.sheet} số dư cam kết − hủy, chuyển năm sau = cam kết chi còn trên sổ",
            f"{form.sheet} left less what was closed = commitments of the book",
        ),
        Side((left,)),
        Side((closed,), forms.book("committed", fund=fund)),
    )


def _of_draws(forms: _Forms, form: Filled) -> Iterator[Tie]:
    """S101-H III against the B01 of its level, or against the book where the set has none."""
    name, b01 = form.sheet, forms.b01_named(form)
    tax = forms.book("spending.tax", fund=form.fund or STATE_FUNDS)
    yield Tie(
        Text(
            f"{name} cột (6) = {b01.vi} kinh phí thực nhận trong năm",
            f"{name} (6) = {b01.en} received",
        ),
        Side((Ref(name, "TOTAL", "received"),)),
        forms.b01_or_book("b01.received", form.fund),
    )
    yield Tie(
        Text(
            f"{name} cột (7) = {b01.vi} kinh phí đề nghị quyết toán − thuế đã khấu trừ chưa nộp",
            f"{name} (7) = {b01.en} proposed less tax withheld and unpaid",
        ),
        Side((Ref(name, "TOTAL", "proposed"),)),
        forms.b01_or_book("b01.proposed", form.fund, more=tax),
    )
    yield Tie(
        Text(f"{name} chuyển tiểu mục = 0", f"{name} moved between sub-items = 0"),
        Side((Ref(name, "TOTAL", "moved"),)),
        Side(),
    )


def _of_estimate(forms: _Forms, form: Filled) -> Iterator[Tie]:
    """S101-H I: what was given, what is left of it, and what goes on to the next year."""
    name, b01 = form.sheet, forms.b01_named(form)
    yield Tie(
        Text(
            f"{name} dự toán giao trong năm = {b01.vi} dự toán giao trong năm",
            f"{name} given = {b01.en} given in the year",
        ),
        Side(_of_both_parts(form, "given")),
        forms.b01_or_book("b01.allotted", form.fund),
    )
    if left := _of_both_parts(form, "left"):
        yield _left_to_draw(forms, form, left)
    if forms.b01("b01.carried_estimate", form.fund):
        yield Tie(
            Text(
                f"{name} số dư dự toán chuyển năm sau = {b01.vi} dự toán còn dư ở Kho bạc",
                f"{name} carried over = {b01.en} estimate carried over",
            ),
            Side(_of_both_parts(form, "carried")),
            Side(forms.b01("b01.carried_estimate", form.fund)),
        )


def _left_to_draw(forms: _Forms, form: Filled, left: tuple[Ref, ...]) -> Tie:
    """What is left of the estimate against 01a, or against the book where the set has none."""
    other = f"01a-SDKP{form.copy.suffix}"
    vi, en = f"{other} cột (11)", f"{other} (11)"
    side = Side(forms.total(ESTIMATE_FORM, "left", form.fund))
    if not side.refs:
        vi, en = "dự toán còn lại của sổ", "estimate left by the book"
        side = Side(book=forms.book("available.left", fund=form.fund or STATE_FUNDS))
    name = form.sheet
    label = Text(f"{name} số dư dự toán còn lại = {vi}", f"{name} estimate left = {en}")
    return Tie(label, Side(left), side)


def _of_notes(forms: _Forms, form: Filled) -> Iterator[Tie]:
    named = forms.b01_named()
    for take, vi, en in _OF_NOTES:
        codes = codes_of(form.layout, take)
        yield Tie(
            Text(f"B03 {vi} = {named.vi}", f"B03 {en} = {named.en}"),
            Side(tuple(Ref(form.sheet, code, "total") for code in codes)),
            forms.b01_or_book(take),
        )


def _of_parts(form: Filled, detail: str) -> Iterator[Tie]:
    """Part I of the form of programmes against part II, of the year and since the beginning."""
    for code in codes_of(form.layout, "b01.proposed"):
        yield Tie(
            Text(f"{form.sheet} mã {code} = {detail} tổng cộng", f"{form.sheet} {code} = {detail}"),
            Side((Ref(form.sheet, code, "total"),)),
            Side((Ref(detail, "TOTAL", "domestic"),)),
        )
        yield Tie(
            Text(
                f"{form.sheet} mã {code} lũy kế = {detail} lũy kế",
                f"{form.sheet} {code} since the beginning = {detail} since the beginning",
            ),
            Side((Ref(form.sheet, code, "s.total"),)),
            Side((Ref(detail, "TOTAL", "ldomestic"),)),
        )
