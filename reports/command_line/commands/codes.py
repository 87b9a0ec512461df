"""The codes of the state budget index (mục lục ngân sách)."""

from pathlib import Path
from typing import Annotated

import typer

from reports.command_line.asked import asked_day, require_name
from reports.command_line.options import (
    Color,
    ColorOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    OneBook,
    Output,
    Quiet,
)
from reports.command_line.telling import print_rich, say_written, write_text


def codes_list(
    book: Annotated[
        Path | None, typer.Argument(metavar="SỔ", help="Sổ, để kể cả danh mục của đơn vị.")
    ] = None,
    *,
    year: Annotated[int | None, typer.Option("--year", help="Niên độ; mặc định năm nay.")] = None,
    format_: FormatOption = Format.TABLE,
    output: Output = None,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Liệt kê mã của mục lục ngân sách trong một niên độ, mỗi mã đã xác minh đến đâu."""
    from ledger.location import find_book
    from reports.codes_table import codes_json, print_codes
    from rules.budget_codes import load_codes
    from rules.own_files import own_code_files

    codes = load_codes(own_code_files(find_book(book)) if book else ())
    shown = year or asked_day(None).year
    if format_ is Format.JSON:
        write_text(codes_json(codes, shown) + "\n", output)
    else:
        print_rich(lambda console: print_codes(codes, shown, console, lang.value), output, color)


def codes_load(
    sheet: Annotated[
        Path, typer.Argument(metavar="DANH_MỤC", help="Danh mục của đơn vị, tệp .xlsx hoặc .csv.")
    ],
    book: OneBook,
    *,
    by: Annotated[str, typer.Option("--by", help="Người chịu trách nhiệm về danh mục.")],
    force: Annotated[bool, typer.Option("--force", help="Thay danh mục đã có.")] = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Ghi danh mục mã của đơn vị cạnh sổ; từ đó mã không có trong danh mục là lỗi."""
    from importers.tables.filled_sheets import read_table
    from ledger.location import find_book
    from rules.budget_codes import own_list
    from rules.loading_codes import HEADINGS, HINT, read_codes
    from rules.own_files import write_own_codes

    main_file = find_book(book)
    require_name(by, "--by")
    codes = read_codes(read_table(sheet, HEADINGS, HINT))
    content = own_list(sheet.name, codes, by.strip(), asked_day(None).isoformat())
    say_written(write_own_codes(main_file, content, overwrite=force), lang, quiet=quiet)
