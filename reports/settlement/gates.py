"""What keeps a set from being signed (điều kiện để lập bộ quyết toán chính thức)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.accounts import Family
from ledger.text import Text, composed, dong
from reports.settlement.declarations import unit_names
from reports.settlement.places import Places
from reports.settlement.ties import Line
from rules.bok.placeholder_left import placeholders
from rules.plugin import today
from rules.rows import records
from rules.severity import Severity
from rules.tre.obligations import FORMS, last_records, left_open
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    import pandas as pd

    from ledger.facts import Facts
    from reports.settlement.figures import Head
    from reports.settlement.source import SetPeriod
    from reports.settlement.ties import Checked
    from rules.finding import Finding

_OVERDRAWN: Final = "BUD101"
_MOST_DRAFTS: Final = 5
_YEAR_AT_END: Final = re.compile(r"[ /(](\d{4})(?:-?Q?\d{1,2})?\)?$")


def blocked_by(  # noqa: PLR0913, PLR0917  # all that a set rests on
    facts: Facts,
    head: Head,
    period: SetPeriod,
    checked: Sequence[Checked],
    found: Sequence[Finding],
    forms: Collection[str],
) -> list[Text]:
    """Why the set cannot be signed yet; nothing where it can.

    Args:
        facts: of one book.
        head: what its forms say of it.
        period: the budget year.
        checked: the ties of its forms.
        found: the findings of its check that are of the year.
        forms: those there are of the year; one that is not known is not asked for.
    """
    return [
        *_beancount_errors(head),
        *_placeholders(facts, period.budget_year),
        *drafts_waiting(facts, period.budget_year),
        *not_tied(checked),
        *_unexplained(facts, head, found),
        *_not_reconciled(facts, period, forms),
    ]


def year_running(period: SetPeriod, as_of: dt.date) -> list[Text]:
    """That more may be booked in the year until its closing ends."""
    # A day to come shows what is booked ahead; the year does not end the sooner for it.
    as_of = min(as_of, today())
    if not period.whole or as_of >= period.closing:
        return []
    return [
        Text(
            f"niên độ {period.budget_year} chưa hết thời gian chỉnh lý (đến "
            f"{period.closing:%d/%m/%Y}): số liệu đến {as_of:%d/%m/%Y} chưa phải số quyết toán",
            f"the closing of budget year {period.budget_year} runs until {period.closing}: what "
            f"the book holds on {as_of} is not yet what is settled",
        )
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


def _placeholders(facts: Facts, budget_year: int) -> list[Text]:
    """What a new book left to be filled in and nobody did."""
    return [
        Text(
            f"{subject_name(left.subject).vi}: còn chỗ trống «{left.text}», điền rồi lập lại",
            f"{subject_name(left.subject).en}: “{left.text}” is still to be filled in",
        )
        for left in placeholders(facts, budget_year)
    ]


def drafts_waiting(facts: Facts, budget_year: int) -> list[Text]:
    """Transactions of the year marked ``!``: their money is in the figures, their place a guess."""
    rows = facts["postings"]
    drafts = rows[rows["undecided"] & (rows["budget_year"] == budget_year)]
    if drafts.empty:
        return []
    count, shown = drafts["entry"].nunique(), drafts.drop_duplicates("entry").head(_MOST_DRAFTS)
    named = ", ".join(facts.derived(Places).of_row(row) for _, row in shown.iterrows())
    more = ", …" * (count > _MOST_DRAFTS)
    return [
        Text(
            f"{count} giao dịch dấu «!» của niên độ còn chờ quyết, số tiền đã tính vào biểu: "
            f"{named}{more}; xem lại rồi đổi «!» thành «*»",
            f"{count} transactions of the year flagged “!” await a decision and are in the "
            f"figures: {named}{more}; look at them and make the “!” a “*”",
        )
    ]


def not_explained(facts: Facts, budget_year: int) -> list[Text]:
    """Reconciliations of parts of the year that differ and say no reason; the set tells them."""
    frame = last_records(facts["reconciled"])
    rows = records(frame[left_open(frame)])
    return [
        Text(
            f"đối chiếu {row.account} kỳ {row.period} còn lệch, sổ chưa nêu lý do: ghi reason vào "
            f'custom "reconciled" "{row.period}"',
            f"the reconciliation of {row.account} for {row.period} differs and no reason is given: "
            f'write reason in custom "reconciled" "{row.period}"',
        )
        for row in rows
        if str(row.period).startswith(str(budget_year)) and not _of_year(row.period, budget_year)
    ]


def not_tied(checked: Sequence[Checked]) -> list[Text]:
    """Checks that fail, and by how much."""
    return [
        Text(
            f"chưa khớp: {one.tie.label.vi}: {dong(one.left)} và {dong(one.right)}, "
            f"lệch {dong(one.gap)} đồng{'; ' * bool(one.tie.remedy.vi)}{one.tie.remedy.vi}",
            f"does not tie: {one.tie.label.en}: {dong(one.left, 'en')} and "
            f"{dong(one.right, 'en')}, "
            f"off by {dong(one.gap, 'en')} VND{'; ' * bool(one.tie.remedy.en)}{one.tie.remedy.en}",
        )
        for one in checked
        if not one.holds
    ]


def explained_overspends(facts: Facts, head: Head, found: Sequence[Finding]) -> set[Line]:
    """The lines of the estimate of which the head explained that they are overspent."""
    answered = _answered(facts, head)
    return {
        Line(one.book, one.subject)
        for one in found
        if one.code == _OVERDRAWN and (one.code, one.fingerprint) in answered
    }


def explained_gaps(checked: Sequence[Checked]) -> list[Text]:
    """Checks parted only by overspends that the head explained; they are told with the set."""
    return [
        Text(
            f"{one.tie.label.vi}: lệch {dong(one.gap)} đồng là số chi vượt của "
            f"{', '.join(line.subject for line in one.tie.overspent)}, thủ trưởng đã giải trình, "
            "in ở CT07",
            f"{one.tie.label.en}: off by {dong(one.gap, 'en')} VND, what "
            f"{', '.join(line.subject for line in one.tie.overspent)} overspent; explained by the "
            "head, annexed in CT07",
        )
        for one in checked
        if one.explained
    ]


def of_budget_year(facts: Facts, budget_year: int, found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings without those that lie wholly in other budget years, which no form here shows."""
    postings = facts["postings"]
    other = postings.loc[postings["budget_year"] != budget_year, ["posting", "book"]]
    rows = set(zip(other["posting"].tolist(), other["book"].astype(str), strict=True))

    def elsewhere(one: Finding) -> bool:
        shown = [(row.posting, row.book) for row in one.evidence if row.posting >= 0]
        if shown:
            return rows.issuperset(shown)
        # What shows no posting may still be of a year, which its subject ends with.
        named = _YEAR_AT_END.search(one.subject)
        return named is not None and int(named[1]) != budget_year

    return tuple(one for one in found if not elsewhere(one))


