"""The law's numbers and the rules made of them (định mức, quy tắc)."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.command_line.asked import asked_day, nearest
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

if TYPE_CHECKING:
    from ledger.problems import BadInputError
    from rules.law import Law


def explain(
    code: Annotated[str, typer.Argument(help="Mã quy tắc, ví dụ NRM201; NRM: cả nhóm.")],
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
        typer.echo(unquoted(rule_page(rules[asked], _whole_law(), lang.value), lang.value))
    elif family:
        typer.echo(family_page(family, lang.value))
    else:
        raise _no_rule(code, list(rules))


def _no_rule(code: str, known: list[str]) -> "BadInputError":
    """A code that no rule has, with the codes nearest to it."""
    from ledger.problems import refusal
    from ledger.text import Text

    asked = code.strip().upper()
    family = [name for name in known if name[:3] == asked[:3]]
    near = nearest(asked, family or known, most=6)
    families = ", ".join(dict.fromkeys(name[:3] for name in known))
    text = Text(f"không có quy tắc «{code}»", f"there is no rule “{code}”")
    remedy = Text(
        f"{near.vi}liệt kê cả nhóm bằng 3 chữ đầu, ví dụ cnht explain NRM: {families}",
        f"{near.en}list a family by its first 3 letters, e.g. cnht explain NRM: {families}",
    )
    return refusal(text, remedy)


def norms_list(
    *,
    on: Annotated[
        dt.datetime | None,
        typer.Option(
            "--on", formats=["%Y-%m-%d"], metavar="<YYYY-MM-DD>", help="Ngày; mặc định hôm nay."
        ),
    ] = None,
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

    law, day = _whole_law(), asked_day(on)
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
    from ledger.problems import refusal
    from ledger.text import Text
    from reports.norms_table import norm_page

    law = _whole_law()
    if norm not in law.norms:
        near = nearest(norm, law.norms)
        text = Text(f"không có định mức «{norm}»", f"there is no norm “{norm}”")
        remedy = Text(
            f"{near.vi}xem mã ở cnht norms list", f"{near.en}see the ids in cnht norms list"
        )
        raise refusal(text, remedy)
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

    law, days = _whole_law(), (first.date(), second.date())
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
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")] = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Ghi bảng các định mức chưa đọc được nguyên văn, để đơn vị điền."""
    from reports.norms_worksheet import write_worksheet
    from rules.own_files import refuse_existing

    if not force:
        refuse_existing([output])
    write_worksheet(_whole_law(), output, packs=pack or ())
    say_written([output], lang, quiet=quiet)


def norms_load(
    sheet: Annotated[Path, typer.Argument(help="Bảng định mức đơn vị đã điền, tệp .xlsx.")],
    book: OneBook,
    *,
    force: Annotated[bool, typer.Option("--force", help="Thay tệp định mức đã có.")] = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Kiểm tra bảng đã điền rồi ghi định mức của đơn vị cạnh sổ."""
    from importers.filled_sheets import read_labels, read_table
    from ledger.location import find_book
    from rules.confirming import HEADINGS, HINT, LABELS, confirmed_files
    from rules.own_files import write_own_norms

    main_file = find_book(book)
    rows, labels = read_table(sheet, HEADINGS, HINT), read_labels(sheet, LABELS)
    files = confirmed_files(rows, labels, _whole_law(), asked_day(None))
    say_written(write_own_norms(main_file, files, overwrite=force), lang, quiet=quiet)


def _whole_law() -> "Law":
    """Every pack that ships."""
    from rules.law import load_law, shipped_packs

    return load_law(shipped_packs())
