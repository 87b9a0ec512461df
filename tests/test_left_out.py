"""What of a book nobody reads is named: files beside it, directives that no program knows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from ledger import includes
from ledger.declare import Custom, read_declarations
from ledger.includes import unreached
from ledger.loading import load_facts
from ledger.store import Store
from tests.books import run_cnht, write_book

if TYPE_CHECKING:
    from pathlib import Path

MONTH = '2021-10-05 * "Chi"\n  Assets:TienGui:KB01  1 VND\n  Equity:GiaoDuToan:NSTP\n'


def left_out(main: Path, store: Store | None = None) -> list[str]:
    return [text.vi for text in load_facts(main, store).left_out]


def test_a_month_that_no_include_reaches_is_told_by_every_command(tmp_path: Path) -> None:
    main = write_book(tmp_path, 'include "2021-09.beancount"\n', **{"2021-09__beancount": ""})
    (tmp_path / "2021-10.beancount").write_text(MONTH, "utf-8")
    (told,) = left_out(main)
    assert told.startswith("tệp 2021-10.beancount: không dòng include nào nêu tới")
    assert told.endswith('thêm vào main.beancount dòng: include "2021-10.beancount"')
    for arguments in (["doctor", tmp_path], ["check", tmp_path, "--no-cache"]):
        ran = run_cnht(*arguments)
        assert 'include "2021-10.beancount"' in " ".join((ran.out + ran.err).split())
        assert "mọi phần của sổ đều được dùng" not in ran.out


def test_a_month_laid_beside_a_kept_book_is_told_at_once(tmp_path: Path) -> None:
    main, store = write_book(tmp_path / "so", ""), Store(tmp_path / "kept")
    assert left_out(main, store) == []
    (tmp_path / "so" / "thang").mkdir()
    (tmp_path / "so" / "thang" / "10.beancount").write_text(MONTH, "utf-8")
    (told,) = left_out(main, store)
    assert 'include "thang/10.beancount"' in told


def test_what_is_no_part_of_the_book_is_not_told(tmp_path: Path) -> None:
    main = write_book(tmp_path / "so", "")
    write_book(tmp_path / "so" / "2020", "", **{"2020-01__beancount": ""})
    write_book(tmp_path / "so" / ".cnht" / "ban-luu" / "2021-10-05", "")
    (tmp_path / "so" / ".nhap.beancount").write_text("", "utf-8")
    (tmp_path / "ngoai.beancount").write_text("", "utf-8")
    (tmp_path / "so" / "lien-ket").symlink_to(tmp_path)
    (tmp_path / "so" / "lien-ket.beancount").symlink_to(tmp_path / "ngoai.beancount")
    assert left_out(main) == []


def test_a_book_of_one_file_owns_nothing_that_lies_beside_it(tmp_path: Path) -> None:
    other = write_book(tmp_path, "").rename(tmp_path / "so-a.beancount")
    (tmp_path / "so-b.beancount").write_text("", "utf-8")
    assert left_out(other) == []


def test_a_large_folder_is_not_walked_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(includes, "_MOST_NAMES", 3)
    main = write_book(tmp_path, "", **{f"{n}__txt": "" for n in range(4)})
    assert not unreached(main, {str(main)}).whole
    assert "quá nhiều tệp" in left_out(main)[-1]


def test_a_directive_that_nobody_reads_is_told_with_its_place(tmp_path: Path) -> None:
    text = '2021-05-01 custom "ke-toan-truong" "A"\n'
    text += '2021-05-02 custom "ke-toan-truong" "B"\n2021-01-01 custom "budget" Expenses:A\n'
    text += '2021-01-01 custom "fava-option" "language" "vi"\n'
    main = write_book(tmp_path, text)
    line = main.read_text("utf-8").splitlines().index(text.splitlines()[0]) + 1
    (told,) = left_out(main)
    assert told.startswith(f'custom "ke-toan-truong" (main.beancount:{line}, +1): không có khai')
    assert "programme, unit, task" in told


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("nhiem-vu", "task"),
        ("nhiệm vụ", "task"),
        ("nghiem_thu", "acceptance"),
        ("Hợp-đồng", "contract"),
        ("explain", "explanation"),
        ("contracts", "contract"),
    ],
)
def test_a_directive_in_other_words_is_refused_with_its_right_name(
    written: str, right: str
) -> None:
    custom = Custom("a.beancount", 7, dt.date(2021, 1, 1), written, ("NV02",), {})
    _, (problem,) = read_declarations([custom])
    assert problem.line == 7
    assert problem.remedy
    assert problem.remedy.vi.startswith(f'có phải «{right}»? viết custom "{right}"')
