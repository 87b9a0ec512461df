"""The page of one rule: what it checks, why, an example, how to put it right, what it rests on."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from ledger.text import Language, Text

if TYPE_CHECKING:
    from rules.law import Law
    from rules.rule import Rule

_RESTS_ON_BOOK = Text(
    "Quy ước của sổ; không dựa vào điều luật nào.", "A convention of the book; no article of law."
)
_RESTS_ON_NORMS = Text(
    "Định mức của từng nội dung chi (xem: cnht norms list).",
    "The norms of each content of spending (see: cnht norms list).",
)


def rule_page(rule: Rule, law: Law, language: Language) -> str:
    """The page as plain text, which is Markdown as well."""
    severity = rule.severity.label.to(language)
    head = Text(
        f"Mức độ khi đã đọc nguyên văn: {severity}", f"Severity where the text was read: {severity}"
    )
    basis = Text("Căn cứ:", "Basis:")
    return "\n".join(
        [
            f"# {rule.code} · {rule.title.to(language)}",
            "",
            f"`{rule.name}` · {head.to(language)}",
            "",
            explanation(rule, language),
            "",
            basis.to(language),
            *(f"    {line}" for line in _basis(rule, law, language)),
            "",
        ]
    )


def explanation(rule: Rule, language: Language) -> str:
    """The docstring of the rule, or its English counterpart with the example and remedy shared."""
    vietnamese = inspect.getdoc(rule) or ""
    if language == "vi":
        return vietnamese
    example = vietnamese.partition("Ví dụ sai:")[2].partition("Cách sửa:")
    return (
        f"{inspect.cleandoc(rule.english)}\n\nAn example that fails:{example[0].rstrip()}\n\n"
        f"Ready to paste:{example[2].rstrip()}"
    )


def _basis(rule: Rule, law: Law, language: Language) -> list[str]:
    if not rule.rests_on_law:
        return [_RESTS_ON_BOOK.to(language)]
    if not rule.basis:
        return [_RESTS_ON_NORMS.to(language)]
    lines = []
    for norm_id in rule.basis:
        norm, instrument = law.norms[norm_id], law.instruments[norm_id]
        place = f"{norm.article or '?'} {instrument.instrument}"
        lines.append(f"{place} ({norm_id}): {norm.text if language == 'vi' else norm.text_en}")
    return lines
