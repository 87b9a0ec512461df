"""Messages of banks to their customers: CAMT.053 and MT940 (thông điệp ngân hàng).

CAMT.053 is read here and not through pycamt: that knows IBAN accounts only, tells no transaction's
statement, and takes balances through floats.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import logging
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from importers.source.files import form_of, read_bytes
from importers.source.places import Place, Reject, exact_key
from importers.source.xml import child, children, parse_xml, value
from importers.tables.statement import NO_END, Line, Statement, StatementKind
from ledger.problems import BadInputError, Problem
from ledger.text import Text, dong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_CAMT: Final = b"camt.053"
_SIDES: Final = {"CRDT": 1, "DBIT": -1}
_HEAD_BYTES: Final = 4096
_MT940_START: Final = re.compile(r"^:20:", re.MULTILINE)  # not the time 10:20:30 in some text
_MT940_EDGES: Final = (("60", "opening_balance"), ("62", "closing_balance"))
_AGAIN: Final = Text("tải lại tệp từ ngân hàng", "download the file again")


class _At(NamedTuple):
    """A place in a message: its line, and its statement and entry by their tags."""

    path: Path
    line: int = 0
    tags: str = ""

    def refused(self, text: Text, remedy: Text = _AGAIN) -> BadInputError:
        head = f"{self.tags}: " if self.tags else ""
        told = Text(f"{head}{text.vi}", f"{head}{text.en}")
        return BadInputError([Problem(str(self.path), self.line, told, remedy)])


def _at(path: Path, element: Any, tags: str) -> _At:  # noqa: ANN401  # lxml
    return _At(path, element.sourceline or 0, tags)


def is_message(path: Path) -> bool:
    """Whether a file is CAMT.053 or MT940."""
    try:
        content = read_bytes(path)
    except BadInputError:
        return False
    return _is_camt(content) or _is_mt940(content)


def _is_camt(content: bytes) -> bool:
    return form_of(content) == "xml" and _CAMT in content[:_HEAD_BYTES].replace(b"\0", b"")


def _is_mt940(content: bytes) -> bool:
    head = content[:_HEAD_BYTES]
    return form_of(content) == "csv" and b":20:" in head and b":25:" in head


def read_message(path: Path) -> tuple[Statement, ...]:
    """The statements of a message.

    Raises:
        BadInputError: it is damaged, is not in VND, or its balances do not hold.
    """
    path = path.resolve()
    content = read_bytes(path)
    statements = _camt(path, content) if _is_camt(content) else _mt940(path, content)
    for statement in statements:
        _require_balance(_At(path), statement)
    joined = _joined(statements)
    return tuple(one if one.whole else one._replace(notes=(NO_END,)) for one in joined)


def _joined(statements: Sequence[Statement]) -> list[Statement]:
    """Statements that go on where the one before ends, a day or a page each, as one."""
    joined: list[Statement] = []
    for one in statements:
        before = joined[-1] if joined else None
        if before and before.closing is not None and _ends(before) == (one.account, one.opening):
            joined[-1] = _with_next(before, one)
            continue
        earlier = next((past for past in reversed(joined) if past.account == one.account), None)
        joined.append(one._replace(notes=(*one.notes, *_gap(earlier, one))))
    return joined if len(joined) > 1 else [_placed(one, "") for one in joined]


def _gap(before: Statement | None, one: Statement) -> Iterator[Text]:
    """What is said where a statement does not go on from the one before it."""
    if before is None or before.closing is None or one.opening is None:
        return
    yield Text(
        f"sao kê trước của tài khoản này kết thúc ở {dong(before.closing)}, sao kê sau mở ở "
        f"{dong(one.opening)}: có thể thiếu sao kê ở giữa",
        f"one statement of this account ends at {dong(before.closing, 'en')}, the next opens at "
        f"{dong(one.opening, 'en')}: one between them may be missing",
    )


def _ends(statement: Statement) -> tuple[str, int | None]:
    return statement.account, statement.closing


def _with_next(before: Statement, one: Statement) -> Statement:
    """A statement with the one that goes on from it; its entries are counted on.

    Their period is left open: a day on which nothing moves may have no message.
    """
    one = _placed(one, before.lines[0].place.sheet if before.lines else "", before.read)
    return before._replace(
        start=None,
        end=None,
        closing=one.closing,
        lines=(*before.lines, *one.lines),
        rejects=(*before.rejects, *one.rejects),
        read=before.read + one.read,
    )


def _placed(statement: Statement, name: str, after: int = 0) -> Statement:
    """A statement whose entries stand under a name, after so many others."""

    def moved(place: Place) -> Place:
        return place._replace(sheet=name, row=place.row + after)

    lines = tuple(line._replace(place=moved(line.place)) for line in statement.lines)
    rejects = tuple(one._replace(place=moved(one.place)) for one in statement.rejects)
    return statement._replace(lines=lines, rejects=rejects)


def _require_balance(at: _At, statement: Statement) -> None:
    moved = sum(line.amount for line in statement.lines)
    opening, closing = statement.opening, statement.closing
    if opening is not None and closing is not None and opening + moved != closing:
        raise at.refused(
            Text(
                f"số dư đầu kỳ cộng phát sinh không bằng số dư cuối kỳ "
                f"({dong(opening)} + {dong(moved)} ≠ {dong(closing)})",
                f"opening plus movements is not closing "
                f"({dong(opening, 'en')} + {dong(moved, 'en')} ≠ {dong(closing, 'en')})",
            )
        )


def _camt(path: Path, content: bytes) -> tuple[Statement, ...]:
    root = parse_xml(content, path)
    digest = hashlib.sha256(content).hexdigest()
    found = children(child(root, "BkToCstmrStmt"), "Stmt")
    if not found:
        raise _At(path).refused(
            Text("CAMT.053 không có sao kê nào", "the CAMT.053 holds no statement")
        )
    return tuple(
        _camt_statement(path, digest, "" if len(found) == 1 else str(number), one)
        for number, one in enumerate(found, 1)
    )


def _camt_statement(path: Path, digest: str, name: str, found: Any) -> Statement:  # noqa: ANN401  # lxml
    account = value(found, "Acct", "Id", "IBAN") or value(found, "Acct", "Id", "Othr", "Id")
    lines: list[Line] = []
    rejects: list[Reject] = []
    entries = children(found, "Ntry")
    own = f"Stmt {value(found, 'Id') or name or 1}"
    for row, entry in enumerate(entries, 1):
        place = Place(str(path), name, row, "Ntry")
        status = value(entry, "Sts", "Cd") or value(entry, "Sts")
        if status not in {"BOOK", ""}:
            rejects.append(Reject(place, status, Text("chưa hạch toán", "not booked")))
            continue
        made = _camt_lines(_at(path, entry, f"{own}, Ntry {row}"), place, account, entry)
        lines += made
        if not made:
            rejects.append(Reject(place, "", Text("không có số tiền", "no amount")))
    balances = {
        code: _camt_amount(_at(path, one, f"{own}, Bal {code}"), one)
        for one in children(found, "Bal")
        if (code := value(one, "Tp", "CdOrPrtry", "Cd"))
    }
    start, end = _camt_period(_at(path, found, own), found)
    return Statement(
        StatementKind.BANK,
        "camt-053",
        str(path),
        digest,
        account,
        start=start,
        end=end,
        opening=balances.get("OPBD", balances.get("PRCD")),
        closing=balances.get("CLBD"),
        lines=tuple(sorted(lines, key=lambda line: line.date)),
        rejects=tuple(rejects),
        read=len(entries),
    )


def _camt_period(at: _At, found: Any) -> tuple[dt.date, dt.date] | tuple[None, None]:  # noqa: ANN401  # lxml
    """First and last day that a statement says it is of; the last may be the midnight after it."""
    said = [value(found, "FrToDt", edge) for edge in ("FrDtTm", "ToDtTm")]
    if not all(said):
        return None, None
    start, end = (_iso(at._replace(tags=f"{at.tags}, FrToDt"), day) for day in said)
    return start, end


def _camt_amount(at: _At, element: Any) -> int:  # noqa: ANN401  # lxml
    amount = child(element, "Amt")
    currency = amount.get("Ccy", "VND") if amount is not None else "VND"
    return _dong(at, value(element, "Amt"), currency) * _side(at, value(element, "CdtDbtInd"))


def _camt_lines(at: _At, place: Place, account: str, entry: Any) -> list[Line]:  # noqa: ANN401  # lxml
    """An entry's movements: its details where they add up to it, else the entry itself."""
    whole = _camt_amount(at, entry)
    details = [one for group in children(entry, "NtryDtls") for one in children(group, "TxDtls")]
    sign = 1 if whole > 0 else -1
    amounts = [_detail_amount(at, one) for one in details]
    if len(details) < 2 or None in amounts or sign * sum(a or 0 for a in amounts) != whole:  # noqa: PLR2004  # no batch
        amounts, details = [abs(whole)], [details[0] if details else None]
    day = _iso(at, value(entry, "BookgDt", "Dt") or value(entry, "BookgDt", "DtTm")
               or value(entry, "BookgDt", "Dt", "DtTm") or value(entry, "ValDt", "Dt"))  # fmt: skip
    lines = []
    for number, (amount, detail) in enumerate(zip(amounts, details, strict=True)):
        document = (
            value(detail, "Refs", "AcctSvcrRef")
            or value(entry, "AcctSvcrRef")
            or value(detail, "Refs", "EndToEndId")
        )
        said = " ".join(
            " ".join((one.text or "").split()) for one in children(child(detail, "RmtInf"), "Ustrd")
        )
        text = said or value(entry, "AddtlNtryInf")
        other = "Dbtr" if whole > 0 else "Cdtr"
        parties = child(detail, "RltdPties", other)
        counter = value(parties, "Nm") or value(parties, "Pty", "Nm")
        moved = sign * (amount or 0)
        if moved:
            key = exact_key(account, day, document, moved, text, number)
            lines.append(Line(place, day, document, text, moved, counter_name=counter, key=key))
    return lines


