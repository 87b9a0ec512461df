"""The shape of what a check found, from which ``findings.schema.json`` is made.

The docstrings stand in the schema and are therefore Vietnamese. Amounts are whole VND, days ISO,
paths absolute, wording in one language.
"""

from __future__ import annotations

from typing import Final, Literal

from typing_extensions import TypedDict

SCHEMA: Final = 1
SeverityWord = Literal["note", "warning", "error"]
VerdictWord = Literal["pass", "fail", "not-applicable", "unknown"]


class ProgrammeRow(TypedDict):
    """Một chương trình đã kiểm tra."""

    code: str
    """mã"""
    title: str
    """tên"""
    plan: str
    """số kế hoạch"""
    unit: str
    """đơn vị"""
    unit_code: str
    """mã đơn vị có quan hệ với ngân sách, rỗng khi sổ không ghi"""
    budget_year: str
    """niên độ"""


class TotalsRow(TypedDict):
    """Số phát hiện và số tiền cần xem xét."""

    findings: int
    """số phát hiện được tính"""
    error: int
    """trong đó lỗi"""
    warning: int
    """trong đó cảnh báo"""
    note: int
    """trong đó lưu ý"""
    fail: int
    """số phát hiện là sai (kind fail)"""
    fail_at_issue: int
    """số tiền của các phát hiện sai, mỗi đồng một lần"""
    review: int
    """số phát hiện cần giải trình (kind review)"""
    review_at_issue: int
    """số tiền cần giải trình, mỗi đồng một lần; đồng vừa sai vừa cần giải trình chỉ tính là sai"""
    at_issue: int
    """fail_at_issue + review_at_issue: số tiền cần xem xét, không phải số tiền sai"""
    accepted: int
    """số phát hiện đã chấp nhận, không tính ở trên"""
    accepted_at_issue: int
    """số tiền cần xem xét của các phát hiện đã chấp nhận, mỗi đồng một lần"""
    accepted_by_book: int
    """số phát hiện do chính sổ được kiểm tra chấp nhận"""
    accepted_by_auditor: int
    """số phát hiện do kiểm toán viên chấp nhận (--waivers)"""
    resting_on_own_norms: int
    """số phát hiện dựa vào con số do chính đơn vị xác nhận"""
    tested_by_own_norms: int
    """số lượt kiểm tra dựa vào con số do chính đơn vị xác nhận"""
    resting_on_auditor_norms: int
    """số phát hiện dựa vào con số kiểm toán viên đã đọc (--norms)"""
    tested_by_auditor_norms: int
    """số lượt kiểm tra dựa vào con số kiểm toán viên đã đọc (--norms)"""


class CitationRow(TypedDict):
    """Một căn cứ: văn bản nào, con số đọc ở đâu, xác minh đến đâu."""

    norm: str
    """id định mức"""
    instrument: str
    """số văn bản"""
    article: str | None
    """điều; null khi chưa biết"""
    text: str
    """nội dung"""
    grade: str | None
    """mức xác minh; null khi chưa đọc văn bản nào đang có hiệu lực"""
    source: str | None
    """con số, điều khoản này đọc ở đâu"""
    reader: str
    """người của đơn vị, hoặc kiểm toán viên, đã đọc và xác nhận con số; rỗng với con số đi kèm"""
    cited: str
    """căn cứ viết thành chữ, kèm mức xác minh"""


class EvidenceRow(TypedDict):
    """Một dòng của sổ."""

    file: str
    """tệp, đường dẫn đầy đủ"""
    line: int
    """dòng"""
    date: str
    """ngày, rỗng khi không có"""
    text: str
    """diễn giải"""
    amount: int
    """số tiền"""
    at_issue: int
    """phần cần xem xét"""


