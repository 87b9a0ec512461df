"""What people write that Beancount does not read, and what to write instead.

A hint knows a slip by the source line, by Beancount's own message, or by both. Text between
quotes and comments are taken out of the line first.
"""

from __future__ import annotations

import codecs
import datetime as dt
import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.text import Text, unaccented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Hint(NamedTuple):
    """One slip.

    Attributes:
        line: where it stands on the line; its group ``found``, or all of it, is shown.
        told: what is wrong; ``{found}`` stands for what was found.
        remedy: what to write instead; None where this is no slip after all.
        message: what Beancount must have said of the line.
    """

    line: re.Pattern[str]
    told: Text
    remedy: Callable[[re.Match[str]], Text | None]
    message: re.Pattern[str] = re.compile("")


class Advice(NamedTuple):
    """What is wrong with a line, and what to do."""

    told: Text
    remedy: Text | None


def advice(line: str, message: str) -> Advice:
    """What to say of a line that Beancount refused with a message."""
    bare = _bare(line)
    found = list(_found(_CERTAIN, bare, message))
    if not found:
        found = list(_found(_LIKELY, bare, message))[:1]
    if not found:
        return Advice(
            Text(
                f"dòng này không đúng cú pháp của sổ{_at(message)}",
                f"this line is not the syntax of a book; Beancount says “{message}”",
            ),
            Text(
                "xem lại dòng này và dòng ngay trên: ngoặc kép đủ đôi, dấu hai chấm sau tên "
                "trường, thụt vào hai dấu cách; cách viết: docs/ghi-so.md",
                "look at this line and the one above: quotes in pairs, a colon after the field, "
                "two spaces before it; see docs/ghi-so.md",
            ),
        )
    return Advice(
        Text("; ".join(told.vi for told, _ in found), "; ".join(told.en for told, _ in found)),
        Text("; ".join(to_do.vi for _, to_do in found), "; ".join(to_do.en for _, to_do in found)),
    )


def _at(message: str) -> str:
    """Where Beancount stopped reading, in Vietnamese; empty where it does not say."""
    match = re.match(r"Invalid token: '(.+)'", message)
    return f", ở chỗ «{match[1]}»" if match else ""


class Slip(NamedTuple):
    """What is wrong, and on which line it truly stands."""

    line: int
    told: Text
    remedy: Text


# A string runs over lines to the next quote; lines that begin so are no part of a book's syntax.
_TOKEN: Final = re.compile(r'(?m)^[*:#!&?%][^\n]*|;[^\n]*|"(?:[^"\\]|\\.)*(?P<end>"?)', re.DOTALL)
_AFTER_TEXT: Final = re.compile(r'[\s"^#;,)]|$')


_QUOTE_WITHIN: Final = Text(
    "trong chữ có dấu ngoặc kép, nên chữ bị ngắt ở đó", "a quote within a text ends the text there"
)
_ESCAPED: Final = Text(
    'dấu ngoặc kép bên trong chữ viết là \\" hoặc «…»', 'write a quote within a text as \\" or “…”'
)


def unclosed_quote(lines: list[str]) -> Slip | None:
    """The first quote that opens and never closes.

    It ends where the next text begins, so that the letters of that text follow it at once.
    """
    text = "\n".join(lines)
    for match in _TOKEN.finditer(text):
        if match.group()[0] != '"' or (match["end"] and _AFTER_TEXT.match(text, match.end())):
            continue
        line = text.count("\n", 0, match.start()) + 1
        if "\n" not in match.group() and lines[line - 1].count('"') % 2 == 0:
            return Slip(line, _QUOTE_WITHIN, _ESCAPED)
        found = match.group().split("\n")[0].strip('"').strip()
        return Slip(
            line,
            Text(
                f'«"{found}» mở ngoặc kép mà không đóng',
                f'“"{found}” opens a quote and never closes it',
            ),
            Text(f'thêm dấu " ở cuối chữ: "{found}"', f'add a " where the text ends: "{found}"'),
        )
    return None


