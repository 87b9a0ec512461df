"""Settlement and periodic report: from books to a set written, and what is told of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import typer

from reports.command_line.asked import asked_day, asked_yes
from reports.command_line.failing import NO
from reports.command_line.telling import say_written, told_step

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.text import Text
    from reports.command_line.options import AmountUnit, Lang
    from reports.settlement.asked import Request
    from reports.settlement.source import SetPeriod
    from rules.checking import Loaded


def require_one_set(books: list[Path], *, consolidate: bool, superior: str) -> None:
    """A set is of one book, unless several are to be summed up, each once."""
    from ledger.location import find_book
    from ledger.problems import refusal
    from ledger.text import Text

    if len(books) == 1 and superior:
        text = Text("--superior chỉ dùng khi tổng hợp nhiều sổ", "--superior is of several books")
        remedy = Text("nêu các sổ cùng --consolidate", "name the books with --consolidate")
        raise refusal(text, remedy)
    if len(books) == 1:
        return
    if consolidate:
        mains = [find_book(book).resolve() for book in books]
        twice = next((main for main in mains if mains.count(main) > 1), None)
        if twice is None:
            return
        text = Text(
            "sổ được nêu hai lần: mỗi số sẽ tính hai lần",
            "the book is named twice: each figure would count twice",
        )
        remedy = Text("nêu mỗi đơn vị một sổ", "name one book a unit")
        raise refusal(text, remedy, file=str(twice))
    text = Text("bộ quyết toán lập cho một sổ", "a set is of one book")
    remedy = Text(
        "lập riêng từng sổ, hoặc tổng hợp các đơn vị bằng --consolidate",
        "settle each book by itself, or sum up units with --consolidate",
    )
    raise refusal(text, remedy)


def loaded_for_a_set(
    books: Sequence[Path], lang: Lang, *, no_cache: bool, allow_plugins: bool
) -> Loaded:
    """The facts and the law of books that are to be settled or reported.

    Raises:
        BadInputError: a book cannot be used, or declares nothing that could be settled.
    """
    from ledger.problems import refusal
    from ledger.text import Text
    from reports.command_line.loading import loaded
    from rules.checking import NoProgrammeError

    try:
        return loaded(books, lang, no_cache=no_cache, allow_plugins=allow_plugins)
    except NoProgrammeError as error:
        text = Text(
            "sổ này không khai báo chương trình nào, nên không có gì để quyết toán, báo cáo",
            "this book declares no programme, so there is nothing to settle or report",
        )
        remedy = Text(
            'khai báo custom "programme" và ghi giao dự toán với kind: "allotment"; chưa có sổ thì '
            "lập bằng «cnht init THƯ_MỤC --year NĂM»",
            'declare a custom "programme" and record the allotment with kind: "allotment"; where '
            "there is no book yet, start one with “cnht init FOLDER --year YEAR”",
        )
        raise refusal(text, remedy, file=error.main, line=1) from None


def set_request(  # noqa: PLR0913  # the options of two commands
    output: Path,
    form: list[str] | None,
    unit: AmountUnit,
    lang: Lang,
    *,
    draft: bool,
    force: bool,
    pdf: bool,
) -> Request:
    """What the options ask for; whether to write over what is there is asked at a terminal."""
    from ledger.text import Text
    from reports.forms.rounding import Unit
    from reports.settlement.asked import Request
    from reports.settlement.placing import holds_something

    if not force and sys.stdin.isatty() and holds_something(output):
        asked = Text(f"«{output}» không trống. Ghi đè?", f"“{output}” is not empty. Go on?")
        force = asked_yes(asked, lang.value)
    forms = tuple(one.strip() for one in form or () if one.strip())
    return Request(output, forms, Unit(unit.value), draft, force, pdf, lang.value)


def write_set(  # noqa: PLR0913  # as above
    loaded: Loaded,
    period: SetPeriod,
    as_of: dt.datetime | None,
    request: Request,
    lang: Lang,
    *,
    quiet: bool,
) -> None:
    """Write the set and tell what came of it.

    Raises:
        typer.Exit: with 1, where it cannot be signed yet and no draft was asked for.
    """
    from reports.settlement.settling import settle

    progress = told_step(lang, quiet=quiet)
    made = settle(loaded.facts, loaded.law, period, asked_day(as_of), request, progress)
    _tell(_NOT_READY, made.blocked, lang)
    _tell(_LEFT_OPEN, made.left_open, lang)
    if made.written:
        say_written(made.written, lang, quiet=quiet)
        why = why_unprinted(made.written)
        if request.pdf and why is not None:
            typer.echo(why.to(lang.value), err=True)
        return
    _tell(_NOTHING_WRITTEN, [], lang, always=True)
    raise typer.Exit(NO)


def why_unprinted(written: Sequence[Path]) -> Text | None:
    """Why a set has no PDF; None where it has one."""
    from ledger.text import Text
    from reports.settlement.pdf import office

    if any(path.suffix == ".pdf" for path in written):
        return None
    if office() is None:
        return Text(
            "Không có PDF: máy không có LibreOffice. Cài LibreOffice, hoặc in từ bảng tính.",
            "No PDF: there is no LibreOffice here. Install it, or print from the workbook.",
        )
    return Text(
        "Không có PDF: LibreOffice không in được. Xem chỗ trống trên đĩa, hoặc in từ bảng tính.",
        "No PDF: LibreOffice could not print. Look at the room on the disk, or print from the "
        "workbook.",
    )


_NOT_READY: Final = {"vi": "Chưa đủ điều kiện ký:", "en": "The set cannot be signed yet:"}
_LEFT_OPEN: Final = {
    "vi": "Còn để ngỏ, không ảnh hưởng số liệu:",
    "en": "Left open; no figure rests on it:",
}
_NOTHING_WRITTEN: Final = {
    "vi": "Không ghi gì. Xử lý các điểm trên, hoặc lập bản nháp bằng --draft.",
    "en": "Nothing was written. Settle the points above, or write a draft with --draft.",
}


def _tell(
    heading: dict[str, str], texts: Sequence[Text], lang: Lang, *, always: bool = False
) -> None:
    if texts or always:
        typer.echo(heading[lang.value], err=True)
    for text in texts:
        typer.echo(f"  - {text.to(lang.value)}", err=True)
