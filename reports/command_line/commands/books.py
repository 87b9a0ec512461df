"""A new book, and what a machine makes of one (lập sổ, khám)."""

from pathlib import Path
from typing import Annotated

import typer

from reports.command_line.asked import asked_day
from reports.command_line.failing import BAD_INPUT, OK
from reports.command_line.options import Lang, LangOption, Quiet
from reports.command_line.telling import say_written


def init(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Thư mục mới cho sổ.")],
    *,
    year: Annotated[int | None, typer.Option("--year", help="Niên độ; mặc định năm nay.")] = None,
    unit: Annotated[str, typer.Option("--unit", help="Tên đơn vị.")] = "Sở Công Thương",
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Lập một sổ mới cho đơn vị và niên độ khác, có chú thích chỗ cần điền."""
    from ledger.starting import start_book

    written = start_book(folder, year=year or asked_day(None).year, unit=unit)
    say_written(written, lang, quiet=quiet)


def doctor(
    books: Annotated[
        list[Path] | None, typer.Argument(metavar="SỔ", help="Sổ muốn xem, nếu có.")
    ] = None,
    *,
    lang: LangOption = Lang.VI,
) -> None:
    """Cho biết đã cài gì, dùng thư mục nào, và phần nào của sổ không được dùng."""
    from ledger.location import find_book
    from reports.doctor import book_report, system_lines

    mains = [find_book(book) for book in books or ()]
    typer.echo("\n".join(system_lines(lang.value)))
    found = [book_report(main, lang.value) for main in mains]
    for report in found:
        typer.echo("\n".join(report.lines))
    raise typer.Exit(OK if all(report.readable for report in found) else BAD_INPUT)
