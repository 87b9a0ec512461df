"""Files with tables as sheets of cells: XLSX, XLS, HTML named ``.xls``, CSV (trang tính).

What a file is shows in its first bytes, never in its name. Nothing of a file is run or evaluated:
a formula counts by the value that was stored with it, and that there is one is said.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import re
import zipfile
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from importers.cells import Cell, matches, normal
from importers.legacy import Legacy, conversion_note, font_encoding, from_legacy, looks_like_tcvn3
from ledger.location import like
from ledger.problems import BadInputError, Problem
from ledger.system import reason
from ledger.text import Text, dong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_UNPACKED: Final = 512 * 1024 * 1024
MOST_ROWS: Final = 300_000
MOST_COLUMNS: Final = 512
MOST_CELLS: Final = 8_000_000
MOST_SHEETS: Final = 50

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAMED: Final = Text("xem lại tên và thư mục của tệp", "check the name and folder of the file")
_ZIP: Final = b"PK\x03\x04"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_HTML: Final = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)?<(?:!doctype|html|head|body|table|meta|style|div)",
    re.IGNORECASE | re.DOTALL,
)
_MOST_NAMED: Final = 5  # cells in one message
_FORMULA: Final = re.compile(rb"<f[\s>/]")
# A formula that gave no text leaves an empty value of type «str»; without a value it never ran.
_UNVALUED: Final = re.compile(
    rb"<c\b(?![^>]*\bt=[\"']str)[^>]*\br=[\"']([A-Z]{1,3}\d+)[\"'][^>]*>\s*"
    rb"<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)"
)
_CELL_COLUMN: Final = re.compile(rb"\br=[\"']([A-Za-z]{1,6})\d")
_FAR_ROW: Final = re.compile(rb"\br=[\"'][A-Za-z]{0,6}(\d{4,9})[\"']")
_FONT_NAME: Final = re.compile(rb'<(?:name|rFont) val="([^"]{1,80})"')
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_DELIMITERS: Final = (",", ";", "\t", "|")
_HEADER_ROWS: Final = 120

# Words of which every table of money has some; they tell encodings and delimiters apart.
KNOWN_TITLES: Final = (
    "Ngày", "Ngày giao dịch", "Ngày hạch toán", "Ngày hiệu lực", "Ngày chứng từ", "Số chứng từ",
    "Số tham chiếu", "Nợ", "Có", "Ghi nợ", "Ghi có", "Số tiền", "Số dư", "Nội dung", "Mô tả",
    "Diễn giải", "Số tiền ghi nợ", "Số tiền ghi có", "Phát sinh nợ", "Phát sinh có", "Mã nguồn",
    "Tài khoản", "TK đối ứng", "Nhiệm vụ", "Date", "Debit", "Credit", "Balance", "Description",
    "Số tài khoản", "STT", "Số bút toán", "Tiểu mục", "Mã NDKT", "Số GD", "Mã giao dịch",
)  # fmt: skip


class Sheet(NamedTuple):
    """One sheet: rows from the top, blank ones kept, so that row numbers are the file's own."""

    name: str
    rows: list[tuple[Cell, ...]]


class _Pages(NamedTuple):
    """Sheets that a person sees, and those that are hidden."""

    visible: list[Sheet]
    hidden: list[Sheet]


class Sheets(NamedTuple):
    """A file's visible sheets.

    Attributes:
        file: absolute path.
        digest: SHA-256 of its bytes.
        form: ``xlsx``, ``xls``, ``html`` or ``csv``.
        sheets: those that a person sees, in order, without empty ones.
        notes: what a reader should be told.
        hidden: what is said of each sheet that a person does not see and that holds rows.
    """

    file: str
    digest: str
    form: str
    sheets: tuple[Sheet, ...]
    notes: tuple[Text, ...]
    hidden: tuple[Text, ...] = ()


