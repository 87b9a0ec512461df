"""The workbook of rows: every posting of the year, and which of them each figure rests on."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

from ledger.accounts import Family
from ledger.kinds import KINDS
from ledger.text import Language, Text
from reports.settlement.declarations import Declarations, code_of
from reports.settlement.naming import shortened
from reports.sheets.layout import Column, Formula, Page
from reports.sheets.measuring import money_width

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from reports.settlement.places import Places
    from reports.settlement.source import YearMoney
    from reports.settlement.teller import Piece, Run, Trace

NAME: Final = Text("Dòng sổ", "Ledger rows")
# A sheet holds 1,048,576 rows, the headings among them.
ROWS_PER_SHEET: Final = 1_048_576 - 1
_ROWS_AT_A_TIME: Final = 8192
_LAST_COLUMN: Final = "M"
_GROUND: Final = Text("{of}, đọc từ", "{of}, read from")
_SUB_ITEM: Final = Text("tiểu mục {code}", "sub-item {code}")
_FIRST: Final = 2  # the row of the first posting, counted from 1
_TEXTS: Final = ("voucher", "narration", "fund", "sub_item", "account", "contract")


def ledger_columns(amounts: pd.Series) -> tuple[Column, ...]:
    """The columns, as wide as the largest amount."""
    width = money_width([int(amounts.min()), int(amounts.max())]) if len(amounts) else 13.5
    return (
        Column("date", Text("Ngày", "Date"), 11, "date"),
        Column("voucher", Text("Chứng từ", "Voucher"), 14),
        Column("kind", Text("Loại nghiệp vụ", "Kind"), 19),
        Column("narration", Text("Diễn giải", "Narration"), 54),
        Column("task", Text("Nhiệm vụ", "Task"), 10, "code"),
        Column("fund", Text("Nguồn", "Fund"), 8, "code"),
        Column("sub_item", Text("Tiểu mục", "Sub-item"), 10, "code"),
        Column("account", Text("Tài khoản", "Account"), 42),
        Column("amount", Text("Số tiền (đồng)", "Amount (VND)"), width, "money"),
        Column("contract", Text("Hợp đồng", "Contract"), 17),
        Column(
            "party",
            Text("Nhà thầu, người thụ hưởng, người đóng góp", "Vendor, beneficiary or contributor"),
            15,
        ),
        Column("file", Text("Tệp", "File"), 22),
        Column("line", Text("Dòng", "Line"), 7, "number"),
    )


def sheet_names(count: int, language: Language) -> list[str]:
    """The sheets of so many postings: a new one when one is full."""
    sheets = max(1, -(-count // ROWS_PER_SHEET))
    name = NAME.to(language)
    return [name, *(f"{name} {number}" for number in range(2, sheets + 1))]


def write_ledger(page: Page, rows: pd.DataFrame, language: Language, places: Places) -> None:
    """Fill one sheet with postings, in the order in which they come."""
    first = page.header(frozen_columns=2)
    for start in range(0, len(rows), _ROWS_AT_A_TIME):
        page.write_run(_cells(rows.iloc[start : start + _ROWS_AT_A_TIME], language, places))
    page.filter_and_close(first)


def _cells(
    rows: pd.DataFrame, language: Language, places: Places
) -> dict[str, Sequence[str | int | dt.date]]:
    kinds = {code: kind.label.to(language) for code, kind in KINDS.items()}
    units = zip(rows["unit"].tolist(), rows["task"].tolist(), strict=True)
    return {
        **{name: rows[name].tolist() for name in _TEXTS},
        "date": rows["date"].dt.date.tolist(),
        "kind": [kinds.get(kind, kind) for kind in rows["kind"].tolist()],
        "task": [f"{unit} · {task}" if unit else task for unit, task in units],
        "amount": rows["amount"].tolist(),
        "party": _parties(rows),
        "file": _files(rows, places),
        "line": rows["line"].tolist(),
    }


def _parties(rows: pd.DataFrame) -> list[str]:
    """Whom a posting concerns: who was paid, or who contributed."""
    columns = (rows[name].tolist() for name in ("vendor", "beneficiary", "contributor"))
    return [next(filter(None, names), "") for names in zip(*columns, strict=True)]


def _files(rows: pd.DataFrame, places: Places) -> list[str]:
    pairs = list(zip(rows["book"].tolist(), rows["file"].tolist(), strict=True))
    shown = {pair: places.file(*pair) for pair in set(pairs)}
    return [shown[pair] for pair in pairs]


def index_columns(traces: Sequence[Trace]) -> tuple[Column, ...]:
    """The columns of the list of what figures rest on."""
    width = money_width([trace.amount for trace in traces], least=18)
    return (
        Column("figure", Text("Số liệu trên biểu", "Figure of a form"), 52),
        Column("what", Text("Gồm các dòng sổ", "Rows of the book"), 84),
        Column("place", Text("Tới dòng", "To the rows"), 19, "link"),
        Column("count", Text("Số dòng", "Count"), 9, "number"),
        Column("sum", Text("Cộng các dòng (đồng)", "Sum of the rows (VND)"), width, "money"),
        Column("shown", Text("Số của biểu (đồng)", "Figure of the form (VND)"), width, "money"),
        Column("gap", Text("Chênh lệch", "Difference"), 13, "difference"),
    )


class RowsIndex:
    """The list of what each figure rests on: runs of postings, each with a live sum.

    A sum has the sign with which the form shows it, so that the runs of a figure add up to it.
    """

    def __init__(
        self, shelves: Sequence[YearMoney], language: Language, names: Mapping[int, str]
    ) -> None:
        """Know where each posting stands.

        Args:
            shelves: whose postings the sheets hold, one after the other.
            language: of the sheet.
            names: of the cells that show each figure, by the row of this sheet that they lead to.
        """
        self._language: Language = language
        self._cells = names
        self._words = [word for one in shelves for word in _words_of_rows(one, language)]
        self._names = sheet_names(len(self._words), language)
        amounts = itertools.chain.from_iterable(one.postings["amount"] for one in shelves)
        self._sums = list(itertools.accumulate(map(int, amounts), initial=0))

    def write(self, page: Page, traces: Sequence[Trace]) -> None:
        """Fill the sheet; its rows stand where the links of the forms lead."""
        page.header(frozen_columns=1)
        names = [column.name for column in page.columns]
        for trace in traces:
            rows = [row for piece in trace.pieces for row in self._below(piece)]
            page.write(self._figure(page, trace, rows), dress="subtotal")
            page.write_run({name: [row.get(name, "") for row in rows] for name in names})
        page.allow_codes()

    def _below(self, piece: Piece) -> Iterator[dict[str, Any]]:
        yield from (self._run(run) for run in piece.runs)
        for line in piece.cited:
            yield {"what": line.what, "place": line.place, "count": 1, "sum": line.amount or ""}

    def _figure(
        self, page: Page, trace: Trace, rows: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        here = page.row
        head = {
            "figure": self._cells.get(here + 1, ""),
            "what": self._words_of(trace),
            "count": sum(row["count"] for row in rows),
            "shown": trace.amount,
        }
        if not trace.adds:
            return head
        first, last = (page.at(row, "sum") for row in (here + 1, here + len(rows)))
        total = sum(_shown(row["sum"]) for row in rows)
        gap = f"={page.at(here, 'sum')}-{page.at(here, 'shown')}"
        return head | {
            "sum": Formula(f"=SUM({first}:{last})", total),
            "gap": Formula(gap, total - trace.amount),
        }

    def _words_of(self, trace: Trace) -> str:
        """What a figure is made of, or what it was read from."""
        first, *others = (piece.words.to(self._language) for piece in trace.pieces)
        if others and not trace.adds:
            return "; ".join((_GROUND.format(of=first).to(self._language), *others))
        signs = (" − " if piece.less else " + " for piece in trace.pieces[1:])
        before = "− " * trace.pieces[0].less
        return before + first + "".join(map(str.__add__, signs, others))

    def _run(self, run: Run) -> dict[str, Any]:
        total = self._sums[run.last + 1] - self._sums[run.first]
        words, last = self._words[run.first], self._words[run.last]
        span = self._span(run.first, run.last)
        return {
            "what": words if last == words else f"{words} … {last}",
            "place": self._link(run.first, run.last),
            "count": run.last - run.first + 1,
            "sum": Formula(f"={span}" if run.sign > 0 else f"=-({span})", run.sign * total),
        }

    def _link(self, start: int, last: int) -> Formula:
        """A way to the rows of a run: a formula, for a sheet holds only so many links."""
        sheet, inside = divmod(start, ROWS_PER_SHEET)
        end = min(last - sheet * ROWS_PER_SHEET, ROWS_PER_SHEET - 1)
        name, lines = self._names[sheet], (inside + _FIRST, end + _FIRST)
        shown = f"{name} {lines[0]}" + (f"–{lines[1]}" if lines[1] > lines[0] else "")
        target = f"#'{name}'!A{lines[0]}:{_LAST_COLUMN}{lines[1]}"
        return Formula(f'=HYPERLINK("{target}","{shown}")', shown)

    def _span(self, start: int, last: int) -> str:
        """The sum of a run of amounts, over as many sheets as it takes."""
        parts = []
        while start <= last:
            sheet, inside = divmod(start, ROWS_PER_SHEET)
            end = min(last - sheet * ROWS_PER_SHEET, ROWS_PER_SHEET - 1)
            parts.append(f"SUM('{self._names[sheet]}'!$I${inside + _FIRST}:$I${end + _FIRST})")
            start = (sheet + 1) * ROWS_PER_SHEET
        return "+".join(parts)


def _shown(content: int | str | Formula) -> int:
    return int((content.value if isinstance(content, Formula) else content) or 0)


def _words_of_rows(source: YearMoney, language: Language) -> Iterator[str]:
    """What each row has in common with those of its block, in words."""
    words = _block_words(source, language)
    return (words[block] for block in source.postings["block"])


def _block_words(source: YearMoney, language: Language) -> list[str]:
    """What the rows of each block have in common, in words."""
    blocks, titles = source.blocks, source.facts.derived(Declarations).titles
    kinds = {code: kind.label.to(language) for code, kind in KINDS.items()}
    families = {name: Family(name).label.to(language) for name in set(blocks["family"])}
    item = _SUB_ITEM.to(language)
    return [
        " · ".join(
            filter(
                None,
                (
                    families[family],
                    kinds.get(kind, kind),
                    f"{code_of(unit, task)} {shortened(titles.get(task, ''))}".strip(),
                    fund,
                    sub_item and item.format(code=sub_item.removeprefix("TM")),
                ),
            )
        )
        for family, kind, unit, task, fund, sub_item in zip(
            *(blocks[name] for name in ("family", "kind", "unit", "task", "fund", "sub_item")),
            strict=True,
        )
    ]
