"""What a rule's look at one subject rests on in the book (căn cứ của một lần kiểm tra)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import ADVANCE_FAMILIES, Family
from ledger.text import Text, dong
from reports.forms.grid import Amount
from reports.settlement.teller import Cited, Piece
from reports.settlement.trails import of_rows
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    import pandas as pd

    from reports.settlement.desk import Desk
    from rules.assessment import Assessment, Evidence

# What a subject may be of that the book declares: its word, and the frame that holds it. Postings
# name it in a column of that word.
_DECLARED: Final = {"support": "supports", "event": "events", "contract": "contracts"}
# What is looked at by content of spending: the columns that the words of the subject are of.
_CONTENT: Final = {"task": ("task", "activity"), "activity": ("activity",)}
_SHOWN_OF_A_ROW: Final = (
    *("book", "file", "line", "date", "narration"),
    *("place", "amount", "family"),
)
_MOVED: Final = Text("đã tạm ứng, đã chi", "advanced and spent")
_SHOWN: Final = Text("dòng mà quy tắc nêu", "lines that the rule shows")


def declaration_of(subject: str) -> Text:
    """The words for where a subject is declared."""
    name = subject_name(subject)
    return Text(f"khai báo {name.vi}", f"declaration of {name.en}")


def evidence_line(desk: Desk, evidence: Evidence, amount: int) -> Cited:
    """A line that a rule shows."""
    place = desk.places.of(evidence.book, evidence.file, evidence.line)
    whole = Text(f"; cả dòng {dong(evidence.amount)} đồng", f"; {evidence.amount:,} VND in all")
    more = desk.say(whole) if evidence.amount not in {0, amount} else ""
    return Cited(f"{evidence.text}{more}", place, amount)


class Grounds:
    """Leads from what a rule observed to the declaration of its subject and its postings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._declared = {word: _Named(desk.facts[of], word) for word, of in _DECLARED.items()}
        self._links: dict[tuple[str, str, int], str] = {}
        self._pieces: dict[tuple[str, str, str], list[Piece]] = {}
        self._moving = _moving(desk.postings)
        self._postings = {word: _Named(self._moving, word) for word in _DECLARED}
        self._contents: dict[str, _Named] = {}  # few books have norms by content

    def observed(self, item: Assessment) -> Amount:
        """What was observed of a subject, with the lines of the book that it was read from.

        They are its ground and need not add up to it: a norm may be one a person, or a share.
        """
        key = (item.book, item.subject, item.observed or 0)
        if key not in self._links:  # several norms may look at one figure of one subject
            pieces = self._of_subject(item) or self._of_content(item) or self._of_evidence(item)
            first = Piece(subject_name(item.subject), item.observed or 0)
            self._links[key] = self._desk.teller.link([first, *pieces], adds=False)
        return Amount(item.observed or 0, self._links[key])

    def _of_subject(self, item: Assessment) -> list[Piece]:
        """Where the subject is declared, and what was advanced and spent for it."""
        word, _, code = item.subject.partition(" ")
        name = code.split(" ")[0]
        # Several norms look at one subject.
        key = (word, item.book, name)
        if key not in self._pieces:
            self._pieces[key] = self._read(word, item.book, name)
        return self._pieces[key]

    def _read(self, word: str, book: str, name: str) -> list[Piece]:
        declared = self._declared[word].of(book, name) if word in self._declared else None
        if declared is None:
            return []
        desk, row, said = self._desk, declared.iloc[0], declaration_of(f"{word} {name}")
        pieces = [Piece(said, 0, cited=(Cited(desk.say(said), desk.place(row), 0),))]
        moved = self._postings[word].of(book, name)
        return pieces if moved is None else [*pieces, *self._moved(moved)]

    def _of_content(self, item: Assessment) -> list[Piece]:
        """What was advanced and spent for a content, of the whole year or of one task."""
        word, *named = item.subject.split(" ")
        if word not in _CONTENT:
            return []
        key = (word, item.book, " ".join(named))
        if key not in self._pieces:
            if word not in self._contents:
                self._contents[word] = _Named(self._moving, *_CONTENT[word])
            rows = self._contents[word].of(item.book, *named)
            self._pieces[key] = [] if rows is None else self._moved(rows)
        return self._pieces[key]

    def _moved(self, rows: pd.DataFrame) -> list[Piece]:
        desk, advances = self._desk, rows["family"].isin(ADVANCE_FAMILIES)
        if int(rows.loc[advances, "amount"].sum()) <= 0:
            rows = rows[~advances]  # what was settled is told by the spending
        found = of_rows(desk.teller.source, _MOVED, rows, "amount", desk.place)
        return [found._replace(amount=0)] if found.runs else []

    def _of_evidence(self, item: Assessment) -> list[Piece]:
        """The lines that the rule itself shows."""
        lines = tuple(evidence_line(self._desk, one, one.amount) for one in item.evidence)
        return [Piece(_SHOWN, 0, cited=lines)] if lines else []


def _moving(postings: pd.DataFrame) -> pd.DataFrame:
    return postings[postings["family"].isin([Family.SPENT.value, *ADVANCE_FAMILIES])]


class _Named:
    """Rows by book and what they name, in one column or several."""

    def __init__(self, rows: pd.DataFrame, *words: str) -> None:
        for word in words:
            rows = rows[rows[word] != ""]
        self._count = len(words)
        self._rows = rows[[c for c in (*_SHOWN_OF_A_ROW, *words) if c in rows]]
        named = self._rows[["book", *words]].astype(str)
        self._found = named.groupby(["book", *words]).indices if len(named) else {}

    def of(self, book: str, *names: str) -> pd.DataFrame | None:
        """The rows that name it; None where there are none."""
        found = self._found.get((book, *names[: self._count]))
        return None if found is None else self._rows.iloc[found]
