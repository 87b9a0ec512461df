"""The analytics of one book together, ready to be shown."""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ledger.problems import refusal, show_path
from ledger.programmes import in_year, ordered
from ledger.text import Text, dong, percent
from reports.analysis.patterns import (
    DIGITS,
    LEAST_COUNT,
    LEAST_SPAN,
    FirstDigits,
    Roundness,
    YearEnd,
    first_digits,
    roundness,
    year_end,
)
from reports.analysis.population import payments
from reports.analysis.sampling import Plan, Sample, draw
from reports.sheets.layout import Column
from rules.rows import records

if TYPE_CHECKING:
    import pandas as pd

    from ledger.facts import Facts


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What there is to look at in the payments of a book.

    Attributes:
        title: programme and unit.
        budget_year: niên độ; None for all.
        payments: the population, as ``reports.analysis.population`` gives it.
    """

    title: str
    budget_year: int | None
    payments: pd.DataFrame
    sample: Sample
    year_end: YearEnd
    roundness: tuple[Roundness, ...]
    digits: FirstDigits


def analyse(facts: Facts, budget_year: int | None, plan: Plan) -> Analysis:
    """Look over the payments of a book.

    Raises:
        BadInputError: there are no payments, or none of the budget year.
    """
    population = payments(facts, budget_year)
    if not (population["amount"] > 0).any():
        of_year = f" {budget_year}" if budget_year else ""
        text = Text(
            f"sổ không có khoản chi nào của niên độ{of_year}",
            f"the book has no payment of the budget year{of_year}",
        )
        remedy = Text("bỏ --year, hoặc nêu niên độ khác", "drop --year, or name another year")
        raise refusal(text, remedy if budget_year else None)
    return Analysis(
        title=_title(facts, budget_year),
        budget_year=budget_year,
        payments=population,
        sample=draw(population, plan),
        year_end=year_end(population),
        roundness=roundness(population),
        digits=first_digits(population),
    )


def _title(facts: Facts, budget_year: int | None) -> str:
    """The programmes of the year, or all of them, each with its unit."""
    chosen = ordered(facts) if budget_year is None else in_year(facts, budget_year)
    return "; ".join(f"{row.code} · {row.unit}" for row in records(chosen))


NO_FINDING: Final = Text(
    "Các số liệu này chỉ chỗ nên xem trước; tự chúng không phải phát hiện.",
    "These figures point at where to look first; by themselves they find nothing.",
)


def sample_statement(sample: Sample) -> Text:
    """What was drawn, and what may be said when nothing wrong is found in it."""
    plan = sample.plan
    bound = int(sample.total * plan.tolerable)
    confidence, tolerable = percent(plan.confidence), percent(plan.tolerable)
    return Text(
        f"Tổng thể {sample.payments} khoản chi, {dong(sample.total)} đồng (bỏ ra {sample.excluded} "
        f"dòng thu lại). Cỡ mẫu {sample.size} điểm, khoảng cách {dong(sample.interval)} đồng, số "
        f"khởi đầu ngẫu nhiên {plan.seed}: chọn {len(sample.drawn)} khoản. Giả định không có sai "
        f"sót nào. Nếu không thấy sai sót trong mẫu thì với độ tin cậy {confidence}, phần ghi "
        f"thừa của cả tổng thể không quá {tolerable} ({dong(bound)} đồng).",
        f"Population: {sample.payments} payments, {dong(sample.total, 'en')} VND "
        f"({sample.excluded} rows of money that came back left out). {sample.size} points, one "
        f"each {dong(sample.interval, 'en')} VND, seed {plan.seed}: {len(sample.drawn)} payments "
        f"drawn. No misstatement is expected. If none is found, then with a confidence of "
        f"{confidence} the overstatement of the whole is at most {tolerable} "
        f"({dong(bound, 'en')} VND).",
    )


def year_end_statement(found: YearEnd) -> Text:
    """How much was paid at the end."""
    amount = found.last_days
    return Text(
        f"Từ ngày {found.from_day:%d/%m} đến hết chỉnh lý: {dong(amount)} đồng, "
        f"{percent(found.share)} tổng chi.",
        f"From {found.from_day:%d %B} to the end of the closing: {dong(amount, 'en')} VND, "
        f"{percent(found.share, 'en')} of all.",
    )


def digits_statement(digits: FirstDigits) -> Text:
    """Whether the first digits mean anything, and what they say."""
    conditions = Text(
        f"Điều kiện: ít nhất {LEAST_COUNT} khoản, khoản lớn nhất gấp ít nhất {dong(LEAST_SPAN)} "
        "lần khoản nhỏ nhất, số tiền không bị định mức hoặc giá niêm yết quyết định",
        f"Conditions: at least {LEAST_COUNT} payments, the largest at least {LEAST_SPAN} times the "
        "smallest, amounts not set by norms or list prices",
    )
    seen = Text(
        f"ở đây {digits.payments} khoản, gấp {dong(digits.span)} lần",
        f"here {digits.payments} payments, {digits.span} times",
    )
    if digits.chi_square is None or digits.p_value is None:
        judged = Text("chưa đủ điều kiện để kết luận", "too few or too alike to conclude anything")
    else:
        judged = Text(
            f"χ² = {digits.chi_square:.1f} với 8 bậc tự do, p = {digits.p_value:.3f}".replace(
                ".", ","
            ),
            f"χ² = {digits.chi_square:.1f} with 8 degrees of freedom, p = {digits.p_value:.3f}",
        )
    return Text(
        f"{conditions.vi}; {seen.vi}: {judged.vi}.", f"{conditions.en}; {seen.en}: {judged.en}."
    )


Value = str | int | Fraction | dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """One part as every output shows it.

    Attributes:
        key: a short name for anchors.
        columns: as ``reports.sheets.layout`` knows them.
        rows: a value a column.
        bars: names of the columns that a chart draws over the first column; empty for no chart.
    """

    key: str
    title: Text
    statement: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    bars: tuple[str, ...] = ()


_AMOUNT: Final = Column("amount", Text("Số tiền (đồng)", "Amount (VND)"), 18, "money")
_COUNT: Final = Column("count", Text("Số khoản", "Payments"), 11, "number")


def sections(analysis: Analysis) -> tuple[Section, ...]:
    """The parts in the order of the page."""
    return (
        _sample(analysis.sample),
        _year_end(analysis.year_end),
        _roundness(analysis.roundness),
        _digits(analysis.digits),
    )


def _sample(sample: Sample) -> Section:
    columns = (
        Column("date", Text("Ngày", "Date"), 12, "date"),
        Column("voucher", Text("Chứng từ", "Voucher"), 17, "code"),
        Column("task", Text("Nhiệm vụ", "Task"), 9, "code"),
        Column("fund", Text("Nguồn", "Fund"), 8, "code"),
        Column("narration", Text("Diễn giải", "Narration"), 40),
        _AMOUNT,
        Column("hits", Text("Số điểm", "Points"), 8, "number"),
        Column("certain", Text("Chắc chọn", "Certain"), 9, "code"),
        Column("place", Text("Vị trí", "Place"), 24),
    )
    rows = tuple(
        (
            row.date.date(),
            row.voucher,
            row.task,
            row.fund,
            row.narration,
            int(row.amount),
            int(row.hits),
            "×" if row.certain else "",
            f"{show_path(row.file)}:{row.entry_line}",
        )
        for row in records(sample.drawn)
    )
    title = Text("Mẫu theo đơn vị tiền tệ", "Monetary-unit sample")
    return Section("mau", title, sample_statement(sample), columns, rows)


def _year_end(found: YearEnd) -> Section:
    title = Text("Chi theo tháng", "Spending by month")
    columns = (Column("month", Text("Tháng", "Month"), 12, "code"), _COUNT, _AMOUNT)
    rows = tuple((month.month, month.payments, month.amount) for month in found.months)
    statement = year_end_statement(found)
    return Section("cuoi-nam", title, statement, columns, rows, bars=("amount",))


def _roundness(found: tuple[Roundness, ...]) -> Section:
    statement = Text(
        "Số tiền chẵn hay gặp ở khoán, tạm ứng, hỗ trợ theo mức; nhiều ở chỗ khác thì nên xem giá "
        "được xác định thế nào.",
        "Round amounts are common in lump sums, advances and support at a cap; where many stand "
        "elsewhere, look at how the price was found.",
    )
    columns = (
        Column("unit", Text("Bội số của (đồng)", "Multiple of (VND)"), 18, "money"),
        _COUNT,
        _AMOUNT,
        Column("share", Text("Tỷ lệ số khoản", "Share of payments"), 12, "percent"),
    )
    rows = tuple((row.unit, row.payments, row.amount, row.share) for row in found)
    return Section("so-chan", Text("Số tiền chẵn", "Round amounts"), statement, columns, rows)


def _digits(digits: FirstDigits) -> Section:
    columns = (
        Column("digit", Text("Chữ số đầu", "First digit"), 12, "code"),
        _COUNT,
        Column("expected", Text("Theo Benford", "By Benford"), 13, "number"),
    )
    pairs = zip(DIGITS, digits.observed, digits.expected, strict=True)
    rows = tuple((str(digit), seen, round(due)) for digit, seen, due in pairs)
    title = Text("Chữ số đầu", "First digits")
    statement = digits_statement(digits)
    return Section("chu-so-dau", title, statement, columns, rows, bars=("count", "expected"))
