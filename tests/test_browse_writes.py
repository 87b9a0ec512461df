"""Writes in the browser: whole, kept, and never over somebody else's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger import store
from reports.pages.server import files
from reports.pages.server.history import OWN_FOLDER
from tests.books import ALLOTMENT, OVERDRAWN, write_book
from tests.served import Served

if TYPE_CHECKING:
    from collections.abc import Callable

MONTH = "2021-03.beancount"
BEFORE = """2021-03-05 * "Trước"
  kind: "allotment"
  Assets:DuToan:KhaDung:NV02:NSTP   5 VND
  Equity:GiaoDuToan:NSTP           -5 VND
"""
AFTER = BEFORE.replace('"Trước"', '"Sau"')


# No programme: nothing is judged at each load, for these tests are of files and not of figures.
BOOK = f"""option "operating_currency" "VND"
option "documents" "docs"
include "{MONTH}"
2021-01-01 open Assets:DuToan:KhaDung:NV02:NSTP
2021-01-01 open Equity:GiaoDuToan:NSTP
{ALLOTMENT}"""


@pytest.fixture
def served(tmp_path: Path) -> Served:
    (tmp_path / "docs").mkdir()
    return Served(write_book(tmp_path, BOOK, base="", **{MONTH.replace(".", "__"): BEFORE}))


def month(served: Served) -> Path:
    return served.main.parent / MONTH


def entry_hash(served: Served) -> str:
    entries = served.get("api/journal").json["data"]
    return next(e["entry_hash"] for e in entries if e.get("narration") == "Trước")


def slice_of(served: Served) -> tuple[str, str, str]:
    found = entry_hash(served)
    data = served.get("api/source_slice", query_string={"entry_hash": found}).json["data"]
    return found, data["slice"], data["sha256sum"]


def by_editor(served: Served) -> Any:
    source, digest = served.source(month(served))
    return served.save(month(served), source.replace('"Trước"', '"Sau"'), digest)


def by_slice(served: Served) -> Any:
    found, text, digest = slice_of(served)
    body = {"entry_hash": found, "source": text.replace('"Trước"', '"Sau"'), "sha256sum": digest}
    return served.send("PUT", "api/source_slice", json=body)


def by_deletion(served: Served) -> Any:
    found, _, digest = slice_of(served)
    query = {"entry_hash": found, "sha256sum": digest}
    return served.send("DELETE", "api/source_slice", query_string=query)


def by_insertion(served: Served) -> Any:
    entry = {
        "t": "Transaction",
        "date": "2021-03-20",
        "flag": "*",
        "payee": "",
        "narration": "Mới",
        "tags": [],
        "links": [],
        "meta": {"kind": "allotment"},
        "postings": [
            {"account": "Assets:DuToan:KhaDung:NV02:NSTP", "amount": "7 VND", "meta": {}},
            {"account": "Equity:GiaoDuToan:NSTP", "amount": "-7 VND", "meta": {}},
        ],
    }
    return served.send("PUT", "api/add_entries", json={"entries": [entry]})


def by_metadata(served: Served) -> Any:
    body = {"filename": "x.pdf", "entry_hash": entry_hash(served)}
    return served.send("PUT", "api/attach_document", json=body)


WRITES = [by_editor, by_slice, by_deletion, by_insertion, by_metadata]


@pytest.mark.parametrize("write", WRITES)
def test_each_write_of_fava_takes_effect(served: Served, write: Callable[[Served], Any]) -> None:
    answer = write(served)
    assert answer.status_code == 200, answer.text
    assert month(served).read_text("utf-8") != BEFORE
    assert served.get("api/errors").status_code == 200


def test_a_new_entry_goes_to_its_months_file(served: Served) -> None:
    before = [error.message for error in served.ledger.load_errors]
    by_insertion(served)
    text = month(served).read_text("utf-8")
    assert '2021-03-20 * "Mới"' in text
    assert "Mới" not in served.main.read_text("utf-8")
    assert any(e.get("narration") == "Mới" for e in served.get("api/journal").json["data"])
    assert [error.message for error in served.ledger.load_errors] == before


class BrokenDiskError(OSError):
    """The disk fails."""


def breaking(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Let one step of a save fail."""

    def fail(*_: Any, **__: Any) -> Any:
        raise BrokenDiskError(28, "no space left")

    if where == "write":
        real = Path.open

        def opened(self: Path, mode: str = "r", *more: Any, **options: Any) -> Any:
            file = real(self, mode, *more, **options)
            if "w" in mode and self.name.endswith(".new"):
                file.write('2021-03-05 * "nửa')  # a part reaches the disk
                file.flush()
                fail()
            return file

        monkeypatch.setattr(Path, "open", opened)
    elif where == "flush":
        monkeypatch.setattr(os, "fsync", fail)
    elif where == "rename":
        monkeypatch.setattr(Path, "replace", fail)
    elif where == "copy":
        monkeypatch.setattr(files.shutil, "copymode", fail)
    elif where == "history":
        monkeypatch.setattr(files.History, "before", fail)
    else:
        monkeypatch.setattr(store.uuid, "uuid4", fail)


