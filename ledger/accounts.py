"""The account scheme: what each account of a book stands for (hệ thống tài khoản của sổ)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable


class Family(StrEnum):
    """What an account holds; the value is the word that its name carries."""

    AVAILABLE = "KhaDung"
    WITHHELD = "GiuLai"
    COMMITTED = "CamKet"
    ADVANCED = "TamUng"
    UNACCEPTED = "ChoThanhToan"
    DEPOSIT = "TienGui"
    PLEDGED = "PhaiThu"
    PAYABLE = "PhaiNop"
    GRANTED = "GiaoDuToan"
    CANCELLED = "HuyDuToan"
    RETURNED = "NopTraNSNN"
    CARRIED_OVER = "ChuyenNguon"
    OPENED = "SoDuDauNam"
    CONTRIBUTED = "DongGop"
    OTHER_INCOME = "Khac"
    SPENT = "Expenses"
    OUTSIDE = "outside"  # not in the scheme

    @property
    def label(self) -> Text:
        """The term in use."""
        return _FAMILY_LABELS[self]


_FAMILY_LABELS = {
    Family.AVAILABLE: Text("dự toán còn được sử dụng", "estimate available"),
    Family.WITHHELD: Text("dự toán bị giữ lại", "estimate withheld"),
    Family.COMMITTED: Text("cam kết chi", "commitments"),
    Family.ADVANCED: Text("tạm ứng", "advances"),
    Family.UNACCEPTED: Text(
        "đã chi từ tạm ứng, kho bạc chưa chấp nhận", "paid from advances, not yet accepted"
    ),
    Family.DEPOSIT: Text("tiền gửi tại kho bạc, ngân hàng", "deposits"),
    Family.PLEDGED: Text("đóng góp đã cam kết, chưa nhận", "pledged, not received"),
    Family.PAYABLE: Text("thuế và khoản khác phải nộp", "taxes and other payables"),
    Family.GRANTED: Text("nơi giao dự toán", "who gave the estimate"),
    Family.CANCELLED: Text("dự toán đã hủy", "cancelled estimate"),
    Family.RETURNED: Text("đã nộp trả ngân sách", "returned to the budget"),
    Family.CARRIED_OVER: Text("đã chuyển nguồn", "carried over"),
    Family.OPENED: Text("tiền có từ trước khi mở sổ", "money held before the book began"),
    Family.CONTRIBUTED: Text("đóng góp", "contributions"),
    Family.OTHER_INCOME: Text("thu khác", "other income"),
    Family.SPENT: Text("chi", "spending"),
    Family.OUTSIDE: Text("ngoài hệ thống tài khoản", "outside the scheme"),
}


class Fund(NamedTuple):
    """A source of money (nguồn kinh phí).

    Attributes:
        code: the component in account names.
        label: what it is.
        state: money of the state budget.
        settled: stands in the unit's own settlement and treasury forms or books of receipts;
            what enterprises spend themselves does not.
    """

    code: str
    label: Text
    state: bool
    settled: bool


FUNDS: dict[str, Fund] = {
    fund.code: fund
    for fund in (
        Fund("NSTP", Text("Ngân sách thành phố", "City budget"), state=True, settled=True),
        Fund("NSTW", Text("Ngân sách trung ương", "Central budget"), state=True, settled=True),
        Fund("DN", Text("Doanh nghiệp đóng góp", "Contributions"), state=False, settled=True),
        Fund("HD", Text("Nguồn huy động khác", "Other sources"), state=False, settled=True),
        Fund("DNTC", Text("Doanh nghiệp tự chi", "Own spending"), state=False, settled=False),
    )
}

STATE_FUNDS = tuple(fund.code for fund in FUNDS.values() if fund.state)
# Funds whose money passes through the unit's deposit accounts.
RECEIVED_FUNDS = tuple(fund.code for fund in FUNDS.values() if fund.settled and not fund.state)

# Families of the estimate and its use: their postings belong to one budget year.
BUDGET_FAMILIES = (
    Family.AVAILABLE,
    Family.WITHHELD,
    Family.COMMITTED,
    Family.ADVANCED,
    Family.UNACCEPTED,
)
ESTIMATE_FAMILIES = (Family.AVAILABLE, Family.WITHHELD, Family.COMMITTED)
# Families of money advanced: drawn, and paid out of it but not yet accepted by the treasury.
ADVANCE_FAMILIES = (Family.ADVANCED.value, Family.UNACCEPTED.value)
# Families of what was drawn of the estimate.
USED_FAMILIES = (*ADVANCE_FAMILIES, Family.SPENT.value)
# Families of what was spent, recognised or paid out of an advance.
COST_FAMILIES = (Family.SPENT.value, Family.UNACCEPTED.value)


class Account(NamedTuple):
    """The parts of an account name; a part that the family does not have is empty."""

    name: str
    family: Family
    unit: str = ""
    task: str = ""
    fund: str = ""
    sub_item: str = ""
    detail: str = ""


class Pattern(NamedTuple):
    """How the accounts of a family are named: fixed words, then parts."""

    prefix: tuple[str, ...]
    family: Family
    parts: tuple[str, ...]


_TASK_FUND = ("task", "fund")
_TASK_FUND_ITEM = ("task", "fund", "sub_item")

SCHEME = (
    Pattern(("Assets", "DuToan", "KhaDung"), Family.AVAILABLE, _TASK_FUND),
    Pattern(("Assets", "DuToan", "GiuLai"), Family.WITHHELD, _TASK_FUND),
    Pattern(("Assets", "DuToan", "CamKet"), Family.COMMITTED, _TASK_FUND),
    Pattern(("Assets", "TamUng"), Family.ADVANCED, _TASK_FUND_ITEM),
    Pattern(("Assets", "ChoThanhToan"), Family.UNACCEPTED, _TASK_FUND_ITEM),
    Pattern(("Assets", "TienGui"), Family.DEPOSIT, ("detail",)),
    Pattern(("Assets", "PhaiThu", "DongGop"), Family.PLEDGED, _TASK_FUND),
    Pattern(("Liabilities", "PhaiNop"), Family.PAYABLE, ("detail",)),
    Pattern(("Equity", "GiaoDuToan"), Family.GRANTED, ("fund",)),
    Pattern(("Equity", "HuyDuToan"), Family.CANCELLED, ("fund",)),
    Pattern(("Equity", "NopTraNSNN"), Family.RETURNED, ("fund",)),
    Pattern(("Equity", "ChuyenNguon"), Family.CARRIED_OVER, ("fund",)),
    Pattern(("Equity", "SoDuDauNam"), Family.OPENED, ()),
    Pattern(("Income", "DongGop"), Family.CONTRIBUTED, _TASK_FUND),
    Pattern(("Income", "Khac"), Family.OTHER_INCOME, ("detail",)),
    Pattern(("Expenses",), Family.SPENT, _TASK_FUND_ITEM),
)


def read_account(name: str) -> Account:
    """Take an account name apart by the scheme.

    A book of several units puts the unit before the other parts, so one component more than the
    family has is the unit. A name that fits nothing is of the family ``OUTSIDE``.
    """
    components = tuple(name.split(":"))
    for pattern in SCHEME:
        depth = len(pattern.prefix)
        if components[:depth] != pattern.prefix:
            continue
        rest = components[depth:]
        parts = pattern.parts if len(rest) == len(pattern.parts) else ("unit", *pattern.parts)
        if len(rest) == len(parts):
            return Account(name, pattern.family, **dict(zip(parts, rest, strict=True)))
    return Account(name, Family.OUTSIDE)


_PATTERNS: Final = {pattern.family: pattern for pattern in SCHEME}


def account_name(family: Family, **parts: str) -> str:
    """The name of an account from its parts, as ``read_account`` takes it apart.

    Args:
        family: one of the scheme.
        parts: ``unit`` where the book has several, and the parts that the family has, by the
            names of ``Account``; one more than the family has is left out.
    """
    pattern = _PATTERNS[family]
    words = [parts.get(part, "") for part in ("unit", *pattern.parts)]
    return ":".join((*pattern.prefix, *(word for word in words if word)))


def units_of_task(names: Iterable[str], task: str) -> set[str]:
    """The units whose accounts of a task are among some; a sole unit has an empty name."""
    return {account.unit for account in map(read_account, names) if account.task == task}


INCOME_TAX: Final = "ThueTNCN"  # the detail of its account of what is to be paid over
DEPOSIT_INTEREST: Final = "LaiTienGui"  # the detail of its account of other income
_SUB_ITEM: Final = re.compile(r"TM\d{4}")


def fits_scheme(name: str) -> bool:
    """Whether an account could be opened under the scheme: its family, fund and sub-item."""
    account = read_account(name)
    fund = not account.fund or account.fund in FUNDS
    sub_item = not account.sub_item or _SUB_ITEM.fullmatch(account.sub_item) is not None
    return account.family is not Family.OUTSIDE and fund and sub_item
