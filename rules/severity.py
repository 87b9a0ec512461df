"""How grave a finding is: derived here and nowhere else (mức độ nghiêm trọng).

A rule says how grave its finding is when the text of the law was read. How far the text or the
figure is verified can only lower that: nothing but a primary number is ever called a violation.
What contradicts the book itself needs no figure of the law and is not lowered.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NamedTuple

from ledger.text import Text


class Severity(IntEnum):
    """Gravity, in rising order."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> Text:
        """The word printed for it."""
        return _SEVERITY_LABELS[self]


_SEVERITY_LABELS = {
    Severity.NOTE: Text("lưu ý", "note"),
    Severity.WARNING: Text("cảnh báo", "warning"),
    Severity.ERROR: Text("lỗi", "error"),
}


class FindingKind(StrEnum):
    """What a finding claims, in the words of SARIF."""

    FAIL = "fail"  # sai
    REVIEW = "review"  # cần giải trình


class Grade(StrEnum):
    """How far a number or text of the law is verified (mức xác minh)."""

    PRIMARY = "primary"
    CONFIRMED = "confirmed"  # read by the unit itself, with person and day
    AUDITOR = "auditor"  # read by the auditor, likewise
    PRIMARY_QUOTED = "primary-quoted"
    SECONDARY = "secondary"
    SECONDARY_WEAK = "secondary-weak"
    RECALLED = "recalled"

    @property
    def label(self) -> Text:
        """What the grade means."""
        return _GRADE_LABELS[self]


_GRADE_LABELS = {
    Grade.PRIMARY: Text("đã đọc nguyên văn", "text read"),
    Grade.CONFIRMED: Text("đơn vị đã xác nhận", "confirmed by the unit"),
    Grade.AUDITOR: Text("kiểm toán viên đã đọc", "read by the auditor"),
    Grade.PRIMARY_QUOTED: Text("trích nguyên văn ở nơi khác", "quoted word for word"),
    Grade.SECONDARY: Text("nguồn thứ cấp", "second-hand"),
    Grade.SECONDARY_WEAK: Text("nguồn thứ cấp yếu", "weak second-hand"),
    Grade.RECALLED: Text("chưa có nguồn", "no source read"),
}

# The text itself was read, by whoever answers for it.
READ_IN_THE_TEXT = frozenset({Grade.PRIMARY, Grade.CONFIRMED, Grade.AUDITOR})

_CEILINGS = {
    Grade.PRIMARY: Severity.ERROR,
    Grade.CONFIRMED: Severity.ERROR,
    Grade.AUDITOR: Severity.ERROR,
    Grade.PRIMARY_QUOTED: Severity.WARNING,
    Grade.SECONDARY: Severity.WARNING,
    Grade.SECONDARY_WEAK: Severity.NOTE,
    Grade.RECALLED: Severity.NOTE,
}


class Judgement(NamedTuple):
    """The gravity of a finding and what it claims."""

    severity: Severity
    kind: FindingKind


def judge(
    severity: Severity, *, rests_on_law: bool, grade: Grade | None, review: bool
) -> Judgement:
    """The gravity of one finding.

    Args:
        severity: what the rule says where its text was read.
        rests_on_law: False where the book contradicts itself, which needs no article.
        grade: how far the norm that decides is verified; None where the rule rests on law and
            no text in force on that day was read.
        review: the book merely does not show the thing.
    """
    ceiling = Severity.ERROR
    if rests_on_law:
        ceiling = _CEILINGS[grade] if grade else Severity.WARNING
    lowered = ceiling is not Severity.ERROR
    if review:
        ceiling = min(ceiling, Severity.WARNING)
    kind = FindingKind.REVIEW if review or lowered else FindingKind.FAIL
    return Judgement(min(severity, ceiling), kind)
