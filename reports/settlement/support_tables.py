"""Supports to enterprises: approved, paid and spent, by what norm and papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ledger.accounts import STATE_FUNDS
from ledger.text import Text
from reports.forms.grid import Amount
from reports.settlement.desk import party_names, task_label, task_titles
from reports.settlement.grounds import declaration_of
from reports.settlement.task_tables import rank
from rules.vocabulary import activities

if TYPE_CHECKING:
    from ledger.facts import Facts
    from reports.forms.grid import Record
    from reports.settlement.desk import Copy, Desk


def supports(desk: Desk, _: Copy) -> list[Record]:
    """Every support to an enterprise: approved, paid and spent, by what norm and papers."""
    frame = desk.facts["supports"]
    codes = tuple(frame["support"].astype(str))
    used = ("spent", "advanced")
    paid = desk.teller.sums(used, ("task", "support"), support=codes, fund=STATE_FUNDS)
    direct = desk.teller.sums("spent", ("support",), support=codes, fund=("DN", "HD", "DNTC"))
    names, parties, accepted = activities(), party_names(desk.facts), _acceptances(desk.facts)
    norms = _norms_by_subject(desk)
    titles = task_titles(desk.facts)
    found: list[Record] = []
    for _row, row in frame.iterrows():
        code, activity = str(row.support), str(row.activity)
        name = names.get(activity, Text(activity, activity))
        declared = declaration_of(f"support {code}")
        papers = [
            *accepted.get(f"support {code}", ()),
            *(str(paper) for paper in (row.no_double_funding, row.no_failed_scheme) if paper),
        ]
        found.append(
            {
                "task": str(row.task),
                "task_label": task_label(desk.facts, "", str(row.task)),
                "code": code,
                "tax_code": str(row.enterprise),
                "label": parties.get(str(row.enterprise), ""),
                "activity": str(row.title) or desk.say(name),
                "decision": f"{row.decision} {row.decision_date:%d/%m/%Y}",
                "eligible": desk.declared(declared, row, _money(row.eligible_cost)),
                "approved": desk.declared(declared, row, _money(row.state_support)),
                "own": desk.declared(declared, row, _money(row.own_share)),
                "paid": paid.get((str(row.task), code), Amount(0)),
                "direct": direct.get((code,), Amount(0)),
                "norm": norms.get(f"support {code}", ""),
                "documents": "; ".join(papers),
            }
        )
    return sorted(found, key=lambda one: (rank("", str(one["task"]), titles), str(one["code"])))


def _money(value: Any) -> int:  # noqa: ANN401  # a nullable number of a frame
    return 0 if pd.isna(value) else int(value)


def _acceptances(facts: Facts) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    frame = facts["acceptances"]
    for subject, name in zip(
        frame["for_"].astype(str), frame["acceptance"].astype(str), strict=True
    ):
        found.setdefault(subject, []).append(name)
    return found


def _norms_by_subject(desk: Desk) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, item in desk.assessed:
        if item.norms and item.allowed is not None:
            norm, instrument = desk.law.norms[item.norms[0]], desk.law.instruments[item.norms[0]]
            article = f"{norm.article} " if norm.article else ""
            found.setdefault(item.subject, f"{article}{instrument.instrument}: {norm.text}")
    return found
