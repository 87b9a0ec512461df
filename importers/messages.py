"""Messages of banks to their customers: CAMT.053 and MT940 (thông điệp ngân hàng).

CAMT.053 is read here and not through pycamt: that knows IBAN accounts only, tells no transaction's
statement, and takes balances through floats.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from importers.sheets import file_refusal, form_of, read_bytes
from importers.statement import Line, Place, Reject, Statement, StatementKind, exact_key
from importers.xml import child, children, parse_xml, value
from ledger.problems import BadInputError
from ledger.text import Text

if TYPE_CHECKING:
    from pathlib import Path

_CAMT: Final = b"camt.053"
_SIDES: Final = {"CRDT": 1, "DBIT": -1}
_HEAD_BYTES: Final = 4096


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
        _require_balance(path, statement)
    return statements


def _require_balance(path: Path, statement: Statement) -> None:
    moved = sum(line.amount for line in statement.lines)
    opening, closing = statement.opening, statement.closing
    if opening is not None and closing is not None and opening + moved != closing:
        raise file_refusal(
            path,
            Text(
                f"số dư đầu kỳ cộng phát sinh không bằng số dư cuối kỳ "
                f"({opening} + {moved} ≠ {closing})",
                f"opening plus movements is not closing ({opening} + {moved} ≠ {closing})",
            ),
            Text("tải lại tệp từ ngân hàng", "download the file again"),
        )


def _camt(path: Path, content: bytes) -> tuple[Statement, ...]:
    root = parse_xml(content, path)
    digest = hashlib.sha256(content).hexdigest()
    found = children(child(root, "BkToCstmrStmt"), "Stmt")
    if not found:
        raise file_refusal(
            path,
            Text("CAMT.053 không có sao kê nào", "the CAMT.053 holds no statement"),
            Text("tải lại tệp từ ngân hàng", "download the file again"),
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
    for row, entry in enumerate(entries, 1):
        place = Place(str(path), name, row)
        status = value(entry, "Sts", "Cd") or value(entry, "Sts")
        if status not in {"BOOK", ""}:
            rejects.append(Reject(place, status, Text("chưa hạch toán", "not booked")))
            continue
        made = _camt_lines(path, place, account, entry)
        lines += made
        if not made:
            rejects.append(Reject(place, "", Text("không có số tiền", "no amount")))
    balances = {
        value(one, "Tp", "CdOrPrtry", "Cd"): _camt_amount(path, one)
        for one in children(found, "Bal")
    }
    return Statement(
        StatementKind.BANK,
        "camt-053",
        str(path),
        digest,
        account,
        opening=balances.get("OPBD", balances.get("PRCD")),
        closing=balances.get("CLBD"),
        lines=tuple(sorted(lines, key=lambda line: line.date)),
        rejects=tuple(rejects),
        read=len(entries),
    )


def _camt_amount(path: Path, element: Any) -> int:  # noqa: ANN401  # lxml
    amount = child(element, "Amt")
    currency = amount.get("Ccy", "VND") if amount is not None else "VND"
    return _dong(path, value(element, "Amt"), currency) * _side(path, value(element, "CdtDbtInd"))


def _camt_lines(path: Path, place: Place, account: str, entry: Any) -> list[Line]:  # noqa: ANN401  # lxml
    """An entry's movements: its details where they add up to it, else the entry itself."""
    whole = _camt_amount(path, entry)
    details = [one for group in children(entry, "NtryDtls") for one in children(group, "TxDtls")]
    sign = 1 if whole > 0 else -1
    amounts = [_detail_amount(path, one) for one in details]
    if len(details) < 2 or None in amounts or sign * sum(a or 0 for a in amounts) != whole:  # noqa: PLR2004  # no batch
        amounts, details = [abs(whole)], [details[0] if details else None]
    day = _iso(path, value(entry, "BookgDt", "Dt") or value(entry, "BookgDt", "DtTm")
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


def _detail_amount(path: Path, detail: Any) -> int | None:  # noqa: ANN401  # lxml
    amount = child(detail, "Amt")
    if amount is None:
        amount = child(detail, "AmtDtls", "TxAmt", "Amt")
    return None if amount is None else _dong(path, amount.text, amount.get("Ccy", "VND"))


def _dong(path: Path, amount: object, currency: str) -> int:
    try:
        number = Decimal(str(amount or 0).strip())
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite() or currency != "VND" or number != number.to_integral_value():
        raise file_refusal(
            path,
            Text(
                f"số tiền {number} {currency} không phải là số nguyên đồng",
                f"{number} {currency} is no whole amount of VND",
            ),
            Text("sổ chỉ nhập tài khoản VND", "only accounts in VND are imported"),
        )
    return int(number)


def _side(path: Path, indicator: object) -> int:
    side = _SIDES.get(str(indicator))
    if side is None:
        raise file_refusal(
            path,
            Text(f"không rõ tiền vào hay ra: {indicator}", f"neither in nor out: {indicator}"),
            Text("tải lại tệp từ ngân hàng", "download the file again"),
        )
    return side


def _iso(path: Path, day: object) -> dt.date:
    try:
        return dt.date.fromisoformat(str(day)[:10])
    except ValueError as error:
        raise file_refusal(
            path,
            Text(f"«{day}» không phải là ngày", f"“{day}” is no date"),
            Text("tải lại tệp từ ngân hàng", "download the file again"),
        ) from error


def _mt940(path: Path, content: bytes) -> tuple[Statement, ...]:
    import mt940  # noqa: PLC0415  # only for such files

    text = content.decode("utf-8", "replace")
    parts = [":20:" + part for part in text.split(":20:")[1:]]
    digest = hashlib.sha256(content).hexdigest()
    statements = []
    for number, part in enumerate(parts, 1):
        try:
            found = mt940.models.Transactions()
            found.parse(part)
            statements.append(_mt940_statement(path, digest, number, found, only=len(parts) == 1))
        except BadInputError:
            raise
        except Exception as error:  # the library fails on damaged tags in many ways
            raise file_refusal(
                path,
                Text("MT940 hỏng hoặc bị cắt cụt", f"unreadable MT940: {error}"),
                Text("tải lại tệp từ ngân hàng", "download the file again"),
            ) from error
    return tuple(statements)


def _mt940_statement(path: Path, digest: str, number: int, found: Any, *, only: bool) -> Statement:  # noqa: ANN401  # mt940
    account = str(found.data.get("account_identification", ""))
    lines = []
    for row, move in enumerate(found.transactions, 1):
        said = move.data
        amount = said["amount"]
        moved = _dong(path, amount.amount, str(amount.currency or "VND"))
        day = said.get("entry_date") or said["date"]
        day = dt.date(day.year, day.month, day.day)
        document = str(said.get("bank_reference") or said.get("customer_reference") or "")
        document = "" if document == "NONREF" else document
        text = " ".join(str(said.get("transaction_details") or "").split())
        lines.append(
            Line(
                Place(str(path), "" if only else str(number), row),
                day,
                document,
                text,
                moved,
                key=exact_key(account, day, document, moved, text),
            )
        )
    opening, closing = (found.data.get(f"final_{side}_balance") for side in ("opening", "closing"))
    return Statement(
        StatementKind.BANK, "mt940", str(path), digest, account.rpartition("/")[2],
        opening=_balance(path, opening), closing=_balance(path, closing),
        lines=tuple(lines), read=len(lines),
    )  # fmt: skip


def _balance(path: Path, balance: Any) -> int | None:  # noqa: ANN401  # mt940
    if balance is None:
        return None
    return _dong(path, balance.amount.amount, str(balance.amount.currency or "VND"))
