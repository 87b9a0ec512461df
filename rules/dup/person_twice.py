"""DUP201: one person at two events on the same days."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from ledger.accounts import COST_FAMILIES
from ledger.text import Text, day_name, split_list
from rules.assessment import Assessment, Verdict, passed
from rules.dup.naming import homes, placed
from rules.rows import declared, evidence_of, in_order, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_PERSONS: Final = frozenset({"person", "expert", "staff"})
_Pair = tuple[str, str, str, str]  # book, person, event, later event


class PersonTwice(Rule):
    """Một người ở hai sự kiện cùng ngày.

    Kiểm tra gì:
        Cá nhân, chuyên gia, cán bộ có mặt suốt hai sự kiện trùng ngày, trong mọi sổ đưa vào cùng
        lúc. Có mặt suốt là đứng trong danh sách tham gia (``participants``), hoặc được trả tiền cho
        sự kiện chỉ diễn ra một ngày. Được trả tiền cho sự kiện nhiều ngày thì sổ không cho biết
        người đó làm ngày nào, nên không xét.

    Vì sao:
        Một người không thể dự hai nơi cùng ngày; thù lao, phụ cấp của một trong hai nơi có thể là
        trả khống.

    Ví dụ sai:
        2021-10-12 custom "event" "HT-01" "Hội thảo"
          start: 2021-10-12
          end: 2021-10-12
          participants: "8399000114"
        2021-10-12 custom "event" "LOP-01" "Lớp tập huấn"
          start: 2021-10-11
          end: 2021-10-15
          participants: "8399000114"

    Cách sửa:
        Sửa ngày của sự kiện hoặc danh sách tham gia theo hồ sơ:
          2021-10-12 custom "event" "HT-01" "Hội thảo"
            start: 2021-10-16
            end: 2021-10-16
            participants: "8399000114"
        Đã trả cho ngày không có mặt thì thu hồi.
    """

    code = "DUP201"
    name = "duplicate.person-twice"
    title = Text("Một người ở hai nơi cùng ngày", "One person at two events on one day")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{person} có mặt ở hai sự kiện cùng ngày {day}: {events}; đã trả {paid} đồng",
        "{person} is at two events on the same day {day}: {events}; {paid} VND paid",
    )
    english = """What it checks:
    A person, expert or member of staff who is present throughout two events whose days meet, in
    all books given together: listed among the ``participants``, or paid for an event of one day.
    Who is paid for an event of several days may have worked on some of them, and is not judged.

Why:
    Nobody is at two places on one day; the fee or allowance of one of them may be for nothing.

How to put it right:
    Mend the days or the list by the papers; take back what was paid for absence.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a person and two events that meet; the other presences in bulk."""
        people = {
            str(row.tax_code): str(row.title)
            for row in records(facts["parties"])
            if _PERSONS.intersection(split_list(str(row.role)))
        }
        present = _present(facts, people)
        meetings = 0
        for person, events in sorted(present.items()):
            rows = sorted(events.values(), key=lambda row: (row.start, row.end, row.event))
            for first, other in _meeting(rows):
                meetings += 1
                yield _failed(facts, (person, people[person]), first, other)
        yield from passed(max(sum(map(len, present.values())) - meetings, 0))


def _present(facts: Facts, people: dict[str, str]) -> dict[str, dict[tuple[str, str], Any]]:
    """The events at which each person is present throughout, by person."""
    found: dict[str, dict[tuple[str, str], Any]] = defaultdict(dict)
    one_day = {}
    for row in records(facts["events"]):
        key = (str(row.book), str(row.event))
        if row.start == row.end:
            one_day[key] = row
        for name in split_list(row.participants):
            if name in people:
                found[name][key] = row
    postings = facts["postings"]
    paid = postings[
        postings["beneficiary"].isin(people.keys()) & postings["family"].isin(COST_FAMILIES)
    ]
    sums = paid.groupby(["book", "beneficiary", "event"], observed=True)["amount"].sum()
    for (book, person, event), amount in zip(sums.index.tolist(), sums.tolist(), strict=True):
        row = one_day.get((str(book), str(event)))
        if row is not None and amount > 0:
            found[str(person)][str(book), str(event)] = row
    return found


def _meeting(rows: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Each event with the next one that begins before it is over."""
    latest = None
    for row in rows:
        if latest is not None and row.start <= latest.end:
            yield latest, row
        if latest is None or row.end > latest.end:
            latest = row


def _failed(
    facts: Facts,
    person: tuple[str, str],
    first: Any,  # noqa: ANN401  # a record
    other: Any,  # noqa: ANN401  # a record
) -> Assessment:
    postings = facts["postings"]
    paid = postings[
        (postings["beneficiary"] == person[0])
        & (postings["book"] == other.book)
        & (postings["event"] == other.event)
        & postings["family"].isin(COST_FAMILIES)
    ]
    amount = max(int(paid["amount"].sum()), 0)
    places = tuple(declared(row, f"event {row.event}") for row in (first, other))
    return Assessment(
        f"party {person[0]} {first.event} {other.event}",
        Verdict.FAIL,
        str(other.book),
        decided_on=other.start.date(),
        at_issue=amount,
        values={
            "person": person[1],
            "events": placed(((str(e.event), str(e.book)) for e in (first, other)), homes(facts)),
            "day": day_name(other.start),
            "paid": amount,
        },
        evidence=(*evidence_of(in_order(paid), amount), *places),
        review=True,
    )
