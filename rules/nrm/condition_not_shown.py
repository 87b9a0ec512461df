"""NRM301: a support of which a condition is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.rows import declared, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law
    from rules.norm import Norm

_OWN_SHARE: Final = "own-share"
# Conditions that the enterprise's own declaration shows; the others stand with the support.
_OF_ENTERPRISE: Final = frozenset({"sector", "district", "size"})
_TEXTS: Final = {
    "approved-list": Text(
        "sổ chưa ghi văn bản phê duyệt danh sách, đề án hoặc thông báo hỗ trợ",
        "no approval of the list or scheme, or notice of support, is recorded",
    ),
    "sector": Text(
        "sổ chưa ghi ngành nghề của doanh nghiệp để đối chiếu với danh mục được hỗ trợ",
        "the enterprise's sector is not recorded, to be checked against the list supported",
    ),
    "district": Text(
        "sổ chưa ghi địa bàn của doanh nghiệp để đối chiếu với địa bàn được hỗ trợ",
        "the enterprise's district is not recorded, to be checked against the areas supported",
    ),
    "size": Text(
        "sổ chưa ghi quy mô doanh nghiệp đã kê khai",
        "the size that the enterprise declared is not recorded",
    ),
    "no-double-funding": Text(
        "sổ chưa ghi cam kết chưa được nguồn ngân sách khác hỗ trợ",
        "no commitment is recorded that no other state source supports it",
    ),
    "no-failed-scheme": Text(
        "sổ chưa ghi xác nhận không có đề án không đạt, chậm hoặc dùng sai kinh phí",
        "no confirmation is recorded that no scheme failed, came late or misused its funds",
    ),
}

_UNKNOWN_START: Final = Text(
    "chưa biết ngày hiệu lực của điều kiện", "day of effect of the condition is not known"
)
_NOT_IN_FORCE: Final = Text(
    "điều kiện không có hiệu lực vào ngày quyết định",
    "the condition is not in force on the day of the decision",
)


class ConditionNotShown(Rule):
    """Khoản hỗ trợ chưa cho thấy đủ điều kiện.

    Kiểm tra gì:
        Với từng khoản hỗ trợ doanh nghiệp, từng điều kiện của các bộ định mức có hiệu lực vào
        ngày quyết định: phần doanh nghiệp cam kết (``own-share``) đủ bù chi phí hợp lệ trừ phần
        ngân sách; có ghi văn bản cam kết không trùng nguồn (``no-double-funding``), văn bản
        xác nhận trong 2 năm (``no-failed-scheme``), văn bản phê duyệt danh sách, đề án
        (``approved-list``); khai báo của doanh nghiệp có ngành nghề (``sector``), địa bàn
        (``district``), quy mô (``size``). Chỉ xét điều kiện mà bộ định mức của sổ đặt ra.

    Vì sao:
        Doanh nghiệp chỉ được hỗ trợ khi đủ điều kiện; sổ chưa cho thấy thì cần giải trình.

    Ví dụ sai:
        2021-05-20 custom "support" "HT-08-003"
          eligible-cost: 1000
          state-support: 500
          own-share: 499

    Cách sửa:
        Ghi văn bản đã có ở khai báo khoản hỗ trợ:
          2021-05-20 custom "support" "HT-08-003"
            own-share: 500
            no-double-funding: "01/CK-DN"
            no-failed-scheme: "01/XN-DN"
    """

    code = "NRM301"
    name = "norm.condition-not-shown"
    title = Text("Chưa cho thấy đủ điều kiện hỗ trợ", "A condition of support is not shown")
    severity = Severity.WARNING
    message = Text("{subject}: {what}", "{subject}: {what}")
    english = """What it checks:
    For each support to an enterprise, each condition of the packs that is in force on the day of
    the decision: the enterprise's committed share (``own-share``) covers the eligible cost less the
    state support; a commitment against double funding (``no-double-funding``), a confirmation for
    the last two years (``no-failed-scheme``) and the approval of the list or scheme
    (``approved-list``) are recorded; the enterprise's declaration gives its ``sector``,
    ``district`` and ``size``. Only what the book's packs ask for is looked at.

