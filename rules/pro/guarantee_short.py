"""PRO404: an advance guarantee below the advance, or over before the advance is recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from ledger.text import Text, day_name, dong
from rules.assessment import Assessment, Verdict, not_concerned, passed
from rules.pro.advances import advance_days, drawn_evidence
from rules.pro.contracts import (
    contracts,
    failing,
    marked,
    name_of,
    not_known,
    peaks,
    subject_of,
)
from rules.pro.timeline import Timeline
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_NORMS: Final = ("advance-guarantee-2020", "advance-guarantee-2024")


class GuaranteeShort(Rule):
    """Bảo lãnh tạm ứng không đủ.

    Kiểm tra gì:
        Hợp đồng có bảo lãnh tạm ứng (``guarantee``) thì số dư tạm ứng cuối mỗi ngày không quá giá
        trị bảo lãnh; sau ngày hết hạn bảo lãnh (``guarantee-until``) không còn số dư tạm ứng.
        Còn số dư sau ngày đó thì chỉ đề nghị giải trình: bảo lãnh có thể đã được gia hạn.

    Vì sao:
        Giá trị bảo lãnh không nhỏ hơn số dư tạm ứng còn lại và có hiệu lực đến khi thu hồi hết.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "Tổ chức lớp tập huấn"
          task: "NV05"
          vendor: "0100000002"
          value: 100
          signed: 2021-05-10
          guarantee: 30
          guarantee-until: 2021-07-31
        2021-05-20 * "Tạm ứng nhiều hơn bảo lãnh"
          kind: "advance"
          contract: "20/2021/HĐ-SCT"
          Assets:DuToan:KhaDung:NV05:NSTP  -40 VND
          Assets:TamUng:NV05:NSTP:TM6699    40 VND

    Cách sửa:
        Ghi bảo lãnh bổ sung, gia hạn đã nhận:
          guarantee: 40
          guarantee-until: 2021-08-31
    """

    code = "PRO404"
    name = "advance.guarantee-short"
    title = Text("Bảo lãnh tạm ứng không đủ", "Advance guarantee too low or over")
    severity = Severity.ERROR
    basis = ("advance-guarantee-2020", "advance-guarantee-2024")
    message = Text(
        "{subject}: số dư tạm ứng {left} đồng ngày {day}; {guarantee}",
        "{subject}: {left} VND of advances outstanding on {day}; {guarantee}",
    )
    english = """What it checks:
    Where a contract has an advance guarantee (``guarantee``) the balance of its advances at the end
    of any day is not above it, and after its last day (``guarantee-until``) nothing is outstanding.
    What is left after that day is only asked about: the guarantee may have been extended.

Why:
    The guarantee is not below the advance outstanding and stays valid until it is recovered.

How to put it right:
    Record the guarantee that was added or extended.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract with advances for its guarantee, one for its last day."""
        known, timeline, days = contracts(facts), Timeline(law, _NORMS), advance_days(facts)
        guarantee = known["guarantee"].fillna(0).to_numpy(dtype=np.int64)
        had = marked(days["place"], len(known))
        none = Text("hợp đồng không có bảo lãnh", "no guarantee")
        yield from not_concerned(int((had & (guarantee <= 0)).sum()), none)
        days = days.assign(guaranteed=guarantee[days["place"]])
        days = days[days["guaranteed"] > 0]
        days = days.assign(position=timeline.positions(days["date"]))
        in_force = days[timeline.known(days["position"].to_numpy())]
        unknown = marked(days["place"], len(known)) & ~marked(in_force["place"], len(known))
        yield from not_known(known, np.flatnonzero(unknown))
        yield from _amounts(facts, in_force, timeline)
        yield from _last_days(facts, in_force, timeline, pd.Timestamp(as_of))


class _Short(NamedTuple):
    """Contracts whose guarantee fails in one way.

    Attributes:
        rows: one a contract: ``place``, ``date``, ``advanced``, ``allowed``, ``at_issue``,
            ``position``.
        suffix: the end of the finding's subject.
        review: the guarantee may have been extended.
    """

    rows: pd.DataFrame
    suffix: str
    review: bool

    def words(self, day: dt.date, allowed: int) -> Text:
        """What the guarantee was."""
        if self.review:
            until = day_name(day)
            return Text(
                f"bảo lãnh có hiệu lực đến ngày {until.vi}",
                f"the guarantee was valid until {until.en}",
            )
        return Text(f"bảo lãnh {dong(allowed)} đồng", f"a guarantee of {dong(allowed, 'en')} VND")


def _amounts(facts: Facts, days: pd.DataFrame, timeline: Timeline) -> Iterator[Assessment]:
    """Each guarantee against the highest balance at the end of a day."""
    highest = peaks(days, "advanced")
    highest = highest.assign(
        allowed=highest["guaranteed"], at_issue=highest["advanced"] - highest["guaranteed"]
    )
    short = highest[highest["at_issue"] > 0]
    yield from passed(len(highest) - len(short))
    yield from _failed(facts, _Short(short, "guarantee", review=False), timeline)


def _last_days(
    facts: Facts, days: pd.DataFrame, timeline: Timeline, as_of: pd.Timestamp
) -> Iterator[Assessment]:
    """Each guarantee against what was outstanding at the end of its last day."""
    until = contracts(facts)["guarantee_until"]
    days = days.assign(until=until.to_numpy()[days["place"]])
    days = days[days["until"].notna()]
    over = days[days["until"] < as_of]
    valid = Text("bảo lãnh còn hiệu lực", "the guarantee is still valid")
    yield from not_concerned(days["place"].nunique() - over["place"].nunique(), valid)
    last = over[over["date"] <= over["until"]].drop_duplicates("place", keep="last")
    left = last[last["advanced"] > 0]
    left = left.assign(date=left["until"], allowed=0, at_issue=left["advanced"])
    yield from passed(over["place"].nunique() - len(left))
    yield from _failed(facts, _Short(left, "guarantee-until", review=True), timeline)


def _failed(facts: Facts, short: _Short, timeline: Timeline) -> Iterator[Assessment]:
    evidence = drawn_evidence(facts, short.rows, "at_issue")
    for row in failing(facts, short.rows):
        day = row.date.date()
        yield Assessment(
            f"{subject_of(row)} {short.suffix}",
            Verdict.FAIL,
            row.book,
            norms=(timeline.at(row.position).norm,),
            decided_on=day,
            observed=row.advanced,
            allowed=row.allowed,
            at_issue=row.at_issue,
            values={
                "subject": name_of(row),
                "left": int(row.advanced),
                "day": day_name(day),
                "guarantee": short.words(day, row.allowed),
            },
            evidence=evidence.get(row.place, ()),
            review=short.review,
        )
