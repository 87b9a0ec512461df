"""The documents of the treasury as forms, and the transaction that each means (mẫu chứng từ).

Names and fields follow the documents of Decree 11/2020/NĐ-CP; the symbols stayed in use after the
circular that first had them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text
from ledger.writing import NewPosting, NewTransaction

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from ledger.writing import Value

# While the old year closes two budget years are open, and a posting must say which is its own.
_CLOSING_MONTHS: Final = (1, 2)


class Field(NamedTuple):
    """One field of a form.

    Attributes:
        sort: ``date``, ``money``, ``year``, ``item`` (tiểu mục), ``choice`` or ``text``.
        choices: the list of the book that it is chosen from, or offered from where it is text.
        meta: the metadata key that it becomes; empty where it becomes none.
    """

    name: str
    label: Text
    sort: str = "text"
    required: bool = False
    choices: str = ""
    meta: str = ""


class Form(NamedTuple):
    """One document.

    Attributes:
        symbol: of the document; empty where the law gives it none.
        entry: the transaction that filled fields mean.
        series: how its numbers are told from others', as in ``2021/RDT/01``; empty where not.
    """

    code: str
    symbol: str
    title: Text
    fields: tuple[Field, ...]
    entry: Callable[[Filled], NewTransaction]
    series: str = ""


class Filled(NamedTuple):
    """A form that was filled in, its values read.

    Attributes:
        names: of the parties that the book declares, by tax code.
    """

    form: Form
    text: Mapping[str, str]
    day: dt.date
    amount: int
    year: int
    names: Mapping[str, str]

    def transaction(self, kind: str, *postings: NewPosting) -> NewTransaction:
        """The transaction with the fields that are metadata."""
        meta: dict[str, Value] = {"kind": kind}
        meta |= {f.meta: self.text[f.name] for f in self.form.fields if f.meta}
        if self.year != self.day.year or self.day.month in _CLOSING_MONTHS:
            meta["budget-year"] = self.year
        others = (self.text.get(name) for name in ("vendor", "beneficiary", "contributor"))
        paid = next((other for other in others if other), "")
        payee = self.names.get(paid, "")
        return NewTransaction(self.day, "*", payee, self.text["narration"], meta, postings)

    def account(self, *parts: str) -> str:
        """An account of the task and fund of the form."""
        *head, last = parts
        tail = [last] if last != _HEAD_ONLY else []
        return ":".join([*head, self.text["task"], self.text["fund"], *tail])

    @property
    def item(self) -> str:
        """The component of the sub-item."""
        return f"TM{self.text['item']}"


_HEAD_ONLY: Final = ""
_INTEREST: Final = "Income:Khac:LaiTienGui"

_DATE = Field("date", Text("Ngày chứng từ", "Date"), "date", required=True)
_NUMBER = Field("voucher", Text("Số chứng từ", "Number"), required=True, meta="voucher")
_TASK = Field("task", Text("Nhiệm vụ", "Task"), "choice", required=True, choices="tasks")
_FUND = Field("fund", Text("Nguồn", "Fund"), "choice", required=True, choices="state")
_OTHER_FUND = _FUND._replace(choices="others")
_ITEM = Field(
    "item", Text("Mã NDKT (tiểu mục)", "Sub-item"), "item", required=True, choices="items"
)
_AMOUNT = Field("amount", Text("Số tiền (đồng)", "Amount (VND)"), "money", required=True)
_WHAT = Field("narration", Text("Nội dung thanh toán", "What for"), required=True)
_YEAR = Field("year", Text("Năm ngân sách", "Budget year"), "year")
_VENDOR = Field(
    "vendor",
    Text("Đơn vị hưởng (mã số thuế)", "Payee (tax code)"),
    choices="parties",
    meta="vendor",
)
_PERSON = Field(
    "beneficiary",
    Text("Người hưởng (mã số thuế)", "Person (tax code)"),
    choices="parties",
    meta="beneficiary",
)
_CONTRACT = Field("contract", Text("Số hợp đồng", "Contract"), choices="contracts", meta="contract")
_COMMITMENT = Field(
    "commitment", Text("Số cam kết chi", "Commitment"), choices="commitments", meta="commitment"
)
_ACTIVITY = Field(
    "activity", Text("Nội dung chi", "Content"), "choice", choices="activities", meta="activity"
)
_EVENT = Field("event", Text("Sự kiện", "Event"), choices="events", meta="event")
_SUPPORT = Field("support", Text("Khoản hỗ trợ", "Support"), choices="supports", meta="support")
_INVOICE = Field("invoice", Text("Hóa đơn (ký hiệu/số)", "Invoice"), meta="invoice")
_ADVANCE = Field(
    "advance",
    Text("Căn cứ tạm ứng (số chứng từ)", "Advance (voucher)"),
    required=True,
    choices="advances",
    meta="advance",
)
_DEPOSIT = Field(
    "deposit", Text("Tài khoản trả tiền", "Account"), "choice", required=True, choices="deposits"
)
_OF_WHAT = (_ACTIVITY, _EVENT, _SUPPORT, _INVOICE)


def _drawn(filled: Filled) -> NewTransaction:
    """Giấy rút dự toán: spent at once, or advanced; out of a commitment where one is named."""
    advance = filled.text["drawn"] == "advance"
    source = "CamKet" if filled.text["commitment"] else "KhaDung"
    head = ("Assets", "TamUng") if advance else ("Expenses",)
    return filled.transaction(
        "advance" if advance else "payment",
        NewPosting(filled.account("Assets", "DuToan", source, _HEAD_ONLY), -filled.amount),
        NewPosting(filled.account(*head, filled.item), filled.amount),
    )


def _settled(filled: Filled) -> NewTransaction:
    """Giấy đề nghị thanh toán tạm ứng: what was advanced is recognised as spent."""
    held = filled.text["held"]
    of = f"TM{filled.text['advanced_item'] or filled.text['item']}"
    return filled.transaction(
        "advance-settlement",
        NewPosting(filled.account("Assets", held, of), -filled.amount),
        NewPosting(filled.account("Expenses", filled.item), filled.amount),
    )


def _transferred(filled: Filled) -> NewTransaction:
    """Ủy nhiệm chi: paid from a deposit account."""
    return filled.transaction(
        "payment",
        NewPosting(filled.text["deposit"], -filled.amount),
        NewPosting(filled.account("Expenses", filled.item), filled.amount),
    )


def _received(filled: Filled) -> NewTransaction:
    """Báo có: a contribution, pledged before or not, or the interest of a deposit account."""
    what = filled.text["received"]
    source = {
        "contribution": filled.account("Income", "DongGop", _HEAD_ONLY),
        "pledged": filled.account("Assets", "PhaiThu", "DongGop", _HEAD_ONLY),
        "interest": _INTEREST,
    }[what]
    return filled.transaction(
        "deposit-interest" if what == "interest" else "contribution-cash",
        NewPosting(filled.text["deposit"], filled.amount),
        NewPosting(source, -filled.amount),
    )


def _returned(filled: Filled) -> NewTransaction:
    """Giấy nộp trả kinh phí: the estimate revives, or the money is the budget's."""
    head = ("Assets", "TamUng") if filled.text["of"] == "advance" else ("Expenses",)
    restored = filled.text["restored"] == "yes"
    target = (
        filled.account("Assets", "DuToan", "KhaDung", _HEAD_ONLY)
        if restored
        else f"Equity:NopTraNSNN:{filled.text['fund']}"
    )
    return filled.transaction(
        "return-restoring" if restored else "return-to-budget",
        NewPosting(filled.account(*head, filled.item), -filled.amount),
        NewPosting(target, filled.amount),
    )


