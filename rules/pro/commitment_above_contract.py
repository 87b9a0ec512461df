"""PRO503: more committed for a contract than it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.accounts import Family
from ledger.kinds import Effect, kinds_that
from ledger.text import Text, day_name
from rules.assessment import Assessment, Verdict, passed
from rules.pro.contracts import contracts, failing, name_of, peaks, places_of, subject_of, values_on
from rules.rows import evidence_by
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import pandas as pd

    from ledger.facts import Facts
    from rules.law import Law


class CommitmentAboveContract(Rule):
    """Cam kết chi vượt giá trị hợp đồng.

    Kiểm tra gì:
        Số cam kết chi của một hợp đồng trong một niên độ (đăng ký, điều chỉnh tăng, trừ phần điều
        chỉnh giảm, giải phóng), cuối mỗi ngày, không vượt giá trị hợp đồng (``value``, tính cả phụ
        lục; phụ lục tăng giá trị chỉ tính từ ngày ghi ở ``amendments``).

    Vì sao:
        Cam kết là phần dự toán để dành cho hợp đồng; để dành quá giá trị hợp đồng là ghi nhầm số
        tiền, nhầm hợp đồng, hoặc thiếu phụ lục, và phần dự toán thừa không dùng được vào việc khác.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "In tài liệu"
          task: "NV05"
          vendor: "0100000002"
          value: 60
          signed: 2021-05-10
        2021-05-14 * "Kho bạc chấp nhận cam kết chi"
          kind: "commitment"
          contract: "20/2021/HĐ-SCT"
          commitment: "CKC-03/2021"
          Assets:DuToan:KhaDung:NV05:NSTP  -61 VND
          Assets:DuToan:CamKet:NV05:NSTP    61 VND

    Cách sửa:
        Sửa số tiền, hợp đồng ghi nhầm; đã ký phụ lục thì ghi giá trị theo phụ lục:
          value: 61
          amendments: "Phụ lục 01 ngày 2021-05-12: tăng 1"
    """

    code = "PRO503"
    name = "commitment.above-contract"
    title = Text("Cam kết chi vượt giá trị hợp đồng", "More committed than the contract is worth")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: cam kết chi {committed} đồng đến ngày {day} trong niên độ {year}, giá trị hợp "
        "đồng là {allowed} đồng",
        "{subject}: {committed} VND committed by {day} in budget year {year}, the contract's value "
        "is {allowed} VND",
    )
    english = """What it checks:
    What is committed for a contract in a budget year (registered and raised, less what was lowered
    or released) does not exceed the contract's value at the end of any day (``value``, amendments
    included, each rise from the day that ``amendments`` tells).

Why:
    A commitment keeps a part of the estimate for the contract; more than it is worth is a wrong
    amount, a wrong contract or an amendment not recorded, and that part serves nothing else.

How to put it right:
    Mend the amount or the contract; record the value with the amendment that was signed.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract and budget year with commitments."""
        rows = _committing(facts)
        for year, of_year in rows.groupby("budget_year", sort=True):
            days = _running(of_year)
            days = days.assign(allowed=values_on(facts, days))
            highest = peaks(days.assign(above=days["sum"] - days["allowed"]), "above")
            over = highest[highest["above"] > 0]
            yield from passed(len(highest) - len(over))
            evidence = evidence_by(
                of_year[of_year["amount"] > 0], "place", over.set_index("place")["above"].to_dict()
            )
            for row in failing(facts, over):
                day = row.date.date()
                yield Assessment(
                    f"{subject_of(row)} {year}",
                    Verdict.FAIL,
                    row.book,
                    decided_on=day,
                    observed=int(row.sum),
                    allowed=int(row.allowed),
                    at_issue=int(row.above),
                    values={
                        "subject": name_of(row),
                        "committed": int(row.sum),
                        "day": day_name(day),
                        "year": str(year),
                        "allowed": int(row.allowed),
                    },
                    evidence=evidence.get(row.place, ()),
                )


def _committing(facts: Facts) -> pd.DataFrame:
    """The postings that set a part of the estimate aside for a contract or free it, by place."""
    postings = facts["postings"]
    rows = postings[
        (postings["family"] == Family.COMMITTED.value)
        & postings["kind"].isin(kinds_that(Effect.COMMITS))
        & (postings["contract"] != "")
    ]
    place = places_of(rows, "contract", contracts(facts))
    return rows.assign(place=place)[place >= 0]


def _running(rows: pd.DataFrame) -> pd.DataFrame:
    """What is committed for each contract at the end of each day: ``place``, ``date``, ``sum``."""
    days = rows.groupby(["place", "date"], as_index=False).agg(amount=("amount", "sum"))
    days["sum"] = days.groupby("place")["amount"].cumsum()
    return days
