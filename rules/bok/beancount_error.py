"""BOK101: what Beancount itself finds wrong with the book."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from ledger.accounts import fits_scheme
from ledger.nearest import nearest_name
from ledger.text import MINUS, Text, day_name, dong
from rules.assessment import Assessment, Verdict, passed
from rules.rows import declared, records, transaction_name
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.assessment import Evidence
    from rules.law import Law

_LONGEST: Final = 80
# Account names share much of their length: less alike than this, another one was meant.
_ALIKE: Final = 0.85
_BALANCE: Final = "balance"
_UNKNOWN_ACCOUNT: Final = "unknown-account"
_INACTIVE_ACCOUNT: Final = "inactive-account"
_OPENED_TWICE: Final = "duplicate-open"
# A sub-item of the budget index written without the TM that account names put before it.
_BARE_SUB_ITEM: Final = re.compile(r":(\d{4})$")
_FIGURE = re.compile(r"(?P<number>-?\d[\d,]*(?:\.\d+)?) (?P<currency>[A-Z]{3,})")


class _Known(NamedTuple):
    """A message of Beancount's: what it is called, and what it says in Vietnamese.

    Attributes:
        en: in English, where Beancount's own words would not do.
    """

    slug: str
    pattern: re.Pattern[str]
    vi: str
    en: str = ""


def _known(slug: str, pattern: str, vi: str, en: str = "") -> _Known:
    return _Known(slug, re.compile(pattern), vi, en)


_KNOWN: Final = (
    _known(
        _BALANCE,
        r"Balance failed for '(?P<account>[^']+)': expected (?P<expected>.+) != "
        r"accumulated (?P<found>.+) \((?P<issue>\S+) too (?:much|little)\)",
        "số dư {account} ghi trong sổ là {expected}, cộng các bút toán được {found}, "
        "lệch {issue} đồng",
    ),
    _known(
        _UNKNOWN_ACCOUNT,
        r"Invalid reference to unknown account '(?P<account>[^']+)'",
        "tài khoản {account} chưa được mở",
    ),
    _known(
        _INACTIVE_ACCOUNT,
        r"Invalid reference to inactive account '(?P<account>[^']+)'",
        "tài khoản {account} dùng khi không mở",
    ),
    _known(
        "unbalanced",
        r"Transaction does not balance: \((?P<residual>.+)\)",
        "giao dịch không cân: tổng các bút toán lệch {residual}",
    ),
    _known(
        _OPENED_TWICE,
        r"Duplicate open directive for (?P<account>\S+)",
        "tài khoản {account} mở hai lần",
    ),
    _known(
        "duplicate-close",
        r"Duplicate close directive for (?P<account>\S+)",
        "tài khoản {account} đóng hai lần",
    ),
    _known(
        "closed-before-open",
        r"Internal error: closing date for (?P<account>\S+) appears before opening date",
        "tài khoản {account} đóng trước ngày mở",
    ),
    _known(
        "close-unopened",
        r"Unopened account (?P<account>\S+) is being closed",
        "tài khoản {account} chưa mở mà đã đóng",
    ),
    _known(
        "duplicate-balance",
        r"Duplicate balance assertion with different amounts",
        "một tài khoản, một ngày có hai số dư khác nhau",
    ),
    _known(
        "duplicate-commodity",
        r"Duplicate commodity directives for '(?P<account>[^']+)'",
        "loại tiền {account} khai báo hai lần",
    ),
    _known(
        "currency",
        r"Invalid currency (?P<currency>\S+) for account '(?P<account>[^']+)'",
        "tài khoản {account} không được mở cho loại tiền {currency}",
    ),
    _known(
        "balance-currency",
        r"Invalid currency '(?P<account>[^']+)' for Balance directive",
        "số dư ghi bằng loại tiền {account} mà tài khoản không được mở cho loại tiền đó",
    ),
    _known(
        "unused-pad",
        r"Unused Pad entry",
        "lệnh pad không có số dư nào đi sau để bù",
    ),
    _known(
        "missing-currency",
        r"(?:Could not resolve \w+ currency|Failed to categorize posting)",
        "số tiền không ghi loại tiền: viết VND sau số",
        "an amount without its currency: write VND after the number",
    ),
    _known(
        "missing-amounts",
        r"(?:Too many missing numbers for currency group|"
        r"You may not have more than one auto-posting per currency|"
        r"Transaction has incomplete elements)",
        "giao dịch thiếu số tiền: chỉ một bút toán được bỏ trống số tiền",
    ),
    _known(
        "document",
        r"File does not exist: \"(?P<path>[^\"]+)\"",
        "tệp quét {path} không có",
    ),
    _known(
        "documents-folder",
        r"Document root '(?P<path>[^']+)' does not exist",
        "thư mục tài liệu {path} không có",
    ),
    _known(
        "duplicate-transaction",
        r"Duplicate entry:",
        "hai giao dịch giống hệt nhau",
    ),
    _known(
        "plugin-missing",
        r'Error importing "(?P<plugin>[^"]+)"',
        "plugin {plugin} mà sổ nêu không nạp được: chưa cài, sai tên hoặc bị lỗi",
    ),
    _known(
        "plugin-failed",
        r'Error applying plugin "(?P<plugin>[^"]+)"',
        "plugin {plugin} mà sổ nêu chạy bị lỗi, nên việc của nó chưa làm",
    ),
    _known(
        "parent-account",
        r"Non-leaf account '(?P<account>[^']+)' has postings on it",
        "tài khoản {account} còn tài khoản con nên không được ghi thẳng vào",
    ),
)


class _Error(NamedTuple):
    """One error of Beancount's as the rule tells it.

    Attributes:
        about: the account, the file or the transaction that it names, as the book writes it.
    """

    subject: str
    text: Text
    at_issue: int
    about: str


class BeancountError(Rule):
    """Sổ có lỗi do Beancount phát hiện.

    Kiểm tra gì:
        Mọi lỗi mà chính Beancount báo khi đọc sổ: số dư ghi không khớp, tài khoản chưa mở, giao
        dịch không cân, khai báo hai lần. Số dư ghi sau ngày kiểm tra thì chưa xét.

    Vì sao:
        Số liệu của một sổ còn lỗi thì không dùng để kết luận hay lập báo cáo được.

    Ví dụ sai:
        2021-06-30 balance Assets:TienGui:KB01   100 VND
        (trong khi các bút toán cộng lại được 99)

    Cách sửa:
        Sửa bút toán, hoặc sửa số dư theo bảng đối chiếu của kho bạc, ngân hàng:
          2021-06-30 balance Assets:TienGui:KB01   99 VND
    """

    code = "BOK101"
    name = "book.beancount-error"
    title = Text("Sổ có lỗi do Beancount phát hiện", "An error that Beancount itself found")
    severity = Severity.ERROR
    rests_on_law = False
    sees_all = True  # the day of a balance that does not hold, to leave out those to come
    message = Text("{what}", "{what}")
    english = """What it checks:
    Every error that Beancount itself reports: balances that do not hold, accounts that are not
    open, transactions that do not balance, declarations that stand twice. Balances dated after the
    day of the check are not looked at yet.

