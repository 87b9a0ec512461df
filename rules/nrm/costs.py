"""The costs that norms limit, and how each norm reads them.

Eligible cost is all spending recognised or paid out of an advance (``Expenses`` and
``ChoThanhToan``) of one task and content of spending, for one event or support, gross, of all
funds, less what is marked ``ineligible``. Transactions of the same subject count together, so that
splitting a payment never escapes a cap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

import numpy as np
import pandas as pd

from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.law import Binding
from rules.rows import evidence_of
from rules.rule import Rule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from ledger.facts import Facts
    from rules.law import Law
    from rules.norm import DecidedBy, Limit, Measure, Norm

COST_FAMILIES: Final = ("Expenses", "ChoThanhToan")

# The columns that say when a norm's value is chosen; the next one stands in where one is absent.
_DECIDING: Final[dict[DecidedBy, tuple[str, ...]]] = {
    "event": ("event_start", "decided", "signed", "date"),
    "decision": ("decided", "event_start", "signed", "date"),
    "signature": ("signed", "decided", "event_start", "date"),
    "draft-sent": ("draft_sent", "signed", "decided", "event_start", "date"),
    "payment": ("date",),
    "budget-year": ("year_start",),
}

# Words of ``per`` that are the subject itself: one event, one support, one project under it.
_IS_SUBJECT: Final = frozenset({"event", "support", "project"})

_SUBJECT: Final = ["book", "task", "activity", "of", "code"]


def cost_rows(facts: Facts) -> pd.DataFrame:
    """Every posting of eligible cost with what decides about it.

    Returns:
        Columns of ``postings`` and, as text: ``activity`` (its own or that of its event or
        support), ``of`` (``support``, ``event`` or empty), ``code``, ``enterprise``,
        ``destination``; as dates: ``event_start``, ``decided``, ``signed``, ``draft_sent``,
        ``year_start``.
    """
    postings = facts["postings"]
    wanted = postings["family"].isin(COST_FAMILIES) & ~postings["ineligible"]
    columns = ["book", "file", "line", "posting", "date", "narration", "amount", "task", "fund"]
    rows = postings.loc[
        wanted, [*columns, "budget_year", "activity", "event", "support", "contract"]
    ]
    rows = rows.astype(dict.fromkeys(("book", "activity", "event", "support", "contract"), "str"))
    rows = _with(rows, facts["events"], "event", {"start": "event_start", "destination": "destination"})
    rows = _with(rows, facts["supports"], "support", {"decision_date": "decided", "enterprise": "enterprise"})
    rows = _with(rows, facts["contracts"], "contract", {"signed": "signed", "draft_sent": "draft_sent"})
    rows["year_start"] = pd.to_datetime(rows["budget_year"].astype("str") + "-01-01")
    by_support, by_event = rows["support"] != "", rows["event"] != ""
    rows["of"] = np.select([by_support, by_event], ["support", "event"], "")
    rows["code"] = np.select([by_support, by_event], [rows["support"], rows["event"]], "")
    return rows[rows["activity"] != ""]


def _with(
    rows: pd.DataFrame, declared: pd.DataFrame, key: str, wanted: dict[str, str]
) -> pd.DataFrame:
    """Rows with columns of the declaration that they name; its activity fills in a missing one."""
    has_activity = "activity" in declared
    taken = declared[["book", key, *wanted, *(["activity"] if has_activity else [])]]
    texts = [c for c in taken if isinstance(taken[c].dtype, pd.CategoricalDtype)]
    taken = taken.astype(dict.fromkeys(texts, "str"))
    taken = taken.rename(columns={**wanted, "activity": "declared_activity"})
    joined = rows.merge(taken, on=["book", key], how="left")
    joined.index = rows.index
    for column in taken.columns.intersection(["destination", "enterprise"]):
        joined[column] = joined[column].fillna("")
    if not has_activity:
        return joined
    own = joined["activity"] != ""
    joined["activity"] = joined["activity"].where(own, joined["declared_activity"].fillna(""))
    return joined.drop(columns="declared_activity")


class Reading(NamedTuple):
    """One subject as one limit reads it.

    Attributes:
        subject: ``event HC2021``, ``support HT-08-003``, ``enterprise 01… brand``.
        decided_on: the day whose value was chosen.
        observed: money of the norm's funds, VND.
        allowed: what the limit leaves, VND; None where the quantity is not declared.
        total: eligible cost of all funds, VND.
        rows: the postings, by label of ``cost_rows``.
    """

    subject: str
    book: str
    binding: Binding
    decided_on: dt.date
    observed: int
    allowed: int | None
    total: int
    rows: pd.Index

    @property
    def excess(self) -> int:
        """VND above what is allowed; at most 0 where it keeps to the limit."""
        return self.observed - (self.allowed or 0)


class CostRule(Rule):
    """A rule that reads one measure of every norm for a content of spending."""

    measure: ClassVar[Measure]

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:  # noqa: ARG002
        """One assessment a subject: the limit with the least headroom decides."""
        rows = cost_rows(facts)
        quantities = _quantities(facts)
        for activity, costs in rows.groupby("activity"):
            norms = law.of_activity(str(activity))
            yield from _unknown(norms, costs)
            readings = [
                reading
                for norm in norms
                if not norm.unknown
                for reading in self._readings(norm, costs, quantities)
            ]
            for by_subject in _by_subject(readings):
                yield self._judged(by_subject, costs)

    def _readings(self, norm: Norm, costs: pd.DataFrame, quantities: _Quantities) -> Iterator[Reading]:
        """The norm's limits of this rule's measure, read over every subject of the costs."""
        days = deciding_days(costs, norm.decided_by)
        starts = np.array([value.from_ for value in norm.values if value.from_], dtype="datetime64[s]")
        position = np.searchsorted(starts, days.to_numpy(dtype="datetime64[s]"), side="right") - 1
        dated = [value for value in norm.values if value.from_]
        for number, value in enumerate(dated):
            chosen = costs[position == number]
            for limit in value.limits or ():
                if limit.measure == self.measure and not chosen.empty:
                    binding = Binding(norm, value, limit)
                    yield from self._read(binding, chosen, days, quantities)

    def _read(
        self, binding: Binding, costs: pd.DataFrame, days: pd.Series, quantities: _Quantities
    ) -> Iterator[Reading]:
        limit = binding.limit
        for column, word in limit.when.items():
            costs = costs[costs[column] == word]
        by_enterprise = "enterprise" in limit.per
        keys = ["book", "task", "activity", "enterprise"] if by_enterprise else _SUBJECT
        for key, rows in costs.groupby(keys):
            if by_enterprise and not key[-1]:
                for inner, part in rows.groupby(_SUBJECT):
                    yield self._reading(binding, inner, part, days, quantities)
            else:
                yield self._reading(binding, key, rows, days, quantities)

    def _reading(
        self,
        binding: Binding,
        key: tuple[str, ...],
        rows: pd.DataFrame,
        days: pd.Series,
        quantities: _Quantities,
    ) -> Reading:
        total = int(rows["amount"].sum())
        observed = int(rows["amount"][rows["fund"].isin(binding.norm.funds)].sum())
        return Reading(
            subject=_subject(key),
            book=key[0],
            binding=binding,
            decided_on=days[rows.index].max().date(),
            observed=observed,
            allowed=self.allowed(binding.limit, key, total, quantities),
            total=total,
            rows=rows.index,
        )

    def allowed(
        self, limit: Limit, key: tuple[str, ...], total: int, quantities: _Quantities
    ) -> int | None:
        """What a limit leaves to one subject, VND; None where a quantity is not declared."""
        raise NotImplementedError

    def values(self, reading: Reading) -> dict[str, str | Text]:
        """What fills the rule's message."""
        raise NotImplementedError

    def _judged(self, readings: list[Reading], costs: pd.DataFrame) -> Assessment:
        tightest = max(readings, key=lambda reading: reading.excess)
        norms = tuple(
            reading.binding.norm.id
            for reading in sorted(readings, key=lambda reading: -reading.excess)
            if reading.excess > 0 or reading is tightest
        )
        unmeasured = next((r for r in readings if r.allowed is None), None)
        if unmeasured is not None and tightest.excess <= 0 or tightest.allowed is None:
            return _unmeasured(unmeasured or tightest)
        failed = tightest.excess > 0
        limited = costs.loc[tightest.rows]
        return Assessment(
            tightest.subject,
            Verdict.FAIL if failed else Verdict.PASS,
            tightest.book,
            norms=norms,
            decided_on=tightest.decided_on,
            observed=tightest.observed,
            allowed=tightest.allowed,
            at_issue=max(tightest.excess, 0),
            values=self.values(tightest),
            evidence=evidence_of(
                limited[limited["fund"].isin(tightest.binding.norm.funds)].sort_values("date"),
                tightest.excess,
            )
            if failed
            else (),
        )


