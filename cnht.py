"""The command line: one thin function a command (dòng lệnh ``cnht``).

Only typer and ``reports.command_line`` are imported here; each command imports what it needs, so
that an unchanged book is answered without waking pandas or Beancount.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # typer reads the annotations
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from reports.command_line.asked import (
    asked_amount,
    asked_codes,
    asked_day,
    asked_period,
    require_known,
    require_workbook,
    required_file,
)
from reports.command_line.failing import BAD_INPUT, asked_language, tell_failure
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
    Lang,
    LangOption,
    NoCache,
    OneBook,
    Output,
    Quiet,
)
from reports.command_line.telling import (
    print_rich,
    say,
    say_left_out,
    say_written,
    told_progress,
    write_text,
)

if TYPE_CHECKING:
    from ledger.problems import BadInputError
    from reports.settlement.settling import Request
    from reports.settlement.source import Period
    from rules.checking import Loaded
    from rules.finding import Outcome
    from rules.law import Law

OK, NO = 0, 1


class Manner(NamedTuple):
    """How the outcome of a check is worded and shown."""

    format: CheckFormat
    lang: Lang
    color: Color
    one_line: bool
    passes: bool


class _Command(TyperCommand):
    """A command whose help has headings in the language asked for."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  # typer does not export its Context's base
        _word_help(self)
        return _usage(super().get_help(ctx))


