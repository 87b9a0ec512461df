"""The paper of a reconciled account, to be signed: both sides, and what differs (bảng đối chiếu).

It is a paper of the unit's own, of no official form; the form engine lays it out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from importers.reconciling.record import differences
from ledger.problems import BadInputError
from ledger.text import Language, Text
from reports.forms.grid import fill_listed
from reports.forms.layouts import read_layout
from reports.forms.rounding import Unit
from reports.forms.sheet import Setting, write_form
from reports.reconciling.forms import period_name
from reports.settlement.figures import read_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from importers.reconciling.compared import Entry, Reconciliation
    from importers.reconciling.matching import Pair
    from importers.tables.statement import Line
    from ledger.facts import Facts
    from reports.forms.grid import Record
    from reports.forms.model import FormLayout
    from reports.settlement.figures import Head
    from reports.sheets.layout import Styles

_LAYOUT: Final = Path(__file__).with_name("doi-chieu.yaml")
_SUMS, _LEFT = "sums", "left"
_ACCOUNT: Final = Text("Tài khoản: {account}", "Account: {account}")
_STATEMENT: Final = Text(
    "Sao kê: {file} (SHA-256 {digest}…)", "Statement: {file} (SHA-256 {digest}…)"
)
_AGREES: Final = Text("Hai bên khớp đúng.", "Both sides agree.")
_DIFFERS: Final = Text("Chưa khớp: {what}.", "They do not agree: {what}.")
_REASON: Final = Text("Vì sao còn lệch: {reason}", "Why it differs: {reason}")
_ONLY_BOOK: Final = Text("chỉ có trong sổ", "only in the book")
_ONLY_STATEMENT: Final = Text("chỉ có ở sao kê", "only in the statement")
_DIGITS: Final = 12  # of a digest, enough to tell files apart


def write_paper(  # noqa: PLR0913, PLR0917  # a workbook, what goes on it, and for whom
    workbook: Any,  # noqa: ANN401  # untyped library
    styles: Styles,
    facts: Facts,
    result: Reconciliation,
    language: Language,
    reason: str = "",
    suffix: str = "",
) -> None:
    """Write the paper of an account; a book that declares no programme has nobody to sign it."""
    head = _head_of(facts, result.period.year)
    if head is None:
        return
    layout = _layout().model_copy(update={"notes": tuple(_notes(result, reason))})
    grid = fill_listed(layout, [*_sums(result, language), *_left(result, language)], language)
    setting = Setting(head, period_name(result.period), Unit.DONG, language)
    account = " · ".join(filter(None, (result.account.label, result.account.number)))
    legend = [_ACCOUNT.format(account=account or result.account.name).to(language)]
    name = f"{layout.sheet}{suffix}"
    write_form(workbook, styles, grid, setting, name=name, legend=legend)


@cache
def _layout() -> FormLayout:
    return read_layout(_LAYOUT)


def _head_of(facts: Facts, year: int) -> Head | None:
    """Who signs: of the year, or in January of the year before; None where the book has neither."""
    for asked in (year, year - 1):
        try:
            return read_head(facts, asked)
        except BadInputError:
            continue
    return None


def _notes(result: Reconciliation, reason: str) -> Iterator[Text]:
    told = differences(result)
    if told is None:
        yield _AGREES
    else:
        yield Text(_DIFFERS.vi.format(what=told.vi), _DIFFERS.en.format(what=told.en))
    if reason:
        yield _REASON.format(reason=reason)
    statement = result.statement
    yield _STATEMENT.format(file=Path(statement.file).name, digest=statement.digest[:_DIGITS])
    yield from statement.notes


def _sums(result: Reconciliation, language: Language) -> Iterator[Record]:
    """Balances where the statement prints them, and what moved, in and out."""
    theirs = [line.amount for line in result.statement.lines]
    ours = [entry.amount for entry in result.entries if _inside(result, entry)]
    found: tuple[tuple[Text, int | None, int], ...] = (
        (Text("Số dư đầu kỳ", "Opening balance"), result.statement.opening, result.opening),
        (Text("Phát sinh tăng", "Money in"), _in(theirs), _in(ours)),
        (Text("Phát sinh giảm", "Money out"), _out(theirs), _out(ours)),
        (Text("Số dư cuối kỳ", "Closing balance"), result.statement_closing, result.closing),
    )
    for label, statement, book in found:
        if statement is not None:
            yield {
                "part": _SUMS, "label": label.to(language), "statement": statement, "book": book,
            }  # fmt: skip


def _in(amounts: Iterable[int]) -> int:
    return sum(amount for amount in amounts if amount > 0)


def _out(amounts: Iterable[int]) -> int:
    return -sum(amount for amount in amounts if amount < 0)


def _left(result: Reconciliation, language: Language) -> Iterator[Record]:
    """A row a difference; together they are the difference of what moved."""
    for row in result.only_statement:
        line = result.statement.lines[row]
        yield _of_line(line, _ONLY_STATEMENT.to(language), line.amount, 0)
    for row in result.only_book:
        entry = result.entries[row]
        yield _of_entry(entry, _ONLY_BOOK.to(language), entry.amount)
    for pair in result.differing:
        yield _of_pair(result, pair, pair.how.label.to(language))


def _of_pair(result: Reconciliation, pair: Pair, why: str) -> Record:
    lines = [result.statement.lines[row] for row in pair.statement]
    booked = sum(entry.amount for row in pair.book if _inside(result, entry := result.entries[row]))
    return _of_line(lines[0], why, sum(line.amount for line in lines), booked)


def _of_line(line: Line, why: str, amount: int, booked: int) -> Record:
    return {
        "part": _LEFT, "label": line.text, "date": line.date, "document": line.document,
        "statement": amount, "book": booked, "why": why,
    }  # fmt: skip


def _of_entry(entry: Entry, why: str, amount: int) -> Record:
    return {
        "part": _LEFT, "label": entry.narration, "date": entry.date, "document": entry.voucher,
        "statement": 0, "book": amount, "why": why,
    }  # fmt: skip


def _inside(result: Reconciliation, entry: Entry) -> bool:
    return result.period.start <= entry.date <= result.period.end
