"""Teach a layout once: the user says which column is what, a profile is kept beside the book."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import typer
import yaml

from importers.base import recognised
from importers.cells import text_of, unmarked
from importers.profile import (
    HEADER_WITHIN,
    OWN_FOLDER,
    Knowledge,
    Profile,
    Reads,
    header_titles,
    match_columns,
)
from importers.reading import read_statements
from importers.sheets import file_refusal
from ledger.problems import BadInputError
from ledger.store import written_beside
from ledger.text import Text, dong, printable

if TYPE_CHECKING:
    from pathlib import Path

    from importers.sheets import Sheet, Sheets
    from ledger.text import Language

_KINDS: Final = (
    (Reads.BANK, Text("sao kê ngân hàng", "bank statement")),
    (Reads.TREASURY, Text("sao kê tài khoản tại Kho bạc", "treasury account statement")),
    (Reads.ALLOTMENT, Text("phụ lục quyết định giao dự toán", "annex of an allotment")),
    (Reads.JOURNAL, Text("sổ nhật ký chung", "general journal")),
)
_STATEMENT: Final = (
    ("date", Text("ngày", "date"), True),
    ("out", Text("tiền ra (bank: ghi nợ)", "money out"), False),
    ("in", Text("tiền vào (bank: ghi có)", "money in"), False),
    ("amount", Text("số tiền một cột, có dấu", "one signed amount"), False),
    ("direction", Text("cột +/− hoặc C/D", "direction"), False),
    ("text", Text("nội dung", "text"), True),
    ("balance", Text("số dư", "balance"), False),
    ("document", Text("số chứng từ, số tham chiếu", "document"), False),
    ("counter-name", Text("tên đối ứng", "other side"), False),
    ("sub-item", Text("mã NDKT (tiểu mục)", "sub-item"), False),
    ("source-code", Text("mã nguồn", "source code"), False),
    ("kind-item", Text("mã ngành kinh tế (khoản)", "kind-item"), False),
)
_ROLES: Final = {
    Reads.BANK: _STATEMENT[:9],
    Reads.TREASURY: _STATEMENT,
    Reads.ALLOTMENT: (
        ("task", Text("nhiệm vụ", "task"), True),
        ("fund", Text("nguồn kinh phí", "fund"), False),
        ("sub-item", Text("tiểu mục", "sub-item"), False),
        ("amount", Text("số tiền", "amount"), True),
    ),
    Reads.JOURNAL: (
        ("date", Text("ngày ghi sổ", "date"), True),
        ("document", Text("số chứng từ", "document"), True),
        ("text", Text("diễn giải", "text"), True),
        ("account", Text("tài khoản (dạng mỗi dòng một vế)", "account, a side a row"), False),
        ("debit", Text("phát sinh nợ", "debit"), False),
        ("credit", Text("phát sinh có", "credit"), False),
        ("debit-account", Text("TK nợ (dạng mỗi dòng một cặp)", "debit account"), False),
        ("credit-account", Text("TK có", "credit account"), False),
        ("amount", Text("số tiền", "amount"), False),
        ("sub-item", Text("tiểu mục", "sub-item"), False),
        ("task", Text("nhiệm vụ", "task"), False),
    ),
}
# One of these must be mapped in full, besides the columns that must be there.
_ONE_OF: Final = {
    Reads.BANK: (("out", "in"), ("amount",)),
    Reads.TREASURY: (("out", "in"), ("amount",)),
    Reads.ALLOTMENT: (("amount",),),
    Reads.JOURNAL: (("account", "debit", "credit"), ("debit-account", "credit-account", "amount")),
}


def teach_files(book: Path, paths: list[Path], language: Language) -> None:
    """Ask for the layout of each file that nothing recognises, and keep it beside the book.

    Raises:
        BadInputError: a file cannot be read, or the answers make no layout.
    """
    for path in paths:
        if path.is_dir():
            continue
        sheets, found = recognised(path, book)
        if found and found[0].profile.knowledge is not Knowledge.GENERIC:
            title = found[0].profile.title
            typer.echo(Text(f"{path.name}: đã biết, {title}", f"{path.name}: {title}").to(language))
            continue
        _teach(book, path, sheets, language)


def _teach(book: Path, path: Path, sheets: Sheets, language: Language) -> None:
    sheet = _most_like_a_table(sheets)
    _show(sheet, language)
    reads = _ask_kind(language)
    row = typer.prompt(
        Text("Dòng tiêu đề là dòng số", "The header is row").to(language),
        type=int,
        default=_likely_header(sheet) + 1,
    )
    titles = header_titles(sheet, row - 1, 1) if 0 < row <= len(sheet.rows) else None
    if not titles:
        raise file_refusal(path, Text(f"dòng {row} không có tiêu đề", f"row {row} has no titles"))
    for number, title in enumerate(titles, 1):
        if title:
            typer.echo(f"  {number:>3}  {printable(title)}")
    columns = _ask_columns(reads, titles, path, language)
    profile = _profile(path, reads, titles, columns)
    _show_understood(sheets, profile, path, language)
    if not typer.confirm(Text("Lưu mẫu này?", "Keep this layout?").to(language), default=True):
        raise file_refusal(path, Text("chưa lưu mẫu", "the layout was not kept"))
    saved = _save(book, profile)
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
    chosen = typer.prompt(Text("Tệp này là", "This file is").to(language), type=int, default=1)
    return _KINDS[min(max(chosen, 1), len(_KINDS)) - 1][0]


def _ask_columns(reads: Reads, titles: list[str], path: Path, language: Language) -> dict[str, int]:
    columns: dict[str, int] = {}
    hint = Text("số cột, Enter là không có", "number of the column, Enter for none").to(language)
    for role, text, needed in _ROLES[reads]:
        answer = str(typer.prompt(f"{text.to(language)} ({hint})", default="", show_default=False))
        if (
            answer.strip().isdecimal()
            and 0 < int(answer) <= len(titles)
            and titles[int(answer) - 1]
        ):
            columns[role] = int(answer) - 1
        elif needed:
            raise file_refusal(
                path, Text(f"thiếu cột: {text.vi}", f"a column is missing: {text.en}")
            )
    if not any(all(role in columns for role in roles) for roles in _ONE_OF[reads]):
        raise file_refusal(path, Text("thiếu cột số tiền", "the columns of amounts are missing"))
    return columns


def _profile(path: Path, reads: Reads, titles: list[str], columns: dict[str, int]) -> Profile:
    name = "-".join(unmarked(path.stem).replace("_", " ").split())[:40]
    letters = "".join(
        letter for letter in name if letter.isascii() and (letter.isalnum() or letter == "-")
    )
    print_ = hashlib.sha256("|".join(titles).encode()).hexdigest()[:8]
    return Profile.model_validate(
        {
            "profile": f"{letters.strip('-') or 'tep'}-{print_}",
            "title": path.name,
            "reads": reads.value,
            "knowledge": Knowledge.TAUGHT.value,
            "source": "đơn vị chỉ cột khi nhập lần đầu",
            "columns": {role: [_title(titles[column])] for role, column in columns.items()},
        }
    )


def _title(title: str) -> str:
    """A title as a profile holds it; an ampersand would ask for parts."""
    return " ".join(title.replace("&", " ").split()) if "&" not in title else title.split("&", 1)[0]


def _show_understood(sheets: Sheets, profile: Profile, path: Path, language: Language) -> None:
    """What the layout makes of the file, before it is kept."""
    found = [
        sheet
        for sheet in sheets.sheets
        for top in range(min(len(sheet.rows), HEADER_WITHIN))
        if match_columns(profile, header_titles(sheet, top, 1) or []) is not None
    ]
    if not found:
        raise file_refusal(path, Text("mẫu không khớp tệp", "the layout does not fit the file"))
    if profile.reads not in {Reads.BANK, Reads.TREASURY}:
        return
    try:
        statements = read_statements(sheets, [profile])
    except BadInputError as error:
        for problem in error.problems[:3]:
            typer.echo(problem.to(language), err=True)
        raise
    for statement in statements:
        typer.echo(
            Text(
                f"Hiểu được {len(statement.lines)} dòng, tài khoản {statement.account or '—'}:",
                f"Understood {len(statement.lines)} rows, account {statement.account or '—'}:",
            ).to(language)
        )
        for line in statement.lines[:5]:
            typer.echo(
                printable(f"  {line.date:%d/%m/%Y}  {dong(line.amount):>18}  {line.text[:60]}")
            )


def _save(book: Path, profile: Profile) -> Path:
    folder = book.parent / OWN_FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{profile.profile}.yaml"
    content = profile.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    with written_beside(path) as fresh:
        fresh.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return path
