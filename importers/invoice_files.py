"""Files that hold invoices: one XML, a folder, a ZIP; nothing of a ZIP leaves its folder."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.sheets import file_refusal, form_of, read_bytes
from ledger.problems import BadInputError
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_MEMBERS: Final = 20_000
MOST_UNPACKED: Final = 512 * 1024 * 1024
MOST_INVOICE: Final = 16 * 1024 * 1024
MOST_RATIO: Final = 200
OLD_FORMAT: Final = "http://laphoadon.gdt.gov.vn/2014/09/invoicexml/v1"


def holds_invoice(content: bytes) -> bool:
    """Whether some XML looks like an invoice, of whatever format."""
    return any(tag in content for tag in (b"HDon", b"DLHDon", OLD_FORMAT.encode()))


class InvoiceFile(NamedTuple):
    """One XML file, wherever it lies."""

    file: str
    name: str
    content: bytes

    @property
    def shown(self) -> str:
        """Its name for messages."""
        return f"{self.file}!{self.name}" if self.name else self.file


def invoice_files(path: Path) -> Iterator[InvoiceFile]:
    """The invoices of a file, a folder or a ZIP.

    Raises:
        BadInputError: one cannot be read, or a ZIP or link is not safe.
    """
    if path.is_dir():
        for file in sorted(path.glob("**/*.xml")):
            if file.is_symlink() and not file.resolve().is_relative_to(path.resolve()):
                raise file_refusal(
                    file,
                    Text("liên kết ra ngoài thư mục", "a link out of the folder"),
                    Text("chép tệp vào thư mục", "copy the file into the folder"),
                )
            content = read_bytes(file)
            if holds_invoice(content):
                yield InvoiceFile(str(file.resolve()), "", content)
        return
    content = read_bytes(path)
    if form_of(content) != "zip":
        yield InvoiceFile(str(path.resolve()), "", content)
        return
    yield from _zip_members(path, content)


def _zip_members(path: Path, content: bytes) -> Iterator[InvoiceFile]:
    """The invoices of a ZIP; nothing of it is ever written under a name of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            _require_safe(path, members)
            for one in members:
                if not one.filename.lower().endswith(".xml"):
                    continue
                inner = _unpacked(path, archive, one)
                if holds_invoice(inner):
                    yield InvoiceFile(str(path.resolve()), one.filename, inner)
    except BadInputError:
        raise
    except Exception as error:  # zipfile and zlib fail on damaged archives in many ways
        raise _zip_refused(
            path, Text("tệp ZIP hỏng hoặc bị cắt cụt", f"a damaged ZIP: {error}")
        ) from error


def _unpacked(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's content; what it says of its size is not believed."""
    with archive.open(member) as stream:
        content = stream.read(MOST_INVOICE + 1)
    if len(content) > MOST_INVOICE:
        raise _zip_refused(path, Text("bung ra quá lớn", "unpacks beyond the limit"))
    return content


def _require_safe(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise _zip_refused(path, Text("bung ra quá lớn", "unpacks beyond the limit"))
    for one in members:
        parts = PurePosixPath(one.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
            raise _zip_refused(
                path,
                Text(
                    f"tên «{one.filename}» ra ngoài thư mục", f"“{one.filename}” leaves its folder"
                ),
            )
        if one.flag_bits & 1:
            raise _zip_refused(path, Text("ZIP có mật khẩu", "the ZIP is encrypted"))
        if one.file_size > 1024 * 1024 and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise _zip_refused(path, Text("bung ra quá lớn", "unpacks beyond the limit"))


def _zip_refused(path: Path, text: Text) -> BadInputError:
    return file_refusal(
        path, text, Text("giải nén bằng tay rồi nhập từng tệp", "unpack it and import the files")
    )