class _Group(TyperGroup):
    """As above, for commands with commands under them."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  # as above
        _word_help(self)
        return _usage(super().get_help(ctx))


def _word_help(command: _Command | _Group) -> None:
    """Help is written in Vietnamese; whoever asks for English has it in English."""
    from reports.locale.usage import put_into_english  # noqa: PLC0415

    if asked_language(sys.argv) is Lang.EN:
        put_into_english(command)


def _usage(text: str) -> str:
    from reports.locale.usage import usage  # noqa: PLC0415

    return usage(text, asked_language(sys.argv).value)


app = typer.Typer(
    cls=_Group,
    help="Sổ ngân sách và kiểm tra tuân thủ chi tiêu chương trình công nghiệp hỗ trợ.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
norms_app = typer.Typer(
    cls=_Group, help="Định mức: con số của luật, ngày hiệu lực, nguồn.", no_args_is_help=True
)
app.add_typer(norms_app, name="norms")
accounts_app = typer.Typer(
    cls=_Group, help="Tài khoản của những người mở sổ từ máy khác.", no_args_is_help=True
)
app.add_typer(accounts_app, name="accounts")
codes_app = typer.Typer(
    cls=_Group, help="Mục lục ngân sách: mã đã đọc được, danh mục của đơn vị.", no_args_is_help=True
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


@app.command(cls=_Command)
def check(  # noqa: PLR0913  # each is an option of the command
    books: Books,
    *,
    select: Annotated[str, typer.Option(help="Chỉ các quy tắc này: BUD,NRM201.")] = "",
    ignore: Annotated[str, typer.Option(help="Bỏ qua các quy tắc này.")] = "",
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
    from rules.severity import Severity  # noqa: PLC0415

    manner = Manner(format_, lang, color, show_all, include_passes)
    _require_fitting(manner, output)
    outcome = check_books(
        [find_book(book) for book in books],
        asked_day(as_of),
        store=_store(no_cache=no_cache),
        allow_plugins=allow_plugins,
        switches=Switches(not no_book_waivers, not no_book_norms, tuple(waivers or ())),
    )
    require_known(
        [*asked_codes(select), *asked_codes(ignore)], [tally.code for tally in outcome.tallies]
    )
    if baseline is not None:
        from reports.findings_json import read_baseline  # noqa: PLC0415
        from rules.baseline import compare  # noqa: PLC0415

        outcome = compare(outcome, read_baseline(baseline))
    outcome = outcome.only(asked_codes(select), asked_codes(ignore))
    _give(outcome, output, manner)
    least = Severity[fail_on.name]
    raise typer.Exit(NO if any(f.severity >= least for f in outcome.findings) else OK)


def _require_fitting(manner: Manner, output: Path | None) -> None:
    """Refuse options that would do nothing in the format asked for."""
    from ledger.problems import refusal  # noqa: PLC0415
    from ledger.text import Text  # noqa: PLC0415

    name = manner.format.value
    if manner.format is CheckFormat.XLSX and output is None:
        text = Text("--format xlsx cần tên tệp", "--format xlsx needs the name of a file")
        raise refusal(text, Text("thêm -o TỆP.xlsx", "add -o FILE.xlsx"))
    if manner.passes and manner.format is not CheckFormat.SARIF:
        text = Text("--include-passes chỉ dùng với SARIF", "--include-passes is for SARIF only")
        raise refusal(text, Text("thêm --format sarif", "add --format sarif"))
    if manner.one_line and manner.format is not CheckFormat.TABLE:
        text = Text(f"--all không dùng với --format {name}", f"--all is not for --format {name}")
        remedy = Text("bỏ --all: định dạng này luôn đủ", "drop --all: this format is always whole")
        raise refusal(text, remedy)


def _give(outcome: Outcome, output: Path | None, manner: Manner) -> None:
    """The outcome of a check in the format asked for."""
    lang: Literal["vi", "en"] = manner.lang.value
    if manner.format is CheckFormat.JSON:
        from reports.findings_json import findings_json  # noqa: PLC0415

        write_text(findings_json(outcome, lang) + "\n", output)
    elif manner.format is CheckFormat.SARIF:
        from reports.findings_sarif import findings_sarif  # noqa: PLC0415

        write_text(findings_sarif(outcome, lang, everything=manner.passes) + "\n", output)
    elif manner.format is CheckFormat.HTML:
        from reports.findings_html import findings_html  # noqa: PLC0415

        write_text(findings_html(outcome, lang), output)
    elif manner.format is CheckFormat.XLSX and output is not None:
        from reports.findings_xlsx import write_working_paper  # noqa: PLC0415

        write_working_paper(outcome, output, lang)
    elif manner.one_line:
        from reports.findings_table import plain_lines, unheard_lines  # noqa: PLC0415

        write_text("".join(f"{line}\n" for line in plain_lines(outcome, lang)), output)
        # Not among the findings, which other programs count.
        for line in unheard_lines(outcome, lang):
            typer.echo(line, err=True)
    else:
        from reports.findings_table import print_outcome  # noqa: PLC0415

        print_rich(lambda console: print_outcome(outcome, console, lang), output, manner.color)


@app.command(cls=_Command)
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

    loaded = load_books([find_book(book)], _store(no_cache=no_cache))
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


@app.command(cls=_Command)
def explain(
    code: Annotated[str, typer.Argument(help="Mã quy tắc, ví dụ NRM201; NRM: cả nhóm.")],
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
    import difflib  # noqa: PLC0415

    from ledger.problems import refusal  # noqa: PLC0415
    from ledger.text import Text  # noqa: PLC0415

    asked = code.strip().upper()
    near = [name for name in known if name[:3] == asked[:3]]
    near = difflib.get_close_matches(asked, near or known, n=6, cutoff=0.4) or near
    families = ", ".join(dict.fromkeys(name[:3] for name in known))
    text = Text(f"không có quy tắc «{code}»", f"there is no rule “{code}”")
    vi = f"gần nhất: {', '.join(near)}; " if near else ""
    en = f"nearest: {', '.join(near)}; " if near else ""
    remedy = Text(
        f"{vi}liệt kê cả nhóm bằng 3 chữ đầu, ví dụ cnht explain NRM: {families}",
        f"{en}list a family by its first 3 letters, e.g. cnht explain NRM: {families}",
    )
    return refusal(text, remedy)


@norms_app.command("list", cls=_Command)
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


@norms_app.command("show", cls=_Command)
def norms_show(
    norm: Annotated[str, typer.Argument(metavar="MÃ", help="Mã định mức: cnht norms list.")],
    *,
    lang: LangOption = Lang.VI,
) -> None:
    """In một định mức: các giá trị theo ngày, điều, mức xác minh, nơi đọc."""
    import difflib  # noqa: PLC0415

    from ledger.problems import refusal  # noqa: PLC0415
    from ledger.text import Text  # noqa: PLC0415
    from reports.norms_table import norm_page  # noqa: PLC0415

    law = _whole_law()
    if norm not in law.norms:
        near = ", ".join(difflib.get_close_matches(norm, law.norms, n=5, cutoff=0.4))
        text = Text(f"không có định mức «{norm}»", f"there is no norm “{norm}”")
        vi, en = (f"gần nhất: {near}; ", f"nearest: {near}; ") if near else ("", "")
        remedy = Text(f"{vi}xem mã ở cnht norms list", f"{en}see the ids in cnht norms list")
        raise refusal(text, remedy)
    typer.echo(norm_page(norm, law, lang.value))


@app.command("import", cls=_Command)
def import_files(  # noqa: PLR0913  # each is an option of the command
    book: OneBook,
    files: Annotated[
        list[Path],
        typer.Argument(help="Tệp sao kê, hóa đơn (cả thư mục, ZIP), quyết định, nhật ký."),
    ],
    *,
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


@norms_app.command("diff", cls=_Command)
def norms_diff(  # noqa: PLR0913  # each is an option of the command
    first: Annotated[dt.datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="<YYYY-MM-DD>")],
    second: Annotated[dt.datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="<YYYY-MM-DD>")],
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


@norms_app.command("worksheet", cls=_Command)
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


@norms_app.command("load", cls=_Command)
def norms_load(
    sheet: Annotated[Path, typer.Argument(help="Bảng định mức đơn vị đã điền, tệp .xlsx.")],
    book: OneBook,
    *,
    force: Annotated[bool, typer.Option("--force", help="Thay tệp định mức đã có.")] = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Kiểm tra bảng đã điền rồi ghi định mức của đơn vị cạnh sổ."""
    from importers.filled_sheets import read_labels, read_table  # noqa: PLC0415
    from ledger.location import find_book  # noqa: PLC0415
    from rules.confirming import HEADINGS, LABELS, confirmed_files  # noqa: PLC0415
    from rules.own_files import write_own_norms  # noqa: PLC0415

    main_file = find_book(book)
    rows, labels = read_table(sheet, HEADINGS), read_labels(sheet, LABELS)
    files = confirmed_files(rows, labels, _whole_law())
    say_written(write_own_norms(main_file, files, overwrite=force), lang, quiet=quiet)


