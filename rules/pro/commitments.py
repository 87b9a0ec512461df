"""Contracts that must be registered as commitments, and by when (cam kết chi)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from ledger.accounts import STATE_FUNDS, Family
from ledger.strict_yaml import read_yaml
from ledger.text import Text
from rules.assessment import not_concerned
from rules.pro.contracts import contracts, marked, money, not_known, places_of
from rules.pro.timeline import Timeline
from rules.rows import records
from rules.working_days import calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.assessment import Assessment
    from rules.law import Law

    Numbers = np.ndarray[Any, Any]

_FILE: Final = Path(__file__).parent.parent / "commitment_exemptions.yaml"
_DUTY: Final = ("commitment-recurrent",)
_REQUEST: Final = ("commitment-deadline",)
_REPLY: Final = ("commitment-reply",)
_COMMUNE: Final = "4"  # cấp ngân sách: xã

UNKNOWN_DAYS: Final = Text(
    "chưa biết đủ ngày nghỉ của năm để tính ngày làm việc",
    "the days off of the year are not known well enough to count working days",
)
_SMALL: Final = Text(
    "giá trị dưới mức phải đăng ký cam kết chi",
    "the value is below the amount from which a commitment is registered",
)
_EXEMPT: Final = Text("không phải đăng ký cam kết chi", "exempt from registration")
_COMMUNE_BUDGET: Final = Text("khoản chi của ngân sách xã", "spending of a commune's budget")
_NO_STATE_PART: Final = Text("không có phần ngân sách", "the contract has no state part")
_OTHER_FUNDS: Final = Text(
    "chỉ chi từ nguồn ngoài ngân sách, tài khoản tiền gửi",
    "paid only from other sources, from deposit accounts",
)


class Duties(NamedTuple):
    """Which contracts must be registered; every array is by place.

    Attributes:
        due: the contract must be registered.
        least: the value from which that is so, VND.
        unlisted: it claims an exemption that the circular does not list.
        unknown: no norm with a known figure on the day of signing.
        reasons: why the others need not be.
    """

    due: Numbers
    least: Numbers
    unlisted: Numbers
    unknown: Numbers
    reasons: tuple[tuple[Text, Numbers], ...]

    def others(self, known: pd.DataFrame, among: Numbers) -> Iterator[Assessment]:
        """What is said of those contracts that need no registration, or cannot be judged."""
        for reason, which in self.reasons:
            yield from not_concerned(int((which & among).sum()), reason)
        yield from not_known(known, np.flatnonzero(self.unknown & among))


def duties(facts: Facts, law: Law) -> Duties:
    """The contracts by the law of the day of signing and the circular's exemptions."""
    known, timeline = contracts(facts), Timeline(law, _DUTY)
    positions = timeline.positions(known["signed"])
    in_force = timeline.known(positions)
    least = timeline.figures(positions, lambda now: now.whole("threshold"))
    listed = _listed(known["commitment_exempt"])
    left = in_force
    reasons = []
    for reason, which in (
        (_SMALL, known["value"].to_numpy(dtype=np.int64) < least),
        (_EXEMPT, listed),
        (_COMMUNE_BUDGET, known["book"].isin(_commune_books(facts)).to_numpy()),
        (_NO_STATE_PART, (known["state_part"] == 0).fillna(value=False).to_numpy(dtype=np.bool_)),
        (_OTHER_FUNDS, _only_other_funds(facts)),
    ):
        reasons.append((reason, left & which))
        left = left & ~which
    unlisted = (known["commitment_exempt"] != "").to_numpy() & ~listed
    return Duties(left, least, unlisted, ~in_force, tuple(reasons))


def _listed(texts: pd.Series) -> Numbers:
    """Whether each text names an exemption of the circular; each distinct text is read once."""
    column = texts.cat
    found = [any(word in str(text).casefold() for word in _words()) for text in column.categories]
    listed: Numbers = np.array(found, dtype=np.bool_)[column.codes.to_numpy()]
    return listed


@cache
def _words() -> tuple[str, ...]:
    content = read_yaml(_FILE).content
    return tuple(word.casefold() for words in content.values() for word in words)


def _commune_books(facts: Facts) -> list[str]:
    programme = facts["programme"]
    return programme.loc[programme["budget_level"] == _COMMUNE, "book"].astype("str").tolist()


def _only_other_funds(facts: Facts) -> Numbers:
    """Contracts under which money went out and none of it was the budget's."""
    rows = money(facts)
    rows = rows[rows["paid"]]
    count = len(contracts(facts))
    state = marked(rows["place"][rows["fund"].isin(STATE_FUNDS)], count)
    return np.asarray(marked(rows["place"], count) & ~state)


def registered(facts: Facts) -> pd.DataFrame:
    """The postings that registered commitments of contracts, with ``place``, by date."""
    postings = facts["postings"]
    rows = postings[
        (postings["family"] == Family.COMMITTED.value)
        & (postings["amount"] > 0)
        & (postings["contract"] != "")
    ]
    place = places_of(rows, "contract", contracts(facts))
    return rows.assign(place=place)[place >= 0].sort_values("date", kind="stable")


class Deadlines(NamedTuple):
    """The last days of contracts, by place; NaT where no norm says.

    Attributes:
        earliest: if no day off that is not known falls into the time.
        latest: if every one of them does; the same where all are known.
    """

    earliest: pd.Series
    latest: pd.Series


def deadlines(known: pd.DataFrame, law: Law, *, with_reply: bool) -> Deadlines:
    """The last day to send the request for commitment.

    Args:
        known: contracts, by place.
        law: the norms.
        with_reply: the last day on which the Treasury would have accepted it, instead.
    """
    days = np.zeros(len(known), dtype=np.int64)
    in_force = np.ones(len(known), dtype=np.bool_)
    for norms in (_REQUEST, _REPLY) if with_reply else (_REQUEST,):
        timeline = Timeline(law, norms)
        positions = timeline.positions(known["signed"])
        days += timeline.figures(positions, lambda now: now.whole("days"))
        in_force &= timeline.known(positions)
    asked = pd.DataFrame({"start": known["begins"], "days": days})[in_force]
    ends = {
        (row.start, row.days): calendar().deadline(row.start.date(), row.days)
        for row in records(asked.drop_duplicates())
    }
    found = [ends[key] for key in zip(asked["start"], asked["days"], strict=True)]
    earliest, latest = (
        pd.Series(days_of, index=asked.index, dtype="datetime64[s]").reindex(known.index)
        for days_of in ([end.earliest for end in found], [end.latest for end in found])
    )
    return Deadlines(earliest, latest)
