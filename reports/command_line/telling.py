"""How commands give their answers: to a file, whole or not at all, or to the screen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from reports.command_line.failing import asked_language
from reports.command_line.options import Color, Lang

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rich.console import Console

    from ledger.text import Text


def write_text(text: str, output: Path | None) -> None:
    """Text to a file, whole or not at all, or to standard output."""
    if output is None:
        sys.stdout.write(text)
        return
    from ledger.store import written_beside

    try:
        with written_beside(output) as fresh:
            fresh.write_text(text, "utf-8")
    except OSError as error:
        error.filename = str(output)  # not the file beside it
        raise
    tell_written(output)


def tell_written(output: Path) -> None:
    """The one file that an answer went to, for whoever waits at a terminal."""
    if sys.stderr.isatty():
        word = "Đã ghi" if asked_language(sys.argv) is Lang.VI else "Written"
        typer.echo(f"{word}: {output}", err=True)


def print_rich(show: Callable[[Console], None], output: Path | None, color: Color) -> None:
    """Rich output: to a terminal in colour, elsewhere plain and wide enough not to fold."""
    if output is None:
        show(_console(color))
        return
    console = _console(Color.NEVER)
    with console.capture() as captured:
        show(console)
    write_text(captured.get(), output)


def _console(color: Color) -> Console:
    from rich.console import Console

    wide = None if sys.stdout.isatty() else 160
    return Console(
        width=wide,
        force_terminal=True if color is Color.ALWAYS else None,
        no_color=True if color is Color.NEVER else None,
        soft_wrap=False,
    )


def told_step(lang: Lang, *, quiet: bool) -> Callable[[Text], None]:
    """What is being done, on standard error at a terminal."""

    def show(step: Text) -> None:
        if not quiet and sys.stderr.isatty():
            typer.echo(f"… {step.to(lang.value)}", err=True)

    return show


def told_progress(lang: Lang) -> Callable[[str, int, int, int], None]:
    """Which file is read, and how far a long one is, on standard error."""
    word, rows = ("Đang đọc", "dòng") if lang is Lang.VI else ("Reading", "rows")

    def show(name: str, number: int, count: int, done: int) -> None:
        from ledger.text import dong, printable

        more = f": {dong(done, lang.value)} {rows}" if done else ""
        typer.echo(f"{word} {number}/{count}: {printable(name)}{more}", err=True)

    return show


def say(vi: str, en: str, lang: Lang, *, quiet: bool) -> None:
    """One line of either language, unless nothing but the answer is wanted."""
    if not quiet:
        typer.echo(vi if lang is Lang.VI else en)


def say_unexplained(lang: Lang, *, quiet: bool) -> None:
    """What to do about a reconciliation that does not agree."""
    say(
        "Sổ sai thì sửa rồi đối chiếu lại; lệch có lý do thì chạy lại với "
        '--write --reason "…", nếu không TRE201 còn nhắc.',
        "Where the book is wrong, mend it and reconcile again; where the difference has a reason, "
        'run again with --write --reason "…", or TRE201 goes on asking.',
        lang,
        quiet=quiet,
    )


def say_left_out(left_out: Iterable[Text], lang: Lang) -> None:
    """What of a book was not obeyed, on standard error."""
    for text in left_out:
        typer.echo(text.to(lang.value), err=True)


def say_written(paths: list[Path], lang: Lang, *, quiet: bool) -> None:
    """The files that were written."""
    if quiet:
        return
    typer.echo("Đã ghi:" if lang is Lang.VI else "Written:")
    for path in paths:
        typer.echo(f"  {path}")
