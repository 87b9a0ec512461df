"""Who the other side of a movement is, among the parties of a book (đối tượng).

Banks print a name in capitals, without marks, cut short or inside the remittance text, so that a
name is found by its words. Only a tax code, or the whole of a name that one party bears, says for
certain who it is: «Minh Họa 3» is not «Minh Họa», and «Minh Hoàng» is not «Minh Hoà».
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.cells import unmarked

if TYPE_CHECKING:
    from collections.abc import Mapping

_CODE: Final = re.compile(r"\b\d{10}(?:-\d{3})?\b|\b\d{12}\b")
_WORD: Final = re.compile(r"[^\W_]+")
# What a firm is: some write it out, some shorten it, some leave it away.
_FORMS: Final = {
    "cong ty": "",
    "cty": "",
    "ct": "",
    "ctcp": "cp",
    "trach nhiem huu han": "tnhh",
    "tnhh": "tnhh",
    "co phan": "cp",
    "cp": "cp",
    "mot thanh vien": "mtv",
    "1 thanh vien": "mtv",
    "mtv": "mtv",
    "hai thanh vien tro len": "",
    "doanh nghiep tu nhan": "dntn",
    "dntn": "dntn",
    "hop tac xa": "htx",
    "htx": "htx",
    "ho kinh doanh": "hkd",
    "hkd": "hkd",
}
_FORM_WORD: Final = re.compile(rf"(?:{'|'.join(sorted(_FORMS, key=len, reverse=True))}) ")
_FORM: Final = re.compile(rf"(?:{_FORM_WORD.pattern})+")
_SHORTEST: Final = 6  # letters; a shorter name is a word that other texts use


class OtherSide(NamedTuple):
    """A party of the book that a movement seems to be with.

    Attributes:
        code: its tax code.
        sure: whether the movement says so for certain: by the code, or by the whole name.
    """

    code: str
    sure: bool


class _Spelling(NamedTuple):
    """Words as they are compared.

    Attributes:
        plain: without their marks, as banks print them.
        marked: with them, wherever in its word a mark is typed.
    """

    plain: tuple[str, ...]
    marked: tuple[str, ...]

    def part(self, first: int, last: int | None = None) -> _Spelling:
        """Some of the words."""
        return _Spelling(self.plain[first:last], self.marked[first:last])

    def without_form(self) -> _Spelling:
        """The name alone, without what kind of firm bears it."""
        first = len(self._form_words().split())
        return self.part(first) if self.plain[first:] else self

    def form(self) -> frozenset[str]:
        """What kind of firm bears it, as short words; empty where that is not printed."""
        words = _FORM_WORD.findall(self._form_words())
        return frozenset(_FORMS[word.strip()] for word in words) - {""}

    def _form_words(self) -> str:
        found = _FORM.match(" ".join(self.plain) + " ")
        return found[0] if found else ""

    def printed_as(self, printed: _Spelling) -> bool:
        """Whether a printed name is this one, marks and all where it has any."""
        return printed.plain == self.plain and printed.marked in {printed.plain, self.marked}

    def stands_in(self, printed: _Spelling) -> bool:
        """Whether these words stand in others, one after the other."""
        return any(
            self.printed_as(printed.part(at, at + len(self.plain)))
            for at, word in enumerate(printed.plain)
            if word == self.plain[0]
        )


class Parties:
    """The parties of a book, found by what statements print of them."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the parties.

        Args:
            names: by tax code.
        """
        self._whole = {code: _spelling(name) for code, name in names.items()}
        self._bare = {code: own.without_form() for code, own in self._whole.items() if own.plain}
        self._by_words: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        self._by_first: defaultdict[str, list[str]] = defaultdict(list)
        for code, own in self._bare.items():
            self._by_words[own.plain].append(code)
            if sum(map(len, own.plain)) >= _SHORTEST:
                self._by_first[own.plain[0]].append(code)

    def named_in(self, name: str, text: str) -> OtherSide | None:
        """The party that a movement names; None where it names none, or several alike.

        Args:
            name: of the other side, as the statement prints it; empty where it prints none.
            text: the remittance text.
        """
        for code in _CODE.findall(f"{name} {text}"):
            if code in self._whole:
                return OtherSide(code, sure=True)
        printed = _spelling(name)
        if bearer := self._bearer(printed):
            return OtherSide(bearer, sure=True)
        inside = self._inside(printed) or self._inside(_spelling(text))
        return OtherSide(inside, sure=False) if inside else None

    def _bearer(self, printed: _Spelling) -> str:
        """The only party of a name and form; a name printed without a form is of any."""
        bare, form = printed.without_form(), printed.form()
        alike = [
            code
            for code in self._by_words.get(bare.plain, ())
            if self._bare[code].printed_as(bare) and _of_one_form(self._whole[code].form(), form)
        ]
        return _only([c for c in alike if self._whole[c].printed_as(printed)]) or _only(alike)

    def _inside(self, printed: _Spelling) -> str:
        """The party with the longest of the names that stand in a text."""
        begun = {code for word in printed.plain for code in self._by_first.get(word, ())}
        standing = [code for code in begun if self._bare[code].stands_in(printed)]
        longest = max((len(self._bare[code].plain) for code in standing), default=0)
        return _only([code for code in standing if len(self._bare[code].plain) == longest])


def _of_one_form(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or one == other


def _only(codes: list[str]) -> str:
    return codes[0] if len(codes) == 1 else ""


def _spelling(text: str) -> _Spelling:
    words = _WORD.findall(unicodedata.normalize("NFC", text.casefold()))
    return _Spelling(tuple(map(unmarked, words)), tuple(map(_marked, words)))


def _marked(word: str) -> str:
    """A word with its marks behind it, so that «hoà» and «hòa» are one."""
    marks = sorted(
        mark for mark in unicodedata.normalize("NFD", word) if unicodedata.combining(mark)
    )
    return unmarked(word) + ("đ" if "đ" in word else "") + "".join(marks)
