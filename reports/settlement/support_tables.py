"""Supports to enterprises: approved, paid and spent, by what norm and papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ledger.accounts import STATE_FUNDS
from ledger.text import Text
from reports.forms.grid import Amount
from reports.settlement.grounds import declaration_of
from rules.rows import records
from rules.vocabulary import activities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.forms.grid import Record
    from reports.settlement.declarations import InBook
    from reports.settlement.desk import Copy, Desk


def supports(desk: Desk, _: Copy) -> list[Record]:
    """Every support to an enterprise: approved, paid and spent, by what norm and papers."""
    rows = list(records(desk.facts["supports"]))
    codes = tuple({str(row.support) for row in rows})
    direct = desk.teller.sums(
        "spent", ("book", "support"), support=codes, fund=("DN", "HD", "DNTC")
    )
    of_them = _OfSupports(
        desk,
        paid=_paid(desk, codes),
        direct=direct,
        norms=_norms_by_subject(desk),
        units=desk.declarations.units_of((str(row.book), str(row.support)) for row in rows),
    )
    found = [of_them.record(row) for row in rows if of_them.in_year(row)]
    rank = desk.declarations.rank
    return sorted(found, key=lambda one: (rank("", str(one["task"])), str(one["code"])))


def _paid(desk: Desk, codes: tuple[str, ...]) -> dict[tuple[Any, ...], Amount]:
    """What state money was spent for each support, and what is advanced for it and not settled.

    An advance for many supports names none of them, and its settlement each: there the support
    has spending alone, and no advance to take off.
    """
    keys, where = ("book", "task", "support"), {"support": codes, "fund": STATE_FUNDS}
    pieces = desk.teller.pieces("spent", keys, **where)
    for key, own in desk.teller.pieces("advanced", keys, **where).items():
        if sum(piece.amount for piece in own) > 0:
            pieces.setdefault(key, []).extend(own)
    return {
        key: Amount(sum(piece.amount for piece in own), desk.teller.link(own))
        for key, own in pieces.items()
    }


class _OfSupports(NamedTuple):
    """What the figures and words of a support are looked up in, by book and code."""

    desk: Desk
    paid: Mapping[tuple[Any, ...], Amount]
    direct: Mapping[tuple[Any, ...], Amount]
    norms: Mapping[InBook, str]
    units: Mapping[InBook, str]

    def in_year(self, row: Any) -> bool:  # noqa: ANN401  # a row of itertuples
        """Whether the support was decided in the year, or paid for in it."""
        book, task, code = str(row.book), str(row.task), str(row.support)
        decided: int = row.decision_date.year
        year = self.desk.teller.source.period.budget_year
        return decided == year or (book, task, code) in self.paid or (book, code) in self.direct

    def record(self, row: Any) -> Record:  # noqa: ANN401  # a row of itertuples
        """One support."""
        desk, declarations = self.desk, self.desk.declarations
        book, code, task = str(row.book), str(row.support), str(row.task)
        subject, place = f"support {code}", desk.places.of(book, row.file, row.line)
        declared = declaration_of(subject)
        papers = (str(paper) for paper in (row.no_double_funding, row.no_failed_scheme) if paper)
        return {
            "task": task,
            "task_label": declarations.label("", task),
            "code": code + self.units[book, code],
            "tax_code": str(row.enterprise),
            "label": declarations.party(book, str(row.enterprise)),
            "activity": str(row.title) or desk.say(_activity(str(row.activity))),
            "decision": f"{row.decision} {row.decision_date:%d/%m/%Y}",
            "eligible": desk.declared(declared, place, _money(row.eligible_cost)),
            "approved": desk.declared(declared, place, _money(row.state_support)),
            "own": desk.declared(declared, place, _money(row.own_share)),
            "paid": self.paid.get((book, task, code), Amount(0)),
            "direct": self.direct.get((book, code), Amount(0)),
            "norm": self.norms.get((book, subject), ""),
            "documents": "; ".join((*declarations.accepted(book, subject), *papers)),
        }


def _activity(code: str) -> Text:
    return activities().get(code, Text(code, code))


def _money(value: Any) -> int:  # noqa: ANN401  # a nullable number of a frame
    return 0 if pd.isna(value) else int(value)


def _norms_by_subject(desk: Desk) -> dict[InBook, str]:
    found: dict[InBook, str] = {}
    for _, item in desk.assessed:
        if item.norms and item.allowed is not None:
            day = item.decided_on or desk.teller.source.period.closing
            norm = desk.law.cite(item.norms[0], day)
            article = f"{norm.article} " if norm.article else ""
            said = f"{article}{norm.instrument}: {desk.say(norm.text)}"
            found.setdefault((item.book, item.subject), said)
    return found
