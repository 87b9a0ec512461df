"""Every statement file that the generators write: whole ones, and damaged ones with what is said.

No importer has a part in making them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.statements import banks, messages, treasury

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _written(name: str, content: str | bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def _workbook(rows: banks.Rows, sheet: str = "Sheet1") -> Callable[[Path], Path]:
    return lambda folder: banks.xlsx(folder / "saoke.xlsx", rows, sheet)


def _csv(rows: banks.Rows, **form: Any) -> Callable[[Path], Path]:
    return lambda folder: banks.csv_file(folder / "saoke.csv", rows, **form)


def _changed(rows: banks.Rows, change: Callable[[banks.Rows], object]) -> Callable[[Path], Path]:
    change(rows)
    return _workbook(rows)


def _cut(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    """The first half of a file's bytes."""

    def cut(folder: Path) -> Path:
        path = make(folder)
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        return path

    return cut


def _layouts() -> dict[str, Callable[[Path], Path]]:
    found: dict[str, Callable[[Path], Path]] = {}
    for name, (rows, sheet) in banks.LAYOUTS.items():
        made = rows(banks.MOVES)
        found[f"{name} xlsx"] = _workbook(made, sheet)
        if name != "tpbank":  # told by the name of its sheet, which other forms lack
            found[f"{name} csv"] = _csv(made)
    return found


WHOLE: dict[str, Callable[[Path], Path]] = {
    **_layouts(),
    "acb xls": lambda folder: banks.xls(folder / "a.xls", banks.acb_rows(banks.MOVES)),
    "vietcombank html": lambda folder: banks.html_xls(
        folder / "a.xls", banks.cashup_rows(banks.MOVES)
    ),
    "mb utf-16": _csv(banks.mb_rows(banks.MOVES), encoding="utf-16", delimiter="\t"),
    "01a": _workbook(treasury.form_01a()),
    "01a csv": _csv(treasury.form_01a(), delimiter=";"),
    "02a": _workbook(treasury.form_02a()),
    "02a csv": _csv(treasury.form_02a(), delimiter=";"),
    "06": _workbook(treasury.form_06()),
    "treasury account": _workbook(treasury.account_statement()),
    "treasury draws": _workbook(treasury.spending_statement()),
    "camt.053.001.02": _written("a.xml", messages.camt("02")),
    "camt.053.001.04": _written("a.xml", messages.camt("04")),
    "camt.053.001.08": _written("a.xml", messages.camt("08")),
    "mt940": _written("a.sta", messages.MT940),
}


def _mb(change: Callable[[banks.Rows], object]) -> Callable[[Path], Path]:
    return _changed(banks.mb_rows(banks.MOVES), change)


def _cell(row: int, column: int, value: object) -> Callable[[banks.Rows], object]:
    return lambda rows: rows[row].__setitem__(column, value)


DAMAGED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a balance that does not follow": (_mb(_cell(8, 5, "1,000.00")), "không bằng"),
    "a first balance that does not follow": (
        _changed(banks.techcombank_print_rows(banks.MOVES), _cell(3, 7, "1")),
        "không bằng",
    ),
    "a closing balance that does not follow": (
        _changed(banks.cashup_rows(banks.MOVES), _cell(4, 2, "1 VND")),
        "không bằng",
    ),
    "a row lost": (_mb(lambda rows: rows.pop(9)), "không bằng"),
    "the last rows lost": (
        _changed(banks.cashup_rows(banks.MOVES), lambda rows: rows.__delitem__(slice(-2, None))),
        "không bằng số dư cuối",
    ),
    "a row twice": (_mb(lambda rows: rows.insert(8, list(rows[7]))), "lặp lại|không bằng"),
    "a total that does not add up": (_mb(_cell(12, 3, "7,524,201.00")), "tổng in là"),
    "an amount in powers of ten": (_mb(_cell(7, 4, "1,8E+07")), "làm hỏng"),
    "part of a dong": (_mb(_cell(7, 4, "18,000,000.50")), "nguyên đồng"),
    "a day that does not exist": (
        _mb(_cell(7, 1, "31/02/2021")),
        "B8: «31/02/2021» không phải là ngày",
    ),
    "an amount without a day": (_mb(_cell(7, 1, None)), "không có ngày"),
    "a day outside the period": (_mb(_cell(7, 1, "02/05/2021")), "B8: ngày 02/05/2021 ngoài kỳ"),
    "an account number in powers of ten": (
        _changed(banks.signed_rows(banks.MOVES), _cell(0, 1, "1,17E+11")),
        "làm hỏng",
    ),
    "money both ways": (
        _changed(
            banks.simple_rows(banks.MOVES), lambda rows: rows[4].__setitem__(slice(2, 4), [5, 5])
        ),
        "vừa có tiền ra",
    ),
    "neither in nor out": (
        _changed(banks.signed_rows(banks.MOVES), _cell(3, 2, "?")),
        "không rõ tiền vào hay ra",
    ),
    "a form whose columns do not add up": (_workbook(treasury.form_01a(wrong=1)), r"\(5\) = "),
    "a form whose total is wrong": (_workbook(treasury.form_01a(total_wrong=7)), "tổng in là"),
    "a total of a form that is no number": (
        _changed(treasury.form_01a(), _cell(13, 5, "1,5E+09")),
        "F14: số tiền đã bị bảng tính làm hỏng",
    ),
    "a workbook cut off": (_cut(_workbook(banks.mb_rows(banks.MOVES))), "hỏng|cắt cụt"),
    "an old workbook cut off": (
        _cut(lambda folder: banks.xls(folder / "a.xls", banks.mb_rows(banks.MOVES))),
        "hỏng|cắt cụt",
    ),
    "a page cut off": (
        _cut(lambda folder: banks.html_xls(folder / "a.xls", banks.mb_rows(banks.MOVES))),
        "cắt cụt",
    ),
    "an empty sheet": (_workbook([]), "không có ô nào"),
    "an empty file": (_written("a.csv", b""), "trống"),
    "a message that does not add up": (
        _written("a.xml", messages.camt(closing="17000001")),
        "không bằng số dư cuối",
    ),
}
