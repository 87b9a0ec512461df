"""PRO101: a method of selection used above its limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.pro.contracts import (
    NOT_IN_FORCE,
    InForce,
    contracts,
    day_of,
    in_force,
    not_applicable,
    not_known,
)
from rules.pro.methods import Method, method_of
from rules.rows import declared
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_TIERS = {
    "recurrent": Text("mua sắm thường xuyên", "recurrent purchases"),
    "service": Text("dịch vụ", "services"),
    "goods": Text("hàng hóa, xây lắp", "goods and works"),
}


class MethodAboveThreshold(Rule):
    """Hình thức lựa chọn nhà thầu vượt hạn mức.

    Kiểm tra gì:
        Giá trị hợp đồng không vượt hạn mức của hình thức lựa chọn nhà thầu (``method``) theo quy
        định có hiệu lực: chỉ định thầu xét ở ngày gửi dự thảo hợp đồng (``draft-sent``, không có
        thì ngày ký), hình thức khác xét ở ngày ký. Nơi quy định đặt nhiều mức theo loại gói thầu
        mà sổ không ghi loại gói thầu: không quá mức thấp nhất là đạt, vượt mức cao nhất là sai,
        ở giữa thì cần giải trình. Chỉ định thầu theo căn cứ khác hạn mức (khẩn cấp, đặc biệt …)
        không xét; chữ không có trong danh mục hình thức thì chưa kiểm được.

    Vì sao:
        Gói thầu vượt hạn mức phải theo hình thức cạnh tranh hơn; hạn mức đã đổi nhiều lần từ
        năm 2014.

    Ví dụ sai:
        2024-03-20 custom "contract" "15/2024/HĐ-SCT" "In tài liệu"
          task: "NV05"
          vendor: "0100000002"
          value: 120000000
          draft-sent: 2024-03-10
          signed: 2024-03-20
          method: "Chỉ định thầu rút gọn"

    Cách sửa:
        Ghi đúng hình thức đã thực hiện, hoặc căn cứ chỉ định thầu không theo hạn mức:
          method: "Chỉ định thầu khẩn cấp: Quyết định 12/QĐ-SCT"
    """

    code = "PRO101"
    name = "procurement.method-above-threshold"
    title = Text("Hình thức lựa chọn nhà thầu vượt hạn mức", "Method of selection above its limit")
    severity = Severity.ERROR
    message = Text(
        "{subject}: giá trị {value} đồng, «{method}» chỉ được đến {limit} đồng{tiers}",
        "{subject}: value {value} VND, “{method}” is allowed up to {limit} VND{tiers}",
    )
    english = """What it checks:
    A contract's value does not exceed the limit of its method of selection (``method``) under the
    norm in force: direct award on the day the draft contract was sent (``draft-sent``, or else
    of signing), other methods on the day of signing. Where the law sets several limits by kind of
    package and the book does not tell the kind, up to the lowest passes, above the highest fails
    and between the two is asked about. Direct award on another ground than the limit (emergency,
    special cases) is not judged; words that are not in the list of methods cannot be judged.

Why:
    A package above the limit goes through a more competitive method; the limits changed several
    times since 2014.

How to put it right:
    Record the method that was used, or the ground of direct award that has no limit.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a contract."""
        for contract in contracts(facts).values():
            yield _judged(contract, law)


def _judged(contract: Any, law: Law) -> Assessment:  # noqa: ANN401  # a record
    subject, book = f"contract {contract.contract}", contract.book
    method = method_of(contract.method)
    if method is None:
        reason = Text(
            "hợp đồng không ghi hình thức lựa chọn nhà thầu, hoặc ghi chữ không có trong danh mục",
            "the contract gives no method of selection, or one that is not in the list",
        )
        return not_known(subject, book, reason)
    if not method.norms:
        return not_applicable(subject, book, "hình thức không có hạn mức", "a method without limit")
    norm = limits_of(method, contract, law)
    if norm is None:
        return not_known(subject, book, NOT_IN_FORCE)
    tiers = {int(limit.at_most or 0): limit.when.get("package", "") for limit in norm.limits}
    value, lowest, highest = int(contract.value), min(tiers), max(tiers)
    if value <= lowest:
        return Assessment(subject, Verdict.PASS, book, observed=value, allowed=lowest)
    allowed = highest if value > highest else lowest
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        norms=(norm.norm,),
        decided_on=norm.day,
        observed=value,
        allowed=allowed,
        at_issue=value - allowed,
        values={
            "value": dong(value),
            "method": contract.method,
            "limit": dong(allowed),
            "tiers": _tier_words(tiers, allowed),
        },
        evidence=(declared(contract, contract.title),),
        # What was added later is no part of the package; the kind of package is not declared.
        review=value <= highest or contract.amendments != "",
    )


def limits_of(method: Method, contract: Any, law: Law) -> InForce | None:  # noqa: ANN401
    """The limits of a method on the day that decides for a contract."""
    for norm in method.norms:
        day = contract.signed.date()
        if norm in law.norms and law.norms[norm].decided_by == "draft-sent":
            day = day_of(contract.draft_sent) or day
        found = in_force(law, (norm,), day)
        if found is not None:
            return found
    return None


def _tier_words(tiers: dict[int, str], allowed: int) -> Text:
    if not tiers[allowed]:
        return Text("", "")
    words = _TIERS[tiers[allowed]]
    return Text(f" ({words.vi})", f" ({words.en})")
