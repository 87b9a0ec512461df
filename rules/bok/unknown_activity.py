"""BOK203: a word for a content of spending that nobody knows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ledger.text import Text, split_list
from rules.assessment import Assessment, Evidence, Verdict, passed
from rules.rows import Questioned, declared, one_family, records, text_values
from rules.rule import Rule
from rules.severity import Severity
from rules.vocabulary import activities, nearest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class UnknownActivity(Rule):
    """Nội dung chi không có trong danh mục.

    Kiểm tra gì:
        ``activity`` của giao dịch, sự kiện, khoản hỗ trợ và ``activities`` của nhiệm vụ là từ
        trong danh mục nội dung chi.

    Vì sao:
        Định mức được tra theo từ này; từ gõ nhầm thì không định mức nào áp dụng cho khoản chi.

    Ví dụ sai:
        activity: "domestic-fairs"

    Cách sửa:
        activity: "domestic-fair"
    """

    code = "BOK203"
    name = "book.unknown-activity"
    title = Text("Nội dung chi không có trong danh mục", "An unknown content of spending")
    severity = Severity.ERROR
    rests_on_law = False
    message = Text(
        "nội dung chi «{name}» không có trong danh mục; {near}",
        "the content of spending “{name}” is not in the list; {near}",
    )
    english = """What it checks:
    ``activity`` of transactions, events and supports and ``activities`` of tasks are words of the
    list of contents of spending.

Why:
    Norms are looked up by this word; under a mistyped one no norm applies.

How to put it right:
    Write a word of the list.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
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
                values={"name": word, "near": nearest(word, activities())},
                evidence=(*question.evidence, *sorted(places[book, word])),
            )
        yield from passed(_words(facts) - len(missing))


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
