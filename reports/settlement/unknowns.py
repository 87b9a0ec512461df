"""What a set leaves open without being wrong: codes the book names nowhere, forms not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from ledger.accounts import STATE_FUNDS
from ledger.text import Language, Text, dong, joined
from reports.settlement.years import years_before
from rules.tre.obligations import FORMS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from reports.forms.model import FormLayout
    from reports.settlement.filling import Filled
    from reports.settlement.source import YearMoney

_CODES: Final = {
    "kind_item": Text(
        "sổ không nêu Loại – Khoản của kinh phí ngân sách ở {tasks}: biểu theo mục lục ngân sách "
        "in «…»{treasury}. Không có mã mặc định để suy ra: lấy mã ở quyết định giao dự "
        'toán, ghi kind-item: "loại-khoản" vào custom "programme" hoặc bút toán giao dự toán rồi '
        "lập lại",
        "the book names no kind-item of the state money of {tasks}: forms by the classification "
        "print “…”{treasury}. None is taken for granted: write that of the "
        'decision as kind-item in custom "programme" or in the allotment, and settle again',
    ),
    "source_code": Text(
        "sổ không nêu mã nguồn của kinh phí ngân sách ở {tasks}{treasury}; ghi "
        'source-code vào custom "programme" hoặc bút toán giao dự toán rồi lập lại',
        "the book names no source code of the state money of {tasks}{treasury}; "
        'write source-code in custom "programme" or in the allotment, and settle again',
    ),
}
_LEFT_EMPTY: Final = Text(", ở 01a và 02a thì ô mã để trống", ", 01a and 02a leave the code empty")
_MOST_TASKS: Final = 5
# The columns of codes whose names the forms print beside them.
_NAMED: Final = {
    "muc": Text("mục {codes}", "item {codes}"),
    "tieu_muc": Text("tiểu mục {codes}", "sub-item {codes}"),
}
_NO_NAMES: Final = Text(
    "{forms} để trống tên của {codes}: danh mục mã mà chương trình biết của niên độ {year} không "
    "có các mã ấy; điền tên theo danh mục đang áp dụng, hoặc nạp danh mục bằng «cnht codes "
    "load» rồi lập lại",
    "{forms} leave the names of {codes} blank: the codes known of {year} do not hold them; enter "
    "the names of the list in force, or load that list with “cnht codes load” and settle again",
)
_OPENED: Final = Text(
    "kinh phí năm trước chuyển sang ({received} đồng đã nhận, {estimate} đồng dự toán) lấy từ bút "
    "toán «carry-over» của niên độ {year}; sổ không có niên độ {before} nên không so được: đơn vị "
    "so với số chuyển sang năm sau của B01 năm {before}",
    "what the year opens with ({received} VND received, {estimate} VND of estimate) is of entries "
    "“carry-over” of {year}; the book does not hold {before}, so nothing compares it: compare it "
    "with what B01 of {before} carried over",
)


def codes_not_named(source: YearMoney, forms: Collection[str]) -> Iterator[Text]:
    """Codes of the classification that state money of the year has nowhere in the book.

    Args:
        source: the money of the year.
        forms: those there are of the year, by number.
    """
    there = any(form in forms for form in FORMS)
    treasury = _LEFT_EMPTY if there else Text("", "")
    blocks = source.blocks
    state = blocks[blocks["fund"].isin(STATE_FUNDS) & (blocks["task"] != "")]
    for code, said in _CODES.items():
        tasks = sorted(set(state.loc[state[code].str.strip() == "", "task"]))
        if not tasks:
            continue
        more = f", … ({len(tasks)})" if len(tasks) > _MOST_TASKS else ""
        named = ", ".join(tasks[:_MOST_TASKS]) + more
        yield Text(
            said.vi.format(tasks=named, treasury=treasury.vi),
            said.en.format(tasks=named, treasury=treasury.en),
        )


def names_not_known(filled: Sequence[Filled], year: int) -> Iterator[Text]:
    """Codes of the classification that forms print with a blank name, of the lists nobody knows."""
    codes: dict[str, set[str]] = {column: set() for column in _NAMED}
    forms: dict[str, None] = {}
    for one in filled:
        there = {column.key for column in one.grid.columns}
        for column in there & set(codes) if "label" in there else ():
            blank = {
                str(row.cells[column])
                for row in one.grid.rows
                if row.cells.get(column) and not row.cells.get("label")
            }
            codes[column] |= blank
            forms |= dict.fromkeys([one.layout.form] if blank else [])
    named = [
        words.format(codes=", ".join(sorted(codes[column])))
        for column, words in _NAMED.items()
        if codes[column]
    ]
    if named:
        both = joined(named, "; ")
        listed = ", ".join(forms)
        yield Text(
            _NO_NAMES.vi.format(forms=listed, codes=both.vi, year=year),
            _NO_NAMES.en.format(forms=listed, codes=both.en, year=year),
        )


def openings_not_compared(source: YearMoney) -> Iterator[Text]:
    """What a year opens with where the book does not hold the year that left it."""
    year = source.period.budget_year
    if year - 1 in years_before(source.facts, year):
        return
    names = {"received": "b01.opening_received", "estimate": "b01.opening_estimate"}
    opened = {word: source.take(name, fund=STATE_FUNDS).amount for word, name in names.items()}
    if not any(opened.values()):
        return
    vi, en = (
        {word: dong(amount, language) for word, amount in opened.items()}
        | {"before": str(year - 1), "year": str(year)}
        for language in get_args(Language)
    )
    yield Text(_OPENED.vi.format(**vi), _OPENED.en.format(**en))


def forms_not_known(
    known: Sequence[FormLayout], chosen: Iterable[FormLayout], year: int
) -> Iterator[Text]:
    """Forms that ended before the year and of whose successors no layout is known."""
    there = {layout.form for layout in chosen}
    ended: dict[Text, list[FormLayout]] = {}
    for layout in known:
        over = layout.until is not None and layout.until < year
        if over and layout.after.vi and layout.form not in there:
            ended.setdefault(layout.after, []).append(layout)
    for after, layouts in ended.items():
        names = ", ".join(layout.form for layout in layouts)
        yield Text(f"không lập {names}: {after.vi}", f"{names} not made: {after.en}")
    early = {layout.form for layout in known if layout.until is not None} - there
    early -= {layout.form for layout in known if layout.from_ <= year}
    if early:
        names = ", ".join(dict.fromkeys(one.form for one in known if one.form in early))
        yield Text(
            f"không lập {names}: chưa biết bố cục các mẫu ấy của niên độ {year}",
            f"{names} not made: their layouts of {year} are not known",
        )
    lacking = [form for form in FORMS if form not in there]
    if lacking:
        names = ", ".join(lacking)
        yield Text(
            f"không có mẫu {names} cho niên độ {year} nên bộ quyết toán không kèm mẫu đó; việc đối "
            "chiếu dự toán, tạm ứng với Kho bạc vẫn phải làm và ghi vào sổ (TRE102, TRE103)",
            f"no form {names} of {year} is known, so the set goes without it; the estimate and "
            "advances are still to be reconciled and recorded (TRE102, TRE103)",
        )
