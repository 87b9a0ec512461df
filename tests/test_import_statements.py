"""Statements of banks and the treasury, every layout in every form of file, whole and damaged."""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.source.files import MOST_BYTES
from importers.source.legacy import Legacy, from_legacy
from importers.source.sheets import read_sheets
from importers.tables.messages import read_message
from importers.tables.profile import shipped
from importers.tables.reading import read_statements
from importers.tables.statement import NO_END, StatementKind, figures_frame
from ledger.problems import BadInputError
from tests.statements import banks, messages, treasury

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from importers.tables.statement import Statement

FORMS: dict[str, Callable[[Path, banks.Rows, str], Path]] = {
    "xlsx": lambda path, rows, sheet: banks.xlsx(path.with_suffix(".xlsx"), rows, sheet),
    "xls": lambda path, rows, sheet: banks.xls(path.with_suffix(".xls"), rows, sheet),
    "html": lambda path, rows, _: banks.html_xls(path.with_suffix(".html.xls"), rows),
    "csv": lambda path, rows, _: banks.csv_file(path.with_suffix(".csv"), rows),
}


def read(path: Path) -> tuple[Statement, ...]:
    return read_statements(read_sheets(path), shipped())


def refused(path: Path) -> str:
    with pytest.raises(BadInputError) as told:
        read(path)
    assert all(problem.file for problem in told.value.problems)
    return str(told.value)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layout", banks.LAYOUTS)
def test_every_layout_reads_in_every_form(layout: str, form: str, tmp_path: Path) -> None:
    make, sheet = banks.LAYOUTS[layout]
    (statement,) = read(FORMS[form](tmp_path / "saoke", make(banks.MOVES), sheet))
    if not (layout == "tpbank" and form in {"html", "csv"}):  # a layout told by its sheet's name
        assert statement.profile == layout
    assert statement.account == banks.ACCOUNT
    assert [(line.date, line.amount, line.text) for line in statement.lines] == [
        (move.day, move.amount, move.text) for move in banks.MOVES
    ]
    assert statement.read == len(statement.lines) + len(statement.rejects)


def test_balances_are_read_beside_the_amounts(tmp_path: Path) -> None:
    (statement,) = read(banks.xlsx(tmp_path / "a.xlsx", banks.mb_rows(banks.MOVES)))
    assert [line.balance for line in statement.lines] == banks.balances(banks.MOVES)


def test_documents_and_fees_keep_their_own_rows(tmp_path: Path) -> None:
    (statement,) = read(banks.xlsx(tmp_path / "a.xlsx", banks.techcombank_rows(banks.MOVES)))
    assert [line.part for line in statement.lines] == ["", "", "fee", "fee", ""]
    assert statement.lines[0].document == "FT5285 - 82284"
    assert statement.lines[0].counter_name == "CTY MINH HOA"


