"""A norm as a finding names it: light to import, so that a stored outcome is read quickly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from ledger.text import Text
    from rules.severity import Grade


BOOK_PLAN: Final = "book-plan"  # the norm that stands for the plan which a book names itself
_OF_PLAN: Final = re.compile(r"/KH\b")


class Citation(NamedTuple):
    """A norm as a finding names it.

    Attributes:
        norm: its id.
        instrument: the number of the instrument.
        article: smallest part first, «khoản 2 Điều 12»; empty where it is not known.
        text: what it says, in our own words.
        grade: how far it is verified; None where no text in force on the day was read.
        source: where it was read.
        full_name: article and instrument as a text cites them, «khoản 2 Điều 12 Luật …».
        reader: who of the unit or of the auditors read it and answers for it; empty for what ships.
    """

    norm: str
    instrument: str
    article: str
    text: Text
    grade: Grade | None
    source: str
    full_name: str
    reader: str = ""

    @property
    def of_plan(self) -> bool:
        """Whether it is a plan (kế hoạch), which binds those who carry it out."""
        return _OF_PLAN.search(self.instrument) is not None


def from_copy(source: str) -> bool:
    """Whether a text was read in a copy that others keep, as its source says."""
    return any(word in source.casefold() for word in ("bản lưu", "bản chép"))


_INSTRUMENT: Final = re.compile(r"(?:Luật|Nghị định|Thông tư|Quyết định) \S+")
_ITEM = r"[\w.-]+(?: \([^)]*\))?(?:, (?:\d[\d.]*|[a-zđ]\b))*"
_PLACE: Final = re.compile(
    rf"(?:(?P<of>{_INSTRUMENT.pattern}|Quy chế,) )?"
    rf"(?P<head>(?:Điều|Phần) \w+)(?P<parts>(?: (?:khoản|điểm|mục) {_ITEM})*)"
)
_PART: Final = re.compile(rf"(?:khoản|điểm|mục) {_ITEM}")
_LATER: Final = re.compile(r", (?=thay bởi|sửa bởi)")


def smallest_first(article: str) -> str:
    """«Điều 26 khoản 2 điểm b», as norm files are kept in order by, the way a text cites it."""
    return _PLACE.sub(_turned, article)


def _turned(match: re.Match[str]) -> str:
    parts = reversed(_PART.findall(match["parts"]))
    of = (match["of"] or "").rstrip(",")
    return " ".join(filter(None, (*parts, match["head"], of)))


def cited(article: str, instrument: str) -> str:
    """An article and its instrument: «khoản 4 Điều 80 Nghị định …, thay bởi …».

    Args:
        article: smallest part first; empty where it is not known.
        instrument: its full name.
    """
    place, *later = _LATER.split(article, maxsplit=1)
    names_another = _INSTRUMENT.search(place)
    whole = f"{place}, {instrument}" if names_another else f"{place} {instrument}".strip()
    return ", ".join([whole, *later])