@codes_app.command("list", cls=_Command)
def codes_list(  # noqa: PLR0913  # each is an option of the command
    book: Annotated[Path | None, typer.Argument(help="Sổ, để kể cả danh mục của đơn vị.")] = None,
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
    from rules.checking import own_code_files  # noqa: PLC0415

    codes = load_codes(own_code_files(find_book(book)) if book else ())
    shown = year or asked_day(None).year
    if format_ is Format.JSON:
        write_text(codes_json(codes, shown) + "\n", output)
    else:
        print_rich(lambda console: print_codes(codes, shown, console, lang.value), output, color)


@codes_app.command("load", cls=_Command)
def codes_load(  # noqa: PLR0913  # each is an option of the command
    sheet: Annotated[Path, typer.Argument(help="Danh mục của đơn vị, tệp .xlsx hoặc .csv.")],
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
    from rules.loading_codes import HEADINGS, read_codes  # noqa: PLC0415
    from rules.own_files import write_own_codes  # noqa: PLC0415

    main_file = find_book(book)
    codes = read_codes(read_table(sheet, HEADINGS))
    content = own_list(sheet.name, codes, by, asked_day(None).isoformat())
    say_written(write_own_codes(main_file, content, overwrite=force), lang, quiet=quiet)


@app.command(cls=_Command)
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

    _require_one_set(books, consolidate=consolidate)
    loaded = _loaded_for_forms(books, lang, no_cache=no_cache, allow_plugins=allow_plugins)
    request = _request(output, form, unit, lang, draft=draft, force=force, pdf=pdf)
    _write_set(loaded, year_period(loaded.law, year), as_of, request, lang, quiet=quiet)


@app.command(cls=_Command)
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

    loaded = _loaded_for_forms([book], lang, no_cache=no_cache, allow_plugins=allow_plugins)
    period = reported_period(loaded.law, quarter, to.date() if to else None)
    request = _request(output, form, unit, lang, draft=False, force=force, pdf=pdf)
    _write_set(loaded, period, None, request, lang, quiet=quiet)


def _require_one_set(books: list[Path], *, consolidate: bool) -> None:
    if len(books) == 1 or consolidate:
        return
    from ledger.problems import refusal  # noqa: PLC0415
    from ledger.text import Text  # noqa: PLC0415

    text = Text("bộ quyết toán lập cho một sổ", "a set is of one book")
    remedy = Text(
        "lập riêng từng sổ, hoặc tổng hợp các đơn vị bằng --consolidate",
        "settle each book by itself, or sum up units with --consolidate",
    )
    raise refusal(text, remedy)


def _loaded_for_forms(
    books: list[Path], lang: Lang, *, no_cache: bool, allow_plugins: bool
) -> Loaded:
    """The facts and the law of books; what of them was not obeyed is told."""
    from ledger.location import find_book  # noqa: PLC0415
    from rules.checking import load_books  # noqa: PLC0415

    mains = [find_book(book) for book in books]
    loaded = load_books(mains, _store(no_cache=no_cache), allow_plugins=allow_plugins)
    say_left_out(loaded.left_out, lang)
    return loaded


def _request(  # noqa: PLR0913  # the options of two commands
    output: Path,
    form: list[str] | None,
    unit: AmountUnit,
    lang: Lang,
    *,
    draft: bool,
    force: bool,
    pdf: bool,
) -> Request:
    from reports.forms.rounding import Unit  # noqa: PLC0415
    from reports.settlement.settling import Request  # noqa: PLC0415

    if not force and sys.stdin.isatty() and output.is_dir() and any(output.iterdir()):
        asked = {"vi": f"«{output}» không trống. Ghi đè?", "en": f"“{output}” is not empty. Go on?"}
        force = typer.confirm(asked[lang.value], err=True)
    forms = tuple(one.strip() for one in form or () if one.strip())
    return Request(output, forms, Unit(unit.value), draft, force, pdf, lang.value)


def _write_set(  # noqa: PLR0913  # as above
    loaded: Loaded,
    period: Period,
    as_of: dt.datetime | None,
    request: Request,
    lang: Lang,
    *,
    quiet: bool,
) -> None:
    from reports.settlement.settling import settle as write_set  # noqa: PLC0415

    def progress(step: str) -> None:
        if not quiet and sys.stderr.isatty():
            typer.echo(f"… {step}", err=True)

    made = write_set(loaded.facts, loaded.law, period, asked_day(as_of), request, progress)
    if made.blocked:
        told = {"vi": "Chưa đủ điều kiện ký:", "en": "The set cannot be signed yet:"}
        typer.echo(told[lang.value], err=True)
        for text in made.blocked:
            typer.echo(f"  - {text.to(lang.value)}", err=True)
    if made.written:
        say_written(made.written, lang, quiet=quiet)
    else:
        told = {
            "vi": "Không ghi gì. Xử lý các điểm trên, hoặc lập bản nháp bằng --draft.",
            "en": "Nothing was written. Settle the points above, or write a draft with --draft.",
        }
        typer.echo(told[lang.value], err=True)
        raise typer.Exit(NO)


@app.command(cls=_Command)
def reconcile(  # noqa: PLR0913  # each is an option of the command
    book: OneBook,
    statement: Annotated[Path, typer.Argument(help="Sao kê, hoặc bảng 01a, 02a, 06 của Kho bạc.")],
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
    from importers.reconcile import read_for, require_whole, with_closing  # noqa: PLC0415
    from importers.reconcile import reconcile as set_beside  # noqa: PLC0415
    from importers.record import record  # noqa: PLC0415
    from ledger.loading import load_facts  # noqa: PLC0415
    from ledger.location import find_book  # noqa: PLC0415
    from ledger.writing import changes_for, write_changes  # noqa: PLC0415
    from reports.reconciliation import outcome_json, print_outcome, write_workbook  # noqa: PLC0415

    main_file = find_book(book)
    period = asked_period(month, quarter, year)
    if output is not None:
        require_workbook(output, force=force)
    statements = read_for(statement, main_file)
    if closing:
        statements = tuple(with_closing(one, asked_amount(closing, 0)) for one in statements)
    if write:
        require_whole(statements)
    facts = load_facts(main_file, _store(no_cache=no_cache)).facts
    found = [set_beside(facts, one, period, account) for one in statements]
    for result in found:
        if format_ is Format.JSON:
            write_text(outcome_json(result, lang.value) + "\n", None)
        else:
            print_rich(
                lambda console, one=result: print_outcome(one, console, lang.value), None, color
            )
    if output is not None:
        write_workbook(facts, found, output, lang.value)
        say_written([output], lang, quiet=format_ is Format.JSON)
    if write:
        files = facts["files"]["file"].astype("str").tolist()
        day = asked_day(on)
        changes = changes_for(main_file, files, [record(one, day, reason) for one in found])
        write_changes(changes)
        say_written([change.path for change in changes], lang, quiet=format_ is Format.JSON)
    raise typer.Exit(OK if all(one.agrees for one in found) else NO)


@app.command(cls=_Command)
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

    loaded = load_books([find_book(book)], _store(no_cache=no_cache))
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


@app.command(cls=_Command)
def init(
    folder: Annotated[Path, typer.Argument(help="Thư mục mới cho sổ.")],
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


@app.command(cls=_Command)
def doctor(
    books: Annotated[list[Path] | None, typer.Argument(help="Sổ muốn xem, nếu có.")] = None,
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


@app.command(cls=_Command)
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


@accounts_app.command("add", cls=_Command)
def accounts_add(  # noqa: PLR0913  # each is an option of the command
    book: OneBook,
    name: Annotated[str, typer.Argument(help="Tên tài khoản.")],
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


@accounts_app.command("list", cls=_Command)
def accounts_list(book: OneBook, *, lang: LangOption = Lang.VI) -> None:
    """Liệt kê tài khoản và quyền."""
    from ledger.location import find_book  # noqa: PLC0415
    from reports.pages.server.accounts import Accounts  # noqa: PLC0415

    for account in Accounts(find_book(book)).all().values():
        typer.echo(f"{account.name}\t{account.role}\t{account.role.label.to(lang.value)}")


@accounts_app.command("remove", cls=_Command)
def accounts_remove(
    book: OneBook,
    name: Annotated[str, typer.Argument(help="Tên tài khoản.")],
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


def _store(*, no_cache: bool) -> Any:  # noqa: ANN401  # ledger.store.Store, imported late
    from ledger.store import open_store  # noqa: PLC0415

    return None if no_cache else open_store()


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
    sys.exit(code if isinstance(code, int) else OK)


if __name__ == "__main__":
    main()
