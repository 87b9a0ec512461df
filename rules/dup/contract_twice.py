"""DUP104: one contract declared twice."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ledger.accounts import COST_FAMILIES
from ledger.text import Text
from rules.assessment import Assessment, Verdict
from rules.dup.naming import bare_number, reference
from rules.rows import declared, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law


class ContractTwice(Rule):
    """Một hợp đồng khai báo hai lần.

    Kiểm tra gì:
        Cùng số hợp đồng và cùng nhà cung cấp chỉ khai báo một lần, trong mọi sổ đưa vào cùng lúc;
        khác nhau ở dấu cách, chữ hoa chữ thường vẫn là một số. Số tiền cần xem xét là phần đã chi
        trên các lần khai báo vượt giá trị hợp đồng.

    Vì sao:
        Khai báo hai lần thì mỗi chương trình, mỗi nhiệm vụ có thể trả đủ giá trị của cùng một hợp
        đồng mà không quy tắc nào thấy.

    Ví dụ sai:
        2021-07-01 custom "contract" "12/2021/HĐ-SCT" "Gian hàng"
          vendor: "0100000002"
        2021-07-01 custom "contract" "12/2021/hđ-sct" "Gian hàng"
          vendor: "0100000002"

    Cách sửa:
        Bỏ một khai báo và sửa ``contract`` ở các giao dịch cho cùng một cách viết:
          contract: "12/2021/HĐ-SCT"
    """

    code = "DUP104"
    name = "duplicate.contract-twice"
    title = Text("Hợp đồng khai báo hai lần", "A contract declared twice")
    severity = Severity.WARNING
    rests_on_law = False
    message = Text(
        "{subject}: khai báo {count} lần ({names}), đã chi tất cả {paid} đồng",
        "{subject}: declared {count} times ({names}), {paid} VND paid in all",
    )
    english = """What it checks:
    One number of a contract with one vendor is declared once in all books given together; spaces
    and capitals make no difference. At issue is what was paid on all the declarations above the
    contract's value.

Why:
    Declared twice, each programme or task may pay the whole value of one contract unseen.

How to put it right:
    Take one declaration out and write ``contract`` in one way.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a contract, whatever the number of its declarations."""
        alike: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in records(facts["contracts"]):
            alike[reference(row.contract), bare_number(row.vendor)].append(row)
        for rows in (alike[key] for key in sorted(alike)):
            yield _judged(rows, facts)


def _judged(rows: list[Any], facts: Facts) -> Assessment:
    rows = sorted(rows, key=lambda row: (row.signed, row.contract, row.book))
    first = rows[0]
    subject = f"contract {first.contract}"
    if len(rows) == 1:
        return Assessment(subject, Verdict.PASS, first.book)
    postings = facts["postings"]
    costs = postings["family"].isin(COST_FAMILIES)
    paid = sum(
        int(
            postings.loc[
                costs & (postings["book"] == row.book) & (postings["contract"] == row.contract),
                "amount",
            ].sum()
        )
        for row in rows
    )
    value = max(int(row.value) for row in rows)
    return Assessment(
        subject,
        Verdict.FAIL,
        first.book,
        decided_on=first.signed.date(),
        observed=paid,
        allowed=value,
        at_issue=max(paid - value, 0),
        values={
            "count": str(len(rows)),
            "names": ", ".join(f"«{row.contract}»" for row in rows),
            "paid": paid,
        },
        evidence=tuple(declared(row, f"{row.contract}: {row.title}") for row in rows),
        review=True,
    )
