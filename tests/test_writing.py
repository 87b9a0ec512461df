"""Entries written into a book: which file, which place, which form."""

from __future__ import annotations

import datetime as dt
import errno
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.beans import load_book, syntax_problems
from ledger.problems import BadInputError
from ledger.writing import (
    Change,
    Copy,
    NewDocument,
    NewPosting,
    NewTransaction,
    Style,
    changes_for,
    entry_text,
    style_of,
    write_changes,
)
from tests.books import HANOI, ROOT, write_book
from tests.failing import failing_from, failing_once


def payment(day: dt.date, text: str = "x", **meta: str | int) -> NewTransaction:
    postings = (
        NewPosting("Assets:TienGui:KB01", -1_234_567),
        NewPosting("Expenses:NV02:DN:TM6655", 1_234_567, {"ineligible": True}),
    )
    keys = {key.replace("_", "-"): value for key, value in meta.items()}
    return NewTransaction(day, "*", "", text, {"kind": "payment", **keys}, postings)


def targets(main: Path, *entries: NewTransaction) -> list[str]:
    book = load_book(main)
    return [change.path.name for change in changes_for(main, book.files, entries)]


def test_an_entry_as_text() -> None:
    text = entry_text(payment(dt.date(2021, 6, 2), 'a "b" \\'), Style(end=50))
    assert text.splitlines() == [
        '2021-06-02 * "a \\"b\\" \\\\"',
        '  kind: "payment"',
        "  Assets:TienGui:KB01                   -1,234,567 VND",
        "  Expenses:NV02:DN:TM6655                1,234,567 VND",
        "    ineligible: TRUE",
    ]


@given(text=st.text(max_size=60))
def test_any_text_is_one_string_of_the_book(text: str) -> None:
    written = entry_text(payment(dt.date(2021, 6, 2), text), Style())
    assert syntax_problems(written.encode("utf-8", "replace").decode() + "\n", "a") == []
    assert len(written.splitlines()) == 5


def test_the_style_is_that_of_the_file() -> None:
    text = (HANOI / "2021-06.beancount").read_text("utf-8")
    assert style_of(text) == Style(end=76, commas=True, indent="  ", newline="\n")
    plain = '2021-01-01 * "a"\n    Assets:A:B  -5000 VND\n    Assets:C:D   5000 VND\n'
    assert style_of(plain) == Style(end=21, commas=False, indent="    ", newline="\n")
    assert style_of("", Style(end=40)) == Style(end=40)


def test_a_month_a_closing_a_year_and_a_lone_file() -> None:
    hanoi = (HANOI / "main.beancount").resolve()
    assert targets(hanoi, payment(dt.date(2021, 6, 2))) == ["2021-06.beancount"]
    closing = payment(dt.date(2022, 1, 20), budget_year=2021)
    assert targets(hanoi, closing) == ["2022-chinh-ly.beancount"]
    foreign = (ROOT / "ledger" / "books" / "foreign-2023" / "main.beancount").resolve()
    assert targets(foreign, payment(dt.date(2023, 5, 5))) == ["2023.beancount"]


def test_of_two_files_of_a_month_the_nearest_to_the_top_is_written(tmp_path: Path) -> None:
    (tmp_path / "cu").mkdir()
    files = [tmp_path / "2021-06.beancount", tmp_path / "cu" / "2021-06.beancount"]
    for file in files:
        file.write_text("", "utf-8")
    main = write_book(tmp_path, "", base="")
    for order in (files, files[::-1]):
        names = [str(main), *map(str, order)]
        (change,) = changes_for(main, names, [payment(dt.date(2021, 6, 2))])
        assert change.path == files[0]


def test_a_book_of_one_file_stays_one(tmp_path: Path) -> None:
    main = write_book(tmp_path, '2021-01-05 * "a"\n  Assets:TienGui:KB01  0 VND\n')
    assert targets(main, payment(dt.date(2021, 6, 2))) == ["main.beancount"]


def test_dates_inside_a_string_are_no_places(tmp_path: Path) -> None:
    text = (
        '2021-01-05 * "mot\n2021-09-09 * hai" \n  Assets:TienGui:KB01  0 VND\n\n'
        ';; của tháng 7\n2021-07-01 * "b"\n  Assets:TienGui:KB01  0 VND\n'
    )
    main = write_book(tmp_path, text, base="")
    (change,) = changes_for(main, [str(main)], [payment(dt.date(2021, 6, 2))])
    lines = change.after.decode().splitlines()
    assert lines.index('2021-06-02 * "x"') < lines.index(";; của tháng 7")
    assert lines.index('2021-06-02 * "x"') > lines.index('2021-09-09 * hai" ')


@given(days=st.lists(st.dates(dt.date(2021, 6, 1), dt.date(2021, 6, 30)), min_size=1, max_size=6))
def test_nothing_of_the_file_is_lost_and_days_stay_sorted(days: list[dt.date]) -> None:
    main = (HANOI / "main.beancount").resolve()
    files = [str(path.resolve()) for path in HANOI.glob("*.beancount")]
    (change,) = changes_for(main, files, [payment(day) for day in days])
    assert change.before is not None
    before, after = change.before.decode().splitlines(), change.after.decode().splitlines()
    rest = iter(after)
    assert all(line in rest for line in before)  # in order
    dated = [line[:10] for line in after if line.startswith("2021-")]
    assert dated == sorted(dated)
    assert change.added == len(days)


