"""The command line: one thin function a command (dòng lệnh ``cnht``).

Only typer and ``reports.command_line`` are imported here; each command imports what it needs, so
that an unchanged book is answered without waking pandas or Beancount.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # typer reads the annotations
import gc
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.command_line.asked import (
    asked_amount,
    asked_codes,
    asked_day,
    asked_period,
    nearest,
    require_known,
    require_name,
    require_workbook,
    required_file,
)
from reports.command_line.failing import (
    BAD_INPUT,
    INTERRUPTED,
    STOPPED,
    asked_language,
    tell_failure,
)
from reports.command_line.giving import Manner, give, require_fitting
from reports.command_line.helping import Command, Group
from reports.command_line.options import (
    AccountRole,
    AllowPlugins,
    AmountUnit,
    AnalysisFormat,
    AsOf,
    Books,
    CheckFormat,
    Color,
    ColorOption,
    FailOn,
    Format,
    FormatOption,
    Kind,
    Lang,
    LangOption,
    NoCache,
    OneBook,
    Output,
    Quiet,
)
from reports.command_line.set_writing import (
    loaded_for_forms,
    require_one_set,
    set_request,
    write_set,
)
from reports.command_line.telling import (
    print_rich,
    say,
    say_left_out,
    say_unexplained,
    say_written,
    store_unless,
    told_progress,
    write_text,
)

if TYPE_CHECKING:
    from ledger.problems import BadInputError
    from rules.law import Law

OK, NO = 0, 1


app = typer.Typer(
    cls=Group,
    help="Sổ ngân sách và kiểm tra tuân thủ chi tiêu chương trình công nghiệp hỗ trợ.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
norms_app = typer.Typer(
    cls=Group, help="Định mức: con số của luật, ngày hiệu lực, nguồn.", no_args_is_help=True
)
app.add_typer(norms_app, name="norms")
accounts_app = typer.Typer(
    cls=Group, help="Tài khoản của những người mở sổ từ máy khác.", no_args_is_help=True
)
app.add_typer(accounts_app, name="accounts")
codes_app = typer.Typer(
    cls=Group, help="Mục lục ngân sách: mã đã đọc được, danh mục của đơn vị.", no_args_is_help=True
)
app.add_typer(codes_app, name="codes")


def _show_version(asked: bool) -> None:  # noqa: FBT001  # typer's callback
    if asked:
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"cnht-ledger {version('cnht-ledger')}")
        raise typer.Exit


@app.callback()
def _common(
    ctx: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001  # its callback answers
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="In phiên bản."),
    ] = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Sổ ngân sách và kiểm tra tuân thủ chi tiêu chương trình công nghiệp hỗ trợ."""
    said = {"lang": lang.value}
    commands = getattr(ctx.command, "commands", {})
    ctx.default_map = {
        name: {**said, **dict.fromkeys(getattr(commands[name], "commands", ()), said)}
        for name in commands
    }


