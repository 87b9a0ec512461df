"""NRM202: more learners, classes or products supported than a norm allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.rows import declared, records
from rules.rule import Rule
from rules.severity import Severity
from rules.vocabulary import unit_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law
    from rules.norm import Limit, Norm


class CountExceeded(Rule):
    """Số lượng được hỗ trợ vượt mức của định mức.

    Kiểm tra gì:
        Số học viên, khóa đào tạo, sản phẩm … đã khai báo (``quantity``) ở các khoản hỗ trợ cùng
        nội dung của một doanh nghiệp trong một năm không vượt số tối đa của định mức. Năm là năm
        của quyết định hỗ trợ.

    Vì sao:
        Định mức giới hạn cả số lượng; không vượt số tiền vẫn có thể vượt số lượng.

    Ví dụ sai:
        2023-05-20 custom "support" "HT-04" "Đào tạo chuyên sâu cho 4 học viên, tối đa 3"
          activity: "sme-cluster-learner"
          enterprise: "0100000001"
          decision-date: 2023-05-20
          quantity: "4 trainee"

    Cách sửa:
        Chỉ hỗ trợ trong số lượng được phép và khai báo số thực được hỗ trợ:
          2023-05-20 custom "support" "HT-04"
            quantity: "3 trainee"
    """

    code = "NRM202"
    name = "norm.count-exceeded"
    title = Text("Số lượng được hỗ trợ vượt mức", "More supported than the norm allows")
    severity = Severity.ERROR
    message = Text(
        "{subject}: đã hỗ trợ {observed} {unit}; tối đa {allowed}",
        "{subject}: {observed} {unit} supported; at most {allowed}",
    )
    english = """What it checks:
    The learners, courses, products … declared (``quantity``) with the supports of one enterprise
    for the same content in one year keep to the norm's number. The year is that of the decision.

Why:
    The norm limits the number as well as the money.

How to put it right:
    Support no more than the number allowed and declare what was supported.
"""

    def reads(self, norm: Norm) -> bool:
        """Norms for a content of spending with a number of units."""
        limits = [limit for value in norm.values for limit in value.limits or ()]  # noqa: PD011  # no frame
        return any(_counts(limit) for limit in limits)

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an enterprise, content and year that a number limits."""
        supports = _supports(facts)
        for activity, rows in supports.groupby("activity"):
            for norm in law.of_activity(str(activity)):
                yield from _of_norm(norm, rows, facts["quantities"])


def _supports(facts: Facts) -> pd.DataFrame:
    rows = facts["supports"]
    texts = ["book", "support", "activity", "enterprise"]
    rows = rows[[*texts, "file", "line", "decision_date"]].astype(dict.fromkeys(texts, "str"))
    return rows.assign(year=rows["decision_date"].dt.year)


def _of_norm(norm: Norm, rows: pd.DataFrame, quantities: pd.DataFrame) -> Iterator[Assessment]:
    days = rows["decision_date"]
    for value, following in zip(norm.values, (*norm.values[1:], None), strict=False):  # noqa: PD011  # no frame
        if value.from_ is None or not any(_counts(limit) for limit in value.limits or ()):
            continue
        chosen = days >= pd.Timestamp(value.from_)
        if following is not None and following.from_ is not None:
            chosen &= days < pd.Timestamp(following.from_)
        for limit in value.limits or ():
            if _counts(limit):
                yield from _counted(norm, limit, rows[chosen], quantities)


def _counts(limit: Limit) -> bool:
    return limit.measure == "count" and limit.unit is not None


def _counted(
    norm: Norm, limit: Limit, rows: pd.DataFrame, quantities: pd.DataFrame
) -> Iterator[Assessment]:
    wanted = quantities[(quantities["of"] == "support") & (quantities["unit"] == limit.unit)]
    texts = {"book": "str", "code": "str"}
    told = wanted[["book", "code", "quantity"]].astype(texts).rename(columns={"code": "support"})
    rows = rows.merge(told, on=["book", "support"], how="left")
    keys = ["book", "enterprise", "activity", *(["year"] if "year" in limit.per else [])]
    for key, part in rows.groupby(keys):
        yield _judged(norm, limit, key, part)


def _judged(norm: Norm, limit: Limit, key: tuple[Any, ...], rows: pd.DataFrame) -> Assessment:
    book, *rest = key
    subject = " ".join(["enterprise", *map(str, rest)])
    unit = unit_name(str(limit.unit))
    if rows["quantity"].isna().any():
        reason = Text(f"sổ chưa khai báo: {unit.vi}", f"not declared: {unit.en}")
        return Assessment(subject, Verdict.UNKNOWN, book, norms=(norm.id,), reason=reason)
    observed, allowed = int(rows["quantity"].sum()), int(limit.top)
    exceeded = observed > allowed
    return Assessment(
        subject,
        Verdict.FAIL if exceeded else Verdict.PASS,
        book,
        norms=(norm.id,),
        decided_on=rows["decision_date"].max().date(),
        observed=observed,
        allowed=allowed,
        values={"observed": str(observed), "allowed": str(allowed), "unit": unit},
        evidence=tuple(declared(row, f"support {row.support}") for row in records(rows))
        if exceeded
        else (),
    )
