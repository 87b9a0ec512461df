"""Write new entries into a book as a careful person would: the right file, its form, its order.

What writes into a book (imports, entry pages) makes ``New…`` values, asks for the ``Changes`` that
they mean, and writes those: all files or none. Nothing that stands in the book is touched.
"""

from __future__ import annotations

import bisect
import contextlib
import datetime as dt
import re
import stat
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.location import HEADING, INCLUDE
from ledger.problems import BadInputError, Problem
from ledger.store import fresh_beside
from ledger.system import reason
from ledger.text import Text, composed, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Value = str | int | bool | dt.date

_CURRENCY: Final = "VND"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MONTH_FILE: Final = re.compile(r"(\d{4})-(\d{2})\.beancount")
_CLOSING_FILE: Final = "{year}-chinh-ly.beancount"
_DATED: Final = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})\s+(\S+)(?:\s+\"([^\"]*)\")?")
_POSTING: Final = re.compile(
    r"^(?P<indent>[ \t]+)(?:[!*] )?[A-Z][\w-]*(?::[\w-]+)+ +(?P<number>-?\d[\d,]*) +VND",
    re.MULTILINE,
)
# Where a new book has its declarations, by their sorts; one that has some goes on where they are.
_DECLARED_IN: Final = {
    "party": "parties.beancount",
    "contract": "contracts.beancount",
    **dict.fromkeys(("event", "support", "acceptance", "output"), "events.beancount"),
}
_OUTSIDE: Final = Text(
    "tệp đã có nhưng sổ không nêu nó, nên không biết có gì trong đó; chưa ghi gì",
    "the file is there and the book does not include it, so what it holds is unknown",
)
_INCLUDE_IT: Final = Text(
    "thêm dòng include tệp này vào sổ nếu nó là phần của sổ, không thì đổi tên nó, rồi chạy lại",
    "include it if it is part of the book, else rename it, then run again",
)


class NewPosting(NamedTuple):
    """A posting to be written; the amount is VND."""

    account: str
    amount: int
    meta: Mapping[str, Value] = {}


class NewTransaction(NamedTuple):
    """A transaction to be written; ``flag`` is ``*``, or ``!`` where a person must look at it."""

    date: dt.date
    flag: str
    payee: str
    narration: str
    meta: Mapping[str, Value]
    postings: tuple[NewPosting, ...]


class NewCustom(NamedTuple):
    """A declaration to be written."""

    date: dt.date
    type: str
    values: tuple[Value, ...]
    meta: Mapping[str, Value]


class NewDocument(NamedTuple):
    """A ``document`` directive to be written; ``path`` is relative to the book's folder."""

    date: dt.date
    account: str
    path: str
    meta: Mapping[str, Value]


class NewOpen(NamedTuple):
    """An account to be opened."""

    date: dt.date
    account: str
    meta: Mapping[str, Value]


NewEntry = NewTransaction | NewCustom | NewDocument | NewOpen


class Style(NamedTuple):
    """How a file is set.

    Attributes:
        end: the column, from 1, in which the last digit of an amount stands.
        commas: whether thousands are parted by commas.
        indent: what postings begin with.
        newline: what lines end with.
    """

    end: int = 70
    commas: bool = True
    indent: str = "  "
    newline: str = "\n"


class Change(NamedTuple):
    """A file as it will be.

    Attributes:
        path: absolute.
        before: its bytes now; None where it is new.
        after: its bytes then.
        added: how many entries it gains.
    """

    path: Path
    before: bytes | None
    after: bytes
    added: int


class Copy(NamedTuple):
    """A file to be kept beside the book; ``target`` is relative to the book's folder."""

    content: bytes
    target: str


def style_of(text: str, otherwise: Style | None = None) -> Style:
    """The style that most postings of a text have; another where it has none."""
    otherwise = otherwise or Style()
    lines, returns = text.count("\n"), text.count("\r\n")
    newline = ("\r\n" if 2 * returns > lines else "\n") if lines else otherwise.newline
    found = list(_POSTING.finditer(text))
    if not found:
        return otherwise._replace(newline=newline)
    ends = Counter(match.end("number") - match.start() for match in found)
    long = [match["number"] for match in found if len(match["number"].strip("-")) > 3]  # noqa: PLR2004  # thousands
    commas = not long or 2 * sum("," in number for number in long) >= len(long)
    return Style(
        end=ends.most_common(1)[0][0],
        commas=commas,
        indent=Counter(match["indent"] for match in found).most_common(1)[0][0],
        newline=newline,
    )


