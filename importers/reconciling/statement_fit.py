"""Whether a statement is whole, and of the period and unit asked for (đúng kỳ, đúng đơn vị)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from importers.statement_owner import unproved
from importers.tables.statement import FIGURES, NO_END
from importers.tables.statement_checks import reached
from importers.ways import OPTIONS, Ways
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from importers.statement_owner import Account
    from importers.tables.statement import Line, Statement
    from ledger.period import Period


def refused(statement: Statement, what: str, text: Text, remedy: Text) -> BadInputError:
    """Why a statement is refused, at the cell that prints ``what``."""
    return BadInputError([statement.problem(what, text, remedy)])


def require_whole(statements: Iterable[Statement]) -> None:
    """Refuse to record what may be cut off.

    Raises:
        BadInputError: a statement does not show where it ends.
    """
    for statement in statements:
        if not statement.whole:
            text = Text(f"{NO_END.vi}; không ghi vào sổ", f"{NO_END.en}; nothing is recorded")
            remedy = Text(
                "tải lại tệp đủ dòng cuối; hoặc nêu --closing SỐ DƯ theo giấy xác nhận của kỳ",
                "download the whole file; or name --closing BALANCE as the period's paper has it",
            )
            raise refused(statement, "closing", text, remedy)


def with_closing(statement: Statement, closing: int, ways: Ways = OPTIONS) -> Statement:
    """A statement that prints no closing balance, with that of a paper (VND).

    Raises:
        BadInputError: it is a form, or its balances and movements do not come to this.
    """
    if statement.kind in FIGURES:
        raise refused(
            statement,
            "closing",
            Text(
                "bảng số liệu không nhận số dư cuối kỳ",
                "a form of figures takes no closing balance",
            ),
            ways.closing,
        )
    moved = sum(line.amount for line in statement.lines)
    held = None if statement.opening is None else statement.opening + moved
    held = reached(statement.lines)[1] if held is None else held
    held = statement.closing if statement.closing is not None else held
    if held is not None and held != closing:
        raise refused(
            statement,
            "closing",
            Text(
                f"số dư cuối kỳ theo sao kê là {dong(held)}, không phải {dong(closing)}",
                f"by the statement the closing balance is {dong(held, 'en')}, not "
                f"{dong(closing, 'en')}",
            ),
            Text("sao kê thiếu dòng, hoặc xem lại số đã nêu", "rows are missing, or look again"),
        )
    notes = tuple(note for note in statement.notes if note is not NO_END)
    return statement._replace(closing=closing, notes=notes)


def is_over(period: Period, on: dt.date) -> bool:
    """Whether a period has come to its last day."""
    return period.end <= on


def require_over(period: Period, on: dt.date) -> None:
    """Refuse to record a period that still runs: more may be booked on either side.

    Raises:
        BadInputError: it has not come to its last day.
    """
    if not is_over(period, on):
        told = still_running(period, on)
        text = Text(f"{told.vi}; không ghi vào sổ", f"{told.en}; nothing is recorded")
        remedy = Text("ghi sau ngày cuối kỳ", "record it after the period's last day")
        raise BadInputError([Problem("", 0, text, remedy)])


def still_running(period: Period, on: dt.date) -> Text:
    """That a period had not come to its last day."""
    return Text(
        f"kỳ {period.name} chưa hết vào ngày {on:%d/%m/%Y}",
        f"period {period.name} is not over on {on}",
    )


def noted(statement: Statement, *notes: Text) -> Statement:
    """A statement with more that a reader should be told."""
    return statement._replace(notes=(*statement.notes, *notes))


def refuse_other_period(statement: Statement, period: Period) -> None:
    """A form is of its own period alone; of an account's statement a part may be taken."""
    start, end = statement.start, statement.end
    if start is None or end is None:
        _refuse_unread_period(statement, period)
        return
    if (start, end) == (period.start, period.end):
        return
    if statement.kind not in FIGURES and start <= period.start and period.end <= end:
        return
    printed = f"{start:%d/%m/%Y} – {end:%d/%m/%Y}"
    raise refused(
        statement,
        "period",
        Text(
            f"sao kê của kỳ {printed}, không phải {period.name}",
            f"the statement is of {printed}, not of {period.name}",
        ),
        _RIGHT_PERIOD,
    )


