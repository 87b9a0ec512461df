"""What stands above a table: the account, the unit, the balances."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from importers.source.cells import account_number, digits, is_mangled, text_of, unmarked
from importers.source.places import Place, problem_at
from importers.tables.rows import quiet_amount
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from importers.source.cells import Cell
    from importers.source.sheets import Sheets
    from importers.tables.printed_periods import Head, Where
    from importers.tables.profile import Found
    from ledger.problems import Problem

_ACCOUNT_LABEL: Final = re.compile(
    r"(?:so tai khoan|so hieu tai khoan|account n(?:o|umber)|a/c no|tai khoan so|"
    r"(?<!chu )(?<!ten )(?<!loai )tai khoan(?=\s*[:/(]|\s+\d[\d.-]{5})|^tai khoan$|"
    r"\bs?tk(?=[\s:.]*\d[\d.-]{5}))"
)
_NOT_OWN: Final = re.compile(
    r"so tai khoan cu|\bold\b|doi ung|\bhuong\b|nhan tien|corresponsive|remitter|beneficiary"
)
OPENING_LABEL: Final = re.compile(r"so du dau|du dau|opening balance|so du mang sang")
CLOSING_LABEL: Final = re.compile(r"so du cuoi|du cuoi|cuoi ngay|closing balance|ending balance")
# Labels that no list has: whatever speaks of an account or a unit, and of nothing else.
_ANY_ACCOUNT: Final = re.compile(r"\b(?:tai khoan|s?tk|account|a/c)\b")
_NO_ACCOUNT: Final = re.compile(
    r"\b(?:mst|ma so thue|tax|cif|ma khach hang|customer (?:id|code|no)|dien thoai|phone|tel|fax|"
    r"cccd|cmnd|ma chi nhanh|branch|swift|hop dong|ngay|(?:chu|ten|loai) tai khoan|"
    r"account (?:name|holder|type))\b"
)
_FEWEST_DIGITS: Final = 7  # fewer are accounts of the accounting system, as 008211
_TREASURY: Final = re.compile(r"(?<![\d.])\d{4}\.\d\.\d{7}(?:\.\d{5})?(?![\d.]?\d)")
_UNIT_LABEL: Final = re.compile(
    r"ma (?:so )?(?:dvqhns|dv qhns|qhns|don vi (?:qhns|co quan he|su dung))"
)
_CURRENCY_LABEL: Final = re.compile(r"loai tien(?: te)?\b|\bcurrency\b|so tai khoan \(")
_CURRENCY: Final = re.compile(r"[\s:/(]*(?i:currency)?[\s:(]*([A-Z]{3})\b")
_ANY_UNIT: Final = re.compile(r"\b(?:don vi|dv\w*|qhns|unit)\b|\bma so:? \d")
_UNIT: Final = re.compile(r"(?<![\d.,-])\d{7}(?![\d,-]|\.\d)")
_A_DATE: Final = re.compile(
    r"(?<![\d./-])(?:\d{1,2}[/.-](?:0?[1-9]|1[0-2])[/.-](?:19|20)\d\d|"
    r"(?:19|20)\d\d[/.-](?:0?[1-9]|1[0-2])[/.-]\d{1,2})(?![\d./-])"
)
_DAY: Final = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")
_NUMBER: Final = re.compile(r"-?\d[\d.,]*\d|\d")
_BESIDE: Final = 8  # columns right of a label in which its value may stand


def account_in(
    head: Head,
    problems: list[Problem] | None,
    sheets: Sheets | None = None,
    found: Found | None = None,
) -> tuple[str, Where | None]:
    """The account's number in the head and its cell; a mangled one is a problem."""
    for index, row in head:
        for column, cell in enumerate(row):
            label = unmarked(cell) if isinstance(cell, str) else ""
            match = _ACCOUNT_LABEL.search(label)
            if not match or _NOT_OWN.search(label):
                continue
            rest = text_of(cell)[match.end() :].strip(" :")
            if problems is not None and sheets and found and _lost(rest):
                place = Place(sheets.file, found.sheet.name, index + 1)
                problems.append(_mangled_account(place, column, rest))
            inside = account_number(rest)
            if inside:
                return inside, (index, column)
            for beside, value in enumerate(row[column + 1 : column + 1 + _BESIDE], column + 1):
                # Beside a title that speaks of an account its period may stand.
                if value is None or value == "" or _A_DATE.search(text_of(value)):
                    continue
                if problems is not None and sheets and found and _lost(value):
                    place = Place(sheets.file, found.sheet.name, index + 1)
                    problems.append(_mangled_account(place, beside, text_of(value)))
                number = account_number(text_of(value))
                if number:
                    return number, (index, beside)
                break
    return _unlisted_account(head)


