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
)
from reports.command_line.set_writing import (
    loaded_for_forms,
    require_one_set,
    set_request,
    write_set,
)


def settle(
    books: Books,
    *,
    year: Annotated[int, typer.Option("--year", help="Niên độ quyết toán.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Thư mục ghi bộ biểu.")],
    form: Annotated[
        list[str] | None, typer.Option("--form", help="Chỉ mẫu biểu này: B01/BCQT; nêu nhiều lần.")
    ] = None,
    unit: Annotated[AmountUnit, typer.Option("--unit", help="Đơn vị tính.")] = AmountUnit.DONG,
    consolidate: Annotated[
        bool, typer.Option("--consolidate", help="Tổng hợp nhiều sổ, mỗi sổ một đơn vị.")
    ] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Lập bản nháp khi chưa đủ điều kiện ký.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Ghi vào thư mục không trống.")] = False,
    pdf: Annotated[bool, typer.Option(help="In PDF bằng LibreOffice, nếu có.")] = True,
    as_of: AsOf = None,
    no_cache: NoCache = False,
    allow_plugins: AllowPlugins = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Lập bộ quyết toán một niên độ; mã thoát 1 nếu chưa đủ điều kiện ký."""
    from reports.settlement.years import year_period

    require_one_set(books, consolidate=consolidate)
    loaded = loaded_for_forms(books, lang, no_cache=no_cache, allow_plugins=allow_plugins)
    request = set_request(output, form, unit, lang, draft=draft, force=force, pdf=pdf)
    write_set(loaded, year_period(loaded.law, year), as_of, request, lang, quiet=quiet)


def report(
    book: OneBook,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Thư mục ghi bộ biểu.")],
    quarter: Annotated[
        str, typer.Option("--quarter", metavar="<2021Q2>", help="Quý báo cáo.")
    ] = "",
    to: Annotated[
        dt.datetime | None,
        typer.Option(
            "--to", formats=["%Y-%m-%d"], metavar="<YYYY-MM-DD>", help="Từ đầu năm đến ngày này."
        ),
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option("--form", help="Chỉ mẫu biểu này: CT01; nêu nhiều lần.")
    ] = None,
    unit: Annotated[AmountUnit, typer.Option("--unit", help="Đơn vị tính.")] = AmountUnit.DONG,
    force: Annotated[bool, typer.Option("--force", help="Ghi vào thư mục không trống.")] = False,
    pdf: Annotated[bool, typer.Option(help="In PDF bằng LibreOffice, nếu có.")] = True,
    no_cache: NoCache = False,
    allow_plugins: AllowPlugins = False,
    quiet: Quiet = False,
    lang: LangOption = Lang.VI,
) -> None:
    """Lập báo cáo tình hình thực hiện một quý, hoặc đến một ngày, kèm nội dung để chép."""
    from reports.settlement.periods import reported_period

    loaded = loaded_for_forms([book], lang, no_cache=no_cache, allow_plugins=allow_plugins)
    period = reported_period(loaded.law, quarter, to.date() if to else None)
    request = set_request(output, form, unit, lang, draft=False, force=force, pdf=pdf)
    write_set(loaded, period, None, request, lang, quiet=quiet)