_Quantities = dict[tuple[str, str, str], dict[str, int]]


def _quantities(facts: Facts) -> _Quantities:
    found: _Quantities = {}
    for row in facts["quantities"].itertuples():
        found.setdefault((row.book, row.of, row.code), {})[row.unit] = int(row.quantity)
    return found


def quantity(limit: Limit, key: tuple[str, ...], quantities: _Quantities) -> int | None:
    """How many units a cap counts for one subject; None where one is not declared."""
    book, of, code = key[0], key[-2], key[-1]
    by_enterprise = len(key) != len(_SUBJECT)
    counted = quantities.get((book, of, code), {})
    product = 1
    for word in limit.per:
        if word in _IS_SUBJECT or (word == "enterprise" and by_enterprise):
            continue
        if word not in counted:
            return None
        product *= counted[word]
    return product


def deciding_days(costs: pd.DataFrame, decided_by: DecidedBy) -> pd.Series:
    """The day that chooses the norm's value, for each posting."""
    first, *others = _DECIDING[decided_by]
    days = costs[first]
    for column in others:
        days = days.fillna(costs[column])
    return days


def _subject(key: tuple[str, ...]) -> str:
    if len(key) != len(_SUBJECT):
        _, _, activity, enterprise = key
        return f"enterprise {enterprise} {activity}"
    _, task, activity, of, code = key
    return f"{of} {code}" if of else f"{task} {activity}"


def _by_subject(readings: Iterable[Reading]) -> list[list[Reading]]:
    grouped: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        grouped.setdefault((reading.book, reading.subject), []).append(reading)
    return list(grouped.values())


def _unknown(norms: list[Norm], costs: pd.DataFrame) -> Iterator[Assessment]:
    """Norms that exist and whose figure or start is not known: told, never judged."""
    for norm in norms:
        if norm.unknown:
            for key, _ in costs.groupby(_SUBJECT):
                yield Assessment(
                    _subject(key),
                    Verdict.UNKNOWN,
                    key[0],
                    norms=(norm.id,),
                    reason=Text(
                        f"chưa biết con số hoặc ngày hiệu lực của «{norm.id}»",
                        f"figure or day of effect of “{norm.id}” is not known",
                    ),
                )


def _unmeasured(reading: Reading) -> Assessment:
    units = ", ".join(word for word in reading.binding.limit.per if word not in _IS_SUBJECT)
    return Assessment(
        reading.subject,
        Verdict.UNKNOWN,
        reading.book,
        norms=(reading.binding.norm.id,),
        reason=Text(f"chưa khai báo số lượng ({units})", f"quantity not declared ({units})"),
    )
