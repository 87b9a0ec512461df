"""What is asked for: which set, where, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reports.forms.rounding import Unit

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.text import Language


class Request(NamedTuple):
    """What is asked for.

    Attributes:
        output: the folder.
        forms: their numbers; all of the year's where none is named.
        unit: of amounts.
        draft: write although it cannot be signed, and mark every sheet.
        force: write into a folder that holds something.
        pdf: print the forms into a PDF where LibreOffice is installed.
        superior: who makes a consolidated set; empty prints the units.
    """

    output: Path
    forms: tuple[str, ...] = ()
    unit: Unit = Unit.DONG
    draft: bool = False
    force: bool = False
    pdf: bool = True
    language: Language = "vi"
    superior: str = ""
