"""Check a book, or ask before spending (kiểm tra sổ, hỏi trước khi chi)."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from reports.command_line.asked import asked_amount, asked_codes, asked_day, fails, require_known
from reports.command_line.failing import NO, OK
from reports.command_line.giving import Manner, earlier_findings, give, new_since, require_fitting
from reports.command_line.loading import loaded, store_unless
from reports.command_line.options import (
    AllowPlugins,
    AsOf,
    Books,
    CheckFormat,
    Color,
    ColorOption,
    FailOn,
    FailOnOption,
    Format,
    FormatOption,
    Kind,
    Lang,
    LangOption,
    NoCache,
    OneBook,
    Output,
    day_option,
)
from reports.command_line.telling import print_rich, write_text

CheckFormatOption = Annotated[CheckFormat, typer.Option("--format", help="Cách trình bày.")]
EachOnItsLine = Annotated[bool, typer.Option("--all", help="In mọi phát hiện, mỗi dòng một.")]
WithPasses = Annotated[
    bool, typer.Option("--include-passes", help="SARIF: nêu cả điều đạt, chưa kiểm được.")
]
OwnWaivers = Annotated[
    list[Path] | None,
    typer.Option("--waivers", help="Tệp chấp nhận phát hiện của kiểm toán viên."),
]
NoBookWaivers = Annotated[
    bool, typer.Option("--no-book-waivers", help="Không dùng chấp nhận ghi trong sổ.")
]
NoBookNorms = Annotated[
    bool, typer.Option("--no-book-norms", help="Không dùng tệp định mức cạnh sổ.")
]
KindOption = Annotated[
    Kind | None,
    typer.Option("--kind", help="Chỉ phát hiện sai (fail) hoặc cần giải trình (review)."),
]
OwnNorms = Annotated[
    list[Path] | None,
    typer.Option("--norms", help="Tệp hoặc thư mục định mức kiểm toán viên đã đọc."),
]
Internal = Annotated[
    bool,
    typer.Option(
        "--internal", help="XLSX, HTML: nêu cả chấp nhận của kiểm toán viên (bản nội bộ)."
    ),
]
Baseline = Annotated[
    Path | None, typer.Option("--baseline", help="Kết quả JSON lần trước: chỉ nêu điều mới.")
]


def check(
    books: Books,
    *,
    select: Annotated[str, typer.Option(help="Chỉ các quy tắc này: BUD,NRM201.")] = "",
    ignore: Annotated[str, typer.Option(help="Bỏ qua các quy tắc này.")] = "",
    kind: KindOption = None,
    as_of: AsOf = None,
    format_: CheckFormatOption = CheckFormat.TABLE,
    show_all: EachOnItsLine = False,
    include_passes: WithPasses = False,
    waivers: OwnWaivers = None,
    no_book_waivers: NoBookWaivers = False,
    no_book_norms: NoBookNorms = False,
    norms: OwnNorms = None,
    internal: Internal = False,
    baseline: Baseline = None,
    fail_on: FailOnOption = FailOn.ERROR,
    output: Output = None,
    no_cache: NoCache = False,
    allow_plugins: AllowPlugins = False,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Kiểm tra sổ theo luật và định mức; mã thoát 1 nếu có lỗi."""
    from ledger.location import find_book
    from rules.checking import Switches, check_books
    from rules.severity import FindingKind

    manner = Manner(format_, lang, color, show_all, include_passes, internal)
    require_fitting(manner, output)
    earlier = earlier_findings(baseline)
    outcome = check_books(
        [find_book(book) for book in books],
        asked_day(as_of),
        store=store_unless(no_cache=no_cache),
        allow_plugins=allow_plugins,
        switches=Switches(
            not no_book_waivers, not no_book_norms, tuple(waivers or ()), tuple(norms or ())
        ),
    )
    chosen, passed_over = asked_codes(select), asked_codes(ignore)
    require_known([*chosen, *passed_over], [tally.code for tally in outcome.tallies])
    wanted = FindingKind(kind.value) if kind else None
    outcome = new_since(earlier, outcome).only(chosen, passed_over, wanted)
    give(outcome, output, manner)
    failed = fails((finding.severity for finding in outcome.findings), fail_on)
    raise typer.Exit(NO if failed else OK)


def ask(
    book: OneBook,
    *,
    task: Annotated[str, typer.Option("--task", help="Nhiệm vụ, ví dụ NV02.")],
    amount: Annotated[str, typer.Option("--amount", help="Số tiền, đồng: 1500000, 1.500.000.")],
    on: Annotated[
        dt.datetime | None, day_option("--on", help="Ngày chi; mặc định hôm nay.")
    ] = None,
    activity: Annotated[str, typer.Option(help="Nội dung chi, ví dụ domestic-fair.")] = "",
    event: Annotated[str, typer.Option(help="Sự kiện.")] = "",
    support: Annotated[str, typer.Option(help="Khoản hỗ trợ.")] = "",
    contract: Annotated[str, typer.Option(help="Số hợp đồng.")] = "",
    vendor: Annotated[str, typer.Option(help="Mã số thuế nhà cung cấp.")] = "",
    fund: Annotated[str, typer.Option(help="Nguồn, ví dụ NSTP.")] = "",
    sub_item: Annotated[str, typer.Option(help="Tiểu mục, ví dụ 6655.")] = "",
    budget_year: Annotated[
        int | None, typer.Option(help="Niên độ; mặc định là năm của ngày chi.")
    ] = None,
    advance: Annotated[
        bool, typer.Option("--advance", help="Tạm ứng, không phải thực chi.")
    ] = False,
    as_of: AsOf = None,
    format_: FormatOption = Format.TABLE,
    fail_on: FailOnOption = FailOn.ERROR,
    output: Output = None,
    no_cache: NoCache = False,
    lang: LangOption = Lang.VI,
    color: ColorOption = Color.AUTO,
) -> None:
    """Hỏi trước khi chi: còn bao nhiêu, định mức nào ràng buộc, chi được nhiều nhất bao nhiêu."""
    from ledger.payment import PaymentKind, Wanted, complete
    from reports.answer_table import answer_json, print_answer
    from rules.ask import ask as ask_rules

    facts, law, *_ = loaded([book], lang, no_cache=no_cache)
    wanted = Wanted(
        task=task,
        amount=asked_amount(amount),
        on=asked_day(on),
        kind=PaymentKind.ADVANCE if advance else PaymentKind.PAYMENT,
        fund=fund,
        sub_item=sub_item,
        activity=activity,
        event=event,
        support=support,
        contract=contract,
        vendor=vendor,
        budget_year=budget_year,
    )
    payment = complete(facts, wanted)
    answer = ask_rules(facts, law, max(asked_day(as_of), wanted.on), payment)
    if format_ is Format.JSON:
        write_text(answer_json(answer, lang.value) + "\n", output)
    else:
        print_rich(lambda console: print_answer(answer, console, lang.value), output, color)
    failed = fails((finding.severity for finding in answer.findings), fail_on)
    raise typer.Exit(NO if failed else OK)
