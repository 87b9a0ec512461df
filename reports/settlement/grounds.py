"""What a rule's look at one subject rests on in the book (căn cứ của một lần kiểm tra)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.accounts import ADVANCE_FAMILIES, Family
from ledger.text import Text
from reports.forms.grid import Amount
from reports.settlement.figures import relative
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
_MOVED: Final = Text("đã tạm ứng, đã chi", "advanced and spent")
_SHOWN: Final = Text("dòng mà quy tắc nêu", "lines that the rule shows")


def declaration_of(subject: str) -> Text:
    """The words for where a subject is declared."""
    name = subject_name(subject)
    return Text(f"khai báo {name.vi}", f"declaration of {name.en}")


def evidence_line(desk: Desk, evidence: Evidence, amount: int) -> Cited:
    """A line that a rule shows."""
    folder = Path(evidence.book).parent
    several = len(set(desk.facts["files"]["book"])) > 1
    place = f"{relative(evidence.file, folder)}:{evidence.line}"
    return Cited(evidence.text, f"{folder.name}/{place}" if several else place, amount)


class Grounds:
    """Leads from what a rule observed to the declaration of its subject and its postings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._declared = {word: _by_name(desk.facts[of], word) for word, of in _DECLARED.items()}
        self._postings = {word: _by_name(_moving(desk.postings), word) for word in _DECLARED}

    def observed(self, item: Assessment) -> Amount:
        """What was observed of a subject, with the lines of the book that it was read from.

        They are its ground and need not add up to it: a norm may be one a person, or a share.
        """
        amount = item.observed or 0
        pieces = [*self._of_subject(item), *self._of_evidence(item)]
        first = Piece(subject_name(item.subject), amount)
        return Amount(amount, self._desk.teller.link([first, *pieces], adds=False))

    def _of_subject(self, item: Assessment) -> list[Piece]:
        """Where the subject is declared, and what was advanced and spent for it."""
        word, _, code = item.subject.partition(" ")
        key = (item.book, code.split(" ")[0])
        declared = self._declared.get(word, {}).get(key)
        if declared is None:
            return []
        desk, row = self._desk, declared.iloc[0]
        name = declaration_of(f"{word} {key[1]}")
        pieces = [Piece(name, 0, cited=(Cited(desk.say(name), desk.place(row), 0),))]
        moved = self._postings[word].get(key)
        if moved is not None:
            found = of_rows(desk.teller.source, _MOVED, moved, "amount", desk.place)
            pieces.append(found._replace(amount=0))
        return pieces

    def _of_evidence(self, item: Assessment) -> list[Piece]:
        """The lines that the rule shows of a subject which the book does not declare."""
        if item.subject.partition(" ")[0] in self._declared:
            return []
        lines = tuple(evidence_line(self._desk, one, one.amount) for one in item.evidence)
        return [Piece(_SHOWN, 0, cited=lines)] if lines else []


def _moving(postings: pd.DataFrame) -> pd.DataFrame:
    return postings[postings["family"].isin([Family.SPENT.value, *ADVANCE_FAMILIES])]


def _by_name(rows: pd.DataFrame, word: str) -> dict[tuple[str, str], pd.DataFrame]:
    """Rows by book and what they name; without those that name nothing."""
    naming = rows[rows[word] != ""]
    return {
        (str(book), str(name)): own
        for (book, name), own in naming.groupby(["book", word], observed=True)
    }
