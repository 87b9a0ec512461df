"""Whose statement it is: the account and the unit of the book that a file speaks of.

What is drafted from a statement and what is set beside it go to the same account: both ask here.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from importers.source.cells import digits
from importers.ways import ESTIMATE_ACCOUNT
from ledger.problems import BadInputError
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from importers.tables.statement import Statement
    from importers.ways import Ways


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """An account of the book: its name there, and its number at the treasury or bank."""

    name: str
    number: str = ""
    label: str = ""

    @property
    def shown(self) -> str:
        """Its name with its number, where the book has one."""
        return f"{self.name} ({self.number})" if self.number else self.name


ESTIMATE: Final = Account(ESTIMATE_ACCOUNT, "", "Dự toán")


def printed_account(statement: Statement, accounts: Iterable[Account]) -> Account | None:
    """The account whose number a statement prints; a workbook may have lost its first zeros."""
    printed = digits(statement.account).lstrip("0")
    same = (one for one in accounts if printed and digits(one.number).lstrip("0") == printed)
    return next(same, None)


def owner_of(statement: Statement, accounts: Sequence[Account], asked: str, ways: Ways) -> Account:
    """The account that a statement is of: as named, else as printed, else the only one.

    Args:
        statement: read whole.
        accounts: deposit accounts of the book.
        asked: the account that whoever asks names, by its name, the last word of it or its number;
            ``DuToan`` is the estimate.
        ways: what remedies call what can be said.

    Raises:
        BadInputError: no account is told, or the statement prints the number of another one.
    """
    printed = printed_account(statement, accounts)
    if asked:
        return _named(statement, accounts, asked, printed, ways)
    if printed:
        return printed
    (only,) = accounts if len(accounts) == 1 else (None,)
    if only and not (statement.account and digits(only.number)):
        return only
    if statement.account:
        text = Text(
            f"sao kê của tài khoản {statement.account}, sổ không có tài khoản tiền gửi này",
            f"a statement of account {statement.account}, which the book does not have",
        )
    else:
        text = Text(
            "không đọc được số tài khoản trong tệp", "no account number could be read in the file"
        )
    raise _refused(statement, _with_list(text, accounts), ways.account)


def _named(
    statement: Statement,
    accounts: Sequence[Account],
    asked: str,
    printed: Account | None,
    ways: Ways,
) -> Account:
    """The account that was named, unless the statement prints the number of another one."""
    names = ((one, {one.name, one.name.rpartition(":")[2], one.number}) for one in accounts)
    named = next((one for one, called in names if asked in called), None)
    named = ESTIMATE if named is None and asked == ESTIMATE_ACCOUNT else named
    if named is None:
        text = Text(
            f"sổ không có tài khoản tiền gửi «{asked}»",
            f"the book has no deposit account “{asked}”",
        )
        # Of a name that was typed no cell is to blame.
        raise _refused(statement._replace(spots={}), _with_list(text, accounts), ways.account)
    if statement.account and named != printed and (printed or digits(named.number)):
        text = Text(
            f"sao kê in số tài khoản {statement.account}, không phải của {named.shown}",
            f"the statement prints account {statement.account}, not that of {named.shown}",
        )
        raise _refused(statement, text, ways.other_account)
    return named


def _with_list(text: Text, accounts: Iterable[Account]) -> Text:
    has = ", ".join(sorted(one.shown for one in accounts)) or "—"
    return Text(f"{text.vi}; sổ có: {has}", f"{text.en}; the book has: {has}")


def _refused(statement: Statement, text: Text, remedy: Text) -> BadInputError:
    return BadInputError([statement.problem("account", text, remedy)])


def unproved(statement: Statement, account: Account) -> Text | None:
    """What a person must look at where no number proves whose statement it is."""
    if account == ESTIMATE:
        return None
    if not statement.account:
        return Text(
            "không đọc được số tài khoản trong tệp, xem có đúng không",
            "no account number could be read in the file, see whether this is right",
        )
    if not digits(account.number):
        return Text(
            f"sao kê in số tài khoản {statement.account}, sổ chưa ghi số nào: xem có đúng không, "
            "rồi ghi account-number ở dòng open",
            f"the statement prints account {statement.account}, the book has no number: see "
            "whether this is right, then write account-number at its open",
        )
    return None


def other_unit(what: Text, code: str, codes: Iterable[str]) -> tuple[Text, Text] | None:
    """What is wrong with the unit that a file prints, and the remedy; None where nothing is.

    Args:
        what: the file, as the sentence begins.
        code: mã ĐVQHNS that it prints; empty where it prints none.
        codes: those that the book declares.
    """
    own = {one for one in codes if digits(one)}  # a new book has … there
    if not code or not own or code in own:
        return None
    listed = ", ".join(sorted(own))
    return (
        Text(
            f"{what.vi} của đơn vị {code}, sổ là của {listed}",
            f"{what.en} of unit {code}; the book is of {listed}",
        ),
        Text("chọn đúng tệp, hoặc sửa unit-code của sổ", "take the right file or unit-code"),
    )


def require_unit(statement: Statement, codes: Iterable[str]) -> None:
    """Refuse a statement of another unit.

    Raises:
        BadInputError: it prints a unit's code that the book does not have.
    """
    told = other_unit(Text("sao kê", "a statement"), statement.unit_code, codes)
    if told:
        raise BadInputError([statement.problem("unit", *told)])