_REPEATED: Final = re.compile(r"Duplicate .*metadata field.*key='(?P<key>[^']+)'")


def repeated_key(lines: list[str], line: int, message: str) -> Slip | None:
    """A field that stands twice below one entry or posting; None where that is not the slip.

    Args:
        lines: of the file.
        line: where Beancount says that it is: the head of the entry.
        message: of Beancount's.
    """
    match = _REPEATED.match(message)
    if match is None:
        return None
    key = match["key"]
    first = 0
    for number, words in enumerate(lines[line:], line + 1):
        if not words.startswith((" ", "\t")):
            break
        if not re.match(r"\s+[a-z][\w-]*:", words):
            first = 0  # a posting, whose fields are its own
        elif words.split(":")[0].strip() == key:
            if first:
                line = number
                break
            first = number
    at = f", lần đầu ở dòng {first}" if first else ""
    return Slip(
        line,
        Text(
            f"trường «{key}» ghi hai lần{at}",
            f"the field “{key}” stands twice" + (f", first on line {first}" if first else ""),
        ),
        Text("bỏ một trong hai dòng", "drop one of the two lines"),
    )


def encoding_advice(raw: bytes) -> Advice | None:
    """What is wrong with the encoding of a file, if anything."""
    save = Text(
        "lưu tệp dạng UTF-8 (Lưu thành… / Save As, mã hóa UTF-8)",
        "save the file as UTF-8 (Save As…, encoding UTF-8)",
    )
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in raw:
        return Advice(
            Text(
                "không đọc được tệp: tệp không phải UTF-8 mà là UTF-16 hoặc tệp nhị phân",
                "the file cannot be read: it is not UTF-8 but UTF-16, or binary",
            ),
            save,
        )
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Advice(
            Text(
                f"không đọc được tệp: chữ từ dòng {line} không phải UTF-8",
                f"the file cannot be read: from line {line} on it is not UTF-8",
            ),
            save,
        )
    return None


def _bare(line: str) -> str:
    composed = unicodedata.normalize("NFC", line)
    return re.sub(r'"[^"]*"', '""', composed).split(";")[0].rstrip()


def _found(hints: tuple[Hint, ...], bare: str, message: str) -> Iterator[tuple[Text, Text]]:
    for hint in hints:
        if not hint.message.search(message):
            continue
        for match in hint.line.finditer(bare):
            remedy = hint.remedy(match)
            if remedy:
                found = match["found"] if "found" in hint.line.groupindex else match.group()
                yield hint.told.format(found=found.strip()), remedy
                break


def _write(words: str, *others: str) -> Text:
    return Text(f"viết {' hoặc '.join((words, *others))}", f"write {' or '.join((words, *others))}")


def _always(vi: str, en: str) -> Callable[[re.Match[str]], Text]:
    remedy = Text(vi, en)
    return lambda _: remedy


def _date_from_day(match: re.Match[str]) -> Text:
    first, second, year = (int(match[name]) for name in ("day", "month", "year"))
    return _date(year, second, first)


def _date_from_year(match: re.Match[str]) -> Text | None:
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    return None if _is_day(year, month, day) else _date(year, month, day)


def _date(year: int, month: int, day: int) -> Text:
    """How to write a date; day and month change places where only that makes a day."""
    if not _is_day(year, month, day):
        month, day = day, month
    if not _is_day(year, month, day):
        return Text(
            "không có ngày này trong lịch; viết YYYY-MM-DD, ví dụ 2021-12-31",
            "there is no such day; write YYYY-MM-DD, as 2021-12-31",
        )
    right = f"{year:04}-{month:02}-{day:02}"
    return Text(f"viết ngày YYYY-MM-DD: {right}", f"write a date YYYY-MM-DD: {right}")


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _joined_digits(match: re.Match[str]) -> Text:
    digits = re.sub(r"\D", "", match["found"])
    return _write(digits, f"{int(digits):,}")


