"""Read a book: parse it and what it includes, book it, run what may be run."""

from __future__ import annotations

import contextlib
import gc
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from beancount import loader
from beancount.core import data
from beancount.parser import options, parser

from ledger.beans.booking import book, validate
from ledger.beans.entries import without_padding
from ledger.beans.hints import advice, encoding_advice, repeated_key, unclosed_quote
from ledger.beans.safety import (
    filter_options,
    left_to_fava,
    not_obeyed_where_included,
    read_by_no_program,
)
from ledger.includes import matches, unreached
from ledger.problems import BadInputError, Problem
from ledger.system import interrupts_wait, reason
from ledger.text import Text, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class BeanError(NamedTuple):
    """An error that Beancount itself found: an unopened account, a balance that does not hold."""

    file: str
    line: int
    message: str


class Book(NamedTuple):
    """A book as read.

    Attributes:
        main: the top file, absolute.
        entries: Beancount's directives without what ``pad`` made up.
        errors: what Beancount itself found wrong.
        files: every file read, absolute, sorted.
        patterns: include patterns as (folder, pattern), for a later look at what they match.
        document_folders: folders that ``option "documents"`` names, inside the book's folder.
        documents: paths that ``document`` directives name, absolute.
        left_out: what of the book was not obeyed.
    """

    main: str
    entries: list[Any]
    errors: list[BeanError]
    files: tuple[str, ...]
    patterns: tuple[tuple[str, str], ...]
    document_folders: tuple[str, ...]
    documents: tuple[str, ...]
    left_out: tuple[Text, ...]


class OpenedBook(NamedTuple):
    """A book read as far as it can be read.

    Attributes:
        entries: Beancount's directives, with what ``pad`` made up.
        errors: Beancount's error objects, as they are.
        options: Beancount's options map, filtered.
        problems: what could not be read; the entries are then not the whole book.
        left_out: what of the book was not obeyed.
    """

    entries: list[Any]
    errors: list[Any]
    options: dict[str, Any]
    problems: tuple[Problem, ...]
    left_out: tuple[Text, ...]

    @property
    def own_errors(self) -> list[BeanError]:
        """What Beancount itself found wrong, each with a file and a line."""
        return [_own_error(error, str(self.options["filename"])) for error in self.errors]


