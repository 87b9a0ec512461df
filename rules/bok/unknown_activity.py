"""BOK203: a word for a content of spending that nobody knows, or another word mistyped."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text, split_list
from rules.assessment import Assessment, Evidence, Verdict, passed
from rules.pro.methods import method_of, method_words
from rules.rows import Questioned, declared, one_family, records, text_values
from rules.rule import Rule
from rules.severity import Severity
from rules.vocabulary import activities, nearest, nearly_known, roles, units

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class UnknownActivity(Rule):
    """Nội dung chi, từ khác không có trong danh mục.

    Kiểm tra gì:
        ``activity`` của giao dịch, sự kiện, khoản hỗ trợ và ``activities`` của nhiệm vụ là từ
        trong danh mục nội dung chi. Vai trò của đối tượng, đơn vị tính của sự kiện, khoản hỗ trợ
        và kết quả dự kiến có thể là từ khác; chỉ hỏi lại từ gần giống một từ của danh mục. Hình
        thức lựa chọn nhà thầu của hợp đồng không có trong danh mục thì đều hỏi lại.

    Vì sao:
        Định mức và quy tắc được tra theo các từ này; từ gõ nhầm thì không định mức, quy tắc nào áp
        dụng.

    Ví dụ sai:
        activity: "domestic-fairs"

    Cách sửa:
        activity: "domestic-fair"
    """

    code = "BOK203"
    name = "book.unknown-activity"
    title = Text("Từ không có trong danh mục", "A word that is not in the list")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "{what} «{name}» không có trong danh mục; {near}",
        "{what} “{name}” is not in the list; {near}",
    )
    english = """What it checks:
    ``activity`` of transactions, events and supports and ``activities`` of tasks are words of the
    list of contents of spending. Roles of parties and units of measure of events, supports and
    expected outputs may be other words; only one that is nearly a word of the list is asked about.
    A method of selection of a contract that is not in the list is always asked about.

Why:
    Norms and rules are looked up by these words; under a mistyped one none applies.

How to put it right:
    Write a word of the list.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an unknown word; the rest in bulk."""
        questions: dict[tuple[str, str], Questioned] = {}
        places: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
        for book, word, rows in _unknown(facts["postings"], "activity"):
            questions[book, word] = one_family(rows)
        for frame, column in _DECLARED:
            for book, word, rows in _unknown(facts[frame], column):
                text = f"{frame}.{column}"
                places[book, word] += [declared(row, text) for row in records(rows)]
        missing = sorted(questions.keys() | places.keys())
        for book, word in missing:
            question = questions.get((book, word), Questioned(0, ()))
            yield Assessment(
                f"activity {word}",
                Verdict.FAIL,
                book,
                at_issue=question.at_issue,
                values={"what": _ACTIVITY, "name": word, "near": nearest(word, activities())},
                evidence=(*question.evidence, *sorted(places[book, word])),
            )
        yield from passed(_words(facts) - len(missing))
        for kind in _KINDS:
            yield from _mistyped(facts, kind)


_ACTIVITY: Final = Text("nội dung chi", "the content of spending")


class _Words(NamedTuple):
    """A list of words that a book may go beyond.

    Attributes:
        subject: what findings call a word of it.
        name: the same in a message.
        columns: frames with the columns that hold such words.
        taken: whether a word is one of the list.
        closed: whether every word that is not in it is asked about, for a rule then cannot judge.
        known: the list.
    """

    subject: str
    name: Text
    columns: tuple[tuple[str, str], ...]
    taken: Callable[[str], bool]
    known: Callable[[], Iterable[str]]
    closed: bool = False


_KINDS: Final = (
    _Words(
        "role",
        Text("vai trò", "the role"),
        (("parties", "role"),),
        lambda word: word in roles(),
        roles,
    ),
    _Words(
        "unit",
        Text("đơn vị tính", "the unit of measure"),
        (("quantities", "unit"), ("expected_outputs", "unit")),
        lambda word: word in units(),
        units,
    ),
    _Words(
        "method",
        Text("hình thức lựa chọn nhà thầu", "the method of selection"),
        (("contracts", "method"),),
        lambda word: method_of(word) is not None,
        method_words,
        closed=True,
    ),
)


def _mistyped(facts: Facts, kind: _Words) -> Iterator[Assessment]:
    """Words nearly those of a list: they are asked about, for a book may have words of its own."""
    places: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for frame, column in kind.columns:
        table = facts[frame]
        for cell in table[column].cat.categories:
            for word in split_list(cell):
                if kind.taken(word):
                    continue
                if not kind.closed and not nearly_known(_plain(word), kind.known()):
                    continue
                for row in records(table[table[column] == cell]):
                    places[str(row.book), word].append(declared(row, f"{frame}.{column}"))
    for (book, word), evidence in sorted(places.items()):
        yield Assessment(
            f"{kind.subject} {word}",
            Verdict.FAIL,
            book,
            values={"what": kind.name, "name": word, "near": _near(word, kind)},
            evidence=tuple(sorted(evidence)),
            review=True,
        )


def _near(word: str, kind: _Words) -> Text:
    near = nearest(_plain(word), kind.known())
    if not kind.closed:
        return near
    listed = ", ".join(kind.known())
    return Text(f"{near.vi}; các từ được dùng: {listed}", f"{near.en}; words: {listed}")


def _plain(word: str) -> str:
    """A word without what follows a colon, in small letters: how lists hold it."""
    return word.split(":", maxsplit=1)[0].strip().casefold()


_DECLARED = (("events", "activity"), ("supports", "activity"), ("tasks", "activities"))


def _unknown(frame: pd.DataFrame, column: str) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Words that are not in the list: book, word, rows."""
    words = {word for cell in frame[column].cat.categories for word in split_list(cell)}
    for word in sorted(words - activities().keys()):
        cells = [cell for cell in frame[column].cat.categories if word in split_list(cell)]
        rows = frame[frame[column].isin(cells)]
        for book in sorted(text_values(rows["book"])):
            yield book, word, rows[rows["book"] == book]


def _words(facts: Facts) -> int:
    """How many different words the books use."""
    cells = [
        cell
        for frame, column in (("postings", "activity"), *_DECLARED)
        for cell in text_values(facts[frame][column])
    ]
    return len({word for cell in cells for word in split_list(cell)})
