"""Words of a unit's own norm file that nothing in the program or its book knows."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.accounts import FUNDS
from ledger.problems import Problem
from ledger.text import Text
from rules.norm import REQUIREMENTS
from rules.vocabulary import activities, nearest, nearly_known, units

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from ledger.strict_yaml import Keys, Tree
    from rules.norm import Instrument, Limit, Norm

# Ids are made of the same few parts, so that only nearly the whole of one was meant to be it.
_NEARLY_THE_SAME_ID: Final = 0.9


class Known(NamedTuple):
    """The words that an own norm file can use.

    Attributes:
        packs: that exist.
        norms: ids of the norms that ship.
        instruments: numbers of the instruments that ship.
        tiers: words by which norms that ship part their tiers.
        units: of counting that the book declares beyond the list; None where no book is at hand,
            and then units are not asked about.
    """

    packs: Collection[str]
    norms: Collection[str]
    instruments: Collection[str]
    tiers: Collection[str]
    units: Collection[str] | None


class _Word(NamedTuple):
    keys: Keys
    field: str
    word: str
    known: Collection[str]


def word_problems(tree: Tree, instrument: Instrument, known: Known) -> list[Problem]:
    """What a unit's own file names that does not exist: it would switch a norm off unseen."""
    problems = [
        _unknown(tree, word) for word in _closed(instrument, known) if word.word not in word.known
    ]
    problems += [
        _unknown(tree, word)
        for word in _open(instrument, known)
        if word.word not in word.known and nearly_known(word.word, word.known)
    ]
    problems += [
        _mistyped_id(tree, ("norms", place, "id"), norm.id, near[0])
        for place, norm in enumerate(instrument.norms)
        if norm.id not in known.norms and (near := _nearly_the_same(norm.id, known.norms))
    ]
    return sorted(problems, key=lambda problem: problem.line)


def _closed(instrument: Instrument, known: Known) -> Iterator[_Word]:
    """Words that must be of their list."""
    yield _Word(("pack",), "pack", instrument.pack, known.packs)
    for place, norm in enumerate(instrument.norms):
        at: Keys = ("norms", place)
        if norm.activity is not None:
            yield _Word((*at, "activity"), "activity", norm.activity, activities())
        yield from (_Word((*at, "funds"), "funds", fund, FUNDS) for fund in norm.funds)
        for keys, limit in _limits(at, norm):
            for activity in limit.activities:
                yield _Word((*keys, "activities"), "activities", activity, activities())
            if known.units is None:
                continue
            every = {*units(), *known.units}
            yield from (_Word((*keys, "per"), "per", word, every) for word in limit.per)
            if limit.unit is not None:
                yield _Word((*keys, "unit"), "unit", limit.unit, every)


def _open(instrument: Instrument, known: Known) -> Iterator[_Word]:
    """Words of which a unit may have its own: only one nearly of the list was meant to be it."""
    if instrument.narrows is not None:
        yield _Word(("narrows",), "narrows", instrument.narrows, known.instruments)
    for place, norm in enumerate(instrument.norms):
        for keys, limit in _limits(("norms", place), norm):
            yield from (
                _Word((*keys, "when", word), "when", word, known.tiers) for word in limit.when
            )
            if limit.requires is not None:
                yield _Word((*keys, "requires"), "requires", limit.requires, REQUIREMENTS)


def _limits(at: Keys, norm: Norm) -> Iterator[tuple[Keys, Limit]]:
    for number, value in enumerate(norm.values):
        for position, limit in enumerate(value.limits or ()):
            yield (*at, "values", number, "limits", position), limit


def _unknown(tree: Tree, word: _Word) -> Problem:
    owner = _owner(tree, word.keys)
    return Problem(
        tree.file,
        tree.line_of(word.keys),
        Text(
            f"{owner.vi}{word.field}: không có từ «{word.word}»",
            f"{owner.en}{word.field}: there is no word “{word.word}”",
        ),
        _REMEDIES.get(word.field, _nearest)(word),
    )


def _nearest(word: _Word) -> Text:
    return nearest(word.word, word.known)


def _one_of(word: _Word) -> Text:
    near, every = nearest(word.word, word.known), ", ".join(sorted(word.known))
    return Text(f"{near.vi}; đang có: {every}", f"{near.en}; there are: {every}")


def _counted(word: _Word) -> Text:
    near = nearest(word.word, word.known)
    return Text(
        f"{near.vi}; đơn vị tính riêng thì ghi số lượng bằng từ đó ở sự kiện hoặc khoản hỗ trợ "
        "của sổ",
        f"{near.en}; for a unit of your own, count by it in an event or a support of the book",
    )


_REMEDIES: Final[dict[str, Callable[[_Word], Text]]] = {
    "pack": _one_of,
    "funds": _one_of,
    "per": _counted,
    "unit": _counted,
}


def _owner(tree: Tree, keys: Keys) -> Text:
    """The id of the norm that a path of keys lies in."""
    if keys[0] != "norms":
        return Text("", "")
    norm = tree.content["norms"][keys[1]]["id"]
    return Text(f"«{norm}»: ", f"“{norm}”: ")


def _nearly_the_same(norm: str, known: Collection[str]) -> list[str]:
    return difflib.get_close_matches(norm, known, n=1, cutoff=_NEARLY_THE_SAME_ID)


def _mistyped_id(tree: Tree, keys: Keys, norm: str, near: str) -> Problem:
    return Problem(
        tree.file,
        tree.line_of(keys),
        Text(
            f"id: không có định mức «{norm}»; có phải «{near}»?",
            f"id: there is no norm “{norm}”; did you mean “{near}”?",
        ),
        Text(
            f"viết id: {near} để thay định mức có sẵn; nếu là định mức mới thì đặt mã khác hẳn",
            f"write id: {near} to replace that norm; if it is a new one, give it quite another id",
        ),
    )