def _currency(match: re.Match[str]) -> Text | None:
    return None if match["found"] == "VND" else _write("VND")


_ROOTS: Final = ("Assets", "Liabilities", "Equity", "Income", "Expenses")
_ACCOUNT: Final = re.compile(rf"(?:{'|'.join(_ROOTS)})(?::[^\W_a-z](?:[^\W_]|-)*)+")


def _account(match: re.Match[str]) -> Text | None:
    name = match["found"].strip()
    root, _, rest = name.partition(":")
    # «key:value» without a space is metadata, not an account.
    metadata = (
        root.isascii()
        and root[:1].islower()
        and root.capitalize() not in _ROOTS
        and ":" not in rest
    )
    if metadata or _ACCOUNT.fullmatch(name):
        return None
    return Text(
        "tên tài khoản viết không dấu, không dấu cách, bắt đầu bằng Assets, Liabilities, Equity, "
        "Income hoặc Expenses, chữ đầu mỗi phần viết hoa, ví dụ Assets:TienGui:KB01",
        "write an account without accents and spaces; it begins with Assets, Liabilities, Equity, "
        "Income or Expenses, and each part with a capital, as Assets:TienGui:KB01",
    )


def _yes_no(match: re.Match[str]) -> Text:
    right = "TRUE" if match["found"].casefold() in {"có", "yes"} else "FALSE"
    return Text(f"viết {match['key']}: {right}", f"write {match['key']}: {right}")


def _field_name(match: re.Match[str]) -> Text | None:
    """A field in small letters without accents; None where it already is."""
    right = unaccented(match["found"])
    if right == match["found"]:
        return None
    return Text(
        f"tên trường viết chữ thường, không dấu: {right}",
        f"write a field in small letters without accents: {right}",
    )


_BAD_ACCOUNT: Final = Text(
    "«{found}» không phải tên tài khoản dùng được", "“{found}” is no account name"
)
_BAD_DATE: Final = Text("không đọc được ngày «{found}»", "“{found}” cannot be read as a date")
_BAD_NUMBER: Final = Text("không đọc được số «{found}»", "“{found}” cannot be read as a number")

# Slips that no right line holds; a line may hold several, and each is told.
_CERTAIN: Final = (
    Hint(
        re.compile("^\ufeff"),
        Text("đầu tệp có dấu BOM của UTF-8", "the file begins with the byte order mark of UTF-8"),
        _always(
            "lưu lại dạng UTF-8 không có BOM: trong Notepad, Lưu thành…, mã hóa chọn «UTF-8», "
            "không chọn «UTF-8 with BOM»",
            "save it as UTF-8 without BOM: in Notepad, Save As…, encoding “UTF-8”, "
            "not “UTF-8 with BOM”",
        ),
    ),
    Hint(
        re.compile("[“”„‟‘’][^“”„‟‘’]*[“”‟‘’]?"),
        Text(
            "{found} đặt trong ngoặc kép cong, sổ không đọc được",
            "{found} stands between curly quotes, which a book does not read",
        ),
        lambda match: Text(
            f'dùng ngoặc kép thẳng: "{match.group().strip("“”„‟‘’ ")}"',
            f'use straight quotes: "{match.group().strip("“”„‟‘’ ")}"',
        ),
    ),
    Hint(
        re.compile(
            r"(?<![\w/.-])(?P<found>(?P<day>\d{1,2})([/.-])(?P<month>\d{1,2})\3(?P<year>\d{4}))"
            r"(?![\w/-])"
        ),
        _BAD_DATE,
        _date_from_day,
    ),
    Hint(
        re.compile(
            r"(?<![\w/.-])(?P<found>(?P<year>\d{4})([/-])(?P<month>\d{1,2})\3(?P<day>\d{1,2}))"
            r"(?![\w/-])"
        ),
        _BAD_DATE,
        _date_from_year,
    ),
    Hint(
        re.compile(r"(?<![\d.])(?P<found>\d{1,3}(?:\.\d{3}){2,})(?![\d.])"),
        Text(
            "không đọc được «{found}»: dấu chấm không dùng để tách hàng nghìn trong sổ",
            "“{found}” cannot be read: dots do not part thousands in a book",
        ),
        _joined_digits,
    ),
    Hint(
        re.compile(
            r"(?<![\d.,:/])(?<!\d-)(?P<found>\d{1,3}(?:[ \u00a0\u202f]\d{3})+)(?![\d.,/-]\d|\d)"
        ),
        Text(
            "không đọc được «{found}»: dấu cách không dùng để tách hàng nghìn trong sổ",
            "“{found}” cannot be read: spaces do not part thousands in a book",
        ),
        _joined_digits,
    ),
    Hint(
        re.compile(r"(?<=\d)\s*(?P<found>₫|đồng|vnđ|đ|vnd)(?!\w)", re.IGNORECASE),
        Text("«{found}» không phải tên đồng tiền trong sổ", "“{found}” is no currency of the book"),
        _currency,
    ),
    Hint(
        re.compile(
            r"^(?:\s+(?:[*!]\s+)?|\d{4}-\d\d-\d\d\s+(?:open|close|balance|pad|note|document)\s+)"
            r"(?P<found>[^\W\d_][^\d:\"]*:[^\W\d_][^\s\"]*"
            r"(?: (?=\S*[^\x00-\x40A-Z\s])[^\W\d_]\S*)*)"
        ),
        _BAD_ACCOUNT,
        _account,
    ),
)

