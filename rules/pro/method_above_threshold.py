"""PRO101: a method of selection used above its limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict, not_concerned, passed
from rules.pro.amendments import value_at_signing
from rules.pro.contracts import contracts, not_known, subject_of
from rules.pro.methods import by_method, deciding_days, limits_of_methods
from rules.pro.timeline import InForce, Timeline
from rules.rows import declared, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law
    from rules.pro.methods import Method

_NO_METHOD = Text(
    "hợp đồng không ghi hình thức lựa chọn nhà thầu, hoặc ghi chữ không có trong danh mục",
    "the contract gives no method of selection, or one that is not in the list",
)
_NO_LIMIT = Text("hình thức không có hạn mức", "a method without limit")
_TIERS = {
    "recurrent": Text("mua sắm thường xuyên", "recurrent purchases"),
    "service": Text("dịch vụ", "services"),
    "goods": Text("hàng hóa, xây lắp", "goods and works"),
    "consulting": Text("tư vấn", "consulting"),
    "other": Text("phi tư vấn, hàng hóa, xây lắp", "non-consulting services, goods, works"),
}


class MethodAboveThreshold(Rule):
    """Hình thức lựa chọn nhà thầu vượt hạn mức.

    Kiểm tra gì:
        Giá trị hợp đồng không vượt hạn mức của hình thức lựa chọn nhà thầu (``method``) theo quy
        định có hiệu lực: chỉ định thầu xét ở ngày gửi dự thảo hợp đồng (``draft-sent``, không có
        thì ngày ký), hình thức khác xét ở ngày ký. Nơi quy định đặt nhiều mức theo loại gói thầu mà
        sổ không ghi loại gói thầu: không quá mức thấp nhất là đạt, vượt mức cao nhất là sai, ở giữa
        thì cần giải trình. Hợp đồng có phụ lục thì xét giá trị khi ký; chỉ vượt do phụ lục thì cần
        giải trình. Chỉ định thầu xét theo hạn mức của dự toán mua sắm; gói thầu thuộc dự án thì ghi
        rõ («Chỉ định thầu gói thầu thuộc dự án»). Chỉ định thầu theo căn cứ khác hạn mức (khẩn cấp,
        đặc biệt …) không xét; chữ không có trong danh mục hình thức thì chưa kiểm được.

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
    chosen = limits_of_methods()
    message = Text(
        "{subject}: giá trị {value} đồng, «{method}» {limits}",
        "{subject}: value {value} VND, “{method}” {limits}",
    )
    english = """What it checks:
    A contract's value does not exceed the limit of its method of selection (``method``) under the
    norm in force: direct award on the day the draft contract was sent (``draft-sent``, or else of
    signing), other methods on the day of signing. Where the law sets several limits by kind of
    package and the book does not tell the kind, up to the lowest passes, above the highest fails
    and between the two is asked about. An amended contract goes by its value at signing; above only
    by an amendment it is asked about. Direct award goes by the limit of a purchase budget; a
    package of a project says so («Chỉ định thầu gói thầu thuộc dự án»). Direct award on another
    ground than the limit (emergency, special cases) is not judged; words that are not in the list
    of methods cannot be judged.

Why:
    A package above the limit goes through a more competitive method; the limits changed several
    times since 2014.

How to put it right:
    Record the method that was used, or the ground of direct award that has no limit.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract."""
        known = contracts(facts)
        for method, rows in by_method(known):
            if method is None:
                yield from not_known(known, rows.index, _NO_METHOD)
            elif method.norms:
                yield from _judged(rows, method, law)
            else:
                yield from not_concerned(len(rows), _NO_LIMIT)


def _judged(rows: pd.DataFrame, method: Method, law: Law) -> Iterator[Assessment]:
    """Contracts of one method against its limits on the day that decides for each."""
    timeline, days = Timeline(law, method.norms), deciding_days(rows, method, law)
    positions = timeline.positions(days)
    in_force = timeline.known(positions)
    lowest = timeline.figures(positions, lambda now: min(_tiers(now)))
    packages = _of_package(rows)
    most = np.maximum(packages, rows["value"].to_numpy(dtype=np.int64))
    above = in_force & (most > lowest)
    yield from not_known(rows.reset_index(drop=True), (~in_force).nonzero()[0])
    yield from passed(int((in_force & ~above).sum()))
    found = rows.assign(day=days, position=positions, package=packages).reset_index(drop=True)
    for contract in records(found[above]):
        norm = timeline.at(contract.position)
        tiers, package = _tiers(norm), int(contract.package)
        surely = package > max(tiers)
        value = package if surely else max(package, int(contract.value))
        allowed = max(tiers) if surely else min(tiers)
        # What was added later is no part of the package; how much that was cannot be read.
        unread = value_at_signing(int(contract.value), contract.amendments) is None
        yield Assessment(
            subject_of(contract),
            Verdict.FAIL,
            contract.book,
            norms=(norm.norm,),
            decided_on=contract.day.date(),
            observed=value,
            allowed=allowed,
            # Between the limits the kind of package may allow all of it.
            at_issue=value - allowed if surely and not unread else 0,
            values={
                "value": value,
                "method": contract.method,
                "limits": _limit_words(tiers),
            },
            evidence=(declared(contract, contract.title),),
            review=not surely or unread,
        )


def _of_package(rows: pd.DataFrame) -> np.ndarray[Any, Any]:
    """What each contract was worth when it was signed, as far as its amendments can be read."""
    values: np.ndarray[Any, Any] = rows["value"].to_numpy(dtype=np.int64).copy()
    for place in (rows["amendments"] != "").to_numpy().nonzero()[0]:
        text = str(rows["amendments"].iloc[place])
        values[place] = value_at_signing(int(values[place]), text) or values[place]
    return values


def _tiers(norm: InForce) -> dict[int, str]:
    """The limits of a method, each with the kind of package that it is of."""
    return {int(limit.top): "".join(limit.when.get("package", ())) for limit in norm.limits}


def _limit_words(tiers: dict[int, str]) -> Text:
    """The limit of a method; every one of them where the kind of package decides."""
    if len(tiers) == 1:
        (only,) = tiers
        return Text(f"chỉ được đến {dong(only)} đồng", f"is allowed up to {dong(only, 'en')} VND")
    vi = ", ".join(f"{_TIERS[kind].vi} {dong(most)} đồng" for most, kind in sorted(tiers.items()))
    en = ", ".join(
        f"{_TIERS[kind].en} {dong(most, 'en')} VND" for most, kind in sorted(tiers.items())
    )
    return Text(
        f"được đến: {vi}; sổ không ghi loại gói thầu",
        f"is allowed up to: {en}; the book does not tell the kind of package",
    )
