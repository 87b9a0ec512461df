"""Findings on a terminal, or as plain text in a pipe."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich import box
from rich.markup import escape
from rich.table import Table

from ledger.text import Language, dong, printable
from reports.findings.rows import report
from reports.findings.words import ACCEPTED, GROWN, Words, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from reports.findings.shapes import FindingRow, Report, RuleRow
    from rules.finding import Outcome

SHOWN_PER_RULE: Final = 20

_COLOURS: Final = {"error": "red", "warning": "yellow", "note": "cyan"}


def print_outcome(outcome: Outcome, console: Console, language: Language) -> None:
    """What was tested, findings by rule, then the totals."""
    _Printed(report(outcome, language), console, Words(language)).all()


def plain_lines(outcome: Outcome, language: Language) -> Iterator[str]:
    """Every finding as one line: ``file:line: severity: code message [basis]``.

    What the unit says of it stands below, further in.
    """
    found, words = report(outcome, language), Words(language)
    for row in found["findings"]:
        yield printable(
            f"{words.place(row)}: {words.gravity(row)}: {row['code']} {row['message']}"
            f"{_grown(row, words)}{_bases(row, words)}"
        )
        yield from _below(row, words)
    for row in found["accepted"]:
        yield printable(f"{words.place(row)}: {_accepted(row, words)}{_bases(row, words)}")
        yield from _below(row, words)


def unheard_lines(outcome: Outcome, language: Language) -> Iterator[str]:
    """What the findings do not cover, so that few of them are not taken for a clean book.

    What of the books was left out, what no rule saw, what could not be tested.
    """
    found, words = report(outcome, language), Words(language)
    yield from (f"# {printable(text)}" for text in _unheard(found, words))


def _unheard(found: Report, words: Words) -> Iterator[str]:
    for text in found["left_out"]:
        yield f"{words.say('không được dùng', 'not obeyed')}: {text}"
    yield from words.unseen(found)
    for rule in found["rules"]:
        reasons = "; ".join(row["reason"] for row in rule["unknown_reasons"])
        if rule["not_tested"]:
            count = dong(rule["not_tested"], words.language)
            told = words.say(
                f"{count} lượt chưa kiểm được",
                f"{counted(rule['not_tested'], 'look')} could not be made",
            )
            yield f"{rule['code']}: {told}{': ' if reasons else ''}{reasons}"


def _bases(row: FindingRow, words: Words) -> str:
    return f" [{words.say('căn cứ', 'basis')}: {'; '.join(words.bases(row))}]"


def _below(row: FindingRow, words: Words) -> Iterator[str]:
    for answer in row["explanations"]:
        yield f"    {printable(words.explanation(answer))}"


def _accepted(row: FindingRow, words: Words) -> str:
    who = words.acceptance(row["acceptance"]) if row["acceptance"] else ""
    return f"{ACCEPTED.to(words.language)}: {row['code']} {row['message']} [{who}]"


def _grown(row: FindingRow, words: Words) -> str:
    """Told only of what has grown: everything else that is printed is new."""
    return f" ({GROWN.to(words.language)})" if row["change"] == "updated" else ""


class _Printed:
    """One report on its way to a terminal."""

    def __init__(self, found: Report, console: Console, words: Words) -> None:
        self._found = found
        self._console = console
        self._words = words

    def all(self) -> None:
        """Print it whole."""
        for programme in self._found["programmes"]:
            code, unit = (
                escape(printable(text)) for text in (programme["code"], programme["unit"])
            )
            year = f"{self._words.say('niên độ', 'year')} {programme['budget_year']}"
            self._line(f"[bold]{code}[/bold] · {unit} · {year}")
        self._left_out()
        # What was tested first: findings and totals are what the screen ends with.
        self._console.print(self._tested())
        self._idle()
        for _, rows in groupby(
            self._found["findings"], key=lambda row: (row["severity"], row["code"])
        ):
            self._rule(list(rows))
        self._accepted()
        self._totals()

    def _line(self, text: str, style: str = "", *, fold: bool = True) -> None:
        self._console.print(text, style=style or None, highlight=False, soft_wrap=not fold)

    def _left_out(self) -> None:
        if self._found["left_out"]:
            head = self._words.say("Phần của sổ không được dùng:", "Parts of the book not obeyed:")
            self._line(head, "yellow")
            for text in self._found["left_out"]:
                self._line(f"  – {escape(printable(text))}")

    def _rule(self, rows: Sequence[FindingRow]) -> None:
        words, first = self._words, rows[0]
        colour = _COLOURS[first["severity"]]
        count = words.say(f"{len(rows)} phát hiện", counted(len(rows), "finding"))
        table = Table(
            title=f"[bold {colour}]{first['code']}[/] {escape(first['title'])} · "
            f"{words.gravity(first)} · {count}",
            title_justify="left",
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            expand=False,
        )
        table.add_column(words.say("Vị trí", "Place"), overflow="fold", ratio=1)
        table.add_column(words.say("Nội dung", "What"), overflow="fold", ratio=3)
        heading = words.say("Số tiền (đồng)", "At issue (VND)")
        table.add_column(heading, justify="right", no_wrap=True)
        for row in rows[:SHOWN_PER_RULE]:
            told = [row["message"] + _grown(row, words)]
            told += [words.explanation(answer) for answer in row["explanations"]]
            table.add_row(
                escape(words.place(row)),
                escape("\n".join(printable(text) for text in told)),
                dong(row["at_issue"], words.language) if row["at_issue"] else "–",
            )
        self._console.print(table)
        self._hidden(len(rows))
        bases = dict.fromkeys(basis for row in rows for basis in words.bases(row))
        for basis in bases:
            self._line(escape(printable(f"{words.say('Căn cứ', 'Basis')}: {basis}")), "dim")
        self._console.print()

    def _accepted(self) -> None:
        rows = self._found["accepted"]
        if not rows:
            return
        self._line(f"[bold]{self._words.say('Đã chấp nhận', 'Accepted')}[/]")
        for row in rows[:SHOWN_PER_RULE]:
            text = printable(f"{self._words.place(row)}: {_accepted(row, self._words)}")
            self._line(f"  – {escape(text)}", fold=False)
            for below in _below(row, self._words):
                self._line(escape(below), fold=False)
        self._hidden(len(rows))
        self._console.print()

    def _hidden(self, count: int) -> None:
        more = count - SHOWN_PER_RULE
        if more > 0:
            self._line(
                self._words.say(
                    f"… và {more} phát hiện nữa (xem hết: --all)",
                    f"… and {more} more (see all: --all)",
                )
            )

    def _tested(self) -> Table:
        say = self._words.say
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
        table.title = say("Đã kiểm tra", "Tested")
        table.add_column(say("Mã", "Code"), no_wrap=True)
        table.add_column(say("Quy tắc", "Rule"), overflow="fold")
        for heading in (
            say("Đã kiểm", "Tested"),
            say("Phát hiện", "Findings"),
            say("Chưa kiểm được", "Unknown"),
        ):
            table.add_column(heading, justify="right")
        for rule in self._found["rules"]:
            if any(_counts(rule)):
                table.add_row(*_figures(rule, self._words.language))
        return table

    def _idle(self) -> None:
        """The rules that found nothing in the book to look at, on one line."""
        codes = [rule["code"] for rule in self._found["rules"] if not any(_counts(rule))]
        if codes:
            count, listed = len(codes), ", ".join(codes)
            told = self._words.say(
                f"{count} quy tắc không có gì để kiểm tra: {listed}",
                f"{counted(count, 'rule')} with nothing to look at: {listed}",
            )
            self._line(told, "dim")
            self._console.print()

    def _totals(self) -> None:
        words, found = self._words, self._found
        self._line(f"{words.say('Tổng cộng', 'Total')}: {words.totals(found)}", "bold")
        if found["findings"]:
            code = found["findings"][0]["code"]
            self._line(
                words.say(
                    f"Cách sửa từng loại: cnht explain MÃ, ví dụ: cnht explain {code}",
                    f"How to put each right: cnht explain CODE, e.g. cnht explain {code}",
                )
            )
        for text in words.brought(found):
            self._line(escape(text), fold=False)
        self._unknown()
        day = words.day(found["as_of"])
        self._line(words.say(f"Tính đến {day}.", f"As of {day}."))
        for text in words.unseen(found):
            self._line(text, "bold yellow")
        parts = len(found["left_out"])
        if parts:
            told = words.say(
                f"{parts} phần của sổ không được dùng hoặc không được đọc: xem đầu kết quả.",
                f"{counted(parts, 'part')} of the book not obeyed or not read: see the top.",
            )
            self._line(told, "bold yellow")

    def _unknown(self) -> None:
        """Why subjects could not be tested, the commonest reason first."""
        reasons: Counter[str] = Counter()
        for rule in self._found["rules"]:
            reasons.update({row["reason"]: row["subjects"] for row in rule["unknown_reasons"]})
        if not reasons:
            return
        self._line(
            self._words.say(
                f"{dong(reasons.total())} lượt chưa kiểm được:",
                f"{counted(reasons.total(), 'look')} could not be made:",
            )
        )
        for reason, count in reasons.most_common():
            self._line(f"  {dong(count, self._words.language)} × {escape(printable(reason))}")


def _counts(rule: RuleRow) -> tuple[int, int, int]:
    """How many subjects were tested, failed, and could not be tested."""
    return rule["tested"], rule["counts"].get("fail", 0), rule["not_tested"]


def _figures(rule: RuleRow, language: Language) -> tuple[str, ...]:
    return (
        rule["code"],
        escape(rule["title"]),
        *(dong(figure, language) if figure else "–" for figure in _counts(rule)),
    )
