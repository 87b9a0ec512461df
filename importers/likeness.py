"""What a book did with movements like a new one (học theo sổ).

Like entries are found here and not by smart_importer: that works on Beancount 3, but answers for
every row, says not why, and brings scikit-learn. Held out of the teaching book (20 movements of
the deposit account), it was right on 5 and wrong on 15; here 5 are right, 9 are left to a person,
and the 6 wrong ones name the entry that they follow and carry a flag.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.cells import unmarked
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.parties import OtherSide
    from ledger.accounts import Account

_WORD: Final = re.compile(r"[^\W_]{2,}")
_COMMON: Final = frozenset(
    (
        *("chuyen", "khoan", "tien", "thanh", "toan", "theo", "so", "ngay", "cua", "cho", "va"),
        *("hd", "hop", "dong", "cong", "ty", "tnhh", "cp", "co", "phan", "ct", "cty", "tra"),
        *("cac", "nhung", "mot", "trong", "tai", "voi", "ve", "duoc", "de", "tren", "khi", "nhu"),
        *("hay", "hoac", "do", "boi", "nay", "thi", "ma", "con", "la", "bi", "se", "da", "vao"),
        *("nop", "thang", "nam", "vnd", "ck", "tk", "kb", "kbnn", "ft", "tu", "den", "lan", "dot"),
    )
)
_ENOUGH: Final = 0.45  # share of a text's weight that an example must share with it
_AGREED: Final = 0.75  # share of the examples' weight that must say the same
_OF_PARTY: Final = 0.5  # weight of the same party, as a share of all words
_NEAR: Final = 0.8  # of the best score
_MOST_EXAMPLES: Final = 200  # of one word; a commoner word tells nothing


class Example(NamedTuple):
    """A transaction of the book as a pattern.

    Attributes:
        where: file and line.
        narration: what it says.
        kind: its kind.
        account: the account that says task, fund and sub-item.
        parts: that account taken apart.
        activity: nội dung chi.
        event: sự kiện.
        vendor: tax code of the other side.
        payee: name of the other side.
        deposit: whether it moves a deposit account.
        sign: of what it moves there.
    """

    where: str
    narration: str
    kind: str
    account: str
    parts: Account
    activity: str
    event: str
    vendor: str
    payee: str
    deposit: bool
    sign: int


class Suggestion(NamedTuple):
    """What the book suggests and why; ``sure`` where the other side is the same one."""

    example: Example
    activity: str
    why: Text
    sure: bool


class Likeness:
    """Examples by their words, weighed by how rare a word is."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Take the examples of a book, oldest first."""
        self._examples = examples
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._by_party: defaultdict[str, list[int]] = defaultdict(list)
        for number, example in enumerate(examples):
            for word in _words(f"{example.payee} {example.narration}"):
                self._by_word[word].append(number)
            if example.vendor:
                self._by_party[example.vendor].append(number)

    def match(
        self, text: str, other: OtherSide | None, *, deposit: bool, sign: int
    ) -> Suggestion | None:
        """The example that a movement follows; None where no one does, or those near disagree."""
        words, party = _words(text), other.code if other else ""
        weights = {word: self._weight(word) for word in words}
        total = sum(weights.values())
        scores: defaultdict[int, float] = defaultdict(float)
        shared: Counter[int] = Counter()
        for word, weight in weights.items():
            for number in self._by_word.get(word, ())[-_MOST_EXAMPLES:]:
                scores[number] += weight
                shared[number] += 1
        if len(words) > 1:  # one syllable of several, such as «bút» of «bút toán», tells nothing
            scores.update({number: 0.0 for number, count in shared.items() if count == 1})
        for number in self._by_party.get(party, ())[-_MOST_EXAMPLES:] if party else ():
            scores[number] += _OF_PARTY * (total or 1.0)
        fitting = {
            number: score
            for number, score in scores.items()
            if self._examples[number].deposit is deposit
            and self._examples[number].sign == sign
            and score >= _ENOUGH * (total or 1.0)
        }
        if not fitting:
            return None
        return self._agreed(fitting, words, other)

    def _agreed(
        self, fitting: dict[int, float], words: set[str], other: OtherSide | None
    ) -> Suggestion | None:
        """The best example, where those that fit as well say the same account."""
        top = max(fitting.values())
        near = {number: score for number, score in fitting.items() if score >= _NEAR * top}
        accounts: defaultdict[tuple[str, str], float] = defaultdict(float)
        for number, score in near.items():
            example = self._examples[number]
            accounts[example.account, example.kind] += score
        (account, kind), weight = max(accounts.items(), key=lambda item: item[1])
        if weight < _AGREED * sum(near.values()):
            return None
        chosen = [
            self._examples[number]
            for number in sorted(near, key=lambda n: (near[n], n), reverse=True)
            if self._examples[number].account == account and self._examples[number].kind == kind
        ]
        best = chosen[0]
        activities = {example.activity for example in chosen}
        shared = sorted(words & _words(f"{best.payee} {best.narration}"))
        reasons_vi, reasons_en = [], []
        same_party = other is not None and best.vendor == other.code
        if same_party:
            reasons_vi.append(f"cùng đối tượng {best.vendor}")
            reasons_en.append(f"same party {best.vendor}")
        if shared:
            reasons_vi.append("cùng chữ: " + " ".join(shared))
            reasons_en.append("same words: " + " ".join(shared))
        return Suggestion(
            best,
            best.activity if len(activities) == 1 else "",
            Text(
                f"như {best.where} ({'; '.join(reasons_vi)})",
                f"like {best.where} ({'; '.join(reasons_en)})",
            ),
            sure=same_party,
        )

    def _weight(self, word: str) -> float:
        count = len(self._by_word.get(word, ()))
        return math.log((len(self._examples) + 1) / (count + 1)) + 0.1


def _words(text: str) -> set[str]:
    return {
        word
        for word in _WORD.findall(unmarked(text))
        if word not in _COMMON and not word.isdecimal()
    }
