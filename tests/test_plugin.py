"""The plugin: errors of the rules in bean-check and Fava, with a real file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from beancount import loader
from fava.core import FavaLedger

from rules.checking import check_books
from rules.plugin import RuleError, kept_run, today
from tests.books import (
    ALLOTMENT,
    HANOI,
    OVERDRAWN,
    run_bean_check,
    run_cnht,
    spawn_bean_check,
    write_book,
)

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = 'plugin "rules.plugin"\n'


def test_an_error_stands_at_the_line_of_its_evidence(tmp_path: Path) -> None:
    main = write_book(tmp_path, PLUGIN + ALLOTMENT + OVERDRAWN)
    ran = spawn_bean_check(main)
    assert ran.code == 1
    line = main.read_text("utf-8").splitlines().index(OVERDRAWN.splitlines()[3]) + 1
    assert f"{main}:{line}:" in ran.err
    assert "[BUD101] Rút hoặc chi vượt dự toán" in ran.err
    assert "khoản 2 Điều 12 Luật Ngân sách nhà nước 83/2015/QH13" in ran.err


CANCELLED = """
2022-01-31 * "Hủy số dư dự toán"
  kind: "cancellation"
  budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP  -1000 VND
  Equity:HuyDuToan:NSTP             1000 VND
"""


def test_a_clean_book_passes(tmp_path: Path) -> None:
    main = write_book(tmp_path, PLUGIN + ALLOTMENT + CANCELLED)
    assert run_bean_check(main).code == 0


def test_a_warning_is_no_error_of_bean_check(tmp_path: Path) -> None:
    main = write_book(tmp_path, PLUGIN + ALLOTMENT)
    assert "BOK501" in run_cnht("check", main).out
    assert "BOK501" not in run_bean_check(main).err


def test_a_declaration_that_cannot_be_read_is_an_error_of_its_line(tmp_path: Path) -> None:
    main = write_book(tmp_path, PLUGIN + '2021-01-01 custom "party" "01" "A"\n  rolle: "x"\n')
    ran = run_bean_check(main)
    assert ran.code == 1
    assert "«rolle»" in ran.err


def test_caches_are_told_of_the_norm_files(tmp_path: Path) -> None:
    _, _, options = loader.load_file(str(write_book(tmp_path, PLUGIN + ALLOTMENT)))
    assert any(name.endswith("83-2015-qh13.yaml") for name in options["include"])


def test_entries_pass_unchanged(tmp_path: Path) -> None:
    with_plugin, *_ = loader.load_file(str(write_book(tmp_path / "a", PLUGIN + ALLOTMENT)))
    without, *_ = loader.load_file(str(write_book(tmp_path / "b", ALLOTMENT)))
    assert len(with_plugin) == len(without)


def test_the_class_of_errors_stands_under_its_own_name() -> None:
    module = __import__("rules.plugin", fromlist=["RuleError"])
    assert getattr(module, RuleError.__name__) is RuleError


@pytest.mark.parametrize("plugin", ["", PLUGIN], ids=["plain", "with-plugin"])
def test_fava_shows_every_error_with_file_and_line(tmp_path: Path, plugin: str) -> None:
    ledger = FavaLedger(str(write_book(tmp_path, plugin + ALLOTMENT + OVERDRAWN)))
    assert [type(error).__name__ for error in ledger.errors] == (["RuleError"] if plugin else [])
    assert all(isinstance(error.source["lineno"], int) for error in ledger.errors if error.source)


def test_plain_fava_and_bean_check_open_the_bundled_book_without_an_error() -> None:
    assert FavaLedger(str(HANOI / "main.beancount")).errors == []
    assert run_bean_check(HANOI / "main.beancount").code == 0


def test_plugin_and_command_line_say_the_same(tmp_path: Path) -> None:
    main = write_book(tmp_path, PLUGIN + ALLOTMENT + OVERDRAWN)
    errors = {line.split("]")[0] for line in run_bean_check(main).err.splitlines() if "[" in line}
    printed = run_cnht("check", main, "--all", "--no-cache").out.splitlines()
    codes = {line.split(": ")[2].split()[0] for line in printed if ": lỗi: " in line}
    assert {error.split("[")[1] for error in errors} == codes


def test_the_run_of_the_plugin_is_that_of_the_command_line_but_for_beancounts_errors(
    tmp_path: Path,
) -> None:
    unbalanced = "2021-12-31 balance Assets:DuToan:KhaDung:NV02:NSTP  7 VND\n"
    named = 'include "more.beancount"\n'
    text = PLUGIN + named + ALLOTMENT + OVERDRAWN
    main = write_book(tmp_path, text, more__beancount=unbalanced).resolve()
    _, _, options = loader.load_file(str(main))
    kept = kept_run(str(main), options)
    assert kept is not None
    whole = check_books([main], today())
    assert kept.outcome.books == whole.books == (str(main),)
    assert len(kept.facts["files"]) == 2
    unseen = [finding for finding in whole.findings if finding not in kept.outcome.findings]
    assert {finding.code for finding in unseen} == {"BOK101"}
    assert set(kept.outcome.findings) < set(whole.findings)
