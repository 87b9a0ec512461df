"""Importing into a book: what is drafted, what is known already, what is written and how."""

from __future__ import annotations

import datetime as dt
import errno
import io
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import beangulp
import beangulp.extract
import openpyxl
import pytest
from beanquery import connect
from click.testing import CliRunner
from fava.application import create_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.einvoice import EInvoice
from importers.importing import importers, plan_import
from importers.known import Known
from importers.source.files import MOST_BYTES
from ledger.accounts import read_account
from ledger.beans import load_book
from ledger.kinds import KINDS
from ledger.problems import BadInputError
from ledger.writing import NewDocument
from tests.books import HANOI, run_cnht, write_book
from tests.failing import failing_once
from tests.statements import banks, invoices, messages, treasury

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from importers.importing import Import

NUMBER = "3713.0.1100001.00000"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The teaching book, without its balances, which would speak of what is imported."""
    folder = tmp_path / "so"
    shutil.copytree(HANOI, folder)
    for file in folder.glob("20*.beancount"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if " balance " not in line), "utf-8")
    return (folder / "main.beancount").resolve()


def statement(path: Path, moves: Sequence[banks.Move] = banks.MOVES, number: str = NUMBER) -> Path:
    rows = banks.acb_2019_rows(moves)
    rows[0] = [f"Số tài khoản: {number}"]
    return banks.xlsx(path, rows)


def written(book: Path, *paths: Path) -> Import:
    plan = plan_import(book, paths)
    for outcome in plan.outcomes:
        assert outcome.read == sum(outcome.counts())
    plan.write()
    assert load_book(book).errors == []
    return plan


def counts(plan: Import) -> list[tuple[int, int, int]]:
    return [outcome.counts() for outcome in plan.outcomes]


def test_the_same_file_twice_adds_nothing(book: Path, tmp_path: Path) -> None:
    path = statement(tmp_path / "a.xlsx")
    assert counts(written(book, path)) == [(5, 0, 0)]
    after = {file: file.read_bytes() for file in book.parent.rglob("*.beancount")}
    again = written(book, path)
    assert counts(again) == [(0, 5, 0)]
    assert again.changes == ()
    assert {file: file.read_bytes() for file in book.parent.rglob("*.beancount")} == after


def test_the_same_file_twice_in_one_command_counts_once(book: Path, tmp_path: Path) -> None:
    path = statement(tmp_path / "a.xlsx")
    other = tmp_path / "b.xlsx"
    shutil.copy(path, other)
    assert counts(written(book, path, other)) == [(5, 0, 0), (0, 5, 0)]


def test_a_charge_of_the_treasury_is_a_fee_and_a_fee_that_the_unit_pays_is_none(
    tmp_path: Path,
) -> None:
    main = write_book(tmp_path / "so", "").resolve()
    charged = ["01/06/2021", "BN1", "Phí chuyển tiền", None, None, None, "11.000", "", "9.989.000"]
    paid = ["02/06/2021", "BN2", "Phí thẩm định", None, None, None, "9.000", "", "9.980.000"]
    path = banks.xlsx(tmp_path / "a.xlsx", treasury.account_statement(rows=[charged, paid]))
    (outcome,) = plan_import(main, [path]).outcomes
    kinds = [draft.entry.meta["kind"] for draft in outcome.drafts if draft.entry]
    assert kinds == ["bank-fee", "payment"]


def test_overlapping_files_add_only_what_is_new(book: Path, tmp_path: Path) -> None:
    first = statement(tmp_path / "a.xlsx", banks.MOVES[:3])
    both = statement(tmp_path / "b.xlsx")
    assert counts(written(book, first)) == [(3, 0, 0)]
    assert counts(written(book, both)) == [(2, 3, 0)]


moves = st.lists(
    st.builds(
        banks.Move,
        st.dates(dt.date(2021, 6, 1), dt.date(2021, 6, 30)),
        st.just("R1"),
        st.sampled_from(["PHI CHUYEN TIEN", "TRA TIEN THUE", "CTY NOP TIEN"]),
        st.sampled_from([-11_000, -22_000, 50_000, 70_000]),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(found=moves, cut=st.integers(0, 8))
def test_rows_that_are_alike_are_counted_not_merged(
    found: list[banks.Move], cut: int, tmp_path: Path
) -> None:
    folder = tmp_path / f"{abs(hash((tuple(found), cut)))}"
    main = write_book(folder / "so", "").resolve()
    # No balance tells equal rows apart.
    part, rows = banks.simple_rows(found[:cut]), banks.simple_rows(found)
    part[0] = rows[0] = ["Số tài khoản", NUMBER]
    first = banks.xlsx(folder / "a.xlsx", part)
    whole = banks.xlsx(folder / "b.xlsx", rows)
    plan = plan_import(main, [first, whole])
    before = min(cut, len(found))
    assert [one.counts()[:2] for one in plan.outcomes] == [
        (before, 0),
        (len(found) - before, before),
    ]


def test_drafts_keep_to_the_table_of_kinds(book: Path, tmp_path: Path) -> None:
    files = [
        statement(tmp_path / "a.xlsx"),
        banks.xlsx(tmp_path / "b.xlsx", treasury.spending_statement()),
        banks.xlsx(tmp_path / "c.xlsx", treasury.annex()),
        banks.xlsx(tmp_path / "d.xlsx", treasury.journal_s04h()),
        banks.xlsx(tmp_path / "e.xlsx", treasury.journal_pairs()),
    ]
    xml = tmp_path / "f.xml"
    xml.write_text(invoices.invoice(), "utf-8")
    plan = plan_import(book, [*files, xml])
    drafts = [draft for outcome in plan.outcomes for draft in outcome.drafts if draft.entry]
    # The book has RDT12, which stands in the statement and in the journal.
    assert len(drafts) == 5 + 2 + 1 + 3 + 2 + 1
    for draft in drafts:
        assert draft.entry is not None
        kind = KINDS[str(draft.entry.meta["kind"])]
        assert sum(posting.amount for posting in draft.entry.postings) == 0
        for posting in draft.entry.postings:
            move = kind.move_of(read_account(posting.account).family)
            assert move is not None, (kind.code, posting)
            assert move.allows(posting.amount), (kind.code, posting)
        assert (draft.entry.flag == "!") is bool(draft.undecided)


def test_the_vendor_is_learned_from_the_book_and_said(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        invoices.invoice(
            seller="0199001807", seller_name="Công ty TNHH Văn phòng phẩm Ví Dụ 21",
            lines=(invoices.line("Văn phòng phẩm phục vụ hội đồng thẩm tra", "10000000"),),
        ),
        "utf-8",
    )  # fmt: skip
    (outcome,) = plan_import(book, [path]).outcomes
    (draft,) = outcome.drafts
    assert draft.entry is not None
    assert draft.why is not None
    assert "cùng đối tượng 0199001807" in draft.why.vi
    assert draft.entry.postings[1].account == "Expenses:NV10:NSTP:TM6551"
    assert draft.entry.meta["activity"] == "programme-management"


def test_an_invoice_that_the_book_has_paid_gets_no_second_payment(
    book: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(invoices.invoice(seller="0199001807", series="C21TCB", number="188"), "utf-8")
    (outcome,) = plan_import(book, [path]).outcomes
    (draft,) = outcome.drafts
    assert draft.entry is None
    assert draft.why is not None
    assert "đã trả" in draft.why.vi
    (kept,) = [one for one in draft.extra if isinstance(one, NewDocument)]
    (paid,) = [
        entry for entry in load_book(book).entries if entry.meta.get("invoice") == "1C21TCB/0000188"
    ]
    assert kept.account in {posting.account for posting in paid.postings}
    assert kept.account.startswith(("Expenses:", "Assets:ChoThanhToan:"))


def test_what_the_book_cannot_tell_is_left_open(book: Path, tmp_path: Path) -> None:
    path = statement(tmp_path / "a.xlsx", [banks.Move(dt.date(2021, 6, 3), "9", "ZZQQ XXYY", -5)])
    written(book, path)
    text = (book.parent / "2021-06.beancount").read_text("utf-8")
    assert '2021-06-03 ! "ZZQQ XXYY"' in text
    assert "Expenses:ChuaRo:DN:TM0000" in text
    opened = (book.parent / "accounts.beancount").read_text("utf-8")
    assert "open Expenses:ChuaRo:DN:TM0000 VND" in opened


def test_a_row_written_by_hand_is_known_by_its_voucher(book: Path, tmp_path: Path) -> None:
    day = dt.date(2021, 6, 1)
    found = [
        banks.Move(day, "07", "DONG GOP", 18_000_000),
        banks.Move(day, "99", "DONG GOP", 18_000_000),
    ]
    (outcome,) = plan_import(book, [statement(tmp_path / "a.xlsx", found)]).outcomes
    assert outcome.counts() == (1, 1, 0)
    assert "2021-06.beancount" in outcome.duplicates[0].where


def test_a_row_written_by_hand_is_known_in_every_file(book: Path, tmp_path: Path) -> None:
    found = [banks.Move(dt.date(2021, 6, 1), "07", "DONG GOP", 18_000_000)]
    more = [*found, banks.Move(dt.date(2021, 6, 9), "10", "ZZQQ", 777)]
    plan = plan_import(
        book, [statement(tmp_path / "a.xlsx", found), statement(tmp_path / "b.xlsx", more)]
    )
    assert counts(plan) == [(0, 1, 0), (1, 1, 0)]


def test_a_row_written_by_hand_stands_for_one_row(book: Path, tmp_path: Path) -> None:
    one = banks.Move(dt.date(2021, 6, 1), "07", "DONG GOP", 18_000_000)
    plan = plan_import(book, [statement(tmp_path / "a.xlsx", [one, one._replace(text="LAN HAI")])])
    assert counts(plan) == [(1, 1, 0)]


def test_sheets_that_overlap_are_told_apart_as_files_are(book: Path, tmp_path: Path) -> None:
    """A month and its quarter in one workbook; the book has the first row, written by hand."""
    hand = banks.Move(dt.date(2021, 6, 1), "07", "DONG GOP", 18_000_000)
    fee = banks.Move(dt.date(2021, 6, 9), "10", "ZZQQ", -777)
    later = banks.Move(dt.date(2021, 6, 20), "11", "ZZQQ", -888)
    workbook = openpyxl.Workbook()
    for name, moves in (("Tháng 6", [hand, fee, fee]), ("Quý II", [hand, fee, fee, later])):
        rows = banks.simple_rows(moves)
        rows[0] = ["Số tài khoản", NUMBER]
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(tmp_path / "a.xlsx")
    ran = run_cnht("import", book, tmp_path / "a.xlsx")
    assert "= 3 bản nháp + 2 đã có trong sổ + 2 trùng trong tệp nhập + 2 không nhập" in ran.out
    (outcome,) = written(book, tmp_path / "a.xlsx").outcomes
    assert [draft.place.sheet for draft in outcome.drafts] == ["Tháng 6", "Tháng 6", "Quý II"]


def test_rows_and_entries_are_both_said_where_they_differ(book: Path, tmp_path: Path) -> None:
    annex = banks.xlsx(tmp_path / "a.xlsx", treasury.annex())
    first, again = (run_cnht("import", book, annex, "--write").out for _ in range(2))
    assert "4 dòng đọc được = 2 bản nháp (1 bút toán) + 0 đã có trong sổ + 2 không nhập" in first
    assert "4 dòng đọc được = 0 bản nháp + 2 đã có trong sổ + 2 không nhập" in again


def test_another_kind_of_voucher_is_another_row(book: Path, tmp_path: Path) -> None:
    found = [banks.Move(dt.date(2021, 6, 1), "ABC07", "DONG GOP", 18_000_000)]
    assert counts(plan_import(book, [statement(tmp_path / "a.xlsx", found)])) == [(1, 0, 0)]


def test_two_sources_of_one_command_are_flagged(book: Path, tmp_path: Path) -> None:
    row = ["09/06/2021", "BC77", "Nhận đóng góp", "1121", "1352", "777.000", "", "NV02"]
    journal = banks.xlsx(tmp_path / "a.xlsx", [*treasury.journal_pairs()[:2], row])
    found = [banks.Move(dt.date(2021, 6, 9), "BC77", "CTY NOP TIEN", 777_000)]
    plan = plan_import(book, [journal, statement(tmp_path / "b.xlsx", found)])
    (draft,) = plan.outcomes[1].drafts
    assert any("a.xlsx:3" in text.vi for text in draft.undecided)


def test_what_another_source_brought_is_flagged(book: Path, tmp_path: Path) -> None:
    row = ["09/06/2021", "BC77", "Nhận đóng góp", "1121", "1352", "777.000", "", "NV02"]
    written(book, banks.xlsx(tmp_path / "a.xlsx", [*treasury.journal_pairs()[:2], row]))
    found = [banks.Move(dt.date(2021, 6, 9), "BC77", "CTY NOP TIEN", 777_000)]
    (outcome,) = plan_import(book, [statement(tmp_path / "b.xlsx", found)]).outcomes
    assert outcome.counts() == (1, 0, 0)
    assert any("có thể đã ghi ở" in text.vi for text in outcome.drafts[0].undecided)


def bill(path: Path, day: str = "2021-06-10", number: str = "00001145", related: str = "") -> Path:
    path.write_text(invoices.invoice(day=day, number=number, related=related), "utf-8")
    return path


@pytest.mark.parametrize(
    ("paid", "day", "amount", "told"),
    [
        ("20/06/2021", "2021-06-10", -10_800_000, True),
        ("10/06/2021", "2021-06-10", -10_800_000, True),
        ("09/06/2021", "2021-06-10", -10_800_000, False),  # before the invoice
        ("09/06/2021", "2021-04-10", -10_800_000, True),  # sixty days after
        ("10/06/2021", "2021-04-10", -10_800_000, False),
        ("20/06/2021", "2021-06-10", -10_799_999, False),
        ("20/06/2021", "2021-06-10", 10_800_000, False),  # money that came in
    ],
)
def test_an_invoice_and_the_movement_that_pays_it_are_told(
    tmp_path: Path, paid: str, day: str, amount: int, *, told: bool
) -> None:
    book = write_book(tmp_path / "so", "").resolve()
    when = dt.datetime.strptime(paid, "%d/%m/%Y").date()  # noqa: DTZ007  # a day of paper
    moved = statement(
        tmp_path / "a.xlsx", [banks.Move(when, "U9", "TRA TIEN GIAN HANG", amount)], ""
    )
    sent = bill(tmp_path / "hd.xml", day)
    (pays,) = plan_import(book, [sent, moved]).outcomes[1].drafts
    (billed,) = plan_import(book, [moved, sent]).outcomes[1].drafts
    assert any("có thể trả hóa đơn 1C21TAA/00001145" in t.vi for t in pays.undecided) is told
    assert any("có thể đã trả ở" in text.vi for text in billed.undecided) is told


def test_an_invoice_that_was_given_its_voucher_is_the_movement_itself(tmp_path: Path) -> None:
    def paid(invoice: int, amount: int) -> str:
        return (
            f'2021-06-20 * "Trả"\n  kind: "payment"\n  invoice: "1C21TAA/{invoice}"\n'
            f'  import-key: "hd{invoice}"\n  voucher: "2021/UNC/07"\n'
            f"  Assets:TienGui:KB01  -{amount} VND\n  Expenses:NV02:NSTP:TM6655  {amount} VND\n"
        )

    main = write_book(tmp_path / "so", paid(1, 8_800_000) + paid(2, 1_200_000)).resolve()
    day = dt.date(2021, 6, 20)
    whole = [banks.Move(day, "UNC07", "TRA TIEN", -10_000_000)]
    parts = [banks.Move(day, "UNC07", "TRA TIEN", -amount) for amount in (8_800_000, 1_200_000)]
    other = [banks.Move(day, "UNC08", "TRA TIEN", -8_800_000)]
    for name, found, met in (("a", whole, 1), ("b", parts, 2), ("c", other, 0)):
        path = statement(tmp_path / f"{name}.xlsx", found, "")
        assert counts(plan_import(main, [path])) == [(len(found) - met, met, 0)]


def test_an_invoice_that_is_paid_is_not_told_again(tmp_path: Path) -> None:
    main = write_book(
        tmp_path / "so",
        '2021-06-11 * "Trả"\n  kind: "payment"\n  invoice: "1C21TAA/7"\n  voucher: "2021/UNC/1"\n'
        "  Assets:TienGui:KB01  -10800000 VND\n  Expenses:NV02:NSTP:TM6655  10800000 VND\n",
    ).resolve()
    found = [banks.Move(dt.date(2021, 6, 20), "U9", "TRA TIEN", -10_800_000)]
    (outcome,) = plan_import(main, [statement(tmp_path / "a.xlsx", found, "")]).outcomes
    (draft,) = outcome.drafts
    assert not any("có thể" in text.vi for text in draft.undecided)


@pytest.mark.parametrize("turned", [False, True])
def test_an_invoice_replaced_by_another_file_is_not_paid(tmp_path: Path, *, turned: bool) -> None:
    book = write_book(tmp_path / "so", "").resolve()
    first = bill(tmp_path / "1.xml", number="1000")
    second = bill(
        tmp_path / "2.xml",
        related="<TTHDLQuan><TCHDon>1</TCHDon><LHDCLQuan>1</LHDCLQuan><KHMSHDCLQuan>1</KHMSHDCLQuan>"
        "<KHHDCLQuan>C21TAA</KHHDCLQuan><SHDCLQuan>1000</SHDCLQuan></TTHDLQuan>",
    )
    plan = plan_import(book, [second, first] if turned else [first, second])
    old = plan.outcomes[1 if turned else 0]
    assert (old.read, old.counts()) == (1, (0, 0, 1))
    assert "đã bị thay thế trong lần nhập này bởi 2.xml" in old.rejects[0].reason.vi
    assert sum(outcome.entries for outcome in plan.outcomes) == 1
    assert len(plan.copies) == 1


def test_a_likely_hand_written_row_is_flagged(book: Path, tmp_path: Path) -> None:
    found = [banks.Move(dt.date(2021, 6, 1), "99", "DONG GOP", 18_000_000)]
    (outcome,) = plan_import(book, [statement(tmp_path / "a.xlsx", found)]).outcomes
    assert any("có thể đã ghi ở" in text.vi for text in outcome.drafts[0].undecided)


def test_entries_stand_in_order_and_in_the_form_of_the_book(book: Path, tmp_path: Path) -> None:
    before = (book.parent / "2021-06.beancount").read_text("utf-8").splitlines()
    written(book, statement(tmp_path / "a.xlsx"))
    after = (book.parent / "2021-06.beancount").read_text("utf-8").splitlines()
    days = [line[:10] for line in after if line[:4] == "2021"]
    assert days == sorted(days)
    assert [line for line in after if line in before or not line] >= [
        line for line in before if not line
    ]
    ends = {line.rindex(" VND") for line in after if line.endswith(" VND")}
    assert len(ends) == 1


def test_a_month_without_a_file_gets_one(tmp_path: Path) -> None:
    run_cnht("init", tmp_path / "so", "--year", "2021")
    main = (tmp_path / "so" / "main.beancount").resolve()
    (main.parent / "2021-06.beancount").unlink()
    text = main.read_text("utf-8").replace('include "2021-06.beancount"\n', "")
    main.write_text(text, "utf-8")
    path = statement(tmp_path / "a.xlsx", banks.MOVES, banks.ACCOUNT)
    written(main, path)
    lines = main.read_text("utf-8").splitlines()
    assert (
        lines.index('include "2021-06.beancount"') == lines.index('include "2021-05.beancount"') + 1
    )


def test_line_ends_of_windows_are_kept(book: Path, tmp_path: Path) -> None:
    file = book.parent / "2021-06.beancount"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    written(book, statement(tmp_path / "a.xlsx"))
    content = file.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")


def test_a_book_that_changed_meanwhile_is_not_written(book: Path, tmp_path: Path) -> None:
    plan = plan_import(book, [statement(tmp_path / "a.xlsx")])
    with (book.parent / "2021-06.beancount").open("a", encoding="utf-8") as file:
        file.write(";; sửa tay\n")
    before = {file: file.read_bytes() for file in book.parent.iterdir() if file.is_file()}
    with pytest.raises(BadInputError, match="đã đổi"):
        plan.write()
    assert {file: file.read_bytes() for file in book.parent.iterdir() if file.is_file()} == before


def test_a_failure_half_way_leaves_everything_as_it_was(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_import(book, [statement(tmp_path / "a.xlsx")])
    assert len(plan.changes) > 1
    before = {file: file.read_bytes() for file in book.parent.iterdir() if file.is_file()}
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", failing_once(2, Path.replace, errno.ENOSPC))
        with pytest.raises(BadInputError, match="không ghi được"):
            plan.write()
    assert {file: file.read_bytes() for file in book.parent.iterdir() if file.is_file()} == before


def test_text_of_a_file_never_leaves_its_string(book: Path, tmp_path: Path) -> None:
    evil = 'a" \\" \n2021-06-01 * "x'
    path = statement(tmp_path / "a.xlsx", [banks.Move(dt.date(2021, 6, 3), 'n"\\', evil, 777)])
    count = len(load_book(book).entries)
    written(book, path)
    entries = load_book(book).entries
    assert len(entries) <= count + 3
    assert any(getattr(e, "narration", "") == 'a" \\" 2021-06-01 * "x' for e in entries)


def test_forms_of_figures_say_where_they_belong(book: Path, tmp_path: Path) -> None:
    path = banks.xlsx(tmp_path / "a.xlsx", treasury.form_01a())
    (outcome,) = plan_import(book, [path]).outcomes
    assert outcome.drafts == ()
    assert outcome.read == len(outcome.rejects)
    assert any("cnht reconcile" in reject.reason.vi for reject in outcome.rejects)


def closing_of_one_dong(path: Path) -> Path:
    rows = banks.cashup_rows(banks.MOVES, (NUMBER,))
    rows[4][2] = "1 VND"
    return banks.xlsx(path, rows)


def protected(path: Path) -> Path:
    """What Excel writes behind a password: the encrypted package in a container of old."""
    content = banks.xls(path, banks.mb_rows(banks.MOVES)).read_bytes()
    mark = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(content[:512] + mark + content[512:])
    return path


def cut_off(path: Path) -> Path:
    content = statement(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def too_large(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: statement(p / "a.xlsx", number="0011009999999"), "Sheet1!A1: sao kê của tài"),
        (
            lambda p: statement(p / "a.xlsx", [banks.MOVES[0]._replace(day=dt.date(2019, 1, 2))]),
            "Sheet1!A4: ngày 02/01/2019 không thuộc niên độ",
        ),
        (lambda p: banks.csv_file(p / "a.csv", [["x", "y"], ["1", "2"]]), "--teach"),
        (
            lambda p: banks.xlsx(p / "a.xlsx", treasury.form_01a(unit="1100009")),
            "Sheet1!B3: sao kê",
        ),
        (lambda p: banks.xlsx(p / "a.xlsx", treasury.account_statement("3713.0.9")), "Sheet1!B3"),
        (lambda p: closing_of_one_dong(p / "a.xlsx"), "Sheet1!C5: số dư đầu kỳ"),
        (lambda p: protected(p / "a.xlsx"), "bảng tính có mật khẩu"),
        (lambda p: cut_off(p / "a.xlsx"), "hỏng hoặc bị cắt cụt\n"),
        (lambda p: too_large(p / "a.csv"), "64 MiB"),
        (lambda p: banks.xlsx(p / "a.xlsx", [], "Tháng 6"), "trang «Tháng 6» không có ô nào"),
        (lambda p: banks.xlsx(p / "a.xlsx", treasury.annex(total=1)), "tổng in là"),
        (lambda p: banks.xlsx(p / "a.xlsx", treasury.journal_s04h(unbalanced=1)), "không cân"),
    ],
)
def test_input_that_is_refused_writes_nothing(
    make: Callable[[Path], Path],
    said: str,
    book: Path,
    tmp_path: Path,
) -> None:
    path = make(tmp_path)
    good = statement(tmp_path / "tot.xlsx")
    before = {file: file.read_bytes() for file in book.parent.iterdir() if file.is_file()}
    ran = run_cnht("import", book, path, good, "--write")
    assert ran.code == 2
    assert said in ran.err
    assert "đọc 2 tệp, dùng được 1; còn tệp hỏng nên không tệp nào được nhập" in ran.err
    assert path.name in ran.err
    assert "Traceback" not in ran.err
    assert {file: file.read_bytes() for file in book.parent.iterdir() if file.is_file()} == before


def test_an_invoice_for_another_unit_is_refused(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(invoices.invoice(buyer="<MDVQHNSach>1999999</MDVQHNSach>"), "utf-8")
    with pytest.raises(BadInputError, match="1999999"):
        plan_import(book, [path])
    parties = book.parent / "parties.beancount"
    parties.write_text(
        parties.read_text("utf-8")
        + '\n2021-01-01 custom "party" "0100112437" "Sở Công Thương Hà Nội"\n  role: "unit"\n',
        "utf-8",
    )
    path.write_text(invoices.invoice(buyer="<MST>0199001028</MST>"), "utf-8")
    ran = run_cnht("import", book, path, "--write")
    assert ran.code == 2
    assert "a.xml: mã số thuế người mua 0199001028 không phải của đơn vị (0100112437)" in ran.err
    assert not (book.parent / "documents").exists()


def test_a_buyer_that_nothing_could_check_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(invoices.invoice(buyer="<MST>0199001028</MST>"), "utf-8")
    (draft,) = EInvoice().propose(path, Known([])).drafts
    assert any("chưa kiểm được người mua 0199001028" in text.vi for text in draft.undecided)


def test_an_invoice_is_kept_beside_the_book_and_known_again(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(invoices.invoice(), "utf-8")
    assert counts(written(book, path)) == [(1, 0, 0)]
    assert run_cnht("check", book, "--no-cache", "--select", "BOK202").code == 0
    (kept,) = (book.parent / "documents" / "hoa-don" / "2021").iterdir()
    assert kept.read_bytes() == path.read_bytes()
    path.write_text(invoices.in_message(invoices.invoice(number="1145")), "utf-8")
    assert counts(written(book, path)) == [(0, 1, 0)]


def test_a_decision_becomes_one_transaction(book: Path, tmp_path: Path) -> None:
    (outcome,) = plan_import(book, [banks.xlsx(tmp_path / "a.xlsx", treasury.annex())]).outcomes
    assert outcome.counts() == (2, 0, 2)
    (draft,) = [one for one in outcome.drafts if one.entry]
    entry = draft.entry
    assert entry is not None
    assert (entry.meta["decision"], entry.meta["decision-date"]) == (
        "5568/QĐ-UBND",
        dt.date(2020, 12, 9),
    )
    assert entry.date == dt.date(2021, 1, 1)
    assert entry.meta["kind"] == "allotment"
    assert [posting.amount for posting in entry.postings] == [
        1_000_000_000,
        500_000_000,
        -1_500_000_000,
    ]
    assert entry.postings[1].meta["sub-item"] == "TM6655"
    assert any("quyết định đã có ở" in text.vi for text in draft.undecided)


def test_a_decision_keeps_the_unit_of_each_task(book: Path, tmp_path: Path) -> None:
    for path in book.parent.glob("*.beancount"):
        text = path.read_text("utf-8")
        text = re.sub(r"((?:Assets|Income|Expenses)\S*?):(NV\d\d)", r"\1:SCT:\2", text)
        path.write_text(re.sub(r"(Equity:\w+):(?=\w)", r"\1:SCT:", text), "utf-8")
    (outcome,) = plan_import(book, [banks.xlsx(tmp_path / "a.xlsx", treasury.annex())]).outcomes
    (entry,) = [one.entry for one in outcome.drafts if one.entry]
    assert [read_account(posting.account).unit for posting in entry.postings] == ["SCT"] * 3
    (draft,) = [one for one in outcome.drafts if one.entry]
    assert not draft.extra


def test_a_journal_maps_accounts_to_kinds_and_lists_the_rest(book: Path, tmp_path: Path) -> None:
    rows = treasury.journal_s04h()
    rows[5][1] = "RDT99"  # the book has its own RDT12
    (outcome,) = plan_import(book, [banks.xlsx(tmp_path / "a.xlsx", rows)]).outcomes
    kinds = [draft.entry.meta["kind"] for draft in outcome.drafts if draft.entry]
    assert sorted(kinds) == ["advance", "advance-settlement", "contribution-cash", "payment"]
    reasons = " ".join(reject.reason.vi for reject in outcome.rejects)
    assert "chưa có loại nghiệp vụ cho Nợ 611 / Có 214" in reasons
    assert outcome.read == sum(outcome.counts())
    payment = next(d.entry for d in outcome.drafts if d.entry and d.entry.meta["kind"] == "payment")
    assert [posting.account for posting in payment.postings] == [
        "Assets:DuToan:KhaDung:NV02:NSTP",
        "Expenses:NV02:NSTP:TM6651",
    ]


def two_accounts(folder: Path) -> Path:
    more = "2021-01-01 open Assets:TienGui:NH01 VND\n"
    return write_book(
        folder / "so",
        f'2021-01-01 open Assets:TienGui:KB01 VND\n  account-number: "{NUMBER}"\n{more}',
    ).resolve()


def test_a_file_without_its_number_is_of_the_account_that_is_named(tmp_path: Path) -> None:
    main = two_accounts(tmp_path)
    path = statement(tmp_path / "a.xlsx", number="")
    with pytest.raises(BadInputError, match="--account"):
        plan_import(main, [path])
    with pytest.raises(BadInputError, match="không có tài khoản tiền gửi «XX»"):
        plan_import(main, [path], account="XX")
    for asked in ("NH01", "Assets:TienGui:NH01"):
        (outcome,) = plan_import(main, [path], account=asked).outcomes
        assert "Assets:TienGui:NH01; không đọc được số tài khoản trong tệp" in outcome.notes[0].vi
        entries = [draft.entry for draft in outcome.drafts]
        assert {one.postings[0].account for one in entries if one} == {"Assets:TienGui:NH01"}


def test_a_printed_number_is_not_passed_over(tmp_path: Path) -> None:
    main = two_accounts(tmp_path)
    path = statement(tmp_path / "a.xlsx")
    with pytest.raises(BadInputError, match="không phải của Assets:TienGui:NH01"):
        plan_import(main, [path], account="NH01")
    other = statement(tmp_path / "b.xlsx", number="0011009999999")
    with pytest.raises(BadInputError, match="không phải của Assets:TienGui:KB01"):
        plan_import(main, [other], account="KB01")


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("Tai khoan 1500201001234", "tài khoản 1500201001234, sổ không có"),
        ("STK: 1500201001234", "tài khoản 1500201001234, sổ không có"),
        ("Số tài khoản: 3,71E+15", "bảng tính làm hỏng thành «3,71E+15»"),
    ],
)
def test_an_account_is_read_wherever_it_is_printed(
    book: Path, tmp_path: Path, printed: str, said: str
) -> None:
    rows = banks.acb_2019_rows(banks.MOVES)
    rows[0] = [printed]
    with pytest.raises(BadInputError, match=re.escape(said)):
        plan_import(book, [banks.xlsx(tmp_path / "a.xlsx", rows)])


def test_a_draw_of_a_journal_without_codes_is_of_the_estimate(book: Path, tmp_path: Path) -> None:
    head = ["Ngày chứng từ", "Số chứng từ", "Diễn giải", "TK Nợ", "TK Có", "Số tiền"]
    rows = [head, ["25/06/2021", "RDT90", "ZZQQ", "", "008212", "7.000.000"]]
    rows += [["25/06/2021", f"RDT{code}", "ZZQQ", "", code, "9"] for code in ("00821", "008")]
    (outcome,) = plan_import(book, [banks.xlsx(tmp_path / "a.xlsx", rows)]).outcomes
    (draft,) = outcome.drafts
    assert draft.entry is not None
    assert draft.entry.postings[0].account == "Assets:DuToan:KhaDung:ChuaRo:NSTP"
    assert {"nhiệm vụ", "tiểu mục"} <= {text.vi for text in draft.undecided}
    assert len(outcome.rejects) == 2
    assert all("là tài khoản tổng hợp" in one.reason.vi for one in outcome.rejects)


def test_the_estimate_is_never_of_contributions(book: Path, tmp_path: Path) -> None:
    head = ["Ngày chứng từ", "Số chứng từ", "Diễn giải", "TK Nợ", "TK Có", "Số tiền", "Tiểu mục"]
    words = "Ghi giảm cam kết đóng góp: doanh nghiệp rút bớt gian hàng"  # as the book has of DN
    rows = [head, ["25/06/2021", "RDT90", words, "", "008211", "-9", "6699"]]
    (outcome,) = plan_import(book, [banks.xlsx(tmp_path / "a.xlsx", rows)]).outcomes
    (draft,) = outcome.drafts
    assert draft.entry is not None
    assert all(posting.account.split(":")[-1] != "DN" for posting in draft.entry.postings)
    assert "NSTP" in draft.entry.postings[0].account


def test_messages_of_banks_are_imported(book: Path, tmp_path: Path) -> None:
    accounts = book.parent / "accounts.beancount"
    accounts.write_text(accounts.read_text("utf-8").replace(NUMBER, banks.ACCOUNT), "utf-8")
    camt, mt940 = tmp_path / "a.xml", tmp_path / "a.sta"
    camt.write_text(messages.camt(), "utf-8")
    mt940.write_text(messages.MT940, "utf-8")
    plan = plan_import(book, [camt, mt940])
    assert [outcome.read for outcome in plan.outcomes] == [3, 2]
    assert counts(plan) == [(2, 0, 1), (2, 0, 0)]
    mt940.write_text(messages.MT940.partition(":62F:")[0], "utf-8")
    with pytest.raises(BadInputError, match=r"a\.sta: :61: 2: thiếu dòng tổng"):
        plan_import(book, [mt940])


def test_importers_work_under_beangulp(book: Path, tmp_path: Path) -> None:
    path = statement(tmp_path / "a.xlsx")
    ours = importers(book)
    assert len({one.name for one in ours}) == len(ours)
    (one,) = [one for one in ours if one.identify(str(path))]
    assert one.account(str(path)).startswith("Assets")
    assert one.date(str(path)) == dt.date(2021, 6, 25)
    assert one.filename(str(path)) == "a.xlsx"
    existing = load_book(book).entries
    entries = beangulp.extract.extract_from_file(one, str(path), existing)
    one.deduplicate(entries, existing)
    assert not any("__duplicate__" in entry.meta for entry in entries)
    written(book, path)
    entries = beangulp.extract.extract_from_file(one, str(path), [])
    one.deduplicate(entries, load_book(book).entries)
    rows = [entry for entry in entries if type(entry).__name__ == "Transaction"]
    assert len(rows) == len(banks.MOVES)
    assert all("__duplicate__" in entry.meta for entry in rows)


def test_a_long_file_tells_how_far_it_is(book: Path, tmp_path: Path) -> None:
    day = dt.date(2021, 6, 1)
    moves = [banks.Move(day, f"{n}", "LAI TIEN GUI", 1_000 + n) for n in range(1_000)]
    told: list[tuple[str, int, int, int]] = []
    plan_import(
        book, [statement(tmp_path / "a.xlsx", moves)], progress=lambda *said: told.append(said)
    )
    assert told == [("a.xlsx", 1, 1, done) for done in (0, 1_000)]


def test_the_command_line_of_beangulp_takes_the_importers(book: Path, tmp_path: Path) -> None:
    path = statement(tmp_path / "a.xlsx")
    command = beangulp.Ingest(list(importers(book))).cli
    asked = ["extract", "-e", str(book), str(path)]
    ran = CliRunner().invoke(command, asked)
    assert ran.exit_code == 0, ran.output
    assert ran.output.count("import-key:") == len(banks.MOVES)
    (tmp_path / "kept").mkdir()
    ran = CliRunner().invoke(command, ["archive", "-o", str(tmp_path / "kept"), str(path)])
    assert ran.exit_code == 0, ran.output
    (kept,) = (tmp_path / "kept").rglob("*.xlsx")
    assert kept.relative_to(tmp_path / "kept").as_posix() == "Assets/TienGui/2021-06-25.a.xlsx"


def test_the_import_page_of_fava_takes_the_importers(tmp_path: Path) -> None:
    main = write_book(
        tmp_path / "so",
        '2021-01-01 custom "fava-option" "import-config" "import_config.py"\n'
        '2021-01-01 custom "fava-option" "import-dirs" "nhap"\n',
    )
    (main.parent / "import_config.py").write_text(
        "from pathlib import Path\nfrom importers.importing import importers\n"
        "CONFIG = list(importers(Path('main.beancount'), for_fava=True))\n",
        "utf-8",
    )
    folder = main.parent / "nhap"
    folder.mkdir()
    (folder / "hd.xml").write_text(invoices.invoice(), "utf-8")
    statement(folder / "sao-ke.xlsx", banks.MOVES, "")
    client = create_app([str(main)]).test_client()
    top = client.get("/").location.strip("/").split("/")[0]
    listed = client.get(f"/{top}/api/imports").json["data"]
    chosen = {file["name"]: file["importers"][0]["importer_name"] for file in listed}
    assert {Path(name).name for name in chosen} == {"hd.xml", "sao-ke.xlsx"}
    for name, importer in chosen.items():
        asked = {"filename": name, "importer": importer}
        entries = client.get(f"/{top}/api/extract", query_string=asked).json["data"]
        assert len(entries) == (1 if name.endswith("xml") else len(banks.MOVES))
        saved = client.put(f"/{top}/api/add_entries", json={"entries": entries})
        assert saved.status_code == 200, saved.text
    keys = {entry.meta.get("import-key") for entry in load_book(main.resolve()).entries}
    assert len(keys - {None}) == len(banks.MOVES) + 1
    # What the page cannot save comes in by the command, and the payment not again.
    plan = written(main.resolve(), folder / "hd.xml")
    assert counts(plan) == [(1, 0, 0)]
    assert all(draft.entry is None for draft in plan.outcomes[0].drafts)
    assert counts(plan_import(main.resolve(), [folder / "hd.xml"])) == [(0, 1, 0)]


def test_the_command_previews_and_writes_only_when_told(book: Path, tmp_path: Path) -> None:
    path = statement(tmp_path / "a.xlsx")
    ran = run_cnht("import", book, path)
    assert ran.code == 0
    assert "5 dòng đọc được = 5 bản nháp + 0 đã có trong sổ + 0 không nhập" in ran.out
    assert "Chưa ghi gì" in ran.out
    assert "Đang đọc 1/1" in ran.err
    (waiting,) = re.findall(r"\n(\d) bút toán chờ quyết", ran.out)
    (query,) = re.findall(r"bean-query \S+ \"(.+)\"", ran.out)
    ran = run_cnht("import", book, path, "--write", "--lang", "en", "-q")
    assert "5 rows read = 5 drafted" in ran.out
    assert len({row[3] for row in connect(f"beancount:{book}").execute(query)}) == int(waiting)
    assert run_cnht("import", book, path, "--write").out.endswith("Không có gì mới để ghi.\n")


def test_equal_rows_without_a_balance_are_told_and_left_to_a_person(
    book: Path, tmp_path: Path
) -> None:
    rows = banks.simple_rows([banks.MOVES[2], banks.MOVES[2]])
    rows[0] = ["Số tài khoản", NUMBER]
    path = banks.xlsx(tmp_path / "a.xlsx", rows)
    ran = run_cnht("import", book, path, "--write")
    assert ran.code == 0, ran.err
    assert "1 dòng giống hệt dòng trước" in ran.out
    told = run_cnht("check", book, "--select", "BOK508", "--all").out
    assert "giao dịch dấu «!» còn chờ quyết" in told


def test_sheets_that_are_not_read_are_named(book: Path, tmp_path: Path) -> None:
    path = statement(tmp_path / "a.xlsx")
    workbook = openpyxl.load_workbook(path)
    other, hidden = workbook.create_sheet("Ghi chú"), workbook.create_sheet("Tháng 7")
    other.append(["Xem lại", "cuối tháng"])
    hidden.append(["Ngày", "Số tiền"])
    hidden.append(["02/07/2021", 5])
    hidden.sheet_state = "hidden"
    workbook.save(path)
    ran = run_cnht("import", book, path)
    assert ran.code == 0, ran.err
    assert "trang «Ghi chú» (1 dòng) không đọc" in ran.out
    assert "trang ẩn «Tháng 7» (2 dòng) không đọc" in ran.out


def test_a_statement_whose_end_is_missing_is_refused(book: Path, tmp_path: Path) -> None:
    rows = banks.simple_rows(banks.MOVES)
    rows[0] = ["Số tài khoản", NUMBER]
    path = banks.xlsx(tmp_path / "a.xlsx", rows[: 4 + len(banks.MOVES) - 1])
    ran = run_cnht("import", book, path, "--write")
    assert ran.code == 2
    assert "tệp bị cắt cụt" in ran.err
    assert "Sheet1!A8" in ran.err
    assert run_cnht("import", book, banks.xlsx(tmp_path / "b.xlsx", rows)).code == 0


def test_a_pdf_is_refused_with_what_to_ask_for(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "sao-ke.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    ran = run_cnht("import", book, path)
    assert ran.code == 2
    assert "tệp PDF không nhập được" in ran.err


def test_answers_that_end_half_way_keep_no_layout(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = banks.xlsx(tmp_path / "la.xlsx", TEACH_ROWS)
    # The column of reasons is no column of money: it is asked for again.
    answers = ["1", "x", "3", "4", "1", "4"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    ran = run_cnht("import", book, path, "--teach")
    assert ran.code == 2
    assert "«x» không dùng được: gõ một số từ 1 đến 5" in ran.err
    assert "cột 4 «Lời» không phải là" in ran.err
    assert "các câu hỏi chưa được trả lời hết" in ran.err
    assert not (book.parent / "profiles").exists()


def test_what_is_no_table_is_not_taught(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(invoices.in_message(invoices.invoice()), "utf-8")
    ran = run_cnht("import", book, path, "--teach")
    assert ran.code == 0
    assert "hóa đơn điện tử" in ran.out


TEACH_ROWS = [
    ["Số tài khoản:", NUMBER],
    [],
    ["Hôm", "Chi ra", "Thu về", "Lời", "Còn"],
    ["02/06/2021", "", "18.000.000", "Dong gop", "18.000.000"],
    ["03/06/2021", "500.000", "", "Thue xe", "17.500.000"],
]


def test_a_layout_is_taught_once(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = banks.xlsx(tmp_path / "la.xlsx", TEACH_ROWS)
    assert run_cnht("import", book, path).code == 2
    answers = ["1", "3", "1", "2", "3", "", "", "4", "5", "", "", "y"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    ran = run_cnht("import", book, path, "--teach")
    assert ran.code == 0, ran.err + ran.out
    assert "Hiểu được 2 dòng" in ran.out
    (profile,) = (book.parent / "profiles").glob("*.yaml")
    profile.rename(profile.with_suffix(".yml"))  # as some people name YAML
    other = [*TEACH_ROWS[:3], ["04/06/2021", "1.000", "", "Phi", "17.499.000"]]
    ran = run_cnht("import", book, banks.xlsx(tmp_path / "thang7.xlsx", other))
    assert ran.code == 0
    assert "mẫu của đơn vị" in ran.out


def test_the_column_of_an_annex_is_taught(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: banks.Rows = [
        ["Quyết định số 88/QĐ-SCT ngày 20/12/2020"],
        ["STT", "Nhiệm vụ", "Dự toán đã giao", "Điều chỉnh"],
        [1, "NV01", 100, -20],
    ]
    path = banks.xlsx(tmp_path / "pl.xlsx", rows)
    assert "cột có số mà không đọc" in " ".join(run_cnht("import", book, path).out.split())
    monkeypatch.setattr("sys.stdin", io.StringIO("3\n2\n2\n\n\n4\nc\n"))
    ran = run_cnht("import", book, path, "--teach")
    assert ran.code == 0, ran.err + ran.out
    assert "Bổ sung, cắt giảm dự toán" in ran.out
    assert "không đọc" not in ran.out


def test_a_form_of_the_treasury_is_taught_too(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = ["Nguồn", "Ngành", *(f"Chỉ tiêu {letter}" for letter in "abcdefghijk")]
    figures = ["0", "900.000", "0", "0", "900.000", "0", "0", "0", "0", "0", "900.000"]
    rows: banks.Rows = [
        ["Quý II năm 2021"], [*titles], ["12", "309", *figures], ["12", "338", *figures]
    ]  # fmt: skip
    path = banks.xlsx(tmp_path / "la.xlsx", rows)
    answers = ["5", "2", "1", "2", "", *map(str, range(3, 14)), "c"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    ran = run_cnht("import", book, path, "--teach")
    assert ran.code == 0, ran.err + ran.out
    assert "Hiểu được 2 dòng số liệu" in ran.out
    ran = run_cnht("import", book, path, "--teach")
    assert "đã biết" in ran.out
    assert "muốn chỉ lại cột thì xóa tệp này" in ran.out


def test_invoices_of_a_folder_are_told_apart(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hd"
    folder.mkdir()
    for name, number in (("a", "7"), ("b", "8"), ("c", "08"), ("d", "0")):
        (folder / f"{name}.xml").write_text(invoices.invoice(number=number), "utf-8")
    ran = run_cnht("import", book, folder)
    told = " ".join(ran.out.split())
    assert "a.xml" in told
    assert "1C21TAA/8" in told
    assert "= 2 bản nháp + 0 đã có trong sổ + 1 trùng trong tệp nhập + 1 không nhập" in told
    assert "(tệp d.xml)" in told
