"""A book that somebody else wrote is data: whatever it names, nothing of it runs or is read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.books import ALLOTMENT, run_cnht, spawn_cnht, write_book

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = (
    ("check", "{book}", "--no-cache"),
    ("check", "{book}", "--format", "json"),
    ("settle", "{book}", "--year", "2021", "-o", "{out}", "--draft", "--no-pdf"),
    ("doctor", "{book}"),
)


TRAPS = (
    "plugin",
    "plugin-of-a-listed-name",
    "plugin-configuration",
    "average-cost",
    "commodity-attr",
    "configuration-of-an-allowed-plugin",
    "fava-extension",
    "import-config",
    "documents",
)


def traps(folder: Path, canary: Path) -> dict[str, str]:
    """Books that try to run or read something of their own, by what they try."""
    code = f"__import__('pathlib').Path({str(canary)!r}).touch()"
    (folder / "canary_plugin.py").write_text(f"{code}\n__plugins__ = ()\n", "utf-8")
    (folder / "beancount_ext.py").write_text(f"{code}\n__plugins__ = ()\n", "utf-8")
    outside = folder.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "Assets").mkdir(exist_ok=True)
    return {
        "plugin": 'option "insert_pythonpath" "TRUE"\nplugin "canary_plugin"',
        "plugin-of-a-listed-name": (
            'option "insert_pythonpath" "TRUE"\nplugin "beancount_ext" "config"'
        ),
        "plugin-configuration": f'plugin "beancount.plugins.check_commodity" "{code}"',
        "average-cost": f'plugin "beancount.plugins.check_average_cost" "{code}"',
        "commodity-attr": f'plugin "beancount.plugins.commodity_attr" "{code}"',
        "configuration-of-an-allowed-plugin": f'plugin "beancount.plugins.leafonly" "{code}"',
        "fava-extension": '2021-01-01 custom "fava-extension" "canary_plugin" "{}"',
        "import-config": '2021-01-01 custom "fava-option" "import-config" "canary_plugin.py"',
        "documents": 'option "documents" "../outside"',
    }


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: "-".join(c[:1] + c[2:3]))
@pytest.mark.parametrize("trap", TRAPS)
def test_nothing_of_the_book_runs(tmp_path: Path, trap: str, command: tuple[str, ...]) -> None:
    canary, folder = tmp_path / "canary", tmp_path / "book"
    folder.mkdir()
    text = traps(folder, canary)[trap]
    main = write_book(folder, f"{text}\n{ALLOTMENT}")
    for name in ("canary_plugin", "beancount_ext"):
        sys.modules.pop(name, None)  # or a run before this one would hide that it is loaded again
    words = [word.format(book=main, out=tmp_path / "out") for word in command]
    ran = run_cnht(*words, cwd=folder, CNHT_CACHE_DIR=str(tmp_path / "cache"))
    assert not canary.exists()
    assert ran.code in {0, 1}, ran.err
    assert "Traceback" not in ran.err
    told = ran.out + ran.err
    assert "không dùng" in told or "không chạy" in told or "không đọc" in told


def test_the_plugins_run_when_the_user_allows_them(tmp_path: Path) -> None:
    canary, folder = tmp_path / "canary", tmp_path / "book"
    folder.mkdir()
    main = write_book(folder, f"{traps(folder, canary)['plugin']}\n{ALLOTMENT}")
    spawn_cnht("check", main, "--allow-plugins", CNHT_CACHE_DIR=str(tmp_path / "cache"))
    assert canary.exists()


@pytest.mark.parametrize("code", [0, 3])
def test_a_plugin_that_stops_the_program_is_told(tmp_path: Path, code: int) -> None:
    name = f"stopping_{code}"
    text = f"def stop(*_):\n    raise SystemExit({code})\n\n\n__plugins__ = (stop,)\n"
    tmp_path.joinpath(f"{name}.py").write_text(text, "utf-8")
    named = f'option "insert_pythonpath" "TRUE"\nplugin "{name}"\n'
    main = write_book(tmp_path, named + ALLOTMENT)
    ran = run_cnht("check", main, "--allow-plugins", "--no-cache")
    assert (ran.code, ran.out) == (2, "")
    assert name in ran.err


def test_our_own_plugin_is_neither_run_twice_nor_told(tmp_path: Path) -> None:
    main = write_book(tmp_path, f'plugin "rules.plugin"\n{ALLOTMENT}')
    ran = run_cnht("check", main, "--no-cache")
    assert "không chạy" not in ran.out


@pytest.mark.parametrize("command", ["check", "doctor"])
def test_what_an_included_file_names_in_vain_is_told(tmp_path: Path, command: str) -> None:
    inner = 'plugin "canary_plugin"\noption "insert_pythonpath" "TRUE"\noption "title" "A"\n'
    ours = 'plugin "rules.plugin"\noption "operating_currency" "VND"\n'
    text = f'include "inner.beancount"\n{ALLOTMENT}'
    main = write_book(tmp_path / "book", text, inner__beancount=inner + ours)
    told = run_cnht(command, main, CNHT_CACHE_DIR=str(tmp_path / "cache")).out
    for words in ('plugin "canary_plugin"', 'option "insert_pythonpath"', 'option "title"'):
        assert f"{words} trong inner.beancount: không dùng" in told
    assert told.count("trong inner.beancount") == 3
