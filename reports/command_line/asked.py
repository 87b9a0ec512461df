"""What was asked on the command line, as values; what cannot be used is refused."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ledger.period import Period
    from ledger.problems import BadInputError
    from ledger.text import Language, Text
    from reports.command_line.options import FailOn
    from rules.severity import Severity


def asked_day(asked: dt.datetime | None) -> dt.date:
    """The day asked for; today, by the machine's own calendar, where none was."""
    return asked.date() if asked else dt.datetime.now(tz=dt.UTC).astimezone().date()


def asked_yes(question: Text, language: Language) -> bool:
    """Whether a question at the terminal is answered yes; anything else, and no answer, is no."""
    from ledger.text import Text, unaccented

    shown = Text(f"{question.vi} [c/K]: ", f"{question.en} [y/N]: ").to(language)
    typer.echo(shown, nl=False, err=True)
    answer = sys.stdin.readline()
    if not answer.endswith("\n"):
        typer.echo("", err=True)  # Ctrl+D leaves the cursor behind the question
    return unaccented(answer).strip() in {"c", "co", "y", "yes"}


def asked_amount(typed: str, least: int = 1) -> int:
    """An amount of the command line, VND, not below the least."""
    from ledger.problems import refusal
    from ledger.text import Text, read_dong

    amount = read_dong(typed)
    if amount is None or amount < least:
        text = Text(f"«{typed}» không phải số tiền", f"“{typed}” is no amount")
        remedy = Text(
            f"viết số đồng từ {least}, tối đa 15 chữ số: 1500000 hoặc 1.500.000",
            f"write whole VND from {least}, at most 15 digits: 1500000 or 1.500.000",
        )
        raise refusal(text, remedy)
    return amount


def require_name(typed: str, option: str) -> None:
    """Somebody must answer for what is written.

    Raises:
        BadInputError: nobody is named.
    """
    if typed.strip():
        return
    from ledger.problems import refusal
    from ledger.text import Text

    text = Text(f"{option} để trống", f"{option} is empty")
    remedy = Text("ghi họ tên người chịu trách nhiệm", "give the name of who answers for it")
    raise refusal(text, remedy)


def required_file(output: Path | None) -> Path:
    """A workbook goes to a file: the screen cannot show it."""
    if output is not None:
        return output
    from ledger.problems import refusal
    from ledger.text import Text

    text = Text("bảng tính phải ghi vào tệp", "a workbook is written to a file")
    raise refusal(text, Text("thêm -o TỆP.xlsx", "add -o FILE.xlsx"))


def asked_period(month: str, quarter: str, year: str) -> Period:
    """The one period that was named."""
    from ledger.period import read_period
    from ledger.problems import refusal
    from ledger.text import Text

    shapes = {"--month": "2021-06", "--quarter": "2021Q2", "--year": "2021"}
    asked = dict(zip(shapes, (month, quarter, year), strict=True))
    named = {option: word.strip() for option, word in asked.items() if word}
    if len(named) != 1:
        text = Text("cần đúng một kỳ đối chiếu", "exactly one period is needed")
        remedy = Text(
            "nêu --month 2021-06, --quarter 2021Q2 hoặc --year 2021",
            "name --month 2021-06, --quarter 2021Q2 or --year 2021",
        )
        raise refusal(text, remedy)
    ((option, word),) = named.items()
    period = read_period(word.upper().replace("-Q", "Q"))
    if period is None or len(period.name) != len(shapes[option]):
        text = Text(f"{option}: «{word}» không phải là kỳ", f"{option}: “{word}” is no period")
        remedy = Text(f"viết như {option} {shapes[option]}", f"write {option} {shapes[option]}")
        raise refusal(text, remedy)
    return period


def require_workbook(path: Path, *, force: bool) -> None:
    """A workbook has its own suffix, and takes the place of no file unasked."""
    from ledger.problems import refusal
    from ledger.text import Text

    if path.suffix.lower() != ".xlsx":
        text = Text(f"«{path}» không phải tệp .xlsx", f"“{path}” is no .xlsx file")
        raise refusal(text, Text("nêu -o TỆP.xlsx", "name -o FILE.xlsx"))
    if path.exists() and not force:
        text = Text(f"đã có «{path}», không ghi đè", f"“{path}” is there already")
        remedy = Text("nêu tên khác, hoặc thêm --force", "name another file, or add --force")
        raise refusal(text, remedy)


def nearest(asked: str, known: Iterable[str], most: int = 5) -> Text:
    """The known words nearest to a mistyped one, to begin a remedy; empty where none is near."""
    import difflib

    from ledger.text import Text

    near = ", ".join(difflib.get_close_matches(asked, list(known), n=most, cutoff=0.4))
    return Text(f"gần nhất: {near}; ", f"nearest: {near}; ") if near else Text("", "")


def asked_codes(words: str) -> tuple[str, ...]:
    """The codes of rules, or beginnings of them, parted by commas."""
    return tuple(word.strip().upper() for word in words.split(",") if word.strip())


def require_known(prefixes: list[str], known: list[str]) -> None:
    """A code that no rule has is a slip, and would pass for a clean answer."""
    wrong = [prefix for prefix in prefixes if not any(code.startswith(prefix) for code in known)]
    if wrong:
        from ledger.problems import refusal
        from ledger.text import Text

        names = ", ".join(wrong)
        text = Text(f"không có quy tắc nào: {names}", f"there is no rule: {names}")
        remedy = Text(f"các mã: {', '.join(known)}", f"codes: {', '.join(known)}")
        raise refusal(text, remedy)


def unknown_rule(asked: str, known: list[str]) -> BadInputError:
    """A code that no rule has, with the codes nearest to it."""
    from ledger.problems import refusal
    from ledger.text import Text

    code = asked.strip().upper()
    family = [name for name in known if name[:3] == code[:3]]
    near = nearest(code, family or known, most=6)
    families = ", ".join(dict.fromkeys(name[:3] for name in known))
    text = Text(f"không có quy tắc «{asked}»", f"there is no rule “{asked}”")
    remedy = Text(
        f"{near.vi}liệt kê cả nhóm bằng 3 chữ đầu, ví dụ cnht explain NRM: {families}",
        f"{near.en}list a family by its first 3 letters, e.g. cnht explain NRM: {families}",
    )
    return refusal(text, remedy)


def unknown_norm(asked: str, known: Iterable[str]) -> BadInputError:
    """An id that no norm has, with the ids nearest to it."""
    from ledger.problems import refusal
    from ledger.text import Text

    near = nearest(asked, known)
    text = Text(f"không có định mức «{asked}»", f"there is no norm “{asked}”")
    remedy = Text(f"{near.vi}xem mã ở cnht norms list", f"{near.en}see the ids in cnht norms list")
    return refusal(text, remedy)


def fails(severities: Iterable[Severity], fail_on: FailOn) -> bool:
    """Whether anything found is as grave as what makes the answer no."""
    from rules.severity import Severity

    return any(severity >= Severity[fail_on.name] for severity in severities)
