"""Small books for tests, and the command line run as a user runs it."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unittest import mock

import pytest
from beancount.scripts.check import main as bean_check

import cnht

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
BASE = (ROOT / "rules" / "base.beancount").read_text("utf-8")
HANOI = ROOT / "ledger" / "books" / "hanoi-2021"
CNHT = Path(sys.executable).with_name("cnht")
BEAN_CHECK = Path(sys.executable).with_name("bean-check")

ALLOTMENT = """
2021-01-01 * "Giao dự toán"
  kind: "allotment"
  budget-year: 2021
  decision: "5568/QĐ-UBND"
  decision-date: 2020-12-09
  Assets:DuToan:KhaDung:NV02:NSTP   1000 VND
  Equity:GiaoDuToan:NSTP           -1000 VND
"""

ALLOTMENT_OF_2022 = """
2022-02-01 * "Giao dự toán"
  kind: "allotment"
  budget-year: 2022
  decision: "2"
  Assets:DuToan:KhaDung:NV02:NSTP    500 VND
  Equity:GiaoDuToan:NSTP            -500 VND
"""
OVERDRAWN = """
2021-03-01 * "Chi quá 1 đồng"
  kind: "payment"
  Assets:DuToan:KhaDung:NV02:NSTP  -1001 VND
  Expenses:NV02:NSTP:TM6655         1001 VND
"""


class Ran(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


def run_cnht(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Ran:
    """Run ``cnht`` in this process, which has its libraries loaded, as the program runs itself."""
    collecting = gc.isenabled()
    with mock.patch.dict(os.environ, environment), contextlib.chdir(cwd or Path.cwd()):
        ran = _run_here(cnht.main, "cnht", arguments)
    if collecting:
        gc.enable()
    return ran


def run_bean_check(*arguments: str | Path) -> Ran:
    """Run Beancount's own checker in this process."""
    return _run_here(bean_check, "bean-check", arguments)


def _run_here(main: Callable[[], None], name: str, arguments: tuple[str | Path, ...]) -> Ran:
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2)]
    with (
        mock.patch.object(sys, "argv", [name, *map(str, arguments)]),
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    for stream in streams:
        stream.seek(0)
    assert isinstance(ended.value.code, int)
    return Ran(ended.value.code, *(stream.read() for stream in streams))


def spawn_cnht(*arguments: str | Path, **environment: str) -> Ran:
    """Run ``cnht`` in a process of its own, where what a run leaves behind matters."""
    return _run(CNHT, arguments, environment)


def spawn_bean_check(*arguments: str | Path) -> Ran:
    """Run Beancount's own checker as its users do."""
    return _run(BEAN_CHECK, arguments, {})


def _run(program: Path, arguments: tuple[str | Path, ...], environment: dict[str, str]) -> Ran:
    done = subprocess.run(
        [program, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def write_book(folder: Path, text: str, *, base: str = BASE, **files: str) -> Path:
    """A book of one top file (and more files by name, dots for underscores) in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, "utf-8")
    main = folder / "main.beancount"
    main.write_text(f"{base}\n{text}", "utf-8")
    return main
