"""What a book declares: every ``custom`` directive as a typed model (khai báo trong sổ).

A model's fields are the metadata keys of its directive, with hyphens for underscores; the values
that stand on the directive's own line are listed in ``Declaration.heads``. The facts frame of a
directive has the same columns, so a field is declared here and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ledger.text import LARGEST_AMOUNT, composed

Cell = str | int | bool | dt.date | Decimal | None


# What a year can be; anything else is a slip of the pen.
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100

# `120.000` is a hundred and twenty to Beancount and a hundred and twenty thousand to its writer.
_THREE_DECIMALS: Final = Decimal("0.001")


def is_whole(number: Decimal) -> bool:
    """Whether a number is whole and was not written with a dot between its thousands."""
    return number == number.to_integral_value() and not number.same_quantum(_THREE_DECIMALS)


def _whole(value: object) -> object:
    """Beancount reads every number as Decimal; ours are whole. Anything else stays as it is."""
    return int(value) if isinstance(value, Decimal) and is_whole(value) else value


def _text(value: object) -> object:
    """Text stands between quotes: a bare number has lost its leading zeros, if it had any."""
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        raise ValueError("unquoted")  # noqa: TRY004  # pydantic collects ValueErrors
    return composed(value) if isinstance(value, str) else value


Str = Annotated[str, BeforeValidator(_text)]
Int = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=LARGEST_AMOUNT)]
Year = Annotated[int, BeforeValidator(_whole), Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Money = Int
Digest = Annotated[str, BeforeValidator(_text), Field(pattern=r"^([0-9A-Fa-f]{64})?$")]


class Declaration(BaseModel):
    """One ``custom`` directive.

    ``seed`` names the seeded fault that a directive of a teaching book belongs to; programs that
    take seeds out again read it, nothing else does.
    """

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
    )

    directive: ClassVar[str]
    frame: ClassVar[str]
    heads: ClassVar[tuple[str, ...]]
    unique: ClassVar[bool] = True  # whether the first head may be declared only once

    seed: Str = ""


class Programme(Declaration):
    """The programme of one budget year (chương trình, niên độ)."""

    directive = "programme"
    frame = "programme"
    heads = ("code",)

    code: Str
    plan: Str  # số kế hoạch
    plan_date: dt.date
    title: Str = ""
    decisions: Str  # quyết định giao dự toán: "số; ngày; tổng số tiền" each, parted by "|"
    budget_year: Year  # niên độ
    unit: Str  # đơn vị sử dụng ngân sách
    unit_code: Str = ""  # mã ĐVQHNS
    budget_level: Str = ""  # cấp ngân sách
    chapter: Str = ""  # chương
    kind_item: Str = ""  # loại-khoản
    source_code: Str = ""  # mã nguồn
    programme_code: Str = ""  # mã CTMT
    autonomy: bool = False  # kinh phí giao tự chủ
    treasury_office: Str = ""  # kho bạc nơi giao dịch
    signatories: Str = ""  # "chức danh: họ tên", parted by ";"
    instruments: Str  # packs of norms that apply, parted by ";"
    illustration: Str = ""  # what in the book is no real figure


class Unit(Declaration):
    """A unit of a book of several units (đơn vị)."""

    directive = "unit"
    frame = "units"
    heads = ("code", "title")

    code: Str
    title: Str
    unit_code: Str = ""
    chapter: Str = ""


class Task(Declaration):
    """A task of the plan (nhiệm vụ)."""

    directive = "task"
    frame = "tasks"
    heads = ("task", "title")

    task: Str
    title: Str
    group: Str  # số thứ tự nhóm
    group_title: Str
    window: Str = ""  # thời gian, đúng lời của kế hoạch
    start: dt.date
    end: dt.date
    lead_unit: Str  # đơn vị chủ trì
    partners: Str = ""  # đơn vị phối hợp
    expected: Str = ""  # kết quả dự kiến, đúng lời của kế hoạch
    outputs: Str = ""  # "booth ~200; class 5; enterprise 10-15"; "~" marks the plan's "khoảng"
    outputs_elsewhere: Str = ""  # what another place of the plan says
    outputs_note: Str = ""  # which of the two the rules use, and why
    activities: Str  # contents of spending allowed, parted by ";"
    detailed_plan: bool = False  # phải có kế hoạch chi tiết được duyệt trước
    plan_approval: Str = ""  # văn bản duyệt kế hoạch chi tiết
    plan_approved: dt.date | None = None


class PlanChange(Declaration):
    """A decision that changes a task's window or outputs (điều chỉnh kế hoạch)."""

    directive = "plan-change"
    frame = "plan_changes"
    heads = ("task",)
    unique = False

    task: Str
    decision: Str
    decision_date: dt.date
    start: dt.date | None = None
    end: dt.date | None = None
    outputs: Str = ""


class Party(Declaration):
    """An enterprise, vendor, person, expert or member of staff (đối tượng)."""

    directive = "party"
    frame = "parties"
    heads = ("tax_code", "title")

    tax_code: Str  # mã số thuế
    title: Str
    role: Str  # enterprise, vendor, person, expert, staff; parted by ";"
    sector: Str = ""
    district: Str = ""
    size: Str = ""
    priority: Str = ""  # diện ưu tiên của định mức: "women-owned"; "none" nếu không thuộc diện nào
    foreign: bool = False