class AcceptanceRow(TypedDict):
    """Ai chấp nhận, vì sao, đến đâu."""

    by: str
    """ai chấp nhận"""
    reason: str
    """lý do"""
    until: str
    """ngày cuối còn hiệu lực, rỗng khi không có hạn"""
    up_to: int | None
    """mức tiền; null là mọi số tiền"""
    file: str
    """tệp có khai báo chấp nhận"""
    line: int
    """dòng"""
    own: bool
    """của kiểm toán viên (--waivers), không phải của sổ được kiểm tra"""


class WaiverRow(AcceptanceRow):
    """Một khai báo chấp nhận, dù có tác dụng hay không."""

    code: str
    """mã quy tắc"""
    fingerprint: str
    """dấu vân của phát hiện mà nó nêu"""
    state: Literal["in-use", "exceeded", "unused", "expired", "reasonless", "left-out"]
    """kết quả"""
    at_issue: int
    """số tiền cần xem xét của phát hiện mà nó nêu; 0 khi không có"""


class ExplanationRow(TypedDict):
    """Giải trình của đơn vị; không làm phát hiện mất đi."""

    person: str
    """ai giải trình"""
    reason: str
    """lý do"""
    document: str
    """văn bản kèm theo"""
    date: str
    """ngày"""
    file: str
    """tệp"""
    line: int
    """dòng"""


class PastRow(TypedDict):
    """Một phát hiện, vắn tắt."""

    code: str
    """mã quy tắc"""
    title: str
    """tiêu đề quy tắc"""
    severity: SeverityWord
    """mức độ"""
    message: str
    """nội dung"""
    file: str
    """tệp cần xem trước"""
    line: int
    """dòng cần xem trước"""
    at_issue: int
    """số tiền cần xem xét"""
    fingerprint: str
    """dấu vân, không đổi khi sửa số tiền hoặc sửa chỗ khác"""
    kind: Literal["fail", "review", ""]
    """sai, hoặc cần giải trình; rỗng khi lần kiểm tra trước không ghi"""


class FindingRow(PastRow):
    """Một phát hiện."""

    name: str
    """tên quy tắc"""
    subject: str
    """đối tượng"""
    programme: str
    """mã chương trình"""
    book: str
    """tệp chính của sổ"""
    observed: int | None
    """số trong sổ; null khi không có"""
    allowed: int | None
    """số được phép; null khi không có"""
    rests_on_law: bool
    """dựa vào văn bản; false là quy ước của sổ, không cần căn cứ"""
    in_book: bool
    """sổ mâu thuẫn với chính nó: mức độ không phụ thuộc văn bản"""
    citations: list[CitationRow]
    """căn cứ, cái quyết định đứng đầu"""
    evidence: list[EvidenceRow]
    """các dòng của sổ"""
    change: Literal["new", "updated"] | None
    """so với --baseline: mới, hoặc tăng lên; null khi không so, hoặc lần trước không xét đến"""
    acceptance: AcceptanceRow | None
    """chấp nhận đang có hiệu lực; null khi phát hiện được tính"""
    explanations: list[ExplanationRow]
    """giải trình ghi trong sổ"""


class SelectionRow(TypedDict):
    """Kết quả chỉ nêu một phần của lần kiểm tra."""

    select: list[str]
    """chỉ các quy tắc có mã bắt đầu như vậy; rỗng là mọi quy tắc"""
    ignore: list[str]
    """bỏ các quy tắc này"""
    kind: Literal["fail", "review"] | None
    """chỉ loại phát hiện này; null là cả hai"""


class ComparisonRow(TypedDict):
    """So với lần kiểm tra trước (--baseline)."""

    file: str
    """tệp kết quả lần trước"""
    as_of: str
    """ngày tính đến của lần trước"""
    selection: SelectionRow
    """lần trước chỉ nêu phần nào"""
    unchanged: list[PastRow]
    """các phát hiện vẫn như cũ, không nêu lại"""
    absent: list[PastRow]
    """các phát hiện nay không còn"""
    beyond: list[PastRow]
    """phát hiện của lần trước không biết còn hay không, vì lần trước tính đến ngày muộn hơn"""
    not_compared: int
    """số phát hiện lần này mà lần trước không xét đến: không phải mới, cũng không phải như cũ"""


