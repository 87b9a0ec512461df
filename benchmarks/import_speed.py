"""Time ``cnht reconcile`` and ``cnht import`` on large files, each in its own process.

    python benchmarks/import_speed.py [--rows 50000] [--invoices 5000]

A statement of so many rows against a book of as many transactions, loading included and no cache:
nearly all rows agree, some differ in each way that a row can. Then a ZIP of so many electronic
invoices into that book. Prints seconds and the most memory, each beside its bar.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

BIN = Path(sys.executable).parent
RECONCILE_BAR, INVOICES_BAR, MEMORY_BAR = 20.0, 30.0, 1024.0  # seconds, seconds, MiB
YEAR, FIRST_DAY, DAYS = 2021, dt.date(2021, 1, 4), 355
NUMBER, UNIT_CODE = "3713.0.1100001.00000", "1100001"
ITEMS = ("6651", "6652", "6655", "6699", "6758", "6799")
OPENING = 900_000_000_000
SEED = 49
DIFFER = 200  # one row of so many differs, in each of the five ways
INVOICE = (
    "<HDon><DLHDon Id='data'><TTChung><PBan>2.1.0</PBan><THDon>Hóa đơn giá trị gia tăng</THDon>"
    "<KHMSHDon>1</KHMSHDon><KHHDon>C21TAA</KHHDon><SHDon>{number:08d}</SHDon><NLap>{day}</NLap>"
    "<DVTTe>VND</DVTTe><HTTToan>CK</HTTToan></TTChung><NDHDon><NBan><Ten>Công ty {name}</Ten>"
    "<MST>0199001589</MST></NBan><NMua><Ten>Đơn vị đo tốc độ</Ten><MDVQHNSach>1100001</MDVQHNSach>"
    "</NMua><DSHHDVu><HHDVu><TChat>1</TChat><STT>1</STT><THHDVu>In tài liệu đợt {number}</THHDVu>"
    "<ThTien>{before}</ThTien><TSuat>8%</TSuat></HHDVu></DSHHDVu><TToan><THTTLTSuat><LTSuat>"
    "<TSuat>8%</TSuat><ThTien>{before}</ThTien><TThue>{tax}</TThue></LTSuat></THTTLTSuat>"
    "<TgTCThue>{before}</TgTCThue><TgTThue>{tax}</TgTThue><TgTTTBSo>{total}</TgTTTBSo></TToan>"
    "</NDHDon></DLHDon></HDon>"
)


class Payment(NamedTuple):
    """One payment out of the account, VND above 0."""

    number: int
    day: dt.date
    amount: int
    item: str


def main() -> None:
    """Make the files, time both commands, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--invoices", type=int, default=5_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        paid = payments(arguments.rows)
        book = write_book(folder / "book", paid)
        statement = write_statement(folder / "sao-ke.xlsx", paid)
        invoices = write_invoices(folder / "hoa-don.zip", arguments.invoices)
        size = f"{arguments.rows:,} rows"
        run = ["reconcile", str(book), str(statement), "--year", str(YEAR), "--no-cache"]
        report(f"reconcile {size}", run, RECONCILE_BAR)
        run += ["--output", str(folder / "doi-chieu.xlsx")]
        report(f"reconcile {size} -o", run, RECONCILE_BAR)
        run = ["import", str(book), str(invoices), "--quiet"]
        report(f"import {arguments.invoices:,} invoices", run, INVOICES_BAR)


def payments(count: int) -> list[Payment]:
    """So many payments in the order of their days."""
    dice = random.Random(SEED)  # noqa: S311  # a benchmark, no secret
    days = sorted(FIRST_DAY + dt.timedelta(days=dice.randrange(DAYS)) for _ in range(count))
    return [
        Payment(number, day, dice.randrange(100, 9000) * 1000, dice.choice(ITEMS))
        for number, day in enumerate(days, 1)
    ]


