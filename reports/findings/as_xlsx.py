"""Findings as an auditor's working paper: one workbook, with a column for the unit's reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from ledger.problems import show_path
from ledger.text import LARGEST_AMOUNT, Language, Text, dong, printable
from reports.findings.rows import report
from reports.findings.words import FAIL, LEVELS, REVIEW, STATES, Words, by_level
from reports.sheets.layout import Column, Page, Styles
from reports.sheets.measuring import money_width
from reports.sheets.workbooks import workbook_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from reports.findings.shapes import FindingRow, NormRow, RuleRow, WaiverRow
    from reports.sheets.layout import Cell
    from rules.finding import Outcome

_TITLE: Final = Text("KẾT QUẢ KIỂM TRA SỔ", "OUTCOME OF THE CHECK")
_DOTS: Final = "…" * 40
_KINDS: Final[tuple[Literal["fail", "review"], ...]] = ("fail", "review")
_NUMBER: Final = Column("number", Text("STT", "No."), 5, "number")
_CODE: Final = Column("code", Text("Mã", "Code"), 9, "code")
_FINGERPRINT: Final = Column("fingerprint", Text("Dấu vân", "Fingerprint"), 19, "code")


def write_working_paper(outcome: Outcome, path: Path, language: Language) -> None:
    """Write the workbook, whole or not at all.

    Raises:
        BadInputError: the file cannot be written; an older one is then as it was.
    """
    with workbook_at(path, _TITLE.to(language).capitalize()) as workbook:
        _Paper(workbook, outcome, language).fill()


class _Paper:
    """The sheets of one working paper."""

    def __init__(self, workbook: Any, outcome: Outcome, language: Language) -> None:  # noqa: ANN401  # untyped library
        self._workbook = workbook
        self._language = language
        self._found = report(outcome, language)
        self._words = Words(language)
        self._styles = Styles(workbook, language)
        self._counted = list(enumerate(self._found["findings"], 1))
        self._accepted = list(enumerate(self._found["accepted"], 1 + len(self._counted)))

    def fill(self) -> None:
        """Write every sheet."""
        self._cover()
        self._findings(Text("Phát hiện", "Findings"), self._counted, self._head())
        if self._accepted:
            told = Text(
                "Các phát hiện này có chấp nhận đang có hiệu lực nên không tính vào tổng cộng.",
                "A waiver in force takes these findings out of the count.",
            )
            self._findings(
                Text("Đã chấp nhận", "Accepted"), self._accepted, [told.to(self._language)]
            )
        self._evidence()
        self._norms()
        self._tested()
        self._waivers()
        self._read_where()

    def _page(self, name: Text, columns: Sequence[Column], lines: Iterable[str]) -> Page:
        sheet = self._workbook.add_worksheet(name.to(self._language))
        page = Page(sheet, self._styles, columns, self._language)
        page.line(f"{_TITLE.to(self._language)} · {name.to(self._language).upper()}", "title")
        for line in lines:
            page.line(printable(line))
        page.gap()
        return page

    def _table(self, page: Page, rows: Iterable[dict[str, Cell]], *, frozen: int = 0) -> None:
        first = page.header(frozen_columns=frozen)
        for row in rows:
            page.write(row)
        page.filter_and_close(first)
        page.print_area()

    def _head(self) -> Iterator[str]:
        found, words = self._found, self._words
        for one in found["programmes"]:
            year = words.say("niên độ", "year")
            yield f"{one['code']} · {one['unit']} · {year} {one['budget_year']}"
        day, part = words.day(found["as_of"]), words.selection(found["selection"])
        yield f"{words.say('Tính đến', 'As of')} {day}{part}: {words.totals(found)}"

    def _told(self) -> Iterator[str]:
        """What stands beside the findings: not looked at, not obeyed, brought along."""
        found, words = self._found, self._words
        yield from words.unseen(found)
        yield from words.brought(found)
        for text in found["left_out"]:
            yield f"{words.say('Không được dùng', 'Not obeyed')}: {text}"

    def _cover(self) -> None:
        """The totals, wrong and asked apart, and who made and reviewed the paper."""
        say, found = self._words.say, self._found
        money = (found["totals"]["fail_at_issue"], found["totals"]["review_at_issue"])
        columns = (
            Column("kind", Text("Loại phát hiện", "Kind of finding"), 42),
            *(
                Column(level, Text(self._words.severity(level).capitalize(), level), 14, "number")
                for level in LEVELS
            ),
            Column("findings", Text("Số phát hiện", "Findings"), 14, "number"),
            Column("at_issue", Text("Số tiền (đồng)", "Amount (VND)"), money_width(money), "money"),
        )
        page = self._page(Text("Tổng hợp", "Summary"), columns, self._head())
        page.header()
        for kind, label, amount in zip(_KINDS, (FAIL, REVIEW), money, strict=True):
            counts = by_level(found, kind)
            levels: dict[str, Cell] = {level: counts[level] for level in LEVELS}
            cells: dict[str, Cell] = {
                "kind": label.to(self._language).capitalize(),
                "findings": counts.total(),
                "at_issue": _amount(amount),
            }
            page.write({**cells, **levels})
        page.gap()
        for line in self._told():
            page.line(printable(line))
        page.gap()
        page.line(f"{say('Đoàn kiểm toán, kiểm tra', 'Team')}: {_DOTS}")
        page.gap()
        signing = (say("Người lập", "Made by"), say("Người soát xét", "Reviewed by"))
        page.side_by_side([(name, "signatory") for name in signing])
        day = say("Ngày … tháng … năm …", "Date: …")
        page.side_by_side([(day, "signing")] * len(signing))
        page.side_by_side(
            [(say("(chữ ký, họ tên)", "(signature, name)"), "signing")] * len(signing)
        )
        page.print_area()

    def _findings(
        self, name: Text, rows: Sequence[tuple[int, FindingRow]], lines: Iterable[str]
    ) -> None:
        figures = [
            amount or 0
            for _, row in rows
            for amount in (row["at_issue"], row["observed"], row["allowed"])
        ]
        wide = money_width(figures)
        columns = (
            _NUMBER,
            _CODE,
            Column("severity", Text("Mức độ", "Severity"), 11, "code"),
            Column("what", Text("Nội dung", "What"), 38),
            Column("place", Text("Vị trí", "Place"), 17),
            Column("observed", Text("Số trong sổ", "Observed"), wide, "money"),
            Column("allowed", Text("Mức cho phép", "Allowed"), wide, "money"),
            Column("at_issue", Text("Số tiền cần xem xét (đồng)", "At issue (VND)"), wide, "money"),
            Column("basis", Text("Căn cứ", "Basis"), 30),
            Column("words", Text("Chấp nhận, giải trình", "Waiver, explanation"), 20),
            Column("reply", Text("Ý kiến của đơn vị", "Reply of the unit"), 24),
            _FINGERPRINT,
        )
        page = self._page(name, columns, lines)
        self._table(page, (self._finding(number, row) for number, row in rows), frozen=2)

    def _finding(self, number: int, row: FindingRow) -> dict[str, Cell]:
        words = self._words
        kind = (REVIEW if row["kind"] == "review" else FAIL).to(self._language)
        said = [words.acceptance(row["acceptance"])] if row["acceptance"] else []
        said += [words.explanation(answer) for answer in row["explanations"]]
        change = words.change(row)
        return {
            "number": number,
            "code": row["code"],
            "severity": f"{words.severity(row['severity'])} ({kind})"
            + (f"; {change}" * bool(change)),
            "what": f"{row['title']}: {row['message']}",
            "place": words.place(row),
            "observed": _amount(row["observed"]),
            "allowed": _amount(row["allowed"]),
            "at_issue": _amount(row["at_issue"]),
            "basis": "\n".join(words.bases(row, read=False)),
            "words": "\n".join(said),
            "fingerprint": row["fingerprint"],
        }

    def _evidence(self) -> None:
        rows = [
            (number, row["code"], evidence)
            for number, row in (*self._counted, *self._accepted)
            for evidence in row["evidence"]
        ]
        wide = money_width([n for _, _, row in rows for n in (row["amount"], row["at_issue"])])
        columns = (
            _NUMBER,
            _CODE,
            Column("place", Text("Vị trí", "Place"), 38),
            Column("date", Text("Ngày", "Date"), 12, "code"),
            Column("text", Text("Diễn giải", "Narration"), 50),
            Column("amount", Text("Số tiền (đồng)", "Amount (VND)"), wide, "money"),
            Column("at_issue", Text("Phần cần xem xét (đồng)", "At issue (VND)"), wide, "money"),
        )
        line = self._words.say(
            "STT là số thứ tự của phát hiện ở trang «Phát hiện», «Đã chấp nhận».",
            "No. is that of the finding on the sheets “Findings” and “Accepted”.",
        )
        page = self._page(Text("Bằng chứng", "Evidence"), columns, [line])
        cells: Iterator[dict[str, Cell]] = (
            {
                "number": number,
                "code": code,
                "place": printable(f"{show_path(row['file'])}:{row['line']}"),
                "date": self._words.day(row["date"]),
                "text": row["text"],
                "amount": _amount(row["amount"]),
                "at_issue": _amount(row["at_issue"]),
            }
            for number, code, row in rows
        )
        self._table(page, cells)

    def _norms(self) -> None:
        columns = (
            _CODE,
            Column("cited", Text("Điều, văn bản, mức xác minh", "Article, instrument, grade"), 40),
            Column("text", Text("Nội dung", "What it says"), 52),
            Column("subjects", Text("Số đối tượng đã xét", "Subjects"), 12, "number"),
            Column("failed", Text("Không đạt", "Failed"), 10, "number"),
        )
        line = self._words.say(
            "Định mức, điều luật mà các quy tắc đã so với ít nhất một đối tượng.",
            "Norms and articles that rules measured at least one subject against.",
        )
        page = self._page(Text("Định mức áp dụng", "Norms applied"), columns, [line])
        rows = ((rule, norm) for rule in self._found["rules"] for norm in rule["norms"])
        self._table(page, (_norm(rule, norm) for rule, norm in rows))

    def _read_where(self) -> None:
        """Where each text was read: for the office, which can compare it with the original."""
        columns = (
            Column("cited", Text("Điều, văn bản, mức xác minh", "Article, instrument, grade"), 46),
            Column("norm", Text("Mã định mức", "Norm"), 24),
            Column("grade", Text("Mức (grade)", "Grade"), 14, "code"),
            Column("source", Text("Đọc ở", "Read in"), 70),
        )
        line = self._words.say(
            "Trang nội bộ của cơ quan kiểm tra: nơi đã đọc từng điều, từng con số, không phải căn "
            "cứ; bỏ trang này khi gửi đơn vị.",
            "For the office alone: where each article and figure was read, which is no basis; "
            "take the sheet out of what is sent to the unit.",
        )
        page = self._page(Text("Đọc ở đâu (nội bộ)", "Read where (office)"), columns, [line])
        found = self._found
        cited = [
            *(norm for rule in found["rules"] for norm in rule["norms"]),
            *(one for _, row in (*self._counted, *self._accepted) for one in row["citations"]),
        ]
        rows: dict[tuple[str, str], dict[str, Cell]] = {
            (one["norm"], one["cited"]): {
                "cited": one["cited"],
                "norm": one["norm"],
                "grade": one["grade"],
                "source": one["source"],
            }
            for one in cited
            if one["source"]
        }
        self._table(page, (rows[key] for key in sorted(rows)))

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
        line = self._words.say(
            "Số đối tượng mỗi quy tắc đã xem. Không có đối tượng nào thì quy tắc chưa có gì để "
            "kiểm; chưa kiểm được thì cần người xem.",
            "How many subjects each rule looked at. Where there is none the rule had nothing to "
            "test; what is unknown needs a person to look.",
        )
        page = self._page(Text("Phạm vi kiểm tra", "Population"), columns, [line])
        self._table(page, (_tested(rule, self._language) for rule in self._found["rules"]))

    def _waivers(self) -> None:
        rows = self._found["waivers"]
        amounts = [amount or 0 for row in rows for amount in (row["up_to"], row["at_issue"])]
        wide = money_width(amounts)
        columns = (
            _CODE,
            _FINGERPRINT,
            Column("by", Text("Người chấp nhận", "By"), 24),
            Column("origin", Text("Của ai", "Whose"), 14, "code"),
            Column("reason", Text("Lý do", "Reason"), 44),
            Column("until", Text("Đến hết ngày", "Until"), 12, "code"),
            Column("up_to", Text("Mức chấp nhận (đồng)", "Up to (VND)"), wide, "money"),
            Column("at_issue", Text("Số tiền cần xem xét (đồng)", "At issue (VND)"), wide, "money"),
            Column("state", Text("Kết quả", "State"), 18, "code"),
            Column("place", Text("Vị trí", "Place"), 28),
        )
        line = self._words.say(
            "Mọi chấp nhận: ghi trong sổ được kiểm tra, hoặc của kiểm toán viên (--waivers).",
            "Every waiver: in the audited book, or the auditor's own (--waivers).",
        )
        page = self._page(Text("Chấp nhận", "Waivers"), columns, [line])
        self._table(page, (self._waiver(row) for row in rows))

    def _waiver(self, row: WaiverRow) -> dict[str, Cell]:
        return {
            "code": row["code"],
            "fingerprint": row["fingerprint"],
            "by": row["by"],
            "origin": self._words.origin(row),
            "reason": row["reason"],
            "until": self._words.day(row["until"]),
            "up_to": _amount(row["up_to"]),
            "at_issue": _amount(row["at_issue"]),
            "state": STATES[row["state"]].to(self._language),
            "place": printable(f"{show_path(row['file'])}:{row['line']}"),
        }


def _norm(rule: RuleRow, norm: NormRow) -> dict[str, Cell]:
    return {
        "code": rule["code"],
        "cited": norm["cited"],
        "text": norm["text"],
        "subjects": norm["subjects"],
        "failed": norm["failed"],
    }


def _tested(rule: RuleRow, language: Language) -> dict[str, Cell]:
    counts = rule["counts"]
    reasons = [
        f"{dong(row['subjects'], language)}: {row['reason']}" for row in rule["unknown_reasons"]
    ]
    return {
        "code": rule["code"],
        "title": rule["title"],
        "tested": rule["tested"],
        "passed": counts.get("pass", 0),
        "failed": counts.get("fail", 0),
        "apart": counts.get("not-applicable", 0),
        "unknown": rule["not_tested"],
        "reasons": "\n".join(reasons),
    }


def _amount(amount: int | None) -> Cell:
    """An amount as a number; as text where a spreadsheet would round it."""
    if amount is None or abs(amount) <= LARGEST_AMOUNT:
        return amount
    return dong(amount)