class ReasonRow(TypedDict):
    """Vì sao chưa kiểm được."""

    reason: str
    """lý do"""
    subjects: int
    """số đối tượng"""


class NormRow(CitationRow):
    """Một định mức, điều luật mà quy tắc đã so với đối tượng."""

    subjects: int
    """số đối tượng đã so"""
    failed: int
    """trong đó không đạt"""


class RuleRow(TypedDict):
    """Một quy tắc đã xem bao nhiêu đối tượng."""

    code: str
    """mã"""
    name: str
    """tên"""
    title: str
    """tiêu đề"""
    counts: dict[VerdictWord, int]
    """số đối tượng theo kết quả; kết quả nào không có thì không ghi"""
    tested: int
    """số đối tượng đã kiểm"""
    not_tested: int
    """số đối tượng chưa kiểm được"""
    unknown_reasons: list[ReasonRow]
    """vì sao chưa kiểm được"""
    norms: list[NormRow]
    """định mức, điều luật đã so"""


class FigureChangeRow(TypedDict):
    """Một con số đi kèm phần mềm và cái thay nó."""

    since: str
    """ngày đầu khác nhau"""
    before: str
    """mức đi kèm phần mềm"""
    now: str
    """mức thay vào"""
    loosened: bool
    """cái thay vào cho phép nhiều hơn"""


class OwnFigureRow(TypedDict):
    """Một định mức đi kèm bị tệp định mức của đơn vị hoặc của kiểm toán viên thay con số."""

    norm: str
    """id định mức"""
    instrument: str
    """văn bản"""
    text: str
    """nội dung của định mức đi kèm"""
    changes: list[FigureChangeRow]
    """các con số thay, theo ngày"""
    loosened: bool
    """có con số nới lỏng"""
    findings: int
    """số phát hiện mất đi do nới lỏng, xét cả sổ"""
    at_issue: int
    """số tiền cần xem xét mất đi do nới lỏng"""
    file: str
    """tệp định mức thay"""
    reader: str
    """ai xác nhận tệp ấy"""
    own: bool
    """tệp của kiểm toán viên (--norms), không phải của đơn vị"""


class Report(TypedDict):
    """Kết quả của «cnht check SO --format json». Số tiền là đồng, ngày là YYYY-MM-DD."""

    schema: Literal[1]
    """tăng khi đổi không tương thích; chương trình đọc nên bỏ qua trường lạ"""
    as_of: str
    """ngày tính đến"""
    unseen: int
    """số giao dịch sau ngày đó, chưa được kiểm tra"""
    unseen_file: str
    """tệp có giao dịch đầu tiên trong số đó, rỗng khi không có"""
    unseen_line: int
    """dòng của giao dịch ấy, 0 khi không có"""
    books: list[str]
    """tệp chính của các sổ"""
    programmes: list[ProgrammeRow]
    """chương trình của từng sổ"""
    selection: SelectionRow
    """kết quả này chỉ nêu phần nào (--select, --ignore, --kind)"""
    totals: TotalsRow
    """tổng cộng"""
    findings: list[FindingRow]
    """phát hiện được tính, nặng trước"""
    accepted: list[FindingRow]
    """phát hiện đã chấp nhận"""
    waivers: list[WaiverRow]
    """mọi khai báo chấp nhận, của kiểm toán viên trước"""
    baseline: ComparisonRow | None
    """null khi không có --baseline"""
    rules: list[RuleRow]
    """các quy tắc đã chạy"""
    own_norms: list[str]
    """tệp định mức mà sổ mang theo và đã dùng"""
    auditor_norms: list[str]
    """tệp định mức của kiểm toán viên đã dùng (--norms)"""
    own_figures: list[OwnFigureRow]
    """định mức đi kèm bị các tệp ấy thay con số"""
    norm_warnings: list[str]
    """điều cần xem lại ở các tệp ấy"""
    left_out: list[str]
    """phần của sổ không được dùng"""
