"""The words that books and norms share: contents of spending and units of counting."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.strict_yaml import read_yaml
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER = Path(__file__).parent
_RATHER_ALIKE: Final = 0.6
# Where a book may use words of its own, only one that is nearly ours was meant to be ours.
_VERY_ALIKE: Final = 0.85


def activities() -> dict[str, Text]:
    """Every word for a content of spending (nội dung chi), with its name in both languages."""
    return _words("activities.yaml")


def units() -> dict[str, Text]:
    """Words for units of counting (đơn vị tính), with their names; a book may use others."""
    return _words("units.yaml")


def roles() -> dict[str, Text]:
    """Words for what a party is to the unit (vai trò), with their names; a book may use others."""
    return _words("roles.yaml")


def unit_name(word: str) -> Text:
    """The name of a unit; a word that is not in the list stands for itself."""
    return units().get(word, Text(word, word))


def slot_name(word: str) -> Text:
    """The name of a paper of a dossier; a word that is not in the list stands for itself."""
    return _words("slots.yaml").get(word, Text(word, word))


def tier_name(word: str) -> Text:
    """The name of a tier of a norm; a word that is not in the list stands for itself."""
    return _words("tiers.yaml").get(word, Text(word, word))


def tier_names(words: Iterable[str]) -> Text:
    """Tiers of one limit, each named once: a norm may give a word in both languages."""
    names = dict.fromkeys(map(tier_name, words))
    listed = {name.vi: name for name in reversed(names)}
    told = [name for name in names if listed[name.vi] is name]
    return Text(" / ".join(n.vi for n in told), " / ".join(n.en for n in told))


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


def nearly_known(word: str, words: Iterable[str]) -> bool:
    """Whether a word is so like a known one that it was meant to be it."""
    return bool(difflib.get_close_matches(word, words, n=1, cutoff=_VERY_ALIKE))


def nearest(word: str, words: Iterable[str]) -> Text:
    """Which known word a mistyped one may stand for, or where they are listed."""
    near = difflib.get_close_matches(word, words, n=1, cutoff=_RATHER_ALIKE)
    if not near:
        return Text(
            "không từ nào gần giống, xem docs/tu-vung.md", "no word is near, see docs/tu-vung.md"
        )
    return Text(f"gần nhất: «{near[0]}»", f"nearest: “{near[0]}”")


@cache
def _words(name: str) -> dict[str, Text]:
    content = read_yaml(_FOLDER / name).content
    return {word: Text(names["vi"], names["en"]) for word, names in content.items()}
