"""What vouchers name, declared by form: parties, contracts, events, supports (khai báo).

The fields that officers fill in for most; the others are added in the editor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.text import Text
from ledger.writing import NewCustom
from reports.pages.data.fields import Field, Filled, Form

if TYPE_CHECKING:
    from collections.abc import Callable

_TITLE = Field("title", Text("Tên", "Name"), required=True)
_TASK = Field(
    "task", Text("Nhiệm vụ", "Task"), "choice", required=True, choices="tasks", meta="task"
)
_ACTIVITY = Field(
    "activity",
    Text("Nội dung chi", "Content"),
    "choice",
    required=True,
    choices="activities",
    meta="activity",
)


def _declared(directive: str, *heads: str) -> Callable[[Filled], NewCustom]:
    """What declares a name: the fields of its line, the others as metadata."""

    def entry(filled: Filled) -> NewCustom:
        values = tuple(filled.text[name] for name in heads)
        return NewCustom(filled.day, directive, values, filled.meta())

    return entry


def _party(code: str, label: Text, *, required: bool = True) -> Field:
    return Field(code, label, required=required, choices="parties", meta=code)


def _money(code: str, label: Text, meta: str, *, required: bool = False) -> Field:
    return Field(code, label, "money", required=required, meta=meta)


DECLARATIONS: Final[tuple[Form, ...]] = (
    Form(
        "khai-doi-tuong",
        "",
        Text("Đối tượng", "Party"),
        (
            Field(
                "tax_code",
                Text("Mã số thuế", "Tax code"),
                "new",
                required=True,
                choices="parties",
            ),
            _TITLE,
            Field(
                "role",
                Text("Vai trò", "Role"),
                "choice",
                required=True,
                choices="roles",
                meta="role",
            ),
            Field("sector", Text("Ngành", "Sector"), meta="sector"),
            Field("district", Text("Địa bàn", "District"), meta="district"),
        ),
        _declared("party", "tax_code", "title"),
        declares=("parties", "tax_code"),
    ),
    Form(
        "khai-hop-dong",
        "",
        Text("Hợp đồng", "Contract"),
        (
            Field(
                "contract",
                Text("Số hợp đồng", "Number"),
                "new",
                required=True,
                choices="contracts",
            ),
            Field("date", Text("Ngày ký", "Signed"), "date", required=True, meta="signed"),
            _TITLE._replace(label=Text("Nội dung hợp đồng", "What for")),
            _TASK,
            _party("vendor", Text("Nhà thầu (mã số thuế)", "Vendor (tax code)")),
            _money("value", Text("Giá trị (đồng)", "Value (VND)"), "value", required=True),
            Field("effective", Text("Ngày hiệu lực", "Effective"), "date", meta="effective"),
            Field("end", Text("Ngày hết hạn", "Ends"), "date", meta="end"),
            Field(
                "method",
                Text("Hình thức lựa chọn nhà thầu", "Procurement method"),
                choices="methods",
                meta="method",
            ),
            Field("package", Text("Gói thầu", "Package"), meta="package"),
            Field(
                "selection_plan",
                Text("Quyết định duyệt kế hoạch lựa chọn nhà thầu", "Selection plan"),
                meta="selection-plan",
            ),
            _money("guarantee", Text("Bảo lãnh tạm ứng (đồng)", "Guarantee (VND)"), "guarantee"),
            Field(
                "guarantee_until",
                Text("Bảo lãnh đến ngày", "Guarantee until"),
                "date",
                meta="guarantee-until",
            ),
        ),
        _declared("contract", "contract", "title"),
        declares=("contracts", "contract"),
    ),
    Form(
        "khai-su-kien",
        "",
        Text("Sự kiện", "Event"),
        (
            Field("event", Text("Mã sự kiện", "Code"), "new", required=True, choices="events"),
            _TITLE,
            _TASK,
            _ACTIVITY,
            Field("date", Text("Từ ngày", "From"), "date", required=True, meta="start"),
            Field("end", Text("Đến ngày", "To"), "date", required=True, meta="end"),
            Field("destination", Text("Nơi đến", "Destination"), meta="destination"),
            Field(
                "planned",
                Text("Số lượng dự kiến", "Planned"),
                meta="planned",
                hint=Text("200 participating-unit; 4 day", "200 participating-unit; 4 day"),
            ),
            Field(
                "actual",
                Text("Số lượng thực tế", "Actual"),
                meta="actual",
                hint=Text("195 participating-unit; 4 day", "195 participating-unit; 4 day"),
            ),
        ),
        _declared("event", "event", "title"),
        declares=("events", "event"),
    ),
    Form(
        "khai-ho-tro",
        "",
        Text("Khoản hỗ trợ", "Support"),
        (
            Field(
                "support", Text("Mã khoản hỗ trợ", "Code"), "new", required=True, choices="supports"
            ),
            _TASK,
            _ACTIVITY,
            _party("enterprise", Text("Doanh nghiệp (mã số thuế)", "Enterprise (tax code)")),
            Field(
                "decision",
                Text("Quyết định phê duyệt", "Decision"),
                required=True,
                meta="decision",
            ),
            Field(
                "date",
                Text("Ngày quyết định", "Of"),
                "date",
                required=True,
                meta="decision-date",
            ),
            _money(
                "eligible_cost",
                Text("Chi phí hợp lệ (đồng)", "Eligible cost (VND)"),
                "eligible-cost",
                required=True,
            ),
            _money(
                "state_support",
                Text("Ngân sách hỗ trợ (đồng)", "State support (VND)"),
                "state-support",
                required=True,
            ),
            _money(
                "own_share",
                Text("Doanh nghiệp bảo đảm (đồng)", "Own share (VND)"),
                "own-share",
                required=True,
            ),
            Field(
                "quantity",
                Text("Số lượng", "Quantity"),
                meta="quantity",
                hint=Text("1 project", "1 project"),
            ),
            Field(
                "no_double_funding",
                Text("Cam kết chưa được nguồn khác hỗ trợ", "No other funding"),
                meta="no-double-funding",
            ),
            Field(
                "no_failed_scheme",
                Text("Xác nhận không vi phạm trong 2 năm", "No failed scheme"),
                meta="no-failed-scheme",
            ),
        ),
        _declared("support", "support"),
        declares=("supports", "support"),
    ),
    Form(
        "khai-nghiem-thu",
        "",
        Text("Nghiệm thu", "Acceptance"),
        (
            Field(
                "acceptance",
                Text("Số biên bản", "Minutes"),
                "new",
                required=True,
                choices="acceptances",
            ),
            Field("date", Text("Ngày biên bản", "Of"), "date", required=True),
            Field(
                "subject",
                Text("Nghiệm thu gì", "Of what"),
                required=True,
                choices="subjects",
                meta="for",
            ),
            _money("amount", Text("Giá trị nghiệm thu (đồng)", "Amount (VND)"), "amount"),
            Field("result", Text("Kết quả", "Result"), meta="result"),
        ),
        _declared("acceptance", "acceptance"),
    ),
)
