"""Each enterprise: support received, contributions, papers (doanh nghiệp)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import split_list
from rules.rows import records
from rules.vocabulary import activities

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import pandas as pd

    from ledger.facts import Facts
    from ledger.text import Text

_PAID = (Family.SPENT.value, Family.UNACCEPTED.value)


class Support(NamedTuple):
    """One support.

    Attributes:
        approved: state support of the decision, VND.
        paid: state money paid for it, VND.
        own: what the enterprise spent itself for it, VND.
        papers: scans linked to it.
    """

    code: str
    activity: str
    label: Text | None
    task: str
    decision: str
    decision_date: dt.date
    approved: int
    paid: int
    own: int
    papers: int
    file: str
    line: int


class Enterprise(NamedTuple):
    """One enterprise, amounts in VND.

    Attributes:
        given: contributions received from it.
        own: what it spent itself, or gave in kind.
        pledged: promised and not received yet.
    """

    tax_code: str
    title: str
    sector: str
    district: str
    size: str
    supports: tuple[Support, ...]
    given: int
    own: int
    pledged: int
    file: str
    line: int

    @property
    def approved(self) -> int:
        """State support approved."""
        return sum(support.approved for support in self.supports)

    @property
    def paid(self) -> int:
        """State support paid."""
        return sum(support.paid for support in self.supports)


class ActivityYear(NamedTuple):
    """Support of one content in one year, all enterprises."""

    activity: str
    label: Text | None
    year: int
    enterprises: int
    approved: int
    paid: int


def enterprises(facts: Facts, *, narrowed: bool) -> list[Enterprise]:
    """Enterprises that were supported or contributed, the most supported first.

    Args:
        facts: filtered.
        narrowed: show only those that a filtered posting names.
    """
    postings = facts["postings"]
    supports = _supports(facts)
    given = _contributed(postings)
    named = _named(postings) if narrowed else None
    result = []
    for row in records(facts["parties"]):
        tax_code = str(row.tax_code)
        own_supports = supports.get(tax_code, ())
        sums = given.get(tax_code, {})
        if named is not None:
            own_supports = tuple(item for item in own_supports if item.code in named)
        known = bool(own_supports or any(sums.values()))
        if known or (named is None and "enterprise" in split_list(str(row.role))):
            result.append(
                Enterprise(
                    tax_code,
                    str(row.title),
                    str(row.sector),
                    str(row.district),
                    str(row.size),
                    own_supports,
                    sums.get("given", 0),
                    sums.get("own", 0),
                    sums.get("pledged", 0),
                    str(row.file),
                    int(row.line),
                )
            )
    return sorted(result, key=lambda item: (-item.paid, -item.given - item.own, item.title))


def by_activity(found: Iterable[Enterprise]) -> list[ActivityYear]:
    """Support by content and year of decision."""
    grouped: dict[tuple[str, int], list[tuple[str, Support]]] = {}
    for enterprise in found:
        for support in enterprise.supports:
            key = (support.activity, support.decision_date.year)
            grouped.setdefault(key, []).append((enterprise.tax_code, support))
    return [
        ActivityYear(
            activity,
            members[0][1].label,
            year,
            len({code for code, _ in members}),
            sum(support.approved for _, support in members),
            sum(support.paid for _, support in members),
        )
        for (activity, year), members in sorted(grouped.items())
    ]


def _supports(facts: Facts) -> dict[str, tuple[Support, ...]]:
    postings = facts["postings"]
    rows = postings[(postings["support"] != "") & postings["family"].isin(_PAID)]
    state = rows["fund"].isin(STATE_FUNDS)
    paid = _sums(rows[state], "support")
    own = _sums(rows[~state], "support")
    names = activities()
    papers = facts["documents"]["for_"].astype("str").value_counts()
    found: dict[str, list[Support]] = {}
    for row in records(facts["supports"]):
        code = str(row.support)
        found.setdefault(str(row.enterprise), []).append(
            Support(
                code,
                str(row.activity),
                names.get(str(row.activity)),
                str(row.task),
                str(row.decision),
                row.decision_date.date(),
                int(row.state_support),
                paid.get(code, 0),
                own.get(code, 0),
                int(papers.get(f"support {code}", 0)),
                str(row.file),
                int(row.line),
            )
        )
    return {code: tuple(items) for code, items in found.items()}


def _sums(rows: pd.DataFrame, key: str) -> dict[str, int]:
    sums = rows.groupby(key, observed=True)["amount"].sum()
    return {str(name): int(amount) for name, amount in sums.items()}


def _contributed(postings: pd.DataFrame) -> dict[str, dict[str, int]]:
    """By tax code: received, spent by itself, pledged and still out."""
    rows = postings[postings["contributor"] != ""]
    own = rows["fund"] == "DNTC"
    income = rows["family"] == Family.CONTRIBUTED.value
    pledged = rows["family"] == Family.PLEDGED.value
    result: dict[str, dict[str, int]] = {}
    out = _sums(rows[pledged], "contributor")
    for name, chosen, sign in (("own", income & own, -1), ("promised", income & ~own, -1)):
        for code, amount in _sums(rows[chosen], "contributor").items():
            result.setdefault(code, {})[name] = sign * amount
    for code, sums in result.items():
        sums["pledged"] = out.get(code, 0)
        # A pledge is income when it is made; what is still out has not been received.
        sums["given"] = sums.pop("promised", 0) - sums["pledged"]
    return result


def _named(postings: pd.DataFrame) -> set[str]:
    return {str(code) for code in postings["support"].unique()} - {""}


def shown(items: list[Any], most: int) -> tuple[list[Any], int]:
    """The first of a list, and how many more there are."""
    return items[:most], max(len(items) - most, 0)
