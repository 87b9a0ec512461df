"""The law's numbers and the rules made of them (định mức, quy tắc)."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from reports.command_line.asked import asked_day, unknown_norm, unknown_rule
from reports.command_line.loading import whole_law
from reports.command_line.options import (
    Color,
    ColorOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    Output,
    Overwrite,
    Quiet,
    day_option,
)
from reports.command_line.telling import print_rich, say_written, write_text


def explain(
    code: Annotated[
        str, typer.Argument(metavar="MÃ", help="Mã quy tắc, ví dụ NRM201; NRM: cả nhóm.")
    ],
    *,
    lang: LangOption = Lang.VI,
) -> None:
    """In trang của một quy tắc: kiểm tra gì, vì sao, ví dụ, cách sửa, căn cứ."""
    from reports.rule_page import family_page, rule_page, unquoted
    from rules.rule import catalogue

    rules = {rule.code: rule for rule in catalogue()}
    asked = code.strip().upper()
    family = [rule for name, rule in rules.items() if asked and name.startswith(asked)]
    if asked in rules:
        typer.echo(unquoted(rule_page(rules[asked], whole_law(), lang.value), lang.value))
    elif family:
        typer.echo(family_page(family, lang.value))
    else:
        raise unknown_rule(code, list(rules))


def norms_list(
    *,
    on: Annotated[dt.datetime | None, day_option("--on", help="Ngày; mặc định hôm nay.")] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Cả quy định không có con số, định mức chưa biết số.")
    ] = False,
    format_: FormatOption = Format.TABLE,
    output: Output = None,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Liệt kê định mức có hiệu lực vào một ngày, nguồn và mức xác minh."""
    from reports.norms_table import norms_json, print_norms

    law, day = whole_law(), asked_day(on)
    if format_ is Format.JSON:
        write_text(norms_json(law, day, lang.value) + "\n", output)
    else:
        print_rich(
            lambda console: print_norms(law, day, console, lang.value, every=all_), output, color
        )


def norms_show(
    norm: Annotated[str, typer.Argument(metavar="MÃ", help="Mã định mức: cnht norms list.")],
    *,
    lang: LangOption = Lang.VI,
) -> None:
    """In một định mức: các giá trị theo ngày, điều, mức xác minh, nơi đọc."""
    from reports.norms_table import norm_page

    law = whole_law()
    if norm not in law.norms:
        raise unknown_norm(norm, law.norms)
    typer.echo(norm_page(norm, law, lang.value))


def norms_diff(
    first: Annotated[
        dt.datetime,
        typer.Argument(formats=["%Y-%m-%d"], metavar="NGÀY_TRƯỚC", help="Viết YYYY-MM-DD."),
    ],
    second: Annotated[
        dt.datetime,
        typer.Argument(formats=["%Y-%m-%d"], metavar="NGÀY_SAU", help="Viết YYYY-MM-DD."),
    ],
    *,
    format_: FormatOption = Format.TABLE,
    output: Output = None,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Cho biết định mức nào khác nhau giữa hai ngày."""
    from reports.norms_diff import diff_json, print_diff

    law, days = whole_law(), (first.date(), second.date())
    if format_ is Format.JSON:
        write_text(diff_json(law, *days, lang.value) + "\n", output)
    else:
        print_rich(lambda console: print_diff(law, *days, console, lang.value), output, color)


def norms_worksheet(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Ghi bảng vào tệp .xlsx này.")],
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help="Chỉ bộ định mức này; mặc định mọi bộ.")
    ] = None,
    force: Overwrite = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Ghi bảng các định mức chưa đọc được nguyên văn, để đơn vị điền."""
    from reports.norms_worksheet import write_worksheet
    from rules.own_files import refuse_existing

    if not force:
        refuse_existing([output])
    write_worksheet(whole_law(), output, packs=pack or ())
    say_written([output], lang, quiet=quiet)


def norms_load(
    sheet: Annotated[
        Path, typer.Argument(metavar="BẢNG", help="Bảng định mức đã điền, tệp .xlsx.")
    ],
    book: Annotated[
        Path | None, typer.Argument(metavar="SỔ", help="Sổ của đơn vị: ghi vào norms/ cạnh sổ.")
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Thư mục của kiểm toán viên, thay vì cạnh sổ."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Thay tệp định mức đã có.")] = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Kiểm tra bảng đã điền rồi ghi định mức cạnh sổ, hoặc vào thư mục của kiểm toán viên."""
    from importers.tables.filled_sheets import read_labels, read_table
    from reports.command_line.norms_place import norms_place, say_warnings
    from rules.confirming import HEADINGS, HINT, LABELS, confirmed_files
    from rules.own_files import write_own_norms

    place = norms_place(book, output)
    rows, labels = read_table(sheet, HEADINGS, HINT), read_labels(sheet, LABELS)
    files = confirmed_files(rows, labels, whole_law(), asked_day(None))
    written = write_own_norms(place.folder, files, overwrite=force, there=place.there)
    say_warnings(files, lang)
    say_written(written, lang, quiet=quiet)
