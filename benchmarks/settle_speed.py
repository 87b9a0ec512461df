"""Time ``cnht settle`` against a cold load of the facts of one book, in turn, in one run.

    python benchmarks/settle_speed.py [--transactions 100000] [--rounds 3] [--book DIR]

Both run in processes of their own without a cache; the set is a draft with every form and the
workbook of rows, without PDF. Prints the medians of processor time, their ratio, and the most
memory that each took: the rows are written in constant memory, so that settling takes little more
than the facts themselves. Nothing is written outside a temporary folder, unless one is given.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from make_book import YEAR, make_book

BAR = 3.0
LOAD = (
    "import sys; from pathlib import Path; from ledger.loading import load_facts; "
    "load_facts(Path(sys.argv[1]))"
)


DRAFT = ("--draft", "--no-pdf", "--no-cache", "--quiet")


class Took(NamedTuple):
    """What one process took: seconds of the processor, and MB at its peak."""

    seconds: float
    memory: float


def main() -> None:
    """Make the book, time both in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transactions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--book", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.book or Path(scratch) / "book"
        make_book(folder, arguments.transactions)
        book = str(folder / "main.beancount")
        cnht = str(Path(sys.executable).with_name("cnht"))
        loads, settled = [], []
        for number in range(arguments.rounds):
            output = str(Path(scratch) / f"set{number}")
            loads.append(took([sys.executable, "-c", LOAD, book]))
            settled.append(took([cnht, "settle", book, "--year", str(YEAR), "-o", output, *DRAFT]))
        report(loads, settled)


def report(loads: list[Took], settled: list[Took]) -> None:
    """Medians, their ratio against the bar, and the peaks of memory."""
    load, whole = (statistics.median(one.seconds for one in rounds) for rounds in (loads, settled))
    peaks = [max(one.memory for one in rounds) for rounds in (loads, settled)]
    print(
        f"load of facts {load:.2f} s, {peaks[0]:.0f} MB; settle {whole:.2f} s, {peaks[1]:.0f} MB; "
        f"ratio {whole / load:.2f} (bar {BAR})"
    )


def took(command: list[str]) -> Took:
    """One command with its output thrown away; it must succeed."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, nowhere, 1), (os.POSIX_SPAWN_DUP2, nowhere, 2)]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    os.close(nowhere)
    if status:
        message = f"{command}: {os.waitstatus_to_exitcode(status)}"
        raise RuntimeError(message)
    return Took(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
