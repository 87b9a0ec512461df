"""Time ``cnht check`` against ``bean-check`` on one book, in turn, in one run.

    python benchmarks/check_speed.py [--transactions 100000] [--rounds 5] [--book DIR]

Prints the medians and their ratios. Nothing is written but the book (in a temporary folder,
unless one is given) and the caches, which stand in that folder too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from make_book import make_book

BIN = Path(sys.executable).parent
COLD_BAR, WARM_BAR = 1.0, 0.1


def main() -> None:
    """Make the book, time the commands in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transactions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--book", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.book or Path(scratch) / "book"
        make_book(folder, arguments.transactions)
        cache = Path(scratch) / "cache"
        book = folder / "main.beancount"
        ours, theirs = [str(BIN / "cnht"), "check"], [str(BIN / "bean-check")]
        report(
            "cold",
            [*ours, "--no-cache"],
            [*theirs, "--no-cache"],
            book,
            cache,
            arguments.rounds,
            COLD_BAR,
        )
        for command in (ours, theirs):
            seconds([*command, str(book)], cache)  # fills the cache
        report("warm", ours, theirs, book, cache, arguments.rounds, WARM_BAR)


def report(  # noqa: PLR0913, PLR0917  # a row of a table
    name: str, ours: list[str], theirs: list[str], book: Path, cache: Path, rounds: int, bar: float
) -> None:
    """One row: medians of both commands, run in turn, and their ratio against the bar."""
    pairs = [
        (seconds([*ours, str(book)], cache), seconds([*theirs, str(book)], cache))
        for _ in range(rounds)
    ]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(
        f"{name}: cnht {mine:.2f} s, bean-check {other:.2f} s, ratio {mine / other:.3f} (bar {bar})"
    )


def seconds(command: list[str], cache: Path) -> float:
    """Wall time of one command; it must succeed."""
    environment = {**os.environ, "CNHT_CACHE_DIR": str(cache)}
    start = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