@app.command(cls=Command)
def check(  # noqa: PLR0913  # each is an option of the command
    books: Books,
    *,
    select: Annotated[str, typer.Option(help="Chỉ các quy tắc này: BUD,NRM201.")] = "",
    ignore: Annotated[str, typer.Option(help="Bỏ qua các quy tắc này.")] = "",
    kind: Annotated[
        Kind | None,
        typer.Option("--kind", help="Chỉ phát hiện sai (fail) hoặc cần giải trình (review)."),
    ] = None,
    as_of: AsOf = None,
    format_: Annotated[
        CheckFormat, typer.Option("--format", help="Cách trình bày.")
    ] = CheckFormat.TABLE,
    show_all: Annotated[
        bool, typer.Option("--all", help="In mọi phát hiện, mỗi dòng một.")
    ] = False,
    include_passes: Annotated[
        bool,
        typer.Option("--include-passes", help="SARIF: nêu cả điều đạt, chưa kiểm được."),
    ] = False,
    waivers: Annotated[
        list[Path] | None,
        typer.Option("--waivers", help="Tệp chấp nhận phát hiện của kiểm toán viên."),
    ] = None,
    no_book_waivers: Annotated[
        bool, typer.Option("--no-book-waivers", help="Không dùng chấp nhận ghi trong sổ.")
    ] = False,
    no_book_norms: Annotated[
        bool, typer.Option("--no-book-norms", help="Không dùng tệp định mức cạnh sổ.")
    ] = False,
    norms: Annotated[
        list[Path] | None,
        typer.Option("--norms", help="Tệp hoặc thư mục định mức kiểm toán viên đã đọc."),
    ] = None,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal", help="XLSX, HTML: nêu cả chấp nhận của kiểm toán viên (bản nội bộ)."
        ),
    ] = False,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", help="Kết quả JSON lần trước: chỉ nêu điều mới."),
    ] = None,
    fail_on: Annotated[FailOn, typer.Option(help="Từ mức nào thì mã thoát là 1.")] = FailOn.ERROR,
    output: Output = None,
    no_cache: NoCache = False,
    allow_plugins: AllowPlugins = False,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Kiểm tra sổ theo luật và định mức; mã thoát 1 nếu có lỗi."""
    from ledger.location import find_book  # noqa: PLC0415
    from rules.checking import Switches, check_books  # noqa: PLC0415
    from rules.severity import FindingKind, Severity  # noqa: PLC0415

    manner = Manner(format_, lang, color, show_all, include_passes, internal)
    require_fitting(manner, output)
    outcome = check_books(
        [find_book(book) for book in books],
        asked_day(as_of),
        store=store_unless(no_cache=no_cache),
        allow_plugins=allow_plugins,
        switches=Switches(
            not no_book_waivers, not no_book_norms, tuple(waivers or ()), tuple(norms or ())
        ),
    )
    require_known(
        [*asked_codes(select), *asked_codes(ignore)], [tally.code for tally in outcome.tallies]
    )
    if baseline is not None:
        from reports.findings_json import read_baseline  # noqa: PLC0415
        from rules.baseline import compare  # noqa: PLC0415

        outcome = compare(outcome, read_baseline(baseline))
    wanted = FindingKind(kind.value) if kind else None
    outcome = outcome.only(asked_codes(select), asked_codes(ignore), wanted)
    give(outcome, output, manner)
    least = Severity[fail_on.name]
    raise typer.Exit(NO if any(f.severity >= least for f in outcome.findings) else OK)


@app.command(cls=Command)
def ask(  # noqa: PLR0913  # each is an option of the command
    book: OneBook,
    *,
    task: Annotated[str, typer.Option("--task", help="Nhiệm vụ, ví dụ NV02.")],
    amount: Annotated[str, typer.Option("--amount", help="Số tiền, đồng: 1500000, 1.500.000.")],
    on: Annotated[
        dt.datetime | None,
        typer.Option(
            "--on", formats=["%Y-%m-%d"], metavar="<YYYY-MM-DD>", help="Ngày chi; mặc định hôm nay."
        ),
    ] = None,
    activity: Annotated[str, typer.Option(help="Nội dung chi, ví dụ domestic-fair.")] = "",
    event: Annotated[str, typer.Option(help="Sự kiện.")] = "",
    support: Annotated[str, typer.Option(help="Khoản hỗ trợ.")] = "",
    contract: Annotated[str, typer.Option(help="Số hợp đồng.")] = "",
    vendor: Annotated[str, typer.Option(help="Mã số thuế nhà cung cấp.")] = "",
    fund: Annotated[str, typer.Option(help="Nguồn, ví dụ NSTP.")] = "",
    sub_item: Annotated[str, typer.Option(help="Tiểu mục, ví dụ 6655.")] = "",
    budget_year: Annotated[
        int | None, typer.Option(help="Niên độ; mặc định là năm của ngày chi.")
    ] = None,
    advance: Annotated[
        bool, typer.Option("--advance", help="Tạm ứng, không phải thực chi.")
    ] = False,
    as_of: AsOf = None,
    format_: FormatOption = Format.TABLE,
    fail_on: Annotated[FailOn, typer.Option(help="Từ mức nào thì mã thoát là 1.")] = FailOn.ERROR,
    output: Output = None,
    no_cache: NoCache = False,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Hỏi trước khi chi: còn bao nhiêu, định mức nào ràng buộc, chi được nhiều nhất bao nhiêu."""
    from ledger.location import find_book  # noqa: PLC0415
    from ledger.payment import PaymentKind, Wanted, complete  # noqa: PLC0415
    from reports.answer_table import answer_json, print_answer  # noqa: PLC0415
    from rules.ask import ask as ask_rules  # noqa: PLC0415
    from rules.checking import load_books  # noqa: PLC0415
    from rules.severity import Severity  # noqa: PLC0415

    loaded = load_books([find_book(book)], store_unless(no_cache=no_cache))
    say_left_out(loaded.left_out, lang)
    wanted = Wanted(
        task=task,
        amount=asked_amount(amount),
        on=asked_day(on),
        kind=PaymentKind.ADVANCE if advance else PaymentKind.PAYMENT,
        fund=fund,
        sub_item=sub_item,
        activity=activity,
        event=event,
        support=support,
        contract=contract,
        vendor=vendor,
        budget_year=budget_year,
    )
    payment = complete(loaded.facts, wanted)
    answer = ask_rules(loaded.facts, loaded.law, max(asked_day(as_of), wanted.on), payment)
    if format_ is Format.JSON:
        write_text(answer_json(answer, lang.value) + "\n", output)
    else:
        print_rich(lambda console: print_answer(answer, console, lang.value), output, color)
    least = Severity[fail_on.name]
    raise typer.Exit(NO if answer.severity is not None and answer.severity >= least else OK)


