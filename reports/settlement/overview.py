"""The first sheet: what the set holds, the year in figures, charts that follow them (Tổng hợp)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ledger.accounts import STATE_FUNDS, Family
from ledger.text import Text
from reports.forms.grid import number
from reports.forms.rounding import half_up
from reports.forms.sheet import OWN_LAYOUT
from reports.settlement.naming import name_among
from reports.settlement.notes import LEFT_OPEN
from reports.sheets.layout import CHART_ROW, EMPTY_ROW, Column, Formula, Linked, Page
from reports.sheets.measuring import money_width
from reports.sheets.workbooks import FONT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.forms.grid import Grid
    from reports.forms.sheet import Placed, Setting
    from reports.settlement.notes import Told
    from reports.settlement.source import YearMoney

NAME: Final = Text("Tổng hợp", "Summary")
_FIGURES: Final = {
    "given": (Text("Dự toán giao trong năm", "Estimate of the year"), ("allotted", "adjusted")),
    "spent": (Text("Đã chi ngân sách", "Spent of the budget"), ("spent_nstp", "spent_nstw")),
    "advanced": (Text("Tạm ứng", "Advanced"), ("advanced",)),
    "other": (
        Text("Nguồn doanh nghiệp và khác", "Other sources"),
        ("spent_dn", "spent_hd", "spent_dntc"),
    ),
}
_TASKS_OF_A_PAGE: Final = 20  # more go over a printed page, which then repeats the headings
_WIDTH_OF_TASKS: Final = 700
_WIDTH_OF_SOURCES: Final = 430
_WIDTH_OF_COURSE: Final = 760
_HEIGHT: Final = 330
_ROWS_OF_A_CHART: Final = 17
_AXIS_FONT: Final[dict[str, Any]] = {"name": FONT, "size": 9}
_TASKS_TITLE: Final = Text("Dự toán và số đã chi theo nhiệm vụ", "Estimate and spending by task")
_SOURCES_TITLE: Final = Text("Kinh phí theo nguồn", "Money by source")
_COURSE_TITLE: Final = Text("Dự toán và số đã chi lũy kế", "Estimate and spending, accumulated")
_STATEMENT: Final = Text(
    "Bộ biểu lập từ sổ, số liệu đến bút toán cuối cùng ngày {day}. Bấm vào một số trên biểu để tới "
    "các dòng sổ của số đó.",
    "Forms made from the book up to its last entry, {day}. A figure of a form leads to its rows.",
)

_RATE: Final = Text(
    "Dự toán giao trong năm gồm bổ sung, điều chỉnh, như chỉ tiêu cùng tên ở B01; chưa gồm chuyển "
    "nguồn (nhận của năm trước +, chuyển sang năm sau −), đứng ở CT01. Tỷ lệ thực hiện = (đã chi "
    "ngân sách + tạm ứng) / (dự toán giao trong năm + chuyển nguồn).",
    "The estimate of the year holds what was added or cut, as B01 has it, and not what was carried "
    "in (+) or out (−), which stands in CT01. Rate = (spent of the budget + advanced) / (estimate "
    "of the year + carried over).",
)


def overview_columns(tasks: Grid | None) -> tuple[Column, ...]:
    """The columns of the table of tasks, wide enough for its amounts; of forms alone without it."""
    if tasks is None:
        return (
            Column("code", Text("Số hiệu", "Number"), 18, "code"),
            Column("title", Text("Biểu", "Form"), 110),
        )
    width = money_width([number(row.cells.get("allotted")) for row in tasks.rows], least=18)
    return (
        Column("code", Text("Mã", "Code"), 16, "code"),
        Column("title", Text("Nhiệm vụ, biểu", "Task, form"), 62),
        *(Column(key, heading, width, "money") for key, (heading, _) in _FIGURES.items()),
        Column("rate", Text("Tỷ lệ thực hiện", "Rate"), 11, "percent"),
    )


class Overview:
    """Writes the sheet, when all others stand."""

    def __init__(self, workbook: Any, page: Page, setting: Setting) -> None:  # noqa: ANN401  # untyped library
        """Take the page; ``workbook`` makes the charts."""
        self._workbook = workbook
        self._page = page
        self._setting = setting

    def write(
        self,
        forms: Sequence[Placed],
        tasks: Placed | None,
        source: YearMoney,
        told: Told,
    ) -> None:
        """Fill the sheet.

        Args:
            forms: every form of the set, in order.
            tasks: the form of execution by task, if it is in the set.
            source: the money of the year, for the course of spending.
            told: whether the set can be signed, why not, and what it leaves open.
        """
        page, head, lang = self._page, self._setting.head, self._setting.language
        page.line(head.unit, "unit")
        page.line(Text("BỘ BÁO CÁO", "REPORTS").to(lang), "title")
        page.line(self._setting.subject, "centred")
        self._write_told(told, forms)
        page.line(_STATEMENT.format(day=f"{head.last_entry:%d/%m/%Y}").to(lang), "legend")
        if tasks:
            page.line(_RATE.to(lang), "legend")
            unit = Text("Đơn vị tính: {unit}", "Unit: {unit}")
            page.line(unit.format(unit=self._setting.unit.label.to(lang)).to(lang), "note")
        many = tasks is not None and len(tasks.grid.rows) > _TASKS_OF_A_PAGE
        page.header(frozen_columns=2, repeated=many)
        rows = (page.row, page.row - 1)
        if tasks:
            rows = self._write_tasks(tasks)
            page.gap()
        for form in forms:
            layout = form.grid.layout
            linked = Linked(layout.printed, f"internal:{form.sheet_name}!A1")
            page.write_across(linked, name_among(forms, form).to(lang))
        if tasks and rows[1] >= rows[0]:
            self._write_charts(rows, source)
        page.allow_codes()
        page.print_area()

    def _write_told(self, told: Told, forms: Sequence[Placed]) -> None:
        """What a reader must know before any figure."""
        page, head, lang = self._page, self._setting.head, self._setting.language
        if self._setting.draft:
            page.line(told.state.to(lang), "alarm")
            for number, text in enumerate(told.blocked, 1):
                page.line(f"{number}. {text.to(lang)}.", "point")
        if head.illustration:
            page.line(
                Text(
                    "Sổ có số liệu minh họa, không dùng như số liệu thật: xem trang «Giải thích».",
                    "The book holds illustrative figures: see the sheet “Notes”.",
                ).to(lang),
                "warning",
            )
        for text in told.left_open:
            page.line(f"{LEFT_OPEN.to(lang)}: {text.to(lang)}.", "warning")
        for form in forms:
            layout = form.grid.layout
            if layout.own_file:
                named = OWN_LAYOUT.format(file=layout.own_file).to(lang)
                page.line(f"{layout.form}: {named}", "warning")

    def _write_tasks(self, tasks: Placed) -> tuple[int, int]:
        page = self._page
        first = page.row
        for row in tasks.grid.rows:
            if row.dress:
                continue
            self._write_task(tasks, row.code, str(row.cells.get("label") or ""))
        last = page.row - 1
        self._write_task(tasks, "TOTAL", "", dress="total")
        return first, last

    def _write_task(self, tasks: Placed, code: str, title: str, dress: str = "") -> None:
        page, lang = self._page, self._setting.language
        cells: dict[str, Any] = {
            "code": "" if dress else code,
            "title": title or Text("Tổng cộng", "Total").to(lang),
        }
        values = {}
        for key, (_, columns) in _FIGURES.items():
            values[key] = sum(tasks.grid.value(code, column) for column in columns)
            text = "+".join(tasks.at(code, column) for column in columns)
            cells[key] = Formula(f"={text}", values[key])
        carried = tasks.grid.value(code, "carried")
        base = values["given"] + carried
        rate = (values["spent"] + values["advanced"]) / base if base else ""
        own, other = (
            f"{page.at(page.row, 'spent')}+{page.at(page.row, 'advanced')}",
            tasks.at(code, "carried"),
        )
        below = f"{page.at(page.row, 'given')}+{other}"
        cells["rate"] = Formula(f'=IF(({below})=0,"",({own})/({below}))', rate)
        page.write(cells, dress=dress)

    def _write_charts(self, rows: tuple[int, int], source: YearMoney) -> None:
        self._page.gap()
        self._place(
            (self._chart_of_tasks(rows), _WIDTH_OF_TASKS, _TASKS_TITLE),
            (self._chart_of_sources(rows[1] + 1), _WIDTH_OF_SOURCES, _SOURCES_TITLE),
        )
        self._write_course(source)

    def _chart_of_tasks(self, rows: tuple[int, int]) -> Any:  # noqa: ANN401  # untyped library
        page, lang = self._page, self._setting.language
        bars = self._workbook.add_chart({"type": "bar"})
        for key, color in (("given", "#9DB4CE"), ("spent", "#1F4E79")):
            bars.add_series(
                {
                    "name": _FIGURES[key][0].to(lang),
                    "categories": f"={page.area(*rows, 'code')}",
                    "values": f"={page.area(*rows, key)}",
                    "fill": {"color": color},
                    "gap": 60,
                }
            )
        bars.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": _AXIS_FONT})
        bars.set_x_axis(self._axis())
        return bars

    def _chart_of_sources(self, total: int) -> Any:  # noqa: ANN401  # untyped library
        page, lang = self._page, self._setting.language
        columns = self._workbook.add_chart({"type": "column"})
        for key, color in (("spent", "#1F4E79"), ("advanced", "#C9A227"), ("other", "#5B8C5A")):
            columns.add_series(
                {
                    "name": _FIGURES[key][0].to(lang),
                    "values": f"={page.area(total, total, key)}",
                    "fill": {"color": color},
                    "data_labels": {"value": True, "num_format": self._axis()["num_format"]},
                }
            )
        columns.set_y_axis(self._axis())
        columns.set_x_axis({"visible": False})
        return columns

    def _write_course(self, source: YearMoney) -> None:
        """Spending month by month beside the estimate, on cells of their own."""
        page, lang = self._page, self._setting.language
        months = _course(source, self._setting.unit.size)
        if not months:
            return
        page.need((len(months) + 2) * EMPTY_ROW + _ROWS_OF_A_CHART * CHART_ROW)
        page.write(
            {"title": Text("Lũy kế theo tháng", "Accumulated by month").to(lang)}, dress="subtotal"
        )
        first = page.row
        for month, given, spent in months:
            page.write({"code": month, "given": given, "spent": spent})
        last = page.row - 1
        page.gap()
        lines = self._workbook.add_chart({"type": "line"})
        for key, color in (("given", "#9DB4CE"), ("spent", "#1F4E79")):
            lines.add_series(
                {
                    "name": _FIGURES[key][0].to(lang),
                    "categories": f"={page.area(first, last, 'code')}",
                    "values": f"={page.area(first, last, key)}",
                    "line": {"color": color, "width": 2.25},
                }
            )
        lines.set_y_axis(self._axis())
        lines.set_x_axis({"interval_unit": 1, "num_font": _AXIS_FONT})
        self._place((lines, _WIDTH_OF_COURSE, _COURSE_TITLE))

    def _axis(self) -> dict[str, Any]:
        """An axis of amounts, in millions whatever the unit of the set."""
        thousands = {1: ",,", 1_000: ",", 1_000_000: ""}[self._setting.unit.size]
        name = Text("triệu đồng", "million VND").to(self._setting.language)
        return {
            "num_format": f"[$-42A]#,##0{thousands}",
            "name": name,
            "num_font": _AXIS_FONT,
            "name_font": {**_AXIS_FONT, "bold": False},
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
        }

    def _place(self, *charts: tuple[Any, int, Text]) -> None:
        """Charts of a width in pixels, side by side, each under its title."""
        lang = self._setting.language
        font = {"name": FONT, "size": 10}
        for chart, width, title in charts:
            named = {"name": title.to(lang), "name_font": {**font, "size": 12}, "overlay": False}
            chart.set_title(named)
            chart.set_legend({"position": "bottom", "font": font})
            chart.set_size({"width": width, "height": _HEIGHT})
        self._page.charts(
            _ROWS_OF_A_CHART, [(chart, width, title.to(lang)) for chart, width, title in charts]
        )


def _course(source: YearMoney, size: int) -> list[tuple[str, int, int]]:
    """Every month, the estimate given and the state money spent so far, in units of the set."""
    postings = source.postings
    state = postings[postings["fund"].isin(STATE_FUNDS)]
    if state.empty:
        return []
    months = state["date"].dt.to_period("M")
    every = pd.period_range(months.min(), months.max(), freq="M")

    def moved(family: Family) -> pd.Series[int]:
        own = state["amount"].where(state["family"] == family.value, 0)
        return own.groupby(months).sum().reindex(every, fill_value=0)

    spent, given = moved(Family.SPENT), -moved(Family.GRANTED)
    return [
        (str(month), half_up(int(one), size), half_up(int(other), size))
        for month, one, other in zip(spent.index, given.cumsum(), spent.cumsum(), strict=True)
    ]
