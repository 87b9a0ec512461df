"""Methods of selecting a vendor: the words that contracts use, and the norms of each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from ledger.strict_yaml import read_yaml

_FILE: Final = Path(__file__).parent.parent / "methods.yaml"
DIRECT_AWARD: Final = "direct-award"


class Method(NamedTuple):
    """A method of selection (hình thức lựa chọn nhà thầu).

    Attributes:
        code: the key of ``methods.yaml``.
        norms: ids of its limits over time; none where the law sets no limit.
    """

    code: str
    norms: tuple[str, ...]


def method_of(words: str) -> Method | None:
    """The method that a contract's ``method`` begins with; None where it is not known."""
    text = words.strip().casefold()
    matches = [(len(word), method) for word, method in _methods() if text.startswith(word)]
    return max(matches)[1] if matches else None


@cache
def _methods() -> list[tuple[str, Method]]:
    return [
        (word.casefold(), Method(code, tuple(entry["norms"])))
        for code, entry in read_yaml(_FILE).content.items()
        for word in entry["words"]
    ]
