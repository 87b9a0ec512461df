"""The words that books and norms share: contents of spending and units of counting."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.strict_yaml import read_yaml
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER = Path(__file__).parent


def activities() -> dict[str, Text]:
    """Every word for a content of spending (nội dung chi), with its name in both languages."""
    return _words("activities.yaml")


def units() -> dict[str, Text]:
    """Words for units of counting (đơn vị tính), with their names; a book may use others."""
    return _words("units.yaml")


def unit_name(word: str) -> Text:
    """The name of a unit; a word that is not in the list stands for itself."""
    return units().get(word, Text(word, word))


def slot_name(word: str) -> Text:
    """The name of a paper of a dossier; a word that is not in the list stands for itself."""
    return _words("slots.yaml").get(word, Text(word, word))


def subject_name(subject: str) -> Text:
    """A subject as messages print it: known words by their names.

    A subject that begins with no known word holds a narration, whose words stand as written.
    """
    heads = _words("subjects.yaml")
    first, *rest = subject.split(" ")
    if first not in heads:
        return Text(subject, subject)
    names = {**units(), **activities(), **_words("subject_words.yaml")}
    words = [heads[first], *(names.get(word, Text(word, word)) for word in rest)]
    return Text(" ".join(word.vi for word in words), " ".join(word.en for word in words))


def nearest(word: str, words: Iterable[str]) -> Text:
    """Which known words a mistyped one may stand for, or where they are listed."""
    near = difflib.get_close_matches(word, words, n=2)
    if not near:
        return Text(
            "không từ nào gần giống, xem trang Từ vựng", "no word is near; see the page of words"
        )
    names = ", ".join(f"«{name}»" for name in near)
    return Text(f"gần nhất: {names}", f"nearest: {names}".replace("«", "“").replace("»", "”"))


@cache
def _words(name: str) -> dict[str, Text]:
    content = read_yaml(_FOLDER / name).content
    return {word: Text(names["vi"], names["en"]) for word, names in content.items()}
