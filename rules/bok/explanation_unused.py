"""BOK405: an explanation of a finding that is not there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ledger.text import Text
from rules.assessment import Assessment, Verdict, passed
from rules.rule import ExplanationRule
from rules.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.waivers import Explained


class ExplanationUnused(ExplanationRule):
    """Giải trình một phát hiện không có.

    Kiểm tra gì:
        Mã và dấu vân của mỗi khai báo ``explanation`` là của một phát hiện trong lần kiểm tra này,
        của chính sổ đó.

    Vì sao:
        Gõ nhầm mã hoặc dấu vân thì lời giải trình không in cùng phát hiện nào, và người đọc tưởng
        đơn vị chưa giải trình. Phát hiện đã sửa xong cũng ra lưu ý này.

    Ví dụ sai:
        2022-01-10 custom "explanation" "BUD101" "8b1d4be1ee0f1b2c"
          person: "Nguyễn Văn A, thủ trưởng đơn vị"
          reason: "Quyết định bổ sung về sau ngày chi"
        (lần kiểm tra này không có phát hiện BUD101 nào mang dấu vân đó)

    Cách sửa:
        Chép lại mã và dấu vân từ «cnht check SO --format json»; phát hiện đã sửa thì xóa khai báo:
          2022-01-10 custom "explanation" "BUD101" "8b1d4be1ee0f1b2c"
            person: "Nguyễn Văn A, thủ trưởng đơn vị"
            reason: "Quyết định bổ sung về sau ngày chi"
    """

    code = "BOK405"
    name = "book.explanation-unused"
    title = Text("Giải trình không gắn với phát hiện nào", "An explanation of no finding")
    severity = Severity.NOTE
    rests_on_law = False
    message = Text(
        "giải trình của {person} nêu phát hiện {finding} dấu vân {fingerprint}, "
        "lần kiểm tra này không có phát hiện đó",
        "the explanation by {person} names the finding {finding} with fingerprint {fingerprint}, "
        "which this check does not have",
    )
    english = """What it checks:
    Code and fingerprint of each ``explanation`` are those of a finding of this check and book.

Why:
    Where the code or fingerprint is mistyped the explanation is printed with no finding, and who
    reads it takes the unit to have said nothing. A finding put right since is told here, too.

How to put it right:
    Copy code and fingerprint from ``cnht check BOOK --format json``; where the finding is put
    right, delete the explanation.
"""

    def look(self, explained: Sequence[Explained]) -> Iterator[Assessment]:
        """One assessment a finding explained that is not there; the others in bulk."""
        loose: dict[tuple[str, str], list[Explained]] = defaultdict(list)
        for one in explained:
            if not one.met:
                loose[one.book, f"explanation {one.code} {one.fingerprint}"].append(one)
        for (book, subject), ones in sorted(loose.items(), key=lambda item: item[0]):
            first = ones[0]
            yield Assessment(
                subject,
                Verdict.FAIL,
                book,
                values={
                    "person": first.person,
                    "finding": first.code,
                    "fingerprint": first.fingerprint,
                },
                evidence=tuple(sorted(one.place for one in ones)),
                population=len(ones),
            )
        yield from passed(sum(one.met for one in explained))
