"""What every form says of the book, and what no workbook can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.execution import moves_estimate
from ledger.kinds import Effect, kinds_that
from ledger.problems import refusal
from ledger.programmes import ordered
from ledger.text import Text, composed, split_list
from reports.settlement.places import Places
from reports.sheets.amounts import too_long

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from ledger.facts import Facts

_ALLOTTING: Final = "allotment"
_INT64_IS_EXACT_BELOW: Final = 9e18
_UNFILLED: Final = "…. "  # what an unfilled name is made of
_PREPARER: Final = "người lập"
_ACCOUNTANTS: Final = ("kế toán", "phụ trách kế toán")
_HEADS: Final = (
    "thủ trưởng",
    "giám đốc",
    "tổng giám đốc",
    "chủ tịch",
    "cục trưởng",
    "chi cục trưởng",
    "viện trưởng",
    "hiệu trưởng",
    "chủ tài khoản",
)


class Signatory(NamedTuple):
    """Who signs: the title, and the name where the book gives one."""

    title: str
    name: str


class Head(NamedTuple):
    """What the title block and the notes say of the book."""

    programme: str
    title: str
    plan: str
    unit: str
    unit_code: str
    budget_level: str
    chapter: str
    treasury_office: str
    illustration: str
    signatories: tuple[Signatory, ...]
    budget_year: int
    last_entry: dt.date
    files: tuple[str, ...]
    errors: int

    @property
    def by_role(self) -> dict[str, str]:
        """The names of who prepares, keeps the accounts and heads the unit.

        The head is the first whose title says so; without such a title, the first who has none of
        the other two roles.
        """
        names: dict[str, str] = {}
        ordered = sorted(self.signatories, key=lambda one: not _starts(one.title, _HEADS))
        for one in ordered:
            names.setdefault(_role(one.title), one.name)
        return names


def _role(title: str) -> str:
    if _starts(title, (_PREPARER,)):
        return "preparer"
    return "accountant" if _starts(title, _ACCOUNTANTS) else "head"


def _starts(title: str, words: tuple[str, ...]) -> bool:
    return composed(title).lower().startswith(words)


def read_head(facts: Facts, budget_year: int, later: Facts | None = None) -> Head:
    """What the forms say of the book.

    Args:
        facts: as they stood on the day asked.
        budget_year: the year of the set.
        later: all of them, where the day may be before the year's first entry.

    Raises:
        BadInputError: the book has no such year, no programme or no allotment of it, or a sum
            is longer than a spreadsheet keeps exactly.
    """
    postings = facts["postings"]
    year = postings[(postings["budget_year"] == budget_year) & (postings["task"] != "")]
    books = facts.books
    every = postings if later is None else later["postings"]
    for book in books:
        own = (every["book"] == book, year["book"] == book)
        _require_year(every[own[0]], year[own[1]], budget_year, book if books[1:] else "")
    _require_exact_sums(year)
    heads = [_head(facts, budget_year, book) for book in books]
    return heads[0] if len(heads) == 1 else _head_of_several(heads)


def _head_of_several(heads: Sequence[Head]) -> Head:
    """What a consolidated set says: what the units say alike once, what differs side by side.

    Who signs it is of the superior unit, of whom no member's book tells.
    """
    levels = {one.budget_level for one in heads}
    return heads[0]._replace(
        programme=_side_by_side(one.programme for one in heads),
        title=_side_by_side(one.title for one in heads),
        plan=_side_by_side(one.plan for one in heads),
        unit="Tổng hợp: " + "; ".join(one.unit for one in heads),
        unit_code="",
        budget_level=heads[0].budget_level if len(levels) == 1 else "",
        chapter=_side_by_side(one.chapter for one in heads),
        treasury_office=_side_by_side(one.treasury_office for one in heads),
        illustration=_side_by_side(one.illustration for one in heads),
        signatories=(),
        files=tuple(file for one in heads for file in one.files),
        errors=sum(one.errors for one in heads),
        last_entry=max(one.last_entry for one in heads),
    )


def _side_by_side(values: Iterable[str]) -> str:
    """Each value once, in the order in which they come."""
    return "; ".join(dict.fromkeys(filter(None, values)))


def _require_year(
    postings: pd.DataFrame, year: pd.DataFrame, budget_year: int, member: str
) -> None:
    """Stop where one book has nothing to settle; ``member`` names it where there are several."""
    of_tasks = postings[postings["task"] != ""]
    if year.empty and (of_tasks["budget_year"] == budget_year).any():
        first = of_tasks.loc[of_tasks["budget_year"] == budget_year, "date"].min()
        raise refusal(
            Text(
                f"đến ngày đã nêu, sổ chưa có bút toán nào của niên độ {budget_year}",
                f"up to the day asked the book has no entry of year {budget_year}",
            ),
            Text(
                f"nêu ngày từ {first:%d/%m/%Y} trở đi: ngày của bút toán đầu tiên",
                f"name a day from {first:%Y-%m-%d} on, that of the first entry",
            ),
            file=member,
        )
    if year.empty:
        found = sorted(set(of_tasks["budget_year"].tolist()))
        known = ", ".join(map(str, found)) or "–"
        raise refusal(
            Text(f"sổ không có niên độ {budget_year}", f"the book has no year {budget_year}"),
            Text(f"các niên độ trong sổ: {known}", f"years in the book: {known}"),
            file=member,
        )
    by_decision = set(kinds_that(Effect.GIVES)).difference(kinds_that(Effect.ENDS))
    giving = year["kind"].isin(by_decision) & (year["amount"] > 0)
    if not (giving & moves_estimate(year)).any():
        raise refusal(
            Text(
                f"niên độ {budget_year} chưa có bút toán giao dự toán, không lập được quyết toán",
                f"year {budget_year} has no allotment, so there is nothing to settle",
            ),
            Text(
                f'ghi giao dự toán với kind: "{_ALLOTTING}" và budget-year: {budget_year}',
                f'record the allotment with kind: "{_ALLOTTING}" and budget-year: {budget_year}',
            ),
            file=member,
        )


def _require_exact_sums(year: pd.DataFrame) -> None:
    if float(year["amount"].abs().astype("float64").sum()) > _INT64_IS_EXACT_BELOW:
        raise too_long()


_WORDS: Final = (
    "plan",
    "title",
    "unit",
    "unit_code",
    "budget_level",
    "chapter",
    "treasury_office",
    "illustration",
)


def _head(facts: Facts, budget_year: int, book: str) -> Head:
    own = {
        name: frame[frame["book"] == book]
        for name, frame in facts.frames.items()
        if name in {"postings", "files", "book_errors"}
    }
    programme = programme_of(facts, book, budget_year)
    places = facts.derived(Places)
    words = {name: str(programme[name]) for name in _WORDS}
    return Head(
        programme=str(programme["code"]),
        signatories=read_signatories(str(programme["signatories"])),
        budget_year=budget_year,
        last_entry=_last_entry(own["postings"], budget_year),
        files=tuple(places.file(book, str(file)) for file in own["files"]["file"]),
        errors=len(own["book_errors"]),
        **words,
    )


def _last_entry(postings: pd.DataFrame, budget_year: int) -> dt.date:
    """The day of the last entry of the year; of entries of the next one a set tells nothing."""
    day: dt.date = postings.loc[postings["budget_year"] == budget_year, "date"].max().date()
    return day


def read_signatories(text: str) -> tuple[Signatory, ...]:
    """Who signs, from left to right: a list that ends with who prepared it is turned round.

    Forms have the preparer at the left and the head of the unit at the right.
    """
    parts = [item.partition(":") for item in split_list(text)]
    found = [Signatory(title.strip(), name.strip(_UNFILLED)) for title, _, name in parts]
    if found and found[-1].title.lower().startswith(_PREPARER):
        found.reverse()
    return tuple(found)


def programme_of(facts: Facts, book: str, budget_year: int) -> pd.Series:
    """The programme of the year; a book that declares only one means that one."""
    frame = ordered(facts)
    frame = frame[frame["book"] == book]
    chosen = frame if len(frame) == 1 else frame[frame["budget_year"] == budget_year]
    if len(chosen) == 1:
        return chosen.iloc[0]
    raise refusal(
        Text(
            f"sổ khai báo {len(chosen)} chương trình cho niên độ {budget_year}, cần đúng một",
            f"the book declares {len(chosen)} programmes for {budget_year}; one is needed",
        ),
        Text(
            f'khai báo một custom "programme" có budget-year: {budget_year}',
            f'declare one custom "programme" with budget-year: {budget_year}',
        ),
    )


def item_labels(accounts: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """Names of sub-items by expense account, and the first name of each sub-item."""
    own: dict[str, str] = {}
    common: dict[str, str] = {}
    columns = (accounts["account"].astype(str), accounts["label"].astype(str))
    for account, label in zip(*columns, strict=True):
        if account.startswith("Expenses:") and label:
            own[account] = name = _sub_item_name(account, label)
            common.setdefault(account.rsplit(":", 1)[-1], name)
    return own, common


def _sub_item_name(account: str, label: str) -> str:
    """A label without the task and fund before it: ``NV01, ngân sách thành phố: In tài liệu``."""
    before, parted, name = label.partition(": ")
    return name if parted and before.split(",")[0] in account.split(":") else label
