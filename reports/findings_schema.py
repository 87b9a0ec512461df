"""The JSON of ``cnht check`` as models: its published schema, and how a baseline is read back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledger.problems import BadInputError, Problem
from ledger.text import Text
from rules.baseline import Baseline
from rules.finding import Past

if TYPE_CHECKING:
    from pathlib import Path

_REMEDY = Text(
    "nêu tệp do «cnht check SO --format json -o TỆP» ghi",
    "name a file that “cnht check BOOK --format json -o FILE” wrote",
)


class _Model(BaseModel):
    """What is declared here is in every file; programs pass over what a later version adds."""

    model_config = ConfigDict(strict=True, json_schema_serialization_defaults_required=True)


class ProgrammeJson(_Model):
    """Một chương trình đã kiểm tra."""

    code: str = Field(description="mã")
    title: str = Field(description="tên")
    plan: str = Field(description="số kế hoạch")
    unit: str = Field(description="đơn vị")
    budget_year: str = Field(description="niên độ")


class TotalsJson(_Model):
    """Số phát hiện được tính và số tiền cần xem xét."""

    findings: int = Field(description="số phát hiện được tính")
    note: int = Field(description="trong đó lưu ý")
    warning: int = Field(description="trong đó cảnh báo")
    error: int = Field(description="trong đó lỗi")
    at_issue: int = Field(description="số tiền cần xem xét, mỗi đồng một lần")
    accepted: int = Field(0, description="số phát hiện đã chấp nhận, không tính ở trên")
    accepted_at_issue: int = Field(0, description="số tiền của các phát hiện đã chấp nhận")


class CitationJson(_Model):
    """Một căn cứ."""

    norm: str = Field(description="id định mức")
    instrument: str = Field(description="số văn bản")
    article: str | None = Field(description="điều; null khi chưa biết")
    text: str = Field(description="nội dung")
    grade: str | None = Field(description="mức xác minh; null khi chưa đọc văn bản có hiệu lực")
    source: str | None = Field(description="đọc ở đâu")


class EvidenceJson(_Model):
    """Một dòng của sổ."""

    file: str = Field(description="tệp, đường dẫn đầy đủ")
    line: int = Field(description="dòng")
    date: str = Field(description="ngày, rỗng khi không có")
    text: str = Field(description="diễn giải")
    amount: int = Field(description="số tiền")
    at_issue: int = Field(description="phần cần xem xét")


class AcceptanceJson(_Model):
    """Chấp nhận đang có hiệu lực với phát hiện."""

    by: str = Field(description="ai chấp nhận")
    reason: str = Field(description="lý do")
    until: str = Field(description="ngày cuối còn hiệu lực, rỗng khi không có hạn")
    up_to: int | None = Field(description="mức tiền; null là mọi số tiền")
    file: str = Field(description="tệp có khai báo chấp nhận")
    line: int = Field(description="dòng")
    own: bool = Field(description="của kiểm toán viên (--waivers), không phải của sổ")


class ExplanationJson(_Model):
    """Giải trình của đơn vị; không làm phát hiện mất đi."""

    person: str = Field(description="ai giải trình")
    reason: str = Field(description="lý do")
    document: str = Field(description="văn bản kèm theo")
    date: str = Field(description="ngày")
    file: str = Field(description="tệp")
    line: int = Field(description="dòng")


class FindingJson(_Model):
    """Một phát hiện."""

    code: str = Field(description="mã quy tắc")
    name: str = Field(description="tên quy tắc")
    title: str = Field(description="tiêu đề quy tắc")
    severity: Literal["note", "warning", "error"] = Field(description="mức độ")
    kind: Literal["fail", "review"] = Field(description="sai, hoặc cần giải trình")
    message: str = Field(description="nội dung")
    subject: str = Field(description="đối tượng")
    programme: str = Field(description="mã chương trình")
    file: str = Field(description="tệp cần xem trước")
    line: int = Field(description="dòng cần xem trước")
    observed: int | None = Field(description="số trong sổ")
    allowed: int | None = Field(description="số được phép")
    at_issue: int = Field(description="số tiền cần xem xét")
    citations: list[CitationJson] = Field(description="căn cứ, cái quyết định đứng đầu")
    evidence: list[EvidenceJson] = Field(description="các dòng của sổ")
    fingerprint: str = Field(description="dấu vân, không đổi khi sửa số tiền hoặc sửa chỗ khác")
    change: Literal["new", "updated"] | None = Field(
        None, description="so với --baseline: mới, hoặc tăng lên; null khi không so"
    )
    acceptance: AcceptanceJson | None = Field(None, description="null khi được tính")
    explanations: list[ExplanationJson] = Field([], description="giải trình trong sổ")


class PastJson(_Model):
    """Một phát hiện của lần trước mà nay không còn."""

    code: str = Field(description="mã quy tắc")
    name: str = Field(description="tên quy tắc")
    title: str = Field(description="tiêu đề quy tắc")
    severity: str = Field(description="mức độ")
    message: str = Field(description="nội dung")
    file: str = Field(description="tệp")
    line: int = Field(description="dòng")
    at_issue: int = Field(description="số tiền cần xem xét")
    fingerprint: str = Field(description="dấu vân")


class BaselineJson(_Model):
    """So với lần kiểm tra trước (--baseline)."""

    file: str = Field(description="tệp kết quả lần trước")
    as_of: str = Field(description="ngày tính đến của lần trước")
    unchanged: list[str] = Field(description="dấu vân các phát hiện vẫn như cũ")
    absent: list[PastJson] = Field(description="các phát hiện nay không còn")


class ReasonJson(_Model):
    """Vì sao chưa kiểm được."""

    reason: str = Field(description="lý do")
    subjects: int = Field(description="số đối tượng")


class RuleJson(_Model):
    """Một quy tắc đã xem bao nhiêu đối tượng."""

    code: str = Field(description="mã")
    name: str = Field(description="tên")
    title: str = Field(description="tiêu đề")
    counts: dict[Literal["pass", "fail", "not-applicable", "unknown"], int] = Field(
        description="số đối tượng theo kết quả"
    )
    unknown_reasons: list[ReasonJson] = Field(description="vì sao chưa kiểm được")


class ReportJson(_Model):
    """Kết quả của «cnht check SO --format json». Số tiền là đồng, ngày là YYYY-MM-DD."""

    schema_: Literal[1] = Field(alias="schema", description="tăng khi đổi không tương thích")
    as_of: str = Field(description="ngày tính đến")
    books: list[str] = Field(description="tệp chính của các sổ")
    programmes: list[ProgrammeJson] = Field(description="chương trình của từng sổ")
    totals: TotalsJson = Field(description="tổng cộng")
    findings: list[FindingJson] = Field(description="phát hiện được tính")
    accepted: list[FindingJson] = Field([], description="phát hiện đã chấp nhận")
    baseline: BaselineJson | None = Field(None, description="null khi không có --baseline")
    rules: list[RuleJson] = Field(description="các quy tắc đã chạy")
    own_norms: list[str] = Field([], description="tệp định mức của đơn vị đã dùng")
    left_out: list[str] = Field(description="phần của sổ không được dùng")


def findings_schema() -> dict[str, Any]:
    """The published JSON Schema."""
    schema = ReportJson.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def read_baseline(path: Path) -> Baseline:
    """The findings of an earlier run, from the JSON that it wrote.

    Raises:
        BadInputError: the file cannot be read, or is not ours.
    """
    file = str(path.resolve())
    try:
        report = ReportJson.model_validate_json(path.read_bytes())
        dt.date.fromisoformat(report.as_of)
    except OSError as error:
        told = Text(f"không đọc được tệp: {error}", f"the file cannot be read: {error}")
        raise BadInputError([Problem(file, 0, told, _REMEDY)]) from None
    except ValidationError as error:
        raise BadInputError([_not_ours(file, error)]) from None
    except ValueError:
        told = Text(
            f"«as_of» không phải ngày: {report.as_of}", f"“as_of” is no day: {report.as_of}"
        )
        raise BadInputError([Problem(file, 0, told, _REMEDY)]) from None
    return Baseline(
        file=file,
        as_of=report.as_of,
        programmes=frozenset(programme.code for programme in report.programmes),
        findings=tuple(
            Past(**{name: getattr(finding, name) for name in Past._fields})
            for finding in report.findings
        ),
    )


def _not_ours(file: str, error: ValidationError) -> Problem:
    first = error.errors()[0]
    line = int(first["msg"].split(" line ")[1].split()[0]) if " line " in first["msg"] else 0
    where = ".".join(str(part) for part in first["loc"])
    place = Text(f" («{where}»)", f" (“{where}”)") if where else Text("", "")
    return Problem(
        file,
        line,
        Text(
            f"không phải kết quả JSON của «cnht check»{place.vi}",
            f"not the JSON of “cnht check”{place.en}",
        ),
        _REMEDY,
    )
