"""The costs that norms limit, and how each norm reads them.

Eligible cost is all spending recognised or paid out of an advance (``Expenses`` and
``ChoThanhToan``) of one content of spending, for one event or support, gross, of all funds, less
what is marked ``ineligible``. Transactions of the same subject count together, so that splitting a
payment never escapes a cap.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

import numpy as np
import pandas as pd

from ledger.accounts import COST_FAMILIES
from ledger.text import Text, joined, split_list
from rules.assessment import Assessment, Values, Verdict
from rules.law import Binding
from rules.rows import evidence_of, in_order, records
from rules.rule import Rule
from rules.vocabulary import unit_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.facts import Facts
    from rules.assessment import Evidence
    from rules.law import Law
    from rules.norm import DecidedBy, Limit, Measure, Norm, Value

# The columns that say when a norm's value is chosen; the next one stands in where one is absent.
_DECIDING: Final[Mapping[DecidedBy, tuple[str, ...]]] = {
    "event": ("event_start", "decided", "signed", "date"),
    "decision": ("decided", "event_start", "signed", "date"),
    "signature": ("signed", "decided", "event_start", "date"),
    "draft-sent": ("draft_sent", "signed", "decided", "event_start", "date"),
    "payment": ("date",),
    "budget-year": ("year_start", "date"),
}

# Words of ``per`` that are the subject itself: one event, one support, one project under it.
SUBJECT_WORDS: Final = frozenset({"event", "support", "project"})
# Words of ``per`` that say what is added up; every other word is a quantity that a book declares.
KEY_WORDS: Final = SUBJECT_WORDS | {"enterprise", "contract", "year"}

_GROUP: Final = ["book", "subject"]
_NAMED: Final = ["book", "named"]
_MEMBER: Final = ["of", "code"]
# Words of a tier that a declaration has a place of its own for; the others stand in ``tier``.
_TIER_COLUMNS: Final = frozenset({"destination", "size", "priority"})


def cost_rows(facts: Facts) -> pd.DataFrame:
    """Every posting of eligible cost with what decides about it.

    Returns:
        Columns of ``postings`` and, as text: ``activity`` (its own or that of its event or
        support), ``of`` (``support``, ``event`` or ``task``), ``code``, ``subject``,
        ``enterprise`` (with its ``size`` and ``priority``), ``destination``, ``tier``; as dates:
        ``event_start``, ``decided``, ``signed``, ``draft_sent``, ``year_start``; in VND:
        ``contract_value`` (NaN where none is declared) and ``base``, the amount less the tax that
        the enterprise of a support deducts. What has no content of spending is left out.
    """
    postings = facts["postings"]
    wanted = postings["family"].isin(COST_FAMILIES) & ~postings["ineligible"]
    columns = ["file", "line", "entry", "posting", "date", "narration", "amount", "vat"]
    columns.append("budget_year")
    texts = ["book", "task", "fund", "activity", "event", "support", "contract"]
    rows = postings.loc[wanted, [*columns, *texts]].astype(dict.fromkeys(texts, "str"))
    rows = _joined(
        rows,
        facts["events"],
        "event",
        {
            "start": "event_start",
            "destination": "destination",
            "tier": "event_tier",
            "activity": "event_activity",
        },
    )
    rows = _joined(
        rows,
        facts["supports"],
        "support",
        {
            "decision_date": "decided",
            "enterprise": "enterprise",
            "tier": "support_tier",
            "activity": "support_activity",
        },
    )
    rows = _joined(
        rows,
        facts["contracts"],
        "contract",
        {"signed": "signed", "draft_sent": "draft_sent", "value": "contract_value"},
    )
    parties = facts["parties"].rename(columns={"tax_code": "enterprise"})
    rows = _joined(rows, parties, "enterprise", {"size": "size", "priority": "priority"})
    rows["year_start"] = pd.to_datetime(
        rows["budget_year"].astype("str") + "-01-01", format="%Y-%m-%d", errors="coerce"
    )
    return _with_subject(rows)


def _joined(
    rows: pd.DataFrame, declared: pd.DataFrame, key: str, wanted: Mapping[str, str]
) -> pd.DataFrame:
    """Rows with columns of the declaration that they name, under new names."""
    taken = declared[["book", key, *wanted]]
    texts = [c for c in taken.columns if isinstance(taken[c].dtype, pd.CategoricalDtype)]
    taken = taken.astype(dict.fromkeys(texts, "str")).rename(columns=dict(wanted))
    joined = rows.merge(taken, on=["book", key], how="left")
    joined.index = rows.index
    for name in texts:
        column = wanted.get(name, name)
        joined[column] = joined[column].fillna("")
    return joined


def _with_subject(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with their content of spending and the subject that they count for.

    A cost under another content of spending than that of its event or support is a subject of
    its own, and so are the costs of a task that name neither.
    """
    by_support, by_event = rows["support"] != "", rows["event"] != ""
    which = [by_support, by_event]
    declared = np.select(which, [rows["support_activity"], rows["event_activity"]], "")
    own = rows["activity"]
    rows["activity"] = own.where(own != "", declared)
    rows["tier"] = np.select(which, [rows["support_tier"], rows["event_tier"]], "")
    rows["base"] = rows["amount"] - _deductible(rows, by_support)
    rows["of"] = np.select(which, ["support", "event"], "task")
    rows["code"] = np.select(which, [rows["support"], rows["event"]], rows["task"])
    plain = rows["of"] + " " + rows["code"]
    rows["subject"] = plain.where(rows["activity"] == declared, plain + " " + rows["activity"])
    return rows[rows["activity"] != ""]


