"""Bank statements as the banks' own programs lay them out: titles, blanks and quirks by hand.

Nothing of the importers is used here. Movements are (day, document, text, amount), an amount
being money in (+) or out (−) of the account; every writer prints them in its bank's way.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import xlsxwriter
import xlwt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class Move(NamedTuple):
    day: dt.date
    document: str
    text: str
    amount: int


ACCOUNT = "0011004123456"
OPENING = 10_000_000
MOVES = (
    Move(dt.date(2021, 6, 2), "5285 - 82284", "CTY MINH HOA 29 DONG GOP HOI CHO", 18_000_000),
    Move(dt.date(2021, 6, 2), "5285 - 82290", "TRA TIEN THUE GIAN HANG HD 12", -7_500_000),
    Move(dt.date(2021, 6, 15), "5286 - 10001", "PHI CHUYEN TIEN", -22_000),
    Move(dt.date(2021, 6, 15), "5286 - 10001", "VAT PHI CHUYEN TIEN", -2_200),
    Move(dt.date(2021, 6, 25), "5290 - 00007", "TRA LAI TIEN GUI", 12_345),
)


def balances(moves: Sequence[Move], opening: int = OPENING) -> list[int]:
    held, result = opening, []
    for move in moves:
        held += move.amount
        result.append(held)
    return result


def comma(amount: int) -> str:
    return f"{amount:,}" if amount else ""


def dots(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") if amount else ""


def out_of(move: Move) -> int:
    return max(-move.amount, 0)


def into(move: Move) -> int:
    return max(move.amount, 0)


Rows = list[list[Any]]


def digibank_rows(moves: Sequence[Move], account: str = ACCOUNT) -> Rows:
    rows: Rows = [[None] * 7 for _ in range(12)]
    rows[2][1] = "SAO KÊ TÀI KHOẢN\nSTATEMENT OF ACCOUNT"
    rows[5][1], rows[5][3] = "Số tài khoản/Account number:", account
    rows[6][1], rows[6][3] = "Loại tiền/Currency:", "VND"
    rows[8][1] = "Từ/ From: 01/06/2021 Đến/ To: 30/06/2021"
    rows.append(
        [
            None, "STT / No.", "Ngày/ TNX Date / Số CT/ Doc No", "Số tiền ghi nợ/ Debit",
            "Số tiền ghi có/ Credit", "Số dư/ Balance", "Nội dung chi tiết/ Transactions in detail",
        ]
    )  # fmt: skip
    for number, (move, held) in enumerate(zip(moves, balances(moves), strict=True), 1):
        rows.append(
            [
                None, number, f"{move.day:%d/%m/%Y}\n{move.document}", comma(out_of(move)),
                comma(into(move)), comma(held), move.text,
            ]
        )  # fmt: skip
    rows.append([None, None, "Tổng số/ Total", comma(sum(map(out_of, moves))),
                 comma(sum(map(into, moves))), None, None])  # fmt: skip
    rows += [[None, "Telex : (0805) 411504 VCB - VT"], [None, "Postal address: 198 Trần Quang Khải"]]
    return rows


def effective_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [["Số tài khoản", ACCOUNT], []]
    rows.append(
        ["STT / No.", "Ngày hiệu lực/ Effective date", "Số CT/ Doc No", "Số tiền ghi nợ/ Debit",
         "Số tiền ghi có/ Credit", "Số dư/ Balance", "Nội dung chi tiết/ Transactions in detail"]
    )  # fmt: skip
    for number, (move, held) in enumerate(zip(moves, balances(moves), strict=True), 1):
        rows.append([number, f"{move.day:%d/%m/%Y}", move.document, comma(out_of(move)),
                     comma(into(move)), comma(held), move.text])  # fmt: skip
    return rows


def simple_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [["Số tài khoản", ACCOUNT], ["Loại tiền / Currency", "VND"], []]
    rows.append(["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"])
    rows += [[move.day, move.document, out_of(move) or None, into(move) or None, move.text]
             for move in moves]  # fmt: skip
    rows.append([None, "Tổng", sum(map(out_of, moves)), sum(map(into, moves)), None])
    return rows


def signed_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [["Số tài khoản:", ACCOUNT], []]
    rows.append(["Ngày giao dịch", "Số tham chiếu", "Thay đổi", "Số tiền", "Mô tả"])
    rows += [[f"{move.day:%Y-%m-%d}", move.document, "+" if move.amount > 0 else "-",
              comma(abs(move.amount)), move.text] for move in moves]  # fmt: skip
    return rows


def print_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [["Số tài khoản/Account number", ACCOUNT], ["CIF", "12345678"],
                  ["Từ/ From: 01/06/2021 Đến/ To: 30/06/2021"], []]  # fmt: skip
    rows.append(["Ngày GD/ TNX Date Số CT/ Doc No", "Số tiền ghi nợ/ Debit",
                 "Số tiền ghi có/ Credit", "Số dư/ Balance",
                 "Nội dung chi tiết/ Transactions in detail"])  # fmt: skip
    for move, held in zip(moves, balances(moves), strict=True):
        rows.append([f"{move.day:%d/%m/%Y} {move.document}", dots(out_of(move)), dots(into(move)),
                     dots(held), move.text])  # fmt: skip
    return rows


def cashup_rows(moves: Sequence[Move], accounts: Sequence[str] = (ACCOUNT,)) -> Rows:
    rows: Rows = []
    for account in accounts:
        held = balances(moves)
        rows += [
            ["SAO KÊ TÀI KHOẢN\nSTATEMENT OF ACCOUNT"],
            ["Số tài khoản/ Account number", None, account],
            ["Loại tiền/ Currency", None, "VND"],
            ["Số dư đầu kỳ/ Opening balance", None, f"{comma(OPENING)} VND"],
            ["Số dư cuối kỳ/ Closing balance", None, f"{comma(held[-1])} VND"],
            ["STT\nNo.", "Ngày/\nTNX Date/ Số CT/ Doc No", "Số tiền ghi nợ/\nDebit",
             "Số tiền ghi có/\nCredit", "Số dư/\nBalance",
             "Nội dung chi tiết/\nTransactions in detail"],
        ]  # fmt: skip
        for number, (move, balance) in enumerate(zip(moves, held, strict=True), 1):
            rows.append([number, f"{move.day:%d/%m/%Y}            {move.document}",
                         f"{comma(out_of(move))} VND" if out_of(move) else "",
                         f"{comma(into(move))} VND" if into(move) else "",
                         f"{comma(balance)} VND", move.text])  # fmt: skip
        rows.append([])
    return rows


def vietinbank_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [["LỊCH SỬ GIAO DỊCH - TRANSACTION HISTORY"], []]
    rows += [["Số tài khoản/ Account No.:", None, ACCOUNT],
             ["Số dư đầu kỳ/Opening Balance:", None, comma(OPENING)],
             ["Số dư cuối kỳ/Closing Balance:", None, comma(balances(moves)[-1])],
             ["Tổng giá trị ghi có/ Total credits:", None, comma(sum(map(into, moves)))]]  # fmt: skip
    rows += [[] for _ in range(12)]
    rows.append(
        ["STT/No.", "Ngày hạch toán/Accounting date", "Mô tả giao dịch/ Transaction description",
         "Nợ/ Debit", "Có / Credit", "Số dư TK/ Account Balance",
         "Số giao dịch/ Transaction number", "Số tài khoản đối ứng/ Corresponsive account",
         "Tên tài khoản đối ứng/ Corresponsive name", "MTID/ CITAD",
         "Mã định danh TK thụ hưởng/ To virtual account",
         "Ngày phát sinh giao dịch/ Transaction date"]
    )  # fmt: skip
    last = None
    for number, (move, held) in enumerate(zip(moves, balances(moves), strict=True), 1):
        day = f"{move.day:%d-%m-%Y 10:20:30}" if move.day != last else ""
        rows.append([number, day, move.text, comma(out_of(move)), comma(into(move)), comma(held),
                     move.document, "123456789012", "CTY MINH HOA", "", "", day])  # fmt: skip
        last = move.day
    rows.append(["Từ ngày 21/03/2025, VietinBank cung cấp dịch vụ mới"])
    return rows


def techcombank_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [
        ["NGÂN HÀNG TMCP KỸ THƯƠNG VIỆT NAM"],
        ["VIETNAM TECHNOLOGICAL AND COMMERCIAL JSC BANK"],
        ["MST/Tax code: 0100230800"],
        ["TRUY VẤN GIAO DỊCH TÀI KHOẢN / TRANSACTION ENQUIRY "],
        [None, None, None, "Từ ngày/From 2021-06-01 Đến ngày/To 2021-06-30"],
        [], [],
        ["Số tài khoản/Account number", ACCOUNT, None, "Số dư hiện tại/Actual balance", None, None, 1],
        ["Tên tài khoản/Account name", "SO CONG THUONG", None, "Số dư đầu ngày/Opening balance",
         None, None, OPENING],
        ["Loại tiền/Currency", "VND", None, "Số dư cuối ngày/ Closing balance", None, None,
         balances(moves)[-1]],
        [], [],
    ]  # fmt: skip
    rows.append(
        ["Ngày KH thực hiện/Requesting date", "Ngày giao dịch/Transaction date",
         "Số bút toán/Reference number", "Ngân hàng đối tác / Remitter's bank",
         "Tài khoản đích/Remitter's account number",
         "Tên tài khoản đối ứng/Remitter's account name", "Diễn giải/Description", "Nợ/Debit",
         "Có/Credit", "Phí/Lãi\n  Fee/Interest", "Thuế/Transaction VAT", "Số dư/Running balance"]
    )  # fmt: skip
    held = OPENING
    body = []
    for move in moves:
        fee = move.text.startswith(("PHI", "VAT"))
        held += move.amount
        body.append(
            [f"{move.day:%Y-%m-%d} 21:55:11", f"{move.day:%Y-%m-%d}", f"FT{move.document}",
             "VIETCOMBANK", "0123", "CTY MINH HOA", move.text,
             0 if fee else -out_of(move), into(move), move.amount if fee else 0, 0, held]
        )  # fmt: skip
    rows += body[::-1]
    rows += [[], [None, "Phiếu này được in từ hệ thống ngân hàng điện tử của Techcombank/ This"],
             [None, "Ngày giờ in/ Printed on28/03/2026 07:39:26"]]  # fmt: skip
    return rows


def techcombank_print_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [["Số tài khoản/Account No: " + ACCOUNT], []]
    rows.append(["Ngày giao dịch / Transaction Date", "Đối tác / Remitter",
                 "NH Đối tác / Remitter Bank", "Diễn giải / Details",
                 "Số bút toán / Transaction No", "Nợ TKTT / Debit", "Có TKTT / Credit",
                 "Số dư / Balance"])  # fmt: skip
    rows.append(["", "", "", "Số dư đầu kỳ / Opening balance", "", "", "", comma(OPENING)])
    for move, held in zip(moves, balances(moves), strict=True):
        rows.append([f"{move.day:%d/%m/%Y}", "CTY", "VCB", move.text, move.document,
                     comma(out_of(move)), comma(into(move)), comma(held)])  # fmt: skip
    return rows


def mb_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [["NGÂN HÀNG TMCP QUÂN ĐỘI"], ["SAO KÊ CHI TIẾT TÀI KHOẢN"],
                  [f"Tài khoản/Account No: {ACCOUNT}"],
                  ["Từ ngày 01/06/2021 đến ngày 30/06/2021"], []]  # fmt: skip
    rows.append(["Ngày giao dịch", "Ngày hạch toán", "Số bút toán", "Phát sinh nợ",
                 "Phát sinh có", "Số dư", "Nội dung", "Đơn vị thụ hưởng", "Tài khoản", "Ngân hàng"])  # fmt: skip
    rows.append(["Transaction date", "Accounting Date", "Transaction No", "Debit", "Credit",
                 "Balance", "Details", "Beneficiary", "Account", "Bank"])  # fmt: skip
    for move, held in zip(moves, balances(moves), strict=True):
        rows.append([f"{move.day:%d/%m/%Y 08:01:02}", f"{move.day:%d/%m/%Y}", move.document,
                     f"{out_of(move):,}.00", f"{into(move):,}.00", f"{held:,}.00", move.text,
                     "CTY", "0123", "VCB"])  # fmt: skip
    rows.append(["Tổng phát sinh trong kỳ / Total", None, None, f"{sum(map(out_of, moves)):,}.00",
                 f"{sum(map(into, moves)):,}.00"])  # fmt: skip
    rows.append(["Chung tu nay duoc xuat tu dong tu he thong"])
    return rows


def acb_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [[f"BẢNG SAO KÊ GIAO DỊCH - Số tài khoản (VND): {ACCOUNT}"], [],
                  [None, "Số dư đầu", None, "Số dư cuối"],
                  [None, comma(OPENING), None, comma(balances(moves)[-1])], [], [], []]  # fmt: skip
    rows.append(["STT", "Ngày hiệu lực", "Ngày giao dịch", "Số GD", "Nội dung giao dịch",
                 "Số tiền rút ra", "Số tiền gửi vào", "Số dư"])  # fmt: skip
    for number, (move, held) in enumerate(zip(moves, balances(moves), strict=True), 1):
        rows.append([number, f"{move.day:%d/%m/%Y}", f"{move.day:%d/%m/%Y}", move.document,
                     move.text, out_of(move) or None, into(move) or None, held])  # fmt: skip
    rows.append(["Tổng cộng", None, None, None, None, sum(map(out_of, moves)),
                 sum(map(into, moves)), None])  # fmt: skip
    return rows


def acb_2019_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [["Số tài khoản: " + ACCOUNT], []]
    rows.append(["Ngày", "Số GD", "Diễn giải", "Ghi nợ", "Ghi có", "Số dư"])
    for move, held in zip(moves, balances(moves), strict=True):
        rows.append([f"{move.day:%d/%m/%Y}", move.document, move.text, dots(out_of(move)),
                     dots(into(move)), dots(held)])  # fmt: skip
    return rows


def bidv_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [["NGÂN HÀNG TMCP ĐẦU TƯ VÀ PHÁT TRIỂN VIỆT NAM"],
                  ["BÁO CÁO CHI TIẾT SỐ DƯ TÀI KHOẢN"],
                  ["Số tài khoản cũ/ Old account: 12210000999999"],
                  [f"Số tài khoản/ Account: {ACCOUNT}"],
                  [f"Dư đầu ngày 01/06/2021: {comma(OPENING)} VND"],
                  [f"Dư cuối ngày 30/06/2021: {comma(balances(moves)[-1])} VND"],
                  [], [], [], [], []]  # fmt: skip
    rows.append(["STT\nNo", "Ngày hiệu lực\nEffective date", "Ghi nợ\nDebit", "Ghi có\nCredit",
                 "Số dư\nBalance", "Mô tả\nDescription"])  # fmt: skip
    for number, (move, held) in enumerate(zip(moves, balances(moves), strict=True), 1):
        rows.append([number, f"{move.day:%d/%m/%Y 14:15:16}", comma(out_of(move)),
                     comma(into(move)), f"{comma(held)} VND", move.text])  # fmt: skip
    rows.append([None, None, None, None, None, "Trang 1/1"])
    return rows


def tpbank_rows(moves: Sequence[Move]) -> Rows:
    rows: Rows = [["SAO KÊ GIAO DỊCH TÀI KHOẢN"], ["Số tài khoản:", ACCOUNT], [], [], [], [], [], []]
    rows.append(["Ngày thực hiện", "Ngày hiệu lực", "Mô tả giao dịch", "Ghi nợ", "Ghi có", "Số dư",
                 "Tài khoản đối ứng", "Tên tài khoản", "Mã giao dịch"])  # fmt: skip
    for move, held in zip(moves, balances(moves), strict=True):
        rows.append([f"{move.day:%d-%m-%Y} 09:30", f"{move.day:%d-%m-%Y}", move.text,
                     comma(out_of(move)), comma(into(move)), comma(held), "0123", "CTY",
                     move.document])  # fmt: skip
    return rows


def agribank_rows(moves: Sequence[Move]) -> Rows:
    """Titles of no layout of ours: the generic mapper's case."""
    rows: Rows = [["Số tài khoản / A/C No", ACCOUNT], []]
    rows.append(["Ngày / Date", "Ghi chú / Remark", "Nợ / Debit", "Có / Credit", "Số dư / Balance",
                 "Số tham chiếu / Ref. no"])  # fmt: skip
    for move, held in zip(moves, balances(moves), strict=True):
        rows.append([f"{move.day:%d/%m/%Y}", move.text, comma(out_of(move)), comma(into(move)),
                     comma(held), move.document])  # fmt: skip
    return rows


