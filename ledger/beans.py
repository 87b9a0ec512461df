"""The facade over Beancount: the only module that knows its parser, loader and directives.

A book that somebody else wrote is data. Reading it runs no code of the book's choosing: the list
of plugins is filtered between parsing and running, the Python path is left alone, and nothing
outside the book's folder is read. What was left out is said.
"""

from __future__ import annotations

import contextlib
import gc
import glob
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from beancount import loader
from beancount.core import data
from beancount.core.amount import Amount
from beancount.core.data import Custom, Document, Open, Pad, Transaction
from beancount.ops import validation
from beancount.parser import booking, options, parser
from beancount.parser.grammar import DeprecatedError, ParserError, ParserSyntaxError
from beancount.parser.lexer import LexerError

from ledger import declare
from ledger.problems import BadInputError, Problem
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Document", "Open", "Pad", "Transaction"]

OUR_PLUGIN: Final = "rules.plugin"

# Each of these was read and takes no configuration, evaluates nothing and opens no file; it looks
# at the entries alone. Left out on purpose: check_commodity, check_average_cost and
# commodity_attr evaluate their configuration as Python, pedantic and auto bring check_commodity
# along, onecommodity compiles a pattern of the book's, currency_accounts rewrites postings.
PLUGINS_THAT_RUN_NOTHING: Final = frozenset(
    {
        "beancount.plugins.auto_accounts",
        "beancount.plugins.check_closing",
        "beancount.plugins.check_drained",
        "beancount.plugins.close_tree",
        "beancount.plugins.coherent_cost",
        "beancount.plugins.implicit_prices",
        "beancount.plugins.leafonly",
        "beancount.plugins.noduplicates",
        "beancount.plugins.nounused",
        "beancount.plugins.sellgains",
        "beancount.plugins.unique_prices",
        "fava.plugins.link_documents",
        "fava.plugins.tag_discovered_documents",
    }
)

_CANNOT_PARSE = (ParserError, ParserSyntaxError, DeprecatedError, LexerError)
_DOTTED_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{3}){2,}(?![\d.])")
_PADDING_FLAG = "P"


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
        left_out: what of the book was not obeyed.
    """

    main: str
    entries: list[Any]
    errors: list[BeanError]
    files: tuple[str, ...]
    patterns: tuple[tuple[str, str], ...]
    document_folders: tuple[str, ...]
    left_out: tuple[Text, ...]


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
        main: an absolute path, as ``find_book`` gives it.
        allow_plugins: run every plugin that the book names; only for a book one trusts.

    Raises:
        BadInputError: a file does not parse or is missing, or an include leaves the folder.
    """
    with collector_off():
        parsed = _parse(main)
        if parsed.problems:
            raise BadInputError(parsed.problems)
        left_out = [] if allow_plugins else _filter_options(parsed.options, main.parent)
        left_out += _left_to_fava(parsed.entries)
        entries, errors = booking.book(parsed.entries, parsed.options)
        entries, errors = loader.run_transformations(entries, errors, parsed.options, None)
        errors += validation.validate(entries, parsed.options)
    return Book(
        main=str(main),
        entries=without_padding(entries),
        errors=[_own_error(error, str(main)) for error in errors],
        files=tuple(sorted(parsed.files)),
        patterns=tuple(parsed.patterns),
        document_folders=tuple(parsed.options["documents"]),
        left_out=tuple(left_out),
    )


def without_padding(entries: Sequence[Any]) -> list[Any]:
    """Entries without the transactions that ``pad`` made up."""
    return [
        entry
        for entry in entries
        if not (type(entry) is Transaction and entry.flag == _PADDING_FLAG)
    ]


class _Parsed(NamedTuple):
    entries: list[Any]
    options: dict[str, Any]
    problems: list[Problem]
    files: list[str]
    patterns: list[tuple[str, str]]


def _parse(main: Path) -> _Parsed:
    """Parse the top file and what it includes, as Beancount does, but never leave the folder."""
    parsed = _Parsed([], {}, [], [], [])
    waiting = [str(main)]
    while waiting:
        file = waiting.pop(0)
        if file in parsed.files:
            continue
        parsed.files.append(file)
        entries, errors, found = _parse_one(file, parsed.problems)
        parsed.entries.extend(entries)
        parsed.problems.extend(_parse_problem(error, file) for error in errors)
        if not parsed.options:
            parsed.options.update(found)
        for pattern in found["include"]:
            waiting += _included(pattern, file, main.parent, parsed)
    parsed.entries.sort(key=data.entry_sortkey)
    parsed.options["include"] = sorted(parsed.files)
    return parsed


def _parse_one(file: str, problems: list[Problem]) -> tuple[list[Any], list[Any], dict[str, Any]]:
    try:
        entries, errors, found = parser.parse_file(file)
    except (OSError, UnicodeDecodeError) as error:
        problems.append(
            Problem(
                file,
                0,
                Text(f"không đọc được tệp: {error}", f"the file cannot be read: {error}"),
                Text("lưu tệp dưới dạng UTF-8", "save the file as UTF-8"),
            )
        )
        return [], [], {**options.OPTIONS_DEFAULTS, "include": []}
    return entries, errors, found


