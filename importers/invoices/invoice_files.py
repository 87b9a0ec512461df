"""Files that hold invoices: one XML, a folder, a ZIP; nothing of a ZIP leaves its folder."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.files import file_refusal, form_of, read_bytes
from ledger.problems import BadInputError
from ledger.system import reason
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_MEMBERS: Final = 20_000
MOST_UNPACKED: Final = 512 * 1024 * 1024
MOST_INVOICE: Final = 16 * 1024 * 1024
MOST_RATIO: Final = 200
OLD_FORMAT: Final = "http://laphoadon.gdt.gov.vn/2014/09/invoicexml/v1"
_HEAD: Final = 4096  # tells what a file is
_NO_INVOICE: Final = Text(
    "XML không chứa hóa đơn nào (thông báo, bảng kê…)", "XML that holds no invoice"
)


def holds_invoice(content: bytes) -> bool:
    """Whether some XML looks like an invoice, of whatever format."""
    return any(tag in content for tag in (b"HDon", b"DLHDon", OLD_FORMAT.encode()))


class InvoiceFile(NamedTuple):
    """One file, wherever it lies.

    Attributes:
        file: the file given, or one of the folder given.
        name: its name within a ZIP; empty outside one.
        content: its bytes; empty where they hold no invoice.
        other: why it holds no invoice; None where it holds one.
    """

    file: str
    name: str
    content: bytes
    other: Text | None = None

    @property
    def shown(self) -> str:
        """Its name for messages."""
        return f"{self.file}!{self.name}" if self.name else self.file


def invoice_files(path: Path) -> Iterator[InvoiceFile]:
    """The files of a folder or a ZIP, or the one file: invoices, and what is none with its reason.

    Raises:
        BadInputError: one cannot be read, or a ZIP or link is not safe.
    """
    if path.is_dir():
        yield from _folder_files(path)
        return
    content = read_bytes(path)
    if form_of(content) != "zip":
        yield InvoiceFile(str(path.resolve()), "", content)
        return
    yield from _zip_members(path, content)


def _folder_files(folder: Path) -> Iterator[InvoiceFile]:
    """The files below a folder; what a system keeps hidden there is none of the user's."""
    files = [
        file
        for file in sorted(folder.glob("**/*"))
        if file.is_file() and not any(part[0] == "." for part in file.relative_to(folder).parts)
    ]
    invoices = {_stem(str(file)) for file in files if _is_xml(file.name)}
    for file in files:
        if file.is_symlink() and not file.resolve().is_relative_to(folder.resolve()):
            raise file_refusal(
                file,
                Text("liên kết ra ngoài thư mục", "a link out of the folder"),
                Text("chép tệp vào thư mục", "copy the file into the folder"),
            )
        shown = str(file.resolve())
        if not _is_xml(file.name):
            yield InvoiceFile(shown, "", b"", _no_xml(str(file), _head(file), invoices))
            continue
        content = read_bytes(file)
        yield InvoiceFile(shown, "", content, None if holds_invoice(content) else _NO_INVOICE)


def _zip_members(path: Path, content: bytes) -> Iterator[InvoiceFile]:
    """The files of a ZIP; nothing of it is ever written under a name of its own."""
    file = str(path.resolve())
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            _require_safe(path, members)
            invoices = {_stem(one.filename) for one in members if _is_xml(one.filename)}
            for one in members:
                name = one.filename
                if not _is_xml(name):
                    with archive.open(one) as stream:
                        head = stream.read(_HEAD)
                    yield InvoiceFile(file, name, b"", _no_xml(name, head, invoices))
                    continue
                inner = _unpacked(path, archive, one)
                yield InvoiceFile(file, name, inner, None if holds_invoice(inner) else _NO_INVOICE)
    except BadInputError:
        raise
    except Exception as error:  # zipfile and zlib fail on damaged archives in many ways
        raise _zip_refused(
            path, Text("tệp ZIP hỏng hoặc bị cắt cụt", f"a damaged ZIP: {error}")
        ) from error


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(_HEAD)
    except OSError as error:
        raise file_refusal(
            file,
            Text(f"không đọc được: {reason(error).vi}", f"cannot be read: {reason(error).en}"),
            Text("mở quyền đọc, hoặc bỏ tệp khỏi thư mục", "make it readable, or take it out"),
        ) from error


def _is_xml(name: str) -> bool:
    return name.lower().endswith(".xml")


def _stem(name: str) -> str:
    return name.rpartition(".")[0].lower()


def _no_xml(name: str, head: bytes, invoices: set[str]) -> Text:
    """Why a file that is not named as XML brings no invoice, and what to do with it."""
    form = form_of(head)
    if form in {"zip", "xlsx", "xls"}:
        return Text(
            "không phải hóa đơn XML; ZIP, bảng tính ở đây thì nhập riêng từng tệp",
            "no XML invoice; import a ZIP or a workbook by itself",
        )
    if form == "xml" or holds_invoice(head):
        return Text(
            "nội dung là XML mà tên không tận cùng bằng .xml; đổi tên rồi nhập lại",
            "XML whose name does not end in .xml; rename it and import again",
        )
    if form in {"pdf", "html"} and _stem(name) in invoices:
        return Text(
            "bản thể hiện của hóa đơn XML cùng tên, không phải bản gốc",
            "a rendering of the XML of the same name, not the invoice itself",
        )
    return Text(
        "không phải hóa đơn XML; nếu là hóa đơn thì tải tệp XML của nó",
        "no XML invoice; of an invoice download the XML",
    )


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