@app.command(cls=Command)
def explain(
    code: Annotated[
        str, typer.Argument(metavar="MÃ", help="Mã quy tắc, ví dụ NRM201; NRM: cả nhóm.")
    ],
    *,
    lang: LangOption = Lang.VI,
) -> None:
    """In trang của một quy tắc: kiểm tra gì, vì sao, ví dụ, cách sửa, căn cứ."""
    from reports.rule_page import family_page, rule_page, unquoted  # noqa: PLC0415
    from rules.rule import catalogue  # noqa: PLC0415

    rules = {rule.code: rule for rule in catalogue()}
    asked = code.strip().upper()
    family = [rule for name, rule in rules.items() if asked and name.startswith(asked)]
    if asked in rules:
        typer.echo(unquoted(rule_page(rules[asked], _whole_law(), lang.value), lang.value))
    elif family:
        typer.echo(family_page(family, lang.value))
    else:
        raise _no_rule(code, list(rules))


def _no_rule(code: str, known: list[str]) -> BadInputError:
    """A code that no rule has, with the codes nearest to it."""
    from ledger.problems import refusal  # noqa: PLC0415
    from ledger.text import Text  # noqa: PLC0415

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


@norms_app.command("list", cls=Command)
def norms_list(  # noqa: PLR0913  # each is an option of the command
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
    from reports.norms_table import norms_json, print_norms  # noqa: PLC0415

    law, day = _whole_law(), asked_day(on)
    if format_ is Format.JSON:
        write_text(norms_json(law, day, lang.value) + "\n", output)
    else:
        print_rich(
            lambda console: print_norms(law, day, console, lang.value, every=all_), output, color
        )


@norms_app.command("show", cls=Command)
def norms_show(
    norm: Annotated[str, typer.Argument(metavar="MÃ", help="Mã định mức: cnht norms list.")],
    *,
    lang: LangOption = Lang.VI,
) -> None:
    """In một định mức: các giá trị theo ngày, điều, mức xác minh, nơi đọc."""
    from ledger.problems import refusal  # noqa: PLC0415
    from ledger.text import Text  # noqa: PLC0415
    from reports.norms_table import norm_page  # noqa: PLC0415

    law = _whole_law()
    if norm not in law.norms:
        near = nearest(norm, law.norms)
        text = Text(f"không có định mức «{norm}»", f"there is no norm “{norm}”")
        remedy = Text(
            f"{near.vi}xem mã ở cnht norms list", f"{near.en}see the ids in cnht norms list"
        )
        raise refusal(text, remedy)
    typer.echo(norm_page(norm, law, lang.value))


@app.command("import", cls=Command)
def import_files(  # noqa: PLR0913  # each is an option of the command
    book: OneBook,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="TỆP", help="Tệp sao kê, hóa đơn (cả thư mục, ZIP), quyết định, nhật ký."
        ),
    ],
    *,
    account: Annotated[
        str, typer.Option(help="Tài khoản tiền gửi của sổ, nếu sao kê không in số.")
    ] = "",
    closing: Annotated[
        str, typer.Option(help="Số dư cuối kỳ theo giấy xác nhận, nếu sao kê không in.")
    ] = "",
    teach: Annotated[
        bool, typer.Option("--teach", help="Chỉ cột nào là gì cho tệp chưa biết, một lần.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Ghi vào sổ; không có thì chỉ xem.")
    ] = False,
    show_all: Annotated[
        bool, typer.Option("--all", help="In mọi dòng của bảng xem trước.")
    ] = False,
    allow_plugins: AllowPlugins = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Nhập sao kê, hóa đơn, quyết định giao dự toán, nhật ký vào sổ; xem trước rồi mới ghi."""
    from importers.importing import plan_import  # noqa: PLC0415
    from ledger.location import find_book  # noqa: PLC0415
    from reports.import_table import print_import  # noqa: PLC0415

    main_file = find_book(book)
    if teach:
        from importers.teaching import teach_files  # noqa: PLC0415

        teach_files(main_file, files, lang.value)
    plan = plan_import(
        main_file,
        files,
        account=account,
        closing=asked_amount(closing, 0) if closing else None,
        allow_plugins=allow_plugins,
        progress=None if quiet else told_progress(lang),
    )
    say_left_out(plan.left_out, lang)
    print_rich(
        lambda console: print_import(plan, console, lang.value, show_all=show_all), None, color
    )
    if not write:
        say("Chưa ghi gì; thêm --write để ghi.", "Nothing written; add --write.", lang, quiet=quiet)
        return
    plan.write()
    if plan.changes:
        kept = [plan.book.parent / copy.target for copy in plan.copies]
        say_written([*(change.path for change in plan.changes), *kept], lang, quiet=quiet)
    else:
        say("Không có gì mới để ghi.", "Nothing new to write.", lang, quiet=quiet)


@norms_app.command("diff", cls=Command)
def norms_diff(  # noqa: PLR0913  # each is an option of the command
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
    from reports.norms_diff import diff_json, print_diff  # noqa: PLC0415

    law, days = _whole_law(), (first.date(), second.date())
    if format_ is Format.JSON:
        write_text(diff_json(law, *days, lang.value) + "\n", output)
    else:
        print_rich(lambda console: print_diff(law, *days, console, lang.value), output, color)


@norms_app.command("worksheet", cls=Command)
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
    from reports.norms_worksheet import write_worksheet  # noqa: PLC0415
    from rules.own_files import refuse_existing  # noqa: PLC0415

    if not force:
        refuse_existing([output])
    write_worksheet(_whole_law(), output, packs=pack or ())
    say_written([output], lang, quiet=quiet)


@norms_app.command("load", cls=Command)
def norms_load(  # noqa: PLR0913  # each is an option of the command
    sheet: Annotated[
        Path, typer.Argument(metavar="BẢNG", help="Bảng định mức đã điền, tệp .xlsx.")
    ],
    book: Annotated[
        Path | None, typer.Argument(metavar="SO", help="Sổ của đơn vị: ghi vào norms/ cạnh sổ.")
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
    from importers.filled_sheets import read_labels, read_table  # noqa: PLC0415
    from reports.command_line.norms_place import norms_place, say_warnings  # noqa: PLC0415
    from rules.confirming import HEADINGS, HINT, LABELS, confirmed_files  # noqa: PLC0415
    from rules.own_files import write_own_norms  # noqa: PLC0415

    place = norms_place(book, output)
    rows, labels = read_table(sheet, HEADINGS, HINT), read_labels(sheet, LABELS)
    files = confirmed_files(rows, labels, _whole_law(), asked_day(None))
    written = write_own_norms(place.folder, files, overwrite=force, there=place.there)
    say_warnings(files, lang)
    say_written(written, lang, quiet=quiet)


@codes_app.command("list", cls=Command)
def codes_list(  # noqa: PLR0913  # each is an option of the command
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
    from ledger.location import find_book  # noqa: PLC0415
    from reports.codes_table import codes_json, print_codes  # noqa: PLC0415
    from rules.budget_codes import load_codes  # noqa: PLC0415
    from rules.own_files import own_code_files  # noqa: PLC0415

    codes = load_codes(own_code_files(find_book(book)) if book else ())
    shown = year or asked_day(None).year
    if format_ is Format.JSON:
        write_text(codes_json(codes, shown) + "\n", output)
    else:
        print_rich(lambda console: print_codes(codes, shown, console, lang.value), output, color)


@codes_app.command("load", cls=Command)
def codes_load(  # noqa: PLR0913  # each is an option of the command
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
    from importers.filled_sheets import read_table  # noqa: PLC0415
    from ledger.location import find_book  # noqa: PLC0415
    from rules.budget_codes import own_list  # noqa: PLC0415
    from rules.loading_codes import HEADINGS, HINT, read_codes  # noqa: PLC0415
    from rules.own_files import write_own_codes  # noqa: PLC0415

    main_file = find_book(book)
    require_name(by, "--by")
    codes = read_codes(read_table(sheet, HEADINGS, HINT))
    content = own_list(sheet.name, codes, by.strip(), asked_day(None).isoformat())
    say_written(write_own_codes(main_file, content, overwrite=force), lang, quiet=quiet)


@app.command(cls=Command)
def settle(  # noqa: PLR0913  # each is an option of the command
    books: Books,
    *,
    year: Annotated[int, typer.Option("--year", help="Niên độ quyết toán.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Thư mục ghi bộ biểu.")],
    form: Annotated[
        list[str] | None, typer.Option("--form", help="Chỉ mẫu biểu này: B01/BCQT; nêu nhiều lần.")
    ] = None,
    unit: Annotated[AmountUnit, typer.Option("--unit", help="Đơn vị tính.")] = AmountUnit.DONG,
    consolidate: Annotated[
        bool, typer.Option("--consolidate", help="Tổng hợp nhiều sổ, mỗi sổ một đơn vị.")
    ] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Lập bản nháp khi chưa đủ điều kiện ký.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Ghi vào thư mục không trống.")] = False,
    pdf: Annotated[bool, typer.Option(help="In PDF bằng LibreOffice, nếu có.")] = True,
    as_of: AsOf = None,
    no_cache: NoCache = False,
    allow_plugins: AllowPlugins = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Lập bộ quyết toán một niên độ; mã thoát 1 nếu chưa đủ điều kiện ký."""
    from reports.settlement.years import year_period  # noqa: PLC0415

    require_one_set(books, consolidate=consolidate)
    loaded = loaded_for_forms(books, lang, no_cache=no_cache, allow_plugins=allow_plugins)
    request = set_request(output, form, unit, lang, draft=draft, force=force, pdf=pdf)
    write_set(loaded, year_period(loaded.law, year), as_of, request, lang, quiet=quiet)