class Contract(Declaration):
    """A contract of the unit (hợp đồng)."""

    directive = "contract"
    frame = "contracts"
    heads = ("contract", "title")

    contract: Str
    title: Str
    task: Str
    vendor: Str
    value: Money  # giá trị hợp đồng
    state_part: Money | None = None
    enterprise_part: Money | None = None
    draft_sent: dt.date | None = None
    signed: dt.date
    effective: dt.date | None = None
    end: dt.date | None = None
    liquidated: dt.date | None = None
    amendments: Str = ""
    commitment_exempt: Str = ""  # vì sao không phải đăng ký cam kết chi
    package: Str = ""  # gói thầu trong kế hoạch lựa chọn nhà thầu được duyệt
    selection_plan: Str = ""  # quyết định duyệt kế hoạch lựa chọn nhà thầu: số, ngày
    method: Str = ""  # hình thức lựa chọn nhà thầu
    guarantee: Money | None = None
    guarantee_until: dt.date | None = None


class Event(Declaration):
    """A fair, class, seminar, delegation or campaign (sự kiện).

    Quantities are words of the norms: ``"200 participating-unit; 3 day"``. They are read here
    once and never summed over payments.
    """

    directive = "event"
    frame = "events"
    heads = ("event", "title")

    event: Str
    title: Str
    task: Str
    activity: Str
    start: dt.date
    end: dt.date
    destination: Str = ""
    tier: Str = ""  # bậc của định mức: "guest-class a; post member"
    planned: Str = ""
    actual: Str = ""
    participants: Str = ""


class Support(Declaration):
    """One enterprise's support under one decision (khoản hỗ trợ)."""

    directive = "support"
    frame = "supports"
    heads = ("support",)

    support: Str
    task: Str
    activity: Str
    enterprise: Str  # mã số thuế doanh nghiệp được hỗ trợ
    title: Str = ""
    decision: Str  # quyết định phê duyệt
    decision_date: dt.date
    eligible_cost: Money  # chi phí hợp lệ
    state_support: Money  # ngân sách hỗ trợ được duyệt
    own_share: Money  # phần doanh nghiệp cam kết tự bảo đảm
    quantity: Str = ""  # "1 trademark"
    no_double_funding: Str = ""  # văn bản cam kết chưa được hỗ trợ từ nguồn khác
    no_failed_scheme: Str = ""  # văn bản xác nhận không vi phạm trong 2 năm
    approved_list: Str = ""  # văn bản phê duyệt danh sách, đề án mà khoản hỗ trợ thuộc về
    tier: Str = ""  # bậc của định mức, như ở sự kiện


class Acceptance(Declaration):
    """Minutes of acceptance of a contract, event or support (biên bản nghiệm thu)."""

    directive = "acceptance"
    frame = "acceptances"
    heads = ("acceptance",)

    acceptance: Str
    for_: Str  # "contract 12/2021/HĐ-SCT", "event HC2021" or "support HT-08-003"
    amount: Money | None = None
    result: Str = ""


class Invoice(Declaration):
    """An invoice, named by seller, symbol and number (hóa đơn)."""

    directive = "invoice"
    frame = "invoices"
    heads = ("invoice",)

    invoice: Str
    seller: Str
    buyer: Str
    total: Money
    tax: Money = 0
    replaces: Str = ""  # hóa đơn mà nó thay thế, viết như tên hóa đơn


class Output(Declaration):
    """What a task achieved (kết quả đạt được)."""

    directive = "output"
    frame = "outputs"
    heads = ("task", "quantity")
    unique = False

    task: Str
    quantity: Int
    unit: Str  # a word of the task's ``outputs``
    acceptance: Str = ""


class Reconciled(Declaration):
    """A statement of the treasury or a bank set beside the book on its day (đã đối chiếu).

    A statement that is a file is named by its digest; one on paper by its number and day, and the
    figure agreed on stands beside it, so that the book can be held to it.
    """

    directive = "reconciled"
    frame = "reconciled"
    heads = ("period",)
    unique = False

    period: Str  # "2021-06", "2021Q2" hoặc "2021"
    account: Str  # tài khoản tiền gửi của sổ, "01a-SDKP/ĐVDT" hoặc "02a-SDKP/ĐVDT"
    digest: Digest = ""  # SHA-256 của tệp sao kê
    paper: Str = ""  # số, ngày của bảng đối chiếu giấy, khi không có tệp sao kê
    statement: Str = ""  # tên tệp sao kê
    closing: Money | None = None  # số dư của sổ khi đối chiếu
    statement_closing: Money | None = None  # số dư cuối kỳ của sao kê
    differences: Str = ""  # còn lệch gì; trống là khớp
    reason: Str = ""  # vì sao còn lệch

    @model_validator(mode="after")
    def _require_proof(self) -> Self:
        if not self.digest and not self.paper.strip():
            raise PydanticCustomError("no_statement", "neither digest nor paper")
        if not self.digest and self.closing is None:
            raise PydanticCustomError("no_closing", "on paper and no closing")
        return self


class Explanation(Declaration):
    """The head of the unit answers a finding (giải trình); it silences nothing."""

    directive = "explanation"
    frame = "explanations"
    heads = ("code", "fingerprint")
    unique = False

    code: Str
    fingerprint: Str
    person: Str
    reason: Str
    document: Str = ""


class Waiver(Declaration):
    """An auditor's reasoned acceptance of one finding (chấp nhận phát hiện)."""

    directive = "waiver"
    frame = "waivers"
    heads = ("code", "fingerprint")
    unique = False

    code: Str
    fingerprint: Str
    by: Str
    reason: Str = ""
    until: dt.date | None = None
    up_to: Money | None = None


DECLARATIONS: dict[str, type[Declaration]] = {
    model.directive: model
    for model in (
        Programme,
        Unit,
        Task,
        PlanChange,
        Party,
        Contract,
        Event,
        Support,
        Acceptance,
        Invoice,
        Output,
        Reconciled,
        Explanation,
        Waiver,
    )
}

SubjectWord = Literal["contract", "event", "support", "task"]