def _committed(filled: Filled) -> NewTransaction:
    """Giấy đề nghị cam kết chi, once the treasury accepted it."""
    return filled.transaction(
        "commitment",
        NewPosting(filled.account("Assets", "DuToan", "KhaDung", _HEAD_ONLY), -filled.amount),
        NewPosting(filled.account("Assets", "DuToan", "CamKet", _HEAD_ONLY), filled.amount),
    )


def _listed(filled: Filled) -> NewTransaction:
    """A line of the list of payments made out of an advance."""
    of = f"TM{filled.text['advanced_item'] or filled.text['item']}"
    return filled.transaction(
        "paid-from-advance",
        NewPosting(filled.account("Assets", "ChoThanhToan", filled.item), filled.amount),
        NewPosting(filled.account("Assets", "TamUng", of), -filled.amount),
    )


_ADVANCED_ITEM = Field(
    "advanced_item",
    Text("Tiểu mục đã tạm ứng, nếu khác", "Sub-item advanced, if another"),
    "item",
    choices="items",
)

RETURN: Final = "nop-tra"

FORMS: Final[tuple[Form, ...]] = (
    Form(
        "rut-du-toan",
        "C2-02a/NS",
        Text("Giấy rút dự toán ngân sách nhà nước", "Withdrawal of the estimate"),
        (
            _DATE,
            _NUMBER,
            Field(
                "drawn",
                Text("Thực chi hay tạm ứng", "Spent or advanced"),
                "choice",
                required=True,
                choices="drawn",
            ),
            _TASK,
            _FUND,
            _YEAR,
            _WHAT,
            _ITEM,
            _AMOUNT,
            _VENDOR,
            _PERSON,
            _CONTRACT,
            _COMMITMENT,
            *_OF_WHAT,
        ),
        _drawn,
        "RDT",
    ),
    Form(
        "thanh-toan-tam-ung",
        "C2-03/NS",
        Text("Giấy đề nghị thanh toán tạm ứng", "Settlement of an advance"),
        (
            _DATE,
            _NUMBER,
            _ADVANCE,
            Field("held", Text("Số dư ở", "Held as"), "choice", required=True, choices="held"),
            _TASK,
            _FUND,
            _YEAR,
            _WHAT,
            _ITEM,
            _ADVANCED_ITEM,
            _AMOUNT,
            _VENDOR,
            _CONTRACT,
            *_OF_WHAT,
        ),
        _settled,
        "TTTU",
    ),
    Form(
        "uy-nhiem-chi",
        "C4-02a/KB",
        Text("Ủy nhiệm chi", "Payment order"),
        (
            _DATE,
            _NUMBER,
            _DEPOSIT,
            _TASK,
            _OTHER_FUND,
            _WHAT,
            _ITEM,
            _AMOUNT,
            _VENDOR,
            _PERSON,
            _CONTRACT,
            *_OF_WHAT,
        ),
        _transferred,
        "UNC",
    ),
    Form(
        "bao-co",
        "",
        Text("Báo có", "Money received"),
        (
            _DATE,
            _NUMBER,
            Field(
                "received",
                Text("Khoản thu", "Received"),
                "choice",
                required=True,
                choices="received",
            ),
            _DEPOSIT._replace(label=Text("Tài khoản nhận tiền", "Account")),
            _TASK,
            _OTHER_FUND,
            _WHAT._replace(label=Text("Nội dung", "What for")),
            _AMOUNT,
            Field(
                "contributor",
                Text("Bên đóng góp (mã số thuế)", "Contributor (tax code)"),
                choices="parties",
                meta="contributor",
            ),
            _YEAR,
        ),
        _received,
        "BC",
    ),
    Form(
        RETURN,
        "C2-05a/NS",
        Text("Giấy nộp trả kinh phí", "Return of funds"),
        (
            _DATE,
            _NUMBER,
            Field("of", Text("Nộp trả", "Returned"), "choice", required=True, choices="of"),
            Field(
                "restored",
                Text("Khôi phục dự toán", "The estimate revives"),
                "choice",
                required=True,
                choices="restored",
            ),
            _TASK,
            _FUND,
            _YEAR,
            _WHAT,
            _ITEM,
            _AMOUNT,
            _ADVANCE._replace(required=False),
            _ACTIVITY,
            _EVENT,
            _SUPPORT,
        ),
        _returned,
        "NT",
    ),
    Form(
        "bang-ke",
        "Mẫu 07",
        Text("Bảng kê chứng từ thanh toán từ tạm ứng", "List of payments out of an advance"),
        (
            _DATE,
            _NUMBER,
            _ADVANCE,
            _TASK,
            _FUND,
            _YEAR,
            _WHAT,
            _ITEM,
            _ADVANCED_ITEM,
            _AMOUNT,
            _VENDOR,
            _PERSON,
            *_OF_WHAT,
        ),
        _listed,
        "BK",
    ),
    Form(
        "cam-ket-chi",
        "C2-12/NS",
        Text("Giấy đề nghị cam kết chi", "Commitment"),
        (
            _DATE,
            _COMMITMENT._replace(required=True),
            _CONTRACT._replace(required=True),
            _VENDOR,
            _TASK,
            _FUND,
            _YEAR,
            _WHAT,
            _AMOUNT,
        ),
        _committed,
    ),
)


def form_of(code: str) -> Form:
    """A form by its code; the first where there is none of it."""
    return next((form for form in FORMS if form.code == code), FORMS[0])
