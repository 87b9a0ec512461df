"""The record of a reconciliation, as the book keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from importers.reconcile import FormComparison, Reconciliation
from importers.statement import StatementKind
from ledger.text import Text, dong
from ledger.writing import NewCustom

if TYPE_CHECKING:
    import datetime as dt

_FORMS: Final = {
    StatementKind.ESTIMATE: ("01a-SDKP/ĐVDT", "remaining"),
    StatementKind.SPENDING: ("02a-SDKP/ĐVDT", "total_balance"),
    StatementKind.BALANCES: ("06-ĐCSDTK/KBNN", "closing"),
}
_LEFT: Final = {
    "only_in_statement": Text("khoản chỉ có ở sao kê", "only in the statement"),
    "only_in_book": Text("khoản chỉ có trong sổ", "only in the book"),
    "pairs": Text("cặp ghép được nhưng lệch", "pairs differ"),
}
_GAPS: Final = (
    Text("phát sinh", "movements"),
    Text("số dư đầu kỳ", "opening balances"),
    Text("số dư cuối kỳ", "closing balances"),
)


def record(result: Reconciliation | FormComparison, on: dt.date, reason: str = "") -> NewCustom:
    """``custom "reconciled"`` for an outcome.

    Args:
        result: the outcome.
        on: the day of the reconciliation.
        reason: why something still differs.
    """
    statement = result.statement
    meta: dict[str, str | int | bool | dt.date] = {
        "account": account_of(result),
        "digest": statement.digest,
        "statement": Path(statement.file).name,
    }
    closings = {"closing": closing_of(result), "statement-closing": statement_closing_of(result)}
    # A balance below zero is a finding already, and no figure to agree on.
    meta |= {key: held for key, held in closings.items() if held is not None and held >= 0}
    told = differences(result)
    if told is not None:
        meta["differences"] = told.vi
    if reason:
        meta["reason"] = reason
    return NewCustom(on, "reconciled", (result.period.name,), meta)


def account_of(result: Reconciliation | FormComparison) -> str:
    """What the record is of: an account of the book, or a form."""
    if isinstance(result, Reconciliation):
        return result.account.name
    return _FORMS[result.statement.kind][0]


def closing_of(result: Reconciliation | FormComparison) -> int:
    """What the book holds at the end of the period, VND."""
    if isinstance(result, Reconciliation):
        return result.closing
    return int(result.rows[f"{_FORMS[result.statement.kind][1]}_book"].sum())


def statement_closing_of(result: Reconciliation | FormComparison) -> int | None:
    """What the statement says of the same day, VND; None where it tells no balance."""
    if isinstance(result, Reconciliation):
        return result.statement_closing
    return int(result.rows[_FORMS[result.statement.kind][1]].sum())


def counts(result: Reconciliation | FormComparison) -> dict[str, int]:
    """How much of each sort still differs; the table, the JSON and the record say these."""
    if isinstance(result, FormComparison):
        return {"rows": len(result.differing), "figures": result.differing_figures}
    return {
        "only_in_statement": len(result.only_statement),
        "only_in_book": len(result.only_book),
        "pairs": len(result.differing),
    }


def differences(result: Reconciliation | FormComparison) -> Text | None:
    """What still differs, on one line; None where all agrees."""
    if result.agrees:
        return None
    found = counts(result)
    if isinstance(result, FormComparison):
        return Text(
            f"{found['figures']} số liệu lệch ở {found['rows']} dòng",
            f"{found['figures']} figures differ in {found['rows']} rows",
        )
    parts = [
        Text(f"{count} {_LEFT[name].vi}", f"{count} {_LEFT[name].en}")
        for name, count in found.items()
        if count
    ]
    gaps = (result.statement_total - result.book_total, *result.balance_gaps)
    parts += [
        Text(f"lệch {name.vi} {dong(gap)} đồng", f"{name.en} {dong(gap, 'en')} VND apart")
        for name, gap in zip(_GAPS, gaps, strict=True)
        if gap
    ]
    return Text("; ".join(part.vi for part in parts), "; ".join(part.en for part in parts))