def _detail_amount(at: _At, detail: Any) -> int | None:  # noqa: ANN401  # lxml
    amount = child(detail, "Amt")
    if amount is None:
        amount = child(detail, "AmtDtls", "TxAmt", "Amt")
    return None if amount is None else _dong(at, amount.text, amount.get("Ccy", "VND"))


def _dong(at: _At, amount: object, currency: str) -> int:
    try:
        number = Decimal(str(amount or 0).strip())
    except ArithmeticError:
        number = Decimal("NaN")
    if currency != "VND":
        raise at.refused(
            Text(f"số tiền bằng {currency}", f"an amount in {currency}"),
            Text("sổ chỉ nhập tài khoản VND", "only accounts in VND are imported"),
        )
    if not number.is_finite() or number != number.to_integral_value():
        raise at.refused(
            Text(
                f"số tiền «{amount}» không phải là số nguyên đồng",
                f"“{amount}” is no whole amount of VND",
            )
        )
    return int(number)


def _side(at: _At, indicator: object) -> int:
    side = _SIDES.get(str(indicator))
    if side is None:
        raise at.refused(
            Text(f"không rõ tiền vào hay ra: «{indicator}»", f"neither in nor out: “{indicator}”")
        )
    return side


def _iso(at: _At, day: object) -> dt.date:
    try:
        return dt.date.fromisoformat(str(day)[:10])
    except ValueError as error:
        raise at.refused(Text(f"«{day}» không phải là ngày", f"“{day}” is no date")) from error