def test_a_copy_never_leaves_the_folder_nor_replaces_a_file(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="ra ngoài thư mục"):
        write_changes([], [Copy(b"x", "../a.xml")], tmp_path)
    (tmp_path / "a.xml").write_text("cũ", "utf-8")
    write_changes([], [Copy(b"x", "a.xml")], tmp_path)
    assert (tmp_path / "a.xml").read_text("utf-8") == "cũ"


def test_rights_of_a_file_are_kept(tmp_path: Path) -> None:
    shutil.copytree(HANOI, tmp_path / "so")
    main = (tmp_path / "so" / "main.beancount").resolve()
    month = main.parent / "2021-06.beancount"
    month.chmod(0o640)
    write_changes(changes_for(main, load_book(main).files, [payment(dt.date(2021, 6, 2))]))
    assert month.stat().st_mode & 0o777 == 0o640


def test_a_book_that_cannot_be_written_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = write_book(tmp_path, "", base="").resolve()
    entries = [payment(dt.date(2021, 6, 2))]
    changes = changes_for(main, [str(main)], entries)
    assert [change.before is None for change in changes] == [False, True]
    replace, done = Path.replace, []

    def refusing(self: Path, target: Path) -> Path:
        done.append(target.name)
        if target == main:
            raise PermissionError(errno.EACCES, "no")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refusing)
    before = main.read_bytes()
    with pytest.raises(BadInputError, match=r"main\.beancount: không ghi được: không có quyền"):
        write_changes(changes)
    assert done == ["2021-06.beancount", "main.beancount"]
    assert main.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["main.beancount"]
    (tmp_path / "2021-06.beancount").write_text("", "utf-8")  # as a run that was killed leaves it
    with pytest.raises(BadInputError, match="sổ không nêu nó"):
        changes_for(main, [str(main)], entries)


def several(folder: Path) -> tuple[Path, list[Change]]:
    """A book of three files that all change."""
    main = folder / "main.beancount"
    names = ("2021-05", "2021-06", "2021-07")
    main.write_text("".join(f'include "{name}.beancount"\n' for name in names), "utf-8")
    for name in names:
        (folder / f"{name}.beancount").write_text(f"; {name}\n", "utf-8")
    entries = [payment(dt.date(2021, month, 2)) for month in (5, 6, 7)]
    files = [str(path) for path in sorted(folder.glob("*.beancount"))]
    changes = changes_for(main.resolve(), files, entries)
    assert len(changes) == 3
    return main, changes


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("after", range(1, 7))
def test_a_disk_that_fills_up_and_stays_full_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    _, changes = several(tmp_path)
    before = content_of(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", failing_from(after, Path.write_bytes, errno.ENOSPC))
        with pytest.raises(BadInputError, match="sổ giữ nguyên"):
            write_changes(changes)
    assert content_of(tmp_path) == before


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_book_is_put_back_where_a_file_cannot_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    _, changes = several(tmp_path)
    before = content_of(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", failing_once(after, Path.replace, errno.EACCES))
        with pytest.raises(BadInputError, match="sổ giữ nguyên"):
            write_changes(changes)
    assert content_of(tmp_path) == before


def test_what_could_not_be_put_back_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, changes = several(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", failing_from(3, Path.replace, errno.EACCES))
        with pytest.raises(BadInputError) as told:
            write_changes(changes)
    names = [Path(problem.file).name for problem in told.value.problems]
    assert sorted(names) == ["2021-05.beancount", "2021-06.beancount"]
    assert "không trả lại được như cũ" in str(told.value)
    after = content_of(tmp_path)
    assert [name for name, held in after.items() if b"kind" in held] != []
    assert not [name for name in after if name.endswith(".new")]


@given(
    lines=st.lists(
        st.sampled_from(
            [
                '2021-06-01 * "a\u2028b\x0bc\x0c\x85\x1cd"\n  Assets:A  1 VND\n  Assets:B\n',
                "; ghi chú\r\n",
                '* Tháng "sáu\n',
                "2021-06-03 open Assets:TienGui:KB02 VND\r\n",
                "\n",
            ]
        ),
        max_size=6,
    )
)
def test_nothing_that_stands_in_a_file_is_touched(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    main = (tmp_path_factory.mktemp("so") / "2021-06.beancount").resolve()
    before = "".join(lines).encode()
    main.write_bytes(before)
    (change,) = changes_for(main, [str(main)], [payment(dt.date(2021, 6, 2))])
    added = set(entry_text(payment(dt.date(2021, 6, 2)), style_of(before.decode())).split("\n"))
    kept = [line for line in change.after.split(b"\n") if line.decode().rstrip("\r") not in added]
    old = [line for line in before.split(b"\n") if line.strip()]
    assert [line for line in kept if line.strip()] == old


def test_a_heading_with_a_quote_hides_no_entry(tmp_path: Path) -> None:
    main = (tmp_path / "2021-06.beancount").resolve()
    main.write_text('* Tháng "sáu\n2021-06-01 open Assets:TienGui:KB01 VND\n', "utf-8")
    (change,) = changes_for(main, [str(main)], [payment(dt.date(2021, 6, 2))])
    assert change.path == main


def test_the_name_of_a_document_keeps_its_spelling() -> None:
    name = unicodedata.normalize("NFD", "chứng-từ/hóa đơn.pdf")
    entry = NewDocument(dt.date(2021, 6, 2), "Expenses:NV02:DN:TM6655", name, {})
    assert f'"{name}"' in entry_text(entry, Style())