def entry_text(entry: NewEntry, style: Style) -> str:
    r"""An entry as it stands in a book, lines parted by ``\\n``, without a line end."""
    match entry:
        case NewTransaction():
            payee = f"{_quoted(entry.payee)} " if entry.payee else ""
            head = f"{entry.date} {entry.flag} {payee}{_quoted(entry.narration)}"
        case NewCustom():
            words = " ".join(_written(value) for value in entry.values)
            head = f'{entry.date} custom "{entry.type}" {words}'
        case NewDocument():
            head = f"{entry.date} document {entry.account} {_quoted(entry.path, spelled=True)}"
        case NewOpen():
            head = f"{entry.date} open {entry.account} {_CURRENCY}"
    lines = [head, *_meta_lines(entry.meta, style.indent)]
    if isinstance(entry, NewTransaction):
        for posting in entry.postings:
            lines.append(_posting_line(posting, style))
            lines += _meta_lines(posting.meta, style.indent * 2)
    return "\n".join(lines)


def _posting_line(posting: NewPosting, style: Style) -> str:
    number = f"{posting.amount:,}" if style.commas else str(posting.amount)
    start = f"{style.indent}{posting.account}"
    gap = max(2, style.end - len(start) - len(number))
    return f"{start}{' ' * gap}{number} {_CURRENCY}"


def _meta_lines(meta: Mapping[str, Value], indent: str) -> list[str]:
    return [f"{indent}{key}: {_written(value)}" for key, value in meta.items() if value != ""]


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, (int, dt.date)) else _quoted(value)


def _quoted(text: str, *, spelled: bool = False) -> str:
    """Text between quotes: one line, nothing that ends the string.

    Args:
        text: what it says.
        spelled: leave marks as they are typed, as names of files have them; else in one spelling.
    """
    line = _CONTROL.sub(" ", text if spelled else composed(text)).strip()
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def changes_for(main: Path, files: Sequence[str], entries: Iterable[NewEntry]) -> list[Change]:
    """What writing entries would change in a book.

    Args:
        main: the top file.
        files: every file of the book, absolute, as reading it gave them.
        entries: what is new.

    Raises:
        BadInputError: a file cannot be read, or would no longer be a book.
    """
    plan = _Plan(main, [Path(file) for file in files])
    for entry in entries:
        plan.add(entry)
    changes = plan.changes()
    _require_syntax(changes)
    return changes


def write_changes(
    changes: Sequence[Change], copies: Sequence[Copy] = (), root: Path | None = None
) -> None:
    """Write every change and copy, or leave everything as it was.

    All is written beside the files, what they hold now too, before any is replaced: a full disk
    fails while nothing has changed, and going back needs no room.

    Raises:
        BadInputError: a file has changed since, cannot be written, or a copy would leave the
            book's folder.
    """
    _require_unchanged(changes)
    # What is included before what includes it: a reader never meets a name without its file.
    ordered = sorted(changes, key=lambda change: change.before is not None)
    with contextlib.ExitStack() as stack:
        ready = [_ready(one, stack) for one in (*_kept(copies, root), *ordered)]
        done: list[_Ready] = []
        try:
            for one in ready:
                with _told(one.path):
                    one.fresh.replace(one.path)
                done.append(one)
        except BaseException as error:
            left = [one.path for one in reversed(done) if not one.is_back()]
            if left:
                raise _half_written(left) from error
            raise


def _require_unchanged(changes: Iterable[Change]) -> None:
    for change in changes:
        now = change.path.read_bytes() if change.path.is_file() else None
        if now != change.before:
            raise _refused(
                change.path,
                Text("tệp đã đổi trong lúc nhập", "the file changed meanwhile"),
                Text("chạy lại lệnh", "run the command again"),
            )


class _Ready(NamedTuple):
    """A file about to be replaced: what will stand there, and what stands there now, if any."""

    path: Path
    fresh: Path
    old: Path | None

    def is_back(self) -> bool:
        """Put what stood there back; False where the system refuses even that."""
        try:
            if self.old is None:
                self.path.unlink(missing_ok=True)
            else:
                self.old.replace(self.path)
        except OSError:
            return False
        return True


