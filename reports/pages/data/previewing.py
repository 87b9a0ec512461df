"""A statement beside the book before anything is written (xem trước đối chiếu)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from importers.reconciling.compared import Reconciliation
from importers.reconciling.reconcile import read_for, reconcile
from importers.reconciling.record import record
from importers.reconciling.statement_fit import is_over, with_closing
from importers.ways import Ways
from ledger.period import month, quarter, read_period, whole_year
from ledger.problems import refusal, show_path
from ledger.text import Text, read_dong
from ledger.writing import entry_text, style_of
from reports.reconciling.outcome import sections
from rules.budget_years import closing_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from importers.reconciling.compared import FormComparison
    from ledger.facts import Facts
    from ledger.period import Period
    from ledger.text import Language
    from reports.reconciling.outcome import Section
    from rules.law import Law


class Preview(NamedTuple):
    """What ``cnht reconcile`` says of one statement.

    Attributes:
        sections: what differs, then what agrees.
        places: file and line of what stands in the book, by how the sections name them.
        record: the directive that would record it; empty where the statement may be cut off or
            the period still runs.
    """

    result: Reconciliation | FormComparison
    sections: tuple[Section, ...]
    places: Mapping[str, tuple[str, int]]
    record: str


def periods(year: int) -> tuple[Period, ...]:
    """The periods of a year that a statement may be of: months, quarters, the year."""
    return (
        *(month(year, number) for number in range(1, 13)),
        *(quarter(year, number) for number in range(1, 5)),
        whole_year(year),
    )


def preview(  # noqa: PLR0913, PLR0917  # the book, the file, and how the form was filled
    facts: Facts,
    path: Path,
    main: Path,
    today: dt.date,
    raw: Mapping[str, str],
    language: Language,
    *,
    law: Law,
) -> tuple[Preview, ...]:
    """Set every statement of a file beside the book.

    Args:
        facts: of the book.
        path: the file.
        main: the book's top file, beside which layouts of its own may stand.
        today: the day that the record would bear.
        raw: ``period``, ``account`` and ``closing`` as typed.
        language: of the sections.
        law: the norms of the book.

    Raises:
        BadInputError: the file is no statement, or of another period, unit or account.
    """
    period = read_period(raw.get("period", ""))
    if period is None:
        raise refusal(_NO_PERIOD, Text("chọn ở ô «Kỳ»", "choose in the field “Period”"))
    typed = raw.get("closing", "").strip()
    closing = read_dong(typed) if typed else None
    if typed and closing is None:
        raise refusal(_NO_AMOUNT, Text("viết như 1.500.000", "write 1.500.000"))
    # Messages and the record name the file as it was sent, not where it was put for reading.
    read = [one._replace(file=path.name) for one in read_for(path, main, _FIELDS)]
    if closing is not None:
        read = [with_closing(one, closing, _FIELDS) for one in read]
    account = raw.get("account", "")
    last = closing_of(law, period.year)
    found = [
        reconcile(facts, one, period, account, _FIELDS, closing=last, on=today) for one in read
    ]
    return tuple(_preview(one, today, language) for one in found)


def _preview(
    result: Reconciliation | FormComparison, today: dt.date, language: Language
) -> Preview:
    entries = result.entries if isinstance(result, Reconciliation) else ()
    recordable = result.statement.whole and is_over(result.period, today)
    return Preview(
        result=result,
        sections=tuple(sections(result, language, agreeing=True)),
        places={f"{show_path(e.file)}:{e.line}": (e.file, e.line) for e in entries},
        record=entry_text(record(result, today), style_of("")) if recordable else "",
    )


_FIELDS: Final = Ways(
    teach=Text(
        "chọn tệp sao kê, hoặc bảng 01a, 02a, 06 của Kho bạc; mẫu mới thì người quản lý sổ dạy "
        "cách đọc các cột một lần (xem «Nhập sao kê» trong tài liệu)",
        "choose a statement, or table 01a, 02a or 06; a new layout is taught once by who keeps the "
        "book (see the documents)",
    ),
    closing=Text("để trống ô «Số dư cuối kỳ»", "leave the field “Closing balance” empty"),
    account=Text(
        "chọn ở ô «Tài khoản», hoặc ghi account-number ở lệnh open của tài khoản",
        "choose in the field “Account”, or write account-number at its open",
    ),
)
_NO_PERIOD: Final = Text("chưa chọn kỳ của sao kê", "the statement's period is not chosen")
_NO_AMOUNT: Final = Text("số dư cuối kỳ không phải là số tiền", "the closing balance is no amount")