@pytest.mark.parametrize("write", WRITES)
def test_a_save_that_fails_leaves_the_old_file_whole(
    served: Served, monkeypatch: pytest.MonkeyPatch, write: Callable[[Served], Any]
) -> None:
    slice_of(served)  # what is asked before the save works
    main = served.main.read_text("utf-8")
    for where in ("make", "history", "write", "flush", "copy", "rename"):
        with monkeypatch.context() as patched:
            breaking(patched, where)
            assert write(served).status_code >= 500, where
        assert month(served).read_text("utf-8") == BEFORE, where
        assert served.main.read_text("utf-8") == main, where
        assert not list(served.main.parent.glob("*.new")), where
    assert write(served).status_code == 200
    assert month(served).read_text("utf-8") != BEFORE


@pytest.mark.parametrize(
    ("owner", "step", "left"),
    [
        (Path, "open", BEFORE),
        (os, "fsync", BEFORE),
        (files.shutil, "copymode", BEFORE),
        (Path, "replace", BEFORE),
        (Path, "unlink", AFTER),  # what is left over is cleared away: the file is in its place
    ],
)
def test_a_process_killed_at_any_step_leaves_the_old_or_the_new_file(
    tmp_path: Path, owner: Any, step: str, left: str
) -> None:
    path = tmp_path / "a.beancount"
    path.write_text(BEFORE, "utf-8")
    child = os.fork()
    if child == 0:  # nothing of pytest's runs on in here
        try:
            setattr(owner, step, lambda *_, **__: os._exit(9))
            with files.WholePath(path).open("w", encoding="utf-8") as file:
                file.write(AFTER)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    assert path.read_text("utf-8") == left


# Two people.


def test_the_second_to_save_is_shown_the_difference(served: Served) -> None:
    source, digest = served.source(month(served))
    theirs = source + ";; của người thứ nhất\n"
    assert served.save(month(served), theirs, digest).status_code == 200
    answer = served.save(month(served), source + ";; của người thứ hai\n", digest)
    assert answer.status_code == 409
    told = answer.json["error"]
    assert "-;; của người thứ nhất" in told
    assert "+;; của người thứ hai" in told
    assert month(served).read_text("utf-8") == theirs


def test_a_change_on_disk_under_an_entry_is_told(served: Served) -> None:
    found, text, digest = slice_of(served)
    month(served).write_text(BEFORE.replace("5 VND", "6 VND"), "utf-8")
    body = {"entry_hash": found, "source": text.replace("Trước", "Sau"), "sha256sum": digest}
    answer = served.send("PUT", "api/source_slice", json=body)
    assert answer.status_code in {404, 409}
    assert "6 VND" in month(served).read_text("utf-8")