def _unlisted_account(head: Head) -> tuple[str, Where | None]:
    """A number under any label that speaks of an account, else one of the treasury's form."""
    for said, text, where in _labelled(head):
        label = _ANY_ACCOUNT.search(said)
        if not label or _NOT_OWN.search(said) or _NO_ACCOUNT.search(said):
            continue
        number = account_number(text)
        if len(digits(number)) >= _FEWEST_DIGITS:
            return number, where
    for said, text, where in _labelled(head):
        number_found = _TREASURY.search(text)
        if number_found and not _NOT_OWN.search(said):
            return number_found[0], where
    return "", None


def _labelled(head: Head) -> Iterator[tuple[str, str, Where]]:
    """Each cell with its words without marks; a value has those of its left neighbour too."""
    for index, row in head:
        label = ""
        for column, cell in enumerate(row):
            text = text_of(cell)
            words = unmarked(text)
            if not words:  # nothing, or the colon behind a label in a cell of its own
                continue
            if words[0].isdecimal():  # a value, with whatever else stands behind it
                yield f"{label} {words}", text, (index, column)
                continue
            label = words
            yield label, text, (index, column)


def _lost(value: Cell) -> bool:
    """Whether a number of an account lost digits: powers of ten, or more than a cell keeps."""
    return is_mangled(value) or (isinstance(value, int) and value >= 10**15)


def _mangled_account(place: Place, column: int, shown: str) -> Problem:
    return problem_at(
        place,
        column,
        Text(
            f"số tài khoản đã bị bảng tính làm hỏng thành «{shown}»",
            f"a spreadsheet has mangled the account number into “{shown}”",
        ),
        Text(
            "tải lại tệp gốc, không mở và lưu bằng Excel; hoặc định dạng ô là Text rồi gõ lại số",
            "download the file again and do not save it in Excel; or type the number as text",
        ),
    )


def currency_in(head: Head) -> tuple[str, Where | None]:
    """The currency that the head names, such as ``USD``, and its cell; empty where none is."""
    for index, row in head:
        for column, cell in enumerate(row):
            match = _CURRENCY_LABEL.search(unmarked(cell)) if isinstance(cell, str) else None
            if not match:
                continue
            rest = text_of(cell)[match.end() :]
            beside = (text_of(value) for value in row[column + 1 : column + 1 + _BESIDE] if value)
            for words in (rest, next(beside, "")):
                if named := _CURRENCY.match(words):
                    return named[1], (index, column)
    return "", None


def unit_code_in(head: Head) -> tuple[str, Where | None]:
    """Mã ĐVQHNS of seven digits and its cell; as printed where it is none."""
    for index, row in head:
        for column, cell in enumerate(row):
            if isinstance(cell, str) and _UNIT_LABEL.search(unmarked(cell)):
                found = re.search(r"\d{7}", cell)
                if found:
                    return found[0], (index, column)
                beside = enumerate(row[column + 1 : column + 1 + _BESIDE], column + 1)
                at, value = next(
                    ((place, text) for place, one in beside if unmarked(text := text_of(one))),
                    (column, ""),
                )
                if value:
                    return value.zfill(7) if value.isdecimal() else value, (index, at)
    for said, text, where in _labelled(head):
        code = _UNIT.search(text)
        if code and _ANY_UNIT.search(said) and not _NOT_OWN.search(said):
            return code[0], where
    return "", None


def amount_beside(head: Head, label: re.Pattern[str]) -> tuple[int | None, Where | None]:
    """The amount beside, inside or under a label, and its cell."""
    rows = dict(head)
    for index, row in head:
        for column, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            words = unmarked(cell)
            match = label.search(words)
            if not match:
                continue
            inside = _amount_in(_DAY.sub(" ", words[match.end() :]))
            if inside is not None:
                return inside, (index, column)
            for at, value in enumerate(row[column + 1 : column + 1 + _BESIDE], column + 1):
                if isinstance(value, str) and re.search(r"[a-z]{4}", unmarked(value)):
                    break  # the next label
                if unmarked(text_of(value)):
                    return quiet_amount(value), (index, at)
            under = rows.get(index + 1, ())
            if column < len(under) and under[column] not in {None, ""}:
                return quiet_amount(under[column]), (index + 1, column)
    return None, None


def _amount_in(words: str) -> int | None:
    numbers = _NUMBER.findall(words)
    return quiet_amount(numbers[-1]) if numbers else None
