"""The norms in force on a day, with what they limit, where they were read and how surely."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.markup import escape
from rich.table import Table

from ledger.text import Language, Text, dong, joined, percent
from reports.citations import NOT_READ
from rules.citation import cited, smallest_first
from rules.vocabulary import unit_name

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
    for heading, ratio in (
        (Text("Định mức", "Norm"), 3),
        (Text("Văn bản", "Instrument"), 3),
        (Text("Mức", "Limit"), 4),
        (Text("Xác minh", "Verified"), 2),
        (Text("Đọc ở", "Read in"), 5),
    ):
        table.add_column(heading.to(language), overflow="fold", ratio=ratio)
    for norm, value in rows:
        name = law.instruments[norm.id].full_name
        table.add_row(
            f"{norm.id}\n[dim]{escape(norm.text if language == 'vi' else norm.text_en)}[/dim]",
            escape(cited(smallest_first(norm.article or ""), name)),
            escape(limits_text(norm, value, language)),
            _grade(norm, value, language),
            escape(_source(norm, value)),
        )
    console.print(table)


def limits_text(norm: Norm, value: Value | None, language: Language) -> str:
    """The limits of a value in words; what is not known is said."""
    if value is None:
        undated = next((v for v in norm.values if v.limits), None)
        if undated is None:
            return _UNKNOWN.to(language)
        return f"{limits_text(norm, undated, language)} ({_UNDATED.to(language)})"
    return "; ".join(_limit(limit, language) for limit in value.limits or ())


def _limit(limit: Limit, language: Language) -> str:
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
    most = Text("tối đa", "at most").to(language)
    return f"{most} {figure}{per}" + (f" ({tier})" if tier else "")


def _grade(norm: Norm, value: Value | None, language: Language) -> str:
    if value is not None:
        return value.grade.label.to(language)
    if norm.seen is not None:
        return norm.seen.grade.label.to(language)
    return norm.values[0].grade.label.to(language) if norm.values else NOT_READ.to(language)


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