@contextlib.contextmanager
def collector_off() -> Iterator[None]:
    """Load with the cyclic garbage collector off: it walks the growing book again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def load_book(main: Path, *, allow_plugins: bool = False) -> Book:
    """Read a book from its top file.

    Args:
        main: as ``ledger.location.find_book`` gives it.
        allow_plugins: run every plugin that the book names; only for a book one trusts.

    Raises:
        BadInputError: a file does not parse or is missing, an include leaves the folder, or a
            plugin stops the program.
    """
    main = main.resolve()
    with collector_off():
        parsed = _parse(main)
        if parsed.problems:
            raise BadInputError(parsed.problems)
        opened = _opened(main, parsed, allow_plugins=allow_plugins)
        if opened.problems:
            raise BadInputError(opened.problems)
    return Book(
        main=str(main),
        entries=without_padding(opened.entries),
        errors=opened.own_errors,
        files=tuple(sorted(parsed.files)),
        patterns=tuple(parsed.patterns),
        document_folders=tuple(parsed.options["documents"]),
        documents=tuple(
            str(entry.filename) for entry in parsed.entries if type(entry) is data.Document
        ),
        left_out=opened.left_out,
    )


def open_book(main: Path, *, allow_plugins: bool = False) -> OpenedBook:
    """Read a book for a program that shows it whatever is wrong with it.

    Args:
        main: as ``ledger.location.find_book`` gives it.
        allow_plugins: run every plugin that the book names; only for a book one trusts.
    """
    main = main.resolve()
    with collector_off():
        parsed = _parse(main)
        # What stands in a file that was not read, or claims to, could lead a program to another.
        entries = [entry for entry in parsed.entries if _stands_in(entry, parsed.files)]
        found = {**parsed.options, "filename": str(main)}
        return _opened(
            main, parsed._replace(entries=entries, options=found), allow_plugins=allow_plugins
        )


def _opened(main: Path, parsed: _Parsed, *, allow_plugins: bool) -> OpenedBook:
    left_out = [] if allow_plugins else filter_options(parsed.options, main.parent)
    left_out += parsed.left_out
    left_out += left_to_fava(parsed.entries)
    left_out += [] if allow_plugins else read_by_no_program(parsed.entries, main.parent)
    left_out += _unreached(main, parsed.files)
    booked = book(parsed.entries, parsed.options)
    try:
        with _python_path(main.parent, parsed.options):
            entries, errors = loader.run_transformations(
                booked.entries, booked.errors, parsed.options, None
            )
    except SystemExit:
        parsed.problems.append(_stopped(main, parsed.options))
        entries, errors = booked.entries, booked.errors
    errors += validate(booked, entries, parsed.options)
    return OpenedBook(entries, errors, parsed.options, tuple(parsed.problems), tuple(left_out))


def _unreached(main: Path, files: list[str]) -> list[Text]:
    """Files that lie beside the book as its parts do, and that it does not include."""
    found = unreached(main, set(files))
    left_out = [
        Text(
            f"tệp {name}: không dòng include nào nêu tới nên không được đọc; nếu là phần của sổ, "
            f'thêm vào {main.name} dòng: include "{Path(name).as_posix()}"',
            f"file {name}: reached by no include, so not read; if it is a part of the book, add "
            f'to {main.name}: include "{Path(name).as_posix()}"',
        )
        for name in found.names
    ]
    if not found.whole:
        told = Text(
            f"thư mục {main.parent} có quá nhiều tệp: chưa xem hết có tệp nào của sổ chưa được "
            "include; để sổ trong thư mục riêng",
            f"the folder {main.parent} holds too many files to see whether a part of the book is "
            "not included; keep the book in a folder of its own",
        )
        left_out.append(told)
    return left_out


def _stopped(main: Path, found: dict[str, Any]) -> Problem:
    names = ", ".join(name for name, _ in found["plugin"])
    return Problem(
        str(main),
        0,
        Text(
            f"một plugin của sổ ({names}) dừng chương trình giữa chừng: sổ chưa được đọc hết",
            f"a plugin of the book ({names}) stopped the program: the book was not read whole",
        ),
        Text(
            "sửa plugin, hoặc bỏ --allow-plugins để đọc sổ không chạy plugin",
            "mend the plugin, or read the book without --allow-plugins",
        ),
    )


@contextlib.contextmanager
def _python_path(folder: Path, found: dict[str, Any]) -> Iterator[None]:
    """The book's folder on Python's path while its plugins run, where that is allowed at all."""
    saved = list(sys.path)
    if found["insert_pythonpath"]:
        sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path[:] = saved


class _Parsed(NamedTuple):
    entries: list[Any]
    options: dict[str, Any]
    problems: list[Problem]
    files: list[str]
    patterns: list[tuple[str, str]]
    left_out: list[Text]


def _parse(main: Path) -> _Parsed:
    """Parse the top file and what it includes, as Beancount does, but never leave the folder."""
    parsed = _Parsed([], {}, [], [], [], [])
    waiting = [str(main)]
    while waiting:
        file = waiting.pop(0)
        if file in parsed.files:
            continue
        parsed.files.append(file)
        entries, found = parse_alone(file, parsed.problems)
        parsed.entries.extend(entries)
        if not parsed.options:
            parsed.options.update(found)
        else:
            name = str(Path(file).relative_to(main.parent))
            parsed.left_out.extend(not_obeyed_where_included(found, name))
        for pattern in found["include"]:
            waiting += _included(pattern, file, main.parent, parsed)
    parsed.entries.sort(key=data.entry_sortkey)
    parsed.options["include"] = sorted(parsed.files)
    return parsed


def parse_alone(file: str, problems: list[Problem]) -> tuple[list[Any], dict[str, Any]]:
    """Entries and options of one file as they stand there, nothing that it names run or read."""
    entries, errors, found = _parse_one(file, problems)
    problems += _forged_places(entries, file)
    problems += _parse_problems(errors, file)
    return entries, found


def _parse_one(file: str, problems: list[Problem]) -> tuple[list[Any], list[Any], dict[str, Any]]:
    """A file parsed; one that cannot be read at all is one problem, whatever it holds."""
    nothing: dict[str, Any] = {**options.OPTIONS_DEFAULTS, "include": []}
    try:
        unreadable = encoding_advice(Path(file).read_bytes())
        if unreadable:
            problems.append(Problem(file, 0, unreadable.told, unreadable.remedy))
            return [], [], nothing
        with interrupts_wait():  # Beancount would take one for a mistake of the file
            entries, errors, found = parser.parse_file(file)
    except TypeError:  # Beancount reckons with the line that the metadata made text
        problems.append(_forged(file))
        return [], [], nothing
    except OSError as error:
        problems.append(
            Problem(
                file,
                0,
                Text(
                    f"không đọc được tệp: {reason(error).vi}",
                    f"the file cannot be read: {reason(error).en}",
                ),
                Text(
                    "xem tệp có đó không và có quyền đọc không",
                    "see whether the file is there and may be read",
                ),
            )
        )
        return [], [], nothing
    return entries, errors, found


def _forged_places(entries: list[Any], file: str) -> list[Problem]:
    """Metadata named ``filename`` or ``lineno``, which would stand in for the true place."""
    metas = [entry.meta for entry in entries]
    metas += [
        posting.meta
        for entry in entries
        if type(entry) is data.Transaction
        for posting in entry.postings
        if posting.meta
    ]
    if all(meta["filename"] == file and type(meta["lineno"]) is int for meta in metas):
        return []
    return [_forged(file)]


def _stands_in(entry: Any, files: list[str]) -> bool:  # noqa: ANN401  # Beancount's directive
    postings = entry.postings if type(entry) is data.Transaction else ()
    metas = [entry.meta, *(posting.meta for posting in postings if posting.meta)]
    return all(meta["filename"] in files and type(meta["lineno"]) is int for meta in metas)


def _forged(file: str) -> Problem:
    return Problem(
        file,
        0,
        Text(
            "tệp có trường filename hoặc lineno: tên này dành cho vị trí của bút toán",
            "the file has a field filename or lineno: these names are the entry's place",
        ),
        Text("đổi tên trường đó", "rename that field"),
    )


def _included(pattern: str, file: str, root: Path, parsed: _Parsed) -> list[str]:
    """Files that an include pattern matches; what it may not match becomes a problem."""
    folder = str(Path(file).parent)
    parsed.patterns.append((folder, pattern))
    line = _line_of(file, f'"{pattern}"')
    matched = matches(folder, pattern, root)
    paths = [Path(name).resolve() for name in matched.paths]
    inside = [path for path in paths if path.is_relative_to(root)]
    if matched.outside or len(inside) < len(paths):
        parsed.problems.append(_leaves(pattern, file, line, root))
    elif not paths:
        told = Text(
            f'include "{pattern}": không có tệp nào khớp', f'include "{pattern}": no file matches'
        )
        remedy = Text("sửa tên tệp, hoặc bỏ dòng include", "mend the name, or drop the line")
        parsed.problems.append(Problem(file, line, told, remedy))
    # A pipe or a device would be waited for without end.
    for path in inside:
        if not path.is_file():
            parsed.problems.append(_no_file(pattern, file, line, path))
    return [str(path) for path in inside if path.is_file()]


def _leaves(pattern: str, file: str, line: int, root: Path) -> Problem:
    return Problem(
        file,
        line,
        Text(
            f'include "{pattern}" ra ngoài thư mục của sổ: sổ không đầy đủ',
            f'include "{pattern}" leaves the folder of the book: the book is incomplete',
        ),
        Text(
            f"chép tệp vào {root} rồi include từ đó",
            f"copy the file into {root} and include it from there",
        ),
    )


def _no_file(pattern: str, file: str, line: int, path: Path) -> Problem:
    return Problem(
        file,
        line,
        Text(
            f'include "{pattern}": {path} không phải tệp thường',
            f'include "{pattern}": {path} is no regular file',
        ),
        Text(
            'nêu tệp, ví dụ include "thu-muc/*.beancount"',
            'name files, e.g. include "folder/*.beancount"',
        ),
    )


def _line_of(file: str, words: str) -> int:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for number, line in enumerate(lines_of(Path(file).read_text("utf-8")), 1):
            if words in line:
                return number
    return 0


def _parse_problems(errors: list[Any], file: str) -> list[Problem]:
    """What Beancount could not read, one problem a line: a slip makes further errors after it."""
    if not errors:
        return []
    lines = Path(file).read_text("utf-8").split("\n")
    problems: dict[tuple[str, int], Problem] = {}
    quote = unclosed_quote(lines)
    for error in errors:
        source = error.source or {}
        name, line = source.get("filename") or file, int(source.get("lineno") or 0)
        if quote and line >= quote.line:  # after it text and what stands between change places
            problems[file, quote.line] = Problem(file, *quote)
        elif (name, line) not in problems:
            problems[name, line] = _syntax_problem(name, line, lines, error.message)
    return list(problems.values())


def _syntax_problem(file: str, line: int, lines: list[str], message: str) -> Problem:
    repeated = repeated_key(lines, line, message)
    if repeated:
        return Problem(file, *repeated)
    words = lines[line - 1] if 0 < line <= len(lines) else ""
    return Problem(file, line, *advice(words, message))


def syntax_problems(text: str, file: str) -> list[Problem]:
    """What Beancount cannot read of a text that is to stand in a file."""
    _, errors, _ = parser.parse_string(text, report_filename=file)
    return [
        Problem(
            file, int((error.source or {}).get("lineno") or 0), Text(error.message, error.message)
        )
        for error in errors
    ]


def _own_error(error: Any, main: str) -> BeanError:  # noqa: ANN401  # Beancount's errors
    source = error.source or {}
    file = source.get("filename")
    known = isinstance(file, str) and not file.startswith("<")
    if not known:
        return BeanError(main, 1, error.message)
    line = _line_of_posting(error) or int(source.get("lineno") or 0)
    return BeanError(str(file), line, error.message)


_ON_ACCOUNT: Final = re.compile(
    r"Invalid (?:reference to \w+ account|currency \S+ for account) '(?P<account>[^']+)'"
)


def _line_of_posting(error: Any) -> int:  # noqa: ANN401  # Beancount's errors
    """The line of the posting that an error is about; 0 where it is about a whole entry."""
    match = _ON_ACCOUNT.match(error.message)
    if match is None or type(error.entry) is not data.Transaction:
        return 0
    lines = (
        posting.meta.get("lineno")
        for posting in error.entry.postings
        if posting.account == match["account"] and posting.meta
    )
    return next((line for line in lines if type(line) is int), 0)
