"""Findings as an auditor's working paper: one workbook, with a column for the unit's reply."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from ledger.problems import show_path
from ledger.store import written_beside
from ledger.text import LARGEST_AMOUNT, Language, Text, dong
from reports.accepted import (
    CHANGES,
    acceptance_words,
    accepted_count,
    answer_words,
    comparison_words,
    own_norms_words,
)
from reports.citations import NOT_READ, cite
from reports.settlement.layout import Column, Page, Styles, money_width
from reports.workbooks import MADE, OPTIONS, told_plainly
from rules.assessment import Verdict
from rules.finding import Finding, Outcome, Tally, total_at_issue
from rules.severity import FindingKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from reports.settlement.layout import Cell

_REVIEW: Final = Text("cần giải trình", "to be explained")
_FAIL: Final = Text("sai", "wrong")
_REPLY: Final = Text("Ý kiến của đơn vị", "Reply of the unit")
_TITLE: Final = Text("KẾT QUẢ KIỂM TRA SỔ", "OUTCOME OF THE CHECK")
_NUMBER: Final = Column("number", Text("STT", "No."), 6, "number")
_CODE: Final = Column("code", Text("Mã", "Code"), 9, "code")


def write_working_paper(outcome: Outcome, path: Path, language: Language) -> None:
    """Write the workbook, whole or not at all.

    Raises:
        BadInputError: the file cannot be written; an older one is then as it was.
    """
    with (
        told_plainly(path),
        written_beside(path) as fresh,
        tempfile.TemporaryDirectory() as scratch,
    ):
        workbook = xlsxwriter.Workbook(str(fresh), {**OPTIONS, "tmpdir": scratch})
        workbook.set_properties({"title": _TITLE.to(language).capitalize(), "created": MADE})
        _Paper(workbook, outcome, language).fill()
        workbook.close()


class _Paper:
    """The sheets of one working paper."""

    def __init__(self, workbook: Any, outcome: Outcome, language: Language) -> None:  # noqa: ANN401  # untyped library
        self._workbook = workbook
        self._outcome = outcome
        self._language = language
        self._styles = Styles(workbook, language)
        ordered = sorted(outcome.findings, key=lambda f: (-f.severity, f.code, f.subject))
        self._numbered = list(enumerate([*ordered, *outcome.accepted], 1))

    def fill(self) -> None:
        counted = [(n, f) for n, f in self._numbered if not f.acceptance]
        accepted = [(n, f) for n, f in self._numbered if f.acceptance]
        self._findings(Text("Phát hiện", "Findings"), counted, self._head())
        if accepted:
            told = accepted_count(self._outcome)
            self._findings(Text("Đã chấp nhận", "Accepted"), accepted, [told] if told else [])
        self._evidence()
        self._norms()
        self._tested()

    def _page(self, name: Text, columns: Sequence[Column], lines: Iterable[Text]) -> Page:
        sheet = self._workbook.add_worksheet(name.to(self._language))
        page = Page(sheet, self._styles, columns, self._language)
        page.line(f"{_TITLE.to(self._language)} · {name.to(self._language).upper()}", "title")
        for line in lines:
            page.line(line.to(self._language))
        page.gap()
        return page

    def _table(self, page: Page, rows: Iterable[dict[str, Cell]], *, frozen: int = 0) -> None:
        first = page.header(frozen_columns=frozen)
        for row in rows:
            page.write(row)
        page.filter_and_close(first)
        page.print_area()

    def _head(self) -> Iterator[Text]:
        outcome = self._outcome
        for one in outcome.programmes:
            yield Text(
                f"{one['code']} · {one['unit']} · niên độ {one['budget_year']}",
                f"{one['code']} · {one['unit']} · year {one['budget_year']}",
            )
        total, amount = len(outcome.findings), dong(total_at_issue(outcome.findings))
        yield Text(
            f"Tính đến {outcome.as_of:%d/%m/%Y}: {total} phát hiện; số tiền cần xem xét {amount} "
            "đồng, mỗi đồng tính một lần.",
            f"As of {outcome.as_of:%Y-%m-%d}: {total} findings; at issue {amount} VND, each dong "
            "once.",
        )
        told = [accepted_count(outcome), own_norms_words(outcome)]
        told.append(comparison_words(outcome.compared) if outcome.compared else None)
        yield from filter(None, told)
        for text in outcome.left_out:
            yield Text(f"Không được dùng: {text.vi}", f"Not obeyed: {text.en}")

    def _findings(
        self, name: Text, findings: Sequence[tuple[int, Finding]], lines: Iterable[Text]
    ) -> None:
        amounts = [finding.at_issue for _, finding in findings]
        columns = (
            _NUMBER,
            _CODE,
            Column("severity", Text("Mức độ", "Severity"), 11, "code"),
            Column("what", Text("Nội dung", "What"), 40),
            Column("place", Text("Vị trí", "Place"), 18),
            Column(
                "at_issue",
                Text("Số tiền cần xem xét (đồng)", "At issue (VND)"),
                money_width(amounts),
                "money",
            ),
            Column("basis", Text("Căn cứ", "Basis"), 22),
            Column("words", Text("Chấp nhận, giải trình", "Waiver, explanation"), 22),
            Column("reply", _REPLY, 24),
            Column("fingerprint", Text("Dấu vân", "Fingerprint"), 19, "code"),
        )
        page = self._page(name, columns, lines)
        rows = (self._finding(number, finding) for number, finding in findings)
        self._table(page, rows, frozen=2)

    def _finding(self, number: int, finding: Finding) -> dict[str, Cell]:
        language = self._language
        file, line = finding.place
        kind = _REVIEW if finding.kind is FindingKind.REVIEW else _FAIL
        severity = f"{finding.severity.label.to(language)} ({kind.to(language)})"
        if finding.change:
            severity += f"; {CHANGES[finding.change].to(language)}"
        words = [answer_words(answer).to(language) for answer in finding.answers]
        if finding.acceptance:
            words.insert(0, acceptance_words(finding.acceptance).to(language))
        return {
            "number": number,
            "code": finding.code,
            "severity": severity,
            "what": f"{finding.title.to(language)}: {finding.message.to(language)}",
            "place": f"{show_path(file)}:{line}",
            "at_issue": _amount(finding.at_issue),
            "basis": "\n".join(cite(citation, language) for citation in finding.citations),
            "words": "\n".join(words),
            "fingerprint": finding.fingerprint,
        }

    def _evidence(self) -> None:
        rows = [(number, f.code, row) for number, f in self._numbered for row in f.evidence]
        amounts = [amount for _, _, row in rows for amount in (row.amount, row.at_issue)]
        columns = (
            _NUMBER,
            _CODE,
            Column("place", Text("Vị trí", "Place"), 38),
            Column("date", Text("Ngày", "Date"), 12, "code"),
            Column("text", Text("Diễn giải", "Narration"), 50),
            Column("amount", Text("Số tiền (đồng)", "Amount (VND)"), money_width(amounts), "money"),
            Column(
                "at_issue",
                Text("Phần cần xem xét (đồng)", "At issue (VND)"),
                money_width(amounts),
                "money",
            ),
        )
        line = Text(
            "STT là số thứ tự của phát hiện ở trang «Phát hiện», «Đã chấp nhận».",
            "No. is that of the finding on the sheets “Findings” and “Accepted”.",
        )
        page = self._page(Text("Bằng chứng", "Evidence"), columns, [line])
        cells = (
            {
                "number": number,
                "code": code,
                "place": f"{show_path(row.file)}:{row.line}",
                "date": row.date,
                "text": row.text,
                "amount": _amount(row.amount),
                "at_issue": _amount(row.at_issue),
            }
            for number, code, row in rows
        )
        self._table(page, cells)

    def _norms(self) -> None:
        columns = (
            _CODE,
            Column("instrument", Text("Văn bản", "Instrument"), 22),
            Column("article", Text("Điều", "Article"), 18),
            Column("text", Text("Nội dung", "What it says"), 52),
            Column("grade", Text("Mức xác minh", "Grade"), 18, "code"),
            Column("source", Text("Đọc ở", "Read in"), 36),
            Column("subjects", Text("Số đối tượng đã xét", "Subjects"), 12, "number"),
            Column("failed", Text("Không đạt", "Failed"), 10, "number"),
        )
        line = Text(
            "Định mức, điều luật mà các quy tắc đã so với ít nhất một đối tượng.",
            "Norms and articles that rules measured at least one subject against.",
        )
        page = self._page(Text("Định mức áp dụng", "Norms applied"), columns, [line])
        self._table(page, self._norm_rows())

    def _norm_rows(self) -> Iterator[dict[str, Cell]]:
        for tally in self._outcome.tallies:
            for used in tally.norms:
                cited = used.citation
                grade = cited.grade.label if cited.grade else NOT_READ
                yield {
                    "code": tally.code,
                    "instrument": cited.instrument,
                    "article": cited.article or "?",
                    "text": cited.text.to(self._language),
                    "grade": grade.to(self._language),
                    "source": cited.source,
                    "subjects": used.subjects,
                    "failed": used.failed,
                }

    def _tested(self) -> None:
        columns = (
            _CODE,
            Column("title", Text("Quy tắc", "Rule"), 48),
            Column("tested", Text("Đã kiểm", "Tested"), 11, "number"),
            Column("passed", Text("Đạt", "Hold"), 11, "number"),
            Column("failed", Text("Không đạt", "Fail"), 11, "number"),
            Column("apart", Text("Không áp dụng", "Not applicable"), 11, "number"),
            Column("unknown", Text("Chưa kiểm được", "Unknown"), 11, "number"),
            Column("reasons", Text("Vì sao chưa kiểm được", "Why unknown"), 60),
        )
        line = Text(
            "Số đối tượng mỗi quy tắc đã xem. Không có đối tượng nào thì quy tắc chưa có gì để "
            "kiểm; chưa kiểm được thì cần người xem.",
            "How many subjects each rule looked at. Where there is none the rule had nothing to "
            "test; what is unknown needs a person to look.",
        )
        page = self._page(Text("Đã kiểm tra", "Tested"), columns, [line])
        self._table(page, (self._tally(tally) for tally in self._outcome.tallies))

    def _tally(self, tally: Tally) -> dict[str, Cell]:
        reasons = [f"{dong(count)}: {text.to(self._language)}" for text, count in tally.reasons]
        return {
            "code": tally.code,
            "title": tally.title.to(self._language),
            "tested": tally.tested,
            "passed": tally.counts.get(Verdict.PASS, 0),
            "failed": tally.counts.get(Verdict.FAIL, 0),
            "apart": tally.counts.get(Verdict.NOT_APPLICABLE, 0),
            "unknown": tally.unknown,
            "reasons": "\n".join(reasons),
        }


def _amount(amount: int) -> Cell:
    """An amount as a number; as text where a spreadsheet would round it."""
    return amount if abs(amount) <= LARGEST_AMOUNT else dong(amount)
