"""What Fava itself can show of a book: budgets, saved queries, links, where new entries go.

All of it stands in memory only. Fava divides budgets by days, so that they are approximate; no
figure of ours is read from them.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fava.core.budgets import Budget
from fava.core.fava_options import InsertEntryOption
from fava.util import slugify
from fava.util.date import INTERVALS

from ledger.beans import Query
from ledger.execution import TASK_FUND, execution
from ledger.problems import Problem
from ledger.text import Text
from rules.rows import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fava.core import FavaLedger

    from ledger.beans import BeanError
    from ledger.facts import Facts
    from ledger.text import Language
    from reports.pages.runs import Run

_MONTH: Final = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])\.(?:beancount|bean)")
_ANY: Final = re.compile("")

# Fava cuts longer names from the wrong end.
_QUERIES: Final = (
    (
        Text("Chi theo tiểu mục", "Spending by sub-item"),
        "SELECT account, sum(position) WHERE account ~ '^Expenses:' GROUP BY 1 ORDER BY 1",
    ),
    (
        Text("Dự toán còn lại", "Estimate remaining"),
        "SELECT account, sum(position) WHERE account ~ '^Assets:DuToan:KhaDung:' GROUP BY 1",
    ),
    (
        Text("Tạm ứng còn lại", "Advances unsettled"),
        "SELECT account, sum(position) WHERE account ~ '^Assets:(TamUng|Cho)' GROUP BY 1",
    ),
    (
        Text("Theo loại nghiệp vụ", "By kind"),
        "SELECT any_meta('kind') AS kind, count(*) AS n GROUP BY kind ORDER BY kind",
    ),
)


def feed(ledger: FavaLedger, run: Run, language: Language) -> None:
    """Give a ledger that was just loaded what it shows of its own accord."""
    _set_locale(ledger, language)
    ledger.all_entries_by_type = ledger.all_entries_by_type._replace(
        Query=[*_queries(ledger, language), *ledger.all_entries_by_type.Query]
    )
    ledger.query_shell.load_file()
    ledger.misc.sidebar_links = [*_links(ledger, language), *ledger.misc.sidebar_links]
    own = ledger.fava_options.insert_entry
    ledger.fava_options.insert_entry = _apart([*own, *_targets(ledger)])
    if run.assessed is not None:
        for budget in _budgets(run.assessed.facts):
            ledger.budgets._budget_entries.setdefault(budget.account, []).append(budget)  # noqa: SLF001  # Fava has no other way


def told_by_beancount(error: BeanError) -> Problem:
    """What Beancount said of a book, as it said it."""
    return Problem(error.file, error.line, Text(error.message, error.message))


def _set_locale(ledger: FavaLedger, language: Language) -> None:
    if ledger.fava_options.locale is None and language == "vi":
        ledger.fava_options.locale = "vi_VN"
        ledger.format_decimal.load_file()


def _queries(ledger: FavaLedger, language: Language) -> Iterator[Any]:
    meta = {"filename": ledger.beancount_file_path, "lineno": 1}
    for name, query in _QUERIES:
        yield Query(meta, dt.date(1970, 1, 1), name.to(language), query)


def _links(ledger: FavaLedger, language: Language) -> Iterator[tuple[str, str]]:
    slug = slugify(ledger.options["title"]) or slugify(ledger.beancount_file_path)
    for label, account in (
        (Text("Sổ dự toán", "Estimates"), "Assets:DuToan"),
        (Text("Sổ tạm ứng", "Advances"), "Assets:TamUng"),
        (Text("Sổ chi", "Spending"), "Expenses"),
    ):
        if any(name.startswith(account) for name in ledger.accounts):
            yield label.to(language), f"/{slug}/account/{account}/"


def month_files(files: Iterable[str]) -> dict[dt.date, str]:
    """The files of a book that each hold a month, by its first day; the nearest to the top file."""
    found = {}
    for file in sorted(files, key=lambda file: len(Path(file).parts), reverse=True):
        match = _MONTH.fullmatch(Path(file).name)
        if match is not None:
            found[dt.date(int(match["year"]), int(match["month"]), 1)] = file
    return found


def _targets(ledger: FavaLedger) -> Iterator[InsertEntryOption]:
    """A new entry goes to the end of its month's file.

    Fava takes the latest target before an entry's day, so a month's stands on the day before it,
    and the day after its end leads back to the top file.
    """
    months = month_files(ledger.options["include"])
    for first, file in months.items():
        yield _target(first, file)
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        if last + dt.timedelta(1) not in months:
            top = ledger.fava_options.default_file or ledger.beancount_file_path
            yield _target(last + dt.timedelta(1), top)


def _apart(targets: Iterable[InsertEntryOption]) -> list[InsertEntryOption]:
    """The targets, no two at one line of a file, for Fava's editor lists them by it.

    Several gaps between months lead to the end of the top file; a line past it is the end too.
    """
    taken: set[tuple[str, int]] = set()
    found = []
    for target in targets:
        line = target.lineno
        while (target.filename, line) in taken:
            line += 1
        taken.add((target.filename, line))
        found.append(dataclasses.replace(target, lineno=line))
    return found


def _target(first: dt.date, file: str) -> InsertEntryOption:
    # By bytes: a damaged file is shown too, with its errors.
    lines = Path(file).read_bytes().count(b"\n")
    return InsertEntryOption(first - dt.timedelta(1), _ANY, file, lines + 2)


def _budgets(facts: Facts) -> Iterator[Budget]:
    """What each task and fund may spend in each budget year, as Fava's yearly budgets."""
    years = sorted(int(year) for year in facts["programme"]["budget_year"].unique())
    for year in years:
        table = execution(facts, year, TASK_FUND)
        for row in records(table):
            total = int(row.allotted + row.adjusted + row.carried_over)
            if total > 0:
                account = ":".join(filter(None, ("Expenses", row.unit, row.task, row.fund)))
                yield Budget(
                    account, dt.date(year, 1, 1), INTERVALS["yearly"], Decimal(total), "VND"
                )
                yield Budget(
                    account, dt.date(year + 1, 1, 1), INTERVALS["yearly"], Decimal(0), "VND"
                )