_DATED: Final = ("open", "close", "balance", "pad", "note", "document", "custom", "txn")
_DATED_OTHERS: Final = ("commodity", "event", "price", "query")
_UNDATED: Final = ("option", "include", "plugin")
_NO_WORD: Final = Text("không có lệnh «{found}»", "there is no directive “{found}”")


def _dated_word(match: re.Match[str]) -> Text | None:
    word = match["found"]
    if word in _DATED or word in _DATED_OTHERS:
        return None
    near = difflib.get_close_matches(word.casefold(), (*_DATED, *_DATED_OTHERS), n=1)
    known = ", ".join(_DATED)
    if near:
        return Text(f"có phải «{near[0]}»?", f"is “{near[0]}” meant?")
    return Text(
        f'sau ngày là * "diễn giải" của một giao dịch, hoặc một trong: {known}',
        f'after the date stands * "narration" of a transaction, or one of: {known}',
    )


def _undated_word(match: re.Match[str]) -> Text | None:
    near = difflib.get_close_matches(match["found"].casefold(), _UNDATED, n=1, cutoff=0.7)
    if not near or match["found"] in _UNDATED:
        return None
    return Text(f"có phải «{near[0]}»?", f"is “{near[0]}” meant?")


# Slips that are guessed at, in this order, where none of the above was found.
_LIKELY: Final = (
    Hint(
        re.compile(r"^(?P<found>[^\W\d_]\S*)"),
        Text("dòng «{found} …» không thụt vào", "the line “{found} …” is not indented"),
        lambda match: Text(
            f"thụt vào hai dấu cách, dưới dòng có ngày: «  {match['found']} …»",
            f"indent it by two spaces, below the line with the date: “  {match['found']} …”",
        ),
        re.compile("unexpected (?:ACCOUNT|KEY)"),
    ),
    Hint(
        re.compile(r"(?P<found>[^\W\d_][^\s:]*:\S+)"),
        _BAD_ACCOUNT,
        _account,
        re.compile("Invalid account name"),
    ),
    Hint(
        re.compile(r"(?P<found>\d[\d,.]*,[\d,.]*)"),
        _BAD_NUMBER,
        _joined_digits,
        re.compile("Invalid number format"),
    ),
    Hint(
        re.compile(r"(?P<found>'[^']*')"),
        Text("{found} đặt trong nháy đơn", "{found} stands between single quotes"),
        lambda match: Text(
            f'dùng ngoặc kép thẳng: "{match["found"][1:-1]}"',
            f'use straight double quotes: "{match["found"][1:-1]}"',
        ),
        re.compile("Invalid token"),
    ),
    Hint(
        re.compile(r"^\s+(?P<key>[a-z][\w-]*):\s*(?P<found>có|không|yes|no)$", re.IGNORECASE),
        Text("«{found}» không phải TRUE hoặc FALSE", "“{found}” is not TRUE or FALSE"),
        _yes_no,
    ),
    Hint(
        re.compile(r"^\s+(?P<found>[^\W\d_][^\s:\"]*):(?:\s|$)"),
        Text("«{found}» không dùng làm tên trường được", "“{found}” cannot be the name of a field"),
        _field_name,
    ),
    Hint(
        re.compile(r"^\s+(?P<found>[a-z][a-z-]+)\s+[^\s:]"),
        Text("sau «{found}» thiếu dấu hai chấm", "“{found}” lacks its colon"),
        lambda match: Text(f"viết {match['found']}: …", f"write {match['found']}: …"),
    ),
    Hint(
        re.compile(r"^(?P<found>\d{4}-\d\d-\d\d)\s+\""),
        Text("sau ngày {found} thiếu dấu *", "after {found} a * is missing"),
        lambda match: Text(
            f'viết {match["found"]} * "diễn giải"', f'write {match["found"]} * "narration"'
        ),
    ),
    Hint(
        re.compile(r"^\d{4}-\d\d-\d\d\s+[*!]\s+(?P<found>[^\W\d_][^\"]*)$"),
        Text("«{found}» là chữ mà không có ngoặc kép", "“{found}” is text without quotes"),
        lambda match: Text(f'viết "{match["found"]}"', f'write "{match["found"]}"'),
    ),
    Hint(
        re.compile(r"^\s+(?P<key>[a-z][\w-]*):\s*(?P<found>(?=\S*[^\W\d_]|\d+/)\w[^\"]*)$"),
        Text("«{found}» là chữ mà không có ngoặc kép", "“{found}” is text without quotes"),
        lambda match: Text(
            f'viết {match["key"]}: "{match["found"]}"', f'write {match["key"]}: "{match["found"]}"'
        ),
        re.compile("Invalid token|syntax error"),
    ),
    Hint(
        re.compile(r"^\d{4}-\d\d-\d\d\s+(?P<found>[^\W\d_][^\s\":]*)(?=\s|$)"),
        _NO_WORD,
        _dated_word,
        re.compile("Invalid token|syntax error"),
    ),
    Hint(
        re.compile(
            r"^\d{4}-\d\d-\d\d\s+custom\b.*?\s"
            r"(?P<found>(?!TRUE|FALSE)[^\W\d_][^\s\":]*)(?=\s|$)"
        ),
        Text("«{found}» là chữ mà không có ngoặc kép", "“{found}” is text without quotes"),
        lambda match: Text(f'viết "{match["found"]}"', f'write "{match["found"]}"'),
        re.compile("Invalid token|syntax error"),
    ),
    Hint(
        re.compile(r"^(?P<found>[^\W\d_]\S*)\s"),
        _NO_WORD,
        _undated_word,
        re.compile("Invalid token|syntax error"),
    ),
    Hint(
        re.compile(r"^(?!\d{4}-|(?:option|include|plugin|push|pop)\w*)(?P<found>\S+)"),
        Text(
            "dòng «{found} …» không bắt đầu bằng ngày",
            "the line “{found} …” does not begin with a date",
        ),
        _always(
            "mỗi nghiệp vụ, khai báo bắt đầu bằng ngày YYYY-MM-DD ở đầu dòng; "
            "chú thích bắt đầu bằng dấu chấm phẩy ;",
            "a transaction or directive begins with its date, YYYY-MM-DD; "
            "a comment with a semicolon ;",
        ),
    ),
)
