"""The documentation says what the code does: pages, commands, links, examples."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import urllib.parse
from typing import TYPE_CHECKING

import pytest
import typer

import cnht
from ledger.kinds import KINDS
from rules.law import load_law
from rules.severity import Grade
from tests.books import BASE, HANOI, ROOT, run_cnht

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.en.md")
PAGES = (*READMES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md")))
DECISIONS = (
    "5568/QĐ-UBND; 2020-12-09; 1900000000 | 3988/QĐ-UBND; 2021-08-30; -100000000 | "
    "4455/QĐ-UBND; 2021-10-04; 200000000"
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


def shown_commands(page: Path) -> list[str]:
    lines = "".join(blocks(page, "sh")).splitlines()
    inline = re.findall(r"`((?:\.venv/bin/)?(?:cnht|make) [^`]+)`", page.read_text("utf-8"))
    return [line.partition("#")[0].strip() for line in [*lines, *inline]]


def test_generated_pages_are_up_to_date() -> None:
    words = [sys.executable, str(DOCS / "generate.py"), "--check"]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_shown_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for line in shown_commands(page):
        program, *words = line.split()
        if program == "make":
            assert set(words) <= targets, line
        elif program.removeprefix(".venv/bin/") == "cnht":
            assert_known(line, words)


def assert_known(line: str, words: list[str]) -> None:
    """The sub-command exists and takes every option shown."""
    command = typer.main.get_command(cnht.app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
    assert not getattr(command, "commands", {}) or not words or words[0].startswith("-"), line
    known = {"--help", *(option for param in command.params for option in param.opts)}
    shown = {word.partition("=")[0] for word in words if re.match(r"-{1,2}[a-z]", word)}
    assert shown <= known, line


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_resolve(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"https?://", link):
            continue
        file, _, anchor = urllib.parse.unquote(link).partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    text = page.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in headings}
    return slugs | set(re.findall(r'id="([^"]+)"', text))


@pytest.mark.parametrize("page", READMES, ids=name)
def test_excerpts_stand_in_the_book(page: Path) -> None:
    book = "\n".join(path.read_text("utf-8") for path in sorted(HANOI.glob("*.beancount")))
    lines = set(book.splitlines())
    shown = "".join(blocks(page, "beancount")).splitlines()
    assert shown
    assert [line for line in shown if line not in lines and line.strip() != "…"] == []


def test_recording_examples_check_clean(tmp_path: Path) -> None:
    examples = "\n".join(blocks(DOCS / "ghi-so.md", "beancount"))
    base = re.sub(r'decisions: ".*"', f'decisions: "{DECISIONS}"', BASE)
    # The examples name codes that can exist, those of the common book cannot; its tasks have their
    # detailed plans approved, so that the examples may spend.
    base = base.replace("  activities:", "  plan-approved: 2021-01-04\n  activities:")
    base = base.replace("0100000001", "0199001010").replace("0100000002", "0199001028")
    (tmp_path / "main.beancount").write_text(f"{base}\n{examples}", "utf-8")
    # Examples of entries are no year that was reconciled with the treasury.
    options = ("--no-cache", "--all", "--as-of", "2022-12-31", "--ignore", "TRE")
    ran = run_cnht("check", tmp_path, *options)
    assert (ran.code, ran.out) == (0, "")


@pytest.mark.parametrize("page", ["quyet-toan.md", "doi-chieu.md"])
def test_the_records_of_the_manual_are_accepted_by_the_bundled_book(
    tmp_path: Path, page: str
) -> None:
    book = tmp_path / "book"
    shutil.copytree(HANOI, book)
    shown = "\n".join(blocks(DOCS / page, "beancount"))
    own = book / "reconciled.beancount"
    yearly = re.compile(r'^2022-02-08 custom "reconciled" "2021"\n(?:  .*\n?)+', re.MULTILINE)
    own.write_text(yearly.sub("", own.read_text("utf-8")) + shown, "utf-8")
    ran = run_cnht(
        "settle", book, "--year", "2021", "-o", tmp_path / "out", "--no-pdf", "--form", "B01/BCQT"
    )
    found = run_cnht("check", book, "--select", "TRE2")
    assert found.code == 0
    # One page shows every record that the year needs, the other a single one.
    assert (ran.code == 0) is (page == "quyet-toan.md"), ran.err


def test_every_kind_has_an_example() -> None:
    examples = "\n".join(blocks(DOCS / "ghi-so.md", "beancount"))
    assert set(re.findall(r'kind: "([^"]+)"', examples)) == set(KINDS)


def test_declarations_of_a_new_book_are_accepted(tmp_path: Path) -> None:
    examples = "\n".join(blocks(DOCS / "so-moi.md", "beancount"))
    (tmp_path / "main.beancount").write_text(examples, "utf-8")
    ran = run_cnht("check", tmp_path, "--no-cache")
    assert (ran.code, ran.err) == (0, "")


def test_example_of_a_units_own_norms_is_accepted(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(blocks(DOCS / "dinh-muc.md", "yaml")[0], "utf-8")
    value = load_law(["cnht"], [own]).norms["tt29-domestic-fair"].values[0]
    assert value.grade is Grade.CONFIRMED


def test_the_example_book_has_the_findings_its_head_tells() -> None:
    options = ("--no-cache", "--all", "--as-of", "2021-12-31", "--ignore", "TRE")
    ran = run_cnht("check", DOCS / "vi-du", *options)
    codes = re.findall(r": ([A-Z]{3}\d{3}) ", ran.out)
    assert (ran.code, sorted(codes)) == (1, ["BOK203", "BUD101", "NRM101", "NRM201"])