def read_bytes(path: Path) -> bytes:
    """The content of a file that is not too large.

    Raises:
        BadInputError: it is missing, empty, too large or unreadable.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise file_refusal(
                path,
                Text("không phải là tệp", "not a file"),
                Text("nêu một tệp trong thư mục đó", "name a file of that folder"),
            )
        if size > MOST_BYTES:
            raise file_refusal(
                path,
                Text(
                    f"tệp lớn hơn {MOST_BYTES // 1024 // 1024} MiB ({dong(size)} byte)",
                    f"larger than {MOST_BYTES // 1024 // 1024} MiB ({dong(size, 'en')} bytes)",
                ),
                Text("xuất lại từng tháng, hoặc chia tệp", "export month by month, or split it"),
            )
        content = path.read_bytes()
    except OSError as error:
        raise file_refusal(
            path,
            Text(f"không đọc được: {reason(error).vi}", f"cannot be read: {reason(error).en}"),
            near if (near := like(path)).vi else _NAMED,
        ) from error
    if not content.strip(b"\0 \r\n\t"):
        raise file_refusal(path, Text("tệp trống", "the file is empty"))
    return content


def file_refusal(path: Path | str, text: Text, remedy: Text | None = None) -> BadInputError:
    """A file that cannot be used, as an error."""
    return BadInputError([Problem(str(path), 0, text, remedy)])


def form_of(content: bytes) -> str:
    """What a file is by its first bytes: ``xlsx``, ``zip``, ``xls``, ``pdf``, ``html``, ``xml``.

    Anything else is ``csv``.
    """
    if content.startswith(_ZIP):
        return (
            "xlsx" if b"xl/" in content[:4096] or _has_member(content, "xl/workbook.xml") else "zip"
        )
    if content.startswith(_OLE):
        return "xls"
    if content.startswith(b"%PDF-"):
        return "pdf"
    start = content[:4096].lstrip(b"\xef\xbb\xbf")
    if _HTML.match(start) or (
        start.lstrip().startswith(b"<") and b"<table" in content[:65536].lower()
    ):
        return "html"
    if start.lstrip().startswith(b"<"):
        return "xml"
    return "csv"


def _has_member(content: bytes, name: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return name in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def read_sheets(path: Path) -> Sheets:
    """Read a file with tables.

    Raises:
        BadInputError: it is none, is protected by a password, damaged, cut off, empty or beyond
            the limits.
    """
    path = path.resolve()
    content = read_bytes(path)
    form = form_of(content)
    readers: dict[str, Callable[[Path, bytes, list[Text]], _Pages]] = {
        "xlsx": _xlsx,
        "xls": _xls,
        "html": _html,
        "csv": _csv,
    }
    if form not in readers:
        raise file_refusal(
            path,
            Text(
                f"không phải bảng tính (nội dung là {form.upper()})",
                f"no spreadsheet (its content is {form.upper()})",
            ),
            Text("mở trong Excel, lưu lại dạng .xlsx", "open it in Excel and save it as .xlsx"),
        )
    notes: list[Text] = []
    visible, unseen = readers[form](path, content, notes)
    sheets = [sheet for sheet in visible if _has_cells(sheet)]
    hidden = tuple(_hidden(sheet) for sheet in unseen if _has_cells(sheet))
    if not sheets:
        names = ", ".join(f"«{sheet.name}»" for sheet in visible if sheet.name)
        told = Text(
            f"trang {names} không có ô nào có nội dung" if names else "tệp không có nội dung",
            f"no cell of {names} holds anything" if names else "the file holds nothing",
        )
        raise file_refusal(
            path,
            joined((told, *hidden)),
            Text("xem có xuất đúng kỳ không", "see whether the right period was exported"),
        )
    for sheet in sheets:
        _require_bounds(path, sheet)
    digest = hashlib.sha256(content).hexdigest()
    return Sheets(str(path), digest, form, tuple(sheets), tuple(notes), hidden)


def joined(texts: Iterable[Text]) -> Text:
    """Several things said as one."""
    texts = tuple(texts)
    return Text("; ".join(text.vi for text in texts), "; ".join(text.en for text in texts))


def rows_held(sheet: Sheet) -> int:
    """How many rows of a sheet hold anything."""
    return sum(any(cell not in {None, ""} for cell in row) for row in sheet.rows)


def _hidden(sheet: Sheet) -> Text:
    rows = rows_held(sheet)
    return Text(
        f"trang ẩn «{sheet.name}» ({rows} dòng) không đọc: cần thì bỏ ẩn trong Excel, lưu lại",
        f"hidden sheet “{sheet.name}” ({rows} rows) is not read: unhide it in Excel if needed",
    )


def _require_few(path: Path, count: int) -> None:
    """Refuse a workbook of so many sheets that the last ones would not be read."""
    if count > MOST_SHEETS:
        raise file_refusal(
            path,
            Text(
                f"bảng tính có {count} trang, tối đa {MOST_SHEETS}",
                f"the workbook has {count} sheets, at most {MOST_SHEETS}",
            ),
            Text("chia thành nhiều tệp", "split it into several files"),
        )


def _has_cells(sheet: Sheet) -> bool:
    return any(cell not in {None, ""} for row in sheet.rows for cell in row)


def _require_bounds(path: Path, sheet: Sheet) -> None:
    widest = max(map(len, sheet.rows))
    if len(sheet.rows) > MOST_ROWS or widest > MOST_COLUMNS:
        raise _too_wide(path, sheet.name, len(sheet.rows), widest)


def _too_wide(path: Path, name: str, height: int, width: int) -> BadInputError:
    return file_refusal(
        path,
        Text(
            f"trang «{name}» có {height} dòng, {width} cột; tối đa {MOST_ROWS} dòng, "
            f"{MOST_COLUMNS} cột",
            f"sheet “{name}” has {height} rows, {width} columns; at most {MOST_ROWS} and "
            f"{MOST_COLUMNS}",
        ),
        Text("chia tệp theo tháng", "split the file by month"),
    )


def _damaged(path: Path, error: object) -> BadInputError:
    words = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    return file_refusal(
        path,
        Text("tệp hỏng hoặc bị cắt cụt", f"the file is damaged or cut off: {words}"),
        Text("tải lại tệp từ nơi cấp", "download the file again"),
    )


def _protected(path: Path) -> BadInputError:
    return file_refusal(
        path,
        Text("bảng tính có mật khẩu", "the workbook is protected by a password"),
        Text("mở trong Excel, bỏ mật khẩu, lưu lại", "open it in Excel and take the password off"),
    )


def _xlsx(path: Path, content: bytes, notes: list[Text]) -> _Pages:
    import python_calamine as calamine  # noqa: PLC0415  # only for workbooks

    fonts = _look_into(path, content, notes)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            tables = [
                meta
                for meta in book.sheets_metadata
                if meta.typ is calamine.SheetTypeEnum.WorkSheet
            ]
            _require_few(path, len(tables))
            pages = _Pages([], [])
            for meta in tables:
                rows = [tuple(map(_exact, row)) for row in _calamine_rows(book, meta.name)]
                shown = meta.visible is calamine.SheetVisibleEnum.Visible
                (pages.visible if shown else pages.hidden).append(Sheet(meta.name, rows))
    except calamine.PasswordError as error:
        raise _protected(path) from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise _damaged(path, error) from error
    if not fonts:
        return pages
    return pages._replace(visible=_unfont(pages.visible, _xlsx_fonts(content), notes))


def _calamine_rows(book: Any, name: str) -> list[list[Any]]:  # noqa: ANN401  # calamine
    sheet = book.get_sheet_by_name(name)
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    return rows


def _look_into(path: Path, content: bytes, notes: list[Text]) -> bool:
    """Refuse what unpacks without bound, note formulas; whether an old font is used."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _require_modest(path, archive.infolist())
            formulas = False
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    sheet = archive.read(name)
                    _require_area(path, name, sheet)
                    if _FORMULA.search(sheet):
                        formulas = True
                        _require_values(path, sheet)
            styles = archive.read("xl/styles.xml") if "xl/styles.xml" in archive.namelist() else b""
    except BadInputError:
        raise
    except Exception as error:  # zlib raises a class of its own
        raise _damaged(path, error) from error
    if formulas:
        notes.append(
            Text(
                "có ô là công thức: dùng giá trị đã lưu trong tệp, không tính lại",
                "some cells are formulas: the stored values are used, nothing is evaluated",
            )
        )
    names = [name.decode("utf-8", "replace") for name in _FONT_NAME.findall(styles)]
    return any(font_encoding(name) for name in names)


