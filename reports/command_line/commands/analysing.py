"""What of the spending to look at first (phân tích)."""

from typing import Annotated

import typer

from reports.command_line.asked import required_file
from reports.command_line.loading import loaded
from reports.command_line.options import (
    AnalysisFormat,
    Color,
    ColorOption,
    Lang,
    LangOption,
    NoCache,
    OneBook,
    Output,
)
from reports.command_line.telling import (
    print_rich,
    say_written,
    write_text,
)


def analyse(
    book: OneBook,
    *,
    year: Annotated[
        int | None, typer.Option("--year", help="Niên độ; mặc định mọi niên độ.")
    ] = None,
    confidence: Annotated[
        int, typer.Option(min=50, max=99, help="Độ tin cậy của mẫu, phần trăm.")
    ] = 95,
    tolerable: Annotated[
        int, typer.Option(min=1, max=50, help="Sai sót chấp nhận được, phần trăm tổng chi.")
    ] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Số khởi đầu; cùng số thì cùng mẫu.")] = 1,
    format_: Annotated[
        AnalysisFormat, typer.Option("--format", help="Cách trình bày.")
    ] = AnalysisFormat.TABLE,
    output: Output = None,
    no_cache: NoCache = False,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Phân tích số liệu chi để biết xem chỗ nào trước: chọn mẫu, dồn cuối năm, số chẵn, chữ số."""
    from fractions import Fraction

    from reports.analysis.analysis import analyse as look_over
    from reports.analysis.outputs import (
        analysis_html,
        print_analysis,
        write_workbook,
    )
    from reports.analysis.sampling import Plan

    if format_ is AnalysisFormat.XLSX:
        output = required_file(output)
    facts = loaded([book], lang, no_cache=no_cache).facts
    plan = Plan(Fraction(confidence, 100), Fraction(tolerable, 100), seed)
    found = look_over(facts, year, plan)
    if format_ is AnalysisFormat.TABLE:
        print_rich(lambda console: print_analysis(found, console, lang.value), output, color)
    elif format_ is AnalysisFormat.HTML:
        write_text(analysis_html(found, lang.value), output)
    elif output is not None:
        write_workbook(found, output, lang.value)
        say_written([output], lang, quiet=False)
