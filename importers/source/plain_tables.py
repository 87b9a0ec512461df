"""Tables as HTML and CSV, in whatever encoding, as pages of cells (bảng dạng chữ)."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from importers.source.cells import Cell, matches, normal
from importers.source.files import damaged, file_refusal
from importers.source.legacy import Legacy, conversion_note, from_legacy, looks_like_tcvn3
from importers.source.pages import MOST_COLUMNS, Pages, Sheet
from ledger.problems import BadInputError, Problem
from ledger.text import Text

if TYPE_CHECKING:
    from _csv import Reader as _Reader
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_DELIMITERS: Final = (",", ";", "\t", "|")
_HEADER_ROWS: Final = 120
_DELIMITER_ROWS: Final = 2000  # enough to tell the delimiter by

# Words of which every table of money has some; they tell encodings and delimiters apart.
KNOWN_TITLES: Final = (
    "Ngày", "Ngày giao dịch", "Ngày hạch toán", "Ngày hiệu lực", "Ngày chứng từ", "Số chứng từ",
    "Số tham chiếu", "Nợ", "Có", "Ghi nợ", "Ghi có", "Số tiền", "Số dư", "Nội dung", "Mô tả",
    "Diễn giải", "Số tiền ghi nợ", "Số tiền ghi có", "Phát sinh nợ", "Phát sinh có", "Mã nguồn",
    "Tài khoản", "TK đối ứng", "Nhiệm vụ", "Date", "Debit", "Credit", "Balance", "Description",
    "Số tài khoản", "STT", "Số bút toán", "Tiểu mục", "Mã NDKT", "Số GD", "Mã giao dịch",
)  # fmt: skip


def read_html(path: Path, content: bytes, notes: list[Text]) -> Pages:
    """The tables of an HTML file, which banks name ``.xls``; notes are added to."""
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
        raise damaged(path, error) from error
    return Pages([Sheet("", rows)], [])


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


# PNG, JPEG, GIF, TIFF
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")


def read_csv(path: Path, content: bytes, notes: list[Text]) -> Pages:
    """A CSV file by the delimiter and encoding that make a table of it; notes are added to."""
    if content.startswith(_PICTURES):
        raise file_refusal(
            path,
            Text("tệp ảnh, không có số liệu để đọc", "a picture, which holds no figures"),
            Text(
                "lấy sao kê dạng Excel, CSV ở nơi cấp; ảnh chụp thì đưa vào trang Chứng từ",
                "get the statement as Excel or CSV; keep a scan among the documents",
            ),
        )
    text = _decoded(content, "", notes)
    if "\0" in text:
        raise file_refusal(
            path,
            Text("không phải tệp chữ", "no text file"),
            Text("mở trong Excel, lưu lại dạng .xlsx", "open it in Excel and save it as .xlsx"),
        )
    reader = csv.reader(_lines(text), delimiter=_delimiter(text), strict=True)
    try:
        rows = _records(reader)
    except csv.Error as error:
        raise _unreadable_line(path, reader.line_num, text, error) from error
    if not text.endswith(("\n", "\r")):
        _require_whole_line(path, rows)
    return Pages([Sheet("", rows)], [])


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


def _delimiter(text: str) -> str:
    """The delimiter that makes a table of a text's beginning, its faulty quotes overlooked.

    Chosen before quotes are looked at: else a fault in them would make another delimiter win.
    """
    head = "".join(text.splitlines(keepends=True)[:_DELIMITER_ROWS])
    return max(_DELIMITERS, key=lambda one: _table_score(_beginning(head, one)))


def _beginning(head: str, delimiter: str) -> list[tuple[Cell, ...]]:
    """Rows of a text's beginning; none where they cannot be told apart at all."""
    try:
        return _records(csv.reader(_lines(head), delimiter=delimiter))
    except csv.Error:
        return []


def _lines(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")


def _records(reader: _Reader) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for row in reader:
        # A record may hold line breaks; its number is that of its first line.
        rows.append(tuple(row))
        rows.extend(() for _ in range(reader.line_num - len(rows)))
    return rows


def _unreadable_line(path: Path, line: int, text: str, error: csv.Error) -> BadInputError:
    """How a file is refused whose quotes do not fit; one that ends inside a cell is cut off."""
    if "end of data" in str(error):
        return damaged(path, error)
    words = next(iter(text.splitlines()[line - 1 : line]), "").strip()[:60]
    problem = Problem(
        str(path),
        line,
        Text(f"dấu ngoặc kép sai chỗ: {words}", f"a quote where none may stand ({error}): {words}"),
        Text(
            'dấu " trong ô phải viết hai lần (""); hoặc xuất lại dạng .xlsx',
            'a " within a cell is written twice (""); or export it as .xlsx',
        ),
    )
    return BadInputError([problem])


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