Why:
    Nothing can be concluded from a book that is wrong in itself.

How to put it right:
    Mend the posting, or the balance by the statement of the treasury or bank.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a subject; errors of one name stand together."""
        rows_of: dict[tuple[str, str], list[Any]] = defaultdict(list)
        errors_of: dict[tuple[str, str], set[_Error]] = defaultdict(set)
        to_come = _balances_after(facts, as_of)
        for row in records(facts["book_errors"]):
            if (str(row.file), row.line) in to_come:
                continue
            error = _read(row.message, facts, row)
            rows_of[str(row.book), error.subject].append(row)
            errors_of[str(row.book), error.subject].add(error)
        for book, subject in sorted(rows_of):
            rows = rows_of[book, subject]
            errors = sorted(errors_of[book, subject])
            yield Assessment(
                subject,
                Verdict.FAIL,
                book,
                at_issue=_off(facts, book, errors[0].about, as_of)
                if subject.startswith(f"{_BALANCE} ")
                else sum(error.at_issue for error in errors),
                values={
                    "what": Text(
                        "; ".join(dict.fromkeys(error.text.vi for error in errors)),
                        "; ".join(dict.fromkeys(error.text.en for error in errors)),
                    )
                },
                evidence=tuple(
                    _evidence(row, facts)
                    for row in sorted(rows, key=lambda row: (str(row.file), row.line))
                ),
            )
        seen = facts.seen(as_of)["postings"]
        yield from passed(int(seen["entry"].nunique()) - len(rows_of))


def _off(facts: Facts, book: str, account: str, as_of: dt.date) -> int:
    """By how much the balances of an account are off, VND; what carries on is counted once."""
    balances = facts["balances"]
    own = balances[
        (balances["book"] == book)
        & (balances["account"] == account)
        & (balances["date"] <= pd.Timestamp(as_of))
    ]
    gaps = own.sort_values("date", kind="stable")["difference"].abs()
    return int((gaps - gaps.shift(fill_value=0)).clip(lower=0).sum())


def _balances_after(facts: Facts, as_of: dt.date) -> set[tuple[str, int]]:
    """Where balances stand that are dated after a day: what they count is not seen on it."""
    balances = facts["balances"]
    later = balances[balances["date"] > pd.Timestamp(as_of)]
    return {(str(row.file), row.line) for row in records(later)}


def _evidence(row: Any, facts: Facts) -> Evidence:  # noqa: ANN401  # a row of itertuples
    """The line that an error stands at, with its day and the amount written or missing there."""
    error = _read(row.message, facts, row)
    shown = declared(row, error.about)
    for name, line in (("balances", "line"), ("postings", "entry_line")):
        frame = facts[name]
        there = frame[(frame["file"] == row.file) & (frame[line] == row.line)]
        if not there.empty:
            amount = int(there["amount"].iloc[0]) if name == "balances" else error.at_issue
            return shown._replace(date=f"{there['date'].iloc[0]:%Y-%m-%d}", amount=amount)
    return shown


def _read(message: str, facts: Facts, row: Any) -> _Error:  # noqa: ANN401  # a row of itertuples
    first = message.splitlines()[0] if message else ""
    for known in _KNOWN:
        match = known.pattern.match(first)
        if match is None:
            continue
        parts = {key: _figures(value) for key, value in match.groupdict().items()}
        if "path" in parts:
            parts["path"] = _inside(match["path"], str(row.file))
            first = first.replace(match["path"], parts["path"])
        named = parts.get("account") or parts.get("plugin") or PurePath(parts.get("path", "")).name
        subject = f"{known.slug} {named or _transaction_at(facts, row)}".rstrip()
        text = Text(known.vi.format(**parts), known.en or _FIGURE.sub(_shown_in_english, first))
        more = _MORE.get(known.slug)
        if more:
            advice = more(parts["account"], facts, row)
            text = Text(text.vi + advice.vi, text.en + advice.en)
        about = parts.get("path") or named or _transaction_at(facts, row)
        return _Error(subject, text, _at_issue(match.groupdict()), about)
    subject = _FIGURE.sub("…", first)[:_LONGEST]
    return _Error(subject, Text(f"Beancount báo: {first}", first), 0, first)


def _inside(path: str, file: str) -> str:
    """A path that Beancount made absolute, as seen from the file that names it."""
    folder = PurePath(file).parent
    named = PurePath(path)
    return named.relative_to(folder).as_posix() if named.is_relative_to(folder) else path


def _opening_advice(account: str, facts: Facts, row: Any) -> Text:  # noqa: ANN401  # as above
    """The opened account that may have been meant, then how to open this one."""
    accounts = facts["accounts"]
    opened = sorted(accounts["account"][accounts["book"] == row.book].astype("str"))
    right = _BARE_SUB_ITEM.sub(r":TM\1", account)
    if right != account and fits_scheme(right):
        nearest: str | None = right
    else:
        nearest = nearest_name(account, opened, _ALIKE)
    meant = Text("", "")
    if nearest:
        meant = Text(f"; có phải {nearest}?", f"; is {nearest} meant?")
    if not fits_scheme(account):
        return Text(
            f"{meant.vi or '.'} Tên này không theo hệ thống tài khoản của sổ: xem "
            "docs/loai-nghiep-vu.md",
            f"{meant.en or '.'} The name does not fit the account scheme: see "
            "docs/loai-nghiep-vu.md",
        )
    opening = f"YYYY-MM-DD open {account} VND"
    return Text(
        f"{meant.vi or '.'} Nếu đúng là tài khoản mới: thêm «{opening}»",
        f"{meant.en or '.'} If it is a new account: add “{opening}”",
    )


def _when_not_open(account: str, facts: Facts, row: Any) -> Text:  # noqa: ANN401  # as above
    """Which end of the account's time was passed, by which day."""
    postings, opened = facts["postings"], _openings(account, facts, row)
    here = postings[(postings["line"] == row.line) & (postings["file"] == row.file)]
    # Of a balance or a paper the facts hold no day; an account opened anew has several times.
    if here.empty or len(opened) != 1:
        return Text(": trước ngày mở hoặc sau ngày đóng", "")
    day, first = here["date"].iloc[0], opened[0]
    shown, at = day_name(day), _at(first)
    if day < first.date:
        begin = day_name(first.date)
        return Text(
            f": giao dịch ngày {shown.vi}, tài khoản mở từ {begin.vi} ({at}); sửa ngày, hoặc mở "
            "tài khoản sớm hơn",
            f": used on {shown.en}, opened on {begin.en} ({at}); mend the day, or open it earlier",
        )
    end = day_name(first.closed)
    return Text(
        f": giao dịch ngày {shown.vi}, tài khoản đóng từ {end.vi}; sửa ngày, hoặc bỏ dòng close",
        f": used on {shown.en}, closed on {end.en}; mend the day, or drop its close",
    )