@app.command(cls=Command)
def report(  # noqa: PLR0913  # each is an option of the command
    book: OneBook,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Thư mục ghi bộ biểu.")],
    quarter: Annotated[
        str, typer.Option("--quarter", metavar="<2021Q2>", help="Quý báo cáo.")
    ] = "",
    to: Annotated[
        dt.datetime | None,
        typer.Option(
            "--to", formats=["%Y-%m-%d"], metavar="<YYYY-MM-DD>", help="Từ đầu năm đến ngày này."
        ),
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option("--form", help="Chỉ mẫu biểu này: CT01; nêu nhiều lần.")
    ] = None,
    unit: Annotated[AmountUnit, typer.Option("--unit", help="Đơn vị tính.")] = AmountUnit.DONG,
    force: Annotated[bool, typer.Option("--force", help="Ghi vào thư mục không trống.")] = False,
    pdf: Annotated[bool, typer.Option(help="In PDF bằng LibreOffice, nếu có.")] = True,
    no_cache: NoCache = False,
    allow_plugins: AllowPlugins = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Lập báo cáo tình hình thực hiện một quý, hoặc đến một ngày, kèm nội dung để chép."""
    from reports.settlement.periods import reported_period  # noqa: PLC0415

    loaded = loaded_for_forms([book], lang, no_cache=no_cache, allow_plugins=allow_plugins)
    period = reported_period(loaded.law, quarter, to.date() if to else None)
    request = set_request(output, form, unit, lang, draft=False, force=force, pdf=pdf)
    write_set(loaded, period, None, request, lang, quiet=quiet)


@app.command(cls=Command)
def reconcile(  # noqa: PLR0913  # each is an option of the command
    book: OneBook,
    statement: Annotated[
        Path, typer.Argument(metavar="SAO_KÊ", help="Sao kê, hoặc bảng 01a, 02a, 06 của Kho bạc.")
    ],
    *,
    month: Annotated[str, typer.Option(metavar="<YYYY-MM>", help="Tháng đối chiếu.")] = "",
    quarter: Annotated[str, typer.Option(metavar="<YYYYQn>", help="Quý đối chiếu.")] = "",
    year: Annotated[str, typer.Option(metavar="<YYYY>", help="Năm đối chiếu.")] = "",
    account: Annotated[
        str, typer.Option(help="Tài khoản của sổ, nếu sao kê không in số; DuToan: rút dự toán.")
    ] = "",
    closing: Annotated[
        str, typer.Option(help="Số dư cuối kỳ theo giấy xác nhận, nếu sao kê không in.")
    ] = "",
    write: Annotated[bool, typer.Option("--write", help="Ghi kết quả vào sổ.")] = False,
    reason: Annotated[str, typer.Option(help="Vì sao còn lệch, ghi cùng kết quả.")] = "",
    on: Annotated[
        dt.datetime | None,
        typer.Option(
            "--on",
            formats=["%Y-%m-%d"],
            metavar="<YYYY-MM-DD>",
            help="Ngày đối chiếu; mặc định hôm nay.",
        ),
    ] = None,
    format_: FormatOption = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Ghi bảng tính .xlsx đầy đủ vào tệp này.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")] = False,
    no_cache: NoCache = False,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Đối chiếu sổ với sao kê của Kho bạc, ngân hàng; mã thoát 1 nếu chưa khớp."""
    from importers.reconcile import (  # noqa: PLC0415
        read_for,
        require_over,
        require_whole,
        with_closing,
    )
    from importers.reconcile import reconcile as set_beside  # noqa: PLC0415
    from importers.record import to_record  # noqa: PLC0415
    from ledger.location import find_book  # noqa: PLC0415
    from ledger.writing import changes_for, write_changes  # noqa: PLC0415
    from reports.reconciliation import outcome_json, print_outcome, write_workbook  # noqa: PLC0415
    from rules.budget_years import closing_of  # noqa: PLC0415
    from rules.checking import load_books  # noqa: PLC0415

    main_file = find_book(book)
    period, day = asked_period(month, quarter, year), asked_day(on)
    if output is not None:
        require_workbook(output, force=force)
    if write:
        require_over(period, day)
    statements = read_for(statement, main_file)
    if closing:
        statements = tuple(with_closing(one, asked_amount(closing, 0)) for one in statements)
    if write:
        require_whole(statements)
    loaded = load_books([main_file], store_unless(no_cache=no_cache))
    say_left_out(loaded.left_out, lang)
    facts, closing_day = loaded.facts, closing_of(loaded.law, period.year)
    found = [
        set_beside(facts, one, period, account, closing=closing_day, on=day) for one in statements
    ]
    for result in found:
        if format_ is Format.JSON:
            write_text(outcome_json(result, lang.value) + "\n", None)
        else:
            print_rich(partial(print_outcome, result, language=lang.value), None, color)
    if output is not None:
        write_workbook(facts, found, output, lang.value)
        say_written([output], lang, quiet=format_ is Format.JSON)
    if write:
        files = facts["files"]["file"].astype("str").tolist()
        recording = to_record(facts, found, day, reason)
        changes = changes_for(main_file, files, recording.entries)
        write_changes(changes)
        for told in recording.told:
            say(told.vi, told.en, lang, quiet=format_ is Format.JSON)
        if changes:
            say_written([change.path for change in changes], lang, quiet=format_ is Format.JSON)
    agreed = all(one.agrees for one in found)
    say_unexplained(lang, quiet=agreed or bool(reason) or format_ is Format.JSON)
    raise typer.Exit(OK if agreed else NO)


@app.command(cls=Command)
def analyse(  # noqa: PLR0913  # each is an option of the command
    book: OneBook,
    *,
    year: Annotated[
        int | None, typer.Option("--year", help="Niên độ; mặc định mọi niên độ.")
    ] = None,
    confidence: Annotated[
        int, typer.Option(min=50, max=99, help="Độ tin cậy của mẫu, phần trăm.")
    ] = 95,
    tolerable: Annotated[
        int, typer.Option(min=1, max=50, help="Sai sót chấp nhận được, phần trăm tổng chi.")
    ] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Số khởi đầu; cùng số thì cùng mẫu.")] = 1,
    format_: Annotated[
        AnalysisFormat, typer.Option("--format", help="Cách trình bày.")
    ] = AnalysisFormat.TABLE,
    output: Output = None,
    no_cache: NoCache = False,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Phân tích số liệu chi để biết xem chỗ nào trước: chọn mẫu, dồn cuối năm, số chẵn, chữ số."""
    from fractions import Fraction  # noqa: PLC0415

    from ledger.location import find_book  # noqa: PLC0415
    from reports.analysis.analysis import analyse as look_over  # noqa: PLC0415
    from reports.analysis.outputs import (  # noqa: PLC0415
        analysis_html,
        print_analysis,
        write_workbook,
    )
    from reports.analysis.sampling import Plan  # noqa: PLC0415
    from rules.checking import load_books  # noqa: PLC0415

    loaded = load_books([find_book(book)], store_unless(no_cache=no_cache))
    say_left_out(loaded.left_out, lang)
    plan = Plan(Fraction(confidence, 100), Fraction(tolerable, 100), seed)
    found = look_over(loaded.facts, year, plan)
    if format_ is AnalysisFormat.TABLE:
        print_rich(lambda console: print_analysis(found, console, lang.value), output, color)
    elif format_ is AnalysisFormat.HTML:
        write_text(analysis_html(found, lang.value), output)
    else:
        path = required_file(output)
        write_workbook(found, path, lang.value)
        say_written([path], lang, quiet=False)


@app.command(cls=Command)
def init(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Thư mục mới cho sổ.")],
    *,
    year: Annotated[int | None, typer.Option("--year", help="Niên độ; mặc định năm nay.")] = None,
    unit: Annotated[str, typer.Option("--unit", help="Tên đơn vị.")] = "Sở Công Thương",
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Lập một sổ mới cho đơn vị và niên độ khác, có chú thích chỗ cần điền."""
    from ledger.starting import start_book  # noqa: PLC0415

    written = start_book(folder, year=year or asked_day(None).year, unit=unit)
    say_written(written, lang, quiet=quiet)


@app.command(cls=Command)
def doctor(
    books: Annotated[
        list[Path] | None, typer.Argument(metavar="SỔ", help="Sổ muốn xem, nếu có.")
    ] = None,
    *,
    lang: LangOption = Lang.VI,
) -> None:
    """Cho biết đã cài gì, dùng thư mục nào, và phần nào của sổ không được dùng."""
    from ledger.location import find_book  # noqa: PLC0415
    from reports.doctor import book_report, system_lines  # noqa: PLC0415

    mains = [find_book(book) for book in books or ()]
    typer.echo("\n".join(system_lines(lang.value)))
    found = [book_report(main, lang.value) for main in mains]
    for report in found:
        typer.echo("\n".join(report.lines))
    raise typer.Exit(OK if all(report.readable for report in found) else BAD_INPUT)


@app.command(cls=Command)
def browse(  # noqa: PLR0913  # each is an option of the command
    book: OneBook,
    *,
    host: Annotated[str, typer.Option("--host", help="Địa chỉ; mặc định chỉ máy này.")] = (
        "localhost"
    ),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Cổng.")] = 5000,
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", help="Tên miền khác được dùng để mở sổ.")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", help="Chứng thư TLS, tệp PEM.")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", help="Khóa của chứng thư, tệp PEM.")
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Đứng sau một proxy có TLS trên máy này.")
    ] = False,
    allow_plugins: AllowPlugins = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Mở sổ trong trình duyệt: Fava bằng tiếng Việt, kèm các trang của chương trình."""
    from ledger.location import find_book  # noqa: PLC0415
    from reports.pages.server.serving import Place, serve  # noqa: PLC0415

    names = tuple(allow_host or ())
    place = Place(host, port, names, tls_cert, tls_key, behind_proxy)
    if place.warning is not None:
        typer.echo(place.warning.to(lang.value), err=True)

    def ready(url: str) -> None:
        if not quiet:
            vietnamese = f"Mở {url} trong trình duyệt. Dừng: Ctrl+C."
            english = f"Open {url} in a browser. Stop: Ctrl+C."
            typer.echo(vietnamese if lang is Lang.VI else english)

    main = find_book(book)
    serve(main, place, language=lang.value, allow_plugins=allow_plugins, ready=ready)


@accounts_app.command("add", cls=Command)
def accounts_add(  # noqa: PLR0913  # each is an option of the command
    book: OneBook,
    name: Annotated[str, typer.Argument(metavar="TÊN", help="Tên tài khoản.")],
    *,
    role: Annotated[
        AccountRole,
        typer.Option("--role", help="auditor chỉ xem; officer xem và sửa; admin xem cả nhật ký."),
    ],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ đầu vào chuẩn.")
    ] = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Thêm tài khoản, hoặc đổi quyền và mật khẩu của tài khoản đã có."""
    from ledger.location import find_book  # noqa: PLC0415
    from reports.pages.server.accounts import Accounts, Role  # noqa: PLC0415

    accounts = Accounts(find_book(book))
    vi = lang is Lang.VI
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt(
            "Mật khẩu" if vi else "Password",
            hide_input=True,
            confirmation_prompt="Nhập lại" if vi else "Again",
        )
    accounts.add(name, Role(role.value), password)
    say_written([accounts.path], lang, quiet=quiet)


@accounts_app.command("list", cls=Command)
def accounts_list(book: OneBook, *, lang: LangOption = Lang.VI) -> None:
    """Liệt kê tài khoản và quyền."""
    from ledger.location import find_book  # noqa: PLC0415
    from reports.pages.server.accounts import Accounts  # noqa: PLC0415

    for account in Accounts(find_book(book)).all().values():
        typer.echo(f"{account.name}\t{account.role}\t{account.role.label.to(lang.value)}")


@accounts_app.command("remove", cls=Command)
def accounts_remove(
    book: OneBook,
    name: Annotated[str, typer.Argument(metavar="TÊN", help="Tên tài khoản.")],
    *,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Bỏ một tài khoản; người đang dùng nó bị thoát ra ngay."""
    from ledger.location import find_book  # noqa: PLC0415
    from reports.pages.server.accounts import Accounts  # noqa: PLC0415

    accounts = Accounts(find_book(book))
    accounts.remove(name)
    say_written([accounts.path], lang, quiet=quiet)


def _whole_law() -> Law:
    """Every pack that ships."""
    from rules.law import load_law, shipped_packs  # noqa: PLC0415

    return load_law(shipped_packs())


def main() -> None:
    """Run the command line; every failure ends in a message and an exit code of the design."""
    # One short run over one large set of facts: nothing is worth collecting before it ends.
    gc.disable()
    # A stream that the caller closed is none; what is said to it is lost, the answer is not.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # to the end of the run
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # as above
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        code = app(prog_name="cnht", standalone_mode=False)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(OK)
    except SystemExit as error:
        # Typer and Rich end so where the reader of a pipe has gone; nobody else may.
        gone = isinstance(error.__context__, BrokenPipeError)
        sys.exit(OK if gone else tell_failure(error))
    except Exception as error:  # noqa: BLE001  # the last line of defence
        sys.exit(tell_failure(error))
    if code == INTERRUPTED:
        typer.echo(STOPPED.to(asked_language(sys.argv).value), err=True)
    sys.exit(code if isinstance(code, int) else OK)


if __name__ == "__main__":
    main()
