"""The norms in force on a day, with what they limit, where they were read and how surely."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.markup import escape
from rich.table import Table

from ledger.text import Language, Text, dong, joined, percent
from reports.citations import NO_ARTICLE, NOT_READ, graded
from rules.citation import cited, smallest_first
from rules.vocabulary import activities, unit_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from rich.console import Console

    from rules.law import Law
    from rules.norm import Limit, Norm, Value

    _Row = tuple[Norm, Value | None]

SCHEMA: Final = 1

_UNKNOWN = Text("chưa biết con số", "figure not known")
_UNDATED = Text("chưa biết ngày hiệu lực", "day of effect not known")
_WITHOUT_FIGURE = {
    "condition": Text("điều kiện", "condition"),
    "duty": Text("quy định, không có con số", "duty, no figure"),
}


def print_norms(
    law: Law, day: dt.date, console: Console, language: Language, activity: str = ""
) -> None:
    """Norms with a figure in force on a day, duties without one, and norms not known yet."""
    wanted = [norm for norm in law.norms.values() if activity in {"", norm.activity}]
    rows = _in_force(wanted, day)
    figures = [row for row in rows if not _without_figure(row[1])]
    duties = [row for row in rows if _without_figure(row[1])]
    for title, part in (
        (
            Text(f"Định mức có hiệu lực ngày {day:%d/%m/%Y}", f"Norms in force on {day}"),
            figures,
        ),
        (Text("Điều kiện và quy định không có con số", "Conditions and duties"), duties),
        (
            Text(
                "Biết là có, chưa có con số hoặc ngày hiệu lực để kiểm tra",
                "Known to exist; no figure or day of effect to check by",
            ),
            _unknown(wanted, day, law),
        ),
    ):
        if part:
            _print(console, title.to(language), part, law, language)


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
    return all(limit.measure in _WITHOUT_FIGURE for limit in (value.limits or () if value else ()))


def _print(
    console: Console,
    title: str,
    rows: list[_Row],
    law: Law,
    language: Language,
) -> None:
    table = Table(
        title=f"{title} ({len(rows)})", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    # An id is copied from here into other commands, so that it stands on one line.
    table.add_column(Text("Định mức", "Norm").to(language), no_wrap=True)
    for heading, ratio in (
        (Text("Văn bản", "Instrument"), 3),
        (Text("Mức", "Limit"), 5),
        (Text("Xác minh", "Verified"), 2),
        (Text("Đọc ở", "Read in"), 4),
    ):
        table.add_column(heading.to(language), overflow="fold", ratio=ratio)
    for norm, value in rows:
        text = norm.text if language == "vi" else norm.text_en
        table.add_row(
            norm.id,
            escape(_place(norm, value, law, language)),
            f"{escape(limits_text(norm, value, language))}\n[dim]{escape(text)}[/dim]",
            _grade(norm, value, language),
            escape(_source(norm, value)),
        )
    console.print(table)


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
        begins = say(f"từ {day:%d/%m/%Y}", f"from {day}") if day else _UNDATED.to(language)
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
            f"- {_UNKNOWN.to(language)}",
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


def limits_text(norm: Norm, value: Value | None, language: Language) -> str:
    """The limits of a value in words; what is not known is said."""
    if value is None:
        undated = next((v for v in norm.values if v.limits), None)
        if undated is None:
            return _UNKNOWN.to(language)
        return f"{limits_text(norm, undated, language)} ({_UNDATED.to(language)})"
    limits = value.limits or ()
    apart = len({limit.measure for limit in limits}) > 1
    return "; ".join(_limit(limit, language, parts=apart) for limit in limits)


def _limit(limit: Limit, language: Language, *, parts: bool = False) -> str:
    """One limit in words.

    Args:
        limit: of a value.
        language: of the words.
        parts: whether a threshold tells from which amount the value's other limits apply.
    """
    if limit.measure in _WITHOUT_FIGURE:
        return _WITHOUT_FIGURE[limit.measure].to(language)
    if limit.measure == "date" and limit.day is not None:
        year = Text("năm sau", "next year") if limit.in_ == "next-year" else Text("", "")
        return f"{limit.day.day:02d}/{limit.day.month:02d} {year.to(language)}".strip()
    if limit.at_least is not None:
        return f"{Text('từ', 'from').to(language)} {dong(limit.at_least, language)}"
    if limit.measure == "share":
        figure = percent(Fraction(limit.at_most or 0), language)
    else:
        figure = dong(int(limit.at_most or 0), language)
        if limit.unit:
            figure = f"{figure} {unit_name(limit.unit).to(language)}"
    units = joined([unit_name(word) for word in limit.per]).to(language)
    per = f"/{units}" if units else ""
    tier = ", ".join(" / ".join(words) for words in limit.when.values())
    most = Text("tối đa", "at most")
    if limit.measure == "threshold" and limit.slot:
        most = Text("giá trị trên", "value above")  # from which the paper is asked for
    elif limit.measure == "threshold" and parts:
        most = Text("mốc giá trị", "parted at the value of")
    return f"{most.to(language)} {figure}{per}" + (f" ({tier})" if tier else "")


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
