"""A set written and read back."""

from __future__ import annotations

import datetime as dt
import functools
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl

from ledger.loading import load_facts
from ledger.text import Text
from reports.forms.layouts import chosen_layouts, load_layouts
from reports.forms.rounding import Unit
from reports.settlement.asked import Request
from reports.settlement.desk import Desk
from reports.settlement.filling import Filled, fill_set
from reports.settlement.settling import MadeSet, settle
from reports.settlement.source import SetPeriod, YearMoney
from reports.settlement.teller import Teller
from reports.settlement.tied_forms import ties_of
from reports.settlement.ties import Checked, check_ties
from reports.settlement.years import year_period
from rules.checking import law_of
from rules.law import load_law, shipped_packs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.workbook.workbook import Workbook

    from ledger.facts import Facts
    from rules.law import Law

WORKED_BOOK = Path(__file__).parent / "data" / "worked_book.beancount"
DAY = dt.date(2026, 11, 25)
CLOSING = dt.date(2022, 1, 31)
RECONCILED = """
2022-02-10 custom "reconciled" "2021"
  account: "01a-SDKP/ĐVDT"
  digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
  statement: "01a.xlsx"

2022-02-10 custom "reconciled" "2021"
  account: "02a-SDKP/ĐVDT"
  digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
"""

CANCELLED = """
2022-01-31 * "Hủy"
  kind: "cancellation"
  budget-year: 2021
  Assets:DuToan:KhaDung:NV02:NSTP  -1000 VND
  Equity:HuyDuToan:NSTP             1000 VND
"""

CANCELLED_600 = CANCELLED.replace("1000", "600")

UNIT = """
2021-02-01 * "Chi"
  kind: "payment"
  Assets:DuToan:KhaDung:NV02:NSTP  {spent} VND
  Expenses:NV02:NSTP:TM6651         {used} VND
"""


class Set(NamedTuple):
    """Filled forms and the checks between them."""

    desk: Desk
    filled: list[Filled]
    checked: list[Checked]

    def form(self, form: str) -> Filled:
        """The first copy of a form."""
        return next(one for one in self.filled if one.layout.form == form)

    def of(self, form: str) -> list[Filled]:
        """Every copy."""
        return [one for one in self.filled if one.layout.form == form]


@functools.cache
def shipped_law() -> Law:
    """Every norm that ships."""
    return load_law(shipped_packs())


def fill(
    facts: Facts,
    year: int = 2021,
    unit: Unit = Unit.DONG,
    level: str = "2",
    law: Law | None = None,
    **period: Any,
) -> Set:
    """The forms of a year of a book, nothing written."""
    closing = dt.date(year + 1, 1, 31)
    name = Text(f"năm {year}", f"year {year}")
    own = SetPeriod(year, dt.date(year, 1, 1), None, closing, name)._replace(**period)
    desk = Desk(
        Teller(YearMoney(facts, own), unit, "dong-so.xlsx"), (), (), law or shipped_law(), "vi"
    )
    kind = "year" if own.whole else "quarter"
    filled = fill_set(desk, chosen_layouts(load_layouts(), year, (), kind), level)
    return Set(desk, filled, check_ties(ties_of(desk, filled), filled))


def settle_book(
    main: Path, folder: Path, year: int = 2021, on: dt.date = DAY, **asked: Any
) -> MadeSet:
    """The set of a book, by default as a draft without PDF."""
    facts = load_facts(main).facts
    request = Request(folder, **{"draft": True, "pdf": False, **asked})
    law = law_of(facts, [main])
    return settle(facts, law, year_period(law, year), on, request)


@functools.cache
def values(path: Path) -> Workbook:
    """The workbook with the values that it carries."""
    return openpyxl.load_workbook(path, data_only=True)


@functools.cache
def formulas(path: Path) -> Workbook:
    """The workbook with its formulas."""
    return openpyxl.load_workbook(path)


def all_values(workbook: Workbook) -> dict[str, object]:
    """Every cell that holds something, by sheet and address."""
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in {None, ""}
    }


def added_up(path: Path, at: int) -> int:
    """What the rows of the book below a line of the index come to, counted row by row."""
    index, sheet = (values(path)[name] for name in ("Căn cứ", "Dòng sổ"))
    total, line = 0, at + 1
    while index.cell(line, 3).value is not None:
        start = int(re.findall(r"^Dòng sổ (\d+)", str(index.cell(line, 3).value))[0])
        count = int(str(index.cell(line, 4).value))
        amounts = [int(str(sheet.cell(n, 9).value)) for n in range(start, start + count)]
        added = int(str(index.cell(line, 5).value))
        assert abs(sum(amounts)) == abs(added)
        total, line = total + added, line + 1
    return total


def spoiled(path: Path, copy: Path) -> Path:
    """A copy whose formulas carry wrong values, so that only a recalculation mends them."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                text = re.sub(r"(</f>)<v>[^<]+</v>", r"\1<v>123456</v>", content.decode())
                content = text.encode()
            new.writestr(item, content)
    return copy


def recalculated(paths: Sequence[Path], folder: Path) -> list[Workbook]:
    """The workbooks after LibreOffice, started once, has computed every formula again."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load">'
        '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>\n'
        "</oor:items>\n",
        "utf-8",
    )
    out = folder / "recalculated"
    subprocess.run(
        [
            shutil.which("soffice") or "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            *map(str, paths),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return [values(out / path.name) for path in paths]


def gaps(checked: list[Checked]) -> Mapping[str, int]:
    """The checks that fail, by name."""
    return {one.tie.label.vi: one.gap for one in checked if one.gap}


def forms_of(folder: Path) -> Path:
    """The workbook of forms of a set."""
    return next(
        path
        for path in folder.glob("*.xlsx")
        if "dong-so" not in path.name and "cong" not in path.name
    )


def rows_of(folder: Path) -> Path:
    """The workbook of rows of a set."""
    return next(folder.glob("*-dong-so.xlsx"))
