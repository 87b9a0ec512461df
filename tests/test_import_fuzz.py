"""Damaged bytes, cells and tags: never a traceback, a hang or a lost row.

``make fuzz`` runs the same with many more examples, each test in its part of the time. A failing
example is told at once; ``make test`` runs it again and makes it small.
"""

from __future__ import annotations

import math
import os
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from importers.importing import importer_of, importers
from importers.known import Known
from ledger.problems import BadInputError
from tests.statements import banks, invoices, messages, treasury

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS = float(os.environ.get("CNHT_FUZZ_SECONDS", "0"))
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
TESTS = 4  # of this file
OURS = importers()
fuzzed = settings(
    max_examples=1_000 if SECONDS else 8,
    phases=(Phase.explicit, Phase.reuse, Phase.generate) if SECONDS else tuple(Phase),
    deadline=20_000,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def in_time() -> Callable[[], bool]:
    """Whether a test's part of the time is left; always in ``make test``."""
    rounds = math.ceil(TESTS / WORKERS)
    end = time.monotonic() + SECONDS / rounds if SECONDS else math.inf
    return lambda: time.monotonic() < end


def taken(path: Path) -> None:
    """Import a file; it is refused in words, or every row of it is accounted for."""
    try:
        outcome = importer_of(path, OURS).propose(path, Known([]))
    except BadInputError as refused:
        problems = refused.problems
    else:
        assert outcome.read == sum(outcome.counts())
        return
    assert all(problem.text.vi for problem in problems)


ROWS: dict[str, Any] = {
    **{name: make(banks.MOVES) for name, (make, _) in banks.LAYOUTS.items()},
    "01a": treasury.form_01a(),
    "02a": treasury.form_02a(),
    "06": treasury.form_06(),
    "treasury": treasury.account_statement(),
    "spending": treasury.spending_statement(),
    "annex": treasury.annex(),
    "journal": treasury.journal_s04h(),
    "pairs": treasury.journal_pairs(),
}

cells = st.one_of(
    st.none(),
    st.text(max_size=20).filter(lambda text: "\0" not in text and text.isprintable()),
    st.integers(-(10**16), 10**16),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(
        ["1,17E+11", "31/02/2021", "Tổng cộng", "=1+1", "x", "(1)", "9" * 30, "-", "Nợ"]
    ),
)


@fuzzed
@given(name=st.sampled_from(sorted(ROWS)), data=st.data())
def test_damaged_cells(
    name: str, data: st.DataObject, tmp_path: Path, in_time: Callable[[], bool]
) -> None:
    rows = [list(row) for row in ROWS[name]]
    for _ in range(data.draw(st.integers(1, 4))):
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        change = data.draw(st.sampled_from(["cell", "drop", "insert", "empty"]))
        if change == "cell" and row:
            row[data.draw(st.integers(0, len(row) - 1))] = data.draw(cells)
        elif change == "drop" and len(rows) > 1:
            rows.pop(data.draw(st.integers(0, len(rows) - 1)))
        elif change == "insert":
            rows.insert(
                data.draw(st.integers(0, len(rows))), data.draw(st.lists(cells, max_size=9))
            )
        else:
            row.clear()
    delimiter = data.draw(st.sampled_from(";,"))
    if in_time():  # drawing itself must not depend on the time
        taken(banks.xlsx(tmp_path / "a.xlsx", rows))
        taken(banks.csv_file(tmp_path / "a.csv", rows, "utf-8", delimiter))


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    rows = banks.acb_rows(banks.MOVES)
    return {
        "a.xlsx": banks.xlsx(folder / "a.xlsx", rows).read_bytes(),
        "a.xls": banks.xls(folder / "a.xls", rows).read_bytes(),
        "h.xls": banks.html_xls(folder / "h.xls", rows).read_bytes(),
        "a.csv": banks.csv_file(folder / "a.csv", rows).read_bytes(),
        "a.xml": invoices.in_message(invoices.invoice()).encode(),
        "a.zip": invoices.zipped({"a.xml": invoices.invoice()}),
        "camt.xml": messages.camt().encode(),
        "a.sta": messages.MT940.encode(),
    }


@fuzzed
@given(data=st.data())
def test_damaged_bytes(
    data: st.DataObject, whole: dict[str, bytes], tmp_path: Path, in_time: Callable[[], bool]
) -> None:
    name = data.draw(st.sampled_from(sorted(whole)))
    content = bytearray(whole[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        change = data.draw(st.sampled_from(["flip", "cut", "insert", "double"]))
        if change == "flip":
            content[at] = data.draw(st.integers(0, 255))
        elif change == "cut" and at > 4:
            del content[at : at + data.draw(st.integers(1, 200))]
        elif change == "insert":
            content[at:at] = data.draw(st.binary(max_size=12))
        else:
            content[at:at] = content[at : at + 40]
    path = tmp_path / name
    path.write_bytes(bytes(content) or b"x")
    if in_time():
        taken(path)


@fuzzed
@given(data=st.data())
def test_damaged_tags(data: st.DataObject, tmp_path: Path, in_time: Callable[[], bool]) -> None:
    text = data.draw(st.sampled_from([invoices.in_message(invoices.invoice()), messages.camt()]))
    values = [found.span(1) for found in re.finditer(r">([^<>]{1,40})<", text)]
    start, end = data.draw(st.sampled_from(values))
    junk = st.text(
        st.characters(codec="utf-8", exclude_characters="<&>", exclude_categories=("Cc", "Cs")),
        max_size=30,
    )
    text = text[:start] + data.draw(junk) + text[end:]
    if data.draw(st.booleans()):
        tags = [found.span() for found in re.finditer(r"<(\w+)>[^<>]*</\1>", text)]
        start, end = data.draw(st.sampled_from(tags))
        text = text[:start] + data.draw(st.sampled_from(["", text[start:end] * 2])) + text[end:]
    path = tmp_path / "a.xml"
    path.write_text(text, "utf-8")
    if in_time():
        taken(path)


@fuzzed
@given(content=st.binary(max_size=400))
def test_any_bytes_at_all(content: bytes, tmp_path: Path, in_time: Callable[[], bool]) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    if in_time():
        taken(path)
