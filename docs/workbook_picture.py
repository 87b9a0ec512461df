"""Make ``images/quyet-toan.png``: the top of the settlement set's first sheet.

Needs LibreOffice and Poppler (``soffice``, ``pdftoppm``); run by hand where the set changes.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from ledger.location import find_book
from reports.settlement.asked import Request
from reports.settlement.settling import settle
from reports.settlement.years import year_period
from rules.checking import load_books

DOCS: Final = Path(__file__).resolve().parent
BOOK: Final = DOCS.parent / "ledger" / "books" / "hanoi-2021"
YEAR: Final = 2021
AS_OF: Final = dt.date(2022, 12, 31)
PICTURE: Final = DOCS / "images" / "quyet-toan.png"
# The sheet's head and first tasks of an A4 page at this many dots an inch.
CROP: Final = ("-r", "120", "-x", "34", "-y", "47", "-W", "1337", "-H", "560")
TIME_LIMIT: Final = dt.timedelta(minutes=3)


def main() -> int:
    """Write the picture."""
    poppler = shutil.which("pdftoppm")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "set"
        loaded = load_books([find_book(BOOK)])
        period = year_period(loaded.law, YEAR)
        settle(loaded.facts, loaded.law, period, AS_OF, Request(folder))
        printed = list(folder.glob("*.pdf"))
        if not poppler or not printed:
            print("cần soffice và pdftoppm", file=sys.stderr)
            return 2
        words = (poppler, "-png", "-singlefile", "-f", "1", *CROP, str(printed[0]))
        target = str(PICTURE.with_suffix(""))
        subprocess.run([*words, target], check=True, timeout=TIME_LIMIT.total_seconds())
    print(PICTURE.relative_to(DOCS.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
