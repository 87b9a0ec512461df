"""DUP202: the unit's own staff paid as outside experts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.accounts import COST_FAMILIES
from ledger.text import Text, split_list
from rules.assessment import Assessment, Verdict, passed
from rules.rows import evidence_of, groups, in_order, known, records
from rules.rule import Rule
from rules.severity import Severity
from rules.sub_items import of_ranges

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law

_NORM: Final = "tt324-hired-experts"
_STAFF: Final = "staff"


class StaffAsExpert(Rule):
    """Trả cán bộ của đơn vị như chuyên gia, giảng viên thuê ngoài.

    Kiểm tra gì:
        Người thụ hưởng có vai trò ``staff`` không được trả ở tiểu mục dành cho người ngoài: bồi
        dưỡng giảng viên, báo cáo viên và chi phí thuê mướn (danh sách ở tệp định mức
        ``324-2016-tt-btc.yaml``). Công tác phí không xét. Cán bộ được phân công giảng bài có thể
        hợp lệ, nên chỉ đề nghị giải trình.

    Vì sao:
        Cán bộ của đơn vị đã hưởng lương cho công việc của mình; trả thêm như chuyên gia thuê ngoài
        là hai lần cho một việc.

    Ví dụ sai:
        2021-01-01 custom "party" "8399000241" "Cán bộ minh họa 13"
          role: "staff"
        2021-10-20 * "Thuê chuyên gia"
          kind: "payment"
          beneficiary: "8399000241"
          Assets:DuToan:KhaDung:NV07:NSTP  -500 VND
          Expenses:NV07:NSTP:TM6758         500 VND

    Cách sửa:
        Thu hồi khoản đã trả; được phân công giảng bài ngoài nhiệm vụ thì giải trình, kèm văn bản:
          2021-11-02 * "Thu hồi thù lao trả cán bộ của đơn vị"
            kind: "return-restoring"
            beneficiary: "8399000241"
            Expenses:NV07:NSTP:TM6758         -500 VND
            Assets:DuToan:KhaDung:NV07:NSTP    500 VND
    """

    code = "DUP202"
    name = "duplicate.staff-as-expert"
    title = Text("Trả cán bộ như chuyên gia thuê ngoài", "Staff paid as outside experts")
    severity = Severity.WARNING
    basis = (_NORM,)
    message = Text(
        "{subject}: {person} là cán bộ của đơn vị, được trả {paid} đồng ở tiểu mục {items}",
        "{subject}: {person} is on the unit's staff and was paid {paid} VND under {items}",
    )
    english = """What it checks:
    A beneficiary whose role is ``staff`` is not paid under the sub-items of outsiders: lecturers
    and speakers, hired services (the list stands in the norm file ``324-2016-tt-btc.yaml``).
    Travel is not judged. Staff may lawfully be told to teach, so it is only asked about.

Why:
    Staff are paid wages for their work; paid again as hired experts, one work is paid twice.

How to put it right:
    Take it back, or explain with the document that assigned the teaching.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a member of staff and task; the other payments to staff in bulk."""
        staff = {
            (str(row.book), str(row.tax_code)): str(row.title)
            for row in records(facts["parties"])
            if _STAFF in split_list(str(row.role))
        }
        postings = facts["postings"]
        rows = postings[
            (postings["beneficiary"] != "")
            & known(postings["beneficiary"], {code for _, code in staff})
            & known(postings["family"], COST_FAMILIES)
        ]
        ranges = [text for limit in law.limits_ever(_NORM) for text in limit.sub_items]
        hired = rows[of_ranges(rows["sub_item"], ranges)]
        yield from passed(len(rows) - len(hired))
        for (book, code, task), part in groups(hired, ["book", "beneficiary", "task"]):
            paid = int(part["amount"].sum())
            subject = f"party {code} {task}"
            if (book, code) not in staff or paid <= 0:
                yield Assessment(subject, Verdict.PASS, book)
                continue
            items = sorted({item.removeprefix("TM") for item in part["sub_item"]})
            yield Assessment(
                subject,
                Verdict.FAIL,
                book,
                decided_on=part["date"].max().date(),
                at_issue=paid,
                values={
                    "person": staff[book, code],
                    "paid": paid,
                    "items": ", ".join(items),
                },
                evidence=evidence_of(in_order(part), paid),
                review=True,
            )