def _deductible(rows: pd.DataFrame, by_support: pd.Series[bool]) -> pd.Series:
    """The tax of each transaction of a support, on the first of its postings."""
    taxed = rows[by_support & (rows["vat"] > 0) & (rows["amount"] > 0)]
    tax = taxed.groupby(["book", "entry"])["vat"].transform("max")
    return tax.where(~taxed.duplicated(["book", "entry"]), 0).reindex(rows.index, fill_value=0)


class Subject(NamedTuple):
    """What one limit is counted for.

    Attributes:
        name: ``event HC2021``, ``support HT-08-003``, ``task NV05 training``,
            ``enterprise 0100000001 brand``, ``enterprise 0100000001 brand 2021``.
        of: ``event``, ``support``, ``task`` or ``enterprise``.
        members: events, supports and tasks whose costs are added up, as word and code.
    """

    book: str
    name: str
    of: str
    members: tuple[tuple[str, str], ...]


class Reading(NamedTuple):
    """One subject as one limit reads it.

    Attributes:
        decided_on: the day whose value was chosen.
        observed: money of the norm's funds, VND.
        units: how many the cap counts.
        allowed: what the limit leaves, VND; None where something is missing.
        missing: quantities and tiers that the book does not declare.
        total: what a share is a share of, VND: the eligible cost of all funds, or the value of
            the contracts.
        rows: the postings, by label of ``cost_rows``.
    """

    subject: Subject
    binding: Binding
    decided_on: dt.date
    observed: int
    units: int
    allowed: int | None
    missing: tuple[str, ...]
    total: int
    rows: pd.Index

    @property
    def excess(self) -> int:
        """VND above what is allowed; at most 0 where it keeps to the limit."""
        return self.observed - self.left

    @property
    def left(self) -> int:
        """``allowed`` of a reading that lacks nothing."""
        return self.allowed or 0


Quantities = dict[tuple[str, str, str], dict[str, int]]