def _mt940(path: Path, content: bytes) -> tuple[Statement, ...]:
    import mt940  # noqa: PLC0415  # only for such files

    logging.getLogger("mt940").setLevel(logging.CRITICAL)  # what is wrong is told here, once
    text = content.decode("utf-8", "replace")
    starts = [found.start() for found in _MT940_START.finditer(text)]
    digest = hashlib.sha256(content).hexdigest()
    statements = []
    for number, (start, end) in enumerate(itertools.pairwise([*starts, len(text)]), 1):
        part = text[start:end]
        reference = part.partition("\n")[0].removeprefix(":20:").strip()
        at = _At(path, text.count("\n", 0, start) + 1, f":20:{reference}")
        try:
            found = mt940.models.Transactions(options=mt940.Options(reversal_sign=True))
            found.parse(part)
            name = "" if len(starts) == 1 else str(number)
            statements.append(_mt940_statement(at, digest, name, part, found))
        except BadInputError:
            raise
        except Exception as error:  # the library fails on damaged tags in many ways
            raise at.refused(
                Text("MT940 hỏng hoặc bị cắt cụt", f"unreadable MT940: {error}")
            ) from error
    return tuple(statements)


def _mt940_statement(at: _At, digest: str, name: str, part: str, found: Any) -> Statement:  # noqa: ANN401  # mt940
    account = str(found.data.get("account_identification", ""))
    entries = [
        at._replace(line=at.line + below, tags=f"{at.tags}, :61: {row}")
        for row, below in enumerate(
            (n for n, line in enumerate(part.splitlines()) if line.startswith(":61:")), 1
        )
    ]
    if len(entries) != len(found.transactions):
        raise at.refused(
            Text(
                f"có {len(entries)} dòng :61: mà chỉ đọc được {len(found.transactions)}",
                f"{len(entries)} lines :61:, of which {len(found.transactions)} can be read",
            )
        )
    lines = []
    for row, (entry, move) in enumerate(zip(entries, found.transactions, strict=True), 1):
        said = move.data
        amount = said["amount"]
        moved = _dong(entry, amount.amount, str(amount.currency or "VND"))
        day = said.get("entry_date") or said["date"]
        day = dt.date(day.year, day.month, day.day)
        document = str(said.get("bank_reference") or said.get("customer_reference") or "")
        document = "" if document == "NONREF" else document
        text = " ".join(str(said.get("transaction_details") or "").split())
        lines.append(
            Line(
                Place(str(at.path), name, row, ":61:"),
                day,
                document,
                text,
                moved,
                key=exact_key(account, day, document, moved, text),
            )
        )
    opening, closing = (_mt940_balance(at, found, *edge) for edge in _MT940_EDGES)
    return Statement(
        StatementKind.BANK, "mt940", str(at.path), digest, account.rpartition("/")[2],
        opening=opening, closing=closing, lines=tuple(lines), read=len(lines), ends=True,
    )  # fmt: skip


def _mt940_balance(at: _At, found: Any, tag: str, field: str) -> int | None:  # noqa: ANN401  # mt940
    """A balance of the whole statement, or of one of its pages; None where there is neither."""
    for mark, name in (("F", f"final_{field}"), ("M", f"intermediate_{field}")):
        if balance := found.data.get(name):
            told = at._replace(tags=f"{at.tags}, :{tag}{mark}:")
            return _dong(told, balance.amount.amount, str(balance.amount.currency or "VND"))
    return None
