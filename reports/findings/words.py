"""Rows of a check in the words of people, the same in every format."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from ledger.problems import show_path
from ledger.text import Language, Text, dong, printable
from reports.citations import BY_THE_BOOK, NOT_READ
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.findings.shapes import (
        AcceptanceRow,
        CitationRow,
        ComparisonRow,
        ExplanationRow,
        FindingRow,
        OwnFigureRow,
        PastRow,
        Report,
        SelectionRow,
        SeverityWord,
    )

CONVENTION: Final = Text(
    "quy ước của sổ, không dựa vào điều luật", "a convention of the book, no article of law"
)
FAIL: Final = Text("sai", "wrong")
REVIEW: Final = Text("cần giải trình", "to be explained")
ACCEPTED: Final = Text("đã chấp nhận", "accepted")
GROWN: Final = Text("tăng so với lần trước", "more than before")
CHANGES: Final = {"new": Text("mới", "new"), "updated": GROWN}
STATES: Final = {
    "in-use": Text("có hiệu lực", "in use"),
    "exceeded": Text("bị vượt mức tiền", "exceeded"),
    "unused": Text("không dùng đến", "unused"),
    "expired": Text("đã hết hạn", "expired"),
    "reasonless": Text("không có lý do", "without a reason"),
    "left-out": Text("không xét, theo yêu cầu", "left out, as asked"),
}

LEVELS: Final[tuple[SeverityWord, ...]] = ("error", "warning", "note")  # the gravest first

# The rules that tell waivers which do not hold.
TOLD_BY: Final = {
    "expired": "BOK401",
    "unused": "BOK402",
    "exceeded": "BOK403",
    "reasonless": "BOK404",
}


def by_level(report: Report, kind: Literal["fail", "review"]) -> Counter[SeverityWord]:
    """How many findings of one kind there are of each gravity."""
    return Counter(row["severity"] for row in report["findings"] if row["kind"] == kind)


def counted(number: int, thing: str) -> str:
    """A number of things in English: ``1 finding``, ``2 findings``."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


