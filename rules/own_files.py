"""The unit's own norm and code files beside its book: which are read, and how they are written.

What an unchanged book is answered with needs the first half alone, so libraries wait for the other.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.problems import BadInputError, Problem, refusal, show_path
from ledger.store import written_beside
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rules.confirming import Confirmed

# The folder beside a book that holds the unit's own norm files.
OWN_NORMS: Final = "norms"
# And the folder that holds its own lists of the budget classification.
OWN_CODES: Final = "codes"
OWN_CODE_LIST: Final = "muc-luc-ngan-sach.yaml"
# A file that somebody took for one of them: tt29.yml, tt29.YAML, tt29.yaml.txt.
_YAML_NAME: Final = re.compile(r"^[^.].*\.ya?ml(\.\w+)?$", re.IGNORECASE)
_WIDTH: Final = 100


def own_norm_files(main: Path) -> list[Path]:
    """The norm files that stand beside a book.

    A link that leaves its folder is not followed; a folder, or a link to nothing, is no file.
    """
    return _own_files(main, OWN_NORMS)


def own_code_files(main: Path) -> list[Path]:
    """The lists of the budget classification that stand beside a book, likewise."""
    return _own_files(main, OWN_CODES)


def _own_files(main: Path, folder: str) -> list[Path]:
    root = main.parent.resolve()
    found = sorted((main.parent / folder).glob("*.yaml"))
    return [path for path in found if path.is_file() and path.resolve().is_relative_to(root)]


def named_norm_files(paths: Sequence[Path]) -> list[Path]:
    """The norm files that an auditor names: files, and those that stand in folders.

    Raises:
        BadInputError: there is no such file, or a folder holds none.
    """
    found: list[Path] = []
    for path in paths:
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not files or not all(file.is_file() for file in files):
            raise refusal(
                Text("không có tệp định mức nào ở đây", "there is no norm file here"),
                Text(
                    "nêu tệp .yaml, hoặc thư mục có tệp .yaml do «cnht norms load BẢNG -o THƯ_MỤC» "
                    "ghi",
                    "name a .yaml file, or a folder of those that “cnht norms load SHEET -o "
                    "FOLDER” wrote",
                ),
                file=str(path),
            )
        found += [file.resolve() for file in files]
    return list(dict.fromkeys(found))


def own_files_left_out(main: Path) -> list[Text]:
    """Files beside a book that are named like norms or codes and are not read."""
    return [
        Text(
            f"không đọc {show_path(str(path))}: chỉ đọc tệp .yaml nằm ngay trong {folder}/",
            f"not read: {show_path(str(path))}; only .yaml files of {folder}/ itself are",
        )
        for folder in (OWN_NORMS, OWN_CODES)
        for path in _unread(main, folder)
    ]


def _unread(main: Path, folder: str) -> list[Path]:
    """What looks like YAML in a folder and is not read: another ending, a folder below, a link."""
    read, beside = set(_own_files(main, folder)), main.parent / folder
    found = sorted([*beside.glob("*"), *beside.glob("*/*")])
    return [path for path in found if _YAML_NAME.search(path.name) and path not in read]


def write_own_norms(
    folder: Path, files: Sequence[Confirmed], *, overwrite: bool, there: Sequence[Path]
) -> list[Path]:
    """Write norm files of a unit or an auditor, once the law loads with them.

    Args:
        folder: that holds them; made where it is not there.
        files: to be written.
        overwrite: replace those of the same name.
        there: those that stand in the folder.

    Returns:
        The files written.

    Raises:
        BadInputError: a file is there already and is not to be overwritten, or the law does not
            load with the new files; nothing is written.
    """
    wanted = {folder / one.name: as_yaml(one.content) for one in files}
    if not overwrite:
        refuse_existing(list(wanted))
    _try_out(wanted, there)
    folder.mkdir(parents=True, exist_ok=True)
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
    import yaml  # noqa: PLC0415  # not needed where nothing is written

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
    from rules.law import load_law, shipped_packs  # noqa: PLC0415  # pydantic; as above

    replaced = {path.resolve() for path in wanted}
    kept = [path for path in own if path.resolve() not in replaced]
    with tempfile.TemporaryDirectory() as folder:
        staged = []
        for path, text in wanted.items():
            staged.append(Path(folder) / path.name)
            staged[-1].write_text(text, "utf-8")
        load_law(shipped_packs(), [*kept, *staged])
