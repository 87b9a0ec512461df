"""DUP103: one enterprise supported twice for the same content in a year."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.dup.naming import bare_number, homes, placed
from rules.rows import declared, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from ledger.facts import Facts
    from rules.law import Law


class SupportedTwice(Rule):
    """Một doanh nghiệp được hỗ trợ hai lần cùng một nội dung trong một năm.

    Kiểm tra gì:
        Mỗi doanh nghiệp, mỗi nội dung chi, mỗi năm của quyết định hỗ trợ: chỉ có một khoản hỗ trợ
        (``support``) trong mọi sổ đưa vào cùng lúc. Hai quyết định cho hai đề án khác nhau có thể
        hợp lệ, nên chỉ đề nghị giải trình.

    Vì sao:
        Đơn vị thụ hưởng cam kết nội dung đề nghị hỗ trợ chưa được nguồn nhà nước nào khác hỗ trợ.

    Ví dụ sai:
        2021-05-20 custom "support" "HT-08-003"
          activity: "trial-production"
          enterprise: "0100000001"
          decision-date: 2021-05-20
        2021-09-20 custom "support" "HT-08-017"
          activity: "trial-production"
          enterprise: "0100000001"
          decision-date: 2021-09-20

    Cách sửa:
        Một khoản khai báo hai lần thì bỏ một. Hai đề án khác nhau thì giải trình:
          2021-12-31 custom "explanation" "DUP103" "dấu vân của phát hiện"
            person: "Thủ trưởng đơn vị"
            reason: "Hai đề án khác nhau: …"
    """

    code = "DUP103"
    name = "duplicate.supported-twice"
    title = Text("Doanh nghiệp được hỗ trợ hai lần", "An enterprise supported twice")
    severity = Severity.WARNING
    basis = ("tt29-cond-no-double",)
    message = Text(
        "{subject}: {count} khoản hỗ trợ ({names}), các khoản sau {later} đồng",
        "{subject}: {count} supports ({names}), the later ones {later} VND",
    )
    english = """What it checks:
    For each enterprise, content of spending and year of decision there is one ``support`` in all
    books given together. Two decisions for two projects may be lawful, so it is only asked about.

Why:
    The beneficiary declares that no other state source supported the same content.

How to put it right:
    Take a doubled declaration out; explain where the projects differ.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment an enterprise, content and year."""
        alike: dict[tuple[str, str, int], list[Any]] = defaultdict(list)
        for row in records(facts["supports"]):
            if row.decision_date.date() <= as_of:
                key = (bare_number(row.enterprise), row.activity, row.decision_date.year)
                alike[key].append(row)
        called = homes(facts)
        for enterprise, activity, year in sorted(alike):
            rows = alike[enterprise, activity, year]
            yield _judged(f"enterprise {enterprise} {activity} {year}", rows, called)


def _judged(subject: str, rows: list[Any], called: Mapping[str, str]) -> Assessment:
    rows = sorted(rows, key=lambda row: (row.decision_date, row.support, row.book))
    if len(rows) == 1:
        return Assessment(subject, Verdict.PASS, rows[0].book)
    later = sum(int(row.state_support) for row in rows[1:])
    return Assessment(
        subject,
        Verdict.FAIL,
        rows[0].book,
        decided_on=rows[-1].decision_date.date(),
        observed=len(rows),
        allowed=1,
        at_issue=later,
        values={
            "count": str(len(rows)),
            "names": placed(((_name(row, rows), str(row.book)) for row in rows), called),
            "later": later,
        },
        evidence=tuple(declared(row, f"{row.support}: {row.title}") for row in rows),
        review=True,
    )


def _name(row: Any, rows: list[Any]) -> str:  # noqa: ANN401  # a record
    """A support by its name; by its decision too, where books name theirs alike."""
    several = len({one.book for one in rows}) > 1
    return f"{row.support} ({row.decision})" if several and row.decision else row.support
