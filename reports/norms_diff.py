"""What changed in the norms between two days, as a table and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.markup import escape
from rich.table import Table

from ledger.text import Language, Text
from reports.norms_table import limits_json
from rules.law_changes import Change, ChangeKind, changes
from rules.limit_words import limits_text

if TYPE_CHECKING:
    import datetime as dt

    from rich.console import Console

    from rules.law import Law
    from rules.norm import Value

SCHEMA: Final = 1

_KINDS: Final = {
    ChangeKind.BEGINS: Text("bắt đầu", "begins"),
    ChangeKind.ENDS: Text("hết hiệu lực", "ends"),
    ChangeKind.CHANGES: Text("thay đổi", "changes"),
}
_NOTHING: Final = Text(
    "không định mức nào khác nhau giữa hai ngày", "no norm differs between the two days"
)


def print_diff(
    law: Law, first: dt.date, second: dt.date, console: Console, language: Language
) -> None:
    """One row a norm: what it said on the first day, what it says on the second."""
    found = changes(law, first, second)
    if not found:
        console.print(_NOTHING.to(language))
        return
    title = Text(
        f"Định mức khác nhau giữa {first:%d/%m/%Y} và {second:%d/%m/%Y}",
        f"Norms that differ between {first} and {second}",
    )
    table = Table(
        title=f"{title.to(language)} ({len(found)})",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for heading, ratio in (
        (Text("Định mức", "Norm"), 4),
        (Text("Văn bản", "Instrument"), 3),
        (Text("Thay đổi", "Change"), 2),
        (Text(f"Ngày {first:%d/%m/%Y}", str(first)), 4),
        (Text(f"Ngày {second:%d/%m/%Y}", str(second)), 4),
    ):
        table.add_column(heading.to(language), overflow="fold", ratio=ratio)
    for change in found:
        norm = change.norm
        told = norm.text if language == "vi" else norm.text_en
        instrument = law.instruments[norm.id].instrument
        table.add_row(
            f"{norm.id}\n[dim]{escape(told)}[/dim]",
            escape(f"{instrument} {norm.article or ''}".strip()),
            _KINDS[change.kind].to(language),
            escape(_said(change, change.before, language)),
            escape(_said(change, change.after, language)),
        )
    console.print(table)


def diff_json(law: Law, first: dt.date, second: dt.date, language: Language) -> str:
    """The same as JSON text."""
    content = {
        "schema": SCHEMA,
        "from": first.isoformat(),
        "to": second.isoformat(),
        "changes": [_json(change, law, language) for change in changes(law, first, second)],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _said(change: Change, value: Value | None, language: Language) -> str:
    return limits_text(change.norm, value, language) if value else "–"


def _json(change: Change, law: Law, language: Language) -> dict[str, Any]:
    norm = change.norm
    return {
        "id": norm.id,
        "instrument": law.instruments[norm.id].instrument,
        "article": norm.article,
        "text": norm.text if language == "vi" else norm.text_en,
        "activity": norm.activity,
        "change": str(change.kind),
        "before": limits_json(change.before),
        "after": limits_json(change.after),
    }