def _refuse_unread_period(statement: Statement, period: Period) -> None:
    """Where no period can be read, a form cannot be used, and an account's rows must tell it."""
    if statement.kind in FIGURES:
        text = Text("bảng không in kỳ đối chiếu", "the form does not print its period")
        remedy = Text(
            "tải lại bảng có dòng «Quý … năm …», «Tháng … năm …» hoặc «Năm …»",
            "download the form with its period",
        )
        raise refused(statement, "period", text, remedy)
    outside = _outside(statement, period)
    if not outside or len(outside) < len(statement.lines):
        return
    days = _days_of(outside)
    text = Text(
        f"không dòng nào của sao kê thuộc kỳ {period.name}: các dòng {days.vi}",
        f"no row of the statement is of {period.name}: its rows are {days.en}",
    )
    raise BadInputError([statement.problem_of_day(outside[0], text, _RIGHT_PERIOD)])


_RIGHT_PERIOD: Final = Text(
    "nêu đúng kỳ hoặc lấy sao kê của kỳ", "name its period, or take the period's one"
)


def _outside(statement: Statement, period: Period) -> list[Line]:
    return [line for line in statement.lines if not period.start <= line.date <= period.end]


def _days_of(lines: Sequence[Line]) -> Text:
    first, last = (each(line.date for line in lines) for each in (min, max))
    return Text(f"từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}", f"from {first} to {last}")


def not_read(statement: Statement, period: Period, account: Account) -> Iterator[Text]:
    """What the file does not tell and what of it is left aside, for whoever signs the outcome."""
    if statement.start is None or statement.end is None:
        days = _days_of(statement.lines) if statement.lines else Text("không có", "none")
        yield Text(
            f"không đọc được kỳ in trong tệp (các dòng {days.vi}): xem có đúng là sao kê của cả kỳ "
            f"{period.name} không",
            f"no period could be read in the file (rows {days.en}): see whether it is the "
            f"statement of all of {period.name}",
        )
    look = unproved(statement, account)
    if look:
        yield Text(
            f"đối chiếu với {account.shown}: {look.vi}", f"set beside {account.shown}: {look.en}"
        )
    outside = _outside(statement, period)
    if outside:
        rows, days = len({line.place for line in outside}), _days_of(outside)
        yield Text(
            f"{rows} dòng ngoài kỳ {period.name} ({days.vi}) không đối chiếu",
            f"{rows} rows outside {period.name} ({days.en}) are not reconciled",
        )


def with_reached(statement: Statement) -> Statement:
    """A statement with the balances of its running balance, where it prints no others."""
    opening, closing = reached(statement.lines)
    return statement._replace(
        opening=opening if statement.opening is None else statement.opening,
        closing=closing if statement.closing is None else statement.closing,
    )


def draws_alone(statement: Statement) -> Statement:
    """A statement of draws without its balances: they are what is left of the estimate."""
    if statement.opening is None and statement.closing is None:
        return statement
    text = Text(
        "số dư trong sao kê rút dự toán là dự toán còn lại: so ở mẫu 01a-SDKP/ĐVDT, không so ở đây",
        "the balances of a statement of draws are what is left of the estimate: they are compared "
        "on form 01a-SDKP/ĐVDT and not here",
    )
    return noted(statement._replace(opening=None, closing=None), text)


def of_period(statement: Statement, period: Period) -> Statement:
    """An account's statement with the balances of the period, where it is of a longer one."""
    before = sum(line.amount for line in statement.lines if line.date < period.start)
    after = sum(line.amount for line in statement.lines if line.date > period.end)
    opening, closing = statement.opening, statement.closing
    return statement._replace(
        opening=None if opening is None else opening + before,
        closing=None if closing is None else closing - after,
    )