def _included(pattern: str, file: str, root: Path, parsed: _Parsed) -> list[str]:
    """Files that an include pattern matches; what it may not match becomes a problem."""
    folder = str(Path(file).parent)
    search = pattern if Path(pattern).is_absolute() else str(Path(folder) / pattern)
    matched = sorted(glob.glob(search, recursive=True))  # noqa: PTH207  # Beancount's own rule
    parsed.patterns.append((folder, pattern))
    line = _line_of(file, f'"{pattern}"')
    if not matched:
        parsed.problems.append(
            Problem(
                file,
                line,
                Text(
                    f'include "{pattern}": không có tệp nào khớp',
                    f'include "{pattern}": no file matches',
                ),
                Text("sửa tên tệp, hoặc bỏ dòng include", "mend the name, or drop the line"),
            )
        )
    inside = []
    for name in matched:
        path = Path(name).resolve()
        if path.is_relative_to(root):
            inside.append(str(path))
            continue
        parsed.problems.append(
            Problem(
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
        )
    return inside


def _line_of(file: str, words: str) -> int:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for number, line in enumerate(Path(file).read_text("utf-8").splitlines(), 1):
            if words in line:
                return number
    return 0


def _parse_problem(error: Any, file: str) -> Problem:  # noqa: ANN401  # Beancount's errors
    source = error.source or {}
    name, line = source.get("filename") or file, int(source.get("lineno") or 0)
    dotted = _DOTTED_THOUSANDS.search(_line(name, line))
    if dotted:
        number = dotted.group()
        return Problem(
            name,
            line,
            Text(
                f"không đọc được «{number}»: dấu chấm không dùng để tách hàng nghìn trong sổ",
                f"“{number}” cannot be read: dots do not part thousands in a book",
            ),
            Text(
                f"viết {number.replace('.', '')} hoặc {number.replace('.', ',')}",
                f"write {number.replace('.', '')} or {number.replace('.', ',')}",
            ),
        )
    return Problem(
        name,
        line,
        Text(
            f"không đúng cú pháp Beancount: {error.message}",
            f"not the syntax of Beancount: {error.message}",
        ),
    )


def _line(file: str, number: int) -> str:
    with contextlib.suppress(OSError, UnicodeDecodeError, IndexError):
        return Path(file).read_text("utf-8").splitlines()[number - 1] if number else ""
    return ""


def _filter_options(found: dict[str, Any], root: Path) -> list[Text]:
    """Take out of the options what would run or read something of the book's choosing."""
    left_out = []
    kept = []
    for name, config in found["plugin"]:
        if name == OUR_PLUGIN:
            continue  # every command runs the rules itself, once
        if name in PLUGINS_THAT_RUN_NOTHING and config is None:
            kept.append((name, config))
        else:
            left_out.append(Text(f'plugin "{name}": không chạy', f'plugin "{name}": not run'))
    found["plugin"] = kept
    found["plugin_processing_mode"] = "default"
    if found["insert_pythonpath"]:
        left_out.append(Text("insert_pythonpath: không dùng", "insert_pythonpath: not obeyed"))
    found["insert_pythonpath"] = False
    inside = []
    for folder in found["documents"]:
        if (root / folder).resolve().is_relative_to(root):
            inside.append(folder)
        else:
            left_out.append(
                Text(
                    f'thư mục documents "{folder}" ở ngoài sổ: không đọc',
                    f'documents folder "{folder}" lies outside the book: not read',
                )
            )
    found["documents"] = inside
    return left_out


def _left_to_fava(entries: Sequence[Any]) -> list[Text]:
    """Directives that only Fava obeys and that would make it run code."""
    left_out = []
    for entry in entries:
        if type(entry) is not Custom:
            continue
        words = [str(value.value) for value in entry.values]
        if entry.type == "fava-extension" or (
            entry.type == "fava-option" and words[:1] == ["import-config"]
        ):
            name = f"{entry.type} {' '.join(words)}"
            left_out.append(Text(f"{name}: không dùng", f"{name}: not obeyed"))
    return left_out


def _own_error(error: Any, main: str) -> BeanError:  # noqa: ANN401  # Beancount's errors
    source = error.source or {}
    file = source.get("filename")
    known = isinstance(file, str) and not file.startswith("<")
    return BeanError(
        file if known else main, int(source.get("lineno") or 0) if known else 1, error.message
    )


def customs(entries: Sequence[Any]) -> list[declare.Custom]:
    """Every ``custom`` directive in the form that ``declare`` reads."""
    return [
        declare.Custom(
            file=entry.meta["filename"],
            line=entry.meta["lineno"],
            date=entry.date,
            type=entry.type,
            values=tuple(_cell(value.value) for value in entry.values),
            meta={
                key: _cell(value)
                for key, value in entry.meta.items()
                if key not in {"filename", "lineno"}
            },
        )
        for entry in entries
        if type(entry) is Custom
    ]


def _cell(value: Any) -> declare.Cell:  # noqa: ANN401  # whatever a book may hold
    """A metadata value; an amount in VND is its number, any other amount its text."""
    if isinstance(value, Amount):
        return value.number if value.currency == "VND" else str(value)
    return value if isinstance(value, (str, bool, Decimal)) or value is None else _other(value)


def _other(value: Any) -> declare.Cell:  # noqa: ANN401  # whatever a book may hold
    return value if hasattr(value, "isoformat") else str(value)
