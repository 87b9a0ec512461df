"""The outcome of a reconciliation on a terminal, as JSON, and as a workbook."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.markup import escape
from rich.table import Table

from importers.reconciling.compared import FormComparison, Reconciliation
from importers.reconciling.record import account_of, counts, differences
from importers.tables.statement import FIGURES
from ledger.problems import show_path
from ledger.text import Language, Text, dong, printable
from reports.reconciling.forms import write_forms
from reports.reconciling.paper import write_paper
from reports.sheets.layout import Column, Page, Styles
from reports.sheets.workbooks import workbook_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import Console

    from importers.reconciling.compared import Entry
    from importers.reconciling.matching import Pair
    from ledger.facts import Facts
    from reports.sheets.layout import Cell

SCHEMA: Final = 1
SHOWN: Final = 40  # rows of a part on a terminal; the workbook has all

_TITLE: Final = Text("Đối chiếu", "Reconciliation")
_AGREES: Final = Text("Khớp đúng.", "All agrees.")
_CODES: Final = {
    "source_code": Text("Mã nguồn", "Source"),
    "kind_item": Text("Mã ngành KT", "Kind-item"),
    "sub_item": Text("Mã NDKT", "Sub-item"),
    "programme_code": Text("Mã CTMT, DA", "Programme"),
    "label": Text("Số tài khoản", "Account"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """One part of the outcome: a heading, columns, rows.

    Attributes:
        title: its heading, short enough to be the name of a sheet beside a number.
        rows: values by the columns' order; whole numbers are VND where the column is money.
        count: how many things they are: a pair has a row an item.
    """

    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    count: int


def print_outcome(
    result: Reconciliation | FormComparison, console: Console, language: Language
) -> None:
    """What differs, and what was paired and why."""
    for line in head(result):
        console.print(escape(printable(line.to(language))), highlight=False)
    for section in sections(result, language, agreeing=False):
        console.print(_table(section, language))
        hidden = len(section.rows) - SHOWN
        if hidden > 0:
            more = Text(f"… và {hidden} dòng nữa (xem hết: -o)", f"… and {hidden} more (see -o)")
            console.print(more.to(language), highlight=False)
    console.print(conclusion(result).to(language), highlight=False)


def outcome_json(result: Reconciliation | FormComparison, language: Language) -> str:
    """The outcome as JSON; amounts are whole VND, days ISO."""
    told = differences(result)
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "period": result.period.name,
        "account": account_of(result),
        "statement": result.statement.file,
        "digest": result.statement.digest,
        "agrees": result.agrees,
        "whole": result.statement.whole,
        "differences": told.to(language) if told else None,
        "counts": counts(result),
        "notes": [note.to(language) for note in result.statement.notes],
    }
    if isinstance(result, Reconciliation):
        opening, closing = result.balance_gaps
        content |= {
            "book_total": result.book_total,
            "statement_total": result.statement_total,
            "opening_gap": opening,
            "closing_gap": closing,
            "pairs": [_pair_json(result, pair, language) for pair in result.pairs],
            "only_in_book": [_entry_json(result.entries[row]) for row in result.only_book],
            "only_in_statement": [_line_json(result, row) for row in result.only_statement],
        }
    else:
        content["rows"] = result.rows.to_dict("records")
        content["behind"] = [
            {"account": account, **_entry_json(entry, code="row")}
            for account, entry in result.behind
        ]
    return json.dumps(content, ensure_ascii=False, indent=2)


def write_workbook(
    facts: Facts,
    results: Sequence[Reconciliation | FormComparison],
    path: Path,
    language: Language,
    reason: str = "",
) -> None:
    """The forms or the paper to sign, then a sheet a part of each outcome; whole or not at all.

    Args:
        facts: of the book.
        results: one a statement.
        path: the workbook.
        language: of what is no official wording.
        reason: why something differs, as the unit says.

    Raises:
        BadInputError: the file cannot be written, or a form not be filled; an older file is then
            as it was.
    """
    # A form is laid out as a whole, which writing row by row does not allow.
    with workbook_at(path, _TITLE.to(language), constant_memory=False) as workbook:
        styles = Styles(workbook, language)
        for number, result in enumerate(results, 1):
            more = f" ({number})" if len(results) > 1 else ""
            if isinstance(result, FormComparison):
                write_forms(workbook, styles, facts, result, language, more)
            else:
                write_paper(workbook, styles, facts, result, language, reason, more)
            for section in sections(result, language, agreeing=True):
                sheet = workbook.add_worksheet(section.title.to(language) + more)
                _fill(Page(sheet, styles, section.columns, language), result, section, language)


def _fill(
    page: Page, result: Reconciliation | FormComparison, section: Section, language: Language
) -> None:
    page.line(section.title.to(language), "title")
    for line in (*head(result), conclusion(result)):
        page.line(line.to(language))
    page.gap()
    heading = page.header(frozen_columns=1)
    names = [column.name for column in section.columns]
    for row in section.rows:
        page.write(dict(zip(names, row, strict=True)))
    page.filter_and_close(heading)
    page.print_area()


def sections(
    result: Reconciliation | FormComparison, language: Language, *, agreeing: bool
) -> list[Section]:
    """The parts that have rows; with what agrees too, or only what differs."""
    if isinstance(result, FormComparison):
        return list(_figure_sections(result, agreeing=agreeing))
    found = [
        _lines(result, Text("Chỉ có ở sao kê", "Only in the statement"), result.only_statement),
        _entries(result, Text("Chỉ có trong sổ", "Only in the book"), result.only_book),
        _pairs(
            result, Text("Ghép được, còn lệch", "Paired, differing"), result.differing, language
        ),
    ]
    agreed = tuple(pair for pair in result.pairs if pair.how.agrees)
    if agreeing:
        found.append(_pairs(result, Text("Khớp đúng", "Agreeing"), agreed, language))
    return [section for section in found if section.rows]


_DATE: Final = Column("date", Text("Ngày", "Date"), 12, "date")
_DOCUMENT: Final = Column("document", Text("Chứng từ", "Document"), 18, "code")
_TEXT: Final = Column("text", Text("Nội dung", "What"), 44)
_AMOUNT: Final = Column("amount", Text("Số tiền (đồng)", "Amount (VND)"), 18, "money")
_CODE: Final = Column("code", Text("Tiểu mục", "Sub-item"), 9, "code")
_PLACE: Final = Column("place", Text("Vị trí", "Place"), 30)


def _lines(result: Reconciliation, title: Text, rows: Sequence[int]) -> Section:
    lines = [result.statement.lines[row] for row in rows]
    columns = (_DATE, _DOCUMENT, _TEXT, _AMOUNT, _CODE, _PLACE)
    return Section(
        title,
        columns,
        tuple(
            (line.date, line.document, line.text, line.amount, line.sub_item, line.place.cell(0))
            for line in lines
        ),
        len(lines),
    )


def _entries(result: Reconciliation, title: Text, rows: Sequence[int]) -> Section:
    entries = [result.entries[row] for row in rows]
    columns = (_DATE, _DOCUMENT, _TEXT, _AMOUNT, _CODE, _PLACE)
    return Section(
        title,
        columns,
        tuple(
            (e.date, e.voucher, e.narration, e.amount, e.code, f"{show_path(e.file)}:{e.line}")
            for e in entries
        ),
        len(entries),
    )


def _pairs(
    result: Reconciliation, title: Text, pairs: Sequence[Pair], language: Language
) -> Section:
    """A row an item: the statement's first, then the book's, under the number of their pair."""
    rows: list[tuple[Cell, ...]] = []
    for number, pair in enumerate(pairs, 1):
        why = pair.how.label.to(language)
        for place in pair.statement:
            line = result.statement.lines[place]
            side = Text("sao kê", "statement").to(language)
            row = (line.date, line.document, line.text, line.amount, line.sub_item)
            rows.append((str(number), why, side, *row, line.place.cell(0)))
        for place in pair.book:
            entry = result.entries[place]
            side = Text("sổ", "book").to(language)
            row = (entry.date, entry.voucher, entry.narration, entry.amount, entry.code)
            rows.append((str(number), why, side, *row, f"{show_path(entry.file)}:{entry.line}"))
    columns = (
        Column("pair", Text("Cặp", "Pair"), 6, "code"),
        Column("why", Text("Vì sao", "Why"), 24),
        Column("side", Text("Bên", "Side"), 9),
        _DATE,
        _DOCUMENT,
        _TEXT,
        _AMOUNT,
        _CODE,
        _PLACE,
    )
    return Section(title, columns, tuple(rows), len(pairs))


def _figure_sections(result: FormComparison, *, agreeing: bool) -> Iterator[Section]:
    labels = FIGURES[result.statement.kind]
    codes = tuple(Column(code, _CODES[code], 12, "code") for code in result.codes)
    columns = (
        *codes,
        Column("figure", Text("Chỉ tiêu", "Figure"), 34),
        Column("theirs", Text("Kho bạc (đồng)", "Treasury (VND)"), 18, "money"),
        Column("ours", Text("Sổ (đồng)", "Book (VND)"), 18, "money"),
        Column("gap", Text("Chênh lệch (đồng)", "Difference (VND)"), 18, "difference"),
    )
    rows: list[tuple[Cell, ...]] = []
    for row in result.rows.to_dict("records"):
        for name in result.figures:
            gap = int(row[f"{name}_difference"])
            if gap or agreeing:
                key = [str(row[code]) for code in result.codes]
                rows.append((*key, labels[name].vi, int(row[name]), int(row[f"{name}_book"]), gap))
    title = Text("Từng chỉ tiêu", "Figure by figure") if agreeing else Text("Còn lệch", "Differing")
    if rows:
        yield Section(title, columns, tuple(rows), len(rows))
    if result.behind:
        yield _vouchers_behind(result)


def _vouchers_behind(result: FormComparison) -> Section:
    rows = tuple(
        (e.code, e.date, e.voucher, e.narration, account, e.amount, f"{show_path(e.file)}:{e.line}")
        for account, e in sorted(result.behind, key=lambda one: one[1].code)
    )
    title = Text("Bút toán của dòng còn lệch", "Entries behind differences")
    account = Column("account", Text("Tài khoản", "Account"), 34)
    row = Column("row", Text("Dòng", "Row"), 18, "code")
    columns = (row, _DATE, _DOCUMENT, _TEXT, account, _AMOUNT, _PLACE)
    return Section(title, columns, rows, len(rows))


def head(result: Reconciliation | FormComparison) -> list[Text]:
    """What was set beside what: the account, the period, totals and balances of both sides."""
    statement = result.statement
    lines = [
        Text(
            f"{account_of(result)} · kỳ {result.period.name} · {show_path(statement.file)}",
            f"{account_of(result)} · {result.period.name} · {show_path(statement.file)}",
        )
    ]
    if isinstance(result, Reconciliation):
        paired = sum(pair.how.agrees for pair in result.pairs)
        lines += [
            Text(
                f"Phát sinh: sao kê {dong(result.statement_total)} đồng, sổ "
                f"{dong(result.book_total)} đồng; {paired} cặp khớp",
                f"Movements: statement {dong(result.statement_total, 'en')} VND, book "
                f"{dong(result.book_total, 'en')} VND; {paired} pairs agree",
            ),
            *_balances(result),
        ]
    return [*lines, *statement.notes]


def _balances(result: Reconciliation) -> list[Text]:
    told = (
        (Text("đầu kỳ", "Opening"), result.statement.opening, result.opening),
        (Text("cuối kỳ", "Closing"), result.statement_closing, result.closing),
    )
    return [
        Text(
            f"Số dư {name.vi}: sao kê {dong(theirs)} đồng, sổ {dong(ours)} đồng",
            f"{name.en} balance: statement {dong(theirs, 'en')} VND, book {dong(ours, 'en')} VND",
        )
        for name, theirs, ours in told
        if theirs is not None
    ]


def conclusion(result: Reconciliation | FormComparison) -> Text:
    """Whether it agrees, and what is left to explain."""
    told = differences(result)
    if told is None:
        return _AGREES
    return Text(f"Chưa khớp: {told.vi}.", f"It does not agree: {told.en}.")


def _table(section: Section, language: Language) -> Table:
    table = Table(
        title=f"{section.title.to(language)} ({section.count})",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for column in section.columns:
        right = column.kind in {"money", "difference"}
        table.add_column(
            column.heading.to(language),
            justify="right" if right else "left",
            no_wrap=right,
            overflow="fold",
        )
    for row in section.rows[:SHOWN]:
        table.add_row(*(escape(printable(shown(value, language))) for value in row))
    return table


def shown(value: Cell, language: Language) -> str:
    """A cell as text."""
    if isinstance(value, int):
        return dong(value, language)
    if isinstance(value, dt.date):
        return f"{value}" if language == "en" else f"{value:%d/%m/%Y}"
    return str(value or "")


def _pair_json(result: Reconciliation, pair: Pair, language: Language) -> dict[str, Any]:
    return {
        "how": str(pair.how),
        "why": pair.how.label.to(language),
        "agrees": pair.how.agrees,
        "difference": pair.difference,
        "statement": [_line_json(result, row) for row in pair.statement],
        "book": [_entry_json(result.entries[row]) for row in pair.book],
    }


def _line_json(result: Reconciliation, row: int) -> dict[str, Any]:
    line = result.statement.lines[row]
    return {
        "cell": line.place.cell(0),
        "date": line.date.isoformat(),
        "document": line.document,
        "text": line.text,
        "amount": line.amount,
        "sub_item": line.sub_item,
    }


def _entry_json(entry: Entry, code: str = "sub_item") -> dict[str, Any]:
    return {
        "file": entry.file,
        "line": entry.line,
        "date": entry.date.isoformat(),
        "voucher": entry.voucher,
        "text": entry.narration,
        "amount": entry.amount,
        code: entry.code,
    }