def _unexplained(facts: Facts, head: Head, found: Sequence[Finding]) -> list[Text]:
    """Errors that the head of the unit has not explained.

    A waiver that the book brings with it is the word of whoever wrote it, not of the head.
    """
    answered, places = _answered(facts, head), facts.derived(Places)
    named = head.by_role.get("head") or "…"
    return [
        _not_explained_by(named, one, places.of(one.book, *one.place))
        for one in found
        if one.severity is Severity.ERROR and (one.code, one.fingerprint) not in answered
    ]


def _not_explained_by(named: str, one: Finding, place: str) -> Text:
    return Text(
        f"lỗi {one.code} ({one.subject}; {place}) chưa có giải trình của thủ trưởng: sửa sổ, hoặc "
        f'ghi custom "explanation" "{one.code}" "{one.fingerprint}" với person: "{named}"'
        f"{_waived(one).vi}",
        f"error {one.code} ({one.subject}; {place}) is not explained by the head of the unit: mend "
        f'the book, or declare custom "explanation" "{one.code}" "{one.fingerprint}" with '
        f'person: "{named}"{_waived(one).en}',
    )


def _answered(facts: Facts, head: Head) -> set[tuple[str, str]]:
    """The code and mark of every finding that the head of the unit explained."""
    chief = composed(head.by_role.get("head", "")).casefold()
    return {
        (str(row.code), str(row.fingerprint))
        for row in facts["explanations"].itertuples()
        if not chief or composed(str(row.person)).casefold() == chief
    }


def _waived(finding: Finding) -> Text:
    if finding.acceptance is None:
        return Text("", "")
    by = finding.acceptance.by
    return Text(
        f"; chấp nhận ghi trong sổ của {by} không thay giải trình đó",
        f"; the waiver in the book by {by} does not stand for it",
    )


def _not_reconciled(facts: Facts, period: SetPeriod, forms: Collection[str]) -> list[Text]:
    """Accounts of the year that no statement of the year was agreed with.

    The estimate is reconciled for the year on its two forms, a deposit account for the year or its
    last month.
    """
    year = period.budget_year
    frame = last_records(facts["reconciled"])
    agreed = frame[~left_open(frame)]
    done = {(str(row.account), str(row.period)) for row in agreed.itertuples()}
    missing = [
        form
        for form in FORMS
        if form in forms
        and not any(account == form and _of_year(when, year) for account, when in done)
    ]
    missing += [
        account
        for account in _deposits(facts["postings"], year)
        if not any(name == account and _of_year(when, year) for name, when in done)
    ]
    return [
        Text(
            f"{account}: chưa đối chiếu với kho bạc, ngân hàng cho năm {year}; đối chiếu xong thì "
            f'ghi custom "reconciled" "{year}" với account: "{account}"; đối chiếu trên giấy thì '
            "nêu paper và closing",
            f"{account} is not reconciled with the treasury or bank for {year}; once it is, "
            f'declare custom "reconciled" "{year}" with account: "{account}"; if it was on paper, '
            "with paper and closing",
        )
        for account in missing
    ]


def on_paper(facts: Facts, budget_year: int) -> list[dict[str, str | int]]:
    """Records of the year that name no file of a statement, but a paper and what it says, VND."""
    frame, units = last_records(facts["reconciled"]), unit_names(facts)
    return [
        {
            "unit": units[str(row.book)],
            "account": str(row.account),
            "period": str(row.period),
            "paper": str(row.paper),
            "closing": int(row.closing),
        }
        for row in records(frame[frame["digest"] == ""])
        if _of_year(str(row.period), budget_year)
    ]


def told_on_paper(facts: Facts, budget_year: int) -> Text:
    """What the set says of them; nothing where there are none."""
    found, several = on_paper(facts, budget_year), len(facts.books) > 1
    named = [f"{one['unit']}, " * several + f"{one['account']} ({one['paper']})" for one in found]
    if not named:
        return Text("", "")
    listed = "; ".join(named)
    return Text(
        f" Đối chiếu trên giấy, không có tệp sao kê: {listed}.",
        f" Reconciled on paper, without a file of the statement: {listed}.",
    )


def _of_year(period: str, year: int) -> bool:
    """Whether a period is the year, or the month with which it ends."""
    return re.fullmatch(rf"{year}(-12)?", period.strip()) is not None


def _deposits(postings: pd.DataFrame, year: int) -> list[str]:
    own = (postings["family"] == Family.DEPOSIT.value) & (postings["date"].dt.year == year)
    return sorted(set(postings.loc[own, "account"].astype(str)))