Writer = "Callable[[Path, Rows, str], None]"


def xlsx(path: Path, rows: Rows, sheet: str = "Sheet1") -> Path:
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, dt.date):
                page.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), day)
            elif isinstance(cell, str):
                page.write_string(row, column, cell)
            elif cell is not None:
                page.write(row, column, cell)
    book.close()
    return path


def xls(path: Path, rows: Rows, sheet: str = "Sheet1", font: str = "") -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet)
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    plain = xlwt.easyxf(f"font: name {font}" if font else "")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, dt.date):
                page.write(row, column, cell, day)
            elif cell is not None:
                page.write(row, column, cell, plain)
    book.save(str(path))
    return path


def html_xls(path: Path, rows: Rows) -> Path:
    body = "".join(
        "<tr>"
        + "".join(f"<td>{str(cell if cell is not None else '').replace(chr(10), '<br>')}</td>" for cell in row)
        + "</tr>\r\n"
        for row in rows
    )
    page = f'<html><head><meta charset="utf-8"></head><body><table border=1>{body}</table></body></html>'
    path.write_bytes(page.encode())
    return path


def csv_file(path: Path, rows: Rows, encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    for row in rows:
        writer.writerow(["" if cell is None else cell for cell in row])
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def fonted_xlsx(path: Path, rows: Rows, font: str) -> Path:
    """A workbook whose every cell is in one font."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row, cells in enumerate(rows, 1):
        for column, value in enumerate(cells, 1):
            if value is not None:
                cell = page.cell(row, column, value)
                cell.font = openpyxl.styles.Font(name=font)
    book.save(path)
    return path


LAYOUTS: dict[str, tuple[Callable[[Sequence[Move]], Rows], str]] = {
    "vietcombank-digibank": (digibank_rows, "Vietcombank_Account_Statement"),
    "vietcombank-digibank-effective": (effective_rows, "Sheet1"),
    "vietcombank-print": (print_rows, "Sheet1"),
    "vietcombank-simple": (simple_rows, "Sheet1"),
    "vietcombank-signed": (signed_rows, "Sheet1"),
    "vietcombank-cashup": (cashup_rows, "VCBACCOUNTDETAIL"),
    "vietinbank-efast": (vietinbank_rows, "LICH SU GIAO DICH"),
    "techcombank": (techcombank_rows, "Txn enquiry"),
    "techcombank-print": (techcombank_print_rows, "Sheet1"),
    "mb": (mb_rows, "Sao ke tai khoan"),
    "acb": (acb_rows, "Statement"),
    "acb-2019": (acb_2019_rows, "Sheet1"),
    "bidv": (bidv_rows, "Sheet1"),
    "tpbank": (tpbank_rows, "VN"),
    "generic-bank": (agribank_rows, "Sheet1"),
}
