"""A norm as a finding names it: light to import, so that a stored outcome is read quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ledger.text import Text
    from rules.severity import Grade


class Citation(NamedTuple):
    """A norm as a finding names it.

    Attributes:
        norm: its id.
        instrument: the number of the instrument.
        article: empty where it is not known.
        text: what it says, in our own words.
        grade: how far it is verified; None where no text in force on the day was read.
        source: where it was read.
    """

    norm: str
    instrument: str
    article: str
    text: Text
    grade: Grade | None
    source: str
