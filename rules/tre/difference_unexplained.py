"""TRE201: a difference with the treasury that nobody explains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict, passed
from rules.rows import declared, records
from rules.rule import Rule
from rules.severity import Severity
from rules.tre.obligations import last_records, left_open, word_for

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class DifferenceUnexplained(Rule):
    """Chênh lệch đối chiếu không có giải thích.

    Kiểm tra gì:
        Bản ghi ``reconciled`` sau cùng của kỳ và tài khoản còn lệch (nêu ở ``differences``, hoặc
        số dư của sổ ``closing`` và của sao kê ``statement-closing`` khác nhau) thì nêu cả
        lý do (``reason``). Đối chiếu lại thì bản sau thay bản trước.

    Vì sao:
        Số của đơn vị và của Kho bạc Nhà nước phải thống nhất điều chỉnh cho khớp; lệch không rõ vì
        sao là bút toán thiếu hoặc sai chưa tìm ra.

    Ví dụ sai:
        2021-07-08 custom "reconciled" "2021-06"
          account: "Assets:TienGui:KB01"
          digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
          differences: "1 khoản chỉ có ở sao kê: 500.000 đồng"

    Cách sửa:
        Ghi bút toán thiếu rồi đối chiếu lại bằng «cnht reconcile … --write»; lệch có lý do thì
        thêm --reason vào lệnh ấy, hoặc thêm một dòng dưới bản ghi:
          reason: "lãi tiền gửi tháng 6, kho bạc báo ngày 02/7"
    """

    code = "TRE201"
    name = "treasury.difference-unexplained"
    title = Text("Chênh lệch đối chiếu không có giải thích", "A difference without explanation")
    severity = Severity.WARNING
    basis = ("tt18-reconcile-settled",)
    message = Text(
        "{subject}: còn lệch «{differences}», không nêu lý do",
        "{subject}: “{differences}” is left, without a reason",
    )
    english = """What it checks:
    The last ``reconciled`` record of a period and account says why (``reason``) where something
    still differs: told in ``differences``, or by two balances (``closing``, ``statement-closing``).
    One written later takes the place of the earlier.

Why:
    The figures of the unit and of the State Treasury are mended until they agree; a difference
    that nobody explains is an entry missing or wrong.

How to put it right:
    Record what is missing and reconcile again; where the difference has a reason, name it by
    ``--reason`` of that command, or by a line ``reason`` below the record.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a last record that differs; the others pass in bulk."""
        frame = last_records(facts["reconciled"])
        bare = left_open(frame)
        for row in records(frame[bare]):
            yield Assessment(
                f"{word_for(str(row.account))} {row.account} {row.period}",
                Verdict.FAIL,
                str(row.book),
                decided_on=row.declared.date(),
                values={"differences": str(row.differences) or _balances(row)},
                evidence=(declared(row, str(row.period)),),
            )
        yield from passed(len(frame) - int(bare.sum()))


def _balances(row: Any) -> Text:  # noqa: ANN401  # of itertuples
    book, stated = int(row.closing), int(row.statement_closing)
    return Text(
        f"số dư của sổ {dong(book)}, của sao kê {dong(stated)} đồng",
        f"balance of the book {dong(book, 'en')}, of the statement {dong(stated, 'en')} VND",
    )