def _ready(change: Change, stack: contextlib.ExitStack) -> _Ready:
    path = change.path.resolve()

    def beside(content: bytes) -> Path:
        fresh = stack.enter_context(fresh_beside(path))
        fresh.write_bytes(content)
        if path.exists():
            fresh.chmod(stat.S_IMODE(path.stat().st_mode))
        return fresh

    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return _Ready(
            path,
            beside(change.after),
            None if change.before is None else beside(change.before),
        )


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system refuses, as a message that says that the book is as it was."""
    try:
        yield
    except OSError as error:
        why = reason(error)
        raise _refused(
            path,
            Text(
                f"không ghi được: {why.vi}; sổ giữ nguyên như trước khi chạy lệnh",
                f"cannot be written: {why.en}; the book is as it was before",
            ),
            Text(
                "cho phép ghi vào tệp và thư mục của sổ, rồi chạy lại",
                "allow writing to the file and folder, then run again",
            ),
        ) from error


def _half_written(left: Sequence[Path]) -> BadInputError:
    """The system refused to go on and to go back: which files hold the new entries."""
    remedy = Text(
        "bỏ phần mới thêm ở tệp này (bản cũ ở .cnht/ban-luu hoặc git), rồi chạy lại",
        "take out what is new there (older copies are in .cnht/ban-luu or git), then run again",
    )
    text = Text(
        "đã ghi phần mới mà không ghi được các tệp khác, cũng không trả lại được như cũ",
        "holds the new entries though others could not be written, and could not be put back",
    )
    return BadInputError([Problem(str(path), 0, text, remedy) for path in left])


def _kept(copies: Iterable[Copy], root: Path | None) -> Iterator[Change]:
    """The files of copies that are not there already."""
    if root is None:
        return
    found: dict[Path, Change] = {}
    for copy in copies:
        target = (root / copy.target).resolve()
        if not target.is_relative_to(root.resolve()):
            raise _refused(
                target,
                Text("ra ngoài thư mục của sổ", "outside the book's folder"),
                Text("đổi tên tệp", "rename the file"),
            )
        if not target.exists():
            found.setdefault(target, Change(target, None, copy.content, 0))
    yield from found.values()


def _refused(path: Path, text: Text, remedy: Text) -> BadInputError:
    return BadInputError([Problem(str(path), 0, text, remedy)])


class _Directive(NamedTuple):
    """Where a dated directive of a file begins, its comment above included."""

    line: int
    date: dt.date
    word: str
    name: str


class _File:
    """A file of the book with what is to be put into it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before = path.read_bytes() if path.is_file() else None
        self.text = (self.before or b"").decode("utf-8")
        self.lines = lines_of(self.text)
        self.directives = list(_directives(self.lines))
        self.new: list[NewEntry] = []
        self.includes: list[str] = []

    def changed(self, style: Style) -> Change | None:
        """The file with its new entries; None where there are none."""
        if not self.new and not self.includes:
            return None
        added: dict[int, list[str]] = {}
        dates, firsts = self._first_lines_from()
        for entry in sorted(self.new, key=lambda entry: entry.date):
            line = firsts[bisect.bisect_right(dates, entry.date)]
            added.setdefault(line, []).append(entry_text(entry, style))
        end = style.newline.removesuffix("\n")  # old lines keep theirs
        lines = _merged(self.lines, added, end)
        for name in self.includes:
            lines.insert(_include_line(lines, name), f'include "{name}"{end}')
        return Change(self.path, self.before, ("\n".join(lines) + "\n").encode(), len(self.new))

    def _first_lines_from(self) -> tuple[list[dt.date], list[int]]:
        """Days of directives in order, and the first line of those of each day and after it."""
        ordered = sorted(self.directives, key=lambda directive: directive.date)
        firsts = [len(self.lines)]
        for directive in reversed(ordered):
            firsts.append(min(firsts[-1], directive.line))
        return [directive.date for directive in ordered], firsts[::-1]


def _merged(lines: list[str], added: Mapping[int, list[str]], end: str) -> list[str]:
    """The lines of a file with new entries before some of them, each of their lines ended so."""
    result: list[str] = []
    for number in range(len(lines) + 1):
        for text in added.get(number, ()):
            if result and result[-1].strip():
                result.append(end)
            result += [*(f"{line}{end}" for line in text.split("\n")), end]
        if number < len(lines):
            result.append(lines[number])
    while result and not result[-1].strip():
        result.pop()
    return result


def _directives(lines: Sequence[str]) -> Iterator[_Directive]:
    """Dated lines that begin a directive; lines inside a string of several lines do not."""
    inside = False
    for number, line in enumerate(lines):
        found = None if inside else _DATED.match(line)
        if found:
            with contextlib.suppress(ValueError):
                date = dt.date(int(found[1]), int(found[2]), int(found[3]))
                above = number
                while above and lines[above - 1].startswith(";"):
                    above -= 1
                yield _Directive(above, date, found[4], found[5] or "")
        inside = _inside_after(line, inside=inside)


