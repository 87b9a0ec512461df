"""The analytics as a table, a workbook and a page."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from rich import box
from rich.markup import escape
from rich.table import Table

from ledger.text import Language, Text, dong, percent, printable
from reports.analysis.analysis import NO_FINDING, Analysis, Section, Value, sections
from reports.sheets.layout import Formula, Page, Styles
from reports.sheets.workbooks import FONT, workbook_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from reports.sheets.layout import Cell, Column

_TITLE: Final = Text("Phân tích số liệu chi", "Analytics of spending")
_TEMPLATES: Final = Path(__file__).parent / "templates"
_RIGHT: Final = frozenset({"money", "number", "percent"})
_INK: Final = ("#1F5C99", "#C97B1E")
_CHART_INCHES: Final = (8.0, 2.8)


def print_analysis(analysis: Analysis, console: Console, language: Language) -> None:
    """Every part as a table on a terminal."""
    console.print(f"[bold]{escape(printable(_head(analysis, language)))}[/]", highlight=False)
    console.print(NO_FINDING.to(language), highlight=False)
    for section in sections(analysis):
        table = Table(
            title=section.title.to(language),
            caption=escape(section.statement.to(language)),
            title_justify="left",
            caption_justify="left",
            box=box.SIMPLE_HEAD,
            pad_edge=False,
        )
        for column in section.columns:
            right = column.kind in _RIGHT
            table.add_column(
                column.heading.to(language),
                justify="right" if right else "left",
                no_wrap=right,
                overflow="fold",
            )
        for row in section.rows:
            cells = zip(section.columns, row, strict=True)
            table.add_row(*(escape(printable(_shown(c, v, language))) for c, v in cells))
        console.print(table)


def write_workbook(analysis: Analysis, path: Path, language: Language) -> None:
    """One sheet a part, with native charts; whole or not at all.

    Raises:
        BadInputError: the file cannot be written; an older one is then as it was.
    """
    with workbook_at(path, _TITLE.to(language)) as workbook:
        styles = Styles(workbook, language)
        for section in sections(analysis):
            _sheet(workbook, styles, section, _head(analysis, language), language)


def analysis_html(analysis: Analysis, language: Language) -> str:
    """One page that fetches nothing, with plots as SVG."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parts = [
        {
            "section": section,
            "rows": [
                [
                    (_shown(column, value, language), _dress(column))
                    for column, value in zip(section.columns, row, strict=True)
                ]
                for row in section.rows
            ],
            "chart": Markup(_svg(section, language)) if section.bars else "",  # noqa: S704  # made here
        }
        for section in sections(analysis)
    ]
    return environment.get_template("analysis.html").render(
        language=language,
        title=_TITLE.to(language),
        head=_head(analysis, language),
        no_finding=NO_FINDING.to(language),
        parts=parts,
        right=_RIGHT,
    )


def _dress(column: Column) -> str:
    if column.kind in _RIGHT:
        return "right"
    return "short" if column.kind in {"date", "code"} else ""


def _head(analysis: Analysis, language: Language) -> str:
    if analysis.budget_year is None:
        return analysis.title
    year = Text(f"niên độ {analysis.budget_year}", f"year {analysis.budget_year}")
    return f"{analysis.title} · {year.to(language)}"


def _shown(column: Column, value: Value, language: Language) -> str:
    if isinstance(value, Fraction):
        return percent(value, language)
    if isinstance(value, int):
        return dong(value, language) if column.kind == "money" else str(value)
    if isinstance(value, str):
        return value
    return f"{value}" if language == "en" else f"{value:%d/%m/%Y}"


def _sheet(
    workbook: Any,  # noqa: ANN401  # untyped library
    styles: Styles,
    section: Section,
    head: str,
    language: Language,
) -> None:
    sheet = workbook.add_worksheet(section.title.to(language))
    page = Page(sheet, styles, section.columns, language)
    page.line(section.title.to(language), "title")
    page.line(head, "centred")
    page.line(section.statement.to(language))
    page.line(NO_FINDING.to(language), "legend")
    page.gap()
    heading = page.header()
    names = [column.name for column in section.columns]
    for row in section.rows:
        page.write(dict(zip(names, map(_cell, row), strict=True)))
    page.filter_and_close(heading)
    if not section.bars:
        page.print_area()
    else:  # the chart beside the table is printed with it
        chart = _native_chart(workbook, section, sheet, heading)
        sheet.insert_chart(heading, len(names) + 1, chart)


def _cell(value: Value) -> Cell:
    """A share as a live quotient, exact as it is; anything else as itself."""
    if isinstance(value, Fraction):
        return Formula(f"={value.numerator}/{value.denominator}", float(value))
    return value


def _native_chart(workbook: Any, section: Section, sheet: Any, heading: int) -> Any:  # noqa: ANN401  # untyped library
    chart = workbook.add_chart({"type": "column"})
    first, last = heading + 1, heading + len(section.rows)
    names = [column.name for column in section.columns]
    for bar, ink in zip(section.bars, _INK, strict=False):
        column = names.index(bar)
        chart.add_series(
            {
                "name": [sheet.get_name(), heading, column],
                "categories": [sheet.get_name(), first, 0, last, 0],
                "values": [sheet.get_name(), first, column, last, column],
                "fill": {"color": ink},
            }
        )
    chart.set_legend({"position": "bottom", "font": {"name": FONT}})
    chart.set_y_axis({"num_format": "[$-42A]#,##0", "num_font": {"name": FONT}})
    return chart


def _svg(section: Section, language: Language) -> str:
    """The chart of a part; the same figures always give the same bytes."""
    import matplotlib as mpl  # noqa: PLC0415  # slow to import, and only pages need it
    from matplotlib.figure import Figure  # noqa: PLC0415  # as above
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415  # as above

    names = [column.name for column in section.columns]
    labels = [str(row[0]) for row in section.rows]
    with mpl.rc_context({"svg.hashsalt": section.key, "svg.fonttype": "none"}):
        figure = Figure(figsize=_CHART_INCHES, layout="tight")
        axes = figure.subplots()
        width = 0.8 / len(section.bars)
        for number, (bar, ink) in enumerate(zip(section.bars, _INK, strict=False)):
            column = section.columns[names.index(bar)]
            heights = _heights(section.rows, names.index(bar))
            places = [place + number * width for place in range(len(labels))]
            axes.bar(places, heights, width, color=ink, label=column.heading.to(language))
        middle = (len(section.bars) - 1) * width / 2
        axes.set_xticks([place + middle for place in range(len(labels))], labels)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: dong(int(value), language)))
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return drawn.getvalue()[drawn.getvalue().index("<svg") :]


def _heights(rows: Sequence[tuple[Value, ...]], column: int) -> list[int]:
    return [value for row in rows if isinstance(value := row[column], int)]
