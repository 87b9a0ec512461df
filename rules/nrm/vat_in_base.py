"""NRM103: the share of the budget holds only with the tax that the enterprise deducts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.text import Text
from rules.assessment import Verdict
from rules.nrm.share_exceeded import ShareExceeded
from rules.severity import Severity

if TYPE_CHECKING:
    import pandas as pd

    from rules.assessment import Assessment
    from rules.norm import Limit
    from rules.nrm.costs import Reading


class VatInBase(ShareExceeded):
    """Chi phí làm căn cứ hỗ trợ có cả thuế GTGT.

    Kiểm tra gì:
        Với từng khoản hỗ trợ doanh nghiệp có giao dịch ghi ``vat``: bỏ thuế giá trị gia tăng khỏi
        chi phí hợp lệ thì phần ngân sách vẫn không vượt tỷ lệ của định mức. Phần đã vượt ngay cả
        khi tính cả thuế thuộc quy tắc NRM101.

    Vì sao:
        Thuế đầu vào mà doanh nghiệp được khấu trừ không phải là chi phí của doanh nghiệp; tính cả
        thuế thì ngân sách trả nhiều hơn tỷ lệ được phép. Sổ không cho biết doanh nghiệp có khấu
        trừ hay không, nên chỉ đề nghị giải trình.

    Ví dụ sai:
        2021-06-10 * "Ngân sách hỗ trợ 55 trên hóa đơn 110, trong đó thuế 10; tỷ lệ tối đa 50%"
          kind: "payment"
          support: "HT-08-003"
          vat: 10
          Assets:DuToan:KhaDung:NV08:NSTP   -55 VND
          Expenses:NV08:NSTP:TM7799          55 VND

    Cách sửa:
        Xin văn bản của doanh nghiệp rằng thuế không được khấu trừ, hoặc ghi phần thuế là chi phí
        không hợp lệ và thu hồi phần vượt:
          2021-07-01 * "Doanh nghiệp nộp lại"
            kind: "return-restoring"
            support: "HT-08-003"
            Expenses:NV08:NSTP:TM7799         -5 VND
            Assets:DuToan:KhaDung:NV08:NSTP    5 VND
    """

    code = "NRM103"
    name = "norm.vat-in-base"
    title = Text(
        "Chi phí làm căn cứ hỗ trợ có cả thuế GTGT", "The cost supported includes deductible tax"
    )
    severity = Severity.WARNING
    base = "base"
    message = Text(
        "{subject}: ngân sách chi {observed} đồng; {base} không kể thuế GTGT là {total} "
        "đồng, tối đa {share} là {allowed} đồng",
        "{subject}: the budget paid {observed} VND; the {base} without VAT is {total}, "
        "at most {share}, that is {allowed}",
    )
    english = """What it checks:
    For each support of which a transaction gives ``vat``: with that tax taken out of the eligible
    cost, the budget's part still keeps to its share. What exceeds it even with the tax is NRM101's.

Why:
    Input tax that the enterprise deducts is no cost of its own. The book does not show whether it
    deducts, so the finding asks.

How to put it right:
    Get the enterprise's statement that it does not deduct the tax, or mark the tax ineligible and
    take the excess back.
"""

    def _reads(self, limit: Limit) -> bool:
        return limit.measure == self.measure and limit.of == "eligible-cost"

    def _costs(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Costs of supports of which some are taxed."""
        taxed = rows.loc[rows["base"] != rows["amount"], ["book", "support"]].drop_duplicates()
        if taxed.empty:
            return rows[:0]
        return rows[rows["support"].ne("") & _among(rows, taxed)]

    def _judged(self, readings: list[Reading], costs: pd.DataFrame) -> Assessment:
        item = super()._judged(readings, costs)._replace(review=True)
        if item.verdict is not Verdict.FAIL:
            return item
        with_tax = max(
            reading.observed - self.allowed(reading.binding.limit, _gross(reading, costs), 1)
            for reading in readings
        )
        return item if with_tax <= 0 else item._replace(verdict=Verdict.PASS, evidence=())


def _among(rows: pd.DataFrame, wanted: pd.DataFrame) -> pd.Series[bool]:
    keys = rows["book"] + "\n" + rows["support"]
    return keys.isin(wanted["book"] + "\n" + wanted["support"])


def _gross(reading: Reading, costs: pd.DataFrame) -> int:
    return int(costs.loc[reading.rows, "amount"].sum())