Why:
    An enterprise is supported only where it meets the conditions; what the book does not show is
    asked about.

How to put it right:
    Record the documents with the support.
"""

    def reads(self, norm: Norm) -> bool:
        """Norms that ask for something of a support."""
        return bool(_requires(norm))

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a support and condition."""
        parties = {(row.book, row.tax_code): row for row in records(facts["parties"])}
        for support in records(facts["supports"]):
            enterprise = parties.get((support.book, support.enterprise))
            for word, norms in _conditions(law, support.activity).items():
                yield _judged(support, enterprise, word, norms)


def _requires(norm: Norm) -> set[str]:
    return {
        limit.requires for value in norm.values for limit in value.limits or () if limit.requires
    }


def _conditions(law: Law, activity: str) -> dict[str, list[Norm]]:
    """What the packs require for one content of spending, each with its norms.

    A condition that names no content holds for every content of its own pack.
    """
    packs = {law.instruments[norm.id].pack for norm in law.of_activity(activity)}
    found: dict[str, list[Norm]] = {}
    for norm in law.norms.values():
        pack = law.instruments[norm.id].pack
        if norm.activity == activity or (norm.activity is None and (pack in packs or not packs)):
            for word in sorted(_requires(norm)):
                found.setdefault(word, []).append(norm)
    return found


def _in_force(norm: Norm, word: str, day: dt.date) -> bool:
    value = norm.value_on(day)
    limits = (value.limits or ()) if value else ()
    return any(limit.requires == word for limit in limits)


def _judged(
    support: Any,  # noqa: ANN401  # a record
    enterprise: Any,  # noqa: ANN401  # a record, or None where the book does not declare it
    word: str,
    norms: list[Norm],
) -> Assessment:
    subject, book = f"support {support.support} {word}", support.book
    day = support.decision_date.date()
    binding = tuple(norm.id for norm in norms if _in_force(norm, word, day))
    if not binding:
        unknown = any(norm.unknown for norm in norms)
        return Assessment(
            subject,
            Verdict.UNKNOWN if unknown else Verdict.NOT_APPLICABLE,
            book,
            norms=tuple(norm.id for norm in norms),
            reason=_UNKNOWN_START if unknown else _NOT_IN_FORCE,
        )
    if word != _OWN_SHARE and word not in _TEXTS:
        reason = Text(
            f"sổ không có chỗ ghi điều kiện «{word}»",
            f"the book has no place for the condition “{word}”",
        )
        return Assessment(subject, Verdict.UNKNOWN, book, norms=binding, reason=reason)
    needed = int(support.eligible_cost) - int(support.state_support)
    given = int(support.own_share)
    by_amount = word == _OWN_SHARE
    shows = enterprise if word in _OF_ENTERPRISE else support
    missing = _short(given, needed) if by_amount else _unwritten(shows, word)
    return Assessment(
        subject,
        Verdict.PASS if missing is None else Verdict.FAIL,
        book,
        norms=binding,
        decided_on=day,
        observed=given if by_amount else None,
        allowed=needed if by_amount else None,
        at_issue=max(needed - given, 0) if by_amount else 0,
        values={"what": missing or ""},
        evidence=() if missing is None else (declared(support, f"support {support.support}"),),
        review=True,
    )


def _short(given: int, needed: int) -> Text | None:
    if given >= needed:
        return None
    return Text(
        f"doanh nghiệp cam kết {dong(given)} đồng, cần {dong(needed)} đồng",
        f"the enterprise commits {dong(given, 'en')} VND, {dong(needed, 'en')} are needed",
    )


def _unwritten(shows: Any, word: str) -> Text | None:  # noqa: ANN401  # a record or None
    return None if getattr(shows, word.replace("-", "_"), "").strip() else _TEXTS[word]
