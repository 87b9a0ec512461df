"""Make ``images/quyet-toan.png``: the top of the settlement workbook's first sheet.

Needs LibreOffice and Poppler (``soffice``, ``pdftoppm``); run by hand where the workbook changes.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from ledger.loading import load_facts
from ledger.location import find_book
from reports.settlement import write_settlement

DOCS: Final = Path(__file__).resolve().parent
BOOK: Final = DOCS.parent / "ledger" / "books" / "hanoi-2021"
YEAR: Final = 2021
PICTURE: Final = DOCS / "images" / "quyet-toan.png"
# The sheet's head and first tasks of an A4 page at this many dots an inch.
CROP: Final = ("-r", "120", "-x", "34", "-y", "47", "-W", "1337", "-H", "450")
TIME_LIMIT: Final = dt.timedelta(minutes=3)


def main() -> int:
    """Write the picture."""
    office, poppler = shutil.which("soffice"), shutil.which("pdftoppm")
    if not office or not poppler:
        print("cần soffice và pdftoppm", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (workbook,) = write_settlement(load_facts(find_book(BOOK)).facts, YEAR, folder)
        _run(office, "--headless", "--convert-to", "pdf", "--outdir", scratch, str(workbook))
        pdf = workbook.with_suffix(".pdf")
        target = str(PICTURE.with_suffix(""))
        _run(poppler, "-png", "-singlefile", "-f", "1", *CROP, str(pdf), target)
    print(PICTURE.relative_to(DOCS.parent))
    return 0


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=TIME_LIMIT.total_seconds())


if __name__ == "__main__":
    sys.exit(main())
