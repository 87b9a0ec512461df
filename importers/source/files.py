"""A file as bytes, and what it is by them; how one that cannot be used is refused (tệp nguồn)."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

from ledger.location import like
from ledger.problems import BadInputError, Problem
from ledger.system import reason
from ledger.text import Text, dong

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES: Final = 64 * 1024 * 1024

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAMED: Final = Text("xem lại tên và thư mục của tệp", "check the name and folder of the file")
_ZIP: Final = b"PK\x03\x04"
_HTML: Final = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)?<(?:!doctype|html|head|body|table|meta|style|div)",
    re.IGNORECASE | re.DOTALL,
)


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


def damaged(path: Path, error: object) -> BadInputError:
    """How a file is refused that its reader could not read."""
    words = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    return file_refusal(
        path,
        Text("tệp hỏng hoặc bị cắt cụt", f"the file is damaged or cut off: {words}"),
        Text("tải lại tệp từ nơi cấp", "download the file again"),
    )


def protected(path: Path) -> BadInputError:
    """How a file under a password is refused."""
    return file_refusal(
        path,
        Text("bảng tính có mật khẩu", "the workbook is protected by a password"),
        Text("mở trong Excel, bỏ mật khẩu, lưu lại", "open it in Excel and take the password off"),
    )
