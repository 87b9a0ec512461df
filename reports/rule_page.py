"""The page of one rule: what it checks, why, an example, how to put it right, what it rests on."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Final

from ledger.text import Language, Text
from reports.citations import NO_ARTICLE
from rules.citation import cited, smallest_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.law import Law
    from rules.rule import Described

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d ")
_CODE: Final = re.compile(r"(`+)([^`\n]+)\1")
_RESTS_ON_BOOK = Text(
    "Quy ước của sổ; không dựa vào điều luật nào.", "A convention of the book; no article of law."
)
_OWN_PLAN = Text(
    "Kế hoạch mà sổ thực hiện (plan ở khai báo programme). Với sổ của kế hoạch nêu dưới đây:",
    "The plan that the book carries out (plan of its programme). Of a book of the plan below:",
)
_RESTS_ON_NORMS = Text(
    "Định mức của từng nội dung chi (xem: cnht norms list).",
    "The norms of each content of spending (see: cnht norms list).",
)


def rule_page(rule: Described, law: Law, language: Language) -> str:
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


def unquoted(page: str, language: Language) -> str:
    """A page for a terminal: what Markdown marks as code stands between quotes."""
    return _CODE.sub(r"“\2”" if language == "en" else r"«\2»", page)


def family_page(rules: Sequence[Described], language: Language) -> str:
    """One line a rule of a family, each with its code and title."""
    told = Text("Xem một quy tắc: cnht explain {code}", "One rule: cnht explain {code}")
    lines = [f"{rule.code}  {rule.title.to(language)}" for rule in rules]
    return "\n".join([*lines, "", told.format(code=rules[0].code).to(language)])


def explanation(rule: Described, language: Language) -> str:
    """The docstring of the rule, or its English counterpart with the example and remedy shared."""
    vietnamese = inspect.getdoc(rule) or ""
    if language == "vi":
        return vietnamese
    example, _, remedy = vietnamese.partition("Ví dụ sai:")[2].partition("Cách sửa:")
    return "\n".join(
        [
            inspect.cleandoc(rule.english),
            "",
            "An example that fails:",
            *_directives(example),
            "",
            "Ready to paste:",
            *_directives(remedy),
        ]
    )


def purpose(rule: Described, language: Language) -> str:
    """What the rule checks, without the rest of its page, on one line."""
    head, end = ("What it checks:", "Why:") if language == "en" else ("Kiểm tra gì:", "Vì sao:")
    return " ".join(explanation(rule, language).partition(head)[2].partition(end)[0].split())


def _directives(part: str) -> list[str]:
    """The lines of a part that are written in the book's own language, not prose.

    They begin with a day, or are indented deeper than the line that does.
    """
    lines: list[str] = []
    indent = None
    for line in part.splitlines():
        depth = len(line) - len(line.lstrip())
        if _DAY.match(line.lstrip()):
            indent = depth
        elif indent is not None and depth <= indent:
            indent = None
        if indent is not None and line.strip():
            lines.append("    " + line[indent:])
    return lines


def _basis(rule: Described, law: Law, language: Language) -> list[str]:
    if not rule.rests_on_law:
        return [_RESTS_ON_BOOK.to(language)]
    named = tuple(dict.fromkeys((*rule.basis, *rule.chosen)))
    if not named:
        return [_RESTS_ON_NORMS.to(language)]
    lines = [_OWN_PLAN.to(language)] if rule.rests_on_plan else []
    for norm_id in named:
        norm, instrument = law.norms[norm_id], law.instruments[norm_id]
        place = cited(smallest_first(norm.article or ""), instrument.full_name)
        unknown = "" if norm.article else f" – {NO_ARTICLE.to(language)}"
        text = norm.text if language == "vi" else norm.text_en
        lines.append(f"{place}{unknown} ({norm_id}): {text}")
    return lines