class Words(NamedTuple):
    """The wording of rows in one language."""

    language: Language

    def say(self, vi: str, en: str) -> str:
        """One of two wordings."""
        return en if self.language == "en" else vi

    def severity(self, word: SeverityWord) -> str:
        """How grave: lỗi, cảnh báo, lưu ý."""
        return Severity[word.upper()].label.to(self.language)

    def gravity(self, row: FindingRow) -> str:
        """How grave, and whether it only asks."""
        review = f" ({REVIEW.to(self.language)})" if row["kind"] == "review" else ""
        return self.severity(row["severity"]) + review

    def change(self, row: FindingRow) -> str:
        """What became of a finding since the earlier check; empty where there was none."""
        return CHANGES[row["change"]].to(self.language) if row["change"] else ""

    def day(self, iso: str) -> str:
        """A day as people write it; empty where there is none."""
        if not iso or self.language == "en":
            return iso
        return f"{dt.date.fromisoformat(iso):%d/%m/%Y}"

    def place(self, row: PastRow) -> str:
        """File and line."""
        return printable(f"{show_path(row['file'])}:{row['line']}")

    def bases(self, row: FindingRow, *, read: bool = True) -> list[str]:
        """What a finding rests on: each text with how far and, if wanted, where it was read."""
        own = [BY_THE_BOOK.to(self.language)] if row["in_book"] else []
        cited = row["citations"]
        bases = [*own, *(self.basis(one) if read else one["cited"] for one in cited)]
        return bases or [(NOT_READ if row["rests_on_law"] else CONVENTION).to(self.language)]

    def basis(self, row: CitationRow) -> str:
        """The article, how far it is verified, and where it was read."""
        if not row["source"]:
            return row["cited"]
        return f"{row['cited']}; {self.say('đọc ở', 'read in')} {row['source']}"

    def origin(self, row: AcceptanceRow) -> str:
        """Who brought a waiver."""
        if row["own"]:
            return self.say("của kiểm toán viên", "the auditor's")
        return self.say("ghi trong sổ", "in the book")

    def acceptance(self, row: AcceptanceRow) -> str:
        """Who accepted a finding, why, until when and up to which amount."""
        until = (
            self.say(f"đến hết {self.day(row['until'])}", f"until {row['until']}")
            if row["until"]
            else self.say("không có hạn", "without end")
        )
        limit = ""
        if row["up_to"] is not None:
            most = dong(row["up_to"], self.language)
            limit = self.say(f"; đến {most} đồng", f"; up to {most} VND")
        return f"{row['by']} ({self.origin(row)}): {row['reason']}; {until}{limit}"

    def explanation(self, row: ExplanationRow) -> str:
        """What the unit says of a finding."""
        paper = f" ({row['document']})" if row["document"] else ""
        head = self.say("Giải trình của", "Explanation by")
        return f"{head} {row['person']}: {row['reason']}{paper}"

    def totals(self, report: Report) -> str:
        """How many findings, what is wrong and what is only to be explained, each with its money.

        Never one sum for both: it would be read as what was done wrongly.
        """
        totals = report["totals"]
        parts = ", ".join(f"{totals[word]} {self.severity(word)}" for word in LEVELS)
        wrong = self._part(report, "fail", totals["fail_at_issue"])
        asked = self._part(report, "review", totals["review_at_issue"])
        return self.say(
            f"{totals['findings']} phát hiện ({parts}); {wrong}; {asked}. Mỗi đồng tính một lần, "
            "vừa sai vừa cần giải trình thì tính là sai; cộng theo từng quy tắc có thể trùng nhau.",
            f"{counted(totals['findings'], 'finding')} ({parts}); {wrong}; {asked}. Each dong "
            "once, as wrong where it is both; sums per rule may overlap.",
        )

    def _part(self, report: Report, kind: Literal["fail", "review"], at_issue: int) -> str:
        """The findings of one kind, by gravity, and what they call in question."""
        found = by_level(report, kind)
        parts = ", ".join(f"{found[word]} {self.severity(word)}" for word in LEVELS if found[word])
        told = f" ({parts})" if parts else ""
        head = (FAIL if kind == "fail" else REVIEW).to(self.language)
        amount = dong(at_issue, self.language)
        count = self.say(f"{found.total()} phát hiện", counted(found.total(), "finding"))
        return f"{head}: {count}{told}, {amount} {self.say('đồng', 'VND')}"

    def brought(self, report: Report) -> Iterator[str]:
        """What stands apart from the count: waivers, the unit's own norms, the earlier check."""
        totals = report["totals"]
        if totals["accepted"]:
            total, amount = totals["accepted"], dong(totals["accepted_at_issue"], self.language)
            book, auditor = totals["accepted_by_book"], totals["accepted_by_auditor"]
            yield self.say(
                f"Đã chấp nhận, không tính ở trên: {total} phát hiện ({book} theo khai báo trong "
                f"sổ, {auditor} theo kiểm toán viên); số tiền {amount} đồng.",
                f"Accepted and not counted above: {counted(total, 'finding')} ({book} by the book, "
                f"{auditor} by the auditor); {amount} VND.",
            )
        by_unit = Text("do đơn vị xác nhận", "confirmed by the unit itself")
        yield from self._brought_norms(
            report["own_norms"],
            by_unit,
            totals["tested_by_own_norms"],
            totals["resting_on_own_norms"],
        )
        by_auditor = Text("kiểm toán viên đã đọc (--norms)", "that the auditor read (--norms)")
        yield from self._brought_norms(
            report["auditor_norms"],
            by_auditor,
            totals["tested_by_auditor_norms"],
            totals["resting_on_auditor_norms"],
        )
        yield from (self.own_figure(row) for row in report["own_figures"])
        look = self.say("Cần xem lại định mức", "Norms to be looked at")
        yield from (f"{look}: {printable(text)}" for text in report["norm_warnings"])
        ignored = sum(waiver["state"] == "left-out" for waiver in report["waivers"])
        if ignored:
            yield self.say(
                f"{ignored} chấp nhận ghi trong sổ không được xét, theo yêu cầu.",
                f"{ignored} waivers in the book were left out, as asked.",
            )
        yield from self._silent(report)
        if report["baseline"]:
            yield self.compared(report["baseline"])

    def _brought_norms(
        self, files: Sequence[str], whose: Text, tested: int, found: int
    ) -> Iterator[str]:
        """Norms of files that do not ship, and what rests on them."""
        if not files:
            return
        named = ", ".join(printable(show_path(file)) for file in files)
        yield self.say(
            f"Có dùng định mức {whose.vi}: {named}; {dong(tested)} lượt kiểm tra, {found} phát "
            "hiện dựa vào đó.",
            f"Norms {whose.en} were used: {named}; {tested:,} looks and {found} findings rest on "
            "them.",
        )

    def own_figure(self, row: OwnFigureRow) -> str:
        """A norm that ships and whose figures somebody else's file replaces."""
        whose = (
            self.say("Kiểm toán viên", "The auditor")
            if row["own"]
            else self.say("Đơn vị được kiểm tra", "The audited unit")
        )
        loosened = self.say(" (NỚI LỎNG)", " (LOOSENED)")
        changes = "; ".join(
            f"{self.say('từ', 'from')} {self.day(change['since'])}: {change['before']} → "
            f"{change['now']}{loosened * change['loosened']}"
            for change in row["changes"]
        )
        file = show_path(row["file"])
        told = self.say(
            f"{whose} thay con số đi kèm của «{row['norm']}», {row['instrument']} («{row['text']}»)"
            f": {changes}; người đọc {row['reader']}, tệp {file}.",
            f"{whose} replaces the figure of “{row['norm']}”, {row['instrument']} "
            f"(“{row['text']}”): {changes}; read by {row['reader']}, file {file}.",
        )
        return printable(told + self._effect(row) * row["loosened"])

    def _effect(self, row: OwnFigureRow) -> str:
        amount = dong(row["at_issue"], self.language)
        return self.say(
            f" Do nới lỏng, mất {row['findings']} phát hiện, {amount} đồng so với con số đi kèm.",
            f" By this {counted(row['findings'], 'finding')}, {amount} VND, are lost against the "
            "figure that ships.",
        )

    def _silent(self, report: Report) -> Iterator[str]:
        """Waivers that do not hold, where the rules that say so are not asked (--select)."""
        asked = {rule["code"] for rule in report["rules"]}
        for state, code in TOLD_BY.items():
            number = sum(waiver["state"] == state for waiver in report["waivers"])
            if number and code not in asked:
                word = STATES[state].to(self.language)
                yield self.say(
                    f"{number} chấp nhận {word}; {code} nêu rõ, không chọn trong lần này.",
                    f"{counted(number, 'waiver')} {word}; {code} tells them, not selected here.",
                )

    def compared(self, row: ComparisonRow) -> str:
        """What is shared with the earlier check."""
        same, gone = len(row["unchanged"]), len(row["absent"])
        file, day = printable(show_path(row["file"])), self.day(row["as_of"])
        part = self.selection(row["selection"])
        told = self.say(
            f"So với {file} (tính đến {day}{part}): {same} phát hiện như cũ không nêu lại, {gone} "
            "phát hiện không còn.",
            f"Against {file} (as of {day}{part}): {same} findings as before are not told again, "
            f"{gone} are gone.",
        )
        apart, beyond = row["not_compared"], len(row["beyond"])
        if apart:
            told += self.say(
                f" {apart} phát hiện ở trên không so được vì lần trước không xét đến: không phải "
                "là mới.",
                f" {counted(apart, 'finding')} above cannot be compared, as the earlier check did "
                "not look there: not new.",
            )
        if beyond:
            told += self.say(
                f" {beyond} phát hiện của lần trước tính đến ngày muộn hơn: không biết còn hay "
                "không.",
                f" {counted(beyond, 'finding')} of the earlier check, as of a later day, may or "
                "may not be gone.",
            )
        return told

    def selection(self, row: SelectionRow) -> str:
        """What part of a check was asked for; empty for all of it."""
        parts = []
        if row["select"]:
            parts.append(f"{self.say('chỉ', 'only')} {', '.join(row['select'])}")
        if row["ignore"]:
            parts.append(f"{self.say('bỏ', 'without')} {', '.join(row['ignore'])}")
        if row["kind"]:
            kind = (FAIL if row["kind"] == "fail" else REVIEW).to(self.language)
            parts.append(f"{self.say('chỉ phát hiện', 'only findings')} «{kind}»")
        return "".join(f"; {part}" for part in parts)

    def unseen(self, report: Report) -> Iterator[str]:
        """What of the books lies after the day and was not looked at."""
        if report["unseen"]:
            place = printable(f"{show_path(report['unseen_file'])}:{report['unseen_line']}")
            yield self.say(
                f"{dong(report['unseen'])} giao dịch sau ngày {self.day(report['as_of'])} chưa "
                f"được kiểm tra, đầu tiên ở {place}; dùng --as-of với một ngày muộn hơn.",
                f"{counted(report['unseen'], 'transaction')} after {report['as_of']} not checked, "
                f"the first at {place}; use --as-of with a later day.",
            )
