"""What keeps a set from being signed (điều kiện để lập bộ quyết toán chính thức)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ledger.accounts import Family
from ledger.text import Text, composed, dong
from rules.bok.placeholder_left import placeholders
from rules.severity import Severity
from rules.tre.obligations import FORMS, last_records
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ledger.facts import Facts
    from reports.settlement.figures import Head
    from reports.settlement.source import Period
    from reports.settlement.ties import Checked
    from rules.finding import Finding


def blocked_by(
    facts: Facts, head: Head, period: Period, checked: Sequence[Checked], found: Sequence[Finding]
) -> list[Text]:
    """Why the set cannot be signed yet; nothing where it can."""
    return [
        *_beancount_errors(head),
        *_placeholders(facts),
        *not_tied(checked),
        *_unexplained(facts, head, found),
        *_not_reconciled(facts, period),
    ]


def _beancount_errors(head: Head) -> list[Text]:
    if not head.errors:
        return []
    return [
        Text(
            f"sổ còn {head.errors} lỗi Beancount: số liệu chưa dùng để ký được",
            f"the book has {head.errors} Beancount errors: the figures cannot be signed yet",
        )
    ]


def _placeholders(facts: Facts) -> list[Text]:
    """What a new book left to be filled in and nobody did."""
    return [
        Text(
            f"{subject_name(left.subject).vi}: còn chỗ trống «{left.text}», điền rồi lập lại",
            f"{subject_name(left.subject).en}: “{left.text}” is still to be filled in",
        )
        for left in placeholders(facts)
    ]


def not_tied(checked: Sequence[Checked]) -> list[Text]:
    """Checks that fail, and by how much."""
    return [
        Text(
            f"chưa khớp: {one.tie.label.vi}: {dong(one.left)} và {dong(one.right)}, "
            f"lệch {dong(one.gap)} đồng{'; ' * bool(one.tie.remedy.vi)}{one.tie.remedy.vi}",
            f"does not tie: {one.tie.label.en}: {dong(one.left)} and {dong(one.right)}, "
            f"off by {dong(one.gap)} VND{'; ' * bool(one.tie.remedy.en)}{one.tie.remedy.en}",
        )
        for one in checked
        if one.gap
    ]


def _unexplained(facts: Facts, head: Head, found: Sequence[Finding]) -> list[Text]:
    """Errors that the head of the unit has not explained."""
    chief = composed(head.by_role.get("head", "")).casefold()
    frame = facts["explanations"]
    answered = {
        (str(row.code), str(row.fingerprint))
        for row in frame.itertuples()
        if not chief or composed(str(row.person)).casefold() == chief
    }
    named = head.by_role.get("head") or "…"
    return [
        Text(
            f"lỗi {one.code} ({one.subject}) chưa có giải trình của thủ trưởng: sửa sổ, hoặc ghi "
            f'custom "explanation" "{one.code}" "{one.fingerprint}" với person: "{named}"',
            f"error {one.code} ({one.subject}) is not explained by the head of the unit: mend the "
            f'book, or declare custom "explanation" "{one.code}" "{one.fingerprint}" with '
            f'person: "{named}"',
        )
        for one in found
        if one.severity is Severity.ERROR and (one.code, one.fingerprint) not in answered
    ]


def _not_reconciled(facts: Facts, period: Period) -> list[Text]:
    """Accounts of the year that no statement of the year was agreed with.

    The estimate is reconciled for the year on its two forms, a deposit account for the year or its
    last month.
    """
    year = period.budget_year
    frame = last_records(facts["reconciled"])
    done = {
        (str(row.account), str(row.period))
        for row in frame.itertuples()
        if not str(row.differences) or str(row.reason)
    }
    missing = [
        form
        for form in FORMS
        if not any(account == form and _of_year(when, year) for account, when in done)
    ]
    missing += [
        account
        for account in _deposits(facts["postings"], year)
        if not any(name == account and _of_year(when, year) for name, when in done)
    ]
    return [
        Text(
            f"{account}: chưa đối chiếu với kho bạc, ngân hàng cho năm {year}; đối chiếu xong thì "
            f'ghi custom "reconciled" "{year}" với account: "{account}"',
            f"{account} is not reconciled with the treasury or bank for {year}; once it is, "
            f'declare custom "reconciled" "{year}" with account: "{account}"',
        )
        for account in missing
    ]


def _of_year(period: str, year: int) -> bool:
    """Whether a period is the year, or the month with which it ends."""
    return re.fullmatch(rf"{year}(-12)?", period.strip()) is not None


def _deposits(postings: pd.DataFrame, year: int) -> list[str]:
    own = (postings["family"] == Family.DEPOSIT.value) & (postings["date"].dt.year == year)
    return sorted(set(postings.loc[own, "account"].astype(str)))
