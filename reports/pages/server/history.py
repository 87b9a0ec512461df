"""Every version of a file that was saved is kept: a commit, or a dated copy (lưu các bản cũ).

A repository that came with a book is data too. Its hooks, filters and monitors would run programs
of its choosing, so the commit is put together from git's plain object commands, which run none.
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
    blob = _git(folder, "hash-object", "-w", "--no-filters", str(path))
    known = _git(folder, "ls-tree", "--full-tree", head, "--", name).split()
    mode = known[0] if known else "100644"
    if len(known) > 2 and known[2] == blob:  # noqa: PLR2004  # mode, type, object, name
        return True
    entry = ("update-index", "--add", "--cacheinfo", f"{mode},{blob},{name}")
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        _git(folder, "read-tree", head, **index)
        _git(folder, *entry, **index)
        tree = _git(folder, "write-tree", **index)
    author = {
        "GIT_AUTHOR_NAME": who,
        "GIT_AUTHOR_EMAIL": "cnht@localhost",
        "GIT_COMMITTER_NAME": who,
        "GIT_COMMITTER_EMAIL": "cnht@localhost",
    }
    made = _git(folder, "commit-tree", tree, "-p", head, "-m", message, **author)
    _git(folder, "update-ref", "HEAD", made, head)
    with contextlib.suppress(subprocess.SubprocessError):  # a lock held by the user's own git
        _git(folder, *entry)
    return True


def _git(folder: Path, *words: str, **more: str) -> str:
    settings = [part for key, value in _SAFE for part in ("-c", f"{key}={value}")]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    done = subprocess.run(  # noqa: S603  # git's own commands over a file of the book
        ["git", *settings, *words],  # noqa: S607  # the user's own git
        cwd=folder,
        env={**environment, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **more},
        capture_output=True,
        check=True,
        timeout=_LONGEST,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout.decode("utf-8").strip()
