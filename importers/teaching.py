"""Teach a layout once: the user says which column is what, a profile is kept beside the book."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import typer
import yaml

from importers.base import recognised
from importers.source.cells import amount_of, day_of, is_mangled, normal, text_of, unmarked
from importers.source.files import form_of, read_bytes
from importers.source.sheets import TABLES
from importers.tables.messages import is_message
from importers.tables.profile import (
    HEADER_WITHIN,
    OWN_FOLDER,
    Knowledge,
    Profile,
    Reads,
    header_titles,
    match_columns,
)
from importers.tables.reading import read_statements
from importers.tables.rows import is_total_label
from importers.tables.statement import FIGURES, StatementKind
from ledger.problems import BadInputError, refusal
from ledger.store import written_beside
from ledger.text import Text, dong, printable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from importers.source.cells import Cell
    from importers.source.pages import Sheet
    from importers.source.sheets import Sheets
    from importers.tables.statement import Statement
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
_SOURCE: Final = ("source-code", Text("mã nguồn", "source code"), True)
_KIND_ITEM: Final = ("kind-item", Text("mã ngành kinh tế (khoản)", "kind-item"), True)
_PROGRAMME: Final = ("programme-code", Text("mã CTMT, dự án", "programme code"), False)


def _figures(kind: StatementKind) -> tuple[tuple[str, Text, bool], ...]:
    """Every figure of a form: one left out would be read as 0."""
    return tuple((name.replace("_", "-"), text, True) for name, text in FIGURES[kind].items())


_ROLES: Final = {
    Reads.ESTIMATE: (_SOURCE, _KIND_ITEM, _PROGRAMME, *_figures(StatementKind.ESTIMATE)),
    Reads.SPENDING: (
        _SOURCE,
        _KIND_ITEM,
        ("sub-item", Text("mã NDKT (tiểu mục)", "sub-item"), True),
        _PROGRAMME,
        *_figures(StatementKind.SPENDING),
    ),
    Reads.BALANCES: (
        ("label", Text("số tài khoản", "number of the account"), True),
        *_figures(StatementKind.BALANCES),
    ),
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
_ONE_OF: Final[dict[Reads, tuple[tuple[str, ...], ...]]] = {
    Reads.BANK: (("out", "in"), ("amount",)),
    Reads.TREASURY: (("out", "in"), ("amount",)),
    Reads.ALLOTMENT: (("amount",),),
    Reads.JOURNAL: (("account", "debit", "credit"), ("debit-account", "credit-account", "amount")),
}


_AMOUNTS: Final = frozenset(
    {"out", "in", "amount", "balance", "debit", "credit"}
    | {name.replace("_", "-") for figures in FIGURES.values() for name in figures}
)
_CODES: Final = frozenset(
    {"sub-item", "source-code", "kind-item", "programme-code", "account", "debit-account"}
    | {"credit-account"}
)
_WORDS: Final = frozenset({"text", "task", "counter-name"})
_CODE: Final = re.compile(r"(?:TM)?[\d.\- ]{2,20}[A-Z]{0,3}")
_DATE_TITLE: Final = re.compile(r"\bngay\b|\bdate\b")
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
    columns = _ask_columns(reads, _Asked(titles, sheet.rows[row:], language))
    profile = _profile(path, reads, titles, columns)
    _show_understood(sheets, profile, path, language)
    if not _ask_yes(Text("Lưu mẫu này? (c/k)", "Keep this layout? (y/n)"), language):
        raise refusal(Text("chưa lưu mẫu", "the layout was not kept"), file=str(path))
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


class _Asked(NamedTuple):
    """A table whose columns are asked for, and the language of the questions."""

    titles: list[str]
    rows: Sequence[tuple[Cell, ...]]
    language: Language

    def cells(self, column: int) -> list[Cell]:
        """What stands in a column, but for the words of totals."""
        held = [row[column] for row in self.rows if column < len(row)]
        return [
            cell
            for cell in held
            if cell not in {None, ""} and not (isinstance(cell, str) and is_total_label(cell))
        ]


def _ask_columns(reads: Reads, asked: _Asked) -> dict[str, int]:
    """The column of each thing; asked again as a whole where no amount is among them."""
    while True:
        columns: dict[str, int] = {}
        for role, text, needed in _ROLES[reads]:
            column = _ask_column(role, text, columns.values(), asked, needed=needed)
            if column is not None:
                columns[role] = column
        if any(all(role in columns for role in roles) for roles in _ONE_OF.get(reads, ((),))):
            return columns
        told = Text(
            "thiếu cột số tiền: chỉ lại từ đầu", "the columns of amounts are missing: once more"
        )
        _say(told, asked.language)


def _ask_column(
    role: str, text: Text, taken: Collection[int], asked: _Asked, *, needed: bool
) -> int | None:
    hint = (
        Text("số cột", "number of the column")
        if needed
        else Text("số cột, Enter là không có", "number of the column, Enter for none")
    )
    question = f"{text.to(asked.language)} ({hint.to(asked.language)})"
    while True:
        answer = str(typer.prompt(question, default="", show_default=False)).strip()
        if not answer and not needed:
            return None
        wrong = _wrong_answer(answer, role, text, taken, asked)
        if wrong is None:
            return int(answer) - 1
        _say(wrong, asked.language)


def _wrong_answer(
    answer: str, role: str, text: Text, taken: Collection[int], asked: _Asked
) -> Text | None:
    """What is wrong with the number of a column; None where nothing is."""
    titles = asked.titles
    if not answer.isdecimal() or not 0 < int(answer) <= len(titles) or not titles[int(answer) - 1]:
        return Text(
            f"«{answer}» không phải là số của cột nào ở trên: {text.vi} là cột nào?",
            f"“{answer}” is the number of no column above: which is {text.en}?",
        )
    column = int(answer) - 1
    if column in taken:
        return Text(f"cột {answer} đã dùng rồi", f"column {answer} is taken already")
    cells = asked.cells(column)
    bad = [cell for cell in cells if not _fits(role, cell, titles[column])]
    if len(bad) * 2 <= len(cells):  # a few odd cells, such as notes, are told when it is read
        return None
    return Text(
        f"cột {answer} «{titles[column]}» không phải là {text.vi}: ví dụ «{text_of(bad[0])}»",
        f"column {answer} “{titles[column]}” is not {text.en}: for example “{text_of(bad[0])}”",
    )


def _fits(role: str, cell: Cell, title: str) -> bool:
    """Whether a cell may be what its column is said to hold."""
    if role == "date":
        return _is_day(cell)
    if role in _AMOUNTS:
        return _is_amount(cell) and not (_is_day(cell) and _DATE_TITLE.search(unmarked(title)))
    if role in _CODES:
        return bool(_CODE.fullmatch(text_of(cell)))
    if role in _WORDS:
        return any(letter.isalpha() for letter in text_of(cell)) and not _is_day(cell)
    return True


def _is_day(cell: Cell) -> bool:
    try:
        return day_of(cell) is not None
    except ValueError:
        return False


def _is_amount(cell: Cell) -> bool:
    try:
        return not hasattr(cell, "year") and amount_of(cell) is not None
    except ValueError:
        return is_mangled(cell)


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


def _save(book: Path, profile: Profile) -> Path:
    folder = book.parent / OWN_FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{profile.profile}.yaml"
    content = profile.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    with written_beside(path) as fresh:
        fresh.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return path
