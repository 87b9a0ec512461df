"""Sets of official forms (quyết toán, báo cáo định kỳ)."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from reports.command_line.options import (
    AllowPlugins,
    AmountUnit,
    AsOf,
    Books,
    Lang,
    LangOption,
    NoCache,
    OneBook,
    Quiet,
    day_option,
)
from reports.command_line.set_writing import (
    loaded_for_a_set,
    require_one_set,
    set_request,
    write_set,
)

SetFolder = Annotated[Path, typer.Option("--output", "-o", help="Thư mục ghi bộ biểu.")]
UnitOption = Annotated[AmountUnit, typer.Option("--unit", help="Đơn vị tính.")]
IntoFullFolder = Annotated[bool, typer.Option("--force", help="Ghi vào thư mục không trống.")]
Printed = Annotated[bool, typer.Option(help="In PDF bằng LibreOffice, nếu có.")]


def settle(
    books: Books,
    *,
    year: Annotated[int, typer.Option("--year", help="Niên độ quyết toán.")],
    output: SetFolder,
    form: Annotated[
        list[str] | None, typer.Option("--form", help="Chỉ mẫu biểu này: B01/BCQT; nêu nhiều lần.")
    ] = None,
    unit: UnitOption = AmountUnit.DONG,
    consolidate: Annotated[
        bool, typer.Option("--consolidate", help="Tổng hợp nhiều sổ, mỗi sổ một đơn vị.")
    ] = False,
    superior: Annotated[
        str,
        typer.Option(
            "--superior", metavar="TÊN", help="Đơn vị cấp trên lập bộ tổng hợp, in ở đầu biểu."
        ),
    ] = "",
    draft: Annotated[
        bool, typer.Option("--draft", help="Lập bản nháp khi chưa đủ điều kiện ký.")
    ] = False,
    force: IntoFullFolder = False,
    pdf: Printed = True,
    as_of: AsOf = None,
    no_cache: NoCache = False,
    allow_plugins: AllowPlugins = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Lập bộ quyết toán một niên độ; mã thoát 1 nếu chưa đủ điều kiện ký."""
    from reports.settlement.years import year_period

    require_one_set(books, consolidate=consolidate, superior=superior)
    found = loaded_for_a_set(books, lang, no_cache=no_cache, allow_plugins=allow_plugins)
    request = set_request(output, form, unit, lang, draft=draft, force=force, pdf=pdf)
    request = request._replace(superior=superior.strip())
    write_set(found, year_period(found.law, year), as_of, request, lang, quiet=quiet)


def report(
    book: OneBook,
    *,
    output: SetFolder,
    quarter: Annotated[
        str, typer.Option("--quarter", metavar="<2021Q2>", help="Quý báo cáo.")
    ] = "",
    to: Annotated[dt.datetime | None, day_option("--to", help="Từ đầu năm đến ngày này.")] = None,
    year: Annotated[
        int | None,
        typer.Option("--year", help="Niên độ của --to, khi ngày ấy trong thời gian chỉnh lý."),
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option("--form", help="Chỉ mẫu biểu này: CT01; nêu nhiều lần.")
    ] = None,
    unit: UnitOption = AmountUnit.DONG,
    force: IntoFullFolder = False,
    pdf: Printed = True,
    no_cache: NoCache = False,
    allow_plugins: AllowPlugins = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Lập báo cáo tình hình thực hiện một quý, hoặc đến một ngày, kèm nội dung để chép."""
    from reports.settlement.periods import reported_period

    found = loaded_for_a_set([book], lang, no_cache=no_cache, allow_plugins=allow_plugins)
    period = reported_period(found.law, quarter, to.date() if to else None, year)
    request = set_request(output, form, unit, lang, draft=False, force=force, pdf=pdf)
    write_set(found, period, None, request, lang, quiet=quiet)
