"""Fava's own interface in Vietnamese: its messages compiled and offered to it (bản dịch Fava)."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import fava
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ledger.store import default_folder, files_digest, written_beside

if TYPE_CHECKING:
    from flask import Flask

CODE: Final = "vi"
SOURCE: Final = Path(__file__).parent / "locale" / CODE / "LC_MESSAGES" / "messages.po"
# What Fava does not ask its catalogue for; our script puts it in.
UNMARKED: Final = SOURCE.with_name("unmarked.po")


def offer(app: Flask) -> None:
    """Let an application of Fava's answer in Vietnamese where Vietnamese is asked for."""
    if CODE not in fava.LOCALES:
        fava.LOCALES.append(CODE)
    directories = app.extensions["babel"].translation_directories
    compiled = str(_compiled())
    if compiled not in directories:
        directories.append(compiled)


@cache
def _compiled() -> Path:
    """The folder of the compiled catalogue: in the user's cache, or where that is closed, apart."""
    name = f"locale-{files_digest([SOURCE, UNMARKED])[:16]}"
    try:
        return _compile(default_folder() / name)
    except OSError:
        return _compile(Path(tempfile.mkdtemp(prefix=name)))


def _compile(folder: Path) -> Path:
    target = folder / CODE / "LC_MESSAGES" / "messages.mo"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with SOURCE.open("rb") as source, UNMARKED.open("rb") as more:
            catalogue = read_po(source, locale=CODE)
            for message in read_po(more, locale=CODE):
                if message.id and message.id not in catalogue:
                    catalogue.add(message.id, message.string)
        with written_beside(target) as fresh, fresh.open("wb") as file:
            write_mo(file, catalogue)
    return folder
