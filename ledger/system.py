"""Why the operating system refused a file, in words of both languages; Ctrl+C (lỗi của máy)."""

from __future__ import annotations

import errno
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

_DENIED: Final = Text("không có quyền", "permission denied")
_REASONS: Final = {
    errno.ENOTDIR: Text("một phần đường dẫn là tệp", "part of the path is a file"),
    errno.EISDIR: Text("đó là thư mục", "it is a folder"),
    errno.EEXIST: Text("đã có tệp ở đó", "a file is there already"),
    errno.ENOENT: Text("không có thư mục hoặc tệp này", "there is no such folder or file"),
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: Text("ổ đĩa chỉ cho đọc", "the disk is read-only"),
    errno.ENOSPC: Text("ổ đĩa đã đầy", "the disk is full"),
    errno.EDQUOT: Text("đã dùng hết dung lượng được cấp", "the quota of the disk is used up"),
    errno.EFBIG: Text("tệp quá lớn", "the file is too large"),
    errno.EIO: Text("ổ đĩa hỏng hoặc mất kết nối", "the disk is damaged or has gone"),
    errno.ENAMETOOLONG: Text("tên quá dài", "the name is too long"),
    errno.ENOTEMPTY: Text("thư mục không trống", "the folder is not empty"),
    errno.ELOOP: Text("liên kết vòng quanh", "links that lead in a circle"),
    errno.EBUSY: Text("tệp đang được dùng", "the file is in use"),
    errno.EMFILE: Text("mở quá nhiều tệp", "too many files are open"),
    errno.EADDRINUSE: Text("cổng đang được dùng", "the port is in use"),
    errno.EADDRNOTAVAIL: Text("máy này không có địa chỉ đó", "not an address of this machine"),
}


def known_reason(error: BaseException) -> Text | None:
    """Why the system refused; None where the error is none of the system's, or a rare one.

    An exception of a library that carries the system's own is looked into.
    """
    found = [one for one in (error, *error.args) if isinstance(one, OSError) and one.errno]
    return _REASONS.get(found[0].errno or 0) if found else None


def reason(error: BaseException) -> Text:
    """The same; a rare error stands in the system's words, behind a word of ours."""
    known = known_reason(error)
    if known is not None:
        return known
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return Text(f"lỗi của máy ({words})", f"an error of the system ({words})")


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """Let a Ctrl+C wait until the block is done.

    Only the main thread ever meets one, and none where a run in the background ignores it.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    met: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: met.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if met:
        signal.raise_signal(signal.SIGINT)
