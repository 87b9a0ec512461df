"""The norms in force on a day, with what they limit, where they were read and how surely."""

from __future__ import annotations

import json
from itertools import groupby
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape

from ledger.text import Language, Text
from reports.citations import NO_ARTICLE, NOT_READ, graded
from rules.citation import cited, smallest_first
from rules.limit_words import UNDATED, UNKNOWN, WITHOUT_FIGURE, limits_text
from rules.vocabulary import activities

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from rich.console import Console

    from rules.law import Law
    from rules.norm import Limit, Norm, Value

    _Row = tuple[Norm, Value | None]

SCHEMA: Final = 1

_DUTIES = Text("Điều kiện và quy định không có con số", "Conditions and duties")
_NOT_KNOWN = Text(
    "Biết là có, chưa có con số hoặc ngày hiệu lực để kiểm tra",
    "Known to exist; no figure or day of effect to check by",
)
_FEW_LETTERS: Final = 60


def print_norms(
    law: Law, day: dt.date, console: Console, language: Language, *, every: bool = False
) -> None:
    """Norms with a figure in force on a day, two lines each.

    Args:
        law: the norms.
        day: the day.
        console: where to print.
        language: of the words.
        every: also duties without a figure, and norms not known yet; else they are counted.
    """
    norms = list(law.norms.values())
    rows = _in_force(norms, day)
    figures = [row for row in rows if not _without_figure(row[1])]
    duties = [row for row in rows if _without_figure(row[1])]
    unknown = _unknown(norms, day, law)
    title = Text(f"Định mức có hiệu lực ngày {day:%d/%m/%Y}", f"Norms in force on {day}")
    _print(console, title, figures, law, language)
    if every:
        _print(console, _DUTIES, duties, law, language)
        _print(console, _NOT_KNOWN, unknown, law, language)
    else:
        _say_rest(console, len(duties), len(unknown), language)
    console.print(
        Text("Một định mức: cnht norms show MÃ.", "One norm: cnht norms show ID.").to(language)
    )


