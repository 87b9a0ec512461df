"""The unit's own norm and code files beside its book: written whole, never over others unasked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from ledger.problems import BadInputError, Problem
from ledger.store import written_beside
from ledger.text import Text
from rules.checking import OWN_CODES, OWN_NORMS, own_norm_files
from rules.law import load_law, shipped_packs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rules.confirming import Confirmed

OWN_CODE_LIST: Final = "muc-luc-ngan-sach.yaml"
_WIDTH: Final = 100


def write_own_norms(main: Path, files: Sequence[Confirmed], *, overwrite: bool) -> list[Path]:
    """Write the unit's norm files beside a book, once the law loads with them.

    Returns:
        The files written.

    Raises:
        BadInputError: a file is there already and is not to be overwritten, or the law does not
            load with the new files; nothing is written.
    """
    folder = main.parent / OWN_NORMS
    wanted = {folder / one.name: as_yaml(one.content) for one in files}
    if not overwrite:
        refuse_existing(list(wanted))
    _try_out(wanted, own_norm_files(main))
    folder.mkdir(exist_ok=True)
    return write_texts(wanted)


def write_own_codes(main: Path, content: Mapping[str, Any], *, overwrite: bool) -> list[Path]:
    """Write the unit's own list of the budget classification beside a book.

    Returns:
        The file written.

    Raises:
        BadInputError: a list is there already and is not to be overwritten; nothing is written.
    """
    path = main.parent / OWN_CODES / OWN_CODE_LIST
    if not overwrite:
        refuse_existing([path])
    path.parent.mkdir(exist_ok=True)
    return write_texts({path: as_yaml(content)})


def as_yaml(content: Mapping[str, Any]) -> str:
    """Content as YAML that people read, in the order given."""
    text: str = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=_WIDTH)
    return text


def refuse_existing(paths: Sequence[Path]) -> None:
    """Stop where a file would be overwritten unasked.

    Raises:
        BadInputError: one of the files exists.
    """
    there = [path for path in paths if path.exists()]
    if there:
        text = Text("tệp này đã có, không ghi đè", "this file exists, it is not overwritten")
        remedy = Text(
            "thêm --force để thay cả tệp bằng bản mới", "give --force to replace the whole file"
        )
        raise BadInputError([Problem(str(path), 0, text, remedy) for path in there])


def write_texts(wanted: Mapping[Path, str]) -> list[Path]:
    """Write files, each whole or not at all."""
    for path, text in wanted.items():
        with written_beside(path) as fresh:
            fresh.write_text(text, "utf-8")
    return list(wanted)


def _try_out(wanted: Mapping[Path, str], own: Sequence[Path]) -> None:
    """Load the law with the files as they will stand."""
    replaced = {path.resolve() for path in wanted}
    kept = [path for path in own if path.resolve() not in replaced]
    with tempfile.TemporaryDirectory() as folder:
        staged = []
        for path, text in wanted.items():
            staged.append(Path(folder) / path.name)
            staged[-1].write_text(text, "utf-8")
        load_law(shipped_packs(), [*kept, *staged])