def _require_values(path: Path, sheet: bytes) -> None:
    """Refuse formulas that no program has evaluated: their cells would be read as blank."""
    cells = [cell.decode() for cell in _UNVALUED.findall(sheet)]
    if not cells:
        return
    shown = ", ".join(cells[:_MOST_NAMED]) + (", …" if len(cells) > _MOST_NAMED else "")
    raise file_refusal(
        path,
        Text(
            f"{len(cells)} ô là công thức chưa có giá trị (ô {shown})",
            f"{len(cells)} formulas without a value (cells {shown})",
        ),
        Text(
            "mở bằng Excel hay LibreOffice, lưu lại để công thức được tính, rồi nhập",
            "open it in Excel or LibreOffice and save it, so that they are evaluated",
        ),
    )


def _require_area(path: Path, name: str, sheet: bytes) -> None:
    """Refuse a single cell far off: it would make a sheet of millions of blanks in memory."""
    letters = max(_CELL_COLUMN.findall(sheet), key=lambda found: (len(found), found), default=b"A")
    width = 0
    for letter in letters.decode().upper():
        width = width * 26 + ord(letter) - ord("A") + 1
    height = max(map(int, _FAR_ROW.findall(sheet)), default=1)
    if height > MOST_ROWS or width > MOST_COLUMNS or height * width > MOST_CELLS:
        raise _too_wide(path, name, height, width)