def _first_opening(account: str, facts: Facts, row: Any) -> Text:  # noqa: ANN401  # as above
    """Where an account that is opened again was opened first."""
    others = [
        one
        for one in _openings(account, facts, row)
        if (str(one.file), one.line) != (str(row.file), row.line)
    ]
    if not others:
        return Text("", "")
    at = _at(others[0])
    return Text(
        f"; lần đầu ở {at}: bỏ dòng open này, hoặc sửa tên tài khoản",
        f"; first at {at}: drop this open, or mend its name",
    )


def _openings(account: str, facts: Facts, row: Any) -> list[Any]:  # noqa: ANN401  # as above
    accounts = facts["accounts"]
    own = accounts[(accounts["account"] == account) & (accounts["book"] == row.book)]
    return sorted(records(own), key=lambda one: (one.date, str(one.file), one.line))


def _at(row: Any) -> str:  # noqa: ANN401  # a row of itertuples
    return f"{PurePath(row.file).name}:{row.line}"


# What else is said of an account, by what is wrong with it.
_MORE: Final = {
    _UNKNOWN_ACCOUNT: _opening_advice,
    _INACTIVE_ACCOUNT: _when_not_open,
    _OPENED_TWICE: _first_opening,
}


def _transaction_at(facts: Facts, row: Any) -> str:  # noqa: ANN401  # a row of itertuples
    """What the transaction that begins on a line is called; empty where none does."""
    postings = facts["postings"]
    here = postings[(postings["entry_line"] == row.line) & (postings["file"] == row.file)]
    return next((transaction_name(posting) for posting in records(here)), "")


def _figures(text: str) -> str:
    """Amounts in a message of Beancount's as Vietnamese print them."""
    alone = re.fullmatch(r"-?\d+(?:\.\d+)?", text)
    return _number(text) if alone else _FIGURE.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    number, currency = match["number"], match["currency"]
    return f"{_number(number)} {'đồng' if currency == 'VND' else currency}"


def _shown_in_english(match: re.Match[str]) -> str:
    whole, dot, decimals = match["number"].replace(",", "").partition(".")
    return f"{int(whole):,}{dot}{decimals} {match['currency']}"


def _number(text: str) -> str:
    whole, _, decimals = text.replace(",", "").partition(".")
    shown = dong(int(whole)) if int(whole) or not whole.startswith("-") else MINUS + "0"
    return f"{shown},{decimals}" if decimals.strip("0") else shown


def _at_issue(parts: dict[str, str]) -> int:
    if "issue" in parts:
        return int(parts["issue"].split(".")[0])
    figures = _FIGURE.finditer(parts.get("residual", ""))
    return sum(
        abs(int(figure["number"].replace(",", "").split(".")[0]))
        for figure in figures
        if figure["currency"] == "VND"
    )
