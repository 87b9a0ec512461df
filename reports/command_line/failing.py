"""What is said where a command cannot go on, and with which code it ends."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from ledger.text import Text
from reports.command_line.options import Lang

if TYPE_CHECKING:
    from ledger.problems import BadInputError

OK: Final = 0
NO: Final = 1
BAD_INPUT: Final = 2
OUR_FAULT: Final = 70
INTERRUPTED: Final = 130
STOPPED: Final = Text("Đã dừng theo Ctrl+C.", "Stopped by Ctrl+C.")

_NO_ANSWER: Final = Text("Đã dừng: chưa nhập câu trả lời.", "Stopped: nothing was entered.")


def tell_failure(error: BaseException) -> int:
    """Say what stopped a command; the exit code that it ends with."""
    from ledger.problems import BadInputError
    from reports.locale.usage import usage

    language = asked_language(sys.argv)
    if isinstance(error, OSError):
        error = _refused(error) or error
    if isinstance(error, BadInputError):
        for problem in error.problems:
            typer.echo(problem.to(language.value), err=True)
        return BAD_INPUT
    if isinstance(error, typer.Abort):  # the end of what is typed, where an answer was asked for
        typer.echo(_NO_ANSWER.to(language.value), err=True)
        return INTERRUPTED
    show = getattr(error, "show", None)  # a usage error of Typer, which exports no class for them
    if show is not None:
        told = io.StringIO()
        show(told)
        typer.echo(usage(told.getvalue(), language.value), nl=False, err=True)
        return BAD_INPUT
    return _report_fault(error, language)


def _refused(error: OSError) -> BadInputError | None:
    """What the system refused to do with a path of the user's; None where it is none of theirs."""
    import errno

    from ledger.problems import refusal
    from ledger.system import known_reason

    why = known_reason(error)
    if why is None or (error.errno == errno.ENOENT and _ours(error.filename)):
        return None
    name = Text(f"«{error.filename}»", f"“{error.filename}”")
    if not error.filename:
        name = Text("đầu ra chuẩn", "standard output")
    text = Text(
        f"không ghi hoặc đọc được {name.vi}: {why.vi}",
        f"{name.en} cannot be written or read: {why.en}",
    )
    return refusal(text, Text("nêu đường dẫn khác", "name another path"))


def _ours(name: Any) -> bool:  # noqa: ANN401  # as OSError has it
    """Whether a file that is missing should have come with the program."""
    package = Path(__file__).resolve().parents[2]
    inside = ("ledger", "rules", "reports", "importers")
    return any(Path(str(name)).is_relative_to(package / folder) for folder in inside)


def asked_language(arguments: list[str]) -> Lang:
    """The language asked for, read again where the command did not come to its end."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    english = any(
        word == "--lang=en" or (word == "--lang" and value == "en") for word, value in pairs
    )
    return Lang.EN if english else Lang.VI


def _report_fault(error: BaseException, language: Lang) -> int:
    """A fault of ours: a line for the user, the traceback in a log or, without one, below."""
    import traceback

    from ledger.store import default_folder

    name, trace = type(error).__name__, "".join(traceback.format_exception(error))
    log = default_folder() / "cnht-error.log"
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        log.write_text(trace, "utf-8")
        place = Text(f"ở {log}", f"in {log}")
    except OSError:
        place = Text(f"dưới đây:\n{trace}", f"below:\n{trace}")
    told = Text(
        f"Lỗi của chương trình, không phải của sổ: {name}. "
        f"Xin gửi cho người bảo trì chi tiết {place.vi}",
        f"A fault of the program, not of the book: {name}. "
        f"Please send the maintainers the details {place.en}",
    )
    typer.echo(told.to(language.value), err=True)
    return OUR_FAULT
