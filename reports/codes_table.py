"""The budget classification as a table and as JSON: each code with how it was read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich import box
from rich.markup import escape
from rich.table import Table

from ledger.text import Language, Text
from rules.budget_codes import SEGMENTS

if TYPE_CHECKING:
    from rich.console import Console

    from rules.budget_codes import BudgetCodes

SCHEMA: Final = 1

_PART: Final = Text("đọc được một phần", "read in part")
_WHOLE: Final = Text("danh mục của đơn vị", "the unit's own list")


def print_codes(codes: BudgetCodes, year: int, console: Console, language: Language) -> None:
    """One table a segment that has codes in a budget year."""
    for segment, name in SEGMENTS.items():
        known = codes.known(segment, year)
        if not known.codes:
            continue
        which = (_WHOLE if known.complete else _PART).to(language)
        title = f"{name.to(language).capitalize()}, {year}: {which} ({len(known.codes)})"
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        for heading in (
            Text("Mã", "Code"),
            Text("Tên", "Name"),
            Text("Xác minh", "Verified"),
            Text("Niên độ", "Years"),
        ):
            table.add_column(heading.to(language), overflow="fold")
        for code in sorted(known.codes.values(), key=lambda code: code.code):
            years = f"{code.from_}–{code.to}"
            table.add_row(code.code, escape(code.name), code.grade.label.to(language), years)
        console.print(table)
    if not any(codes.known(segment, year).codes for segment in SEGMENTS):
        nothing = Text(
            f"chưa có danh mục nào của niên độ {year}", f"no list of the year {year} is known"
        )
        console.print(nothing.to(language))


def codes_json(codes: BudgetCodes, year: int) -> str:
    """The same as JSON text."""
    segments = {}
    for segment in SEGMENTS:
        known = codes.known(segment, year)
        segments[segment] = {
            "complete": known.complete,
            "codes": [
                {"code": code.code, "name": code.name, "grade": str(code.grade)}
                for code in sorted(known.codes.values(), key=lambda code: code.code)
            ],
        }
    content = {"schema": SCHEMA, "year": year, "segments": segments}
    return json.dumps(content, ensure_ascii=False, indent=2)
