"""The record of a reconciliation, as the book keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from importers.reconciling.compared import FormComparison, Reconciliation
from importers.tables.statement import StatementKind
from ledger.problems import refusal, show_path
from ledger.text import Text, dong, joined
from ledger.treasury import BALANCES_FORM, ESTIMATE_FORM, SPENDING_FORM
from ledger.writing import NewCustom

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from ledger.facts import Facts

_FORMS: Final = {
    StatementKind.ESTIMATE: (ESTIMATE_FORM, "remaining"),
    StatementKind.SPENDING: (SPENDING_FORM, "total_balance"),
    StatementKind.BALANCES: (BALANCES_FORM, "closing"),
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


class Recording(NamedTuple):
    """What of some outcomes is to be written, and what is said of those that the book has."""

    entries: tuple[NewCustom, ...]
    told: tuple[Text, ...]


def to_record(
    facts: Facts,
    found: Iterable[Reconciliation | FormComparison],
    on: dt.date,
    reason: str = "",
) -> Recording:
    """The records of outcomes that the book does not hold as they are.

    An outcome of the same period and account is added below the earlier one, which stays: it is
    the proof of the day on which the period was reconciled, and the rules take the later one.

    Raises:
        BadInputError: the book holds a record of a later day, which the rules would go on taking.
    """
    entries, told = [], []
    for result in found:
        new, earlier = record(result, on, reason), _last(facts, result)
        if earlier is None:
            entries.append(new)
            continue
        place = f"{show_path(str(earlier.file))}:{earlier.line}"
        if _same(earlier, new):
            told.append(
                Text(
                    f"{account_of(result)} {result.period.name}: kết quả này đã ghi ở {place}; "
                    "không ghi lại",
                    f"{account_of(result)} {result.period.name}: this outcome is recorded at "
                    f"{place}; not written again",
                )
            )
            continue
        _require_later(earlier, on)
        entries.append(new)
        told.append(_replaced(result, earlier, place))
    return Recording(tuple(entries), tuple(told))


def _last(facts: Facts, result: Reconciliation | FormComparison) -> Any:  # noqa: ANN401  # of itertuples
    """The record of the same period and account that counts; None where there is none."""
    frame = facts["reconciled"]
    own = (frame["account"] == account_of(result)) & (frame["period"] == result.period.name)
    rows = frame[own].sort_values("declared", kind="stable").tail(1)
    return next(rows.itertuples(index=False), None)


def _same(earlier: Any, new: NewCustom) -> bool:  # noqa: ANN401  # of itertuples
    """Whether a record says all that an outcome says; a reason already given need not be again."""
    meta = new.meta
    closing, stated = earlier.closing, earlier.statement_closing
    return (
        earlier.digest == meta["digest"]
        and (None if pd.isna(closing) else int(closing)) == meta.get("closing")
        and (pd.isna(stated) or int(stated) == meta.get("statement-closing"))
        and earlier.differences == meta.get("differences", "")
        and meta.get("reason", "") in {"", earlier.reason}
    )


def _require_later(earlier: Any, on: dt.date) -> None:  # noqa: ANN401  # of itertuples
    day = earlier.declared.date()
    if day <= on:
        return
    raise refusal(
        Text(
            f"kết quả ngày {on:%d/%m/%Y} sẽ không được dùng: kỳ {earlier.period} đã có bản ghi "
            f"ngày {day:%d/%m/%Y}, bản ngày sau thay bản ngày trước",
            f"an outcome of {on} would not count: {earlier.period} has a record of {day}, and the "
            "later takes the place of the earlier",
        ),
        Text(
            f"nêu --on từ ngày {day} trở đi, hoặc xóa bản ghi ấy nếu ghi nhầm ngày",
            f"name --on from {day}, or remove that record if its day is wrong",
        ),
        file=str(earlier.file),
        line=int(earlier.line),
    )


def _replaced(result: Reconciliation | FormComparison, earlier: Any, place: str) -> Text:  # noqa: ANN401  # of itertuples
    then = str(earlier.differences)
    day = earlier.declared.date()
    return Text(
        f"{account_of(result)} {result.period.name}: kết quả mới thay cho bản ghi ngày "
        f"{day:%d/%m/%Y} ở {place} ({f'còn lệch: {then}' if then else 'khớp'}); bản cũ giữ lại để "
        "biết đã đối chiếu từ ngày nào",
        f"{account_of(result)} {result.period.name}: this outcome takes the place of that of {day} "
        f"at {place} ({f'differed: {then}' if then else 'agreed'}), which stays to show the day",
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
    return joined(parts, "; ")