def test_a_file_that_changes_while_it_is_written_is_not_lost(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = BEFORE + ";; sửa bằng chương trình khác\n"
    real = files.shutil.copymode

    def meanwhile(source: Any, target: Any) -> None:
        Path(source).write_text(other, "utf-8")
        real(source, target)

    source, digest = served.source(month(served))
    monkeypatch.setattr(files.shutil, "copymode", meanwhile)
    answer = served.save(month(served), source + ";; của tôi\n", digest)
    assert answer.status_code == 409
    assert month(served).read_text("utf-8") == other


# What was is kept.


def kept(served: Served) -> list[str]:
    folder = served.main.parent / OWN_FOLDER / "ban-luu"
    return [path.read_text("utf-8") for path in sorted(folder.rglob(f"*{MONTH}"))]


def test_each_save_keeps_a_dated_copy_of_what_was(served: Served) -> None:
    by_editor(served)
    by_metadata_of_new = served.source(month(served))
    served.save(month(served), by_metadata_of_new[0] + ";; nữa\n", by_metadata_of_new[1])
    assert kept(served) == [BEFORE, AFTER]


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@x", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_in_a_repository_each_save_is_a_commit(served: Served) -> None:
    folder = served.main.parent
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "sổ")
    (folder / MONTH).write_text(BEFORE + ";; sửa ngoài\n", "utf-8")
    source, digest = served.source(month(served))
    assert served.save(month(served), source + ";; sửa trong\n", digest).status_code == 200
    assert git(folder, "log", "--format=%s").split("\n")[:2] == [
        f"Sửa {MONTH}",
        "Bản trước khi sửa",
    ]
    assert git(folder, "show", f"HEAD~1:{MONTH}") == BEFORE + ";; sửa ngoài\n"
    assert git(folder, "status", "--porcelain").strip() == ""


def test_a_repository_that_came_with_the_book_runs_nothing(served: Served) -> None:
    folder = served.main.parent
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "sổ")
    ran = folder.parent / f"{folder.name}-ran"
    for name in ("pre-commit", "post-commit", "reference-transaction", "post-index-change"):
        hook = folder / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {ran}\n", "utf-8")
        hook.chmod(0o755)
    (folder / ".gitattributes").write_text("*.beancount filter=evil\n", "utf-8")
    for key in ("filter.evil.clean", "filter.evil.smudge", "core.fsmonitor"):
        git(folder, "config", key, f"sh -c 'touch {ran}; cat'")
    # Git compares files that are no older than the index with it, through their filters.
    os.utime(folder / ".git" / "index", (1, 1))
    by_editor(served)
    assert "Sửa" in git(folder, "-c", "core.fsmonitor=false", "log", "-1", "--format=%s")
    assert not ran.exists()


def test_a_repository_that_lacks_objects_fetches_none(served: Served) -> None:
    folder = served.main.parent
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "sổ")
    ran = folder.parent / f"{folder.name}-fetched"
    tree = git(folder, "rev-parse", "HEAD^{tree}").strip()
    (folder / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "evil"),
        ("remote.evil.promisor", "true"),
        ("remote.evil.url", str(folder)),
        ("remote.evil.uploadpack", f"touch {ran};"),
    ):
        git(folder, "config", key, value)
    assert by_editor(served).status_code == 200
    assert not ran.exists()
    assert kept(served) == [BEFORE]


def test_a_file_as_young_as_the_index_is_still_seen_to_differ(served: Served) -> None:
    folder = served.main.parent
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "sổ")
    moment = (folder / ".git" / "index").stat()
    text = served.main.read_text("utf-8")
    served.main.write_text(text.replace("1000 VND", "2000 VND"), "utf-8")
    os.utime(served.main, ns=(moment.st_mtime_ns, moment.st_mtime_ns))
    by_editor(served)
    assert git(folder, "diff", "--name-only").split() == ["main.beancount"]


# Scans.


def upload(served: Served, content: bytes = b"%PDF-1.4", folder: str = "docs") -> Any:
    import io  # noqa: PLC0415  # here only

    form = {
        "file": (io.BytesIO(content), "2021-03-05 hoa don.pdf"),
        "folder": folder,
        "account": "Equity:GiaoDuToan:NSTP",
    }
    return served.send("PUT", "api/add_document", data=form, content_type="multipart/form-data")


