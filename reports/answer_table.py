"""The answer to «may this be paid?» on a terminal, or as JSON."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.markup import escape
from rich.table import Table

from ledger.text import Language, Text, dong, joined, printable
from reports.citations import BY_THE_BOOK, cite
from rules.severity import FindingKind, Severity
from rules.vocabulary import activities, subject_name

if TYPE_CHECKING:
    from rich.console import Console

    from rules.ask import Answer, Bound, Use
    from rules.finding import Finding

SCHEMA: Final = 1

_REFUSED = Text("KHÔNG ĐƯỢC CHI", "DO NOT PAY")
_EXPLAIN = Text("CẦN GIẢI TRÌNH TRƯỚC KHI CHI", "TO BE EXPLAINED BEFORE PAYING")
_ALLOWED = Text("ĐƯỢC CHI: không quy tắc nào báo thêm", "MAY BE PAID: no rule has anything to say")
_UNTESTED = Text(
    "KHÔNG QUY TẮC NÀO BÁO THÊM, nhưng {count} định mức chưa kiểm được: xem dưới cùng",
    "NO RULE HAS ANYTHING TO SAY, but {count} norms could not be tested: see below",
)
_REVIEW = Text("cần giải trình", "to be explained")


class Standing(StrEnum):
    """What the rules make of a payment, the gravest that holds."""

    REFUSED = "refused"
    EXPLAIN = "explain"
    UNTESTED = "untested"  # nothing is said, and some norm could not be tested
    ALLOWED = "allowed"


_WORDS = {
    Standing.REFUSED: _REFUSED,
    Standing.EXPLAIN: _EXPLAIN,
    Standing.UNTESTED: _UNTESTED,
    Standing.ALLOWED: _ALLOWED,
}
_COLOURS = {
    Standing.REFUSED: "red",
    Standing.EXPLAIN: "yellow",
    Standing.UNTESTED: "yellow",
    Standing.ALLOWED: "green",
}


def standing(answer: Answer) -> Standing:
    """Where a payment stands."""
    if answer.severity is Severity.ERROR:
        return Standing.REFUSED
    if answer.findings:
        return Standing.EXPLAIN
    return Standing.UNTESTED if answer.untested else Standing.ALLOWED


def verdict(answer: Answer) -> Text:
    """The answer in a few words."""
    return _WORDS[standing(answer)].format(count=len(answer.untested))


def print_answer(answer: Answer, console: Console, language: Language) -> None:
    """What was asked, the answer, how much could be paid and why, the norms that read it."""
    _print_asked(answer, console, language)
    colour, said = _COLOURS[standing(answer)], verdict(answer).to(language)
    console.print(f"[bold {colour}]{said}[/]", highlight=False)
    for line in _amounts(answer):
        console.print(escape(line.to(language)), highlight=False)
    for table in (
        _findings_table(answer.findings, language),
        _bounds_table(answer, language),
        _uses_table(answer.uses, language),
    ):
        if table.row_count:
            console.print(table)


def answer_json(answer: Answer, language: Language) -> str:
    """The same as JSON; amounts are whole VND."""
    wanted, payment, stands = answer.payment.wanted, answer.payment, standing(answer)
    content = {
        "schema": SCHEMA,
        "asked": {
            **payment.metadata,
            "task": wanted.task,
            "fund": payment.target.fund or payment.source.fund,
            "amount": wanted.amount,
            "on": wanted.on.isoformat(),
            "budget-year": payment.budget_year,
            "from": payment.source.name,
            "to": payment.target.name,
            "assumed": [text.to(language) for text in payment.assumed],
            "to-open": list(payment.to_open),
        },
        # Which norms could not be tested stands beside it.
        "answer": Standing.ALLOWED if stands is Standing.UNTESTED else stands,
        "untested": list(answer.untested),
        "available": answer.available,
        "most": answer.most(),
        "most-verified": answer.most(Severity.ERROR),
        "looked-to": answer.looked_to,
        "findings": [_finding_json(finding, language) for finding in answer.findings],
        "bounds": [
            {"most": bound.most, **_finding_json(bound.finding, language)}
            for bound in answer.bounds
        ],
        "norms": [_use_json(use, language) for use in answer.uses],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _print_asked(answer: Answer, console: Console, language: Language) -> None:
    payment = answer.payment
    wanted = payment.wanted
    activity = activities().get(wanted.activity, Text(wanted.activity, wanted.activity))
    of = " · ".join(
        part for part in (wanted.task, activity.to(language), wanted.event, wanted.support) if part
    )
    day = Text(f"{wanted.on:%d/%m/%Y}", f"{wanted.on}")
    amount = Text(f"{dong(wanted.amount)} đồng", f"{dong(wanted.amount, 'en')} VND")
    console.print(
        f"[bold]{escape(printable(of))}[/] · {amount.to(language)} · {day.to(language)}",
        highlight=False,
    )
    console.print(
        escape(printable(f"  {payment.source.name} → {payment.target.name}")), highlight=False
    )
    if payment.assumed:
        head = Text("Lấy theo sổ: ", "Taken from the book: ")
        told = head.to(language) + joined(list(payment.assumed)).to(language)
        console.print(f"  [dim]{escape(printable(told))}[/]", highlight=False)
    if payment.to_open:
        head = Text("Tài khoản sổ chưa mở: ", "Accounts still to be opened: ")
        told = head.to(language) + ", ".join(payment.to_open)
        console.print(f"  [dim]{escape(printable(told))}[/]", highlight=False)


def _amounts(answer: Answer) -> list[Text]:
    lines = []
    if answer.available is not None:
        lines.append(
            Text(
                f"Nguồn chi còn: {dong(answer.available)} đồng",
                f"The source still holds: {dong(answer.available, 'en')} VND",
            )
        )
    most, proven = answer.most(), answer.narrowest(Severity.ERROR)
    if most is None:
        top = answer.looked_to
        none = Text(
            f"Không gặp giới hạn nào đến {dong(top)} đồng",
            f"No limit was met up to {dong(top, 'en')} VND",
        )
        return [*lines, none]
    lines.append(
        Text(
            f"Chi được nhiều nhất mà không phải giải trình: {dong(most)} đồng",
            f"At most this may be paid with nothing to explain: {dong(most, 'en')} VND",
        )
    )
    if proven is not None and proven.most > most:
        lines.append(_without_error(proven))
    return lines


def _without_error(bound: Bound) -> Text:
    """How much may be paid without an error, and what makes more of it one."""
    limit = Text(dong(bound.most), dong(bound.most, "en"))
    if bound.finding.in_book or not bound.finding.rests_on_law:
        return Text(
            f"Chi được nhiều nhất mà số liệu của chính sổ không sai: {limit.vi} đồng",
            f"At most this may be paid with the book's own figures right: {limit.en} VND",
        )
    return Text(
        f"Chi được nhiều nhất mà không sai quy định đã xác minh: {limit.vi} đồng",
        f"At most this may be paid against no verified rule: {limit.en} VND",
    )


def _table(title: Text, headings: tuple[Text, ...], language: Language) -> Table:
    table = Table(
        title=title.to(language), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for heading in headings:
        money = heading.vi.endswith("(đồng)")
        table.add_column(
            heading.to(language),
            justify="right" if money else "left",
            no_wrap=money,
            overflow="fold",
        )
    return table


_RULE = Text("Quy tắc", "Rule")
_BASIS = Text("Căn cứ", "Basis")


def _findings_table(findings: tuple[Finding, ...], language: Language) -> Table:
    headings = (
        _RULE,
        Text("Mức", "Gravity"),
        Text("Nội dung", "What"),
        Text("Số tiền (đồng)", "At issue (VND)"),
        _BASIS,
    )
    table = _table(
        Text("Nếu chi số này, kiểm tra sẽ báo", "A check would then say"), headings, language
    )
    for finding in findings:
        table.add_row(
            finding.code,
            _gravity(finding).to(language),
            escape(printable(finding.message.to(language))),
            dong(finding.at_issue, language) if finding.at_issue else "–",
            escape(_basis(finding, language)),
        )
    return table


def _bounds_table(answer: Answer, language: Language) -> Table:
    headings = (
        _RULE,
        Text("Giới hạn", "Limit"),
        Text("Chi được (đồng)", "May be paid (VND)"),
        _BASIS,
    )
    table = _table(
        Text("Chi được bao nhiêu, theo từng quy tắc", "How much each rule lets pass"),
        headings,
        language,
    )
    for bound in answer.bounds:
        finding = bound.finding
        table.add_row(
            finding.code,
            escape(finding.title.to(language)),
            dong(bound.most, language),
            escape(_basis(finding, language)),
        )
    return table


def _uses_table(uses: tuple[Use, ...], language: Language) -> Table:
    headings = (
        Text("Định mức", "Norm"),
        Text("Tính cho", "Counted for"),
        Text("Đã dùng (đồng)", "Used (VND)"),
        Text("Cho phép (đồng)", "Allowed (VND)"),
        Text("Còn (đồng)", "Left (VND)"),
    )
    title = Text(
        "Định mức liên quan, tính cả khoản này", "Norms that read it, this payment included"
    )
    table = _table(title, headings, language)
    for use in uses:
        about = " · ".join(filter(None, (use.rule, use.limits.to(language))))
        name = f"{cite(use.citation, language)}\n{escape(about)}"
        name += f"\n[dim]{escape(use.citation.text.to(language))}[/]"
        subject = escape(printable(subject_name(use.subject).to(language)))
        if use.observed is None or use.allowed is None:
            reason = use.reason.to(language) if use.reason else ""
            table.add_row(name, f"{subject}\n[dim]{escape(reason)}[/]", "–", "–", "–")
            continue
        left = dong(use.allowed - use.observed, language)
        table.add_row(
            name, subject, dong(use.observed, language), dong(use.allowed, language), left
        )
    return table


def _gravity(finding: Finding) -> Text:
    label = finding.severity.label
    if finding.kind is not FindingKind.REVIEW:
        return label
    return Text(f"{label.vi} ({_REVIEW.vi})", f"{label.en} ({_REVIEW.en})")


def _basis(finding: Finding, language: Language) -> str:
    if finding.in_book:
        return BY_THE_BOOK.to(language)
    return cite(finding.citations[0], language) if finding.citations else ""


def _finding_json(finding: Finding, language: Language) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.name.lower(),
        "kind": str(finding.kind),
        "title": finding.title.to(language),
        "message": finding.message.to(language),
        "subject": finding.subject,
        "at-issue": finding.at_issue,
        "basis": _basis(finding, language),
        "fingerprint": finding.fingerprint,
    }


def _use_json(use: Use, language: Language) -> dict[str, Any]:
    return {
        "rule": use.rule,
        "norm": use.citation.norm,
        "basis": cite(use.citation, language),
        "limits": use.limits.to(language),
        "subject": use.subject,
        "used": use.observed,
        "allowed": use.allowed,
        "reason": use.reason.to(language) if use.reason else None,
    }
