"""Methods of selecting a vendor: the words that contracts use, and the norms of each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.strict_yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from rules.law import Law

_FILE: Final = Path(__file__).parent.parent / "methods.yaml"
DIRECT_AWARD: Final = "direct-award"


class Method(NamedTuple):
    """A method of selection (hình thức lựa chọn nhà thầu).

    Attributes:
        code: the key of ``methods.yaml``.
        norms: ids of its limits over time; none where the law sets no limit.
        direct: whether it awards without competition up to its limit.
    """

    code: str
    norms: tuple[str, ...]
    direct: bool


def method_of(words: str) -> Method | None:
    """The method that a contract's ``method`` begins with; None where it is not known."""
    text = words.strip().casefold()
    matches = [(len(word), method) for word, method in _methods() if text.startswith(word)]
    return max(matches)[1] if matches else None


def method_words() -> tuple[str, ...]:
    """Every word for a method that a contract may begin with, in small letters."""
    return tuple(word for word, _ in _methods())


def by_method(known: pd.DataFrame) -> Iterator[tuple[Method | None, pd.DataFrame]]:
    """Contracts by their method; each text is read once."""
    column = known["method"].cat
    methods = [method_of(str(text)) for text in column.categories]
    for method in dict.fromkeys(methods):
        codes = [code for code, found in enumerate(methods) if found == method]
        rows = known[column.codes.isin(codes)]
        if len(rows):
            yield method, rows


def deciding_days(rows: pd.DataFrame, method: Method, law: Law) -> pd.Series:
    """The day whose law decides for each contract.

    A direct award goes by the day the draft contract was sent, where it is recorded; any other
    method by the day of signing.
    """
    by_draft = any(
        law.norms[norm].decided_by == "draft-sent" for norm in method.norms if norm in law.norms
    )
    return rows["draft_sent"].fillna(rows["signed"]) if by_draft else rows["signed"]


def limits_of_methods(*, direct: bool = False) -> tuple[str, ...]:
    """The norms that limit the methods, or only those that award without competition."""
    found = [method for _, method in _methods() if method.direct or not direct]
    return tuple(dict.fromkeys(norm for method in found for norm in method.norms))


@cache
def _methods() -> list[tuple[str, Method]]:
    return [
        (
            word.casefold(),
            Method(code, tuple(entry["norms"]), direct=entry.get("direct") == "true"),
        )
        for code, entry in read_yaml(_FILE).content.items()
        for word in entry["words"]
    ]