def _inside_after(line: str, *, inside: bool) -> bool:
    """Whether a string is still open at the end of a line; headings hold no strings."""
    if not inside and HEADING.match(line):
        return False
    escaped = False
    for letter in line:
        if escaped:
            escaped = False
        elif inside and letter == "\\":
            escaped = True
        elif letter == '"':
            inside = not inside
        elif letter == ";" and not inside:
            break
    return inside


def _include_line(lines: Sequence[str], name: str) -> int:
    """Where an include belongs: after the last one that sorts before it, else after the last."""
    found = [
        (number, match[1]) for number, line in enumerate(lines) if (match := INCLUDE.match(line))
    ]
    alike = [number for number, other in found if _MONTH_FILE.fullmatch(other) and other < name]
    last = alike or [number for number, _ in found]
    return last[-1] + 1 if last else len(lines)


class _Plan:
    """The files of a book and which of them gains what."""

    def __init__(self, main: Path, paths: Sequence[Path]) -> None:
        self.main = main.resolve()
        try:
            self.files = {path: _File(path) for path in paths}
        except UnicodeDecodeError as error:
            raise _refused(
                main,
                Text(f"tệp không phải UTF-8: {error}", f"a file is no UTF-8: {error}"),
                Text("lưu lại dạng UTF-8", "save it as UTF-8"),
            ) from error
        # Of files of one name, the one nearest the top file.
        nearest = sorted(self.files, key=lambda path: len(path.parts))
        self._by_name = {path.name: path for path in reversed(nearest)}
        self._homes: dict[tuple[str, str], Path | None] = {}
        months = [path for path in nearest if _MONTH_FILE.fullmatch(path.name)]
        self._months = months[0].parent if months else None
        every = "\n".join(file.text for file in self.files.values())
        self.style = style_of(every)

    def add(self, entry: NewEntry) -> None:
        """Put an entry into the file that it belongs in."""
        self._file(self._path_of(entry)).new.append(entry)

    def changes(self) -> list[Change]:
        """The files that change."""
        changed = (file.changed(style_of(file.text, self.style)) for file in self.files.values())
        return [change for change in changed if change]

    def _file(self, path: Path) -> _File:
        if path not in self.files:
            if path.exists():
                raise _refused(path, _OUTSIDE, _INCLUDE_IT)
            self.files[path] = _File(path)
            self._by_name[path.name] = path
            self.files[self.main].includes.append(str(path.relative_to(self.main.parent)))
        return self.files[path]

    def _path_of(self, entry: NewEntry) -> Path:
        if isinstance(entry, NewOpen):
            return self._home("open", "") or self.main
        if isinstance(entry, NewCustom):
            own = self._by_name.get(_DECLARED_IN.get(entry.type, ""))
            home = self._home("custom", entry.type) or own
            if home:
                return home
        return self._period_file(entry)

    def _home(self, word: str, name: str) -> Path | None:
        """The file that held most directives of a sort before anything was added."""
        if (word, name) not in self._homes:
            counts = Counter(
                path
                for path, file in self.files.items()
                for directive in file.directives
                if directive.word == word and (not name or directive.name == name)
            )
            self._homes[word, name] = counts.most_common(1)[0][0] if counts else None
        return self._homes[word, name]

    def _period_file(self, entry: NewEntry) -> Path:
        folder, by_name = self.main.parent, self._by_name
        if _budget_year(entry) < entry.date.year:
            closing = by_name.get(_CLOSING_FILE.format(year=entry.date.year))
            if closing:
                return closing
        name = f"{entry.date:%Y-%m}.beancount"
        if self._months:
            return by_name.get(name, self._months / name)
        year = by_name.get(f"{entry.date:%Y}.beancount")
        if year:
            return year
        if any(d.word in {"*", "!", "txn"} for d in self.files[self.main].directives):
            return self.main
        return folder / name


def _budget_year(entry: NewEntry) -> int:
    year = entry.meta.get("budget-year")
    return year if isinstance(year, int) else entry.date.year


def _require_syntax(changes: Sequence[Change]) -> None:
    """What would not parse is a fault of ours; it is told before anything is written."""
    from ledger.beans import syntax_problems  # noqa: PLC0415  # only where something is written

    for change in changes:
        problems = syntax_problems(change.after.decode(), str(change.path))
        if problems:
            raise BadInputError(problems)
