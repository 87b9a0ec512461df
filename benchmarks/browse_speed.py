"""Time the pages of ``cnht browse`` against Fava itself on one book, in one run.

    python benchmarks/browse_speed.py [--transactions 100000] [--rounds 5]

Each page from its second request on, against Fava's ``api/income_statement``; and the reload after
an edit, against that of Fava without our plugin and pages.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from fava.core import FavaLedger
from make_book import make_book
from werkzeug.test import Client

from reports.pages.extension import PAGES
from reports.pages.server.app import Serving, make_app

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "http://localhost:5000"
PAGE_BAR, RELOAD_BAR = 1.0, 1.2


def main() -> None:
    """Make the book, time the requests and the reloads, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transactions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "book"
        make_book(folder, arguments.transactions)
        book = (folder / "main.beancount").resolve()
        guard = make_app(
            Serving(
                main=book,
                language="vi",
                allow_plugins=False,
                hosts=frozenset(),
                accounts=None,
                secure=False,
                port=5000,
            )
        )
        ledgers = guard._app.config["LEDGERS"]  # noqa: SLF001  # what stands behind the guard
        root = f"/{quote(ledgers.first_slug())}"
        get = partial(Client(guard).get, base_url=HOST)
        other = median(lambda: get(f"{root}/api/income_statement"), arguments.rounds)
        print(f"api/income_statement: {other:.3f} s")
        for page in PAGES:
            path = f"{root}/extension/{page.__name__}/?partial=true"
            get(path)
            mine = median(partial(get, path), arguments.rounds)
            print(f"{page.__name__}: {mine:.3f} s, ratio {mine / other:.2f} (bar {PAGE_BAR})")
        ours, plain = ledgers.ledgers[0], FavaLedger(str(book))
        pairs = [(seconds(ours.load_file), seconds(plain.load_file)) for _ in range(3)]
        mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = mine / other
        print(f"reload: {mine:.2f} s, Fava {other:.2f} s, ratio {ratio:.2f} (bar {RELOAD_BAR})")


def median(what: Callable[[], object], rounds: int) -> float:
    """Median time of something done again and again."""
    return statistics.median(seconds(what) for _ in range(rounds))


def seconds(what: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