class CostRule(Rule):
    """A rule that reads one measure of every norm for a content of spending."""

    measure: ClassVar[Measure]
    base: ClassVar[str] = "amount"  # the column of ``cost_rows`` that a share is a share of

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a subject: the limit with the largest excess decides."""
        rows = self._costs(facts.derived(cost_rows))
        quantities = _quantities(facts)
        for activity, costs in rows.groupby("activity"):
            norms = [norm for norm in law.of_activity(str(activity)) if self._concerns(norm)]
            readings = [
                reading
                for norm in norms
                if not norm.unknown
                for reading in self._readings(norm, costs, quantities)
            ]
            for of_subject in _by_subject(readings):
                yield self._judged(of_subject, costs)
            told = list(_unknown([norm for norm in norms if norm.unknown], costs, law))
            yield from told
            if norms:
                yield from _not_in_force(costs, readings, told)

    def reads(self, norm: Norm) -> bool:
        """Norms for a content of spending with a limit of this rule's measure."""
        values = norm.values  # noqa: PD011  # no frame
        return norm.activity is not None and any(self.limits_of(value) for value in values)

    def limits_of(self, value: Value | None) -> list[Limit]:
        """Those limits of a value that are of this rule's measure."""
        limits = (value.limits or ()) if value else ()
        return [limit for limit in limits if self._reads(limit)]

    def _costs(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The costs that the rule looks at: all of them, unless it says otherwise."""
        return rows

    @abstractmethod
    def allowed(self, limit: Limit, total: int, count: int) -> int:
        """What a limit leaves to one subject, VND.

        Args:
            limit: a limit of this rule's measure.
            total: eligible cost of all funds, or value of the contracts, VND.
            count: how many units the limit counts.
        """

    def across(self, parts: list[Reading], whole: list[Reading]) -> Reading:
        """What an amendment leaves to a subject whose costs fall before and after it.

        It grants no amount again: the largest holds, once.

        Args:
            parts: the costs under each value of the limit, by themselves, oldest first.
            whole: all of them together as each of those values reads them.
        """
        # Which one is largest is not known while one of them is not.
        return max(whole, key=lambda one: (one.allowed is None, one.allowed or 0))

    @abstractmethod
    def values(self, reading: Reading) -> Values:
        """What fills the rule's message."""

    def _reads(self, limit: Limit) -> bool:
        return limit.measure == self.measure and limit.of in {None, "eligible-cost", "contract"}

    def _concerns(self, norm: Norm) -> bool:
        """Whether a norm has a limit of this measure, or none that is known."""
        limits = [limit for value in norm.values for limit in value.limits or ()]  # noqa: PD011  # no frame
        return not limits or any(self._reads(limit) for limit in limits)

    def _readings(
        self, norm: Norm, costs: pd.DataFrame, quantities: Quantities
    ) -> Iterable[Reading]:
        """The norm's limits of this rule's measure, read over every subject of the costs."""
        days = deciding_days(costs, norm.decided_by)
        dated = [(value.from_, value) for value in norm.values if value.from_]  # noqa: PD011  # no frame
        starts = np.array([start for start, _ in dated], dtype="datetime64[s]")
        position = np.searchsorted(starts, days.to_numpy(dtype="datetime64[s]"), side="right") - 1
        found = [
            reading
            for number, (_, value) in enumerate(dated)
            for limit in value.limits or ()
            if self._reads(limit) and (position == number).any()
            for reading in self._read(
                Binding(norm, value, limit), costs[position == number], days, quantities
            )
        ]
        return self._across(found, costs, days, quantities)

    def _across(
        self,
        readings: list[Reading],
        costs: pd.DataFrame,
        days: pd.Series,
        quantities: Quantities,
    ) -> Iterator[Reading]:
        """A subject whose costs fall under several values of a limit is read once, as a whole."""
        alike: dict[tuple[str, ...], list[Reading]] = {}
        for reading in readings:
            alike.setdefault((*reading.subject[:2], *_kind_of(reading.binding.limit)), []).append(
                reading
            )
        for ones in alike.values():
            if len({one.binding.value.from_ for one in ones}) == 1:
                yield from ones
                continue
            rows = costs[costs.index.isin({label for one in ones for label in one.rows})]
            whole = [
                again._replace(decided_on=one.decided_on)
                for one in ones
                for again in self._read(one.binding, rows, days, quantities)
                if again.subject[:2] == one.subject[:2]
            ]
            yield self.across(ones, whole)

    def _read(
        self, binding: Binding, costs: pd.DataFrame, days: pd.Series, quantities: Quantities
    ) -> Iterator[Reading]:
        limit = binding.limit
        tiers = {word: _tier(word, costs) for word in limit.when}
        for word, values in limit.when.items():
            costs = costs[tiers[word][costs.index].isin([*values, ""])]
        if costs.empty:
            return
        limited = costs["amount"].where(costs["fund"].isin(binding.norm.funds), 0)
        untold = pd.DataFrame({word: tiers[word][costs.index] == "" for word in tiers}, costs.index)
        untold["contract"] = costs["contract_value"].isna() & (limit.of == "contract")
        named = costs.assign(
            named=names(limit, costs),
            whose=_whose(limit, costs),
            limited=limited,
            day=days[costs.index],
        )
        grouped = named.groupby(_NAMED)
        sums = grouped[[self.base, "limited"]].sum()
        if limit.of == "contract":
            sums[self.base] = _contract_values(named)
        latest, places = grouped["day"].max(), grouped.indices
        untold = untold.groupby([costs["book"], named["named"]]).any()
        lacking = {
            key: tuple(map(str, untold.columns[told]))
            for key, *told in untold[untold.any(axis=1)].itertuples()
        }
        members = _members(named)
        for key, total, observed in sums.itertuples():
            subject = _subject(key, members[key])
            count, uncounted = quantity(limit, subject, quantities)
            missing = (*lacking.get(key, ()), *uncounted)
            yield Reading(
                subject=subject,
                binding=binding,
                decided_on=latest[key].date(),
                observed=int(observed),
                units=count,
                allowed=None if missing else self.allowed(limit, int(total), count),
                missing=missing,
                total=0 if missing else int(total),
                rows=costs.index[places[key]],
            )

    def _judged(self, readings: list[Reading], costs: pd.DataFrame) -> Assessment:
        """What the limits together say of one subject: a known excess outweighs what is missing."""
        measured = sorted(
            (reading for reading in readings if reading.allowed is not None),
            key=lambda reading: -reading.excess,
        )
        incomplete = next((reading for reading in readings if reading.missing), None)
        exceeded = [reading for reading in measured if reading.excess > 0]
        if incomplete is not None and not exceeded:
            return _unmeasured(incomplete)
        tightest = measured[0]
        subject = tightest.subject
        return Assessment(
            subject.name,
            Verdict.FAIL if exceeded else Verdict.PASS,
            subject.book,
            norms=tuple(reading.binding.norm.id for reading in exceeded or [tightest]),
            decided_on=tightest.decided_on,
            observed=tightest.observed,
            allowed=tightest.allowed,
            at_issue=max(tightest.excess, 0),
            values=self.values(tightest),
            evidence=_evidence(tightest, costs) if exceeded else (),
            # Costs that name no event or support may belong to one that the norm looks at whole.
            review=subject.of == "task",
        )


def _evidence(reading: Reading, costs: pd.DataFrame) -> tuple[Evidence, ...]:
    rows = costs.loc[reading.rows]
    # What came back bears nothing: the amount at issue lies on what was paid.
    limited = rows[rows["fund"].isin(reading.binding.norm.funds) & (rows["amount"] > 0)]
    return evidence_of(in_order(limited), reading.excess)


def _tier(word: str, costs: pd.DataFrame) -> pd.Series[str]:
    """Where each cost stands in a tier; empty where the book does not say."""
    if word in _TIER_COLUMNS:
        return costs[word]
    said = {tiers: _said(word, tiers) for tiers in costs["tier"].unique()}
    return costs["tier"].map(said)


def _said(word: str, tiers: str) -> str:
    """The value of one word in ``"guest-class a; post member"``."""
    for part in split_list(tiers):
        name, _, value = part.partition(" ")
        if name == word:
            return value.strip()
    return ""


def names(limit: Limit, costs: pd.DataFrame) -> pd.Series[str]:
    """What each cost is added up under: its own subject, or what the limit's ``per`` says.

    A year is the budget year of the cost.
    """
    named = costs["subject"]
    if "enterprise" in limit.per:
        whole = "enterprise " + costs["enterprise"] + " " + costs["activity"]
        named = whole.where(costs["enterprise"] != "", named)
    if "contract" in limit.per:
        named = (named + " " + costs["contract"]).where(costs["contract"] != "", named)
    if "year" in limit.per:
        named = named + " " + costs["budget_year"].astype("str")
    return named


def _whose(limit: Limit, costs: pd.DataFrame) -> pd.Series[str]:
    """What kind of subject each cost is added up under by a limit."""
    if "enterprise" not in limit.per:
        return costs["of"]
    return costs["of"].where(costs["enterprise"] == "", "enterprise")


def _kind_of(limit: Limit) -> tuple[str, ...]:
    """What a limit and its amendment share: what they count by, of what, and for whom."""
    tiers = (f"{word} {value}" for word, values in limit.when.items() for value in values)
    return (str(limit.of), "per", *limit.per, "when", *sorted(tiers))


def _contract_values(named: pd.DataFrame) -> pd.Series[float]:
    """The value of the contracts of each subject, each contract once."""
    once = named.drop_duplicates([*_NAMED, "contract"])
    return once.groupby(_NAMED)["contract_value"].sum()


def _members(named: pd.DataFrame) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    """The events, supports and tasks of each subject: whose it is, word and code."""
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for book, name, *member in (
        named[[*_NAMED, "whose", *_MEMBER]].drop_duplicates().itertuples(index=False)
    ):
        whose, of, code = member
        found.setdefault((book, name), []).append((whose, of, code))
    return found


def _subject(key: tuple[str, str], members: list[tuple[str, str, str]]) -> Subject:
    return Subject(*key, members[0][0], tuple((of, code) for _, of, code in members))


def quantity(limit: Limit, subject: Subject, quantities: Quantities) -> tuple[int, tuple[str, ...]]:
    """How many units a cap counts for one subject, and the units that are not declared.

    The quantities of the events and supports that are added up are added up as well.
    """
    words = [word for word in limit.per if not _is_key(word, subject)]
    if not words:
        return 1, ()
    count = 0
    missing: set[str] = set()
    for member in subject.members:
        declared = quantities.get((subject.book, *member), {})
        missing.update(word for word in words if word not in declared)
        count += math.prod(declared.get(word, 1) for word in words)
    return count, tuple(word for word in words if word in missing)


def _is_key(word: str, subject: Subject) -> bool:
    if word == "enterprise":
        return subject.of == "enterprise"
    return word in {"contract", "year"} or (word in SUBJECT_WORDS and subject.of != "task")


def deciding_days(costs: pd.DataFrame, decided_by: DecidedBy) -> pd.Series:
    """The day that chooses the norm's value, for each posting."""
    first, *others = _DECIDING[decided_by]
    days = costs[first]
    for column in others:
        days = days.fillna(costs[column])
    return days


def _quantities(facts: Facts) -> Quantities:
    found: Quantities = {}
    for row in records(facts["quantities"]):
        if not pd.isna(row.quantity):
            found.setdefault((row.book, row.of, row.code), {})[row.unit] = int(row.quantity)
    return found


def _by_subject(readings: Iterable[Reading]) -> list[list[Reading]]:
    grouped: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        grouped.setdefault((reading.subject.book, reading.subject.name), []).append(reading)
    return list(grouped.values())


def _unknown(norms: list[Norm], costs: pd.DataFrame, law: Law) -> Iterator[Assessment]:
    """Norms that exist and whose figure or start is not known: told, never judged.

    An instrument says nothing of what was decided before it was made.
    """
    for norm in norms:
        made = pd.Timestamp(law.instruments[norm.id].earliest)
        possible = costs[deciding_days(costs, norm.decided_by) >= made]
        reason = Text(
            f"chưa biết con số hoặc ngày hiệu lực của «{norm.id}»",
            f"figure or day of effect of “{norm.id}” is not known",
        )
        for book, name in _subjects(possible):
            yield Assessment(name, Verdict.UNKNOWN, book, norms=(norm.id,), reason=reason)


def _subjects(costs: pd.DataFrame) -> list[tuple[str, str]]:
    """The subjects of costs as book and name, sorted."""
    distinct = costs[_GROUP].drop_duplicates()
    return sorted(zip(distinct["book"], distinct["subject"], strict=True))


def _not_in_force(
    costs: pd.DataFrame, readings: Iterable[Reading], told: Iterable[Assessment]
) -> Iterator[Assessment]:
    """Subjects that no limit of this measure reads on their day, and no unknown norm may."""
    read = {label for reading in readings for label in reading.rows}
    unread = costs[~costs.index.isin(read)]
    unsure = {(item.book, item.subject) for item in told}
    reason = Text(
        "không có mức nào áp dụng vào ngày quyết định của khoản chi",
        "no limit applies on the day that decides",
    )
    for book, name in _subjects(unread):
        if (book, name) not in unsure:
            yield Assessment(name, Verdict.NOT_APPLICABLE, book, reason=reason)


def _unmeasured(reading: Reading) -> Assessment:
    words = joined([unit_name(word) for word in reading.missing])
    return Assessment(
        reading.subject.name,
        Verdict.UNKNOWN,
        reading.subject.book,
        norms=(reading.binding.norm.id,),
        reason=Text(f"sổ chưa khai báo: {words.vi}", f"not declared: {words.en}"),
    )
