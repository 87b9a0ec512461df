"""The command line: one thin function a command (dòng lệnh ``cnht``).

Only typer is imported here; each command imports what it needs, so that an unchanged book is
answered without waking pandas or Beancount.
"""

from __future__ import annotations

import datetime as dt
import gc
import io
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from rich.console import Console

    from ledger.problems import BadInputError
    from reports.settlement.settling import Request
    from reports.settlement.source import Period
    from rules.checking import Loaded
    from rules.law import Law

OK, NO, BAD_INPUT, OUR_FAULT = 0, 1, 2, 70


class Lang(StrEnum):
    """Languages of every message and report."""

    VI = "vi"
    EN = "en"


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Format(StrEnum):
    """How findings and norms are printed."""

    TABLE = "table"
    JSON = "json"


class FailOn(StrEnum):
    """From which severity on the answer is no."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class AmountUnit(StrEnum):
    """Units in which amounts are printed."""

    DONG = "dong"
    THOUSAND = "nghin"
    MILLION = "trieu"


Books = Annotated[
    list[Path], typer.Argument(help="Sổ: tệp .beancount, hoặc thư mục có main.beancount.")
]
OneBook = Annotated[
    Path, typer.Argument(help="Sổ: tệp .beancount, hoặc thư mục có main.beancount.")
]
LangOption = Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ / language.")]
ColorOption = Annotated[Color, typer.Option("--color", help="Tô màu: auto, always, never.")]
AllowPlugins = Annotated[
    bool,
    typer.Option("--allow-plugins", help="Chạy mọi plugin mà sổ nêu; chỉ dùng với sổ tin cậy."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Đọc lại từ đầu, không dùng bộ nhớ đệm.")]
AsOf = Annotated[
    dt.datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        metavar="<YYYY-MM-DD>",
        help="Tính đến ngày này; mặc định hôm nay.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="Cách trình bày.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Ghi vào tệp này.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Chỉ in kết quả, không in tiến trình.")]


class _Command(TyperCommand):
    """A command whose help has headings in the language asked for."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  # typer does not export its Context's base
        return _usage(super().get_help(ctx))


class _Group(TyperGroup):
    """As above, for commands with commands under them."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  # as above
        return _usage(super().get_help(ctx))


def _usage(text: str) -> str:
    from reports.locale.usage import usage  # noqa: PLC0415

    return usage(text, _asked_language(sys.argv).value)


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
    commands = getattr(ctx.command, "commands", ())
    ctx.default_map = {command: {**said, "list": said} for command in commands}


@app.command(cls=_Command)
def check(  # noqa: PLR0913  # each is an option of the command
    books: Books,
    *,
    select: Annotated[str, typer.Option(help="Chỉ các quy tắc này: BUD,NRM201.")] = "",
    ignore: Annotated[str, typer.Option(help="Bỏ qua các quy tắc này.")] = "",
    as_of: AsOf = None,
    format_: FormatOption = Format.TABLE,
    show_all: Annotated[
        bool, typer.Option("--all", help="In mọi phát hiện, mỗi dòng một.")
    ] = False,
    fail_on: Annotated[FailOn, typer.Option(help="Từ mức nào thì mã thoát là 1.")] = FailOn.ERROR,
    output: Output = None,
    no_cache: NoCache = False,
    allow_plugins: AllowPlugins = False,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Kiểm tra sổ theo luật và định mức; mã thoát 1 nếu có lỗi."""
    from ledger.location import find_book  # noqa: PLC0415
    from rules.checking import check_books  # noqa: PLC0415
    from rules.severity import Severity  # noqa: PLC0415

    outcome = check_books(
        [find_book(book) for book in books],
        _day(as_of),
        store=_store(no_cache=no_cache),
        allow_plugins=allow_plugins,
    )
    _require_known([*_codes(select), *_codes(ignore)], [tally.code for tally in outcome.tallies])
    outcome = outcome.only(_codes(select), _codes(ignore))
    if format_ is Format.JSON:
        from reports.findings_json import findings_json  # noqa: PLC0415

        _write(findings_json(outcome, lang.value) + "\n", output)
    elif show_all:
        from reports.findings_table import plain_lines  # noqa: PLC0415

        _write("".join(f"{line}\n" for line in plain_lines(outcome, lang.value)), output)
    else:
        from reports.findings_table import print_outcome  # noqa: PLC0415

        _print(lambda console: print_outcome(outcome, console, lang.value), output, color)
    least = Severity[fail_on.name]
    raise typer.Exit(NO if any(f.severity >= least for f in outcome.findings) else OK)


