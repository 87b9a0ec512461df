"""A form of the treasury beside the book: 01a, 02a by code, 06 by account (đối chiếu bảng)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

import pandas as pd

from importers.reconciling.book_side import accounts_of, records, standing_since
from importers.reconciling.compared import Entry, FormComparison
from importers.reconciling.statement_fit import noted
from importers.source.cells import digits
from importers.tables.statement import FIGURES, StatementKind, figures_frame
from ledger.accounts import Family
from ledger.codes import CODES
from ledger.text import Text
from ledger.treasury import (
    ESTIMATE_SUMS,
    SPENDING_CODES,
    SPENDING_SUMS,
    estimate_table,
    rows_behind,
    spending_table,
    state_postings,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from importers.tables.statement import Statement
    from ledger.facts import Facts
    from ledger.period import Period


_SOLE_CODES: Final = {"source_code": "source-code", "kind_item": "kind-item"}


def compare_form(
    facts: Facts, statement: Statement, period: Period, closing: dt.date | None
) -> FormComparison:
    """Set 01a or 02a beside the book, row by row; of what differs, the entries behind it."""
    postings, told = _with_sole_codes(state_postings(facts, period.year), statement)
    statement = noted(statement, *told)
    if statement.kind is StatementKind.ESTIMATE:
        table = estimate_table(postings, period, closing)
        compared = _beside(statement, period, CODES, table)
        marks = {mark for sums in ESTIMATE_SUMS.values() for mark in sums}
    else:
        table = spending_table(postings, period, closing)
        compared = _beside(statement, period, SPENDING_CODES, table)
        marks = set(SPENDING_SUMS.values())
    if compared.agrees:
        return compared
    rows = rows_behind(postings, period, closing, sorted(marks))
    return dataclasses.replace(compared, behind=tuple(_behind(compared, rows)))


def _with_sole_codes(
    postings: pd.DataFrame, statement: Statement
) -> tuple[pd.DataFrame, list[Text]]:
    """Postings of a book that writes no such code at all, with the only one that the form prints.

    Else every row would differ, once under the code and once under none.
    """
    told = []
    for column, key in _SOLE_CODES.items():
        printed = {str(getattr(row, column)) for row in statement.figures}
        if len(printed) != 1 or not (code := printed.pop()):
            continue
        if (postings[column].astype("str") != "").any():
            continue
        postings = postings.assign(**{column: code})
        told.append(
            Text(
                f"sổ không ghi {key}, bảng chỉ in mã {code}: coi mọi khoản thuộc mã ấy; ghi {key} "
                'vào custom "programme" thì không nhắc nữa',
                f"the book writes no {key} and the form prints {code} alone: all is taken to be of "
                f'it; write {key} in custom "programme" and this is not told again',
            )
        )
    return postings, told


def _behind(compared: FormComparison, rows: pd.DataFrame) -> Iterator[tuple[str, Entry]]:
    """What stands in the book under the codes of the rows that differ, by account."""
    codes = list(compared.codes)
    differing = set(compared.differing[codes].itertuples(index=False, name=None))
    keys = rows[codes].assign(kind_item=_item_alone(rows["kind_item"]))
    wanted = [key in differing for key in keys[codes].itertuples(index=False, name=None)]
    found = rows.assign(**{code: keys[code] for code in codes})[wanted]
    for row in records(found.sort_values(["date", "file", "line"], kind="stable")):
        code = " · ".join(str(getattr(row, name)) or "–" for name in codes)
        day, narration = row.date.date(), str(row.narration)
        amount = int(row.amount)
        yield (
            str(row.account),
            Entry(str(row.file), int(row.line), day, str(row.voucher), narration, amount, code),
        )


def _item_alone(items: pd.Series) -> pd.Series:
    """A book writes loại-khoản (280-309), the treasury the khoản alone."""
    return items.astype("str").str.rpartition("-")[2]


def compare_balances(facts: Facts, statement: Statement, period: Period) -> FormComparison:
    """Opening, received, paid and closing of each deposit account, by its number."""
    postings = facts["postings"]
    deposits = postings[postings["family"] == Family.DEPOSIT.value].astype({"account": "str"})
    deposits["date"] = standing_since(deposits)
    until = deposits[deposits["date"] <= pd.Timestamp(period.end)]
    now = until["date"] >= pd.Timestamp(period.start)
    numbers = {one.name: digits(one.number) or one.name for one in accounts_of(facts)}
    shown = {digits(one.number): one.number for one in accounts_of(facts)}
    amounts = until["amount"]
    table = pd.DataFrame(
        {
            "label": until["account"].map(numbers),
            "opening": amounts.where(~now, 0),
            "received": amounts.where(now & (amounts > 0), 0),
            "paid": -amounts.where(now & (amounts < 0), 0),
            "closing": amounts,
        }
    )
    book = table.groupby("label", as_index=False).sum()
    compared = _beside(statement, period, ("label",), book)
    labels = compared.rows["label"].map(lambda number: shown.get(number, number))
    return dataclasses.replace(compared, rows=compared.rows.assign(label=labels))


def _beside(
    statement: Statement, period: Period, codes: tuple[str, ...], book: pd.DataFrame
) -> FormComparison:
    names = tuple(FIGURES[statement.kind])
    theirs = figures_frame(statement)
    texts = {code: theirs[code].astype("str") for code in codes}
    if "label" in codes:
        texts["label"] = texts["label"].map(digits)
    if "programme_code" in codes:
        bare = texts["programme_code"].str.strip("0")
        texts["programme_code"] = texts["programme_code"].where(bare != "", "")
    printed = pd.DataFrame({**texts, **{name: theirs[name] for name in names}})
    printed = printed.groupby(list(codes), as_index=False).sum()
    if "kind_item" in codes:
        items = _item_alone(book["kind_item"])
        book = book.assign(kind_item=items).groupby(list(codes), as_index=False).sum()
    joined = printed.merge(book, on=list(codes), how="outer", suffixes=("", "_book"), sort=True)
    joined = joined.fillna(dict.fromkeys(joined.columns.difference(list(codes)), 0))
    columns: dict[str, pd.Series] = {code: joined[code] for code in codes}
    for name in names:
        columns[name] = joined[name].astype("int64")
        columns[f"{name}_book"] = joined[f"{name}_book"].astype("int64")
        columns[f"{name}_difference"] = columns[name] - columns[f"{name}_book"]
    return FormComparison(statement, period, codes, names, pd.DataFrame(columns))
