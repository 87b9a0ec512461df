"""The command line: which commands there are, and how every run of one ends (``cnht``).

Only typer and ``reports.command_line`` are imported here; each command imports what it needs, so
that an unchanged book is answered without waking pandas or Beancount.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.command_line.commands.analysing import analyse
from reports.command_line.commands.books import doctor, init
from reports.command_line.commands.browsing import (
    accounts_add,
    accounts_list,
    accounts_remove,
    browse,
)
from reports.command_line.commands.checking import ask, check
from reports.command_line.commands.codes import codes_list, codes_load
from reports.command_line.commands.norms import (
    explain,
    norms_diff,
    norms_list,
    norms_load,
    norms_show,
    norms_worksheet,
)
from reports.command_line.commands.sets import report, settle
from reports.command_line.commands.statements import import_files, reconcile
from reports.command_line.failing import INTERRUPTED, OK, STOPPED, asked_language, tell_failure
from reports.command_line.helping import Command, Group
from reports.command_line.options import Lang, LangOption

if TYPE_CHECKING:
    from collections.abc import Callable


def _group(words: str, **commands: Callable[..., None]) -> typer.Typer:
    """Commands under one name, in the order in which help lists them."""
    group = typer.Typer(
        cls=Group,
        help=words,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for name, command in commands.items():
        group.command(name, cls=Command)(command)
    return group


app = _group(
    "Sổ ngân sách và kiểm tra tuân thủ chi tiêu chương trình công nghiệp hỗ trợ.",
    check=check,
    ask=ask,
    explain=explain,
    **{"import": import_files},  # a word that Python keeps for itself
    settle=settle,
    report=report,
    reconcile=reconcile,
    analyse=analyse,
    init=init,
    doctor=doctor,
    browse=browse,
)
app.add_typer(
    _group(
        "Định mức: con số của luật, ngày hiệu lực, nguồn.",
        list=norms_list,
        show=norms_show,
        diff=norms_diff,
        worksheet=norms_worksheet,
        load=norms_load,
    ),
    name="norms",
)
app.add_typer(
    _group(
        "Tài khoản của những người mở sổ từ máy khác.",
        add=accounts_add,
        list=accounts_list,
        remove=accounts_remove,
    ),
    name="accounts",
)
app.add_typer(
    _group(
        "Mục lục ngân sách: mã đã đọc được, danh mục của đơn vị.", list=codes_list, load=codes_load
    ),
    name="codes",
)


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
