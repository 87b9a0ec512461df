"""Checks of the unit's books of detail, its notes, and the form of programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import STATE_FUNDS
from ledger.text import Text
from ledger.treasury import ESTIMATE_FORM
from reports.settlement.set_forms import SetForms, codes_of
from reports.settlement.ties import Ref, Side, Tie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.settlement.filling import Filled

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


def ties_of_books(forms: SetForms) -> Iterator[Tie]:
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


def _of_commitments(forms: SetForms, form: Filled) -> Iterator[Tie]:
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


def _of_draws(forms: SetForms, form: Filled) -> Iterator[Tie]:
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


def _of_estimate(forms: SetForms, form: Filled) -> Iterator[Tie]:
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


def _left_to_draw(forms: SetForms, form: Filled, left: tuple[Ref, ...]) -> Tie:
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


def _of_notes(forms: SetForms, form: Filled) -> Iterator[Tie]:
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