def test_several_accounts_in_one_sheet_are_several_statements(tmp_path: Path) -> None:
    rows = banks.cashup_rows(banks.MOVES, ("0011004123456", "0011004999999"))
    found = read(banks.xlsx(tmp_path / "a.xlsx", rows))
    assert [one.account for one in found] == ["0011004123456", "0011004999999"]
    assert all(len(one.lines) == len(banks.MOVES) for one in found)
    assert all(one.opening == banks.OPENING for one in found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_of_csv(encoding: str, delimiter: str, tmp_path: Path) -> None:
    rows = banks.acb_2019_rows(banks.MOVES)
    path = tmp_path / "a.csv"
    if encoding == "cp1258":  # letters and marks apart, as that code page has them
        rows = [[_split_marks(cell) for cell in row] for row in rows]
    banks.csv_file(path, rows, encoding, delimiter)
    (statement,) = read(path)
    assert [line.amount for line in statement.lines] == [move.amount for move in banks.MOVES]


def test_a_quote_where_none_may_stand_is_told_by_its_line(tmp_path: Path) -> None:
    """Not as an unknown layout: that is what another delimiter would make of it."""
    path = tmp_path / "a.csv"
    banks.csv_file(path, banks.acb_2019_rows(banks.MOVES), "utf-8", ";")
    lines = path.read_text("utf-8").splitlines()
    lines.append('01/06/2021;1;"Chi "tiền" hội chợ, quý 2";100;;')
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(BadInputError) as told:
        read(path)
    (problem,) = told.value.problems
    assert problem.line == len(lines)
    assert "dấu ngoặc kép sai chỗ: 01/06/2021;1;" in problem.text.vi


def _split_marks(cell: Any) -> Any:
    import unicodedata  # noqa: PLC0415

    if not isinstance(cell, str):
        return cell
    letters = []
    for letter in cell:
        try:
            letter.encode("cp1258")
            letters.append(letter)
        except UnicodeEncodeError:
            split = unicodedata.normalize("NFD", letter)
            base = unicodedata.normalize(
                "NFC", split[0] + "".join(c for c in split[1:] if c in "\u0302\u0306\u031b")
            )
            letters.append(base + "".join(c for c in split[1:] if c not in "\u0302\u0306\u031b"))
    return "".join(letters)


TCVN3_TITLES = ["Ngµy", "Sè GD", "DiÔn gi¶i", "Ghi nî", "Ghi cã", "Sè d\u00ad"]
VNI_TITLES = ["Ngaøy", "Soá GD", "Dieãn giaûi", "Ghi nôï", "Ghi coù", "Soá dö"]


@pytest.mark.parametrize(
    ("titles", "font", "name"),
    [(TCVN3_TITLES, ".VnTime", Legacy.TCVN3), (VNI_TITLES, "VNI-Times", Legacy.VNI)],
)
@pytest.mark.parametrize("form", ["xlsx", "xls", "csv"])
def test_old_fonts_are_converted_and_said(
    titles: list[str], font: str, name: Legacy, form: str, tmp_path: Path
) -> None:
    rows = banks.acb_2019_rows(banks.MOVES)
    rows[2] = titles
    rows = rows[2:]  # the account's line is ordinary text
    path = tmp_path / f"a.{form}"
    if form == "xlsx":
        banks.fonted_xlsx(path, rows, font)
    elif form == "xls":
        banks.xls(path, rows, font=font)
    else:
        banks.csv_file(path, rows, "cp1252", ";")
    (statement,) = read(path)
    assert len(statement.lines) == len(banks.MOVES)
    assert any(str(name) in note.vi for note in statement.notes)


def test_good_text_is_never_taken_for_an_old_font(tmp_path: Path) -> None:
    (statement,) = read(banks.csv_file(tmp_path / "a.csv", banks.agribank_rows(banks.MOVES)))
    assert statement.notes == (NO_END,)  # and nothing of fonts


@pytest.mark.parametrize(
    ("written", "encoding", "meant"),
    [
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", Legacy.TCVN3, "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        (
            "Coäng hoaø xaõ hoäi chuû nghóa Vieät Nam",
            Legacy.VNI,
            "Cộng hoà xã hội chủ nghĩa Việt Nam",
        ),
        ("COÄNG HOØA", Legacy.VNI, "CỘNG HÒA"),
        ("Ñaëng Vaên Laåm, aúm", Legacy.VNI, "Đặng Văn Lẩm, ẳm"),
    ],
)
def test_words_of_old_fonts(written: str, encoding: Legacy, meant: str) -> None:
    assert from_legacy(written, encoding) == meant


def test_capitals_of_tcvn3_are_a_font() -> None:
    assert from_legacy("céng hoµ", Legacy.TCVN3, ".VnTimeH") == "CỘNG HOÀ"


# Forms of the treasury.


def test_form_01a_by_codes(tmp_path: Path) -> None:
    (statement,) = read(banks.xlsx(tmp_path / "a.xlsx", treasury.form_01a()))
    assert statement.kind is StatementKind.ESTIMATE
    assert statement.unit_code == "1100001"
    assert (statement.start, statement.end) == (dt.date(2021, 4, 1), dt.date(2021, 6, 30))
    first, second = statement.figures
    assert (first.source_code, first.kind_item, first.programme_code) == ("12", "309", "00000")
    assert second.kind_item == "083"  # a zero that the spreadsheet dropped
    assert first.amounts["usable"] == 1_020_000_000
    assert first.amounts["remaining"] == 570_000_000
    frame = figures_frame(statement)
    assert frame["used_total"].tolist() == [400_000_000, 100_000_000]
    assert statement.read == len(statement.figures) + len(statement.rejects)


def test_form_02a_by_sub_item(tmp_path: Path) -> None:
    (statement,) = read(banks.csv_file(tmp_path / "a.csv", treasury.form_02a()))
    assert statement.kind is StatementKind.SPENDING
    assert [row.sub_item for row in statement.figures] == ["6651", "6655"]
    assert statement.figures[1].amounts["advance"] == -2_000_000
    assert statement.end == dt.date(2021, 6, 30)


def test_form_06_by_account(tmp_path: Path) -> None:
    (statement,) = read(banks.xlsx(tmp_path / "a.xlsx", treasury.form_06()))
    assert statement.kind is StatementKind.BALANCES
    (row,) = statement.figures
    assert row.label == "3713.0.1100001.00000"
    assert row.amounts == {
        "opening": 96_511_320,
        "received": 50_000_000,
        "paid": 40_000_000,
        "closing": 106_511_320,
    }


def test_both_forms_of_one_workbook(tmp_path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in (("01a", treasury.form_01a()), ("02a", treasury.form_02a())):
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    page.write(number, column, cell)
    assert [one.kind for one in read(path)] == [StatementKind.ESTIMATE, StatementKind.SPENDING]


def test_merged_titles(tmp_path: Path) -> None:
    import openpyxl  # noqa: PLC0415

    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in treasury.form_02a():
        page.append(row)
    for cells in ("G8:H8", "I8:J8", "K8:L8", "A8:A9", "B8:B9"):
        page.merge_cells(cells)
    book.save(path)
    (statement,) = read(path)
    assert len(statement.figures) == 2


def test_account_statement_of_the_treasury(tmp_path: Path) -> None:
    (statement,) = read(banks.xlsx(tmp_path / "a.xlsx", treasury.account_statement()))
    assert statement.kind is StatementKind.TREASURY
    assert statement.account == "3713.0.1100001.00000"
    assert [line.amount for line in statement.lines] == [18_000_000, -5_000_000]
    assert statement.opening == 10_000_000


def test_codes_of_movements_keep_their_zeros(tmp_path: Path) -> None:
    (statement,) = read(banks.xlsx(tmp_path / "a.xlsx", treasury.spending_statement()))
    assert [(line.sub_item, line.kind_item, line.source_code) for line in statement.lines] == [
        ("6699", "309", "12"),
        ("6651", "083", "12"),
        ("6699", "309", "12"),
    ]


# Messages.


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_camt_splits_batches_and_leaves_what_is_not_booked(version: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(messages.camt(version), "utf-8")
    (statement,) = read_message(path)
    assert [line.amount for line in statement.lines] == [4_000_000, 5_000_000, -2_000_000]
    assert statement.lines[0].text == "dong gop hoi cho"
    assert statement.account == "0011004123456"
    assert statement.read == 3
    assert [reject.shown for reject in statement.rejects] == ["PDNG"]


def test_camt_says_its_period(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(messages.camt(), "utf-8")
    assert {(one.start, one.end) for one in read_message(path)} == {(None, None)}
    period = "<FrDtTm>2021-06-01T00:00:00</FrDtTm><ToDtTm>2021-06-30T23:59:59</ToDtTm>"
    told = messages.camt().replace("<Acct>", f"<FrToDt>{period}</FrToDt><Acct>", 1)
    path.write_text(told, "utf-8")
    (statement,) = read_message(path)
    assert (statement.start, statement.end) == (dt.date(2021, 6, 1), dt.date(2021, 6, 30))
    path.write_text(told.replace("2021-06-30T23", "2021-06-31T23"), "utf-8")
    with pytest.raises(BadInputError, match="Stmt 1, FrToDt: «2021-06-31"):
        read_message(path)


def test_camt_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(messages.camt(closing="17000001"), "utf-8")
    with pytest.raises(BadInputError, match="không bằng số dư cuối"):
        read_message(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (messages.camt().replace("2021-06-20T", "2021-06-32T"), "Stmt 1, Ntry 2: «2021-06-32"),
        (messages.camt().replace('"VND">2000000', '"USD">200'), "Stmt 1, Ntry 2: số tiền bằng USD"),
        (messages.camt().replace("17000000.00000", "abc"), "Stmt 1, Bal CLBD: số tiền «abc»"),
        (messages.MT940.replace("VND", "USD"), ":20:STARTUMS, :61: 1: số tiền bằng USD"),
        (messages.MT940.replace("D2000000,", "D2000000,5"), ":20:STARTUMS, :61: 2: số tiền"),
        (messages.MT940.replace(":61:210620", ":61:219920"), ":20:STARTUMS"),
    ],
)
def test_a_message_refused_names_its_statement_and_entry(
    text: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInputError) as told:
        read_message(path)
    (problem,) = told.value.problems
    assert said in problem.text.vi
    assert problem.line > 0


def test_a_time_in_the_text_of_mt940_begins_no_statement(tmp_path: Path) -> None:
    path = tmp_path / "a.sta"
    path.write_text(messages.MT940.replace("tra tien thue", "luc 10:20:30 tra"), "utf-8")
    (statement,) = read_message(path)
    assert statement.lines[1].text == "luc 10:20:30 tra gian hang"


def test_mt940(tmp_path: Path) -> None:
    path = tmp_path / "a.sta"
    path.write_text(messages.MT940, "utf-8")
    (statement,) = read_message(path)
    assert [(line.date, line.amount) for line in statement.lines] == [
        (dt.date(2021, 6, 2), 9_000_000),
        (dt.date(2021, 6, 20), -2_000_000),
    ]
    assert statement.lines[1].text == "tra tien thue gian hang"


def test_a_message_a_day_is_one_statement(tmp_path: Path) -> None:
    path = tmp_path / "a.sta"
    after = messages.MT940.replace("10000000,", "17000000,")
    after = after.replace(":62F:C210630VND17000000,", ":62F:C210701VND24000000,")
    path.write_text(messages.MT940 + after, "utf-8")
    (statement,) = read_message(path)
    assert (statement.opening, statement.closing, statement.read) == (10_000_000, 24_000_000, 4)
    assert [line.place.cell(0) for line in statement.lines][-1] == ":61: 4"
    path.write_text(messages.MT940 * 2, "utf-8")  # the same one again goes on from nothing
    assert len(read_message(path)) == 2


def test_a_message_without_its_closing_balance_is_cut_off(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.sta"
    path.write_text(messages.MT940.partition(":62F:")[0], "utf-8")
    (statement,) = read_message(path)
    assert statement.cut
    assert NO_END in statement.notes
    turned = messages.MT940.replace(":61:2106200620D", ":61:2106200620RC")
    path.write_text(turned, "utf-8")
    (statement,) = read_message(path)
    assert [line.amount for line in statement.lines] == [9_000_000, -2_000_000]
    path.write_text(messages.MT940.replace(":60F:", ":60M:").replace(":62F:", ":62M:"), "utf-8")
    (statement,) = read_message(path)  # one page of several
    assert (statement.opening, statement.closing) == (10_000_000, 17_000_000)
    path.write_text(messages.MT940.replace(":61:", ":61:X", 1), "utf-8")
    with pytest.raises(BadInputError, match="MT940 hỏng"):
        read_message(path)
    assert not capfd.readouterr().err  # the library's own words are not for a reader


# Damaged.


def damaged_xlsx(tmp_path: Path, change: Callable[[banks.Rows], None]) -> Path:
    rows = banks.mb_rows(banks.MOVES)
    change(rows)
    return banks.xlsx(tmp_path / "hong.xlsx", rows)


def put(row: int, column: int, value: Any) -> Callable[[banks.Rows], None]:
    def change(rows: banks.Rows) -> None:
        rows[row][column] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put(8, 5, "1,000.00"), r"F9.*số dư 1\.000 không bằng"),
        (put(7, 4, "18,000,001.00"), r"E13.*tổng in là"),
        (put(7, 4, "1,8E+07"), r"E8.*làm hỏng"),
        (put(7, 4, "mười tám triệu 18"), "không phải là số tiền|không bằng"),
        (put(7, 4, "18,000,000.50"), "không phải là số tiền nguyên"),
        (put(7, 1, "31/02/2021"), "B8.*không phải là ngày"),
        (put(7, 1, None), "B8.*không có ngày"),
        (put(12, 3, "7,524,201.00"), "D13.*tổng in là"),
        (put(2, 0, "Tài khoản/Account No: 1,17E+11"), ""),
        (put(0, 0, "Loại tiền/ Currency: USD"), "A1.*tài khoản bằng USD"),
        (put(0, 0, "Số tài khoản (EUR): 0011004123456"), "A1.*tài khoản bằng EUR"),
        (lambda rows: rows[4].extend(["Loại tiền/Currency", None, "USD"]), "A5.*bằng USD"),
        (put(7, 1, "02/05/2021"), "ngoài kỳ sao kê"),
        (lambda rows: rows.insert(8, list(rows[7])), "lặp lại|không bằng"),
        (lambda rows: rows.pop(9), "không bằng"),
    ],
)
def test_a_damaged_statement_is_refused_with_its_cell(
    change: Callable[[banks.Rows], None], said: str, tmp_path: Path
) -> None:
    path = damaged_xlsx(tmp_path, change)
    if said:
        import re  # noqa: PLC0415

        assert re.search(said, refused(path))
    else:  # the number inside a title is simply not told
        (statement,) = read(path)
        assert statement.account == ""


def test_a_mangled_account_number_is_refused(tmp_path: Path) -> None:
    rows = banks.signed_rows(banks.MOVES)
    rows[0][1] = "1,17E+11"
    assert "B1" in (said := refused(banks.csv_file(tmp_path / "a.csv", rows)))
    assert "1,17E+11" in said


def test_an_account_number_beyond_what_a_cell_keeps_is_refused(tmp_path: Path) -> None:
    rows = banks.signed_rows(banks.MOVES)
    rows[0][1] = 1234567890123450000
    assert "làm hỏng" in refused(banks.xlsx(tmp_path / "a.xlsx", rows))


def test_money_both_ways_is_refused(tmp_path: Path) -> None:
    rows = banks.signed_rows(banks.MOVES)
    rows[3][2] = "?"
    assert "không rõ tiền vào hay ra" in refused(banks.xlsx(tmp_path / "a.xlsx", rows))
    rows = banks.simple_rows(banks.MOVES)
    rows[4][2] = rows[4][3] = 5
    assert "vừa có tiền ra vừa có tiền vào" in refused(banks.xlsx(tmp_path / "b.xlsx", rows))


def test_identities_of_the_forms_are_checked(tmp_path: Path) -> None:
    said = refused(banks.xlsx(tmp_path / "a.xlsx", treasury.form_01a(wrong=1)))
    assert "(5) = (1) + (2) + (4)" in said
    assert "I12" in said
    assert "tổng in là" in refused(
        banks.xlsx(tmp_path / "b.xlsx", treasury.form_01a(total_wrong=7))
    )


def test_files_that_are_no_workbook(tmp_path: Path) -> None:
    whole = banks.xlsx(tmp_path / "a.xlsx", banks.mb_rows(banks.MOVES)).read_bytes()
    old = banks.xls(tmp_path / "a.xls", banks.mb_rows(banks.MOVES)).read_bytes()
    page = banks.html_xls(tmp_path / "h.xls", banks.mb_rows(banks.MOVES)).read_bytes()
    lines = banks.csv_file(tmp_path / "c.csv", banks.mb_rows(banks.MOVES), "utf-8").read_bytes()
    cases = {
        "cut.xlsx": (whole[: len(whole) // 2], "hỏng|cắt cụt"),
        "cut.xls": (old[: len(old) // 2], "hỏng|cắt cụt"),
        "cut-html.xls": (page[: len(page) // 2], "cắt cụt"),
        "cut.csv": (lines + b'"chua dong', "hỏng|cắt cụt"),
        "empty.csv": (b"", "trống"),
        "zero.bin": (b"\0" * 100, "trống"),
        "protected.xlsx": (
            old[:512] + "EncryptedPackage".encode("utf-16-le") + old[512:],
            "mật khẩu",
        ),
        "xml.xls": (b"<?xml version='1.0'?><Workbook/>", "XML"),
    }
    import re  # noqa: PLC0415

    for name, (content, said) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(BadInputError) as told:
            read_sheets(path)
        assert re.search(said, str(told.value)), name


def test_a_picture_is_no_statement(tmp_path: Path) -> None:
    path = tmp_path / "sao-ke.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    assert "tệp ảnh" in refused(path)


def test_an_empty_sheet_and_a_file_over_the_limit(tmp_path: Path) -> None:
    assert "không có ô nào" in refused(banks.xlsx(tmp_path / "a.xlsx", []))
    large = tmp_path / "b.csv"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert "MiB" in refused(large)


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importers.source.workbooks.MOST_UNPACKED", 8 * 1024 * 1024)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            for _ in range(9):
                stream.write(b"\0" * 1024 * 1024)
    assert "bung ra quá lớn" in refused(path)


def test_a_form_of_the_estimate_drawn_in_advance_is_refused(tmp_path: Path) -> None:
    rows = treasury.form_01a()
    at = rows[7].index("Dự toán chính thức")
    rows[7][at] = "Dự toán ứng trước"
    said = refused(banks.xlsx(tmp_path / "a.xlsx", rows))
    assert "I8: bảng của dự toán ứng trước" in said
    rows[7][at] = "[x] Dự toán chính thức  [ ] Dự toán ứng trước"
    assert read(banks.xlsx(tmp_path / "b.xlsx", rows))


def test_beside_a_title_of_an_account_its_period_may_stand(tmp_path: Path) -> None:
    rows = banks.techcombank_rows(banks.MOVES)
    rows[3], rows[4] = [*rows[3], None, None, rows[4][3]], []
    path = banks.xlsx(tmp_path / "a.xlsx", rows)
    (statement,) = read_statements(read_sheets(path), shipped())
    assert statement.account == banks.ACCOUNT


def test_a_workbook_that_shrinks_as_no_table_does_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            for _ in range(20):
                stream.write(b"a" * 1024 * 1024)
    assert "bung ra quá lớn" in refused(path)


def test_a_cell_far_off_makes_no_sheet_of_blanks(tmp_path: Path) -> None:
    rows: banks.Rows = banks.mb_rows(banks.MOVES)
    path = banks.xlsx(tmp_path / "a.xlsx", rows)
    import openpyxl  # noqa: PLC0415

    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(1_000_000, 5000, "x")
    book.save(path)
    assert "tối đa" in refused(path)


def test_formulas_are_never_evaluated(tmp_path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415

    path = tmp_path / "a.xlsx"
    rows = banks.signed_rows(banks.MOVES)
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(number, column, cell)
        page.write_formula(3, 4, '=HYPERLINK("http://a","x")', None, "=1+1 text")
    (statement,) = read(path)
    assert statement.lines[0].text == "=1+1 text"
    assert any("công thức" in note.vi for note in statement.notes)
    text = banks.signed_rows(banks.MOVES)
    text[3][3] = "=1+1"
    assert "không phải là số tiền" in refused(banks.csv_file(tmp_path / "b.csv", text))


def test_formulas_that_no_program_evaluated_are_refused(tmp_path: Path) -> None:
    import openpyxl  # noqa: PLC0415

    book = openpyxl.load_workbook(banks.xlsx(tmp_path / "a.xlsx", banks.signed_rows(banks.MOVES)))
    book.worksheets[0]["E4"] = "=1+1"
    book.save(tmp_path / "b.xlsx")
    told = refused(tmp_path / "b.xlsx")
    assert "1 ô là công thức chưa có giá trị (ô Sheet1!E4)" in told
    assert "lưu lại" in told
    book.worksheets[0]["E4"] = 1
    book.create_sheet("R&D")["A1"] = "=1+1"
    book.save(tmp_path / "b.xlsx")
    assert "(ô R&D!A1)" in refused(tmp_path / "b.xlsx")
    book["R&D"].sheet_state = "hidden"  # of which nothing is read
    book.save(tmp_path / "b.xlsx")
    assert not read_sheets(tmp_path / "b.xlsx").notes


moves = st.lists(
    st.builds(
        banks.Move,
        st.dates(dt.date(2021, 6, 1), dt.date(2021, 6, 30)),
        st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True),
        st.from_regex(r"[A-Z]{2,8}( [A-Z0-9]{1,8}){0,4}", fullmatch=True),
        st.integers(-(10**12), 10**12).filter(bool),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda move: move.document,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=moves, seed=st.integers(0, 1000))
def test_permuting_rows_never_changes_what_is_read(
    moves: list[banks.Move], seed: int, tmp_path: Path
) -> None:
    rows = banks.agribank_rows(moves)
    shuffled = [*rows[:3], *random.Random(seed).sample(rows[3:], len(rows) - 3)]  # noqa: S311
    (first,) = read(banks.csv_file(tmp_path / "a.csv", rows))
    (second,) = read(banks.csv_file(tmp_path / "b.csv", shuffled))
    assert sorted(line.key for line in first.lines) == sorted(line.key for line in second.lines)
    assert sum(line.amount for line in first.lines) == sum(move.amount for move in moves)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=moves, data=st.data())
def test_a_changed_amount_breaks_the_running_balance(
    moves: list[banks.Move], data: st.DataObject, tmp_path: Path
) -> None:
    rows = banks.cashup_rows(sorted(moves))
    number = data.draw(st.integers(6, 5 + len(moves)))
    column = 2 if rows[number][2] else 3
    amount = int(rows[number][column].removesuffix(" VND").replace(",", ""))
    rows[number][column] = f"{amount + 1:,} VND"
    assert "không bằng" in refused(banks.csv_file(tmp_path / "a.csv", rows))
