"""Papers of the treasury, banks and sellers against the book (nhập, đối chiếu)."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.command_line.asked import asked_amount, asked_day, asked_period, require_workbook
from reports.command_line.failing import NO, OK
from reports.command_line.loading import loaded
from reports.command_line.options import (
    AllowPlugins,
    Closing,
    Color,
    ColorOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    NoCache,
    OneBook,
    Overwrite,
    Quiet,
    day_option,
)
from reports.command_line.telling import (
    print_rich,
    say,
    say_left_out,
    say_unexplained,
    say_written,
    told_progress,
    write_text,
)

if TYPE_CHECKING:
    from importers.reconciling.compared import FormComparison, Reconciliation
    from importers.reconciling.record import Recording
    from importers.tables.statement import Statement
    from ledger.facts import Facts

    Outcome = Reconciliation | FormComparison


def import_files(
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
    closing: Closing = "",
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
    from importers.importing import plan_import
    from ledger.location import find_book
    from reports.import_table import print_import

    main_file = find_book(book)
    if teach:
        from reports.command_line.teaching import teach_files

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


def reconcile(
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
    closing: Closing = "",
    write: Annotated[bool, typer.Option("--write", help="Ghi kết quả vào sổ.")] = False,
    reason: Annotated[str, typer.Option(help="Vì sao còn lệch, ghi cùng kết quả.")] = "",
    on: Annotated[
        dt.datetime | None, day_option("--on", help="Ngày đối chiếu; mặc định hôm nay.")
    ] = None,
    format_: FormatOption = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Ghi bảng tính .xlsx đầy đủ vào tệp này.")
    ] = None,
    force: Overwrite = False,
    no_cache: NoCache = False,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Đối chiếu sổ với sao kê của Kho bạc, ngân hàng; mã thoát 1 nếu chưa khớp."""
    from importers.reconciling.reconcile import reconcile as set_beside
    from importers.reconciling.record import to_record
    from importers.reconciling.statement_fit import require_over
    from ledger.location import find_book
    from reports.reconciling.outcome import write_workbook
    from rules.budget_years import closing_of

    main_file = find_book(book)
    period, day = asked_period(month, quarter, year), asked_day(on)
    if output is not None:
        require_workbook(output, force=force)
    if write:
        require_over(period, day)
    statements = _statements(statement, main_file, closing, recorded=write)
    facts, law, *_ = loaded([main_file], lang, no_cache=no_cache)
    last = closing_of(law, period.year)
    found = [set_beside(facts, one, period, account, closing=last, on=day) for one in statements]
    for result in found:
        _show(result, format_, lang, color)
    quiet = format_ is Format.JSON
    if output is not None:
        write_workbook(facts, found, output, lang.value, reason)
        say_written([output], lang, quiet=quiet)
    if write:
        _record(main_file, facts, to_record(facts, found, day, reason), lang, quiet=quiet)
    agreed = all(one.agrees for one in found)
    say_unexplained(lang, quiet=agreed or bool(reason) or quiet)
    raise typer.Exit(OK if agreed else NO)


def _statements(file: Path, main: Path, closing: str, *, recorded: bool) -> "tuple[Statement, ...]":
    """Every statement of a file, with the balance of a paper where one is given."""
    from importers.reconciling.reconcile import read_for
    from importers.reconciling.statement_fit import require_whole, with_closing

    statements = read_for(file, main)
    if closing:
        statements = tuple(with_closing(one, asked_amount(closing, 0)) for one in statements)
    if recorded:
        require_whole(statements)
    return statements


def _show(result: "Outcome", format_: Format, lang: Lang, color: Color) -> None:
    """A statement beside the book, in the format asked for."""
    from reports.reconciling.outcome import outcome_json, print_outcome

    if format_ is Format.JSON:
        write_text(outcome_json(result, lang.value) + "\n", None)
    else:
        print_rich(lambda console: print_outcome(result, console, lang.value), None, color)


def _record(main: Path, facts: "Facts", recording: "Recording", lang: Lang, *, quiet: bool) -> None:
    """Write the outcomes into the book, and tell what came of it."""
    from ledger.writing import changes_for, write_changes

    files = facts["files"]["file"].astype("str").tolist()
    changes = changes_for(main, files, recording.entries)
    write_changes(changes)
    for told in recording.told:
        say(told.vi, told.en, lang, quiet=quiet)
    if changes:
        say_written([change.path for change in changes], lang, quiet=quiet)
