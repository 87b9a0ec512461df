"""How an article of law is named in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text
from rules.citation import BOOK_PLAN, from_copy
from rules.severity import Grade

if TYPE_CHECKING:
    from ledger.text import Language
    from rules.citation import Citation

NOT_READ = Text("chưa đọc văn bản đang có hiệu lực", "no text in force was read")
NO_ARTICLE = Text("chưa biết điều", "article not known")
_FROM_COPY = Text(
    "đọc nguyên văn ở bản chép do người khác lưu, chưa so với bản chính",
    "text read in a copy that others keep, not compared with the original",
)
_PLAN_NOT_READ = Text(
    "sổ nêu, phần mềm chưa có nguyên văn", "named by the book; its text is not held here"
)
_BOOK_PLAN = Text("Kế hoạch {plan} của sổ", "Plan {plan} of the book")
BY_THE_BOOK = Text(
    "theo số liệu của chính sổ, không phụ thuộc văn bản",
    "by the book's own figures, whatever the law says",
)


def cite(citation: Citation, language: Language) -> str:
    """Article, instrument and how far it is verified, on one line."""
    if citation.norm == BOOK_PLAN:
        name = _BOOK_PLAN.format(plan=citation.instrument)
        return f"{name.to(language)} ({_PLAN_NOT_READ.to(language)})"
    grade = graded(citation.grade, citation.source)
    reader = f": {citation.reader}" if citation.reader else ""
    unknown = "" if citation.article else f"{NO_ARTICLE.to(language)}; "
    return f"{citation.full_name} ({unknown}{grade.to(language)}{reader})"


def graded(grade: Grade | None, source: str) -> Text:
    """How far a text is verified, and whether it was read in a copy that others keep."""
    if grade is None:
        return NOT_READ
    return _FROM_COPY if grade is Grade.PRIMARY and from_copy(source) else grade.label