def norms_json(law: Law, day: dt.date, language: Language) -> str:
    """The same as JSON text; shares and amounts as exact text."""
    norms = list(law.norms.values())
    rows = [*_in_force(norms, day), *_unknown(norms, day, law)]
    content = {
        "schema": SCHEMA,
        "on": day.isoformat(),
        "norms": [_json(norm, value, law, language) for norm, value in rows],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _in_force(norms: Sequence[Norm], day: dt.date) -> list[_Row]:
    found = ((norm, norm.value_on(day)) for norm in norms)
    return [(norm, value) for norm, value in found if value is not None]


def _unknown(norms: Sequence[Norm], day: dt.date, law: Law) -> list[_Row]:
    """Norms whose figure or start is not known, of instruments that existed on the day."""
    return [
        (norm, None) for norm in norms if norm.unknown and law.instruments[norm.id].earliest <= day
    ]


def _without_figure(value: Value | None) -> bool:
    return all(limit.measure in WITHOUT_FIGURE for limit in (value.limits or () if value else ()))


def _print(console: Console, title: Text, rows: list[_Row], law: Law, language: Language) -> None:
    """Norms under their instruments: id and limit, then what it is, how verified, which article."""
    console.print(f"[bold]{title.to(language)} ({len(rows)})[/bold]")
    for instrument, of_it in groupby(rows, lambda row: law.instruments[row[0].id].full_name):
        console.print(f"\n{escape(instrument)}")
        for norm, value in of_it:
            article = smallest_first((value.article if value else None) or norm.article or "")
            parts = (
                _short_name(norm, language),
                _grade(norm, value, language),
                article or NO_ARTICLE.to(language),
            )
            limit = escape(limits_text(norm, value, language))
            _print_line(console, f"  [bold]{norm.id}[/bold]: {limit}")
            _print_line(console, f"      [dim]{escape(' · '.join(parts))}[/dim]")
    console.print()


def _print_line(console: Console, line: str) -> None:
    console.print(line, no_wrap=True, overflow="ellipsis", highlight=False)


def _short_name(norm: Norm, language: Language) -> str:
    """What a norm limits, in few words."""
    if norm.activity:
        return activities()[norm.activity].to(language)
    text = norm.text if language == "vi" else norm.text_en
    return shorten(text, _FEW_LETTERS, placeholder="…")


def _say_rest(console: Console, duties: int, unknown: int, language: Language) -> None:
    """How many there are of what is not listed."""
    rest = Text(
        f"Không kể {duties} điều kiện, quy định không có con số và {unknown} định mức chưa biết "
        "con số hoặc ngày hiệu lực: thêm --all.",
        f"Not listed: {duties} conditions and duties without a figure, {unknown} norms whose "
        "figure or day of effect is not known: give --all.",
    )
    console.print(rest.to(language), highlight=False)


def norm_page(norm_id: str, law: Law, language: Language) -> str:
    """One norm as plain text: what it limits, its values by date, article, grade and source."""
    norm = law.norms[norm_id]

    def say(vi: str, en: str) -> str:
        return Text(vi, en).to(language)

    lines = [f"# {norm.id}", "", norm.text if language == "vi" else norm.text_en, ""]
    lines.append(f"{say('Văn bản', 'Instrument')}: {_place(norm, None, law, language)}")
    if norm.activity:
        name = activities().get(norm.activity, Text(norm.activity, norm.activity)).to(language)
        lines.append(f"{say('Nội dung chi', 'Content')}: {name} ({norm.activity})")
        lines.append(f"{say('Nguồn', 'Funds')}: {', '.join(norm.funds)}")
    lines.append("")
    for value in norm.values:
        day = value.from_
        begins = say(f"từ {day:%d/%m/%Y}", f"from {day}") if day else UNDATED.to(language)
        ended = say("hết hiệu lực, hoặc không còn con số", "ends, or has no figure any more")
        told = ended if value.limits is None else limits_text(norm, value, language)
        lines += [
            f"- {begins}: {told}",
            f"  {say('Điều', 'Article')}: {_place(norm, value, law, language)}",
            f"  {say('Xác minh', 'Verified')}: {_grade(norm, value, language)}",
            f"  {say('Đọc ở', 'Read in')}: {value.source}",
            f"  {say('Xem ngày', 'Looked up on')}: {value.checked_on:%d/%m/%Y}",
        ]
    if not norm.values:
        lines += [
            f"- {UNKNOWN.to(language)}",
            f"  {say('Xác minh', 'Verified')}: {_grade(norm, None, language)}",
            f"  {say('Đọc ở', 'Read in')}: {_source(norm, None)}",
        ]
    if norm.note and language == "vi":
        lines += ["", f"Ghi chú: {norm.note}"]
    return "\n".join(lines)


def _place(norm: Norm, value: Value | None, law: Law, language: Language) -> str:
    """Article and instrument; that the article is not known is said."""
    article = (value.article if value else None) or norm.article
    whole = cited(smallest_first(article or ""), law.instruments[norm.id].full_name)
    return whole if article else f"{whole} ({NO_ARTICLE.to(language)})"


def _grade(norm: Norm, value: Value | None, language: Language) -> str:
    read = value or norm.seen or next(iter(norm.values), None)
    return (graded(read.grade, read.source) if read else NOT_READ).to(language)


def _source(norm: Norm, value: Value | None) -> str:
    if value is not None:
        return value.source
    if norm.seen is not None:
        return norm.seen.source
    return norm.values[0].source if norm.values else ""


def _json(norm: Norm, value: Value | None, law: Law, language: Language) -> dict[str, Any]:
    return {
        "id": norm.id,
        "instrument": law.instruments[norm.id].instrument,
        "article": smallest_first(norm.article) if norm.article else None,
        "text": norm.text if language == "vi" else norm.text_en,
        "activity": norm.activity,
        "funds": list(norm.funds),
        "decided_by": norm.decided_by,
        "from": value.from_.isoformat() if value and value.from_ else None,
        "limits": limits_json(value),
        "grade": str(value.grade) if value else None,
        "source": _source(norm, value),
    }


def limits_json(value: Value | None) -> list[dict[str, Any]] | None:
    """The limits of a value for JSON, figures as exact text; None where there is no value."""
    return [_limit_json(limit) for limit in value.limits or ()] if value else None


def _limit_json(limit: Limit) -> dict[str, Any]:
    figure = limit.at_most
    return {
        "measure": limit.measure,
        "at_most": None if figure is None else str(figure),
        "of": limit.of,
        "per": list(limit.per),
        "when": {word: "; ".join(values) for word, values in limit.when.items()},
    }
