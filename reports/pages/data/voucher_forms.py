"""The documents of the treasury as forms, and the transaction that each means (mẫu chứng từ).

Names and fields follow the documents of Decree 11/2020/NĐ-CP; the symbols stayed in use after the
circular that first had them.
"""

from __future__ import annotations

from typing import Final

from ledger.accounts import DEPOSIT_INTEREST, INCOME_TAX, Family, account_name
from ledger.text import Text
from ledger.writing import NewPosting, NewTransaction
from reports.pages.data.fields import Field, Filled, Form, read_item


def _transaction(filled: Filled, kind: str, *postings: NewPosting) -> NewTransaction:
    """The transaction with the fields that are metadata."""
    meta = {"kind": kind, **filled.meta()}
    if filled.year != filled.day.year or filled.two_years:
        meta["budget-year"] = filled.year
    others = (filled.text.get(name) for name in ("vendor", "beneficiary", "contributor"))
    paid = next((other for other in others if other), "")
    payee = filled.names.get(paid, "")
    return NewTransaction(filled.day, "*", payee, filled.text["narration"], meta, postings)


def _account(filled: Filled, family: Family, item: str = "") -> str:
    """An account of the task and fund of the form."""
    text = filled.text
    place = {"unit": filled.unit, "task": text["task"], "fund": text["fund"], "sub_item": item}
    return account_name(family, **place)


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
# Of a person: what is paid out stands as the amount, and the cost is what it was before tax.
_GROSS = Field(
    "gross",
    Text("Số trước thuế, nếu trả cá nhân", "Before tax, where a person is paid"),
    "money",
    meta="gross",
)
_TAX = Field("tax", Text("Thuế TNCN đã khấu trừ", "Tax withheld"), "money", meta="tax-withheld")
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
    source = Family.COMMITTED if filled.text["commitment"] else Family.AVAILABLE
    target = Family.ADVANCED if advance else Family.SPENT
    return _transaction(
        filled,
        "advance" if advance else "payment",
        NewPosting(_account(filled, source), -filled.amount),
        *_cost(filled, target),
    )


def _cost(filled: Filled, family: Family) -> list[NewPosting]:
    """What a payment costs: what was paid out, and the tax withheld of it."""
    cost = NewPosting(_account(filled, family, filled.item), filled.amount + filled.tax)
    if not filled.tax:
        return [cost]
    owed = account_name(Family.PAYABLE, unit=filled.unit, detail=INCOME_TAX)
    return [cost, NewPosting(owed, -filled.tax)]


def _advanced(filled: Filled) -> str:
    """The component of the sub-item that was advanced."""
    return (
        f"TM{read_item(filled.text['advanced_item'])}"
        if filled.text["advanced_item"]
        else filled.item
    )


def _settled(filled: Filled) -> NewTransaction:
    """Giấy đề nghị thanh toán tạm ứng: what was advanced is recognised as spent."""
    return _transaction(
        filled,
        "advance-settlement",
        NewPosting(
            _account(filled, Family(filled.text["held"]), _advanced(filled)), -filled.amount
        ),
        NewPosting(_account(filled, Family.SPENT, filled.item), filled.amount),
    )


def _transferred(filled: Filled) -> NewTransaction:
    """Ủy nhiệm chi: paid from a deposit account."""
    return _transaction(
        filled,
        "payment",
        NewPosting(filled.text["deposit"], -filled.amount),
        *_cost(filled, Family.SPENT),
    )


def _received(filled: Filled) -> NewTransaction:
    """Báo có: a contribution, pledged before or not, or the interest of a deposit account."""
    what = filled.text["received"]
    source = {
        "contribution": _account(filled, Family.CONTRIBUTED),
        "pledged": _account(filled, Family.PLEDGED),
        "interest": account_name(Family.OTHER_INCOME, unit=filled.unit, detail=DEPOSIT_INTEREST),
    }[what]
    return _transaction(
        filled,
        "deposit-interest" if what == "interest" else "contribution-cash",
        NewPosting(filled.text["deposit"], filled.amount),
        NewPosting(source, -filled.amount),
    )


def _returned(filled: Filled) -> NewTransaction:
    """Giấy nộp trả kinh phí: the estimate revives, or the money is the budget's."""
    source = Family.ADVANCED if filled.text["of"] == "advance" else Family.SPENT
    restored = filled.text["restored"] == "yes"
    target = _account(filled, Family.AVAILABLE) if restored else _account(filled, Family.RETURNED)
    return _transaction(
        filled,
        "return-restoring" if restored else "return-to-budget",
        NewPosting(_account(filled, source, filled.item), -filled.amount),
        NewPosting(target, filled.amount),
    )


def _committed(filled: Filled) -> NewTransaction:
    """Giấy đề nghị cam kết chi, once the treasury accepted it."""
    return _transaction(
        filled,
        "commitment",
        NewPosting(_account(filled, Family.AVAILABLE), -filled.amount),
        NewPosting(_account(filled, Family.COMMITTED), filled.amount),
    )


def _listed(filled: Filled) -> NewTransaction:
    """A line of the list of payments made out of an advance."""
    return _transaction(
        filled,
        "paid-from-advance",
        *_cost(filled, Family.UNACCEPTED),
        NewPosting(_account(filled, Family.ADVANCED, _advanced(filled)), -filled.amount),
    )


_ADVANCED_ITEM = Field(
    "advanced_item",
    Text("Tiểu mục đã tạm ứng, nếu khác", "Sub-item advanced, if another"),
    "item",
    choices="items",
)

RETURN: Final = "nop-tra"

VOUCHERS: Final[tuple[Form, ...]] = (
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
            _GROSS,
            _TAX,
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
            _GROSS,
            _TAX,
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
            _GROSS,
            _TAX,
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