@app.command(cls=_Command)
def explain(
    code: Annotated[str, typer.Argument(help="Mã quy tắc, ví dụ NRM201.")],
    *,
    lang: LangOption = Lang.VI,
) -> None:
    """In trang của một quy tắc: kiểm tra gì, vì sao, ví dụ, cách sửa, căn cứ."""
    from ledger.problems import BadInputError, Problem  # noqa: PLC0415
    from ledger.text import Text  # noqa: PLC0415
    from reports.rule_page import rule_page  # noqa: PLC0415
    from rules.rule import all_rules  # noqa: PLC0415

    rules = {rule.code: rule for rule in all_rules()}
    rule = rules.get(code.upper())
    if rule is None:
        text = Text(f"không có quy tắc «{code}»", f"there is no rule “{code}”")
        remedy = Text(f"các mã: {', '.join(rules)}", f"codes: {', '.join(rules)}")
        raise BadInputError([Problem("", 0, text, remedy)])
    typer.echo(rule_page(rule, _whole_law(), lang.value))


@norms_app.command("list", cls=_Command)
def norms_list(
    *,
    on: Annotated[
        dt.datetime | None,
        typer.Option(
            "--on", formats=["%Y-%m-%d"], metavar="<YYYY-MM-DD>", help="Ngày; mặc định hôm nay."
        ),
    ] = None,
    format_: FormatOption = Format.TABLE,
    output: Output = None,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Liệt kê định mức có hiệu lực vào một ngày, nguồn và mức xác minh."""
    from reports.norms_table import norms_json, print_norms  # noqa: PLC0415

    law, day = _whole_law(), _day(on)
    if format_ is Format.JSON:
        _write(norms_json(law, day, lang.value) + "\n", output)
    else:
        _print(lambda console: print_norms(law, day, console, lang.value), output, color)


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
    from reports.settlement.settling import year_period  # noqa: PLC0415

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
    from ledger.problems import BadInputError, Problem  # noqa: PLC0415
    from ledger.text import Text  # noqa: PLC0415

    text = Text("bộ quyết toán lập cho một sổ", "a set is of one book")
    remedy = Text(
        "lập riêng từng sổ, hoặc tổng hợp các đơn vị bằng --consolidate",
        "settle each book by itself, or sum up units with --consolidate",
    )
    raise BadInputError([Problem("", 0, text, remedy)])


def _loaded_for_forms(
    books: list[Path], lang: Lang, *, no_cache: bool, allow_plugins: bool
) -> Loaded:
    """The facts and the law of books; what of them was not obeyed is told."""
    from ledger.location import find_book  # noqa: PLC0415
    from rules.checking import load_books  # noqa: PLC0415

    mains = [find_book(book) for book in books]
    loaded = load_books(mains, _store(no_cache=no_cache), allow_plugins=allow_plugins)
    _say_left_out(loaded.left_out, lang)
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

    made = write_set(loaded.facts, loaded.law, period, _day(as_of), request, progress)
    if made.blocked:
        told = {"vi": "Chưa đủ điều kiện ký:", "en": "The set cannot be signed yet:"}
        typer.echo(told[lang.value], err=True)
        for text in made.blocked:
            typer.echo(f"  - {text.to(lang.value)}", err=True)
    if made.written:
        _say_written(made.written, lang, quiet=quiet)
    else:
        told = {
            "vi": "Không ghi gì. Xử lý các điểm trên, hoặc lập bản nháp bằng --draft.",
            "en": "Nothing was written. Settle the points above, or write a draft with --draft.",
        }
        typer.echo(told[lang.value], err=True)
        raise typer.Exit(NO)


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

    written = start_book(folder, year=year or _day(None).year, unit=unit)
    _say_written(written, lang, quiet=quiet)


@app.command(cls=_Command)
def doctor(
    books: Annotated[list[Path] | None, typer.Argument(help="Sổ muốn xem, nếu có.")] = None,
    *,
    lang: LangOption = Lang.VI,
) -> None:
    """Cho biết đã cài gì, dùng thư mục nào, và phần nào của sổ không được dùng."""
    from ledger.location import find_book  # noqa: PLC0415
    from reports.doctor import doctor_lines  # noqa: PLC0415

    for line in doctor_lines([find_book(book) for book in books or ()], lang.value):
        typer.echo(line)


def _day(asked: dt.datetime | None) -> dt.date:
    """The day asked for; today, by the machine's own calendar, where none was."""
    return asked.date() if asked else dt.datetime.now(tz=dt.UTC).astimezone().date()


def _codes(words: str) -> tuple[str, ...]:
    return tuple(word.strip().upper() for word in words.split(",") if word.strip())


def _require_known(prefixes: list[str], known: list[str]) -> None:
    """A code that no rule has is a slip, and would pass for a clean answer."""
    wrong = [prefix for prefix in prefixes if not any(code.startswith(prefix) for code in known)]
    if wrong:
        from ledger.problems import BadInputError, Problem  # noqa: PLC0415
        from ledger.text import Text  # noqa: PLC0415

        names = ", ".join(wrong)
        text = Text(f"không có quy tắc nào: {names}", f"there is no rule: {names}")
        remedy = Text(f"các mã: {', '.join(known)}", f"codes: {', '.join(known)}")
        raise BadInputError([Problem("", 0, text, remedy)])


def _store(*, no_cache: bool) -> Any:  # noqa: ANN401  # ledger.store.Store, imported late
    from ledger.store import open_store  # noqa: PLC0415

    return None if no_cache else open_store()


def _whole_law() -> Law:
    """Every pack that ships."""
    from rules.law import load_law, shipped_packs  # noqa: PLC0415

    return load_law(shipped_packs())


def _write(text: str, output: Path | None) -> None:
    """Text to a file, whole or not at all, or to standard output."""
    if output is None:
        sys.stdout.write(text)
        return
    from ledger.store import written_beside  # noqa: PLC0415

    try:
        with written_beside(output) as fresh:
            fresh.write_text(text, "utf-8")
    except OSError as error:
        error.filename = str(output)  # not the file beside it
        raise


def _print(show: Any, output: Path | None, color: Color) -> None:  # noqa: ANN401  # a callable
    """Rich output: to a terminal in colour, elsewhere plain and wide enough not to fold."""
    if output is None:
        show(_console(color))
        return
    console = _console(Color.NEVER)
    with console.capture() as captured:
        show(console)
    _write(captured.get(), output)


def _console(color: Color) -> Console:
    from rich.console import Console  # noqa: PLC0415

    wide = None if sys.stdout.isatty() else 160
    return Console(
        width=wide,
        force_terminal=True if color is Color.ALWAYS else None,
        no_color=True if color is Color.NEVER else None,
        soft_wrap=False,
    )


def _say_left_out(left_out: Any, lang: Lang) -> None:  # noqa: ANN401  # tuple of Text
    for text in left_out:
        typer.echo(text.to(lang.value), err=True)


def _say_written(paths: list[Path], lang: Lang, *, quiet: bool) -> None:
    if quiet:
        return
    typer.echo("Đã ghi:" if lang is Lang.VI else "Written:")
    for path in paths:
        typer.echo(f"  {path}")


def main() -> None:
    """Run the command line; every failure ends in a message and an exit code of the design."""
    # One short run over one large set of facts: nothing is worth collecting before it ends.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        code = app(standalone_mode=False)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(OK)
    except Exception as error:  # noqa: BLE001  # the last line of defence
        sys.exit(_report(error))
    sys.exit(code if isinstance(code, int) else OK)


def _report(error: Exception) -> int:
    from ledger.problems import BadInputError  # noqa: PLC0415

    language = _asked_language(sys.argv)
    if isinstance(error, OSError):
        error = _refused(error) or error
    if isinstance(error, BadInputError):
        for problem in error.problems:
            typer.echo(problem.to(language.value), err=True)
        return BAD_INPUT
    show = getattr(error, "show", None)  # a usage error of Typer, which exports no class for them
    if show is not None:
        told = io.StringIO()
        show(told)
        typer.echo(_usage(told.getvalue()), nl=False, err=True)
        return BAD_INPUT
    return _report_fault(error)


def _refused(error: OSError) -> BadInputError | None:
    """What the system refused to do with a path of the user's; None where it is none of theirs."""
    import errno  # noqa: PLC0415

    from ledger.problems import BadInputError, Problem  # noqa: PLC0415
    from ledger.text import Text  # noqa: PLC0415

    denied = Text("không có quyền", "permission denied")
    reasons = {
        errno.ENOTDIR: Text("một phần đường dẫn là tệp", "part of the path is a file"),
        errno.EISDIR: Text("đó là thư mục", "it is a folder"),
        errno.EEXIST: Text("đã có tệp ở đó", "a file is there already"),
        errno.ENOENT: Text("không có thư mục hoặc tệp này", "there is no such folder or file"),
        errno.EACCES: denied,
        errno.EPERM: denied,
        errno.EROFS: Text("ổ đĩa chỉ cho đọc", "the disk is read-only"),
        errno.ENOSPC: Text("ổ đĩa đã đầy", "the disk is full"),
        errno.ENAMETOOLONG: Text("tên quá dài", "the name is too long"),
    }
    why = reasons.get(error.errno or 0)
    if why is None or (error.errno == errno.ENOENT and _ours(error.filename)):
        return None
    name = error.filename or ""
    text = Text(
        f"không ghi hoặc đọc được «{name}»: {why.vi}",
        f"“{name}” cannot be written or read: {why.en}",
    )
    return BadInputError([Problem("", 0, text, Text("nêu đường dẫn khác", "name another path"))])


def _ours(name: Any) -> bool:  # noqa: ANN401  # as OSError has it
    """Whether a file that is missing should have come with the program."""
    package = Path(__file__).resolve().parent
    inside = ("ledger", "rules", "reports", "importers")
    return any(Path(str(name)).is_relative_to(package / folder) for folder in inside)


def _asked_language(arguments: list[str]) -> Lang:
    """The language asked for, read again where the command did not come to its end."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    english = any(
        word == "--lang=en" or (word == "--lang" and value == "en") for word, value in pairs
    )
    return Lang.EN if english else Lang.VI


def _report_fault(error: Exception) -> int:
    """A fault of ours: a line for the user, the traceback in a log."""
    import traceback  # noqa: PLC0415

    from ledger.store import default_folder  # noqa: PLC0415

    log = default_folder() / "cnht-error.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("".join(traceback.format_exception(error)), "utf-8")
    typer.echo(
        f"Lỗi của chương trình, không phải của sổ: {type(error).__name__}. "
        f"Chi tiết ở {log}; xin gửi tệp này cho người bảo trì.",
        err=True,
    )
    return OUR_FAULT


if __name__ == "__main__":
    main()
