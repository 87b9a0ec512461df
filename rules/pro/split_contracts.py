"""PRO102: contracts of one vendor and task that together pass the limit of direct award."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ledger.text import Text
from rules.assessment import Assessment, Verdict, not_concerned
from rules.dup.naming import legal_person
from rules.pro.contracts import NOT_IN_FORCE, contracts
from rules.pro.methods import DIRECT_AWARD, by_method, deciding_days, limits_of_methods
from rules.pro.timeline import Timeline
from rules.rows import declared, records
from rules.rule import Rule
from rules.severity import Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.facts import Facts
    from rules.law import Law
    from rules.pro.methods import Method

_ALIKE: Final = ["book", "vendor", "task", "year"]
_SEPARATE: Final = Text(
    "một hợp đồng, hoặc các gói thầu riêng của kế hoạch được duyệt",
    "one contract, or separate packages of the approved plan",
)


class SplitContracts(Rule):
    """Nhiều hợp đồng chỉ định thầu với một nhà thầu, cộng lại vượt hạn mức.

    Kiểm tra gì:
        Các hợp đồng chỉ định thầu ký trong một năm với cùng nhà thầu, cùng nhiệm vụ, từng hợp đồng
        không quá hạn mức chỉ định thầu, cộng lại cũng không quá hạn mức; hợp đồng do người đứng
        đầu quyết định cũng vậy, theo hạn mức của hình thức đó. Hợp đồng của các gói thầu khác nhau
        (``package``) không cộng vào nhau khi nêu cả quyết định duyệt kế hoạch lựa chọn nhà thầu
        (``selection-plan``); chỉ ghi tên gói thì vẫn cộng. Chi nhánh là một với doanh nghiệp của
        nó. Luôn chỉ là đề nghị giải trình: số liệu không cho biết chủ ý.

    Vì sao:
        Chia dự toán mua sắm thành nhiều gói thầu để chỉ định thầu là hành vi bị cấm.

    Ví dụ sai:
        2021-05-10 custom "contract" "20/2021/HĐ-SCT" "In tài liệu tập huấn đợt 1"
          task: "NV05"
          vendor: "0100000002"
          value: 60000000
          signed: 2021-05-10
          method: "Chỉ định thầu rút gọn"
        2021-05-24 custom "contract" "21/2021/HĐ-SCT" "In tài liệu tập huấn đợt 2"
          task: "NV05"
          vendor: "0100000002"
          value: 60000000
          signed: 2021-05-24
          method: "Chỉ định thầu rút gọn"

    Cách sửa:
        Các gói thầu đã tách trong kế hoạch lựa chọn nhà thầu được duyệt thì ghi gói và quyết định
        ở từng hợp đồng:
          package: "Gói 41: in tài liệu đợt 1"
          selection-plan: "35/QĐ-SCT ngày 15/03/2021"
    """

    code = "PRO102"
    name = "procurement.split-contracts"
    title = Text("Chia nhỏ hợp đồng để chỉ định thầu", "Contracts split below the limit")
    severity = Severity.WARNING
    basis = ("no-splitting-2024",)
    chosen = limits_of_methods(direct=True)
    message = Text(
        "{subject}: {count} hợp đồng chỉ định thầu cộng lại {total} đồng, hạn mức {limit} đồng",
        "{subject}: {count} contracts awarded directly make {total} VND, the limit {limit} VND",
    )
    english = """What it checks:
    Contracts awarded directly in one year to the same vendor for the same task, each within the
    limit of direct award, do not add up to more than it; so do those that the head of the unit
    decides on, by the limit of that method. Contracts of different packages (``package``) are not
    added together where they name the decision that approved the selection plan
    (``selection-plan``); the name of a package alone does not part them. A branch is one with its
    enterprise. It only ever asks: figures do not show an intent.

Why:
    Splitting a purchase budget into packages in order to award them directly is prohibited.

How to put it right:
    Packages that the approved selection plan parted: record the package and the decision with
    each contract.
"""

    def check(self, facts: Facts, law: Law, as_of: dt.date) -> Iterator[Assessment]:
        """One assessment a vendor, task and year with contracts awarded in one direct way."""
        for method, rows in by_method(contracts(facts)):
            if method is not None and method.direct:
                yield from _of_method(method, rows, law)


def _of_method(method: Method, rows: pd.DataFrame, law: Law) -> Iterator[Assessment]:
    rows = rows.assign(
        year=rows["signed"].dt.year,
        day=deciding_days(rows, method, law),
        vendor=rows["vendor"].astype("str").map(legal_person).astype("category"),
        package=_approved(rows),
    )
    apart = _apart(rows)
    yield from not_concerned(len(rows[apart].drop_duplicates(_ALIKE)), _SEPARATE)
    timeline = Timeline(law, method.norms)
    together = rows[~apart].astype({"book": "str", "vendor": "str", "task": "str"})
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for contract in records(together.sort_values([*_ALIKE, "signed", "contract"])):
        groups[contract.book, contract.vendor, contract.task, contract.year].append(contract)
    for (book, vendor, task, year), group in groups.items():
        subject = f"party {vendor} {task} {year}"
        if method.code != DIRECT_AWARD:
            subject += f" {method.code}"
        yield _judged(book, subject, group, timeline)


def _approved(rows: pd.DataFrame) -> pd.Series:
    """The package of each contract that names the plan which it was approved in."""
    named = rows["package"].astype("str").where(rows["selection_plan"].astype("str") != "", "")
    return named.astype("category")


def _apart(rows: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each contract stands alone, or in a group of separate packages only."""
    group = rows.groupby(_ALIKE, observed=True, sort=False).ngroup().to_numpy()
    count = np.bincount(group)
    named = (rows["package"] != "").to_numpy()
    packages = pd.DataFrame({"group": group, "package": rows["package"].cat.codes.to_numpy()})
    distinct = packages[named].drop_duplicates()["group"].to_numpy()
    separate = (np.bincount(group[named], minlength=len(count)) == count) & (
        np.bincount(distinct, minlength=len(count)) == count
    )
    return np.asarray(((count == 1) | separate)[group])


def _judged(book: str, subject: str, group: list[Any], timeline: Timeline) -> Assessment:
    """Contracts of one group, by day of signing; the last one's law decides."""
    day = group[-1].day.date()
    norm = timeline.on(day)
    if norm is None:
        return Assessment(subject, Verdict.UNKNOWN, book, reason=NOT_IN_FORCE)
    limit = min(int(tier.top) for tier in norm.limits)
    below = [contract for contract in _largest_whole(group) if contract.value <= limit]
    total = sum(int(contract.value) for contract in below)
    if total <= limit:
        return Assessment(subject, Verdict.PASS, book, observed=total, allowed=limit)
    return Assessment(
        subject,
        Verdict.FAIL,
        book,
        norms=(norm.norm,),
        decided_on=day,
        observed=total,
        allowed=limit,
        at_issue=total - limit,
        values={"count": str(len(below)), "total": total, "limit": limit},
        evidence=tuple(declared(contract, contract.title) for contract in below),
        review=True,
    )


def _largest_whole(group: list[Any]) -> list[Any]:
    """The contracts that count together: of one package with those of no package, at the most."""
    loose = [contract for contract in group if not contract.package]
    packages: dict[str, list[Any]] = defaultdict(list)
    for contract in group:
        if contract.package:
            packages[contract.package].append(contract)
    largest = max(
        packages.values(), key=lambda part: sum(int(item.value) for item in part), default=[]
    )
    return [contract for contract in group if contract in loose or contract in largest]