def _require_modest(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise file_refusal(
            path,
            Text("tệp nén bung ra quá lớn", "the file unpacks beyond the limit"),
            Text("không mở tệp này", "do not open this file"),
        )
    if any(member.flag_bits & 1 for member in members):
        raise _protected(path)


def _exact(value: Any) -> Cell:  # noqa: ANN401  # whatever a spreadsheet holds
    """A cell's value without floats: whole numbers as int, others as the decimal that is shown."""
    if isinstance(value, float):
        if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124  # NaN
            return str(value)
        return int(value) if value.is_integer() else Decimal(repr(value))
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return value if hasattr(value, "year") else str(value)


Fonts = dict[str, dict[tuple[int, int], str]]


def _xlsx_fonts(content: bytes) -> Fonts:
    import openpyxl  # noqa: PLC0415  # only for workbooks with old fonts

    fonts: Fonts = {}
    # What calamine read and openpyxl does not is left as it is.
    with contextlib.suppress(Exception):
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            names = fonts.setdefault(sheet.title, {})
            for row in sheet.iter_rows():
                for cell in row:
                    font = getattr(cell, "font", None)
                    if font is not None and font.name and font_encoding(font.name):
                        names[int(cell.row or 1) - 1, int(cell.column or 1) - 1] = font.name
    return fonts


def _unfont(sheets: list[Sheet], fonts: Fonts, notes: list[Text]) -> list[Sheet]:
    told: set[Legacy] = set()
    turned = []
    for sheet in sheets:
        names = fonts.get(sheet.name, {})
        rows = list(sheet.rows)
        for (row, column), font in names.items():
            encoding = font_encoding(font)
            if encoding is None or row >= len(rows) or column >= len(rows[row]):
                continue
            before = rows[row][column]
            if not isinstance(before, str):
                continue
            after = from_legacy(before, encoding, font)
            rows[row] = (*rows[row][:column], after, *rows[row][column + 1 :])
            if encoding not in told and after != before:
                told.add(encoding)
                notes.append(conversion_note(encoding, before, after))
        turned.append(Sheet(sheet.name, rows))
    return turned


def _xls(path: Path, content: bytes, notes: list[Text]) -> _Pages:
    import xlrd  # noqa: PLC0415  # only for old workbooks

    if _ENCRYPTED in content:
        raise _protected(path)
    try:
        book = xlrd.open_workbook(
            file_contents=content, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
        )
        _require_few(path, book.nsheets)
        pages = _Pages([], [])
        fonts: Fonts = {}
        for sheet in book.sheets():
            rows = [
                tuple(
                    _xls_cell(sheet.cell(row, column), book) for column in range(sheet.row_len(row))
                )
                for row in range(sheet.nrows)
            ]
            (pages.hidden if sheet.visibility else pages.visible).append(Sheet(sheet.name, rows))
            fonts[sheet.name] = _xls_fonts(book, sheet)
    except BadInputError:
        raise
    except Exception as error:  # xlrd fails on damaged files in a dozen ways
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise _protected(path) from error
        raise _damaged(path, error) from error
    return pages._replace(visible=_unfont(pages.visible, fonts, notes))


def _xls_cell(cell: Any, book: Any) -> Cell:  # noqa: ANN401  # xlrd
    import xlrd  # noqa: PLC0415  # as above

    if cell.ctype in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
        return None
    if cell.ctype == xlrd.XL_CELL_DATE:
        with contextlib.suppress(xlrd.xldate.XLDateError, ValueError, OverflowError):
            return xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        return _exact(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERR"))
    return _exact(cell.value)


def _xls_fonts(book: Any, sheet: Any) -> dict[tuple[int, int], str]:  # noqa: ANN401  # xlrd
    old = {number for number, font in enumerate(book.font_list) if font_encoding(font.name)}
    if not old:
        return {}
    return {
        (row, column): book.font_list[
            book.xf_list[sheet.cell_xf_index(row, column)].font_index
        ].name
        for row in range(sheet.nrows)
        for column in range(sheet.row_len(row))
        if book.xf_list[sheet.cell_xf_index(row, column)].font_index in old
    }


def _html(path: Path, content: bytes, notes: list[Text]) -> _Pages:
    from lxml import etree, html  # noqa: PLC0415  # only for HTML

    lower = content.lower().replace(b"\0", b"")
    if lower.count(b"<table") > lower.count(b"</table"):
        raise file_refusal(
            path,
            Text("tệp bị cắt cụt: bảng không có chỗ kết thúc", "cut off: a table does not end"),
            Text("tải lại tệp từ nơi cấp", "download the file again"),
        )
    charset = _CHARSET.search(content[:4096])
    text = _decoded(content, charset[1].decode("ascii", "replace") if charset else "", notes)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
        tree = html.document_fromstring(text, parser=parser)
        rows = [_html_row(row) for row in tree.iter("tr")]
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise _damaged(path, error) from error
    return _Pages([Sheet("", rows)], [])


def _html_row(row: Any) -> tuple[Cell, ...]:  # noqa: ANN401  # lxml
    cells: list[Cell] = []
    for cell in row:
        if cell.tag not in {"td", "th"}:
            continue
        for line_break in cell.iter("br"):
            line_break.tail = "\n" + (line_break.tail or "")
        cells.append(cell.text_content().strip())
        span = str(cell.get("colspan", "1")).strip()
        cells.extend([None] * (min(int(span), MOST_COLUMNS) - 1 if span.isdecimal() else 0))
    return tuple(cells)


def _csv(path: Path, content: bytes, notes: list[Text]) -> _Pages:
    text = _decoded(content, "", notes)
    if "\0" in text:
        raise file_refusal(
            path,
            Text("không phải tệp chữ", "no text file"),
            Text("mở trong Excel, lưu lại dạng .xlsx", "open it in Excel and save it as .xlsx"),
        )
    errors: list[csv.Error] = []
    tables = []
    for delimiter in _DELIMITERS:
        try:
            tables.append(_split(text, delimiter))
        except csv.Error as error:
            errors.append(error)
    if not tables:
        raise _damaged(path, errors[0])
    rows = max(tables, key=_table_score)
    if not text.endswith(("\n", "\r")):
        _require_whole_line(path, rows)
    return _Pages([Sheet("", rows)], [])


def _require_whole_line(path: Path, rows: Sequence[tuple[Cell, ...]]) -> None:
    """Refuse a file that ends in the middle of a row of its table."""
    last = max((number for number, row in enumerate(rows) if row), default=0)
    cells = rows[last] if rows else ()
    widths = Counter(len(row) for row in rows if len(row) > 1)
    usual = max(widths, key=lambda width: widths[width], default=0)
    if not cells or len(cells) >= usual or not str(cells[0]).strip()[:1].isdecimal():
        return
    problem = Problem(
        str(path),
        last + 1,
        Text(
            f"tệp bị cắt cụt: dòng cuối dừng giữa chừng, có {len(cells)} trong {usual} ô",
            f"cut off: the last row stops half way, {len(cells)} of {usual} cells",
        ),
        Text("tải lại tệp từ nơi cấp", "download the file again"),
    )
    raise BadInputError([problem])


def _split(text: str, delimiter: str) -> list[tuple[Cell, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[Cell, ...]] = []
    for row in reader:
        # A record may hold line breaks; its number is that of its first line.
        rows.append(tuple(row))
        rows.extend(() for _ in range(reader.line_num - len(rows)))
    return rows


def _table_score(rows: Sequence[tuple[Cell, ...]]) -> tuple[int, int, int]:
    top = [row for row in rows[:_HEADER_ROWS] if len(row) > 1]
    known = max((_known(row) for row in top), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda item: item[1], default=(0, 0))
    return known, count, width


def _known(row: Iterable[Cell]) -> int:
    return sum(isinstance(cell, str) and matches(cell, KNOWN_TITLES) for cell in row)


def _decoded(content: bytes, said: str, notes: list[Text]) -> str:
    """Text of a file: by its mark, by what it says, else by which reading gives known words."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    with contextlib.suppress(UnicodeDecodeError):
        return _unless_legacy(content.decode("utf-8"), notes)
    candidates = [content.decode(said, "replace")] if said and _codec(said) else []
    candidates.append(content.decode("cp1258", "replace"))
    latin = content.decode("cp1252", "replace")
    best = max([*candidates, latin], key=_known_words)
    return _unless_legacy(latin, notes, rival=best)


def _codec(name: str) -> bool:
    import codecs  # noqa: PLC0415  # used here only

    try:
        return codecs.lookup(name).name not in {"utf-8", "ascii"} and bool("a".encode(name))
    except (LookupError, UnicodeError, AttributeError):
        return False


def _unless_legacy(text: str, notes: list[Text], rival: str | None = None) -> str:
    """The text, or its conversion where only the conversion holds words that tables have."""
    rival = text if rival is None else rival
    best, score, told = rival, _known_words(rival), None
    for encoding in Legacy:
        if encoding is Legacy.TCVN3 and not looks_like_tcvn3(text):
            continue
        turned = from_legacy(text, encoding)
        if _known_words(turned) > score:
            best, score, told = turned, _known_words(turned), encoding
    if told:
        before, after = next(
            (
                pair
                for pair in zip(text.splitlines(), best.splitlines(), strict=False)
                if pair[0] != pair[1]
            ),
            ("", ""),
        )
        notes.append(conversion_note(told, before[:60], after[:60]))
    return best


_KNOWN_WORDS: Final = frozenset(normal(title) for title in KNOWN_TITLES)
_WORD_PARTS: Final = re.compile(r"[,;\t|/\n\r\"<>]")


def _known_words(text: str) -> int:
    head = text[:20_000]
    return sum(normal(part) in _KNOWN_WORDS for part in _WORD_PARTS.split(head))
