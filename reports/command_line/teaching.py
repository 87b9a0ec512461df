"""Teach a layout once: the user says which column is what, a profile is kept beside the book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from importers.base import recognised
from importers.source.cells import normal, text_of
from importers.source.files import form_of, read_bytes
from importers.source.sheets import TABLES
from importers.tables.messages import is_message
from importers.tables.profile import (
    HEADER_WITHIN,
    ONE_OF,
    OWN_FOLDER,
    Knowledge,
    Profile,
    Reads,
    header_titles,
    match_columns,
)
from importers.tables.reading import read_statements
from importers.tables.statement import FIGURES
from importers.tables.taught import ROLES, Table, profile_of, save, wrong_answer
from ledger.problems import BadInputError, refusal
from ledger.text import Text, dong, printable

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from importers.source.pages import Sheet
    from importers.source.sheets import Sheets
    from importers.tables.roles import Role
    from importers.tables.statement import Statement
    from importers.tables.taught import Wanted
    from ledger.text import Language

_KINDS: Final = (
    (Reads.BANK, Text("sao kê ngân hàng", "bank statement")),
    (Reads.TREASURY, Text("sao kê tài khoản tại Kho bạc", "treasury account statement")),
    (Reads.ALLOTMENT, Text("phụ lục quyết định giao dự toán", "annex of an allotment")),
    (Reads.JOURNAL, Text("sổ nhật ký chung", "general journal")),
    (Reads.ESTIMATE, Text("bảng đối chiếu 01a-SDKP/ĐVDT", "table 01a-SDKP/ĐVDT")),
    (Reads.SPENDING, Text("bảng đối chiếu 02a-SDKP/ĐVDT", "table 02a-SDKP/ĐVDT")),
    (Reads.BALANCES, Text("xác nhận số dư 06-ĐCSDTK/KBNN", "confirmation 06-ĐCSDTK/KBNN")),
)
_YES: Final = frozenset({"", "c", "có", "co", "y", "yes"})
_NO: Final = frozenset({"k", "không", "khong", "n", "no"})


def teach_files(book: Path, paths: list[Path], language: Language) -> None:
    """Ask for the layout of each file that nothing recognises, and keep it beside the book.

    Raises:
        BadInputError: a file cannot be read, the answers make no layout, or they end half way.
    """
    try:
        _teach_each(book, paths, language)
    except typer.Abort as stopped:
        raise refusal(
            Text(
                "các câu hỏi chưa được trả lời hết: chưa lưu mẫu, chưa ghi gì",
                "the questions were not all answered: no layout kept, nothing written",
            ),
            Text("chạy lại --teach và trả lời từng câu", "run --teach again and answer each"),
        ) from stopped


def _teach_each(book: Path, paths: list[Path], language: Language) -> None:
    for path in paths:
        if path.is_dir() or not _is_table(path):
            continue  # nothing to teach: importing it says what it is, or what is wrong with it
        sheets, found = recognised(path, book)
        if found and found[0].profile.knowledge is not Knowledge.GENERIC:
            typer.echo(_known_already(path, found[0].profile).to(language))
            continue
        _teach(book, path, sheets, language)


def _is_table(path: Path) -> bool:
    return form_of(read_bytes(path)) in TABLES and not is_message(path)


def _known_already(path: Path, profile: Profile) -> Text:
    """That a file is known; by what was taught, how that is taught anew."""
    told = Text(f"{path.name}: đã biết, {profile.title}", f"{path.name}: {profile.title}")
    if profile.knowledge is not Knowledge.TAUGHT:
        return told
    kept = f"{OWN_FOLDER}/{profile.profile}.yaml"
    return Text(
        f"{told.vi} (mẫu {kept}; muốn chỉ lại cột thì xóa tệp này rồi chạy lại --teach)",
        f"{told.en} (layout {kept}; to teach it anew, delete that file and run --teach again)",
    )


def _teach(book: Path, path: Path, sheets: Sheets, language: Language) -> None:
    sheet = _most_like_a_table(sheets)
    _show(sheet, language)
    reads = _ask_kind(language)
    row = _ask_header(sheet, language)
    titles = header_titles(sheet, row - 1, 1) or []
    for number, title in enumerate(titles, 1):
        if title:
            typer.echo(f"  {number:>3}  {printable(title)}")
    columns = _ask_columns(reads, Table(titles, sheet.rows[row:]), language)
    profile = profile_of(path, reads, titles, columns)
    _show_understood(sheets, profile, path, language)
    if not _ask_yes(Text("Lưu mẫu này? (c/k)", "Keep this layout? (y/n)"), language):
        raise refusal(Text("chưa lưu mẫu", "the layout was not kept"), file=str(path))
    saved = save(book, profile)
    typer.echo(Text(f"Đã lưu {saved}", f"Kept in {saved}").to(language))


def _most_like_a_table(sheets: Sheets) -> Sheet:
    return max(sheets.sheets, key=lambda sheet: len(sheet.rows))


def _likely_header(sheet: Sheet) -> int:
    rows = sheet.rows[:HEADER_WITHIN]
    return max(
        range(len(rows)),
        key=lambda index: (
            sum(isinstance(cell, str) and any(c.isalpha() for c in cell) for cell in rows[index]),
            -index,
        ),
    )


def _show(sheet: Sheet, language: Language) -> None:
    typer.echo(Text("Các dòng đầu của tệp:", "The first rows:").to(language))
    shown = 0
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN], 1):
        words = [text_of(cell) for cell in row if text_of(cell)]
        if words:
            typer.echo(printable(f"  {number:>3}: {' · '.join(words)}"[:160]))
            shown += 1
        if shown == 15:  # noqa: PLR2004  # as many as a screen takes
            break


def _ask_kind(language: Language) -> Reads:
    for number, (_, text) in enumerate(_KINDS, 1):
        typer.echo(f"  {number}  {text.to(language)}")
    chosen = _ask_number(Text("Tệp này là", "This file is"), range(1, len(_KINDS) + 1), 1, language)
    return _KINDS[chosen - 1][0]


def _ask_header(sheet: Sheet, language: Language) -> int:
    asked = Text("Dòng tiêu đề là dòng số", "The header is row")
    rows = range(1, len(sheet.rows) + 1)
    row = _ask_number(asked, rows, _likely_header(sheet) + 1, language)
    while not any(header_titles(sheet, row - 1, 1) or []):
        _say(Text(f"dòng {row} không có tiêu đề", f"row {row} has no titles"), language)
        row = _ask_number(asked, rows, _likely_header(sheet) + 1, language)
    return row


def _ask_number(asked: Text, allowed: range, default: int, language: Language) -> int:
    """A whole number; asked again until it is one of those allowed."""
    while True:
        answer = str(typer.prompt(asked.to(language), default=str(default))).strip()
        if answer.isdecimal() and int(answer) in allowed:
            return int(answer)
        first, last = allowed[0], allowed[-1]
        told = Text(
            f"«{answer}» không dùng được: gõ một số từ {first} đến {last}",
            f"“{answer}” will not do: type a number from {first} to {last}",
        )
        _say(told, language)


def _ask_yes(asked: Text, language: Language) -> bool:
    while True:
        answer = normal(str(typer.prompt(asked.to(language), default="", show_default=False)))
        if answer in _YES or answer in _NO:
            return answer in _YES
        _say(Text("gõ c (có) hoặc k (không)", "type y (yes) or n (no)"), language)


def _say(text: Text, language: Language) -> None:
    typer.echo(printable(text.to(language)), err=True)


def _ask_columns(reads: Reads, table: Table, language: Language) -> dict[Role, int]:
    """The column of each thing; asked again as a whole where no amount is among them."""
    while True:
        columns: dict[Role, int] = {}
        for wanted in ROLES[reads]:
            column = _ask_column(wanted, columns.values(), table, language)
            if column is not None:
                columns[wanted.role] = column
        if any(set(roles) <= columns.keys() for roles in ONE_OF.get(reads, ((),))):
            return columns
        told = Text(
            "thiếu cột số tiền: chỉ lại từ đầu", "the columns of amounts are missing: once more"
        )
        _say(told, language)


def _ask_column(
    wanted: Wanted, taken: Collection[int], table: Table, language: Language
) -> int | None:
    hint = (
        Text("số cột", "number of the column")
        if wanted.needed
        else Text("số cột, Enter là không có", "number of the column, Enter for none")
    )
    question = f"{wanted.text.to(language)} ({hint.to(language)})"
    while True:
        answer = str(typer.prompt(question, default="", show_default=False)).strip()
        if not answer and not wanted.needed:
            return None
        wrong = wrong_answer(answer, wanted, taken, table)
        if wrong is None:
            return int(answer) - 1
        _say(wrong, language)


def _show_understood(sheets: Sheets, profile: Profile, path: Path, language: Language) -> None:
    """What the layout makes of the file, before it is kept."""
    found = [
        sheet
        for sheet in sheets.sheets
        for top in range(min(len(sheet.rows), HEADER_WITHIN))
        if match_columns(profile, header_titles(sheet, top, 1) or []) is not None
    ]
    if not found:
        told = Text("mẫu không khớp tệp", "the layout does not fit the file")
        raise refusal(told, file=str(path))
    if profile.reads in {Reads.ALLOTMENT, Reads.JOURNAL}:
        return
    try:
        statements = read_statements(sheets, [profile])
    except BadInputError as error:
        for problem in error.problems[:3]:
            typer.echo(problem.to(language), err=True)
        raise
    for statement in statements:
        if statement.figures:
            _show_figures(statement, language)
            continue
        typer.echo(
            Text(
                f"Hiểu được {len(statement.lines)} dòng, tài khoản {statement.account or '—'}:",
                f"Understood {len(statement.lines)} rows, account {statement.account or '—'}:",
            ).to(language)
        )
        for line in statement.lines[:5]:
            typer.echo(
                printable(
                    f"  {line.date:%d/%m/%Y}  {dong(line.amount, language):>18}  {line.text[:60]}"
                )
            )


def _show_figures(statement: Statement, language: Language) -> None:
    names = FIGURES[statement.kind]
    typer.echo(
        Text(
            f"Hiểu được {len(statement.figures)} dòng số liệu; dòng đầu:",
            f"Understood {len(statement.figures)} rows of figures; the first:",
        ).to(language)
    )
    first = statement.figures[0]
    codes = (first.label, first.source_code, first.kind_item, first.sub_item)
    typer.echo(printable(f"  {' · '.join(filter(None, codes))}"))
    for name, amount in first.amounts.items():
        typer.echo(f"  {dong(amount, language):>18}  {names[name].to(language)}")
