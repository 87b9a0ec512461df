"""What an import would add, as a table a person looks over before agreeing (xem trước)."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from rich.markup import escape
from rich.table import Table

from ledger.kinds import KINDS
from ledger.problems import show_path
from ledger.text import Text, dong, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from importers.draft import Draft, FileOutcome
    from importers.importing import Import
    from importers.source.places import Place
    from ledger.text import Language

_MOST_ROWS: Final = 40
_MOST_NAMED: Final = 8  # rows rejected for one reason
_QUERY: Final = (
    "SELECT DISTINCT date, narration, filename, entry_meta('lineno') AS line WHERE flag = '!'"
)
_LONGEST_SHEET: Final = 12  # letters of a sheet's name beside a row
_ROWS: Final = Text("dòng", "rows")
_FILES: Final = Text("tệp", "files")
_TELLING: Final = ("Expenses", "Income", "Assets:TamUng", "Equity:GiaoDuToan")
_ALLOTS: Final = ("allotment", "supplement")
_DATE: Final = Text("ngày", "date")
_COLUMNS: Final = (
    Text("dòng", "row"),
    _DATE,
    Text("loại nghiệp vụ", "kind"),
    Text("số tiền", "amount"),
    Text("tài khoản", "account"),
    Text("nội dung", "narration"),
    Text("chưa quyết / theo bút toán nào", "undecided / after which entry"),
)


def print_import(plan: Import, console: Console, language: Language, *, show_all: bool) -> None:
    """Print what each file would add, what is undecided, and the counts that add up."""
    for outcome in plan.outcomes:
        _print_outcome(outcome, console, language, show_all=show_all)
    found = _how_to_find(plan)
    if found:
        for line in found.to(language).splitlines():  # long, and copied: never cut into lines
            console.print(escape(printable(line)), soft_wrap=True)


def _print_outcome(
    outcome: FileOutcome, console: Console, language: Language, *, show_all: bool
) -> None:
    kind, knowledge = outcome.kind.to(language), outcome.knowledge.to(language)
    console.print(escape(printable(f"{show_path(outcome.file)}: {kind} ({knowledge})")))
    for note in outcome.notes:
        console.print(escape(printable(f"  {note.to(language)}")))
    shown = [draft for draft in outcome.drafts if draft.entry or draft.extra]
    if shown:
        console.print(_table(shown if show_all else shown[:_MOST_ROWS], language))
        if len(shown) > _MOST_ROWS and not show_all:
            left = len(shown) - _MOST_ROWS
            console.print(
                f"  … còn {left} dòng, in hết bằng --all"
                if language == "vi"
                else f"  … {left} more, print them with --all"
            )
    _print_counts(outcome, console, language, show_all=show_all)


def _table(drafts: list[Draft], language: Language) -> Table:
    table = Table(show_lines=False, pad_edge=False)
    for number, column in enumerate(_COLUMNS):
        table.add_column(column.to(language), justify="right" if number == 3 else "left")  # noqa: PLR2004  # the amounts
    for draft in drafts:
        for cells in (_cells(draft, language), *_parts(draft, language)):
            table.add_row(*(escape(printable(cell)) for cell in cells))
    return table


def _parts(draft: Draft, language: Language) -> Iterator[tuple[str, ...]]:
    """What an allotment gives to each task; the row above has its sum."""
    entry = draft.entry
    if entry is None or not str(entry.meta["kind"]).startswith(_ALLOTS):
        return
    for posting in entry.postings:
        if posting.account.startswith("Assets"):
            item = str(posting.meta.get("sub-item", ""))
            yield ("", "", "", dong(posting.amount, language), posting.account, item, "")


def _cells(draft: Draft, language: Language) -> tuple[str, ...]:
    row = draft.shown or _row(draft.place)
    open_points = ", ".join(dict.fromkeys(text.to(language) for text in draft.undecided))
    why = draft.why.to(language) if draft.why else ""
    remark = " | ".join(words for words in (open_points and f"! {open_points}", why) if words)
    entry = draft.entry
    if entry is None:
        return (row, "", "", "", "", "", remark)
    kind = KINDS[str(entry.meta["kind"])].label.to(language)
    total = sum(posting.amount for posting in entry.postings if posting.amount > 0)
    telling = next(
        (p for p in entry.postings if p.account.startswith(_TELLING)),
        entry.postings[0],
    )
    return (
        row, f"{entry.date:%d/%m/%Y}", kind, dong(total, language), telling.account,
        entry.narration[:60], remark,
    )  # fmt: skip


def _row(place: Place) -> str:
    """A row with its sheet; where a file is one row, the file's name."""
    if not place.row:
        return PurePath(place.sheet or place.file).name
    sheet = place.sheet
    if len(sheet) > _LONGEST_SHEET:  # the row number is what must stay in sight
        sheet = f"{sheet[: _LONGEST_SHEET - 1]}…"
    return f"{sheet}:{place.row}" if sheet else str(place.row)


def _counts(outcome: FileOutcome) -> Text:
    """Rows by what becomes of them; where entries are not one a row, how many they are."""
    drafted, met, rejected = outcome.counts()
    again = outcome.repeated
    vi, en = f"{drafted} bản nháp", f"{drafted} drafted"
    if outcome.entries != drafted:
        vi += f" ({outcome.entries} bút toán)"
        en += f" ({outcome.entries} entries)"
    vi += f" + {met - again} đã có trong sổ"
    en += f" + {met - again} in the book"
    if again:
        vi += f" + {again} trùng trong tệp nhập"
        en += f" + {again} repeated in what is imported"
    return Text(
        f"{outcome.read} dòng đọc được = {vi} + {rejected} không nhập",
        f"{outcome.read} rows read = {en} + {rejected} rejected",
    )


def _print_counts(
    outcome: FileOutcome, console: Console, language: Language, *, show_all: bool
) -> None:
    console.print(f"  {_counts(outcome).to(language)}")
    reasons = Counter(reject.reason for reject in outcome.rejects)
    for reason, count in reasons.most_common():
        rows = [_row(r.place) for r in outcome.rejects if r.reason == reason]
        rows = rows if show_all else rows[:_MOST_NAMED]
        dots = ", …" if count > len(rows) else ""
        word = (_ROWS if outcome.rejects[0].place.row else _FILES).to(language)
        console.print(
            escape(
                printable(f"    {count}: {reason.to(language)} ({word} {', '.join(rows)}{dots})")
            )
        )
    if waiting := _waiting(outcome):
        console.print(
            f"  {waiting} bút toán có dấu «!»: còn chỗ phải quyết"
            if language == "vi"
            else f"  {waiting} entries are flagged “!”: something is left to decide"
        )


def _waiting(outcome: FileOutcome) -> int:
    return sum(draft.entry is not None and draft.entry.flag == "!" for draft in outcome.drafts)


def _how_to_find(plan: Import) -> Text | None:
    """How many entries await a decision, and how they are found once they are in the book."""
    waiting = sum(map(_waiting, plan.outcomes))
    if not waiting:
        return None
    query = f'bean-query {show_path(str(plan.book))} "{_QUERY}"'
    return Text(
        f"{waiting} bút toán chờ quyết. Ghi rồi thì tìm lại bằng dấu «!» sau ngày (Fava: Nhật ký, "
        f"nút «!»), hoặc:\n  {query}\nQuyết xong thì đổi «!» thành «*».",
        f"{waiting} entries await a decision. Once written they are found by the “!” after their "
        f"day (Fava: Journal, button “!”), or by:\n  {query}\nOnce decided, make the “!” a “*”.",
    )
