"""Which files an ``include`` matches, found without leaving the folder of the book.

A pattern is of the book's writing: ``/**/*`` or a linked folder must not make a command walk the
disk. So what leaves the folder is told before anything there is listed.
"""

from __future__ import annotations

import contextlib
import fnmatch
import os
import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.location import MAIN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_WILD: Final = re.compile(r"[*?[]")
_ANY_DEPTH: Final = "**"


class Matches(NamedTuple):
    """What an include pattern matches.

    Attributes:
        paths: absolute, sorted, inside the folder of the book; not all need be regular files.
        outside: whether the pattern, or a link on its way, leaves that folder.
    """

    paths: tuple[str, ...]
    outside: bool


def matches(folder: str, pattern: str, root: Path) -> Matches:
    """What a pattern matches, by Beancount's rules (``glob``, ``**`` for folders of any depth).

    Args:
        folder: where the file stands that includes; its own name is no pattern.
        pattern: as the book writes it.
        root: the folder of the book, resolved.

    Raises:
        OSError: a folder may not be listed.
    """
    parts = Path(pattern).parts
    wild = next((n for n, part in enumerate(parts) if _WILD.search(part)), len(parts))
    start = Path(folder, *parts[:wild])
    # By the words first: not even a look at a path outside (a share of a network, say).
    if not _inside(os.path.normpath(start), root) or ".." in parts[wild:]:
        return Matches((), outside=True)
    if not start.resolve().is_relative_to(root):
        return Matches((), outside=True)
    walk = _Walk(root)
    paths = walk.below(str(start), parts[wild:], ())
    return Matches(tuple(sorted(set(paths))), walk.left)


def _inside(path: str, root: Path) -> bool:
    return Path(path).is_relative_to(root)


class _Walk:
    """A walk that follows the parts of a pattern; ``left`` tells that a link led outside."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.left = False

    def below(self, path: str, parts: tuple[str, ...], above: tuple[str, ...]) -> Iterator[str]:
        """Paths that the parts match from a path on.

        Args:
            path: matched so far.
            parts: of the pattern, those to come.
            above: folders, resolved, that ``**`` went through: a link back to one is a circle.
        """
        if not parts:
            if os.path.lexists(path):
                yield path
            return
        part, *rest = parts
        if part == _ANY_DEPTH:
            yield from self._at_any_depth(path, tuple(rest) or ("*",), above)
        elif not _WILD.search(part):
            yield from self.below(str(Path(path, part)), tuple(rest), ())
        else:
            names = [name for name in self._names(path) if part[0] == "." or name[0] != "."]
            for name in fnmatch.filter(names, part):
                yield from self.below(str(Path(path, name)), tuple(rest), ())

    def _at_any_depth(
        self, path: str, parts: tuple[str, ...], above: tuple[str, ...]
    ) -> Iterator[str]:
        yield from self.below(path, parts, ())
        real = os.path.realpath(path)
        if real in above:
            return
        for name in self._names(path):
            inner = Path(path, name)
            if name[0] != "." and inner.is_dir():
                yield from self._at_any_depth(str(inner), parts, (*above, real))

    def _names(self, path: str) -> list[str]:
        """What a folder holds; nothing where it is none or lies outside."""
        try:
            if not Path(path).resolve().is_relative_to(self._root):
                self.left |= Path(path).is_dir()
                return []
            return os.listdir(path)  # noqa: PTH208  # names, as fnmatch takes them
        except (FileNotFoundError, NotADirectoryError):
            return []


# So many names of a folder are looked at and no more: a book may lie beside a whole archive.
_MOST_NAMES: Final = 50_000
_BOOK: Final = ".beancount"


class Unreached(NamedTuple):
    """Files of a book's folder that no include reaches.

    Attributes:
        names: relative to the book's folder, sorted.
        whole: whether the folder was looked through to its end.
    """

    names: tuple[str, ...]
    whole: bool


def unreached(main: Path, files: Collection[str]) -> Unreached:
    """The files below a book's folder that look like parts of it and were not read.

    Hidden folders (where copies of what was saved are kept), books of their own in folders below
    and links are passed over. A file that is a book by itself owns nothing that lies beside it.

    Args:
        main: the top file, resolved.
        files: every file read, absolute.
    """
    if main.name != MAIN and len(files) == 1:
        return Unreached((), whole=True)
    names: list[str] = []
    looked, waiting = 0, [str(main.parent)]
    while waiting and looked < _MOST_NAMES:
        folder = waiting.pop()
        inside = _listed(folder)
        looked += len(inside)
        if folder != str(main.parent) and any(entry.name == MAIN for entry in inside):
            continue
        for entry in inside:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif entry.name.endswith(_BOOK) and _is_missed(entry, files):
                names.append(str(Path(entry.path).relative_to(main.parent)))
    return Unreached(tuple(sorted(names)), whole=not waiting and looked < _MOST_NAMES)


def _is_missed(entry: os.DirEntry[str], files: Collection[str]) -> bool:
    return entry.is_file(follow_symlinks=False) and entry.path not in files


def _listed(folder: str) -> list[os.DirEntry[str]]:
    """What a folder holds, as far as the walk goes; nothing where it may not be read."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return list(islice(entries, _MOST_NAMES))
    return []
