"""How an article of law is named in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text

if TYPE_CHECKING:
    from ledger.text import Language
    from rules.citation import Citation

NOT_READ = Text("chưa đọc văn bản đang có hiệu lực", "no text in force was read")


def cite(citation: Citation, language: Language) -> str:
    """Article, instrument and how far it is verified, on one line."""
    grade = citation.grade.label if citation.grade else NOT_READ
    return f"{citation.full_name} ({grade.to(language)})"
