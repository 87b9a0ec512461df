"""Checks of the treasury's tables and of the programme's own forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import STATE_FUNDS
from ledger.text import Text
from ledger.treasury import ESTIMATE_FORM, SPENDING_FORM
from reports.settlement.ties import Side, Tie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.settlement.set_forms import SetForms


def ties_of_treasury(forms: SetForms) -> Iterator[Tie]:
    """01a and 02a against each other, the book, and B01."""
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


def ties_of_programme(forms: SetForms) -> Iterator[Tie]:
    """The programme's own set: against the book, against B01, and within itself."""
    if forms.of("CT01"):
        tax = forms.book("spending.tax", fund=STATE_FUNDS)  # what takes off is below zero
        yield Tie(
            Text(
                "CT01 còn lại = dự toán khả dụng của sổ − thuế đã khấu trừ, chưa rút để nộp",
                "CT01 left = estimate available less tax withheld for which nothing was drawn",
            ),
            Side(forms.total("CT01", "left")),
            Side(book=forms.book("remaining", fund=STATE_FUNDS) + tax),
        )
    if forms.of("B01/BCQT"):
        yield from _programme_spent(forms)
        yield from _programme_against_b01(forms)
    for label, left, right in _WITHIN_THE_PROGRAMME:
        if forms.of(left[0]) and forms.of(right[0]):
            yield Tie(label, Side(forms.total(*left)), Side(forms.total(*right)))


def _programme_spent(forms: SetForms) -> Iterator[Tie]:
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


def _programme_against_b01(forms: SetForms) -> Iterator[Tie]:
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
            Side(carried, forms.book("b01.to_return") - _tax_in_advances(forms)),
        )
    if forms.of("CT05") and forms.of("CT06"):
        yield Tie(
            Text("CT05 chuyển năm sau = CT06 chuyển tạm ứng", "CT05 carried over = CT06 advances"),
            Side(forms.total("CT05", "carried")),
            Side(forms.total("CT06", "advance")),
        )


def _tax_in_advances(forms: SetForms) -> int:
    """Tax withheld from whom advances paid, VND: still in what was advanced."""
    unpaid, of_spending = (
        forms.book(name, fund=STATE_FUNDS) for name in ("b01.tax_unpaid", "spending.tax")
    )
    return unpaid + of_spending


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
