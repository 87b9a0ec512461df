"""Every version of a file that was saved is kept: a commit, or a dated copy (lưu các bản cũ).

A repository that came with a book is data too. Its hooks, filters and monitors would run programs
of its choosing, so the commit is put together from git's plain object commands, in a repository of
our own over its objects.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

# The folder beside a book that holds what the server keeps of it.
OWN_FOLDER: Final = ".cnht"
_COPIES: Final = "ban-luu"
_SAFE: Final = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.untrackedCache", "false"),
    ("gc.auto", "0"),
)
_LONGEST: Final = 20  # seconds that a git command may take


def own_folder(main: Path) -> Path:
    """The folder beside a book for accounts, log and copies; made with rights for its owner."""
    folder = main.parent / OWN_FOLDER
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        (folder / ".gitignore").write_text("*\n", "utf-8")
    return folder


class History(NamedTuple):
    """The versions of the files of one book.

    Attributes:
        main: the book's top file.
    """

    main: Path

    def before(self, path: Path, who: str) -> None:
        """Keep what a file holds before it is written.

        Raises:
            OSError: it cannot be kept, so that the file must not be written.
        """
        if not path.exists():
            return
        if not self._commit(path, "Bản trước khi sửa", who):
            self._copy(path, who)

    def after(self, path: Path, who: str) -> None:
        """Keep what was written, where versions are commits; a copy is made before each save."""
        self._commit(path, f"Sửa {path.name}", who)

    def _copy(self, path: Path, who: str) -> None:
        moment = dt.datetime.now(tz=dt.UTC).astimezone()
        safe = "".join(letter for letter in who if letter.isalnum()) or "may"
        folder = own_folder(self.main) / _COPIES / f"{moment:%Y-%m-%d}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{moment:%H%M%S%f}-{safe}-{path.name}"
        shutil.copy2(path, folder / name)

    def _commit(self, path: Path, message: str, who: str) -> bool:
        """Whether the file as it stands is in the repository's last commit, or now is.

        Only a repository that the book's own folder is the top of: a larger one has other work
        in it, and is not ours to commit to.
        """
        folder = self.main.parent
        if not (folder / ".git").exists():
            return False
        with contextlib.suppress(OSError, subprocess.SubprocessError, UnicodeError):
            return _commit(folder, path.resolve(), message, who)
        return False


def _commit(folder: Path, path: Path, message: str, who: str) -> bool:
    name = path.relative_to(folder.resolve()).as_posix()
    head = _git(folder, "rev-parse", "--verify", "HEAD")
    places = ("--show-object-format", "--git-path", "objects", "--git-path", "index")
    form, objects, index = _git(folder, "rev-parse", *places).split("\n")
    with tempfile.TemporaryDirectory() as scratch:
        apart = Path(scratch)
        _git(apart, "init", "-q", "--template=", f"--object-format={form}")
        made = _made(_Apart(apart, folder / objects), head, path, name, message, who)
        if made is None:
            return True
        entry, commit = made
        _git(folder, "update-ref", "HEAD", commit, head)
        with contextlib.suppress(OSError, subprocess.SubprocessError):  # a lock of the user's git
            _staged(_Apart(apart, folder / objects), folder / index, entry)
    return True


class _Apart(NamedTuple):
    """A repository of our own over the objects of the book's.

    The book's own settings are not read, and there are no files here to compare with an index:
    that is where git would run a filter, or fetch an object that is missing.
    """

    folder: Path
    objects: Path

    def git(self, *words: str, **more: str) -> str:
        """Run a command of git's."""
        return _git(self.folder, *words, GIT_OBJECT_DIRECTORY=str(self.objects), **more)


def _made(  # noqa: PLR0913, PLR0917  # what a commit is made of
    apart: _Apart, head: str, path: Path, name: str, message: str, who: str
) -> tuple[str, str] | None:
    """The entry of a file and the commit that holds it; None where the last one does already."""
    blob = apart.git("hash-object", "-w", "--no-filters", str(path))
    known = apart.git("ls-tree", "--full-tree", head, "--", name).split()
    mode = known[0] if known else "100644"
    if len(known) > 2 and known[2] == blob:  # noqa: PLR2004  # mode, type, object, name
        return None
    entry = f"{mode},{blob},{name}"
    apart.git("read-tree", head)
    apart.git("update-index", "--add", "--cacheinfo", entry)
    author = {
        "GIT_AUTHOR_NAME": who,
        "GIT_AUTHOR_EMAIL": "cnht@localhost",
        "GIT_COMMITTER_NAME": who,
        "GIT_COMMITTER_EMAIL": "cnht@localhost",
    }
    tree = apart.git("write-tree")
    return entry, apart.git("commit-tree", tree, "-p", head, "-m", message, **author)


def _staged(apart: _Apart, index: Path, entry: str) -> None:
    """Let the user's own index hold what was committed."""
    before = index.stat()
    apart.git("update-index", "--add", "--cacheinfo", entry, GIT_INDEX_FILE=str(index))
    # A file as young as the index is yet to be compared by git; it would pass for unchanged.
    os.utime(index, ns=(before.st_atime_ns, before.st_mtime_ns))


def _git(folder: Path, *words: str, **more: str) -> str:
    settings = [part for key, value in _SAFE for part in ("-c", f"{key}={value}")]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    own = {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CEILING_DIRECTORIES": str(folder.resolve().parent),
        "LC_ALL": "C",
    }
    done = subprocess.run(  # noqa: S603  # git's own commands over a file of the book
        ["git", *settings, *words],  # noqa: S607  # the user's own git
        cwd=folder,
        env={**environment, **own, **more},
        capture_output=True,
        check=True,
        timeout=_LONGEST,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout.decode("utf-8").strip()