def write_book(folder: Path, paid: list[Payment]) -> Path:
    """A book with the payments, a file a month."""
    folder.mkdir()
    names = ["Assets:TienGui:KB01", "Income:DongGop:NV01:DN"]
    names += [f"Expenses:NV01:DN:TM{item}" for item in ITEMS]
    opens = "".join(f"{YEAR}-01-01 open {name} VND\n" for name in names[1:])
    head = (
        'option "title" "Sổ đo tốc độ"\noption "operating_currency" "VND"\n'
        f'{YEAR}-01-01 open {names[0]} VND\n  account-number: "{NUMBER}"\n{opens}'
        f'{YEAR}-01-01 custom "programme" "DO-TOC-DO"\n  plan: "49/KH-UBND"\n'
        f'  plan-date: {YEAR}-01-01\n  decisions: "1/QĐ; {YEAR - 1}-12-09; 0"\n'
        f'  budget-year: {YEAR}\n  unit: "Đơn vị đo tốc độ"\n  unit-code: "{UNIT_CODE}"\n'
        '  instruments: "cnht"\n'
        f'{YEAR}-01-02 * "Nhận đóng góp"\n  kind: "contribution-cash"\n'
        f'  voucher: "{YEAR}/BC/0"\n  {names[0]}  {OPENING} VND\n  {names[1]}  {-OPENING} VND\n'
    )
    months: dict[int, list[str]] = {}
    for one in paid:
        months.setdefault(one.day.month, []).append(
            f'{one.day} * "Thanh toán đợt {one.number}"\n  kind: "payment"\n'
            f'  voucher: "{YEAR}/UNC/{one.number}"\n  activity: "technical-consulting"\n'
            f"  {names[0]}  {-one.amount} VND\n  Expenses:NV01:DN:TM{one.item}  {one.amount} VND\n"
        )
    for month, texts in months.items():
        (folder / f"{YEAR}-{month:02d}.beancount").write_text("\n".join(texts), "utf-8")
        head += f'include "{YEAR}-{month:02d}.beancount"\n'
    (folder / "main.beancount").write_text(head, "utf-8")
    return folder


def write_statement(path: Path, paid: list[Payment]) -> Path:
    """The treasury's statement of the year: some rows differ in each way that one can."""
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = workbook.add_worksheet()
    heads = (
        "KHO BẠC NHÀ NƯỚC",
        "SAO KÊ TÀI KHOẢN TIỀN GỬI",
        f"Số tài khoản: {NUMBER}",
        f"Mã ĐVQHNS: {UNIT_CODE}",
        f"Từ ngày 01/01/{YEAR} đến ngày 31/12/{YEAR}",
    )
    for row, text in enumerate(heads):
        sheet.write_string(row, 0, text)
    titles = ("Ngày hạch toán", "Số chứng từ", "Nội dung", "Phát sinh nợ", "Phát sinh có", "Số dư")
    sheet.write_row(len(heads), 0, titles)
    sheet.write_row(len(heads) + 1, 0, ("Số dư đầu kỳ", "", "", "", "", "0"))
    moved = [(dt.date(YEAR, 1, 2), "BC0", "Nhận đóng góp", OPENING), *_printed(paid)]
    held = 0
    for row, (day, document, text, amount) in enumerate(sorted(moved), len(heads) + 2):
        held += amount
        sides = (_dots(-amount), "") if amount < 0 else ("", _dots(amount))
        sheet.write_row(row, 0, (f"{day:%d/%m/%Y}", document, text, *sides, _dots(held)))
    last = len(heads) + 2 + len(moved)
    sheet.write_row(last, 0, ("Số dư cuối kỳ", "", "", "", "", _dots(held)))
    workbook.close()
    return path


def _printed(paid: list[Payment]) -> list[tuple[dt.date, str, str, int]]:
    rows = []
    for one in paid:
        text, document = f"Thanh toan dot {one.number}", f"UNC{one.number}"
        way = one.number % DIFFER
        amount = one.amount + (1000 if way == 1 else 0)
        day = one.day + dt.timedelta(days=way == 2)  # noqa: PLR2004  # the second way
        named = "" if way == 3 else document  # noqa: PLR2004  # the third
        if way == 4:  # noqa: PLR2004  # the fourth: two parts of one document
            rows.append((day, named, text, -1000))
            amount -= 1000
        if way:  # else the statement lacks it
            rows.append((day, named, text, -amount))
    return rows


def _dots(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def write_invoices(path: Path, count: int) -> Path:
    """A ZIP of electronic invoices."""
    dice = random.Random(SEED)  # noqa: S311  # a benchmark, no secret
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(1, count + 1):
            before = dice.randrange(1, 900) * 100_000
            tax = before * 8 // 100
            day = FIRST_DAY + dt.timedelta(days=dice.randrange(DAYS))
            text = INVOICE.format(
                number=number, day=day, name="Đo", before=before, tax=tax, total=before + tax
            )
            archive.writestr(f"{number:08d}.xml", text)
    return path


def report(name: str, arguments: list[str], bar: float) -> None:
    """One row: seconds and the most memory of a command of ours, each with its bar."""
    start = time.perf_counter()
    pid = os.posix_spawn(
        BIN / "cnht",
        [str(BIN / "cnht"), *arguments],
        {**os.environ, "TERM": "dumb"},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, used = os.wait4(pid, 0)
    seconds, memory = time.perf_counter() - start, used.ru_maxrss / 1024
    code = os.waitstatus_to_exitcode(status)
    print(
        f"{name}: {seconds:.1f} s (bar {bar:.0f} s), of them {used.ru_utime + used.ru_stime:.1f} s "
        f"of a processor; {memory:.0f} MiB (bar {MEMORY_BAR:.0f} MiB); exit {code}"
    )


if __name__ == "__main__":
    main()
