"""A statement of the treasury or a bank as typed rows: what importers read and reconciliation uses.

Amounts are whole VND. A sign is the account's as the **unit's own book** has it: positive is
money that came in, negative is money that went out (a bank prints the former as its credit).
Codes of the budget classification are text; leading zeros matter.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from importers.source.places import Place, Reject, Spot, problem_at
from ledger.columns import MONEY, NUMBER, TEXT, Column
from ledger.facts import frame_of
from ledger.problems import Problem
from ledger.text import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd


class StatementKind(StrEnum):
    """What a statement lists."""

    BANK = "bank"  # movements of an account at a bank
    TREASURY = "treasury"  # movements of an account at the treasury
    ESTIMATE = "01a"  # 01a-SDKP/ĐVDT: the estimate and its use, by code
    SPENDING = "02a"  # 02a-SDKP/ĐVDT: advances and spending, by sub-item
    BALANCES = "06"  # 06-ĐCSDTK/KBNN: balances of deposit accounts


class Line(NamedTuple):
    """One movement of an account.

    Attributes:
        place: where it stands.
        date: the day it was booked.
        document: số chứng từ, số tham chiếu; not unique in every layout.
        text: nội dung.
        amount: VND, positive in, negative out; never 0.
        balance: số dư after the movement, where the layout prints it.
        part: ``fee`` or ``vat`` where the layout prints them in columns of their own.
        key: exact identity of the row; rows equal in everything have the same.
    """

    place: Place
    date: dt.date
    document: str
    text: str
    amount: int
    balance: int | None = None
    counter_name: str = ""
    chapter: str = ""
    kind_item: str = ""
    sub_item: str = ""
    source_code: str = ""
    programme_code: str = ""
    part: str = ""
    key: str = ""


class Figures(NamedTuple):
    """One row of a form that lists figures by code (01a, 02a, 06).

    Attributes:
        place: where it stands.
        label: nội dung, or the account's number in 06.
        amounts: VND by the names of ``FIGURES`` of the statement's kind.
    """

    place: Place
    label: str
    source_code: str
    kind_item: str
    sub_item: str
    programme_code: str
    amounts: Mapping[str, int]


class Statement(NamedTuple):
    """One account's statement, or one form, read whole.

    Attributes:
        kind: what it lists.
        profile: name of the layout it was read by.
        file: absolute path.
        digest: SHA-256 of the file.
        account: số tài khoản as printed, digits and dots only; empty where none is printed.
        unit_code: mã ĐVQHNS as printed.
        start: first day of the period; None where none is printed.
        end: last day of the period; None as above.
        opening: số dư đầu kỳ, VND; None where none is printed.
        closing: số dư cuối kỳ, VND; None as above.
        lines: its movements, oldest first; empty for forms.
        figures: its rows by code; empty for account statements.
        rejects: every other row below the header.
        read: how many rows below the header were not blank; each is in ``lines``, ``figures``
            or ``rejects`` (rows with a fee column are one row and several lines).
        totalled: whether a row of totals below them adds up all its rows.
        ends: whether its layout prints a total or a closing balance.
        notes: what a reader should be told (converted fonts, formulas, …).
        spots: where ``account``, ``unit``, ``period``, ``opening`` and ``closing`` are printed,
            and the title of ``date``; only what stands in a cell.
    """

    kind: StatementKind
    profile: str
    file: str
    digest: str
    account: str = ""
    unit_code: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    opening: int | None = None
    closing: int | None = None
    lines: tuple[Line, ...] = ()
    figures: tuple[Figures, ...] = ()
    rejects: tuple[Reject, ...] = ()
    read: int = 0
    totalled: bool = False
    ends: bool = False
    notes: tuple[Text, ...] = ()
    spots: Mapping[str, Spot] = MappingProxyType({})

    def problem(self, what: str, text: Text, remedy: Text | None = None) -> Problem:
        """A problem of something that the statement prints, with its cell where it has one."""
        spot = self.spots.get(what)
        if spot is None:
            return Problem(self.file, 0, text, remedy)
        return problem_at(spot.place, spot.column, text, remedy)

    def problem_of_day(self, line: Line, text: Text, remedy: Text | None = None) -> Problem:
        """A problem of the day of a movement."""
        title = self.spots.get("date")
        if title is None:
            return Problem(self.file, line.place.row, text, remedy)
        return problem_at(line.place, title.column, text, remedy)

    @property
    def whole(self) -> bool:
        """Whether it shows where it ends, so that rows cut off its end would be missed.

        06-ĐCSDTK/KBNN has a row an account and no total: each account of the book is sought in it.
        """
        if self.kind is StatementKind.BALANCES:
            return True
        return self.totalled or self.closing is not None

    @property
    def cut(self) -> bool:
        """Whether its end is missing though its layout prints one."""
        return self.ends and self.kind not in FIGURES and not self.whole


# Columns of 01a-SDKP/ĐVDT by their printed numbers (1) to (11), of 02a by (1) to (6).
FIGURES: Final[dict[StatementKind, dict[str, Text]]] = {
    StatementKind.ESTIMATE: {
        "brought_forward": Text("(1) dự toán năm trước còn lại", "(1) brought forward"),
        "allotted": Text("(2) dự toán giao đầu năm", "(2) allotted"),
        "adjusted": Text("(3) bổ sung, điều chỉnh trong kỳ", "(3) adjusted in the period"),
        "adjusted_total": Text("(4) bổ sung, điều chỉnh lũy kế", "(4) adjusted since 1 January"),
        "usable": Text("(5) được sử dụng trong năm", "(5) usable in the year"),
        "used": Text("(6) đã sử dụng trong kỳ", "(6) used in the period"),
        "used_total": Text("(7) đã sử dụng lũy kế", "(7) used since 1 January"),
        "committed": Text("(8) cam kết chi trong kỳ", "(8) committed in the period"),
        "committed_balance": Text("(9) dư cam kết chi", "(9) commitments outstanding"),
        "withheld": Text("(10) dự toán giữ lại", "(10) withheld"),
        "remaining": Text("(11) còn lại ở Kho bạc", "(11) remaining"),
    },
    StatementKind.SPENDING: {
        "advance": Text("(1) tạm ứng trong kỳ", "(1) advances in the period"),
        "advance_balance": Text("(2) dư tạm ứng", "(2) advances outstanding"),
        "spent": Text("(3) thực chi trong kỳ", "(3) spent in the period"),
        "spent_total": Text("(4) thực chi lũy kế", "(4) spent since 1 January"),
        "total": Text("(5) tổng cộng trong kỳ", "(5) total of the period"),
        "total_balance": Text("(6) tổng cộng lũy kế", "(6) total since 1 January"),
    },
    StatementKind.BALANCES: {
        "opening": Text("số dư đầu kỳ", "opening balance"),
        "received": Text("phát sinh tăng", "received"),
        "paid": Text("phát sinh giảm", "paid"),
        "closing": Text("số dư cuối kỳ", "closing balance"),
    },
}

# Told of a statement that is not whole, by importing and reconciling alike.
NO_END: Final = Text(
    "không có dòng số dư cuối kỳ hay dòng tổng: không biết tệp có bị cắt cụt không",
    "neither a closing balance nor a total: whether the file is cut off cannot be told",
)

_PLACE: Final = (
    Column("file", TEXT, "tệp sao kê"),
    Column("sheet", TEXT, "trang tính"),
    Column("row", NUMBER, "dòng trong trang tính"),
)
_CODES: Final = (
    Column("source_code", TEXT, "mã nguồn"),
    Column("kind_item", TEXT, "mã ngành kinh tế (khoản)"),
    Column("sub_item", TEXT, "mã nội dung kinh tế (tiểu mục)"),
    Column("programme_code", TEXT, "mã CTMT, dự án"),
)


def figures_frame(statement: Statement) -> pd.DataFrame:
    """The rows of a form: place, label and codes, then a column of VND for each of ``FIGURES``."""
    names = FIGURES.get(statement.kind, {})
    columns = (
        *_PLACE,
        Column("label", TEXT, "nội dung"),
        *_CODES,
        *(Column(name, MONEY, text.vi) for name, text in names.items()),
    )
    rows = [{**row.place._asdict(), **row._asdict(), **row.amounts} for row in statement.figures]
    return frame_of(columns, rows)
