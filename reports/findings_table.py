"""Findings on a terminal, or as plain text in a pipe."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich import box
from rich.markup import escape
from rich.table import Table

from ledger.problems import show_path
from ledger.text import Language, Text, dong, plain
from ledger.text import Language, Text, dong
from reports.accepted import (
    ACCEPTED,
    CHANGES,
    acceptance_words,
    accepted_count,
    answer_words,
    comparison_words,
    own_norms_words,
)
from reports.citations import cite
from rules.assessment import Verdict
from rules.finding import Change, Finding, Outcome, Tally, total_at_issue
from rules.severity import FindingKind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

SHOWN_PER_RULE: Final = 20

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_REVIEW = Text("cần giải trình", "to be explained")


def print_outcome(outcome: Outcome, console: Console, language: Language) -> None:
    """Findings by rule, then the totals and what was tested."""
    for programme in outcome.programmes:
        code, unit = (escape(plain(programme[name])) for name in ("code", "unit"))
        console.print(
            f"[bold]{code}[/bold] · {unit} · "
            + Text(f"niên độ {programme['budget_year']}", f"year {programme['budget_year']}").to(
                language
            ),
            highlight=False,
        )
    _print_left_out(outcome, console, language)
    ordered = sorted(outcome.findings, key=lambda f: (-f.severity, f.code, f.subject))
    for _, findings in groupby(ordered, key=lambda f: (f.severity, f.code)):
        _print_rule(list(findings), console, language)
    _print_accepted(outcome, console, language)
    console.print(_tested(outcome, language))
    _print_totals(outcome, console, language)


def plain_lines(outcome: Outcome, language: Language) -> Iterator[str]:
    """Every finding as one line: ``file:line: severity code subject: message``."""
    for finding in outcome.findings:
        file, line = finding.place
        yield plain(
            f"{show_path(file)}:{line}: {_severity(finding, language)}: {finding.code} "
            f"{finding.message.to(language)}{_change(finding, language)}"
        )
        yield from (f"    {answer_words(answer).to(language)}" for answer in finding.answers)
    for finding in outcome.accepted:
        file, line = finding.place
        yield f"{show_path(file)}:{line}: {_accepted_line(finding, language)}"


def _accepted_line(finding: Finding, language: Language) -> str:
    words = acceptance_words(finding.acceptance).to(language) if finding.acceptance else ""
    return f"{ACCEPTED.to(language)}: {finding.code} {finding.message.to(language)} [{words}]"


def _change(finding: Finding, language: Language) -> str:
    """Told only of what has grown: everything else that is printed is new."""
    grown = finding.change is Change.GROWN
    return f" ({CHANGES[Change.GROWN].to(language)})" if grown else ""


def _print_accepted(outcome: Outcome, console: Console, language: Language) -> None:
    if not outcome.accepted:
        return
    head = Text("Đã chấp nhận", "Accepted").to(language)
    console.print(f"[bold]{head}[/]", highlight=False)
    for finding in outcome.accepted[:SHOWN_PER_RULE]:
        file, line = finding.place
        text = f"{show_path(file)}:{line}: {_accepted_line(finding, language)}"
        console.print(f"  – {escape(text)}", highlight=False, soft_wrap=True)
    _print_hidden(len(outcome.accepted), console, language)
    console.print()


def _print_hidden(count: int, console: Console, language: Language) -> None:
    if count > SHOWN_PER_RULE:
        more = Text(
            f"… và {count - SHOWN_PER_RULE} phát hiện nữa (xem hết: --all)",
            f"… and {count - SHOWN_PER_RULE} more (see all: --all)",
        )
        console.print(more.to(language), highlight=False)


def _severity(finding: Finding, language: Language) -> str:
    label = finding.severity.label.to(language)
    review = f" ({_REVIEW.to(language)})" if finding.kind is FindingKind.REVIEW else ""
    return f"{label}{review}"


def _print_left_out(outcome: Outcome, console: Console, language: Language) -> None:
    if outcome.left_out:
        head = Text("Phần của sổ không được dùng:", "Parts of the book not obeyed:")
        console.print(head.to(language), style="yellow", highlight=False)
        for text in outcome.left_out:
            console.print(f"  – {escape(plain(text.to(language)))}", highlight=False)


def _print_rule(findings: list[Finding], console: Console, language: Language) -> None:
    first = findings[0]
    colour = _COLOURS[first.severity]
    count = Text(f"{len(findings)} phát hiện", f"{len(findings)} findings").to(language)
    title = Table(
        title=f"[bold {colour}]{first.code}[/] {escape(first.title.to(language))} · "
        f"{_severity(first, language)} · {count}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        expand=False,
    )
    for heading in (Text("Vị trí", "Place"), Text("Nội dung", "What")):
        title.add_column(
            heading.to(language), overflow="fold", ratio=1 if heading.vi == "Vị trí" else 3
        )
    title.add_column(
        Text("Số tiền (đồng)", "At issue (VND)").to(language), justify="right", no_wrap=True
    )
    for finding in findings[:SHOWN_PER_RULE]:
        file, line = finding.place
        title.add_row(
            escape(plain(f"{show_path(file)}:{line}")),
            escape(plain(finding.message.to(language))),
            escape(f"{show_path(file)}:{line}"),
            escape(_whole(finding, language)),
            dong(finding.at_issue) if finding.at_issue else "–",
        )
    console.print(title)
    _print_hidden(len(findings), console, language)
    cited = list(dict.fromkeys(cite(c, language) for f in findings for c in f.citations))
    if cited:
        basis = Text("Căn cứ: ", "Basis: ").to(language)
        console.print(escape(basis + "; ".join(cited)), style="dim", highlight=False)
    console.print()


def _whole(finding: Finding, language: Language) -> str:
    """The message with what the unit says of it."""
    message = finding.message.to(language) + _change(finding, language)
    return "\n".join([message, *(answer_words(a).to(language) for a in finding.answers)])


def _tested(outcome: Outcome, language: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
    table.title = Text("Đã kiểm tra", "Tested").to(language)
    table.add_column(Text("Mã", "Code").to(language), no_wrap=True)
    table.add_column(Text("Quy tắc", "Rule").to(language), overflow="fold")
    for heading in (
        Text("Đã kiểm", "Tested"),
        Text("Phát hiện", "Findings"),
        Text("Chưa kiểm được", "Unknown"),
    ):
        table.add_column(heading.to(language), justify="right")
    for tally in outcome.tallies:
        table.add_row(*_tally_row(tally, language))
    return table


def _tally_row(tally: Tally, language: Language) -> tuple[str, ...]:
    figures = (tally.tested, tally.counts.get(Verdict.FAIL, 0), tally.unknown)
    return (
        tally.code,
        escape(tally.title.to(language)),
        *(dong(figure) if figure else "–" for figure in figures),
    )


def _print_totals(outcome: Outcome, console: Console, language: Language) -> None:
    counts = {
        severity: sum(f.severity is severity for f in outcome.findings)
        for severity in reversed(Severity)
    }
    parts = ", ".join(
        f"{count} {severity.label.to(language)}" for severity, count in counts.items()
    )
    at_issue = dong(total_at_issue(outcome.findings))
    total = Text(
        f"Tổng cộng: {len(outcome.findings)} phát hiện ({parts}); số tiền cần xem xét "
        f"{at_issue} đồng (mỗi đồng tính một lần; cộng theo từng quy tắc có thể trùng nhau).",
        f"Total: {len(outcome.findings)} findings ({parts}); at issue {at_issue} VND "
        "(each dong once; sums per rule may overlap).",
    )
    console.print(total.to(language), style="bold", highlight=False)
    if outcome.findings:
        how = Text(
            f"Cách sửa từng loại: cnht explain MÃ, ví dụ: cnht explain {outcome.findings[0].code}",
            f"How to put each right: cnht explain CODE, e.g. cnht explain "
            f"{outcome.findings[0].code}",
    told = [accepted_count(outcome), own_norms_words(outcome)]
    told.append(comparison_words(outcome.compared) if outcome.compared else None)
    for line in filter(None, told):
        console.print(escape(line.to(language)), highlight=False, soft_wrap=True)
    if unknown:
        words = Text(
            f"{dong(unknown)} lượt chưa kiểm được vì thiếu con số đã xác minh "
            "(xem: cnht norms list).",
            f"{dong(unknown)} looks could not be made for want of a verified figure "
            "(see: cnht norms list).",
        )
        console.print(how.to(language), highlight=False)
    _print_unknown(outcome, console, language)
    day = Text(f"Tính đến {outcome.as_of:%d/%m/%Y}.", f"As of {outcome.as_of:%Y-%m-%d}.")
    console.print(day.to(language), highlight=False)
    for line in unseen_lines(outcome, language):
        console.print(line, style="bold yellow", highlight=False)


def unseen_lines(outcome: Outcome, language: Language) -> Iterator[str]:
    """What of the books lies after the day and was not looked at."""
    if outcome.unseen:
        yield Text(
            f"{dong(outcome.unseen)} giao dịch sau ngày {outcome.as_of:%d/%m/%Y} chưa được kiểm "
            "tra; dùng --as-of với một ngày muộn hơn.",
            f"{outcome.unseen:,} transactions after {outcome.as_of:%Y-%m-%d} were not checked; "
            "use --as-of with a later day.",
        ).to(language)


def _print_unknown(outcome: Outcome, console: Console, language: Language) -> None:
    """Why subjects could not be tested, the commonest reason first."""
    reasons: Counter[Text] = Counter()
    for tally in outcome.tallies:
        reasons.update(dict(tally.reasons))
    if not reasons:
        return
    head = Text(
        f"{dong(reasons.total())} lượt chưa kiểm được:",
        f"{reasons.total():,} looks could not be made:",
    )
    console.print(head.to(language), highlight=False)
    for reason, count in reasons.most_common():
        console.print(f"  {dong(count)} × {escape(reason.to(language))}", highlight=False)