def test_a_scan_is_saved_whole_or_not_at_all(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = served.main.parent / "docs"
    with monkeypatch.context() as patched:
        breaking(patched, "flush")
        assert upload(served).status_code >= 500
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert upload(served).status_code == 200
    (scan,) = [path for path in folder.rglob("*") if path.is_file()]
    assert scan.read_bytes() == b"%PDF-1.4"


def test_the_first_scan_of_a_book_without_a_folder_names_one(tmp_path: Path) -> None:
    """At the end, so that no line moves; the book then says itself where its scans are."""
    served = Served(write_book(tmp_path, ALLOTMENT))
    before = served.main.read_text("utf-8")
    assert served.ledger.options["documents"] == ["ho-so"]
    assert served.get("api/ledger_data").status_code == 200
    assert served.main.read_text("utf-8") == before
    assert upload(served, folder="ho-so").status_code == 200
    assert served.main.read_text("utf-8") == before.rstrip() + '\n\noption "documents" "ho-so"\n'
    again = Served(served.main)
    assert [x.filename.rpartition("/")[2] for x in again.ledger.all_entries_by_type.Document] == [
        "2021-03-05 hoa don.pdf"
    ]
    assert not again.ledger.names_no_folder  # type: ignore[attr-defined]


def test_a_scan_that_is_removed_is_kept(served: Served) -> None:
    upload(served)
    (scan,) = (served.main.parent / "docs").rglob("*.pdf")
    served.get("journal/")
    answer = served.send("DELETE", "api/document", query_string={"filename": str(scan)})
    assert answer.status_code == 200, answer.text
    assert not scan.exists()
    copies = list((served.main.parent / OWN_FOLDER / "ban-luu").rglob("*.pdf"))
    assert [copy.read_bytes() for copy in copies] == [b"%PDF-1.4"]


def test_a_book_reads_again_what_was_written(tmp_path: Path) -> None:
    """And judges it anew."""
    served = Served(write_book(tmp_path, ALLOTMENT))
    source, digest = served.source(served.main)
    assert 'data-figure="spent">–<' in served.page("Overview")
    assert served.save(served.main, source + OVERDRAWN, digest).status_code == 200
    assert 'data-figure="spent">1.001<' in served.page("Overview")
    assert "BUD101" in served.page("Compliance")


def test_gaps_between_months_have_each_a_line_of_their_own(tmp_path: Path) -> None:
    """Fava's editor lists where new entries go by file and line, and stops at two alike."""
    months = {f"2021-{n}__beancount": "" for n in ("01", "03", "05")}
    listed = "".join(f'include "2021-{n}.beancount"\n' for n in ("01", "03", "05"))
    served = Served(write_book(tmp_path, listed, base="", **months))
    places = [(x.filename, x.lineno) for x in served.ledger.fava_options.insert_entry]
    assert len(places) == len(set(places)) == 6
    for day in ("2021-02-02", "2021-04-04", "2021-05-05"):
        entry = {"t": "Note", "date": day, "account": "Equity:A", "comment": day, "tags": [],
                 "links": [], "meta": {}}  # fmt: skip
        assert served.send("PUT", "api/add_entries", json={"entries": [entry]}).status_code == 200
    top = served.main.read_text("utf-8")
    assert top.index(listed) < top.index("2021-02-02") < top.index("2021-04-04")
    assert "2021-05-05" in (tmp_path / "2021-05.beancount").read_text("utf-8")


def test_a_damaged_file_is_shown_with_its_errors(tmp_path: Path) -> None:
    main = write_book(tmp_path, BOOK, base="", **{MONTH.replace(".", "__"): BEFORE})
    (tmp_path / MONTH).write_bytes(bytes(range(256)) * 12)
    served = Served(main)
    assert served.get("extension/Overview/").status_code == 200
    told = served.get("api/errors").json["data"]
    assert any(MONTH in error["source"]["filename"] for error in told)
    for page in ("journal/", "extension/Compliance/"):
        assert served.get(page).status_code == 200
